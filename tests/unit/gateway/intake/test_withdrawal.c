#include "gateway/intake/withdrawal.h"
#include "tests/support/expect.h"
#include "tests/support/leaf.h"
#include "tests/unit/gateway/intake/setting.h"

#include <pthread.h>
#include <string.h>

enum { SENDER = 1, STRANGER = 2, CREDENTIAL = 1 };

/* The chain and the flag's leaf, computed by the database from what it holds. */
static const char wrong_log_sql[] =
    "SELECT count(*) FROM (SELECT l.*, row_number() OVER (ORDER BY l.index) AS place,"
    " coalesce(lag(l.chain) OVER (ORDER BY l.index), decode(repeat('00', 32), 'hex')) AS before"
    " FROM intake.log l) q JOIN intake.submission s USING (submission) "
    "WHERE q.index <> q.place OR q.chain <> sha256(q.before || q.leaf) OR (q.kind = 'flag' AND "
    "q.leaf <> " LEAF_OF_WITHDRAWAL ")";

static struct withdrawal
withdraw_as(const struct setting *setting, struct store *store, uint64_t number, int64_t subject)
{
    const struct withdrawal_request request = {
        .id = setting_id(number), .mandate = {.subject = subject, .credential = CREDENTIAL}
    };
    struct withdrawal out = {0};
    struct fault      fault = {0};

    if (withdrawal_make(store, setting->arena, &request, &out, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return out;
}

static void
expect_text(const struct setting *setting, const char *sql, const char *want, const char *name)
{
    const char *got = setting_ask(setting, sql).data;

    if (strcmp(got, want) != 0) {
        fail_msg("%s: %s", name, got);
    }
}

/* What stands when it is withdrawn: reports, or none and a state. */
static const struct {
    const char           *name;
    struct setting_report reports[2];
    size_t                report_count; /* 0: not decided */
    const char           *sql;          /* before */
    enum withdrawal_end   end;
    const char           *state; /* afterwards */
} cases[] = {
    {"waits",                          {{0}},                0, "",                                              WITHDRAWAL_DONE, "withdrawn"},
    {"is with a worker",
     {{0}},
     0,                                                         "UPDATE intake.submission SET state = 'checking', owner = 'node/1', lease_until = now() + "
     "interval '1 hour'",                                                                                 WITHDRAWAL_DONE,
     "withdrawn"                                                                                                                             },
    {"parked",
     {{0}},
     0,                                                         "UPDATE intake.submission SET state = 'parked'",
     WITHDRAWAL_DONE,                                                                                                             "withdrawn"},
    {"held",
     {{.unit = 2, .verdict = VERDICT_HELD, .rows = 1}},
     1,                                                         "",
     WITHDRAWAL_DONE,                                                                                                             "withdrawn"},
    {"undecided",
     {{.unit = 0, .verdict = VERDICT_UNDECIDED, .rows = 1}},
     1,                                                         "",
     WITHDRAWAL_DONE,                                                                                                             "withdrawn"},
    {"undecided, to be decided again",
     {{.unit = 0, .verdict = VERDICT_UNDECIDED, .rows = 1}},
     1,                                                         "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' FROM "
     "intake.submission",                                                                                 WITHDRAWAL_DONE,
     "withdrawn"                                                                                                                             },
    {"held and undecided",
     {{.unit = 2, .verdict = VERDICT_HELD, .rows = 1},
      {.unit = 0, .verdict = VERDICT_UNDECIDED, .rows = 1}},
     2,                                                         "",
     WITHDRAWAL_DONE,                                                                                                             "withdrawn"},
    {"accepted",
     {{.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1}},
     1,                                                         "",
     WITHDRAWAL_ACCEPTED,                                                                                                         "decided"  },
    {"accepted and held",
     {{.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1},
      {.unit = 3, .verdict = VERDICT_HELD, .rows = 1}},
     2,                                                         "",
     WITHDRAWAL_ACCEPTED,                                                                                                         "decided"  },
    {"accepted and undecided",
     {{.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1},
      {.unit = 0, .verdict = VERDICT_UNDECIDED, .rows = 1}},
     2,                                                         "",
     WITHDRAWAL_ACCEPTED,                                                                                                         "decided"  },
    {"rejected",
     {{.unit = 2, .verdict = VERDICT_REJECTED, .rows = 1}},
     1,                                                         "",
     WITHDRAWAL_REJECTED,                                                                                                         "decided"  },
    {"rejected and accepted",
     {{.unit = 2, .verdict = VERDICT_REJECTED, .rows = 1},
      {.unit = 3, .verdict = VERDICT_ACCEPTED, .rows = 1}},
     2,                                                         "",
     WITHDRAWAL_ACCEPTED,                                                                                                         "decided"  },
};

static void
only_what_is_not_accepted_and_not_returned_is_withdrawn(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting setting = setting_open();
        struct queued  queued = setting_admit(&setting, setting.store, 1, "body");
        struct fault   fault = {0};

        if (cases[i].report_count > 0) {
            struct concluding item =
                setting_decide(&setting, &queued, cases[i].reports, cases[i].report_count);
            EXPECT(setting_conclude(&setting, setting.store, &item, 1, 0, &fault) == ERR_OK,
                   fault.text);
        }
        if (cases[i].sql[0] != '\0') {
            setting_run(&setting, cases[i].sql);
        }
        struct withdrawal made = withdraw_as(&setting, setting.store, 1, SENDER);
        int64_t           before = cases[i].report_count > 0 ? 1 : 0;
        bool              done = cases[i].end == WITHDRAWAL_DONE;

        EXPECT(made.end == cases[i].end, cases[i].name);
        expect_text(&setting, "SELECT state FROM intake.submission", cases[i].state, cases[i].name);
        EXPECT(setting_number(&setting, "SELECT count(*) FROM intake.log") == before + done,
               cases[i].name);
        EXPECT(!done || made.log_index == (uint64_t)before + 1, cases[i].name);
        EXPECT(setting_number(&setting, wrong_log_sql) == 0, cases[i].name);
        EXPECT(setting_number(&setting, "SELECT count(*) FROM intake.work WHERE done_at IS NULL")
                       == 0
                   || !done,
               cases[i].name);
        EXPECT(setting_number(&setting, "SELECT count(*) FROM intake.log_head h WHERE h.index <> "
                                        "(SELECT count(*) FROM intake.log)")
                   == 0,
               cases[i].name);
        setting_close(&setting);
    }
}

static void
a_withdrawal_is_told_again_and_written_once(void **state)
{
    struct setting setting = setting_open();

    (void)state;
    (void)setting_admit(&setting, setting.store, 1, "body");
    struct withdrawal first = withdraw_as(&setting, setting.store, 1, SENDER);
    struct withdrawal again = withdraw_as(&setting, setting.store, 1, SENDER);
    assert_int_equal(first.end, WITHDRAWAL_DONE);
    assert_int_equal(again.end, WITHDRAWAL_REPEATED);
    assert_true(first.at == again.at && first.log_index == again.log_index);
    expect_text(&setting, "SELECT string_agg(concat_ws(' ', kind, n), ';') FROM intake.log",
                "flag 0", "log");
    expect_text(&setting, "SELECT string_agg(kind, ';') FROM intake.outbox", "submission.withdrawn",
                "outbox");
    setting_close(&setting);
}

static void
nobody_else_learns_that_there_is_one(void **state)
{
    struct setting setting = setting_open();

    (void)state;
    (void)setting_admit(&setting, setting.store, 1, "body");
    assert_int_equal(withdraw_as(&setting, setting.store, 1, STRANGER).end, WITHDRAWAL_ABSENT);
    assert_int_equal(withdraw_as(&setting, setting.store, 2, SENDER).end, WITHDRAWAL_ABSENT);
    expect_text(&setting, "SELECT state FROM intake.submission", "received", "untouched");
    setting_close(&setting);
}

/* Unit 3 stands below unit 2; unit 4 below nobody. SENDER files for unit 3, as its accountant. */
static void
who_may_see_it_hears_whose_it_is_and_nobody_else_does(void **state)
{
    static const struct {
        const char         *name;
        int64_t             who;
        enum withdrawal_end end;
    } askers[] = {
        {"above the unit that it is for", STRANGER, WITHDRAWAL_FOREIGN},
        {"the unit that it is for",       3,        WITHDRAWAL_FOREIGN},
        {"somebody else",                 4,        WITHDRAWAL_ABSENT },
        {"who filed it",                  SENDER,   WITHDRAWAL_DONE   },
    };
    struct setting setting = setting_open();

    (void)state;
    setting_run(&setting, "UPDATE registry.unit SET parent = NULL WHERE unit IN (2, 4);"
                          "UPDATE registry.unit SET parent = 2 WHERE unit = 3");
    (void)setting_admit(&setting, setting.store, 1, "body");
    setting_run(&setting, "INSERT INTO intake.concern SELECT 3, ordinal, subject"
                          " FROM intake.submission");
    for (size_t i = 0; i < ARRAY_COUNT(askers); i++) {
        struct withdrawal made = withdraw_as(&setting, setting.store, 1, askers[i].who);
        EXPECT(made.end == askers[i].end, askers[i].name);
        EXPECT((made.sender.size > 0) == (made.end == WITHDRAWAL_FOREIGN), askers[i].name);
    }
    setting_close(&setting);
}

static void
what_is_withdrawn_is_given_to_no_worker_and_never_moves_again(void **state)
{
    static const struct queue_wish wish = {
        .lease = {STR_INIT("node/0"), 30},
          .count_max = 10, .bytes_max = 1 << 20
    };
    struct setting setting = setting_open();
    struct queued *queued = NULL;
    struct fault   fault = {0};
    size_t         count = 0;

    (void)state;
    (void)setting_admit(&setting, setting.store, 1, "body");
    setting_run(&setting, "UPDATE intake.submission SET owner = NULL, lease_until = NULL");
    (void)withdraw_as(&setting, setting.store, 1, SENDER);
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' "
                          "FROM intake.submission");
    assert_int_equal(queue_take(setting.store, setting.arena, &wish, &queued, &count, &fault),
                     ERR_OK);
    assert_int_equal(count, 0);
    assert_int_equal(store_run(setting.store, "UPDATE intake.submission SET state = 'received'",
                               NULL, setting.arena, NULL, &fault),
                     ERR_STORE);
    setting_close(&setting);
}

/* The same bytes once more are a new attempt, as after a rejection; the same key is the old one. */
static void
the_same_file_may_be_filed_again(void **state)
{
    struct setting  setting = setting_open();
    struct arrival  arrivals[2];
    struct admitted admitted[2] = {0};
    struct fault    fault = {0};

    (void)state;
    (void)setting_admit(&setting, setting.store, 1, "body");
    (void)withdraw_as(&setting, setting.store, 1, SENDER);
    arrivals[0] = setting_arrival(&setting, 2, "key-of-2", STR("body"));
    arrivals[1] = setting_arrival(&setting, 3, "key-of-3", STR("body"));
    for (size_t i = 0; i < 2; i++) {
        const struct admission_batch batch = {
            .arrivals = &arrivals[i], .count = 1, .lease = {STR("node/0"), 30}
        };
        if (admission_run(setting.store, setting.arena, &batch, &admitted[i], &fault) != ERR_OK) {
            fail_msg("%s", fault.text);
        }
    }
    assert_int_equal(admitted[0].admission, ADMISSION_NEW);
    assert_int_equal(admitted[1].admission, ADMISSION_REPEAT_BODY);
    assert_int_equal(setting_number(&setting,
                                    "SELECT count(*) FROM intake.submission n JOIN "
                                    "intake.submission o ON n.follows = o.submission WHERE "
                                    "o.state = 'withdrawn'"),
                     1);
    setting_close(&setting);
}

/* A worker that has decided, and writes it when the sender has taken it back already. */
static void
a_conclusion_that_comes_second_takes_itself_back(void **state)
{
    const struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1};
    struct setting              setting = setting_open();
    struct store               *other = setting_connect(&setting);
    struct queued               queued = setting_admit(&setting, setting.store, 1, "body");
    struct concluding           item = setting_decide(&setting, &queued, &report, 1);
    struct fault                fault = {0};
    instant                     now = 0;
    bool                        done = true;

    (void)state;
    assert_int_equal(conclusion_begin(setting.store, setting.arena, &now, &fault), ERR_OK);
    item.decided_at = now;
    assert_int_equal(conclusion_context(setting.store, setting.arena, &item, 1, &done, &fault),
                     ERR_OK);
    assert_false(done);
    assert_int_equal(withdraw_as(&setting, other, 1, SENDER).end, WITHDRAWAL_DONE);
    assert_int_equal(conclusion_write(setting.store, setting.arena, &item, 1, &fault), ERR_OK);
    assert_int_equal(conclusion_head(setting.store, setting.arena, &item, 1, &fault), ERR_OK);
    assert_int_equal(conclusion_finish_settle(setting.store, setting.arena, &item, 1, &fault),
                     ERR_OK);
    assert_int_equal(conclusion_finish(setting.store, setting.arena, &item, 1, &fault),
                     ERR_STORE_CONFLICT);
    store_rollback(setting.store);
    /* It looks again, and finds nothing to do. */
    assert_int_equal(conclusion_begin(setting.store, setting.arena, &now, &fault), ERR_OK);
    assert_int_equal(conclusion_context(setting.store, setting.arena, &item, 1, &done, &fault),
                     ERR_OK);
    assert_true(done);
    store_rollback(setting.store);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report"), 0);
    assert_int_equal(setting_number(&setting, wrong_log_sql), 0);
    setting_close(&setting);
}

struct withdrawer {
    struct setting    own;
    struct store     *store;
    struct withdrawal made;
};

static void *
run_withdrawer(void *object)
{
    struct withdrawer *withdrawer = object;

    withdrawer->made = withdraw_as(&withdrawer->own, withdrawer->store, 1, SENDER);
    return NULL;
}

/* Until somebody waits for a lock. */
static void
wait_for_waiter(const struct setting *setting)
{
    enum { LOOKS_MAX = 10000 };

    for (size_t i = 0; i < LOOKS_MAX; i++) {
        if (setting_number(setting, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0) {
            return;
        }
    }
    fail_msg("nobody waits");
}

/* The head of the log is locked by a conclusion: the withdrawal waits, and judges by the decision.
 */
static void
a_withdrawal_that_comes_second_sees_the_decision(void **state)
{
    static const struct {
        const char         *name;
        enum verdict        verdict;
        enum withdrawal_end end;
    } decisions[] = {
        {"accepted", VERDICT_ACCEPTED, WITHDRAWAL_ACCEPTED},
        {"rejected", VERDICT_REJECTED, WITHDRAWAL_REJECTED},
        {"held",     VERDICT_HELD,     WITHDRAWAL_DONE    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(decisions); i++) {
        const struct setting_report report = {
            .unit = 2, .verdict = decisions[i].verdict, .rows = 1};
        struct setting    setting = setting_open();
        struct withdrawer withdrawer = {.own = setting, .store = setting_connect(&setting)};
        struct queued     queued = setting_admit(&setting, setting.store, 1, "body");
        struct concluding item = setting_decide(&setting, &queued, &report, 1);
        struct fault      fault = {0};
        pthread_t         thread;
        bool              done = true;

        withdrawer.own.arena = arena_create((size_t)16 << 20U);
        EXPECT(conclusion_begin(setting.store, setting.arena, &item.decided_at, &fault) == ERR_OK,
               decisions[i].name);
        EXPECT(conclusion_context(setting.store, setting.arena, &item, 1, &done, &fault) == ERR_OK,
               decisions[i].name);
        EXPECT(conclusion_write(setting.store, setting.arena, &item, 1, &fault) == ERR_OK,
               decisions[i].name);
        EXPECT(conclusion_head(setting.store, setting.arena, &item, 1, &fault) == ERR_OK,
               decisions[i].name);
        EXPECT(pthread_create(&thread, NULL, run_withdrawer, &withdrawer) == 0, "a thread");
        wait_for_waiter(&setting);
        EXPECT(conclusion_finish_settle(setting.store, setting.arena, &item, 1, &fault) == ERR_OK,
               decisions[i].name);
        EXPECT(conclusion_finish(setting.store, setting.arena, &item, 1, &fault) == ERR_OK,
               fault.text);
        EXPECT(store_commit(setting.store, &fault) == ERR_OK, decisions[i].name);
        EXPECT(pthread_join(thread, NULL) == 0, "a thread");
        EXPECT(withdrawer.made.end == decisions[i].end, decisions[i].name);
        EXPECT(setting_number(&setting, wrong_log_sql) == 0, decisions[i].name);
        arena_destroy(withdrawer.own.arena);
        setting_close(&setting);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_not_accepted_and_not_returned_is_withdrawn),
        cmocka_unit_test(a_withdrawal_is_told_again_and_written_once),
        cmocka_unit_test(nobody_else_learns_that_there_is_one),
        cmocka_unit_test(who_may_see_it_hears_whose_it_is_and_nobody_else_does),
        cmocka_unit_test(what_is_withdrawn_is_given_to_no_worker_and_never_moves_again),
        cmocka_unit_test(the_same_file_may_be_filed_again),
        cmocka_unit_test(a_conclusion_that_comes_second_takes_itself_back),
        cmocka_unit_test(a_withdrawal_that_comes_second_sees_the_decision),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}
