#include "gateway/outbox/turning.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/outbox/mailroom.h"

#include <string.h>

/* Sets that turn, in a real PostgreSQL: noted by whoever judges, told by the courier. */
enum { ALL = 100 };

/* Reports 1 to 7 of the town are of its units; 2 was filed by the sender of unit 2, 3 by a program
 * of unit 2. */
static const char filed_sql[] =
    "SET session_replication_role = replica;"
    "INSERT INTO intake.submission (submission, subject, credential, appointment, key, sha256,"
    " size, first_byte, arrived, first_arrived, state, verdict, n, decided_n)"
    " SELECT md5('s' || u)::uuid, 2, CASE u WHEN 3 THEN 2 END,"
    " CASE u WHEN 2 THEN md5('asender')::uuid END, 'k' || u, sha256('x'), 1, now(), now(), now(),"
    " 'decided', 1, 1, 1 FROM generate_series(2, 3) u;"
    "UPDATE intake.report SET form_title = 'Rb-27S';"
    "SET session_replication_role = DEFAULT";

static int
open_bench(void **state)
{
    int              got = mailroom_open(state);
    struct mailroom *bench = *state;

    town_run(&bench->town, filed_sql);
    return got;
}

/* The set of a unit stands so, with so many findings: judged, as by gateway/setbook. */
static void
judge(const struct mailroom *bench, int owner, const char *verdict, int findings)
{
    struct str sql = str_format(
        bench->town.arena,
        "INSERT INTO intake.report_set AS s (owner, scope, period_end, period_type, year,"
        " period_number, period, state, reason, pending, findings, owed, judged_at, definitions)"
        " VALUES (%d, %d, '2026-06-30', 'Kwartal', 2026, 2, '2026-Q2', '%s', '', '[]', %d, '',"
        " now(), sha256('x')) ON CONFLICT (owner, period_end, period_type, scope) DO UPDATE SET"
        " state = EXCLUDED.state, findings = EXCLUDED.findings, judged_at = EXCLUDED.judged_at,"
        " revision = s.revision + 1",
        owner, owner == TOWN_TOP ? 0 : 1, verdict, findings);

    town_run(&bench->town, sql.data);
}

/* A rule of the set of a unit charges a report; it does no longer. */
static void
charge(const struct mailroom *bench, int owner, int report)
{
    struct str sql = str_format(
        bench->town.arena,
        "INSERT INTO intake.set_finding (owner, scope, period_end, period_type, report, code,"
        " severity, cell, about, basis, definitions, opened_at, mark) VALUES (%d, %d,"
        " '2026-06-30', 'Kwartal', %d, 'ZESTAW-001', 'query', '', 'x', 'x', sha256('x'), now(),"
        " gen_random_uuid())",
        owner, owner == TOWN_TOP ? 0 : 1, report);

    town_run(&bench->town, sql.data);
}

static void
clear(const struct mailroom *bench)
{
    town_run(&bench->town, "UPDATE intake.set_finding SET closed_at = now()"
                           " WHERE closed_at IS NULL");
}

static void
listen_at(const struct mailroom *bench, int unit, const char *events)
{
    struct str sql = str_format(bench->town.arena,
                                "INSERT INTO courier.endpoint (unit, url, events, label) VALUES"
                                " (%d, 'https://sets.pl/%d', string_to_array('%s', ' '), '')",
                                unit, unit, events);

    town_run(&bench->town, sql.data);
}

static int64_t
spread(struct mailroom *bench, bool letters)
{
    int64_t count = -1;

    assert_int_equal(
        turning_spread(bench->courier, bench->town.arena, letters, ALL, &count, &bench->fault),
        ERR_OK);
    return count;
}

/* "unit type" of each message about a set, in order. */
static const char *
told(const struct mailroom *bench)
{
    return mailroom_ask(bench, "SELECT coalesce(string_agg(e.unit || ' ' || d.type, ', ' ORDER BY"
                               " d.delivery), '') FROM courier.delivery d JOIN courier.endpoint e"
                               " USING (endpoint) WHERE d.type LIKE 'set.%'");
}

static const char *
noted(const struct mailroom *bench)
{
    return mailroom_ask(
        bench, "SELECT coalesce(string_agg(split_part(p.email, '@', 1), ' ' ORDER BY p.email), '')"
               " FROM courier.set_notice n JOIN people.person p USING (person)"
               " WHERE n.told_at IS NULL");
}

static struct turnings
take(struct mailroom *bench, const char *word, int64_t count_max)
{
    struct turnings turnings = {0};

    assert_int_equal(turning_take(bench->courier, bench->town.arena, mailroom_person(bench, word),
                                  count_max, &turnings, &bench->fault),
                     ERR_OK);
    return turnings;
}

/* What is noted of a state that follows another. "-": the set is new. */
static void
each_turn_is_noted_and_nothing_else(void **state)
{
    static const struct {
        const char *was;
        const char *is;
        const char *noted;
    } cases[] = {
        {"-",            "incomplete",   "0"},
        {"-",            "consistent",   "1"},
        {"-",            "inconsistent", "1"},
        {"incomplete",   "incomplete",   "0"},
        {"incomplete",   "consistent",   "1"},
        {"incomplete",   "inconsistent", "1"},
        {"consistent",   "incomplete",   "1"},
        {"consistent",   "consistent",   "0"},
        {"consistent",   "inconsistent", "1"},
        {"inconsistent", "incomplete",   "1"},
        {"inconsistent", "consistent",   "1"},
        {"inconsistent", "inconsistent", "0"},
    };
    struct mailroom *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        town_run(&bench->town, "DELETE FROM intake.report_set");
        if (cases[i].was[0] != '-') {
            judge(bench, TOWN_MIDDLE, cases[i].was, 0);
        }
        town_run(&bench->town, "DELETE FROM courier.set_news");
        judge(bench, TOWN_MIDDLE, cases[i].is, 1);
        struct str name = str_format(bench->town.arena, "%s to %s", cases[i].was, cases[i].is);
        EXPECT(strcmp(mailroom_ask(bench, "SELECT count(*) FROM courier.set_news"), cases[i].noted)
                   == 0,
               name.data);
        if (cases[i].was[0] == '-' && cases[i].noted[0] == '1') {
            assert_string_equal(mailroom_ask(bench, "SELECT was FROM courier.set_news"),
                                "incomplete");
        }
    }
}

/* As who writes sets: the note needs no right of theirs. */
static void
turn_is_noted_by_the_statement_of_the_writer(void **state)
{
    struct mailroom           *bench = *state;
    struct store              *writer = NULL;
    const struct store_address address = {str_of(cluster_host(bench->town.cluster)),
                                          cluster_port(bench->town.cluster), str_of(bench->name)};

    judge(bench, TOWN_MIDDLE, "incomplete", 0);
    assert_int_equal(store_open(bench->town.arena, &address, STORE_WRITER, &writer, &bench->fault),
                     ERR_OK);
    assert_int_equal(store_script(writer,
                                  "UPDATE intake.report_set SET state = 'inconsistent',"
                                  " findings = 1, revision = revision + 1",
                                  &bench->fault),
                     ERR_OK);
    assert_string_equal(
        mailroom_ask(bench, "SELECT was || ' ' || state || ' ' || revision || ' ' || findings"
                            " FROM courier.set_news"),
        "incomplete inconsistent 2 1");
    assert_int_not_equal(store_script(writer, "SELECT FROM courier.set_news", &bench->fault),
                         ERR_OK);
}

/* Receivers of the owner, above it and of who does its books, of those that asked for this state.
 */
static void
message_goes_to_who_sees_the_set_and_asked_for_it(void **state)
{
    static const char all[] = "set.consistent set.inconsistent set.incomplete";
    struct mailroom  *bench = *state;

    listen_at(bench, TOWN_TOP, all);
    listen_at(bench, TOWN_MIDDLE, "set.inconsistent");
    listen_at(bench, TOWN_CHILD, all);
    listen_at(bench, TOWN_SIBLING, all);
    listen_at(bench, TOWN_FOREIGN, all);
    listen_at(bench, TOWN_MIDDLE, "submission.accepted obligation.late");
    judge(bench, TOWN_MIDDLE, "inconsistent", 3);
    assert_int_equal(spread(bench, false), 1);
    assert_string_equal(told(bench), "1 set.inconsistent, 2 set.inconsistent");
    judge(bench, TOWN_SERVED, "consistent", 0); /* unit 2 does its books, but wants the other */
    judge(bench, TOWN_SERVED, "inconsistent", 1);
    town_run(&bench->town, "DELETE FROM courier.delivery WHERE type LIKE 'set.%'");
    (void)spread(bench, false);
    assert_string_equal(told(bench), "2 set.inconsistent");
    assert_int_equal(spread(bench, false), 0); /* once */
}

/* Who took its place as a whole, through any number of others; a part of it sees nothing of it. */
static void
message_goes_to_who_took_the_place_of_the_owner(void **state)
{
    static const struct {
        const char *kind;
        const char *day; /* after today */
        bool        is_told;
    } cases[] = {
        {"merge",     "0",  true },
        {"merge",     "-1", true },
        {"merge",     "1",  false},
        {"takeover",  "0",  true },
        {"new-regon", "0",  true },
        {"rename",    "0",  true },
        {"split",     "0",  false},
    };
    struct mailroom *bench = *state;

    listen_at(bench, TOWN_SIBLING, "set.consistent set.inconsistent");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(
            bench->town.arena,
            "SET session_replication_role = replica; DELETE FROM registry.succession;"
            "SET session_replication_role = DEFAULT; DELETE FROM courier.delivery;"
            "INSERT INTO registry.succession (predecessor, successor, kind, day) VALUES"
            " (%d, %d, '%s', registry.today() + (%s)), (%d, %d, 'merge', registry.today())",
            TOWN_MIDDLE, TOWN_FOREIGN, cases[i].kind, cases[i].day, TOWN_FOREIGN, TOWN_SIBLING);
        struct str want = str_format(bench->town.arena, "%d set.%s", TOWN_SIBLING,
                                     i % 2 == 0 ? "inconsistent" : "consistent");
        town_run(&bench->town, sql.data);
        judge(bench, TOWN_MIDDLE, i % 2 == 0 ? "inconsistent" : "consistent", 0);
        (void)spread(bench, false);
        EXPECT(strcmp(told(bench), cases[i].is_told ? want.data : "") == 0, cases[i].kind);
        EXPECT(strcmp(mailroom_ask(bench, str_format(bench->town.arena,
                                                     "SELECT registry.acts_for(%d, %d,"
                                                     " registry.today())",
                                                     TOWN_SIBLING, TOWN_MIDDLE)
                                              .data),
                      cases[i].is_told ? "t" : "f")
                   == 0,
               cases[i].kind);
    }
}

static void
message_says_which_set_and_both_states_and_no_amount(void **state)
{
    struct mailroom *bench = *state;

    listen_at(bench, TOWN_MIDDLE, "set.consistent set.inconsistent");
    judge(bench, TOWN_MIDDLE, "inconsistent", 3);
    (void)spread(bench, false);
    town_run(&bench->town, "DELETE FROM courier.delivery WHERE type LIKE 'set.%'");
    judge(bench, TOWN_MIDDLE, "consistent", 0);
    town_run(&bench->town, "UPDATE courier.set_news SET at = '2026-07-10 09:00:00.25+02'");
    (void)spread(bench, false);
    assert_string_equal(
        mailroom_ask(bench, "SELECT body FROM courier.delivery WHERE type LIKE 'set.%'"),
        "{\"type\":\"set.consistent\",\"timestamp\":\"2026-07-10T07:00:00.250Z\","
        "\"data\":{\"id\":\"1\",\"revision\":2,\"unit\":\"990000022\","
        "\"period\":\"2026-Q2\",\"was\":\"inconsistent\",\"state\":\"consistent\","
        "\"findings\":0,\"set\":\"/api/v1/sets/1\"}}");
}

/* Before anybody looked: from the first state to the last, or nothing. */
static void
turns_between_two_looks_are_one_and_back_is_none(void **state)
{
    struct mailroom *bench = *state;

    listen_at(bench, TOWN_MIDDLE, "set.consistent set.inconsistent set.incomplete");
    judge(bench, TOWN_MIDDLE, "inconsistent", 1);
    judge(bench, TOWN_MIDDLE, "consistent", 0);
    assert_int_equal(spread(bench, true), 2);
    assert_string_equal(told(bench), "2 set.consistent");
    judge(bench, TOWN_MIDDLE, "incomplete", 0);
    judge(bench, TOWN_MIDDLE, "consistent", 0);
    assert_int_equal(spread(bench, true), 2);
    assert_string_equal(told(bench), "2 set.consistent");
}

/* A set too large for a filing is incomplete until a row of work has judged it: a minute at most.
 */
static void
set_that_is_about_to_be_judged_again_waits_for_that(void **state)
{
    struct mailroom *bench = *state;

    listen_at(bench, TOWN_MIDDLE, "set.consistent set.inconsistent set.incomplete");
    judge(bench, TOWN_MIDDLE, "consistent", 0);
    (void)spread(bench, false);
    judge(bench, TOWN_MIDDLE, "incomplete", 0);
    town_run(&bench->town, "INSERT INTO intake.set_work (set, cause) SELECT set, 'operand'"
                           " FROM intake.report_set");
    assert_int_equal(spread(bench, false), 0);
    town_run(&bench->town, "UPDATE courier.set_news SET noted_at = now() - interval '61 seconds'");
    assert_int_equal(spread(bench, false), 1);
    assert_string_equal(told(bench), "2 set.consistent, 2 set.incomplete");
    judge(bench, TOWN_MIDDLE, "consistent", 0);
    assert_int_equal(spread(bench, false), 0);
    town_run(&bench->town, "UPDATE intake.set_work SET done_at = now()");
    assert_int_equal(spread(bench, false), 1);
}

/* Report 2 was filed by a person, 3 (of a unit without a sender) by a program of unit 2. */
static void
people_of_a_charged_report_are_noted(void **state)
{
    struct mailroom *bench = *state;

    charge(bench, TOWN_TOP, 2);
    judge(bench, TOWN_TOP, "inconsistent", 1);
    assert_int_equal(spread(bench, false), 1);
    assert_string_equal(noted(bench), ""); /* no relay, no letters */
    judge(bench, TOWN_TOP, "consistent", 1);
    (void)spread(bench, true);
    assert_string_equal(noted(bench), "sender treasurer");
    judge(bench, TOWN_TOP, "inconsistent", 1);
    (void)spread(bench, true);
    assert_string_equal(noted(bench), "sender treasurer"); /* one notice a person and set */
}

/* A head does not send: of a unit without people who do, nobody is told. */
static void
report_that_nobody_sent_and_nobody_sends_is_told_to_nobody(void **state)
{
    struct mailroom *bench = *state;

    charge(bench, TOWN_TOP, TOWN_SIBLING);
    judge(bench, TOWN_TOP, "inconsistent", 1);
    assert_int_equal(spread(bench, true), 1);
    assert_string_equal(noted(bench), "");
}

static void
line_says_the_report_and_the_state_to_whom_the_set_is_shown(void **state)
{
    struct mailroom *bench = *state;

    charge(bench, TOWN_TOP, 3);    /* a JST's set: not shown to unit 2, whose program sent it */
    charge(bench, TOWN_MIDDLE, 2); /* its own */
    judge(bench, TOWN_TOP, "inconsistent", 1);
    judge(bench, TOWN_MIDDLE, "inconsistent", 1);
    (void)spread(bench, true);
    const struct turnings turnings = take(bench, "sender", ALL);
    assert_int_equal(turnings.count, 2);
    assert_true(str_equal(turnings.items[0].unit, STR("CUW")));
    assert_true(str_equal(turnings.items[0].form, STR("Rb-27S")));
    assert_true(str_equal(turnings.items[0].period, STR("2026-Q2")));
    assert_true(str_equal(turnings.items[0].state, STR("inconsistent")));
    assert_true(turnings.items[0].open);
    assert_true(str_equal(turnings.items[1].unit, STR("Szkoła")));
    assert_int_equal(turnings.items[1].state.size, 0);
    assert_int_equal(take(bench, "sender", ALL).all, 0); /* once */
}

/* On one day a person hears of a set once, as it stands; what comes after waits for the next. */
static void
set_is_told_once_a_day_as_it_stands(void **state)
{
    struct mailroom *bench = *state;

    charge(bench, TOWN_MIDDLE, 2);
    judge(bench, TOWN_MIDDLE, "inconsistent", 1);
    (void)spread(bench, true);
    clear(bench);
    judge(bench, TOWN_MIDDLE, "consistent", 0); /* before the letter was written */
    (void)spread(bench, true);
    struct turnings turnings = take(bench, "sender", ALL);
    assert_int_equal(turnings.count, 1);
    assert_false(turnings.items[0].open);
    assert_true(str_equal(turnings.items[0].state, STR("consistent")));

    charge(bench, TOWN_MIDDLE, 2);
    judge(bench, TOWN_MIDDLE, "inconsistent", 1);
    (void)spread(bench, true);
    assert_int_equal(take(bench, "sender", ALL).all, 0);
    town_run(&bench->town, "UPDATE courier.set_notice SET told_at = told_at - interval '1 day'");
    turnings = take(bench, "sender", ALL);
    assert_int_equal(turnings.count, 1);
    assert_true(turnings.items[0].open);
}

/* What was closed before the set turned is no news; whose right has ended hears nothing. */
static void
what_is_old_or_theirs_no_more_is_not_told(void **state)
{
    struct mailroom *bench = *state;

    charge(bench, TOWN_MIDDLE, 2);
    clear(bench);
    judge(bench, TOWN_MIDDLE, "inconsistent", 0);
    (void)spread(bench, true);
    assert_string_equal(noted(bench), "");

    charge(bench, TOWN_MIDDLE, 2);
    judge(bench, TOWN_MIDDLE, "consistent", 1);
    (void)spread(bench, true);
    assert_string_equal(noted(bench), "sender treasurer");
    town_run(&bench->town, "UPDATE people.appointment SET ended_at = now()"
                           " WHERE person = md5('sender')::uuid");
    assert_int_equal(take(bench, "sender", ALL).all, 0);
    assert_int_equal(take(bench, "treasurer", ALL).all, 1);
}

static void
lines_are_cut_and_the_count_is_whole(void **state)
{
    struct mailroom *bench = *state;

    charge(bench, TOWN_TOP, 2);
    charge(bench, TOWN_TOP, 3);
    judge(bench, TOWN_TOP, "inconsistent", 2);
    (void)spread(bench, true);
    const struct turnings turnings = take(bench, "sender", 1);
    assert_int_equal(turnings.count, 1);
    assert_int_equal(turnings.all, 2);
}

#define TURNING_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, mailroom_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TURNING_TEST(each_turn_is_noted_and_nothing_else),
        TURNING_TEST(turn_is_noted_by_the_statement_of_the_writer),
        TURNING_TEST(message_goes_to_who_sees_the_set_and_asked_for_it),
        TURNING_TEST(message_goes_to_who_took_the_place_of_the_owner),
        TURNING_TEST(message_says_which_set_and_both_states_and_no_amount),
        TURNING_TEST(turns_between_two_looks_are_one_and_back_is_none),
        TURNING_TEST(set_that_is_about_to_be_judged_again_waits_for_that),
        TURNING_TEST(people_of_a_charged_report_are_noted),
        TURNING_TEST(report_that_nobody_sent_and_nobody_sends_is_told_to_nobody),
        TURNING_TEST(line_says_the_report_and_the_state_to_whom_the_set_is_shown),
        TURNING_TEST(set_is_told_once_a_day_as_it_stands),
        TURNING_TEST(what_is_old_or_theirs_no_more_is_not_told),
        TURNING_TEST(lines_are_cut_and_the_count_is_whole),
    };

    return cmocka_run_group_tests(tests, mailroom_start, mailroom_stop);
}
