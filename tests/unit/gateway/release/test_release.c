#include "gateway/release/release_history.h"
#include "gateway/release/rule_switch.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

#define DAY (INT64_C(86400) * INSTANT_PER_SECOND)
#define NOW (INT64_C(1784962800) * INSTANT_PER_SECOND) /* 2026-07-25T09:00+02:00 */

static struct cluster      *cluster;
static struct arena        *arena;
static struct store        *store;
static struct store_address address;
static struct fault         fault;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    arena = arena_create(ARENA_MAX);
    address = cluster_database(cluster, "release");
    ENSURE(store_open(arena, &address, STORE_ADMIN, &store, &fault) == ERR_OK);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    cluster_stop(cluster);
    return 0;
}

static enum err
publish(const char *bundle, const char *author, const char *publisher, instant from)
{
    struct release release = {.author = str_of(author),
                              .publisher = str_of(publisher),
                              .reason = STR("nowy okres"),
                              .published = NOW,
                              .active_from = from};

    return release_publish(store, arena, str_of(bundle), &release, &fault);
}

static void
nobody_publishes_what_he_wrote_nor_into_the_past(void **state)
{
    static const struct {
        const char *author;
        const char *publisher;
        instant     from;
        enum err    want;
    } cases[] = {
        {"Anna Przykładowa", "Anna Przykładowa",   NOW,     ERR_DENIED},
        {"anna przykładowa", " Anna Przykładowa ", NOW,     ERR_DENIED},
        {"",                  "",                    NOW,     ERR_DENIED},
        {"Anna",              "Jan",                 NOW - 1, ERR_DENIED},
        {" ",                 "Jan",                 NOW,     ERR_STORE },
        {"Anna",              " ",                   NOW,     ERR_STORE },
        {"Anna",              "Jan",                 NOW,     ERR_OK    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        ENSURE(store_begin(store, &fault) == ERR_OK);
        EXPECT(publish("b", cases[i].author, cases[i].publisher, cases[i].from) == cases[i].want,
               cases[i].author);
        store_rollback(store);
    }
}

static struct release
at(instant when)
{
    struct release release = {0};

    assert_int_equal(release_at(store, arena, when, &release, &fault), ERR_OK);
    return release;
}

static void
latest_that_has_begun_is_in_force_and_of_two_the_later_published(void **state)
{
    struct release *list = NULL;
    struct str      bytes = {0};
    size_t          count = 0;

    (void)state;
    ENSURE(store_begin(store, &fault) == ERR_OK);
    assert_int_equal(at(NOW + 100 * DAY).release, 0);
    assert_int_equal(publish("first", "Anna", "Jan", NOW + 10 * DAY), ERR_OK);
    assert_int_equal(publish("third", "Anna", "Jan", NOW + 30 * DAY), ERR_OK);
    assert_int_equal(publish("second", "Anna", "Ewa", NOW + 20 * DAY), ERR_OK);
    assert_int_equal(publish("second again", "Ewa", "Jan", NOW + 20 * DAY), ERR_OK);
    assert_int_equal(at(NOW + 10 * DAY - 1).release, 0);
    static const struct {
        int         day;
        const char *bundle;
    } cases[] = {
        {10, "first"       },
        {19, "first"       },
        {20, "second again"},
        {29, "second again"},
        {30, "third"       },
        {99, "third"       },
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct release release = at(NOW + cases[i].day * DAY);
        assert_int_equal(release_bundle(store, arena, release.sha256, &bytes, &fault), ERR_OK);
        EXPECT(str_equal(bytes, str_of(cases[i].bundle)), cases[i].bundle);
    }
    assert_int_equal(release_list(store, arena, &list, &count, &fault), ERR_OK);
    assert_int_equal(count, 4);
    assert_true(list[0].active_from == NOW + 30 * DAY && str_equal(list[3].author, STR("Anna")));
    store_rollback(store);
}

/* Two of one time: the earlier published is in force at no time. */
static void
history_holds_what_is_in_force_from_a_day_on(void **state)
{
    static const struct {
        int    day;
        int    until;
        size_t count;
    } cases[] = {
        {20, 40, 1},
        {19, 40, 2},
        {10, 40, 2},
        {9,  40, 3},
        {10, 20, 1},
        {9,  20, 2},
        {9,  10, 1},
    };
    static const int days[] = {10, 20, 20, 40};

    (void)state;
    struct arena      *wide = arena_create((size_t)1 << 30U);
    struct definitions built_in = {0};
    ENSURE(definitions_load(wide, NULL, &built_in, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(days); i++) {
        struct release release = {.author = STR("Anna"),
                                  .publisher = STR("Jan"),
                                  .reason = STR("r"),
                                  .published = NOW,
                                  .active_from = NOW + days[i] * DAY};
        assert_int_equal(
            release_publish(store, wide, built_in.catalogue->bundle->bytes, &release, &fault),
            ERR_OK);
    }
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena          *own = arena_create((size_t)2 << 30U);
        struct release_history history = {0};
        struct date day = moment_warsaw_date((NOW + cases[i].day * DAY) / INSTANT_PER_SECOND);
        assert_int_equal(
            release_history_since(store, own, day, NOW + cases[i].until * DAY, &history, &fault),
            ERR_OK);
        EXPECT(history.count == cases[i].count, "count");
        arena_destroy(own);
    }
    store_rollback(store);
    arena_destroy(wide);
}

static void
bundle_that_is_missing_or_altered_is_refused(void **state)
{
    const unsigned char sha256[RELEASE_SHA256_SIZE] = {7};
    struct str          bytes = {0};

    (void)state;
    assert_int_equal(release_bundle(store, arena, sha256, &bytes, &fault), ERR_STORE);
    cluster_run(cluster, "release",
                "INSERT INTO intake.material (sha256, kind, bytes) VALUES"
                " (decode('07' || repeat('00', 31), 'hex'), 'definitions', 'x')");
    assert_int_equal(release_bundle(store, arena, sha256, &bytes, &fault), ERR_STORE);
    assert_true(strstr(fault.text, "digest") != NULL);
}

static void
switches_hold_from_their_day_until_a_later_one(void **state)
{
    static const struct rule_switch items[] = {
        {.id = 1, .code = STR_INIT("A-001"), .off = true,  .since = 100},
        {.id = 2, .code = STR_INIT("B-001"), .off = true,  .since = 0  },
        {.id = 3, .code = STR_INIT("A-001"), .off = false, .since = 200},
        {.id = 4, .code = STR_INIT("B-001"), .off = false, .since = 300},
        {.id = 9, .code = STR_INIT("B-001"), .off = true,  .since = 250},
    };
    static const struct {
        instant     arrived;
        const char *off;
    } cases[] = {
        {0,   "B-001"      },
        {99,  "B-001"      },
        {100, "A-001 B-001"},
        {199, "A-001 B-001"},
        {200, "B-001"      },
        {299, "B-001"      },
        {300, "B-001"      },
    };
    const struct rule_switches switches = {items, ARRAY_COUNT(items)};
    const struct rule_switches none = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(
            str_equal(rule_switches_off(arena, &switches, cases[i].arrived), str_of(cases[i].off)),
            cases[i].off);
    }
    assert_int_equal(rule_switches_newest(&switches), 9);
    assert_int_equal(rule_switches_newest(&none), 0);
    assert_true(rule_switches_off(arena, &none, 1).data != NULL);
    assert_int_equal(rule_switches_off(arena, &none, 1).size, 0);
}

static void
switch_bears_code_reason_and_name(void **state)
{
    static const struct {
        const char *code;
        const char *reason;
        const char *publisher;
        enum err    want;
    } cases[] = {
        {"RB27S-01",  "powód", "Jan", ERR_STORE},
        {"rb27s-001", "powód", "Jan", ERR_STORE},
        {"RB27S-001", " ",      "Jan", ERR_STORE},
        {"RB27S-001", "powód", "",    ERR_STORE},
        {"RB27S-001", "powód", "Jan", ERR_OK   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct rule_switch wanted = {.code = str_of(cases[i].code),
                                     .off = true,
                                     .since = 0,
                                     .reason = str_of(cases[i].reason),
                                     .publisher = str_of(cases[i].publisher),
                                     .at = NOW};
        ENSURE(store_begin(store, &fault) == ERR_OK);
        EXPECT(rule_switch_turn(store, arena, &wanted, &fault) == cases[i].want, cases[i].code);
        store_rollback(store);
    }
}

/* Numbers become visible in their order: no later one before this is committed. */
static void
switches_are_turned_one_at_a_time(void **state)
{
    struct store      *other = NULL;
    struct rule_switch wanted = {.code = STR("RB27S-001"),
                                 .off = true,
                                 .since = 0,
                                 .reason = STR("powód"),
                                 .publisher = STR("Jan"),
                                 .at = NOW};

    (void)state;
    ENSURE(store_open(arena, &address, STORE_ADMIN, &other, &fault) == ERR_OK);
    ENSURE(store_script(other, "SET lock_timeout = 50", &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    ENSURE(store_begin(other, &fault) == ERR_OK);
    assert_int_equal(rule_switch_turn(store, arena, &wanted, &fault), ERR_OK);
    assert_int_equal(rule_switch_turn(other, arena, &wanted, &fault), ERR_STORE_CONFLICT);
    store_rollback(other);
    store_rollback(store);
    assert_int_equal(store_begin(other, &fault), ERR_OK);
    assert_int_equal(rule_switch_turn(other, arena, &wanted, &fault), ERR_OK);
    store_rollback(other);
}

/* So that whoever reads them all always can. */
static void
switches_are_bounded(void **state)
{
    struct rule_switch   wanted = {.code = STR("RB27S-001"),
                                   .off = true,
                                   .since = 0,
                                   .reason = STR("powód"),
                                   .publisher = STR("Jan"),
                                   .at = NOW};
    struct rule_switches all = {0};

    (void)state;
    ENSURE(store_begin(store, &fault) == ERR_OK);
    ENSURE(store_script(store,
                        "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
                        " SELECT 'RB28S-001', true, now(), 'r', 'p', now()"
                        " FROM generate_series(2, 10000)",
                        &fault)
           == ERR_OK);
    assert_int_equal(rule_switch_turn(store, arena, &wanted, &fault), ERR_OK);
    assert_int_equal(rule_switch_turn(store, arena, &wanted, &fault), ERR_DENIED);
    assert_int_equal(rule_switches_read(store, arena, &all, &fault), ERR_OK);
    assert_int_equal(all.count, RULE_SWITCH_MAX);
    store_rollback(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_publishes_what_he_wrote_nor_into_the_past),
        cmocka_unit_test(latest_that_has_begun_is_in_force_and_of_two_the_later_published),
        cmocka_unit_test(history_holds_what_is_in_force_from_a_day_on),
        cmocka_unit_test(bundle_that_is_missing_or_altered_is_refused),
        cmocka_unit_test(switches_hold_from_their_day_until_a_later_one),
        cmocka_unit_test(switch_bears_code_reason_and_name),
        cmocka_unit_test(switches_are_turned_one_at_a_time),
        cmocka_unit_test(switches_are_bounded),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
