#include "gateway/intake/withdrawal.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/submission/workshop.h"

/*
 * What the worker makes of what units owe, whatever becomes of their reports. Units 2, 3 and 4 owe
 * RB27S and RB28S of 2026-Q2; every document arrives at the same moment of 2026.
 */
#define SCHOOL "2"

static const char matters_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
    " period, period_end, opens_at) SELECT f, f, 'jednostkowe', 2026, 'Kwartal', 2, '2026-Q2',"
    " '2026-06-30', '2026-07-01' FROM unnest('{RB27S,RB28S}'::text[]) f;"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " SELECT '1', matter, 'jednostka-budzetowa', 0, 'zarzad-jst', '', '', '2026-07-10',"
    " '2026-07-10', '2030-01-01', true, false, false, 'b' FROM obligation.matter;";
/* %s: the first moment that is too late */
static const char duties_sql[] =
    "INSERT INTO obligation.duty (unit, matter, term, way, jst, powiat, due_before)"
    " SELECT u, t.matter, t.term, 1, 1, '9901', '%s' FROM obligation.term t,"
    " generate_series(2, 4) u";

static struct workshop *
open_with_duties(const char *too_late)
{
    struct workshop *workshop = workshop_open();
    struct str       sql = str_format(workshop->arena, duties_sql, too_late);

    workshop_run(workshop, matters_sql);
    workshop_run(workshop, sql.data);
    return workshop;
}

static void
send(struct workshop *workshop, uint64_t number, const char *sample)
{
    struct str key = str_format(workshop->arena, "k%d", (int)number);

    (void)workshop_send(workshop, WORKSHOP_GMINA, number, key.data,
                        workshop_sample(workshop, sample));
}

/* "came last_verdict has_report" of the form's duties, by unit. */
static void
expect_duties(struct workshop *workshop, const char *form, const char *want)
{
    struct str sql = str_format(
        workshop->arena,
        "SELECT string_agg(concat_ws(' ', (d.heap & 7), coalesce(d.last_verdict::text, '-'),"
        " d.report IS NOT NULL), ', ' ORDER BY d.unit) FROM obligation.duty d"
        " JOIN obligation.matter m USING (matter) WHERE m.form = '%s'",
        form);
    struct str told = workshop_ask(workshop, sql.data);

    if (!str_equal(told, str_of(want))) {
        fail_msg("%s: \"%.*s\", not \"%s\"", form, STR_ARG(told), want);
    }
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM obligation.unsettled"), 0);
}

#define NOTHING "0 - f"
#define LATE "2 1 t"
#define IN_TIME "1 1 t"
#define THREE(fact) fact ", " fact ", " fact

static void
what_came_in_time_and_what_came_late_is_told_apart(void **state)
{
    static const struct {
        const char *too_late;
        const char *want;
    } cases[] = {
        {"2030-01-01", THREE(IN_TIME)},
        {"2020-01-01", THREE(LATE)   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop *workshop = open_with_duties(cases[i].too_late);
        send(workshop, 1, "dochody-2026-q2.xml");
        expect_duties(workshop, "RB27S", cases[i].want);
        expect_duties(workshop, "RB28S", THREE(NOTHING));
        assert_int_equal(workshop_number(workshop,
                                         "SELECT count(*) FROM obligation.duty d JOIN intake.report"
                                         " r ON r.report = d.report WHERE r.unit = d.unit AND"
                                         " d.accepted_at = r.arrived AND d.first_arrived ="
                                         " r.arrived AND d.pending_at IS NULL"),
                         3);
        workshop_close(workshop);
    }
}

static void
correction_takes_over_and_keeps_the_first_arrival(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");

    (void)state;
    send(workshop, 1, "wydatki-2026-q2.xml");
    workshop_run(workshop, "SET session_replication_role = replica;"
                           " UPDATE intake.report SET arrived = arrived - interval '5 days'");
    send(workshop, 2, "korekta-wydatki-2026-q2.xml");
    expect_duties(workshop, "RB28S", THREE(IN_TIME));
    assert_int_equal(workshop_number(workshop,
                                     "SELECT count(*) FROM obligation.duty d JOIN intake.report r"
                                     " ON r.report = d.report WHERE r.version = 1 AND"
                                     " d.accepted_at = r.arrived - interval '5 days'"
                                     " AND d.report_arrived = r.arrived"),
                     1);
    workshop_close(workshop);
}

static void
query_is_counted_at_the_report_in_force_alone(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");

    (void)state;
    send(workshop, 1, "korekta-wydatki-2026-q2.xml");
    send(workshop, 2, "wydatki-2026-q2.xml"); /* a lower Wersja: accepted, with a query */
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.finding"
                                               " WHERE severity = 'query'"
                                               "   AND code = 'PACZKA-019'"),
                     1);
    assert_int_equal(
        workshop_number(workshop,
                        "SELECT sum(d.open_queries) - (SELECT count(*) FROM intake.finding f"
                        "  JOIN intake.report r ON r.submission = f.submission AND r.n = f.n"
                        "   AND r.ordinal = f.report WHERE f.severity = 'query'"
                        "   AND upper_inf(r.in_force)) FROM obligation.duty d"),
        0);
    workshop_close(workshop);
}

static void
rejected_is_an_attempt_and_no_filing_until_it_is_accepted(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");
    const char      *form = "SELECT form FROM intake.report";

    (void)state;
    send(workshop, 1, "zle-zmieniona-po-podpisie.xml");
    struct str of = str_copy(workshop->arena, workshop_ask(workshop, form));
    assert_int_equal(workshop_number(workshop,
                                     "SELECT count(*) FROM obligation.duty WHERE last_verdict = 3"
                                     " AND heap & 7 = 0 AND first_arrived IS NOT NULL"),
                     1);
    send(workshop, 2, str_equal(of, STR("RB27S")) ? "dochody-2026-q2.xml" : "wydatki-2026-q2.xml");
    expect_duties(workshop, of.data, THREE(IN_TIME));
    workshop_close(workshop);
}

static void
unit_that_is_registered_later_settles_with_its_original_arrival(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");

    (void)state;
    workshop_run(workshop, "UPDATE registry.unit SET regon = '990009992' WHERE unit = 3");
    send(workshop, 1, "dochody-2026-q2.xml");
    expect_duties(workshop, "RB27S", IN_TIME ", " NOTHING ", " IN_TIME);
    workshop_run(workshop, "UPDATE registry.unit SET regon = '990001027' WHERE unit = 3;"
                           "INSERT INTO intake.work (submission, cause)"
                           " SELECT submission, 'unit-registered' FROM intake.submission");
    assert_int_equal(workshop_take(workshop), 1);
    expect_duties(workshop, "RB27S", THREE(IN_TIME));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM obligation.duty d"
                                               " JOIN intake.report r ON r.report = d.report"
                                               " WHERE r.n = 2 AND d.accepted_at = r.arrived"),
                     3);
    workshop_close(workshop);
}

static void
undecided_is_pending_and_decided_again_it_is_not(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");

    (void)state;
    send(workshop, 1, "dochody-2026-q2.xml");
    /* As if the first decision had said nothing yet. */
    workshop_run(workshop, "SET session_replication_role = replica;"
                           "UPDATE intake.report SET verdict = 0, in_force = NULL;"
                           "SELECT obligation.settle(ARRAY(SELECT submission"
                           " FROM intake.submission))");
    expect_duties(workshop, "RB27S", THREE("3 0 f"));
    workshop_run(workshop, "INSERT INTO intake.work (submission, cause)"
                           " SELECT submission, 'retry' FROM intake.submission");
    assert_int_equal(workshop_take(workshop), 1);
    expect_duties(workshop, "RB27S", THREE(IN_TIME));
    workshop_close(workshop);
}

/* What was held or left open and was then withdrawn fulfils nothing, and nobody waits for it. */
static void
withdrawn_is_no_attempt(void **state)
{
    static const struct {
        const char *left;
        const char *before;
    } cases[] = {
        {"0", THREE("3 0 f")},
        {"2", THREE("0 2 f")},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop                *workshop = open_with_duties("2030-01-01");
        const struct withdrawal_request request = {
            .id = workshop_id(1), .mandate = {.subject = WORKSHOP_GMINA, .credential = 1}
        };
        struct withdrawal made = {0};
        struct fault      fault = {0};
        struct str        sql = str_format(workshop->arena,
                                           "SET session_replication_role = replica;"
                                                  "UPDATE intake.report SET verdict = %s, in_force = NULL;"
                                                  "UPDATE intake.submission SET verdict = %s;"
                                                  "SELECT obligation.settle(ARRAY(SELECT submission"
                                                  " FROM intake.submission))",
                                           cases[i].left, cases[i].left);

        send(workshop, 1, "dochody-2026-q2.xml");
        workshop_run(workshop, sql.data);
        expect_duties(workshop, "RB27S", cases[i].before);
        assert_int_equal(
            withdrawal_make(workshop->bench.store, workshop->arena, &request, &made, &fault),
            ERR_OK);
        assert_int_equal(made.end, WITHDRAWAL_DONE);
        expect_duties(workshop, "RB27S", THREE(NOTHING));
        assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM obligation.duty"
                                                   " WHERE first_arrived IS NOT NULL"),
                         0);
        workshop_close(workshop);
    }
}

static void
report_that_nobody_waits_for_is_noted_once(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, "wydatki-2026-q2.xml");
    send(workshop, 2, "korekta-wydatki-2026-q2.xml");
    assert_true(
        str_equal(workshop_ask(workshop, "SELECT string_agg(concat_ws(' ', unit, form, period,"
                                         " settled_at IS NULL), ', ' ORDER BY unit)"
                                         " FROM obligation.stray"),
                  STR("2 RB28S 2026-Q2 t, 3 RB28S 2026-Q2 t, 4 RB28S 2026-Q2 t")));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM obligation.unsettled"), 0);
    workshop_close(workshop);
}

/* Somebody holds a duty for long: the conclusion neither waits nor fails, and says so. */
static void
duty_that_is_locked_delays_nobody(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");
    struct store    *admin = NULL;
    struct fault     fault = {0};

    (void)state;
    assert_int_equal(store_open(workshop->arena, &workshop->address, STORE_ADMIN, &admin, &fault),
                     ERR_OK);
    assert_int_equal(store_begin(admin, &fault), ERR_OK);
    assert_int_equal(
        store_script(admin, "UPDATE obligation.duty SET jst = jst WHERE unit = " SCHOOL, &fault),
        ERR_OK);
    send(workshop, 1, "dochody-2026-q2.xml");
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 1);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM obligation.duty"
                                               " WHERE report IS NOT NULL"),
                     2);
    assert_true(
        str_equal(workshop_ask(workshop, "SELECT cause FROM obligation.unsettled"), STR("busy")));
    store_rollback(admin);
    workshop_close(workshop);
}

/* A fault in the statement itself, too. */
static void
settling_that_fails_lets_the_conclusion_pass(void **state)
{
    struct workshop *workshop = open_with_duties("2030-01-01");

    (void)state;
    workshop_run(workshop, "ALTER TABLE obligation.duty ADD CHECK (report IS NULL)");
    send(workshop, 1, "dochody-2026-q2.xml");
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 1);
    assert_true(
        str_equal(workshop_ask(workshop, "SELECT cause FROM obligation.unsettled"), STR("23514")));
    assert_int_equal(
        workshop_number(workshop, "SELECT count(*) FROM obligation.duty WHERE heap <> 0"), 0);
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_in_time_and_what_came_late_is_told_apart),
        cmocka_unit_test(correction_takes_over_and_keeps_the_first_arrival),
        cmocka_unit_test(query_is_counted_at_the_report_in_force_alone),
        cmocka_unit_test(rejected_is_an_attempt_and_no_filing_until_it_is_accepted),
        cmocka_unit_test(unit_that_is_registered_later_settles_with_its_original_arrival),
        cmocka_unit_test(undecided_is_pending_and_decided_again_it_is_not),
        cmocka_unit_test(withdrawn_is_no_attempt),
        cmocka_unit_test(report_that_nobody_waits_for_is_noted_once),
        cmocka_unit_test(duty_that_is_locked_delays_nobody),
        cmocka_unit_test(settling_that_fails_lets_the_conclusion_pass),
    };

    return cmocka_run_group_tests(tests, workshop_start, workshop_stop);
}
