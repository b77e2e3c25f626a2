#ifndef GATEWAY_SUBMISSION_DECIDING_H
#define GATEWAY_SUBMISSION_DECIDING_H

#include "gateway/intake/conclusion.h"

/*
 * From what the registry and the store have answered to what a decision says. Shared by the stages,
 * which ask, and by a replay, which reads what was answered then: so that both come to the same.
 * Pure.
 */

/* What a report's header says of its unit; subject and days are left to the caller. */
struct registry_claim deciding_claim(const struct package_unit *unit);

/* What the registry answered, as a decision takes it: one for each unit. ERR_MEMORY. */
MUST_USE enum err deciding_standings(struct arena *arena, const struct registry_answer *answers,
                                     size_t count, struct decision_unit **out, struct fault *fault);

/* The digest by which a decision names what the registry was asked and what it said. */
MUST_USE enum err deciding_registry_digest(struct arena *arena, const struct package *package,
                                           const struct registry_answer *answers,
                                           unsigned char sha256[32], struct fault *fault);

/* Tell item->decided of what is in force already (item->before). ERR_MEMORY. */
MUST_USE enum err deciding_tell_predecessors(struct arena *arena, enum environment environment,
                                             struct concluding *item, struct fault *fault);

#endif
