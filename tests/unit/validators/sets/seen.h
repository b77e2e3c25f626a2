#ifndef TESTS_UNIT_VALIDATORS_SETS_SEEN_H
#define TESTS_UNIT_VALIDATORS_SETS_SEEN_H

#include "validators/base/buf.h"
#include "validators/sets/sets.h"

/* What a person would see of a judgement, whatever the order of the reports, as text. */
void seen_write(struct buf *out, const struct sets_judgement *judgement,
                const struct sets_report *reports);

#endif
