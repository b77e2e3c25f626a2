#ifndef GATEWAY_INTAKE_OBJECTED_H
#define GATEWAY_INTAKE_OBJECTED_H

#include "gateway/intake/conclusion.h"

/*
 * Reports that are accepted in spite of a rule, noted in the transaction that concludes them, with
 * a message in the outbox for those who are to be told. Decided again, a report is told of once
 * more only when it was not accepted so before. A batch without objections costs nothing.
 */
MUST_USE enum err objected_note(struct store *store, struct arena *arena,
                                const struct concluding *items, size_t count, struct fault *fault);

/* Reports of an item that are accepted in spite of a rule. */
size_t objected_count(const struct concluding *item);

#endif
