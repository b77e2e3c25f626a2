#ifndef GATEWAY_INTAKE_REDECISION_H
#define GATEWAY_INTAKE_REDECISION_H

#include "gateway/intake/conclusion.h"

/*
 * What is in force after a batch in which something was decided again. A decision that takes a
 * report out of force brings back what that report had superseded, so that all reports of its key
 * count, not the one in force alone: the store itself looks for the best of each key. Such a batch
 * is rare; what is in force in every other one is told by in_force.h without asking.
 */
bool redecision_among(const struct concluding *items, size_t count);

/* The JST (as the registry has it now) of a submission's sender and of its reports of before. */
struct redecision_top {
    size_t  at; /* number of the submission in ids */
    int64_t top;
};

struct redecision_tops {
    const struct redecision_top *items;
    size_t                       count;
};

/*
 * Whatever a submission had decided before may change when it is decided again: reports of units
 * that the registry has moved to another JST since, too. In the order of ids.
 */
MUST_USE enum err redecision_tops(struct store *store, struct arena *arena, const struct uuid *ids,
                                  size_t count, struct redecision_tops *out, struct fault *fault);

/* After the reports and decisions of the batch are in the store, with nothing of it in force. */
MUST_USE enum err redecision_settle(struct store *store, struct arena *arena,
                                    const struct concluding *items, size_t count,
                                    struct fault *fault);

#endif
