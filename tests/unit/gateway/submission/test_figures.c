#include "gateway/replay/replay.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/leaf.h"
#include "tests/support/maker.h"
#include "tests/unit/gateway/submission/workshop.h"

/*
 * Reports that are held against published amounts: a decision says what it found and which figures
 * it read, and stays so whatever is published afterwards. Unit 7 is a JST, the maker's fifth.
 */
static struct arena *kept;

enum { JST = 7, FIRST = 4 };

static int
begin(void **state)
{
    struct str   pem = {0};
    struct fault fault = {0};

    kept = arena_create((size_t)64 << 20U);
    if (judging_load(state) != 0 || workshop_start(state) != 0) {
        return -1;
    }
    ENSURE(authority_pem(kept, judging_authority(), AUTHORITY_CA, &pem, &fault) == ERR_OK);
    workshop_trust(pem);
    return 0;
}

static int
end(void **state)
{
    int stopped = workshop_stop(state);

    arena_destroy(kept);
    return stopped + judging_unload(state);
}

static struct workshop *
open_with_jst(void)
{
    struct workshop *workshop = workshop_open();
    struct str       sql = str_format(
              workshop->arena,
              "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
                    " valid_from) OVERRIDING SYSTEM VALUE VALUES (7, '%.*s', '99', '01', '02', '3', '0',"
                    " 'ZB-TEST', 'jst', 'x', NULL, '2020-01-01');"
                    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                    " expires_at) VALUES (7, false, decode(repeat('ef', 32), 'hex'), 3, 'test', '2099-01-01')",
              STR_ARG(maker_regon(workshop->arena, FIRST)));

    ENSURE(sql.data != NULL);
    workshop_run(workshop, sql.data);
    return workshop;
}

/* The same report in a higher Wersja. */
static void
send(struct workshop *workshop, int version)
{
    const struct maker_options options = {.seed = 7,
                                          .first_unit = FIRST,
                                          .forms = MAKER_RB27S,
                                          .version = version,
                                          .kind = "ZB-TEST"};
    struct str                 key = str_format(workshop->arena, "k%d", version);
    struct str                 bytes = {0};
    struct fault               fault = {0};

    ENSURE(maker_package(workshop->arena, &options, judging_authority(), &bytes, &fault) == ERR_OK);
    (void)workshop_send(workshop, JST, (uint64_t)version + 1, key.data, bytes);
}

/* What is published of the paragraph of the report's first position: so much more than it has. */
static void
publish(struct workshop *workshop, int more)
{
    struct str sql = str_format(
        workshop->arena,
        "DO $$ DECLARE e bigint := reference.begin_edition(); BEGIN"
        " PERFORM reference.put_control(e, 'RB27S', 'zbiorcze', 'DW', '{7}', '{Paragraf}',"
        "  ARRAY[l.c3], ARRAY[sum(l.a4)::bigint + %d]) FROM intake.line l WHERE l.report ="
        "  (SELECT min(report) FROM intake.report) AND l.c3 = (SELECT c3 FROM intake.line"
        "   WHERE ordinal = 0 AND report = (SELECT min(report) FROM intake.report)) GROUP BY l.c3;"
        " ASSERT reference.seal(e, 'control', '2026-06-30', 'Kwartal', 'x', 'y');"
        "END $$",
        more);

    workshop_run(workshop, sql.data);
}

static void
expect(struct workshop *workshop, const char *sql, const char *want)
{
    struct str told = workshop_ask(workshop, sql);

    if (!str_equal(told, str_of(want))) {
        fail_msg("\"%.*s\", not \"%s\": %s", STR_ARG(told), want, sql);
    }
}

/* The newest decision of a submission, made once more: what came of it. */
static enum replay_state
replay(struct workshop *workshop, uint64_t number)
{
    const struct replay_target target = {.submission = workshop_id(number), .n = 1};
    struct store              *store = NULL;
    struct replay              out = {0};
    struct fault               fault = {0};

    ENSURE(store_open(workshop->arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    if (replay_run(store, workshop->arena, &target, workshop->bench.engine, &out, &fault)
        != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    store_rollback(store);
    return out.state;
}

#define TOLD                                                                              \
    "SELECT string_agg(r.version || ':' || coalesce(x.codes, '-'), ' ' ORDER BY"          \
    " r.version) FROM intake.report r LEFT JOIN LATERAL (SELECT string_agg(f.code || '/'" \
    " || f.severity, ',') FROM intake.finding f WHERE f.submission = r.submission"        \
    " AND f.code IN ('RB27S-021', 'RB27S-022')) x (codes) ON true"
#define READ                                                                                 \
    "SELECT string_agg(CASE WHEN d.reference IS NULL THEN '-' ELSE (SELECT g.reading::text"  \
    " FROM reference.reading g WHERE g.sha256 = d.reference) END, ' ' ORDER BY d.log_index)" \
    " FROM intake.decision d"

static void
decision_names_the_figures_that_it_read_and_keeps_them(void **state)
{
    struct workshop *workshop = open_with_jst();

    (void)state;
    send(workshop, 0);
    expect(workshop, TOLD, "0:RB27S-022/info");
    expect(workshop, READ, "-");
    publish(workshop, 1);
    send(workshop, 1);
    publish(workshop, 0);
    send(workshop, 2);
    expect(workshop, TOLD, "0:RB27S-022/info 1:RB27S-021/query 2:-");
    expect(workshop, READ, "- 1 2");
    expect(workshop, "SELECT string_agg(DISTINCT verdict::text, ' ') FROM intake.report", "1");
    expect(workshop,
           "SELECT string_agg((position('<SkrotOdniesien>' || encode(d.reference, 'hex') in"
           " convert_from(c.bytes, 'UTF8')) > 0)::text, ' ' ORDER BY d.log_index)"
           " FROM intake.decision d JOIN intake.receipt c USING (submission, n)"
           " WHERE d.reference IS NOT NULL",
           "true true");
    expect(workshop,
           "SELECT count(*) FROM intake.receipt WHERE position('SkrotOdniesien' in"
           " convert_from(bytes, 'UTF8')) > 0",
           "2");
    expect(workshop,
           "SELECT count(*) FROM intake.log l JOIN intake.decision d ON d.log_index = l.index"
           " JOIN intake.submission s ON s.submission = d.submission WHERE l.leaf <> " LEAF_SQL,
           "0");
    workshop_close(workshop);
}

/* A replay reads the figures that were read then, not those that hold now. */
static void
replay_reads_what_was_read(void **state)
{
    static const struct {
        const char       *sql;
        enum replay_state want;
    } tamperings[] = {
        {"UPDATE intake.decision SET reference = sha256('x') WHERE reference IS NOT NULL",
         REPLAY_MISSING                                                                                  },
        {"UPDATE intake.decision SET reference = NULL",                                    REPLAY_DIFFERS},
        {"UPDATE reference.unit_figure SET amount = amount + 1",                           REPLAY_DIFFERS},
        {"DELETE FROM reference.reading",                                                  REPLAY_MISSING},
    };

    (void)state;
    for (size_t i = 0; i <= ARRAY_COUNT(tamperings); i++) {
        struct workshop *workshop = open_with_jst();
        send(workshop, 0);
        publish(workshop, 1);
        send(workshop, 1);
        publish(workshop, 7);
        assert_int_equal(replay(workshop, 2), REPLAY_SAME);
        if (i < ARRAY_COUNT(tamperings)) {
            struct str sql = str_format(
                workshop->arena, "SET session_replication_role = replica; %s", tamperings[i].sql);
            workshop_run(workshop, sql.data);
            EXPECT(replay(workshop, 2) == tamperings[i].want, tamperings[i].sql);
        }
        workshop_close(workshop);
    }
}

/* Who is nobody, and what has no figures, asks nothing and is decided as ever. */
static void
other_periods_and_other_units_are_held_against_nothing(void **state)
{
    struct workshop           *workshop = open_with_jst();
    const struct maker_options options = {.seed = 7, .period = 1, .forms = MAKER_RB28S};
    struct str                 bytes = {0};
    struct fault               fault = {0};

    (void)state;
    send(workshop, 0);
    publish(workshop, 1);
    ENSURE(maker_package(workshop->arena, &options, judging_authority(), &bytes, &fault) == ERR_OK);
    (void)workshop_send(workshop, WORKSHOP_GMINA, 5, "other", bytes);
    expect(workshop, READ, "- -");
    workshop_close(workshop);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decision_names_the_figures_that_it_read_and_keeps_them),
        cmocka_unit_test(replay_reads_what_was_read),
        cmocka_unit_test(other_periods_and_other_units_are_held_against_nothing),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
