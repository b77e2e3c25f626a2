#ifndef VALIDATORS_SIGNATURE_BINDINGS_H
#define VALIDATORS_SIGNATURE_BINDINGS_H

#include "validators/signature/c14n.h"

/*
 * What each namespace prefix means here: in the document, and in the canonical output written so
 * far. Changes are undone when an element ends. Every step costs at most C14N_PREFIXES_MAX
 * comparisons, however deep the document is.
 */
enum { BINDINGS_DEFAULT = 0, BINDINGS_XML = 1 };

struct binding {
    struct str prefix;
    struct str uri;      /* in scope; empty: none */
    struct str rendered; /* in the output; empty: none */
};

struct binding_change {
    size_t     index;
    struct str uri;
    struct str rendered;
};

struct bindings {
    size_t                count;
    size_t                change_count;
    struct binding        items[C14N_PREFIXES_MAX];
    struct binding_change changes[C14N_CHANGES_MAX];
};

void bindings_start(struct bindings *bindings);

/* The index of a prefix, which is added when it is new. Fails with ERR_LIMIT. */
MUST_USE enum err bindings_find(struct bindings *bindings, struct str prefix, size_t *index,
                                struct fault *fault);

/*
 * prefix means uri from here on; *index is its own. Fails with ERR_LIMIT, also when the namespace
 * name is not plain (c14n.h).
 */
MUST_USE enum err bindings_declare(struct bindings                  *bindings,
                                   const struct element_declaration *declaration, size_t *index,
                                   struct fault *fault);

/* The output declares it as it is in scope. Fails with ERR_LIMIT. */
MUST_USE enum err bindings_render(struct bindings *bindings, size_t index, struct fault *fault);

/* Back to the state in which change_count was `mark`. */
void bindings_undo(struct bindings *bindings, size_t mark);

#endif
