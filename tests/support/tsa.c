#include "tests/support/tsa.h"

#include "validators/base/ensure.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct tsa {
    X509        *certificate;
    EVP_PKEY    *key;
    _Atomic int  mood;
    _Atomic long serial;
};

struct tsa *
tsa_create(const char *certificate, const char *key)
{
    struct tsa *tsa = calloc(1, sizeof *tsa);
    BIO        *first = BIO_new_file(certificate, "r");
    BIO        *second = BIO_new_file(key, "r");

    ENSURE(tsa != NULL && first != NULL && second != NULL);
    tsa->certificate = PEM_read_bio_X509(first, NULL, NULL, NULL);
    tsa->key = PEM_read_bio_PrivateKey(second, NULL, NULL, NULL);
    ENSURE(tsa->certificate != NULL && tsa->key != NULL);
    BIO_free(first);
    BIO_free(second);
    return tsa;
}

void
tsa_destroy(struct tsa *tsa)
{
    X509_free(tsa->certificate);
    EVP_PKEY_free(tsa->key);
    free(tsa);
}

void
tsa_be(struct tsa *tsa, enum tsa_mood mood)
{
    tsa->mood = (int)mood;
}

/* The same without its nonce. */
static TS_REQ *
without_nonce(TS_REQ *request)
{
    TS_REQ *other = TS_REQ_new();

    ENSURE(other != NULL && TS_REQ_set_version(other, 1) == 1
           && TS_REQ_set_msg_imprint(other, TS_REQ_get_msg_imprint(request)) == 1
           && TS_REQ_set_cert_req(other, 1) == 1);
    TS_REQ_free(request);
    return other;
}

static ASN1_INTEGER *
next_serial(TS_RESP_CTX *context, void *object)
{
    struct tsa   *tsa = object;
    ASN1_INTEGER *serial = ASN1_INTEGER_new();

    (void)context;
    ENSURE(serial != NULL && ASN1_INTEGER_set(serial, ++tsa->serial) == 1);
    return serial;
}

/* The question as this authority would rather have it. */
static void
bend(TS_REQ *request, enum tsa_mood mood)
{
    unsigned char   other[32] = {1};
    TS_MSG_IMPRINT *imprint = TS_REQ_get_msg_imprint(request);
    ASN1_INTEGER   *nonce = ASN1_INTEGER_new();

    ENSURE(nonce != NULL && ASN1_INTEGER_set(nonce, 7) == 1);
    if (mood == TSA_OTHER_IMPRINT) {
        ENSURE(TS_MSG_IMPRINT_set_msg(imprint, other, sizeof other) == 1);
    } else if (mood == TSA_OTHER_NONCE) {
        ENSURE(TS_REQ_set_nonce(request, nonce) == 1);
    }
    ASN1_INTEGER_free(nonce);
}

static TS_RESP *
respond(struct tsa *tsa, TS_REQ *request)
{
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj(TSA_POLICY, 1);
    BIO         *question = BIO_new(BIO_s_mem());

    ENSURE(context != NULL && i2d_TS_REQ_bio(question, request) == 1);
    ENSURE(TS_RESP_CTX_set_signer_cert(context, tsa->certificate) == 1
           && TS_RESP_CTX_set_signer_key(context, tsa->key) == 1
           && TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1
           && TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1
           && TS_RESP_CTX_set_def_policy(context, policy) == 1
           && TS_RESP_CTX_add_md(context, EVP_sha256()) == 1);
    TS_RESP_CTX_set_serial_cb(context, next_serial, tsa);
    TS_RESP *response = TS_RESP_create_response(context, question);
    ENSURE(response != NULL);
    BIO_free(question);
    ASN1_OBJECT_free(policy);
    TS_RESP_CTX_free(context);
    return response;
}

/* A rejection says why and holds nothing. */
static TS_RESP *
refuse(void)
{
    TS_RESP        *response = TS_RESP_new();
    TS_STATUS_INFO *status = TS_STATUS_INFO_new();

    ENSURE(response != NULL && TS_STATUS_INFO_set_status(status, TS_STATUS_REJECTION) == 1
           && TS_RESP_set_status_info(response, status) == 1);
    TS_STATUS_INFO_free(status);
    return response;
}

size_t
tsa_answer(void *object, struct str question, char *room, size_t room_size)
{
    struct tsa          *tsa = object;
    enum tsa_mood        mood = (enum tsa_mood)tsa->mood;
    const unsigned char *at = (const unsigned char *)question.data;
    unsigned char       *der = NULL;
    TS_REQ              *request = d2i_TS_REQ(NULL, &at, (long)question.size);

    ENSURE(request != NULL);
    bend(request, mood);
    request = mood == TSA_NO_NONCE ? without_nonce(request) : request;
    TS_RESP *response = mood == TSA_REFUSES ? refuse() : respond(tsa, request);
    int      size = i2d_TS_RESP(response, &der);
    ENSURE(size > 0 && (size_t)size <= room_size);
    memcpy(room, der, (size_t)size);
    OPENSSL_free(der);
    TS_RESP_free(response);
    TS_REQ_free(request);
    return (size_t)size;
}
