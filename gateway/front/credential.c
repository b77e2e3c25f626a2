#include "gateway/front/credential.h"

#include "gateway/fingerprint/fingerprint.h"
#include "validators/base/buf.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

/* The value of a hexadecimal digit of either case, or -1. */
static int
digit_value(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char       *found = digit == '\0' ? NULL : strchr(digits, digit);

    return found == NULL ? -1 : (int)(found - digits) % 16;
}

static enum err
unescape(struct str escaped, struct buf *out, struct fault *fault)
{
    for (size_t i = 0; i < escaped.size; i++) {
        if (escaped.data[i] != '%') {
            buf_byte(out, escaped.data[i]);
            continue;
        }
        int high = i + 2 < escaped.size ? digit_value(escaped.data[i + 1]) : -1;
        int low = i + 2 < escaped.size ? digit_value(escaped.data[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return FAIL(fault, ERR_SYNTAX, "byte %zu of the certificate header", i);
        }
        buf_byte(out, (char)(high * 16 + low));
        i += 2;
    }
    return buf_ok(out) ? ERR_OK : FAIL(fault, ERR_MEMORY, "certificate header");
}

/* The certificate of a PEM text; NULL when there is not exactly one. */
static X509 *
read_certificate(struct str pem)
{
    BIO  *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, NULL);

    if (certificate != NULL && BIO_ctrl_pending(bio) != 0) {
        X509_free(certificate);
        certificate = NULL;
    }
    BIO_free(bio);
    return certificate;
}

static enum err
digest_key(const X509 *certificate, unsigned char *digest, struct fault *fault)
{
    unsigned char *der = NULL;
    int            size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);

    if (size <= 0) {
        return FAIL(fault, ERR_CRYPTO, "public key of a certificate");
    }
    enum err got = fingerprint_of((struct str){(const char *)der, (size_t)size}, digest, fault);
    OPENSSL_free(der);
    return got;
}

enum err
credential_of_certificate(struct arena *arena, struct str escaped,
                          unsigned char digest[CREDENTIAL_DIGEST_SIZE], struct fault *fault)
{
    struct buf pem = buf_create(arena, CREDENTIAL_CERTIFICATE_MAX);

    if (escaped.size > CREDENTIAL_CERTIFICATE_MAX) {
        return FAIL(fault, ERR_LIMIT, "certificate header of %zu bytes", escaped.size);
    }
    TRY(unescape(escaped, &pem, fault));
    X509 *certificate = read_certificate(buf_str(&pem));
    if (certificate == NULL) {
        return FAIL(fault, ERR_SYNTAX, "not one certificate in PEM");
    }
    enum err got = digest_key(certificate, digest, fault);
    X509_free(certificate);
    return got;
}
