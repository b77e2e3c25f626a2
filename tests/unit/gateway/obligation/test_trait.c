#include "gateway/obligation/settling.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/obligation/land.h"

#include <string.h>

/* Who owes what follows from a trait: by the last day of the period, and the JST above with them.
 */
static struct land land;

/* Nobody has any trait yet. */
static int
set_up(void **state)
{
    static int  number;
    static char name[32];

    (void)state;
    (void)snprintf(name, sizeof name, "trait%d", number++);
    land = land_open(cluster_shared, name);
    land_run(&land, "UPDATE registry.unit_trait SET valid_to = '2020-12-31'");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    assert_true(land_tallies_add_up(&land));
    land_close(&land);
    return 0;
}

/* Units that owe it now, "1 3". */
#define OWING(form)                                                                               \
    "SELECT coalesce(string_agg(d.unit || CASE d.variant WHEN '' THEN '' ELSE ':' || d.variant"   \
    " END, ' ' ORDER BY d.unit, d.variant), '-') FROM obligation.duty d JOIN obligation.matter m" \
    " USING (matter) WHERE d.superseded_why IS NULL AND m.form = '" form "'"

static void
give(const char *values)
{
    struct str sql = str_format(land.arena,
                                "INSERT INTO registry.unit_trait (unit, trait, office, valid_from,"
                                " valid_to) VALUES %s",
                                values);

    land_run(&land, sql.data);
    (void)land_generate(&land, NULL);
}

static void
nobody_owes_what_follows_from_a_trait_that_nobody_has(void **state)
{
    static const char *const forms[] = {OWING("RB34S"), OWING("RB27ZZ"), OWING("RB50"),
                                        OWING("RB28NWS")};

    (void)state;
    (void)land_generate(&land, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        EXPECT(land_says(&land, forms[i], "-"), forms[i]);
    }
    EXPECT(!land_says(&land, OWING("RB28S"), "-"), "owed by all of a kind");
    EXPECT(!land_says(&land, OWING("RB30S"), "-"), "owed by all of a kind");
}

static void
the_last_day_of_the_period_decides(void **state)
{
    static const struct {
        const char *values;
        const char *want;
    } cases[] = {
        {"(3, 'rachunek-223', NULL, '2026-07-01', NULL)",          "-"    },
        {"(3, 'rachunek-223', NULL, '2021-01-01', '2026-06-29')",  "-"    },
        {"(3, 'rachunek-223', NULL, '2026-06-30', '2026-06-30')",  "1 3"  },
        {"(4, 'rachunek-223', NULL, '2026-06-30', NULL)",          "1 3 4"},
 /* no term of the form for these kinds */
        {"(5, 'rachunek-223', NULL, '2026-01-01', NULL)",          "1 3 4"},
        {"(2, 'rachunek-223', NULL, '2026-01-01', NULL)",          "1 3 4"},
 /* another trait */
        {"(7, 'wydatki-niewygasajace', NULL, '2026-01-01', NULL)", "1 3 4"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        give(cases[i].values);
        EXPECT(land_says(&land, OWING("RB34S"), cases[i].want), cases[i].values);
    }
    EXPECT(land_says(&land, OWING("RB28NWS"), "6 7"), "the JST adds up what is below it");
    EXPECT(land_says(&land, OWING("RB50"), "-"), "nobody does delegated tasks");
}

static void
a_trait_of_the_jst_itself_is_enough_for_it(void **state)
{
    (void)state;
    give("(1, 'wydatki-niewygasajace', NULL, '2026-01-01', NULL)");
    EXPECT(land_says(&land, OWING("RB28NWS"), "1"), "of no unit below");
}

static void
a_unit_that_was_closed_leaves_its_jst_nothing(void **state)
{
    (void)state;
    land_run(&land, "UPDATE registry.unit SET valid_to = '2026-06-29' WHERE unit = 7");
    give("(7, 'rachunek-223', NULL, '2021-01-01', NULL)");
    EXPECT(land_says(&land, OWING("RB34S"), "-"), "it was not there on the last day");
}

static void
what_is_lost_supersedes_and_what_comes_back_restores(void **state)
{
#define SCHOOL_34S                                                                               \
    " FROM obligation.duty d JOIN obligation.matter m USING (matter) WHERE m.form = 'RB34S' AND" \
    " d.unit = 3"
    (void)state;
    give("(3, 'rachunek-223', NULL, '2021-01-01', NULL)");
    land_run(&land,
             "UPDATE registry.unit_trait SET valid_to = '2026-06-29' WHERE valid_to IS NULL");
    struct generation_counts lost = land_generate(&land, NULL);
    assert_int_equal(lost.superseded, 2);
    EXPECT(land_says(&land, "SELECT superseded_why" SCHOOL_34S, "trait"), "why");
    land_run(&land, "UPDATE registry.unit_trait SET valid_to = NULL WHERE valid_to = '2026-06-29'");
    struct generation_counts back = land_generate(&land, NULL);
    assert_int_equal(back.restored, 2);
    EXPECT(land_says(&land, "SELECT coalesce(superseded_why, 'owed')" SCHOOL_34S, "owed"), "again");
    assert_int_equal(land_number(&land, "SELECT count(*)" SCHOOL_34S), 1);
}

/* "Przekazane w BeSTi@" of the JST's Rb-50 to a dysponent. */
static void
expect_entry(const char *variant, enum err want)
{
    const struct act act = {.store = land.admin,
                            .arena = land.arena,
                            .by = STR("Anna Przykładowa"),
                            .basis = STR("pismo"),
                            .now = INT64_C(1783720800000000)};
    struct act_duty  duty = {.unit = LAND_GMINA,
                             .unit_name = STR("Gmina"),
                             .form = STR("RB50"),
                             .period = STR("2026-Q2"),
                             .level = STR("zbiorcze"),
                             .variant = str_of(variant)};
    struct fault     fault = {0};
    int64_t          number = 0;

    assert_int_equal(store_begin(land.admin, &fault), ERR_OK);
    EXPECT(
        act_file_elsewhere(&act, &duty, STR("BeSTi@"), (struct date){2026, 7, 9}, &number, &fault)
            == want,
        variant);
    if (want == ERR_OK) {
        assert_int_equal(store_commit(land.admin, &fault), ERR_OK);
    } else {
        store_rollback(land.admin);
    }
}

static void
each_dysponent_that_is_named_gets_a_report_of_its_own(void **state)
{
#define TO_OFFICES(form)                                                                    \
    "SELECT string_agg(d.variant || '>' || coalesce(y.office, '-') || '+' ||"               \
    " coalesce(array_to_string(y.copied, ','), ''), ' ' ORDER BY d.variant)"                \
    " FROM obligation.duty d JOIN obligation.matter m USING (matter) JOIN obligation.way y" \
    " USING (way) WHERE d.superseded_why IS NULL AND m.form = '" form "' AND m.level = 'zbiorcze'"
    (void)state;
    land_run(&land, "INSERT INTO registry.office (office, kind, title, wk) VALUES"
                    " ('wojewoda-lodzki', 'dysponent', 'Wojewoda', '10'),"
                    " ('kbw', 'dysponent', 'KBW', NULL)");
    give("(2, 'zadania-zlecone', NULL, '2021-01-01', NULL)");
    EXPECT(land_says(&land, OWING("RB50"), "1 2"), "nobody is named");
    EXPECT(land_says(&land, TO_OFFICES("RB50"), ">wojewoda-lodzki+rio-lodz"),
           "the one that the region has");
    give("(3, 'zadania-zlecone', 'kbw', '2021-01-01', NULL),"
         " (4, 'zadania-zlecone', 'wojewoda-lodzki', '2021-01-01', NULL)");
    EXPECT(land_says(&land, OWING("RB50"), "1:kbw 1:wojewoda-lodzki 2 3:kbw 4:wojewoda-lodzki"),
           "one for each");
    EXPECT(land_says(&land, TO_OFFICES("RB50"),
                     "kbw>kbw+rio-lodz wojewoda-lodzki>wojewoda-lodzki+rio-lodz"),
           "to whom");
    EXPECT(land_says(&land, TO_OFFICES("RB27ZZ"),
                     "kbw>kbw+rio-lodz wojewoda-lodzki>wojewoda-lodzki+rio-lodz"),
           "to whom");
    expect_entry("kbw", ERR_OK);
    expect_entry("wojewoda-lodzki", ERR_OK);
    expect_entry("dysponent", ERR_DENIED);
    expect_entry("rio-lodz", ERR_DENIED);
    EXPECT(land_says(&land,
                     "SELECT string_agg(d.variant, ' ' ORDER BY d.variant) FROM obligation.duty d"
                     " WHERE d.elsewhere_at IS NOT NULL",
                     "kbw wojewoda-lodzki"),
           "each by its own");
    struct generation_counts again = land_generate(&land, NULL);
    assert_int_equal(again.added + again.superseded + again.altered + again.restored, 0);
}

static void
what_came_unexpected_finds_its_duty_when_the_trait_is_entered(void **state)
{
    static const char open[] = "SELECT count(*) FROM obligation.stray WHERE settled_at IS NULL";
    const struct uuid id = {
        {0x01, 0x99, 0xa2, 0xc4, 0x7d, 0x10, 0x7a, 0x31, 0x9c, 0x55, 0, 0, 0, 0, 0, 1}
    };
    struct store *writer = NULL;
    struct fault  fault = {0};

    (void)state;
    (void)land_generate(&land, NULL);
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-07-09 10:00+02");
    land_run(&land, "SET session_replication_role = replica;"
                    "UPDATE intake.report SET form = 'RB34S' WHERE report = 1");
    assert_int_equal(store_open(land.arena, &land.address, STORE_WRITER, &writer, &fault), ERR_OK);
    assert_int_equal(settling_run(writer, land.arena, &id, 1, &fault), ERR_OK);
    EXPECT(land_says(&land, open, "1"), "noted");
    give("(3, 'rachunek-223', NULL, '2021-01-01', NULL)");
    EXPECT(land_says(&land, open, "0"), "found");
    EXPECT(land_says(&land, "SELECT d.heap & 7" SCHOOL_34S, "1"), "in time");
}

/* The words of the calendar and those of the registry are the same. */
static void
calendar_and_registry_know_the_same_traits(void **state)
{
    (void)state;
    for (int trait = CALENDAR_OF_ALL + 1; trait < CALENDAR_TRAITS; trait++) {
        struct str sql =
            str_format(land.arena, "SELECT title FROM registry.trait WHERE trait = '%s'",
                       calendar_trait_name((enum calendar_trait)trait));
        EXPECT(land_says(&land, sql.data, calendar_trait_title((enum calendar_trait)trait)),
               sql.data);
    }
    assert_int_equal(land_number(&land, "SELECT count(*) FROM registry.trait"),
                     CALENDAR_TRAITS - 1);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(nobody_owes_what_follows_from_a_trait_that_nobody_has),
        EACH(the_last_day_of_the_period_decides),
        EACH(a_trait_of_the_jst_itself_is_enough_for_it),
        EACH(a_unit_that_was_closed_leaves_its_jst_nothing),
        EACH(what_is_lost_supersedes_and_what_comes_back_restores),
        EACH(each_dysponent_that_is_named_gets_a_report_of_its_own),
        EACH(what_came_unexpected_finds_its_duty_when_the_trait_is_entered),
        EACH(calendar_and_registry_know_the_same_traits),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
