#include "tests/support/expect.h"
#include "tests/support/sketch.h"
#include "validators/base/amount.h"
#include "validators/base/parcel.h"
#include "validators/check/checked.h"

#include <string.h>

enum { ENCODED_MAX = 1 << 20, ARENA_MAX = 8 << 20 };

static struct str
encode(struct arena *arena, const struct checked *checked)
{
    struct buf   out = buf_create(arena, ENCODED_MAX);
    struct fault fault = {0};

    assert_int_equal(checked_encode(checked, &out, &fault), ERR_OK);
    return buf_str(&out);
}

static enum err
decode(struct arena *arena, struct str bytes, struct checked *out)
{
    struct fault fault = {0};

    return checked_decode(arena, bytes, SKETCH_FILE_SIZE, sketch_catalogue(arena), out, &fault);
}

static void
what_was_checked_crosses_unchanged(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct checked given = sketch_checked(arena);
    struct str     bytes = encode(arena, &given);
    struct checked got = {0};

    (void)state;
    assert_int_equal(decode(arena, bytes, &got), ERR_OK);
    assert_true(str_equal(encode(arena, &got), bytes));
    assert_int_equal(got.package.reports[0].columns.amounts[0][2], AMOUNT_MAX);
    assert_true(str_equal(columns_code(&got.package.reports[1].columns, 1, 0), STR("069")));
    assert_int_equal(findings_cut(got.findings, 1), 7);
    assert_int_equal(got.package.signatures[1].report, REPORT_NONE);
    assert_null(got.package.reports[0].header.remarks.text.data);
    arena_destroy(arena);
}

static void
every_proper_prefix_is_malformed(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct checked given = sketch_checked(arena);
    struct str     bytes = encode(arena, &given);

    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        struct arena  *scratch = arena_create(ARENA_MAX);
        struct checked got = {0};
        assert_int_equal(decode(scratch, str_slice(bytes, 0, size), &got), ERR_WIRE);
        assert_null(got.findings);
        arena_destroy(scratch);
    }
    arena_destroy(arena);
}

static void
a_byte_behind_the_end_is_malformed(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct checked given = sketch_checked(arena);
    struct str     bytes = encode(arena, &given);
    struct checked got = {0};
    struct str     longer = str_format(arena, "%s", "");

    (void)state;
    char *copy = ARENA_NEW(arena, char, bytes.size + 1);
    memcpy(copy, bytes.data, bytes.size);
    longer = (struct str){copy, bytes.size + 1};
    assert_int_equal(decode(arena, longer, &got), ERR_WIRE);
    arena_destroy(arena);
}

/* A changed byte either is refused or gives a result that is whole: it can be written again. */
static void
no_changed_byte_gets_through_as_a_bad_index(void **state)
{
    static const unsigned char values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
    struct arena              *arena = arena_create(ARENA_MAX);
    struct checked             given = sketch_checked(arena);
    struct str                 bytes = encode(arena, &given);
    char                      *copy = ARENA_NEW(arena, char, bytes.size);
    size_t                     refused = 0;

    (void)state;
    for (size_t i = 0; i < bytes.size * ARRAY_COUNT(values); i++) {
        struct arena  *scratch = arena_create(ARENA_MAX);
        struct checked got = {0};
        memcpy(copy, bytes.data, bytes.size);
        copy[i / ARRAY_COUNT(values)] = (char)values[i % ARRAY_COUNT(values)];
        enum err err = decode(scratch, (struct str){copy, bytes.size}, &got);
        assert_true(err == ERR_OK || err == ERR_WIRE || err == ERR_MEMORY);
        refused += err == ERR_OK ? 0 : 1;
        if (err == ERR_OK) {
            (void)encode(scratch, &got);
        }
        arena_destroy(scratch);
    }
    assert_true(refused > bytes.size); /* most single bytes are part of a number that must fit */
    arena_destroy(arena);
}

static void
decoding_survives_every_memory_ceiling(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct checked given = sketch_checked(arena);
    struct str     bytes = encode(arena, &given);
    enum err       err = ERR_MEMORY;

    (void)state;
    for (size_t size_max = 512; err == ERR_MEMORY; size_max += 97) {
        struct arena  *scratch = arena_create(size_max);
        struct checked got = {0};
        err = decode(scratch, bytes, &got);
        assert_true(err == ERR_OK || err == ERR_MEMORY);
        assert_true((err == ERR_OK) == (got.findings != NULL));
        arena_destroy(scratch);
    }
    arena_destroy(arena);
}

static void
encoding_says_when_the_room_is_too_small(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct checked given = sketch_checked(arena);
    size_t         size = encode(arena, &given).size;
    struct fault   fault = {0};

    (void)state;
    struct buf exact = buf_create(arena, size);
    struct buf tight = buf_create(arena, size - 1);
    assert_int_equal(checked_encode(&given, &exact, &fault), ERR_OK);
    assert_int_equal(checked_encode(&given, &tight, &fault), ERR_LIMIT);
    arena_destroy(arena);
}

static void
a_finding_of_an_unknown_code_is_malformed(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct checked given = sketch_checked(arena);
    struct finding finding = {.code = "RBX-999", .report = 0};
    struct checked got = {0};

    (void)state;
    assert_int_equal(findings_add(given.findings, &finding), FINDING_ADDED);
    assert_int_equal(decode(arena, encode(arena, &given), &got), ERR_WIRE);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_checked_crosses_unchanged),
        cmocka_unit_test(every_proper_prefix_is_malformed),
        cmocka_unit_test(a_byte_behind_the_end_is_malformed),
        cmocka_unit_test(no_changed_byte_gets_through_as_a_bad_index),
        cmocka_unit_test(decoding_survives_every_memory_ceiling),
        cmocka_unit_test(encoding_says_when_the_room_is_too_small),
        cmocka_unit_test(a_finding_of_an_unknown_code_is_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
