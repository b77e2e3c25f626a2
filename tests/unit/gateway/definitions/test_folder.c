#include "gateway/definitions/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARENA_MAX = 512 * 1024 * 1024 };

/* A fresh folder below the build folder; what stands in it is made relative to `root`. */
struct place {
    char path[64];
    int  root;
};

static int
make_place(void **state)
{
    static struct place place;

    (void)snprintf(place.path, sizeof place.path, "/tmp/brama-folder-XXXXXX");
    if (mkdtemp(place.path) == NULL) {
        return -1;
    }
    place.root = open(place.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *state = &place;
    return place.root < 0;
}

/* Tests make at most these, in this order of removal. */
static int
remove_place(void **state)
{
    struct place *place = *state;
    const char   *files[] = {"b.txt", "a/c.txt", "a/link", "link", ".hidden", "pipe", "a/b/d.txt"};
    const char   *folders[] = {"a/b", "a"};

    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        (void)unlinkat(place->root, files[i], 0);
    }
    for (size_t i = 0; i < ARRAY_COUNT(folders); i++) {
        (void)unlinkat(place->root, folders[i], AT_REMOVEDIR);
    }
    (void)close(place->root);
    return rmdir(place->path);
}

static void
write_text(const struct place *place, const char *path, const char *text)
{
    int fd = openat(place->root, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(fd), 0);
}

static void
folder_is_read_with_its_subfolders_sorted_without_hidden_names(void **state)
{
    const struct place *place = *state;
    struct arena       *arena = arena_create(ARENA_MAX);
    struct fault        fault = {0};
    struct str          bytes = {0};
    struct bundle       bundle = {0};

    assert_int_equal(mkdirat(place->root, "a", 0700), 0);
    assert_int_equal(mkdirat(place->root, "a/b", 0700), 0);
    write_text(place, "b.txt", "second");
    write_text(place, "a/c.txt", "");
    write_text(place, "a/b/d.txt", "deep");
    write_text(place, ".hidden", "not this");
    assert_int_equal(folder_read(arena, place->path, &bytes, &fault), ERR_OK);
    assert_int_equal(bundle_parse(arena, bytes, &bundle, &fault), ERR_OK);
    assert_int_equal(bundle.file_count, 3);
    assert_true(str_equal(bundle.files[0].path, STR("a/b/d.txt")));
    assert_true(str_equal(bundle.files[0].bytes, STR("deep")));
    assert_true(str_equal(bundle.files[1].path, STR("a/c.txt")));
    assert_int_equal(bundle.files[1].bytes.size, 0);
    assert_true(str_equal(bundle.files[2].bytes, STR("second")));
    arena_destroy(arena);
}

static void
link_to_file(const struct place *place)
{
    write_text(place, "b.txt", "x");
    assert_int_equal(symlinkat("/etc/passwd", place->root, "link"), 0);
}

static void
link_to_folder(const struct place *place)
{
    write_text(place, "b.txt", "x");
    assert_int_equal(symlinkat("/etc", place->root, "link"), 0);
}

static void
link_within(const struct place *place)
{
    assert_int_equal(mkdirat(place->root, "a", 0700), 0);
    write_text(place, "b.txt", "x");
    assert_int_equal(symlinkat("../b.txt", place->root, "a/link"), 0);
}

static void
pipe_instead_of_file(const struct place *place)
{
    assert_int_equal(mkfifoat(place->root, "pipe", 0600), 0);
}

static void
nothing_but_hidden_files(const struct place *place)
{
    write_text(place, ".hidden", "x");
}

static void
too_large_a_file(const struct place *place)
{
    write_text(place, "b.txt", "x");
    int fd = openat(place->root, "b.txt", O_WRONLY | O_CLOEXEC);
    assert_int_equal(ftruncate(fd, (off_t)BUNDLE_SIZE_MAX + 1), 0);
    assert_int_equal(close(fd), 0);
}

static void
expect_refusal(void **state, void (*make)(const struct place *), enum err want, const char *word)
{
    const struct place *place = *state;
    struct arena       *arena = arena_create(ARENA_MAX);
    struct fault        fault = {0};
    struct str          bytes = {0};

    make(place);
    assert_int_equal(folder_read(arena, place->path, &bytes, &fault), want);
    assert_null(bytes.data);
    assert_non_null(strstr(fault.text, word));
    arena_destroy(arena);
}

static void
folder_refuses_a_link_to_a_file(void **state)
{
    expect_refusal(state, link_to_file, ERR_FILE, "„link”");
}

static void
folder_refuses_a_link_to_a_folder(void **state)
{
    expect_refusal(state, link_to_folder, ERR_FILE, "„link”");
}

static void
folder_refuses_a_link_even_within_itself(void **state)
{
    expect_refusal(state, link_within, ERR_FILE, "„a/link”");
}

static void
folder_refuses_a_pipe_without_waiting_for_it(void **state)
{
    expect_refusal(state, pipe_instead_of_file, ERR_FILE, "„pipe”");
}

static void
folder_refuses_to_be_empty(void **state)
{
    expect_refusal(state, nothing_but_hidden_files, ERR_FILE, "żadnego pliku");
}

static void
folder_refuses_more_bytes_than_a_bundle_has(void **state)
{
    expect_refusal(state, too_large_a_file, ERR_LIMIT, "bajtów");
}

static void
folder_says_that_there_is_none(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct fault  fault = {0};
    struct str    bytes = {0};

    (void)state;
    assert_int_equal(folder_read(arena, "/nonexistent-brama", &bytes, &fault), ERR_FILE);
    assert_int_equal(folder_read(arena, "/etc/passwd", &bytes, &fault), ERR_FILE);
    arena_destroy(arena);
}

static void
folder_read_survives_memory_ceilings(void **state)
{
    const struct place *place = *state;
    size_t              succeeded = 0;

    write_text(place, "b.txt", "second");
    for (size_t size_max = 0; size_max <= 200000; size_max += 2000) {
        struct arena *arena = arena_create(size_max);
        struct fault  fault = {0};
        struct str    bytes = {0};
        enum err      got = folder_read(arena, place->path, &bytes, &fault);
        assert_true(got == ERR_OK || got == ERR_MEMORY || got == ERR_CATALOGUE);
        succeeded += got == ERR_OK;
        arena_destroy(arena);
    }
    assert_in_range(succeeded, 1, 99);
}

int
main(void)
{
#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
    const struct CMUnitTest tests[] = {
        PLACED(folder_is_read_with_its_subfolders_sorted_without_hidden_names),
        PLACED(folder_refuses_a_link_to_a_file),
        PLACED(folder_refuses_a_link_to_a_folder),
        PLACED(folder_refuses_a_link_even_within_itself),
        PLACED(folder_refuses_a_pipe_without_waiting_for_it),
        PLACED(folder_refuses_to_be_empty),
        PLACED(folder_refuses_more_bytes_than_a_bundle_has),
        PLACED(folder_says_that_there_is_none),
        PLACED(folder_read_survives_memory_ceilings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
