/*
 * Anybody's bytes as the answer of a time-stamping authority, as a kept token, and as a receipt
 * with one. Property: none is believed, as nobody who is trusted has signed anything; a failure is
 * named; what is taken apart is what its parts are put together to.
 */
#include "gateway/receipt/stamped.h"
#include "gateway/stamp/stamp.h"
#include "validators/base/buf.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { ARENA_MAX = 16 << 20, PEM_MAX = 4096, SECONDS = 1000000 };

/* A certificate of nobody, whose key is forgotten at once. */
static struct str
nobody(struct arena *arena)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    X509     *certificate = X509_new();
    BIO      *bio = BIO_new(BIO_s_mem());
    char     *text = NULL;

    ENSURE(key != NULL && certificate != NULL && X509_set_pubkey(certificate, key) == 1);
    ENSURE(X509_gmtime_adj(X509_getm_notBefore(certificate), 0) != NULL
           && X509_gmtime_adj(X509_getm_notAfter(certificate), SECONDS) != NULL
           && X509_sign(certificate, key, EVP_sha256()) > 0
           && PEM_write_bio_X509(bio, certificate) == 1);
    long       size = BIO_get_mem_data(bio, &text);
    struct str copy = str_copy(arena, (struct str){text, (size_t)size});
    BIO_free(bio);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return copy;
}

static const struct stamp_trust *
trust_in_nobody(void)
{
    static struct stamp_trust *trust;
    struct fault               fault = {0};

    if (trust == NULL) { /* once; it lives as long as the process */
        static struct arena *arena;
        arena = arena_create(ARENA_MAX);
        ENSURE(stamp_trust_create(arena, nobody(arena), (struct str){0}, &trust, &fault) == ERR_OK);
    }
    return trust;
}

static void
take_apart(struct arena *arena, struct str bytes)
{
    struct str   receipt = {0};
    struct str   token = {0};
    struct str   again = {0};
    struct fault fault = {0};

    ENSURE(stamped_split(arena, bytes, &receipt, &token, &fault) == ERR_OK);
    if (token.size == 0) {
        ENSURE(str_equal(receipt, bytes));
    } else {
        ENSURE(stamped_write(arena, receipt, token, &again, &fault) == ERR_OK
               && str_equal(again, bytes));
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const unsigned char imprint[STAMP_IMPRINT_SIZE] = {1, 2, 3};
    static const unsigned char nonce[STAMP_NONCE_SIZE] = {0x81, 2, 3, 4, 5, 6, 7, 8};
    const struct stamp_trust  *trust = trust_in_nobody();
    struct arena              *arena = arena_create(ARENA_MAX);
    struct str                 bytes = {(const char *)data, size};
    struct stamp_question      question = {.der = {0}};
    struct stamp               stamp = {0};
    struct fault               fault = {0};

    ENSURE(stamp_ask(arena, imprint, nonce, trust, &question, &fault) == ERR_OK);
    enum err taken = stamp_take(arena, trust, &question, bytes, &stamp, &fault);
    ENSURE((taken == ERR_SYNTAX || taken == ERR_DENIED) && fault.text[0] != '\0');
    enum err checked = stamp_check(arena, trust, bytes, imprint, &stamp, &fault);
    ENSURE((checked == ERR_SYNTAX || checked == ERR_DENIED) && stamp.token.data == NULL);
    take_apart(arena, bytes);
    arena_destroy(arena);
    return 0;
}
