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

/* After the reports and decisions of the batch are in the store, with nothing of it in force. */
MUST_USE enum err redecision_settle(struct store *store, struct arena *arena,
                                    const struct concluding *items, size_t count,
                                    struct fault *fault);

#endif
