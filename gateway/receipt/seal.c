#include "gateway/receipt/seal.h"

#include "gateway/receipt/layout.h"
#include "gateway/receipt/signet.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

/* Everything that is the same for every receipt is made once. */
struct seal {
    EVP_PKEY      *key;
    EVP_PKEY_CTX  *signer;
    EVP_MD        *sha256;
    EVP_MD_CTX    *hasher;
    struct imprint form; /* method and chain */
    struct str     key_info;
    struct str     owner;
};

enum { ALONE_MAX = 8 * 1024 }; /* the canonical texts of SignedInfo and SignedProperties */

static void
seal_release(void *object)
{
    struct seal *seal = object;

    EVP_MD_CTX_free(seal->hasher); /* all of them accept NULL */
    EVP_MD_free(seal->sha256);
    EVP_PKEY_CTX_free(seal->signer);
    EVP_PKEY_free(seal->key);
}

static enum err
digest(const struct seal *seal, struct str bytes, unsigned char *out, struct fault *fault)
{
    if (EVP_DigestInit_ex2(seal->hasher, seal->sha256, NULL) != 1
        || EVP_DigestUpdate(seal->hasher, bytes.data, bytes.size) != 1
        || EVP_DigestFinal_ex(seal->hasher, out, NULL) != 1) {
        return FAIL(fault, ERR_CRYPTO, "SHA-256");
    }
    return ERR_OK;
}

static enum err
take_key(struct seal *seal, struct str pem, struct fault *fault)
{
    char no_password[] = ""; /* nobody is ever asked for one: the file is protected by its mode */
    BIO *memory =
        pem.size > 0 && pem.size <= INT32_MAX ? BIO_new_mem_buf(pem.data, (int)pem.size) : NULL;

    if (memory != NULL) {
        seal->key = PEM_read_bio_PrivateKey(memory, NULL, NULL, no_password);
        (void)BIO_free(memory); /* memory only */
    }
    if (seal->key == NULL) {
        return FAIL(fault, ERR_CRYPTO, "klucza pieczęci nie da się odczytać");
    }
    if (!signet_method(seal->key, &seal->form.method)) {
        return FAIL(fault, ERR_CRYPTO,
                    "klucz pieczęci nie jest ani ECDSA P-256, ani RSA od 2048 do 8192 bitów");
    }
    return ERR_OK;
}

static enum err
take_certificate(struct arena *arena, struct seal *seal, X509 *certificate, struct fault *fault)
{
    struct imprint_certificate *place = &seal->form.chain[seal->form.chain_count];
    unsigned char              *der = NULL;
    int                         size = i2d_X509(certificate, &der);

    if (size <= 0 || size > IMPRINT_CERTIFICATE_MAX) {
        OPENSSL_free(der);
        return FAIL(fault, ERR_CRYPTO, "certyfikatu pieczęci nie da się użyć");
    }
    place->der = str_copy(arena, (struct str){(const char *)der, (size_t)size});
    OPENSSL_free(der);
    if (place->der.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "certificate of the seal");
    }
    seal->form.chain_count++;
    return digest(seal, place->der, place->sha256, fault);
}

/* A name that cannot be read is none. */
static enum err
take_owner(struct arena *arena, struct seal *seal, const X509 *certificate, struct fault *fault)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    int              place = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char   *text = NULL;

    if (place < 0) {
        return ERR_OK;
    }
    int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)));
    if (size <= 0) {
        return ERR_OK;
    }
    seal->owner = str_copy(arena, (struct str){(const char *)text, (size_t)size});
    OPENSSL_free(text);
    return seal->owner.data == NULL ? FAIL(fault, ERR_MEMORY, "name on the seal") : ERR_OK;
}

static enum err
take_chain(struct arena *arena, struct seal *seal, struct str pem, struct fault *fault)
{
    X509      *chain[IMPRINT_CHAIN_MAX];
    size_t     count = 0;
    struct buf key_info =
        buf_create(arena, (size_t)2 * IMPRINT_CHAIN_MAX * IMPRINT_CERTIFICATE_MAX);

    TRY(signet_read_pem(arena, pem, IMPRINT_CHAIN_MAX, chain, &count, fault));
    if (X509_check_private_key(chain[0], seal->key) != 1) {
        return FAIL(fault, ERR_CRYPTO, "klucz nie pasuje do certyfikatu pieczęci");
    }
    if (!signet_may_sign(chain[0])) {
        return FAIL(fault, ERR_CRYPTO, "certyfikat pieczęci nie jest do składania podpisów");
    }
    TRY(take_owner(arena, seal, chain[0], fault));
    for (size_t i = 0; i < count; i++) {
        TRY(take_certificate(arena, seal, chain[i], fault));
    }
    imprint_write_key(&key_info, &seal->form);
    seal->key_info = buf_str(&key_info);
    return buf_ok(&key_info) ? ERR_OK : FAIL(fault, ERR_MEMORY, "KeyInfo of the seal");
}

static enum err
prepare_signer(struct seal *seal, struct fault *fault)
{
    seal->signer = EVP_PKEY_CTX_new_from_pkey(NULL, seal->key, NULL);
    if (seal->signer == NULL || EVP_PKEY_sign_init(seal->signer) != 1
        || EVP_PKEY_CTX_set_signature_md(seal->signer, EVP_sha256()) != 1
        || (seal->form.method == IMPRINT_RSA
            && EVP_PKEY_CTX_set_rsa_padding(seal->signer, RSA_PKCS1_PADDING) != 1)) {
        return FAIL(fault, ERR_CRYPTO, "kluczem pieczęci nie da się podpisać");
    }
    return ERR_OK;
}

/* The value over a digest; room has IMPRINT_VALUE_MAX bytes. */
static enum err
sign(const struct seal *seal, const unsigned char *sha256, unsigned char *room, struct str *out,
     struct fault *fault)
{
    unsigned char der[IMPRINT_VALUE_MAX + 1];
    size_t        size = sizeof der;

    if (EVP_PKEY_sign(seal->signer, der, &size, sha256, IMPRINT_DIGEST_SIZE) != 1
        || size > IMPRINT_VALUE_MAX) {
        return FAIL(fault, ERR_CRYPTO, "signing");
    }
    if (seal->form.method == IMPRINT_ECDSA) {
        if (!signet_flatten(der, size, room)) {
            return FAIL(fault, ERR_CRYPTO, "the value of a signature");
        }
        size = IMPRINT_ECDSA_SIZE;
    } else {
        memcpy(room, der, size);
    }
    *out = (struct str){(const char *)room, size};
    return ERR_OK;
}

enum err
seal_create(struct arena *arena, struct str key_pem, struct str certificate_pem, struct seal **out,
            struct fault *fault)
{
    struct seal  *seal = ARENA_NEW(arena, struct seal, 1);
    unsigned char room[IMPRINT_VALUE_MAX];
    unsigned char nothing[IMPRINT_DIGEST_SIZE] = {0};
    struct str    value = {0};

    if (seal == NULL || !arena_defer(arena, seal_release, seal)) {
        return FAIL(fault, ERR_MEMORY, "seal");
    }
    seal->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    seal->hasher = EVP_MD_CTX_new();
    if (seal->sha256 == NULL || seal->hasher == NULL) {
        return FAIL(fault, ERR_CRYPTO, "SHA-256");
    }
    TRY(take_key(seal, key_pem, fault));
    TRY(take_chain(arena, seal, certificate_pem, fault));
    TRY(prepare_signer(seal, fault));
    /* Whatever OpenSSL reads when it signs for the first time is read now. */
    TRY(sign(seal, nothing, room, &value, fault));
    *out = seal;
    return ERR_OK;
}

/* Fill the digests and the value of an imprint on this document. */
static enum err
press(struct arena *arena, const struct seal *seal, struct str document, unsigned char *room,
      struct imprint *imprint, struct fault *fault)
{
    struct buf    alone = buf_create(arena, ALONE_MAX);
    unsigned char sha256[IMPRINT_DIGEST_SIZE];

    TRY(digest(seal, document, imprint->document_sha256, fault));
    imprint_write_properties(&alone, imprint);
    TRY(digest(seal, buf_str(&alone), imprint->properties_sha256, fault));
    size_t properties_size = alone.size;
    imprint_write_signed_info(&alone, imprint);
    if (!buf_ok(&alone)) {
        return FAIL(fault, ERR_MEMORY, "seal on a receipt");
    }
    TRY(digest(seal, str_slice(buf_str(&alone), properties_size, alone.size), sha256, fault));
    return sign(seal, sha256, room, &imprint->value, fault);
}

struct str
seal_owner(const struct seal *seal)
{
    return seal->owner;
}

enum err
seal_receipt(struct arena *arena, const struct seal *seal, const struct receipt_facts *facts,
             instant at, struct str *out, struct fault *fault)
{
    unsigned char  room[IMPRINT_VALUE_MAX];
    struct buf     text = buf_create(arena, RECEIPT_SIZE_MAX);
    struct imprint imprint = seal->form;

    if (!layout_instant_valid(at)) {
        return FAIL(fault, ERR_USAGE, "no receipt can state this time of signing");
    }
    imprint.signed_at = at;
    TRY(receipt_write(&text, facts, fault));
    TRY(press(arena, seal, buf_str(&text), room, &imprint, fault));
    text.size -= LAYOUT_END.size; /* the imprint is the last child of the document */
    imprint_write(&text, &imprint, seal->key_info);
    buf_append(&text, LAYOUT_END);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_LIMIT, "a receipt above %d bytes", RECEIPT_SIZE_MAX);
    }
    *out = buf_str(&text);
    return ERR_OK;
}
