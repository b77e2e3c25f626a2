#include "tests/support/expect.h"
#include "tests/unit/gateway/submission/workshop.h"

/*
 * Outages as evidence on the receipts of what came in them or right after: as entered by the time
 * of the decision, whatever is entered or revoked later. Every document arrives at the same moment.
 */
#define ENTER                                                                                     \
    "INSERT INTO obligation.outage (began, ended, description, evidence, entered_by)"             \
    " SELECT s.at - interval '2 hours', s.at - interval '%d minutes', '%s', 'dziennik', 'a@b.pl'" \
    " FROM (SELECT max(arrived) AS at FROM intake.submission) s"

#define STATED                                                                          \
    "SELECT count(*) FROM intake.receipt c JOIN intake.submission s USING (submission)" \
    " WHERE s.key = '%s' AND c.n = %d"                                                  \
    " AND position('<Opis>%s</Opis>'::bytea IN c.bytes) > 0"

static void
enter(struct workshop *workshop, int minutes, const char *what)
{
    workshop_run(workshop, str_format(workshop->arena, ENTER, minutes, what).data);
}

static int64_t
stated(struct workshop *workshop, const char *key, int n, const char *what)
{
    return workshop_number(workshop, str_format(workshop->arena, STATED, key, n, what).data);
}

static void
receipts_state_what_was_entered_before_they_were_made_and_never_change(void **state)
{
    enum { RECEIPTS = 4 }; /* one for the sender, one for each school */

    struct workshop *workshop = workshop_open();

    (void)state;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "first", STR("<a/>"));
    enter(workshop, 30, "pierwsza");
    enter(workshop, 10, "odwolana");
    workshop_run(workshop, "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
                           " SELECT 'outage', outage, 'zegar', 'a@b.pl' FROM obligation.outage"
                           " WHERE description = 'odwolana'");
    (void)workshop_send(workshop, WORKSHOP_GMINA, 2, "second",
                        workshop_sample(workshop, "dochody-2026-q2.xml"));
    enter(workshop, 20, "druga");
    assert_int_equal(stated(workshop, "first", 1, "pierwsza"), 0);
    assert_int_equal(stated(workshop, "second", 1, "pierwsza"), RECEIPTS);
    assert_int_equal(stated(workshop, "second", 1, "odwolana"), 0);
    assert_int_equal(stated(workshop, "second", 1, "druga"), 0);
    workshop_run(workshop,
                 "INSERT INTO intake.work (submission, cause)"
                 " SELECT submission, 'retry' FROM intake.submission WHERE key = 'second'");
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(stated(workshop, "second", 2, "pierwsza"), RECEIPTS);
    assert_int_equal(stated(workshop, "second", 2, "druga"), RECEIPTS);
    workshop_close(workshop);
}

static void
an_outage_makes_nothing_late_or_timely(void **state)
{
    static const char timeliness[] = "SELECT count(DISTINCT timeliness) || ' ' || min(timeliness)"
                                     " FROM intake.report";
    struct workshop  *without = workshop_open();
    struct workshop  *with = workshop_open();

    (void)state;
    (void)workshop_send(without, WORKSHOP_GMINA, 1, "k",
                        workshop_sample(without, "dochody-2026-q2.xml"));
    (void)workshop_send(with, WORKSHOP_GMINA, 9, "j", STR("<a/>"));
    enter(with, 30, "przerwa");
    (void)workshop_send(with, WORKSHOP_GMINA, 1, "k", workshop_sample(with, "dochody-2026-q2.xml"));
    assert_true(stated(with, "k", 1, "przerwa") > 0);
    assert_true(str_equal(workshop_ask(without, timeliness), workshop_ask(with, timeliness)));
    workshop_close(with);
    workshop_close(without);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipts_state_what_was_entered_before_they_were_made_and_never_change),
        cmocka_unit_test(an_outage_makes_nothing_late_or_timely),
    };

    return cmocka_run_group_tests(tests, workshop_start, workshop_stop);
}
