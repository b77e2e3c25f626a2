#ifndef VALIDATORS_RULES_LINES_H
#define VALIDATORS_RULES_LINES_H

#include "validators/rules/inspection.h"
#include "validators/vtl/vtl.h"

/*
 * A report of a form of lines, turned over: a row for each column of amounts, a component for each
 * line (formulas.h). The row of a line is the position that has its symbol and no code of a detail.
 * A line that does not stand there is null. It is unknown when it stands there twice, or when the
 * symbol of some position cannot be read: that might be it.
 */
struct lines {
    const uint32_t *rows; /* by line: the position's ordinal from 1; 0: there is none, or two */
};

/* Fill columns, rows and texts of data, and where the lines stand. ERR_MEMORY. */
MUST_USE enum err lines_fill(struct inspection *inspection, struct lines *out,
                             struct vtl_data *data, struct fault *fault);

/*
 * Point a finding at the cell of a line and a column of amounts, by index. A line that does not
 * stand in the report is named all the same, at the place of its positions. False: scratch is full.
 */
MUST_USE bool lines_point(struct inspection *inspection, const struct lines *lines, size_t line,
                          size_t slot, struct finding *finding);

#endif
