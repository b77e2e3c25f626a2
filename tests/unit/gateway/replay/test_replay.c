#include "gateway/replay/replay.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <stdio.h>
#include <string.h>

#define ROOM ((size_t)1 << 30U)

/* The decision once more, by the operator's role, in a transaction that writes nothing. */
static struct replay
replay(const struct workshop *workshop, struct arena *arena, const struct replay_target *target)
{
    struct store *store = NULL;
    struct replay out = {0};
    struct fault  fault = {0};

    (void)fflush(NULL);
    assert_int_equal(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault), ERR_OK);
    assert_int_equal(store_begin(store, &fault), ERR_OK);
    assert_int_equal(store_script(store, "SET TRANSACTION READ ONLY", &fault), ERR_OK);
    if (replay_run(store, arena, target, workshop->bench.engine, &out, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    store_rollback(store);
    return out;
}

static struct replay_target
target_of(uint64_t number, int n)
{
    return (struct replay_target){.submission = workshop_id(number), .n = n};
}

static void
expect_same(const struct workshop *workshop, uint64_t number, int n, const char *name)
{
    struct arena              *arena = arena_create(ROOM);
    const struct replay_target target = target_of(number, n);
    struct replay              told = replay(workshop, arena, &target);

    for (size_t i = 0; i < told.remark_count; i++) {
        print_message("%s: %.*s: \"%.*s\", again \"%.*s\"\n", name, STR_ARG(told.remarks[i].what),
                      STR_ARG(told.remarks[i].recorded), STR_ARG(told.remarks[i].again));
    }
    EXPECT(told.state == REPLAY_SAME && told.remark_count == 0 && told.more == 0, name);
    EXPECT(told.receipt_count > 0 && told.same_count == told.receipt_count, name);
    EXPECT(!told.engine_differs, name);
    arena_destroy(arena);
}

static void
send(struct workshop *workshop, uint64_t number, struct str bytes)
{
    struct str key = str_format(workshop->arena, "k%llu", (unsigned long long)number);

    (void)workshop_send(workshop, WORKSHOP_GMINA, number, key.data, bytes);
}

static void
send_sample(struct workshop *workshop, uint64_t number, const char *name)
{
    send(workshop, number, workshop_sample(workshop, name));
}

/* The sample without its first signature: the first report waits for it. */
static struct str
without_a_signature(struct workshop *workshop, const char *name)
{
    static const char end[] = "</ds:Signature>";

    struct str  bytes = workshop_sample(workshop, name);
    const char *from = memmem(bytes.data, bytes.size, "<ds:Signature ", strlen("<ds:Signature "));
    const char *to = memmem(from, bytes.size - (size_t)(from - bytes.data), end, strlen(end));
    size_t      before = (size_t)(from - bytes.data);
    struct str  rest = {to + strlen(end), bytes.size - (size_t)(to - bytes.data) - strlen(end)};

    return str_format(workshop->arena, "%.*s%.*s", (int)before, bytes.data, STR_ARG(rest));
}

static void
every_kind_of_decision_is_the_same_once_more(void **state)
{
    static const struct {
        const char *sample;
        const char *verdict;
    } cases[] = {
        {"dochody-2026-q2.xml",           "1"},
        {"oba-2026-q2-jedna-szkola.xml",  "1"},
        {"zle-zmieniona-po-podpisie.xml", "3"},
        {"zle-ten-sam-regon.xml",         "3"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop *workshop = workshop_open();
        send_sample(workshop, 1, cases[i].sample);
        EXPECT(str_equal(workshop_ask(workshop, "SELECT verdict FROM intake.submission"),
                         str_of(cases[i].verdict)),
               cases[i].sample);
        expect_same(workshop, 1, 1, cases[i].sample);
        workshop_close(workshop);
    }
}

/* What was entered, or taken back, after a decision is no part of it. */
static void
outages_are_those_that_were_entered_by_then(void **state)
{
    static const char enter_sql[] =
        "INSERT INTO obligation.outage (began, ended, description, evidence, entered_by) SELECT"
        " max(arrived) - interval '2 hours', max(arrived) - interval '1 hour', 'o', 'e', 'a'"
        " FROM intake.submission";
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, STR("<a/>"));
    workshop_run(workshop, enter_sql);
    send_sample(workshop, 2, "dochody-2026-q2.xml");
    workshop_run(workshop, enter_sql);
    workshop_run(workshop, "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
                           " VALUES ('outage', 1, 'b', 'a')");
    assert_true(workshop_number(workshop, "SELECT count(*) FROM intake.receipt WHERE"
                                          " position('<Niedostepnosc>'::bytea IN bytes) > 0")
                > 0);
    expect_same(workshop, 1, 1, "before any");
    expect_same(workshop, 2, 1, "between the two");
    workshop_close(workshop);
}

static void
what_is_held_is_the_same_once_more(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, without_a_signature(workshop, "oba-2026-q2-jedna-szkola.xml"));
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 2);
    expect_same(workshop, 1, 1, "held");
    workshop_close(workshop);
}

static void
junk_and_an_unknown_unit_are_the_same_once_more(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send(workshop, 1, STR("to nie jest XML"));
    expect_same(workshop, 1, 1, "junk");
    workshop_run(workshop, "UPDATE registry.unit SET regon = '990009990'"
                           " WHERE regon = '990001027'");
    send_sample(workshop, 2, "dochody-2026-q2.xml");
    expect_same(workshop, 2, 1, "unknown unit");
    workshop_close(workshop);
}

/* The registry and what is in force go on; what was read is what counts. */
static void
a_delivery_and_each_later_decision_are_the_same_whatever_has_changed_since(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->bench.receive_only = true;
    send_sample(workshop, 1, "wydatki-2026-q2.xml");
    workshop->bench.receive_only = false;
    assert_int_equal(workshop_take(workshop), 1);
    send_sample(workshop, 2, "korekta-wydatki-2026-q2.xml");
    workshop_run(workshop, "UPDATE registry.unit SET name = name || ' bis', regon = CASE WHEN"
                           " regon = '990001027' THEN '990009990' ELSE regon END");
    workshop_run(workshop, "INSERT INTO intake.work (submission, cause)"
                           " SELECT submission, 'retry' FROM intake.submission");
    assert_int_equal(workshop_take(workshop), 2);
    expect_same(workshop, 1, 1, "delivery");
    expect_same(workshop, 1, 2, "decision after it");
    expect_same(workshop, 1, 3, "decided again");
    expect_same(workshop, 2, 1, "correction");
    expect_same(workshop, 2, 2, "correction decided again");
    workshop_close(workshop);
}

static void
repeats_of_rejected_and_lower_versions_are_the_same_once_more(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send_sample(workshop, 1, "korekta-wydatki-2026-q2.xml");
    send_sample(workshop, 2, "wydatki-2026-q2.xml"); /* a lower Wersja: a query of its own */
    send_sample(workshop, 3, "zle-zmieniona-po-podpisie.xml");
    send_sample(workshop, 4, "zle-zmieniona-po-podpisie.xml");
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"
                                               " WHERE follows IS NOT NULL"),
                     1);
    assert_true(workshop_number(workshop, "SELECT count(*) FROM intake.finding"
                                          " WHERE code = 'PACZKA-019'")
                > 0);
    for (uint64_t number = 1; number <= 4; number++) {
        expect_same(workshop, number, 1, "one of four");
    }
    workshop_close(workshop);
}

/* What somebody with all rights has changed, and what a replay says of it. */
static const struct {
    const char       *sql;
    enum replay_state state;
    const char       *what;
} tamperings[] = {
    {"UPDATE intake.report SET verdict = 3 WHERE ordinal = 1",                 REPLAY_DIFFERS,
     "wiersz sprawozdania 2: verdict"                                                                                              },
    {"UPDATE intake.report SET unit = 5 WHERE ordinal = 0",                    REPLAY_DIFFERS,
     "wiersz sprawozdania 1: unit"                                                                                                 },
    {"UPDATE intake.report SET timeliness = 'in_time' WHERE ordinal = 2",      REPLAY_DIFFERS,
     "wiersz sprawozdania 3: timeliness"                                                                                           },
    {"UPDATE intake.report SET report = report + 500 WHERE ordinal = 2",       REPLAY_DIFFERS,
     "liść dziennika"                                                                                                            },
    {"DELETE FROM intake.report WHERE ordinal = 2",                            REPLAY_MISSING, "tyle samo sprawozdań"             },
    {"UPDATE intake.line SET a1 = coalesce(a1, 0) + 1 WHERE ordinal = 0",      REPLAY_DIFFERS,
     "pozycje sprawozdania 1: cells"                                                                                               },
    {"DELETE FROM intake.line WHERE ordinal = 0",                              REPLAY_DIFFERS, "pozycje sprawozdania 1: lines"     },
    {"UPDATE intake.decision SET verdict = 3",                                 REPLAY_DIFFERS, "wiersz rozstrzygnięcia 1: verdict"},
    {"UPDATE intake.decision SET decided_at = decided_at - interval '1 hour'", REPLAY_DIFFERS,
     "liść dziennika"                                                                                                            },
    {"UPDATE intake.decision SET registry = sha256('x')",                      REPLAY_DIFFERS, "odpowiedzi rejestru"               },
    {"UPDATE intake.decision SET definitions = sha256('x')",                   REPLAY_MISSING, "definicje"                         },
    {"UPDATE intake.submission SET arrived = arrived - interval '30 days'",    REPLAY_DIFFERS,
     "liść dziennika"                                                                                                            },
    {"UPDATE intake.submission SET sha256 = sha256('x')",                      REPLAY_DIFFERS, "dokument"                          },
    {"UPDATE intake.document SET encoding = 'identity', bytes = '<a/>'",       REPLAY_MISSING,
     "dokument"                                                                                                                    },
    {"DELETE FROM intake.document",                                            REPLAY_MISSING, "dokument"                          },
    {"UPDATE intake.material SET bytes = bytes || 'x' WHERE kind = 'trust'",   REPLAY_DIFFERS,
     "zaufane certyfikaty"                                                                                                         },
    {"DELETE FROM intake.material WHERE kind = 'definitions'",                 REPLAY_MISSING, "definicje"                         },
    {"DELETE FROM intake.context",                                             REPLAY_MISSING, "odpowiedzi rejestru i sprawozdania"},
    {"UPDATE intake.context SET bytes = substr(bytes, 1, 40)",                 REPLAY_MISSING,
     "odpowiedzi rejestru: zapisu"                                                                                                 },
    {"UPDATE intake.context SET bytes = overlay(bytes PLACING convert_to('Inna', 'UTF8')"
     " FROM position(convert_to('Brama', 'UTF8') IN bytes) FOR 4)",       REPLAY_DIFFERS, "element Podmiot"                   },
    {"UPDATE intake.log SET leaf = sha256('x')",                               REPLAY_DIFFERS, "liść dziennika"                  },
    {"DELETE FROM intake.log",                                                 REPLAY_MISSING, "wpis w dzienniku"                  },
    {"UPDATE intake.receipt SET bytes = overlay(bytes PLACING convert_to('2027', 'UTF8')"
     " FROM position(convert_to('2026', 'UTF8') IN bytes) FOR 4)",        REPLAY_DIFFERS, "bajty i ich zapisany skrót"       },
    {"UPDATE intake.receipt SET bytes = substr(bytes, 1, 300), sha256 = sha256(substr(bytes, 1,"
     " 300))",                                                            REPLAY_DIFFERS, "element "                          },
    {"DELETE FROM intake.receipt WHERE ordinal = 1",                           REPLAY_DIFFERS, "liczba UPO"                        },
    {"DELETE FROM intake.report_signature WHERE ordinal = 1",                  REPLAY_DIFFERS,
     "wiersz podpisu: ile ich jest"                                                                                                },
    {"UPDATE intake.report_signature SET valid = false",                       REPLAY_DIFFERS, "wiersz podpisu 1: valid"           },
    {"INSERT INTO intake.finding SELECT submission, 1, 99, 0, 'RB28S-001', 'error', 1, 1, 1, '',"
     " '', '', '', '', '', '', '', '', '' FROM intake.submission",        REPLAY_DIFFERS, "wiersz uwagi: ile ich jest"        },
};

static bool
says(const struct replay *told, const char *what)
{
    for (size_t i = 0; i < told->remark_count; i++) {
        struct str text = told->remarks[i].what;
        if (memmem(text.data, text.size, what, strlen(what)) != NULL) {
            return true;
        }
    }
    return false;
}

static void
whatever_was_changed_in_the_store_is_found_and_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tamperings); i++) {
        struct workshop           *workshop = workshop_open();
        struct arena              *arena = arena_create(ROOM);
        const struct replay_target target = target_of(1, 1);
        send_sample(workshop, 1, "wydatki-2026-q2.xml");
        struct str sql = str_format(workshop->arena, "SET session_replication_role = replica; %s",
                                    tamperings[i].sql);
        workshop_run(workshop, sql.data);
        struct replay told = replay(workshop, arena, &target);
        EXPECT(told.state == tamperings[i].state, tamperings[i].sql);
        EXPECT(says(&told, tamperings[i].what), tamperings[i].sql);
        for (size_t j = 0; !says(&told, tamperings[i].what) && j < told.remark_count; j++) {
            print_message("  %.*s\n", STR_ARG(told.remarks[j].what));
        }
        arena_destroy(arena);
        workshop_close(workshop);
    }
}

/* Of a finding of before the column nothing is known. */
static void
contributors_of_a_finding_are_compared(void **state)
{
    static const struct {
        const char       *sql;
        enum replay_state state;
        const char       *what;
    } cases[] = {
        {"contributors = 'x', difference_repeats = 1", REPLAY_DIFFERS, "wiersz uwagi 1: "            },
        {"contributors = 'x'",                         REPLAY_DIFFERS, "wiersz uwagi 1: contributors"},
        {"difference = difference",                    REPLAY_SAME,    ""                            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop           *workshop = workshop_open();
        struct arena              *arena = arena_create(ROOM);
        const struct replay_target target = target_of(1, 1);
        send_sample(workshop, 1, "zle-zmieniona-po-podpisie.xml");
        struct str sql = str_format(workshop->arena,
                                    "SET session_replication_role = replica;"
                                    " UPDATE intake.finding SET %s WHERE difference = ''",
                                    cases[i].sql);
        workshop_run(workshop, sql.data);
        struct replay told = replay(workshop, arena, &target);
        EXPECT(told.state == cases[i].state, cases[i].sql);
        EXPECT(cases[i].what[0] == '\0' || says(&told, cases[i].what), cases[i].sql);
        for (size_t j = 0; j < told.remark_count; j++) {
            print_message("  %.*s\n", STR_ARG(told.remarks[j].what));
        }
        arena_destroy(arena);
        workshop_close(workshop);
    }
}

static void
receipt_is_found_by_its_number_and_a_submission_by_its_id(void **state)
{
    struct workshop     *workshop = workshop_open();
    struct store        *store = NULL;
    struct fault         fault = {0};
    struct replay_target target = {0};

    (void)state;
    send_sample(workshop, 1, "dochody-2026-q2.xml");
    struct str number = workshop_ask(workshop, "SELECT number FROM intake.receipt LIMIT 1");
    struct str id = workshop_ask(workshop, "SELECT submission FROM intake.submission");
    assert_int_equal(store_open(workshop->arena, &workshop->address, STORE_ADMIN, &store, &fault),
                     ERR_OK);
    assert_int_equal(replay_target_find(store, workshop->arena, number, &target, &fault), ERR_OK);
    assert_true(uuid_equal(target.submission, workshop_id(1)) && target.n == 1);
    target = (struct replay_target){0};
    assert_int_equal(replay_target_find(store, workshop->arena, id, &target, &fault), ERR_OK);
    assert_true(uuid_equal(target.submission, workshop_id(1)) && target.n == 1);

    static const char *const strangers[] = {"", "990000022-20260725-000000000000-00", "x'; --",
                                            "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e"};
    for (size_t i = 0; i < ARRAY_COUNT(strangers); i++) {
        EXPECT(replay_target_find(store, workshop->arena, str_of(strangers[i]), &target, &fault)
                   == ERR_USAGE,
               strangers[i]);
    }
    target.n = 2;
    struct replay told = {0};
    assert_int_equal(
        replay_run(store, workshop->arena, &target, workshop->bench.engine, &told, &fault),
        ERR_USAGE);
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_decision_is_the_same_once_more),
        cmocka_unit_test(outages_are_those_that_were_entered_by_then),
        cmocka_unit_test(what_is_held_is_the_same_once_more),
        cmocka_unit_test(junk_and_an_unknown_unit_are_the_same_once_more),
        cmocka_unit_test(
            a_delivery_and_each_later_decision_are_the_same_whatever_has_changed_since),
        cmocka_unit_test(repeats_of_rejected_and_lower_versions_are_the_same_once_more),
        cmocka_unit_test(whatever_was_changed_in_the_store_is_found_and_named),
        cmocka_unit_test(contributors_of_a_finding_are_compared),
        cmocka_unit_test(receipt_is_found_by_its_number_and_a_submission_by_its_id),
    };

    return cmocka_run_group_tests(tests, workshop_start, workshop_stop);
}
