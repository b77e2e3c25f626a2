#ifndef GATEWAY_SETBOOK_STOCK_H
#define GATEWAY_SETBOOK_STOCK_H

#include "gateway/setbook/holdings.h"

/*
 * Lines of reports as columns: of those decided just now from memory, of all others from the store,
 * in one round trip for all sets that are asked for. Who holds the head of the log lets nobody else
 * conclude: what is larger than STOCK_LINES_NOW is left to a row of work (rework.h).
 */
enum { STOCK_LINES_MAX = 500 * 1000, STOCK_LINES_NOW = 20 * 1000 };

/* The columns of what the batch brings, by number of the report. */
struct stock {
    struct stock_report *items; /* by number */
    size_t               count;
};

/* A set whose needed reports are to have their lines. */
struct stock_want {
    struct holding *holding;
    bool           *left; /* set: there were too many, and none of it was fetched */
};
struct stock_wants {
    const struct stock_want *items;
    size_t                   count;
    int64_t                  lines_max; /* of all of them together */
};

/* ERR_MEMORY. */
MUST_USE enum err stock_of_batch(struct arena *arena, const struct concluding *items,
                                 const struct places *places, struct stock *out,
                                 struct fault *fault);

/*
 * Fill facts.columns of the needed reports of these sets, as long as they fit; one that does not
 * fit beside those before it is left. ERR_MEMORY; ERR_STORE and its like.
 */
MUST_USE enum err stock_fetch(const struct setbook_tools *tools, struct arena *arena,
                              const struct stock *stock, const struct stock_wants *wants,
                              struct fault *fault);

#endif
