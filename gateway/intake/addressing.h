#ifndef GATEWAY_INTAKE_ADDRESSING_H
#define GATEWAY_INTAKE_ADDRESSING_H

#include "gateway/intake/conclusion.h"

/*
 * What offices are sent, noted by kind of office and place (intake.addressing), so that the list of
 * an office is found along an index. It opens nothing: whether a report may be seen is asked of the
 * report. What the zarząd of a JST is sent is not noted: it sees what is below it.
 */

/* The accepted reports of a batch, within its second commit. ERR_MEMORY, ERR_STORE and its like. */
MUST_USE enum err addressing_note(struct store *store, struct arena *arena,
                                  const struct concluding *items, size_t count,
                                  struct fault *fault);

#endif
