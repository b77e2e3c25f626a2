#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/duties.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/*
 * Pages of a list while others write: whatever stood there when the walk began is met once, in the
 * one order of the list, and nothing is met twice. Who writes commits in another order than that
 * of the numbers that were drawn.
 */
enum { FIRST = 40, PAGE = 7, WALK_MAX = 400 };

static struct world  world;
static struct store *early; /* holds a transaction open over a page */
static struct store *late;

static int
start(void **state)
{
    struct fault fault = {0};

    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "paging");
    struct store_address address = {.host = world.config.database_host,
                                    .port = world.config.database_port,
                                    .database = world.config.database_name};
    assert_int_equal(store_open(world.arena, &address, STORE_WRITER, &early, &fault), ERR_OK);
    assert_int_equal(store_open(world.arena, &address, STORE_WRITER, &late, &fault), ERR_OK);
    world_run(&world, "SELECT setval('intake.submission_ordinal', 1000);" DUTIES_SQL);
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

/* Submissions of the school that have just arrived. */
static void
file(struct store *store, int count)
{
    static unsigned made;
    struct fault    fault = {0};

    for (int i = 0; i < count; i++) {
        made++;
        struct str sql = str_format(
            world.arena,
            "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
            " first_byte, arrived, first_arrived) VALUES (gen_random_uuid(), 3, 3, 'paging-%u',"
            " sha256('%u'), 1, now(), now(), now())",
            made, made);
        assert_int_equal(store_script(store, sql.data, &fault), ERR_OK);
    }
}

struct walk {
    const char *path;
    const char *key; /* of an item, by which it is told from others */
    const char *seen[WALK_MAX];
    size_t      count;
    const char *cursor; /* NULL: there is no further page */
};

/* The next page; false when the last one was read. */
static bool
step(struct walk *walk)
{
    bool       first = walk->cursor[0] == '\0';
    struct str target = str_format(world.arena, "%s?limit=%d%s%s", walk->path, PAGE,
                                   first ? "" : "&cursor=", walk->cursor);

    struct reply reply = world_get(&world, WORLD_GMINA, target.data);
    json_t      *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);
    json_t      *items = json_object_get(page, "items");
    const char  *next = json_string_value(json_object_get(page, "next_cursor"));
    assert_int_equal(reply.status, 200);
    assert_true(json_array_size(items) <= PAGE && (next == NULL || json_array_size(items) == PAGE));
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *value = json_object_get(json_array_get(items, i), walk->key);
        assert_true(walk->count < WALK_MAX);
        walk->seen[walk->count++] =
            json_is_integer(value)
                ? str_format(world.arena, "%lld", (long long)json_integer_value(value)).data
                : str_copy(world.arena, str_of(json_string_value(value))).data;
    }
    walk->cursor = next == NULL ? NULL : str_copy(world.arena, str_of(next)).data;
    json_decref(page);
    return walk->cursor != NULL;
}

static size_t
times_seen(const struct walk *walk, const char *what)
{
    size_t times = 0;

    for (size_t i = 0; i < walk->count; i++) {
        times += strcmp(walk->seen[i], what) == 0 ? 1 : 0;
    }
    return times;
}

static struct walk
walk_of(const char *path, const char *key)
{
    return (struct walk){.path = path, .key = key, .cursor = ""};
}

static struct walk
walk_alone(const char *path, const char *key)
{
    struct walk walk = walk_of(path, key);

    while (step(&walk)) {
    }
    return walk;
}

static void
expect_all_once(const struct walk *before, const struct walk *walk)
{
    for (size_t i = 0; i < before->count; i++) {
        EXPECT(times_seen(walk, before->seen[i]) == 1, before->seen[i]);
    }
    for (size_t i = 0; i < walk->count; i++) {
        EXPECT(times_seen(walk, walk->seen[i]) == 1, walk->seen[i]);
    }
}

/* By the list's one order, as the database has it. */
static void
expect_order(const struct walk *walk)
{
    struct buf        ids = buf_create(world.arena, (size_t)64 * WALK_MAX);
    struct store_rows rows = {0};
    struct fault      fault = {0};

    for (size_t i = 0; i < walk->count; i++) {
        buf_format(&ids, "%s%s", i > 0 ? "," : "", walk->seen[i]);
    }
    struct str sql = str_format(world.arena,
                                "SELECT count(*) FROM (SELECT s.ordinal, lag(s.ordinal) OVER"
                                " (ORDER BY q.at) AS before FROM unnest('{%.*s}'::uuid[]) WITH"
                                " ORDINALITY q (id, at) JOIN intake.submission s ON s.submission ="
                                " q.id) x WHERE before <= ordinal",
                                STR_ARG(buf_str(&ids)));
    assert_int_equal(store_run(late, sql.data, NULL, world.arena, &rows, &fault), ERR_OK);
    assert_int_equal(store_number(&rows, 0, 0), 0);
}

static void
submissions_are_walked_once_while_others_file(void **state)
{
    struct fault fault = {0};

    (void)state;
    file(late, FIRST);
    struct walk before = walk_alone("/api/v1/submissions", "id");
    struct walk walk = walk_of("/api/v1/submissions", "id");
    assert_true(before.count >= FIRST);
    /* The lower numbers are drawn first and committed last. */
    assert_int_equal(store_script(early, "BEGIN", &fault), ERR_OK);
    file(early, 3);
    file(late, 2);
    assert_true(step(&walk));
    assert_int_equal(store_script(early, "COMMIT", &fault), ERR_OK);
    for (bool more = true; more;) {
        assert_int_equal(store_script(early, "BEGIN", &fault), ERR_OK);
        file(early, 1);
        file(late, PAGE);
        more = step(&walk);
        assert_int_equal(store_script(early, "COMMIT", &fault), ERR_OK);
    }
    assert_true(walk.count == before.count + 2);
    expect_all_once(&before, &walk);
    expect_order(&walk);
    struct walk after = walk_alone("/api/v1/submissions", "id");
    assert_true(after.count > walk.count + 3);
    expect_all_once(&walk, &after);
    expect_order(&after);
}

/* A cursor leads to the same rows, whatever has come since. */
static void
a_cursor_stays_good_while_others_file(void **state)
{
    struct walk first = walk_of("/api/v1/submissions", "id");

    (void)state;
    assert_true(step(&first));
    struct walk one = walk_of("/api/v1/submissions", "id");
    struct walk two = walk_of("/api/v1/submissions", "id");
    one.cursor = two.cursor = first.cursor;
    assert_true(step(&one));
    file(late, 3 * PAGE);
    assert_true(step(&two));
    assert_int_equal(one.count, two.count);
    for (size_t i = 0; i < one.count; i++) {
        assert_string_equal(one.seen[i], two.seen[i]);
    }
}

/* Duties of the same day stand in the order of their numbers; what is made before the place of the
 * cursor is met in the next walk, what is made behind it in this one. */
static void
duties_are_walked_once_while_they_are_generated(void **state)
{
    static const char more_sql[] =
        "INSERT INTO obligation.duty (unit, matter, term, jst, powiat, way, due_before, variant)"
        " SELECT 3, t.matter, t.term, 1, '9901', 1, t.due_before, 'v%d-' || i"
        " FROM obligation.term t, generate_series(1, 5) i WHERE t.term IN (1, 4)";
    int made = 0;

    (void)state;
    for (; made < 4; made++) {
        world_run(&world, str_format(world.arena, more_sql, made).data);
    }
    struct walk before = walk_alone("/api/v1/obligations", "id");
    struct walk walk = walk_of("/api/v1/obligations", "id");
    assert_true(before.count > (size_t)4 * PAGE);
    while (step(&walk) && made < 12) {
        world_run(&world, str_format(world.arena, more_sql, made).data);
        made++;
    }
    while (walk.cursor != NULL && step(&walk)) {
    }
    assert_true(walk.count > before.count);
    expect_all_once(&before, &walk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(submissions_are_walked_once_while_others_file),
        cmocka_unit_test(a_cursor_stays_good_while_others_file),
        cmocka_unit_test(duties_are_walked_once_while_they_are_generated),
    };

    return cmocka_run_group_tests(tests, start, end);
}
