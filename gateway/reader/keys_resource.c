#include "gateway/reader/keys_resource.h"

#include "gateway/reader/saying.h"
#include "validators/signature/certificate.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

enum { CERTIFICATES_MAX = 16 };

static void
write_key(struct json *json, const struct certificate *certificate)
{
    struct arena *arena = json->out->arena;
    struct str    digest = {(const char *)certificate->sha256, sizeof certificate->sha256};

    json_object_begin(json);
    json_key(json, "sha256");
    json_text(json, saying_hex(arena, digest));
    json_key(json, "subject");
    json_text_or_null(json, certificate->common_name);
    saying_instant(json, "valid_from", certificate->not_before * INSTANT_PER_SECOND);
    saying_instant(json, "valid_to", certificate->not_after * INSTANT_PER_SECOND);
    json_key(json, "key");
    json_text_or_null(json, certificate->key_name);
    json_key(json, "authority");
    json_truth(json, certificate->is_authority);
    json_object_end(json);
}

/* The next certificate of the file as DER; empty at its end. */
static enum err
next_der(struct arena *arena, BIO *pem, struct str *out, struct fault *fault)
{
    char          *name = NULL;
    char          *header = NULL;
    unsigned char *data = NULL;
    long           size = 0;

    *out = (struct str){0};
    if (PEM_read_bio(pem, &name, &header, &data, &size) != 1) {
        ERR_clear_error();
        return ERR_OK;
    }
    *out = str_copy(arena, (struct str){(const char *)data, (size_t)size});
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    return out->data == NULL ? FAIL(fault, ERR_MEMORY, "a certificate of %ld bytes", size) : ERR_OK;
}

static enum err
write_keys(struct json *json, BIO *pem, struct fault *fault)
{
    struct arena        *arena = json->out->arena;
    struct certificates *certificates = certificates_create(arena, CERTIFICATES_MAX);

    if (certificates == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for certificates");
    }
    for (size_t i = 0; i < CERTIFICATES_MAX; i++) {
        struct certificate *certificate = NULL;
        struct str          der = {0};
        TRY(next_der(arena, pem, &der, fault));
        if (der.size == 0) {
            return ERR_OK;
        }
        TRY(certificates_get(certificates, der, &certificate, fault));
        if (certificate != NULL && certificate->x509 != NULL) {
            write_key(json, certificate);
        }
    }
    return ERR_OK;
}

/* The newest first: the present one, then those that older messages were signed with. */
static const char webhook_sql[] =
    "SELECT public_key FROM courier.signing_key ORDER BY since DESC LIMIT 16";

static enum err
write_webhook_keys(struct json *json, struct asked *asked, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(asked->tools->store, webhook_sql, NULL, asked->arena, &rows, fault));
    json_key(json, "webhook_keys");
    json_array_begin(json);
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        json_text(json, store_text(&rows, i, 0));
    }
    json_array_end(json);
    return ERR_OK;
}

static enum err
write_json(struct asked *asked, struct buf *out, struct fault *fault)
{
    struct json json = json_create(out);
    struct str  text = asked->tools->seal_pem;
    BIO        *pem = BIO_new_mem_buf(text.data == NULL ? "" : text.data, (int)text.size);

    if (pem == NULL) {
        return FAIL(fault, ERR_CRYPTO, "no memory to read a certificate");
    }
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    enum err err = write_keys(&json, pem, fault);
    BIO_free(pem);
    if (err != ERR_OK) {
        return err;
    }
    json_array_end(&json);
    TRY(write_webhook_keys(&json, asked, fault));
    json_object_end(&json);
    return ERR_OK;
}

enum err
keys_resource_answer(struct asked *asked, struct fault *fault)
{
    struct buf body = asked_body(asked);

    asked_header(asked, "Vary", STR("Accept"));
    if (asked->format == FORMAT_PEM) {
        asked_header(asked, "Content-Disposition", STR("attachment; filename=\"brama.pem\""));
        buf_append(&body, asked->tools->seal_pem);
    } else {
        TRY(write_json(asked, &body, fault));
    }
    return asked_answer_tagged(asked, &body, fault);
}
