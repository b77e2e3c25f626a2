#ifndef VALIDATORS_DOCUMENT_SIGNING_H
#define VALIDATORS_DOCUMENT_SIGNING_H

#include "validators/document/pass.h"

/*
 * Recording of each ds:Signature of Podpisy as a small table of elements with their bytes, for
 * validators/signature. One that exceeds a limit is a finding and is not kept: a signature must
 * never be judged on a part of itself.
 */
#define SIGNING_SPACE "http://www.w3.org/2000/09/xmldsig#"

/* The start tag of a Signature; it is the innermost element. */
void signing_open(struct pass *pass, const struct start_tag *tag);

/* Start tag, text, comment or the like, and end tag of an element inside it, or of itself. */
void signing_part(struct pass *pass, const struct start_tag *tag);
void signing_text(struct pass *pass, struct str piece);
void signing_impure(struct pass *pass);
void signing_part_close(struct pass *pass);

/* The end tag of the Signature. */
void signing_close(struct pass *pass);

#endif
