#ifndef GATEWAY_OBLIGATION_SETTLING_H
#define GATEWAY_OBLIGATION_SETTLING_H

#include "gateway/store/store.h"

/*
 * The facts of duties, brought up to date inside the transaction that concludes submissions: what
 * arrived first, what was accepted, what is in force, how many queries are open, of sets too
 * (judged before). Always computed from all reports of a key, so that a decision again, a batch
 * done twice and an order of arrival all give the same.
 *
 * It never waits and never refuses: a duty that somebody else has locked, or a fault in the
 * statement, leaves a note in obligation.unsettled that the next generation takes up. A report that
 * no duty waits for is noted in obligation.stray. So a conclusion cannot fail here, unless the
 * connection does.
 */
MUST_USE enum err settling_run(struct store *store, struct arena *arena, const struct uuid *ids,
                               size_t count, struct fault *fault);

#endif
