#ifndef VALIDATORS_SIGNATURE_SHAPE_H
#define VALIDATORS_SIGNATURE_SHAPE_H

#include "validators/element/element.h"

/*
 * The one shape that a ds:Signature of BeSTi@ has (domain.md 5; tests/samples): which element
 * stands where, in which order, with which attributes. Whatever else stands there is told as a
 * fault with its name and its place; nothing is skipped over. What the texts mean is profile.h's.
 */
enum shape_part {
    SHAPE_SIGNATURE,
    SHAPE_SIGNED_INFO,
    SHAPE_CANONICALIZATION,
    SHAPE_SIGNATURE_METHOD,
    SHAPE_DATA, /* the Reference to the report */
    SHAPE_DATA_TRANSFORMS,
    SHAPE_DATA_TRANSFORM,
    SHAPE_DATA_METHOD,
    SHAPE_DATA_DIGEST,
    SHAPE_OWN, /* the Reference to SignedProperties */
    SHAPE_OWN_METHOD,
    SHAPE_OWN_DIGEST,
    SHAPE_VALUE,
    SHAPE_KEY_INFO,
    SHAPE_X509_DATA,
    SHAPE_CERTIFICATE,
    SHAPE_OBJECT,
    SHAPE_QUALIFYING,
    SHAPE_PROPERTIES, /* SignedProperties */
    SHAPE_SIGNATURE_PROPERTIES,
    SHAPE_TIME,
    SHAPE_SIGNING_CERTIFICATE,
    SHAPE_CERT,
    SHAPE_CERT_DIGEST,
    SHAPE_CERT_METHOD,
    SHAPE_CERT_VALUE,
    SHAPE_ISSUER_SERIAL,
    SHAPE_ISSUER,
    SHAPE_SERIAL,
    SHAPE_SIGNER_ROLE,
    SHAPE_CLAIMED_ROLES,
    SHAPE_CLAIMED_ROLE,
    SHAPE_ROLE,
    SHAPE_DATA_PROPERTIES,
    SHAPE_FORMAT,
    SHAPE_DESCRIPTION,
    SHAPE_MIME_TYPE,
    SHAPE_COUNT
};

enum shape_fault_kind {
    SHAPE_UNKNOWN_ELEMENT,   /* name: its name; item: itself */
    SHAPE_MISSING_ELEMENT,   /* name: what is missing; item: where */
    SHAPE_UNKNOWN_ATTRIBUTE, /* name: its name */
    SHAPE_MISSING_ATTRIBUTE, /* name: its name */
    SHAPE_IMPURE,            /* a comment, CDATA or PI; or text between elements */
};

enum { SHAPE_FAULTS_MAX = 8 };

struct shape_fault {
    enum shape_fault_kind kind;
    struct str            name;
    int32_t               item;
};

struct shape {
    int32_t            items[SHAPE_COUNT]; /* index in the table, or ELEMENT_NONE */
    struct shape_fault faults[SHAPE_FAULTS_MAX];
    size_t             fault_count; /* the first SHAPE_FAULTS_MAX; 0: exactly the shape */
};

/* arena: for bookkeeping as long as the table. False when it is full. */
MUST_USE bool shape_read(struct arena *arena, const struct element_table *table, struct shape *out);

/* The trimmed text of a part; .data == NULL when the part is missing. */
struct str shape_text(const struct shape *shape, const struct element_table *table,
                      enum shape_part part);

/* An attribute of a part; .data == NULL when either is missing. */
struct str shape_attribute(const struct shape *shape, const struct element_table *table,
                           enum shape_part part, const char *name);

#endif
