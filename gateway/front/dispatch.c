#include "gateway/front/dispatch.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/front/inquiry.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"
#include "gateway/wire/filing.h"

#include <string.h>

enum {
    RESULT_SIZE_MAX = 64 * 1024 * 1024,
    ASK_AGAIN_US = 2 * INSTANT_PER_SECOND,
    ERRAND_CHECKS = 3, /* its own, that of the one before it, and a batch of filings */
    HANDED_MAX = 3,    /* workers that may die over one document before it is given up */
};

static enum queue_lane
lane_of(const struct request *request)
{
    return request->action.action == ROUTE_SUBMIT ? QUEUE_FILINGS : QUEUE_ERRANDS;
}

static void
count_queue(const struct exchange *exchange)
{
    metrics_set(METRIC_QUEUE, (int64_t)queue_count(exchange->queue));
}

static struct filing
compose(const struct request *request)
{
    static const enum filing_purpose purposes[] = {
        [ROUTE_SUBMIT] = FILING_SUBMIT,
        [ROUTE_VALIDATE] = FILING_VALIDATE,
        [ROUTE_VERIFY] = FILING_VERIFY_RECEIPT,
        [ROUTE_WITHDRAW] = FILING_WITHDRAW,
        [ROUTE_REASON] = FILING_REASON,
        [ROUTE_EXPLAIN] = FILING_EXPLAIN,
        [ROUTE_EXPLAIN_ALL] = FILING_EXPLAIN_ALL,
        [ROUTE_EXPLAIN_SET] = FILING_EXPLAIN,
        [ROUTE_EXPLAIN_SET_ALL] = FILING_EXPLAIN_ALL,
        [ROUTE_OBJECT] = FILING_OBJECT,
    };
    struct filing filing = {.handle = request->handle,
                            .purpose = purposes[request->action.action],
                            .id = request->submission,
                            .request = request->id,
                            .subject = request->access.subject,
                            .credential = request->access.credential,
                            .appointment = request->access.appointment,
                            .key = request->key,
                            .size = request->spool.size,
                            .first_byte = request->first_byte,
                            .last_byte = request->last_byte,
                            .strict = request->strict,
                            .objection = request->objection,
                            .objection_reason = request->objection_reason,
                            .about = request->about,
                            .set = request->set,
                            .report = (uint32_t)request->report,
                            .finding = request->finding,
                            .revision = (uint32_t)request->revision,
                            .partial = request->partial};

    memcpy(filing.sha256, request->spool.sha256, sizeof filing.sha256);
    return filing;
}

/* What a document takes of a worker's room. One over which a worker has died already goes alone, so
 * that nothing beside it is blamed for it. */
static size_t
weight_of(const struct exchange *exchange, const struct request *request)
{
    size_t whole = (size_t)exchange->config->batch_bytes_max;

    return request->handed > 0 && request->spool.size < whole ? whole : request->spool.size;
}

static bool
send_filing(struct exchange *exchange, struct request *request, unsigned slot)
{
    struct arena *scratch = arena_create(4 * (size_t)WIRE_BODY_MAX);
    struct buf    body = buf_create(scratch, WIRE_BODY_MAX);
    struct filing filing = compose(request);

    filing_encode(&body, &filing);
    ENSURE(buf_ok(&body));
    struct wire_message message = {
        WIRE_FILING, buf_str(&body), {request->spool.fd, -1}
    };
    bool sent = lane_of(request) == QUEUE_ERRANDS
                    ? peers_send_errand(&exchange->peers, slot, &message, request->handle)
                    : peers_send(&exchange->peers, PEER_WORKER, slot, &message,
                                 weight_of(exchange, request));
    arena_destroy(scratch);
    return sent;
}

/* A worker that can take this one; -1: none now. */
static int
choose(const struct exchange *exchange, const struct request *request)
{
    const struct config *config = exchange->config;

    if (lane_of(request) == QUEUE_ERRANDS) {
        return peers_choose_for_errand(&exchange->peers);
    }
    return peers_choose(&exchange->peers, PEER_WORKER, weight_of(exchange, request),
                        (size_t)config->batch_documents_max, (size_t)config->batch_bytes_max);
}

static void
run_lane(struct exchange *exchange, enum queue_lane lane)
{
    struct request *request = queue_next(exchange->queue, lane);

    while (request != NULL) {
        int slot = choose(exchange, request);
        if (slot < 0) {
            break;
        }
        if (send_filing(exchange, request, (unsigned)slot)) {
            queue_pop(exchange->queue, lane);
            request->peer = slot;
            request_enter(request, REQUEST_HANDED);
            FAILPOINT_REACH(FRONT_HANDED);
        }
        request = queue_next(exchange->queue, lane);
    }
}

void
dispatch_run(struct exchange *exchange)
{
    run_lane(exchange, QUEUE_FILINGS);
    run_lane(exchange, QUEUE_ERRANDS);
    count_queue(exchange);
}

void
dispatch_push(struct exchange *exchange, struct request *request)
{
    if ((int64_t)queue_count(exchange->queue) >= exchange->config->backlog_documents_max) {
        exchange_refuse(exchange, request, PROBLEM_OVERLOADED, (struct str){0});
        return;
    }
    request_enter(request, REQUEST_QUEUED);
    queue_push(exchange->queue, lane_of(request), request);
    dispatch_run(exchange);
}

/* The worker needs no more of us: the next one may come. */
static void
give_back(struct exchange *exchange, struct request *request)
{
    if (lane_of(request) == QUEUE_FILINGS) {
        peers_finished(&exchange->peers, PEER_WORKER, (unsigned)request->peer,
                       weight_of(exchange, request));
    }
    request->peer = REQUEST_NO_PEER;
    spool_drop(&request->spool);
}

/* Committed, or it was here before: wait for the decision as long as the client wants to. */
static void
admitted(struct exchange *exchange, struct request *request, bool decided)
{
    if (request->connection == NULL) {
        request_enter(request, REQUEST_ANSWERED); /* nobody waits; it is safe */
        exchange_settle(exchange, request);
        return;
    }
    int64_t now = ticks_steady();
    request->deadline = now + request->wait;
    if (decided || request->wait == 0) {
        request->deadline = now;
        inquiry_ask_answer(exchange, request);
        return;
    }
    request_enter(request, REQUEST_WAITING);
    request->ask_next = now + ASK_AGAIN_US;
}

static void
refused(struct exchange *exchange, struct request *request, enum problem problem)
{
    exchange_refuse(exchange, request, problem, (struct str){0});
    exchange_settle(exchange, request);
}

/* The credential, or the appointment, that was good when it came in has ended meanwhile. */
static void
refused_ended(struct exchange *exchange, struct request *request, enum problem problem)
{
    bool is_person = access_is_person(&request->access);

    exchange_refuse(exchange, request, is_person ? PROBLEM_NO_SESSION : problem,
                    is_person ? STR("Brama nie przyjęła tego pliku: nie ma on daty wpływu. "
                                    "Powołanie, w którym działasz, już się skończyło; zaloguj się "
                                    "ponownie i złóż plik w innym.")
                              : STR("Brama nie przyjęła tego pliku: nie ma on daty wpływu. Złóż go "
                                    "jeszcze raz z ważnym tokenem albo certyfikatem."));
    exchange_settle(exchange, request);
}

static void
answer_result(struct exchange *exchange, struct request *request, const struct filing_news *news,
              const struct wire_message *message)
{
    struct fault  fault = {0};
    struct answer answer = {.status = news->status, .content_type = STR("application/json")};

    if (news->status < 200 || news->status > 599
        || blob_map(request->arena, message->fds[0], RESULT_SIZE_MAX, &answer.body, &fault)
               != ERR_OK) {
        log_failure("front.result_refused", &fault);
        refused(exchange, request, PROBLEM_INTERNAL);
        return;
    }
    if (news->status >= 400) {
        answer.content_type = STR("application/problem+json");
    }
    if (news->revision > 0) {
        answer.headers = str_format(request->arena, "ETag: \"%u\"\r\n", (unsigned)news->revision);
    }
    request->answer = answer;
    request_enter(request, REQUEST_ANSWERED);
    exchange_settle(exchange, request);
}

static void
repeated(struct exchange *exchange, struct request *request, const struct filing_news *news)
{
    request->submission = news->id;
    request->repeat = true;
    request->key_repeat = news->by_key;
    admitted(exchange, request, news->decided);
}

/* News of a document that we handed over and heard nothing of yet. */
static void
hear(struct exchange *exchange, struct request *request, const struct filing_news *news,
     const struct wire_message *message)
{
    give_back(exchange, request);
    switch (news->kind) {
    case FILING_ADMITTED:
        admitted(exchange, request, false);
        return;
    case FILING_DECIDED:
        admitted(exchange, request, true);
        return;
    case FILING_REPEAT:
        repeated(exchange, request, news);
        return;
    case FILING_KEY_REUSED:
        refused(exchange, request, PROBLEM_KEY_REUSED);
        return;
    case FILING_EXPIRED:
        refused_ended(exchange, request, PROBLEM_EXPIRED_CREDENTIAL);
        return;
    case FILING_REVOKED:
        refused_ended(exchange, request, PROBLEM_REVOKED_CREDENTIAL);
        return;
    case FILING_RESULT:
        answer_result(exchange, request, news, message);
        return;
    case FILING_BUSY:
        refused(exchange, request, PROBLEM_OVERLOADED);
        return;
    case FILING_FAILED:
        refused(exchange, request, PROBLEM_INTERNAL);
        return;
    }
    refused(exchange, request, PROBLEM_INTERNAL);
}

bool
dispatch_take(struct exchange *exchange, unsigned slot, struct wire_message *message)
{
    struct filing_news news = {0};

    if (!filing_news_decode(message->body, &news)) {
        return false;
    }
    peers_finished_errand(&exchange->peers, slot, news.handle); /* there is one news of an errand */
    struct request *request = requests_find(&exchange->requests, news.handle);
    if (request != NULL && request->phase == REQUEST_HANDED && request->peer == (int)slot) {
        hear(exchange, request, &news, message);
    }
    if (news.kind == FILING_DECIDED) {
        exchange_news(exchange, news.id);
    }
    dispatch_run(exchange);
    return true;
}

bool
dispatch_is_late(const struct exchange *exchange, const struct request *request, int64_t now)
{
    int64_t patience_ms = ERRAND_CHECKS * exchange->config->checker_deadline_ms;

    return request->phase == REQUEST_HANDED && lane_of(request) == QUEUE_ERRANDS
           && now - request->since > patience_ms * TICKS_PER_MS;
}

/* It has killed, or was unlucky, often enough: whoever filed it is told, and so is the operator. */
static void
give_up(struct exchange *exchange, struct request *request)
{
    log_begin(LOG_ERROR, "front.document_given_up");
    log_uuid("request", request->id);
    log_uuid("submission", request->submission);
    log_number("workers", request->handed);
    log_end();
    metrics_add(METRIC_DOCUMENTS_GIVEN_UP, 1);
    exchange_refuse(
        exchange, request, PROBLEM_INTERNAL,
        STR("Przy tym pliku trzy razy przerwała się praca bramy, zanim potwierdziła, że go "
            "zapisała. Operator bramy o tym wie. Sprawdź na liście swoich złożeń, czy ten "
            "plik tam jest; jeśli nie, nie ma on daty wpływu: wyślij go jeszcze raz z tym "
            "samym Idempotency-Key, a gdy to się powtórzy, podaj operatorowi identyfikator "
            "żądania."));
    exchange_settle(exchange, request);
}

static void
hand_on(struct exchange *exchange, struct request *request)
{
    request->peer = REQUEST_NO_PEER;
    request->handed++;
    if (request->handed >= HANDED_MAX) {
        give_up(exchange, request);
        return;
    }
    request_enter(request, REQUEST_QUEUED);
    queue_push_again(exchange->queue, lane_of(request), request);
}

void
dispatch_lost(struct exchange *exchange, unsigned slot)
{
    peers_remove(&exchange->peers, PEER_WORKER, slot);
    for (size_t i = 0; i < exchange->requests.top; i++) {
        struct request *request = exchange->requests.items[i];
        if (request != NULL && request->phase == REQUEST_HANDED && request->peer == (int)slot) {
            hand_on(exchange, request);
        }
    }
    dispatch_run(exchange);
}
