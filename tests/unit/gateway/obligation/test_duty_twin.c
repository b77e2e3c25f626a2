#include "gateway/obligation/duty.h"
#include "gateway/store/store.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>

/*
 * The state as this program computes it, and as the database does: asked of every combination of
 * facts around every edge.
 */
enum { ARENA_MAX = 64 * 1024 * 1024, TIMES = 8 };

/* 1 July 2026, 00:00 in Warsaw; and the first moment after 10 July. */
#define OPENS INT64_C(1782856800000000)
#define TOO_LATE INT64_C(1783720800000000)

/* 0: not; then around the edges. */
static const instant times[TIMES] = {0,        OPENS - 1,    OPENS,        TOO_LATE - 1,
                                     TOO_LATE, TOO_LATE + 1, TOO_LATE * 2, 1};

/* Both answers to one combination of moments, all four of the flags. */
static size_t
compare(struct store *store, struct arena *arena, instant at, instant filed, instant pending)
{
    static const char sql[] =
        "SELECT obligation.state($1, $2, $3, a.gone, b.waived, $4, $5)"
        " FROM (VALUES (false), (true)) a (gone), (VALUES (false), (true)) b (waived)"
        " ORDER BY a.gone, b.waived";
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct fault            fault = {0};

    store_put_instant(&parameters, at);
    store_put_instant(&parameters, OPENS);
    store_put_instant(&parameters, TOO_LATE);
    if (filed == 0) {
        store_put_null(&parameters, STORE_INSTANT);
    } else {
        store_put_instant(&parameters, filed);
    }
    if (pending == 0) {
        store_put_null(&parameters, STORE_INSTANT);
    } else {
        store_put_instant(&parameters, pending);
    }
    assert_int_equal(store_run(store, sql, &parameters, arena, &rows, &fault), ERR_OK);
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        const struct duty_facts facts = {.opens_at = OPENS,
                                         .due_before = TOO_LATE,
                                         .superseded = i >= 2,
                                         .waived = i % 2 == 1,
                                         .filed_at = filed,
                                         .pending_at = pending};
        struct str              want = str_of(duty_state_name(duty_state(&facts, at)));
        struct str              told = store_text(&rows, i, 0);
        if (!str_equal(told, want)) {
            fail_msg("at %lld, filed %lld, pending %lld, %zu: %.*s, not %.*s", (long long)at,
                     (long long)filed, (long long)pending, i, STR_ARG(told), STR_ARG(want));
        }
    }
    return store_row_count(&rows);
}

static void
database_and_program_tell_the_same_state(void **state)
{
    struct store_address address = cluster_database(cluster_shared, "twin");
    struct arena        *arena = arena_create(ARENA_MAX);
    struct store        *store = NULL;
    struct fault         fault = {0};
    size_t               compared = 0;

    (void)state;
    assert_int_equal(store_open(arena, &address, STORE_READER, &store, &fault), ERR_OK);
    for (size_t at = 1; at < TIMES; at++) {
        for (size_t filed = 0; filed < TIMES; filed++) {
            for (size_t pending = 0; pending < TIMES; pending++) {
                compared += compare(store, arena, times[at], times[filed], times[pending]);
            }
        }
    }
    assert_int_equal(compared, (TIMES - 1) * TIMES * TIMES * 4);
    arena_destroy(arena);
}

/* A heap has the state of each of its duties: of every combination as the table itself makes it. */
static void
heap_has_the_state_of_its_duties(void **state)
{
    static const char sql[] =
        "WITH t (n, x) AS (SELECT n, to_timestamp(x / 1e6) FROM unnest(ARRAY[-1,"
        "  1782856799999999, 1782856800000000, 1783720799999999, 1783720800000000,"
        "  1783720800000001]) WITH ORDINALITY q (x, n)), "
        "made AS (INSERT INTO obligation.duty (unit, matter, term, way, jst, powiat, due_before,"
        "   accepted_at, pending_at, exemption, superseded_on, superseded_why, open_queries)"
        "  SELECT row_number() OVER (), 1, 1, 1, 1, '', to_timestamp(1783720800), f.x, p.x, e.x, "
        "g.x,"
        "   CASE WHEN g.x IS NOT NULL THEN 'closed' END, q.x"
        "  FROM (SELECT x FROM t UNION ALL SELECT NULL) f, (SELECT x FROM t UNION ALL SELECT NULL) "
        "p,"
        "   (VALUES (NULL), (1::bigint)) e (x), (VALUES (NULL), ('2026-06-01'::date)) g (x),"
        "   (VALUES (0), (2)) q (x) RETURNING *) "
        "SELECT count(*) * 1000000 + count(*) FILTER (WHERE"
        "  obligation.state(t.x, to_timestamp(1782856800), d.due_before, d.superseded_on IS NOT "
        "NULL,"
        "   d.exemption IS NOT NULL, d.filed_at, d.pending_at)"
        "  <> obligation.state_of_heap(t.x, to_timestamp(1782856800), d.due_before, d.heap)"
        "  OR (d.heap & 32 <> 0) <> (d.open_queries > 0)) FROM made d CROSS JOIN t";
    struct arena *arena = arena_create(ARENA_MAX);

    (void)state;
    (void)cluster_database(cluster_shared, "heaps");
    struct str told = cluster_ask(cluster_shared, arena, "heaps", sql);
    assert_true(str_equal(told, STR("2352000000"))); /* 7 x 7 x 2 x 2 x 2, at 6 moments; no other */
    arena_destroy(arena);
}

/* The worker settles what is there, the reader reads, nobody deletes. */
static void
roles_may_do_no_more_than_they_need(void **state)
{
    static const struct {
        const char *role;
        const char *want;
    } cases[] = {
        {"brama_writer", "duty:Su matter:S outage:S revocation:S stray:SI unsettled:I"               },
        {"brama_reader", "duty:S exemption:S filed_elsewhere:S matter:S nothing_to_report:S "
                         "outage:S revocation:S stray:S tally:S term:S way:S"},
        {"brama_admin",  "change:SI duty:SIu exemption:SI filed_elsewhere:SI internal_due:SI "
                        "matter:SI nothing_to_report:SI outage:SI revocation:SI run:SIu "
                        "stray:Su tally:S term:SI unsettled:Su way:SI"        },
    };
    struct arena *arena = arena_create(ARENA_MAX);

    (void)state;
    (void)cluster_database(cluster_shared, "obligation_rights");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(
            arena,
            "SELECT string_agg(t || ':' || p, ' ' ORDER BY t COLLATE \"C\") FROM ("
            " SELECT c.relname::text, CASE WHEN has_table_privilege('%s', c.oid, 'SELECT') THEN 'S'"
            "  ELSE '' END || CASE WHEN has_table_privilege('%s', c.oid, 'INSERT') THEN 'I' ELSE ''"
            "  END || CASE WHEN has_table_privilege('%s', c.oid, 'UPDATE') THEN 'U'"
            "   WHEN has_any_column_privilege('%s', c.oid, 'UPDATE') THEN 'u' ELSE '' END"
            "  || CASE WHEN has_table_privilege('%s', c.oid, 'DELETE, TRUNCATE') THEN 'D' ELSE ''"
            "  END FROM pg_class c WHERE c.relkind = 'r'"
            "   AND c.relnamespace = 'obligation'::regnamespace) x (t, p) WHERE p <> ''",
            cases[i].role, cases[i].role, cases[i].role, cases[i].role, cases[i].role);
        struct str told = cluster_ask(cluster_shared, arena, "obligation_rights", sql.data);
        if (!str_equal(told, str_of(cases[i].want))) {
            fail_msg("%s: \"%.*s\", not \"%s\"", cases[i].role, STR_ARG(told), cases[i].want);
        }
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(database_and_program_tell_the_same_state),
        cmocka_unit_test(heap_has_the_state_of_its_duties),
        cmocka_unit_test(roles_may_do_no_more_than_they_need),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
