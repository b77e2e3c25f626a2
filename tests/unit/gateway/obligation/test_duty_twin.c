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

static struct cluster *cluster;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

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
    struct store_address address = cluster_database(cluster, "twin");
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(database_and_program_tell_the_same_state),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
