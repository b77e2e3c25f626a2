#include "tests/support/authority.h"
#include "tests/support/expect.h"
#include "validators/signature/certificate.h"
#include "validators/signature/issuer.h"
#include "validators/signature/signature.h"
#include "validators/signature/trust.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

enum { ROOM = 16 * 1024 * 1024, DER_MAX = 2 * SIGNATURE_CERTIFICATE_MAX };

static struct arena     *keys;
static struct authority *authority;

static int
make_authority(void **state)
{
    (void)state;
    signature_warm_up();
    keys = arena_create(ROOM);
    return authority_create(keys, &authority, NULL) == ERR_OK ? 0 : -1;
}

static int
drop_authority(void **state)
{
    (void)state;
    arena_destroy(keys);
    return 0;
}

static struct certificate *
read_der(struct arena *arena, struct str der)
{
    struct certificates *certificates = certificates_create(arena, 1);
    struct certificate  *certificate = NULL;

    assert_non_null(certificates);
    assert_int_equal(certificates_get(certificates, der, &certificate, NULL), ERR_OK);
    assert_non_null(certificate);
    return certificate;
}

/* The accountant's certificate with an extension of `size` octets, signed anew. */
static struct str
padded_der(struct arena *arena, size_t size)
{
    static const unsigned char padding[DER_MAX] = {0};
    struct str                 der = authority_card(authority, AUTHORITY_ACCOUNTANT)->certificate;
    const unsigned char       *at = (const unsigned char *)der.data;
    unsigned char             *out = NULL;
    X509                      *x509 = d2i_X509(NULL, &at, (long)der.size);
    ASN1_OCTET_STRING         *octets = ASN1_OCTET_STRING_new();
    ASN1_OBJECT               *type = OBJ_txt2obj("1.2.616.1.1", 1);

    assert_true(x509 != NULL && octets != NULL && type != NULL);
    assert_int_equal(ASN1_OCTET_STRING_set(octets, padding, (int)size), 1);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, type, 0, octets);
    assert_int_equal(X509_add_ext(x509, extension, -1), 1);
    assert_true(X509_sign(x509, authority_card(authority, AUTHORITY_CA)->key, EVP_sha256()) > 0);
    int        written = i2d_X509(x509, &out);
    struct str copy = str_copy(arena, (struct str){(const char *)out, (size_t)written});
    OPENSSL_free(out);
    X509_EXTENSION_free(extension);
    ASN1_OBJECT_free(type);
    ASN1_OCTET_STRING_free(octets);
    X509_free(x509);
    return copy;
}

static void
certificate_may_be_as_long_as_stated(void **state)
{
    struct arena *arena = arena_create(ROOM);
    size_t        padding = SIGNATURE_CERTIFICATE_MAX - 2048;
    size_t        size = padded_der(arena, padding).size;

    (void)state;
    for (size_t wanted = SIGNATURE_CERTIFICATE_MAX - 1; wanted <= SIGNATURE_CERTIFICATE_MAX + 1;
         wanted++) {
        struct str der = padded_der(arena, padding + wanted - size);
        assert_int_equal(der.size, wanted);
        const struct certificate *certificate = read_der(arena, der);
        assert_int_equal(certificate->x509 != NULL, wanted <= SIGNATURE_CERTIFICATE_MAX);
    }
    arena_destroy(arena);
}

static void
certificate_must_end_where_its_bytes_end(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct str    der = padded_der(arena, 1);
    char         *longer = ARENA_NEW(arena, char, der.size + 1);

    (void)state;
    memcpy(longer, der.data, der.size);
    assert_null(read_der(arena, (struct str){longer, der.size + 1})->x509);
    assert_null(read_der(arena, (struct str){longer, der.size - 1})->x509);
    assert_non_null(read_der(arena, (struct str){longer, der.size})->x509);
    arena_destroy(arena);
}

static void
only_so_many_different_certificates_are_read(void **state)
{
    struct arena        *arena = arena_create(ROOM);
    struct certificates *certificates = certificates_create(arena, 3);

    (void)state;
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 1; i <= 4; i++) {
            struct certificate *certificate = NULL;
            struct str          der = padded_der(arena, i);
            assert_int_equal(certificates_get(certificates, der, &certificate, NULL), ERR_OK);
            assert_int_equal(certificate != NULL, i <= 3);
        }
    }
    arena_destroy(arena);
}

/* C=PL, O=Firma\, Sp. z o.o., OU=Dzial + CN=Urzad Probny, organizationIdentifier=VATPL-1 */
static X509_NAME *
make_name(void)
{
    static const struct {
        const char *type;
        const char *value;
        int         set; /* 0: a part of its own; -1: together with the part before */
    } parts[] = {
        {"C",        "PL",                0 },
        {"O",        "Firma, Sp. z o.o.", 0 },
        {"OU",       "Dzial",             0 },
        {"CN",       "Urzad Probny",      -1},
        {"2.5.4.97", "VATPL-1",           0 },
    };
    X509_NAME *name = X509_NAME_new();

    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        assert_int_equal(X509_NAME_add_entry_by_txt(name, parts[i].type, MBSTRING_UTF8,
                                                    (const unsigned char *)parts[i].value, -1, -1,
                                                    parts[i].set),
                         1);
    }
    return name;
}

#define FIRM "O=Firma\\, Sp. z o.o."
#define UNIT "OU=Dzial+CN=Urzad Probny"
#define NUMBER "2.5.4.97=VATPL-1"

static const struct {
    const char *name;
    const char *text;
    bool        matches;
} spellings[] = {
    {"as RFC 4514 has it",     NUMBER "," UNIT "," FIRM ",C=PL",                                    true },
    {"in the other order",     "C=PL," FIRM "," UNIT "," NUMBER,                                    true },
    {"in any order",           UNIT "," NUMBER ",C=PL," FIRM,                                       true },
    {"spaces round all",       " C = PL , " FIRM " , OU = Dzial + CN = Urzad Probny , " NUMBER " ", true },
    {"two spaces for one",     "C=PL," FIRM ",OU=Dzial+CN=Urzad  Probny," NUMBER,                   true },
    {"no space for one",       "C=PL," FIRM ",OU=Dzial+CN=UrzadProbny," NUMBER,                     false},
    {"small letters",          "c=pl,o=firma\\, sp. z o.o.,ou=dzial+cn=urzad probny," NUMBER,       true },
    {"semicolons",             "C=PL;" FIRM ";" UNIT ";" NUMBER,                                    true },
    {"quoted comma",           "C=PL,O=\"Firma, Sp. z o.o.\"," UNIT "," NUMBER,                     true },
    {"comma as a pair",        "C=PL,O=Firma\\2C Sp. z o.o.," UNIT "," NUMBER,                      true },
    {"comma not escaped",      "C=PL,O=Firma, Sp. z o.o.," UNIT "," NUMBER,                         false},
    {"plus as a comma",        "C=PL," FIRM ",OU=Dzial,CN=Urzad Probny," NUMBER,                    true },
    {"long names of types",
     "countryName=PL,organizationName=Firma\\, Sp. z o.o.," UNIT ",organizationIdentifier=VATPL-1",
     true                                                                                                },
    {"OID before the number",  "C=PL," FIRM "," UNIT ",OID.2.5.4.97=VATPL-1",                       true },
    {"value as #hex",          "C=PL," FIRM "," UNIT ",2.5.4.97=#0C07564154504C2D31",               true },
    {"other value as #hex",    "C=PL," FIRM "," UNIT ",2.5.4.97=#00",                               true },
    {"unknown type",           "C=PL," FIRM "," UNIT ",Nieznany=VATPL-1",                           true },
    {"unknown type, no value", "C=PL," FIRM "," UNIT ",Nieznany=VATPL-2",                           false},
    {"other value",            "C=PL," FIRM "," UNIT ",2.5.4.97=VATPL-2",                           false},
    {"types swapped",          "O=PL,C=Firma\\, Sp. z o.o.," UNIT "," NUMBER,                       false},
    {"one part missing",       "C=PL," FIRM "," UNIT,                                               false},
    {"half of a pair missing", "C=PL," FIRM ",CN=Urzad Probny," NUMBER,                             false},
    {"one part too many",      "C=PL," FIRM "," UNIT "," NUMBER ",L=Warszawa",                      false},
    {"one part twice",         "C=PL,C=PL," FIRM "," UNIT "," NUMBER,                               false},
    {"one instead of another", "C=PL,C=PL," FIRM "," UNIT,                                          false},
    {"no value",               "C=," FIRM "," UNIT "," NUMBER,                                      false},
    {"no type",                "PL," FIRM "," UNIT "," NUMBER,                                      false},
    {"comma at the end",       "C=PL," FIRM "," UNIT "," NUMBER ",",                                true },
    {"two commas",             "C=PL,," FIRM "," UNIT "," NUMBER,                                   true },
    {"quotation not closed",   "C=PL,O=\"Firma, Sp. z o.o.," UNIT "," NUMBER,                       false},
    {"backslash at the end",   "C=PL," FIRM "," UNIT "," NUMBER "\\",                               false},
    {"white space only",       "   ",                                                               false},
    {"nothing",                "",                                                                  false},
};

/* Two commas make the type ",O", which we do not know, so its value alone decides. */
static void
issuer_is_recognised_in_these_spellings_and_no_others(void **state)
{
    X509_NAME *name = make_name();

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(spellings); i++) {
        EXPECT(issuer_matches(name, str_of(spellings[i].text)) == spellings[i].matches,
               spellings[i].name);
    }
    X509_NAME_free(name);
}

/* Each moment with a certificate that was asked before, and with one that was not. */
static void
path_is_walked_again_only_when_the_answer_may_differ(void **state)
{
    static const struct {
        const char           *when;
        moment                after; /* seconds */
        enum certificate_path path;
    } rows[] = {
        {"2026-07-09", 0,  PATH_FOUND },
        {"2026-07-10", 0,  PATH_FOUND },
        {"2025-01-01", -1, PATH_BROKEN},
        {"2025-01-01", 0,  PATH_FOUND },
        {"2025-01-01", 1,  PATH_FOUND },
        {"2040-01-01", -1, PATH_FOUND },
        {"2040-01-01", 0,  PATH_BROKEN},
        {"2040-01-01", 1,  PATH_BROKEN},
        {"2020-01-01", 0,  PATH_BROKEN},
        {"2026-07-09", 0,  PATH_FOUND },
    };
    struct arena           *arena = arena_create(ROOM);
    struct signature_trust *trust = NULL;
    struct str              pem = {0};
    struct str              der = authority_card(authority, AUTHORITY_HEAD)->certificate;
    struct certificate     *kept = read_der(arena, der);

    (void)state;
    assert_int_equal(authority_pem(arena, authority, AUTHORITY_CA, &pem, NULL), ERR_OK);
    assert_int_equal(signature_trust_parse(arena, pem, &trust, NULL), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct certificate *fresh = read_der(arena, der);
        struct date         date = {0};
        assert_true(date_parse(str_of(rows[i].when), &date));
        moment at = date_days(date) * 86400 + rows[i].after;
        EXPECT(trust_find_path(trust, kept, at, NULL) == ERR_OK, rows[i].when);
        EXPECT(trust_find_path(trust, fresh, at, NULL) == ERR_OK, rows[i].when);
        EXPECT(kept->path == rows[i].path && fresh->path == rows[i].path, rows[i].when);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_may_be_as_long_as_stated),
        cmocka_unit_test(certificate_must_end_where_its_bytes_end),
        cmocka_unit_test(only_so_many_different_certificates_are_read),
        cmocka_unit_test(issuer_is_recognised_in_these_spellings_and_no_others),
        cmocka_unit_test(path_is_walked_again_only_when_the_answer_may_differ),
    };

    return cmocka_run_group_tests(tests, make_authority, drop_authority);
}
