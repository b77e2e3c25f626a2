#include "tests/support/expect.h"
#include "validators/base/uuid.h"

#include <string.h>

enum { ROOM = 4096 };

static void
uuid_of_time_has_version_variant_and_time(void **state)
{
    unsigned char random[UUID_RANDOM_SIZE];
    struct arena *arena = arena_create(ROOM);
    struct buf    text = buf_create(arena, ROOM / 2);

    (void)state;
    memset(random, 0xFF, sizeof random);
    uuid_write(&text, uuid_of_time(0x0123456789AB, random));
    assert_true(str_equal(buf_str(&text), STR("01234567-89ab-7fff-bfff-ffffffffffff")));
    arena_destroy(arena);
}

static void
uuids_sort_by_their_time(void **state)
{
    const unsigned char high[UUID_RANDOM_SIZE] = {0xFF, 0xFF};
    const unsigned char low[UUID_RANDOM_SIZE] = {0};
    struct uuid         earlier = uuid_of_time(1000, high);
    struct uuid         later = uuid_of_time(1001, low);

    (void)state;
    assert_true(memcmp(&earlier, &later, sizeof earlier) < 0);
}

static void
uuid_parse_takes_its_own_form_only(void **state)
{
    static const struct {
        const char *text;
        bool        good;
    } rows[] = {
        {"0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e",  true },
        {"00000000-0000-0000-0000-000000000000",  true },
        {"",                                      false},
        {"0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4",   false},
        {"0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4ef", false},
        {"0199A2C4-7D10-7A31-9C55-0F6F1C2B3D4E",  false},
        {"0199a2c4x7d10-7a31-9c55-0f6f1c2b3d4e",  false},
        {"0199a2c4-7d10-7a31-9c550-f6f1c2b3d4e",  false},
        {"0199a2c47d107a319c550f6f1c2b3d4e",      false},
        {"{199a2c4-7d10-7a31-9c55-0f6f1c2b3d4}",  false},
        {" 199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e",  false},
        {"0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4g",  false},
        {"-199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e",  false},
    };
    struct arena *arena = arena_create(ROOM);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct uuid uuid = {{7}};
        struct buf  again = buf_create(arena, UUID_TEXT_SIZE);
        EXPECT(uuid_parse(str_of(rows[i].text), &uuid) == rows[i].good, rows[i].text);
        uuid_write(&again, uuid);
        EXPECT(str_equal(buf_str(&again), str_of(rows[i].text)) == rows[i].good, rows[i].text);
        EXPECT(rows[i].good || uuid.bytes[0] == 7, rows[i].text);
    }
    arena_destroy(arena);
}

static void
only_zeros_are_nil(void **state)
{
    struct uuid one = {{0}};

    (void)state;
    assert_true(uuid_is_nil(one));
    one.bytes[UUID_SIZE - 1] = 1;
    assert_false(uuid_is_nil(one));
    assert_false(uuid_equal(one, (struct uuid){{0}}));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uuid_of_time_has_version_variant_and_time),
        cmocka_unit_test(uuids_sort_by_their_time),
        cmocka_unit_test(uuid_parse_takes_its_own_form_only),
        cmocka_unit_test(only_zeros_are_nil),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
