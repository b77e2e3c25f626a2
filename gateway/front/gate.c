#include "gateway/front/gate.h"

#include "gateway/front/inquiry.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"

#include <string.h>

static const struct {
    enum problem problem;
    const char  *detail;
} refusals[] = {
    [ACCESS_UNKNOWN] = {PROBLEM_UNKNOWN_CREDENTIAL,
                        "Sprawdź, czy token skopiowano w całości i czy jest z tego środowiska."},
    [ACCESS_EXPIRED] = {PROBLEM_EXPIRED_CREDENTIAL, "Administrator jednostki może wydać nowe."   },
    [ACCESS_REVOKED] = {PROBLEM_REVOKED_CREDENTIAL,
                        "Zapytaj administratora jednostki, dlaczego je odwołano."                 },
};

static bool
has_scope(const struct request *request)
{
    switch (request->action.access) {
    case ROUTE_READING:
        return request->access.may_read;
    case ROUTE_SUBMITTING:
        return request->access.may_submit;
    case ROUTE_PUBLIC:
    case ROUTE_KNOWN:
        return true;
    }
    return false;
}

/*
 * What a worker would refuse is refused before its body is sent. The gauges are theirs; a disk with
 * nothing left and one that nobody has looked at yet are 0 alike, and left for the worker to judge.
 */
static bool
is_refusing(const struct config *config)
{
    int64_t left = metrics_get(METRIC_DISK_FREE_BYTES);

    return (left > 0 && left < config->disk_reserve_bytes)
           || metrics_get(METRIC_BACKLOG) > config->backlog_refuse_max;
}

/* Who posts without a credential takes no turn of those who read without one. */
static int64_t
sender_of(const struct request *request)
{
    if (request->action.access == ROUTE_PUBLIC) {
        return request->action.action == ROUTE_READ ? QUEUE_PUBLIC_READING : QUEUE_PUBLIC_POSTING;
    }
    return request->access.credential;
}

static void
come_in(struct exchange *exchange, struct request *request)
{
    if (request->action.action == ROUTE_SUBMIT && is_refusing(exchange->config)) {
        exchange_refuse(exchange, request, PROBLEM_OVERLOADED, (struct str){0});
        return;
    }
    if (!queue_admit(exchange->queue, request, sender_of(request), EXCHANGE_IN_FLIGHT_MAX)) {
        exchange_refuse(exchange, request, PROBLEM_TOO_MANY,
                        STR("Poczekaj na odpowiedzi na wcześniejsze żądania."));
        return;
    }
    request_enter(request, REQUEST_BODY);
}

void
gate_judge(struct exchange *exchange, struct request *request, const struct reply *who)
{
    if (who->access_fault != ACCESS_GRANTED) {
        size_t fault = who->access_fault < ARRAY_COUNT(refusals) ? (size_t)who->access_fault
                                                                 : (size_t)ACCESS_UNKNOWN;
        exchange_refuse(exchange, request, refusals[fault].problem, str_of(refusals[fault].detail));
        return;
    }
    request->access = who->access;
    request->access.name =
        (struct str){0}; /* they live in the message, and nobody here needs them */
    request->access.regon = (struct str){0};
    if (!has_scope(request)) {
        exchange_refuse(exchange, request, PROBLEM_NO_SCOPE,
                        STR("Poproś administratora jednostki o poświadczenie z tym uprawnieniem."));
        return;
    }
    come_in(exchange, request);
}

void
gate_enter(struct exchange *exchange, struct request *request)
{
    static const unsigned char nothing[QUESTION_DIGEST_SIZE] = {0};
    struct reply               who = {0};

    if (request->action.access == ROUTE_PUBLIC) {
        come_in(exchange, request);
        return;
    }
    if (memcmp(request->shown, nothing, sizeof nothing) == 0) {
        exchange_refuse(exchange, request, PROBLEM_NO_CREDENTIAL,
                        STR("Podaj nagłówek Authorization: Bearer z tokenem albo połącz się z "
                            "certyfikatem klienta."));
        return;
    }
    if (access_cache_find(exchange->cache, request->shown, ticks_steady(), &who)) {
        gate_judge(exchange, request, &who);
        return;
    }
    request_enter(request, REQUEST_IDENTIFIED);
    inquiry_ask(exchange, request);
}
