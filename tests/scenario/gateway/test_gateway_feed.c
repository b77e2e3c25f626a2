#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"

#include <stdio.h>
#include <string.h>

/*
 * The calendar that a phone subscribes to, through nginx and TLS: its token stands in the address,
 * opens that calendar and nothing else, and is found in no log.
 */
static struct cluster *cluster;
static struct office   office;

#define FEED "/api/v1/obligations.ics?token="
#define GOOD "brf_test_goodgoodgoodgoodgoodgoodgoodgoodgoodgood1"
#define SCHOOLS "brf_test_schoolschoolschoolschoolschoolschoolscho"
#define EXPIRED "brf_test_expiredexpiredexpiredexpiredexpiredexpi"
#define REVOKED "brf_test_revokedrevokedrevokedrevokedrevokedrevo"
#define ENDED "brf_test_endedendedendedendedendedendedendedende"
#define ORDINARY "brk_test_ordinaryordinaryordinaryordinaryordinar"
#define READING "brk_test_readingreadingreadingreadingreadingread"
#define UNKNOWN "brf_test_unknownunknownunknownunknownunknownunkn"

/* One duty of 2090 for the gmina, its first school and the foreign one, each with its own name. */
static const char duties_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
    " period, period_end, opens_at) VALUES ('RB27S', 'Rb-27S', 'jednostkowe', 2090, 'Kwartal', 2,"
    " '2090-Q2', '2090-06-30', '2090-07-01 00:00+02');"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " VALUES ('1', 1, 'jst', 0, 'zarzad-jst', 'zarząd JST', 'd+10', '2090-07-10', '2090-07-10',"
    " '2090-07-11 00:00+02', true, false, false, 'rozporządzenie');"
    "INSERT INTO obligation.way (office, copied) VALUES (NULL, NULL);"
    "INSERT INTO obligation.duty (unit, matter, term, jst, powiat, way, due_before) SELECT u.unit,"
    " 1, 1, 1, '9901', 1, '2090-07-11 00:00+02' FROM registry.unit u;"
    "INSERT INTO people.person (person, email, name) VALUES (md5('p')::uuid, 'p@example.test',"
    " 'Osoba');"
    "INSERT INTO people.appointment (appointment, person, role, unit, valid_from, valid_to) VALUES"
    " (md5('a')::uuid, md5('p')::uuid, 'head', %lld, '2020-01-01', '2020-12-31');"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at,"
    " revoked_at, made_in) SELECT t.unit, false, sha256(t.token::bytea), t.scopes, 'test', "
    "t.expires,"
    " t.revoked, t.made FROM (VALUES"
    " (%lld, '" GOOD "', 32, now() + interval '1 day', NULL::timestamptz, NULL::uuid),"
    " (%lld, '" SCHOOLS "', 32, now() + interval '1 day', NULL, NULL),"
    " (%lld, '" EXPIRED "', 32, '2025-01-01', NULL, NULL),"
    " (%lld, '" REVOKED "', 32, now() + interval '1 day', now(), NULL),"
    " (%lld, '" ENDED "', 32, now() + interval '1 day', NULL, md5('a')::uuid),"
    " (%lld, '" ORDINARY "', 31, now() + interval '1 day', NULL, NULL),"
    " (%lld, '" READING "', 2, now() + interval '1 day', NULL, NULL))"
    " t (unit, token, scopes, expires, revoked, made)";

static int
start(void **state)
{
    const struct station_options options = {0};
    struct arena                *arena = arena_create(OFFICE_ROOM);

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "feed", &options, true);
    long long gmina = office.gmina;
    cluster_run(cluster, office.database,
                str_format(arena, duties_sql, gmina, gmina, (long long)office.schools[0], gmina,
                           gmina, gmina, gmina, gmina)
                    .data);
    arena_destroy(arena);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    return 0;
}

static struct http_answer
ask(struct arena *arena, const char *method, const char *path, const char *first,
    const char *second)
{
    struct http_request request = {.method = method, .path = path};

    request.headers[0] = first;
    request.headers[1] = first == NULL ? NULL : second;
    return http_ask(arena, office.target, &request);
}

static size_t
count(const struct http_answer *answer, const char *text)
{
    struct str rest = answer->body;
    size_t     found = 0;
    size_t     size = strlen(text);

    for (const char *at = memmem(rest.data, rest.size, text, size); at != NULL;
         at = memmem(rest.data, rest.size, text, size)) {
        size_t gone = (size_t)(at - rest.data) + size;
        rest = str_slice(rest, gone, rest.size);
        found++;
    }
    return found;
}

static void
a_calendar_opens_by_its_own_token_alone(void **state)
{
    static const char bearer[] = "Authorization: Bearer ";
    static const struct {
        const char *name;
        const char *method;
        const char *path;
        const char *token; /* as a header; NULL: none */
        int         status;
        const char *slug;
    } cases[] = {
        {"without any",            "GET",    "/api/v1/obligations.ics",          NULL,    401, "brak-uwierzytelnienia" },
        {"unknown",                "GET",    FEED UNKNOWN,                       NULL,    401, "nieznane-poswiadczenie"},
        {"cut",                    "GET",    FEED "brf_test_goodgood",           NULL,    401, "nieznane-poswiadczenie"},
        {"expired",                "GET",    FEED EXPIRED,                       NULL,    401, "token-wygasl"          },
        {"revoked",                "GET",    FEED REVOKED,                       NULL,    401, "poswiadczenie-odwolane"},
        {"of who was appointed",   "GET",    FEED ENDED,                         NULL,    401, "poswiadczenie-odwolane"},
        {"that opens more",        "GET",    FEED ORDINARY,                      NULL,    401, "nieznane-poswiadczenie"},
        {"that reads",             "GET",    FEED READING,                       NULL,    401, "nieznane-poswiadczenie"},
        {"empty",                  "GET",    FEED,                               NULL,    400, "zly-parametr"          },
        {"escaped",                "GET",    FEED "brf%5Ftest",                  NULL,    400, "zly-parametr"          },
        {"with a blank",           "GET",    FEED "a+b",                         NULL,    400, "zly-parametr"          },
        {"twice",                  "GET",    FEED GOOD "&token=" GOOD,           NULL,    400, "zly-parametr"          },
        {"two",                    "GET",    FEED GOOD "&unit=&token=x",         NULL,    400, "zly-parametr"          },
        {"beside another",         "GET",    FEED GOOD,                          GOOD,    400, "zly-parametr"          },
        {"to be written to",       "POST",   FEED GOOD,                          NULL,    405, "zla-metoda"            },
        {"to be taken away",       "DELETE", FEED GOOD,                          NULL,    405, "zla-metoda"            },
        {"another form",           "GET",    FEED GOOD "&format=json",           NULL,    406, "nieobslugiwana-postac" },
        {"a wrong parameter",      "GET",    FEED GOOD "&unit=x",                NULL,    400, "zly-parametr"          },
        {"of the list",            "GET",    "/api/v1/obligations?token=" GOOD,  NULL,    401,
         "brak-uwierzytelnienia"                                                                                       },
        {"of submissions",         "GET",    "/api/v1/submissions?token=" GOOD,  NULL,    401,
         "brak-uwierzytelnienia"                                                                                       },
        {"of completeness",        "GET",    "/api/v1/completeness?token=" GOOD, NULL,    401,
         "brak-uwierzytelnienia"                                                                                       },
        {"shown for the list",     "GET",    "/api/v1/obligations",              GOOD,    403, "obligations:read"      },
        {"shown for submissions",  "GET",    "/api/v1/submissions",              GOOD,    403, "submissions:read"      },
        {"shown for the missing",  "GET",    "/api/v1/completeness/missing",     GOOD,    403,
         "obligations:read"                                                                                            },
        {"shown for filing",       "POST",   "/api/v1/submissions",              GOOD,    403, "submissions:write"     },
        {"shown for checking",     "POST",   "/api/v1/validations",              GOOD,    403, "tylko kalendarz"       },
        {"read, for the list",     "GET",    "/api/v1/obligations",              READING, 403, "obligations:read"      },
        {"read, for the calendar", "GET",    "/api/v1/obligations.ics",          READING, 403,
         "obligations:read"                                                                                            },
        {"read, for completeness", "GET",    "/api/v1/completeness",             READING, 403, "obligations:read"      },
    };
    struct arena *arena = arena_create(OFFICE_ROOM);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *header =
            cases[i].token == NULL ? NULL : str_format(arena, "%s%s", bearer, cases[i].token).data;
        struct http_answer answer = ask(arena, cases[i].method, cases[i].path, header, NULL);
        if (answer.status != cases[i].status) {
            print_message("%d %.*s\n", answer.status, STR_ARG(answer.body));
        }
        EXPECT(answer.status == cases[i].status, cases[i].name);
        EXPECT(office_has(&answer, cases[i].slug), cases[i].name);
        /* Nor does a refusal repeat what was shown. */
        EXPECT(!office_has(&answer, "brf_") && !office_has(&answer, "goodgood"), cases[i].name);
        EXPECT(strstr(str_copy(arena, answer.headers).data, "brf_") == NULL, cases[i].name);
    }
    arena_destroy(arena);
}

static void
a_filing_and_a_check_with_the_token_of_a_calendar_are_refused(void **state)
{
    static const char *const paths[] = {"/api/v1/submissions", "/api/v1/validations"};
    struct arena            *arena = arena_create(OFFICE_ROOM);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        const struct office_filing filing = {.path = paths[i],
                                             .token = "Authorization: Bearer " GOOD,
                                             .key = "z-kalendarza",
                                             .body = STR("<a/>")};
        struct http_answer         answer = office_file(&office, arena, &filing);
        EXPECT(answer.status == 403, paths[i]);
        EXPECT(office_has(&answer, "/problemy/brak-roli"), paths[i]);
    }
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.submission").data,
                        "0");
    arena_destroy(arena);
}

static void
a_calendar_has_the_duties_of_its_unit_and_is_sent_once(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer whole = ask(arena, "GET", FEED GOOD, NULL, NULL);
    struct http_answer own = ask(arena, "GET", FEED SCHOOLS, NULL, NULL);
    struct http_answer narrowed = ask(arena, "GET", FEED GOOD "&period=2090-Q1", NULL, NULL);

    (void)state;
    assert_int_equal(whole.status, 200);
    assert_true(
        str_equal(http_header(&whole, "Content-Type"), STR("text/calendar; charset=utf-8")));
    const char *seen = office_ask(&office, arena,
                                  "SELECT count(*) FROM registry.unit u WHERE"
                                  " (SELECT min(unit) FROM registry.unit) = ANY"
                                  " (registry.path(u.unit))")
                           .data;
    assert_string_equal(str_format(arena, "%zu", count(&whole, "BEGIN:VEVENT")).data, seen);
    assert_int_equal(count(&own, "BEGIN:VEVENT"), 1);
    assert_int_equal(count(&narrowed, "BEGIN:VEVENT"), 0);
    /* Asked for a foreign unit it has nothing, as for one that is not there. */
    struct str regon =
        office_ask(&office, arena,
                   str_format(arena, "SELECT regon FROM registry.unit WHERE unit = %lld",
                              (long long)office.foreign)
                       .data);
    struct http_answer foreign =
        ask(arena, "GET", str_format(arena, FEED GOOD "&unit=%s", regon.data).data, NULL, NULL);
    assert_int_equal(foreign.status, 200);
    assert_int_equal(count(&foreign, "BEGIN:VEVENT"), 0);

    struct str tag = http_header(&whole, "ETag");
    assert_true(tag.size > 2);
    const char        *known = str_format(arena, "If-None-Match: %.*s", STR_ARG(tag)).data;
    struct http_answer again = ask(arena, "GET", FEED GOOD, known, NULL);
    assert_int_equal(again.status, 304);
    assert_int_equal(again.body.size, 0);
    assert_int_equal(ask(arena, "GET", FEED SCHOOLS, known, NULL).status, 200);
    /* What a browser shows beside it is not asked. */
    struct http_answer beside = ask(arena, "GET", FEED GOOD, "Cookie: __Host-brama=" GOOD, NULL);
    assert_int_equal(beside.status, 200);
    assert_true(office_await(&office,
                             "SELECT count(*) FROM registry.credential WHERE scopes = 32 AND"
                             " last_used_at IS NOT NULL",
                             "2"));
    arena_destroy(arena);
}

static void
a_calendar_ends_with_its_token(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    bool          ended = false;

    (void)state;
    cluster_run(cluster, office.database,
                "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                " expires_at) SELECT min(unit), false, sha256('brf_test_short'), 32, '', now() +"
                " interval '1 day' FROM registry.unit");
    assert_int_equal(ask(arena, "GET", FEED "brf_test_short", NULL, NULL).status, 200);
    cluster_run(cluster, office.database,
                "UPDATE registry.credential SET revoked_at = now() WHERE digest ="
                " sha256('brf_test_short')");
    /* The front may know it a little longer; the reader does not. */
    struct http_answer refused = ask(arena, "GET", FEED "brf_test_short", NULL, NULL);
    ended = refused.status == 401 && office_has(&refused, "poswiadczenie-odwolane");
    assert_true(ended);
    arena_destroy(arena);
}

/* Text of a log; empty when nobody has written it. */
static const char *
read_log(struct arena *arena, const char *path)
{
    enum { LOG_MAX = 8 << 20 };
    FILE *file = fopen(path, "re");
    char *bytes = ARENA_NEW(arena, char, LOG_MAX);

    ENSURE(bytes != NULL);
    if (file != NULL) {
        bytes[fread(bytes, 1, LOG_MAX - 1, file)] = '\0';
        ENSURE(fclose(file) == 0);
    }
    return bytes;
}

/* nginx writes whole addresses where something fails, but not this one. Runs last: it stops the
 * gateway behind nginx. */
static void
the_token_of_a_calendar_stands_in_no_log(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *folder = edge_folder(office.edge);

    (void)state;
    station_stop(office.station);
    struct http_answer feed = ask(arena, "GET", FEED GOOD, NULL, NULL);
    struct http_answer list = ask(arena, "GET", "/api/v1/obligations?canary=kanarek", NULL, NULL);
    assert_int_equal(feed.status, 503);
    assert_int_equal(list.status, 503);
    assert_true(office_has(&feed, "przerwa-techniczna"));
    const char *errors = read_log(arena, str_format(arena, "%s/nginx-error.log", folder).data);
    const char *access = read_log(arena, str_format(arena, "%s/nginx-access.log", folder).data);
    const char *own = read_log(arena, station_log(office.station));
    assert_non_null(strstr(errors, "canary=kanarek")); /* so that this can fail */
    assert_non_null(strstr(access, "\"path\":\"/api/v1/obligations.ics\""));
    assert_non_null(strstr(own, "\"route\":\"/api/v1/obligations.ics\""));
    const char *const logs[] = {errors, access, own};
    for (size_t i = 0; i < ARRAY_COUNT(logs); i++) {
        assert_null(strstr(logs[i], "brf_"));
        assert_null(strstr(logs[i], "goodgood"));
        assert_null(strstr(logs[i], "token="));
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calendar_opens_by_its_own_token_alone),
        cmocka_unit_test(a_filing_and_a_check_with_the_token_of_a_calendar_are_refused),
        cmocka_unit_test(a_calendar_has_the_duties_of_its_unit_and_is_sent_once),
        cmocka_unit_test(a_calendar_ends_with_its_token),
        cmocka_unit_test(the_token_of_a_calendar_stands_in_no_log),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
