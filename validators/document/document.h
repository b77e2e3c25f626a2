#ifndef VALIDATORS_DOCUMENT_DOCUMENT_H
#define VALIDATORS_DOCUMENT_DOCUMENT_H

#include "validators/catalogue/catalogue.h"
#include "validators/finding/finding.h"
#include "validators/package/package.h"

/*
 * The one pass over an untrusted package: bytes that have passed prescan become a package (columns,
 * header fields, places, the signatures as small tables) and findings of structure. There is no
 * DOM: libxml2's push parser calls our own SAX handler, which feeds two kinds of schema validator
 * by hand, one for the package's shell and a fresh one for each report, chosen by (form, period). A
 * report with more than FINDING_REPORT_MAX findings is cut off there; the next one is judged anew.
 *
 * Knows nothing of rules, severities or signatures' validity. Not well-formed is one finding
 * (XML-090 .. XML-099) and package.complete = false; what was read to its end before stays, and a
 * report in which the file broke off is REPORT_CUT and ends with the file.
 */
enum {
    DOCUMENT_DEPTH_MAX = 64,                        /* open elements, as prescan's limit */
    DOCUMENT_SIGNATURE_ELEMENTS_MAX = 200,          /* of one signature */
    DOCUMENT_SIGNATURE_TEXT_MAX = 16 * 1024,        /* of one element or attribute in it, bytes */
    DOCUMENT_SIGNATURE_ELEMENTS_TOTAL_MAX = 200000, /* of all signatures of a package */
};

/*
 * The compiled schemas: the package's shell and one per form version, by index of the catalogue.
 * Constant once compiled; any number of forked processes may use them.
 */
struct document_schemas;

/*
 * Compile package.xsd and every form's report.xsd. guard_initialise() must have run. The result
 * lives in arena. Fails with ERR_CATALOGUE (a schema does not compile: which, where, why) or
 * ERR_MEMORY.
 */
MUST_USE enum err document_schemas_compile(struct arena *arena, const struct catalogue *catalogue,
                                           const struct document_schemas **out,
                                           struct fault                   *fault);

/*
 * Read one file. Borrows bytes, which are UTF-8 that has passed prescan; everything reachable from
 * *out lives in arena. A bad file is findings, not an error. Fails with ERR_MEMORY (arena full) or
 * ERR_PARSER (libxml2 failed inside itself: the file is then neither valid nor invalid); *out is
 * untouched then.
 */
MUST_USE enum err document_read(struct arena *arena, struct str bytes,
                                const struct catalogue        *catalogue,
                                const struct document_schemas *schemas, struct package *out,
                                struct findings *findings, struct fault *fault);

#endif
