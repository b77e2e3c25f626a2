#include "gateway/front/body.h"

#include "gateway/front/amendment.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/petition.h"

#include <string.h>

enum {
    VERIFICATION_SIZE_MAX = 8 * 1024 * 1024,
    PUBLIC_PART = 16,    /* of the spool, for all without a credential together */
    CREDENTIAL_PART = 4, /* for one credential */
    GRACE_IDLES = 2,     /* a body may begin as slowly as this many pauses */
    BYTES_PER_SECOND_MIN = 16 * 1024,
};

static size_t
size_max_of(const struct exchange *exchange, const struct request *request)
{
    size_t size_max = (size_t)exchange->config->body_bytes_max;

    if (request->action.action == ROUTE_DESK) {
        return PETITION_BODY_MAX;
    }
    if (amendment_is_one(request)) {
        return amendment_size_max(request);
    }
    if (request->action.action == ROUTE_VERIFY && size_max > VERIFICATION_SIZE_MAX) {
        return VERIFICATION_SIZE_MAX;
    }
    return size_max;
}

/* So much may one sender have on its way at once, yet one whole file always. */
static struct spool_budget *
share_of(struct exchange *exchange, struct request *request)
{
    const struct config *config = exchange->config;
    bool                 anonymous = request->action.access == ROUTE_PUBLIC;
    int64_t size_max = config->spool_bytes_max / (anonymous ? PUBLIC_PART : CREDENTIAL_PART);

    if (size_max < config->body_bytes_max) {
        size_max = config->body_bytes_max;
    }
    return queue_share(request, &exchange->budget, size_max);
}

static void
refuse_share(struct exchange *exchange, struct request *request)
{
    if (request->action.access == ROUTE_PUBLIC) {
        exchange_refuse(exchange, request, PROBLEM_OVERLOADED, (struct str){0});
        return;
    }
    exchange_refuse(exchange, request, PROBLEM_TOO_MANY,
                    STR("Poczekaj na odpowiedzi na wcześniejsze pliki."));
}

static void
refuse_spool(struct exchange *exchange, struct request *request, enum spool_result result,
             const struct fault *fault)
{
    switch (result) {
    case SPOOL_TOO_LARGE:
        exchange_refuse(exchange, request, PROBLEM_TOO_LARGE,
                        str_format(request->arena, "Plik może mieć najwyżej %zu bajtów.",
                                   size_max_of(exchange, request)));
        break;
    case SPOOL_NO_ROOM:
        exchange_refuse(exchange, request, PROBLEM_OVERLOADED, (struct str){0});
        break;
    case SPOOL_NO_SHARE:
        refuse_share(exchange, request);
        break;
    case SPOOL_BAD_GZIP:
        exchange_refuse(exchange, request, PROBLEM_BAD_GZIP, (struct str){0});
        break;
    case SPOOL_OK:
    case SPOOL_FAILED:
        log_failure("front.spool", fault);
        exchange_refuse(exchange, request, PROBLEM_UNAVAILABLE, (struct str){0});
        break;
    }
    spool_drop(&request->spool);
}

void
body_take(struct exchange *exchange, struct request *request, struct str bytes)
{
    struct fault      fault = {0};
    enum spool_result result = SPOOL_OK;

    request->active = ticks_steady();
    if (!request->spooled) {
        request->first_byte = ticks_wall();
        result = spool_open(&request->spool, request->arena, share_of(exchange, request),
                            size_max_of(exchange, request), request->gzip, &fault);
        request->spooled = result == SPOOL_OK;
    }
    if (result == SPOOL_OK) {
        result = spool_take(&request->spool, bytes, &fault);
    }
    if (result != SPOOL_OK) {
        refuse_spool(exchange, request, result, &fault);
    }
    metrics_add(METRIC_BODY_BYTES, (int64_t)bytes.size);
    metrics_set(METRIC_SPOOL_BYTES, exchange->budget.used);
}

bool
body_finish(struct exchange *exchange, struct request *request)
{
    struct fault      fault = {0};
    enum spool_result result = SPOOL_OK;

    if (request->spooled) {
        result = spool_finish(&request->spool, &fault);
    }
    if (result != SPOOL_OK) {
        refuse_spool(exchange, request, result, &fault);
        return false;
    }
    if (!request->spooled || request->spool.size == 0) {
        exchange_refuse(exchange, request, PROBLEM_EMPTY_BODY, (struct str){0});
        return false;
    }
    if (request->digest_given
        && memcmp(request->digest, request->spool.sha256, SPOOL_DIGEST_SIZE) != 0) {
        exchange_refuse(exchange, request, PROBLEM_DIGEST_MISMATCH,
                        STR("Wyślij plik jeszcze raz; nic nie zapisano."));
        return false;
    }
    return true;
}

bool
body_is_late(const struct exchange *exchange, const struct request *request, int64_t now)
{
    int64_t idle_us = exchange->config->body_idle_seconds * INSTANT_PER_SECOND;
    int64_t received = request->spooled ? (int64_t)request->spool.received : 0;
    int64_t most_us = GRACE_IDLES * idle_us + received * INSTANT_PER_SECOND / BYTES_PER_SECOND_MIN;

    return now - request->active > idle_us || now - request->since > most_us;
}
