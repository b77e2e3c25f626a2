#include "gateway/courier/webhook_trade.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/outbox/delivery.h"
#include "gateway/ticks/ticks.h"

#define CLAIM_MEMORY ((size_t)4 * 1024 * 1024)

enum { STATUS_GOOD = 200, STATUS_GOOD_END = 300, STATUS_GONE = 410, ROOM_KEPT = 12 };

/* The endpoints that are told enough at present. */
static size_t
busy_ones(const struct trade_tools *tools, int64_t *busy)
{
    size_t count = 0;

    for (size_t i = 0; i < tools->told_count; i++) {
        size_t running = 0;
        for (size_t j = 0; j <= i; j++) {
            running += tools->told[j] == tools->told[i] ? 1 : 0;
        }
        if (running == WEBHOOK_TRADE_TOGETHER) {
            busy[count++] = tools->told[i];
        }
    }
    return count;
}

static void
forget_told(struct trade_tools *tools, int64_t endpoint)
{
    for (size_t i = 0; i < tools->told_count; i++) {
        if (tools->told[i] == endpoint) {
            tools->told[i] = tools->told[--tools->told_count];
            return;
        }
    }
}

static void
webhook_gone(struct trade_tools *tools, const struct cargo *cargo)
{
    const struct delivery *delivery = cargo->load;

    forget_told(tools, delivery->endpoint);
}

static void
judge(const struct carrier_answer *answer, struct arena *arena, struct delivery_attempt *out)
{
    int status = answer->status;

    out->status = status;
    out->ms = answer->ms;
    out->end = DELIVERY_LATER;
    out->reason = STR("nie odebrał wiadomości mimo wszystkich prób");
    if (status >= STATUS_GOOD && status < STATUS_GOOD_END) {
        out->end = DELIVERY_DONE;
        out->outcome = STR("odebrana");
        metrics_add(METRIC_WEBHOOKS_DELIVERED, 1);
    } else if (status != 0) {
        out->end = status == STATUS_GONE ? DELIVERY_GONE : DELIVERY_LATER;
        out->outcome = str_format(arena, "serwer odpowiedział kodem %d", status);
        out->reason = status == STATUS_GONE
                          ? STR("odpowiedział kodem 410: nie chce więcej wiadomości")
                          : out->reason;
        metrics_add(METRIC_WEBHOOKS_REFUSED, 1);
    } else {
        out->outcome = str_of(answer->trouble);
        metrics_add(METRIC_WEBHOOKS_UNANSWERED, 1);
    }
}

static enum err
webhook_ended(struct trade_tools *tools, struct cargo *cargo, const struct carrier_answer *answer,
              struct fault *fault)
{
    const struct delivery  *delivery = cargo->load;
    struct delivery_attempt attempt = {0};
    bool                    disabled = false;

    judge(answer, cargo->arena, &attempt);
    attempt.pause_ms = trade_jitter(delivery_pause_ms(delivery->attempts + 1));
    FAILPOINT_REACH(COURIER_ANSWERED);
    TRY(delivery_record(tools->store, cargo->arena, delivery, &attempt, &disabled, fault));
    if (disabled) {
        metrics_add(METRIC_ENDPOINTS_DISABLED, 1);
        log_begin(LOG_WARNING, "webhook.disabled");
        log_number("endpoint", delivery->endpoint);
        log_number("status", attempt.status);
        log_end();
    }
    return ERR_OK;
}

/* Everything that the exchange borrows lives in the cargo. */
static enum err
send_one(struct trade_tools *tools, struct cargo *cargo, const void *row, struct fault *fault)
{
    const struct delivery *claimed = row;
    struct arena          *arena = cargo->arena;
    struct delivery       *delivery = ARENA_NEW(arena, struct delivery, 1);
    int64_t                at = ticks_wall() / INSTANT_PER_SECOND;
    struct str             signature = {0};

    if (delivery == NULL) {
        return FAIL(fault, ERR_MEMORY, "a webhook");
    }
    *delivery = *claimed;
    delivery->body = str_copy(arena, claimed->body);
    delivery->url = str_copy(arena, claimed->url);
    const struct webhook_message message = {
        .id = claimed->webhook_id,
        .at = at,
        .body = claimed->body,
        .secrets = {claimed->secrets[0], claimed->secrets[1]},
    };
    TRY(webhook_sign(arena, tools->webhook_key, &message, &signature, fault));
    const struct carrier_request request = {
        .way = CARRIER_WEBHOOK,
        .url = delivery->url.data,
        .body = delivery->body,
        .headers = {"Content-Type: application/json",
                    str_format(arena, "webhook-id: %.*s", STR_ARG(claimed->webhook_id)).data,
                    str_format(arena, "webhook-timestamp: %lld", (long long)at).data,
                    str_format(arena, "webhook-signature: %.*s", STR_ARG(signature)).data},
        .time_max_ms = WEBHOOK_TRADE_MS,
        .answer_max = WEBHOOK_TRADE_ANSWER_MAX,
    };
    if (delivery->url.data == NULL || delivery->body.data == NULL || request.headers[1] == NULL
        || request.headers[2] == NULL || request.headers[3] == NULL) {
        return FAIL(fault, ERR_MEMORY, "a webhook");
    }
    cargo->load = delivery;
    cargo->gone = webhook_gone;
    cargo->ended = webhook_ended;
    ENSURE(tools->told_count < ARRAY_COUNT(tools->told));
    TRY(trade_carry(tools, cargo, &request, fault));
    tools->told[tools->told_count++] = claimed->endpoint;
    return ERR_OK;
}

enum err
webhook_trade_claim(struct trade_tools *tools, size_t *begun, struct fault *fault)
{
    size_t           running = carrier_running(tools->carrier);
    struct delivery *list = NULL;
    int64_t          busy[CARRIER_RUNNING_MAX];

    *begun = 0;
    if (tools->webhook_key == NULL || running + ROOM_KEPT >= CARRIER_RUNNING_MAX) {
        return ERR_OK; /* the other trades have room of their own */
    }
    struct arena              *arena = arena_create(CLAIM_MEMORY);
    const struct delivery_wish wish = {
        .count_max = (int64_t)(CARRIER_RUNNING_MAX - ROOM_KEPT - running),
        .busy = busy,
        .busy_count = busy_ones(tools, busy),
    };
    enum err got = delivery_claim(tools->store, arena, &wish, &list, begun, fault);
    if (got == ERR_OK) {
        FAILPOINT_REACH(COURIER_CLAIMED);
        const struct trade_claim claim = {
            .rows = list, .row_size = sizeof *list, .count = *begun, .send = send_one};
        got = trade_send(tools, &claim, fault);
    }
    arena_destroy(arena);
    return got;
}
