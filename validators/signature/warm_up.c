#include "validators/signature/signature.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>

enum { MODULUS_SIZE = 256 };

/* A public key that nobody has the private part of: any odd modulus will do. */
static EVP_PKEY *
make_key(void)
{
    unsigned char modulus[MODULUS_SIZE];
    unsigned int  exponent = 65537;
    EVP_PKEY     *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);

    memset(modulus, 0xA5, sizeof modulus);
    OSSL_PARAM parts[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus, sizeof modulus),
        OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &exponent),
        OSSL_PARAM_construct_end(),
    };
    ENSURE(context != NULL && EVP_PKEY_fromdata_init(context) == 1
           && EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parts) == 1);
    EVP_PKEY_CTX_free(context);
    return key;
}

/* The key as it stands in a certificate, so that the decoders are loaded too. */
static EVP_PKEY *
read_back(EVP_PKEY *key)
{
    unsigned char *der = NULL;
    int            size = i2d_PUBKEY(key, &der);

    ENSURE(size > 0);
    const unsigned char *at = der;
    EVP_PKEY            *copy = d2i_PUBKEY(NULL, &at, size);
    OPENSSL_free(der);
    ENSURE(copy != NULL);
    return copy;
}

/* The answer is no; what counts is that it was looked for. */
static void
verify_nothing(EVP_PKEY *key)
{
    static const unsigned char nothing[MODULUS_SIZE] = {0};
    EVP_MD_CTX                *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX              *parameters = NULL;

    ENSURE(context != NULL
           && EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), NULL, key) == 1
           && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) == 1);
    (void)EVP_DigestVerify(context, nothing, sizeof nothing, nothing, sizeof nothing);
    EVP_MD_CTX_free(context);
}

static void
walk_no_path(void)
{
    X509_STORE     *store = X509_STORE_new();
    X509           *x509 = X509_new();
    X509_STORE_CTX *path = X509_STORE_CTX_new();

    ENSURE(store != NULL && x509 != NULL && path != NULL
           && X509_STORE_CTX_init(path, store, x509, NULL) == 1);
    (void)X509_verify_cert(path);
    X509_STORE_CTX_free(path);
    X509_free(x509);
    X509_STORE_free(store);
}

/* gmtime_r, which is behind this, opens /etc/localtime when it is first used. */
static void
take_apart_a_time(void)
{
    time_t    epoch = 0;
    struct tm parts = {0};

    ENSURE(OPENSSL_gmtime(&epoch, &parts) != NULL);
}

void
signature_warm_up(void)
{
    ENSURE(OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL)
           == 1);
    take_apart_a_time();
    EVP_PKEY *key = make_key();
    EVP_PKEY *copy = read_back(key);
    verify_nothing(copy);
    walk_no_path();
    EVP_PKEY_free(copy);
    EVP_PKEY_free(key);
    ERR_clear_error();
}
