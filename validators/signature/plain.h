#ifndef VALIDATORS_SIGNATURE_PLAIN_H
#define VALIDATORS_SIGNATURE_PLAIN_H

#include "validators/signature/c14n.h"

/*
 * The plain part of a document: elements without attributes and without prefix, and text without
 * references, '>' and carriage returns. It is canonical as it stands, and nearly all of a report is
 * of that kind. Knows nothing of namespaces: whoever calls has made sure that a tag of this kind
 * needs no declaration in the output.
 */

/* An element that is open: its name for the end tag, and where its namespace changes begin. */
struct plain_open {
    struct str name; /* "p:Name", as it stands */
    size_t     mark;
};

/* The way from the root to the present place. */
struct plain_nesting {
    size_t            depth;
    struct plain_open open[C14N_DEPTH_MAX];
};

/*
 * The size of the plain part at the beginning of bytes; its elements are opened and closed in
 * nesting, those opened with this mark. It ends behind the end tag of the outermost element, before
 * the end tag of an element with another mark, and before whatever is not plain, above depth or out
 * of order: to tell these apart is the caller's. Time is linear in the size; what is looked at and
 * not taken is less than PLAIN_NAME_MAX bytes.
 */
enum { PLAIN_NAME_MAX = 256 };

size_t plain_take(struct str bytes, struct plain_nesting *nesting, size_t mark);

#endif
