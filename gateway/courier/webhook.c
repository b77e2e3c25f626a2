#include "gateway/courier/webhook.h"

#include "gateway/receipt/armour.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

enum { PUBLIC_SIZE = 32, SIGNATURE_SIZE = 64, TEXT_MAX = 256, MAC_SIZE = 32, HEAD_MAX = 256 };

struct webhook_key {
    EVP_PKEY  *key;
    struct str public_key;
};

static void
release(void *object)
{
    struct webhook_key *key = object;

    EVP_PKEY_free(key->key); /* accepts NULL */
}

static struct str
write_public(struct arena *arena, const EVP_PKEY *key)
{
    unsigned char raw[PUBLIC_SIZE];
    size_t        size = sizeof raw;
    struct buf    out = buf_create(arena, TEXT_MAX);

    if (EVP_PKEY_get_raw_public_key(key, raw, &size) != 1) {
        return (struct str){0};
    }
    buf_append(&out, STR("whpk_"));
    armour_append(&out, (struct str){(const char *)raw, size});
    return buf_ok(&out) ? buf_str(&out) : (struct str){0};
}

enum err
webhook_key_create(struct arena *arena, struct str pem, struct webhook_key **out,
                   struct fault *fault)
{
    struct webhook_key *key = ARENA_NEW(arena, struct webhook_key, 1);
    BIO                *bio = BIO_new_mem_buf(pem.data == NULL ? "" : pem.data, (int)pem.size);

    if (key == NULL || bio == NULL || !arena_defer(arena, release, key)) {
        BIO_free(bio);
        return FAIL(fault, ERR_MEMORY, "the key of webhooks");
    }
    key->key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    ERR_clear_error();
    if (key->key == NULL || EVP_PKEY_get_id(key->key) != EVP_PKEY_ED25519) {
        return FAIL(fault, ERR_CRYPTO, "nie jest kluczem prywatnym Ed25519 w postaci PEM");
    }
    key->public_key = write_public(arena, key->key);
    if (key->public_key.size == 0) {
        return FAIL(fault, ERR_CRYPTO, "klucza publicznego nie da się zapisać");
    }
    *out = key;
    return ERR_OK;
}

struct str
webhook_public_key(const struct webhook_key *key)
{
    return key->public_key;
}

/* " v1," and the code by one secret. */
static bool
append_code(struct buf *header, struct str secret, struct str content)
{
    unsigned char code[EVP_MAX_MD_SIZE];
    unsigned      size = 0;

    if (secret.size == 0) {
        return true;
    }
    if (HMAC(EVP_sha256(), secret.data, (int)secret.size, (const unsigned char *)content.data,
             content.size, code, &size)
            == NULL
        || size != MAC_SIZE) {
        return false;
    }
    buf_append(header, STR(" v1,"));
    armour_append(header, (struct str){(const char *)code, size});
    return true;
}

enum err
webhook_sign(struct arena *arena, const struct webhook_key *key,
             const struct webhook_message *message, struct str *out, struct fault *fault)
{
    unsigned char signature[SIGNATURE_SIZE];
    size_t        size = sizeof signature;
    struct buf    content = buf_create(arena, message->id.size + message->body.size + HEAD_MAX);
    struct buf    header = buf_create(arena, TEXT_MAX);
    EVP_MD_CTX   *context = EVP_MD_CTX_new();

    buf_format(&content, "%.*s.%lld.", STR_ARG(message->id), (long long)message->at);
    buf_append(&content, message->body);
    bool good = context != NULL && buf_ok(&content)
                && EVP_DigestSignInit(context, NULL, NULL, NULL, key->key) == 1
                && EVP_DigestSign(context, signature, &size, (const unsigned char *)content.data,
                                  content.size)
                       == 1;
    EVP_MD_CTX_free(context);
    if (!good) {
        return FAIL(fault, ERR_CRYPTO, "a webhook could not be signed");
    }
    buf_append(&header, STR("v1a,"));
    armour_append(&header, (struct str){(const char *)signature, size});
    for (size_t i = 0; i < WEBHOOK_SECRETS_MAX; i++) {
        if (!append_code(&header, message->secrets[i], buf_str(&content))) {
            return FAIL(fault, ERR_CRYPTO, "a webhook could not be signed by a secret");
        }
    }
    *out = buf_str(&header);
    return buf_ok(&header) ? ERR_OK : FAIL(fault, ERR_MEMORY, "a signature of a webhook");
}
