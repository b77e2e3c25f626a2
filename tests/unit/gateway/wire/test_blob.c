#include "gateway/wire/blob.h"
#include "tests/support/expect.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ROOM = 1 << 20, PAGE = 4096 };

static void
a_blob_is_read_as_it_was_written(void **state)
{
    static const size_t sizes[] = {0, 1, PAGE - 1, PAGE, PAGE + 1, 100000};
    struct arena       *arena = arena_create(ROOM);
    struct fault        fault = {0};
    char               *bytes = ARENA_NEW(arena, char, 100000);

    (void)state;
    memset(bytes, 'x', 100000);
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct str want = {bytes, sizes[i]};
        struct str got = {0};
        int        fd = -1;
        assert_int_equal(blob_of("test", want, &fd, &fault), ERR_OK);
        assert_int_equal(blob_map(arena, fd, sizes[i], &got, &fault), ERR_OK);
        assert_true(str_equal(got, want));
        assert_int_equal(blob_take(arena, fd, sizes[i], &got, &fault),
                         ERR_WIRE); /* sealed already */
        assert_int_equal(close(fd), 0);
    }
    arena_destroy(arena);
}

static void
a_blob_longer_than_the_reader_wants_is_refused(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    got = {0};
    int           fd = -1;

    (void)state;
    assert_int_equal(blob_of("test", STR("12345"), &fd, &fault), ERR_OK);
    assert_int_equal(blob_map(arena, fd, 4, &got, &fault), ERR_LIMIT);
    assert_int_equal(blob_map(arena, fd, 5, &got, &fault), ERR_OK);
    assert_int_equal(close(fd), 0);
    arena_destroy(arena);
}

static void
what_can_still_change_is_not_mapped(void **state)
{
    static const struct {
        const char *name;
        int         seals;
    } rows[] = {
        {"no seal",           0                                         },
        {"may shrink",        F_SEAL_SEAL | F_SEAL_GROW | F_SEAL_WRITE  },
        {"may grow",          F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_WRITE},
        {"may be written",    F_SEAL_SEAL | F_SEAL_GROW | F_SEAL_SHRINK },
        {"seals may be more", F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_WRITE},
    };
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    got = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        int fd = -1;
        assert_int_equal(blob_create("test", &fd, &fault), ERR_OK);
        assert_int_equal(blob_append(fd, STR("12345"), &fault), ERR_OK);
        assert_true(rows[i].seals == 0 || fcntl(fd, F_ADD_SEALS, rows[i].seals) == 0);
        EXPECT(blob_map(arena, fd, ROOM, &got, &fault) == ERR_WIRE, rows[i].name);
        assert_int_equal(close(fd), 0);
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    assert_int_equal(blob_map(arena, null, ROOM, &got, &fault), ERR_WIRE);
    assert_int_equal(close(null), 0);
    arena_destroy(arena);
}

static void
what_is_taken_cannot_be_changed_any_more(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    got = {0};
    int           fd = -1;

    (void)state;
    assert_int_equal(blob_create("test", &fd, &fault), ERR_OK);
    assert_int_equal(blob_append(fd, STR("12345"), &fault), ERR_OK);
    assert_int_equal(blob_take(arena, fd, 5, &got, &fault), ERR_OK);
    assert_true(str_equal(got, STR("12345")));
    assert_int_equal(write(fd, "6", 1), -1);
    assert_int_equal(blob_append(fd, STR("6"), &fault), ERR_SYSTEM);
    assert_int_equal(close(fd), 0);
    arena_destroy(arena);
}

static void
what_somebody_has_mapped_writable_is_not_taken(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    got = {0};
    int           fd = -1;

    (void)state;
    assert_int_equal(blob_create("test", &fd, &fault), ERR_OK);
    assert_int_equal(ftruncate(fd, PAGE), 0);
    void *mapped = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(mapped, MAP_FAILED);
    assert_int_equal(blob_take(arena, fd, PAGE, &got, &fault), ERR_WIRE);
    assert_int_equal(munmap(mapped, PAGE), 0);
    assert_int_equal(blob_take(arena, fd, PAGE, &got, &fault), ERR_OK);
    assert_int_equal(close(fd), 0);
    arena_destroy(arena);
}

static void
too_long_a_result_is_not_copied(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    got = {0};
    int           fd = -1;

    (void)state;
    assert_int_equal(blob_create("test", &fd, &fault), ERR_OK);
    assert_int_equal(blob_append(fd, STR("12345"), &fault), ERR_OK);
    assert_int_equal(blob_take(arena, fd, 4, &got, &fault), ERR_LIMIT);
    assert_null(got.data);
    assert_int_equal(close(fd), 0);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blob_is_read_as_it_was_written),
        cmocka_unit_test(a_blob_longer_than_the_reader_wants_is_refused),
        cmocka_unit_test(what_can_still_change_is_not_mapped),
        cmocka_unit_test(what_is_taken_cannot_be_changed_any_more),
        cmocka_unit_test(what_somebody_has_mapped_writable_is_not_taken),
        cmocka_unit_test(too_long_a_result_is_not_copied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
