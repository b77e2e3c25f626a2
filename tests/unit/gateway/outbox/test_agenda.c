#include "gateway/outbox/agenda.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/outbox/mailroom.h"
#include "validators/calendar/entry.h"

#include <string.h>

/* What is put to recipients and owners of rules, in a real PostgreSQL, as brama_courier. */
enum { ALL = 100 };

/* Decision n about submission number: one report of a unit, accepted, in force. */
static void
decide(const struct mailroom *bench, int number, int n, int unit)
{
    struct str sql = str_format(
        bench->town.arena,
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived, state, verdict, n, decided_n) VALUES"
        " (md5('d%d')::uuid, 2, 2, 'k%d', sha256('x'), 1, now(), now(), now(), 'decided', 1, %d,"
        " %d) ON CONFLICT (submission) DO UPDATE SET n = EXCLUDED.n,"
        " decided_n = EXCLUDED.decided_n;"
        "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions, trust,"
        " registry, engine, log_index, finding_count, cut) VALUES"
        " (md5('d%d')::uuid, %d, 'decision', 1, now(), sha256('x'), sha256('x'), sha256('x'), 'e',"
        " 1, 0, 0);"
        "SET session_replication_role = replica;"
        "UPDATE intake.report SET in_force = tstzmultirange(tstzrange(lower(in_force), now()))"
        " WHERE submission = md5('d%d')::uuid;"
        "INSERT INTO intake.report SELECT 1000 + %d, md5('d%d')::uuid, %d, 0, unit, name, regon,"
        " type, wk, pk, gk, gt, pt, 'Rb-27s', 'F%d', '1', 'Rb-%d', 2026, 'Kwartal', 2, '2026-Q2',"
        " '2026-06-30', 'jednostkowe', '', 0, 1, '', sha256('x'), 0, 1, 1,"
        " '2026-09-30 23:30+02', 1, tstzmultirange(tstzrange(now(), NULL)) FROM registry.unit "
        "WHERE unit = %d;"
        "SET session_replication_role = DEFAULT",
        number, number, n, n, number, n, number, number * 10 + n, number, n, number, number, unit);

    town_run(&bench->town, sql.data);
}

/* Of that decision: the report is a correction after its window, put to this recipient. */
static void
come_late(const struct mailroom *bench, int number, int n, const char *recipient)
{
    struct str sql = str_format(bench->town.arena,
                                "SET session_replication_role = replica;"
                                "UPDATE intake.report SET corrects = true, outside_window = true,"
                                " window_until = '2026-09-15', recipient = '%s'"
                                " WHERE submission = md5('d%d')::uuid AND n = %d;"
                                "SET session_replication_role = DEFAULT",
                                recipient, number, n);

    town_run(&bench->town, sql.data);
}

/* Of that decision: the report goes to these kinds, and was objected to this rule of an owner. */
static void
object(const struct mailroom *bench, int number, int n, const char *code, const char *owner,
       int kinds)
{
    struct str sql = str_format(
        bench->town.arena,
        "SET session_replication_role = replica;"
        "UPDATE intake.report SET addressed_to = %d WHERE submission = md5('d%d')::uuid AND n = %d;"
        "SET session_replication_role = DEFAULT;"
        "INSERT INTO intake.objection (submission, n, report, code, form_version, owner, reason,"
        " decided_at) VALUES (md5('d%d')::uuid, %d, 0, '%s', '1', '%s', 'kwota 12,34', now())",
        kinds, number, n, number, n, code, owner);

    town_run(&bench->town, sql.data);
}

static void
note(const struct mailroom *bench, int number, int n)
{
    struct str sql = str_format(
        bench->town.arena, "SELECT courier.note_agenda(md5('d%d')::uuid, %d::smallint)", number, n);

    town_run(&bench->town, sql.data);
}

/* Who was noted for something that was not told yet: local parts of addresses. */
static const char *
noted(const struct mailroom *bench)
{
    return mailroom_ask(
        bench, "SELECT coalesce(string_agg(split_part(p.email, '@', 1), ' ' ORDER BY p.email), '')"
               " FROM courier.agenda d JOIN people.person p USING (person)"
               " WHERE d.told_at IS NULL");
}

static struct agenda
take(struct mailroom *bench, const char *word, int64_t count_max)
{
    struct agenda agenda = {0};

    assert_int_equal(agenda_take(bench->courier, bench->town.arena, mailroom_person(bench, word),
                                 count_max, &agenda, &bench->fault),
                     ERR_OK);
    return agenda;
}

static void
correction_after_its_window_is_put_to_its_recipient_alone(void **state)
{
    static const struct {
        const char *recipient;
        int         unit;
        const char *told;
    } cases[] = {
        {"RIO",                TOWN_MIDDLE,  "reviewer rio-wroclaw"},
        {"RIO",                TOWN_FOREIGN, "rio-opole"           },
        {"GUS",                TOWN_MIDDLE,  "gus"                 },
        {"Minister Finansów", TOWN_MIDDLE,  "mf"                  },
        {"zarząd JST",        TOWN_MIDDLE,  "p1"                  },
        {"zarząd JST",        TOWN_TOP,     ""                    }, /* it is the sender */
        {"dysponent główny", TOWN_MIDDLE,  ""                    },
        {"organ nadzorujący", TOWN_MIDDLE,  ""                    },
    };
    struct mailroom *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int number = (int)i + 1;
        decide(bench, number, 1, cases[i].unit);
        note(bench, number, 1);
        assert_string_equal(noted(bench), ""); /* it came in time */
        come_late(bench, number, 1, cases[i].recipient);
        note(bench, number, 1);
        if (strcmp(noted(bench), cases[i].told) != 0) {
            print_message("%s of unit %d: %s\n", cases[i].recipient, cases[i].unit, noted(bench));
        }
        EXPECT(strcmp(noted(bench), cases[i].told) == 0, cases[i].recipient);
        town_run(&bench->town, "DELETE FROM courier.agenda");
    }
}

/* It changes nothing, so nobody has to consider it. */
static void
same_report_once_more_is_put_to_nobody(void **state)
{
    struct mailroom *bench = *state;

    for (int number = 1; number <= 2; number++) {
        decide(bench, number, 1, TOWN_MIDDLE);
        come_late(bench, number, 1, "GUS");
        struct str sql = str_format(
            bench->town.arena,
            "INSERT INTO intake.finding VALUES (md5('d%d')::uuid, 1, 1, 0, 'PACZKA-02%d', 'info',"
            " 0, 0, 0, '', '', '', '', '', '', '', '', '', '')",
            number, number);
        town_run(&bench->town, sql.data);
        note(bench, number, 1);
        assert_string_equal(noted(bench), number == 1 ? "" : "gus");
    }
}

static void
line_of_a_correction_says_which_report_and_when(void **state)
{
    struct mailroom *bench = *state;

    decide(bench, 1, 1, TOWN_MIDDLE);
    come_late(bench, 1, 1, "RIO");
    note(bench, 1, 1);
    const struct agenda agenda = take(bench, "reviewer", ALL);
    assert_int_equal(agenda.count, 1);
    assert_int_equal(agenda.corrections, 1);
    assert_int_equal(agenda.objections, 0);
    assert_int_equal(agenda.items[0].code.size, 0);
    assert_true(str_equal(agenda.items[0].form, STR("Rb-1")));
    assert_true(str_equal(agenda.items[0].period, STR("2026-Q2")));
    assert_true(str_equal(agenda.items[0].unit, STR("CUW")));
    assert_int_equal(agenda.items[0].until.day, 15);
    assert_int_equal(agenda.items[0].arrived.day, 30); /* in Warsaw */
    assert_int_equal(agenda.items[0].times, 1);
}

/* Whom the report goes to, copies too, is told whose it is; the owner of the rule is not. */
static void
objection_is_put_to_recipients_and_to_the_owner_of_its_rule(void **state)
{
    struct mailroom *bench = *state;

    decide(bench, 1, 1, TOWN_MIDDLE);
    object(bench, 1, 1, "RB27S-001", "RIO", 2 | 16);
    note(bench, 1, 1);
    assert_string_equal(noted(bench), "gus reviewer rio-wroclaw rule-owner");

    struct agenda agenda = take(bench, "gus", ALL);
    assert_int_equal(agenda.count, 1);
    assert_int_equal(agenda.objections, 1);
    assert_true(str_equal(agenda.items[0].code, STR("RB27S-001")));
    assert_true(str_equal(agenda.items[0].unit, STR("CUW")));
    assert_int_equal(agenda.items[0].until.year, 0);

    agenda = take(bench, "rule-owner", ALL);
    assert_int_equal(agenda.count, 1);
    assert_true(str_equal(agenda.items[0].code, STR("RB27S-001")));
    assert_int_equal(
        agenda.items[0].unit.size + agenda.items[0].form.size + agenda.items[0].period.size, 0);
    assert_int_equal(agenda.items[0].arrived.year, 0);
}

static void
rule_of_another_owner_is_not_put_to_ours(void **state)
{
    static const char *const owners[] = {"MF", "GUS", "brama", ""};
    struct mailroom         *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(owners); i++) {
        decide(bench, (int)i + 1, 1, TOWN_MIDDLE);
        object(bench, (int)i + 1, 1, "RB27S-001", owners[i], 0);
        note(bench, (int)i + 1, 1);
        EXPECT(strcmp(noted(bench), "") == 0, owners[i]);
    }
}

/* Whoever is both is told as a recipient. */
static void
owner_who_is_addressed_is_told_whose_report_it_is(void **state)
{
    struct mailroom *bench = *state;

    town_run(&bench->town, "INSERT INTO people.appointment (person, role, office, valid_from)"
                           " VALUES (md5('reviewer')::uuid, 'rule-owner', 'rio-wroclaw',"
                           " '2020-01-01')");
    decide(bench, 1, 1, TOWN_MIDDLE);
    object(bench, 1, 1, "RB27S-001", "RIO", 2);
    note(bench, 1, 1);
    const struct agenda agenda = take(bench, "reviewer", ALL);
    assert_int_equal(agenda.count, 1);
    assert_true(str_equal(agenda.items[0].unit, STR("CUW")));
}

/* Seventeen schools object to one rule: a line for its owner, with their number. */
static void
owner_hears_of_a_rule_once_with_how_often(void **state)
{
    struct mailroom *bench = *state;

    for (int i = 1; i <= 17; i++) {
        decide(bench, i, 1, TOWN_MIDDLE);
        object(bench, i, 1, i <= 15 ? "RB27S-001" : "RB27S-002", "RIO", 0);
        note(bench, i, 1);
    }
    const struct agenda agenda = take(bench, "rule-owner", ALL);
    assert_int_equal(agenda.count, 2);
    assert_int_equal(agenda.objections, 17);
    assert_int_equal(agenda.items[0].times, 15);
    assert_int_equal(agenda.items[1].times, 2);
    assert_int_equal(agenda.lines, 2);
}

static void
what_was_told_is_not_told_again(void **state)
{
    struct mailroom *bench = *state;

    decide(bench, 1, 1, TOWN_MIDDLE);
    object(bench, 1, 1, "RB27S-001", "RIO", 2);
    come_late(bench, 1, 1, "RIO");
    note(bench, 1, 1);
    note(bench, 1, 1); /* a message that is taken twice */
    assert_int_equal(take(bench, "reviewer", ALL).lines, 2);
    assert_int_equal(take(bench, "reviewer", ALL).lines, 0);
    note(bench, 1, 1);
    assert_int_equal(take(bench, "reviewer", ALL).lines, 0);

    /* Decided again, with one objection more. */
    decide(bench, 1, 2, TOWN_MIDDLE);
    object(bench, 1, 2, "RB27S-001", "RIO", 2);
    object(bench, 1, 2, "RB27S-002", "RIO", 2);
    come_late(bench, 1, 2, "RIO");
    note(bench, 1, 2);
    const struct agenda agenda = take(bench, "reviewer", ALL);
    assert_int_equal(agenda.lines, 1);
    assert_true(str_equal(agenda.items[0].code, STR("RB27S-002")));
}

/* Decided again before the letter: what is so no more, and what another took the place of. */
static void
what_is_so_no_more_is_not_told(void **state)
{
    struct mailroom *bench = *state;

    decide(bench, 1, 1, TOWN_MIDDLE);
    object(bench, 1, 1, "RB27S-001", "RIO", 2);
    come_late(bench, 1, 1, "RIO");
    note(bench, 1, 1);
    decide(bench, 1, 2, TOWN_MIDDLE); /* the rule was switched off */
    note(bench, 1, 2);
    assert_int_equal(take(bench, "reviewer", ALL).lines, 0);

    decide(bench, 2, 1, TOWN_MIDDLE);
    come_late(bench, 2, 1, "RIO");
    note(bench, 2, 1);
    town_run(&bench->town,
             "UPDATE intake.report SET in_force = tstzmultirange(tstzrange(lower(in_force), now()))"
             " WHERE submission = md5('d2')::uuid");
    assert_int_equal(take(bench, "reviewer", ALL).lines, 0);
}

/* Between the note and the letter a right may end: it is asked again. */
static void
who_may_see_it_no_more_is_told_nothing(void **state)
{
    static const char *const ends[] = {
        "UPDATE people.appointment SET ended_at = now() WHERE person = md5('reviewer')::uuid",
        "UPDATE people.person SET closed_at = now() WHERE person = md5('rio-wroclaw')::uuid",
        "UPDATE registry.unit_office SET valid_to = registry.today() - 1",
    };
    struct mailroom *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        int number = (int)i + 1;
        decide(bench, number, 1, TOWN_MIDDLE);
        come_late(bench, number, 1, "RIO");
        note(bench, number, 1);
        town_run(&bench->town, ends[i]);
        EXPECT(take(bench, "reviewer", ALL).lines == 0, ends[i]);
        EXPECT(take(bench, "rio-wroclaw", ALL).lines == (i == 0 ? 1 : 0), ends[i]);
    }
}

static void
lines_are_cut_and_counts_are_whole(void **state)
{
    static const struct {
        int64_t room;
        size_t  shown;
    } cases[] = {
        {4, 4},
        {5, 5},
        {6, 5}
    };
    struct mailroom *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (int j = 0; j < 5; j++) {
            int number = (int)i * 10 + j + 1;
            decide(bench, number, 1, TOWN_MIDDLE);
            if (j < 2) {
                object(bench, number, 1, "RB27S-001", "MF", 2);
            } else {
                come_late(bench, number, 1, "RIO");
            }
            note(bench, number, 1);
        }
        const struct agenda agenda = take(bench, "reviewer", cases[i].room);
        assert_int_equal(agenda.count, cases[i].shown);
        assert_int_equal(agenda.lines, 5);
        assert_int_equal(agenda.objections, 2);
        assert_int_equal(agenda.corrections, 3);
        assert_true(agenda.items[0].code.size > 0); /* objections first */
    }
}

/* What the calendar writes into a report is what the database knows it by. */
static void
every_recipient_has_its_title_in_the_database(void **state)
{
    struct mailroom *bench = *state;

    for (int i = 0; i < CALENDAR_RECIPIENTS; i++) {
        enum calendar_recipient recipient = (enum calendar_recipient)i;
        struct str              sql =
            str_format(bench->town.arena,
                       "SELECT courier.recipient_titled('%s') = registry.recipient_bit('%s')"
                       " AND registry.recipient_bit('%s') = %u",
                       calendar_recipient_title(recipient), calendar_recipient_name(recipient),
                       calendar_recipient_name(recipient), 1U << i);
        EXPECT(strcmp(mailroom_ask(bench, sql.data), "t") == 0, calendar_recipient_name(recipient));
    }
    assert_string_equal(mailroom_ask(bench, "SELECT courier.recipient_titled('')"), "0");
}

#define AGENDA_TEST(name) cmocka_unit_test_setup_teardown(name, mailroom_open, mailroom_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        AGENDA_TEST(correction_after_its_window_is_put_to_its_recipient_alone),
        AGENDA_TEST(same_report_once_more_is_put_to_nobody),
        AGENDA_TEST(line_of_a_correction_says_which_report_and_when),
        AGENDA_TEST(objection_is_put_to_recipients_and_to_the_owner_of_its_rule),
        AGENDA_TEST(rule_of_another_owner_is_not_put_to_ours),
        AGENDA_TEST(owner_who_is_addressed_is_told_whose_report_it_is),
        AGENDA_TEST(owner_hears_of_a_rule_once_with_how_often),
        AGENDA_TEST(what_was_told_is_not_told_again),
        AGENDA_TEST(what_is_so_no_more_is_not_told),
        AGENDA_TEST(who_may_see_it_no_more_is_told_nothing),
        AGENDA_TEST(lines_are_cut_and_counts_are_whole),
        AGENDA_TEST(every_recipient_has_its_title_in_the_database),
    };

    return cmocka_run_group_tests(tests, mailroom_start, mailroom_stop);
}
