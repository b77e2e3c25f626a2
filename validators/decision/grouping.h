#ifndef VALIDATORS_DECISION_GROUPING_H
#define VALIDATORS_DECISION_GROUPING_H

#include "validators/decision/decision.h"

/*
 * Findings of one code in several reports of one file: most likely one cause, to be mended once (a
 * template, an export, a habit). Where one and the same difference stands in several of them, that
 * is told too: it is the amount to look for in the books, not one to enter. What is only
 * information is left out, and so is what was cut from the lists.
 */
/* Most severe first, then by the number of units, of findings, and by code. ERR_MEMORY. */
MUST_USE enum err grouping_make(struct arena *arena, const struct decided_file *file,
                                const struct finding_group **out, size_t *count,
                                struct fault *fault);

#endif
