#include "validators/signature/certificate.h"

#include "validators/signature/signature.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { SERIAL_BYTES_MAX = 32, DAY = 86400, HOUR = 3600, MINUTE = 60, SLOTS_PER_ITEM = 2 };

struct certificates {
    struct arena        *arena;
    struct certificate **slots; /* open addressing by the first bytes of the digest */
    size_t               slot_count;
    size_t               count;
    size_t               count_max;
};

struct certificates *
certificates_create(struct arena *arena, size_t count_max)
{
    struct certificates *certificates = ARENA_NEW(arena, struct certificates, 1);
    size_t               slot_count = 2;

    while (slot_count < count_max * SLOTS_PER_ITEM) {
        slot_count *= 2;
    }
    if (certificates == NULL) {
        return NULL;
    }
    *certificates =
        (struct certificates){.arena = arena,
                              .slots = ARENA_NEW(arena, struct certificate *, slot_count),
                              .slot_count = slot_count,
                              .count_max = count_max};
    return certificates->slots == NULL ? NULL : certificates;
}

static void
release(void *object)
{
    X509_free(object);
}

/* The size of the valid UTF-8 character at text[0], or 0; control characters count as invalid. */
static size_t
character_size(struct str text)
{
    unsigned char first = (unsigned char)text.data[0];
    size_t        size = first < 0x80U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
    uint32_t      code = size == 1 ? first : first & (0xFFU >> (size + 1));

    if (size > text.size || (first >= 0x80U && first < 0xC2U) || first > 0xF4U) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        unsigned char next = (unsigned char)text.data[i];
        if ((next & 0xC0U) != 0x80U) {
            return 0;
        }
        code = code << 6U | (next & 0x3FU);
    }
    bool overlong = (size == 3 && code < 0x800U) || (size == 4 && code < 0x10000U);
    bool surrogate = code >= 0xD800U && code <= 0xDFFFU;
    bool control = code < 0x20U || (code >= 0x7FU && code < 0xA0U);
    bool direction = (code >= 0x202AU && code <= 0x202EU) || (code >= 0x2066U && code <= 0x2069U);
    return overlong || surrogate || control || direction || code > 0x10FFFFU ? 0 : size;
}

/* What a person may be shown: anything that is not ordinary text becomes a question mark. */
static void
make_presentable(char *data, size_t size)
{
    size_t at = 0;

    while (at < size) {
        size_t step = character_size((struct str){data + at, size - at});
        if (step == 0) {
            data[at] = '?';
            step = 1;
        }
        at += step;
    }
}

static bool
read_common_name(struct arena *arena, struct certificate *certificate)
{
    const X509_NAME *subject = X509_get_subject_name(certificate->x509);
    int              at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char   *utf8 = NULL;

    if (at < 0) {
        return true;
    }
    int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (size < 0) {
        return true;
    }
    make_presentable((char *)utf8, (size_t)size);
    certificate->common_name = str_copy(arena, (struct str){(const char *)utf8, (size_t)size});
    OPENSSL_free(utf8);
    return certificate->common_name.data != NULL;
}

static bool
read_serial(struct arena *arena, struct certificate *certificate)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(certificate->x509);

    if (serial == NULL || ASN1_STRING_length(serial) > SERIAL_BYTES_MAX) {
        return true;
    }
    BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
    char   *decimal = number == NULL ? NULL : BN_bn2dec(number);
    certificate->serial = str_copy(arena, str_of(decimal));
    OPENSSL_free(decimal);
    BN_free(number);
    return certificate->serial.data != NULL;
}

static bool
exponent_is_sound(const EVP_PKEY *key, int *bits)
{
    BIGNUM *exponent = NULL;

    if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1) {
        return false;
    }
    *bits = BN_num_bits(exponent);
    bool sound = BN_is_odd(exponent) && *bits >= 2 && *bits <= SIGNATURE_EXPONENT_BITS_MAX;
    BN_free(exponent);
    return sound;
}

static void
read_key(struct certificate *certificate)
{
    certificate->key = X509_get0_pubkey(certificate->x509);
    if (certificate->key == NULL) {
        return;
    }
    certificate->key_bits = EVP_PKEY_get_bits(certificate->key);
    certificate->key_name = str_of(EVP_PKEY_get0_type_name(certificate->key));
    if (EVP_PKEY_get_base_id(certificate->key) != EVP_PKEY_RSA) {
        certificate->key_kind = CERTIFICATE_NOT_RSA;
    } else if (!exponent_is_sound(certificate->key, &certificate->exponent_bits)) {
        certificate->key_kind = CERTIFICATE_BAD_EXPONENT;
    }
}

/* The digest of the certificate's own signature, when it is not of the SHA-2 or SHA-3 kind. */
static struct str
weak_digest(X509 *x509)
{
    static const int good[] = {NID_sha256,   NID_sha384,   NID_sha512,
                               NID_sha3_256, NID_sha3_384, NID_sha3_512};
    int              digest = NID_undef;

    if (X509_get_signature_info(x509, &digest, NULL, NULL, NULL) != 1 || digest == NID_undef) {
        return str_of(OBJ_nid2sn(X509_get_signature_nid(x509)));
    }
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        if (digest == good[i]) {
            return (struct str){0};
        }
    }
    return str_of(OBJ_nid2sn(digest));
}

static X509 *
parse(struct str der)
{
    const unsigned char *at = (const unsigned char *)der.data;

    if (der.size > SIGNATURE_CERTIFICATE_MAX) {
        return NULL;
    }
    X509 *x509 = d2i_X509(NULL, &at, (long)der.size);
    if (x509 != NULL
        && (at != (const unsigned char *)der.data + der.size
            || (X509_get_extension_flags(x509) & EXFLAG_INVALID) != 0)) {
        X509_free(x509);
        x509 = NULL;
    }
    return x509;
}

static enum err
read_certificate(struct arena *arena, struct str der, struct certificate *out, struct fault *fault)
{
    X509 *x509 = parse(der);

    if (x509 == NULL) {
        return ERR_OK; /* not a certificate: that is the answer */
    }
    if (!arena_defer(arena, release, x509)) {
        X509_free(x509);
        return FAIL(fault, ERR_MEMORY, "a certificate");
    }
    if (!certificate_moment(X509_get0_notBefore(x509), &out->not_before)
        || !certificate_moment(X509_get0_notAfter(x509), &out->not_after)) {
        return ERR_OK;
    }
    out->x509 = x509;
    if (!read_common_name(arena, out) || !read_serial(arena, out)) {
        return FAIL(fault, ERR_MEMORY, "the names of a certificate");
    }
    read_key(out);
    out->is_authority = X509_check_ca(x509) != 0;
    out->may_sign = (X509_get_key_usage(x509) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
    out->weak_digest = weak_digest(x509);
    return ERR_OK;
}

bool
certificate_moment(const ASN1_TIME *time, moment *out)
{
    struct tm parts = {0};

    if (ASN1_TIME_to_tm(time, &parts) != 1) {
        return false;
    }
    struct date date = {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
    *out = date_days(date) * DAY + (moment)parts.tm_hour * HOUR + (moment)parts.tm_min * MINUTE
           + parts.tm_sec;
    return true;
}

enum err
certificates_get(struct certificates *certificates, struct str der, struct certificate **out,
                 struct fault *fault)
{
    unsigned char sha256[SHA256_DIGEST_LENGTH];
    uint32_t      hash = 0;

    if (EVP_Digest(der.data, der.size, sha256, NULL, EVP_sha256(), NULL) != 1) {
        return FAIL(fault, ERR_CRYPTO, "digest of a certificate");
    }
    memcpy(&hash, sha256, sizeof hash);
    size_t at = hash & (certificates->slot_count - 1);
    while (certificates->slots[at] != NULL
           && memcmp(certificates->slots[at]->sha256, sha256, sizeof sha256) != 0) {
        at = (at + 1) & (certificates->slot_count - 1);
    }
    if (certificates->slots[at] == NULL && certificates->count < certificates->count_max) {
        struct certificate *fresh = ARENA_NEW(certificates->arena, struct certificate, 1);
        if (fresh == NULL) {
            return FAIL(fault, ERR_MEMORY, "a certificate");
        }
        memcpy(fresh->sha256, sha256, sizeof sha256);
        TRY(read_certificate(certificates->arena, der, fresh, fault));
        ERR_clear_error();
        certificates->slots[at] = fresh;
        certificates->count++;
    }
    *out = certificates->slots[at];
    return ERR_OK;
}
