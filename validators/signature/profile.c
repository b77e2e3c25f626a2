#include "validators/signature/profile.h"

#include "validators/signature/complaint.h"

#define SHA256 "http://www.w3.org/2001/04/xmlenc#sha256"

struct algorithm {
    const char     *wanted;
    enum shape_part part;
    enum complaint  complaint;
};

static const struct algorithm algorithms[] = {
    {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",   SHAPE_CANONICALIZATION,
     COMPLAINT_CANONICALIZATION                                                                          },
    {"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", SHAPE_SIGNATURE_METHOD,
     COMPLAINT_SIGNATURE_METHOD                                                                          },
    {"http://www.w3.org/2001/10/xml-exc-c14n#",           SHAPE_DATA_TRANSFORM,   COMPLAINT_TRANSFORM    },
    {SHA256,                                              SHAPE_DATA_METHOD,      COMPLAINT_DIGEST_METHOD},
    {SHA256,                                              SHAPE_OWN_METHOD,       COMPLAINT_DIGEST_METHOD},
    {SHA256,                                              SHAPE_CERT_METHOD,      COMPLAINT_DIGEST_METHOD},
};

static struct str
attribute_of(const struct verification *verification, enum shape_part part, const char *name)
{
    return shape_attribute(&verification->shape, &verification->signature->table, part, name);
}

bool
profile_algorithm_is_right(const struct verification *verification, enum shape_part part)
{
    for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
        if (algorithms[i].part == part) {
            return str_equal(attribute_of(verification, part, "Algorithm"),
                             str_of(algorithms[i].wanted));
        }
    }
    return false;
}

/* What to call it: an element that names an algorithm is refused by that name. */
static struct str
name_of(const struct verification *verification, const struct shape_fault *fault_of_shape)
{
    const struct element_table *table = &verification->signature->table;
    struct str                  algorithm = {0};

    if (fault_of_shape->kind == SHAPE_UNKNOWN_ELEMENT) {
        algorithm = element_attribute(table, fault_of_shape->item, "Algorithm");
    }
    return algorithm.data == NULL ? fault_of_shape->name
                                  : str_format(verification->shared->arena, "%.*s (%.*s)",
                                               STR_ARG(fault_of_shape->name), STR_ARG(algorithm));
}

static enum err
check_shape(struct verification *verification, struct fault *fault)
{
    static const enum complaint complaints[] = {
        [SHAPE_UNKNOWN_ELEMENT] = COMPLAINT_UNKNOWN_ELEMENT,
        [SHAPE_MISSING_ELEMENT] = COMPLAINT_MISSING_ELEMENT,
        [SHAPE_UNKNOWN_ATTRIBUTE] = COMPLAINT_UNKNOWN_ATTRIBUTE,
        [SHAPE_MISSING_ATTRIBUTE] = COMPLAINT_MISSING_ATTRIBUTE,
        [SHAPE_IMPURE] = COMPLAINT_IMPURE,
    };

    for (size_t i = 0; i < verification->shape.fault_count; i++) {
        const struct shape_fault *found = &verification->shape.faults[i];
        bool                      missing =
            found->kind == SHAPE_MISSING_ELEMENT || found->kind == SHAPE_MISSING_ATTRIBUTE;
        struct str              name = name_of(verification, found);
        struct complaint_values values = {.found = missing ? (struct str){0} : name,
                                          .expected = missing ? name : (struct str){0}};
        int32_t item = verification->signature->table.count == 0 ? ELEMENT_NONE : found->item;
        TRY(complaint_add(verification, complaints[found->kind], item, &values, fault));
    }
    return ERR_OK;
}

static enum err
check_algorithm(struct verification *verification, const struct algorithm *algorithm,
                struct fault *fault)
{
    struct str found = attribute_of(verification, algorithm->part, "Algorithm");

    if (found.data == NULL || str_equal(found, str_of(algorithm->wanted))) {
        return ERR_OK;
    }
    struct complaint_values values = {.found = found, .expected = str_of(algorithm->wanted)};
    return complaint_add(verification, algorithm->complaint,
                         verification->shape.items[algorithm->part], &values, fault);
}

/* An attribute of a part must be "#" followed by id. */
static enum err
check_link(struct verification *verification, enum shape_part part, const char *name, struct str id,
           enum complaint complaint, struct fault *fault)
{
    struct str found = attribute_of(verification, part, name);

    if (found.data == NULL || id.data == NULL
        || (str_starts_with(found, STR("#")) && str_equal(str_slice(found, 1, found.size), id))) {
        return ERR_OK;
    }
    struct complaint_values values = {
        .found = found, .expected = str_format(verification->shared->arena, "#%.*s", STR_ARG(id))};
    return complaint_add(verification, complaint, verification->shape.items[part], &values, fault);
}

static enum err
check_links(struct verification *verification, struct fault *fault)
{
    static const char type[] = "http://uri.etsi.org/01903/v1.1.1#SignedProperties";
    struct str        found = attribute_of(verification, SHAPE_OWN, "Type");

    TRY(check_link(verification, SHAPE_OWN, "URI",
                   attribute_of(verification, SHAPE_PROPERTIES, "Id"), COMPLAINT_OWN_REFERENCE,
                   fault));
    TRY(check_link(verification, SHAPE_QUALIFYING, "Target",
                   attribute_of(verification, SHAPE_SIGNATURE, "Id"), COMPLAINT_TARGET, fault));
    if (found.data == NULL || str_equal(found, str_of(type))) {
        return ERR_OK;
    }
    struct complaint_values values = {.found = found, .expected = str_of(type)};
    return complaint_add(verification, COMPLAINT_OWN_REFERENCE,
                         verification->shape.items[SHAPE_OWN], &values, fault);
}

/* The Id of a part may stand in the package count_max times. */
static enum err
check_identifier(struct verification *verification, enum shape_part part, size_t count_max,
                 struct fault *fault)
{
    struct str id = attribute_of(verification, part, "Id");

    if (id.data == NULL || identifiers_count(&verification->shared->identifiers, id) <= count_max) {
        return ERR_OK;
    }
    struct complaint_values values = {.found = id};
    return complaint_add(verification, COMPLAINT_REPEATED_ID, verification->shape.items[part],
                         &values, fault);
}

enum err
profile_check(struct verification *verification, struct fault *fault)
{
    TRY(check_shape(verification, fault));
    for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
        TRY(check_algorithm(verification, &algorithms[i], fault));
    }
    TRY(check_links(verification, fault));
    TRY(check_identifier(verification, SHAPE_SIGNATURE, 1, fault));
    TRY(check_identifier(verification, SHAPE_OBJECT, 1, fault));
    /* Shared with other SignedProperties (identifiers.h), never with anything else. */
    return check_identifier(verification, SHAPE_PROPERTIES, 0, fault);
}
