#include "validators/signature/trust.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

/*
 * OpenSSL's answer for a certificate depends on the moment only through which certificates of the
 * store are valid then. That changes at `changes`; between two of them the store has one "age".
 */
struct signature_trust {
    X509_STORE *store;
    moment     *changes;
    size_t      change_count;
    struct str *names;
    size_t      name_count;
};

static void
release(void *object)
{
    X509_STORE_free(object);
}

/* Add every certificate of the text; false when one cannot be read. */
static bool
read_all(X509_STORE *store, BIO *text, size_t *count)
{
    X509 *x509 = PEM_read_bio_X509(text, NULL, NULL, NULL);

    while (x509 != NULL) {
        bool added = X509_STORE_add_cert(store, x509) == 1;
        X509_free(x509);
        if (!added) {
            return false;
        }
        (*count)++;
        x509 = PEM_read_bio_X509(text, NULL, NULL, NULL);
    }
    unsigned long end = ERR_peek_last_error();
    return ERR_GET_LIB(end) == ERR_LIB_PEM && ERR_GET_REASON(end) == PEM_R_NO_START_LINE;
}

/* From notBefore on a certificate is valid, and from notAfter on OpenSSL holds it expired. */
static bool
read_changes(struct arena *arena, struct signature_trust *trust)
{
    STACK_OF(X509) *all = X509_STORE_get1_all_certs(trust->store);
    int count = all == NULL ? 0 : sk_X509_num(all);

    trust->changes = ARENA_NEW(arena, moment, (size_t)count * 2);
    for (int i = 0; trust->changes != NULL && i < count; i++) {
        const X509            *x509 = sk_X509_value(all, i);
        const ASN1_TIME *const times[] = {X509_get0_notBefore(x509), X509_get0_notAfter(x509)};
        for (size_t j = 0; j < ARRAY_COUNT(times); j++) {
            /* One that cannot be read makes its certificate invalid for ever. */
            trust->change_count +=
                certificate_moment(times[j], &trust->changes[trust->change_count]) ? 1 : 0;
        }
    }
    sk_X509_pop_free(all, X509_free);
    return all != NULL && trust->changes != NULL;
}

static struct str
name_text(struct arena *arena, const X509_NAME *name)
{
    BIO       *out = BIO_new(BIO_s_mem());
    char      *text = NULL;
    struct str copy = {0};

    if (out != NULL
        && X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        long size = BIO_get_mem_data(out, &text);
        copy = str_copy(arena, (struct str){text == NULL ? "" : text, (size_t)size});
    }
    (void)BIO_free(out);
    return copy;
}

static bool
read_names(struct arena *arena, struct signature_trust *trust)
{
    STACK_OF(X509) *all = X509_STORE_get1_all_certs(trust->store);
    int  count = all == NULL ? 0 : sk_X509_num(all);
    bool whole = all != NULL;

    trust->names = ARENA_NEW(arena, struct str, (size_t)count * 2);
    for (int i = 0; trust->names != NULL && i < count; i++) {
        const X509            *x509 = sk_X509_value(all, i);
        const X509_NAME *const names[] = {X509_get_subject_name(x509), X509_get_issuer_name(x509)};
        for (size_t j = 0; j < ARRAY_COUNT(names); j++) {
            trust->names[trust->name_count] = name_text(arena, names[j]);
            whole = whole && trust->names[trust->name_count].data != NULL;
            trust->name_count++;
        }
    }
    sk_X509_pop_free(all, X509_free);
    return whole && trust->names != NULL;
}

static size_t
age_at(const struct signature_trust *trust, moment at)
{
    size_t age = 0;

    for (size_t i = 0; i < trust->change_count; i++) {
        age += trust->changes[i] <= at ? 1 : 0;
    }
    return age;
}

size_t
signature_trust_name_count(const struct signature_trust *trust)
{
    return trust->name_count;
}

struct str
signature_trust_name(const struct signature_trust *trust, size_t index)
{
    ENSURE(index < trust->name_count);
    return trust->names[index];
}

enum err
signature_trust_parse(struct arena *arena, struct str pem, struct signature_trust **out,
                      struct fault *fault)
{
    /* Before anything else of OpenSSL: its configuration file is not ours. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    struct signature_trust *trust = ARENA_NEW(arena, struct signature_trust, 1);
    X509_STORE             *store = X509_STORE_new();
    size_t                  count = 0;

    if (trust == NULL || store == NULL || pem.size > INT32_MAX
        || !arena_defer(arena, release, store)) {
        X509_STORE_free(store);
        return FAIL(fault, ERR_MEMORY, "trust store");
    }
    BIO *text = BIO_new_mem_buf(pem.size == 0 ? "" : pem.data, (int)pem.size);
    if (text == NULL) {
        return FAIL(fault, ERR_CRYPTO, "trust store");
    }
    bool readable = read_all(store, text, &count);
    BIO_free(text);
    ERR_clear_error();
    if (!readable) {
        return FAIL(fault, ERR_SYNTAX, "certyfikatu nr %zu nie da się odczytać", count + 1);
    }
    if (count == 0) {
        return FAIL(fault, ERR_SYNTAX, "nie ma w nim żadnego certyfikatu w postaci PEM");
    }
    trust->store = store;
    if (!read_changes(arena, trust) || !read_names(arena, trust)) {
        return FAIL(fault, ERR_MEMORY, "trust store");
    }
    *out = trust;
    return ERR_OK;
}

/* The signer's own times are judged by the caller, who tells them apart. */
static int
forgive_own_times(int good, X509_STORE_CTX *path)
{
    int error = X509_STORE_CTX_get_error(path);

    return good == 1
           || (X509_STORE_CTX_get_error_depth(path) == 0
               && (error == X509_V_ERR_CERT_NOT_YET_VALID || error == X509_V_ERR_CERT_HAS_EXPIRED));
}

static enum certificate_path
path_of(int error)
{
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return PATH_UNKNOWN_ISSUER;
    default:
        return PATH_BROKEN;
    }
}

static enum err
walk_path(X509_STORE_CTX *path, struct certificate *certificate, moment at, struct fault *fault)
{
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(path);

    (void)X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(parameters, at);
    X509_STORE_CTX_set_verify_cb(path, forgive_own_times);
    int found = X509_verify_cert(path);
    int error = X509_STORE_CTX_get_error(path);
    if (error == X509_V_ERR_OUT_OF_MEM) {
        return FAIL(fault, ERR_CRYPTO, "%s", X509_verify_cert_error_string(error));
    }
    certificate->path = found == 1 ? PATH_FOUND : path_of(error);
    certificate->path_fault = str_of(X509_verify_cert_error_string(error));
    return ERR_OK;
}

enum err
trust_find_path(const struct signature_trust *trust, struct certificate *certificate, moment at,
                struct fault *fault)
{
    size_t age = age_at(trust, at);

    if (certificate->path == PATH_UNKNOWN_ISSUER
        || (certificate->path != PATH_NOT_TRIED && certificate->path_age == age)) {
        return ERR_OK;
    }
    certificate->path_age = age;
    X509_STORE_CTX *path = X509_STORE_CTX_new();
    if (path == NULL || X509_STORE_CTX_init(path, trust->store, certificate->x509, NULL) != 1) {
        X509_STORE_CTX_free(path);
        return FAIL(fault, ERR_CRYPTO, "path to the trust store");
    }
    enum err got = walk_path(path, certificate, at, fault);
    X509_STORE_CTX_free(path);
    ERR_clear_error();
    return got;
}
