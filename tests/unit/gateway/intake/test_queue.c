#include "tests/support/expect.h"
#include "tests/unit/gateway/intake/setting.h"

#include <string.h>

#define OWNER STR("node/0")
#define OTHER STR("node/1")

enum { LEASE_SECONDS = 30, WIDE = 1 << 20 };

static struct queue_wish
wish_of(struct str owner, size_t count_max, size_t bytes_max)
{
    return (struct queue_wish){
        .lease = {owner, LEASE_SECONDS},
          .count_max = count_max, .bytes_max = bytes_max
    };
}

static size_t
take(const struct setting *setting, const struct queue_wish *wish, struct queued **out)
{
    struct fault fault = {0};
    size_t       count = 0;

    if (queue_take(setting->store, setting->arena, wish, out, &count, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return count;
}

/* Take, and compare with the numbers of submissions wanted, ended by 0. */
static void
expect_taken(const struct setting *setting, const struct queue_wish *wish, const uint64_t *numbers,
             const char *name)
{
    struct queued *queued = NULL;
    size_t         count = take(setting, wish, &queued);
    size_t         wanted = 0;

    while (numbers[wanted] != 0) {
        EXPECT(wanted < count && uuid_equal(queued[wanted].id, setting_id(numbers[wanted])), name);
        wanted++;
    }
    EXPECT(count == wanted, name);
}

/* Ten documents of 100 bytes, 1 .. 10, that nobody holds. */
static struct setting
ten(void)
{
    struct setting setting = setting_open();

    for (uint64_t i = 1; i <= 10; i++) {
        (void)setting_admit(&setting, setting.store, i,
                            str_format(setting.arena, "%0100llu", (unsigned long long)i).data);
    }
    setting_run(&setting, "UPDATE intake.submission SET owner = NULL, lease_until = NULL");
    return setting;
}

static void
queue_gives_the_oldest_first_within_its_limits(void **state)
{
    static const struct {
        const char *name;
        size_t      count_max;
        size_t      bytes_max;
        uint64_t    want[12];
    } cases[] = {
        {"one",                    1,  WIDE, {1}                            },
        {"count n - 1",            9,  WIDE, {1, 2, 3, 4, 5, 6, 7, 8, 9}    },
        {"count n",                10, WIDE, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
        {"count n + 1",            11, WIDE, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
        {"bytes n - 1",            64, 299,  {1, 2}                         },
        {"bytes n",                64, 300,  {1, 2, 3}                      },
        {"bytes n + 1",            64, 301,  {1, 2, 3}                      },
        {"at least one, too long", 64, 1,    {1}                            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting    setting = ten();
        struct queue_wish wish = wish_of(OWNER, cases[i].count_max, cases[i].bytes_max);
        expect_taken(&setting, &wish, cases[i].want, cases[i].name);
        setting_close(&setting);
    }
}

static void
queue_keeps_what_another_holds_until_its_lease_is_over(void **state)
{
    static const uint64_t first[] = {1, 2, 3, 0};
    static const uint64_t rest[] = {4, 5, 6, 7, 8, 9, 10, 0};
    static const uint64_t over[] = {2, 0};
    struct setting        setting = ten();

    (void)state;
    struct queue_wish mine = wish_of(OWNER, 3, WIDE);
    struct queue_wish others = wish_of(OTHER, 64, WIDE);
    expect_taken(&setting, &mine, first, "mine");
    expect_taken(&setting, &others, rest, "the other's");
    /* Both hold what they have; each is given its own again, as after a restart. */
    expect_taken(&setting, &mine, first, "mine again");
    expect_taken(&setting, &others, rest, "the other's again");
    setting_run(&setting, "UPDATE intake.submission SET lease_until = now() - interval '1 second' "
                          "WHERE key = 'key-2'");
    others.count_max = 1;
    expect_taken(&setting, &others, over, "the lease of one is over");
    setting_close(&setting);
}

static void
queue_gives_what_was_tried_before_alone(void **state)
{
    struct setting setting = ten();
    struct fault   fault = {0};
    int            attempts = 0;

    (void)state;
    struct queue_wish wish = wish_of(OWNER, 4, WIDE);
    expect_taken(&setting, &wish, (const uint64_t[]){1, 2, 3, 4, 0}, "none tried");
    assert_int_equal(
        queue_count_attempt(setting.store, setting.arena, setting_id(1), 0, &attempts, &fault),
        ERR_OK);
    assert_int_equal(attempts, 1);
    assert_int_equal(
        queue_count_attempt(setting.store, setting.arena, setting_id(3), 0, &attempts, &fault),
        ERR_OK);
    expect_taken(&setting, &wish, (const uint64_t[]){1, 0}, "the first was tried");
    setting_run(&setting, "UPDATE intake.submission SET owner = 'x', lease_until = 'infinity' "
                          "WHERE key = 'key-1'");
    expect_taken(&setting, &wish, (const uint64_t[]){2, 4, 5, 0}, "a later one was tried");
    assert_int_equal(
        queue_count_attempt(setting.store, setting.arena, setting_id(3), 0, &attempts, &fault),
        ERR_OK);
    assert_int_equal(attempts, 2);
    setting_run(&setting, "UPDATE intake.submission SET owner = 'x', lease_until = 'infinity' "
                          "WHERE key <> 'key-3'");
    struct queued *queued = NULL;
    assert_int_equal(take(&setting, &wish, &queued), 1);
    assert_int_equal(queued[0].attempts, 2);
    setting_close(&setting);
}

static void
queue_renews_and_releases_only_its_own(void **state)
{
    struct setting setting = ten();
    struct uuid    ids[] = {setting_id(1), setting_id(2)};
    struct lease   long_lease = {OWNER, 1000};
    struct lease   foreign = {OTHER, 5000};
    struct fault   fault = {0};

    (void)state;
    struct queue_wish wish = wish_of(OWNER, 2, WIDE);
    expect_taken(&setting, &wish, (const uint64_t[]){1, 2, 0}, "taken");
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission "
                                              "WHERE owner = 'node/0' AND state = 'received'"),
                     2);
    assert_int_equal(queue_renew(setting.store, setting.arena, ids, 2, &long_lease, &fault),
                     ERR_OK);
    assert_int_equal(queue_renew(setting.store, setting.arena, ids, 2, &foreign, &fault), ERR_OK);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission WHERE "
                                              "lease_until BETWEEN now() + interval '900 seconds' "
                                              "AND now() + interval '1000 seconds'"),
                     2);
    assert_int_equal(queue_release(setting.store, setting.arena, ids, 2, OTHER, &fault), ERR_OK);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission "
                                              "WHERE owner IS NOT NULL"),
                     2);
    assert_int_equal(queue_release(setting.store, setting.arena, ids, 2, OWNER, &fault), ERR_OK);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.submission WHERE "
                                              "owner IS NULL AND state = 'received' "
                                              "AND attempts = 0"),
                     10);
    setting_close(&setting);
}

static void
queue_looks_in_the_order_asked_and_misses_nothing(void **state)
{
    struct setting setting = ten();
    struct uuid    ids[] = {setting_id(7), setting_id(1), setting_id(7)};
    struct uuid    unknown[] = {setting_id(7), setting_id(999)};
    struct queued  out[3] = {0};
    struct fault   fault = {0};
    int64_t        backlog = 0;

    (void)state;
    assert_int_equal(queue_look(setting.store, setting.arena, ids, 3, out, &fault), ERR_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_true(uuid_equal(out[i].id, ids[i]));
        assert_int_equal(out[i].size, 100);
        assert_true(uuid_is_nil(out[i].follows));
        assert_true(str_equal(out[i].subject_name, STR("Jednostka 1")));
        assert_true(str_equal(out[i].subject_regon, STR("990000001")));
        assert_int_equal(out[i].bytes.size, 0);
    }
    assert_int_equal(queue_look(setting.store, setting.arena, unknown, 2, out, &fault), ERR_STORE);
    assert_int_equal(queue_backlog(setting.store, setting.arena, &backlog, &fault), ERR_OK);
    assert_int_equal(backlog, 10);
    setting_close(&setting);
}

static void
queue_tells_a_damaged_document(void **state)
{
    static const struct {
        const char *name;
        const char *sql;
    } damages[] = {
        {"a wrong byte",
         "UPDATE intake.document SET encoding = 'identity', bytes = convert_to(repeat('x', 100), "
         "'UTF8')"                                                                         },
        {"cut off",          "UPDATE intake.document SET bytes = substr(bytes, 1, 10)"     },
        {"no frame of zstd", "UPDATE intake.document SET bytes = 'junk', encoding = 'zstd'"},
        {"nothing",          "UPDATE intake.document SET bytes = ''"                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(damages); i++) {
        struct setting setting = ten();
        struct queued *queued = NULL;
        setting_run(&setting, "ALTER TABLE intake.document DISABLE TRIGGER ALL");
        setting_run(&setting, damages[i].sql);
        struct queue_wish wish = wish_of(OWNER, 2, WIDE);
        EXPECT(take(&setting, &wish, &queued) == 2, damages[i].name);
        EXPECT(queued[0].damaged && queued[0].bytes.size == 0, damages[i].name);
        setting_close(&setting);
    }
}

/* Park 1 .. 10, so that only work rows can bring them back. */
static void
park_all(const struct setting *setting)
{
    setting_run(setting, "UPDATE intake.submission SET state = 'parked', n = 1, owner = NULL");
}

static void
queue_gives_work_rows_a_quarter_of_the_room_and_one_a_submission(void **state)
{
    struct setting setting = ten();
    struct queued *queued = NULL;
    struct fault   fault = {0};
    int            attempts = 0;

    (void)state;
    park_all(&setting);
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' "
                          "FROM intake.submission ORDER BY ordinal");
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, "
                          "'unit-registered' FROM intake.submission ORDER BY ordinal");
    for (uint64_t i = 11; i <= 20; i++) {
        (void)setting_admit(&setting, setting.store, i,
                            str_format(setting.arena, "%llu", (unsigned long long)i).data);
    }
    setting_run(&setting, "UPDATE intake.submission SET owner = NULL, lease_until = NULL");
    struct queue_wish wish = wish_of(OWNER, 8, WIDE);
    expect_taken(&setting, &wish, (const uint64_t[]){1, 2, 11, 12, 13, 14, 15, 16, 0}, "mixed");
    assert_int_equal(take(&setting, &wish, &queued), 8);
    assert_int_equal(queued[0].n, 1);
    assert_true(queued[0].work != 0 && queued[1].work != 0 && queued[2].work == 0);
    assert_true(str_equal(queued[0].cause, STR("retry")));
    /* A work row that was tried comes alone, and its submission's own count is untouched. */
    assert_int_equal(queue_count_attempt(setting.store, setting.arena, queued[0].id, queued[0].work,
                                         &attempts, &fault),
                     ERR_OK);
    assert_int_equal(attempts, 1);
    expect_taken(&setting, &wish, (const uint64_t[]){1, 0}, "tried work alone");
    assert_int_equal(setting_number(&setting, "SELECT sum(attempts) FROM intake.submission"), 0);
    /* Held, renewed and released by their submissions. */
    struct uuid  ids[] = {setting_id(1)};
    struct lease lease = {OWNER, 1000};
    assert_int_equal(queue_renew(setting.store, setting.arena, ids, 1, &lease, &fault), ERR_OK);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.work WHERE "
                                              "lease_until > now() + interval '900 seconds'"),
                     1);
    assert_int_equal(queue_release(setting.store, setting.arena, ids, 1, OWNER, &fault), ERR_OK);
    assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.work "
                                              "WHERE owner IS NOT NULL AND work = 1"),
                     0);
    /* Done: the next work row of the same submission follows. */
    setting_run(&setting, "UPDATE intake.work SET done_at = now() WHERE cause = 'retry'");
    struct queue_wish other = wish_of(OTHER, 4, WIDE);
    assert_int_equal(take(&setting, &other, &queued), 4);
    assert_true(str_equal(queued[0].cause, STR("unit-registered")));
    assert_int_equal(
        queue_count_attempt(setting.store, setting.arena, setting_id(1), 1, &attempts, &fault),
        ERR_OK);
    assert_int_equal(attempts, 0); /* done: not open any more */
    setting_close(&setting);
}

/* What could not be concluded now makes room for what is newer, by pauses that double. */
static void
queue_gives_what_was_put_off_after_a_pause_and_often_put_off_alone(void **state)
{
    static const int pauses_ms[] = {200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000};
    struct setting   setting = ten();
    struct uuid      ids[] = {setting_id(1)};
    struct fault     fault = {0};

    (void)state;
    struct queue_wish one = wish_of(OWNER, 1, WIDE);
    struct queue_wish wish = wish_of(OWNER, 64, WIDE);
    for (size_t i = 0; i < ARRAY_COUNT(pauses_ms); i++) {
        expect_taken(&setting, &one, (const uint64_t[]){1, 0}, "the oldest");
        assert_int_equal(queue_put_off(setting.store, setting.arena, ids, 1, OTHER, &fault),
                         ERR_OK); /* not his */
        assert_int_equal(setting_number(&setting, "SELECT given_back FROM intake.submission "
                                                  "WHERE key = 'key-1'"),
                         i);
        assert_int_equal(queue_put_off(setting.store, setting.arena, ids, 1, OWNER, &fault),
                         ERR_OK);
        /* now() of the statement before is the clock; it has moved on by less than a minute. */
        int64_t left = setting_number(&setting, "SELECT (extract(epoch FROM lease_until - now())"
                                                " * 1000)::bigint FROM intake.submission"
                                                " WHERE key = 'key-1'");
        assert_true(left <= pauses_ms[i] && left > pauses_ms[i] - 60000);
        setting_run(&setting,
                    "UPDATE intake.submission SET lease_until = NULL WHERE owner IS NULL");
        if (i + 1 < QUEUE_GIVEN_BACK_MAX) { /* still among others */
            struct queue_wish two = wish_of(OWNER, 2, WIDE);
            expect_taken(&setting, &two, (const uint64_t[]){1, 2, 0}, "not often enough");
            setting_run(&setting, "UPDATE intake.submission SET owner = NULL, lease_until = NULL");
        } else {
            expect_taken(&setting, &wish, (const uint64_t[]){1, 0}, "alone");
            setting_run(&setting, "UPDATE intake.submission SET owner = NULL, lease_until = NULL");
        }
    }
    setting_run(&setting, "UPDATE intake.submission SET lease_until = now() + interval '1 hour' "
                          "WHERE key = 'key-1'");
    expect_taken(&setting, &wish, (const uint64_t[]){2, 3, 4, 5, 6, 7, 8, 9, 10, 0},
                 "the newer ones meanwhile");
    assert_int_equal(setting_number(&setting, "SELECT sum(attempts) FROM intake.submission"), 0);
    setting_close(&setting);
}

/* Alone, often enough, and while the log grew: an attempt; neither of these by itself. */
static void
queue_counts_what_only_one_suffers_from(void **state)
{
    static const struct {
        int  given_back;
        bool others_concluded;
        int  attempts;
    } cases[] = {
        {QUEUE_GIVEN_BACK_MAX - 1, true,  0},
        {QUEUE_GIVEN_BACK_MAX,     false, 0},
        {QUEUE_GIVEN_BACK_MAX,     true,  1},
        {QUEUE_GIVEN_BACK_MAX + 1, true,  1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct setting    setting = ten();
        struct uuid       ids[] = {setting_id(1)};
        struct fault      fault = {0};
        struct queue_wish one = wish_of(OWNER, 1, WIDE);
        setting_run(&setting, str_format(setting.arena,
                                         "UPDATE intake.submission SET given_back = %d, "
                                         "given_back_at = 5 WHERE key = 'key-1'",
                                         cases[i].given_back)
                                  .data);
        setting_run(&setting, cases[i].others_concluded ? "UPDATE intake.log_head SET index = 6"
                                                        : "UPDATE intake.log_head SET index = 5");
        expect_taken(&setting, &one, (const uint64_t[]){1, 0}, "the oldest");
        assert_int_equal(queue_put_off(setting.store, setting.arena, ids, 1, OWNER, &fault),
                         ERR_OK);
        assert_int_equal(setting_number(&setting, "SELECT attempts FROM intake.submission "
                                                  "WHERE key = 'key-1'"),
                         cases[i].attempts);
        setting_close(&setting);
    }
}

/* One of its own after a restart; how many attempts that row has then. */
static int
take_alone(const struct setting *setting, struct str owner, bool reborn)
{
    struct queue_wish wish = wish_of(owner, 1, WIDE);
    struct queued    *queued = NULL;

    wish.alone = true;
    wish.reborn = reborn;
    assert_int_equal(take(setting, &wish, &queued), 1);
    assert_true(uuid_equal(queued[0].id, setting_id(1)));
    return queued[0].attempts;
}

static void
queue_counts_the_deaths_over_a_row_alone_and_nothing_else(void **state)
{
    struct setting setting = ten();
    struct queued *queued = NULL;
    struct uuid    ids[] = {setting_id(1)};
    struct fault   fault = {0};
    int            attempts = 0;

    (void)state;
    struct queue_wish wish = wish_of(OWNER, 4, WIDE);
    assert_int_equal(take(&setting, &wish, &queued), 4);
    assert_int_equal(take_alone(&setting, OWNER, true), 0);  /* died among others */
    assert_int_equal(take_alone(&setting, OWNER, false), 0); /* not released, but alive */
    assert_int_equal(take_alone(&setting, OWNER, true), 1);
    assert_int_equal(queue_release(setting.store, setting.arena, ids, 1, OWNER, &fault), ERR_OK);
    assert_int_equal(take_alone(&setting, OWNER, true), 1); /* an orderly end costs nothing */
    setting_run(&setting, "UPDATE intake.submission SET lease_until = now() - interval '1 second'");
    assert_int_equal(take_alone(&setting, OTHER, true), 1); /* it knows of no death */
    assert_int_equal(take_alone(&setting, OTHER, true), 2);
    assert_int_equal(
        queue_count_attempt(setting.store, setting.arena, setting_id(1), 0, &attempts, &fault),
        ERR_OK);
    assert_int_equal(take_alone(&setting, OTHER, true), 3); /* counted already */
    assert_int_equal(setting_number(&setting, "SELECT sum(attempts) FROM intake.submission"), 3);
    setting_close(&setting);
}

static void
queue_counts_the_deaths_over_a_work_row(void **state)
{
    struct setting setting = ten();
    struct uuid    ids[] = {setting_id(1)};
    struct fault   fault = {0};

    (void)state;
    park_all(&setting);
    setting_run(&setting, "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry' "
                          "FROM intake.submission ORDER BY ordinal LIMIT 1");
    assert_int_equal(take_alone(&setting, OWNER, true), 0);
    assert_int_equal(take_alone(&setting, OWNER, false), 0);
    assert_int_equal(take_alone(&setting, OWNER, true), 1);
    assert_int_equal(queue_release(setting.store, setting.arena, ids, 1, OWNER, &fault), ERR_OK);
    assert_int_equal(take_alone(&setting, OWNER, true), 1);
    assert_int_equal(setting_number(&setting, "SELECT sum(attempts) FROM intake.submission"), 0);
    setting_close(&setting);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queue_gives_the_oldest_first_within_its_limits),
        cmocka_unit_test(queue_keeps_what_another_holds_until_its_lease_is_over),
        cmocka_unit_test(queue_gives_what_was_tried_before_alone),
        cmocka_unit_test(queue_renews_and_releases_only_its_own),
        cmocka_unit_test(queue_looks_in_the_order_asked_and_misses_nothing),
        cmocka_unit_test(queue_tells_a_damaged_document),
        cmocka_unit_test(queue_gives_work_rows_a_quarter_of_the_room_and_one_a_submission),
        cmocka_unit_test(queue_counts_the_deaths_over_a_row_alone_and_nothing_else),
        cmocka_unit_test(queue_counts_the_deaths_over_a_work_row),
        cmocka_unit_test(queue_gives_what_was_put_off_after_a_pause_and_often_put_off_alone),
        cmocka_unit_test(queue_counts_what_only_one_suffers_from),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}
