#ifndef VALIDATORS_SIGNATURE_TAG_H
#define VALIDATORS_SIGNATURE_TAG_H

#include "validators/signature/c14n.h"

/*
 * A start tag taken apart, nothing decoded: all texts are slices of the file. Namespace
 * declarations and attributes are kept apart.
 */
struct tag_attribute {
    struct str full;   /* "p:a" as it stands */
    struct str prefix; /* empty for none */
    struct str name;   /* local name */
    struct str value;  /* inside the quotes */
    struct str space;  /* namespace URI; filled by whoever knows what is in scope */
};

struct tag {
    struct str                 raw;  /* from '<' to behind '>' */
    struct str                 full; /* "p:Name" */
    struct str                 prefix;
    bool                       empty; /* <a/> */
    size_t                     attribute_count;
    size_t                     declaration_count;
    struct tag_attribute       attributes[C14N_ATTRIBUTES_MAX];
    struct element_declaration declarations[C14N_ATTRIBUTES_MAX];
};

/*
 * Read the start tag that begins at bytes[0]. Fails with ERR_LIMIT (C14N_TAG_MAX,
 * C14N_ATTRIBUTES_MAX) or ERR_SYNTAX.
 */
MUST_USE enum err tag_read(struct str bytes, struct tag *tag, struct fault *fault);

/* Bytes of a name at the beginning of bytes. */
size_t tag_name_size(struct str bytes);

#endif
