#ifndef VALIDATORS_DOCUMENT_LEAF_H
#define VALIDATORS_DOCUMENT_LEAF_H

#include "validators/document/pass.h"

/*
 * The end of an element that holds text: a header field goes into the package, a cell into the
 * columns. One fault of a cell is one finding: what libxml2 said of the same text is merged into
 * ours, which names the reason (an amount with a comma). A comment or CDATA inside a leaf is a
 * finding, and a cell with any finding is unknown.
 */

/* The innermost element ends; pass->text is its text, the schema has had its say. */
void leaf_close(struct pass *pass);

/* Whether this column of the row being read already has a cell. */
bool leaf_given(struct pass *pass, enum role role, size_t slot);

/* The column was given twice: which of them holds cannot be told. */
void leaf_spoil(struct pass *pass, enum role role, size_t slot);

#endif
