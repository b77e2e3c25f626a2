#include "validators/signature/signer.h"

#include "validators/signature/base64.h"
#include "validators/signature/complaint.h"
#include "validators/signature/issuer.h"
#include "validators/signature/profile.h"
#include "validators/signature/trust.h"

#include <openssl/x509.h>
#include <string.h>

enum { MOMENT_TEXT_MAX = 64 };

static const struct complaint_values no_values = {{0}, {0}, {0}};

static struct str
text_of(const struct verification *verification, enum shape_part part)
{
    return shape_text(&verification->shape, &verification->signature->table, part);
}

static struct str
written(struct arena *arena, moment at)
{
    struct buf text = buf_create(arena, MOMENT_TEXT_MAX);

    moment_write_polish(&text, at);
    return buf_str(&text);
}

/* A complaint about a part, with what was found and expected there. */
static enum err
complaint_on(struct verification *verification, enum complaint complaint, enum shape_part part,
             struct str found, struct str expected, struct fault *fault)
{
    struct complaint_values values = {.found = found, .expected = expected};

    return complaint_add(verification, complaint, verification->shape.items[part], &values, fault);
}

static enum err
check_certificate_digest(struct verification *verification, struct fault *fault)
{
    struct arena *arena = verification->shared->arena;
    struct str    text = text_of(verification, SHAPE_CERT_VALUE);
    struct str    digest = base64_decode(arena, text);

    if (digest.data == NULL || !profile_algorithm_is_right(verification, SHAPE_CERT_METHOD)) {
        return ERR_OK; /* told by the profile */
    }
    if (digest.size == sizeof verification->certificate->sha256
        && memcmp(digest.data, verification->certificate->sha256, digest.size) == 0) {
        return ERR_OK;
    }
    return complaint_on(verification, COMPLAINT_CERTIFICATE_DIGEST, SHAPE_CERT_VALUE, text,
                        (struct str){0}, fault);
}

/* A decimal number without the zeros before it. */
static struct str
without_zeros(struct str digits)
{
    while (digits.size > 1 && digits.data[0] == '0') {
        digits = str_slice(digits, 1, digits.size);
    }
    return digits;
}

enum err
signer_check_certificate(struct verification *verification, struct fault *fault)
{
    const struct certificate *certificate = verification->certificate;
    struct str                serial = text_of(verification, SHAPE_SERIAL);
    struct str                issuer = text_of(verification, SHAPE_ISSUER);

    if (certificate == NULL) {
        return ERR_OK; /* told when it was read */
    }
    TRY(check_certificate_digest(verification, fault));
    if (serial.data != NULL && !str_equal(without_zeros(serial), certificate->serial)) {
        TRY(complaint_on(verification, COMPLAINT_SERIAL, SHAPE_SERIAL, serial, certificate->serial,
                         fault));
    }
    if (issuer.data != NULL && !issuer_matches(X509_get_issuer_name(certificate->x509), issuer)) {
        TRY(complaint_on(verification, COMPLAINT_ISSUER_NAME, SHAPE_ISSUER, issuer, (struct str){0},
                         fault));
    }
    return ERR_OK;
}

enum err
signer_check_time(struct verification *verification, struct fault *fault)
{
    const struct signature_request *request = verification->shared->request;
    const struct package_signature *signature = verification->signature;
    struct str                      text = text_of(verification, SHAPE_TIME);

    if (text.size == 0) {
        return complaint_add(verification, COMPLAINT_TIME_MISSING,
                             verification->shape.items[SHAPE_SIGNATURE_PROPERTIES], &no_values,
                             fault);
    }
    if (!signature->time_known) {
        return complaint_on(verification, COMPLAINT_TIME_UNREADABLE, SHAPE_TIME, text,
                            STR("2026-07-09T17:47:10"), fault);
    }
    if (signature->signing_time > request->at + request->policy->clock_skew_seconds) {
        struct arena *arena = verification->shared->arena;
        return complaint_on(verification, COMPLAINT_TIME_FUTURE, SHAPE_TIME,
                            written(arena, signature->signing_time), written(arena, request->at),
                            fault);
    }
    return ERR_OK;
}

/* Two findings of their own: not valid when it was used, not valid any more when it came here. */
static enum err
check_period(struct verification *verification, struct fault *fault)
{
    struct arena                   *arena = verification->shared->arena;
    const struct certificate       *certificate = verification->certificate;
    const struct package_signature *signature = verification->signature;
    moment                          at = verification->shared->request->at;
    struct str                      from = written(arena, certificate->not_before);
    struct str                      to = written(arena, certificate->not_after);

    if (signature->time_known && signature->signing_time < certificate->not_before) {
        TRY(complaint_on(verification, COMPLAINT_NOT_YET_VALID, SHAPE_CERTIFICATE,
                         written(arena, signature->signing_time), from, fault));
    }
    if (signature->time_known && signature->signing_time > certificate->not_after) {
        TRY(complaint_on(verification, COMPLAINT_EXPIRED_AT_SIGNING, SHAPE_CERTIFICATE,
                         written(arena, signature->signing_time), to, fault));
    }
    if (at < certificate->not_before || at > certificate->not_after) {
        struct str period = str_format(arena, "od %.*s do %.*s", STR_ARG(from), STR_ARG(to));
        TRY(complaint_on(verification, COMPLAINT_INVALID_AT_ARRIVAL, SHAPE_CERTIFICATE,
                         written(arena, at), period, fault));
    }
    return ERR_OK;
}

enum err
signer_check_validity(struct verification *verification, struct fault *fault)
{
    const struct certificate *certificate = verification->certificate;

    if (certificate == NULL) {
        return ERR_OK;
    }
    TRY(check_period(verification, fault));
    if (!certificate->may_sign) {
        TRY(complaint_on(verification, COMPLAINT_KEY_USAGE, SHAPE_CERTIFICATE, (struct str){0},
                         (struct str){0}, fault));
    }
    if (certificate->is_authority) {
        TRY(complaint_on(verification, COMPLAINT_AUTHORITY, SHAPE_CERTIFICATE, (struct str){0},
                         (struct str){0}, fault));
    }
    if (certificate->weak_digest.size > 0) {
        TRY(complaint_on(verification, COMPLAINT_WEAK_CERTIFICATE, SHAPE_CERTIFICATE,
                         certificate->weak_digest, STR("SHA-256"), fault));
    }
    return ERR_OK;
}

static enum err
judge_path(struct verification *verification, struct fault *fault)
{
    const struct certificate *certificate = verification->certificate;
    struct complaint_values   values = {.technical = certificate->path_fault};

    if (certificate->path == PATH_FOUND) {
        verification->signature->trusted = true;
        return ERR_OK;
    }
    /* As the signature itself spells it: that text is UTF-8 and was compared with the issuer. */
    values.found = text_of(verification, SHAPE_ISSUER);
    return complaint_add(verification,
                         certificate->path == PATH_BROKEN ? COMPLAINT_BROKEN_PATH
                                                          : COMPLAINT_UNKNOWN_ISSUER,
                         verification->shape.items[SHAPE_CERTIFICATE], &values, fault);
}

enum err
signer_check_issuer(struct verification *verification, struct fault *fault)
{
    const struct signature_request *request = verification->shared->request;
    const struct package_signature *signature = verification->signature;

    if (request->policy->revocation == REVOCATION_REQUIRED) {
        TRY(complaint_add(verification, COMPLAINT_REVOCATION_UNKNOWN,
                          verification->shape.items[SHAPE_CERTIFICATE], &no_values, fault));
    }
    if (verification->certificate == NULL || request->trust == NULL) {
        return ERR_OK; /* without a trust store one finding of the package says so */
    }
    TRY(trust_find_path(request->trust, verification->certificate,
                        signature->time_known ? signature->signing_time : request->at, fault));
    return judge_path(verification, fault);
}

enum err
signer_check_role(struct verification *verification, struct fault *fault)
{
    const struct package_signature *signature = verification->signature;

    if (signature->role.size == 0) {
        return complaint_add(verification, COMPLAINT_ROLE_MISSING,
                             verification->shape.items[SHAPE_SIGNATURE_PROPERTIES], &no_values,
                             fault);
    }
    if (signature->policy_role.size == 0) {
        return complaint_on(verification, COMPLAINT_ROLE_UNKNOWN, SHAPE_ROLE, signature->role,
                            (struct str){0}, fault);
    }
    return ERR_OK;
}
