#include "tests/support/expect.h"
#include "tests/unit/gateway/obligation/land.h"

#include <string.h>

static struct land land;
static char        name[32];

static int
set_up(void **state)
{
    static int number;

    (void)state;
    (void)snprintf(name, sizeof name, "generation%d", number++);
    land = land_open(cluster_shared, name);
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

#define OF_SCHOOL "d.unit = 3 AND m.form = 'RB27S' AND m.period = '2026-Q2'"
#define DUTY(columns, condition)                                                        \
    "SELECT " columns " FROM obligation.duty d JOIN obligation.matter m USING (matter)" \
    " JOIN obligation.term t USING (term) JOIN obligation.way y USING (way) WHERE " condition

/* What the calendar says of a kind of unit, counted without the database. */
static int64_t
owed_by(enum calendar_unit_kind kind, enum calendar_jst_type type)
{
    const struct calendar_term *terms = NULL;
    size_t                      count = 0;
    struct fault                fault = {0};
    int64_t                     owed = 0;

    assert_int_equal(calendar_terms(land.arena, land.calendar,
                                    &(struct calendar_span){.year = 2026}, &terms, &count, &fault),
                     ERR_OK);
    for (size_t i = 0; i < count; i++) {
        const struct calendar_entry *entry = terms[i].entry;
        bool ends = date_compare(terms[i].period_end, (struct date){2026, 6, 30}) == 0;
        bool of_type = entry->jst_types == 0 || (entry->jst_types & (1U << type)) != 0;
        owed += ends && of_type && (entry->units & (1U << kind)) != 0 ? 1 : 0;
    }
    return owed;
}

static void
every_unit_owes_what_the_calendar_says_of_its_kind(void **state)
{
    static const struct {
        const char             *sql;
        enum calendar_unit_kind kind;
        enum calendar_jst_type  type;
    } cases[] = {
        {DUTY("count(*)", "d.unit = 1"), CALENDAR_JST,                 CALENDAR_GMINA },
        {DUTY("count(*)", "d.unit = 2"), CALENDAR_URZAD,               CALENDAR_GMINA },
        {DUTY("count(*)", "d.unit = 3"), CALENDAR_JEDNOSTKA_BUDZETOWA, CALENDAR_GMINA },
        {DUTY("count(*)", "d.unit = 5"), CALENDAR_ZAKLAD_BUDZETOWY,    CALENDAR_GMINA },
        {DUTY("count(*)", "d.unit = 6"), CALENDAR_JST,                 CALENDAR_POWIAT},
        {DUTY("count(*)", "d.unit = 7"), CALENDAR_JEDNOSTKA_BUDZETOWA, CALENDAR_POWIAT},
    };
    int64_t sum = 0;

    (void)state;
    struct generation_counts counts = land_generate(&land, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t owed = owed_by(cases[i].kind, cases[i].type);
        EXPECT(owed > 0, cases[i].sql);
        EXPECT(land_number(&land, cases[i].sql) == owed, cases[i].sql);
        sum += owed + (i == 2 ? owed : 0); /* the two schools of the gmina are alike */
    }
    assert_int_equal(counts.added, sum);
    assert_int_equal(counts.all, sum);
}

static void
duty_has_its_term_place_and_recipient(void **state)
{
    (void)state;
    (void)land_generate(&land, NULL);
    EXPECT(land_says(&land,
                     DUTY("concat_ws(' ', d.jst, d.powiat, coalesce(y.office, '-'), t.due_on,"
                          " d.due_before AT TIME ZONE 'UTC', t.recipient)",
                          OF_SCHOOL),
                     "1 1002 - 2026-07-10 2026-07-10 22:00:00 zarzad-jst"),
           "a unit reports to the zarząd of its JST");
    EXPECT(land_says(&land,
                     DUTY("concat_ws(' ', d.jst, y.office, t.due_on)",
                          "d.unit = 1 AND m.form = 'RB27S' AND m.level = 'zbiorcze'"
                          " AND m.period = '2026-Q2'"),
                     "1 rio-lodz 2026-07-22"),
           "a JST reports to the RIO of its voivodeship");
    EXPECT(land_says(&land, DUTY("DISTINCT d.jst", "d.unit = 4"), "1"),
           "the JST is the top of the tree");
    EXPECT(land_says(&land, DUTY("DISTINCT y.office", "d.unit = 6 AND t.recipient = 'rio'"),
                     "rio-krakow"),
           "another voivodeship, another office");
}

static void
named_office_goes_before_that_of_the_region(void **state)
{
    (void)state;
    land_run(&land, "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
                    " (1, 'rio-poznan', '2026-01-01')");
    (void)land_generate(&land, NULL);
    EXPECT(land_says(&land, DUTY("DISTINCT y.office", "d.unit = 1 AND t.recipient = 'rio'"),
                     "rio-poznan"),
           "rio");
    land_run(&land, "UPDATE registry.unit_office SET valid_to = '2026-06-29'");
    struct generation_counts counts = land_generate(&land, NULL);
    assert_true(counts.altered > 0);
    assert_int_equal(land_number(&land, "SELECT count(*) FROM obligation.change"
                                        " WHERE what = 'recipient' AND before LIKE '%rio-poznan%'"
                                        "  AND after LIKE '%rio-lodz%'"),
                     counts.altered);
}

static void
generating_again_changes_nothing(void **state)
{
    (void)state;
    struct generation_counts first = land_generate(&land, NULL);
    struct generation_counts again = land_generate(&land, NULL);

    assert_true(first.added > 0);
    assert_int_equal(
        again.added + again.altered + again.superseded + again.restored + again.settled, 0);
    assert_int_equal(again.all, first.all);
    assert_int_equal(again.terms, first.terms);
    assert_int_equal(land_number(&land, "SELECT count(*) FROM obligation.change"), 0);
}

static void
registry_adds_and_supersedes_and_never_deletes(void **state)
{
    (void)state;
    struct generation_counts first = land_generate(&land, NULL);
    int64_t                  of_school = land_number(&land, DUTY("count(*)", "d.unit = 3"));
    int64_t                  all = land_number(&land, "SELECT count(*) FROM obligation.duty");

    land_run(&land,
             "UPDATE registry.unit SET valid_to = '2026-06-29' WHERE unit = 3;"
             "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
             " valid_from) VALUES ('990001062', '10', '02', '03', '2', '0', 'JB',"
             " 'jednostka-budzetowa', 'Szkoła nr 3', 1, '2026-06-30');"
             "INSERT INTO registry.unit_trait (unit, trait, valid_from)"
             " SELECT u.unit, t.trait, '2026-06-30' FROM registry.unit u, registry.trait t"
             " WHERE u.regon = '990001062'");
    struct generation_counts second = land_generate(&land, NULL);
    assert_int_equal(second.superseded, of_school);
    assert_int_equal(second.added, of_school);
    assert_int_equal(second.all, first.all);
    assert_int_equal(land_number(&land, "SELECT count(*) FROM obligation.duty"), all + of_school);
    EXPECT(land_says(&land, DUTY("DISTINCT d.superseded_why", "d.unit = 3"), "closed"), "closed");
    land_run(&land, "UPDATE registry.unit SET valid_to = NULL WHERE unit = 3");
    struct generation_counts third = land_generate(&land, NULL);
    assert_int_equal(third.restored, of_school);
    assert_int_equal(third.superseded + third.added, 0);
    EXPECT(land_says(&land, DUTY("count(*)", "d.unit = 3 AND superseded_why IS NOT NULL"), "0"),
           "owed again");
    assert_int_equal(land_number(&land, "SELECT count(*) FROM obligation.change"), 2 * of_school);
}

static void
duty_of_a_merged_unit_passes_to_its_successor(void **state)
{
    (void)state;
    (void)land_generate(&land, NULL);
    land_run(&land, "UPDATE registry.unit SET valid_to = '2026-05-31' WHERE unit = 3;"
                    "INSERT INTO registry.succession (predecessor, successor, kind, day)"
                    " VALUES (3, 4, 'merge', '2026-06-01')");
    struct generation_counts counts = land_generate(&land, NULL);
    assert_true(counts.superseded > 0);
    EXPECT(
        land_says(&land,
                  DUTY("DISTINCT concat_ws(' ', d.superseded_why, d.superseded_by)", "d.unit = 3"),
                  "succession 4"),
        "the successor is named");
    EXPECT(land_says(&land, DUTY("count(*)", "d.unit = 4 AND d.superseded_why IS NOT NULL"), "0"),
           "the successor owes its own");
}

/* The built-in calendar, its entries free to be changed. */
static struct calendar_entry *
copy_calendar(struct calendar *out)
{
    struct calendar_entry *entries =
        ARENA_NEW(land.arena, struct calendar_entry, land.calendar->entry_count);

    assert_non_null(entries);
    *out = *land.calendar;
    memcpy(entries, out->entries, out->entry_count * sizeof *entries);
    out->entries = entries;
    out->version = STR("next");
    return entries;
}

static void
new_calendar_moves_what_it_changes_and_says_so(void **state)
{
    struct calendar        changed = {0};
    struct calendar_entry *entries = copy_calendar(&changed);

    (void)state;
    (void)land_generate(&land, NULL);
    for (size_t i = 0; i < changed.entry_count; i++) {
        if (str_equal(entries[i].form, STR("RB28S")) && entries[i].due.kind == DUE_RULE_DAYS) {
            entries[i].due.count += 3;
        }
        if (str_equal(entries[i].form, STR("RB34S"))) {
            entries[i].units = 1U << CALENDAR_CUW; /* of which there is none */
        }
    }
    struct generation_counts counts = land_generate(&land, &changed);
    assert_int_equal(counts.superseded, land_number(&land, DUTY("count(*)", "m.form = 'RB34S'")));
    EXPECT(land_says(&land, DUTY("DISTINCT d.superseded_why", "m.form = 'RB34S'"), "calendar"),
           "the calendar says so no more");
    EXPECT(land_says(&land,
                     DUTY("concat_ws(' ', t.due_on, left(t.calendar, 4))",
                          "d.unit = 3 AND m.form = 'RB28S' AND m.period = '2026-Q2'"),
                     "2026-07-13 next"),
           "moved");
    EXPECT(land_says(&land, DUTY("left(t.calendar, 4) <> 'next'", OF_SCHOOL), "t"),
           "what is the same keeps the version that said it first");
    assert_true(land_number(&land, "SELECT count(*) FROM obligation.change WHERE what = 'term'")
                == counts.altered);
    struct generation_counts back = land_generate(&land, NULL);
    assert_int_equal(back.restored, counts.superseded);
    assert_int_equal(land_number(&land, "SELECT count(*) FROM obligation.duty WHERE due_before <>"
                                        " (SELECT t.due_before FROM obligation.term t"
                                        "  WHERE t.term = duty.term)"),
                     0);
}

static void
model_terms_bind_nobody_in_prod(void **state)
{
    struct calendar        changed = {0};
    struct calendar_entry *entries = copy_calendar(&changed);

    (void)state;
    for (size_t i = 0; i < changed.entry_count; i++) {
        entries[i].model = str_equal(entries[i].form, STR("RB28S"));
    }
    land_run(&land, "UPDATE registry.setting SET environment = 'PROD'");
    (void)land_generate(&land, &changed);
    assert_true(land_number(&land, "SELECT count(*) FROM obligation.term WHERE model") > 0);
    EXPECT(land_says(&land, DUTY("count(*)", "m.form = 'RB28S'"), "0"), "model");
    assert_true(land_number(&land, DUTY("count(*)", "m.form = 'RB27S'")) > 0);
    land_run(&land, "UPDATE registry.setting SET environment = 'TEST'");
    (void)land_generate(&land, &changed);
    assert_true(land_number(&land, DUTY("count(*)", "m.form = 'RB28S'")) > 0);
}

static void
what_came_before_the_duty_settles_it(void **state)
{
    (void)state;
    land_file(&land, 1, LAND_SCHOOL, 3, "2026-07-08 10:00+02");
    land_file(&land, 2, LAND_SCHOOL, 1, "2026-07-09 10:00+02");
    land_run(&land, "INSERT INTO obligation.stray VALUES (3, 'RB27S', '2026-06-30', 'Kwartal',"
                    " 'jednostkowe', '', '2026-Q2', '0199a2c4-7d10-7a31-9c55-000000000002',"
                    " '2026-07-09 10:00+02')");
    struct generation_counts counts = land_generate(&land, NULL);
    assert_int_equal(counts.settled, 1);
    EXPECT(
        land_says(&land,
                  DUTY("concat_ws(' ', d.report, (d.heap & 7), d.first_arrived AT TIME ZONE 'UTC',"
                       " d.accepted_at AT TIME ZONE 'UTC', d.last_verdict)",
                       OF_SCHOOL " AND m.level = 'jednostkowe'"),
                  "2 1 2026-07-08 08:00:00 2026-07-09 08:00:00 1"),
        "facts");
    EXPECT(land_says(&land, "SELECT count(*) FROM obligation.stray WHERE settled_at IS NULL", "0"),
           "the stray has found its duty");
}

static void
last_verdict_is_of_what_arrived_last_whatever_was_decided_last(void **state)
{
    (void)state;
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-07-09 10:00+02");
    land_file(&land, 2, LAND_SCHOOL, 3, "2026-07-08 10:00+02");
    (void)land_generate(&land, NULL);
    EXPECT(land_says(&land,
                     DUTY("concat_ws(' ', d.last_arrived AT TIME ZONE 'UTC', d.last_verdict)",
                          OF_SCHOOL " AND m.level = 'jednostkowe'"),
                     "2026-07-09 08:00:00 1"),
           "facts");
}

static void
what_could_not_be_settled_is_taken_up(void **state)
{
    (void)state;
    (void)land_generate(&land, NULL);
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-07-11 10:00+02");
    land_run(&land, "INSERT INTO obligation.unsettled (submission, cause) VALUES"
                    " ('0199a2c4-7d10-7a31-9c55-000000000001', 'busy')");
    assert_int_equal(land_generate(&land, NULL).settled, 1);
    EXPECT(land_says(&land, DUTY("(d.heap & 7)", OF_SCHOOL), "2"), "filed too late");
    assert_int_equal(land_generate(&land, NULL).settled, 0);
    assert_int_equal(
        land_number(&land, "SELECT count(*) FROM obligation.unsettled WHERE settled_at IS NULL"),
        0);
}

static void
duties_keep_who_owes_what_and_are_never_deleted(void **state)
{
    static const char *const statements[] = {
        "DELETE FROM obligation.duty",
        "UPDATE obligation.duty SET unit = 4",
        "UPDATE obligation.duty SET matter = matter + 1",
        "UPDATE obligation.term SET due_on = due_on",
        "DELETE FROM obligation.term",
        "DELETE FROM obligation.change",
        "TRUNCATE obligation.exemption",
    };
    struct store        *owner = NULL;
    struct store_address address = {.host = str_of(cluster_host(cluster_shared)),
                                    .port = cluster_port(cluster_shared),
                                    .database = str_of(name)};
    struct fault         fault = {0};

    (void)state;
    (void)land_generate(&land, NULL);
    land_run(&land, "INSERT INTO obligation.change (duty, run, what, before, after)"
                    " VALUES (1, 1, 'term', '', '')");
    assert_int_equal(store_open(land.arena, &address, STORE_OWNER, &owner, &fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(statements); i++) {
        EXPECT(store_script(owner, statements[i], &fault) == ERR_STORE, statements[i]);
        EXPECT(strcmp(store_sqlstate(owner), "23514") == 0, statements[i]);
    }
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(every_unit_owes_what_the_calendar_says_of_its_kind),
        EACH(duty_has_its_term_place_and_recipient),
        EACH(named_office_goes_before_that_of_the_region),
        EACH(generating_again_changes_nothing),
        EACH(registry_adds_and_supersedes_and_never_deletes),
        EACH(duty_of_a_merged_unit_passes_to_its_successor),
        EACH(new_calendar_moves_what_it_changes_and_says_so),
        EACH(model_terms_bind_nobody_in_prod),
        EACH(what_came_before_the_duty_settles_it),
        EACH(last_verdict_is_of_what_arrived_last_whatever_was_decided_last),
        EACH(what_could_not_be_settled_is_taken_up),
        EACH(duties_keep_who_owes_what_and_are_never_deleted),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
