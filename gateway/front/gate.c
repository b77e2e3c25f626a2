#include "gateway/front/gate.h"

#include "gateway/front/inquiry.h"
#include "gateway/metrics/metrics.h"
#include "gateway/page_guard/page_guard.h"
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

/* A program lacks a scope: it is told which. */
static void
refuse_program(struct exchange *exchange, struct request *request)
{
    const char *scope = access_scope(request->action.access);

    if (scope == NULL) { /* what every program may do, and a calendar's token not */
        exchange_refuse(exchange, request, PROBLEM_NO_SCOPE,
                        STR("Ten token otwiera tylko kalendarz: GET /api/v1/obligations.ics."));
        return;
    }
    exchange_refuse(exchange, request, PROBLEM_NO_SCOPE,
                    str_format(request->arena,
                               "To poświadczenie nie ma zakresu %s. Administrator jednostki może "
                               "wydać token z tym zakresem.",
                               scope));
    request->answer.headers =
        str_format(request->arena,
                   "WWW-Authenticate: Bearer realm=\"brama\", error=\"insufficient_scope\", "
                   "scope=\"%s\"\r\n",
                   scope);
}

/* It is known who asks, and they may not do this. */
static void
refuse_right(struct exchange *exchange, struct request *request)
{
    if (request->access.credential != 0) {
        refuse_program(exchange, request);
        return;
    }
    exchange_refuse(exchange, request, PROBLEM_NO_SCOPE,
                    access_is_person(&request->access)
                        ? STR("W roli, w której działasz, nie można tego robić.")
                        : STR("Zaloguj się (POST /api/v1/session) i wybierz, w czyim imieniu "
                              "działasz: PUT /api/v1/session."));
}

/*
 * Whether the person whose browser sent this meant to: a browser shows cookies and certificates of
 * its own accord, whatever page makes it ask. What only reads gives a foreign page nothing.
 */
static bool
is_meant(struct exchange *exchange, struct request *request)
{
    const struct petition *page = &request->petition;
    struct fault           fault = {0};
    bool                   good = true;

    if (request->action.action == ROUTE_READ || request->credential_kind == QUESTION_TOKEN) {
        return true;
    }
    if (!page_guard_is_ours(page->origin, exchange->config->public_url)) {
        exchange_refuse(exchange, request, PROBLEM_FOREIGN_ORIGIN,
                        STR("Otwórz stronę bramy i zrób to tam jeszcze raz."));
        return false;
    }
    if (request->credential_kind == QUESTION_SESSION
        && (page_guard_check(request->arena, page->session, page->csrf, &good, &fault) != ERR_OK
            || !good)) {
        exchange_refuse(exchange, request, PROBLEM_BAD_CSRF,
                        STR("Dodaj nagłówek X-CSRF-Token o wartości csrf_token z odpowiedzi na "
                            "GET /api/v1/session."));
        return false;
    }
    return true;
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

/* Below all that stand for nobody; two persons that share a number share a turn. */
static int64_t
sender_of_person(const struct uuid *appointment)
{
    uint64_t number = 0;

    for (size_t i = 0; i < sizeof number; i++) {
        number = number << 8U | appointment->bytes[i];
    }
    return QUEUE_PUBLIC_POSTING - 1 - (int64_t)(number >> 2U);
}

/* Who posts without a credential takes no turn of those who read without one. */
static int64_t
sender_of(const struct request *request)
{
    if (request->action.access == ROUTE_PUBLIC) {
        return request->action.action == ROUTE_READ ? QUEUE_PUBLIC_READING : QUEUE_PUBLIC_POSTING;
    }
    return access_is_person(&request->access) ? sender_of_person(&request->access.appointment)
                                              : request->access.credential;
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

static void
refuse_access(struct exchange *exchange, struct request *request, enum access_fault why)
{
    size_t fault = why < ARRAY_COUNT(refusals) ? (size_t)why : (size_t)ACCESS_UNKNOWN;

    if (request->credential_kind == QUESTION_SESSION) {
        exchange_refuse(exchange, request, PROBLEM_NO_SESSION,
                        STR("Zaloguj się: POST /api/v1/session. Sesja kończy się po 30 minutach "
                            "bezczynności i po 12 godzinach."));
        return;
    }
    if (request->credential_kind == QUESTION_FEED) {
        exchange_refuse(exchange, request, refusals[fault].problem,
                        STR("W adresie kalendarza działa tylko token z zakresem obligations:feed. "
                            "Administrator jednostki może wydać nowy."));
        return;
    }
    exchange_refuse(exchange, request, refusals[fault].problem, str_of(refusals[fault].detail));
}

void
gate_judge(struct exchange *exchange, struct request *request, const struct reply *who)
{
    if (who->access_fault != ACCESS_GRANTED) {
        refuse_access(exchange, request, who->access_fault);
        return;
    }
    request->access = who->access;
    request->access.name =
        (struct str){0}; /* they live in the message, and nobody here needs them */
    request->access.regon = (struct str){0};
    if ((request->access.rights & request->action.access) == 0) {
        refuse_right(exchange, request);
        return;
    }
    if (!is_meant(exchange, request)) {
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
                            "certyfikatem klienta, albo zaloguj się."));
        return;
    }
    if (access_cache_find(exchange->cache, request->shown, ticks_steady(), &who)) {
        gate_judge(exchange, request, &who);
        return;
    }
    request_enter(request, REQUEST_IDENTIFIED);
    inquiry_ask(exchange, request);
}
