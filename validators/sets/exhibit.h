#ifndef VALIDATORS_SETS_EXHIBIT_H
#define VALIDATORS_SETS_EXHIBIT_H

#include "validators/element/element.h"
#include "validators/sets/scheme.h"

/*
 * The facts of a set as an author writes them down, from a `case` element (trials.h): as if reports
 * in force had been read. Row r (from 0) of each report begins at byte (r + 1) * EXHIBIT_ROW_STEP.
 */
enum { EXHIBIT_ROW_STEP = 64 };

/* The file that a case stands in, and the rules that it is about. */
struct exhibit_source {
    const struct sets          *sets;
    enum sets_scope             scope;
    struct str                  path;
    const struct element_table *table;
};

/* Fails with ERR_CATALOGUE (file, line, what cannot be understood) or ERR_MEMORY. */
MUST_USE enum err exhibit_build(struct arena *arena, const struct exhibit_source *source,
                                int32_t item, struct sets_facts *out, struct fault *fault);

/* ERR_CATALOGUE with file, line of the element, and what is wrong with which value. */
MUST_USE enum err exhibit_refuse(const struct exhibit_source *source, int32_t item,
                                 const char *text, struct str value, struct fault *fault);

#endif
