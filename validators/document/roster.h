#ifndef VALIDATORS_DOCUMENT_ROSTER_H
#define VALIDATORS_DOCUMENT_ROSTER_H

#include "validators/document/pass.h"

/*
 * The lists of the package being read: units, reports, signatures, and the namespace declarations
 * in scope at each of the latter. The element that is added is the innermost open one.
 */

/* All return false when memory runs out. */
MUST_USE bool roster_add_unit(struct pass *pass);
MUST_USE bool roster_add_signature(struct pass *pass);

/*
 * A report with its form chosen by the period of the package: state, form, columns, scope and place
 * are set. Its schema is not yet opened.
 */
MUST_USE bool roster_add_report(struct pass *pass, const struct start_tag *tag);

/* A namespace declaration of a start tag; borrowed. */
struct element_declaration roster_declaration(const struct start_tag *tag, size_t index);

/* Bring the declarations of the innermost element into scope; taken out again at its end. */
MUST_USE bool roster_declare(struct pass *pass, const struct start_tag *tag);
void          roster_undeclare(struct pass *pass, const struct frame *frame);

#endif
