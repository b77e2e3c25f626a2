#include "gateway/courier/stamp_trade.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/outbox/stamping.h"
#include "gateway/receipt/stamped.h"
#include "gateway/ticks/ticks.h"

#include <sys/random.h>

#define CLAIM_MEMORY ((size_t)32 * 1024 * 1024)

enum { STATUS_GOOD = 200, PAUSE_FIRST_MS = 5000, PAUSE_MAX_MS = 600000 };

/* One receipt that is being stamped. */
struct stamp_load {
    struct stamping       receipt;
    struct stamp_question question;
};

/* 5 s, 10 s, ... 10 min. */
static int64_t
pause_after(int attempts)
{
    int64_t pause = PAUSE_FIRST_MS;

    for (int i = 0; i < attempts && pause < PAUSE_MAX_MS; i++) {
        pause *= 2;
    }
    return pause < PAUSE_MAX_MS ? pause : PAUSE_MAX_MS;
}

static enum err
judge(struct trade_tools *tools, struct cargo *cargo, const struct carrier_answer *answer,
      struct stamp *out, struct fault *fault)
{
    const struct stamp_load *load = cargo->load;

    if (answer->status != STATUS_GOOD || !answer->whole) {
        return FAIL(fault, ERR_NETWORK, "the time-stamping authority: status %d, %s",
                    answer->status, answer->trouble == NULL ? "no answer" : answer->trouble);
    }
    TRY(stamp_take(cargo->arena, tools->stamp_trust, &load->question, answer->body, out, fault));
    instant apart = out->at - ticks_wall();
    instant skew = (instant)STAMP_TRADE_SKEW_SECONDS * INSTANT_PER_SECOND;
    if (apart > skew || apart < -skew) {
        return FAIL(fault, ERR_DENIED, "the clock of the time-stamping authority is %lld s apart",
                    (long long)(apart / INSTANT_PER_SECOND));
    }
    return ERR_OK;
}

static enum err
keep(struct trade_tools *tools, struct cargo *cargo, const struct stamp *stamp, struct fault *fault)
{
    const struct stamp_load *load = cargo->load;
    struct stamping_form     form = {.at = stamp->at};
    unsigned char            sha256[FINGERPRINT_SIZE];

    TRY(stamped_write(cargo->arena, load->receipt.receipt, stamp->token, &form.bytes, fault));
    TRY(fingerprint_of(form.bytes, sha256, fault));
    form.sha256 = fingerprint_str(sha256);
    return stamping_keep(tools->store, cargo->arena, load->receipt.number, &form, fault);
}

static void
stamp_gone(struct trade_tools *tools, const struct cargo *cargo)
{
    (void)cargo;
    ENSURE(tools->stamps_running > 0);
    tools->stamps_running--;
}

static enum err
stamp_ended(struct trade_tools *tools, struct cargo *cargo, const struct carrier_answer *answer,
            struct fault *fault)
{
    const struct stamp_load *load = cargo->load;
    struct stamp             stamp = {0};
    struct fault             why = {0};
    enum err                 got = judge(tools, cargo, answer, &stamp, &why);

    FAILPOINT_REACH(COURIER_STAMPED);
    if (got == ERR_OK) {
        tools->stamps_failing = false;
        metrics_add(METRIC_RECEIPTS_STAMPED, 1);
        return keep(tools, cargo, &stamp, fault);
    }
    tools->stamps_failing = true;
    metrics_add(METRIC_STAMP_FAILURES, 1);
    log_failure("stamp.failed", &why);
    return stamping_postpone(tools->store, cargo->arena, load->receipt.number,
                             trade_jitter(pause_after(load->receipt.attempts)), fault);
}

/* Everything that the exchange borrows lives in the cargo. */
static enum err
ask_for_one(struct trade_tools *tools, struct cargo *cargo, const void *row, struct fault *fault)
{
    const struct stamping *claimed = row;
    struct arena          *arena = cargo->arena;
    struct stamp_load     *load = ARENA_NEW(arena, struct stamp_load, 1);
    unsigned char          imprint[STAMPED_IMPRINT_SIZE];
    unsigned char          nonce[STAMP_NONCE_SIZE];
    struct str             url = str_copy(arena, tools->config->tsa_url);

    if (load == NULL || url.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a question for a time stamp");
    }
    load->receipt = (struct stamping){.number = str_copy(arena, claimed->number),
                                      .receipt = str_copy(arena, claimed->receipt),
                                      .attempts = claimed->attempts};
    if (load->receipt.number.data == NULL || load->receipt.receipt.data == NULL
        || getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce) {
        return FAIL(fault, ERR_MEMORY, "a question for a time stamp");
    }
    TRY(stamped_imprint(arena, claimed->receipt, imprint, fault));
    TRY(stamp_ask(arena, imprint, nonce, tools->stamp_trust, &load->question, fault));
    const struct carrier_request request = {
        .way = CARRIER_POST,
        .url = url.data,
        .headers = {"Content-Type: application/timestamp-query",
                    "Accept: application/timestamp-reply"},
        .body = load->question.der,
        .time_max_ms = STAMP_TRADE_MS,
        .answer_max = STAMP_ANSWER_MAX,
    };
    cargo->load = load;
    cargo->gone = stamp_gone;
    cargo->ended = stamp_ended;
    TRY(trade_carry(tools, cargo, &request, fault));
    tools->stamps_running++;
    return ERR_OK;
}

enum err
stamp_trade_claim(struct trade_tools *tools, size_t *begun, struct fault *fault)
{
    size_t           together = tools->stamps_failing ? 1 : STAMP_TRADE_TOGETHER;
    struct stamping *list = NULL;

    *begun = 0;
    if (tools->stamp_trust == NULL || tools->stamps_running >= together) {
        return ERR_OK;
    }
    struct arena *arena = arena_create(CLAIM_MEMORY);
    enum err got = stamping_claim(tools->store, arena, (int64_t)(together - tools->stamps_running),
                                  &list, begun, fault);
    if (got == ERR_OK) {
        const struct trade_claim claim = {
            .rows = list, .row_size = sizeof *list, .count = *begun, .send = ask_for_one};
        got = trade_send(tools, &claim, fault);
    }
    arena_destroy(arena);
    return got;
}
