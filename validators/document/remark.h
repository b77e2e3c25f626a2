#ifndef VALIDATORS_DOCUMENT_REMARK_H
#define VALIDATORS_DOCUMENT_REMARK_H

#include "validators/document/pass.h"

/*
 * Findings about the innermost open element: its place, its path, the cell in the form's words and
 * the report it belongs to are filled in here. When a limit is reached the open report is cut.
 */

/* code and the texts of *partial; the rest is filled in. An empty subject becomes the element. */
void remark_add(struct pass *pass, const char *code, const struct finding *partial);

/* As remark_add, about an attribute of the start tag: subject and found are its name and value. */
void remark_attribute(struct pass *pass, const char *code, struct str name, const char *technical);

/* libxml2's word on validity (user is the pass): a finding now, or kept in pass->pending until the
 * element ends. */
void remark_heard(void *user, xmlErrorPtr error);

/* What is kept in pass->pending becomes a finding about the element that is ending. */
void remark_pending(struct pass *pass);

/* "dokładnie 3 cyfry": what the schema in force says of an element or attribute; may be empty. */
struct str remark_expected(const struct pass *pass, struct str name);

#endif
