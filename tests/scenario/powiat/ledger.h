#ifndef TESTS_SCENARIO_POWIAT_LEDGER_H
#define TESTS_SCENARIO_POWIAT_LEDGER_H

#include "validators/base/buf.h"

/*
 * A set of lines of text about one thing, to be compared with another one. Their order is of no
 * account.
 */
struct ledger {
    struct arena *arena;
    struct str   *lines;
    size_t        count;
    size_t        room;
};

struct ledger ledger_create(struct arena *arena);

/* The line is borrowed. */
void ledger_add(struct ledger *ledger, struct str line);

/* Each line of a text; empty ones are none. Borrowed. */
struct ledger ledger_read(struct arena *arena, struct str text);

/* Fail the test, with the lines that only one of the two has, unless they hold the same. */
void ledger_expect_same(const char *name, struct ledger *expected, struct ledger *found);

#endif
