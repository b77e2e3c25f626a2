#include "gateway/stamp/stamp.h"

#include "gateway/anchors/anchors.h"

#include <openssl/err.h>
#include <openssl/ts.h>
#include <string.h>
#include <time.h>

enum { POLICY_MAX = 128, NOTHING = -1 };

struct stamp_trust {
    X509_STORE  *store;
    ASN1_OBJECT *policy; /* NULL: any */
};

static void
release(void *object)
{
    struct stamp_trust *trust = object;

    X509_STORE_free(trust->store); /* accepts NULL */
    ASN1_OBJECT_free(trust->policy);
}

enum err
stamp_trust_create(struct arena *arena, struct str pem, struct str policy, struct stamp_trust **out,
                   struct fault *fault)
{
    struct stamp_trust *trust = ARENA_NEW(arena, struct stamp_trust, 1);
    struct str          name = str_copy(arena, policy); /* ends with NUL */

    if (trust == NULL || name.data == NULL || !arena_defer(arena, release, trust)) {
        return FAIL(fault, ERR_MEMORY, "trust in time stamps");
    }
    trust->store = X509_STORE_new();
    if (trust->store == NULL || !anchors_fill(trust->store, pem)) {
        return FAIL(fault, ERR_CRYPTO, "nie ma w nim certyfikatów PEM");
    }
    if (policy.size > 0) {
        trust->policy = policy.size < POLICY_MAX ? OBJ_txt2obj(name.data, 1) : NULL;
        ERR_clear_error();
        if (trust->policy == NULL) {
            return FAIL(fault, ERR_CRYPTO, "polityka znaczników czasu ma postać 1.2.3.4");
        }
    }
    *out = trust;
    return ERR_OK;
}

/* SHA-256 of these bytes, as TS wants it. */
static TS_MSG_IMPRINT *
make_imprint(const unsigned char digest[STAMP_IMPRINT_SIZE])
{
    TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
    X509_ALGOR     *algorithm = X509_ALGOR_new();
    bool            good =
        imprint != NULL && algorithm != NULL
        && X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1
        && TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1
        && TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)digest, STAMP_IMPRINT_SIZE) == 1;

    X509_ALGOR_free(algorithm); /* it was copied */
    if (!good) {
        TS_MSG_IMPRINT_free(imprint);
        return NULL;
    }
    return imprint;
}

static bool
set_nonce(TS_REQ *request, const unsigned char nonce[STAMP_NONCE_SIZE])
{
    BIGNUM       *number = BN_bin2bn(nonce, STAMP_NONCE_SIZE, NULL);
    ASN1_INTEGER *integer = number == NULL ? NULL : BN_to_ASN1_INTEGER(number, NULL);
    bool          good = integer != NULL && TS_REQ_set_nonce(request, integer) == 1;

    ASN1_INTEGER_free(integer);
    BN_free(number);
    return good;
}

static TS_REQ *
make_request(const struct stamp_question *question, const struct stamp_trust *trust)
{
    TS_REQ         *request = TS_REQ_new();
    TS_MSG_IMPRINT *imprint = make_imprint(question->imprint);
    bool            good = request != NULL && imprint != NULL && TS_REQ_set_version(request, 1) == 1
                && TS_REQ_set_msg_imprint(request, imprint) == 1
                && set_nonce(request, question->nonce) && TS_REQ_set_cert_req(request, 1) == 1
                && (trust->policy == NULL || TS_REQ_set_policy_id(request, trust->policy) == 1);

    TS_MSG_IMPRINT_free(imprint);
    if (!good) {
        TS_REQ_free(request);
        return NULL;
    }
    return request;
}

enum err
stamp_ask(struct arena *arena, const unsigned char imprint[STAMP_IMPRINT_SIZE],
          const unsigned char nonce[STAMP_NONCE_SIZE], const struct stamp_trust *trust,
          struct stamp_question *out, struct fault *fault)
{
    struct stamp_question question = {.der = {0}};
    unsigned char        *der = NULL;

    memcpy(question.imprint, imprint, STAMP_IMPRINT_SIZE);
    memcpy(question.nonce, nonce, STAMP_NONCE_SIZE);
    TS_REQ *request = make_request(&question, trust);
    int     size = request == NULL ? NOTHING : i2d_TS_REQ(request, &der);
    TS_REQ_free(request);
    if (size <= 0) {
        return FAIL(fault, ERR_CRYPTO, "no question to a time-stamping authority can be made");
    }
    question.der = str_copy(arena, (struct str){(const char *)der, (size_t)size});
    OPENSSL_free(der);
    if (question.der.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a question to a time-stamping authority");
    }
    *out = question;
    return ERR_OK;
}

/* When a token says that it was made. */
static bool
read_time(TS_TST_INFO *info, instant *out)
{
    const ASN1_GENERALIZEDTIME *at = info == NULL ? NULL : TS_TST_INFO_get_time(info);
    struct tm                   parts = {0};

    if (at == NULL || ASN1_TIME_to_tm((const ASN1_TIME *)at, &parts) != 1) {
        return false;
    }
    struct date day = {
        .year = parts.tm_year + 1900, .month = parts.tm_mon + 1, .day = parts.tm_mday};
    if (!date_valid(day)) {
        return false;
    }
    int64_t seconds = date_days(day) * 86400 + (int64_t)parts.tm_hour * 3600
                      + (int64_t)parts.tm_min * 60 + parts.tm_sec;
    *out = seconds * INSTANT_PER_SECOND;
    return true;
}

/* TS compares the bytes of the imprint; that they are of SHA-256 is asked here. */
static bool
is_of_sha256(TS_TST_INFO *info)
{
    TS_MSG_IMPRINT    *imprint = TS_TST_INFO_get_msg_imprint(info);
    const X509_ALGOR  *algorithm = imprint == NULL ? NULL : TS_MSG_IMPRINT_get_algo(imprint);
    const ASN1_OBJECT *name = NULL;

    if (algorithm == NULL) {
        return false;
    }
    X509_ALGOR_get0(&name, NULL, NULL, algorithm);
    return OBJ_obj2nid(name) == NID_sha256;
}

/* Who signed was certified then: a store of this check alone. */
static X509_STORE *
store_of_then(const struct stamp_trust *trust, instant at)
{
    X509_STORE *store = X509_STORE_new();
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(trust->store);

    for (int i = 0; store != NULL && i < sk_X509_OBJECT_num(objects); i++) {
        X509 *certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (certificate != NULL && X509_STORE_add_cert(store, certificate) != 1) {
            X509_STORE_free(store);
            return NULL;
        }
    }
    if (store != NULL) {
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(at / INSTANT_PER_SECOND));
    }
    return store;
}

/* Everything that TS can check of a token, with what stands in context; the words of a failure. */
static enum err
verify(TS_VERIFY_CTX *context, X509_STORE *store, PKCS7 *token, struct fault *fault)
{
    if (store == NULL) {
        return FAIL(fault, ERR_MEMORY, "the check of a time stamp");
    }
    (void)TS_VERIFY_CTX_set_store(context, store); /* its owner from now on */
    (void)TS_VERIFY_CTX_add_flags(context, TS_VFY_VERSION | TS_VFY_SIGNATURE);
    if (TS_RESP_verify_token(context, token) == 1) {
        return ERR_OK;
    }
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    enum err    got = FAIL(fault, ERR_DENIED, "the time stamp does not hold: %s",
                        reason == NULL ? "no reason" : reason);
    ERR_clear_error();
    return got;
}

static enum err
keep(struct arena *arena, PKCS7 *token, instant at, struct stamp *out, struct fault *fault)
{
    unsigned char *der = NULL;
    int            size = i2d_PKCS7(token, &der);
    struct stamp   stamp = {.at = at};

    if (size <= 0) {
        return FAIL(fault, ERR_CRYPTO, "a time stamp cannot be written");
    }
    stamp.token = str_copy(arena, (struct str){(const char *)der, (size_t)size});
    OPENSSL_free(der);
    if (stamp.token.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a time stamp of %d bytes", size);
    }
    *out = stamp;
    return ERR_OK;
}

/* The parts of a token that every check begins with. */
static enum err
look(TS_TST_INFO *info, instant *at, struct fault *fault)
{
    if (info == NULL || !read_time(info, at) || !is_of_sha256(info)) {
        return FAIL(fault, ERR_DENIED, "a time stamp without a time, or not of a SHA-256");
    }
    return ERR_OK;
}

static enum err
take(struct arena *arena, const struct stamp_trust *trust, const struct stamp_question *question,
     TS_RESP *response, struct stamp *out, struct fault *fault)
{
    TS_STATUS_INFO *status = TS_RESP_get_status_info(response);
    PKCS7          *token = TS_RESP_get_token(response);
    instant         at = 0;
    long code = status == NULL ? NOTHING : ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));

    if ((code != TS_STATUS_GRANTED && code != TS_STATUS_GRANTED_WITH_MODS) || token == NULL) {
        return FAIL(fault, ERR_DENIED, "the time-stamping authority refuses, status %ld", code);
    }
    TRY(look(TS_RESP_get_tst_info(response), &at, fault));
    TS_REQ        *request = make_request(question, trust);
    TS_VERIFY_CTX *context = request == NULL ? NULL : TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    enum err       got = context == NULL ? FAIL(fault, ERR_MEMORY, "the check of a time stamp")
                                         : verify(context, store_of_then(trust, at), token, fault);
    TS_VERIFY_CTX_free(context);
    TS_REQ_free(request);
    TRY(got);
    return keep(arena, token, at, out, fault);
}

enum err
stamp_take(struct arena *arena, const struct stamp_trust *trust,
           const struct stamp_question *question, struct str answer, struct stamp *out,
           struct fault *fault)
{
    const unsigned char *at = (const unsigned char *)answer.data;
    TS_RESP             *response = NULL;

    if (answer.size > 0 && answer.size <= STAMP_ANSWER_MAX) {
        response = d2i_TS_RESP(NULL, &at, (long)answer.size);
    }
    ERR_clear_error();
    if (response == NULL || at != (const unsigned char *)answer.data + answer.size) {
        TS_RESP_free(response);
        return FAIL(fault, ERR_SYNTAX, "what came back is no answer of a time-stamping authority");
    }
    enum err got = take(arena, trust, question, response, out, fault);
    TS_RESP_free(response);
    return got;
}

static enum err
check(struct arena *arena, const struct stamp_trust *trust, PKCS7 *token,
      const unsigned char imprint[STAMP_IMPRINT_SIZE], struct stamp *out, struct fault *fault)
{
    TS_TST_INFO   *info = PKCS7_to_TS_TST_INFO(token);
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    unsigned char *digest = OPENSSL_memdup(imprint, STAMP_IMPRINT_SIZE);
    instant        at = 0;
    enum err       got = look(info, &at, fault);

    TS_TST_INFO_free(info);
    ERR_clear_error();
    if (context != NULL && digest != NULL) {
        (void)TS_VERIFY_CTX_set_imprint(context, digest, STAMP_IMPRINT_SIZE); /* its owner */
        digest = NULL;
        (void)TS_VERIFY_CTX_add_flags(context, TS_VFY_IMPRINT);
    }
    if (got == ERR_OK) {
        got = context == NULL ? FAIL(fault, ERR_MEMORY, "the check of a time stamp")
                              : verify(context, store_of_then(trust, at), token, fault);
    }
    OPENSSL_free(digest);
    TS_VERIFY_CTX_free(context);
    TRY(got);
    return keep(arena, token, at, out, fault);
}

enum err
stamp_check(struct arena *arena, const struct stamp_trust *trust, struct str token,
            const unsigned char imprint[STAMP_IMPRINT_SIZE], struct stamp *out, struct fault *fault)
{
    const unsigned char *at = (const unsigned char *)token.data;
    PKCS7               *parsed = NULL;

    if (token.size > 0 && token.size <= STAMP_ANSWER_MAX) {
        parsed = d2i_PKCS7(NULL, &at, (long)token.size);
    }
    ERR_clear_error();
    if (parsed == NULL || at != (const unsigned char *)token.data + token.size) {
        PKCS7_free(parsed);
        return FAIL(fault, ERR_SYNTAX, "this is no time stamp");
    }
    enum err got = check(arena, trust, parsed, imprint, out, fault);
    PKCS7_free(parsed);
    return got;
}
