#include "gateway/front/exchange.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/front/body.h"
#include "gateway/front/dispatch.h"
#include "gateway/front/gate.h"
#include "gateway/front/inquiry.h"
#include "gateway/front/petitioner.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"

#include <sys/epoll.h>
#include <unistd.h>

enum {
    MESSAGES_AT_ONCE = 64, /* of one peer, before others have their turn */
    SCRATCH_SIZE = 128 * 1024,
    ANSWER_US = 20 * INSTANT_PER_SECOND, /* a reader that says nothing, a queue that stands */
};

enum err
exchange_create(struct role_context *context, int epoll, struct exchange *out, struct fault *fault)
{
    const struct config *config = context->config;
    /* Those who have left while their submission goes on need room beside those connected. */
    size_t          capacity = 2 * (size_t)config->connections_max;
    struct exchange exchange = {.config = config,
                                .queue = queue_create(context->arena, capacity),
                                .cache = access_cache_create(context->arena),
                                .peers = peers_create(epoll),
                                .budget = {.size_max = config->spool_bytes_max}};

    TRY(requests_create(context->arena, capacity, &exchange.requests, fault));
    if (exchange.queue == NULL || exchange.cache == NULL) {
        return FAIL(fault, ERR_MEMORY, "queue for %zu requests", capacity);
    }
    *out = exchange;
    return ERR_OK;
}

void
exchange_refuse(struct exchange *exchange, struct request *request, enum problem problem,
                struct str detail)
{
    request_refuse(request, problem, exchange->config->public_url, detail);
}

static void
end_request(struct exchange *exchange, struct request *request)
{
    spool_drop(&request->spool); /* while its sender's share still stands */
    queue_dismiss(exchange->queue, request);
    requests_remove(&exchange->requests, request);
    metrics_set(METRIC_SPOOL_BYTES, exchange->budget.used);
}

void
exchange_settle(struct exchange *exchange, struct request *request)
{
    if (request->phase == REQUEST_ANSWERED) {
        spool_drop(&request->spool);
        metrics_set(METRIC_SPOOL_BYTES, exchange->budget.used);
    }
    if (request->connection == NULL && request->phase == REQUEST_ANSWERED) {
        end_request(exchange, request);
        return;
    }
    if (request->phase == REQUEST_ANSWERED || request->phase == REQUEST_BODY) {
        exchange->woken = true;
        exchange->wake(request);
    }
}

void
exchange_begin(struct exchange *exchange, struct request *request)
{
    gate_enter(exchange, request);
}

void
exchange_complete(struct exchange *exchange, struct request *request)
{
    int64_t now = ticks_steady();

    if (request->action.action == ROUTE_READ) {
        request->deadline = now + request->wait;
        inquiry_ask_answer(exchange, request);
        return;
    }
    if (request->action.action == ROUTE_DESK) {
        petitioner_ask(exchange, request);
        return;
    }
    if (request->action.action == ROUTE_WITHDRAW) {
        body_take(exchange, request, STR("{}")); /* a change that has nothing more to say */
        if (request->phase == REQUEST_ANSWERED) {
            return;
        }
    }
    request->last_byte = ticks_wall();
    if (request->last_byte < request->first_byte) {
        request->last_byte = request->first_byte; /* the clock was set back meanwhile */
    }
    if (body_finish(exchange, request)) {
        FAILPOINT_REACH(FRONT_TAKEN);
        dispatch_push(exchange, request);
    }
}

void
exchange_leave(struct exchange *exchange, struct request *request)
{
    request->connection = NULL;
    request->suspended = false;
    bool waits_in_line = request->phase == REQUEST_QUEUED;
    if (request->phase == REQUEST_HANDED
        || (waits_in_line && request->action.action == ROUTE_SUBMIT)) {
        return; /* it is whole: it goes on */
    }
    if (waits_in_line) {
        queue_remove(exchange->queue, request);
    }
    inquiry_forget(exchange, request);
    end_request(exchange, request);
}

void
exchange_news(struct exchange *exchange, struct uuid submission)
{
    for (size_t i = 0; i < exchange->requests.top; i++) {
        struct request *request = exchange->requests.items[i];
        if (request == NULL) {
            continue;
        }
        bool same = uuid_equal(request->submission, submission);
        if (request->phase == REQUEST_WAITING && same) {
            inquiry_ask_answer(exchange, request);
        } else if (request->phase == REQUEST_ASKING && (same || uuid_is_nil(request->submission))) {
            request->woken = true;
        }
    }
}

enum err
exchange_link(struct exchange *exchange, const struct link *link, int end, struct fault *fault)
{
    bool known = link->peer == ROLE_WORKER || link->peer == ROLE_READER || link->peer == ROLE_DESK;

    if (!known || link->slot >= LINK_SLOTS_MAX) {
        (void)close(end); /* nobody that we speak with */
        return FAIL(fault, ERR_WIRE, "a link to %s %u", role_kind_name(link->peer), link->slot);
    }
    if (link->peer == ROLE_WORKER) {
        dispatch_lost(exchange, link->slot);
        TRY(peers_add(&exchange->peers, PEER_WORKER, link->slot, end, fault));
        dispatch_run(exchange);
        return ERR_OK;
    }
    if (link->peer == ROLE_DESK) {
        petitioner_lost(exchange, link->slot);
        return peers_add(&exchange->peers, PEER_DESK, link->slot, end, fault);
    }
    inquiry_lost(exchange, link->slot);
    TRY(peers_add(&exchange->peers, PEER_READER, link->slot, end, fault));
    inquiry_run(exchange);
    return ERR_OK;
}

static void
lose(struct exchange *exchange, enum peer_kind kind, unsigned slot)
{
    if (kind == PEER_WORKER) {
        dispatch_lost(exchange, slot);
    } else if (kind == PEER_DESK) {
        petitioner_lost(exchange, slot);
    } else {
        inquiry_lost(exchange, slot);
    }
}

/* False: it is nothing that such a peer says, or cannot be read. */
static bool
take(struct exchange *exchange, enum peer_kind kind, unsigned slot, struct arena *scratch,
     struct wire_message *message)
{
    if (message->kind != (kind == PEER_WORKER ? WIRE_NEWS : WIRE_REPLY)) {
        return false;
    }
    if (kind == PEER_WORKER) {
        return dispatch_take(exchange, slot, message);
    }
    return kind == PEER_DESK ? petitioner_take(exchange, slot, scratch, message)
                             : inquiry_take(exchange, slot, scratch, message);
}

/* One message; false when there is none (more). */
static bool
hear_one(struct exchange *exchange, enum peer_kind kind, unsigned slot)
{
    struct arena       *scratch = arena_create(SCRATCH_SIZE);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    struct fault  fault = {0};
    enum err      result =
        wire_receive(scratch, exchange->peers.items[kind][slot].fd, &message, &got, &fault);

    if (result == ERR_PEER) {
        got = WIRE_GOT_END;
    } else if (result == ERR_OK && got == WIRE_GOT_MESSAGE
               && !take(exchange, kind, slot, scratch, &message)) {
        result = FAIL(&fault, ERR_WIRE, "a message of kind %d that cannot be read",
                      (int)message.kind); /* somebody would wait for it for ever */
    }
    if (result != ERR_OK && result != ERR_PEER) {
        log_failure("front.peer_refused", &fault);
        exchange->broken = fault; /* its link would never be made again */
    }
    wire_dispose(&message);
    arena_destroy(scratch);
    if (got == WIRE_GOT_END) {
        lose(exchange, kind, slot);
    }
    return result == ERR_OK && got == WIRE_GOT_MESSAGE;
}

void
exchange_event(struct exchange *exchange, enum peer_kind kind, unsigned slot, unsigned events)
{
    if (exchange->peers.items[kind][slot].fd < 0) {
        return;
    }
    if ((events & EPOLLOUT) != 0) {
        peers_unblock(&exchange->peers, kind, slot);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        for (size_t i = 0; i < MESSAGES_AT_ONCE && hear_one(exchange, kind, slot); i++) {
        }
    }
    inquiry_run(exchange);
    dispatch_run(exchange);
}

static void
give_up(struct exchange *exchange, struct request *request, enum problem problem)
{
    if (request->phase == REQUEST_QUEUED) {
        queue_remove(exchange->queue, request);
    }
    inquiry_forget(exchange, request);
    request->asked = false;
    exchange_refuse(exchange, request, problem, (struct str){0});
    exchange_settle(exchange, request);
}

static void
tick_request(struct exchange *exchange, struct request *request, int64_t now)
{
    switch (request->phase) {
    case REQUEST_BODY:
    case REQUEST_ANSWERED:
        exchange->cut(exchange, request); /* it knows whether there is something to cut */
        return;
    case REQUEST_IDENTIFIED:
    case REQUEST_QUEUED: /* a submission whose client has left waits for as long as it takes */
        if (request->connection != NULL && now - request->since > ANSWER_US) {
            give_up(exchange, request, PROBLEM_UNAVAILABLE);
        }
        return;
    case REQUEST_ASKING:
        if (now - request->since > ANSWER_US) {
            give_up(exchange, request, PROBLEM_GATEWAY_TIMEOUT);
        }
        return;
    case REQUEST_WAITING:
        if (now >= request->deadline || now >= request->ask_next) {
            inquiry_ask_answer(exchange, request);
        }
        return;
    case REQUEST_HANDED: /* the worker of a submission answers or dies */
        if (dispatch_is_late(exchange, request, now)) {
            give_up(exchange, request, PROBLEM_UNAVAILABLE);
        }
        return;
    case REQUEST_HEAD:
        return;
    }
}

void
exchange_tick(struct exchange *exchange)
{
    int64_t now = ticks_steady();

    for (size_t i = 0; i < exchange->requests.top; i++) {
        if (exchange->requests.items[i] != NULL) {
            tick_request(exchange, exchange->requests.items[i], now);
        }
    }
}

void
exchange_hurry(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->requests.top; i++) {
        struct request *request = exchange->requests.items[i];
        if (request != NULL) {
            request->deadline = 0;
            request->wait = 0;
        }
    }
}

void
exchange_refuse_all(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->requests.top; i++) {
        struct request *request = exchange->requests.items[i];
        if (request != NULL && request->suspended) {
            give_up(exchange, request, PROBLEM_UNAVAILABLE);
        }
    }
}

void
exchange_close(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->requests.top; i++) {
        if (exchange->requests.items[i] != NULL) {
            end_request(exchange, exchange->requests.items[i]);
        }
    }
    for (unsigned slot = 0; slot < LINK_SLOTS_MAX; slot++) {
        peers_remove(&exchange->peers, PEER_WORKER, slot);
        peers_remove(&exchange->peers, PEER_READER, slot);
        peers_remove(&exchange->peers, PEER_DESK, slot);
    }
}
