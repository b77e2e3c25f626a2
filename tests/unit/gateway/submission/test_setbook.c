#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/context.h"
#include "gateway/release/rule_waking.h"
#include "gateway/replay/replay.h"
#include "gateway/setbook/rework.h"
#include "gateway/setbook/stock.h"
#include "gateway/submission/deciding.h"
#include "gateway/submission/renewal.h"
#include "gateway/submission/set_turn.h"
#include "tests/support/expect.h"
#include "tests/support/quarter.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * Sets of reports in the gateway: what is stated in the end does not depend on the order in which
 * reports came. The rule is ZESTAW-001: line A of Rb-NDS against the Rb-27S of the same JST.
 */
#define ROOM ((size_t)256 << 20U)

enum { REPORTS = 4, ORDERS = 24, JST = 100 /* number of the first one's draft */ };

static struct arena     *arena;
static struct authority *authority;
static uint64_t          sent; /* submissions so far */

static int
start(void **state)
{
    struct fault fault = {0};
    struct str   pem = {0};

    (void)workshop_start(state);
    arena = arena_create(ROOM);
    ENSURE(authority_create(arena, &authority, &fault) == ERR_OK);
    ENSURE(authority_pem(arena, authority, AUTHORITY_CA, &pem, &fault) == ERR_OK);
    workshop_trust(pem);
    return 0;
}

static int
stop(void **state)
{
    arena_destroy(arena);
    return workshop_stop(state);
}

/* Its number in the registry. */
static int64_t
register_jst(const struct workshop *workshop, size_t number)
{
    return workshop_jst(workshop, draft_regon(arena, number),
                        str_format(arena, "Gmina %zu", number).data);
}

/* It owes an Rb-27S and an Rb-NDS for the quarter, and nothing else: what is neither here nor owed
 * is not waited for. */
static void
owe(struct workshop *workshop, int64_t jst)
{
    workshop_run(workshop,
                 "INSERT INTO obligation.matter (form, form_title, level, year, period_type,"
                 " period_number, period, period_end, opens_at) SELECT f, f, 'zbiorcze', 2026,"
                 " 'Kwartal', 2, '2026-Q2', '2026-06-30', '2026-07-01'"
                 " FROM unnest('{RB27S,RBNDS}'::text[]) f ON CONFLICT DO NOTHING");
    workshop_run(workshop,
                 str_format(arena,
                            "INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before,"
                            " powiat) SELECT %lld, %lld, m.matter, 1, 1, '2026-07-23', '1401'"
                            " FROM obligation.matter m",
                            (long long)jst, (long long)jst)
                     .data);
}

/* One of the reports: Rb-27S with this income, or Rb-NDS that states it. Whole złote. */
static struct str
make(size_t number, bool income, int version, int amount)
{
    return quarter_package(arena, authority, &(struct quarter){number, income, version, amount});
}

static struct workshop_told
send(struct workshop *workshop, int64_t jst, struct str bytes)
{
    struct str key = {0};

    sent++;
    key = str_format(arena, "k%llu", (unsigned long long)sent);
    return workshop_send(workshop, jst, sent, key.data, bytes);
}

/* What the set is in the end, its open findings included: times and numbers left out. */
static struct str
ask_set(const struct workshop *workshop, int64_t jst)
{
    return workshop_ask(
        workshop,
        str_format(
            arena,
            "SELECT concat_ws('|', s.state, s.reason, s.pending::text, s.findings,"
            " (SELECT string_agg(concat_ws(' ', f.code, f.severity, f.cell, r.form, r.version,"
            "  v.found, v.expected, v.difference, cardinality(v.reports)), '; ' ORDER BY f.code,"
            "  f.cell) FROM intake.set_finding f JOIN intake.set_finding_value v USING (finding)"
            "  JOIN intake.report r USING (report) WHERE f.owner = s.owner"
            "  AND f.closed_at IS NULL))"
            " FROM intake.report_set s WHERE s.owner = %lld AND s.scope = 0",
            (long long)jst)
            .data);
}

/* The numbers 0 .. REPORTS - 1 in their order of this number. */
static void
order_of(size_t number, size_t order[REPORTS])
{
    size_t left[REPORTS];
    size_t count = REPORTS;

    for (size_t i = 0; i < REPORTS; i++) {
        left[i] = i;
    }
    for (size_t i = 0; i < REPORTS; i++) {
        size_t at = number % count;
        number /= count;
        order[i] = left[at];
        for (size_t j = at; j + 1 < count; j++) {
            left[j] = left[j + 1];
        }
        count--;
    }
}

/* Four reports of one JST, a correction among them, and what must come of them. */
static const struct story {
    const char *name;
    struct {
        bool income;
        int  version;
        int  amount;
    } reports[REPORTS];
    const char *state;
    int         findings;
} stories[] = {
    {"corrected until they agree",
     {{true, 0, 100}, {true, 1, 120}, {false, 0, 100}, {false, 1, 120}},
     "consistent",   0},
    {"the one that was right is corrected",
     {{true, 0, 100}, {false, 0, 100}, {true, 1, 130}, {false, 1, 100}},
     "inconsistent", 2},
    {"corrected twice",
     {{true, 0, 90}, {true, 1, 95}, {true, 2, 100}, {false, 0, 100}},
     "consistent",   0},
};

static int64_t
file_in_order(struct workshop *workshop, const struct story *story, size_t number, size_t order)
{
    int64_t jst = register_jst(workshop, number);
    size_t  places[REPORTS];

    owe(workshop, jst);
    order_of(order, places);
    for (size_t i = 0; i < REPORTS; i++) {
        size_t at = places[i];
        (void)send(workshop, jst,
                   make(number, story->reports[at].income, story->reports[at].version,
                        story->reports[at].amount));
    }
    return jst;
}

static void
every_order_of_arrival_ends_in_the_same_set(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    for (size_t s = 0; s < ARRAY_COUNT(stories); s++) {
        struct str first = {0};
        for (size_t order = 0; order < ORDERS; order++) {
            size_t     number = JST + s * ORDERS + order;
            int64_t    jst = file_in_order(workshop, &stories[s], number, order);
            struct str set = ask_set(workshop, jst);
            EXPECT(str_starts_with(set, str_of(stories[s].state)), stories[s].name);
            EXPECT(order == 0 || str_equal(set, first), stories[s].name);
            EXPECT(workshop_number(workshop, str_format(arena,
                                                        "SELECT findings FROM intake.report_set"
                                                        " WHERE owner = %lld AND scope = 0",
                                                        (long long)jst)
                                                 .data)
                       == stories[s].findings,
                   stories[s].name);
            first = order == 0 ? set : first;
        }
    }
    /* Whatever came of the sets, no verdict did. */
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.report WHERE verdict <> 1") == 0,
           "verdicts");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding f WHERE closed_at IS"
                                     " NOT NULL AND closed_by IS NULL")
               == 0,
           "closed by a decision");
    workshop_close(workshop);
}

static struct str
receipt_of(const struct workshop *workshop, uint64_t number)
{
    return workshop_ask(workshop,
                        str_format(arena,
                                   "SELECT convert_from(bytes, 'UTF8') FROM intake.receipt JOIN"
                                   " intake.submission USING (submission) WHERE key = 'k%llu'",
                                   (unsigned long long)number)
                            .data);
}

static bool
says(struct str text, const char *part)
{
    return text.data != NULL && strstr(text.data, part) != NULL;
}

static void
receipts_state_the_set_as_it_was_then(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, false, 0, 100));
    struct str first = receipt_of(workshop, sent);
    EXPECT(says(first, "<StanZestawu>incomplete</StanZestawu>"), "first");
    EXPECT(says(first, "<ZestawOczekuje>Rb-27S zbiorcze za 2026-Q2"), "first");
    (void)send(workshop, jst, make(JST, true, 0, 101));
    struct str second = receipt_of(workshop, sent);
    EXPECT(says(second, "<StanZestawu>inconsistent</StanZestawu>"), "second");
    EXPECT(!says(second, "ZestawOczekuje") && !says(second, "ZESTAW-001"), "not charged");
    (void)send(workshop, jst, make(JST, false, 1, 102));
    struct str third = receipt_of(workshop, sent);
    EXPECT(says(third, "<Kod>ZESTAW-001</Kod>"), "charged");
    (void)send(workshop, jst, make(JST, false, 2, 101));
    EXPECT(says(receipt_of(workshop, sent), "<StanZestawu>consistent</StanZestawu>"), "mended");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding") == 4, "findings");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding"
                                     " WHERE closed_at IS NOT NULL")
               == 4,
           "closed");
    EXPECT(workshop_number(workshop, "SELECT revision FROM intake.report_set WHERE scope = 0") == 4,
           "revision");
    workshop_close(workshop);
}

static void
a_set_that_did_not_change_is_not_written_again(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)send(workshop, jst, make(JST, true, 1, 101));
    (void)send(workshop, jst, make(JST, true, 2, 102));
    EXPECT(workshop_number(workshop, "SELECT revision FROM intake.report_set WHERE scope = 0") == 1,
           "revision");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_member") == 3, "members");
    workshop_close(workshop);
}

static enum rework_end
rework(struct workshop *workshop)
{
    const struct setbook_tools tools = bench_setbook(&workshop->bench);
    struct arena              *own = arena_create(ROOM);
    struct fault               fault = {0};
    enum rework_end            end = REWORK_NOTHING;

    ENSURE(rework_run(&tools, own, &end, &fault) == ERR_OK);
    arena_destroy(own);
    return end;
}

/* Everybody who concludes waits for the head of the log: not for the lines of one large set. */
static void
a_large_set_is_judged_right_after_its_decision(void **state)
{
    struct workshop *workshop = workshop_open();
    static const struct {
        const char *name;
        int         rows; /* of the first report; the second one has four */
        const char *now;
        const char *after;
    } cases[] = {
        {"one line less than the limit", STOCK_LINES_NOW - 5, "inconsistent||",                         "inconsistent||"},
        {"the limit",                    STOCK_LINES_NOW - 4, "inconsistent||",                         "inconsistent||"},
        {"one line more",                STOCK_LINES_NOW - 3, "incomplete|zestaw czeka na porównanie",
         "inconsistent||"                                                                                               },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t jst = register_jst(workshop, JST + i);
        owe(workshop, jst);
        (void)send(workshop, jst, make(JST + i, true, 0, 100));
        workshop_run(workshop, "ALTER TABLE intake.report DISABLE TRIGGER USER");
        workshop_run(workshop, str_format(arena,
                                          "UPDATE intake.report SET row_count = %d"
                                          " WHERE unit = %lld",
                                          cases[i].rows, (long long)jst)
                                   .data);
        workshop_run(workshop, "ALTER TABLE intake.report ENABLE TRIGGER USER");
        (void)send(workshop, jst, make(JST + i, false, 0, 101));
        EXPECT(str_starts_with(ask_set(workshop, jst), str_of(cases[i].now)), cases[i].name);
        while (rework(workshop) == REWORK_DONE) {
        }
        EXPECT(str_starts_with(ask_set(workshop, jst), str_of(cases[i].after)), cases[i].name);
    }
    EXPECT(says(receipt_of(workshop, sent), "<StanZestawu>incomplete</StanZestawu>"), "receipt");
    EXPECT(says(receipt_of(workshop, sent), "zaraz po wydaniu decyzji"), "reason");
    workshop_close(workshop);
}

/* How many sets of whole JST are in this state. */
static int64_t
count_sets(struct workshop *workshop, const char *state)
{
    return workshop_number(workshop, str_format(arena,
                                                "SELECT count(*) FROM intake.report_set"
                                                " WHERE scope = 0 AND state = '%s'",
                                                state)
                                         .data);
}

/* Their lines come in one question: each set has its own amounts, and those that are too many
 * together wait for each other, not everybody else for them. */
static void
sets_of_one_batch_share_the_lines_that_it_may_read(void **state)
{
    enum { SETS = 3, LINES = STOCK_LINES_NOW / 2 }; /* two sets fit, to the line */
    struct workshop *workshop = workshop_open();
    struct batch     batch = workshop_batch();
    int64_t          jst[SETS];

    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        jst[i] = register_jst(workshop, JST + i);
        owe(workshop, jst[i]);
        (void)send(workshop, jst[i], make(JST + i, true, 0, 100 + (int)i));
    }
    workshop_run(workshop, "ALTER TABLE intake.report DISABLE TRIGGER USER");
    workshop_run(workshop,
                 str_format(arena, "UPDATE intake.report SET row_count = %d", (int)LINES - 4).data);
    workshop_run(workshop, "ALTER TABLE intake.report ENABLE TRIGGER USER");
    for (size_t i = 0; i < SETS; i++) {
        struct str bytes = make(JST + i, false, 0, 200 + (int)i);
        sent++;
        (void)workshop_file(workshop, &batch, jst[i], sent,
                            str_format(arena, "k%llu", (unsigned long long)sent).data, bytes);
    }
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    EXPECT(count_sets(workshop, "inconsistent") == SETS - 1, "what fits is judged now");
    EXPECT(count_sets(workshop, "incomplete") == 1, "what does not is left");
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(count_sets(workshop, "inconsistent") == SETS, "right after");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding f"
                                     " JOIN intake.set_finding_value v USING (finding)"
                                     " JOIN registry.unit u ON u.unit = f.owner"
                                     " WHERE f.closed_at IS NULL AND f.cell LIKE '%W%'"
                                     " AND v.found = 200 + right(u.name, 1)::integer || ',00'"
                                     " AND v.expected = 100 + right(u.name, 1)::integer || ',00'")
               == SETS,
           "each by its own lines");
    workshop_close(workshop);
}

/* Rows of indexes over findings of sets, answers and duties that were read so far, by those who
 * have said so. */
static int64_t
findings_read(struct workshop *workshop)
{
    struct store_rows rows = {0};
    struct fault      fault = {0};

    ENSURE(store_run(workshop->bench.store, "SELECT pg_stat_force_next_flush()", NULL, arena, &rows,
                     &fault)
           == ERR_OK);
    return workshop_number(workshop, "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes"
                                     " WHERE relname LIKE 'set_finding%'"
                                     " OR relname IN ('explanation', 'duty', 'matter')");
}

/* Plans are of a table that was measured empty, and stay. */
static void
a_filing_does_not_read_what_is_open_elsewhere(void **state)
{
    enum { ELSEWHERE = 20000 };
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    workshop_run(workshop, "ANALYZE intake.set_finding, intake.report_set, intake.explanation");
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)send(workshop, jst, make(JST, false, 0, 101));
    workshop_run(
        workshop,
        str_format(
            arena,
            "INSERT INTO intake.set_finding (owner, scope, period_end, period_type,"
            " report, code, severity, cell, about, basis, definitions, opened_at, mark)"
            " SELECT 1000 + g, 0, '2026-06-30', 'Kwartal', 1000 + g, 'ZESTAW-001',"
            " 'query', 'W', '', '', '', now(), gen_random_uuid() FROM generate_series(1, %d) g;"
            "INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before, powiat, report,"
            " open_queries) SELECT 1000 + g, 1000 + g, m.matter, 1, 1, '2026-07-23', '1401',"
            " 1000 + g, 1 FROM obligation.matter m, generate_series(1, %d) g;"
            "INSERT INTO intake.explanation (submission, report, mark, revision, code, text,"
            " given_at, unit, credential, n, finding) SELECT gen_random_uuid(), 0,"
            " gen_random_uuid(), 1, 'inna', '', now(), 1, 1, 1, 1 FROM generate_series(1, %d)",
            (int)ELSEWHERE, (int)ELSEWHERE, (int)ELSEWHERE)
            .data);
    int64_t before = findings_read(workshop);
    (void)send(workshop, jst, make(JST, false, 1, 102)); /* closes findings and opens others */
    int64_t after = findings_read(workshop);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding"
                                     " WHERE closed_at IS NOT NULL")
               > 0,
           "closed");
    EXPECT(after > before && after - before < ELSEWHERE / 20, "read by key");
    workshop_close(workshop);
}

/* strict: what would leave the set inconsistent is not accepted, and nothing else is. */
static void
strict_refuses_what_would_leave_its_set_inconsistent(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);
    static const struct {
        const char *name;
        int         version;
        int         amount;
        const char *end; /* state of the submission */
        int         in_force;
    } cases[] = {
        {"one grosz apart would be one too many", 0, 101, "withdrawn", 1},
        {"what agrees is accepted",               0, 100, "decided",   2},
        {"a correction that spoils it is not",    1, 99,  "withdrawn", 2},
    };

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct batch batch = workshop_batch();
        struct str   bytes = make(JST, false, cases[i].version, cases[i].amount);
        sent++;
        struct submission *filing =
            workshop_file(workshop, &batch, jst, sent,
                          str_format(arena, "k%llu", (unsigned long long)sent).data, bytes);
        filing->filing.strict = true;
        stage_run(&workshop->bench, &batch, STAGE_ADMIT);
        batch_destroy(&batch);
        struct str end = workshop_ask(workshop, str_format(arena,
                                                           "SELECT state FROM intake.submission"
                                                           " WHERE key = 'k%llu'",
                                                           (unsigned long long)sent)
                                                    .data);
        EXPECT(str_equal(end, str_of(cases[i].end)), cases[i].name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.report"
                                         " WHERE upper_inf(in_force)")
                   == cases[i].in_force,
               cases[i].name);
        if (strcmp(cases[i].end, "withdrawn") == 0) {
            EXPECT(says(receipt_of(workshop, sent), "ZESTAW-001"), cases[i].name);
            EXPECT(says(receipt_of(workshop, sent), "delivery"), cases[i].name);
        }
    }
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding") == 0, "findings");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.log")
               == workshop_number(workshop, "SELECT index FROM intake.log_head"),
           "log");
    workshop_close(workshop);
}

static void
a_set_is_judged_again_when_definitions_have_changed(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);
    struct fault     fault = {0};

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)send(workshop, jst, make(JST, false, 0, 100));
    while (workshop->bench.sets.more) {
        (void)set_turn_take(&workshop->bench);
    }
    EXPECT(rework(workshop) == REWORK_NOTHING, "nothing to do");
    workshop_run(workshop, "UPDATE intake.report_set SET definitions = sha256('old'),"
                           " state = 'incomplete'");
    /* To connect is to look for nothing: that is done a slice at a time, once for all workers. */
    ENSURE(bench_file_material(&workshop->bench, &fault) == ERR_OK);
    EXPECT(workshop_number(workshop,
                           "SELECT count(*) FROM intake.set_work WHERE cause = 'definitions'")
               == 0,
           "connected");
    const struct setbook_tools tools = bench_setbook(&workshop->bench);
    for (size_t worker = 0; worker < 2; worker++) {
        struct rework_asking asking = {.more = true};
        ENSURE(rework_slice(&tools, arena, &asking, &fault) == ERR_OK && asking.more);
        ENSURE(rework_slice(&tools, arena, &asking, &fault) == ERR_OK && !asking.more);
    }
    EXPECT(workshop_number(workshop,
                           "SELECT count(*) FROM intake.set_work WHERE cause = 'definitions'")
               == workshop_number(workshop, "SELECT count(*) FROM intake.report_set"),
           "once for each set");
    workshop->bench.sets = (struct rework_asking){.more = true};
    while (set_turn_take(&workshop->bench)) {
    }
    EXPECT(!workshop->bench.sets.more, "all were looked at");
    EXPECT(str_starts_with(ask_set(workshop, jst), STR("consistent")), "state");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL")
               == 0,
           "done");
    workshop_close(workshop);
}

static void
a_set_whose_jst_is_held_waits_and_counts_no_attempt(void **state)
{
    struct workshop *workshop = workshop_open();
    struct workshop *second = workshop_second(workshop, 1);
    int64_t          jst = register_jst(workshop, JST);
    struct fault     fault = {0};
    bool             obtained = false;
    instant          now = 0;

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    workshop_run(workshop, "INSERT INTO intake.set_work (set, cause) SELECT set, 'retry'"
                           " FROM intake.report_set WHERE scope = 0");
    ENSURE(conclusion_begin(second->bench.store, arena, &now, &fault) == ERR_OK);
    ENSURE(conclusion_lock(second->bench.store, arena, &jst, 1, &obtained, &fault) == ERR_OK
           && obtained);
    EXPECT(rework(workshop) == REWORK_BUSY, "busy");
    EXPECT(workshop_number(workshop, "SELECT attempts FROM intake.set_work") == 0, "attempts");
    store_rollback(second->bench.store);
    workshop_run(workshop, "UPDATE intake.set_work SET not_before = NULL");
    EXPECT(rework(workshop) == REWORK_DONE, "done");
    workshop_close(second);
    workshop_close(workshop);
}

static void
a_set_that_fails_again_and_again_is_called_incomplete(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)send(workshop, jst, make(JST, false, 0, 100));
    workshop_run(workshop, "INSERT INTO intake.set_work (set, cause, attempts) SELECT set, 'retry',"
                           " 5 FROM intake.report_set WHERE scope = 0");
    EXPECT(rework(workshop) == REWORK_DONE, "done");
    struct str set = ask_set(workshop, jst);
    EXPECT(str_starts_with(set, STR("incomplete|porównanie zestawu kilka razy się nie udało")),
           set.data);
    /* The next filing judges it as any other. */
    (void)send(workshop, jst, make(JST, false, 1, 100));
    EXPECT(str_starts_with(ask_set(workshop, jst), STR("consistent||[]")), "again");
    workshop_close(workshop);
}

/* Contributors of a finding are written with the names of their units, however long. */
static void
a_long_name_of_a_unit_keeps_no_set_from_being_judged(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    workshop_run(workshop, "ALTER TABLE intake.report DISABLE TRIGGER USER");
    workshop_run(workshop, "UPDATE intake.report SET unit_name = repeat('\360\237\217\253', 5000)");
    workshop_run(workshop, "ALTER TABLE intake.report ENABLE TRIGGER USER");
    (void)send(workshop, jst, make(JST, false, 0, 101));
    EXPECT(str_starts_with(ask_set(workshop, jst), STR("inconsistent||")), "state");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding_value"
                                     " WHERE length(contributors::text) > 5000")
               == 2,
           "contributors");
    workshop_close(workshop);
}

/* Two JST and a school that goes from the first to the second; what each files, and the move. */
enum { MOVE_SCHOOL, MOVE_ITSELF, MOVE_FIRST, MOVE_SECOND, MOVE_EVENTS };

struct move {
    size_t  numbers[3]; /* of drafts: the school, the first JST, the second */
    int64_t units[3];
};

enum { SCHOOL, FIRST, SECOND };

static int64_t
register_school(struct workshop *workshop, size_t number, int64_t parent)
{
    struct str regon = draft_regon(arena, number);

    workshop_run(workshop,
                 str_format(arena,
                            "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind,"
                            " name, parent, valid_from) VALUES ('%.*s', '14', '01', '01', '1', '0',"
                            " 'JB', 'jednostka-budzetowa', 'Szkoła %zu', %lld, '2020-01-01')",
                            STR_ARG(regon), number, (long long)parent)
                     .data);
    return workshop_number(
        workshop,
        str_format(arena, "SELECT unit FROM registry.unit WHERE regon = '%.*s'", STR_ARG(regon))
            .data);
}

/* Each owes an Rb-28S; the school to the JST that it stood below when the quarter ended. */
static struct move
begin_move(struct workshop *workshop, size_t number, bool stays_first)
{
    struct move move = {
        .numbers = {number, number + 1, number + 2}
    };

    move.units[FIRST] = register_jst(workshop, move.numbers[FIRST]);
    move.units[SECOND] = register_jst(workshop, move.numbers[SECOND]);
    move.units[SCHOOL] = register_school(workshop, move.numbers[SCHOOL], move.units[FIRST]);
    workshop_run(workshop,
                 "INSERT INTO obligation.matter (form, form_title, level, year, period_type,"
                 " period_number, period, period_end, opens_at) SELECT 'RB28S', 'RB28S', l, 2026,"
                 " 'Kwartal', 2, '2026-Q2', '2026-06-30', '2026-07-01'"
                 " FROM unnest('{zbiorcze,jednostkowe}'::text[]) l ON CONFLICT DO NOTHING");
    for (size_t i = 0; i < 3; i++) {
        int64_t jst = i == SCHOOL ? move.units[stays_first ? FIRST : SECOND] : move.units[i];
        workshop_run(workshop,
                     str_format(arena,
                                "INSERT INTO obligation.duty (unit, jst, matter, term, way,"
                                " due_before, powiat) SELECT %lld, %lld, m.matter, 1, 1,"
                                " '2026-07-23', '1401' FROM obligation.matter m"
                                " WHERE m.form = 'RB28S' AND m.level = '%s'",
                                (long long)move.units[i], (long long)jst,
                                i == SCHOOL ? "jednostkowe" : "zbiorcze")
                         .data);
    }
    return move;
}

static void
file_spending(struct workshop *workshop, const struct move *move, size_t who, const char *amount)
{
    struct draft_unit unit = {.number = move->numbers[who],
                              .kind = who == SCHOOL ? NULL : "ZB-TEST",
                              .by_council = who != SCHOOL};

    unit.rows = str_format(arena,
                           "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial>"
                           "<Grupa>1400</Grupa><Paragraf>421</Paragraf><P4>0</P4><PL>%s</PL>"
                           "<ZA>%s</ZA><WW>%s</WW></Pozycja>",
                           amount, amount, amount);
    struct str text = draft_unit(arena, authority, &unit);
    (void)send(workshop, move->units[who], draft_package(arena, &text, 1, ""));
}

static void
stand_below(struct workshop *workshop, int64_t unit, int64_t parent, const char *since)
{
    workshop_run(workshop, str_format(arena,
                                      "UPDATE registry.unit SET parent = %lld, since = '%s'"
                                      " WHERE unit = %lld",
                                      (long long)parent, since, (long long)unit)
                               .data);
}

static void
happen(struct workshop *workshop, const struct move *move, size_t event, const char *since)
{
    switch (event) {
    case MOVE_SCHOOL:
        file_spending(workshop, move, SCHOOL, "100.00");
        break;
    case MOVE_ITSELF:
        stand_below(workshop, move->units[SCHOOL], move->units[SECOND], since);
        break;
    case MOVE_FIRST:
        file_spending(workshop, move, FIRST, "100.00");
        break;
    default:
        file_spending(workshop, move, SECOND, "100.00");
        break;
    }
}

static const struct move_case {
    const char *name;
    const char *since;
    bool        stays_first;
    size_t      step; /* of the orders of events */
} move_cases[] = {
    {"long before the period",        "2025-01-01", false, 5},
    {"on the last day of the period", "2026-06-30", false, 1},
    {"on the day after",              "2026-07-01", true,  1},
    {"a year after",                  "2027-07-01", true,  5},
};

/* One JST's set has the school, the other's has nothing to compare. */
static void
expect_moved(struct workshop *workshop, const struct move_case *moving, size_t number, size_t order)
{
    struct move move = begin_move(workshop, number, moving->stays_first);
    size_t      events[MOVE_EVENTS];

    order_of(order, events);
    for (size_t i = 0; i < MOVE_EVENTS; i++) {
        happen(workshop, &move, events[i], moving->since);
    }
    while (rework(workshop) == REWORK_DONE) {
    }
    struct str first = ask_set(workshop, move.units[FIRST]);
    struct str second = ask_set(workshop, move.units[SECOND]);
    struct str with = moving->stays_first ? first : second;
    struct str without = moving->stays_first ? second : first;
    if (!str_starts_with(with, STR("consistent||"))
        || !str_starts_with(without, STR("incomplete|"))) {
        fail_msg("%s, order %zu: first %.*s, second %.*s", moving->name, order, STR_ARG(first),
                 STR_ARG(second));
    }
}

/* The last day of the period says whose set a report is in, whenever it and the move came. */
static void
a_unit_that_moves_is_in_the_set_of_the_last_day_of_the_period(void **state)
{
    struct workshop *workshop = workshop_open();
    size_t           number = JST;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(move_cases); i++) {
        for (size_t order = 0; order < ORDERS; order += move_cases[i].step) {
            expect_moved(workshop, &move_cases[i], number, order);
            number += 3;
        }
    }
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_member m JOIN intake.report r"
                                     " USING (report) WHERE m.jst <> registry.top(r.unit,"
                                     " m.period_end)")
               == 0,
           "members");
    workshop_close(workshop);
}

/* A unit is entered as moved in a transaction that goes on, as that of a whole list does. */
static struct store *
move_and_go_on(struct arena *own, const struct workshop *workshop, const struct move *move)
{
    struct store *store = NULL;
    struct fault  fault = {0};

    ENSURE(store_open(own, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    struct store_parameters parameters = store_parameters_create(own);
    store_put_number(&parameters, move->units[SECOND]);
    store_put_number(&parameters, move->units[SCHOOL]);
    assert_int_equal(store_run(store,
                               "UPDATE registry.unit SET parent = $1, since = '2026-06-30'"
                               " WHERE unit = $2",
                               &parameters, own, NULL, &fault),
                     ERR_OK);
    return store;
}

/* Whoever changes the registry holds no row that a filing needs; a set that was not there is made
 * by whoever judges it, at the gateway's time. */
static void
a_filing_does_not_wait_for_a_move_that_is_being_entered(void **state)
{
    struct workshop *workshop = workshop_open();
    struct move      move = begin_move(workshop, JST, false);
    struct arena    *own = arena_create(ROOM);
    struct fault     fault = {0};
    const char      *sets = str_format(arena,
                                       "SELECT count(*) FROM intake.report_set WHERE owner = %lld"
                                            " AND judged_at < now() - interval '9 days'",
                                       (long long)move.units[SECOND])
                           .data;

    (void)state;
    workshop_run(workshop, "UPDATE registry.setting SET clock_offset = '-10 days'");
    file_spending(workshop, &move, SCHOOL, "100.00");
    struct store *store = move_and_go_on(own, workshop, &move);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM pg_locks l JOIN pg_class c"
                                     " ON c.oid = l.relation WHERE c.relname = 'report_set'"
                                     " AND l.mode = 'RowExclusiveLock' AND l.pid <>"
                                     " pg_backend_pid()")
               == 0,
           "no set is written by it");
    file_spending(workshop, &move, SECOND, "100.00");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.submission"
                                     " WHERE state = 'decided'")
               == 2,
           "both are decided");
    ENSURE(store_commit(store, &fault) == ERR_OK);
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(workshop_number(workshop, sets) == 1, "one set");
    EXPECT(str_starts_with(ask_set(workshop, move.units[SECOND]), STR("consistent||")),
           "with the school");
    arena_destroy(own);
    workshop_close(workshop);
}

/* Of a JST that had none, the set is made with what has come to it. */
static void
a_set_that_was_not_there_is_made_when_a_unit_moves(void **state)
{
    struct workshop *workshop = workshop_open();
    struct move      move = begin_move(workshop, JST, false);

    (void)state;
    workshop_run(workshop, "UPDATE registry.setting SET clock_offset = '-10 days'");
    file_spending(workshop, &move, SCHOOL, "100.00");
    happen(workshop, &move, MOVE_ITSELF, "2026-06-30");
    EXPECT(ask_set(workshop, move.units[SECOND]).size == 0, "not by whoever moves it");
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(str_starts_with(ask_set(workshop, move.units[SECOND]), STR("incomplete|")), "made");
    EXPECT(workshop_number(workshop, str_format(arena,
                                                "SELECT count(*) FROM intake.report_set WHERE"
                                                " owner = %lld AND judged_at < now() -"
                                                " interval '9 days'",
                                                (long long)move.units[SECOND])
                                         .data)
               == 1,
           "at the gateway's time");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL"
                                     " AND (not_before IS NULL OR not_before <= now())")
               == 0,
           "nothing is left");
    EXPECT(workshop_number(workshop, "SELECT jst FROM intake.set_member") == move.units[SECOND],
           "member");
    workshop_close(workshop);
}

/* The school has left a body that is moved later, for a day on which the school stood below it. */
static void
what_has_left_a_body_moves_with_it_on_days_before(void **state)
{
    struct workshop *workshop = workshop_open();
    struct move      move = begin_move(workshop, JST, false);
    int64_t          body = register_school(workshop, JST + 3, move.units[FIRST]);

    (void)state;
    stand_below(workshop, move.units[SCHOOL], body, "2026-01-01");
    stand_below(workshop, move.units[SCHOOL], move.units[FIRST], "2026-08-01");
    file_spending(workshop, &move, SCHOOL, "100.00");
    file_spending(workshop, &move, SECOND, "100.00");
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(workshop_number(workshop, "SELECT min(jst) FROM intake.set_member") == move.units[FIRST],
           "the first one's so far");
    stand_below(workshop, body, move.units[SECOND], "2026-06-15");
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_member m JOIN intake.report r"
                                     " USING (report) WHERE m.jst <> registry.top(r.unit,"
                                     " m.period_end)")
               == 0,
           "members");
    EXPECT(str_starts_with(ask_set(workshop, move.units[SECOND]), STR("consistent||")),
           "the second one's now");
    workshop_close(workshop);
}

/* The set that a report belongs to is another JST's than the one that its unit is below now. */
static void
a_filing_waits_for_the_jst_of_its_set_too(void **state)
{
    struct workshop *workshop = workshop_open();
    struct workshop *second = workshop_second(workshop, 1);
    struct move      move = begin_move(workshop, JST, true);
    struct fault     fault = {0};
    bool             obtained = false;
    instant          now = 0;
    const char      *decided = "SELECT count(*) FROM intake.submission WHERE state = 'decided'";

    (void)state;
    happen(workshop, &move, MOVE_ITSELF, "2026-07-01");
    ENSURE(conclusion_begin(second->bench.store, arena, &now, &fault) == ERR_OK);
    ENSURE(conclusion_lock(second->bench.store, arena, &move.units[FIRST], 1, &obtained, &fault)
               == ERR_OK
           && obtained);
    file_spending(workshop, &move, SCHOOL, "100.00");
    EXPECT(workshop_number(workshop, decided) == 0, "waits");
    store_rollback(second->bench.store);
    EXPECT(workshop_take(workshop) == 1, "taken");
    EXPECT(workshop_number(workshop, decided) == 1, "decided");
    EXPECT(workshop_number(workshop, "SELECT jst FROM intake.set_member") == move.units[FIRST],
           "member");
    workshop_close(second);
    workshop_close(workshop);
}

/* What is right stays, whoever asks; what is wrong may go. */
static void
a_member_goes_only_where_the_registry_says_so(void **state)
{
    struct workshop *workshop = workshop_open();
    struct move      move = begin_move(workshop, JST, true);

    (void)state;
    file_spending(workshop, &move, SCHOOL, "100.00");
    workshop_run(workshop, "DO $$ BEGIN BEGIN DELETE FROM intake.set_member; RAISE EXCEPTION"
                           " 'done'; EXCEPTION WHEN check_violation THEN NULL; END; END $$");
    workshop_run(workshop, "DO $$ BEGIN BEGIN UPDATE intake.set_member SET jst = jst + 1; RAISE"
                           " EXCEPTION 'done'; EXCEPTION WHEN check_violation THEN NULL; END; END"
                           " $$");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_member") == 1, "kept");
    happen(workshop, &move, MOVE_ITSELF, "2026-06-30");
    workshop_run(workshop, "DELETE FROM intake.set_member");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_member") == 0, "gone");
    workshop_close(workshop);
}

/* A duty of last year's end is what sets of this year may wait for, and no others do. */
static void
a_duty_of_last_year_wakes_the_sets_that_look_back_at_it(void **state)
{
    struct workshop *workshop = workshop_open();
    int64_t          jst = register_jst(workshop, JST);
    static const struct {
        const char *end; /* of the duty's period */
        bool        wakes;
    } cases[] = {
        {"2025-06-28", false}, /* further back than any rule looks */
        {"2025-06-30", true },
        {"2025-12-31", true },
        {"2026-06-30", true },
        {"2026-09-30", false}, /* no set knows of what comes later */
    };

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        workshop_run(workshop, "UPDATE intake.set_work SET done_at = now() WHERE done_at IS NULL");
        workshop_run(workshop,
                     str_format(arena,
                                "WITH m AS (INSERT INTO obligation.matter (form, form_title, level,"
                                " year, period_type, period_number, period, period_end, opens_at)"
                                " VALUES ('RB28S', 'RB28S', 'zbiorcze', 2025, 'Kwartal', 4, 'x%zu',"
                                " '%s', '2026-01-01') RETURNING matter) INSERT INTO obligation.duty"
                                " (unit, jst, matter, term, way, due_before, powiat) SELECT %lld,"
                                " %lld, matter, 1, 1, '2026-07-23', '1401' FROM m",
                                i, cases[i].end, (long long)jst, (long long)jst)
                         .data);
        int64_t fresh =
            workshop_number(workshop, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL");
        EXPECT((fresh > 0) == cases[i].wakes, cases[i].end);
        workshop_run(workshop, "UPDATE intake.set_work SET done_at = now() WHERE done_at IS NULL");
        workshop_run(workshop, str_format(arena,
                                          "UPDATE obligation.duty d SET elsewhere_at = now()"
                                          " FROM obligation.matter m WHERE m.matter = d.matter"
                                          " AND m.period = 'x%zu'",
                                          i)
                                   .data);
        int64_t changed =
            workshop_number(workshop, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL");
        EXPECT((changed > 0) == cases[i].wakes, cases[i].end);
    }
    workshop_close(workshop);
}

/* A school's report 7, in a set of its JST with others' reports 8 and 9. */
static void
a_refusal_tells_no_figures_of_others_and_is_for_ones_own_reports(void **state)
{
    static const struct {
        const char *name;
        int64_t     charged;
        const char *reports;
        const char *severity;
        bool        shared;
        const char *why; /* NULL: it is accepted */
    } cases[] = {
        {"its own report, its own figures",     7, "{7}",    "warning", false, "TITLE"},
        {"its own report, figures of others",   7, "{7,9}",  "warning", true,  "ABOUT"},
        {"the JST's, of what it has sent",      8, "{7,8}",  "query",   false, "ABOUT"},
        {"the JST's, last of the list",         8, "{8,7}",  "warning", false, "ABOUT"},
        {"the JST's, of what others have sent", 8, "{8,9}",  "warning", false, NULL   },
        {"a number that only begins alike",     8, "{77,8}", "warning", false, NULL   },
        {"information",                         7, "{7}",    "info",    false, NULL   },
    };
    static const struct period_type quarter = {.name = STR_INIT("Kwartal")};
    struct decided_file             decided = {.report_count = 1};
    struct filed                    filed = {.report = 7, .unit = 3};
    struct concluding               item = {.decided = &decided, .filed = &filed};
    struct place                    place = {.owner = 2, .key = {.scope = SETS_OF_JST}};
    struct place_member             member = {.jst = 2};

    (void)state;
    filed.period.type = &quarter;
    place.key.period.type = &quarter;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct account_finding finding = {.report = cases[i].charged,
                                          .code = STR("ZESTAW-001"),
                                          .severity = str_of(cases[i].severity),
                                          .title = STR("TITLE"),
                                          .about = STR("ABOUT"),
                                          .reports = str_of(cases[i].reports),
                                          .shared = cases[i].shared};
        struct account         account = {
                    .state = STR("inconsistent"), .findings = &finding, .finding_count = 1};
        const struct setbook book = {
            .items = &item,
            .item_count = 1,
            .places = {.now = &place, .now_count = 1, .members = &member, .member_count = 1},
            .accounts = &account,
            .count = 1
        };
        struct str   why = {0};
        struct fault fault = {0};
        assert_int_equal(setbook_refusal(arena, &book, 0, &why, &fault), ERR_OK);
        const char *text = str_copy(arena, why).data;
        EXPECT((why.size > 0) == (cases[i].why != NULL), cases[i].name);
        EXPECT(cases[i].why == NULL || strstr(text, cases[i].why) != NULL, cases[i].name);
        EXPECT(cases[i].why == NULL
                   || strstr(text, strcmp(cases[i].why, "TITLE") == 0 ? "ABOUT" : "TITLE") == NULL,
               cases[i].name);
    }
}

#define RULE "ZESTAW-001"
#define YEAR_2100 (INT64_C(4102444800) * INSTANT_PER_SECOND)

/* As `brama rules off` and `on` do it; how many sets are judged again. */
static size_t
turn(const struct workshop *workshop, const char *code, bool off, instant since, int64_t scope)
{
    struct arena      *own = arena_create(ROOM);
    struct store      *store = NULL;
    struct fault       fault = {0};
    size_t             count = 0;
    struct rule_switch wanted = {.code = str_of(code),
                                 .off = off,
                                 .since = since,
                                 .reason = STR("wzór nie obejmuje potrąceń"),
                                 .publisher = STR("Jan"),
                                 .at = 1,
                                 .of_sets = true,
                                 .scope = scope};

    ENSURE(store_open(own, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    assert_int_equal(rule_switch_turn(store, own, &wanted, &fault), ERR_OK);
    ENSURE(store_commit(store, &fault) == ERR_OK);
    assert_int_equal(rule_waking_run(store, own, wanted.id, &count, &fault), ERR_OK);
    arena_destroy(own);
    return count;
}

static void
renew(struct workshop *workshop, struct renewal *renewal)
{
    workshop->bench.stale = true;
    renewal_look(renewal, &workshop->bench, NULL);
    assert_false(workshop->bench.stale);
}

/* The decision n of what was sent last, made once more. */
static void
expect_same_once_more(const struct workshop *workshop, uint64_t number)
{
    const struct replay_target target = {.submission = workshop_id(number), .n = 1};
    struct arena              *own = arena_create(ROOM);
    struct store              *store = NULL;
    struct replay              told = {0};
    struct fault               fault = {0};

    ENSURE(store_open(own, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    assert_int_equal(replay_run(store, own, &target, workshop->bench.engine, &told, &fault),
                     ERR_OK);
    assert_int_equal(told.state, REPLAY_SAME);
    arena_destroy(own);
}

static struct context
context_of(const struct workshop *workshop, uint64_t number)
{
    struct context got = {0};
    struct fault   fault = {0};
    struct str     hex =
        workshop_ask(workshop, str_format(arena,
                                          "SELECT encode(c.bytes, 'hex') FROM intake.context c"
                                          " JOIN intake.submission s USING (submission)"
                                          " WHERE s.key = 'k%llu'",
                                          (unsigned long long)number)
                                   .data);
    char *bytes = ARENA_NEW(arena, char, hex.size / 2 + 1);

    for (size_t i = 0; i < hex.size / 2; i++) {
        const char pair[] = {hex.data[2 * i], hex.data[2 * i + 1], 0};
        bytes[i] = (char)strtoul(pair, NULL, 16);
    }
    assert_int_equal(context_decode(arena, (struct str){bytes, hex.size / 2}, &got, &fault),
                     ERR_OK);
    return got;
}

/* Whose set a report is in was read of the registry: kept, and under the digest. */
static void
the_jst_of_the_period_is_kept_with_the_decision(void **state)
{
    struct workshop *workshop = workshop_open();
    struct move      move = begin_move(workshop, JST, true);

    (void)state;
    happen(workshop, &move, MOVE_ITSELF, "2026-07-01");
    file_spending(workshop, &move, SCHOOL, "100.00");
    struct context kept = context_of(workshop, sent);
    EXPECT(kept.unit_count == 1 && kept.units[0].top == move.units[SECOND], "now");
    EXPECT(kept.units[0].period_top == move.units[FIRST], "when the period ended");
    expect_same_once_more(workshop, sent);
    /* Another JST of the period is another answer of the registry. */
    struct registry_answer other = kept.units[0];
    struct package_unit    unit = {0};
    struct package         package = {.units = &unit, .unit_count = 1};
    unsigned char          one[FINGERPRINT_SIZE];
    unsigned char          two[FINGERPRINT_SIZE];
    struct fault           fault = {0};
    other.period_top = other.top;
    ENSURE(deciding_registry_digest(arena, &package, kept.units, one, &fault) == ERR_OK);
    ENSURE(deciding_registry_digest(arena, &package, &other, two, &fault) == ERR_OK);
    EXPECT(!fingerprint_equal(one, two), "digest");
    workshop_close(workshop);
}

static int64_t
open_findings(const struct workshop *workshop)
{
    return workshop_number(workshop, "SELECT count(*) FROM intake.set_finding"
                                     " WHERE code = '" RULE "' AND closed_at IS NULL");
}

enum { EVENTS = REPORTS + 2, EVENT_OFF = REPORTS, EVENT_ON, MIXTURES = 10 };

/* The reports and the two turns of a switch in an order of this number; the rule is on in the end.
 */
static void
mix_events(uint32_t number, size_t order[EVENTS])
{
    for (size_t i = 0; i < EVENTS; i++) {
        order[i] = i;
    }
    for (size_t i = EVENTS - 1; i > 0; i--) {
        number = number * 1664525U + 1013904223U;
        size_t at = (number >> 16U) % (i + 1);
        size_t moved = order[i];
        order[i] = order[at];
        order[at] = moved;
    }
    bool off = false;
    for (size_t i = 0; i < EVENTS; i++) {
        bool turns = order[i] >= REPORTS;
        order[i] = turns ? (off ? (size_t)EVENT_ON : (size_t)EVENT_OFF) : order[i];
        off |= turns;
    }
}

static int64_t
live_through(struct workshop *workshop, struct renewal *renewal, const struct story *story,
             size_t number, uint32_t mixture)
{
    int64_t jst = register_jst(workshop, number);
    size_t  order[EVENTS];

    owe(workshop, jst);
    mix_events(mixture, order);
    for (size_t i = 0; i < EVENTS; i++) {
        if (order[i] >= REPORTS) {
            (void)turn(workshop, RULE, order[i] == EVENT_OFF, 0, SETS_OF_JST);
            renew(workshop, renewal);
        } else {
            (void)send(workshop, jst,
                       make(number, story->reports[order[i]].income,
                            story->reports[order[i]].version, story->reports[order[i]].amount));
        }
        if ((mixture >> i & 1U) != 0) {
            (void)rework(workshop);
        }
    }
    while (rework(workshop) == REWORK_DONE) {
    }
    return jst;
}

static void
every_order_of_reports_and_of_a_switch_ends_in_the_same_set(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};

    (void)state;
    for (size_t s = 0; s < ARRAY_COUNT(stories); s++) {
        int64_t    plain = file_in_order(workshop, &stories[s], JST + s * ORDERS, 0);
        struct str wanted = ask_set(workshop, plain);
        for (uint32_t mixture = 0; mixture < MIXTURES; mixture++) {
            size_t  number = JST + s * ORDERS + mixture + 1;
            int64_t jst = live_through(workshop, &renewal, &stories[s], number, mixture * 7);
            EXPECT(str_equal(ask_set(workshop, jst), wanted), stories[s].name);
            EXPECT(str_equal(ask_set(workshop, plain), wanted), stories[s].name);
        }
    }
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL")
               == 0,
           "nothing is left to judge");
    renewal_close(&renewal);
    workshop_close(workshop);
}

/* A rule between reports is switched off: what it had found is closed, and again on: found. */
static void
a_switched_rule_closes_and_opens_its_findings(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)send(workshop, jst, make(JST, false, 0, 101));
    uint64_t charged = sent;
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(open_findings(workshop) == 2, "found");
    EXPECT(turn(workshop, RULE, true, 0, SETS_OF_JST) == 1, "sets of JST");
    EXPECT(rework(workshop) == REWORK_STALE, "a worker that has not heard of it");
    EXPECT(open_findings(workshop) == 2, "nothing was judged");
    EXPECT(workshop_number(workshop, "SELECT max(attempts) FROM intake.set_work"
                                     " WHERE done_at IS NULL")
               == 0,
           "no attempt");
    workshop_run(workshop, "UPDATE intake.set_work SET not_before = NULL");
    (void)set_turn_take(&workshop->bench);
    EXPECT(workshop->bench.stale, "it asks for switches");
    renew(workshop, &renewal);
    workshop_run(workshop, "UPDATE intake.set_work SET not_before = NULL");
    EXPECT(rework(workshop) == REWORK_DONE, "judged");
    EXPECT(open_findings(workshop) == 0, "closed");
    EXPECT(str_starts_with(ask_set(workshop, jst), STR("incomplete|żadna reguła zestawu")),
           "it was alone in comparing");
    /* A filing meanwhile, and its receipt. */
    (void)send(workshop, jst, make(JST, false, 1, 102));
    EXPECT(open_findings(workshop) == 0, "filed while it is off");
    EXPECT(says(receipt_of(workshop, sent), "<StanZestawu>incomplete</StanZestawu>")
               && !says(receipt_of(workshop, sent), RULE),
           "receipt");
    EXPECT(turn(workshop, RULE, false, 0, SETS_OF_JST) == 1, "on");
    renew(workshop, &renewal);
    EXPECT(rework(workshop) == REWORK_DONE, "judged");
    EXPECT(open_findings(workshop) == 2, "found again");
    EXPECT(str_starts_with(ask_set(workshop, jst), STR("inconsistent||")), "on");
    expect_same_once_more(workshop, charged);
    expect_same_once_more(workshop, sent);
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void
a_strict_sender_is_not_refused_for_a_rule_that_is_off(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)turn(workshop, RULE, true, 0, SETS_OF_JST);
    renew(workshop, &renewal);
    struct batch batch = workshop_batch();
    sent++;
    struct submission *filing = workshop_file(
        workshop, &batch, jst, sent, str_format(arena, "k%llu", (unsigned long long)sent).data,
        make(JST, false, 0, 101));
    filing->filing.strict = true;
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    EXPECT(workshop_number(workshop, str_format(arena,
                                                "SELECT count(*) FROM intake.submission WHERE"
                                                " key = 'k%llu' AND state = 'decided'",
                                                (unsigned long long)sent)
                                         .data)
               == 1,
           "accepted");
    renewal_close(&renewal);
    workshop_close(workshop);
}

/* Whoever judges a filing with the switches of before does not conclude it. */
static void
a_filing_is_not_concluded_without_a_switch_that_was_committed(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)turn(workshop, RULE, true, 0, SETS_OF_JST);
    (void)send(workshop, jst, make(JST, false, 0, 101));
    EXPECT(workshop->bench.stale, "put off");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding") == 0, "nothing");
    renew(workshop, &renewal);
    EXPECT(workshop_take(workshop) == 1, "taken");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_finding") == 0, "off");
    renewal_close(&renewal);
    workshop_close(workshop);
}

/* The row of a switch that is closed was judged with the switch, however both come to be. */
static void
a_switch_of_a_later_day_waits_for_it(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, true, 0, 100));
    (void)send(workshop, jst, make(JST, false, 0, 101));
    while (rework(workshop) == REWORK_DONE) {
    }
    EXPECT(turn(workshop, RULE, true, YEAR_2100, SETS_OF_JST) == 1, "asked for");
    renew(workshop, &renewal);
    EXPECT(rework(workshop) == REWORK_NOTHING, "not yet");
    workshop_run(workshop, "INSERT INTO intake.set_work (set, cause) SELECT set, 'retry'"
                           " FROM intake.report_set WHERE scope = 0");
    EXPECT(rework(workshop) == REWORK_DONE, "of another cause");
    EXPECT(open_findings(workshop) == 2, "it is on until then");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.set_work WHERE done_at IS NULL"
                                     " AND cause = 'rule-switched' AND not_before > now()")
               == 1,
           "it waits on");
    /* As if the day had come. */
    workshop_run(workshop,
                 "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
                 " VALUES ('" RULE "', true, '2020-01-01', 'r', 'Jan', now());"
                 "UPDATE intake.set_work SET not_before = now() - interval '1 s'"
                 " WHERE done_at IS NULL");
    renew(workshop, &renewal);
    EXPECT(rework(workshop) == REWORK_DONE, "its day");
    EXPECT(open_findings(workshop) == 0, "off");
    renewal_close(&renewal);
    workshop_close(workshop);
}

static void
a_switch_wakes_all_sets_of_its_scope_and_no_others(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop_run(workshop,
                 "INSERT INTO intake.report_set (owner, scope, period_end, period_type, year,"
                 " period_number, period, state, reason, pending, findings, owed, judged_at,"
                 " definitions) SELECT g, g % 3 / 2, '2026-06-30', 'Kwartal', 2026, 2, '2026-Q2',"
                 " 'consistent', '', '[]', 0, '', now(), sha256('d')"
                 " FROM generate_series(1, 6003) g");
    EXPECT(turn(workshop, RULE, true, 0, SETS_OF_JST) == 4002, "of JST");
    EXPECT(turn(workshop, "ZESTAW-042", true, 0, SETS_OF_UNIT) == 2001, "of units");
    EXPECT(workshop_number(workshop, "SELECT count(DISTINCT set) FROM intake.set_work"
                                     " WHERE cause = 'rule-switched' AND not_before IS NULL")
               == 6003,
           "each");
    EXPECT(turn(workshop, RULE, false, 0, SETS_OF_JST) == 4002, "and once more");
    workshop_close(workshop);
}

/* Of reports that fulfil a duty: queries of their forms and of sets, less those that are answered.
 */
#define UNANSWERED                                                                      \
    "SELECT p.report, f.code FROM intake.report p JOIN intake.finding f"                \
    " ON f.submission = p.submission AND f.n = p.n AND f.report = p.ordinal"            \
    " WHERE f.severity = 'query' AND NOT EXISTS (SELECT FROM intake.explanation e"      \
    "  WHERE e.submission = p.submission AND e.report = p.ordinal AND e.finding ="      \
    "  f.ordinal) UNION ALL "                                                           \
    "SELECT p.report, f.code FROM intake.report p JOIN intake.set_finding f"            \
    " USING (report) WHERE f.severity = 'query' AND f.closed_at IS NULL AND NOT EXISTS" \
    " (SELECT FROM intake.explanation e JOIN intake.set_finding a"                      \
    "  ON a.finding = e.set_finding WHERE a.report = f.report AND a.mark = f.mark)"

/* What duties and tallies say is what plain SQL finds, and nothing waits to be settled. */
static void
expect_counted(const struct workshop *workshop, int64_t open, const char *name)
{
    EXPECT(workshop_number(workshop, "SELECT sum(open_queries) FROM obligation.duty") == open,
           name);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM obligation.duty d WHERE d.open_queries"
                                     " <> (SELECT count(*) FROM (" UNANSWERED ") u"
                                     "     WHERE u.report = d.report)")
               == 0,
           name);
    EXPECT(workshop_number(workshop, "SELECT coalesce(sum(questioned), 0) - (SELECT count(*) FROM"
                                     " obligation.duty WHERE open_queries > 0)"
                                     " FROM obligation.tally")
               == 0,
           name);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM obligation.unsettled") == 0, name);
}

/* The first open finding of a set, by its cell, is answered in a transaction that goes on. */
static void
answer(struct workshop *workshop, int revision)
{
    struct fault fault = {0};
    struct str   sql = str_format(
          arena,
          "INSERT INTO intake.explanation (submission, report, mark, revision, code, text, given_at,"
            " unit, credential, n, set_finding) SELECT r.submission, r.ordinal, f.mark, %d, 'inna', "
            "'a',"
            " now(), r.unit, 1, r.n, f.finding FROM intake.set_finding f JOIN intake.report r"
            " USING (report) WHERE f.closed_at IS NULL ORDER BY f.cell LIMIT 1",
          revision);

    ENSURE(store_begin(workshop->bench.store, &fault) == ERR_OK);
    assert_int_equal(
        store_run(workshop->bench.store, sql.data, NULL, workshop->arena, NULL, &fault), ERR_OK);
}

static void
commit(struct workshop *workshop)
{
    struct fault fault = {0};

    assert_int_equal(store_commit(workshop->bench.store, &fault), ERR_OK);
}

/* Whichever report came last, and whatever becomes of what sets ask. */
static void
a_duty_counts_what_sets_ask_of_the_report_that_fulfils_it(void **state)
{
    struct workshop *workshop = workshop_open();
    struct renewal   renewal = {0};
    int64_t          jst = register_jst(workshop, JST);

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, false, 0, 101));
    expect_counted(workshop, 0, "nothing to compare with");
    (void)send(workshop, jst, make(JST, true, 0, 100));
    expect_counted(workshop, 2, "of a report that came before");
    answer(workshop, 1);
    expect_counted(workshop, 2, "not before it is committed");
    commit(workshop);
    expect_counted(workshop, 1, "answered");
    answer(workshop, 2);
    commit(workshop);
    expect_counted(workshop, 1, "answered once more");
    (void)send(workshop, jst, make(JST, true, 1, 99));
    expect_counted(workshop, 2, "other amounts are asked about anew");
    (void)send(workshop, jst, make(JST, true, 2, 100));
    expect_counted(workshop, 1, "as it was answered");
    EXPECT(turn(workshop, RULE, true, 0, SETS_OF_JST) == 1, "off");
    renew(workshop, &renewal);
    expect_counted(workshop, 1, "until it is judged again");
    EXPECT(rework(workshop) == REWORK_DONE, "off");
    expect_counted(workshop, 0, "switched off");
    EXPECT(turn(workshop, RULE, false, 0, SETS_OF_JST) == 1, "on");
    renew(workshop, &renewal);
    EXPECT(rework(workshop) == REWORK_DONE, "on");
    expect_counted(workshop, 1, "switched on");
    (void)send(workshop, jst, make(JST, false, 1, 103));
    expect_counted(workshop, 2, "a correction is asked anew");
    (void)send(workshop, jst, make(JST, false, 0, 100));
    expect_counted(workshop, 2, "a lower version replaces nothing");
    (void)send(workshop, jst, make(JST, false, 2, 100));
    expect_counted(workshop, 0, "what agrees is not asked about");
    renewal_close(&renewal);
    workshop_close(workshop);
}

/* The JST that the school leaves is asked no more, the one that it goes to is. */
static void
what_is_asked_moves_with_a_unit(void **state)
{
    struct workshop *workshop = workshop_open();
    struct move      move = begin_move(workshop, JST, false);
    const char      *of_duty = "SELECT unit FROM obligation.duty WHERE open_queries > 0";

    (void)state;
    file_spending(workshop, &move, SCHOOL, "100.00");
    file_spending(workshop, &move, FIRST, "90.00");
    file_spending(workshop, &move, SECOND, "80.00");
    while (rework(workshop) == REWORK_DONE) {
    }
    int64_t asked = workshop_number(workshop, "SELECT sum(open_queries) FROM obligation.duty");
    EXPECT(asked > 0, "asked");
    expect_counted(workshop, asked, "before");
    EXPECT(workshop_number(workshop, of_duty) == move.units[FIRST], "the first one");
    happen(workshop, &move, MOVE_ITSELF, "2026-06-30");
    expect_counted(workshop, asked, "until it is judged again");
    while (rework(workshop) == REWORK_DONE) {
    }
    expect_counted(workshop, asked, "after");
    EXPECT(workshop_number(workshop, of_duty) == move.units[SECOND], "the second one");
    workshop_close(workshop);
}

/* Who answers while somebody else has the duty waits for nobody; the next generation counts. */
static void
an_answer_to_what_is_counted_elsewhere_is_noted(void **state)
{
    struct workshop *workshop = workshop_open();
    struct workshop *second = workshop_second(workshop, 1);
    int64_t          jst = register_jst(workshop, JST);
    struct fault     fault = {0};

    (void)state;
    owe(workshop, jst);
    (void)send(workshop, jst, make(JST, false, 0, 101));
    (void)send(workshop, jst, make(JST, true, 0, 100));
    ENSURE(store_begin(second->bench.store, &fault) == ERR_OK);
    ENSURE(store_run(second->bench.store, "SELECT duty FROM obligation.duty FOR NO KEY UPDATE",
                     NULL, arena, NULL, &fault)
           == ERR_OK);
    answer(workshop, 1);
    commit(workshop);
    store_rollback(second->bench.store);
    EXPECT(workshop_number(workshop, "SELECT sum(open_queries) FROM obligation.duty") == 2,
           "not counted yet");
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM obligation.unsettled n JOIN"
                                     " intake.set_finding f ON true JOIN intake.report r ON"
                                     " r.report = f.report AND r.submission = n.submission"
                                     " WHERE n.cause = 'busy' AND f.opened_at IS NOT NULL")
               == 2,
           "one note, of the charged report's submission");
    workshop_run(workshop, "WITH n AS (DELETE FROM obligation.unsettled RETURNING submission)"
                           " SELECT obligation.refresh(obligation.concerned("
                           "  ARRAY(SELECT submission FROM n)))");
    expect_counted(workshop, 1, "taken up");
    workshop_close(second);
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_arrival_ends_in_the_same_set),
        cmocka_unit_test(receipts_state_the_set_as_it_was_then),
        cmocka_unit_test(a_set_that_did_not_change_is_not_written_again),
        cmocka_unit_test(a_large_set_is_judged_right_after_its_decision),
        cmocka_unit_test(sets_of_one_batch_share_the_lines_that_it_may_read),
        cmocka_unit_test(a_filing_does_not_read_what_is_open_elsewhere),
        cmocka_unit_test(strict_refuses_what_would_leave_its_set_inconsistent),
        cmocka_unit_test(a_set_is_judged_again_when_definitions_have_changed),
        cmocka_unit_test(a_set_whose_jst_is_held_waits_and_counts_no_attempt),
        cmocka_unit_test(a_set_that_fails_again_and_again_is_called_incomplete),
        cmocka_unit_test(a_long_name_of_a_unit_keeps_no_set_from_being_judged),
        cmocka_unit_test(a_unit_that_moves_is_in_the_set_of_the_last_day_of_the_period),
        cmocka_unit_test(a_filing_does_not_wait_for_a_move_that_is_being_entered),
        cmocka_unit_test(a_set_that_was_not_there_is_made_when_a_unit_moves),
        cmocka_unit_test(what_has_left_a_body_moves_with_it_on_days_before),
        cmocka_unit_test(the_jst_of_the_period_is_kept_with_the_decision),
        cmocka_unit_test(a_filing_waits_for_the_jst_of_its_set_too),
        cmocka_unit_test(a_member_goes_only_where_the_registry_says_so),
        cmocka_unit_test(a_duty_of_last_year_wakes_the_sets_that_look_back_at_it),
        cmocka_unit_test(a_refusal_tells_no_figures_of_others_and_is_for_ones_own_reports),
        cmocka_unit_test(every_order_of_reports_and_of_a_switch_ends_in_the_same_set),
        cmocka_unit_test(a_switched_rule_closes_and_opens_its_findings),
        cmocka_unit_test(a_strict_sender_is_not_refused_for_a_rule_that_is_off),
        cmocka_unit_test(a_filing_is_not_concluded_without_a_switch_that_was_committed),
        cmocka_unit_test(a_switch_of_a_later_day_waits_for_it),
        cmocka_unit_test(a_switch_wakes_all_sets_of_its_scope_and_no_others),
        cmocka_unit_test(a_duty_counts_what_sets_ask_of_the_report_that_fulfils_it),
        cmocka_unit_test(what_is_asked_moves_with_a_unit),
        cmocka_unit_test(an_answer_to_what_is_counted_elsewhere_is_noted),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
