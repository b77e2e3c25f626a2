#include "gateway/outbox/answered.h"
#include "gateway/outbox/delivery.h"
#include "gateway/outbox/mailing.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/outbox/mailroom.h"

#include <string.h>

/* Answers to objections on their way to those who filed, in a real PostgreSQL, as brama_courier. */
enum { ALL = 100 };

/* Objection 1 is of a report of unit 2 that the sender filed, 2 of one of unit 3 by a program. */
static const char filed_sql[] =
    "INSERT INTO intake.submission (submission, subject, credential, appointment, key, sha256,"
    " size, first_byte, arrived, first_arrived, state, verdict, n, decided_n)"
    " SELECT md5('s' || u)::uuid, 2, CASE u WHEN 3 THEN 2 END,"
    " CASE u WHEN 2 THEN md5('asender')::uuid END, 'k' || u, sha256('x'), 1, now(), now(), now(),"
    " 'decided', 1, 1, 1 FROM generate_series(2, 3) u;"
    "SET session_replication_role = replica;"
    "UPDATE intake.report SET form_title = 'Rb-27S';"
    "SET session_replication_role = DEFAULT";

static int
open_bench(void **state)
{
    int              got = mailroom_open(state);
    struct mailroom *bench = *state;

    town_run(&bench->town, TOWN_OBJECTIONS_SQL);
    town_run(&bench->town, filed_sql);
    return got;
}

static void
answer(const struct mailroom *bench, int objection, int known, const char *outcome,
       const char *remedy)
{
    struct str sql = str_format(bench->town.arena,
                                "SELECT * FROM intake.answer_as_operator(%d, %d, '%s', '%s', '',"
                                " 'kwota 12,34', false)",
                                objection, known, outcome, remedy);

    town_run(&bench->town, sql.data);
}

static int64_t
spread(struct mailroom *bench, unsigned also)
{
    int64_t count = -1;

    assert_int_equal(
        delivery_spread(bench->courier, bench->town.arena, also, ALL, &count, &bench->fault),
        ERR_OK);
    return count;
}

static struct answered_list
take(struct mailroom *bench, const char *word, int64_t count_max)
{
    struct answered_list list = {0};

    assert_int_equal(answered_take(bench->courier, bench->town.arena, mailroom_person(bench, word),
                                   count_max, &list, &bench->fault),
                     ERR_OK);
    return list;
}

static void
answer_goes_to_who_filed_once(void **state)
{
    struct mailroom *bench = *state;

    answer(bench, 1, 0, "accepted", "rule-change");
    assert_int_equal(spread(bench, DELIVERY_WITH_LETTERS), 1);
    assert_int_equal(take(bench, "head", ALL).all, 0);
    const struct answered_list list = take(bench, "sender", ALL);
    assert_int_equal(list.count, 1);
    assert_true(str_equal(list.items[0].code, STR("RB27S-001")));
    assert_true(str_equal(list.items[0].form, STR("Rb-27S")));
    assert_true(str_equal(list.items[0].unit, STR("CUW")));
    assert_true(str_equal(list.items[0].outcome, STR("accepted")));
    assert_true(str_equal(list.items[0].remedy, STR("rule-change")));
    assert_int_equal(take(bench, "sender", ALL).all, 0);
    assert_int_equal(spread(bench, DELIVERY_WITH_LETTERS), 0);
}

static void
answer_about_a_programs_filing_goes_to_senders_and_the_treasurer(void **state)
{
    struct mailroom *bench = *state;

    answer(bench, 2, 0, "declined", "");
    (void)spread(bench, DELIVERY_WITH_LETTERS);
    assert_int_equal(take(bench, "sender", ALL).all, 1);
    assert_int_equal(take(bench, "treasurer", ALL).all, 1);
    assert_int_equal(take(bench, "supervisor", ALL).all, 0);
}

/* Before the letter was written another answer came: that one alone is told. */
static void
answer_that_was_replaced_is_not_told(void **state)
{
    struct mailroom *bench = *state;

    answer(bench, 1, 0, "declined", "");
    answer(bench, 1, 1, "accepted", "rule-change");
    assert_int_equal(spread(bench, DELIVERY_WITH_LETTERS), 2);
    const struct answered_list list = take(bench, "sender", ALL);
    assert_int_equal(list.count, 1);
    assert_true(str_equal(list.items[0].outcome, STR("accepted")));
}

/* What was told is forgotten in time; another answer of the submission tells of itself alone. */
static void
answer_whose_notice_was_forgotten_is_not_told_again(void **state)
{
    struct mailroom *bench = *state;

    town_run(&bench->town,
             "INSERT INTO intake.objection (objection, submission, n, report, code, form_version,"
             " owner, reason, decided_at) OVERRIDING SYSTEM VALUE VALUES"
             " (4, md5('s2')::uuid, 1, 0, 'RB27S-002', '2025-1', 'RIO', 'x', now())");
    answer(bench, 1, 0, "declined", "");
    (void)spread(bench, DELIVERY_WITH_LETTERS);
    assert_int_equal(take(bench, "sender", ALL).all, 1);
    town_run(&bench->town,
             "UPDATE courier.answer_notice SET told_at = now() - interval '10 years'");
    assert_int_equal(mailing_forget(bench->courier, bench->town.arena, &bench->fault), ERR_OK);
    assert_string_equal(town_ask(&bench->town, "SELECT count(*) FROM courier.answer_notice"), "0");
    answer(bench, 4, 0, "accepted", "rule-change");
    assert_int_equal(spread(bench, DELIVERY_WITH_LETTERS), 1);
    const struct answered_list list = take(bench, "sender", ALL);
    assert_int_equal(list.all, 1);
    assert_true(str_equal(list.items[0].code, STR("RB27S-002")));
}

static void
whoever_has_left_is_told_nothing_and_nobody_without_a_relay(void **state)
{
    struct mailroom *bench = *state;

    answer(bench, 1, 0, "declined", "");
    (void)spread(bench, DELIVERY_WITHOUT_STAMPS);
    assert_int_equal(take(bench, "sender", ALL).all, 0);
    answer(bench, 1, 1, "declined", "");
    (void)spread(bench, DELIVERY_WITH_LETTERS);
    town_run(&bench->town, "UPDATE people.appointment SET ended_at = now()"
                           " WHERE person = md5('sender')::uuid");
    assert_int_equal(take(bench, "sender", ALL).all, 0);
}

/* A message of its own; no receipt is stamped again for it, and it says no reason. */
static void
answer_is_a_message_to_receivers_that_ask_for_it(void **state)
{
    struct mailroom *bench = *state;

    town_run(
        &bench->town,
        "INSERT INTO courier.endpoint (unit, url, events, label) VALUES (1, 'https://x.pl/',"
        " '{submission.objection_answered}', ''), (2, 'https://y.pl/', '{submission.objected}',"
        " '');"
        "INSERT INTO intake.receipt SELECT 'R2', md5('s2')::uuid, 1, 'unit', 0, 2, '990000022',"
        " 'b', sha256('b'), '{0}'");
    answer(bench, 1, 0, "accepted", "rule-change");
    assert_int_equal(spread(bench, DELIVERY_WITH_STAMPS | DELIVERY_WITH_LETTERS), 1);
    assert_string_equal(
        mailroom_ask(bench, "SELECT string_agg(e.unit || ' ' || d.type, ',')"
                            " FROM courier.delivery d JOIN courier.endpoint e USING (endpoint)"
                            " WHERE d.type LIKE 'submission.obj%'"),
        "1 submission.objection_answered");
    assert_string_equal(
        mailroom_ask(bench, "SELECT bool_or(body LIKE '%12,34%') FROM courier.delivery"), "f");
    assert_string_equal(mailroom_ask(bench, "SELECT count(*) FROM courier.stamping"), "0");
}

static void
lines_are_cut_and_the_count_is_whole(void **state)
{
    struct mailroom *bench = *state;

    answer(bench, 1, 0, "declined", "");
    answer(bench, 2, 0, "declined", "");
    (void)spread(bench, DELIVERY_WITH_LETTERS);
    const struct answered_list list = take(bench, "sender", 1);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.all, 2);
}

#define ANSWERED_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, mailroom_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ANSWERED_TEST(answer_goes_to_who_filed_once),
        ANSWERED_TEST(answer_about_a_programs_filing_goes_to_senders_and_the_treasurer),
        ANSWERED_TEST(answer_that_was_replaced_is_not_told),
        ANSWERED_TEST(answer_whose_notice_was_forgotten_is_not_told_again),
        ANSWERED_TEST(whoever_has_left_is_told_nothing_and_nobody_without_a_relay),
        ANSWERED_TEST(answer_is_a_message_to_receivers_that_ask_for_it),
        ANSWERED_TEST(lines_are_cut_and_the_count_is_whole),
    };

    return cmocka_run_group_tests(tests, mailroom_start, mailroom_stop);
}
