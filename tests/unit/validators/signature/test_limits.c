#include "tests/support/expect.h"
#include "tests/support/maker.h"
#include "tests/unit/validators/signature/reading.h"
#include "validators/signature/signature.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

/* What one verification with RSA 2048 and 65537 costs (signature.h). */
enum { ROOM = 64 * 1024 * 1024, WORK = 4 * 17, ARRIVAL = 1784930399, BASE64_MAX = 16384 };

static const struct signature_policy policy = {.clock_skew_seconds = 300, .rsa_bits_min = 2048};

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

/* One school with two reports, each signed by the same two people; or with one thing wrong. */
static struct str
made_package(struct arena *arena, const char *fault_name)
{
    struct maker_options options = {.fault = fault_name};
    struct str           bytes = {0};

    assert_int_equal(maker_package(arena, &options, authority, &bytes, NULL), ERR_OK);
    return bytes;
}

/* How many findings of this code there are; *package as judged. */
static size_t
count_code(struct arena *arena, struct str bytes, const struct signature_limits *limits,
           struct package *package, const char *code)
{
    struct findings         *findings = findings_create(arena);
    struct signature_request request = {
        .bytes = bytes, .package = package, .policy = &policy, .at = ARRIVAL, .limits = limits};
    size_t count = 0;

    *package = reading_package(arena, bytes);
    assert_int_equal(signature_check(arena, &request, findings, NULL), ERR_OK);
    for (size_t i = 0; i < findings_count(findings); i++) {
        count += strcmp(findings_at(findings, i)->code, code) == 0 ? 1 : 0;
    }
    return count;
}

static size_t
count_valid(const struct package *package)
{
    size_t count = 0;

    for (size_t i = 0; i < package->signature_count; i++) {
        bool role_only = package->signatures[i].failed_step == SIGNATURE_STEP_ROLE;
        count += role_only || package->signatures[i].failed_step == SIGNATURE_STEP_NONE ? 1 : 0;
    }
    return count;
}

static const struct {
    const char             *name;
    struct signature_limits limits;
    size_t                  without_certificate; /* of four signatures */
    size_t                  without_work;
} rows[] = {
    {"no certificate",     {0, SIGNATURE_WORK_MAX},                          4, 0},
    {"one certificate",    {1, SIGNATURE_WORK_MAX},                          2, 0},
    {"two certificates",   {2, SIGNATURE_WORK_MAX},                          0, 0},
    {"three certificates", {3, SIGNATURE_WORK_MAX},                          0, 0},
    {"no work",            {SIGNATURE_CERTIFICATES_MAX, 0},                  0, 4},
    {"one less than one",  {SIGNATURE_CERTIFICATES_MAX, WORK - 1},           0, 4},
    {"work of one",        {SIGNATURE_CERTIFICATES_MAX, WORK},               0, 3},
    {"one less than all",  {SIGNATURE_CERTIFICATES_MAX, 4 * WORK - 1},       0, 1},
    {"work of all",        {SIGNATURE_CERTIFICATES_MAX, (uint64_t)4 * WORK}, 0, 0},
    {"one more than all",  {SIGNATURE_CERTIFICATES_MAX, 4 * WORK + 1},       0, 0},
};

static void
what_is_beyond_a_limit_of_the_package_is_said_and_not_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena  *arena = arena_create(ROOM);
        struct str     bytes = made_package(arena, NULL);
        struct package package = {0};
        EXPECT(count_code(arena, bytes, &rows[i].limits, &package, "PODPIS-015")
                   == rows[i].without_certificate,
               rows[i].name);
        EXPECT(package.signature_count == 4, rows[i].name);
        EXPECT(count_valid(&package) == 4 - rows[i].without_certificate - rows[i].without_work,
               rows[i].name);
        EXPECT(count_code(arena, bytes, &rows[i].limits, &package, "PODPIS-016")
                   == rows[i].without_work,
               rows[i].name);
        arena_destroy(arena);
    }
}

/* A package of the greatest size has at most 880 units with two people each (domain.md 5). */
static void
honest_packages_stay_within_the_limits(void **state)
{
    (void)state;
    assert_true(signature_limits_default.certificates_max >= (size_t)880 * 2);
    assert_true(signature_limits_default.work_max >= (uint64_t)880 * 2 * 2 * 4 * WORK);
}

/* A public key of this length that nobody has the private part of. */
static EVP_PKEY *
make_key(int bits, const char *exponent_text)
{
    BIGNUM         *modulus = BN_new();
    BIGNUM         *exponent = NULL;
    EVP_PKEY       *key = NULL;
    EVP_PKEY_CTX   *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();

    assert_true(BN_set_bit(modulus, bits - 1) == 1 && BN_set_bit(modulus, 0) == 1
                && BN_hex2bn(&exponent, exponent_text) > 0);
    assert_true(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1
                && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1);
    OSSL_PARAM *parts = OSSL_PARAM_BLD_to_param(builder);
    assert_true(EVP_PKEY_fromdata_init(context) == 1
                && EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parts) == 1);
    assert_int_equal(EVP_PKEY_get_bits(key), bits);
    OSSL_PARAM_free(parts);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    BN_free(exponent);
    BN_free(modulus);
    return key;
}

/* The accountant's certificate with another key, in base64. */
static struct str
certificate_of(struct arena *arena, EVP_PKEY *key)
{
    struct str           der = authority_card(authority, AUTHORITY_ACCOUNTANT)->certificate;
    const unsigned char *at = (const unsigned char *)der.data;
    unsigned char       *out = NULL;
    X509                *x509 = d2i_X509(NULL, &at, (long)der.size);
    unsigned char       *text = ARENA_NEW(arena, unsigned char, BASE64_MAX);

    assert_true(x509 != NULL && X509_set_pubkey(x509, key) == 1);
    assert_true(X509_sign(x509, authority_card(authority, AUTHORITY_CA)->key, EVP_sha256()) > 0);
    int size = i2d_X509(x509, &out);
    assert_true(size > 0 && size < BASE64_MAX / 2);
    int written = EVP_EncodeBlock(text, out, size);
    OPENSSL_free(out);
    X509_free(x509);
    return (struct str){(const char *)text, (size_t)written};
}

/* Put text in place of what stands between the first two marks. */
static struct str
replace_between(struct arena *arena, struct str bytes, const char *begin, const char *end,
                struct str text)
{
    const char *from = memmem(bytes.data, bytes.size, begin, strlen(begin));
    assert_non_null(from);
    from += strlen(begin);
    const char *to = memmem(from, bytes.size - (size_t)(from - bytes.data), end, strlen(end));
    assert_non_null(to);
    return str_format(arena, "%.*s%.*s%.*s", (int)(from - bytes.data), bytes.data, STR_ARG(text),
                      (int)(bytes.data + bytes.size - to), to);
}

static const struct {
    const char *name;
    int         bits;
    const char *exponent; /* hexadecimal */
    const char *code;     /* NULL: a sound key */
} key_rows[] = {
    {"2047 bits",                2047, "010001",    "PODPIS-043"},
    {"2048 bits",                2048, "010001",    NULL        },
    {"2049 bits",                2049, "010001",    NULL        },
    {"8191 bits",                8191, "010001",    NULL        },
    {"8192 bits",                8192, "010001",    NULL        },
    {"8193 bits",                8193, "010001",    "PODPIS-044"},
    {"exponent 1",               2048, "01",        "PODPIS-044"},
    {"exponent 2",               2048, "02",        "PODPIS-044"},
    {"exponent 3",               2048, "03",        NULL        },
    {"exponent 65536",           2048, "010000",    "PODPIS-044"},
    {"exponent of 32 bits",      2048, "FFFFFFFF",  NULL        },
    {"exponent of 33 bits",      2048, "100000001", NULL        },
    {"even exponent of 33 bits", 2048, "100000000", "PODPIS-044"},
    {"exponent of 34 bits",      2048, "200000001", "PODPIS-044"},
    {"2047 bits and exponent 1", 2047, "01",        "PODPIS-043"},
};

/* Of four signatures the first gets the certificate, which of course does not fit its value. */
static void
key_is_judged_by_its_length_and_exponent(void **state)
{
    static const char *const codes[] = {"PODPIS-042", "PODPIS-043", "PODPIS-044"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(key_rows); i++) {
        struct arena  *arena = arena_create(ROOM);
        EVP_PKEY      *key = make_key(key_rows[i].bits, key_rows[i].exponent);
        struct package package = {0};
        struct str     bytes = replace_between(arena, made_package(arena, NULL), "X509Certificate>",
                                               "</", certificate_of(arena, key));
        for (size_t j = 0; j < ARRAY_COUNT(codes); j++) {
            bool expected = key_rows[i].code != NULL && strcmp(key_rows[i].code, codes[j]) == 0;
            EXPECT(count_code(arena, bytes, NULL, &package, codes[j]) == (expected ? 1 : 0),
                   key_rows[i].name);
        }
        EXPECT(count_code(arena, bytes, NULL, &package, "PODPIS-035") == 0, key_rows[i].name);
        EXPECT(count_valid(&package) == 3, key_rows[i].name);
        EVP_PKEY_free(key);
        arena_destroy(arena);
    }
}

/* Whatever is let pass in the name of the issuer, the digest ties the certificate. */
static void
digest_binds_the_certificate_whatever_the_issuer_is_called(void **state)
{
    struct arena  *arena = arena_create(ROOM);
    struct package package = {0};
    struct str     bytes =
        replace_between(arena, made_package(arena, "certificate-digest-wrong"), "X509IssuerName>",
                        "</", STR("Nieznany=#00,Nieznany=#00,Nieznany=#00"));

    (void)state;
    assert_int_equal(count_code(arena, bytes, NULL, &package, "PODPIS-034"), 0);
    assert_int_equal(count_code(arena, bytes, NULL, &package, "PODPIS-032"), 1);
    assert_int_equal(count_valid(&package), package.signature_count - 1);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_beyond_a_limit_of_the_package_is_said_and_not_valid),
        cmocka_unit_test(honest_packages_stay_within_the_limits),
        cmocka_unit_test(key_is_judged_by_its_length_and_exponent),
        cmocka_unit_test(digest_binds_the_certificate_whatever_the_issuer_is_called),
    };

    return cmocka_run_group_tests(tests, make_authority, drop_authority);
}
