#ifndef VALIDATORS_DOCUMENT_GRAMMAR_H
#define VALIDATORS_DOCUMENT_GRAMMAR_H

#include "validators/document/frame.h"

#include <libxml/tree.h>

/*
 * Which element of the exchange format (domain.md 5) plays which role, by its parent's role and its
 * name. The same shape for every form; the columns of a form come from the catalogue. Whether an
 * element may stand where it stands is the schema's question, not the grammar's.
 */
enum {
    GRAMMAR_PERIOD_YEAR,
    GRAMMAR_PERIOD_TYPE,
    GRAMMAR_PERIOD_NUMBER,
};

enum {
    GRAMMAR_HEADER_VERSION,
    GRAMMAR_HEADER_DATE,
    GRAMMAR_HEADER_GROUPS,
    GRAMMAR_HEADER_REMARKS,
    GRAMMAR_HEADER_VARIANT, /* and behind it the other variants of the form, in its order */
};

enum { GRAMMAR_WORDS_MAX = 48 };

/* Names interned for one parser. */
struct grammar {
    const char *names[GRAMMAR_WORDS_MAX];
    size_t      from[ROLE_COUNT + 1]; /* words whose parent has role r: [from[r], from[r + 1]) */
    const char *codes[COLUMNS_CODES_MAX];
    const char *amounts[COLUMNS_AMOUNTS_MAX];
    const char *variants[FORM_VARIANTS_MAX];
    const struct form *form; /* whose columns and variants are interned, or NULL */
};

/* False when libxml2 is out of memory. */
MUST_USE bool grammar_create(struct grammar *grammar, xmlDictPtr names);

/* Make form's columns the children of a row, its variants those of the header. */
MUST_USE bool grammar_use_form(struct grammar *grammar, const struct form *form, xmlDictPtr names);

/* Role and slot of an element without namespace; ROLE_OTHER when the grammar has no such child. */
enum role grammar_role(const struct grammar *grammar, enum role parent, const char *name,
                       size_t *slot);

#endif
