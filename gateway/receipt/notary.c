#include "gateway/receipt/notary.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/receipt/escape.h"
#include "gateway/receipt/signet.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>

enum {
    ALONE_MAX = 8 * 1024,
    TRUST_MAX = 256,
    AUTH_LEVEL = 2 /* 112 bits: no SHA-1, no RSA 1024 */
};

/* One receipt under examination. */
struct examination {
    struct arena         *arena;
    const struct imprint *imprint;
    X509                 *chain[IMPRINT_CHAIN_MAX];
    unsigned char         info_sha256[IMPRINT_DIGEST_SIZE];
};

/* Whether the three digests are those of what stands there; also the one that was signed. */
static enum err
examine_digests(struct examination *examination, struct str document, enum reading_step *step,
                struct fault *fault)
{
    const struct imprint *imprint = examination->imprint;
    struct buf            properties = buf_create(examination->arena, ALONE_MAX);
    struct buf            info = buf_create(examination->arena, ALONE_MAX);
    unsigned char         sha256[IMPRINT_DIGEST_SIZE];

    imprint_write_properties(&properties, imprint);
    imprint_write_signed_info(&info, imprint);
    if (!buf_ok(&properties) || !buf_ok(&info)) {
        return FAIL(fault, ERR_MEMORY, "reading a receipt");
    }
    TRY(fingerprint_of(buf_str(&info), examination->info_sha256, fault));
    TRY(fingerprint_of(document, sha256, fault));
    if (!fingerprint_equal(sha256, imprint->document_sha256)) {
        *step = READING_DIGEST;
        return ERR_OK;
    }
    TRY(fingerprint_of(buf_str(&properties), sha256, fault));
    *step =
        fingerprint_equal(sha256, imprint->properties_sha256) ? READING_GOOD : READING_PROPERTIES;
    return ERR_OK;
}

static void
certificate_release(void *object)
{
    X509_free(object);
}

/* The certificates that the properties name, and nothing behind their end. */
static enum err
examine_chain(struct examination *examination, enum reading_step *step, struct fault *fault)
{
    const struct imprint *imprint = examination->imprint;
    unsigned char         sha256[IMPRINT_DIGEST_SIZE];

    for (size_t i = 0; i < imprint->chain_count; i++) {
        struct str           der = imprint->chain[i].der;
        const unsigned char *at = (const unsigned char *)der.data;
        X509                *certificate = d2i_X509(NULL, &at, (long)der.size);
        if (certificate != NULL
            && !arena_defer(examination->arena, certificate_release, certificate)) {
            X509_free(certificate);
            return FAIL(fault, ERR_MEMORY, "certificate of a receipt");
        }
        TRY(fingerprint_of(der, sha256, fault));
        if (certificate == NULL || at != (const unsigned char *)der.data + der.size
            || !fingerprint_equal(sha256, imprint->chain[i].sha256)) {
            *step = READING_CERTIFICATE;
            return ERR_OK;
        }
        examination->chain[i] = certificate;
    }
    return ERR_OK;
}

static bool
verify(EVP_PKEY *key, enum imprint_method method, const unsigned char *sha256,
       const unsigned char *value, size_t size)
{
    EVP_PKEY_CTX *verifier = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool          good =
        verifier != NULL && EVP_PKEY_verify_init(verifier) == 1
        && EVP_PKEY_CTX_set_signature_md(verifier, EVP_sha256()) == 1
        && (method != IMPRINT_RSA || EVP_PKEY_CTX_set_rsa_padding(verifier, RSA_PKCS1_PADDING) == 1)
        && EVP_PKEY_verify(verifier, value, size, sha256, IMPRINT_DIGEST_SIZE) == 1;

    EVP_PKEY_CTX_free(verifier);
    return good;
}

static enum reading_step
examine_value(const struct examination *examination)
{
    const struct imprint *imprint = examination->imprint;
    EVP_PKEY             *key = X509_get0_pubkey(examination->chain[0]);
    enum imprint_method   method = IMPRINT_ECDSA;
    unsigned char        *der = NULL;

    if (key == NULL || !signet_method(key, &method) || method != imprint->method) {
        return READING_VALUE;
    }
    if (method == IMPRINT_RSA) {
        return verify(key, method, examination->info_sha256,
                      (const unsigned char *)imprint->value.data, imprint->value.size)
                   ? READING_GOOD
                   : READING_VALUE;
    }
    size_t size = signet_unfold(imprint->value, &der);
    bool   good = size > 0 && verify(key, method, examination->info_sha256, der, size);
    OPENSSL_free(der);
    return good ? READING_GOOD : READING_VALUE;
}

/* Fill the store with who is trusted: seal certificates themselves, or who issued them. */
static enum err
fill_store(struct arena *arena, X509_STORE *store, struct str trust_pem, struct fault *fault)
{
    X509 **trusted = ARENA_NEW(arena, X509 *, TRUST_MAX);
    size_t count = 0;

    if (trusted == NULL) {
        return FAIL(fault, ERR_MEMORY, "trusted certificates");
    }
    TRY(signet_read_pem(arena, trust_pem, TRUST_MAX, trusted, &count, fault));
    for (size_t i = 0; i < count; i++) {
        if (X509_STORE_add_cert(store, trusted[i]) != 1) {
            return FAIL(fault, ERR_CRYPTO, "trusted certificate %zu", i + 1);
        }
    }
    return ERR_OK;
}

/* Whether the calendar is looked at when a path is walked. */
enum calendar { CALENDAR_IGNORED, CALENDAR_OF_SIGNING };

static void
set_rules(X509_VERIFY_PARAM *rules, moment at, enum calendar calendar)
{
    unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN;

    X509_VERIFY_PARAM_set_auth_level(rules, AUTH_LEVEL);
    X509_VERIFY_PARAM_set_depth(rules, IMPRINT_CHAIN_MAX);
    if (calendar == CALENDAR_OF_SIGNING) {
        X509_VERIFY_PARAM_set_time(rules, (time_t)at);
    } else {
        flags |= X509_V_FLAG_NO_CHECK_TIME; /* a time that was set would win over this flag */
    }
    (void)X509_VERIFY_PARAM_set_flags(rules, flags); /* cannot fail for these flags */
}

/* Whether a path leads to the store. */
static bool
path_leads(const struct examination *examination, X509_STORE *store, STACK_OF(X509) * others,
           enum calendar calendar)
{
    /* The second at which it was signed; instants on receipts are after 1970. */
    moment          at = examination->imprint->signed_at / INSTANT_PER_SECOND;
    X509_STORE_CTX *walk = X509_STORE_CTX_new();
    bool            leads = false;

    if (walk != NULL && X509_STORE_CTX_init(walk, store, examination->chain[0], others) == 1) {
        set_rules(X509_STORE_CTX_get0_param(walk), at, calendar);
        leads = X509_verify_cert(walk) == 1;
    }
    X509_STORE_CTX_free(walk);
    return leads;
}

static enum reading_step
examine_path(const struct examination *examination, X509_STORE *store, STACK_OF(X509) * others)
{
    if (!signet_may_sign(examination->chain[0])
        || !path_leads(examination, store, others, CALENDAR_IGNORED)) {
        return READING_ISSUER;
    }
    return path_leads(examination, store, others, CALENDAR_OF_SIGNING) ? READING_GOOD
                                                                       : READING_VALIDITY;
}

static enum err
examine_issuer(const struct examination *examination, struct str trust_pem, enum reading_step *step,
               struct fault *fault)
{
    X509_STORE *store = X509_STORE_new();
    STACK_OF(X509) *others = sk_X509_new_null();
    bool complete = store != NULL && others != NULL;

    for (size_t i = 1; complete && i < examination->imprint->chain_count; i++) {
        complete = sk_X509_push(others, examination->chain[i]) > 0;
    }
    enum err got = complete ? fill_store(examination->arena, store, trust_pem, fault)
                            : FAIL(fault, ERR_CRYPTO, "no room for certificates");
    if (got == ERR_OK) {
        *step = examine_path(examination, store, others);
    }
    sk_X509_free(others);
    X509_STORE_free(store);
    return got;
}

static enum err
take_name(struct examination *examination, struct str *out, struct fault *fault)
{
    X509_NAME     *name = X509_get_subject_name(examination->chain[0]);
    int            place = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    unsigned char *text = NULL;
    struct buf     clean = buf_create(examination->arena, (size_t)3 * IMPRINT_CERTIFICATE_MAX);

    if (place < 0) {
        return ERR_OK;
    }
    int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)));
    if (size > 0) {
        escape_repair(&clean, (struct str){(const char *)text, (size_t)size});
    }
    OPENSSL_free(text);
    *out = buf_str(&clean);
    return buf_ok(&clean) ? ERR_OK : FAIL(fault, ERR_MEMORY, "name on a certificate");
}

enum err
notary_examine(struct arena *arena, struct str document, const struct imprint *imprint,
               struct str trust_pem, struct notary_opinion *out, struct fault *fault)
{
    struct examination examination = {.arena = arena, .imprint = imprint};
    enum reading_step  step = READING_GOOD;
    struct str         sealed_by = {0};

    TRY(examine_digests(&examination, document, &step, fault));
    if (step == READING_GOOD) {
        TRY(examine_chain(&examination, &step, fault));
    }
    if (step == READING_GOOD) {
        TRY(take_name(&examination, &sealed_by, fault));
        step = examine_value(&examination);
    }
    if (step == READING_GOOD && trust_pem.size == 0) {
        step = READING_ISSUER;
    } else if (step == READING_GOOD) {
        TRY(examine_issuer(&examination, trust_pem, &step, fault));
    }
    *out = (struct notary_opinion){.step = step, .sealed_by = sealed_by};
    return ERR_OK;
}
