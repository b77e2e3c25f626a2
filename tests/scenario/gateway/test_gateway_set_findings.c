#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"
#include "tests/support/quarter.h"
#include "tests/support/station.h"

#include <string.h>

/*
 * What rules between reports ask and find, through nginx and TLS: it is answered, objected to and
 * listed as what rules of forms ask. A JST states 120 złotych of income in Rb-NDS where its Rb-27S
 * has 100, which ZESTAW-001 asks about twice.
 */
enum { NUMBER = 60 };

static struct cluster *cluster;
static struct office   office;
static struct arena   *kept;
static const char     *token; /* of the JST */
static const char     *set;   /* its number, and that of the two findings */
static const char     *first;
static const char     *second;
static size_t          filed;

#define VALUE(answer, path) office_value(arena, &(answer), path)
#define EXPECT_VALUE(answer, path, wanted) assert_string_equal(VALUE(answer, path), wanted)
#define JSON "Content-Type: application/json"
#define CSV "Content-Type: text/csv; charset=utf-8"
#define HEAD "plik;kod;nr uwagi;wpis;kod wyjaśnienia;wyjaśnienie\r\n"
#define RULE "ZESTAW-001"

static void
file(bool income, int version, int amount)
{
    struct quarter       quarter = {NUMBER, income, version, amount};
    struct office_filing filing = {
        .token = token,
        .key = str_format(kept, "zestaw-%zu", filed).data,
        .body = quarter_package(kept, station_authority(office.station), &quarter)};

    filed++;
    ENSURE(office_file(&office, kept, &filing).status == 201);
}

/* The finding at this cell that is open. */
static const char *
open_finding(const char *order)
{
    return office_ask(&office, kept,
                      str_format(kept,
                                 "SELECT finding FROM intake.set_finding WHERE closed_at IS NULL"
                                 " ORDER BY cell %s LIMIT 1",
                                 order)
                          .data)
        .data;
}

/* The JST owes an Rb-NDS for the quarter, to nobody but its own zarząd. */
static void
make_duty(void)
{
    struct str sql = str_format(
        kept,
        "INSERT INTO obligation.way (office, copied) VALUES (NULL, NULL) ON CONFLICT DO NOTHING;"
        "WITH m AS (INSERT INTO obligation.matter (form, form_title, level, year, period_type,"
        " period_number, period, period_end, opens_at) VALUES ('RBNDS', 'Rb-NDS', 'zbiorcze', 2026,"
        " 'Kwartal', 2, '2026-Q2', '2026-06-30', '2026-07-01') RETURNING matter), t AS ("
        "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        " recipient_title, rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed,"
        " model, basis) SELECT '1', matter, 'jst', 0, 'zarzad-jst', '', '', '2026-07-22',"
        " '2026-07-22', '2030-01-01', true, false, false, 'b' FROM m RETURNING matter, term) "
        "INSERT INTO obligation.duty (unit, matter, term, way, jst, powiat, due_before)"
        " SELECT u.unit, t.matter, t.term, w.way, u.unit, '9901', '2030-01-01' FROM t,"
        " registry.unit u, obligation.way w WHERE w.office IS NULL AND w.copied IS NULL"
        " AND u.regon = '%.*s'",
        STR_ARG(draft_regon(kept, NUMBER)));

    cluster_run(cluster, "setfindings", sql.data);
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "setfindings", &options, true);
    kept = arena_create(OFFICE_ROOM);
    token =
        station_token(office.station, office_jst(&office, kept, draft_regon(kept, NUMBER).data));
    make_duty();
    file(true, 0, 100);
    file(false, 0, 120);
    set = office_ask(&office, kept, "SELECT set FROM intake.report_set WHERE scope = 0").data;
    first = open_finding("ASC");
    second = open_finding("DESC");
    return strcmp(first, second) == 0 ? -1 : 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    arena_destroy(kept);
    return 0;
}

static struct http_answer
get(struct arena *arena, const char *who, const char *path)
{
    return office_get(&office, arena, who, path, NULL);
}

static const char *
path_of(struct arena *arena, const char *finding, const char *what)
{
    return str_format(arena, "/api/v1/sets/%s/findings/%s/%s", set, finding, what).data;
}

/* What is sent to change something; NULL leaves a header out. */
struct change {
    const char *path;
    const char *token;
    const char *type;
    const char *if_match;
    struct str  body;
};

static struct http_answer
put(struct arena *arena, const struct change *change)
{
    struct http_request request = {.method = "PUT", .path = change->path, .body = change->body};
    const char *const   headers[] = {change->token, change->type, change->if_match};
    size_t              count = 0;

    for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
        if (headers[i] != NULL) {
            request.headers[count++] = headers[i];
        }
    }
    return http_ask(arena, office.target, &request);
}

static const char *
tag_of(struct arena *arena, const char *finding)
{
    struct http_answer told = get(arena, token, path_of(arena, finding, "explanation"));

    assert_int_equal(told.status, 200);
    return VALUE(told, "query.tag");
}

static struct http_answer
explain(struct arena *arena, const char *finding, const char *body)
{
    const char *match = str_format(arena, "If-Match: \"%s\"", tag_of(arena, finding)).data;

    return put(arena, &(struct change){path_of(arena, finding, "explanation"), token, JSON, match,
                                       str_of(body)});
}

/* "open open" of the findings that are open, by cell. */
static const char *
states(struct arena *arena)
{
    struct http_answer told = get(arena, token, str_format(arena, "/api/v1/sets/%s", set).data);
    const char        *one = VALUE(told, "findings.0.query.state");

    return str_format(arena, "%s %s", one, VALUE(told, "findings.1.query.state")).data;
}

/* How many are open: at the duty, in how complete it all is, and at the report that is charged. */
static void
expect_open(struct arena *arena, const char *open)
{
    const char        *asked = strcmp(open, "0") == 0 ? "0" : "1";
    struct http_answer owed = get(arena, token, "/api/v1/obligations?form=RBNDS");
    struct http_answer whole = get(arena, token, "/api/v1/completeness?by=form&period=2026-Q2");
    const char        *id = office_ask(&office, arena,
                                       "SELECT submission FROM intake.report WHERE form = 'RBNDS'"
                                              " AND upper_inf(in_force)")
                         .data;
    struct http_answer told =
        get(arena, token, str_format(arena, "/api/v1/submissions/%s", id).data);

    EXPECT_VALUE(owed, "items.0.open_queries", open);
    EXPECT_VALUE(whole, "total.questioned", asked);
    EXPECT_VALUE(told, "findings.open_queries", open);
    EXPECT_VALUE(told, "reports.0.findings.open_queries", open);
}

static void
what_is_open_is_counted_wherever_it_is_counted(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer asked = get(arena, token, "/api/v1/obligations?only=questioned");
    struct http_answer foreign =
        get(arena, office.foreign_token, "/api/v1/obligations?only=questioned");

    (void)state;
    expect_open(arena, "2");
    EXPECT_VALUE(asked, "items.0.form", "RBNDS");
    EXPECT_VALUE(asked, "items.1", "");
    EXPECT_VALUE(foreign, "items", "[]");
    arena_destroy(arena);
}

static void
a_query_of_a_set_is_listed_with_its_own_day(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer listed = get(arena, token, "/api/v1/questions?state=open");
    struct http_answer others = get(arena, office.foreign_token, "/api/v1/questions");
    struct http_answer late = get(arena, token, "/api/v1/questions?state=late");
    struct http_answer form = get(arena, token, "/api/v1/questions?form=RB27S");
    struct http_answer told = get(arena, token, path_of(arena, first, "explanation"));
    struct http_answer table = get(arena, token, "/api/v1/questions?format=csv");

    (void)state;
    EXPECT_VALUE(listed, "items.0.set", set);
    EXPECT_VALUE(listed, "items.0.rule", RULE);
    EXPECT_VALUE(listed, "items.0.form", "RBNDS");
    EXPECT_VALUE(listed, "items.0.until", "2026-07-21");
    EXPECT_VALUE(listed, "items.0.open_queries", "1");
    EXPECT_VALUE(listed, "items.1.rule", RULE);
    EXPECT_VALUE(others, "items", "[]");
    EXPECT_VALUE(late, "items", "[]");
    EXPECT_VALUE(form, "items", "[]");
    EXPECT_VALUE(told, "query.state", "open");
    EXPECT_VALUE(told, "query.days", "7");
    EXPECT_VALUE(told, "query.until", "2026-07-21");
    EXPECT_VALUE(told, "query.tag", "128");
    EXPECT_VALUE(told, "rule", RULE);
    EXPECT_VALUE(told, "previous", "");
    assert_true(office_has(&table, "reguła zestawu") && office_has(&table, ";" RULE));
    arena_destroy(arena);
}

static void
every_refusal_is_exact_and_keeps_nothing(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *good = path_of(arena, first, "explanation");
    const char   *objection = path_of(arena, first, "objection");
    const char   *match = "If-Match: \"128\"";
    struct str    body = STR("{\"code\":\"zgodne-z-ksiegami\"}");
    struct str    reason = STR("{\"code\":\"" RULE "\",\"text\":\"powód\"}");
    char          long_text[502];
    memset(long_text, 'x', sizeof long_text);
    struct str too_long =
        str_format(arena, "{\"code\":\"" RULE "\",\"text\":\"%.501s\"}", long_text);
    const struct {
        struct change change;
        int           status;
        const char   *slug;
    } cases[] = {
        {{good, NULL, JSON, match, body},                                                 401, "brak-uwierzytelnienia"},
        {{good, office.foreign_token, JSON, match, body},                                 404, "nie-znaleziono"       },
        {{good, token, CSV, match, body},                                                 415, "to-nie-json"          },
        {{good, token, JSON, NULL, body},                                                 428, "brak-if-match"        },
        {{good, token, JSON, "If-Match: \"127\"", body},                                  412, "ktos-zmienil"         },
        {{good, token, JSON, match, STR("[]")},                                           400, "zla-tresc"            },
        {{good, token, JSON, match, STR("{\"code\":\"nie-ma\"}")},                        422, "zle-dane"             },
        {{path_of(arena, "0", "explanation"), token, JSON, match, body},                  404, "nie-znaleziono"       },
        {{path_of(arena, "x", "explanation"), token, JSON, match, body},                  404, "nie-znaleziono"       },
        {{path_of(arena, "999999", "explanation"), token, JSON, match, body},
         404,                                                                                  "nie-znaleziono"       },
        {{str_format(arena, "/api/v1/sets/999/findings/%s/explanation", first).data, token, JSON,
          match, body},
         404,                                                                                  "nie-znaleziono"       },
        {{objection, NULL, JSON, NULL, reason},                                           401, "brak-uwierzytelnienia"},
        {{objection, office.foreign_token, JSON, NULL, reason},                           404, "nie-znaleziono"       },
        {{objection, token, JSON, NULL, STR("{}")},                                       400, "zla-tresc"            },
        {{objection, token, JSON, NULL, STR("{\"code\":\"" RULE "\",\"text\":\" \"}")},
         422,                                                                                  "zle-dane"             },
        {{objection, token, JSON, NULL, too_long},                                        422, "zle-dane"             },
        {{objection, token, JSON, NULL, STR("{\"code\":\"RB27S-001\",\"text\":\"a\"}")},
         422,                                                                                  "zle-dane"             },
        {{objection, token, JSON, NULL, STR("{\"code\":\"ZESTAW-002\",\"text\":\"a\"}")},
         409,                                                                                  "stan-nie-pozwala"     },
        {{path_of(arena, "999999", "objection"), token, JSON, NULL, reason},              404, "nie-znaleziono"       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct http_answer answer = put(arena, &cases[i].change);
        struct str         type = str_format(arena, "/problemy/%s\"", cases[i].slug);
        if (answer.status != cases[i].status || !office_has(&answer, type.data)) {
            print_message("case %zu: %d %.*s\n", i, answer.status, STR_ARG(answer.body));
        }
        EXPECT(answer.status == cases[i].status && office_has(&answer, type.data), cases[i].slug);
    }
    EXPECT(get(arena, office.foreign_token, good).status == 404, "foreign");
    EXPECT(get(arena, NULL, good).status == 401, "nobody");
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT (SELECT count(*) FROM intake.explanation) +"
                                   " (SELECT count(*) FROM intake.objection)")
                            .data,
                        "0");
    arena_destroy(arena);
}

static void
an_answer_stays_as_long_as_the_amounts_do(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer given = explain(arena, first, "{\"code\":\"inna\",\"text\":\" dotacja \"}");

    (void)state;
    assert_int_equal(given.status, 200);
    EXPECT_VALUE(given, "revision", "1");
    EXPECT_VALUE(given, "text", "dotacja");
    struct http_answer told = get(arena, token, path_of(arena, first, "explanation"));
    EXPECT_VALUE(told, "query.state", "explained");
    EXPECT_VALUE(told, "explanation.code", "inna");
    EXPECT_VALUE(told, "query.tag", "129");
    assert_string_equal(states(arena), "explained open");
    expect_open(arena, "1");
    struct http_answer left = get(arena, token, "/api/v1/questions?state=open");
    EXPECT_VALUE(left, "items.0.finding", second);
    EXPECT_VALUE(left, "items.1", "");
    file(true, 1, 100); /* another Rb-27S, the same amounts */
    assert_string_equal(states(arena), "explained open");
    file(true, 2, 110);
    assert_string_equal(states(arena), "open open");
    assert_int_equal(explain(arena, first, "{\"code\":\"inna\",\"text\":\"a\"}").status, 409);
    struct http_answer closed = get(arena, token, path_of(arena, first, "explanation"));
    EXPECT_VALUE(closed, "query.state", "explained"); /* what was said stays readable */
    struct http_answer gone = get(arena, token, path_of(arena, second, "explanation"));
    EXPECT_VALUE(gone, "query.state", "replaced");
    EXPECT_VALUE(gone, "query.state_text", "zamknięte: zestaw porównano ponownie");
    file(true, 3, 100); /* found again as it was answered */
    assert_string_equal(states(arena), "explained open");
    expect_open(arena, "1");
    file(false, 1, 120); /* a correction of what was asked about */
    assert_string_equal(states(arena), "open open");
    expect_open(arena, "2");
    arena_destroy(arena);
}

static void
a_list_of_a_set_comes_back_with_answers(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    const char        *path = str_format(arena, "/api/v1/sets/%s/explanations", set).data;
    const char        *one = open_finding("ASC");
    const char        *other = open_finding("DESC");
    struct http_answer list =
        get(arena, token, str_format(arena, "/api/v1/sets/%s?format=csv", set).data);
    const char *tag = tag_of(arena, one);

    (void)state;
    assert_true(office_has(&list, "kod wyjaśnienia") && office_has(&list, RULE));
    struct http_answer foreign =
        put(arena, &(struct change){path, office.foreign_token, CSV, NULL,
                                    str_format(arena, HEAD "%s;" RULE ";%s;%s;stale-zjawisko;\r\n",
                                               set, one, tag)});
    assert_int_equal(foreign.status, 422);
    struct http_answer wrong =
        put(arena, &(struct change){path, token, CSV, NULL,
                                    str_format(arena,
                                               HEAD "%s;" RULE ";%s;%s;stale-zjawisko;\r\n"
                                                    "77;" RULE ";%s;%s;stale-zjawisko;\r\n",
                                               set, one, tag, other, tag)});
    assert_int_equal(wrong.status, 422);
    EXPECT_VALUE(wrong, "faults.0.line", "3");
    assert_true(office_has(&wrong, "innego zestawu"));
    struct http_answer both =
        put(arena, &(struct change){path, token, CSV, NULL,
                                    str_format(arena,
                                               HEAD "%s;" RULE ";%s;%s;stale-zjawisko;\r\n"
                                                    "%s;" RULE ";%s;%s;inna;tak jest\r\n",
                                               set, one, tag, set, other, tag)});
    assert_int_equal(both.status, 200);
    EXPECT_VALUE(both, "kept", "2");
    assert_string_equal(states(arena), "explained explained");
    expect_open(arena, "0");
    struct http_answer told = get(arena, token, "/api/v1/questions?state=explained");
    EXPECT_VALUE(told, "items.1.set", set);
    arena_destroy(arena);
}

static void
an_objection_to_a_rule_of_sets_is_told_to_its_owner(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *path = path_of(arena, open_finding("ASC"), "objection");
    struct change change = {path, token, JSON, NULL,
                            STR("{\"code\":\"" RULE "\",\"text\":\"wzór pomija dotacje\"}")};

    (void)state;
    assert_int_equal(put(arena, &change).status, 200);
    assert_int_equal(put(arena, &change).status, 200); /* word for word */
    change.body = STR("{\"code\":\"" RULE "\",\"text\":\"inny powód\"}");
    assert_int_equal(put(arena, &change).status, 409);
    change.path = path_of(arena, first, "objection");
    assert_int_equal(put(arena, &change).status, 409); /* closed */
    struct http_answer listed = get(arena, token, "/api/v1/objections?code=" RULE);
    EXPECT_VALUE(listed, "items.0.rule", RULE);
    EXPECT_VALUE(listed, "items.0.owner", "MF");
    EXPECT_VALUE(listed, "items.0.form_version", "2025-1");
    EXPECT_VALUE(listed, "items.0.reason", "wzór pomija dotacje");
    EXPECT_VALUE(listed, "items.0.report.form_title", "Rb-NDS");
    EXPECT_VALUE(listed, "items.1", "");
    struct http_answer others = get(arena, office.foreign_token, "/api/v1/objections");
    EXPECT_VALUE(others, "items", "[]");
    struct http_answer told = get(arena, token, str_format(arena, "/api/v1/sets/%s", set).data);
    EXPECT_VALUE(told, "findings.0.objection.reason", "wzór pomija dotacje");
    EXPECT_VALUE(told, "findings.1.objection", "");
    assert_true(office_await_metric(&office, "brama_objections_total", 1));
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT count(*) FROM intake.outbox"
                                   " WHERE kind = 'submission.objected'")
                            .data,
                        "1");
    arena_destroy(arena);
}

static void
the_program_shows_answers_and_objects(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *one = open_finding("ASC");
    const char   *other = open_finding("DESC");
    const char   *id = office_ask(&office, arena,
                                  "SELECT r.submission FROM intake.set_finding f JOIN intake.report r"
                                    " USING (report) WHERE f.closed_at IS NULL LIMIT 1")
                         .data;
    const char *list = office_keep(&office, arena, "uwagi.csv",
                                   str_format(arena, HEAD "%s;" RULE ";%s;%s;inna;z arkusza\r\n",
                                              set, one, tag_of(arena, one)));
    const struct {
        const char *arguments[11];
        int         exit;
        const char *text;
    } cases[] = {
        {{"answer", "--set", set, NULL},                                                  0, "wyjaśnione, do 2026-07-21: stale-zjawisko"          },
        {{"answer", "--set", set, "--csv", NULL},                                         0, "kod wyjaśnienia;wyjaśnienie"                       },
        {{"answer", "--set", set, "--json", NULL},                                        0, "\"" RULE "\""                                        },
        {{"answer", "--set", set, "--file", list, NULL},                                  0, "Zapisano wyjaśnień: 1"                             },
        {{"answer", "--set", set, "--finding", other, "--code", "stale-zjawisko", NULL},
         0,                                                                                  "zapis 2"                                             },
        {{"answer", "--set", set, "--finding", other, "--code", "nie-ma", NULL},          6, ""                                                    },
        {{"answer", "--set", set, "--finding", "99999", "--code", "inna", NULL},          6, ""                                                    },
        {{"answer", "--set", set, "--finding", other, "--object", "--code", RULE, "--text",
          "zły wzór", NULL},
         0,                                                                                  "Zapisano zastrzeżenie"                              },
        {{"answer", "--set", set, "--finding", other, "--object", "--code", RULE, NULL},  2, ""                                                    },
        {{"answer", "--finding", other, "--object", "--code", RULE, "--text", "a", NULL}, 2, ""                                                    },
        {{"answer", id, "--set", set, NULL},                                              2, ""                                                    },
        {{"answer", "--set", "0", NULL},                                                  2, ""                                                    },
        {{"answer", "--set", "99999", NULL},                                              6, ""                                                    },
        {{"status", id, NULL},                                                            0, "wyjaśnione"                                         },
        {{"status", id, NULL},                                                            0, "zastrzeżenie do " RULE ": nie ma jeszcze odpowiedzi"},
        {{"status", id, NULL},                                                            0, "Co zrobić: "                                        },
        {{"answer", "--set", set, NULL},                                                  0, "zastrzeżenie do " RULE                              },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str told = {0};
        int        code = office_program(&office, arena, token, cases[i].arguments, &told);
        bool       says = cases[i].text[0] == '\0'
                    || (told.size > 0
                        && memmem(told.data, told.size, cases[i].text, strlen(cases[i].text)));
        if (code != cases[i].exit || !says) {
            print_message("case %zu: %d %.*s\n", i, code, STR_ARG(told));
        }
        EXPECT(code == cases[i].exit && says, cases[i].text);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_open_is_counted_wherever_it_is_counted),
        cmocka_unit_test(a_query_of_a_set_is_listed_with_its_own_day),
        cmocka_unit_test(every_refusal_is_exact_and_keeps_nothing),
        cmocka_unit_test(an_answer_stays_as_long_as_the_amounts_do),
        cmocka_unit_test(a_list_of_a_set_comes_back_with_answers),
        cmocka_unit_test(an_objection_to_a_rule_of_sets_is_told_to_its_owner),
        cmocka_unit_test(the_program_shows_answers_and_objects),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
