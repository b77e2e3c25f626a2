#include "validators/signature/shape.h"

#include <string.h>

#define DS "http://www.w3.org/2000/09/xmldsig#"
#define XADES "http://uri.etsi.org/01903/v1.1.1#"

enum { ATTRIBUTES_MAX = 2, NO_PART = -1 };

/* A part that is `late` may be missing: what that means is told by a later step. */
enum need { REQUIRED, LATE };

struct row {
    const char *space;
    const char *name;
    int         parent; /* enum shape_part */
    enum need   need;
    const char *attributes[ATTRIBUTES_MAX]; /* all required */
};

/* In document order; parts with one parent stand in the order in which they must come. */
static const struct row rows[SHAPE_COUNT] = {
    [SHAPE_SIGNATURE] = {DS,    "Signature",                  NO_PART,                    REQUIRED, {"Id"}             },
    [SHAPE_SIGNED_INFO] = {DS,    "SignedInfo",                 SHAPE_SIGNATURE,            REQUIRED, {0}                },
    [SHAPE_CANONICALIZATION] =
        {DS,    "CanonicalizationMethod",     SHAPE_SIGNED_INFO,          REQUIRED, {"Algorithm"}      },
    [SHAPE_SIGNATURE_METHOD] = {DS,    "SignatureMethod",            SHAPE_SIGNED_INFO,          REQUIRED, {"Algorithm"}      },
    [SHAPE_DATA] = {DS,    "Reference",                  SHAPE_SIGNED_INFO,          REQUIRED, {"URI"}            },
    [SHAPE_DATA_TRANSFORMS] = {DS,    "Transforms",                 SHAPE_DATA,                 REQUIRED, {0}                },
    [SHAPE_DATA_TRANSFORM] = {DS,    "Transform",                  SHAPE_DATA_TRANSFORMS,      REQUIRED, {"Algorithm"}      },
    [SHAPE_DATA_METHOD] = {DS,    "DigestMethod",               SHAPE_DATA,                 REQUIRED, {"Algorithm"}      },
    [SHAPE_DATA_DIGEST] = {DS,    "DigestValue",                SHAPE_DATA,                 REQUIRED, {0}                },
    [SHAPE_OWN] = {DS,    "Reference",                  SHAPE_SIGNED_INFO,          REQUIRED, {"URI", "Type"}    },
    [SHAPE_OWN_METHOD] = {DS,    "DigestMethod",               SHAPE_OWN,                  REQUIRED, {"Algorithm"}      },
    [SHAPE_OWN_DIGEST] = {DS,    "DigestValue",                SHAPE_OWN,                  REQUIRED, {0}                },
    [SHAPE_VALUE] = {DS,    "SignatureValue",             SHAPE_SIGNATURE,            REQUIRED, {0}                },
    [SHAPE_KEY_INFO] = {DS,    "KeyInfo",                    SHAPE_SIGNATURE,            REQUIRED, {0}                },
    [SHAPE_X509_DATA] = {DS,    "X509Data",                   SHAPE_KEY_INFO,             REQUIRED, {0}                },
    [SHAPE_CERTIFICATE] = {DS,    "X509Certificate",            SHAPE_X509_DATA,            REQUIRED, {0}                },
    [SHAPE_OBJECT] = {DS,    "Object",                     SHAPE_SIGNATURE,            REQUIRED, {"Id"}             },
    [SHAPE_QUALIFYING] = {XADES, "QualifyingProperties",       SHAPE_OBJECT,               REQUIRED, {"Target"}         },
    [SHAPE_PROPERTIES] = {XADES, "SignedProperties",           SHAPE_QUALIFYING,           REQUIRED, {"Id"}             },
    [SHAPE_SIGNATURE_PROPERTIES] =
        {XADES, "SignedSignatureProperties",  SHAPE_PROPERTIES,           REQUIRED, {0}                },
    [SHAPE_TIME] = {XADES, "SigningTime",                SHAPE_SIGNATURE_PROPERTIES, LATE,     {0}                },
    [SHAPE_SIGNING_CERTIFICATE] =
        {XADES, "SigningCertificate",         SHAPE_SIGNATURE_PROPERTIES, REQUIRED, {0}                },
    [SHAPE_CERT] = {XADES, "Cert",                       SHAPE_SIGNING_CERTIFICATE,  REQUIRED, {0}                },
    [SHAPE_CERT_DIGEST] = {XADES, "CertDigest",                 SHAPE_CERT,                 REQUIRED, {0}                },
    [SHAPE_CERT_METHOD] = {XADES, "DigestMethod",               SHAPE_CERT_DIGEST,          REQUIRED, {"Algorithm"}      },
    [SHAPE_CERT_VALUE] = {XADES, "DigestValue",                SHAPE_CERT_DIGEST,          REQUIRED, {0}                },
    [SHAPE_ISSUER_SERIAL] = {XADES, "IssuerSerial",               SHAPE_CERT,                 REQUIRED, {0}                },
    [SHAPE_ISSUER] = {DS,    "X509IssuerName",             SHAPE_ISSUER_SERIAL,        REQUIRED, {0}                },
    [SHAPE_SERIAL] = {DS,    "X509SerialNumber",           SHAPE_ISSUER_SERIAL,        REQUIRED, {0}                },
    [SHAPE_SIGNER_ROLE] = {XADES, "SignerRole",                 SHAPE_SIGNATURE_PROPERTIES, LATE,     {0}                },
    [SHAPE_CLAIMED_ROLES] = {XADES, "ClaimedRoles",               SHAPE_SIGNER_ROLE,          LATE,     {0}                },
    [SHAPE_CLAIMED_ROLE] = {XADES, "ClaimedRole",                SHAPE_CLAIMED_ROLES,        LATE,     {0}                },
    [SHAPE_ROLE] = {"",    "Role",                       SHAPE_CLAIMED_ROLE,         LATE,     {0}                },
    [SHAPE_DATA_PROPERTIES] =
        {XADES, "SignedDataObjectProperties", SHAPE_PROPERTIES,           REQUIRED, {0}                },
    [SHAPE_FORMAT] =
        {XADES, "DataObjectFormat",           SHAPE_DATA_PROPERTIES,      REQUIRED, {"ObjectReference"}},
    [SHAPE_DESCRIPTION] = {XADES, "Description",                SHAPE_FORMAT,               REQUIRED, {0}                },
    [SHAPE_MIME_TYPE] = {XADES, "MimeType",                   SHAPE_FORMAT,               REQUIRED, {0}                },
};

static void
add_fault(struct shape *shape, enum shape_fault_kind kind, struct str name, int32_t item)
{
    if (shape->fault_count < SHAPE_FAULTS_MAX) {
        shape->faults[shape->fault_count] =
            (struct shape_fault){.kind = kind, .name = name, .item = item};
        shape->fault_count++;
    }
}

/* The next part that may stand here: a child of parent, of this name, behind those seen before. */
static int
find_part(const struct shape *shape, const struct element *element, int parent)
{
    int found = NO_PART;

    for (int part = SHAPE_COUNT - 1; part >= 0; part--) {
        const struct row *row = &rows[part];
        if (row->parent != parent) {
            continue;
        }
        if (shape->items[part] != ELEMENT_NONE) {
            break; /* all parts before this one are past */
        }
        if (str_equal(str_of(row->name), element->name)
            && str_equal(str_of(row->space), element->space)) {
            found = part;
        }
    }
    return found;
}

static bool
is_leaf(int part)
{
    return part == SHAPE_COUNT - 1 || rows[part + 1].parent != part;
}

static bool
expects_attribute(const struct row *row, const struct element_attribute *attribute)
{
    for (size_t i = 0; i < ATTRIBUTES_MAX && row->attributes[i] != NULL; i++) {
        if (attribute->space.size == 0 && str_equal(attribute->name, str_of(row->attributes[i]))) {
            return true;
        }
    }
    return false;
}

static void
check_attributes(struct shape *shape, const struct element_table *table, int32_t item, int part)
{
    const struct element *element = &table->items[item];
    const struct row     *row = &rows[part];

    for (size_t i = 0; i < element->attribute_count; i++) {
        if (!expects_attribute(row, &element->attributes[i])) {
            add_fault(shape, SHAPE_UNKNOWN_ATTRIBUTE, element->attributes[i].name, item);
        }
    }
    for (size_t i = 0; i < ATTRIBUTES_MAX && row->attributes[i] != NULL; i++) {
        if (element_attribute(table, item, row->attributes[i]).data == NULL) {
            add_fault(shape, SHAPE_MISSING_ATTRIBUTE, str_of(row->attributes[i]), item);
        }
    }
}

static void
take_element(struct shape *shape, const struct element_table *table, int32_t item, int *parts)
{
    const struct element *element = &table->items[item];
    int parent = element->parent == ELEMENT_NONE ? NO_PART : parts[element->parent];

    parts[item] = NO_PART;
    if (element->parent != ELEMENT_NONE && parent == NO_PART) {
        return; /* inside something unknown, which was told */
    }
    int part = find_part(shape, element, parent);
    if (part == NO_PART) {
        add_fault(shape, SHAPE_UNKNOWN_ELEMENT, element->name, item);
        return;
    }
    shape->items[part] = item;
    parts[item] = part;
    check_attributes(shape, table, item, part);
    if (element->impure || (!is_leaf(part) && str_trim(element->text).size > 0)) {
        add_fault(shape, SHAPE_IMPURE, element->name, item);
    }
}

static void
find_missing(struct shape *shape)
{
    for (int part = 0; part < SHAPE_COUNT; part++) {
        int  parent = rows[part].parent;
        bool has_place = parent == NO_PART || shape->items[parent] != ELEMENT_NONE;
        if (shape->items[part] == ELEMENT_NONE && has_place && rows[part].need == REQUIRED) {
            add_fault(shape, SHAPE_MISSING_ELEMENT, str_of(rows[part].name),
                      parent == NO_PART ? 0 : shape->items[parent]);
        }
    }
}

bool
shape_read(struct arena *arena, const struct element_table *table, struct shape *out)
{
    int *parts = ARENA_NEW(arena, int, table->count);

    if (parts == NULL) {
        return false;
    }
    out->fault_count = 0;
    for (int part = 0; part < SHAPE_COUNT; part++) {
        out->items[part] = ELEMENT_NONE;
    }
    for (size_t item = 0; item < table->count; item++) {
        take_element(out, table, (int32_t)item, parts);
    }
    find_missing(out);
    return true;
}

struct str
shape_text(const struct shape *shape, const struct element_table *table, enum shape_part part)
{
    int32_t item = shape->items[part];

    if (item == ELEMENT_NONE) {
        return (struct str){0};
    }
    struct str text = str_trim(table->items[item].text);
    return text.data == NULL ? STR("") : text;
}

struct str
shape_attribute(const struct shape *shape, const struct element_table *table, enum shape_part part,
                const char *name)
{
    int32_t item = shape->items[part];

    return item == ELEMENT_NONE ? (struct str){0} : element_attribute(table, item, name);
}
