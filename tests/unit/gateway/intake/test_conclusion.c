#include "gateway/intake/conclusion_leaf.h"
#include "tests/support/expect.h"
#include "tests/support/leaf.h"
#include "tests/unit/gateway/intake/setting.h"

#include <pthread.h>
#include <string.h>

enum { LEASE_SECONDS = 30 };

static const char wrong_log_sql[] =
    "SELECT count(*) FROM (SELECT l.index, l.chain, l.leaf, l.at, d.decided_at, d.log_index,"
    " " LEAF_SQL " AS own, row_number() OVER (ORDER BY l.index) AS place,"
    " coalesce(lag(l.chain) OVER (ORDER BY l.index), decode(repeat('00', 32), 'hex')) AS before"
    " FROM intake.log l LEFT JOIN intake.decision d USING (submission, n)"
    " LEFT JOIN intake.submission s USING (submission)) q "
    "WHERE index <> place OR own IS DISTINCT FROM leaf OR chain <> sha256(before || leaf)"
    " OR log_index <> index OR at <> decided_at";

static const char wrong_head_sql[] =
    "SELECT count(*) FROM intake.log_head h WHERE h.index <> (SELECT count(*) FROM intake.log)"
    " OR h.chain <> (SELECT chain FROM intake.log ORDER BY index DESC LIMIT 1)";

static void
expect_good_log(const struct setting *setting, int64_t rows)
{
    assert_int_equal(setting_number(setting, wrong_log_sql), 0);
    assert_int_equal(setting_number(setting, wrong_head_sql), 0);
    assert_int_equal(setting_number(setting, "SELECT count(*) FROM intake.log"), rows);
}

static void
expect_text(const struct setting *setting, const char *sql, const char *want)
{
    assert_string_equal(setting_ask(setting, sql).data, want);
}

static void
expect_concluded(const struct setting *setting, struct concluding *items, size_t count)
{
    struct fault fault = {0};

    if (setting_conclude(setting, setting->store, items, count, 0, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
}

/* What conclusion_stores_what_was_decided must find of its three reports. */
static void
expect_reports(const struct setting *setting)
{
    /* Lines of the accepted report alone; what is absent is NULL. */
    expect_text(setting,
                "SELECT string_agg(concat_ws(' ', l.ordinal, c1, c2, c3, c4 IS NULL, c8 IS NULL,"
                " a1, a5, a6 IS NULL, a24 IS NULL, l.period_end), '; ' ORDER BY l.ordinal)"
                " FROM intake.line l JOIN intake.report USING (report) WHERE verdict = 1",
                "0 801 80101 069 t t -5 -1 t t 2026-06-30; "
                "1 801 80101 069 t t 995 999 t t 2026-06-30; "
                "2 801 80101 069 t t 1995 1999 t t 2026-06-30");
    assert_int_equal(setting_number(setting, "SELECT count(*) FROM intake.line"), 3);
    expect_text(setting,
                "SELECT string_agg(concat_ws(' ', ordinal, unit, regon, type, wk, pk, gk, gt, pt,"
                " element, form, form_version, year, period_type, period_number, period_end, level,"
                " version, verdict, start_byte, end_byte, row_count, log_index,"
                " upper_inf(in_force)), '; ' ORDER BY ordinal) FROM intake.report",
                "0 2 990000002 JB 99 01 01 1 0 Rb-27s RB27S 2025-1 2026 Kwartal 2 2026-06-30 "
                "jednostkowe 3 1 0 64 3 1 t; "
                "1 3 990000003 JB 99 01 01 1 0 Rb-27s RB27S 2025-1 2026 Kwartal 2 2026-06-30 "
                "jednostkowe 0 3 64 128 5 1; "
                "2 990000000 JB 99 01 01 1 0 Rb-27s RB27S 2025-1 2026 Kwartal 1900-01-01 "
                "jednostkowe 0 0 128 192 1 1");
    assert_int_equal(
        setting_number(setting,
                       "SELECT count(*) FROM intake.report WHERE sha256 = sha256("
                       "convert_to(format('report %s of version %s', ordinal, version), 'UTF8')"
                       " || decode(repeat('00', 64 - length(format('report %s of version %s',"
                       " ordinal, version))), 'hex'))"),
        3);
    assert_int_equal(setting_number(setting, "SELECT count(*) FROM intake.report, intake.decision "
                                             "WHERE lower(in_force) = decided_at"),
                     1);
}

static void
conclusion_stores_what_was_decided(void **state)
{
    struct setting              setting = setting_open();
    struct queued               queued = setting_admit(&setting, setting.store, 1, "body");
    const struct setting_report reports[] = {
        {.unit = 2,                     .version = 3,                .verdict = VERDICT_ACCEPTED, .rows = 3},
        {         .unit = 3,                 .version = 0, .verdict = VERDICT_REJECTED,                   .rows = 5         },
        { .unit = 0, .version = 0,                   .verdict = VERDICT_UNDECIDED,               .rows = 1,          .number = "x"},
    };

    (void)state;
    struct concluding item = setting_decide(&setting, &queued, reports, ARRAY_COUNT(reports));
    expect_concluded(&setting, &item, 1);
    expect_text(&setting,
                "SELECT concat_ws(' ', state, verdict, n, owner IS NULL, lease_until IS NULL,"
                " decided_at = (SELECT decided_at FROM intake.decision)) FROM intake.submission",
                "decided 3 1 t t t");
    expect_text(&setting,
                "SELECT concat_ws(' ', n, kind, verdict, reason IS NULL, engine, log_index,"
                " finding_count, cut) FROM intake.decision",
                "1 decision 3 t brama test 1 3 6");
    expect_reports(&setting);
    expect_text(
        &setting,
        "SELECT string_agg(concat_ws(' ', ordinal, report, code, severity, line, \"column\","
        " byte_offset, found, title, fix, basis), '; ' ORDER BY ordinal)"
        " FROM intake.finding",
        "1 0 RB27S-001 query 3 4 7 5,00 tytuł co zrobić § 5; "
        "2 1 RB27S-001 query 3 4 7 5,00 tytuł co zrobić § 5; "
        "3 2 RB27S-001 query 3 4 7 5,00 tytuł co zrobić § 5");
    expect_text(&setting, "SELECT DISTINCT difference_repeats || contributors FROM intake.finding",
                "4expected\t9\t10\t8\t-3,00\t/P/A\tkol. 4\nexpected-rest\t2\t8,00\n");
    expect_text(&setting,
                "SELECT string_agg(concat_ws(' ', report, ordinal, role, signer, valid, "
                "failed_step <> '', extract(epoch FROM signed_at)::bigint), '; ' ORDER BY ordinal)"
                " FROM intake.report_signature",
                "0 1 główny księgowy Anna Przykładowa t f 1783612030; "
                "-1 2 Główny Księgowy Anna Przykładowa f t; "
                "-1 3 Główny Księgowy Anna Przykładowa f t");
    expect_text(&setting,
                "SELECT concat_ws(' ', number, kind, ordinal, unit IS NULL, regon,"
                " sha256 = sha256(bytes)) FROM intake.receipt",
                "R-8192 summary 0 t 990000001 t");
    expect_text(&setting, "SELECT concat_ws(' ', kind, n) FROM intake.outbox",
                "submission.decided 1");
    expect_good_log(&setting, 1);
    setting_close(&setting);
}

static void
conclusion_rejects_junk_by_a_decision_without_reports(void **state)
{
    struct setting setting = setting_open();
    struct queued  queued = setting_admit(&setting, setting.store, 1, "junk");

    (void)state;
    struct concluding item = setting_decide(&setting, &queued, NULL, 0);
    expect_concluded(&setting, &item, 1);
    expect_text(&setting,
                "SELECT concat_ws(' ', s.state, s.verdict, d.kind, d.finding_count, f.report)"
                " FROM intake.submission s, intake.decision d, intake.finding f",
                "decided 3 decision 1 -1");
    expect_good_log(&setting, 1);
    setting_close(&setting);
}

static struct concluding
deliver(const struct queued *queued, bool parked)
{
    return (struct concluding){.queued = queued,
                               .engine = STR("brama test"),
                               .n = queued->n + 1,
                               .parked = parked,
                               .reason = STR("nie udało się sprawdzić")};
}

static struct queued
look(const struct setting *setting, uint64_t number)
{
    struct uuid   id = setting_id(number);
    struct queued queued = {0};
    struct fault  fault = {0};

    assert_int_equal(queue_look(setting->store, setting->arena, &id, 1, &queued, &fault), ERR_OK);
    return queued;
}

static void
conclusion_of_a_delivery_leaves_the_submission_open(void **state)
{
    struct setting        setting = setting_open();
    struct queued         queued = setting_admit(&setting, setting.store, 1, "body");
    struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1};

    (void)state;
    struct concluding delivery = deliver(&queued, false);
    expect_concluded(&setting, &delivery, 1);
    expect_text(&setting,
                "SELECT concat_ws(' ', s.state, s.n, s.verdict, s.decided_at IS NULL, "
                "s.owner IS NULL, d.kind, d.reason) FROM intake.submission s, intake.decision d",
                "received 1 0 t t delivery nie udało się sprawdzić");
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.outbox"), 0);
    struct queued again = look(&setting, 1);
    assert_int_equal(again.n, 1);
    struct concluding decision = setting_decide(&setting, &again, &report, 1);
    expect_concluded(&setting, &decision, 1);
    expect_text(&setting, "SELECT concat_ws(' ', state, n, verdict) FROM intake.submission",
                "decided 2 1");
    expect_good_log(&setting, 2);
    setting_close(&setting);
}

static struct queued
take_work(const struct setting *setting)
{
    struct queue_wish wish = {
        .lease = {STR("test/0"), LEASE_SECONDS},
          .count_max = 1, .bytes_max = 1 << 20
    };
    struct queued *queued = NULL;
    struct fault   fault = {0};
    size_t         count = 0;

    assert_int_equal(queue_take(setting->store, setting->arena, &wish, &queued, &count, &fault),
                     ERR_OK);
    assert_int_equal(count, 1);
    assert_true(queued->work != 0);
    return *queued;
}

static void
conclusion_parks_and_a_work_row_brings_it_back(void **state)
{
    struct setting        setting = setting_open();
    struct queued         queued = setting_admit(&setting, setting.store, 1, "body");
    struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1};
    bool                  done = false;
    struct fault          fault = {0};

    (void)state;
    struct concluding delivery = deliver(&queued, true);
    expect_concluded(&setting, &delivery, 1);
    expect_text(&setting, "SELECT concat_ws(' ', state, n, verdict) FROM intake.submission",
                "parked 1 0");
    expect_text(&setting, "SELECT kind FROM intake.outbox", "submission.parked");
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' "
                          "FROM intake.submission");
    struct queued     again = take_work(&setting);
    struct concluding decision = setting_decide(&setting, &again, &report, 1);
    expect_concluded(&setting, &decision, 1);
    expect_text(&setting,
                "SELECT concat_ws(' ', state, n, verdict, (SELECT done_at IS NOT NULL AND owner IS "
                "NULL FROM intake.work)) FROM intake.submission",
                "decided 2 1 t");
    /* The same work row once more: it has been done. */
    struct concluding twice = setting_decide(&setting, &again, &report, 1);
    twice.n = 3;
    assert_int_equal(setting_conclude(&setting, setting.store, &twice, 1, 0, &fault),
                     ERR_STORE_CONFLICT);
    assert_int_equal(store_begin(setting.store, &fault), ERR_OK);
    assert_int_equal(conclusion_context(setting.store, setting.arena, &twice, 1, &done, &fault),
                     ERR_OK);
    assert_true(done);
    store_rollback(setting.store);
    expect_good_log(&setting, 2);
    setting_close(&setting);
}

static void
conclusion_decided_again_changes_what_is_in_force(void **state)
{
    static const struct {
        const char  *name;
        enum verdict verdict;
        int64_t      unit;
        const char  *want; /* n and unit of what is in force */
    } cases[] = {
        {"accepted again",         VERDICT_ACCEPTED,  2, "2 2" },
        {"rejected now",           VERDICT_REJECTED,  2, "none"},
        {"undecided now",          VERDICT_UNDECIDED, 2, "none"},
        {"of another unit now",    VERDICT_ACCEPTED,  3, "2 3" },
        {"of an unknown unit now", VERDICT_UNDECIDED, 0, "none"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting        setting = setting_open();
        struct queued         queued = setting_admit(&setting, setting.store, 1, "body");
        struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1};
        struct concluding     first = setting_decide(&setting, &queued, &report, 1);
        expect_concluded(&setting, &first, 1);
        setting_run(&setting, "INSERT INTO intake.work (submission, cause) "
                              "SELECT submission, 'unit-registered' FROM intake.submission");
        struct queued again = take_work(&setting);
        report.verdict = cases[i].verdict;
        report.unit = cases[i].unit;
        struct concluding second = setting_decide(&setting, &again, &report, 1);
        expect_concluded(&setting, &second, 1);
        expect_text(&setting,
                    "SELECT coalesce(string_agg(n || ' ' || unit, ';'), 'none') "
                    "FROM intake.report WHERE upper_inf(in_force)",
                    cases[i].want);
        assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report, "
                                                  "intake.decision d WHERE d.n = 2 AND "
                                                  "upper(in_force) = d.decided_at"),
                         1);
        expect_good_log(&setting, 2);
        setting_close(&setting);
    }
}

/* What is accepted under a lower Wersja was there all the time; it only stood behind. */
static void
conclusion_brings_back_what_it_had_superseded(void **state)
{
    enum { FIRST = 1, SECOND, THIRD };

    struct setting setting = setting_open();
    struct queued  queued[THIRD];
    instant        at = INT64_C(1783666800) * INSTANT_PER_SECOND;
    struct fault   fault = {0};

    (void)state;
    for (int i = 0; i < THIRD; i++) { /* versions 2, 3 and, late, 1 */
        static const int      versions[THIRD] = {2, 3, 1};
        struct setting_report report = {
            .unit = 2, .version = versions[i], .verdict = VERDICT_ACCEPTED, .rows = 1};
        queued[i] = setting_admit(&setting, setting.store, (uint64_t)i + 1,
                                  str_format(setting.arena, "body %d", i).data);
        struct concluding item = setting_decide(&setting, &queued[i], &report, 1);
        at += INSTANT_PER_SECOND;
        assert_int_equal(setting_conclude(&setting, setting.store, &item, 1, at, &fault), ERR_OK);
    }
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' "
                          "FROM intake.report WHERE version = 3");
    struct queued         again = take_work(&setting);
    struct setting_report report = {
        .unit = 2, .version = 3, .verdict = VERDICT_REJECTED, .rows = 1};
    struct concluding rejected = setting_decide(&setting, &again, &report, 1);
    at += INSTANT_PER_SECOND;
    assert_int_equal(setting_conclude(&setting, setting.store, &rejected, 1, at, &fault), ERR_OK);
    expect_text(&setting,
                "SELECT string_agg(concat_ws(' ', version, n, (SELECT string_agg("
                "concat_ws('-', date_part('second', lower(x)), date_part('second', upper(x))), ' '"
                " ORDER BY x) FROM unnest(in_force) x)), '; ' ORDER BY version, n) "
                "FROM intake.report",
                "1 1; 2 1 1-2 4; 3 1 2-4; 3 2");
    expect_good_log(&setting, 4);
    setting_close(&setting);
}

static void
conclusion_of_what_was_decided_stays_decided_when_a_retry_fails(void **state)
{
    struct setting        setting = setting_open();
    struct queued         queued = setting_admit(&setting, setting.store, 1, "body");
    struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1};

    (void)state;
    struct concluding first = setting_decide(&setting, &queued, &report, 1);
    expect_concluded(&setting, &first, 1);
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' "
                          "FROM intake.submission");
    struct queued     again = take_work(&setting);
    struct concluding parked = deliver(&again, true);
    expect_concluded(&setting, &parked, 1);
    expect_text(&setting,
                "SELECT concat_ws(' ', state, n, verdict, (SELECT count(*) FROM intake.report "
                "WHERE upper_inf(in_force))) FROM intake.submission",
                "decided 2 1 1");
    setting_close(&setting);
}

static void
conclusion_tells_what_is_in_force_before(void **state)
{
    struct setting        setting = setting_open();
    struct queued         queued = setting_admit(&setting, setting.store, 1, "one");
    struct queued         later = setting_admit(&setting, setting.store, 2, "two");
    struct setting_report reports[] = {
        {.unit = 2,                    .version = 3,             .verdict = VERDICT_ACCEPTED,                .rows = 1},
        {.unit = 3,                            .version = 3,                                            .verdict = VERDICT_ACCEPTED,                                               .rows = 1},
        {.unit = 2,                   .version = 3,                                           .verdict = VERDICT_ACCEPTED,                               .period_type = "Miesiac"},
        {.unit = 0, .version = 3,.verdict = VERDICT_ACCEPTED},
    };
    bool         done = true;
    struct fault fault = {0};

    (void)state;
    struct concluding first = setting_decide(&setting, &queued, reports, 1);
    expect_concluded(&setting, &first, 1);
    struct concluding second = setting_decide(&setting, &later, reports, ARRAY_COUNT(reports));
    assert_int_equal(store_begin(setting.store, &fault), ERR_OK);
    assert_int_equal(conclusion_context(setting.store, setting.arena, &second, 1, &done, &fault),
                     ERR_OK);
    store_rollback(setting.store);
    assert_false(done);
    assert_true(second.before[0].exists);
    assert_int_equal(second.before[0].version, 3);
    assert_int_equal(second.before[0].log_index, 1);
    assert_true(second.before[0].arrived == queued.arrived);
    assert_true(second.before[0].since == first.decided_at);
    assert_true(uuid_equal(second.before[0].submission, queued.id));
    assert_memory_equal(second.before[0].sha256, first.filed[0].sha256, 32);
    for (size_t i = 1; i < ARRAY_COUNT(reports); i++) {
        assert_false(second.before[i].exists);
    }
    assert_false(second.filed[3].has_key);
    setting_close(&setting);
}

/* A batch may hold reports of forms of which one has fewer columns than the other. */
static void
conclusion_keeps_all_columns_of_the_widest_report(void **state)
{
    struct setting        setting = setting_open();
    struct queued         queued[] = {setting_admit(&setting, setting.store, 1, "one"),
                                      setting_admit(&setting, setting.store, 2, "two")};
    struct setting_report reports[] = {
        {.unit = 1, .verdict = VERDICT_ACCEPTED, .rows = 1},
        {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 2}
    };
    struct concluding items[] = {setting_decide(&setting, &queued[0], &reports[0], 1),
                                 setting_decide(&setting, &queued[1], &reports[1], 1)};

    (void)state;
    struct decided_report narrow = items[0].decided->reports[0];
    struct decided_file   decided = *items[0].decided;
    struct report         report = *narrow.report;
    report.columns.code_count = 1;
    report.columns.amount_count = 2;
    narrow.report = &report;
    decided.reports = &narrow;
    items[0].decided = &decided;
    expect_concluded(&setting, items, 2);
    expect_text(
        &setting,
        "SELECT string_agg(concat_ws('|', r.unit, l.ordinal, num_nulls(c1, c2, c3), c1, c3, a1,"
        " a2, a5, num_nonnulls(c4, a6, a24)), ' ' ORDER BY r.unit, l.ordinal)"
        " FROM intake.line l JOIN intake.report r USING (report)",
        "1|0|2|801|-5|-4|0 2|0|0|801|069|-5|-4|-1|0 2|1|0|801|069|995|996|999|0");
    setting_close(&setting);
}

static void
conclusion_gives_every_report_a_number_of_its_own(void **state)
{
    enum { MANY = 2100 }; /* more than two blocks of the sequence */

    struct setting         setting = setting_open();
    struct queued          queued = setting_admit(&setting, setting.store, 1, "one");
    struct setting_report *reports = ARENA_NEW(setting.arena, struct setting_report, MANY);

    (void)state;
    assert_non_null(reports);
    for (size_t i = 0; i < MANY; i++) {
        reports[i] = (struct setting_report){.unit = 1 + (int64_t)(i % 8),
                                             .version = (int)i,
                                             .verdict = VERDICT_ACCEPTED,
                                             .rows = 1};
    }
    struct concluding item = setting_decide(&setting, &queued, reports, MANY);
    expect_concluded(&setting, &item, 1);
    assert_int_equal(setting_number(&setting, "SELECT count(DISTINCT report) FROM intake.line"),
                     MANY);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report "
                                              "WHERE in_force IS NOT NULL AND version >= 2092"),
                     8);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report "
                                              "WHERE in_force IS NOT NULL"),
                     8);
    expect_good_log(&setting, 1);
    setting_close(&setting);
}

static void
conclusion_of_sixty_four_is_one_run_of_the_log(void **state)
{
    struct setting              setting = setting_open();
    struct queued               queued[QUEUE_TAKE_MAX];
    struct concluding           items[QUEUE_TAKE_MAX];
    const struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 2};

    (void)state;
    for (size_t i = 0; i < QUEUE_TAKE_MAX; i++) {
        queued[i] =
            setting_admit(&setting, setting.store, i + 1, str_format(setting.arena, "%zu", i).data);
        items[i] = i % 7 == 3 ? deliver(&queued[i], true)
                              : setting_decide(&setting, &queued[i], &report, 1);
    }
    expect_concluded(&setting, items, QUEUE_TAKE_MAX);
    expect_good_log(&setting, QUEUE_TAKE_MAX);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report "
                                              "WHERE in_force IS NOT NULL"),
                     1);
    setting_close(&setting);
}

static void
conclusion_lock_gives_each_key_to_one_transaction(void **state)
{
    struct setting setting = setting_open();
    struct store  *other = setting_connect(&setting);
    const int64_t  first[] = {5, 3, 5, -9};
    const int64_t  second[] = {9, 3, -9};
    bool           got[4] = {0};
    struct fault   fault = {0};
    instant        now = 0;

    (void)state;
    assert_int_equal(conclusion_begin(setting.store, setting.arena, &now, &fault), ERR_OK);
    assert_int_equal(conclusion_lock(setting.store, setting.arena, first, 4, got, &fault), ERR_OK);
    assert_true(got[0] && got[1] && got[2] && got[3]);
    assert_int_equal(conclusion_begin(other, setting.arena, &now, &fault), ERR_OK);
    assert_int_equal(conclusion_lock(other, setting.arena, second, 3, got, &fault), ERR_OK);
    assert_true(got[0] && !got[1] && !got[2]);
    store_rollback(setting.store);
    assert_int_equal(conclusion_lock(other, setting.arena, second, 3, got, &fault), ERR_OK);
    assert_true(got[0] && got[1] && got[2]);
    store_rollback(other);
    setting_close(&setting);
}

static void
conclusion_begin_adds_the_offset(void **state)
{
    struct setting setting = setting_open();
    struct fault   fault = {0};
    instant        now = 0;
    instant        moved = 0;

    (void)state;
    assert_int_equal(conclusion_begin(setting.store, setting.arena, &now, &fault), ERR_OK);
    store_rollback(setting.store);
    setting_run(&setting, "UPDATE registry.setting SET clock_offset = '-10 days'");
    assert_int_equal(conclusion_begin(setting.store, setting.arena, &moved, &fault), ERR_OK);
    store_rollback(setting.store);
    instant expected = now - INT64_C(864000) * INSTANT_PER_SECOND;
    assert_true(moved >= expected && moved < expected + 600 * (instant)INSTANT_PER_SECOND);
    setting_close(&setting);
}

/* Two workers that think that they own the same submission, or the same key; nothing but the
 * constraints of the tables stands between them. */
struct racer {
    const struct setting *setting;
    pthread_barrier_t    *start;
    struct setting        own; /* an arena of its own */
    struct store         *store;
    struct concluding     item;
    enum err              failed;
    struct fault          fault;
};

static void *
race(void *argument)
{
    struct racer *racer = argument;

    (void)pthread_barrier_wait(racer->start);
    racer->failed = setting_conclude(&racer->own, racer->store, &racer->item, 1, 0, &racer->fault);
    return NULL;
}

static void
run_race(const struct setting *setting, struct racer *racers)
{
    pthread_barrier_t start;
    pthread_t         threads[2];

    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (size_t i = 0; i < 2; i++) {
        racers[i].setting = setting;
        racers[i].start = &start;
        racers[i].own.lock_key = 100 + (int64_t)i; /* not that of the JST: it would serialise */
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(pthread_barrier_destroy(&start), 0);
}

static void
of_two_workers_with_one_submission_exactly_one_concludes(void **state)
{
    enum { RACES = 15 };

    struct setting setting = setting_open();
    struct racer   racers[2] = {0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        racers[i].own = setting;
        racers[i].own.arena = arena_create((size_t)64 << 20U);
        racers[i].store = setting_connect(&setting);
    }
    for (uint64_t j = 1; j <= RACES; j++) {
        struct queued queued =
            setting_admit(&setting, setting.store, j, str_format(setting.arena, "%d", (int)j).data);
        struct setting_report report = {
            .unit = 2, .version = (int)j, .verdict = VERDICT_ACCEPTED, .rows = 1};
        for (size_t i = 0; i < 2; i++) {
            racers[i].item = setting_decide(&racers[i].own, &queued, &report, 1);
        }
        run_race(&setting, racers);
        size_t winner = racers[0].failed == ERR_OK ? 0 : 1;
        assert_int_equal(racers[winner].failed, ERR_OK);
        assert_int_equal(racers[1 - winner].failed, ERR_STORE_CONFLICT);
        expect_good_log(&setting, (int64_t)j);
    }
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report"), RACES);
    for (size_t i = 0; i < 2; i++) {
        arena_destroy(racers[i].own.arena);
    }
    setting_close(&setting);
}

static void
of_two_workers_with_one_key_both_conclude_in_the_end(void **state)
{
    enum { RACES = 15 };

    struct setting setting = setting_open();
    struct racer   racers[2] = {0};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        racers[i].own = setting;
        racers[i].own.arena = arena_create((size_t)64 << 20U);
        racers[i].store = setting_connect(&setting);
    }
    for (uint64_t j = 0; j < RACES; j++) {
        struct queued queued[2];
        for (size_t i = 0; i < 2; i++) {
            uint64_t number = 2 * j + i + 1;
            queued[i] = setting_admit(&setting, setting.store, number,
                                      str_format(setting.arena, "%d", (int)number).data);
            struct setting_report report = {
                .unit = 2, .version = (int)number, .verdict = VERDICT_ACCEPTED, .rows = 1};
            racers[i].item = setting_decide(&racers[i].own, &queued[i], &report, 1);
        }
        run_race(&setting, racers);
        for (size_t i = 0; i < 2; i++) {
            if (racers[i].failed != ERR_OK) {
                assert_int_equal(racers[i].failed, ERR_STORE_CONFLICT);
                expect_concluded(&setting, &racers[i].item, 1);
            }
        }
        expect_good_log(&setting, 2 * (int64_t)j + 2);
        assert_int_equal(setting_number(&setting, "SELECT max(version) FROM intake.report "
                                                  "WHERE upper_inf(in_force)"),
                         2 * (int64_t)j + 2);
    }
    for (size_t i = 0; i < 2; i++) {
        arena_destroy(racers[i].own.arena);
    }
    setting_close(&setting);
}

static void
conclusion_cut_anywhere_leaves_nothing_and_can_be_repeated(void **state)
{
    static const struct {
        const char *table;
        const char *when;
        enum err    want;
    } cuts[] = {
        {"intake.line",             "INSERT", ERR_STORE_LOST     },
        {"intake.finding",          "INSERT", ERR_STORE_LOST     },
        {"intake.report_signature", "INSERT", ERR_STORE_LOST     },
        {"intake.report",           "UPDATE", ERR_STORE_LOST     },
        {"intake.report",           "INSERT", ERR_STORE_LOST     },
        {"intake.decision",         "INSERT", ERR_STORE_LOST     },
        {"intake.receipt",          "INSERT", ERR_STORE_LOST     },
        {"intake.log",              "INSERT", ERR_STORE_LOST     },
        {"intake.submission",       "UPDATE", ERR_STORE_LOST     },
        {"intake.outbox",           "INSERT", ERR_STORE_LOST     },
        {"intake.log_head",         "UPDATE", ERR_STORE_LOST     },
        {"intake.log",              "COMMIT", ERR_STORE_UNCERTAIN},
    };
    static const char stored_sql[] =
        "SELECT concat_ws(' ', (SELECT count(*) FROM intake.line), "
        "(SELECT count(*) FROM intake.finding), (SELECT count(*) FROM intake.report_signature), "
        "(SELECT count(*) FROM intake.report), (SELECT count(*) FROM intake.decision), "
        "(SELECT count(*) FROM intake.receipt), (SELECT count(*) FROM intake.log), "
        "(SELECT count(*) FROM intake.outbox), (SELECT index FROM intake.log_head), "
        "(SELECT count(*) FROM intake.submission WHERE state = 'decided'), "
        "(SELECT string_agg(in_force::text, ',' ORDER BY report) FROM intake.report))";
    struct setting        setting = setting_open();
    struct setting_report report = {.unit = 2, .verdict = VERDICT_ACCEPTED, .rows = 1};

    (void)state;
    struct queued     first = setting_admit(&setting, setting.store, 100, "first");
    struct concluding before = setting_decide(&setting, &first, &report, 1);
    expect_concluded(&setting, &before, 1);
    for (size_t i = 0; i < ARRAY_COUNT(cuts); i++) {
        struct queued queued =
            setting_admit(&setting, setting.store, i + 1, str_format(setting.arena, "%zu", i).data);
        struct fault fault = {0};
        report.version = (int)i + 1;
        struct concluding item = setting_decide(&setting, &queued, &report, 1);
        struct str        stored = setting_ask(&setting, stored_sql);
        setting_cut_at(&setting, cuts[i].table, cuts[i].when);
        EXPECT(setting_conclude(&setting, setting.store, &item, 1, 0, &fault) == cuts[i].want,
               cuts[i].table);
        setting_mend(&setting, cuts[i].table);
        EXPECT(str_equal(setting_ask(&setting, stored_sql), stored), cuts[i].table);
        assert_int_equal(store_reopen(setting.store, &fault), ERR_OK);
        expect_concluded(&setting, &item, 1);
        expect_good_log(&setting, (int64_t)i + 2);
    }
    setting_close(&setting);
}

static void
conclusion_says_nothing_of_a_report_in_a_fault(void **state)
{
    struct setting        setting = setting_open();
    struct queued         queued = setting_admit(&setting, setting.store, 1, "body");
    struct setting_report report = {.unit = 987654321, .verdict = VERDICT_ACCEPTED, .rows = 1};
    struct fault          fault = {0};

    (void)state;
    setting_run(&setting, "ALTER TABLE intake.report ADD CHECK (unit <> 987654321)");
    struct concluding item = setting_decide(&setting, &queued, &report, 1);
    assert_int_equal(setting_conclude(&setting, setting.store, &item, 1, 0, &fault), ERR_STORE);
    assert_non_null(strstr(fault.text, "23514"));
    assert_null(strstr(fault.text, "987654321"));
    assert_null(strstr(fault.text, "Jednostka"));
    setting_close(&setting);
}

static void
conclusion_material_is_kept_once(void **state)
{
    struct setting setting = setting_open();
    unsigned char  sha256[32] = {1, 2, 3};
    struct fault   fault = {0};

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(conclusion_material(setting.store, setting.arena, "definitions", sha256,
                                             STR("bundle"), &fault),
                         ERR_OK);
    }
    assert_int_equal(
        conclusion_material(setting.store, setting.arena, "rumour", sha256, STR("bundle"), &fault),
        ERR_STORE);
    expect_text(&setting,
                "SELECT string_agg(kind || convert_from(bytes, 'UTF8'), ';') "
                "FROM intake.material",
                "definitionsbundle");
    setting_close(&setting);
}

/*
 * Whoever may write the database and change any one fact of a decision is seen: of every column of
 * these tables one change, undone again. What is not listed of submission moves, or is no fact that
 * anything states.
 */
static const char tamper_sql[] =
    "DO $$ DECLARE c record; BEGIN"
    "  FOR c IN SELECT conname, conrelid::regclass AS place FROM pg_constraint WHERE contype = 'c'"
    "      AND conrelid IN ('intake.report'::regclass, 'intake.decision'::regclass) LOOP"
    "    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.place, c.conname);"
    "  END LOOP; END $$;"
    "CREATE FUNCTION public.unseen(wrong text) RETURNS text LANGUAGE plpgsql"
    "    SET session_replication_role = replica AS $$ "
    "DECLARE change record; seen bigint; out text := ''; BEGIN"
    "  FOR change IN SELECT table_name || '.' || column_name AS name,"
    "      format('UPDATE intake.%I SET %I = %s', table_name, column_name, CASE data_type"
    "        WHEN 'text' THEN format('coalesce(%I, %L) || %L', column_name, '', 'x')"
    "        WHEN 'bytea' THEN format('coalesce(set_byte(%1$I, 0, 255 - get_byte(%1$I, 0)),"
    "          sha256(%2$L))', column_name, 'x')"
    "        WHEN 'boolean' THEN format('NOT %I', column_name)"
    "        WHEN 'date' THEN format('coalesce(%I, DATE %L) + 1', column_name, '2026-07-10')"
    "        WHEN 'timestamp with time zone' THEN format('%I + interval %L', column_name, '1 us')"
    "        ELSE format('-1 - coalesce(%I, 0)', column_name) END) AS sql"
    "      FROM information_schema.columns WHERE table_schema = 'intake' AND (table_name ="
    "      'report' AND column_name NOT IN ('submission', 'n', 'ordinal', 'in_force')"
    "      OR table_name = 'decision' AND column_name NOT IN ('submission', 'n')"
    "      OR table_name = 'submission' AND column_name IN ('subject', 'sha256', 'first_byte',"
    "      'arrived')) LOOP"
    "    BEGIN"
    "      EXECUTE change.sql;"
    "      EXECUTE wrong INTO seen;"
    "      RAISE EXCEPTION 'undo' USING ERRCODE = 'U0001';"
    "    EXCEPTION WHEN SQLSTATE 'U0001' THEN"
    "      IF seen = 0 THEN out := out || ' ' || change.name; END IF;"
    "    END;"
    "  END LOOP;"
    "  RETURN out; END $$";

static void
whoever_rewrites_a_fact_is_seen_in_the_log(void **state)
{
    struct setting              setting = setting_open();
    struct queued               queued = setting_admit(&setting, setting.store, 1, "body");
    const struct setting_report reports[] = {
        {.unit = 2,     .version = 3,                 .verdict = VERDICT_ACCEPTED, .rows = 3    },
        { .unit = 0, .version = 0, .verdict = VERDICT_UNDECIDED,                   .rows = 1, .number = "x"},
    };

    (void)state;
    struct concluding item = setting_decide(&setting, &queued, reports, ARRAY_COUNT(reports));
    expect_concluded(&setting, &item, 1);
    struct queued     other = setting_admit(&setting, setting.store, 2, "other");
    struct concluding delivery = deliver(&other, false);
    expect_concluded(&setting, &delivery, 1);
    expect_good_log(&setting, 2);
    setting_run(&setting, tamper_sql);
    struct str ask =
        str_format(setting.arena, "SELECT public.unseen($wrong$%s$wrong$)", wrong_log_sql);
    expect_text(&setting, ask.data, "");
    expect_good_log(&setting, 2);
    setting_close(&setting);
}

static void
conclusion_leaf_changes_with_every_fact(void **state)
{
    struct setting        setting = {.arena = arena_create((size_t)16 << 20U)};
    struct queued         queued = {.id = setting_id(1), .arrived = 5};
    struct setting_report reports[] = {
        {.unit = 1, .verdict = VERDICT_ACCEPTED},
        {.unit = 2, .verdict = VERDICT_REJECTED}
    };
    unsigned char leaves[9][32];
    struct fault  fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(leaves); i++) {
        struct queued     changed = queued;
        struct filed      filed[2] = {{.report = 1}, {.report = 2}};
        struct before     before[2] = {0};
        struct concluding item = {0};
        reports[1].verdict = i == 7 ? VERDICT_HELD : VERDICT_REJECTED;
        changed.id = setting_id(i == 1 ? 2 : 1);
        changed.sha256[31] = i == 2;
        changed.arrived += i == 3;
        item = setting_decide(&setting, &changed, reports, i == 4 ? 1 : 2);
        item.filed = filed;
        item.before = before;
        item.n = i == 5 ? 2 : 1;
        item.decided_at = i == 6;
        filed[1].sha256[0] = i == 8;
        assert_int_equal(conclusion_leaf(setting.arena, &item, leaves[i], &fault), ERR_OK);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(leaves[i], leaves[j], 32);
        }
    }
    arena_destroy(setting.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conclusion_stores_what_was_decided),
        cmocka_unit_test(conclusion_rejects_junk_by_a_decision_without_reports),
        cmocka_unit_test(conclusion_of_a_delivery_leaves_the_submission_open),
        cmocka_unit_test(conclusion_parks_and_a_work_row_brings_it_back),
        cmocka_unit_test(conclusion_decided_again_changes_what_is_in_force),
        cmocka_unit_test(conclusion_brings_back_what_it_had_superseded),
        cmocka_unit_test(conclusion_of_what_was_decided_stays_decided_when_a_retry_fails),
        cmocka_unit_test(conclusion_tells_what_is_in_force_before),
        cmocka_unit_test(conclusion_keeps_all_columns_of_the_widest_report),
        cmocka_unit_test(conclusion_gives_every_report_a_number_of_its_own),
        cmocka_unit_test(conclusion_of_sixty_four_is_one_run_of_the_log),
        cmocka_unit_test(conclusion_lock_gives_each_key_to_one_transaction),
        cmocka_unit_test(conclusion_begin_adds_the_offset),
        cmocka_unit_test(of_two_workers_with_one_submission_exactly_one_concludes),
        cmocka_unit_test(of_two_workers_with_one_key_both_conclude_in_the_end),
        cmocka_unit_test(conclusion_cut_anywhere_leaves_nothing_and_can_be_repeated),
        cmocka_unit_test(conclusion_says_nothing_of_a_report_in_a_fault),
        cmocka_unit_test(conclusion_material_is_kept_once),
        cmocka_unit_test(whoever_rewrites_a_fact_is_seen_in_the_log),
        cmocka_unit_test(conclusion_leaf_changes_with_every_fact),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}
