#ifndef GATEWAY_READER_EXAMPLES_H
#define GATEWAY_READER_EXAMPLES_H

#include "validators/catalogue/catalogue.h"

/*
 * The synthetic report of every form (validators/rules/example.h), made once an edition, so that
 * nobody who asks for one costs more than its bytes.
 */

/* *out: one text for each form of the catalogue; empty where no case is good for it. */
MUST_USE enum err examples_make(struct arena *arena, const struct catalogue *catalogue,
                                const struct str **out, struct fault *fault);

#endif
