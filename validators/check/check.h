#ifndef VALIDATORS_CHECK_CHECK_H
#define VALIDATORS_CHECK_CHECK_H

#include "validators/catalogue/catalogue.h"
#include "validators/finding/finding.h"
#include "validators/package/package.h"
#include "validators/prescan/prescan.h"

/*
 * Everything that touches the untrusted bytes of one file: prescan, the pass with the schemas, the
 * signatures. This is what runs in the sandbox (design.md 3, `checker`); its result is plain data
 * that crosses to the process that decides (checked.h). Which findings matter is not its concern.
 */
struct document_schemas;
struct signature_trust;

struct check_request {
    struct str                     bytes; /* the file; lives as long as the result */
    const struct prescan_limits   *limits;
    const struct catalogue        *catalogue;
    const struct document_schemas *schemas;
    const struct signature_trust  *trust; /* NULL: no trust store was given */
    moment                         at;    /* arrival */
};

struct checked {
    struct package   package;
    struct findings *findings;
};

/* Fails only when we could not work (ERR_MEMORY, ERR_PARSER, ERR_CRYPTO); a bad file is findings.
 */
MUST_USE enum err check_run(struct arena *arena, const struct check_request *request,
                            struct checked *out, struct fault *fault);

#endif
