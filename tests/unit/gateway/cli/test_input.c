#include "gateway/cli/input.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARENA_MAX = 64 * 1024 * 1024, SIZE_MAX_READ = 1000000 };

static void
input_read_keeps_one_byte_beyond_its_limit(void **state)
{
    static const struct {
        size_t size;
        size_t kept;
        bool   whole;
    } cases[] = {
        {0,                 0,                 true },
        {1,                 1,                 true },
        {SIZE_MAX_READ - 1, SIZE_MAX_READ - 1, true },
        {SIZE_MAX_READ,     SIZE_MAX_READ,     true },
        {SIZE_MAX_READ + 1, SIZE_MAX_READ + 1, false},
        {SIZE_MAX_READ + 2, SIZE_MAX_READ + 1, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct input  input = {0};
        char          path[] = "/tmp/brama-input-XXXXXX";
        int           fd = mkostemp(path, O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(ftruncate(fd, (off_t)cases[i].size), 0);
        assert_int_equal(close(fd), 0);
        assert_int_equal(input_read(arena, path, SIZE_MAX_READ, &input, NULL), ERR_OK);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(input.bytes.size, cases[i].kept);
        assert_int_equal(input.whole, cases[i].whole);
        arena_destroy(arena);
    }
}

static void
input_read_knows_the_digest_of_nothing(void **state)
{
    /* FIPS 180-4: SHA-256 of the empty message begins e3b0c442. */
    static const unsigned char begin[] = {0xE3, 0xB0, 0xC4, 0x42};
    struct arena              *arena = arena_create(ARENA_MAX);
    struct input               input = {0};

    (void)state;
    assert_int_equal(input_read(arena, "/dev/null", SIZE_MAX_READ, &input, NULL), ERR_OK);
    assert_memory_equal(input.sha256, begin, sizeof begin);
    arena_destroy(arena);
}

static void
input_read_says_in_polish_why_not(void **state)
{
    static const struct {
        const char *path;
        const char *why;
    } cases[] = {
        {"/nonexistent-brama", "nie ma takiego pliku"},
        {"/tmp",               "to jest katalog"     },
        {"/dev/null/x",        ""                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct input  input = {0};
        struct fault  fault = {0};
        assert_int_equal(input_read(arena, cases[i].path, SIZE_MAX_READ, &input, &fault), ERR_FILE);
        assert_non_null(strstr(fault.text, cases[i].why));
        assert_null(input.name.data);
        arena_destroy(arena);
    }
}

static void
input_read_survives_every_memory_ceiling(void **state)
{
    size_t refused = 0;

    (void)state;
    for (size_t size_max = 0; size_max <= (size_t)4 * 1024 * 1024; size_max += 65536) {
        struct arena *arena = arena_create(size_max);
        struct input  input = {0};
        enum err      got = input_read(arena, "/dev/zero", SIZE_MAX_READ, &input, NULL);
        assert_true(got == ERR_OK || (got == ERR_MEMORY && input.name.data == NULL));
        refused += got == ERR_MEMORY;
        arena_destroy(arena);
    }
    assert_in_range(refused, 4, 60);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_read_keeps_one_byte_beyond_its_limit),
        cmocka_unit_test(input_read_knows_the_digest_of_nothing),
        cmocka_unit_test(input_read_says_in_polish_why_not),
        cmocka_unit_test(input_read_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
