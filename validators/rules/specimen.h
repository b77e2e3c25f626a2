#ifndef VALIDATORS_RULES_SPECIMEN_H
#define VALIDATORS_RULES_SPECIMEN_H

#include "validators/base/amount.h"
#include "validators/element/element.h"
#include "validators/rules/rules.h"

/*
 * A package of one report, built from a `case` element: as if it had been read from a file. Every
 * cell has a place of its own, so that a finding can be traced back to row and column.
 */
enum { SPECIMEN_ROW_STEP = 64 }; /* offset of row r (from 0) is (r + 1) * SPECIMEN_ROW_STEP */

struct specimen {
    struct package      package;
    struct package_unit unit;
    struct report       report;
    moment              at;
    struct figures      figures;
};

/* The file that a case stands in. */
struct case_source {
    const struct catalogue     *catalogue;
    int32_t                     form; /* index in the catalogue */
    struct str                  path;
    const struct element_table *table;
    struct str                  points; /* column of the rule, for figures */
};

/* Fails with ERR_CATALOGUE (file, line, what cannot be understood) or ERR_MEMORY. */
MUST_USE enum err specimen_build(struct arena *arena, const struct case_source *source,
                                 int32_t item, struct specimen *out, struct fault *fault);

/* ERR_CATALOGUE with file, line of the element, and what is wrong with which value. */
MUST_USE enum err specimen_refuse(const struct case_source *source, int32_t item, const char *text,
                                  struct str value, struct fault *fault);

#endif
