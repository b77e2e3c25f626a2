#ifndef VALIDATORS_DOCUMENT_SCHEMA_H
#define VALIDATORS_DOCUMENT_SCHEMA_H

#include "validators/base/err.h"
#include "validators/base/str.h"

#include <libxml/xmlschemas.h>

/*
 * One XSD of ours, compiled, with the words that findings take from it: what an element or an
 * attribute should look like is the xs:documentation of its named simple type. Constant once made.
 * An XSD stands alone: no include, no import, nothing is read from anywhere.
 */
struct schema_word {
    struct str name;     /* of an element or attribute */
    struct str expected; /* "dokładnie 3 cyfry"; empty for elements of complex type */
    bool       required; /* minOccurs is not 0 */
};

struct schema {
    xmlSchemaPtr              compiled;
    const struct schema_word *words;
    size_t                    word_count;
};

struct document_schemas {
    struct schema  package;
    struct schema *forms; /* by index of the catalogue's forms */
};

/*
 * Compile bytes; name is for messages. The handle is released with arena. Fails with ERR_CATALOGUE
 * (the schema does not compile: line and libxml2's message) or ERR_MEMORY.
 */
MUST_USE enum err schema_compile(struct arena *arena, struct str bytes, struct str name,
                                 struct schema *out, struct fault *fault);

/* The word of this name, one with a description before one without; NULL if there is none. */
const struct schema_word *schema_word(const struct schema *schema, struct str name);

#endif
