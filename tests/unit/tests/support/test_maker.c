#include "tests/support/maker.h"
#include "tests/unit/tests/support/witness.h"
#include "validators/base/amount.h"
#include "validators/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Enough for any package made here. */
#define ROOM ((size_t)512 << 20U)

/* Keys are slow to make; all tests of a build folder share them. */
static struct arena     *key_arena;
static struct authority *authority;
static struct str        ca_pem;

static int
make_keys(void **state)
{
    struct fault fault = {0};

    (void)state;
    key_arena = arena_create((size_t)1 << 20U);
    return authority_open(key_arena, KEY_FOLDER, &authority, &fault) == ERR_OK
                   && authority_pem(key_arena, authority, AUTHORITY_CA, &ca_pem, &fault) == ERR_OK
               ? 0
               : -1;
}

static int
drop_keys(void **state)
{
    (void)state;
    arena_destroy(key_arena);
    return 0;
}

static struct str
make(struct arena *arena, const struct maker_options *options)
{
    struct fault fault = {0};
    struct str   package = {0};

    if (maker_package(arena, options, authority, &package, &fault) != ERR_OK) {
        fail_msg("%s: %s", options->fault == NULL ? "good" : options->fault, fault.text);
    }
    return package;
}

static struct str
read_sample(struct arena *arena, const char *name)
{
    char        path[512];
    struct stat facts;

    (void)snprintf(path, sizeof path, "%s/tests/samples/%s", BRAMA_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(stat(path, &facts), 0);
    char  *bytes = ARENA_NEW(arena, char, (size_t)facts.st_size);
    size_t size = fread(bytes, 1, (size_t)facts.st_size, file);
    (void)fclose(file);
    return (struct str){bytes, size};
}

/* Where end begins at or after at; the end of text when nowhere. */
static size_t
until(struct str text, size_t at, const char *end)
{
    size_t size = strlen(end);

    while (at + size <= text.size) {
        const char *found = memchr(text.data + at, end[0], text.size - size + 1 - at);
        if (found == NULL) {
            break;
        }
        at = (size_t)(found - text.data);
        if (memcmp(found, end, size) == 0) {
            return at;
        }
        at++;
    }
    return text.size;
}

/* What may differ between two packages of one shape: what stands between the two marks. */
static const struct {
    const char *before;
    const char *after;
} variable[] = {
    {"<Pozycje>",             "</Pozycje>"            },
    {"<ds:DigestValue>",      "</ds:DigestValue>"     },
    {"<xades:DigestValue>",   "</xades:DigestValue>"  },
    {"<ds:SignatureValue>",   "</ds:SignatureValue>"  },
    {"<ds:X509Certificate>",  "</ds:X509Certificate>" },
    {"<ds:X509IssuerName>",   "</ds:X509IssuerName>"  },
    {"<ds:X509SerialNumber>", "</ds:X509SerialNumber>"},
    {"\"Rb27s_",              "\""                    },
    {"\"Rb28s_",              "\""                    },
    {"\"#Rb27s_",             "\""                    },
    {"\"#Rb28s_",             "\""                    },
    {"filename=\"",           "</xades:Description>"  },
};

static size_t
skip_variable(struct str text, size_t at)
{
    struct str rest = str_slice(text, at, text.size);

    for (size_t i = 0; i < ARRAY_COUNT(variable); i++) {
        struct str before = str_of(variable[i].before);
        if (str_starts_with(rest, before)) {
            return until(text, at + before.size, variable[i].after);
        }
    }
    return at;
}

/* The text without what may differ. */
static struct str
skeleton(struct arena *arena, struct str text)
{
    struct buf out = buf_create(arena, text.size);

    for (size_t at = 0; at < text.size;) {
        size_t next = skip_variable(text, at);
        at = next;
        if (at < text.size) {
            buf_byte(&out, text.data[at]);
            at++;
        }
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static const struct {
    const char          *sample;
    struct maker_options options;
} shapes[] = {
    {"oba-2026-q2-jedna-szkola.xml",  {.seed = 7}                                               },
    {"dochody-2026-q2.xml",           {.units = 3, .forms = MAKER_RB27S}                        },
    {"wydatki-2026-q2.xml",           {.units = 3, .forms = MAKER_RB28S, .rows = 31}            },
    {"korekta-wydatki-2026-q2.xml",   {.forms = MAKER_RB28S, .version = 1, .date = "2026-07-24"}},
    {"zle-zmieniona-po-podpisie.xml", {.forms = MAKER_RB28S, .fault = "report-altered-28"}      },
    {"zle-ten-sam-regon.xml",         {.units = 2, .forms = MAKER_RB28S, .fault = "regon-twice"}},
};

/* Every byte but rows, random Ids, digests, values and certificates is the same. */
static void
maker_gives_the_skeleton_of_the_samples(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(shapes); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    wanted = skeleton(arena, read_sample(arena, shapes[i].sample));
        struct str    got = skeleton(arena, make(arena, &shapes[i].options));

        if (!str_equal(wanted, got)) {
            size_t at = 0;
            while (at < got.size && at < wanted.size && got.data[at] == wanted.data[at]) {
                at++;
            }
            fail_msg("%s differs: '%.80s'", shapes[i].sample, got.data + at);
        }
        arena_destroy(arena);
    }
}

static void
expect_heard(const char *name, struct str package, struct str ca, unsigned want, size_t signatures)
{
    size_t   count = 0;
    unsigned failed = witness_hear(package, ca, &count);

    if (failed != want || count != signatures) {
        fail_msg("%s: %zu signatures, failed steps 0x%x, expected 0x%x", name, count, failed, want);
    }
}

/* The witness knows the real shape: it is tried on the samples first. */
static void
witness_believes_the_samples(void **state)
{
    static const struct {
        const char *sample;
        unsigned    want;
        size_t      signatures;
    } cases[] = {
        {"oba-2026-q2-jedna-szkola.xml",  0,              4},
        {"dochody-2026-q2.xml",           0,              6},
        {"wydatki-2026-q2.xml",           0,              6},
        {"korekta-wydatki-2026-q2.xml",   0,              2},
        {"zle-ten-sam-regon.xml",         0,              4},
        {"zle-zmieniona-po-podpisie.xml", WITNESS_REPORT, 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    ca = read_sample(arena, "urzad-certyfikacji-przyklad.pem");

        expect_heard(cases[i].sample, read_sample(arena, cases[i].sample), ca, cases[i].want,
                     cases[i].signatures);
        arena_destroy(arena);
    }
}

static void
maker_signs_what_an_independent_verifier_accepts(void **state)
{
    (void)state;
    for (size_t i = 0; i < maker_feature_count(); i++) {
        struct arena        *arena = arena_create(ROOM);
        unsigned             feature = maker_feature(maker_feature_name(i));
        bool                 one = strcmp(maker_feature_name(i), "one-signature") == 0;
        bool                 none = strcmp(maker_feature_name(i), "unsigned") == 0;
        struct maker_options options = {.seed = i, .units = 2, .features = feature};
        size_t               signatures = one ? 4 : 8;
        expect_heard(maker_feature_name(i), make(arena, &options), ca_pem, 0,
                     none ? 0 : signatures);
        arena_destroy(arena);
    }
}

/* Which steps fail for the faults that touch signatures; every other fault leaves them valid. */
static const struct {
    const char *fault;
    unsigned    want;
} broken[] = {
    {"entity-unknown",              WITNESS_NOT_XML                                                     },
    {"report-ids-equal",            WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"xml-lang-on-root",            WITNESS_VALUE | WITNESS_PROPERTIES                                  },
    {"namespace-on-root",           WITNESS_VALUE | WITNESS_PROPERTIES                                  },
    {"method-sha1",                 WITNESS_REPORT                                                      },
    {"method-sha512",               WITNESS_REPORT                                                      },
    {"method-rsa-sha1",             WITNESS_VALUE                                                       },
    {"method-rsa-md5",              WITNESS_VALUE                                                       },
    {"method-rsa-sha512",           WITNESS_VALUE                                                       },
    {"method-rsa-pss",              WITNESS_VALUE                                                       },
    {"method-hmac",                 WITNESS_VALUE                                                       },
    {"method-ecdsa",                WITNESS_VALUE                                                       },
    {"reference-twice",             WITNESS_SHAPE | WITNESS_PROPERTIES                                  },
    {"reference-three",             WITNESS_SHAPE | WITNESS_PROPERTIES                                  },
    {"reference-flood",             WITNESS_SHAPE | WITNESS_PROPERTIES                                  },
    {"reference-none",              WITNESS_SHAPE | WITNESS_REPORT | WITNESS_PROPERTIES                 },
    {"reference-only-properties",   WITNESS_SHAPE | WITNESS_REPORT | WITNESS_PROPERTIES                 },
    {"reference-only-report",       WITNESS_SHAPE | WITNESS_PROPERTIES                                  },
    {"reference-other-report",      WITNESS_REPORT                                                      },
    {"reference-unknown-report",    WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"reference-http",              WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"reference-file",              WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"reference-path",              WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"reference-empty",             WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"reference-fragment",          WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"digest-short",                WITNESS_REPORT                                                      },
    {"digest-empty",                WITNESS_REPORT                                                      },
    {"digest-wrong",                WITNESS_REPORT                                                      },
    {"digests-swapped",             WITNESS_REPORT                                                      },
    {"report-altered",              WITNESS_REPORT                                                      },
    {"report-altered-28",           WITNESS_REPORT                                                      },
    {"properties-altered",          WITNESS_PROPERTIES                                                  },
    {"role-altered",                WITNESS_PROPERTIES                                                  },
    {"info-altered",                WITNESS_VALUE                                                       },
    {"info-digest-altered",         WITNESS_VALUE | WITNESS_REPORT                                      },
    {"value-altered",               WITNESS_VALUE                                                       },
    {"value-short",                 WITNESS_VALUE                                                       },
    {"value-empty",                 WITNESS_VALUE                                                       },
    {"value-not-base64",            WITNESS_VALUE                                                       },
    {"value-missing",               WITNESS_SHAPE | WITNESS_VALUE                                       },
    {"value-twice",                 WITNESS_SHAPE | WITNESS_VALUE                                       },
    {"info-twice",                  WITNESS_SHAPE | WITNESS_VALUE | WITNESS_REPORT | WITNESS_PROPERTIES },
    {"info-missing",                WITNESS_SHAPE | WITNESS_VALUE | WITNESS_REPORT | WITNESS_PROPERTIES },
    {"namespace-on-signature",      WITNESS_VALUE | WITNESS_PROPERTIES                                  },
    {"signing-certificate-missing", WITNESS_SHAPE | WITNESS_CERTIFICATE                                 },
    {"certificate-digest-wrong",    WITNESS_CERTIFICATE                                                 },
    {"certificate-serial-wrong",    WITNESS_CERTIFICATE                                                 },
    {"certificate-named-other",     WITNESS_CERTIFICATE                                                 },
    {"certificate-shown-other",     WITNESS_CERTIFICATE | WITNESS_VALUE                                 },
    {"certificate-of-other",        WITNESS_VALUE                                                       },
    {"certificate-garbage",         WITNESS_VALUE | WITNESS_CERTIFICATE | WITNESS_ISSUER                },
    {"certificate-missing",         WITNESS_SHAPE | WITNESS_VALUE | WITNESS_CERTIFICATE | WITNESS_ISSUER},
    {"key-info-missing",            WITNESS_SHAPE | WITNESS_VALUE | WITNESS_CERTIFICATE | WITNESS_ISSUER},
    {"key-value-only",              WITNESS_SHAPE | WITNESS_VALUE | WITNESS_CERTIFICATE | WITNESS_ISSUER},
    {"key-retrieval",               WITNESS_SHAPE | WITNESS_VALUE | WITNESS_CERTIFICATE | WITNESS_ISSUER},
    {"signer-unknown-issuer",       WITNESS_ISSUER                                                      },
    {"signer-self-signed",          WITNESS_ISSUER                                                      },
    {"properties-twice",            WITNESS_SHAPE | WITNESS_PROPERTIES                                  },
    {"properties-id-missing",       WITNESS_SHAPE | WITNESS_PROPERTIES                                  },
    {"properties-elsewhere",        WITNESS_SHAPE | WITNESS_PROPERTIES | WITNESS_CERTIFICATE            },
    {"object-missing",              WITNESS_SHAPE | WITNESS_PROPERTIES | WITNESS_CERTIFICATE            },
    {"wrapping-1",                  WITNESS_REPORT                                                      },
    {"wrapping-2",                  WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"wrapping-3",                  WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"wrapping-4",                  WITNESS_REPORT                                                      },
    {"wrapping-5",                  WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"wrapping-6",                  WITNESS_SHAPE | WITNESS_REPORT                                      },
    {"wrapping-7",                  WITNESS_REPORT                                                      },
    {"wrapping-8",                  WITNESS_REPORT                                                      },
    {"wrapping-before",             WITNESS_SHAPE | WITNESS_REPORT                                      },
};

static unsigned
expected_steps(const char *fault)
{
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        if (strcmp(broken[i].fault, fault) == 0) {
            return broken[i].want;
        }
    }
    return 0;
}

static void
maker_breaks_just_the_step_that_the_fault_names(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < maker_fault_count(); i++) {
        struct arena        *arena = arena_create(ROOM);
        struct maker_options options = {.rows = 3, .fault = maker_fault_name(i)};
        size_t               count = 0;
        unsigned             failed = witness_hear(make(arena, &options), ca_pem, &count);

        if (failed != expected_steps(options.fault)) {
            print_error("%s: failed steps 0x%x, expected 0x%x\n", options.fault, failed,
                        expected_steps(options.fault));
            wrong++;
        }
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        struct arena        *arena = arena_create(ROOM);
        struct maker_options options = {.fault = broken[i].fault};

        (void)make(arena, &options); /* fails the test when there is no such fault */
        arena_destroy(arena);
    }
}

static void
maker_changes_something_for_every_fault_and_names_each_once(void **state)
{
    struct arena        *arena = arena_create(ROOM);
    struct maker_options plain = {.units = 2, .seed = 3};
    struct str           good = make(arena, &plain);

    (void)state;
    for (size_t i = 0; i < maker_fault_count(); i++) {
        struct arena        *inner = arena_create(ROOM);
        struct maker_options options = {.units = 2, .seed = 3, .fault = maker_fault_name(i)};

        if (str_equal(good, make(inner, &options))) {
            fail_msg("%s changes nothing", options.fault);
        }
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(maker_fault_name(i), maker_fault_name(j));
        }
        arena_destroy(inner);
    }
    arena_destroy(arena);
}

static void
maker_repeats_itself_for_the_same_seed_and_keys(void **state)
{
    struct arena        *arena = arena_create(ROOM);
    struct maker_options options = {.seed = 11, .units = 2};
    struct str           first = make(arena, &options);
    struct str           second = make(arena, &options);

    (void)state;
    assert_true(str_equal(first, second));
    options.seed = 12;
    assert_false(str_equal(first, make(arena, &options)));
    arena_destroy(arena);
}

static void
authority_gives_the_same_certificates_from_kept_keys(void **state)
{
    char              folder[] = "/tmp/test_maker_XXXXXX";
    char              path[64];
    struct arena     *arena = arena_create((size_t)1 << 20U);
    struct authority *first = NULL;
    struct authority *second = NULL;
    struct fault      fault = {0};
    struct stat       facts;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(authority_open(arena, folder, &first, &fault), ERR_OK);
    assert_int_equal(authority_open(arena, folder, &second, &fault), ERR_OK);
    for (int i = 0; i < AUTHORITY_PERSON_COUNT; i++) {
        assert_true(str_equal(authority_card(first, (enum authority_person)i)->certificate,
                              authority_card(second, (enum authority_person)i)->certificate));
    }
    (void)snprintf(path, sizeof path, "%s/keys.pem", folder);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777U, 0600);
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(authority_open(arena, folder, &second, &fault), ERR_FILE);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(authority_open(arena, folder, &second, &fault), ERR_FILE);
    arena_destroy(arena);
}

/* The amount in that column of a row, 0 when it is absent. */
static int64_t
cell(struct str row, const char *column)
{
    char    mark[16];
    int64_t amount = 0;

    (void)snprintf(mark, sizeof mark, "<%s>", column);
    size_t at = until(row, 0, mark);
    if (at == row.size) {
        return 0;
    }
    at += strlen(mark);
    struct str text = str_slice(row, at, until(row, at, "<") - at);
    assert_int_equal(amount_parse(text, 2, &amount), AMOUNT_OK);
    return amount;
}

static void
check_revenue(struct str row)
{
    assert_true(cell(row, "NA") - cell(row, "PO") - cell(row, "DW")
                == cell(row, "NO") - cell(row, "NP"));
    assert_true(cell(row, "NZ") >= 0 && cell(row, "NZ") <= cell(row, "NO"));
    assert_true(cell(row, "NP") >= 0);
}

static void
check_spending(struct str row)
{
    assert_true(cell(row, "WW") <= cell(row, "ZA") && cell(row, "ZA") <= cell(row, "PL"));
    assert_true(cell(row, "ZW") == cell(row, "LU") + cell(row, "RB"));
    assert_true(cell(row, "ZW") <= cell(row, "ZO"));
    assert_true(cell(row, "WFS") <= cell(row, "WW"));
    assert_true(cell(row, "WN") <= cell(row, "PL"));
}

/* Dział, rozdział, paragraf and P4 as one text that sorts as they do. */
static void
key_of(struct str row, char key[32])
{
    struct str chapter = str_slice(row, until(row, 0, "<Rozdzial>") + 10, 5);
    struct str paragraph = str_slice(row, until(row, 0, "<Paragraf>") + 10, 3);
    struct str last = str_slice(row, until(row, 0, "<P4>") + 4, 1);

    assert_true(
        str_equal(str_slice(row, until(row, 0, "<Dzial>") + 7, 3), str_slice(chapter, 0, 3)));
    (void)snprintf(key, 32, "%.*s%.*s%.*s", STR_ARG(chapter), STR_ARG(paragraph), STR_ARG(last));
}

static size_t
check_rows(struct str package, bool revenue)
{
    char   before[32] = "";
    char   key[32];
    size_t count = 0;

    for (size_t at = until(package, 0, "<Pozycja>"); at < package.size;
         at = until(package, at + 1, "<Pozycja>")) {
        struct str row = str_slice(package, at, until(package, at, "</Pozycja>") - at);
        key_of(row, key);
        assert_true(strcmp(before, key) < 0);
        memcpy(before, key, sizeof before);
        (revenue ? check_revenue : check_spending)(row);
        count++;
    }
    return count;
}

static void
maker_rows_are_unique_sorted_and_keep_the_rules(void **state)
{
    static const size_t counts[] = {1,   2,   14,  15,   16,   80,   81,    82,
                                    294, 295, 296, 2949, 2950, 2951, 15930, 30000};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        for (unsigned form = MAKER_RB27S; form <= MAKER_RB28S; form++) {
            struct arena        *arena = arena_create(ROOM);
            struct maker_options options = {.seed = i, .rows = counts[i], .forms = form};

            options.features = i % 2 == 0 ? 0
                                          : maker_feature("deductions") | maker_feature("taxes")
                                                | maker_feature("liabilities");
            assert_int_equal(check_rows(make(arena, &options), form == MAKER_RB27S), counts[i]);
            arena_destroy(arena);
        }
    }
}

/* What the samples do not show stands in the package when it is asked for, and only then. */
static void
maker_shows_each_feature_on_request(void **state)
{
    static const struct {
        const char *feature;
        const char *shows; /* a text that only this feature brings, or takes away */
        bool        present;
    } cases[] = {
        {"deductions",     "<PO>",                                              true },
        {"taxes",          "<SO>",                                              true },
        {"taxes",          "<SU>",                                              true },
        {"taxes",          "<UZ>",                                              true },
        {"taxes",          "<OT>",                                              true },
        {"liabilities",    "<ZW>",                                              true },
        {"liabilities",    "<LU>",                                              true },
        {"liabilities",    "<RB>",                                              true },
        {"liabilities",    "<WN>",                                              true },
        {"liabilities",    "<WFS>",                                             true },
        {"row-remarks",    "</Uwagi></Pozycja>",                                true },
        {"remarks",        "</Uwagi></Naglowek>",                               true },
        {"plan-absent",    "<P4>0</P4><NA>",                                    true },
        {"p4",             "<P4>0</P4>",                                        false},
        {"plan-and-done",  "<ZA>",                                              false},
        {"plan-and-done",  "<NA>",                                              false},
        {"plan-and-done",  "<TypOkresu>Miesiac</TypOkresu><Okres>5</Okres>",    true },
        {"groups",         "<DostepneGrupyParagrafow>true<",                    true },
        {"no-groups-flag", "<DostepneGrupyParagrafow>",                         false},
        {"one-signature",  "<Role>Kierownik jednostki</Role>",                  false},
        {"unsigned",       "<ds:Signature",                                     false},
        {"on-behalf",      "<Role>Z upoważnienia kierownika jednostki</Role>", true },
    };
    struct arena        *arena = arena_create(ROOM);
    struct maker_options plain = {.seed = 5};
    struct str           usual = make(arena, &plain);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct maker_options options = {.seed = 5, .features = maker_feature(cases[i].feature)};
        struct str           got = make(arena, &options);

        if ((until(got, 0, cases[i].shows) < got.size) != cases[i].present
            || (until(usual, 0, cases[i].shows) < usual.size) == cases[i].present) {
            fail_msg("%s: %s", cases[i].feature, cases[i].shows);
        }
    }
    arena_destroy(arena);
}

static void
maker_refuses_what_it_cannot_make(void **state)
{
    static const struct {
        const char          *name;
        struct maker_options options;
    } cases[] = {
        {"unknown fault",         {.fault = "no-such-fault"}              },
        {"empty fault",           {.fault = ""}                           },
        {"too many units",        {.units = MAKER_UNITS_MAX + 1}          },
        {"too many rows",         {.rows = 1000001}                       },
        {"impossible date",       {.date = "2026-02-30"}                  },
        {"no date",               {.date = "wczoraj"}                     },
        {"fifth quarter",         {.period = 5}                           },
        {"thirteenth month",      {.period_kind = "Miesiac", .period = 13}},
        {"no place for the edit",
         {.fault = "role-of-accountant-twice",
          .forms = 1,
          .rows = 1,
          .units = MAKER_UNITS_MAX + 1}                                   },
    };
    struct arena *arena = arena_create(ROOM);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct fault fault = {0};
        struct str   out = {0};
        enum err     got = maker_package(arena, &cases[i].options, authority, &out, &fault);

        if (got != ERR_USAGE || out.data != NULL || fault.text[0] == '\0') {
            fail_msg("%s: %s", cases[i].name, err_name(got));
        }
    }
    assert_int_equal(maker_feature("no-such-feature"), 0);
    arena_destroy(arena);
}

static void
maker_survives_every_memory_ceiling(void **state)
{
    struct maker_options options = {.rows = 1, .fault = "wrapping-3"};
    size_t               ceiling = 64;
    enum err             got = ERR_MEMORY;

    (void)state;
    while (got != ERR_OK && ceiling < ROOM) {
        struct arena *arena = arena_create(ceiling);
        struct fault  fault = {0};
        struct str    out = {0};

        got = maker_package(arena, &options, authority, &out, &fault);
        if (got != ERR_OK && got != ERR_MEMORY) {
            fail_msg("ceiling %zu: %s", ceiling, fault.text);
        }
        assert_true(got == ERR_OK || out.data == NULL);
        arena_destroy(arena);
        ceiling += ceiling / 16;
    }
    assert_int_equal(got, ERR_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(witness_believes_the_samples),
        cmocka_unit_test(maker_gives_the_skeleton_of_the_samples),
        cmocka_unit_test(maker_signs_what_an_independent_verifier_accepts),
        cmocka_unit_test(maker_breaks_just_the_step_that_the_fault_names),
        cmocka_unit_test(maker_changes_something_for_every_fault_and_names_each_once),
        cmocka_unit_test(maker_repeats_itself_for_the_same_seed_and_keys),
        cmocka_unit_test(authority_gives_the_same_certificates_from_kept_keys),
        cmocka_unit_test(maker_rows_are_unique_sorted_and_keep_the_rules),
        cmocka_unit_test(maker_shows_each_feature_on_request),
        cmocka_unit_test(maker_refuses_what_it_cannot_make),
        cmocka_unit_test(maker_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
