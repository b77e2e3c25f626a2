#ifndef VALIDATORS_DOCUMENT_OPENED_H
#define VALIDATORS_DOCUMENT_OPENED_H

#include "validators/document/pass.h"

/*
 * A start tag has been read: what the element is to us (role), who judges it, and what begins with
 * it. What may not stand where it stands gets its finding here and is not looked into: a second
 * element of a name that occurs once, a foreign namespace, and above all a report or a signature
 * anywhere but in its own place (signature wrapping).
 */

/* frame is the innermost element, its start known; parent is the one around it. */
void opened_classify(struct pass *pass, const struct frame *parent, struct frame *frame,
                     const struct start_tag *tag);

/* Units, reports, rows and signatures begin; fields of containers are placed. */
void opened_enter(struct pass *pass, struct frame *frame, const struct start_tag *tag);

/*
 * The attributes that a schema may see, five pointers each, in kept; returns their count. Those of
 * a namespace (xsi:type, xml:lang, ...) get a finding and are left out: no schema machinery ever
 * takes an instruction from the document.
 */
size_t opened_filter(struct pass *pass, const struct frame *frame, const struct start_tag *tag,
                     const xmlChar **kept);

#endif
