#include "gateway/fingerprint/fingerprint.h"

#include <openssl/evp.h>
#include <string.h>

static bool
digest(EVP_MD_CTX *context, struct str first, struct str second, unsigned char *sha256)
{
    return EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1
           && EVP_DigestUpdate(context, first.data, first.size) == 1
           && EVP_DigestUpdate(context, second.data, second.size) == 1
           && EVP_DigestFinal_ex(context, sha256, NULL) == 1;
}

enum err
fingerprint_of_two(struct str first, struct str second, unsigned char sha256[32],
                   struct fault *fault)
{
    unsigned char out[FINGERPRINT_SIZE];
    EVP_MD_CTX   *context = EVP_MD_CTX_new();

    bool good = context != NULL && digest(context, first, second, out);
    EVP_MD_CTX_free(context);
    if (!good) {
        return FAIL(fault, ERR_CRYPTO, "SHA-256 of %zu bytes", first.size);
    }
    memcpy(sha256, out, sizeof out);
    return ERR_OK;
}

enum err
fingerprint_of(struct str bytes, unsigned char sha256[32], struct fault *fault)
{
    return fingerprint_of_two(bytes, (struct str){0}, sha256, fault);
}

bool
fingerprint_equal(const unsigned char a[32], const unsigned char b[32])
{
    return memcmp(a, b, FINGERPRINT_SIZE) == 0;
}

struct str
fingerprint_str(const unsigned char sha256[32])
{
    return (struct str){(const char *)sha256, FINGERPRINT_SIZE};
}
