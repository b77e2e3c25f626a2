#ifndef GATEWAY_INTAKE_LATECOMER_H
#define GATEWAY_INTAKE_LATECOMER_H

#include "gateway/intake/conclusion.h"

/*
 * What came after its term is late, or a correction when something of its key had come before it
 * and is accepted; so is what came in time. The order of decisions is not that of arrivals: a batch
 * may accept what came first when what came later is called late already, or no correction, or take
 * it back. Such later ones are set to work, in the order in which they came, and decided again: so
 * what is stated in the end is the same for every order. Their older receipts stay as they are.
 */

/* After the reports and decisions of the batch are in the store and its submissions have moved. */
MUST_USE enum err latecomer_wake(struct store *store, struct arena *arena,
                                 const struct concluding *items, size_t count, struct fault *fault);

#endif
