#include "tests/scenario/powiat/cashbook.h"

#include "tests/support/expect.h"

#include <stdlib.h>

enum { LINES_MAX = 8192, SHOWN_MAX = 12 };

struct cashbook
cashbook_create(struct arena *arena)
{
    struct cashbook cashbook = {.arena = arena, .room = LINES_MAX};

    cashbook.lines = ARENA_NEW(arena, struct str, LINES_MAX);
    ENSURE(cashbook.lines != NULL);
    return cashbook;
}

void
cashbook_add(struct cashbook *cashbook, struct str line)
{
    ENSURE(cashbook->count < cashbook->room && line.data != NULL);
    cashbook->lines[cashbook->count] = line;
    cashbook->count++;
}

struct cashbook
cashbook_read(struct arena *arena, struct str text)
{
    struct cashbook cashbook = cashbook_create(arena);
    struct str      line = {0};

    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.size > 0) {
            cashbook_add(&cashbook, line);
        }
    }
    return cashbook;
}

static int
compare_lines(const void *left, const void *right)
{
    const struct str *a = left;
    const struct str *b = right;

    return str_compare(*a, *b);
}

static void
show(const char *who, struct str line, size_t *shown)
{
    if (*shown < SHOWN_MAX) {
        print_message("  %s: %.*s\n", who, STR_ARG(line));
    }
    ++*shown;
}

/* Both are sorted. */
static size_t
show_differences(const struct cashbook *expected, const struct cashbook *found)
{
    size_t shown = 0;
    size_t i = 0;
    size_t j = 0;

    while (i < expected->count || j < found->count) {
        int order = i == expected->count ? 1 : -1;
        if (i < expected->count && j < found->count) {
            order = str_compare(expected->lines[i], found->lines[j]);
        }
        if (order < 0) {
            show("expected", expected->lines[i], &shown);
        }
        if (order > 0) {
            show("found   ", found->lines[j], &shown);
        }
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
    return shown;
}

void
cashbook_expect_same(const char *name, struct cashbook *expected, struct cashbook *found)
{
    qsort(expected->lines, expected->count, sizeof *expected->lines, compare_lines);
    qsort(found->lines, found->count, sizeof *found->lines, compare_lines);
    size_t differences = show_differences(expected, found);
    if (differences > 0) {
        fail_msg("%s: %zu lines expected, %zu found, %zu stand in one alone", name, expected->count,
                 found->count, differences);
    }
    print_message("%s: %zu lines as expected\n", name, found->count);
}
