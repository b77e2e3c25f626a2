#ifndef GATEWAY_FRONT_PARAMETER_H
#define GATEWAY_FRONT_PARAMETER_H

#include "validators/base/str.h"

/*
 * Parameters of a query string, as far as the front itself needs them ("wait=25&strict=true"). The
 * others are the reader's. Nothing is decoded: a name or value that needs decoding is not ours.
 */
enum parameter_found { PARAMETER_ABSENT, PARAMETER_GOOD, PARAMETER_BAD };

/* A whole number from 0 to max. PARAMETER_BAD for anything else, and for a name that stands twice.
 */
enum parameter_found parameter_number(struct str query, struct str name, int64_t max, int64_t *out);

/* "true" or "false". */
enum parameter_found parameter_truth(struct str query, struct str name, bool *out);

#endif
