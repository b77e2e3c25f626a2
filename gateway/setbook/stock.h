#ifndef GATEWAY_SETBOOK_STOCK_H
#define GATEWAY_SETBOOK_STOCK_H

#include "gateway/setbook/holdings.h"

/*
 * Lines of reports as columns: of those decided just now from memory, of all others from the store,
 * in one round trip for a set. Who holds the head of the log lets nobody else conclude: what is
 * larger than STOCK_LINES_NOW is left to a row of work (rework.h).
 */
enum { STOCK_LINES_MAX = 500 * 1000, STOCK_LINES_NOW = 20 * 1000 };

/* The columns of what the batch brings, by number of the report. */
struct stock {
    struct stock_report *items; /* by number */
    size_t               count;
    int64_t              lines_max; /* of the reports of a set that are needed */
};

/* ERR_MEMORY. */
MUST_USE enum err stock_of_batch(struct arena *arena, const struct concluding *items,
                                 const struct places *places, struct stock *out,
                                 struct fault *fault);

/*
 * Fill facts.columns of the needed reports of a set. *left: there are more lines than
 * stock->lines_max, and nothing was fetched. ERR_MEMORY; ERR_STORE and its like.
 */
MUST_USE enum err stock_fetch(const struct setbook_tools *tools, struct arena *arena,
                              const struct stock *stock, struct holding *holding, bool *left,
                              struct fault *fault);

#endif
