#ifndef GATEWAY_FRONT_PARAMETER_H
#define GATEWAY_FRONT_PARAMETER_H

#include "validators/base/arena.h"
#include "validators/base/str.h"

/*
 * Parameters of a query string, as far as the front itself needs them ("wait=25&strict=true"). The
 * others are the reader's. Names are never decoded, values only where a text is asked for.
 */
enum parameter_found { PARAMETER_ABSENT, PARAMETER_GOOD, PARAMETER_BAD };

/* A whole number from 0 to max. PARAMETER_BAD for anything else, and for a name that stands twice.
 */
enum parameter_found parameter_number(struct str query, struct str name, int64_t max, int64_t *out);

/* A text, its escapes (%C5%BC, and '+' for a blank, as forms send it) undone, in arena.
 * PARAMETER_BAD for an escape that is none, for what is no UTF-8, for a name that stands twice. */
enum parameter_found parameter_text(struct arena *arena, struct str query, struct str name,
                                    struct str *out);

/* "true" or "false". */
enum parameter_found parameter_truth(struct str query, struct str name, bool *out);

#endif
