#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/sets.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/* Sets at the API: who sees which, and whose figures. */
static struct world world;

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "sets");
    world_run(&world, SETS_SQL);
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static json_t *
read_json(int64_t who, const char *target)
{
    struct reply reply = world_get(&world, who, target);
    json_t      *value = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);

    if (reply.status != 200 || value == NULL) {
        fail_msg("%d %s: %.*s", reply.status, target, STR_ARG(reply.body));
    }
    return value;
}

/* "4:incomplete 1:inconsistent", as they are listed. */
static struct str
list(int64_t who, const char *target)
{
    json_t    *answer = read_json(who, target);
    struct buf out = buf_create(world.arena, 4096);
    size_t     i = 0;
    json_t    *item = NULL;

    json_array_foreach(json_object_get(answer, "items"), i, item)
    {
        buf_format(&out, "%s%lld:%s", i == 0 ? "" : " ",
                   (long long)json_integer_value(json_object_get(item, "id")),
                   json_string_value(json_object_get(item, "state")));
    }
    json_decref(answer);
    return buf_str(&out);
}

static void
each_sees_its_own_sets_and_those_below(void **state)
{
    static const struct {
        const char *name;
        int64_t     who;
        const char *target;
        const char *want;
    } cases[] = {
        {"the gmina, all that is below it, too", WORLD_GMINA,    "/api/v1/sets",
         "4:incomplete 2:consistent 1:inconsistent"                                                             },
        {"of a period",                          WORLD_GMINA,    "/api/v1/sets?period=2026-Q1",   "4:incomplete"},
        {"of a state",                           WORLD_GMINA,    "/api/v1/sets?state=consistent", "2:consistent"},
        {"of a period that nobody has",          WORLD_GMINA,    "/api/v1/sets?period=2031-Q1",   ""            },
        {"a school, its own alone",              WORLD_SCHOOL,   "/api/v1/sets",                  "2:consistent"},
        {"its sister has none",                  WORLD_SISTER,   "/api/v1/sets",                  ""            },
        {"a stranger, its own",                  WORLD_STRANGER, "/api/v1/sets",                  "3:incomplete"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str got = list(cases[i].who, cases[i].target);
        EXPECT(str_equal(got, str_of(cases[i].want)), cases[i].name);
    }
}

static void
pages_follow_each_other_without_gap(void **state)
{
    json_t     *first = read_json(WORLD_GMINA, "/api/v1/sets?limit=2");
    const char *cursor = json_string_value(json_object_get(first, "next_cursor"));
    struct str  rest = {0};

    (void)state;
    assert_int_equal(json_array_size(json_object_get(first, "items")), 2);
    assert_non_null(cursor);
    rest =
        list(WORLD_GMINA, str_format(world.arena, "/api/v1/sets?limit=2&cursor=%s", cursor).data);
    assert_true(str_equal(rest, STR("1:inconsistent")));
    json_decref(first);
}

static void
what_is_asked_wrongly_is_refused(void **state)
{
    static const char *const targets[] = {
        "/api/v1/sets?limit=0",       "/api/v1/sets?limit=501",
        "/api/v1/sets?period=lipiec", "/api/v1/sets?state=good",
        "/api/v1/sets?cursor=abc",    "/api/v1/sets?cursor=000000000000000000000000",
    };
    static const struct {
        int64_t     who;
        const char *target;
    } missing[] = {
        {WORLD_SCHOOL,   "/api/v1/sets/1"                  }, /* of the JST above it */
        {WORLD_GMINA,    "/api/v1/sets/3"                  }, /* of another JST */
        {WORLD_STRANGER, "/api/v1/sets/2"                  },
        {WORLD_GMINA,    "/api/v1/sets/99"                 },
        {WORLD_GMINA,    "/api/v1/sets/x"                  },
        {WORLD_GMINA,    "/api/v1/sets/9999999999999999999"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        EXPECT(world_get(&world, WORLD_GMINA, targets[i]).status == 400, targets[i]);
    }
    for (size_t i = 0; i < ARRAY_COUNT(missing); i++) {
        EXPECT(world_get(&world, missing[i].who, missing[i].target).status == 404,
               missing[i].target);
    }
    EXPECT(world_get(&world, 0, "/api/v1/sets").status == 401, "nobody");
    EXPECT(world_get(&world, 0, "/api/v1/sets/1").status == 401, "nobody");
}

static void
the_jst_sees_the_figures_of_its_units(void **state)
{
    json_t *answer = read_json(WORLD_GMINA, "/api/v1/sets/1");
    json_t *findings = json_object_get(answer, "findings");

    (void)state;
    assert_int_equal(json_array_size(findings), 2);
    for (size_t i = 0; i < 2; i++) {
        json_t *finding = json_array_get(findings, i);
        assert_true(json_is_false(json_object_get(finding, "figures_hidden")));
        assert_string_equal(json_string_value(json_object_get(finding, "found")), "10,00");
        assert_int_equal(json_array_size(json_object_get(finding, "contributors")), 1);
    }
    json_decref(answer);
}

/* At the report: that it is charged and by what rule, for whoever sees it; no amounts. */
static void
the_charged_report_says_so_without_amounts(void **state)
{
    static const int64_t who[] = {WORLD_GMINA, WORLD_SCHOOL};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(who); i++) {
        struct reply reply = world_get(&world, who[i], "/api/v1/submissions/" WORLD_PACKAGE);
        json_t *answer = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
        json_t *report = json_array_get(json_object_get(answer, "reports"), 0);
        json_t *set = json_object_get(report, "set");
        json_t *findings = json_object_get(set, "findings");
        json_t *second = json_array_get(json_object_get(answer, "reports"), 1);
        assert_string_equal(json_string_value(json_object_get(set, "state")), "consistent");
        assert_int_equal(json_array_size(findings), 2);
        assert_string_equal(json_string_value(json_object_get(json_array_get(findings, 0), "code")),
                            "ZESTAW-001");
        EXPECT(memmem(reply.body.data, reply.body.size, "12,00", 5) == NULL, "amounts");
        EXPECT(second == NULL || json_is_null(json_object_get(second, "set")), "rejected");
        json_decref(answer);
    }
}

/* The second fence alone: as brama_reader, entered as a unit. */
static struct str
count_as(int64_t credential, const char *table)
{
    struct str sql = str_format(world.arena,
                                "SET ROLE brama_reader; SELECT registry.enter(%lld);"
                                " SELECT count(*) FROM intake.%s",
                                (long long)credential, table);

    return cluster_ask(world.cluster, world.arena, world.database, sql.data);
}

static void
row_level_security_says_the_same(void **state)
{
    static const struct {
        const char *name;
        int64_t     who;
        const char *sets;
        const char *findings;
        const char *values;
    } cases[] = {
        {"gmina",    WORLD_GMINA,    "3", "3", "3"},
        {"school",   WORLD_SCHOOL,   "1", "3", "2"}, /* not the one with its sister's figures */
        {"sister",   WORLD_SISTER,   "0", "0", "0"},
        {"stranger", WORLD_STRANGER, "1", "1", "1"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(str_equal(count_as(cases[i].who, "report_set"), str_of(cases[i].sets)),
               cases[i].name);
        EXPECT(str_equal(count_as(cases[i].who, "set_finding"), str_of(cases[i].findings)),
               cases[i].name);
        EXPECT(str_equal(count_as(cases[i].who, "set_finding_value"), str_of(cases[i].values)),
               cases[i].name);
    }
}

/* A query of the set of a JST, by whoever sees the report that it charges: also a school that does
 * not see the set. */
static void
a_query_is_seen_with_the_charged_report_and_told_without_hidden_figures(void **state)
{
    static const struct {
        const char *name;
        int64_t     who;
        const char *target;
        int         status;
        const char *says;
    } cases[] = {
        {"the JST",                    WORLD_GMINA,    "/api/v1/sets/1/findings/1/explanation", 200, "tytuł"        },
        {"the school that is charged", WORLD_SCHOOL,   "/api/v1/sets/1/findings/1/explanation", 200,
         "tytuł"                                                                                                    },
        {"figures of its sister, too", WORLD_SCHOOL,   "/api/v1/sets/1/findings/2/explanation", 200,
         "o czym"                                                                                                    },
        {"no query",                   WORLD_SCHOOL,   "/api/v1/sets/1/findings/2/explanation", 200, "\"query\":null"},
        {"closed, and not answered",   WORLD_SCHOOL,   "/api/v1/sets/1/findings/3/explanation", 200,
         "porównano ponownie"                                                                                       },
        {"its sister",                 WORLD_SISTER,   "/api/v1/sets/1/findings/1/explanation", 404, ""              },
        {"a stranger",                 WORLD_STRANGER, "/api/v1/sets/1/findings/1/explanation", 404, ""              },
        {"under another set",          WORLD_GMINA,    "/api/v1/sets/2/findings/1/explanation", 404, ""              },
        {"no such finding",            WORLD_GMINA,    "/api/v1/sets/1/findings/9/explanation", 404, ""              },
        {"no number",                  WORLD_GMINA,    "/api/v1/sets/1/findings/x/explanation", 404, ""              },
        {"nobody",                     0,              "/api/v1/sets/1/findings/1/explanation", 401, ""              },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = world_get(&world, cases[i].who, cases[i].target);
        EXPECT(reply.status == cases[i].status, cases[i].name);
        EXPECT(memmem(reply.body.data == NULL ? "" : reply.body.data, reply.body.size,
                      cases[i].says, strlen(cases[i].says))
                   != NULL,
               cases[i].name);
    }
}

/* The report of the quarter before, charged by the same rule at the same cell, and what was said.
 */
static void
what_was_said_of_the_period_before_is_offered(void **state)
{
    world_run(&world,
              "CREATE TABLE public.former AS SELECT * FROM intake.report WHERE report = 1100;"
              "UPDATE public.former SET report = 900, ordinal = 7, period_number = 1,"
              " period = '2026-Q1', period_end = '2026-03-31';"
              "INSERT INTO intake.report SELECT * FROM public.former;"
              "INSERT INTO intake.set_finding (finding, owner, scope, period_end, period_type,"
              " report, code, severity, cell, about, basis, definitions, opened_at, closed_at,"
              " mark) VALUES (50, 1, 0, '2026-03-31', 'Kwartal', 900, 'ZESTAW-001', 'query',"
              " 'wiersz A', 'o', 'b', sha256('d'), '2026-04-10', '2026-04-11', gen_random_uuid()),"
              " (51, 1, 0, '2026-03-31', 'Kwartal', 900, 'ZESTAW-001', 'query', 'wiersz B', 'o',"
              " 'b', sha256('d'), '2026-04-10', '2026-04-11', gen_random_uuid());"
              "INSERT INTO intake.explanation (submission, report, mark, revision, code, text,"
              " given_at, unit, credential, n, set_finding) SELECT r.submission, r.ordinal, f.mark,"
              " 1, 'inna', 'słowa ' || f.cell, '2026-04-10', 3,"
              " (SELECT min(credential) FROM registry.credential), r.n, f.finding"
              " FROM intake.set_finding f JOIN intake.report r USING (report)"
              " WHERE f.finding IN (50, 51)");
    static const int64_t who[] = {WORLD_GMINA, WORLD_SCHOOL};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(who); i++) {
        json_t *answer = read_json(who[i], "/api/v1/sets/1/findings/1/explanation");
        json_t *previous = json_object_get(answer, "previous");
        assert_string_equal(json_string_value(json_object_get(previous, "period")), "2026-Q1");
        assert_string_equal(json_string_value(json_object_get(previous, "text")), "słowa wiersz A");
        json_decref(answer);
    }
}

static void
a_set_as_csv_has_its_number_and_how_each_query_stands(void **state)
{
    struct reply reply = world_get(&world, WORLD_GMINA, "/api/v1/sets/1?format=csv");
    const char  *text = str_copy(world.arena, reply.body).data;

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(text, "nr uwagi;stan zapytania;wyjaśnij do;wpis;kod wyjaśnienia"));
    assert_non_null(strstr(text, "\r\n1;Rb-27S;2026-Q2;"));
    assert_non_null(strstr(text, ";1;otwarte;"));
    assert_non_null(strstr(text, ";2;;;;;")); /* a warning asks for nothing */
    assert_null(strstr(text, "ZESTAW-003"));
    assert_int_equal(world_get(&world, WORLD_SCHOOL, "/api/v1/sets/1?format=csv").status, 404);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_sees_its_own_sets_and_those_below),
        cmocka_unit_test(pages_follow_each_other_without_gap),
        cmocka_unit_test(what_is_asked_wrongly_is_refused),
        cmocka_unit_test(the_jst_sees_the_figures_of_its_units),
        cmocka_unit_test(the_charged_report_says_so_without_amounts),
        cmocka_unit_test(row_level_security_says_the_same),
        cmocka_unit_test(a_query_is_seen_with_the_charged_report_and_told_without_hidden_figures),
        cmocka_unit_test(a_set_as_csv_has_its_number_and_how_each_query_stands),
        cmocka_unit_test(what_was_said_of_the_period_before_is_offered),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
