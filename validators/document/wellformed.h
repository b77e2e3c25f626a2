#ifndef VALIDATORS_DOCUMENT_WELLFORMED_H
#define VALIDATORS_DOCUMENT_WELLFORMED_H

#include "validators/document/pass.h"

/*
 * A file that is not well-formed XML: the parser's first complaint becomes one finding of the
 * package (XML-090 .. XML-099, schemas/package/0.3/wellformed.rules.xml), and the parser is
 * stopped.
 */

/* libxml2's parser complains (user is its guard); warnings are ignored, its internal failures are
 * ours (ERR_PARSER). */
void wellformed_heard(void *user, xmlErrorPtr error);

/* A limit of the pass was met that prescan should have met before (XML-097). */
void wellformed_limit(struct pass *pass);

/* After the last byte: a file that ended without a complaint but is not whole is cut off. */
void wellformed_finish(struct pass *pass);

#endif
