#include "gateway/outbox/delivery.h"
#include "gateway/outbox/subscriber.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/obligation/land.h"

#include <string.h>

/*
 * What becomes of obligations in webhooks: each change once, to who asked for it, whether time made
 * it or a fact; in a real PostgreSQL, the courier as brama_courier. The gateway's clock is set, and
 * all that ends on 30 June 2026 is owed by the land's units: RB28S by the school (3) until 10 July.
 */
enum { ALL = 1000 };

static struct land   land;
static struct store *courier;

static void
set_clock(const char *at)
{
    struct str sql = str_format(
        land.arena, "UPDATE registry.setting SET clock_offset = '%s'::timestamptz - now()", at);

    land_run(&land, sql.data);
}

#define OWED "obligation.due_soon obligation.late obligation.fulfilled obligation.waived"

enum { OF_SCHOOL = 1, OF_GMINA, OF_STRANGER };

static int64_t
carry_as(struct store *store)
{
    struct fault fault = {0};
    int64_t      count = -1;

    if (delivery_spread_duties(store, land.arena, ALL, &count, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return count;
}

static int64_t
carry(void)
{
    return carry_as(courier);
}

static void
listen(int64_t unit, const char *events)
{
    struct str sql =
        str_format(land.arena,
                   "INSERT INTO courier.endpoint (unit, url, events, label) VALUES (%lld,"
                   " 'https://przyklad.pl/', string_to_array('%s', ' '), '')",
                   (long long)unit, events);

    land_run(&land, sql.data);
}

/* The school's own receiver, the gmina's of what is late, a stranger's; and the first mark. */
static int
set_up(void **state)
{
    static int  number;
    static char name[32];

    (void)snprintf(name, sizeof name, "news%d", number++);
    land = land_open(cluster_shared, name);
    *state = NULL;
    struct fault fault = {0};
    if (store_open(land.arena, &land.address, STORE_COURIER, &courier, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    set_clock("2026-07-01 10:00+02");
    listen(LAND_SCHOOL, OWED);
    listen(LAND_GMINA, "obligation.late");
    listen(LAND_POWIAT, OWED);
    assert_int_equal(carry(), 0);
    (void)land_generate(&land, NULL);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    land_close(&land);
    return 0;
}

/* What a receiver was told of Rb-27S of a unit, in its order. */
static bool
told(int endpoint, int64_t unit, const char *wanted)
{
    struct str sql = str_format(
        land.arena,
        "SELECT coalesce(string_agg(substr(v.type, 12), ' ' ORDER BY v.delivery), '')"
        " FROM courier.delivery v JOIN obligation.duty d"
        "  ON v.body LIKE '%%\"id\":\"' || d.duty || '\",%%'"
        " JOIN obligation.matter m USING (matter) WHERE v.endpoint = %d AND d.unit = %lld"
        "  AND m.form = 'RB27S' AND m.period = '2026-Q2' AND m.level = 'jednostkowe'",
        endpoint, (long long)unit);

    return land_says(&land, sql.data, wanted);
}

static void
settle(void)
{
    land_run(&land, "SELECT obligation.refresh(ARRAY(SELECT duty FROM obligation.duty))");
}

static void
time_tells_a_week_before_the_last_day_and_when_it_is_over_each_once(void **state)
{
    static const struct {
        const char *at;
        const char *school;
        const char *gmina;
    } steps[] = {
        {"2026-07-03 23:59:50+02", "",              ""    },
        {"2026-07-04 00:00:00+02", "due_soon",      ""    },
        {"2026-07-04 00:00:00+02", "due_soon",      ""    },
        {"2026-07-10 23:59:50+02", "due_soon",      ""    },
        {"2026-07-11 00:00:00+02", "due_soon late", "late"},
        {"2026-07-08 00:00:00+02", "due_soon late", "late"}, /* the clock of TEST set back */
        {"2026-07-30 00:00:00+02", "due_soon late", "late"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        set_clock(steps[i].at);
        (void)carry();
        EXPECT(carry() == 0, steps[i].at);
        EXPECT(told(OF_SCHOOL, LAND_SCHOOL, steps[i].school), steps[i].at);
        EXPECT(told(OF_GMINA, LAND_SCHOOL, steps[i].gmina), steps[i].at);
        EXPECT(told(OF_STRANGER, LAND_SCHOOL, ""), steps[i].at);
        EXPECT(told(OF_SCHOOL, LAND_SECOND, ""), steps[i].at);
    }
}

static void
what_is_filed_is_told_once_and_never_due_or_late(void **state)
{
    (void)state;
    land_file(&land, 1, LAND_SCHOOL, 3, "2026-07-02 10:00+02"); /* returned: nothing yet */
    settle();
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, ""));
    land_file(&land, 2, LAND_SCHOOL, 1, "2026-07-03 10:00+02");
    settle();
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "fulfilled"));
    land_file(&land, 3, LAND_SCHOOL, 1, "2026-07-05 10:00+02"); /* a correction */
    settle();
    set_clock("2026-07-20 00:00+02");
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "fulfilled"));
    assert_true(told(OF_GMINA, LAND_SCHOOL, ""));
    assert_true(told(OF_GMINA, LAND_SECOND, "late"));
}

static void
late_and_then_filed_is_both(void **state)
{
    (void)state;
    set_clock("2026-07-11 00:00:01+02");
    (void)carry();
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-07-12 10:00+02");
    settle();
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "late fulfilled"));
}

static struct act
act_of(const char *basis)
{
    return (struct act){
        .store = land.admin, .arena = land.arena, .by = STR("Anna"), .basis = str_of(basis)};
}

static void
exemption_and_its_end_are_told_as_they_come(void **state)
{
    const struct act_exemption exemption = {
        .unit = LAND_SCHOOL, .form = STR("RB27S"), .first = {2026, 1,  1 },
                .last = {2026, 12, 31}
    };
    struct act   act = act_of("pismo");
    struct fault fault = {0};
    int64_t      number = 0;

    (void)state;
    set_clock("2026-07-05 00:00+02");
    (void)carry();
    assert_int_equal(store_begin(land.admin, &fault), ERR_OK);
    assert_int_equal(act_exempt(&act, &exemption, &number, &fault), ERR_OK);
    assert_int_equal(store_commit(land.admin, &fault), ERR_OK);
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "due_soon waived"));
    set_clock("2026-07-12 00:00+02");
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "due_soon waived"));
    assert_int_equal(store_begin(land.admin, &fault), ERR_OK);
    assert_int_equal(act_revoke(&act, STR("exemption"), number, &fault), ERR_OK);
    assert_int_equal(store_commit(land.admin, &fault), ERR_OK);
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "due_soon waived late"));
}

static void
a_day_that_is_moved_is_due_soon_by_the_new_one(void **state)
{
    static const char move_sql[] = "UPDATE obligation.duty SET due_before = due_before + interval"
                                   " '%d days' WHERE unit = %d";

    (void)state;
    set_clock("2026-07-05 00:00+02");
    (void)carry();
    land_run(&land, str_format(land.arena, move_sql, 10, LAND_SCHOOL).data);
    set_clock("2026-07-12 00:00+02");
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "due_soon"));
    set_clock("2026-07-14 00:00+02");
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "due_soon due_soon"));
    land_run(&land, str_format(land.arena, move_sql, -9, LAND_SCHOOL).data); /* to 12 July */
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "due_soon due_soon late"));
}

static void
what_was_so_before_anybody_looked_is_no_news(void **state)
{
    (void)state;
    land_run(&land, "DELETE FROM courier.delivery; UPDATE courier.sweep SET swept = NULL");
    set_clock("2026-07-20 00:00+02");
    assert_int_equal(carry(), 0);
    assert_int_equal(land_number(&land, "SELECT count(*) FROM courier.delivery"), 0);
}

static void
duties_that_are_late_when_they_are_made_are_told(void **state)
{
    (void)state;
    land_run(&land, "SET session_replication_role = replica; DELETE FROM obligation.change;"
                    " DELETE FROM obligation.duty; DELETE FROM obligation.tally");
    set_clock("2026-08-20 00:00+02");
    (void)carry();
    (void)land_generate(&land, NULL);
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "late"));
    assert_true(told(OF_GMINA, LAND_SECOND, "late"));
}

static void
of_two_couriers_one_moves_the_mark(void **state)
{
    struct store *second = NULL;
    struct fault  fault = {0};

    (void)state;
    assert_int_equal(store_open(land.arena, &land.address, STORE_COURIER, &second, &fault), ERR_OK);
    set_clock("2026-07-11 00:00:01+02");
    assert_int_equal(store_begin(second, &fault), ERR_OK);
    int64_t held = carry_as(second);
    assert_true(held > 0);
    assert_int_equal(carry(), 0);
    assert_int_equal(store_commit(second, &fault), ERR_OK);
    assert_int_equal(carry(), 0);
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "late"));
}

static void
a_courier_that_dies_before_its_commit_loses_nothing_and_doubles_nothing(void **state)
{
    struct fault fault = {0};

    (void)state;
    set_clock("2026-07-11 00:00:01+02");
    assert_int_equal(store_begin(courier, &fault), ERR_OK);
    assert_true(carry() > 0);
    store_rollback(courier);
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, ""));
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "late"));
}

static void
nobody_who_asks_costs_nothing(void **state)
{
    (void)state;
    land_run(&land, "UPDATE courier.endpoint SET removed_at = now()");
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-07-03 10:00+02");
    settle();
    set_clock("2026-07-20 00:00+02");
    assert_int_equal(carry(), 0);
    listen(LAND_SCHOOL, "submission.accepted");
    land_file(&land, 2, LAND_SECOND, 1, "2026-07-21 10:00+02");
    settle();
    assert_int_equal(land_number(&land, "SELECT count(*) FROM courier.duty_news"), 0);
    assert_int_equal(carry(), 0);
}

/* The school goes to the powiat in August: what is late in July is told to the gmina alone, and
 * what becomes of it later to the powiat. */
static void
a_move_that_is_entered_ahead_is_told_to_nobody_before_its_day(void **state)
{
    (void)state;
    land_run(&land, "UPDATE registry.unit SET parent = 6, since = '2026-08-01' WHERE unit = 3");
    set_clock("2026-07-11 00:00:01+02");
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "late"));
    assert_true(told(OF_GMINA, LAND_SCHOOL, "late"));
    assert_true(told(OF_STRANGER, LAND_SCHOOL, ""));
    set_clock("2026-08-01 00:00:01+02");
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-08-01 10:00+02");
    settle();
    (void)carry();
    assert_true(told(OF_SCHOOL, LAND_SCHOOL, "late fulfilled"));
    assert_true(told(OF_GMINA, LAND_SCHOOL, "late"));
    assert_true(told(OF_STRANGER, LAND_SCHOOL, "fulfilled"));
}

/* The school goes to the powiat on the day after the period, alone or with the urząd that it has
 * been put below: what it owes of the period is the gmina's, of which nobody listens any more. */
static void
a_duty_of_before_a_move_is_told_to_whom_the_unit_is_below(void **state)
{
    static const struct {
        const char *move;
        int         silent; /* the one of the two that does not listen */
    } cases[] = {
        {"WHERE unit = 3", 0          },
        {"WHERE unit = 3", OF_SCHOOL  },
        {"WHERE unit = 3", OF_STRANGER},
        {"WHERE unit = 2", 0          },
        {"WHERE unit = 2", OF_SCHOOL  },
        {"WHERE unit = 2", OF_STRANGER},
    };
    static const char move_sql[] =
        "UPDATE courier.endpoint SET removed_at = now() WHERE endpoint IN (%d, %d);"
        "SELECT set_config('brama.dated', 'on', false);"
        "UPDATE registry.unit SET parent = 2 WHERE unit = 3;"
        "SELECT set_config('brama.dated', '', false);"
        "UPDATE registry.unit SET parent = 6, since = '2026-07-01' %s";

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str word = str_format(land.arena, "%s, %d", cases[i].move, cases[i].silent);
        if (i > 0) {
            (void)tear_down(state);
            (void)set_up(state);
        }
        land_run(&land,
                 str_format(land.arena, move_sql, OF_GMINA, cases[i].silent, cases[i].move).data);
        set_clock("2026-07-11 00:00:01+02");
        (void)carry();
        EXPECT(told(OF_SCHOOL, LAND_SCHOOL, cases[i].silent == OF_SCHOOL ? "" : "late"), word.data);
        EXPECT(told(OF_STRANGER, LAND_SCHOOL, cases[i].silent == OF_STRANGER ? "" : "late"),
               word.data);
        EXPECT(told(OF_GMINA, LAND_SCHOOL, ""), word.data);
    }
}

static void
a_message_has_numbers_and_no_names(void **state)
{
    (void)state;
    set_clock("2026-07-11 00:00:01+02");
    (void)carry();
    assert_int_equal(
        land_number(&land, "SELECT count(*) FROM courier.delivery WHERE body !~ ('^{\"type\":\"'"
                           " || type || '\",\"timestamp\":\"2026-[0-9T:.-]+Z\",\"data\":{\"id\":"
                           "\"[0-9]+\",\"unit\":\"[0-9]{9}\"}}$')"),
        0);
    assert_true(land_says(&land,
                          "SELECT body::json ->> 'timestamp' FROM courier.delivery v"
                          " JOIN obligation.duty d ON d.duty ="
                          "  (v.body::json -> 'data' ->> 'id')::bigint"
                          " JOIN obligation.matter m USING (matter)"
                          " WHERE v.endpoint = 1 AND m.form = 'RB27S' AND m.period = '2026-Q2'"
                          " AND m.level = 'jednostkowe' LIMIT 1",
                          "2026-07-10T22:00:00.000Z")); /* the day was over in Warsaw */
}

/* Every heap there can be, on both sides of every border. */
static void
the_event_of_a_duty_is_what_its_state_says(void **state)
{
    (void)state;
    assert_int_equal(
        land_number(
            &land,
            "SELECT count(*) FROM generate_series(0, 4) f, "
            "unnest('{0,8,16,24,32,40,48,56}'::int[]) b,"
            " (VALUES ('2026-07-03 23:59:59+02'::timestamptz), ('2026-07-04 00:00+02'),"
            "  ('2026-07-10 23:59:59+02'), ('2026-07-11 00:00+02')) m (at),"
            " LATERAL (SELECT (f + b)::smallint AS heap,"
            "  timestamptz '2026-07-11 00:00+02' AS due) h,"
            " LATERAL (SELECT obligation.state_of_heap(m.at, '2026-07-01 00:00+02', h.due, h.heap)"
            "  AS state) s"
            " WHERE courier.duty_event(h.heap, h.due, m.at) IS DISTINCT FROM CASE"
            "  WHEN s.state IN ('fulfilled', 'waived') THEN s.state"
            "  WHEN s.state = 'late' THEN CASE f WHEN 2 THEN 'fulfilled' ELSE 'late' END"
            "  WHEN s.state = 'due' AND f = 0 AND m.at >= h.due - interval '7 days'"
            "   THEN 'due_soon' END"
            /* Undecided after its term stands there only once the term is over. */
            " AND NOT (f = 4 AND m.at < h.due)"),
        0);
}

#define EACH(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(time_tells_a_week_before_the_last_day_and_when_it_is_over_each_once),
        EACH(what_is_filed_is_told_once_and_never_due_or_late),
        EACH(late_and_then_filed_is_both),
        EACH(exemption_and_its_end_are_told_as_they_come),
        EACH(a_day_that_is_moved_is_due_soon_by_the_new_one),
        EACH(what_was_so_before_anybody_looked_is_no_news),
        EACH(duties_that_are_late_when_they_are_made_are_told),
        EACH(of_two_couriers_one_moves_the_mark),
        EACH(a_courier_that_dies_before_its_commit_loses_nothing_and_doubles_nothing),
        EACH(nobody_who_asks_costs_nothing),
        EACH(a_message_has_numbers_and_no_names),
        EACH(a_move_that_is_entered_ahead_is_told_to_nobody_before_its_day),
        EACH(a_duty_of_before_a_move_is_told_to_whom_the_unit_is_below),
        EACH(the_event_of_a_duty_is_what_its_state_says),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
