#include "gateway/intake/correction_reason.h"
#include "gateway/intake/withdrawal.h"
#include "tests/support/expect.h"
#include "tests/support/leaf.h"
#include "tests/unit/gateway/intake/setting.h"

#include <string.h>

/*
 * Withdrawals and reasons of corrections by people: what is written of whom, and that nothing is
 * once what they act by has ended, whatever the front knew.
 */
enum { SENDER = 1, SCHOOL = 2, SIBLING = 3, OFFICE_OF_BOOKS = 4, CREDENTIAL = 1, WAITING = 3 };

/* A head at each unit, who is appointment 00..0u of unit u; a stand-in for the first, f. */
static const char people_sql[] =
    "INSERT INTO people.person (person, email, name, confirmed_at)"
    " SELECT lpad(to_hex(i), 32, '0')::uuid, 'p' || i || '@example.test', 'Osoba ' || i, now()"
    " FROM generate_series(1, 15) i;"
    "INSERT INTO people.appointment (appointment, person, role, unit, valid_from)"
    " SELECT lpad(i::text, 32, '0')::uuid, lpad(i::text, 32, '0')::uuid, 'head', i, '2020-01-01'"
    " FROM generate_series(1, 8) i;"
    "INSERT INTO people.appointment (appointment, person, role, unit, valid_from, valid_to,"
    " delegator, basis) SELECT lpad('f', 32, '0')::uuid, lpad('f', 32, '0')::uuid, 'head', 1,"
    " '2020-01-01', '2099-12-31', lpad('1', 32, '0')::uuid, 'upoważnienie nr 7';"
    "INSERT INTO people.appointment (appointment, person, role, office, valid_from) SELECT"
    " lpad('a', 32, '0')::uuid, lpad('a', 32, '0')::uuid, 'reviewer', 'rio-opole', '2020-01-01'";

/* Rows of the log that are not what the database holds. */
static const char wrong_log_sql[] =
    "SELECT count(*) FROM intake.log l JOIN intake.submission s USING (submission)"
    " WHERE l.kind = 'flag' AND l.leaf <> " LEAF_OF_WITHDRAWAL;

static struct setting
open_peopled(void)
{
    struct setting setting = setting_open();

    setting_run(&setting, people_sql);
    return setting;
}

/* By one digit; 0: the program's. */
static struct mandate
mandate_of(int64_t subject, unsigned appointment)
{
    struct mandate mandate = {.subject = subject};

    mandate.credential = appointment == 0 ? CREDENTIAL : 0;
    mandate.appointment.bytes[UUID_SIZE - 1] = (unsigned char)appointment;
    return mandate;
}

static struct withdrawal
withdraw(const struct setting *setting, uint64_t number, struct mandate mandate)
{
    const struct withdrawal_request request = {.id = setting_id(number), .mandate = mandate};
    struct withdrawal               out = {0};
    struct fault                    fault = {0};

    if (withdrawal_make(setting->store, setting->arena, &request, &out, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return out;
}

static struct correction_reason
explain(const struct setting *setting, struct mandate mandate, uint32_t revision)
{
    const struct correction_reason_request request = {.id = setting_id(2),
                                                      .report = 1,
                                                      .mandate = mandate,
                                                      .revision = revision,
                                                      .code = STR("inna"),
                                                      .text = STR("pomyłka w kwocie")};
    struct correction_reason               out = {0};
    struct fault                           fault = {0};

    if (correction_reason_give(setting->store, setting->arena, &request, &out, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return out;
}

static bool
is(const struct setting *setting, const char *sql, const char *want)
{
    const char *got = setting_ask(setting, sql).data;

    if (strcmp(got, want) != 0) {
        print_message("%s\n", got);
    }
    return strcmp(got, want) == 0;
}

/* What has become of it before somebody writes. */
static const struct {
    const char        *name;
    const char        *change;
    int64_t            subject;
    unsigned           appointment; /* 0: the program */
    enum mandate_state want;
} cases[] = {
    {"a head",                                  "SELECT",                                                        SENDER, 1,      MANDATE_HOLDS  },
    {"their stand-in",                          "SELECT",                                                        SENDER, 15,     MANDATE_HOLDS  },
    {"their last day is today",
     "UPDATE people.appointment SET valid_to = registry.today() WHERE delegator IS NULL",                        SENDER, 1,
     MANDATE_HOLDS                                                                                                                              },
    {"their last day was yesterday",
     "UPDATE people.appointment SET valid_to = registry.today() - 1 WHERE delegator IS NULL",                    SENDER, 1,      MANDATE_ENDED  },
    {"it was ended",                            "UPDATE people.appointment SET ended_at = now() WHERE unit = 1", SENDER, 1,
     MANDATE_ENDED                                                                                                                              },
    {"the account is closed",                   "UPDATE people.person SET closed_at = now()",                    SENDER, 1,
     MANDATE_ENDED                                                                                                                              },
    {"it has not begun",
     "SET session_replication_role = replica; UPDATE people.appointment SET valid_from ="
     " registry.today() + 1",                                                                                    SENDER, 1,      MANDATE_ENDED  },
    {"the stand-in's was ended",
     "UPDATE people.appointment SET ended_at = now() WHERE delegator IS NOT NULL",                               SENDER, 15,
     MANDATE_ENDED                                                                                                                              },
    {"what the stand-in's stands on was ended",
     "UPDATE people.appointment SET ended_at = now() WHERE unit = 1 AND delegator IS NULL",                      SENDER,
     15,                                                                                                                         MANDATE_ENDED  },
    {"at another unit",                         "SELECT",                                                        SENDER, SCHOOL, MANDATE_ENDED  },
    {"turned to the child",                     "SELECT",                                                        SCHOOL, 1,      MANDATE_ENDED  },
    {"at an office",                            "SELECT",                                                        SENDER, 10,     MANDATE_ENDED  },
    {"nobody's",                                "SELECT",                                                        SENDER, 9,      MANDATE_ENDED  },
    {"a program",                               "SELECT",                                                        SENDER, 0,      MANDATE_HOLDS  },
    {"a program that is over",                  "UPDATE registry.credential SET expires_at = now()",             SENDER, 0,
     MANDATE_EXPIRED                                                                                                                            },
    {"a program, revoked",                      "UPDATE registry.credential SET revoked_at = now()",             SENDER, 0,
     MANDATE_REVOKED                                                                                                                            },
    {"a program of who was appointed once",
     "SET session_replication_role = replica; UPDATE registry.credential SET expires_at = now() +"
     " interval '1 day', made_in = lpad('1', 32, '0')::uuid; UPDATE people.appointment SET"
     " ended_at = now()",                                                                                        SENDER, 0,      MANDATE_REVOKED},
};

static void
a_withdrawal_names_who_made_it_in_the_row_the_leaf_and_the_trail(void **state)
{
    static const struct {
        const char *name;
        unsigned    appointment;
        const char *row;
        const char *trail;
    } whose[] = {
        {"a person",  15, "||0000000f", "000f|000f|brama_writer|withdraw|intake.submission|t|1|{}"},
        {"a program", 0,  "|1|",
         "||brama_writer|withdraw|intake.submission|t|1|{\"credential\": 1}"                      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(whose); i++) {
        struct setting setting = open_peopled();
        (void)setting_admit(&setting, setting.store, 1, "body");
        assert_int_equal(withdraw(&setting, 1, mandate_of(SENDER, whose[i].appointment)).end,
                         WITHDRAWAL_DONE);
        EXPECT(is(&setting,
                  "SELECT '|' || coalesce(withdrawn_by::text, '') || '|'"
                  " || coalesce(right(withdrawn_in::text, 8), '') FROM intake.submission",
                  whose[i].row),
               whose[i].name);
        EXPECT(is(&setting,
                  "SELECT coalesce(right(person::text, 4), '') || '|'"
                  " || coalesce(right(appointment::text, 4), '') || '|' || program || '|' || act"
                  " || '|' || object_kind || '|' || left((object = (SELECT submission::text FROM"
                  " intake.submission))::text, 1) || '|' || unit || '|' || detail"
                  " FROM people.audit WHERE object_kind = 'intake.submission'",
                  whose[i].trail),
               whose[i].name);
        EXPECT(is(&setting, wrong_log_sql, "0"), whose[i].name);
        /* Somebody else's name in the row is seen in the log. */
        setting_run(&setting, "SET session_replication_role = replica; UPDATE intake.submission SET"
                              " withdrawn_by = NULL, withdrawn_in = lpad('2', 32, '0')::uuid");
        EXPECT(is(&setting, wrong_log_sql, "1"), whose[i].name);
        setting_close(&setting);
    }
}

static void
what_others_of_the_unit_have_filed_is_taken_back_and_nothing_else(void **state)
{
    struct setting setting = open_peopled();

    (void)state;
    (void)setting_admit(&setting, setting.store, 1, "body");
    assert_int_equal(withdraw(&setting, 1, mandate_of(SCHOOL, SCHOOL)).end, WITHDRAWAL_ABSENT);
    assert_int_equal(withdraw(&setting, 1, mandate_of(SIBLING, SIBLING)).end, WITHDRAWAL_ABSENT);
    assert_true(is(&setting, "SELECT state FROM intake.submission", "received"));
    struct withdrawal made = withdraw(&setting, 1, mandate_of(SENDER, 1));
    struct withdrawal again = withdraw(&setting, 1, mandate_of(SENDER, 15));
    struct withdrawal program = withdraw(&setting, 1, mandate_of(SENDER, 0));
    assert_int_equal(made.end, WITHDRAWAL_DONE);
    assert_int_equal(again.end, WITHDRAWAL_REPEATED);
    assert_int_equal(program.end, WITHDRAWAL_REPEATED);
    assert_true(made.at == again.at && made.log_index == program.log_index);
    assert_true(is(&setting, "SELECT count(*) FROM intake.log", "1"));
    setting_close(&setting);
}

/* The school's report, and its correction (number 2), both filed by its JST. */
static struct setting
open_corrected(void)
{
    struct setting setting = open_peopled();

    for (int version = 0; version < 2; version++) {
        const struct setting_report report = {
            .unit = SCHOOL, .version = version, .verdict = VERDICT_ACCEPTED, .rows = 1};
        struct queued     queued = setting_admit(&setting, setting.store, (uint64_t)version + 1,
                                             version == 0 ? "first" : "second");
        struct concluding item = setting_decide(&setting, &queued, &report, 1);
        struct fault      fault = {0};
        if (setting_conclude(&setting, setting.store, &item, 1, 0, &fault) != ERR_OK) {
            fail_msg("%s", fault.text);
        }
    }
    return setting;
}

static void
nothing_is_changed_once_a_mandate_has_ended(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting setting = open_corrected();
        struct mandate mandate = mandate_of(cases[i].subject, cases[i].appointment);
        bool           holds = cases[i].want == MANDATE_HOLDS;
        (void)setting_admit(&setting, setting.store, WAITING, "third");
        setting_run(&setting, cases[i].change);
        struct correction_reason given = explain(&setting, mandate, 0);
        struct withdrawal        made = withdraw(&setting, WAITING, mandate);

        EXPECT(given.mandate == cases[i].want && made.mandate == cases[i].want, cases[i].name);
        EXPECT(given.end == (holds ? CORRECTION_REASON_KEPT : CORRECTION_REASON_REFUSED),
               cases[i].name);
        EXPECT(made.end == (holds ? WITHDRAWAL_DONE : WITHDRAWAL_REFUSED), cases[i].name);
        EXPECT(is(&setting,
                  "SELECT (SELECT count(*) FROM intake.submission WHERE state = 'withdrawn') || ' '"
                  " || (SELECT count(*) FROM intake.log WHERE kind = 'flag') || ' '"
                  " || (SELECT count(*) FROM intake.correction_reason) || ' '"
                  " || (SELECT count(*) FROM people.audit WHERE object_kind LIKE 'intake.%')",
                  holds ? "1 1 1 2" : "0 0 0 0"),
               cases[i].name);
        EXPECT(is(&setting, wrong_log_sql, "0"), cases[i].name);
        setting_close(&setting);
    }
}

/* Who filed, and who may file for the unit of the report: itself, what is above it, who serves it.
 */
static void
a_reason_is_given_by_who_may_file_for_the_unit(void **state)
{
    static const struct {
        const char                *name;
        const char                *change;
        unsigned                   who;
        enum correction_reason_end want;
    } givers[] = {
        {"who filed it",           "SELECT",                   SENDER,          CORRECTION_REASON_KEPT  },
        {"the unit itself",        "SELECT",                   SCHOOL,          CORRECTION_REASON_KEPT  },
        {"a sibling",              "SELECT",                   SIBLING,         CORRECTION_REASON_ABSENT},
        {"not its CUW yet",        "SELECT",                   OFFICE_OF_BOOKS, CORRECTION_REASON_ABSENT},
        {"its CUW",
         "INSERT INTO registry.service (unit, provider, valid_from)"
         " VALUES (2, 4, registry.today())",                   OFFICE_OF_BOOKS, CORRECTION_REASON_KEPT  },
        {"its CUW of yesterday",
         "INSERT INTO registry.service (unit, provider, valid_from, valid_to)"
         " VALUES (2, 4, '2020-01-01', registry.today() - 1)", OFFICE_OF_BOOKS, CORRECTION_REASON_ABSENT},
        {"the CUW of its sibling",
         "INSERT INTO registry.service (unit, provider, valid_from)"
         " VALUES (3, 4, registry.today())",                   OFFICE_OF_BOOKS, CORRECTION_REASON_ABSENT},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(givers); i++) {
        struct setting setting = open_corrected();
        setting_run(&setting, givers[i].change);
        struct correction_reason given =
            explain(&setting, mandate_of(givers[i].who, givers[i].who), 0);
        EXPECT(given.end == givers[i].want, givers[i].name);
        EXPECT(is(&setting, "SELECT count(*) FROM intake.correction_reason",
                  givers[i].want == CORRECTION_REASON_KEPT ? "1" : "0"),
               givers[i].name);
        setting_close(&setting);
    }
}

/* Of two who write after the same state the second is told, whether person or program. */
static void
reasons_of_people_and_programs_follow_one_another(void **state)
{
    struct setting setting = open_corrected();

    (void)state;
    assert_int_equal(explain(&setting, mandate_of(SENDER, 1), 0).end, CORRECTION_REASON_KEPT);
    setting_run(&setting, "SET session_replication_role = replica;"
                          "UPDATE intake.correction_reason SET text = 'inaczej'");
    assert_int_equal(explain(&setting, mandate_of(SCHOOL, SCHOOL), 0).end,
                     CORRECTION_REASON_CHANGED);
    assert_int_equal(explain(&setting, mandate_of(SENDER, 0), 0).end, CORRECTION_REASON_CHANGED);
    assert_int_equal(explain(&setting, mandate_of(SENDER, 0), 1).end, CORRECTION_REASON_KEPT);
    assert_true(is(&setting,
                   "SELECT string_agg(concat_ws(' ', revision, credential, right(appointment::text,"
                   " 2), unit), ';' ORDER BY revision) FROM intake.correction_reason",
                   "1 01 1;2 1 1"));
    /* The words themselves are not in the trail. */
    assert_true(is(&setting,
                   "SELECT count(*) FILTER (WHERE detail::text LIKE '%pomyłka%') || ' ' || count(*)"
                   " FROM people.audit WHERE object_kind = 'intake.correction_reason'",
                   "0 2"));
    setting_close(&setting);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_changed_once_a_mandate_has_ended),
        cmocka_unit_test(a_withdrawal_names_who_made_it_in_the_row_the_leaf_and_the_trail),
        cmocka_unit_test(what_others_of_the_unit_have_filed_is_taken_back_and_nothing_else),
        cmocka_unit_test(a_reason_is_given_by_who_may_file_for_the_unit),
        cmocka_unit_test(reasons_of_people_and_programs_follow_one_another),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}
