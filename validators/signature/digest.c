#include "validators/signature/digest.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

static bool
update_digest(void *user, struct str piece)
{
    return EVP_DigestUpdate(user, piece.data, piece.size) == 1;
}

static bool
update_verification(void *user, struct str piece)
{
    return EVP_DigestVerifyUpdate(user, piece.data, piece.size) == 1;
}

/* Canonicalise into context; only the sink's failures are ours. */
static enum err
feed(const struct c14n_request *request, const struct c14n_sink *sink, enum err *outcome,
     struct fault *fault)
{
    enum err got = c14n_write(request, sink, NULL);

    if (got == ERR_CRYPTO) {
        return FAIL(fault, ERR_CRYPTO, "canonical XML");
    }
    *outcome = got;
    return ERR_OK;
}

static enum err
digest_into(EVP_MD_CTX *context, const struct c14n_request *request, unsigned char *sha256,
            enum err *outcome, struct fault *fault)
{
    struct c14n_sink sink = {update_digest, context};

    if (EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
        return FAIL(fault, ERR_CRYPTO, "SHA-256");
    }
    TRY(feed(request, &sink, outcome, fault));
    if (EVP_DigestFinal_ex(context, sha256, NULL) != 1) {
        return FAIL(fault, ERR_CRYPTO, "SHA-256");
    }
    return ERR_OK;
}

enum err
digest_element(const struct c14n_request *request, unsigned char sha256[32], enum err *outcome,
               struct fault *fault)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context == NULL) {
        return FAIL(fault, ERR_CRYPTO, "SHA-256");
    }
    enum err got = digest_into(context, request, sha256, outcome, fault);
    EVP_MD_CTX_free(context);
    return got;
}

static enum err
verify_into(EVP_MD_CTX *context, const struct c14n_request *request,
            const struct digest_claim *claim, enum err *outcome, bool *good, struct fault *fault)
{
    struct c14n_sink sink = {update_verification, context};
    EVP_PKEY_CTX    *parameters = NULL; /* of context */

    if (EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), NULL, claim->key) != 1
        || EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) != 1) {
        return FAIL(fault, ERR_CRYPTO, "RSA");
    }
    TRY(feed(request, &sink, outcome, fault));
    *good =
        EVP_DigestVerifyFinal(context, (const unsigned char *)claim->value.data, claim->value.size)
        == 1;
    return ERR_OK;
}

enum err
digest_verify(const struct c14n_request *request, const struct digest_claim *claim,
              enum err *outcome, bool *good, struct fault *fault)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (context == NULL) {
        return FAIL(fault, ERR_CRYPTO, "RSA");
    }
    enum err got = verify_into(context, request, claim, outcome, good, fault);
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return got;
}
