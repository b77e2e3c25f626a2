#include "gateway/obligation/settling.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/obligation/land.h"

#include <string.h>

/* How duties are counted beside themselves: always what they say, and nobody waits for it. */
static struct land land;

static int
set_up(void **state)
{
    static int  number;
    static char name[32];

    (void)state;
    (void)snprintf(name, sizeof name, "tally%d", number++);
    land = land_open(cluster_shared, name);
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

static void
a_tally_says_what_the_duties_say_after_each_change(void **state)
{
#define SCHOOLS " WHERE unit IN (3, 4) AND variant = ''"
    static const char *const changes[] = {
        "UPDATE obligation.duty SET accepted_at = due_before - interval '1 day'" SCHOOLS,
        "UPDATE obligation.duty SET accepted_at = due_before, open_queries = 1" SCHOOLS,
        "UPDATE obligation.duty SET accepted_at = NULL, pending_at = due_before" SCHOOLS,
        "UPDATE obligation.duty SET pending_at = due_before - interval '1 second'" SCHOOLS,
        "UPDATE obligation.duty SET exemption = 1" SCHOOLS,
        "UPDATE obligation.duty SET superseded_on = '2026-07-01', superseded_why = "
        "'closed'" SCHOOLS,
        "UPDATE obligation.duty SET elsewhere_at = '2026-07-02'" SCHOOLS,
        "UPDATE obligation.duty SET exemption = NULL, superseded_on = NULL, superseded_why = NULL,"
        " elsewhere_at = NULL, pending_at = NULL" SCHOOLS,
        "UPDATE obligation.duty SET jst = 6, powiat = '1207'" SCHOOLS,
        "UPDATE obligation.duty SET way = (SELECT max(way) FROM obligation.way)" SCHOOLS,
        "UPDATE obligation.duty SET term = 1, due_before = '2026-01-01'" SCHOOLS,
        "UPDATE obligation.duty SET last_arrived = now()" SCHOOLS,
        "UPDATE obligation.duty SET last_arrived = now() WHERE false",
        "UPDATE obligation.duty SET nothing_at = '2026-07-01'",
        "UPDATE obligation.duty SET open_queries = 2",
    };

    (void)state;
    assert_true(land_number(&land, "SELECT count(*) FROM obligation.tally") > 0);
    assert_true(land_tallies_add_up(&land));
    for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
        land_run(&land, changes[i]);
        EXPECT(land_tallies_add_up(&land), changes[i]);
    }
    assert_int_equal(land_number(&land, "SELECT count(*) - count(DISTINCT (jst, term, way, powiat))"
                                        " FROM obligation.tally"),
                     0);
}

static struct store *
open_other(enum store_role role)
{
    struct store_address address = land.address;
    struct store        *other = NULL;
    struct fault         fault = {0};

    if (store_open(land.arena, &address, role, &other, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return other;
}

/* The number of land_file. */
static struct uuid
submission(unsigned char number)
{
    return (struct uuid){
        {0x01, 0x99, 0xa2, 0xc4, 0x7d, 0x10, 0x7a, 0x31, 0x9c, 0x55, 0, 0, 0, 0, 0, number}
    };
}

static void
whoever_finds_a_tally_locked_waits_for_nobody(void **state)
{
    struct store     *holder = open_other(STORE_ADMIN);
    struct store     *writer = open_other(STORE_WRITER);
    const struct uuid id = submission(1);
    struct fault      fault = {0};

    (void)state;
    land_file(&land, 1, LAND_SCHOOL, 1, "2026-07-09 10:00+02");
    /* The admin changes another duty of the same key and has not committed yet. */
    assert_int_equal(store_begin(holder, &fault), ERR_OK);
    assert_int_equal(store_run(holder,
                               "UPDATE obligation.duty SET elsewhere_at = '2026-07-01'"
                               " WHERE unit = 4",
                               NULL, land.arena, NULL, &fault),
                     ERR_OK);
    assert_int_equal(store_script(writer, "SET lock_timeout = '1ms'", &fault), ERR_OK);
    assert_int_equal(settling_run(writer, land.arena, &id, 1, &fault), ERR_OK);
    assert_int_equal(land_number(&land, "SELECT count(*) FROM obligation.unsettled"), 0);
    assert_true(land_tallies_add_up(&land));
    assert_int_equal(store_commit(holder, &fault), ERR_OK);
    assert_true(land_tallies_add_up(&land));
    assert_true(land_number(&land, "SELECT count(*) - count(DISTINCT (jst, term, way, powiat))"
                                   " FROM obligation.tally")
                > 0);
    (void)land_generate(&land, NULL);
    assert_true(land_tallies_add_up(&land));
    assert_int_equal(land_number(&land, "SELECT count(*) - count(DISTINCT (jst, term, way, powiat))"
                                        " FROM obligation.tally"),
                     0);
}

static void
what_is_undone_is_counted_no_more(void **state)
{
    struct fault fault = {0};

    (void)state;
    assert_int_equal(store_begin(land.admin, &fault), ERR_OK);
    assert_int_equal(store_run(land.admin, "UPDATE obligation.duty SET nothing_at = '2026-07-01'",
                               NULL, land.arena, NULL, &fault),
                     ERR_OK);
    store_rollback(land.admin);
    assert_true(land_tallies_add_up(&land));
    assert_int_equal(land_number(&land, "SELECT sum(in_time) FROM obligation.tally"), 0);
}

static void
nobody_counts_but_the_duties(void **state)
{
    static const struct {
        enum store_role role;
        const char     *sql;
    } refused[] = {
        {STORE_WRITER, "UPDATE obligation.tally SET in_time = 1"           },
        {STORE_WRITER, "DELETE FROM obligation.tally"                      },
        {STORE_WRITER, "SELECT obligation.merge_tallies()"                 },
        {STORE_ADMIN,  "UPDATE obligation.tally SET in_time = 1"           },
        {STORE_ADMIN,  "INSERT INTO obligation.tally DEFAULT VALUES"       },
        {STORE_ADMIN,  "SELECT obligation.count_in(NULL)"                  },
        {STORE_READER, "UPDATE obligation.tally SET in_time = 1"           },
        {STORE_DESK,   "SELECT FROM obligation.tally"                      },
        {STORE_READER, "SELECT 1 / (SELECT count(*) FROM obligation.tally)"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        struct fault fault = {0};
        EXPECT(
            store_run(open_other(refused[i].role), refused[i].sql, NULL, land.arena, NULL, &fault)
                != ERR_OK,
            refused[i].sql);
    }
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_tally_says_what_the_duties_say_after_each_change),
        EACH(whoever_finds_a_tally_locked_waits_for_nobody),
        EACH(what_is_undone_is_counted_no_more),
        EACH(nobody_counts_but_the_duties),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
