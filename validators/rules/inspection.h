#ifndef VALIDATORS_RULES_INSPECTION_H
#define VALIDATORS_RULES_INSPECTION_H

#include "validators/base/amount.h"
#include "validators/rules/rules.h"

/*
 * One report while its checks and rules run: what all of them read, and the one way in which they
 * tell what they found. Telling counts first and lists afterwards, so that what no longer fits into
 * the list is counted all the same. Findings of shadow rules (SEVERITY_PROPOSED) are counted and
 * never listed, unless list_proposed is set (for the cases beside the rules).
 */
struct inspection {
    struct arena               *scratch; /* dies with the inspection */
    const struct rules_request *request;
    const struct report        *report;
    int32_t                     ordinal; /* of the report in the package */
    const struct form          *form;
    struct period               period;
    struct circumstances        circumstances;
    struct findings            *findings;
    struct rules_tally         *tally;
    struct str                  only; /* run this code alone; empty: all of them */
    bool                        list_proposed;
};

/* What the check that is running now is called, and how severe it is here. */
struct charge {
    const struct rule_entry *entry;
    enum severity            severity;
};

/* A position or one of its cells. */
struct cell_place {
    size_t     row;
    struct str column; /* element name; empty: the position as a whole */
};

/*
 * Fill what is known from the request: form, period, circumstances. False when the report was not
 * read to its end or its form or period is unknown: nothing can be said of it then.
 */
MUST_USE bool inspection_open(struct inspection *inspection, uint32_t report);

/* How many of count findings can be listed. Counts all of them; the rest is counted as cut. */
MUST_USE enum err inspection_count(struct inspection *inspection, const struct charge *charge,
                                   size_t count, size_t *listed, struct fault *fault);

/* Add one finding of those that inspection_count allowed; code and report are filled in here. */
MUST_USE enum err inspection_list(struct inspection *inspection, const struct charge *charge,
                                  struct finding *finding, struct fault *fault);

/*
 * Fill offset, xpath and cell. A cell that does not stand in the file is pointed at by the byte and
 * the path of its position; its name stays the cell's. False when scratch is full.
 */
MUST_USE bool inspection_point(struct inspection *inspection, const struct cell_place *place,
                               struct finding *finding);

/* "1 234,50"; empty when the amount does not fit into int64. Lives in scratch. */
struct str inspection_amount(struct arena *scratch, amount_wide amount, int scale);

#endif
