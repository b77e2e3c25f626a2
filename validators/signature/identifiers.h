#ifndef VALIDATORS_SIGNATURE_IDENTIFIERS_H
#define VALIDATORS_SIGNATURE_IDENTIFIERS_H

#include "validators/package/package.h"

/*
 * The Ids of all reports, Signatures and Objects of a package, which must differ from one another.
 * The Id of SignedProperties is none of them: in real files all of those are equal, so they are
 * found by their place in their own Signature and never by their Id.
 */
struct identifiers {
    const struct str *sorted;
    size_t            count;
};

/* Borrows the texts of package. Fails with ERR_MEMORY. */
MUST_USE enum err identifiers_collect(struct arena *arena, const struct package *package,
                                      struct identifiers *out, struct fault *fault);

/* How often this Id stands in the package. */
size_t identifiers_count(const struct identifiers *identifiers, struct str id);

#endif
