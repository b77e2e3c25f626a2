#ifndef TESTS_SCENARIO_POWIAT_CASHBOOK_H
#define TESTS_SCENARIO_POWIAT_CASHBOOK_H

#include "validators/base/buf.h"

/*
 * A set of lines of text about one thing, to be compared with another one. Their order is of no
 * account.
 */
struct cashbook {
    struct arena *arena;
    struct str   *lines;
    size_t        count;
    size_t        room;
};

struct cashbook cashbook_create(struct arena *arena);

/* The line is borrowed. */
void cashbook_add(struct cashbook *cashbook, struct str line);

/* Each line of a text; empty ones are none. Borrowed. */
struct cashbook cashbook_read(struct arena *arena, struct str text);

/* Fail the test, with the lines that only one of the two has, unless they hold the same. */
void cashbook_expect_same(const char *name, struct cashbook *expected, struct cashbook *found);

#endif
