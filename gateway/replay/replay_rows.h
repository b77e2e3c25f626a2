#ifndef GATEWAY_REPLAY_REPLAY_ROWS_H
#define GATEWAY_REPLAY_REPLAY_ROWS_H

#include "gateway/intake/conclusion.h"
#include "gateway/replay/replay_remarks.h"

/*
 * The rows that a decision left, against those that it would leave now: of the decision itself, its
 * reports, findings and signatures column by column, of the lines of each report their digest.
 * Remarks name row and column, never an amount.
 */
MUST_USE enum err replay_rows_compare(struct store *store, struct arena *arena,
                                      const struct replay_target *target,
                                      const struct concluding *item, struct replay_remarks *remarks,
                                      struct fault *fault);

#endif
