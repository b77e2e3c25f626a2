#include "gateway/reader/clerk.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/problem/unfamiliar.h"
#include "gateway/reader/entry.h"
#include "gateway/reader/submission_resource.h"
#include "gateway/reader/who.h"
#include "gateway/ticks/ticks.h"

#include <string.h>

enum { ATTEMPTS = 2 };

#define STORE_MEMORY ((size_t)64 * 1024 * 1024)
#define PAUSE_FIRST (INT64_C(100) * 1000)
#define PAUSE_MAX (INT64_C(5) * INSTANT_PER_SECOND)
#define MARK_EVERY (INT64_C(60) * INSTANT_PER_SECOND)

/* Seconds after which it is worth asking again. */
#define RETRY_AFTER STR("5")

struct clerk
clerk_create(const struct reader_tools *tools)
{
    return (struct clerk){
        .tools = *tools,
        .address = {.host = tools->config->database_host,
                    .port = tools->config->database_port,
                    .database = tools->config->database_name},
        .pause = PAUSE_FIRST,
    };
}

void
clerk_close(struct clerk *clerk)
{
    arena_destroy(clerk->arena);
    clerk->arena = NULL;
    clerk->tools.store = NULL;
}

static bool
is_connected(const struct clerk *clerk)
{
    return clerk->tools.store != NULL && store_is_open(clerk->tools.store);
}

static enum err
connect_now(struct clerk *clerk, struct fault *fault)
{
    if (clerk->tools.store != NULL) {
        metrics_add(METRIC_STORE_RECONNECTS, 1);
        return store_reopen(clerk->tools.store, fault);
    }
    clerk->arena = arena_create(STORE_MEMORY);
    enum err got =
        store_open(clerk->arena, &clerk->address, STORE_READER, &clerk->tools.store, fault);
    if (got != ERR_OK) {
        clerk_close(clerk);
    }
    return got;
}

void
clerk_connect(struct clerk *clerk, instant now)
{
    struct fault fault = {0};
    instant      began = ticks_steady();

    if (is_connected(clerk) || now < clerk->retry_at) {
        return;
    }
    if (connect_now(clerk, &fault) == ERR_OK) {
        clerk->pause = PAUSE_FIRST;
        metrics_mark(METRIC_READER_STORE_READY, clerk->tools.slot, true);
        return;
    }
    log_failure("reader.no_store", &fault);
    metrics_mark(METRIC_READER_STORE_READY, clerk->tools.slot, false);
    /* The pause is over so long after the attempt, which may take seconds itself. */
    clerk->retry_at = now + (ticks_steady() - began) + clerk->pause;
    clerk->pause = 2 * clerk->pause > PAUSE_MAX ? PAUSE_MAX : 2 * clerk->pause;
}

static enum err
answer_stored(struct asked *asked, resource_answer *answer, enum resource_access access,
              struct fault *fault)
{
    struct store *store = asked->tools->store;

    if (store == NULL || !store_is_open(store)) {
        return FAIL(fault, ERR_STORE_LOST, "there is no connection to the database");
    }
    enum err got = entry_make(asked, access, fault);
    if (got == ERR_OK) {
        got = answer(asked, fault);
    }
    if (got == ERR_OK) {
        return store_commit(store, fault);
    }
    store_rollback(store);
    return got == ERR_DENIED ? entry_refuse_ended(asked, fault) : got;
}

static enum err
refuse_address(struct asked *asked, enum address_fault why, struct fault *fault)
{
    if (why == ADDRESS_NOWHERE) {
        return asked_refuse(asked, PROBLEM_NOT_FOUND,
                            STR("Pod tym adresem nic nie ma. Spis adresów: /api/v1/openapi.json."),
                            fault);
    }
    if (why == ADDRESS_PATH) {
        return asked_refuse(asked, PROBLEM_BAD_REQUEST,
                            STR("W ścieżce adresu jest błędny zapis procentowy albo znak, który "
                                "nie jest tekstem UTF-8."),
                            fault);
    }
    struct str wrong = asked->address.wrong;
    struct str name = wrong.size > 0 ? wrong : STR("(bez nazwy)");
    struct str detail = str_format(
        asked->arena,
        why == ADDRESS_DOUBLED
            ? "Parametr %.*s stoi w adresie dwa razy. Zostaw jeden."
            : "Parametr %.*s: błędny zapis procentowy, znak spoza UTF-8 albo za dużo parametrów.",
        STR_ARG(name));
    return asked_refuse(asked, PROBLEM_BAD_PARAMETER, detail, fault);
}

static enum err
refuse_format(struct asked *asked, enum format_fault why, const struct resource *resource,
              struct fault *fault)
{
    struct buf detail = buf_create(asked->arena, ASKED_HEADERS_MAX);

    buf_append(&detail, STR("Ten zasób jest dostępny jako: "));
    for (size_t i = 0; i < RESOURCE_FORMATS_MAX && resource->formats[i] != FORMAT_NONE; i++) {
        buf_format(&detail, "%s%s", i > 0 ? ", " : "", format_name(resource->formats[i]));
    }
    buf_append(&detail, STR(". Postać wybiera parametr format albo nagłówek Accept."));
    return asked_refuse(asked,
                        why == FORMAT_UNKNOWN ? PROBLEM_BAD_PARAMETER : PROBLEM_NOT_ACCEPTABLE,
                        buf_str(&detail), fault);
}

static enum err
refuse_parameter(struct asked *asked, const struct resource *resource, struct str name,
                 struct fault *fault)
{
    return asked_refuse(
        asked, PROBLEM_BAD_PARAMETER,
        unfamiliar_detail(asked->arena, UNFAMILIAR_PARAMETER, name, str_of(resource->parameters)),
        fault);
}

static enum err
answer_resource(struct asked *asked, const struct resource *resource, struct fault *fault)
{
    bool is_known = asked->question->credential != 0 || asked->question->is_person;

    if (resource->access != RESOURCE_PUBLIC && !is_known) {
        asked_header(asked, "WWW-Authenticate", STR("Bearer"));
        return asked_refuse(asked, PROBLEM_NO_CREDENTIAL,
                            STR("Wyślij nagłówek Authorization: Bearer i swój token albo połącz "
                                "się z certyfikatem, który brama zna."),
                            fault);
    }
    struct str unfamiliar = resource_unfamiliar(resource, &asked->address);
    if (unfamiliar.data != NULL) {
        return refuse_parameter(asked, resource, unfamiliar, fault);
    }
    enum format_fault why = format_choose(asked_parameter(asked, "format"), asked->question->accept,
                                          resource->formats, &asked->format);
    if (why != FORMAT_OK) {
        return refuse_format(asked, why, resource, fault);
    }
    if ((resource->needs & RESOURCE_DEFINED) != 0) {
        edition_renew(asked->tools->edition, asked->tools->store, asked->now);
    }
    if ((resource->needs & RESOURCE_STORED) == 0) {
        return resource->answer(asked, fault);
    }
    return answer_stored(asked, resource->answer, resource->access, fault);
}

static enum err
answer_get(struct asked *asked, struct fault *fault)
{
    TRY(address_parse(asked->arena, asked->question->path, asked->question->query, &asked->address,
                      fault));
    if (asked->address.fault != ADDRESS_OK) {
        return refuse_address(asked, asked->address.fault, fault);
    }
    const struct resource *resource = resource_find(&asked->address);
    if (resource == NULL) {
        return refuse_address(asked, ADDRESS_NOWHERE, fault);
    }
    return answer_resource(asked, resource, fault);
}

static enum err
answer_filed(struct asked *asked, struct fault *fault)
{
    return answer_stored(asked, submission_resource_answer_filed, RESOURCE_SENDER, fault);
}

static enum err
answer_who(struct asked *asked, struct fault *fault)
{
    if (asked->tools->store == NULL || !store_is_open(asked->tools->store)) {
        return FAIL(fault, ERR_STORE_LOST, "there is no connection to the database");
    }
    return who_answer(asked->tools->store, asked->arena, asked->question, asked->reply, fault);
}

static enum err
answer_once(struct asked *asked, struct fault *fault)
{
    static resource_answer *const answers[] = {
        [QUESTION_WHO] = answer_who,
        [QUESTION_GET] = answer_get,
        [QUESTION_FILED] = answer_filed,
    };
    size_t kind = (size_t)asked->question->kind;

    if (kind >= ARRAY_COUNT(answers) || answers[kind] == NULL) {
        return FAIL(fault, ERR_WIRE, "a question of kind %zu", kind);
    }
    return answers[kind](asked, fault);
}

static bool
is_worth_repeating(enum err got)
{
    return got == ERR_STORE_LOST || got == ERR_STORE_UNCERTAIN || got == ERR_STORE_CONFLICT;
}

/* We could not: log it and say so. */
static void
answer_failure(struct clerk *clerk, struct asked *asked, enum err got, const struct fault *fault)
{
    enum problem problem = is_worth_repeating(got) ? PROBLEM_UNAVAILABLE : PROBLEM_INTERNAL;
    struct fault ignored = {0};

    log_begin(LOG_ERROR, "reader.failed");
    log_uuid("request", asked->question->request);
    log_fault(fault);
    log_end();
    metrics_add(METRIC_STORE_FAILURES, 1);
    if (!is_connected(clerk)) {
        metrics_mark(METRIC_READER_STORE_READY, clerk->tools.slot, false);
    }
    *asked->reply = (struct reply){
        .handle = asked->question->handle,
        .access_fault = ACCESS_UNKNOWN, /* nobody comes in by an accident of ours */
        .status = problem_status(problem),
    };
    asked->headers = buf_create(asked->arena, ASKED_HEADERS_MAX);
    if (problem == PROBLEM_UNAVAILABLE) {
        asked_header(asked, "Retry-After", RETRY_AFTER);
    }
    if (asked_refuse(asked, problem, (struct str){0}, &ignored) != ERR_OK) {
        asked->reply->body = STR("{}"); /* no room for more words */
        asked->reply->content_type = STR("application/problem+json");
    }
}

void
clerk_answer(struct clerk *clerk, struct arena *arena, const struct question *question, instant now,
             struct reply *out)
{
    struct asked asked = {
        .arena = arena, .tools = &clerk->tools, .question = question, .now = now, .reply = out};
    struct fault fault = {0};
    enum err     got = ERR_STORE_LOST;

    for (int attempt = 0; attempt < ATTEMPTS && is_worth_repeating(got); attempt++) {
        clerk_connect(clerk, now);
        *out = (struct reply){.handle = question->handle};
        asked.headers = buf_create(arena, ASKED_HEADERS_MAX);
        asked.format = FORMAT_NONE;
        fault = (struct fault){0};
        got = answer_once(&asked, &fault);
    }
    if (got != ERR_OK) {
        answer_failure(clerk, &asked, got, &fault);
    } else if (question->kind == QUESTION_WHO && out->access_fault == ACCESS_GRANTED) {
        clerk->unmarked = out->access.credential;
        clerk->has_session = question->shown == QUESTION_SESSION;
        memcpy(clerk->session, question->digest, sizeof clerk->session);
    }
}

/* Of all who ask, what each asks for, and for which unit; 0: it is not theirs, or theirs no more.
 */
static enum err
enter_all(struct store *store, struct arena *arena, const struct question *questions, size_t count,
          int64_t *subjects, struct fault *fault)
{
    static const char       sql[] = "SELECT e.unit FROM registry.enter_together($1, $2) e";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    int64_t                 credentials[CLERK_TOGETHER_MAX];
    struct uuid             ids[CLERK_TOGETHER_MAX];

    for (size_t i = 0; i < count; i++) {
        credentials[i] = questions[i].credential;
        ids[i] = questions[i].id;
    }
    store_put_numbers(&parameters, credentials, count);
    store_put_uuids(&parameters, ids, count);
    TRY(store_run(store, sql, &parameters, arena, &rows, fault));
    ENSURE(store_row_count(&rows) == count);
    for (size_t i = 0; i < count; i++) {
        subjects[i] = store_is_null(&rows, i, 0) ? 0 : store_number(&rows, i, 0);
    }
    return ERR_OK;
}

static enum err
answer_together(struct clerk *clerk, struct asked *asked, const struct question *questions,
                size_t count, struct fault *fault)
{
    struct store *store = clerk->tools.store;
    int64_t       subjects[CLERK_TOGETHER_MAX];

    TRY(store_script(store, "BEGIN READ ONLY", fault));
    TRY(enter_all(store, asked->arena, questions, count, subjects, fault));
    for (size_t i = 0; i < count; i++) {
        if (subjects[i] == 0) {
            return FAIL(fault, ERR_DENIED, "one of them has to be asked about alone");
        }
    }
    TRY(submission_resource_answer_many(asked, subjects, count, fault));
    return store_commit(store, fault);
}

bool
clerk_answer_together(struct clerk *clerk, struct arena *arena, const struct question *questions,
                      size_t count, instant now, struct reply *replies)
{
    struct asked asked[CLERK_TOGETHER_MAX];
    struct fault fault = {0}; /* whoever asks one by one meets it again, and tells it */

    ENSURE(count >= 1 && count <= CLERK_TOGETHER_MAX);
    clerk_connect(clerk, now);
    if (!is_connected(clerk)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ENSURE(questions[i].kind == QUESTION_FILED);
        replies[i] = (struct reply){.handle = questions[i].handle};
        asked[i] = (struct asked){.arena = arena,
                                  .tools = &clerk->tools,
                                  .question = &questions[i],
                                  .reply = &replies[i],
                                  .headers = buf_create(arena, ASKED_HEADERS_MAX)};
    }
    if (answer_together(clerk, asked, questions, count, &fault) != ERR_OK) {
        store_rollback(clerk->tools.store);
        return false;
    }
    return true;
}

void
clerk_tidy(struct clerk *clerk, instant now)
{
    int64_t      credential = clerk->unmarked;
    size_t       slot = (uint64_t)credential % CLERK_REMEMBERED;
    struct fault fault = {0};

    clerk->unmarked = 0;
    if (clerk->has_session && is_connected(clerk)
        && who_mark_session(clerk->tools.store, clerk->session, &fault) != ERR_OK) {
        log_failure("reader.use_not_marked", &fault);
    }
    clerk->has_session = false;
    if (credential == 0 || !is_connected(clerk)
        || (clerk->used[slot].credential == credential
            && now - clerk->used[slot].marked < MARK_EVERY)) {
        return;
    }
    clerk->used[slot].credential = credential;
    clerk->used[slot].marked = now;
    /* Only tells an operator which tokens are still in use: nobody waits for it. */
    if (who_mark_used(clerk->tools.store, credential, &fault) != ERR_OK) {
        log_failure("reader.use_not_marked", &fault);
    }
}
