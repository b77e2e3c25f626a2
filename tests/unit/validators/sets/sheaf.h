#ifndef TESTS_UNIT_VALIDATORS_SETS_SHEAF_H
#define TESTS_UNIT_VALIDATORS_SETS_SHEAF_H

#include "tests/unit/validators/rules/shelf.h"

#include "validators/sets/sets.h"

/* The real rules between reports, and reports written down in a line. Fails the test otherwise. */
struct sheaf {
    struct arena           *arena;
    const struct catalogue *catalogue;
    const struct sets      *sets;
};

struct sheaf  sheaf_open(void);
struct sheaf  sheaf_open_edited(const struct shelf_edit *edit); /* with a file changed */
struct period sheaf_quarter(const struct sheaf *sheaf, int year, int number);

/* Whose report, and of what period. */
struct sheaf_place {
    const char   *level;
    struct period period;
    const char   *unit;
};

/* Rows "Symbol=A P=1.00 W=2.00|...". Row r (from 0) begins at byte (r + 1) * 64. */
struct sets_report sheaf_report(const struct sheaf *sheaf, const char *element,
                                const struct sheaf_place *place, const char *rows);

/* Of a judgement; fails the test when the rule has none. */
const struct sets_answer *sheaf_answer(const struct sets_judgement *judgement, const char *code);

#endif
