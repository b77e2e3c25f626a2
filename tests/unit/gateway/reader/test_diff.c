#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/* The school's correction: the same report, Wersja 2, filed by itself. */
#define CORRECTION "01980000-0000-7000-8000-0000000000c1"
#define LATER "990001033-20260712-00000000000A-00"

static struct world world;

/* Lines of the school's report of WORLD_PACKAGE and of its correction. */
static const char corrected_sql[] =
    "INSERT INTO intake.submission (submission, ordinal, subject, credential, key, sha256, size,"
    "  first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at)"
    " SELECT '" CORRECTION
    "', 77, 3, 3, 'c1', decode(repeat('c1', 32), 'hex'), 15, arrived, arrived,"
    "  arrived, 'decided', 1, 1, 1, decided_at FROM intake.submission"
    "  WHERE submission = '" WORLD_PACKAGE "';"
    "INSERT INTO intake.report SELECT 7700, '" CORRECTION
    "', 1, 0, unit, unit_name, regon, type, wk,"
    "  pk, gk, gt, pt, element, form, form_version, form_title, year, period_type, period_number,"
    "  period, period_end, level, variant, 2, 1, '', sha256, start_byte, end_byte, 3, arrived, 177,"
    "  NULL FROM intake.report WHERE submission = '" WORLD_PACKAGE "' AND ordinal = 0;"
    "INSERT INTO intake.line (report, period_end, ordinal, c1, c2, c3, c4, a1, a4) VALUES"
    "  (1100, '2026-06-30', 0, '801', '80101', '069', '0', 680000, 10000),"
    "  (1100, '2026-06-30', 1, '801', '80101', '092', '0', 5, NULL),"
    "  (1100, '2026-06-30', 2, '900', '90002', '049', '0', 99999999999999999, NULL),"
    "  (7700, '2026-06-30', 0, '900', '90002', '049', '0', -99999999999999999, NULL),"
    "  (7700, '2026-06-30', 1, '801', '80101', '069', '0', 680000, 8760),"
    "  (7700, '2026-06-30', 2, '801', '80101', '=1+', '0', NULL, 1);"
    "INSERT INTO intake.receipt VALUES ('" LATER "', '" CORRECTION
    "', 1, 'unit', 0, 3, '990001033', '<N/>', '\\x11', '{0}')";

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "diff");
    world_run(&world, corrected_sql);
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static bool
contains(struct str text, const char *wanted)
{
    return memmem(text.data, text.size, wanted, strlen(wanted)) != NULL;
}

static const char *
target(const char *after, const char *before)
{
    return str_format(world.arena, "/api/v1/submissions/%s/diff?against=%s", after, before).data;
}

#define CHANGES                                                                                   \
    "\"rows\":{\"before\":3,\"after\":3,\"same\":0,\"changed\":2,\"added\":1,\"removed\":1},"     \
    "\"not_listed\":0,\"changes\":["                                                              \
    "{\"kind\":\"changed\",\"place\":\"dz. 801, rozdz. 80101, § 069, P4 0\",\"key\":{\"Dzial\":" \
    "\"801\",\"Rozdzial\":\"80101\",\"Paragraf\":\"069\",\"P4\":\"0\"},\"before_row\":1,"         \
    "\"after_row\":2,\"cells\":[{\"column\":\"DW\",\"title\":\"kol. 7 Dochody wykonane\","        \
    "\"before\":\"100.00\",\"after\":\"87.60\",\"difference\":\"-12.40\"}]},"                     \
    "{\"kind\":\"removed\",\"place\":\"dz. 801, rozdz. 80101, § 092, P4 0\",\"key\":{\"Dzial\":" \
    "\"801\",\"Rozdzial\":\"80101\",\"Paragraf\":\"092\",\"P4\":\"0\"},\"before_row\":2,"         \
    "\"after_row\":null,\"cells\":[{\"column\":\"PL\",\"title\":\"kol. 4 Plan (po zmianach)\","   \
    "\"before\":\"0.05\",\"after\":null,\"difference\":\"-0.05\"}]},"                             \
    "{\"kind\":\"added\",\"place\":\"dz. 801, rozdz. 80101, § =1+, P4 0\",\"key\":{\"Dzial\":"   \
    "\"801\",\"Rozdzial\":\"80101\",\"Paragraf\":\"=1+\",\"P4\":\"0\"},\"before_row\":null,"      \
    "\"after_row\":3,\"cells\":[{\"column\":\"DW\",\"title\":\"kol. 7 Dochody wykonane\","        \
    "\"before\":null,\"after\":\"0.01\",\"difference\":\"0.01\"}]},"                              \
    "{\"kind\":\"changed\",\"place\":\"dz. 900, rozdz. 90002, § 049, P4 0\",\"key\":{\"Dzial\":" \
    "\"900\",\"Rozdzial\":\"90002\",\"Paragraf\":\"049\",\"P4\":\"0\"},\"before_row\":3,"         \
    "\"after_row\":1,\"cells\":[{\"column\":\"PL\",\"title\":\"kol. 4 Plan (po zmianach)\","      \
    "\"before\":\"999999999999999.99\",\"after\":\"-999999999999999.99\",\"difference\":"         \
    "\"-1999999999999999.98\"}]}]"

static void
a_correction_is_compared_cell_by_cell(void **state)
{
    static const char *const names[][2] = {
        {CORRECTION, WORLD_PACKAGE},
        {LATER,      WORLD_PACKAGE},
        {CORRECTION, NULL         },
        {LATER,      NULL         }
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct str   school = str_format(world.arena, "%.*s", STR_ARG(world.school));
        const char  *before = names[i][1] == NULL ? school.data : names[i][1];
        struct reply reply = world_get(&world, WORLD_SCHOOL, target(names[i][0], before));
        json_t *json = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);
        json_t *reports = json_object_get(json, "reports");

        EXPECT(reply.status == 200, names[i][0]);
        EXPECT(json_array_size(reports) == 1, names[i][0]);
        EXPECT(json_is_true(json_object_get(json_array_get(reports, 0), "compared")), names[i][0]);
        EXPECT(contains(reply.body, CHANGES), reply.body.data);
        EXPECT(contains(reply.body,
                        "{\"column\":\"DW\",\"title\":\"kol. 7 Dochody wykonane\",\"before\":"
                        "\"100.00\",\"after\":\"87.61\",\"difference\":\"-12.39\"}"),
               "totals");
        json_decref(json);
    }
}

/* Who filed for both schools sees that the other one's report is in one of the packages only. */
static void
what_stands_on_one_side_only_is_told(void **state)
{
    (void)state;
    struct reply reply = world_get(&world, WORLD_GMINA, target(CORRECTION, WORLD_PACKAGE));
    struct reply back = world_get(&world, WORLD_GMINA, target(WORLD_PACKAGE, CORRECTION));

    assert_int_equal(reply.status, 200);
    assert_true(contains(reply.body, "\"after\":null,\"compared\":false,\"reason\":\"Tego "
                                     "sprawozdania nie ma w późniejszym"));
    assert_int_equal(back.status, 200);
    assert_true(contains(back.body, "\"before\":null"));
    assert_true(contains(back.body, "nie ma w wcześniejszym")
                || contains(back.body, "nie ma we wcześniejszym"));
}

static void
what_was_not_accepted_is_not_compared(void **state)
{
    (void)state;
    struct reply reply = world_get(&world, WORLD_SCHOOL, target(WORLD_REJECTED, CORRECTION));

    assert_int_equal(reply.status, 200);
    assert_true(contains(reply.body,
                         "\"compared\":false,\"reason\":\"Brama przechowuje pozycje tylko "
                         "przyjętych sprawozdań."));
    assert_false(contains(reply.body, "\"changes\""));
}

static void
csv_has_numbers_and_no_formula(void **state)
{
    const char *path =
        str_format(world.arena, "%s&format=csv", target(CORRECTION, WORLD_PACKAGE)).data;

    (void)state;
    struct reply reply = world_get(&world, WORLD_SCHOOL, path);
    assert_int_equal(reply.status, 200);
    assert_true(
        contains(reply.body,
                 "Rb-27S;2026-Q2;990001033;Szkoła nr 1;jednostkowe;;1;2;zmieniona;dz. 801, "
                 "rozdz. 80101, § 069, P4 0;DW;kol. 7 Dochody wykonane;100,00;87,60;-12,40\r\n"));
    assert_true(contains(reply.body, ";usunięta;dz. 801, rozdz. 80101, § 092, P4 0;PL;kol. 4 Plan "
                                     "(po zmianach);0,05;;-0,05\r\n"));
    assert_false(contains(reply.body, ";="));
}

static void
refusals_are_exact(void **state)
{
    static const struct {
        const char *name;
        int64_t     who;
        const char *after;
        const char *query;
        int         status;
        const char *slug;
    } cases[] = {
        {"nothing to compare with", WORLD_SCHOOL,   CORRECTION,    "",                                            400, "zly-parametr"  },
        {"empty",                   WORLD_SCHOOL,   CORRECTION,    "?against=",                                   400, "zly-parametr"  },
        {"too long",                WORLD_SCHOOL,   CORRECTION,
         "?against=0123456789012345678901234567890123456789012345678901234567890123x",                            400,
         "zly-parametr"                                                                                                                },
        {"no such form of answer",  WORLD_SCHOOL,   CORRECTION,    "?against=x&format=xml",                       406,
         "nieobslugiwana-postac"                                                                                                       },
        {"no such submission",      WORLD_SCHOOL,   CORRECTION,    "?against=" WORLD_MISSING,                     404,
         "nie-znaleziono"                                                                                                              },
        {"no such receipt",         WORLD_SCHOOL,   CORRECTION,    "?against=990001033-20260712-0000000000FF-00",
         404,                                                                                                          "nie-znaleziono"},
        {"nonsense",                WORLD_SCHOOL,   "'--",         "?against=" CORRECTION,                        404, "nie-znaleziono"},
        {"another's submission",    WORLD_SCHOOL,   CORRECTION,    "?against=" WORLD_FOREIGN,                     404,
         "nie-znaleziono"                                                                                                              },
        {"of another",              WORLD_STRANGER, CORRECTION,    "?against=" WORLD_FOREIGN,                     404,
         "nie-znaleziono"                                                                                                              },
        {"the sister's",            WORLD_SISTER,   WORLD_PACKAGE, "?against=" CORRECTION,                        404,
         "nie-znaleziono"                                                                                                              },
        {"by a receipt",            WORLD_SISTER,   LATER,         "?against=" WORLD_PACKAGE,                     404, "nie-znaleziono"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *path =
            str_format(world.arena, "/api/v1/submissions/%s/diff%s", cases[i].after, cases[i].query)
                .data;
        struct reply reply = world_get(&world, cases[i].who, path);
        EXPECT(reply.status == cases[i].status, cases[i].name);
        EXPECT(contains(reply.body, cases[i].slug), cases[i].name);
    }
}

/* The statement counts before it reads: 100,000 positions of both versions together. */
static void
more_positions_than_the_limit_are_refused_before_they_are_read(void **state)
{
    static const struct {
        const char *sql;
        int         status;
    } cases[] = {
        {"SET session_replication_role = replica; UPDATE intake.report SET row_count = 99950 WHERE "
         "report = 7700", 200},
        {"SET session_replication_role = replica; UPDATE intake.report SET row_count = 99951 WHERE "
         "report = 7700", 422},
        {"SET session_replication_role = replica; UPDATE intake.report SET row_count = 3 WHERE "
         "report = 7700", 200},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        world_run(&world, cases[i].sql);
        struct reply reply = world_get(&world, WORLD_SCHOOL, target(CORRECTION, WORLD_PACKAGE));
        EXPECT(reply.status == cases[i].status, cases[i].sql);
        EXPECT(cases[i].status == 200 || contains(reply.body, "porownanie-za-duze"), cases[i].sql);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correction_is_compared_cell_by_cell),
        cmocka_unit_test(what_stands_on_one_side_only_is_told),
        cmocka_unit_test(what_was_not_accepted_is_not_compared),
        cmocka_unit_test(csv_has_numbers_and_no_formula),
        cmocka_unit_test(refusals_are_exact),
        cmocka_unit_test(more_positions_than_the_limit_are_refused_before_they_are_read),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
