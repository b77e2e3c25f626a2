#include "tests/support/expect.h"
#include "validators/identifier/identifier.h"

#include <string.h>

struct row {
    const char           *text;
    enum identifier_fault want;
};

static void
run(const struct row *rows, size_t count, enum identifier_fault (*judge)(struct str))
{
    for (size_t i = 0; i < count; i++) {
        EXPECT(judge(str_of(rows[i].text)) == rows[i].want, rows[i].text);
    }
}

static void
identifier_regon_follows_the_table(void **state)
{
    static const struct row rows[] = {
        {"990001010",       IDENTIFIER_OK         },
        {"570791075",       IDENTIFIER_OK         },
        {"191675190",       IDENTIFIER_OK         },
        {"001070630",       IDENTIFIER_OK         },
        {"368246055",       IDENTIFIER_OK         },
        {"123456785",       IDENTIFIER_OK         },
        {"12345678512347",  IDENTIFIER_OK         },
        {"",                IDENTIFIER_EMPTY      },
        {"990001011",       IDENTIFIER_CHECK_DIGIT},
        {"99000101",        IDENTIFIER_LENGTH     },
        {"9900010100",      IDENTIFIER_LENGTH     },
        {"9900010100000",   IDENTIFIER_LENGTH     },
        {"990001010000000", IDENTIFIER_LENGTH     },
        {"990001010     ",  IDENTIFIER_NOT_DIGITS },
        {"99000101O",       IDENTIFIER_NOT_DIGITS },
        {"-90001010",       IDENTIFIER_NOT_DIGITS },
        {"000000000",       IDENTIFIER_ALL_ZEROS  },
        {"00000000000000",  IDENTIFIER_ALL_ZEROS  },
        {"12345678512346",  IDENTIFIER_CHECK_DIGIT},
    };

    (void)state;
    run(rows, ARRAY_COUNT(rows), identifier_regon);
}

static void
identifier_regon_of_14_needs_a_valid_base(void **state)
{
    /* The sum of 14 is right, the first nine digits are no REGON. */
    static const int weights[] = {2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8};
    char             text[] = "12345678000000";
    int              sum = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(weights); i++) {
        sum += weights[i] * (text[i] - '0');
    }
    text[13] = (char)('0' + sum % 11 % 10);
    assert_int_equal(identifier_regon(str_of(text)), IDENTIFIER_BASE);
}

static void
identifier_regon_has_one_check_digit_for_each_base(void **state)
{
    (void)state;
    for (int base = 1; base < 2000; base++) {
        int accepted = 0;
        for (int digit = 0; digit <= 9; digit++) {
            char text[24];
            (void)snprintf(text, sizeof text, "%08d%d", base * 49999 % 100000000, digit);
            accepted += identifier_regon(str_of(text)) == IDENTIFIER_OK ? 1 : 0;
        }
        assert_int_equal(accepted, 1);
    }
}

static void
identifier_nip_follows_the_table(void **state)
{
    static const struct row rows[] = {
        {"6824515772",    IDENTIFIER_OK         },
        {"5260250274",    IDENTIFIER_OK         },
        {"6824515773",    IDENTIFIER_CHECK_DIGIT},
        {"",              IDENTIFIER_EMPTY      },
        {"682451577",     IDENTIFIER_LENGTH     },
        {"68245157720",   IDENTIFIER_LENGTH     },
        {"682-451-57-72", IDENTIFIER_NOT_DIGITS },
        {"0000000000",    IDENTIFIER_ALL_ZEROS  },
        {"0824515772",    IDENTIFIER_SHAPE      },
        {"6004515772",    IDENTIFIER_SHAPE      },
        {"PL68245157",    IDENTIFIER_NOT_DIGITS },
    };

    (void)state;
    run(rows, ARRAY_COUNT(rows), identifier_nip);
}

static void
identifier_nip_with_remainder_ten_does_not_exist(void **state)
{
    static const int weights[] = {6, 5, 7, 2, 3, 4, 5, 6, 7};
    size_t           without = 0;

    (void)state;
    for (int base = 110000000; base < 110002000; base++) {
        char text[16];
        int  sum = 0;
        (void)snprintf(text, sizeof text, "%09d0", base);
        for (size_t i = 0; i < ARRAY_COUNT(weights); i++) {
            sum += weights[i] * (text[i] - '0');
        }
        for (int digit = 0; digit <= 9; digit++) {
            text[9] = (char)('0' + digit);
            assert_int_equal(identifier_nip(str_of(text)),
                             sum % 11 == digit ? IDENTIFIER_OK : IDENTIFIER_CHECK_DIGIT);
        }
        without += sum % 11 == 10 ? 1 : 0;
    }
    assert_true(without > 100);
}

static void
identifier_internal_follows_the_table(void **state)
{
    static const struct row rows[] = {
        {"6824515772-12343",  IDENTIFIER_OK         },
        {"6824515772-12344",  IDENTIFIER_CHECK_DIGIT},
        {"6824515772-1234",   IDENTIFIER_LENGTH     },
        {"6824515772-123433", IDENTIFIER_LENGTH     },
        {"6824515772012343",  IDENTIFIER_SHAPE      },
        {"68245157721-2343",  IDENTIFIER_SHAPE      },
        {"6824515772-1234A",  IDENTIFIER_NOT_DIGITS },
        {"",                  IDENTIFIER_EMPTY      },
        {"6824515773-12340",  IDENTIFIER_CHECK_DIGIT},
        {"6824515773-12346",  IDENTIFIER_BASE       },
    };

    (void)state;
    assert_int_equal(identifier_internal_digit(STR("68245157721234")), 3);
    assert_int_equal(identifier_internal_digit(STR("6824515772123")), -1);
    assert_int_equal(identifier_internal_digit(STR("6824515772-234")), -1);
    run(rows, ARRAY_COUNT(rows), identifier_internal);
}

static void
identifier_territory_names_the_code_at_fault(void **state)
{
    static const struct {
        const char           *name;
        const char           *codes[IDENTIFIER_CODES];
        enum identifier_fault fault;
        enum identifier_code  code;
    } rows[] = {
        {"Kutno",                      {"10", "02", "01", "1", "0"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"Drawsko",                    {"30", "02", "03", "2", "0"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"Liniewo",                    {"22", "06", "05", "2", "0"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"first voivodeship",          {"02", "01", "01", "1", "0"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"last voivodeship",           {"32", "01", "01", "1", "0"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"city with county rights",    {"14", "65", "00", "0", "2"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"first such city",            {"14", "61", "00", "1", "2"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"county",                     {"14", "01", "00", "0", "1"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"voivodeship",                {"14", "00", "00", "0", "3"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"association",                {"12", "01", "01", "Z", "0"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"association of counties",    {"12", "01", "00", "0", "8"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"test territory",             {"99", "01", "02", "3", "0"},  IDENTIFIER_TEST_TERRITORY, IDENTIFIER_WK},
        {"test territory and a fault",
         {"99", "01", "02", "4", "0"},
         IDENTIFIER_UNKNOWN_VALUE,                                                               IDENTIFIER_GT},
        {"odd WK",                     {"03", "01", "01", "1", "0"},  IDENTIFIER_UNKNOWN_VALUE,  IDENTIFIER_WK},
        {"WK 00",                      {"00", "01", "01", "1", "0"},  IDENTIFIER_UNKNOWN_VALUE,  IDENTIFIER_WK},
        {"WK 34",                      {"34", "01", "01", "1", "0"},  IDENTIFIER_UNKNOWN_VALUE,  IDENTIFIER_WK},
        {"WK 98",                      {"98", "01", "01", "1", "0"},  IDENTIFIER_UNKNOWN_VALUE,  IDENTIFIER_WK},
        {"WK of one digit",            {"2", "01", "01", "1", "0"},   IDENTIFIER_LENGTH,         IDENTIFIER_WK},
        {"WK empty",                   {"", "01", "01", "1", "0"},    IDENTIFIER_EMPTY,          IDENTIFIER_WK},
        {"WK with a space",            {" 2", "01", "01", "1", "0"},  IDENTIFIER_NOT_DIGITS,     IDENTIFIER_WK},
        {"PK of three digits",         {"02", "001", "01", "1", "0"}, IDENTIFIER_LENGTH,         IDENTIFIER_PK},
        {"PK 00 of a commune",         {"02", "00", "01", "1", "0"},  IDENTIFIER_MISMATCH,       IDENTIFIER_PK},
        {"PK 00 of a county",          {"02", "00", "00", "0", "1"},  IDENTIFIER_MISMATCH,       IDENTIFIER_PK},
        {"PK 60 of a city",            {"14", "60", "00", "0", "2"},  IDENTIFIER_MISMATCH,       IDENTIFIER_PK},
        {"PK of letters",              {"02", "AA", "01", "1", "0"},  IDENTIFIER_NOT_DIGITS,     IDENTIFIER_PK},
        {"GK 00 of a commune",         {"02", "01", "00", "1", "0"},  IDENTIFIER_MISMATCH,       IDENTIFIER_GK},
        {"GK of a city",               {"14", "65", "01", "1", "2"},  IDENTIFIER_MISMATCH,       IDENTIFIER_GK},
        {"GK empty",                   {"14", "01", "", "1", "2"},    IDENTIFIER_EMPTY,          IDENTIFIER_GK},
        {"GT 4 of TERYT",              {"02", "01", "01", "4", "0"},  IDENTIFIER_UNKNOWN_VALUE,  IDENTIFIER_GT},
        {"GT z",                       {"02", "01", "01", "z", "0"},  IDENTIFIER_NOT_DIGITS,     IDENTIFIER_GT},
        {"GT of two digits",           {"02", "01", "01", "01", "0"}, IDENTIFIER_LENGTH,         IDENTIFIER_GT},
        {"PT 9",                       {"02", "01", "01", "1", "9"},  IDENTIFIER_UNKNOWN_VALUE,  IDENTIFIER_PT},
        {"PT 8",                       {"02", "01", "01", "1", "8"},  IDENTIFIER_OK,             IDENTIFIER_WK},
        {"PT empty",                   {"02", "01", "01", "1", ""},   IDENTIFIER_EMPTY,          IDENTIFIER_PT},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct identifier_territory codes = {str_of(rows[i].codes[0]), str_of(rows[i].codes[1]),
                                             str_of(rows[i].codes[2]), str_of(rows[i].codes[3]),
                                             str_of(rows[i].codes[4])};
        struct identifier_judgement got = identifier_territory_judge(&codes);
        EXPECT(got.fault == rows[i].fault, rows[i].name);
        EXPECT(got.code == rows[i].code, rows[i].name);
    }
    assert_string_equal(identifier_code_name(IDENTIFIER_WK), "WK");
    assert_string_equal(identifier_code_name(IDENTIFIER_PT), "PT");
}

/* The text of the first <name> at or behind *at; false at the end. */
static bool
next_text(struct str file, size_t *at, const char *name, struct str *out)
{
    struct str  rest = str_slice(file, *at, file.size);
    const char *begin = rest.size == 0 ? NULL : memmem(rest.data, rest.size, name, strlen(name));

    if (begin == NULL) {
        return false;
    }
    begin += strlen(name);
    const char *end = memchr(begin, '<', rest.size - (size_t)(begin - rest.data));
    assert_non_null(end);
    *out = (struct str){begin, (size_t)(end - begin)};
    *at = (size_t)(end - file.data);
    return true;
}

static void
identifier_accepts_every_unit_of_the_samples(void **state)
{
    static const char *const names[] = {"dochody-2026-q2.xml", "wydatki-2026-q2.xml",
                                        "korekta-wydatki-2026-q2.xml",
                                        "oba-2026-q2-jedna-szkola.xml"};
    static char              data[128 * 1024];
    size_t                   units = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/tests/samples/%s", BRAMA_SOURCE_DIR, names[i]);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        struct str text = {data, fread(data, 1, sizeof data, file)};
        size_t     at = 0;
        struct str regon = {0};
        (void)fclose(file);
        while (next_text(text, &at, "<Regon>", &regon)) {
            struct identifier_territory codes = {0};
            EXPECT(regon.size == 14, names[i]);
            EXPECT(identifier_regon(str_trim(regon)) == IDENTIFIER_OK, names[i]);
            EXPECT(next_text(text, &at, "<WK>", &codes.wk), names[i]);
            EXPECT(next_text(text, &at, "<PK>", &codes.pk), names[i]);
            EXPECT(next_text(text, &at, "<GK>", &codes.gk), names[i]);
            EXPECT(next_text(text, &at, "<GT>", &codes.gt), names[i]);
            EXPECT(next_text(text, &at, "<PT>", &codes.pt), names[i]);
            EXPECT(identifier_territory_judge(&codes).fault == IDENTIFIER_TEST_TERRITORY, names[i]);
            units++;
        }
    }
    assert_int_equal(units, 17);
}

static void
a_period_is_a_quarter_a_month_or_a_year(void **state)
{
    static const struct {
        const char *text;
        bool        good;
    } cases[] = {
        {"2026",      true },
        {"2026-Q1",   true },
        {"2026-Q4",   true },
        {"2026-01",   true },
        {"2026-12",   true },
        {"",          false},
        {"202",       false},
        {"20261",     false},
        {"2026-",     false},
        {"2026-Q",    false},
        {"2026-Q0",   false},
        {"2026-Q5",   false},
        {"2026-q2",   false},
        {"2026-00",   false},
        {"2026-13",   false},
        {"2026-1",    false},
        {"2026 Q2",   false},
        {"2026-Q2 ",  false},
        {"2026-+1",   false},
        {"26-Q2",     false},
        {"202a-Q2",   false},
        {"2026-Q2x",  false},
        {"2026%",     false},
        {"2026-2026", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(identifier_period(str_of(cases[i].text)) == cases[i].good, cases[i].text);
    }
}

static void
a_typ_is_written_in_capitals_digits_and_hyphens(void **state)
{
    static const struct {
        const char *text;
        bool        good;
    } cases[] = {
        {"JB",                              true },
        {"ZB-TEST",                         true },
        {"1",                               true },
        {"AAAAAAAAABBBBBBBBBBCCCCCCCCCC",   true }, /* 29 */
        {"AAAAAAAAAABBBBBBBBBBCCCCCCCCCC",  true },
        {"AAAAAAAAAABBBBBBBBBBCCCCCCCCCCD", false},
        {"",                                false},
        {"jb",                              false},
        {"Jb",                              false},
        {" JB",                             false},
        {"JB ",                             false},
        {"J B",                             false},
        {"JB\n",                            false},
        {"JB_1",                            false},
        {"@",                               false},
        {"[",                               false},
        {"/",                               false},
        {":",                               false},
        {"JĄ",                             false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(identifier_type(str_of(cases[i].text)) == cases[i].good, cases[i].text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifier_regon_follows_the_table),
        cmocka_unit_test(identifier_regon_of_14_needs_a_valid_base),
        cmocka_unit_test(identifier_regon_has_one_check_digit_for_each_base),
        cmocka_unit_test(identifier_nip_follows_the_table),
        cmocka_unit_test(identifier_nip_with_remainder_ten_does_not_exist),
        cmocka_unit_test(identifier_internal_follows_the_table),
        cmocka_unit_test(identifier_territory_names_the_code_at_fault),
        cmocka_unit_test(identifier_accepts_every_unit_of_the_samples),
        cmocka_unit_test(a_typ_is_written_in_capitals_digits_and_hyphens),
        cmocka_unit_test(a_period_is_a_quarter_a_month_or_a_year),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
