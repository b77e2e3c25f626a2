#include "gateway/anchors/anchors.h"

#include <openssl/err.h>
#include <openssl/pem.h>

bool
anchors_fill(X509_STORE *store, struct str pem)
{
    BIO   *bio = BIO_new_mem_buf(pem.data == NULL ? "" : pem.data, (int)pem.size);
    X509  *certificate = NULL;
    size_t count = 0;

    while (bio != NULL && (certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        count += X509_STORE_add_cert(store, certificate) == 1 ? 1 : 0;
        X509_free(certificate);
    }
    BIO_free(bio);
    ERR_clear_error();
    return count > 0;
}
