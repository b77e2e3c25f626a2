#ifndef GATEWAY_INTAKE_IN_FORCE_H
#define GATEWAY_INTAKE_IN_FORCE_H

#include "gateway/intake/conclusion.h"

/*
 * Which report of a key is in force, and since when: the accepted one of the highest Wersja, then
 * of the latest data wpływu, then of the highest log index, then the last one of its package
 * (design.md 6). Pure.
 *
 * The batch is gone through in the order of the log. A report that wins begins at the time of its
 * decision, or where the one before it began when the clock has been set back since; there the one
 * before it ends. One that would be in force for no time at all never was (NULL in the store, no
 * empty range). Not for a batch with a decision again (n > 1): redecision.h.
 */

/* An earlier report that ends. */
struct in_force_end {
    int64_t report;
    instant until; /* its own beginning: it never was in force */
};

/* Fills from and until of every filed report. ERR_MEMORY. */
MUST_USE enum err in_force_settle(struct arena *arena, const struct concluding *items, size_t count,
                                  struct in_force_end **ends, size_t *end_count,
                                  struct fault *fault);

#endif
