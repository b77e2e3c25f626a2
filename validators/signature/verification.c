#include "validators/signature/verification.h"

#include "validators/signature/base64.h"
#include "validators/signature/complaint.h"
#include "validators/signature/digest.h"
#include "validators/signature/key.h"
#include "validators/signature/profile.h"
#include "validators/signature/signer.h"

#include <openssl/evp.h>
#include <string.h>

enum {
    BITS_PER_BYTE = 8,
    NUMBER_TEXT_MAX = 32,
    BOTH_DIGESTS_MAX = 200,
};

static const struct complaint_values no_values = {{0}, {0}, {0}};

static struct str
text_of(const struct verification *verification, enum shape_part part)
{
    return shape_text(&verification->shape, &verification->signature->table, part);
}

/* What the data reference names: "Rb27s_12.xml" -> "Rb27s_12"; .data == NULL if nothing of ours. */
static struct str
named_report(const struct verification *verification)
{
    struct str uri =
        shape_attribute(&verification->shape, &verification->signature->table, SHAPE_DATA, "URI");

    return uri.size > 4 && str_ends_with(uri, STR(".xml")) ? str_slice(uri, 0, uri.size - 4)
                                                           : (struct str){0};
}

/* The one report of the signature's own unit with this Id, when no other element has the Id. */
static int32_t
find_report(const struct verification *verification)
{
    const struct package      *package = verification->shared->request->package;
    const struct package_unit *unit = &package->units[verification->signature->unit];
    struct str                 id = named_report(verification);

    if (id.data == NULL || identifiers_count(&verification->shared->identifiers, id) != 1) {
        return REPORT_NONE;
    }
    for (uint32_t i = unit->report_from; i < unit->report_from + unit->report_count; i++) {
        if (str_equal(package->reports[i].id, id)) {
            return (int32_t)i;
        }
    }
    return REPORT_NONE;
}

static enum err
read_certificate(struct verification *verification, struct fault *fault)
{
    struct package_signature *signature = verification->signature;
    struct str                text = text_of(verification, SHAPE_CERTIFICATE);
    struct str                der = base64_decode(verification->shared->arena, text);

    verification->certificate_outcome = ERR_SYNTAX;
    if (der.data == NULL) {
        return ERR_OK;
    }
    struct certificate *certificate = NULL;
    TRY(certificates_get(verification->shared->certificates, der, &certificate, fault));
    verification->certificate_outcome = certificate == NULL ? ERR_LIMIT : ERR_OK;
    if (certificate == NULL || certificate->x509 == NULL) {
        return ERR_OK;
    }
    verification->certificate = certificate;
    signature->signer = certificate->common_name;
    memcpy(signature->certificate_sha256, certificate->sha256, sizeof certificate->sha256);
    return ERR_OK;
}

/* All facts that need no judgement, first, so that every finding can say whose signature it is. */
static enum err
read_facts(struct verification *verification, struct fault *fault)
{
    struct package_signature       *signature = verification->signature;
    const struct signature_request *request = verification->shared->request;

    signature->report = find_report(verification);
    signature->failed_step = SIGNATURE_STEP_NONE;
    signature->trusted = false;
    signature->time_known =
        moment_parse_local(text_of(verification, SHAPE_TIME), &signature->signing_time);
    signature->role = text_of(verification, SHAPE_ROLE);
    const struct policy_role *role = policy_role(request->policy, NULL, signature->role);
    signature->policy_role = role == NULL ? (struct str){0} : role->name;
    return read_certificate(verification, fault);
}

/* A part that must be base64 and is not. */
static enum err
check_base64(struct verification *verification, enum shape_part part, struct fault *fault)
{
    struct str text = text_of(verification, part);

    if (text.data == NULL || base64_decode(verification->shared->arena, text).data != NULL) {
        return ERR_OK;
    }
    return complaint_add(verification, COMPLAINT_BASE64, verification->shape.items[part],
                         &no_values, fault);
}

static enum err
check_profile(struct verification *verification, struct fault *fault)
{
    static const enum shape_part values[] = {SHAPE_DATA_DIGEST, SHAPE_OWN_DIGEST, SHAPE_VALUE,
                                             SHAPE_CERTIFICATE, SHAPE_CERT_VALUE};

    if (verification->shared->request->package->foreign_attribute) {
        struct complaint_values found = {.found = STR("xml:*")};
        TRY(complaint_add(verification, COMPLAINT_UNKNOWN_ATTRIBUTE, ELEMENT_NONE, &found, fault));
    }
    TRY(profile_check(verification, fault));
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        TRY(check_base64(verification, values[i], fault));
    }
    return ERR_OK;
}

static enum err
check_reference(struct verification *verification, struct fault *fault)
{
    const struct element_table *table = &verification->signature->table;
    struct str uri = shape_attribute(&verification->shape, table, SHAPE_DATA, "URI");

    if (verification->signature->report != REPORT_NONE) {
        return ERR_OK;
    }
    struct complaint_values values = {.found = uri, .technical = verification->untold};
    return complaint_add(verification, COMPLAINT_UNTIED, verification->shape.items[SHAPE_DATA],
                         &values, fault);
}

/* Say of a part that it cannot be canonicalised. */
static enum err
complaint_limits(struct verification *verification, enum shape_part part, struct fault *fault)
{
    return complaint_add(verification, COMPLAINT_BEYOND_LIMITS, verification->shape.items[part],
                         &no_values, fault);
}

/* Compare a computed digest with the one that stands in a part. */
static enum err
compare_digest(struct verification *verification, const unsigned char *sha256, enum shape_part part,
               enum complaint complaint, struct fault *fault)
{
    struct arena *arena = verification->shared->arena;
    struct str    text = text_of(verification, part);
    struct str    signed_digest = base64_decode(arena, text);
    unsigned char computed[4 * 32];

    if (signed_digest.data == NULL
        || (signed_digest.size == 32 && memcmp(signed_digest.data, sha256, 32) == 0)) {
        return ERR_OK;
    }
    (void)EVP_EncodeBlock(computed, sha256, 32);
    struct complaint_values values = {
        .technical =
            str_format(arena, "SHA-256 obliczony: %s, podpisany: %.*s", (const char *)computed,
                       (int)(text.size < BOTH_DIGESTS_MAX ? text.size : BOTH_DIGESTS_MAX),
                       text.size == 0 ? "" : text.data)};
    return complaint_add(verification, complaint, verification->shape.items[part], &values, fault);
}

/* Of the very bytes that became columns; several signatures of a report share the answer. */
static enum err
digest_report(const struct verification *verification, struct report_digest *out,
              struct fault *fault)
{
    const struct signature_request *request = verification->shared->request;
    const struct report *report = &request->package->reports[verification->signature->report];
    struct c14n_request  c14n = {
         .bytes = str_slice(request->bytes, report->start, report->end - report->start),
         .scope = report->scope,
         .scope_count = report->scope_count,
         .method = C14N_EXCLUSIVE};

    if (out->known) {
        return ERR_OK;
    }
    out->known = true;
    if (report->end <= report->start || report->end > request->bytes.size) {
        out->outcome = ERR_LIMIT; /* the pass did not read it to its end */
        return ERR_OK;
    }
    return digest_element(&c14n, out->sha256, &out->outcome, fault);
}

static enum err
check_report(struct verification *verification, struct fault *fault)
{
    if (verification->signature->report == REPORT_NONE
        || text_of(verification, SHAPE_DATA_DIGEST).data == NULL
        || !profile_algorithm_is_right(verification, SHAPE_DATA_METHOD)
        || !profile_algorithm_is_right(verification, SHAPE_DATA_TRANSFORM)) {
        return ERR_OK;
    }
    struct report_digest *digest = &verification->shared->digests[verification->signature->report];
    TRY(digest_report(verification, digest, fault));
    if (digest->outcome != ERR_OK) {
        return complaint_limits(verification, SHAPE_DATA, fault);
    }
    return compare_digest(verification, digest->sha256, SHAPE_DATA_DIGEST, COMPLAINT_REPORT_DIGEST,
                          fault);
}

/* The declarations in scope of a part of the Signature that stand outside it, innermost last. */
static enum err
read_scope(const struct verification *verification, enum shape_part part,
           struct c14n_request *request, struct fault *fault)
{
    const struct package_signature *signature = verification->signature;
    const struct element_table     *table = &signature->table;
    int32_t                         item = verification->shape.items[part];
    size_t                          room = signature->scope_count;

    for (int32_t it = table->items[item].parent; it != ELEMENT_NONE; it = table->items[it].parent) {
        room += table->items[it].declaration_count;
    }
    struct element_declaration *scope =
        ARENA_NEW(verification->shared->arena, struct element_declaration, room);
    if (scope == NULL) {
        return FAIL(fault, ERR_MEMORY, "namespaces of a signature");
    }
    size_t at = room;
    for (int32_t it = table->items[item].parent; it != ELEMENT_NONE; it = table->items[it].parent) {
        const struct element *element = &table->items[it];
        at -= element->declaration_count;
        for (size_t i = 0; i < element->declaration_count; i++) {
            scope[at + i] = element->declarations[i];
        }
    }
    for (size_t i = 0; i < signature->scope_count; i++) {
        scope[i] = signature->scope[i];
    }
    *request = (struct c14n_request){
        .bytes = str_slice(verification->shared->request->bytes, table->items[item].start,
                           table->items[item].end - table->items[item].start),
        .scope = scope,
        .scope_count = room,
        .method = C14N_INCLUSIVE};
    return ERR_OK;
}

static enum err
check_properties(struct verification *verification, struct fault *fault)
{
    struct c14n_request request = {0};
    unsigned char       sha256[32] = {0};
    enum err            outcome = ERR_OK;

    if (verification->shape.items[SHAPE_PROPERTIES] == ELEMENT_NONE
        || text_of(verification, SHAPE_OWN_DIGEST).data == NULL
        || !profile_algorithm_is_right(verification, SHAPE_OWN_METHOD)) {
        return ERR_OK;
    }
    TRY(read_scope(verification, SHAPE_PROPERTIES, &request, fault));
    TRY(digest_element(&request, sha256, &outcome, fault));
    if (outcome != ERR_OK) {
        return complaint_limits(verification, SHAPE_PROPERTIES, fault);
    }
    return compare_digest(verification, sha256, SHAPE_OWN_DIGEST, COMPLAINT_PROPERTIES_DIGEST,
                          fault);
}

static enum err
check_certificate(struct verification *verification, struct fault *fault)
{
    if (verification->certificate_outcome == ERR_LIMIT) {
        struct complaint_values values = {
            .expected = str_format(verification->shared->arena, "%zu",
                                   verification->shared->limits->certificates_max)};
        return complaint_add(verification, COMPLAINT_TOO_MANY_CERTIFICATES,
                             verification->shape.items[SHAPE_CERTIFICATE], &values, fault);
    }
    if (verification->certificate_outcome == ERR_OK && verification->certificate == NULL) {
        return complaint_add(verification, COMPLAINT_CERTIFICATE_UNREADABLE,
                             verification->shape.items[SHAPE_CERTIFICATE], &no_values, fault);
    }
    return signer_check_certificate(verification, fault);
}

static enum err
check_length(struct verification *verification, size_t size, bool *right, struct fault *fault)
{
    struct arena *arena = verification->shared->arena;
    size_t        wanted =
        ((size_t)verification->certificate->key_bits + BITS_PER_BYTE - 1) / BITS_PER_BYTE;

    *right = size == wanted;
    if (*right) {
        return ERR_OK;
    }
    struct complaint_values values = {.found = str_format(arena, "%zu", size),
                                      .expected = str_format(arena, "%zu", wanted)};
    return complaint_add(verification, COMPLAINT_VALUE_LENGTH,
                         verification->shape.items[SHAPE_VALUE], &values, fault);
}

static enum err
verify_value(struct verification *verification, struct str value, struct fault *fault)
{
    struct digest_claim claim = {.key = verification->certificate->key, .value = value};
    struct c14n_request request = {0};
    enum err            outcome = ERR_OK;
    bool                good = false;

    TRY(read_scope(verification, SHAPE_SIGNED_INFO, &request, fault));
    TRY(digest_verify(&request, &claim, &outcome, &good, fault));
    if (outcome != ERR_OK) {
        return complaint_limits(verification, SHAPE_SIGNED_INFO, fault);
    }
    if (good) {
        return ERR_OK;
    }
    return complaint_add(verification, COMPLAINT_VALUE, verification->shape.items[SHAPE_VALUE],
                         &no_values, fault);
}

static enum err
check_value(struct verification *verification, struct fault *fault)
{
    struct str value =
        base64_decode(verification->shared->arena, text_of(verification, SHAPE_VALUE));
    bool sound = false;

    if (verification->certificate == NULL) {
        return ERR_OK;
    }
    TRY(key_check(verification, &sound, fault));
    if (!sound || value.data == NULL || verification->shape.items[SHAPE_SIGNED_INFO] == ELEMENT_NONE
        || !profile_algorithm_is_right(verification, SHAPE_CANONICALIZATION)
        || !profile_algorithm_is_right(verification, SHAPE_SIGNATURE_METHOD)) {
        return ERR_OK; /* told already */
    }
    TRY(check_length(verification, value.size, &sound, fault));
    if (!sound) {
        return ERR_OK;
    }
    if (!key_take_work(verification)) {
        return complaint_add(verification, COMPLAINT_TOO_MUCH_WORK,
                             verification->shape.items[SHAPE_VALUE], &no_values, fault);
    }
    return verify_value(verification, value, fault);
}

/* In the order of enum signature_step, so that the first complaint is the first failed step. */
static enum err (*const steps[])(struct verification *, struct fault *) = {
    check_profile, check_reference,   check_report,          check_properties,    check_certificate,
    check_value,   signer_check_time, signer_check_validity, signer_check_issuer, signer_check_role,
};

enum err
verification_run(struct verification_shared *shared, struct package_signature *signature,
                 struct fault *fault)
{
    struct verification verification = {.shared = shared, .signature = signature};

    if (!shape_read(shared->arena, &signature->table, &verification.shape)) {
        return FAIL(fault, ERR_MEMORY, "shape of a signature");
    }
    TRY(read_facts(&verification, fault));
    for (size_t i = 0; i < ARRAY_COUNT(steps); i++) {
        TRY(steps[i](&verification, fault));
    }
    return ERR_OK;
}
