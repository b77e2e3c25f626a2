#include "gateway/setbook/rework.h"
#include "gateway/setbook/stock.h"
#include "gateway/submission/set_turn.h"
#include "tests/support/draft.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <pthread.h>
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

/* A JST of its own, that files for itself; its number in the registry. */
static int64_t
register_jst(struct workshop *workshop, size_t number)
{
    struct str regon = draft_regon(arena, number);

    workshop_run(workshop,
                 str_format(arena,
                            "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind,"
                            " name, parent, valid_from) VALUES ('%.*s', '14', '01', '01', '1', '0',"
                            " 'ZB-TEST', 'jst', 'Gmina %zu', NULL, '2020-01-01')",
                            STR_ARG(regon), number)
                     .data);
    return workshop_number(
        workshop,
        str_format(arena, "SELECT unit FROM registry.unit WHERE regon = '%.*s'", STR_ARG(regon))
            .data);
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
    struct draft_unit unit = {.number = number,
                              .kind = "ZB-TEST",
                              .by_council = true,
                              .version = version,
                              .income_alone = income,
                              .bare = true,
                              .tag = "Rb-nds"};

    unit.income_rows =
        str_format(arena,
                   "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf>"
                   "<P4>0</P4><PL>%d.00</PL><NA>%d.00</NA><DW>%d.00</DW></Pozycja>",
                   amount, amount, amount);
    unit.rows = str_format(arena,
                           "<Pozycja><Symbol>A</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>"
                           "<Pozycja><Symbol>A1</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>"
                           "<Pozycja><Symbol>B</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>"
                           "<Pozycja><Symbol>B1</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>",
                           amount, amount, amount, amount, amount, amount, amount, amount);
    struct str text = draft_unit(arena, authority, &unit);
    return draft_package(arena, &text, 1, "");
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
        {"one line less than the limit", STOCK_LINES_NOW - 5, "inconsistent||",                     "inconsistent||"},
        {"the limit",                    STOCK_LINES_NOW - 4, "inconsistent||",                     "inconsistent||"},
        {"one line more",                STOCK_LINES_NOW - 3, "incomplete|zestaw ma wiele pozycji",
         "inconsistent||"                                                                                           },
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_arrival_ends_in_the_same_set),
        cmocka_unit_test(receipts_state_the_set_as_it_was_then),
        cmocka_unit_test(a_set_that_did_not_change_is_not_written_again),
        cmocka_unit_test(a_large_set_is_judged_right_after_its_decision),
        cmocka_unit_test(strict_refuses_what_would_leave_its_set_inconsistent),
        cmocka_unit_test(a_set_is_judged_again_when_definitions_have_changed),
        cmocka_unit_test(a_set_whose_jst_is_held_waits_and_counts_no_attempt),
        cmocka_unit_test(a_set_that_fails_again_and_again_is_called_incomplete),
        cmocka_unit_test(a_long_name_of_a_unit_keeps_no_set_from_being_judged),
        cmocka_unit_test(a_refusal_tells_no_figures_of_others_and_is_for_ones_own_reports),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
