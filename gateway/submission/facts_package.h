#ifndef GATEWAY_SUBMISSION_FACTS_PACKAGE_H
#define GATEWAY_SUBMISSION_FACTS_PACKAGE_H

#include "gateway/receipt/receipt.h"
#include "validators/decision/decision.h"

/*
 * The findings of a package, as they stand on receipts: all for the sender, and for each unit those
 * that stand within its element. A unit's receipt has its own only, because a package of many units
 * and many findings would else state every finding once for each unit. Pure.
 */
struct facts_package {
    const struct receipt_finding *all; /* in the order of the decision */
    size_t                        count;
    const struct receipt_finding *by_unit; /* the same; those of no unit at the end */
    const size_t                 *from;    /* of each unit in by_unit; one more: of none */
};

/* Texts are borrowed from file. ERR_MEMORY. */
MUST_USE enum err facts_package_make(struct arena *arena, const struct decided_file *file,
                                     struct facts_package *out, struct fault *fault);

#endif
