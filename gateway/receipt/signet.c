#include "gateway/receipt/signet.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192, NAME_MAX_SIZE = 32 };

/* The order n of P-256 (FIPS 186-4, D.1.2.3) and half of it, rounded down. */
static const unsigned char order[IMPRINT_SCALAR_SIZE] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51};
static const unsigned char half_order[IMPRINT_SCALAR_SIZE] = {
    0x7F, 0xFF, 0xFF, 0xFF, 0x80, 0x00, 0x00, 0x00, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xDE, 0x73, 0x7D, 0x56, 0xD3, 0x8B, 0xCF, 0x42, 0x79, 0xDC, 0xE5, 0x61, 0x7E, 0x31, 0x92, 0xA8};

bool
signet_method(const EVP_PKEY *key, enum imprint_method *out)
{
    char   group[NAME_MAX_SIZE] = "";
    size_t size = 0;

    if (EVP_PKEY_is_a(key, "EC") == 1
        && EVP_PKEY_get_group_name(key, group, sizeof group, &size) == 1
        && strcmp(group, "prime256v1") == 0) {
        *out = IMPRINT_ECDSA;
        return true;
    }
    int bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_is_a(key, "RSA") == 1 && bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX) {
        *out = IMPRINT_RSA;
        return true;
    }
    return false;
}

bool
signet_may_sign(X509 *certificate)
{
    /* All bits are set when the extension is absent. */
    return (X509_get_key_usage(certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

static void
certificate_release(void *object)
{
    X509_free(object);
}

static enum err
read_all(struct arena *arena, BIO *memory, size_t count_max, X509 **out, size_t *count,
         struct fault *fault)
{
    X509  *certificate = NULL;
    size_t found = 0;

    while ((certificate = PEM_read_bio_X509(memory, NULL, NULL, NULL)) != NULL) {
        if (!arena_defer(arena, certificate_release, certificate)) {
            X509_free(certificate);
            return FAIL(fault, ERR_MEMORY, "certificate %zu", found + 1);
        }
        if (found == count_max) {
            return FAIL(fault, ERR_CRYPTO, "certyfikatów jest więcej niż %zu", count_max);
        }
        out[found++] = certificate;
    }
    if (found == 0 || BIO_pending(memory) > 0) {
        return FAIL(fault, ERR_CRYPTO, "certyfikatu nr %zu nie da się odczytać", found + 1);
    }
    *count = found;
    return ERR_OK;
}

enum err
signet_read_pem(struct arena *arena, struct str pem, size_t count_max, X509 **out, size_t *count,
                struct fault *fault)
{
    BIO *memory =
        pem.size > 0 && pem.size <= INT32_MAX ? BIO_new_mem_buf(pem.data, (int)pem.size) : NULL;

    if (memory == NULL) {
        return FAIL(fault, ERR_CRYPTO, "no certificate");
    }
    enum err got = read_all(arena, memory, count_max, out, count, fault);
    (void)BIO_free(memory); /* memory only */
    return got;
}

/* s to n - s when it is above n / 2. */
static bool
lower(unsigned char s[IMPRINT_SCALAR_SIZE])
{
    if (memcmp(s, half_order, IMPRINT_SCALAR_SIZE) <= 0) {
        return true;
    }
    BIGNUM *value = BN_bin2bn(s, IMPRINT_SCALAR_SIZE, NULL);
    BIGNUM *whole = BN_bin2bn(order, IMPRINT_SCALAR_SIZE, NULL);
    bool    lowered = value != NULL && whole != NULL && BN_sub(value, whole, value) == 1
                   && BN_bn2binpad(value, s, IMPRINT_SCALAR_SIZE) == IMPRINT_SCALAR_SIZE;
    BN_free(value);
    BN_free(whole);
    return lowered;
}

bool
signet_flatten(const unsigned char *der, size_t size, unsigned char out[IMPRINT_ECDSA_SIZE])
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)size);
    bool       flat =
        pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, IMPRINT_SCALAR_SIZE) > 0
        && BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + IMPRINT_SCALAR_SIZE, IMPRINT_SCALAR_SIZE) > 0
        && lower(out + IMPRINT_SCALAR_SIZE);

    ECDSA_SIG_free(pair);
    return flat;
}

size_t
signet_unfold(struct str value, unsigned char **out)
{
    const unsigned char *bytes = (const unsigned char *)value.data;

    if (value.size != IMPRINT_ECDSA_SIZE
        || memcmp(bytes + IMPRINT_SCALAR_SIZE, half_order, IMPRINT_SCALAR_SIZE) > 0) {
        return 0;
    }
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM    *r = BN_bin2bn(bytes, IMPRINT_SCALAR_SIZE, NULL);
    BIGNUM    *s = BN_bin2bn(bytes + IMPRINT_SCALAR_SIZE, IMPRINT_SCALAR_SIZE, NULL);
    int        size = 0;
    *out = NULL;
    if (pair == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
    } else {
        size = i2d_ECDSA_SIG(pair, out); /* the pair owns r and s now */
    }
    ECDSA_SIG_free(pair);
    return size > 0 ? (size_t)size : 0;
}
