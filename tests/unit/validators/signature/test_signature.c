#include "tests/support/expect.h"
#include "tests/support/maker.h"
#include "tests/unit/validators/signature/reading.h"
#include "validators/signature/roles.h"
#include "validators/signature/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 64 * 1024 * 1024 };

static const struct str accountant_claims[] = {
    {"Główny Księgowy", 18},
    {"Skarbnik",           8 }
};
static const struct str head_claims[] = {
    {"Kierownik jednostki",                  19},
    {"Z upoważnienia kierownika jednostki", 36}
};

static const struct policy_role both_roles[] = {
    {{"główny księgowy", 18},  accountant_claims, 2},
    {{"kierownik jednostki", 19}, head_claims,       2},
};

static const struct policy_requirement requirement = {{0}, both_roles, 2};

static const struct signature_policy policy = {
    .version = {"test", 4},
    .clock_skew_seconds = 300,
    .rsa_bits_min = 2048,
    .requirements = &requirement,
    .requirement_count = 1
};

/* One package, verified. */
struct judged {
    struct package          package;
    struct findings        *findings;
    struct signature_trust *trust;
};

static moment
at(const char *when)
{
    moment out = 0;

    assert_true(moment_parse_when(str_of(when), &out));
    return out;
}

static struct str
read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *data = ARENA_NEW(arena, char, 1000000);

    assert_non_null(file);
    assert_non_null(data);
    size_t size = fread(data, 1, 1000000, file);
    (void)fclose(file);
    return (struct str){data, size};
}

static struct judged
judge(struct arena *arena, struct str bytes, struct str pem, const char *when)
{
    struct fault  fault = {0};
    struct judged judged = {.package = reading_package(arena, bytes),
                            .findings = findings_create(arena)};

    if (pem.size > 0) {
        assert_int_equal(signature_trust_parse(arena, pem, &judged.trust, &fault), ERR_OK);
    }
    struct signature_request request = {.bytes = bytes,
                                        .package = &judged.package,
                                        .policy = &policy,
                                        .trust = judged.trust,
                                        .at = at(when)};
    enum err                 got = signature_check(arena, &request, judged.findings, &fault);
    if (got != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return judged;
}

/* Whether a code was found, at any place. */
static bool
has_code(const struct judged *judged, const char *code)
{
    for (size_t i = 0; i < findings_count(judged->findings); i++) {
        if (strcmp(findings_at(judged->findings, i)->code, code) == 0) {
            return true;
        }
    }
    return false;
}

static const struct {
    const char         *name;
    size_t              signatures;
    enum signature_step step; /* of all of them */
} samples[] = {
    {"dochody-2026-q2.xml",           6, SIGNATURE_STEP_NONE  },
    {"wydatki-2026-q2.xml",           6, SIGNATURE_STEP_NONE  },
    {"korekta-wydatki-2026-q2.xml",   2, SIGNATURE_STEP_NONE  },
    {"oba-2026-q2-jedna-szkola.xml",  4, SIGNATURE_STEP_NONE  },
    {"zle-ten-sam-regon.xml",         4, SIGNATURE_STEP_NONE  },
    {"zle-zmieniona-po-podpisie.xml", 2, SIGNATURE_STEP_REPORT},
};

static void
samples_are_judged_as_they_were_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        struct arena *arena = arena_create(ROOM);
        char          path[200];
        (void)snprintf(path, sizeof path, "%s/tests/samples/%s", BRAMA_SOURCE_DIR, samples[i].name);
        struct str bytes = read_file(arena, path);
        struct str pem =
            read_file(arena, BRAMA_SOURCE_DIR "/tests/samples/urzad-certyfikacji-przyklad.pem");
        struct judged judged = judge(arena, bytes, pem, "2026-07-24");
        EXPECT(has_code(&judged, "PODPIS-030") == (samples[i].step == SIGNATURE_STEP_REPORT),
               samples[i].name);
        EXPECT(judged.package.signature_count == samples[i].signatures, samples[i].name);
        for (size_t j = 0; j < judged.package.signature_count; j++) {
            const struct package_signature *it = &judged.package.signatures[j];
            EXPECT(it->failed_step == samples[i].step, samples[i].name);
            EXPECT(it->report != REPORT_NONE && it->trusted && it->time_known, samples[i].name);
            EXPECT(it->policy_role.size > 0 && it->signer.size > 0, samples[i].name);
        }
        arena_destroy(arena);
    }
}

/* Each fault of the maker that concerns signatures: the first failed step, and all codes found. */
static const struct refusal {
    const char         *name;
    enum signature_step step;
    const char         *codes; /* numbers of PODPIS, separated by spaces */
} refusals[] = {
    {"report-ids-equal",             SIGNATURE_STEP_REFERENCE,   "021 020"            },
    {"xml-lang-on-root-signed",      SIGNATURE_STEP_PROPERTIES,  "031 040"            },
    {"namespace-on-root",            SIGNATURE_STEP_PROPERTIES,  "031 040"            },
    {"default-namespace-on-root",    SIGNATURE_STEP_PROFILE,     "001 030 031 040 080"},
    {"method-sha1",                  SIGNATURE_STEP_PROFILE,     "008"                },
    {"method-sha512",                SIGNATURE_STEP_PROFILE,     "008"                },
    {"method-rsa-sha1",              SIGNATURE_STEP_PROFILE,     "007"                },
    {"method-rsa-md5",               SIGNATURE_STEP_PROFILE,     "007"                },
    {"method-rsa-sha512",            SIGNATURE_STEP_PROFILE,     "007"                },
    {"method-rsa-pss",               SIGNATURE_STEP_PROFILE,     "007"                },
    {"method-hmac",                  SIGNATURE_STEP_PROFILE,     "007"                },
    {"method-ecdsa",                 SIGNATURE_STEP_PROFILE,     "007 042"            },
    {"c14n-11",                      SIGNATURE_STEP_PROFILE,     "006"                },
    {"c14n-comments",                SIGNATURE_STEP_PROFILE,     "006"                },
    {"c14n-exclusive",               SIGNATURE_STEP_PROFILE,     "006"                },
    {"c14n-unknown",                 SIGNATURE_STEP_PROFILE,     "006"                },
    {"transform-inclusive",          SIGNATURE_STEP_PROFILE,     "009"                },
    {"transform-exclusive-comments", SIGNATURE_STEP_PROFILE,     "009"                },
    {"transform-xpath",              SIGNATURE_STEP_PROFILE,     "001"                },
    {"transform-xslt",               SIGNATURE_STEP_PROFILE,     "001"                },
    {"transform-enveloped",          SIGNATURE_STEP_PROFILE,     "001"                },
    {"transform-base64",             SIGNATURE_STEP_PROFILE,     "001"                },
    {"transform-prefix-list",        SIGNATURE_STEP_PROFILE,     "001"                },
    {"transform-on-properties",      SIGNATURE_STEP_PROFILE,     "001"                },
    {"transform-missing",            SIGNATURE_STEP_PROFILE,     "002"                },
    {"reference-twice",              SIGNATURE_STEP_PROFILE,     "004 001 011 031"    },
    {"reference-none",               SIGNATURE_STEP_PROFILE,     "020"                },
    {"reference-only-properties",    SIGNATURE_STEP_PROFILE,     "020"                },
    {"reference-only-report",        SIGNATURE_STEP_PROFILE,     "002"                },
    {"reference-three",              SIGNATURE_STEP_PROFILE,     "004 001 011 031"    },
    {"reference-other-report",       SIGNATURE_STEP_REPORT,      "030"                },
    {"reference-unknown-report",     SIGNATURE_STEP_REFERENCE,   "020"                },
    {"reference-http",               SIGNATURE_STEP_REFERENCE,   "020"                },
    {"reference-file",               SIGNATURE_STEP_REFERENCE,   "020"                },
    {"reference-path",               SIGNATURE_STEP_REFERENCE,   "020"                },
    {"reference-empty",              SIGNATURE_STEP_REFERENCE,   "020"                },
    {"reference-fragment",           SIGNATURE_STEP_REFERENCE,   "020"                },
    {"reference-type-missing",       SIGNATURE_STEP_PROFILE,     "004"                },
    {"reference-to-manifest",        SIGNATURE_STEP_PROFILE,     "003"                },
    {"digest-comment",               SIGNATURE_STEP_PROFILE,     "005"                },
    {"digest-short",                 SIGNATURE_STEP_REPORT,      "030"                },
    {"digest-empty",                 SIGNATURE_STEP_PROFILE,     "010"                },
    {"digest-wrong",                 SIGNATURE_STEP_REPORT,      "030"                },
    {"digests-swapped",              SIGNATURE_STEP_REPORT,      "030"                },
    {"report-altered",               SIGNATURE_STEP_REPORT,      "030"                },
    {"report-altered-28",            SIGNATURE_STEP_REPORT,      "030"                },
    {"properties-altered",           SIGNATURE_STEP_PROPERTIES,  "031"                },
    {"role-altered",                 SIGNATURE_STEP_PROPERTIES,  "031"                },
    {"info-altered",                 SIGNATURE_STEP_PROFILE,     "003 040"            },
    {"info-digest-altered",          SIGNATURE_STEP_REPORT,      "030 040"            },
    {"value-altered",                SIGNATURE_STEP_VALUE,       "040"                },
    {"value-short",                  SIGNATURE_STEP_VALUE,       "041"                },
    {"value-empty",                  SIGNATURE_STEP_PROFILE,     "010"                },
    {"value-not-base64",             SIGNATURE_STEP_PROFILE,     "010"                },
    {"value-missing",                SIGNATURE_STEP_PROFILE,     "002"                },
    {"value-twice",                  SIGNATURE_STEP_PROFILE,     "001"                },
    {"info-twice",                   SIGNATURE_STEP_PROFILE,     "001"                },
    {"info-missing",                 SIGNATURE_STEP_PROFILE,     "020"                },
    {"namespace-on-signature",       SIGNATURE_STEP_PROPERTIES,  "031 040"            },
    {"signing-certificate-missing",  SIGNATURE_STEP_PROFILE,     "002"                },
    {"certificate-digest-wrong",     SIGNATURE_STEP_CERTIFICATE, "032"                },
    {"certificate-serial-wrong",     SIGNATURE_STEP_CERTIFICATE, "033"                },
    {"certificate-issuer-wrong",     SIGNATURE_STEP_CERTIFICATE, "034"                },
    {"certificate-named-other",      SIGNATURE_STEP_CERTIFICATE, "032 033"            },
    {"certificate-shown-other",      SIGNATURE_STEP_CERTIFICATE, "032 033 040"        },
    {"certificate-of-other",         SIGNATURE_STEP_VALUE,       "040"                },
    {"certificate-garbage",          SIGNATURE_STEP_CERTIFICATE, "035"                },
    {"certificate-missing",          SIGNATURE_STEP_PROFILE,     "001 002"            },
    {"key-info-missing",             SIGNATURE_STEP_PROFILE,     "002"                },
    {"key-value-only",               SIGNATURE_STEP_PROFILE,     "001 002"            },
    {"key-retrieval",                SIGNATURE_STEP_PROFILE,     "001 002"            },
    {"signer-expired",               SIGNATURE_STEP_VALIDITY,    "061 062"            },
    {"signer-short-lived",           SIGNATURE_STEP_VALIDITY,    "062"                },
    {"signer-not-yet",               SIGNATURE_STEP_VALIDITY,    "060 062"            },
    {"signer-weak",                  SIGNATURE_STEP_VALUE,       "043"                },
    {"signer-unknown-issuer",        SIGNATURE_STEP_ISSUER,      "070"                },
    {"signer-no-signing",            SIGNATURE_STEP_VALIDITY,    "063"                },
    {"signer-sha1",                  SIGNATURE_STEP_VALIDITY,    "065"                },
    {"signer-of-authority",          SIGNATURE_STEP_VALIDITY,    "063 064"            },
    {"signer-self-signed",           SIGNATURE_STEP_VALIDITY,    "063 064 070"        },
    {"role-unknown",                 SIGNATURE_STEP_ROLE,        "081"                },
    {"role-empty",                   SIGNATURE_STEP_ROLE,        "080"                },
    {"role-missing",                 SIGNATURE_STEP_ROLE,        "080"                },
    {"role-twice",                   SIGNATURE_STEP_PROFILE,     "001"                },
    {"time-future",                  SIGNATURE_STEP_TIME,        "052"                },
    {"time-missing",                 SIGNATURE_STEP_TIME,        "050"                },
    {"time-garbage",                 SIGNATURE_STEP_TIME,        "051"                },
    {"properties-twice",             SIGNATURE_STEP_PROFILE,     "001 002 031 080"    },
    {"properties-id-missing",        SIGNATURE_STEP_PROFILE,     "004"                },
    {"properties-elsewhere",         SIGNATURE_STEP_PROFILE,     "002 050 080 001"    },
    {"object-missing",               SIGNATURE_STEP_PROFILE,     "002 050 080"        },
    {"object-in-report",             SIGNATURE_STEP_PROFILE,     "001"                },
    {"signature-ids-equal",          SIGNATURE_STEP_PROFILE,     "013"                },
    {"object-ids-equal",             SIGNATURE_STEP_PROFILE,     "013"                },
    {"target-other",                 SIGNATURE_STEP_PROFILE,     "012"                },
    {"signature-twice",              SIGNATURE_STEP_PROFILE,     "013"                },
    {"signature-in-other-unit",      SIGNATURE_STEP_REFERENCE,   "020"                },
    {"wrapping-1",                   SIGNATURE_STEP_PROFILE,     "001 030"            },
    {"wrapping-2",                   SIGNATURE_STEP_PROFILE,     "020"                },
    {"wrapping-3",                   SIGNATURE_STEP_REFERENCE,   "021 020"            },
    {"wrapping-4",                   SIGNATURE_STEP_REPORT,      "030"                },
    {"wrapping-5",                   SIGNATURE_STEP_REFERENCE,   "020"                },
    {"wrapping-6",                   SIGNATURE_STEP_REFERENCE,   "021 020"            },
    {"wrapping-7",                   SIGNATURE_STEP_REPORT,      "030"                },
    {"wrapping-8",                   SIGNATURE_STEP_PROFILE,     "001 030"            },
    {"wrapping-before",              SIGNATURE_STEP_REFERENCE,   "021 020"            },
};

/* A throw-away authority and its certificate, for all tests of this program. */
static struct arena     *keys;
static struct authority *authority;
static struct str        authority_text;

static int
make_authority(void **state)
{
    struct fault fault = {0};

    (void)state;
    signature_warm_up();
    keys = arena_create(ROOM);
    return authority_create(keys, &authority, &fault) == ERR_OK
                   && authority_pem(keys, authority, AUTHORITY_CA, &authority_text, &fault)
                          == ERR_OK
               ? 0
               : -1;
}

static int
drop_authority(void **state)
{
    (void)state;
    arena_destroy(keys);
    return 0;
}

static const struct refusal *
find_refusal(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        if (strcmp(refusals[i].name, name) == 0) {
            return &refusals[i];
        }
    }
    return NULL;
}

static struct str
made_package(struct arena *arena, const char *name)
{
    struct maker_options options = {.fault = name};
    struct str           bytes = {0};
    struct fault         fault = {0};

    if (maker_package(arena, &options, authority, &bytes, &fault) != ERR_OK) {
        fail_msg("%s: %s", name == NULL ? "no fault" : name, fault.text);
    }
    return bytes;
}

static void
expect_codes(const struct refusal *refusal, const struct judged *judged)
{
    char   code[FINDING_CODE_MAX] = {0};
    size_t told = 0;

    for (const char *at_code = refusal->codes; strlen(at_code) >= 3; at_code += 3) {
        (void)snprintf(code, sizeof code, "PODPIS-%.3s", at_code);
        EXPECT(has_code(judged, code), refusal->name);
        at_code += at_code[3] == ' ' ? 1 : 0;
    }
    for (size_t i = 0; i < findings_count(judged->findings); i++) {
        const struct finding *it = findings_at(judged->findings, i);
        told += strcmp(it->code, "PODPIS-074") != 0 ? 1 : 0;
        EXPECT(strcmp(it->code, "PODPIS-074") == 0 || strstr(refusal->codes, it->code + 7) != NULL,
               refusal->name);
        EXPECT(it->xpath.size > 0 && (it->offset > 0 || it->report < 0), refusal->name);
    }
    EXPECT(told > 0, refusal->name);
}

static enum signature_step
first_failed_step(const struct package *package)
{
    for (size_t i = 0; i < package->signature_count; i++) {
        if (package->signatures[i].failed_step != SIGNATURE_STEP_NONE) {
            return package->signatures[i].failed_step;
        }
    }
    return SIGNATURE_STEP_NONE;
}

static void
each_fault_of_a_signature_is_refused_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct arena *arena = arena_create(ROOM);
        struct judged judged =
            judge(arena, made_package(arena, refusals[i].name), authority_text, "2026-07-24");
        EXPECT(first_failed_step(&judged.package) == refusals[i].step, refusals[i].name);
        expect_codes(&refusals[i], &judged);
        arena_destroy(arena);
    }
}

/* prescan refuses it before anybody looks at signatures. */
static bool
has_doctype(struct str bytes)
{
    return memmem(bytes.data, bytes.size, "<!DOCTYPE", 9) != NULL;
}

/* What is wrong with amounts or identities was signed as it stands. */
static void
every_other_fault_leaves_the_signatures_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < maker_fault_count(); i++) {
        const char   *name = maker_fault_name(i);
        struct arena *arena = arena_create(ROOM);
        struct str    bytes = made_package(arena, name);
        bool          is_candidate =
            find_refusal(name) == NULL && !has_doctype(bytes) && strstr(name, "xml-lang") == NULL;
        struct judged judged = {0};
        if (is_candidate) {
            judged = judge(arena, bytes, authority_text, "2026-07-24");
        }
        if (is_candidate && judged.package.complete) {
            EXPECT(first_failed_step(&judged.package) == SIGNATURE_STEP_NONE, name);
        }
        arena_destroy(arena);
    }
}

static void
signing_time_may_lie_exactly_the_stated_skew_ahead(void **state)
{
    static const struct {
        const char *name;
        moment      before; /* seconds of arrival before the latest SigningTime */
        bool        refused;
    } rows[] = {
        {"299 s", 299, false},
        {"300 s", 300, false},
        {"301 s", 301, true }
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena            *arena = arena_create(ROOM);
        struct str               bytes = made_package(arena, NULL);
        struct judged            judged = judge(arena, bytes, authority_text, "2026-07-24");
        struct signature_request request = {.bytes = bytes,
                                            .package = &judged.package,
                                            .policy = &policy,
                                            .at = judged.package.signatures[0].signing_time};
        for (size_t j = 0; j < judged.package.signature_count; j++) {
            moment time = judged.package.signatures[j].signing_time;
            request.at = time > request.at ? time : request.at;
        }
        request.at -= rows[i].before;
        judged.findings = findings_create(arena);
        EXPECT(signature_check(arena, &request, judged.findings, NULL) == ERR_OK, rows[i].name);
        EXPECT(has_code(&judged, "PODPIS-052") == rows[i].refused, rows[i].name);
        arena_destroy(arena);
    }
}

static void
without_a_trust_store_the_rest_is_judged(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct judged good = judge(arena, made_package(arena, NULL), (struct str){0}, "2026-07-24");

    (void)state;
    assert_true(has_code(&good, "PODPIS-071"));
    assert_int_equal(first_failed_step(&good.package), SIGNATURE_STEP_NONE);
    assert_false(good.package.signatures[0].trusted);
    arena_destroy(arena);

    arena = arena_create(ROOM);
    struct judged bad =
        judge(arena, made_package(arena, "report-altered"), (struct str){0}, "2026-07-24");
    assert_int_equal(first_failed_step(&bad.package), SIGNATURE_STEP_REPORT);
    arena_destroy(arena);
}

static void
a_package_cut_off_has_no_valid_signature(void **state)
{
    struct arena            *arena = arena_create(ROOM);
    struct str               bytes = made_package(arena, NULL);
    struct package           package = reading_package(arena, bytes);
    struct findings         *findings = findings_create(arena);
    struct signature_request request = {
        .bytes = bytes, .package = &package, .policy = &policy, .at = at("2026-07-24")};

    (void)state;
    package.complete = false;
    assert_int_equal(signature_check(arena, &request, findings, NULL), ERR_OK);
    assert_int_equal(first_failed_step(&package), SIGNATURE_STEP_PROFILE);
    assert_int_equal(package.signatures[0].report, REPORT_NONE);

    package.complete = true;
    package.foreign_attribute = true;
    assert_int_equal(signature_check(arena, &request, findings, NULL), ERR_OK);
    assert_int_equal(first_failed_step(&package), SIGNATURE_STEP_PROFILE);
    arena_destroy(arena);
}

static void
trust_store_must_hold_a_certificate(void **state)
{
    struct arena           *arena = arena_create(ROOM);
    struct signature_trust *trust = NULL;

    (void)state;
    assert_int_equal(signature_trust_parse(arena, (struct str){0}, &trust, NULL), ERR_SYNTAX);
    assert_int_equal(signature_trust_parse(arena, STR("nic"), &trust, NULL), ERR_SYNTAX);
    assert_int_equal(signature_trust_parse(arena,
                                           STR("-----BEGIN CERTIFICATE-----\nAAAA\n"
                                               "-----END CERTIFICATE-----\n"),
                                           &trust, NULL),
                     ERR_SYNTAX);
    assert_null(trust);
    assert_int_equal(signature_trust_parse(arena, authority_text, &trust, NULL), ERR_OK);
    arena_destroy(arena);
}

static void
signature_check_survives_memory_ceilings(void **state)
{
    struct arena  *source = arena_create(ROOM);
    struct str     bytes = made_package(source, NULL);
    struct package package = reading_package(source, bytes);
    size_t         refused = 0;

    (void)state;
    for (size_t size_max = 0; size_max < 80000; size_max += 97) {
        struct arena            *arena = arena_create(size_max);
        struct findings         *findings = findings_create(source);
        struct signature_request request = {
            .bytes = bytes, .package = &package, .policy = &policy, .at = at("2026-07-24")};
        enum err got = signature_check(arena, &request, findings, NULL);
        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_true(got == ERR_MEMORY || package.signatures[0].failed_step == SIGNATURE_STEP_NONE);
        refused += got == ERR_MEMORY ? 1 : 0;
        arena_destroy(arena);
    }
    assert_true(refused > 10 && refused < 800);
    arena_destroy(source);
}

static void
roles_are_missing_until_a_valid_signature_covers_them(void **state)
{
    struct package_signature signatures[2] = {
        {.report = 0, .policy_role = both_roles[0].name, .signer = {"Anna", 4}},
        {.report = 0, .policy_role = both_roles[1].name, .signer = {"Jan", 3} },
    };
    struct report       reports[2] = {{.unit = 0}, {.unit = 0}};
    struct package_unit unit = {.report_count = 2, .signature_count = 2};
    struct package      package = {.units = &unit,
                                   .unit_count = 1,
                                   .reports = reports,
                                   .report_count = 2,
                                   .signatures = signatures,
                                   .signature_count = 2};
    struct arena       *arena = arena_create(4096);
    struct roles_answer answer = {0};

    (void)state;
    signatures[1].certificate_sha256[0] = 1;
    assert_int_equal(signature_missing_roles(arena, &package, 0, &requirement, &answer, NULL),
                     ERR_OK);
    assert_int_equal(answer.missing_count, 0);
    assert_null(answer.same_person.data);
    signatures[1].certificate_sha256[0] = 0;
    assert_int_equal(signature_missing_roles(arena, &package, 0, &requirement, &answer, NULL),
                     ERR_OK);
    assert_true(str_equal(answer.same_person, STR("Anna")));
    signatures[1].failed_step = SIGNATURE_STEP_VALUE;
    assert_int_equal(signature_missing_roles(arena, &package, 0, &requirement, &answer, NULL),
                     ERR_OK);
    assert_int_equal(answer.missing_count, 1);
    assert_true(answer.missing[0] == &both_roles[1]);
    assert_int_equal(signature_missing_roles(arena, &package, 1, &requirement, &answer, NULL),
                     ERR_OK);
    assert_int_equal(answer.missing_count, 2);
    assert_int_equal(signature_missing_roles(arena, &package, 1, NULL, &answer, NULL), ERR_OK);
    assert_int_equal(answer.missing_count, 0);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_judged_as_they_were_made),
        cmocka_unit_test(each_fault_of_a_signature_is_refused_by_its_name),
        cmocka_unit_test(every_other_fault_leaves_the_signatures_good),
        cmocka_unit_test(signing_time_may_lie_exactly_the_stated_skew_ahead),
        cmocka_unit_test(without_a_trust_store_the_rest_is_judged),
        cmocka_unit_test(a_package_cut_off_has_no_valid_signature),
        cmocka_unit_test(trust_store_must_hold_a_certificate),
        cmocka_unit_test(signature_check_survives_memory_ceilings),
        cmocka_unit_test(roles_are_missing_until_a_valid_signature_covers_them),
    };

    return cmocka_run_group_tests(tests, make_authority, drop_authority);
}
