#include "gateway/desk/desk.h"

#include "gateway/desk/call.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/page_guard/page_guard.h"
#include "gateway/problem/unfamiliar.h"
#include "gateway/ticks/ticks.h"

#define STORE_MEMORY ((size_t)64 * 1024 * 1024)
#define PAUSE_FIRST (INT64_C(100) * 1000)
#define PAUSE_MAX (INT64_C(5) * INSTANT_PER_SECOND)

/* Seconds after which it is worth asking again. */
#define RETRY_AFTER STR("5")

struct desk
desk_create(const struct config *config)
{
    return (struct desk){
        .config = config,
        .address = {.host = config->database_host,
                    .port = config->database_port,
                    .database = config->database_name},
        .pause = PAUSE_FIRST,
    };
}

void
desk_close(struct desk *desk)
{
    arena_destroy(desk->arena);
    desk->arena = NULL;
    desk->store = NULL;
}

static bool
is_connected(const struct desk *desk)
{
    return desk->store != NULL && store_is_open(desk->store);
}

static enum err
connect_now(struct desk *desk, struct fault *fault)
{
    if (desk->store != NULL) {
        metrics_add(METRIC_STORE_RECONNECTS, 1);
        return store_reopen(desk->store, fault);
    }
    desk->arena = arena_create(STORE_MEMORY);
    enum err got = store_open(desk->arena, &desk->address, STORE_DESK, &desk->store, fault);
    if (got != ERR_OK) {
        desk_close(desk);
    }
    return got;
}

void
desk_connect(struct desk *desk, instant now)
{
    struct fault fault = {0};
    instant      began = ticks_steady();

    if (is_connected(desk) || now < desk->retry_at) {
        return;
    }
    if (connect_now(desk, &fault) == ERR_OK) {
        desk->pause = PAUSE_FIRST;
        return;
    }
    log_failure("desk.no_store", &fault);
    /* The pause is over so long after the attempt, which may take seconds itself. */
    desk->retry_at = now + (ticks_steady() - began) + desk->pause;
    desk->pause = 2 * desk->pause > PAUSE_MAX ? PAUSE_MAX : 2 * desk->pause;
}

/*
 * Whether this came from a page of ours, or from no page: a browser names the origin of whatever
 * changes anything, and a foreign page neither has the CSRF token nor can send JSON unasked.
 */
static enum err
check_page(struct call *call, struct fault *fault)
{
    const struct petition *petition = call->petition;
    struct str             media = {0};
    struct str             rest = petition->content_type;

    if (petition->method == PETITION_GET) {
        return ERR_OK;
    }
    if (!page_guard_is_ours(petition->origin, call->config->public_url)) {
        return call_refuse(call, PROBLEM_FOREIGN_ORIGIN,
                           STR("Otwórz stronę bramy i zrób to tam jeszcze raz."), fault);
    }
    (void)str_cut(&rest, ';', &media);
    if (petition->body.size > 0 && !str_equal(str_trim(media), STR("application/json"))) {
        return call_refuse(call, PROBLEM_NOT_JSON,
                           STR("Wyślij treść z nagłówkiem Content-Type: application/json."), fault);
    }
    return ERR_OK;
}

/* What is done with a session needs the token that only a page of ours knows. */
static enum err
check_csrf(struct call *call, struct fault *fault)
{
    bool good = false;

    if (call->petition->method == PETITION_GET || call->session.session == 0) {
        return ERR_OK;
    }
    TRY(page_guard_check(call->arena, call->petition->session, call->petition->csrf, &good, fault));
    if (good) {
        return ERR_OK;
    }
    return call_refuse(call, PROBLEM_BAD_CSRF,
                       STR("Dodaj nagłówek X-CSRF-Token o wartości csrf_token z odpowiedzi na "
                           "GET /api/v1/session."),
                       fault);
}

/* Whether the one who asks may ever do this; with whose things, the endpoint asks. */
static enum err
check_action(struct call *call, struct fault *fault)
{
    enum permission_action action = call->endpoint->action;
    bool                   open = permission_ever(PERMISSION_ROLE_PUBLIC, action);

    if (!open && call->session.session == 0 && call->session.program == 0) {
        return call_refuse(call, PROBLEM_NO_SESSION,
                           STR("Zaloguj się: POST /api/v1/session. Sesja kończy się po 30 minutach "
                               "bezczynności i po 12 godzinach."),
                           fault);
    }
    if (open || action == PERMISSION_ACTION_SELF || permission_ever(call->session.role, action)) {
        return ERR_OK;
    }
    return call_refuse(call, PROBLEM_NO_SCOPE,
                       call->session.role == PERMISSION_ROLE_PUBLIC
                           ? STR("Wybierz, w czyim imieniu działasz: PUT /api/v1/session.")
                           : STR("W roli, w której działasz, nie można tego robić."),
                       fault);
}

/* A program with registry:write does what its maker may do with units, and nothing else here. */
static bool
is_for_programs(enum permission_action action)
{
    return action == PERMISSION_ACTION_READ_UNIT || action == PERMISSION_ACTION_ADD_UNIT
           || action == PERMISSION_ACTION_KEEP_UNIT || action == PERMISSION_ACTION_GIVE_BOOKS
           || action == PERMISSION_ACTION_KEEP_TRAITS;
}

static enum err
enter_program(struct call *call, struct fault *fault)
{
    static const struct {
        enum problem problem;
        struct str   detail;
    } refusals[] = {
        [PEOPLE_STANDING_OVER] = {PROBLEM_EXPIRED_CREDENTIAL,
                                  STR_INIT("Utwórz nowy token: POST /api/v1/tokens.")      },
        [PEOPLE_STANDING_REVOKED] = {PROBLEM_REVOKED_CREDENTIAL,
                                  STR_INIT("Utwórz nowy token: POST /api/v1/tokens.")      },
        [PEOPLE_STANDING_OTHER] = {PROBLEM_NO_SCOPE,
                                  STR_INIT("Potrzebny jest token z zakresem registry:write, "
                                            "utworzony przez administratora JST dla jednostki, w "
                                            "której imieniu działa.")                     },
        [PEOPLE_STANDING_UNKNOWN] = {PROBLEM_UNKNOWN_CREDENTIAL,
                                  STR_INIT("Sprawdź, czy token jest wklejony w całości.")},
    };
    enum people_standing standing = PEOPLE_STANDING_UNKNOWN;

    TRY(people_session_enter_program(call->store, call->arena, call->petition->token,
                                     &call->session, &standing, fault));
    if (standing != PEOPLE_STANDING_GOOD) {
        return call_refuse(call, refusals[standing].problem, refusals[standing].detail, fault);
    }
    if (!is_for_programs(call->endpoint->action)) {
        return call_refuse(call, PROBLEM_NO_SCOPE,
                           STR("Tokenem można tu czytać i zmieniać jednostki; resztę robi osoba po "
                               "zalogowaniu."),
                           fault);
    }
    return ERR_OK;
}

/* A request that shows a token is its token's, where anything is asked of who sends it. */
static enum err
enter(struct call *call, struct fault *fault)
{
    const unsigned char *digest = call->petition->has_session ? call->petition->session : NULL;

    if (call->petition->has_token
        && !permission_ever(PERMISSION_ROLE_PUBLIC, call->endpoint->action)) {
        return enter_program(call, fault);
    }
    return people_session_enter(call->store, call->arena, digest, &call->session, fault);
}

/* Everything but signing in, which counts what it does as it does it. */
static enum err
answer_entered(struct call *call, struct fault *fault)
{
    TRY(store_begin(call->store, fault));
    TRY(enter(call, fault));
    if (!call_is_refused(call)) {
        TRY(check_action(call, fault));
    }
    if (!call_is_refused(call)) {
        TRY(check_csrf(call, fault));
    }
    if (!call_is_refused(call)) {
        TRY(call->endpoint->answer(call, fault));
    }
    return ERR_OK;
}

static enum err
check_parameters(struct call *call, struct fault *fault)
{
    bool       reads = call->petition->method == PETITION_GET;
    struct str known = reads ? str_of(call->endpoint->names) : (struct str){0};
    struct str name = unfamiliar_find(call->petition->query, known);

    if (name.data == NULL) {
        return ERR_OK;
    }
    return call_refuse(call, PROBLEM_BAD_PARAMETER,
                       unfamiliar_detail(call->arena, UNFAMILIAR_PARAMETER, name, known), fault);
}

static enum err
answer_call(struct call *call, struct fault *fault)
{
    call->endpoint = endpoint_find(call->petition->method, call->petition->path, &call->id);
    if (call->endpoint == NULL) {
        return call_refuse(call, PROBLEM_NOT_FOUND,
                           STR("Pod tym adresem nic nie ma. Spis adresów: /api/v1/openapi.json."),
                           fault);
    }
    if (call->store == NULL || !store_is_open(call->store)) {
        return FAIL(fault, ERR_STORE_LOST, "there is no connection to the database");
    }
    TRY(check_page(call, fault));
    if (!call_is_refused(call)) {
        TRY(check_parameters(call, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    return call->endpoint->action == PERMISSION_ACTION_SIGN_IN ? call->endpoint->answer(call, fault)
                                                               : answer_entered(call, fault);
}

/* A change holds when its answer is good; a refusal takes back what was done before it. */
static enum err
conclude(struct call *call, enum err got, struct fault *fault)
{
    if (call->store == NULL) {
        return got;
    }
    if (got != ERR_OK || call_is_refused(call)) {
        store_rollback(call->store);
        return got;
    }
    return store_commit(call->store, fault);
}

/* We could not: log it and say so. */
static void
answer_failure(struct call *call, enum err got, const struct fault *fault)
{
    enum problem problem = err_kind(got) == ERR_KIND_BUSY ? PROBLEM_UNAVAILABLE : PROBLEM_INTERNAL;
    struct fault ignored = {0};

    log_begin(LOG_ERROR, "desk.failed");
    log_uuid("request", call->petition->request);
    log_fault(fault);
    log_end();
    metrics_add(METRIC_STORE_FAILURES, 1);
    call->headers = buf_create(call->arena, CALL_HEADERS_MAX);
    if (problem == PROBLEM_UNAVAILABLE) {
        call_header(call, "Retry-After", RETRY_AFTER);
    }
    if (call_refuse(call, problem, (struct str){0}, &ignored) != ERR_OK) {
        call->reply->status = problem_status(problem);
        call->reply->body = STR("{}"); /* no room for more words */
        call->reply->content_type = STR("application/problem+json");
    }
}

void
desk_answer(struct desk *desk, struct arena *arena, const struct petition *petition, instant now,
            struct reply *out)
{
    struct fault fault = {0};

    desk_connect(desk, now);
    *out = (struct reply){.handle = petition->handle};
    struct call call = {.arena = arena,
                        .store = desk->store,
                        .config = desk->config,
                        .petition = petition,
                        .headers = buf_create(arena, CALL_HEADERS_MAX),
                        .reply = out};
    enum err    got = answer_call(&call, &fault);
    got = conclude(&call, got, &fault);
    if (got != ERR_OK) {
        answer_failure(&call, got, &fault);
    }
}
