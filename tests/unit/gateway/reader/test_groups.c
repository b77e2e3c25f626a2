#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/*
 * Findings of one cause, counted over the units that the asker sees. Beside the world's own (both
 * schools have two findings of RB27S-001 in their last reports, all with one
 * difference): two corrections of the sister, the first rejected with a finding of RB27S-012 and
 * then taken back, the second accepted with a query; and one of the stranger that was sent to GUS.
 */
static struct world world;

enum { GUS = 700 };

static const char filed_sql[] =
    "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes, label,"
    " expires_at) OVERRIDING SYSTEM VALUE VALUES (700, 'gus', false, sha256('gus'), 2, '',"
    " now() + interval '1 year');"
    "INSERT INTO intake.submission (submission, ordinal, subject, credential, key, sha256, size,"
    " first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at, withdrawn_at,"
    " withdrawn_by) SELECT ('01980000-0000-7000-8000-0000000001' || i)::uuid, i,"
    " (ARRAY[4, 4, 5])[i - 20], 1, 'g' || i, sha256(i::text::bytea), 15, t, t, t,"
    " (ARRAY['withdrawn', 'decided', 'decided'])[i - 20], (ARRAY[0, 1, 1])[i - 20], 1, 1, t,"
    " CASE i WHEN 21 THEN t END, CASE i WHEN 21 THEN 1 END FROM generate_series(21, 23) i,"
    " LATERAL (SELECT '2026-07-20T09:00:00+02'::timestamptz AS t) t;"
    "INSERT INTO intake.report SELECT (jsonb_populate_record(r, jsonb_build_object('report',"
    " 5000 + s.ordinal, 'submission', s.submission, 'n', 1, 'ordinal', 0, 'unit', s.subject,"
    " 'unit_name', CASE s.subject WHEN 4 THEN 'Szkoła nr 2' ELSE 'Gmina Obca' END, 'regon',"
    " CASE s.subject WHEN 4 THEN '990001040' ELSE '990002015' END, 'form', CASE s.ordinal WHEN 23"
    " THEN 'RB28S' ELSE 'RB27S' END, 'verdict', 1, 'in_force', NULL, 'log_index', 300 - s.ordinal,"
    " 'addressed_to', CASE s.ordinal WHEN 23 THEN registry.recipient_bit('gus') ELSE 0 END))).*"
    " FROM intake.submission s, intake.report r WHERE s.ordinal > 20 AND r.report = 1100;"
    "INSERT INTO intake.finding SELECT s.submission, 1, o, 0, c.code, c.severity, 1, 1, 1, '/P', "
    "'',"
    " '', '', '', c.difference, 'Tytuł', '', '', '' FROM intake.submission s, (VALUES"
    " (21, 1, 'RB27S-012', 'error', ''), (22, 1, 'RB27S-002', 'query', '5,00'),"
    " (22, 2, 'RB27S-002', 'query', '6,00'), (22, 3, 'NIE-ZNANY', 'info', ''),"
    " (23, 1, 'RB28S-002', 'query', '7,00'), (23, 2, 'NIE-ZNANY', 'warning', '7,00'))"
    " c (place, o, code, severity, difference) WHERE s.ordinal = c.place";

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "groups");
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static struct reply
ask(int64_t who, const char *target)
{
    struct question question = {.handle = 7,
                                .kind = QUESTION_GET,
                                .credential = who,
                                .of_office = true,
                                .path = STR("/api/v1/findings/groups"),
                                .query = str_of(strchr(target, '?') + 1)};

    return who == GUS ? world_ask(&world, &question) : world_get(&world, who, target);
}

/* "code severity findings/reports/units difference*count unit,unit; ..." of a page. */
static struct str
describe(const char *target, int64_t who, const char *key)
{
    struct reply reply = ask(who, target);
    json_t      *json = json_loadb(reply.body.data, reply.body.size, 0, NULL);
    json_t      *items = json_object_get(json, key);
    struct str   text = str_format(world.arena, "%s", "");

    EXPECT(reply.status == 200, target);
    for (size_t i = 0; i < json_array_size(items); i++) {
        json_t     *group = json_array_get(items, i);
        json_t     *examples = json_object_get(group, "examples");
        const char *difference = json_string_value(json_object_get(group, "difference"));
        text =
            str_format(world.arena, "%.*s%s%s %s %lld/%lld/%lld %s*%lld", STR_ARG(text),
                       i > 0 ? "; " : "", json_string_value(json_object_get(group, "code")),
                       json_string_value(json_object_get(group, "severity")),
                       (long long)json_integer_value(json_object_get(group, "findings")),
                       (long long)json_integer_value(json_object_get(group, "reports")),
                       (long long)json_integer_value(json_object_get(group, "units")),
                       difference == NULL ? "-" : difference,
                       (long long)json_integer_value(json_object_get(group, "difference_count")));
        for (size_t j = 0; j < json_array_size(examples); j++) {
            text = str_format(
                world.arena, "%.*s%s%s", STR_ARG(text), j > 0 ? "," : " ",
                json_string_value(json_object_get(json_array_get(examples, j), "regon")));
        }
    }
    json_decref(json);
    return text;
}

#define BOTH "990001033,990001040"
#define PATH "/api/v1/findings/groups?period="

static const struct {
    const char *name;
    const char *target;
    int64_t     who;
    const char *told;
} before[] = {
    {"a gmina counts its schools",     PATH "2026-Q2",            WORLD_GMINA,
     "RB27S-001 error 4/2/2 1 200,00*4 " BOTH                                                                             },
    {"a school its own",               PATH "2026-Q2",            WORLD_SCHOOL,
     "RB27S-001 error 2/1/1 1 200,00*2 990001033"                                                                         },
    {"also in a package of others",    PATH "2026-Q2",            WORLD_SISTER,
     "RB27S-001 error 2/1/1 1 200,00*2 990001040"                                                                         },
    {"a unit that files nothing",      PATH "2026-Q2",            WORLD_OFFICE,   ""                                      },
    {"a stranger sees none of theirs", PATH "2026-Q2",            WORLD_STRANGER, ""                                      },
    {"all periods of a year",          PATH "2026",               WORLD_SCHOOL,
     "RB27S-001 error 2/1/1 1 200,00*2 990001033"                                                                         },
    {"another period",                 PATH "2026-Q3",            WORLD_GMINA,    ""                                      },
    {"a form",                         PATH "2026-Q2&form=RB27S", WORLD_GMINA,    "RB27S-001 error 4/2/2 1 200,00*4 " BOTH},
    {"another form",                   PATH "2026-Q2&form=RB28S", WORLD_GMINA,    ""                                      },
};

static void
groups_are_of_the_units_that_are_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(before); i++) {
        struct str got = describe(before[i].target, before[i].who, "items");
        if (!str_equal(got, str_of(before[i].told))) {
            fail_msg("%s: %.*s", before[i].name, STR_ARG(got));
        }
    }
}

static const struct {
    const char *name;
    const char *query;
    int64_t     who;
    const char *told;
} decisions[] = {
    {"of one decision",           WORLD_PACKAGE "/findings?grouped=true",                WORLD_GMINA,
     "RB27S-001 error 3/2/1 1 200,00*3 990001040"                                                        },
    {"who sees one report of it", WORLD_PACKAGE "/findings?grouped=true",                WORLD_SISTER,
     "RB27S-001 error 2/1/1 1 200,00*2 990001040"                                                        },
    {"who sees another",          WORLD_PACKAGE "/findings?grouped=true",                WORLD_SCHOOL, ""},
    {"of one severity",           WORLD_PACKAGE "/findings?grouped=true&severity=query", WORLD_GMINA,
     "RB27S-001 query 1/1/1 -*0 990001040"                                                               },
    {"of one report",             WORLD_PACKAGE "/findings?grouped=true&report=2",       WORLD_GMINA,
     "RB27S-001 error 2/1/1 1 200,00*2 990001040"                                                        },
    {"of an older decision",      WORLD_REJECTED "/findings?grouped=true&n=1",           WORLD_SCHOOL,
     "RB27S-001 error 3/2/1 1 200,00*3 990001033"                                                        },
    {"not asked for",             WORLD_PACKAGE "/findings?grouped=false",               WORLD_GMINA,  ""},
};

static void
groups_of_a_decision_are_of_what_is_seen_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(decisions); i++) {
        struct str target = str_format(world.arena, "/api/v1/submissions/%s", decisions[i].query);
        struct str got = describe(target.data, decisions[i].who, "groups");
        if (!str_equal(got, str_of(decisions[i].told))) {
            fail_msg("%s: %.*s", decisions[i].name, STR_ARG(got));
        }
    }
    assert_int_equal(world_get(&world, WORLD_STRANGER,
                               "/api/v1/submissions/" WORLD_PACKAGE "/findings?grouped=true")
                         .status,
                     404);
}

/* The table says nothing of an office before something was sent to it. */
static void
the_last_decision_on_a_report_counts_and_what_was_taken_back_does_not(void **state)
{
    (void)state;
    world_run(&world, filed_sql);
    assert_string_equal(describe(PATH "2026-Q2", WORLD_GMINA, "items").data,
                        "RB27S-001 error 2/1/1 1 200,00*2 990001033; "
                        "RB27S-002 query 2/1/1 -*0 990001040");
    assert_string_equal(
        describe(PATH "2026-Q2", GUS, "items").data,
        "RB28S-002 query 1/1/1 -*0 990002015; NIE-ZNANY warning 1/1/1 -*0 990002015");
    assert_string_equal(describe(PATH "2026-Q2&form=RB27S", GUS, "items").data, "");
}

static void
a_page_says_where_the_next_one_begins(void **state)
{
    struct reply first = world_get(&world, WORLD_GMINA, PATH "2026-Q2&limit=1");
    json_t      *json = json_loadb(first.body.data, first.body.size, 0, NULL);
    const char  *cursor = json_string_value(json_object_get(json, "next_cursor"));

    (void)state;
    assert_int_equal(json_array_size(json_object_get(json, "items")), 1);
    assert_non_null(cursor);
    struct str target = str_format(world.arena, PATH "2026-Q2&limit=1&cursor=%s", cursor);
    assert_string_equal(describe(target.data, WORLD_GMINA, "items").data,
                        "RB27S-002 query 2/1/1 -*0 990001040");
    json_decref(json);
}

/* The words of the rule without what differs, and one sentence for people. */
static void
a_group_says_what_it_is_about(void **state)
{
    struct reply json = world_get(&world, WORLD_SCHOOL, PATH "2026-Q2");
    struct reply csv = world_get_as(&world, WORLD_SCHOOL, PATH "2026-Q2", "text/csv");

    (void)state;
    assert_non_null(memmem(json.body.data, json.body.size, "…", strlen("…")));
    assert_null(memmem(json.body.data, json.body.size, "‹", strlen("‹")));
    assert_non_null(memmem(json.body.data, json.body.size,
                           "Ta sama uwaga w 1 jednostce (razem 2 uwagi); ta sama różnica "
                           "1 200,00 w 2 z nich",
                           strlen("Ta sama uwaga w 1 jednostce (razem 2 uwagi); ta sama różnica "
                                  "1 200,00 w 2 z nich")));
    assert_true(str_starts_with(csv.body, STR("\xEF\xBB\xBFkod;waga;tytuł;formularze;")));
    assert_non_null(memmem(csv.body.data, csv.body.size, ";Rb-27S;2;1;1;1 200,00;2\r\n", 26));
}

static void
what_cannot_be_understood_is_refused(void **state)
{
    static const char *const targets[] = {
        "/api/v1/findings/groups",
        PATH,
        PATH "2026-Q5",
        PATH "2026-Q2&limit=0",
        PATH "2026-Q2&limit=501",
        PATH "2026-Q2&cursor=000000000000000000000000",
        "/api/v1/submissions/" WORLD_PACKAGE "/findings?grouped=yes",
        "/api/v1/submissions/" WORLD_PACKAGE "/findings?grouped=true&cursor=x",
        "/api/v1/submissions/" WORLD_PACKAGE "/findings?grouped=true&severity=fatal",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        EXPECT(world_get(&world, WORLD_GMINA, targets[i]).status == 400, targets[i]);
    }
    assert_int_equal(world_get(&world, 0, PATH "2026-Q2").status, 401);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_of_the_units_that_are_seen),
        cmocka_unit_test(groups_of_a_decision_are_of_what_is_seen_of_it),
        cmocka_unit_test(a_group_says_what_it_is_about),
        cmocka_unit_test(what_cannot_be_understood_is_refused),
        cmocka_unit_test(the_last_decision_on_a_report_counts_and_what_was_taken_back_does_not),
        cmocka_unit_test(a_page_says_where_the_next_one_begins),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
