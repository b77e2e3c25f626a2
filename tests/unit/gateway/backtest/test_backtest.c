#include "gateway/release/rule_switch.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/maker.h"
#include "tests/unit/gateway/backtest/trial.h"

#include <stdio.h>
#include <string.h>

#define ROOM ((size_t)1 << 30U)
#define RULES "rb-27s/2025-1/rules.xml"
#define DAY (INT64_C(86400) * INSTANT_PER_SECOND)
#define ARRIVED (INT64_C(1784962800) * INSTANT_PER_SECOND) /* as the workshop files */

/* The definitions in force with this instead of that in the rules of Rb-27S. */
static struct definitions
draft(const char *old, const char *new)
{
    return trial_draft(RULES, old, new);
}

static void
send(struct workshop *workshop, uint64_t number, const char *fault_name)
{
    const struct maker_options options = {.seed = number,
                                          .forms = MAKER_RB27S,
                                          .first_unit = number % 3,
                                          .version = (int)number,
                                          .fault = fault_name};
    struct str                 bytes = {0};
    struct fault               fault = {0};
    struct str                 key = str_format(trial_arena(), "k%llu", (unsigned long long)number);

    ENSURE(maker_package(trial_arena(), &options, judging_authority(), &bytes, &fault) == ERR_OK);
    (void)workshop_send(workshop, WORKSHOP_GMINA, number, key.data, bytes);
}

static struct backtest_tally
run(const struct workshop *workshop, const struct definitions *after, instant from, instant to)
{
    return trial_run(workshop, backtest_run, after, from, to);
}

static struct backtest_group
total(const struct backtest_tally *tally)
{
    struct backtest_group sum = {0};

    for (size_t i = 0; i < tally->group_count; i++) {
        sum.reports += tally->groups[i].reports;
        sum.stopped += tally->groups[i].stopped;
        sum.freed += tally->groups[i].freed;
        sum.asked += tally->groups[i].asked;
    }
    return sum;
}

static void
counts_what_a_draft_stops_and_what_it_lets_through(void **state)
{
    struct workshop   *workshop = workshop_open();
    struct definitions stricter =
        draft("<applies severity=\"query\"/>\n  </rule>\n\n  <rule code=\"RB27S-004\"",
              "<applies severity=\"error\"/>\n  </rule>\n\n  <rule code=\"RB27S-004\"");
    struct definitions looser =
        draft("<applies severity=\"error\" levels=\"jednostkowe\" periods=\"quarter year\"/>",
              "<applies severity=\"query\" levels=\"jednostkowe\" periods=\"quarter year\"/>");
    struct definitions same = draft("<title>Zaległości netto są ujemne", "<title>Inny tytuł");
    static const char *const faults[] = {
        NULL, "rule-s27-01", "rule-s27-02", "rule-s27-01", "rule-s27-02-negative",
        NULL, NULL,          NULL,          "rule-s27-01"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        send(workshop, i + 1, faults[i]);
    }
    int64_t rows = workshop_number(workshop, "SELECT (SELECT count(*) FROM intake.decision) +"
                                             " (SELECT count(*) FROM intake.work)");
    struct backtest_tally told = run(workshop, &same, ARRIVED - DAY, ARRIVED + DAY);
    struct backtest_group sum = total(&told);
    assert_int_equal(told.submissions, ARRAY_COUNT(faults));
    assert_int_equal(told.unread, 0);
    assert_int_equal(sum.reports, ARRAY_COUNT(faults));
    assert_int_equal(sum.stopped + sum.freed + sum.asked, 0);
    assert_int_equal(told.code_count, 0);

    told = run(workshop, &looser, ARRIVED - DAY, ARRIVED + DAY);
    sum = total(&told);
    assert_int_equal(sum.stopped, 0);
    assert_int_equal(sum.freed, 3);
    assert_int_equal(sum.asked, 3);
    assert_int_equal(told.code_count, 1);
    assert_true(str_equal(told.codes[0].code, STR("RB27S-001")) && told.codes[0].freed == 3);
    assert_true(str_equal(told.groups[0].form, STR("Rb-27S"))
                && str_equal(told.groups[0].kind, STR("jednostka-budzetowa"))
                && str_equal(told.groups[0].region, STR("99")));

    told = run(workshop, &stricter, ARRIVED - DAY, ARRIVED + DAY);
    sum = total(&told);
    int64_t negative = workshop_number(workshop, "SELECT count(DISTINCT submission) FROM"
                                                 " intake.finding WHERE code = 'RB27S-003'");
    assert_int_equal(sum.stopped, negative);
    assert_int_equal(sum.freed, 0);
    assert_int_equal(workshop_number(workshop, "SELECT (SELECT count(*) FROM intake.decision) +"
                                               " (SELECT count(*) FROM intake.work)"),
                     rows);
    workshop_close(workshop);
}

static void
only_what_arrived_in_the_span_counts_and_what_cannot_be_read_is_told(void **state)
{
    struct workshop   *workshop = workshop_open();
    struct definitions same = draft("<title>Zaległości netto są ujemne", "<title>Tytuł");
    const instant      came = ARRIVED + INSTANT_PER_SECOND;
    const struct {
        const char *name;
        instant     from;
        instant     to;
        size_t      submissions;
    } cases[] = {
        {"ends before",      came - DAY, came,       0},
        {"ends just behind", came - DAY, came + 1,   2},
        {"begins with it",   came,       came + DAY, 2},
        {"begins behind",    came + 1,   came + DAY, 0},
    };

    (void)state;
    send(workshop, 1, NULL);
    send(workshop, 2, "rule-s27-01");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct backtest_tally told = run(workshop, &same, cases[i].from, cases[i].to);
        EXPECT(told.submissions == cases[i].submissions, cases[i].name);
        EXPECT(told.unread == 0, cases[i].name);
    }
    workshop_run(workshop, "SET session_replication_role = replica; DELETE FROM intake.context"
                           " WHERE submission = (SELECT submission FROM intake.submission"
                           " ORDER BY ordinal LIMIT 1)");
    struct backtest_tally told = run(workshop, &same, came, came + DAY);
    assert_int_equal(told.submissions, 2);
    assert_int_equal(told.unread, 1);
    workshop_close(workshop);
}

/* What is off stops nobody now; the draft is asked with it on. */
static void
draft_is_asked_with_everything_on(void **state)
{
    struct workshop   *workshop = workshop_open();
    struct definitions same = draft("<title>Zaległości netto są ujemne", "<title>Tytuły");

    (void)state;
    send(workshop, 1, "rule-s27-01");
    workshop_run(workshop,
                 "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
                 " VALUES ('RB27S-001', true, '2020-01-01', 'r', 'p', now())");
    struct backtest_tally told = run(workshop, &same, ARRIVED - DAY, ARRIVED + DAY);
    assert_int_equal(total(&told).stopped, 1);
    workshop_close(workshop);
}

static void
tally_is_bounded_and_written_in_one_order(void **state)
{
    struct arena          *arena = arena_create(ROOM);
    struct backtest_tally  tally = {0};
    struct backtest_code  *code = NULL;
    struct backtest_group *group = NULL;
    struct fault           fault = {0};
    struct buf             text = buf_create(arena, 1 << 20);

    (void)state;
    ENSURE(backtest_tally_create(arena, &tally, &fault) == ERR_OK);
    for (size_t i = 0; i <= BACKTEST_CODES_MAX; i++) {
        struct str name = str_format(arena, "A%zu-001", i);
        EXPECT(backtest_tally_code(&tally, name, &code, &fault)
                   == (i < BACKTEST_CODES_MAX ? ERR_OK : ERR_LIMIT),
               name.data);
    }
    assert_int_equal(backtest_tally_code(&tally, STR("A7-001"), &code, &fault), ERR_OK);
    tally.code_count = 0;
    assert_int_equal(
        backtest_tally_group(&tally, STR("Rb-28S"), STR(""), STR("06"), &group, &fault), ERR_OK);
    group->reports = 2;
    assert_int_equal(
        backtest_tally_group(&tally, STR("=Rb"), STR("jst"), STR("04"), &group, &fault), ERR_OK);
    group->reports = 1;
    backtest_tally_sort(&tally);
    backtest_tally_write_json(&text, &tally);
    assert_non_null(memmem(text.data, text.size, "{\"form\":\"=Rb\"", 12));
    text.size = 0;
    backtest_tally_write_csv(&text, &tally);
    assert_non_null(memmem(text.data, text.size, "'=Rb", 4));
    assert_true(buf_ok(&text));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_a_draft_stops_and_what_it_lets_through),
        cmocka_unit_test(only_what_arrived_in_the_span_counts_and_what_cannot_be_read_is_told),
        cmocka_unit_test(draft_is_asked_with_everything_on),
        cmocka_unit_test(tally_is_bounded_and_written_in_one_order),
    };

    return cmocka_run_group_tests(tests, trial_start, trial_stop);
}
