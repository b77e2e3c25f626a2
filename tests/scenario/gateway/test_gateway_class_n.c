#include "gateway/registry/event.h"
#include "tests/scenario/gateway/roster.h"
#include "tests/scenario/gateway/staff.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

/*
 * Class N of the attacks (reference: 27 seeds), through nginx and TLS: what somebody with a right
 * of their own tries with requests of their own making. Most seeds are rows of class_n.def, each
 * with its exact answer; what takes more than one request is a scene below. Whatever is answered,
 * never a byte of another's.
 */
enum { TARGET_MAX = 512, TRIES_FREE = 5, FOREIGN_UNIT = 9000, STATUS_WAIT = 429 };

#define EVIL "przejete.example"
#define SCHOOL "/api/v1/units/990001010"

static struct cluster *cluster;
static struct office   office;
static struct arena   *ground;

/* What stands for a word in braces of a path or a header. */
enum filling {
    FILLING_OWN,        /* ids of submissions: the gmina's, */
    FILLING_FOREIGN,    /* and another's, which it may not see; */
    FILLING_OWN_NUMBER, /* of their receipts */
    FILLING_FOREIGN_NUMBER,
    FILLING_FOREIGN_REGON,
    FILLING_COOKIE, /* the head's, without its name */
    FILLING_COUNT
};

static struct {
    const char *word;
    const char *value;
} fillings[FILLING_COUNT] = {
    [FILLING_OWN] = {"{own}",            NULL},
    [FILLING_FOREIGN] = {"{foreign}",        NULL},
    [FILLING_OWN_NUMBER] = {"{own_number}",     NULL},
    [FILLING_FOREIGN_NUMBER] = {"{foreign_number}", NULL},
    [FILLING_FOREIGN_REGON] = {"{foreign_regon}",  NULL},
    [FILLING_COOKIE] = {"{cookie}",         NULL},
};

/* What no answer to anybody else may hold: of the foreign unit and of what it has filed. */
static const char *secrets[4];

static struct http_answer
file(const char *token, const char *key, struct str body)
{
    const struct office_filing filing = {.token = token, .key = key, .body = body};
    struct http_answer         answer = office_file(&office, ground, &filing);

    assert_int_equal(answer.status, 201);
    assert_string_equal(office_value(ground, &answer, "verdict"), "accepted");
    return answer;
}

static struct str
foreign_package(void)
{
    const struct maker_options options = {
        .seed = 1, .first_unit = FOREIGN_UNIT, .rows = 3, .forms = MAKER_RB27S};
    struct fault fault = {0};
    struct str   bytes = {0};

    ENSURE(maker_package(ground, &options, station_authority(office.station), &bytes, &fault)
           == ERR_OK);
    return bytes;
}

static void
file_of_both(void)
{
    struct http_answer own = file(NULL, "wlasna", office_package(&office, ground));
    struct http_answer foreign = file(office.foreign_token, "cudza", foreign_package());

    fillings[FILLING_OWN].value = office_value(ground, &own, "id");
    fillings[FILLING_FOREIGN].value = office_value(ground, &foreign, "id");
    fillings[FILLING_OWN_NUMBER].value = office_value(ground, &own, "receipts.0.number");
    fillings[FILLING_FOREIGN_NUMBER].value = office_value(ground, &foreign, "receipts.0.number");
    fillings[FILLING_FOREIGN_REGON].value = maker_regon(ground, FOREIGN_UNIT).data;
    fillings[FILLING_COOKIE].value = strchr(staff_cookie(ground, "head"), '=') + 1;
    secrets[0] = fillings[FILLING_FOREIGN_REGON].value;
    secrets[1] = fillings[FILLING_FOREIGN_NUMBER].value;
    secrets[2] = office_value(ground, &foreign, "sha256");
    secrets[3] = "SZKOŁA OBCA";
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    ground = arena_create(OFFICE_ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "class_n", &options, true);
    staff_hire(&office, "head", "head", office.gmina, NULL);
    staff_hire(&office, "gus", "reviewer", 0, "gus");
    staff_hire(&office, "auditor", "auditor", 0, NULL);
    file_of_both();
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    arena_destroy(ground);
    return 0;
}

/* ---- rows ---- */

enum who { WHO_NOBODY, WHO_PROGRAM, WHO_HEAD, WHO_COOKIE, WHO_ABROAD, WHO_GUS, WHO_AUDITOR };

static const struct row {
    const char *seed;
    const char *name;
    enum who    who;
    const char *method;
    const char *path;
    const char *header; /* NULL: none beside those of who asks */
    const char *body;   /* NULL: none */
    int         status;
    const char *slug; /* NULL: no problem is told */
} rows[] = {
#define TRY_OUT(seed, name, who, method, path, header, body, status, slug) \
    {(seed), (name), WHO_##who, (method), (path), (header), (body), (status), (slug)},
#include "tests/scenario/gateway/class_n.def"
#undef TRY_OUT
};

/* text with what stands for the words in braces; NULL stays. */
static const char *
fill(const char *text)
{
    struct buf out = buf_create(ground, TARGET_MAX);

    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        size_t found = 0;
        while (found < FILLING_COUNT
               && strncmp(at, fillings[found].word, strlen(fillings[found].word)) != 0) {
            found++;
        }
        if (found < FILLING_COUNT) {
            buf_append(&out, str_of(fillings[found].value));
            at += strlen(fillings[found].word) - 1;
        } else {
            buf_byte(&out, *at);
        }
    }
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    return text == NULL ? NULL : buf_str(&out).data;
}

/* The headers of who asks; true pages have all three. */
static void
introduce(struct http_request *request, size_t *count, enum who who)
{
    static const char *const words[] = {
        [WHO_HEAD] = "head", [WHO_COOKIE] = "head",     [WHO_ABROAD] = "head",
        [WHO_GUS] = "gus",   [WHO_AUDITOR] = "auditor",
    };

    if (who == WHO_PROGRAM) {
        request->headers[(*count)++] = office.gmina_token;
    }
    if (who == WHO_NOBODY || who == WHO_PROGRAM) {
        return;
    }
    request->headers[(*count)++] = staff_cookie(ground, words[who]);
    if (who != WHO_COOKIE) {
        request->headers[(*count)++] = staff_csrf(ground, words[who]);
        request->headers[(*count)++] = who == WHO_ABROAD ? "Origin: https://" EVIL : STAFF_ORIGIN;
    }
}

static struct http_answer
send(const struct row *row)
{
    struct http_request request = {
        .method = row->method, .path = fill(row->path), .body = str_of(row->body)};
    size_t count = 0;

    introduce(&request, &count, row->who);
    if (row->header != NULL) {
        request.headers[count++] = fill(row->header);
    }
    if (row->body != NULL) {
        request.headers[count++] = row->body[0] == '<' ? "Content-Type: application/xml"
                                                       : "Content-Type: application/json";
    }
    return http_ask(ground, office.target, &request);
}

/* Nobody's page may read it, nothing on the way may keep it, no address in it is another's, and no
 * byte in it is of the other unit. */
static bool
is_safe(const struct http_answer *answer)
{
    struct str kept = http_header(answer, "Cache-Control");
    bool       leaks = false;

    for (size_t i = 0; i < ARRAY_COUNT(secrets); i++) {
        leaks = leaks || office_has(answer, secrets[i])
                || strstr(answer->headers.data, secrets[i]) != NULL;
    }
    return !leaks && strcasestr(answer->headers.data, "Access-Control-") == NULL
           && strcasestr(answer->headers.data, EVIL) == NULL && !office_has(answer, EVIL)
           && (memmem(kept.data, kept.size, "private", 7) != NULL
               || memmem(kept.data, kept.size, "no-store", 8) != NULL);
}

static bool
is_problem(const struct http_answer *answer, int status, const char *slug)
{
    return answer->status == status
           && (slug == NULL || office_has(answer, str_format(ground, "/problemy/%s\"", slug).data));
}

static void
every_try_gets_its_exact_answer(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct http_answer answer = send(&rows[i]);
        if (!is_problem(&answer, rows[i].status, rows[i].slug) || !is_safe(&answer)) {
            print_error("%s, %s: %d\n%.*s%.*s\n", rows[i].seed, rows[i].name, answer.status,
                        STR_ARG(answer.headers), STR_ARG(answer.body));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static const char state_sql[] =
    "SELECT concat_ws(' ', (SELECT count(*) FROM intake.submission),"
    " (SELECT string_agg(state, ',') FROM intake.submission),"
    " (SELECT count(*) FROM intake.decision), (SELECT count(*) FROM intake.correction_reason),"
    " (SELECT count(*) FROM intake.explanation),"
    " (SELECT count(*) || ',' || count(revoked_at) FROM registry.credential),"
    " (SELECT count(*) || ',' || count(valid_to) FROM registry.unit),"
    " (SELECT count(*) FROM registry.unit_trait), (SELECT count(*) FROM people.invitation),"
    " (SELECT count(*) || ',' || count(ended_at) FROM people.appointment),"
    " (SELECT count(*) || ',' || count(ended_at) FROM people.session),"
    " (SELECT count(*) FROM courier.endpoint), (SELECT count(*) FROM obligation.exemption))";

static void
nothing_of_it_changes_anything(void **state)
{
    struct str before = office_ask(&office, ground, state_sql);

    (void)state;
    assert_true(before.size > 0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        (void)send(&rows[i]);
    }
    assert_true(str_equal(office_ask(&office, ground, state_sql), before));
}

/* ---- scenes: what people do at the desk ---- */

/* A petition of one who is signed in by these two headers; NULL leaves one out. */
struct step {
    const char *method;
    const char *path;
    const char *cookie;
    const char *csrf;
    const char *header;
    struct str  body; /* JSON */
};

static struct http_answer
take(const struct http_target *target, const struct step *step)
{
    struct http_request request = {.method = step->method, .path = step->path, .body = step->body};
    const char *const   headers[] = {step->cookie, step->csrf, step->header, STAFF_ORIGIN,
                                   step->body.size == 0 ? NULL : "Content-Type: application/json"};
    size_t              count = 0;

    for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
        if (headers[i] != NULL) {
            request.headers[count++] = headers[i];
        }
    }
    return http_ask(ground, target, &request);
}

/* Through nginx, which says where it comes from; header: one more, or NULL. */
static struct http_answer
sign_in(struct str credentials, const char *header)
{
    return take(office.target, &(struct step){.method = "POST",
                                              .path = "/api/v1/session",
                                              .header = header,
                                              .body = credentials});
}

/* Past nginx, from an address of one's choice: what nginx would not allow. */
static struct http_answer
sign_in_from(const char *address, struct str credentials)
{
    const char *header = str_format(ground, "X-Brama-Client-Address: %s", address).data;

    return take(station_target(office.station), &(struct step){.method = "POST",
                                                               .path = "/api/v1/session",
                                                               .header = header,
                                                               .body = credentials});
}

static struct str
credentials_of(const char *word, const char *password)
{
    return staff_credentials(&office, ground, word, password, 0);
}

static int
status_of_session(const char *cookie)
{
    return take(office.target,
                &(struct step){.method = "GET", .path = "/api/v1/session", .cookie = cookie})
        .status;
}

/* ---- id walk ---- */

/* A walk over ids next to real ones: what is another's looks as what is not there. */
static void
a_foreign_id_looks_as_one_that_is_not_there(void **state)
{
    static const char *const tails[] = {"", "/receipt", "/content", "/findings"};
    const char              *foreign = fillings[FILLING_FOREIGN].value;
    struct buf               out = buf_create(ground, TARGET_MAX);
    size_t                   last = strlen(foreign) - 1;

    (void)state;
    buf_append(&out, str_slice(str_of(foreign), 0, last));
    buf_append(&out, foreign[last] == '0' ? STR("1") : STR("0"));
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    const char *missing = buf_str(&out).data;
    for (size_t i = 0; i < ARRAY_COUNT(tails); i++) {
        struct str theirs = str_format(ground, "/api/v1/submissions/%s%s", foreign, tails[i]);
        struct str nobodys = str_format(ground, "/api/v1/submissions/%s%s", missing, tails[i]);
        struct http_answer one = office_get(&office, ground, office.gmina_token, theirs.data, NULL);
        struct http_answer two =
            office_get(&office, ground, office.gmina_token, nobodys.data, NULL);
        EXPECT(one.status == 404 && two.status == 404, tails[i]);
        EXPECT(strcmp(office_value(ground, &one, "detail"), office_value(ground, &two, "detail"))
                   == 0,
               tails[i]);
        EXPECT(strcmp(office_value(ground, &one, "type"), office_value(ground, &two, "type")) == 0,
               tails[i]);
    }
}

/* Where ids are small numbers, too: all that there are, and never another's. */
static void
a_walk_over_numbers_finds_ones_own_alone(void **state)
{
    enum { WALKED = 20 };
    struct step read = {.method = "GET", .cookie = staff_cookie(ground, "head")};
    struct step end = {.method = "DELETE",
                       .cookie = staff_cookie(ground, "head"),
                       .csrf = staff_csrf(ground, "head")};
    struct str  others = office_ask(&office, ground,
                                    str_format(ground,
                                               "SELECT string_agg(credential::text, ' ') FROM"
                                                " registry.credential WHERE unit <> %lld",
                                               (long long)office.gmina)
                                        .data);
    struct str  token = {0};

    (void)state;
    cluster_run(cluster, office.database,
                str_format(ground,
                           "INSERT INTO courier.endpoint (unit, url, events, label) VALUES (%lld,"
                           " 'https://obca.example.test/', '{submission.accepted}', '')",
                           (long long)office.foreign)
                    .data);
    for (int i = 1; i <= WALKED; i++) {
        read.path = str_format(ground, "/api/v1/sets/%d", i).data;
        struct http_answer set = take(office.target, &read);
        EXPECT((set.status == 200 || is_problem(&set, 404, "nie-znaleziono")) && is_safe(&set),
               read.path);
        read.path = str_format(ground, "/api/v1/webhooks/%d/deliveries", i).data;
        struct http_answer messages = take(office.target, &read);
        EXPECT(is_problem(&messages, 404, "nie-znaleziono"), read.path);
    }
    while (str_cut(&others, ' ', &token)) {
        end.path = str_format(ground, "/api/v1/tokens/%.*s", STR_ARG(token)).data;
        struct http_answer answer = take(office.target, &end);
        EXPECT(is_problem(&answer, 404, "nie-znaleziono"), end.path);
    }
    assert_string_equal(office_ask(&office, ground,
                                   "SELECT count(*) FROM registry.credential WHERE revoked_at IS"
                                   " NOT NULL")
                            .data,
                        "0");
}

/* ---- mass assignment ---- */

/* Members that nobody asked for, through nginx, are refused by name. The desk's other bodies:
 * test_abuse_desk.c. */
static void
members_that_nobody_asked_for_are_refused(void **state)
{
    struct step step = {.method = "POST",
                        .path = "/api/v1/invitations",
                        .cookie = staff_cookie(ground, "head"),
                        .csrf = staff_csrf(ground, "head")};

    (void)state;
    step.body = str_format(
        ground,
        "{\"email\":\"x@example.test\",\"name\":\"X\",\"role\":\"sender\",\"regon\":\"990000016\","
        "\"unit\":%lld,\"delegator\":null,\"made_by\":\"11111111-1111-4111-8111-111111111111\","
        "\"accepted_at\":\"2020-01-01\",\"expires_at\":\"2199-01-01T00:00:00Z\"}",
        (long long)office.foreign);
    struct http_answer made = take(office.target, &step);
    assert_int_equal(made.status, 422);
    assert_true(office_has(&made, "Pola „unit” to żądanie nie zna. Zna: email, name, "));
    assert_string_equal(office_ask(&office, ground, "SELECT count(*) FROM people.invitation").data,
                        "0");
    step.body = STR("{\"email\":\"x@example.test\",\"name\":\"X\",\"role\":\"sender\","
                    "\"regon\":\"990000016\"}");
    made = take(office.target, &step);
    assert_int_equal(made.status, 201);
    assert_string_equal(
        office_ask(&office, ground,
                   str_format(ground,
                              "SELECT concat_ws(' ', unit = %lld, office IS NULL, made_by ="
                              " md5('head')::uuid, accepted_at IS NULL, expires_at < now() +"
                              " interval '8 days') FROM people.invitation",
                              (long long)office.gmina)
                       .data)
            .data,
        "t t t t t");
    /* A filing says nothing of itself either, by parameters or by headers. */
    struct http_request filing = {
        .method = "POST",
        .path = "/api/v1/submissions?state=decided&verdict=accepted&subject=1&n=7",
        .headers = {office.gmina_token, "Content-Type: application/xml",
                    "Idempotency-Key: sama-o-sobie", "X-Brama-Arrived: 2020-01-01T00:00:00Z"},
        .body = STR("<Nic/>")
    };
    struct http_answer filed = http_ask(ground, office.target, &filing);
    assert_int_equal(filed.status, 400);
    assert_true(office_has(&filed, "Parametru „state” ten adres nie zna. Zna: strict, "));
    filing.path = "/api/v1/submissions";
    filed = http_ask(ground, office.target, &filing);
    assert_int_equal(filed.status, 201);
    assert_string_equal(office_value(ground, &filed, "verdict"), "rejected");
    assert_string_equal(
        office_ask(&office, ground,
                   str_format(ground,
                              "SELECT concat_ws(' ', subject = %lld, n, arrived > '2026-07-10')"
                              " FROM intake.submission WHERE key = 'sama-o-sobie'",
                              (long long)office.gmina)
                       .data)
            .data,
        "t 1 t");
}

/* ---- sessions ---- */

/* Fixation: what was there before signing in is not what is there after it. */
static void
a_sign_in_takes_no_session_that_was_brought_along(void **state)
{
    const char *planted = "Cookie: __Host-brama=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    (void)state;
    staff_hire(&office, "victim", "sender", office.gmina, NULL);
    struct http_answer answer = sign_in(credentials_of("victim", STAFF_PASSWORD), planted);
    assert_int_equal(answer.status, 201);
    const char *given = staff_cookie_given(ground, &answer);
    assert_non_null(given);
    assert_string_not_equal(given, planted);
    struct str cookie = http_header(&answer, "Set-Cookie");
    assert_true(str_ends_with(cookie, STR("; Path=/; Secure; HttpOnly; SameSite=Lax")));
    assert_int_equal(status_of_session(planted), 401);
    assert_int_equal(status_of_session(given), 200);
    /* Nor is somebody else's, who planted their own. */
    answer = sign_in(staff_credentials(&office, ground, "victim", STAFF_PASSWORD, 1),
                     staff_cookie(ground, "head"));
    assert_int_equal(answer.status, 201);
    assert_string_not_equal(staff_cookie_given(ground, &answer), staff_cookie(ground, "head"));
    struct http_answer head =
        take(office.target, &(struct step){.method = "GET",
                                           .path = "/api/v1/session",
                                           .cookie = staff_cookie(ground, "head")});
    assert_string_equal(office_value(ground, &head, "email"), "head@example.test");
}

static void
a_cookie_opens_nothing_after_the_sign_out(void **state)
{
    static const char *const paths[] = {"/api/v1/session", "/api/v1/submissions", "/api/v1/tokens"};

    (void)state;
    staff_hire(&office, "leaver", "head", office.gmina, NULL);
    const char *cookie = staff_cookie(ground, "leaver");
    const char *csrf = staff_csrf(ground, "leaver");
    assert_int_equal(status_of_session(cookie), 200);
    struct http_answer out =
        take(office.target,
             &(struct step){
                 .method = "DELETE", .path = "/api/v1/session", .cookie = cookie, .csrf = csrf});
    assert_int_equal(out.status, 204);
    assert_true(str_equal(http_header(&out, "Set-Cookie"),
                          STR("__Host-brama=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")));
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        struct http_answer answer = take(
            office.target, &(struct step){.method = "GET", .path = paths[i], .cookie = cookie});
        EXPECT(is_problem(&answer, 401, "brak-sesji"), paths[i]);
    }
    struct http_answer files = take(office.target, &(struct step){.method = "POST",
                                                                  .path = "/api/v1/submissions",
                                                                  .cookie = cookie,
                                                                  .csrf = csrf,
                                                                  .header = "Idempotency-Key: po",
                                                                  .body = STR("{}")});
    assert_true(is_problem(&files, 401, "brak-sesji"));
}

/* ---- guessing ---- */

/* Many at once gain nothing: a try is counted before it is looked at. */
static void
guesses_at_once_are_counted_like_one_after_the_other(void)
{
    enum { AT_ONCE = 12 };
    struct http_request requests[AT_ONCE];
    struct http_answer  answers[AT_ONCE];
    int                 looked_at = 0;
    int                 put_off = 0;

    for (int i = 0; i < AT_ONCE; i++) {
        requests[i] = (struct http_request){
            .method = "POST",
            .path = "/api/v1/session",
            .headers = {"Content-Type: application/json", STAFF_ORIGIN,
                        "X-Brama-Client-Address: 203.0.113.10"},
            .body = credentials_of("guessed", "zgaduje haslo")
        };
    }
    http_ask_all(ground, station_target(office.station), requests, AT_ONCE, answers);
    for (int i = 0; i < AT_ONCE; i++) {
        looked_at += is_problem(&answers[i], 401, "nieudane-logowanie") ? 1 : 0;
        put_off += is_problem(&answers[i], STATUS_WAIT, "poczekaj-z-logowaniem") ? 1 : 0;
    }
    assert_int_equal(looked_at, TRIES_FREE);
    assert_int_equal(put_off, AT_ONCE - TRIES_FREE);
}

static void
brute_force_is_made_to_wait(void **state)
{
    (void)state;
    staff_hire(&office, "guessed", "sender", office.gmina, NULL);
    for (int i = 0; i < TRIES_FREE; i++) {
        struct http_answer wrong = sign_in(credentials_of("guessed", "zgaduje haslo"), NULL);
        assert_true(is_problem(&wrong, 401, "nieudane-logowanie"));
    }
    /* The right password is not looked at any more. */
    struct http_answer sixth = sign_in(credentials_of("guessed", STAFF_PASSWORD), NULL);
    assert_true(is_problem(&sixth, STATUS_WAIT, "poczekaj-z-logowaniem"));
    int64_t seconds = 0;
    assert_true(str_to_number(http_header(&sixth, "Retry-After"), &seconds));
    assert_in_range(seconds, 1, 30);
    /* Nor is the address another one because a header says so. */
    struct http_answer again =
        sign_in(credentials_of("guessed", STAFF_PASSWORD), "X-Forwarded-For: 198.51.100.7");
    assert_true(is_problem(&again, STATUS_WAIT, "poczekaj-z-logowaniem"));
    again =
        sign_in(credentials_of("guessed", STAFF_PASSWORD), "X-Brama-Client-Address: 198.51.100.7");
    assert_true(is_problem(&again, STATUS_WAIT, "poczekaj-z-logowaniem"));
    guesses_at_once_are_counted_like_one_after_the_other();
}

/* Whoever makes an account wait makes themselves wait, and nobody else. */
static void
nobody_is_locked_out_by_somebody_elsewhere(void **state)
{
    (void)state;
    staff_hire(&office, "bystander", "sender", office.gmina, NULL);
    for (int i = 0; i < TRIES_FREE; i++) {
        struct http_answer wrong =
            sign_in_from("203.0.113.9", credentials_of("bystander", "zgaduje haslo"));
        assert_true(is_problem(&wrong, 401, "nieudane-logowanie"));
    }
    struct http_answer there =
        sign_in_from("203.0.113.9", credentials_of("bystander", STAFF_PASSWORD));
    assert_true(is_problem(&there, STATUS_WAIT, "poczekaj-z-logowaniem"));
    struct http_answer here =
        sign_in_from("192.0.2.1", credentials_of("bystander", STAFF_PASSWORD));
    assert_int_equal(here.status, 201);
    /* A session that was open before is as good as ever. */
    assert_int_equal(status_of_session(staff_cookie(ground, "bystander")), 200);
}

/* Nanoseconds of processor time that the desk has used. */
static int64_t
work_of_desk(void)
{
    struct timespec now = {0};
    clockid_t       used = 0;

    ENSURE(clock_getcpuclockid(station_role(office.station, ROLE_DESK, 0), &used) == 0
           && clock_gettime(used, &now) == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* This person's password, kept with weaker parameters than today's. */
static void
weaken(const char *word, unsigned passes, size_t memory)
{
    char old[crypto_pwhash_STRBYTES];

    ENSURE(crypto_pwhash_str_alg(old, STAFF_PASSWORD, strlen(STAFF_PASSWORD), passes, memory,
                                 crypto_pwhash_ALG_ARGON2ID13)
           == 0);
    cluster_run(cluster, office.database,
                str_format(ground,
                           "UPDATE people.secret SET password = '%s' WHERE person ="
                           " md5('%s')::uuid",
                           old, word)
                    .data);
}

/* Logins that fail: what is typed, and how old the hash is that it is held against. */
static const struct {
    const char *name;
    const char *word;
    const char *password;
    int64_t     steps;
} failures[] = {
    {"no such login",             "nikt",   "zgaduje haslo", 0 },
    {"wrong password",            "timed",  "zgaduje haslo", 0 },
    {"wrong code",                "timed",  STAFF_PASSWORD,  -9},
    {"wrong password, old hash",  "old",    "zgaduje haslo", 0 },
    {"wrong password, weak hash", "oldest", "zgaduje haslo", 0 },
    {"wrong code, old hash",      "old",    STAFF_PASSWORD,  -9},
};

/* What the desk does for a login that is not there is what it does for a wrong password and for a
 * wrong code, however the password is kept: in its own processor time, nearly all of which is
 * argon2id. Without that it is some twenty times less. The answers are the same. */
static void
an_unknown_login_costs_as_much_and_says_the_same_as_a_wrong_password(void **state)
{
    enum { ROUNDS = 4 };
    int64_t            used[ARRAY_COUNT(failures)] = {0};
    struct http_answer answers[ARRAY_COUNT(failures)] = {{0}};

    (void)state;
    staff_hire(&office, "timed", "sender", office.gmina, NULL);
    staff_hire(&office, "old", "sender", office.gmina, NULL);
    staff_hire(&office, "oldest", "sender", office.gmina, NULL);
    weaken("old", 1, (size_t)8 << 20U);
    weaken("oldest", 1, (size_t)1 << 20U);
    for (size_t i = 0; i < ARRAY_COUNT(failures) * ROUNDS; i++) {
        size_t      kind = i % ARRAY_COUNT(failures);
        const char *address = str_format(ground, "192.0.2.%zu", 10 + i).data;
        struct str  body = staff_credentials(&office, ground, failures[kind].word,
                                             failures[kind].password, failures[kind].steps);
        int64_t     before = work_of_desk();
        answers[kind] = sign_in_from(address, body);
        used[kind] += work_of_desk() - before;
    }
    for (size_t i = 0; i < ARRAY_COUNT(failures); i++) {
        EXPECT(is_problem(&answers[i], 401, "nieudane-logowanie"), failures[i].name);
        EXPECT(strcmp(office_value(ground, &answers[i], "detail"),
                      office_value(ground, &answers[0], "detail"))
                   == 0,
               failures[i].name);
        EXPECT(answers[i].body.size == answers[0].body.size, failures[i].name);
        if (used[i] > 3 * used[0] || used[0] > 3 * used[i]) {
            fail_msg("%s: %lld ns, and %lld for nobody", failures[i].name, (long long)used[i],
                     (long long)used[0]);
        }
    }
}

/* ---- what is as it was kept ---- */

static const char *
parameters_of(const char *word)
{
    return office_ask(&office, ground,
                      str_format(ground,
                                 "SELECT substring(password from '^.argon2id.v=19.(m=[0-9]+,t="
                                 "[0-9]+,p=[0-9]+)') FROM people.secret WHERE person ="
                                 " md5('%s')::uuid",
                                 word)
                          .data)
        .data;
}

/* A hash with weaker parameters is made anew while the right password is at hand, and not before.
 */
static void
an_old_hash_is_made_anew_at_the_sign_in(void **state)
{
    (void)state;
    staff_hire(&office, "veteran", "sender", office.gmina, NULL);
    weaken("veteran", 1, (size_t)8 << 20U);
    struct http_answer wrong = sign_in(credentials_of("veteran", "zgaduje haslo"), NULL);
    assert_true(is_problem(&wrong, 401, "nieudane-logowanie"));
    assert_string_equal(parameters_of("veteran"), "m=8192,t=1,p=1");
    assert_int_equal(sign_in(credentials_of("veteran", STAFF_PASSWORD), NULL).status, 201);
    assert_string_equal(parameters_of("veteran"), "m=19456,t=2,p=1");
    struct str next = staff_credentials(&office, ground, "veteran", STAFF_PASSWORD, 1);
    assert_int_equal(sign_in(next, NULL).status, 201);
    assert_string_equal(parameters_of("veteran"), "m=19456,t=2,p=1");
}

/* ---- role-change race ---- */

/* One who asks while the test goes on; it alone uses its arena. */
struct colleague {
    pthread_t           thread;
    struct http_request request;
    struct http_answer  answer;
    struct arena       *arena;
};

static void *
run_colleague(void *object)
{
    struct colleague *colleague = object;

    colleague->answer = http_ask(colleague->arena, office.target, &colleague->request);
    return NULL;
}

/* In the middle of a request the role ends: what was begun is done as it was allowed, and the next
 * one is nobody's. */
static void
a_role_that_ends_meanwhile_ends_with_the_request_under_way(void **state)
{
    struct store_address address = station_database(office.station);
    struct colleague     colleague = {.arena = arena_create((size_t)64 << 20U)};
    struct store        *admin = NULL;
    struct fault         fault = {0};

    (void)state;
    staff_hire(&office, "supervisor", "supervisor", office.gmina, NULL);
    struct str tag = office_ask(
        &office, ground,
        str_format(ground, "SELECT registry.revision_of(%lld)", (long long)office.schools[0]).data);
    colleague.request = (struct http_request){
        .method = "POST",
        .path = SCHOOL "/traits",
        .headers = {staff_cookie(ground, "supervisor"), staff_csrf(ground, "supervisor"),
                    STAFF_ORIGIN, "Content-Type: application/json",
                    str_format(ground, "If-Match: \"%.*s\"", STR_ARG(tag)).data},
        .body =
            STR("{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\",\"basis\":\"x\"}")
    };
    assert_int_equal(store_open(ground, &address, STORE_ADMIN, &admin, &fault), ERR_OK);
    assert_int_equal(store_begin(admin, &fault), ERR_OK);
    assert_int_equal(event_hold(admin, ground, STR("990001010"), &fault), ERR_OK);
    assert_int_equal(store_run(admin,
                               "UPDATE people.appointment SET ended_at = now()"
                               " WHERE appointment = md5('asupervisor')::uuid",
                               NULL, ground, NULL, &fault),
                     ERR_OK);
    assert_int_equal(pthread_create(&colleague.thread, NULL, run_colleague, &colleague), 0);
    assert_true(office_await(&office, "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted", "t"));
    assert_int_equal(store_commit(admin, &fault), ERR_OK);
    assert_int_equal(pthread_join(colleague.thread, NULL), 0);
    assert_int_equal(colleague.answer.status, 201);
    struct http_answer next = http_ask(ground, office.target, &colleague.request);
    assert_true(is_problem(&next, 401, "brak-sesji"));
    assert_string_equal(
        office_ask(&office, ground, "SELECT count(*) FROM registry.unit_trait").data, "1");
    arena_destroy(colleague.arena);
}

/* ---- the class ---- */

static const struct attack attacks[] = {
    {"foreign submission",    a_foreign_id_looks_as_one_that_is_not_there                         },
    {"foreign UPO",           NULL                                                                },
    {"id walk",               a_walk_over_numbers_finds_ones_own_alone                            },
    {"method override",       NULL                                                                },
    {"verb tamper",           NULL                                                                },
    {"mass assignment",       members_that_nobody_asked_for_are_refused                           },
    {"dup params",            NULL                                                                },
    {"filter SQLi",           NULL                                                                },
    {"sort injection",        NULL                                                                },
    {"page 10^9",             NULL                                                                },
    {"-1 offset",             NULL                                                                },
    {"no CSRF token",         NULL                                                                },
    {"foreign Origin",        NULL                                                                },
    {"fixation",              a_sign_in_takes_no_session_that_was_brought_along                   },
    {"cookie after logout",   a_cookie_opens_nothing_after_the_sign_out                           },
    {"missing __Host-",       NULL                                                                },
    {"brute force",           brute_force_is_made_to_wait                                         },
    {"user timing",           an_unknown_login_costs_as_much_and_says_the_same_as_a_wrong_password},
    {"lock-out abuse",        nobody_is_locked_out_by_somebody_elsewhere                          },
    {"role-change race",      a_role_that_ends_meanwhile_ends_with_the_request_under_way          },
    {"GUS writes",            NULL                                                                },
    {"auditor reads content", NULL                                                                },
    {"export limit",          NULL                                                                },
    {"Host poison",           NULL                                                                },
    {"CORS",                  NULL                                                                },
    {"cache deception",       NULL                                                                },
    {"old password hash",     an_old_hash_is_made_anew_at_the_sign_in                             },
};

static const char *
seed_of(size_t row)
{
    return rows[row].seed;
}

static void
every_seed_of_the_class_is_tried(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_COUNT(attacks), 27);
    roster_expect(attacks, ARRAY_COUNT(attacks), seed_of, ARRAY_COUNT(rows));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_seed_of_the_class_is_tried),
    cmocka_unit_test(every_try_gets_its_exact_answer),
    cmocka_unit_test(nothing_of_it_changes_anything),
};

static const struct roster roster = {
    "class N", attacks, ARRAY_COUNT(attacks), tests, ARRAY_COUNT(tests), start, stop};

int
main(void)
{
    return roster_run(&roster);
}
