#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/relation/keyring.h"
#include "validators/relation/mixing.h"

#include <string.h>

static void
strings_have_one_number_each(void **state)
{
    struct fixture fixture = fixture_create();
    uint32_t       first = 0;
    uint32_t       again = 0;

    (void)state;
    for (size_t i = 0; i < 10000; i++) {
        struct str text = str_format(fixture.arena, "%0*zu", (int)(i % 20), i / 20);
        assert_int_equal(vocabulary_add(fixture.vocabulary, text, &first, NULL), ERR_OK);
        assert_int_equal(vocabulary_add(fixture.vocabulary, text, &again, NULL), ERR_OK);
        assert_int_equal(first, again);
        assert_int_equal(vocabulary_find(fixture.vocabulary, text), first);
        assert_true(str_equal(vocabulary_text(fixture.vocabulary, first), text));
    }
    assert_int_equal(vocabulary_find(fixture.vocabulary, STR("not there")), 0);
    assert_int_equal(vocabulary_text(fixture.vocabulary, 0).size, 0);
    /* The empty string is a string, not null. */
    assert_int_equal(vocabulary_add(fixture.vocabulary, STR(""), &first, NULL), ERR_OK);
    assert_true(first > 0);
    arena_destroy(fixture.arena);
}

static void
numbers_are_given_in_the_order_of_arrival_whatever_the_seed(void **state)
{
    static const uint64_t seeds[] = {0, 1, UINT64_MAX, 0x9E3779B97F4A7C15};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(seeds); i++) {
        struct arena      *arena = arena_create((size_t)1 << 24);
        struct vocabulary *vocabulary = NULL;
        uint32_t           number = 0;
        assert_int_equal(vocabulary_create(arena, seeds[i], &vocabulary, NULL), ERR_OK);
        for (uint32_t text = 1; text <= 1000; text++) {
            assert_int_equal(
                vocabulary_add(vocabulary, str_format(arena, "%u", text), &number, NULL), ERR_OK);
            assert_int_equal(number, text);
        }
        arena_destroy(arena);
    }
}

static void
a_full_vocabulary_refuses(void **state)
{
    struct fixture fixture = fixture_create();
    size_t         count = fixture.vocabulary->count;
    uint32_t       number = 77;

    (void)state;
    fixture.vocabulary->count = (size_t)VOCABULARY_TEXTS_MAX + 1; /* so many, 0 apart */
    assert_int_equal(vocabulary_add(fixture.vocabulary, STR("one more"), &number, NULL), ERR_LIMIT);
    assert_int_equal(number, 77);
    fixture.vocabulary->count = count;
    arena_destroy(fixture.arena);
}

static void
strings_survive_every_memory_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max <= 16384; size_max += 64) {
        struct arena      *arena = arena_create(size_max);
        struct vocabulary *vocabulary = NULL;
        struct fault       fault = {0};
        uint32_t           number = 0;
        enum err           got = vocabulary_create(arena, 1, &vocabulary, &fault);
        char               text[] = "a0000";
        for (uint32_t i = 1; got == ERR_OK && i <= 200; i++) {
            (void)snprintf(text, sizeof text, "a%03u", i);
            got = vocabulary_add(vocabulary, str_of(text), &number, &fault);
            assert_int_equal(number, got == ERR_OK ? i : i - 1);
        }
        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_true(got == ERR_MEMORY || size_max > 8192);
        arena_destroy(arena);
    }
}

/* One identifier of numbers, as given. */
static struct relation
make_relation(const struct fixture *fixture, const int64_t *values, size_t count)
{
    static const struct relation_component component = {STR_INIT("A"), RELATION_IDENTIFIER,
                                                        RELATION_INTEGER, 0, RELATION_PLAIN};
    struct relation_column *column = ARENA_NEW(fixture->arena, struct relation_column, 1);
    struct relation         out = {0};

    column->values = values;
    struct relation made = {.vocabulary = fixture->vocabulary,
                            .component_count = 1,
                            .components = &component,
                            .columns = column,
                            .row_count = count};
    assert_int_equal(relation_create(fixture->arena, &made, 0, &out, NULL), ERR_OK);
    return out;
}

static const struct {
    const char *name;
    const char *first;
    const char *second;
    const char *numbers; /* of both, NOWHERE as "-" */
} rows[] = {
    {"one string",                           "A:is | x | y | x",                                                "A:is | z | y | y",                                                                    "010 211"},
    {"an array of words",                    "A:iz | 5 | 7 | 5 | 6",                                            "A:iz | 8 | 7",                                                                        "0102 31"},
    {"words too many for an array",          "A:iz | 0 | 9000000000000000000 | 0 | -9000000000000000000",
     "A:iz | 9000000000000000000 | 1",                                                                                                                                                                 "0102 13"},
    {"the whole range of 64 bits",           "A:iz | 9223372036854775807 | -9223372036854775808 | 0",
     "A:iz | 0 | -9223372036854775808 | 1",                                                                                                                                                            "012 213"},
    {"two numbers that do not fit one word",
     "A:iz B:iz | 9223372036854775807 -9223372036854775808 | 0 1 | 1 0",                                        "A:iz B:iz | 1 0 | 0 0 | 9223372036854775807 -9223372036854775808",                    "012 230"},
    {"65 bits in two numbers",
     "A:iz B:iz | -9223372036854775808 0 | -9223372036854775808 1 | -9223372036854775807 0",                    "A:iz B:iz | 9223372036854775807 0 | -9223372036854775807 1 | -9223372036854775807 0",
     "012 342"                                                                                                                                                                                                  },
    {"128 bits",                             "A:in0 | 99999999999999999999 | 5",                                "A:in0 | 6 | 5 | 99999999999999999999",
     "01 210"                                                                                                                                                                                                   },
    {"three components, packed",             "A:is B:it C:ib | x 2026Q1 true | x 2026Q1 false | y 2026Q1 true",
     "A:is B:it C:ib | y 2026Q1 false | x 2026Q1 false",                                                                                                                                               "012 31" },
    {"no components: one key",               "M:mz | 1 | 2",                                                    "M:mz | 3",                                                                            "00 0"   },
    {"nothing",                              "A:iz",                                                            "A:iz | 4",                                                                            " 0"     },
};

static void
keys_are_numbered_by_their_first_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct fixture      fixture = fixture_create();
        struct relation     relations[] = {fixture_relation(&fixture, 0, rows[i].first),
                                           fixture_relation(&fixture, 1, rows[i].second)};
        size_t              keys[RELATION_COMPONENTS_MAX];
        size_t              count = relation_identifiers(&relations[0], keys);
        struct keyring_side sides[] = {
            {&relations[0], keys},
            {&relations[1], keys}
        };
        struct keyring *ring = NULL;
        struct buf      got = buf_create(fixture.arena, 1000);

        assert_int_equal(keyring_create(fixture.arena, sides, 2, count, &ring, NULL), ERR_OK);
        for (size_t side = 0; side < 2; side++) {
            uint32_t numbers[8];
            assert_int_equal(keyring_add(ring, side, numbers, NULL), ERR_OK);
            buf_append(&got, side == 0 ? STR("") : STR(" "));
            for (size_t row = 0; row < relations[side].row_count; row++) {
                buf_format(&got, "%u", numbers[row]);
            }
        }
        EXPECT(str_equal(buf_str(&got), str_of(rows[i].numbers)), rows[i].name);
        arena_destroy(fixture.arena);
    }
}

static void
a_key_that_is_not_there_in_full_has_no_number(void **state)
{
    struct fixture  fixture = fixture_create();
    struct relation relation = fixture_relation(
        &fixture, 0, "I:iz A:ms B:mz | 1 x 1 | 2 _ 1 | 3 x _ | 4 x ? | 5 x 1 | 6 ! ! | 7 x 0");
    static const size_t keys[] = {1, 2};
    struct keyring_side side = {&relation, keys};
    struct keyring     *ring = NULL;
    uint32_t            numbers[7];
    const uint32_t      want[] = {
             0, RELATION_NOWHERE, RELATION_NOWHERE, RELATION_NOWHERE, 0, RELATION_NOWHERE, 1};

    (void)state;
    assert_int_equal(keyring_create(fixture.arena, &side, 1, 2, &ring, NULL), ERR_OK);
    keyring_find(ring, 0, numbers);
    assert_int_equal(numbers[0], RELATION_NOWHERE); /* nothing was added yet */
    assert_int_equal(keyring_add(ring, 0, numbers, NULL), ERR_OK);
    assert_memory_equal(numbers, want, sizeof want);
    keyring_find(ring, 0, numbers);
    assert_memory_equal(numbers, want, sizeof want);
    assert_int_equal(keyring_count(ring), 2);
    assert_int_equal(keyring_firsts(ring)[1].row, 6);
    arena_destroy(fixture.arena);
}

/*
 * Somebody who knows the seed: keys whose slots are all among the first of 64, whatever the size of
 * the table. As the range is the whole of 64 bits, words are values less the least.
 */
enum { ADVERSARIAL = 6000, SMALL_SHIFT = 58 };

static void
make_adversarial(uint64_t seed, int64_t *values)
{
    uint64_t salt = mixing_next(seed);
    size_t   count = 2;

    values[0] = INT64_MIN;
    values[1] = INT64_MAX;
    for (uint64_t word = 0; count < ADVERSARIAL; word++) {
        if (mixing_word(salt, word, salt) >> SMALL_SHIFT == 0) {
            values[count++] = (int64_t)(word + (uint64_t)INT64_MIN);
        }
    }
}

static void
keys_chosen_to_collide_cost_a_constant_more(void **state)
{
    struct fixture  fixture = fixture_create();
    int64_t        *values = ARENA_NEW(fixture.arena, int64_t, ADVERSARIAL);
    uint32_t       *numbers = ARENA_NEW(fixture.arena, uint32_t, ADVERSARIAL);
    struct keyring *ring = NULL;
    const size_t    key = 0;

    (void)state;
    make_adversarial(fixture.vocabulary->seed, values);
    struct relation     relation = make_relation(&fixture, values, ADVERSARIAL);
    struct keyring_side side = {&relation, &key};
    assert_int_equal(keyring_create(fixture.arena, &side, 1, 1, &ring, NULL), ERR_OK);
    assert_int_equal(keyring_add(ring, 0, numbers, NULL), ERR_OK);
    /* Row 0 stands among them a second time, as the word 0, if that collides; the rest are new. */
    assert_true(keyring_count(ring) >= ADVERSARIAL - 1);
    /* Without a bound these would take at least ADVERSARIAL * ADVERSARIAL / 256 * 20 steps. */
    assert_true(keyring_steps(ring) < (uint64_t)ADVERSARIAL * 2 * MIXING_CHAIN_MAX);
    keyring_find(ring, 0, numbers);
    for (size_t row = 2; row < ADVERSARIAL; row++) {
        assert_int_equal(keyring_firsts(ring)[numbers[row]].row, row);
    }
    arena_destroy(fixture.arena);
}

static void
honest_keys_take_few_steps(void **state)
{
    enum { COUNT = 200000 };
    struct fixture  fixture = fixture_create();
    int64_t        *values = ARENA_NEW(fixture.arena, int64_t, COUNT);
    uint32_t       *numbers = ARENA_NEW(fixture.arena, uint32_t, COUNT);
    struct keyring *ring = NULL;
    const size_t    key = 0;

    (void)state;
    for (int64_t i = 0; i < COUNT; i++) {
        values[i] = i * 1000003;
    }
    struct relation     relation = make_relation(&fixture, values, COUNT);
    struct keyring_side side = {&relation, &key};
    assert_int_equal(keyring_create(fixture.arena, &side, 1, 1, &ring, NULL), ERR_OK);
    assert_int_equal(keyring_add(ring, 0, numbers, NULL), ERR_OK);
    assert_int_equal(keyring_count(ring), COUNT);
    assert_true(keyring_steps(ring) < (uint64_t)COUNT * 6);
    arena_destroy(fixture.arena);
}

/* Numbers that differ only above 64 bits are hashed by what differs. */
static void
wide_keys_take_few_steps(void **state)
{
    enum { COUNT = 5000 };
    static const struct relation_component component = {STR_INIT("A"), RELATION_IDENTIFIER,
                                                        RELATION_NUMBER, 0, RELATION_PLAIN};
    struct fixture                         fixture = fixture_create();
    amount_wide                           *wide = ARENA_NEW(fixture.arena, amount_wide, COUNT);
    uint32_t                              *numbers = ARENA_NEW(fixture.arena, uint32_t, COUNT);
    struct relation_column                 column = {.wide = wide};
    struct keyring                        *ring = NULL;
    struct relation                        relation = {0};
    const size_t                           key = 0;

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        wide[i] = ((amount_wide)1 << 64) * (i - COUNT / 2);
    }
    struct relation made = {.vocabulary = fixture.vocabulary,
                            .component_count = 1,
                            .components = &component,
                            .columns = &column,
                            .row_count = COUNT};
    assert_int_equal(relation_create(fixture.arena, &made, 0, &relation, NULL), ERR_OK);
    struct keyring_side side = {&relation, &key};
    assert_int_equal(keyring_create(fixture.arena, &side, 1, 1, &ring, NULL), ERR_OK);
    assert_int_equal(keyring_add(ring, 0, numbers, NULL), ERR_OK);
    assert_int_equal(keyring_count(ring), COUNT);
    assert_true(keyring_steps(ring) < (uint64_t)COUNT * 6);
    arena_destroy(fixture.arena);
}

/* Strings of eight letters whose slots in a table of 2^16 are among the first 64 under a known
 * seed. */
static void
strings_chosen_to_collide_cost_a_constant_more(void **state)
{
    enum { COUNT = 3000, MASK = 0xFFFF, FEW = 64 };
    struct fixture fixture = fixture_create();
    uint64_t       salt = fixture.vocabulary->salt;
    size_t         added = 0;
    uint32_t       number = 0;

    (void)state;
    for (uint64_t word = 0; added < COUNT; word++) {
        uint64_t hash = mixing_word(salt ^ sizeof word, word, salt);
        if (((hash ^ (hash >> 32)) & MASK) < FEW) {
            struct str text = {(const char *)&word, sizeof word};
            assert_int_equal(vocabulary_add(fixture.vocabulary, text, &number, NULL), ERR_OK);
            added++;
            assert_int_equal(number, added);
            assert_int_equal(vocabulary_find(fixture.vocabulary, text), number);
        }
    }
    assert_true(fixture.vocabulary->salts > 0);
    assert_true(fixture.vocabulary->steps < (uint64_t)COUNT * 2 * MIXING_CHAIN_MAX);
    arena_destroy(fixture.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_have_one_number_each),
        cmocka_unit_test(numbers_are_given_in_the_order_of_arrival_whatever_the_seed),
        cmocka_unit_test(a_full_vocabulary_refuses),
        cmocka_unit_test(strings_survive_every_memory_ceiling),
        cmocka_unit_test(keys_are_numbered_by_their_first_rows),
        cmocka_unit_test(a_key_that_is_not_there_in_full_has_no_number),
        cmocka_unit_test(keys_chosen_to_collide_cost_a_constant_more),
        cmocka_unit_test(honest_keys_take_few_steps),
        cmocka_unit_test(wide_keys_take_few_steps),
        cmocka_unit_test(strings_chosen_to_collide_cost_a_constant_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
