#include "tests/support/authority.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/* The keys in the order of keys.pem. Several certificates may share one. */
enum key { KEY_CA, KEY_OTHER, KEY_ACCOUNTANT, KEY_HEAD, KEY_STRANGER, KEY_WEAK, KEY_EC, KEY_COUNT };

static const unsigned key_bits[KEY_COUNT] = {2048, 2048, 2048, 2048, 2048, 1024, 0};

struct authority {
    EVP_PKEY             *keys[KEY_COUNT];
    struct authority_card cards[AUTHORITY_PERSON_COUNT];
};

#define CA_NAME "PUC Kwalifikowany (probny)"
#define OTHER_NAME "PUC Nieznany (probny)"
#define CA_FIRM "Probny Urzad Certyfikacji"

/* What is certified; an authority certifies itself and has no personal number. */
static const struct profile {
    const char *common_name;
    const char *personal_number;
    enum key    key;
    enum key    issuer;
    const char *from;
    const char *until;
    const char *usage;
    const char *digest;
} profiles[AUTHORITY_PERSON_COUNT] = {
#define SINCE "20250101000000Z"
#define UNTIL "20400101000000Z"
#define SIGNS "critical,nonRepudiation"
#define ISSUES "critical,keyCertSign,cRLSign"
#define WRAPS "critical,keyEncipherment"
#define JUNE "20260630000000Z"
#define JULY "20260715000000Z"
#define LATER "20270101000000Z"
#define NUMBER "PNOPL-00000000"
    [AUTHORITY_ACCOUNTANT] = {"Anna Przykladowa1", NUMBER "001", KEY_ACCOUNTANT, KEY_CA,    SINCE,
                              UNTIL,                                                                      SIGNS,  "SHA256"},
    [AUTHORITY_HEAD] = {"Jan Przykladowy1",  NUMBER "101", KEY_HEAD,       KEY_CA,    SINCE, UNTIL, SIGNS,
                              "SHA256"                                                                                    },
    [AUTHORITY_STRANGER] = {"Ewa Inna1",         NUMBER "201", KEY_STRANGER,   KEY_CA,    SINCE, UNTIL, SIGNS,
                              "SHA256"                                                                                    },
    [AUTHORITY_EXPIRED] = {"Anna Dawna1",       NUMBER "301", KEY_ACCOUNTANT, KEY_CA,    SINCE, JUNE,  SIGNS,
                              "SHA256"                                                                                    },
    [AUTHORITY_SHORT_LIVED] = {"Anna Krotka1",      NUMBER "302", KEY_ACCOUNTANT, KEY_CA,    SINCE, JULY,
                              SIGNS,                                                                              "SHA256"},
    [AUTHORITY_NOT_YET] = {"Anna Przyszla1",    NUMBER "303", KEY_ACCOUNTANT, KEY_CA,    LATER, UNTIL,
                              SIGNS,                                                                              "SHA256"},
    [AUTHORITY_WEAK] = {"Anna Slaba1",       NUMBER "304", KEY_WEAK,       KEY_CA,    SINCE, UNTIL, SIGNS,
                              "SHA256"                                                                                    },
    [AUTHORITY_ELLIPTIC] = {"Anna Krzywa1",      NUMBER "305", KEY_EC,         KEY_CA,    SINCE, UNTIL, SIGNS,
                              "SHA256"                                                                                    },
    [AUTHORITY_UNKNOWN_ISSUER] = {"Anna Nieznana1",    NUMBER "306", KEY_ACCOUNTANT, KEY_OTHER, SINCE,
                              UNTIL,                                                                      SIGNS,  "SHA256"},
    [AUTHORITY_NO_SIGNING] = {"Anna Szyfrowa1",    NUMBER "307", KEY_ACCOUNTANT, KEY_CA,    SINCE, UNTIL,
                              WRAPS,                                                                              "SHA256"},
    [AUTHORITY_SHA1] = {"Anna Skrotowa1",    NUMBER "308", KEY_ACCOUNTANT, KEY_CA,    SINCE, UNTIL, SIGNS,
                              "SHA1"                                                                                      },
    [AUTHORITY_CA] = {CA_NAME,             NULL,         KEY_CA,         KEY_CA,    SINCE, UNTIL, ISSUES, "SHA256"},
    [AUTHORITY_OTHER_CA] = {OTHER_NAME,          NULL,         KEY_OTHER,      KEY_OTHER, SINCE, UNTIL, ISSUES, "SHA256"},
};

static void
authority_release(void *object)
{
    struct authority *authority = object;

    for (size_t i = 0; i < KEY_COUNT; i++) {
        EVP_PKEY_free(authority->keys[i]); /* accepts NULL */
    }
}

static bool
add_entry(X509_NAME *name, const char *field, const char *text)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)text, -1,
                                      -1, 0)
           == 1;
}

static bool
fill_authority_name(X509_NAME *name, enum key issuer)
{
    return add_entry(name, "C", "PL") && add_entry(name, "O", CA_FIRM)
           && add_entry(name, "CN", issuer == KEY_CA ? CA_NAME : OTHER_NAME);
}

static bool
fill_subject(X509_NAME *name, const struct profile *profile)
{
    if (profile->personal_number == NULL) {
        return fill_authority_name(name, profile->issuer);
    }
    return add_entry(name, "C", "PL") && add_entry(name, "CN", profile->common_name)
           && add_entry(name, "serialNumber", profile->personal_number);
}

static bool
add_extension(X509 *certificate, X509V3_CTX *context, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
    bool            added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return added;
}

static bool
add_extensions(X509 *certificate, X509 *issuer, const struct profile *profile)
{
    X509V3_CTX context;
    bool       person = profile->personal_number != NULL;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    if (!add_extension(certificate, &context, NID_key_usage, profile->usage)
        || !add_extension(certificate, &context, NID_basic_constraints,
                          person ? "CA:FALSE" : "critical,CA:TRUE")
        || !add_extension(certificate, &context, NID_subject_key_identifier, "hash")) {
        return false;
    }
    return !person
           || add_extension(certificate, &context, NID_authority_key_identifier, "keyid:always");
}

/* 1f 00 ... 00 nn, fifteen bytes as in the samples: longer than any machine integer. */
static bool
set_serial(X509 *certificate, enum authority_person person)
{
    unsigned char bytes[15] = {0x1f};

    bytes[14] = (unsigned char)(person + 1);
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool    set =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return set;
}

static bool
fill_certificate(struct authority *authority, enum authority_person person, X509 *certificate,
                 X509 *issuer)
{
    const struct profile *profile = &profiles[person];
    EVP_PKEY             *key = authority->keys[profile->key];

    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate, person)
           && fill_subject(X509_get_subject_name(certificate), profile)
           && fill_authority_name(X509_get_issuer_name(certificate), profile->issuer)
           && ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), profile->from) == 1
           && ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), profile->until) == 1
           && X509_set_pubkey(certificate, key) == 1
           && add_extensions(certificate, issuer == NULL ? certificate : issuer, profile)
           && X509_sign(certificate, authority->keys[profile->issuer],
                        EVP_get_digestbyname(profile->digest))
                  > 0;
}

static struct str
certificate_der(struct arena *arena, X509 *certificate)
{
    unsigned char *der = NULL;
    int            size = i2d_X509(certificate, &der);
    struct str     kept = {0};

    if (size > 0) {
        kept = str_copy(arena, (struct str){(const char *)der, (size_t)size});
    }
    OPENSSL_free(der);
    return kept;
}

static struct str
certificate_serial(struct arena *arena, const X509 *certificate)
{
    BIGNUM    *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char      *decimal = number == NULL ? NULL : BN_bn2dec(number);
    struct str kept = decimal == NULL ? (struct str){0} : str_copy(arena, str_of(decimal));

    OPENSSL_free(decimal);
    BN_free(number);
    return kept;
}

static X509 *
read_card(const struct authority_card *card)
{
    const unsigned char *at = (const unsigned char *)card->certificate.data;

    return at == NULL ? NULL : d2i_X509(NULL, &at, (long)card->certificate.size);
}

static enum err
issue(struct arena *arena, struct authority *authority, enum authority_person person,
      struct fault *fault)
{
    const struct profile        *profile = &profiles[person];
    struct authority_card       *card = &authority->cards[person];
    const struct authority_card *above =
        &authority->cards[profile->issuer == KEY_CA ? AUTHORITY_CA : AUTHORITY_OTHER_CA];
    X509 *certificate = X509_new();
    X509 *issuer = above == card ? NULL : read_card(above);

    if (certificate != NULL && fill_certificate(authority, person, certificate, issuer)) {
        card->certificate = certificate_der(arena, certificate);
        card->serial = certificate_serial(arena, certificate);
    }
    X509_free(certificate);
    X509_free(issuer);
    card->key = authority->keys[profile->key];
    card->common_name = str_of(profile->common_name);
    card->issuer = profile->issuer == KEY_CA ? STR("CN=" CA_NAME ", O=" CA_FIRM ", C=PL")
                                             : STR("CN=" OTHER_NAME ", O=" CA_FIRM ", C=PL");
    if (card->certificate.data == NULL || card->serial.data == NULL) {
        return FAIL(fault, ERR_CRYPTO, "certificate of %s", profile->common_name);
    }
    return ERR_OK;
}

/* The authorities first, since they sign the others. */
static enum err
issue_all(struct arena *arena, struct authority *authority, struct fault *fault)
{
    TRY(issue(arena, authority, AUTHORITY_CA, fault));
    TRY(issue(arena, authority, AUTHORITY_OTHER_CA, fault));
    for (int person = 0; person < AUTHORITY_CA; person++) {
        TRY(issue(arena, authority, (enum authority_person)person, fault));
    }
    return ERR_OK;
}

/* An authority without keys yet; NULL when arena is full. */
static struct authority *
start(struct arena *arena)
{
    struct authority *authority = ARENA_NEW(arena, struct authority, 1);

    return authority != NULL && arena_defer(arena, authority_release, authority) ? authority : NULL;
}

static enum err
make_keys(struct authority *authority, struct fault *fault)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        authority->keys[i] = key_bits[i] == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(key_bits[i]);
        if (authority->keys[i] == NULL) {
            return FAIL(fault, ERR_CRYPTO, "key %zu cannot be made", i);
        }
    }
    return ERR_OK;
}

static enum err
write_keys(const struct authority *authority, const char *path, struct fault *fault)
{
    int   fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "%s cannot be written", path);
    }
    bool written = true;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        written = written
                  && PEM_write_PrivateKey(file, authority->keys[i], NULL, NULL, 0, NULL, NULL) == 1;
    }
    written = fclose(file) == 0 && written;
    return written ? ERR_OK : FAIL(fault, ERR_FILE, "%s cannot be written", path);
}

static enum err
read_keys(struct authority *authority, const char *path, struct fault *fault)
{
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "%s cannot be read", path);
    }
    bool complete = true;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        authority->keys[i] = PEM_read_PrivateKey(file, NULL, NULL, NULL);
        complete = complete && authority->keys[i] != NULL;
    }
    (void)fclose(file); /* it was only read */
    return complete ? ERR_OK : FAIL(fault, ERR_FILE, "%s does not hold all keys", path);
}

/* Written aside and linked into place: whoever comes second keeps what the first one wrote. */
static enum err
keep_new_keys(struct arena *arena, struct str path, struct fault *fault)
{
    struct authority *fresh = start(arena);
    struct str        aside = str_format(arena, "%.*s.%ld", STR_ARG(path), (long)getpid());

    if (aside.data == NULL || fresh == NULL) {
        return FAIL(fault, ERR_MEMORY, "name of the key file");
    }
    TRY(make_keys(fresh, fault));
    TRY(write_keys(fresh, aside.data, fault));
    int linked = link(aside.data, path.data);
    int reason = errno;
    (void)unlink(aside.data); /* a file left behind would only be in the way */
    if (linked != 0 && reason != EEXIST) {
        return FAIL(fault, ERR_FILE, "%s cannot be made", path.data);
    }
    return ERR_OK;
}

enum err
authority_create(struct arena *arena, struct authority **out, struct fault *fault)
{
    struct authority *authority = start(arena);

    if (authority == NULL) {
        return FAIL(fault, ERR_MEMORY, "authority");
    }
    TRY(make_keys(authority, fault));
    TRY(issue_all(arena, authority, fault));
    *out = authority;
    return ERR_OK;
}

enum err
authority_open(struct arena *arena, const char *folder, struct authority **out, struct fault *fault)
{
    struct authority *authority = start(arena);
    struct str        path = str_format(arena, "%s/keys.pem", folder);

    if (authority == NULL || path.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "name of the key file");
    }
    if (access(path.data, F_OK) != 0) {
        TRY(keep_new_keys(arena, path, fault));
    }
    TRY(read_keys(authority, path.data, fault));
    TRY(issue_all(arena, authority, fault));
    *out = authority;
    return ERR_OK;
}

const struct authority_card *
authority_card(const struct authority *authority, enum authority_person person)
{
    ENSURE(person < AUTHORITY_PERSON_COUNT);
    return &authority->cards[person];
}

enum err
authority_pem(struct arena *arena, const struct authority *authority, enum authority_person person,
              struct str *out, struct fault *fault)
{
    BIO       *memory = BIO_new(BIO_s_mem());
    X509      *certificate = read_card(authority_card(authority, person));
    struct str kept = {0};

    if (memory != NULL && certificate != NULL && PEM_write_bio_X509(memory, certificate) == 1) {
        char *text = NULL;
        long  size = BIO_get_mem_data(memory, &text);
        kept = str_copy(arena, (struct str){text, (size_t)size});
    }
    X509_free(certificate);
    (void)BIO_free(memory); /* memory only */
    if (kept.data == NULL) {
        return FAIL(fault, ERR_CRYPTO, "certificate as PEM");
    }
    *out = kept;
    return ERR_OK;
}
