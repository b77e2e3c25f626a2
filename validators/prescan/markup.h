#ifndef VALIDATORS_PRESCAN_MARKUP_H
#define VALIDATORS_PRESCAN_MARKUP_H

#include "validators/prescan/names.h"
#include "validators/prescan/refusal.h"

/*
 * Walk over tags, texts, comments, CDATA sections and references, counting what the limits name and
 * building nothing. bytes: from the start of the file, known to be clean UTF-8; the walk begins at
 * `from`, behind byte order mark and declaration. *names is filled.
 *
 * out->code stays PRESCAN_CLEAN when everything up to the end passes. A construct that reaches the
 * end of bytes unfinished is PRESCAN_CUT_OFF, whatever else it may be.
 */
void markup_check(struct str bytes, size_t from, const struct prescan_limits *limits,
                  struct names *names, struct refusal *out);

#endif
