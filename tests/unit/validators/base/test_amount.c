#include "tests/support/expect.h"
#include "validators/base/amount.h"

#include <string.h>

static const struct {
    const char       *text;
    int               scale;
    enum amount_fault want;
    int64_t           amount;
} rows[] = {
    {"0.00",                                        2, AMOUNT_OK,            0                  },
    {"0.01",                                        2, AMOUNT_OK,            1                  },
    {"-0.01",                                       2, AMOUNT_OK,            -1                 },
    {"13611040.30",                                 2, AMOUNT_OK,            INT64_C(1361104030)},
    {"999999999999999.99",                          2, AMOUNT_OK,            AMOUNT_MAX         },
    {"-999999999999999.99",                         2, AMOUNT_OK,            -AMOUNT_MAX        },
    {"1000000000000000.00",                         2, AMOUNT_TOO_LONG,      0                  },
    {"99999999999999999",                           0, AMOUNT_OK,            AMOUNT_MAX         },
    {"100000000000000000",                          0, AMOUNT_TOO_LONG,      0                  },
    {"99999999999.999999",                          6, AMOUNT_OK,            AMOUNT_MAX         },
    {"100000000000.000000",                         6, AMOUNT_TOO_LONG,      0                  },
    {"7",                                           0, AMOUNT_OK,            7                  },
    {"0",                                           0, AMOUNT_OK,            0                  },
    {"-7",                                          0, AMOUNT_OK,            -7                 },
    {"",                                            2, AMOUNT_EMPTY,         0                  },
    {" \n",                                         2, AMOUNT_EMPTY,         0                  },
    {"1 234.50",                                    2, AMOUNT_SPACE,         0                  },
    {" 1.00",                                       2, AMOUNT_SPACE,         0                  },
    {"1.00 ",                                       2, AMOUNT_SPACE,         0                  },
    {"1\t234.50",                                   2, AMOUNT_SPACE,         0                  },
    {"1.00\n",                                      2, AMOUNT_SPACE,         0                  },
    {"1\xC2\xA0"
     "234.50",                                 2, AMOUNT_SPACE,         0                  },
    {"1234,50",                                     2, AMOUNT_COMMA,         0                  },
    {"1 234,50",                                    2, AMOUNT_COMMA,         0                  },
    {"+5,00",                                       2, AMOUNT_COMMA,         0                  },
    {"1e5",                                         2, AMOUNT_EXPONENT,      0                  },
    {"1.5E5",                                       2, AMOUNT_EXPONENT,      0                  },
    {"-1e5",                                        2, AMOUNT_EXPONENT,      0                  },
    {"+5.00",                                       2, AMOUNT_PLUS,          0                  },
    {"12",                                          2, AMOUNT_FEW_DECIMALS,  0                  },
    {"12.",                                         2, AMOUNT_FEW_DECIMALS,  0                  },
    {"12.5",                                        2, AMOUNT_FEW_DECIMALS,  0                  },
    {"12.",                                         0, AMOUNT_FEW_DECIMALS,  0                  },
    {"12.345",                                      2, AMOUNT_MANY_DECIMALS, 0                  },
    {"12.3",                                        0, AMOUNT_MANY_DECIMALS, 0                  },
    {"007.00",                                      2, AMOUNT_LEADING_ZERO,  0                  },
    {"00.00",                                       2, AMOUNT_LEADING_ZERO,  0                  },
    {"-01.00",                                      2, AMOUNT_LEADING_ZERO,  0                  },
    {"-0.00",                                       2, AMOUNT_NEGATIVE_ZERO, 0                  },
    {"-0",                                          0, AMOUNT_NEGATIVE_ZERO, 0                  },
    {".50",                                         2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"-.50",                                        2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"-",                                           2, AMOUNT_NOT_A_NUMBER,  0                  },
    {".",                                           2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"--1.00",                                      2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"1.00-",                                       2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"1.2.3",                                       2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"NaN",                                         2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"zero",                                        2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"0x10",                                        0, AMOUNT_NOT_A_NUMBER,  0                  },
    {"\xD9\xA1.00",                                 2, AMOUNT_NOT_A_NUMBER,  0                  },
    {"9999999999999999999999999999999999999999.00", 2, AMOUNT_TOO_LONG,      0                  },
};

static void
amount_parse_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        int64_t got = 77;
        EXPECT(amount_parse(str_of(rows[i].text), rows[i].scale, &got) == rows[i].want,
               rows[i].text);
        EXPECT(got == (rows[i].want == AMOUNT_OK ? rows[i].amount : 77), rows[i].text);
    }
}

static void
amount_is_written_for_machines_and_for_people(void **state)
{
    static const struct {
        int64_t     amount;
        int         scale;
        const char *plain;
        const char *polish; /* "_" stands for a no-break space */
    } texts[] = {
        {0,                   2, "0.00",                  "0,00"                      },
        {-1,                  2, "-0.01",                 "-0,01"                     },
        {99999,               2, "999.99",                "999,99"                    },
        {100000,              2, "1000.00",               "1_000,00"                  },
        {INT64_C(1361104030), 2, "13611040.30",           "13_611_040,30"             },
        {-123456,             0, "-123456",               "-123_456"                  },
        {5,                   6, "0.000005",              "0,000005"                  },
        {INT64_MAX,           2, "92233720368547758.07",  "92_233_720_368_547_758,07" },
        {INT64_MIN,           2, "-92233720368547758.08", "-92_233_720_368_547_758,08"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct arena *arena = arena_create(4096);
        struct buf    plain = buf_create(arena, 100);
        struct buf    polish = buf_create(arena, 100);
        struct buf    want = buf_create(arena, 100);
        amount_write(&plain, texts[i].amount, texts[i].scale);
        amount_write_polish(&polish, texts[i].amount, texts[i].scale);
        for (const char *at = texts[i].polish; *at != '\0'; at++) {
            buf_append(&want, *at == '_' ? STR("\xC2\xA0") : (struct str){at, 1});
        }
        EXPECT(str_equal(buf_str(&plain), str_of(texts[i].plain)), texts[i].plain);
        EXPECT(str_equal(buf_str(&polish), buf_str(&want)), texts[i].plain);
        arena_destroy(arena);
    }
}

static void
amount_sums_stop_at_the_ends_of_int64(void **state)
{
    int64_t got = 77;

    (void)state;
    assert_true(amount_add(INT64_MAX - 1, 1, &got));
    assert_true(got == INT64_MAX);
    got = 77;
    assert_false(amount_add(INT64_MAX, 1, &got));
    assert_false(amount_add(INT64_MIN, -1, &got));
    assert_false(amount_subtract(INT64_MIN, 1, &got));
    assert_false(amount_subtract(0, INT64_MIN, &got));
    assert_int_equal(got, 77);
    assert_true(amount_subtract(-1, INT64_MAX, &got));
    assert_true(got == INT64_MIN);
    assert_true(amount_add(AMOUNT_MAX, AMOUNT_MAX, &got));
}

static void
amount_narrows_what_fits(void **state)
{
    int64_t got = 77;

    (void)state;
    assert_true(amount_narrow(INT64_MAX, &got));
    assert_true(got == INT64_MAX);
    assert_true(amount_narrow(INT64_MIN, &got));
    assert_true(got == INT64_MIN);
    assert_false(amount_narrow((amount_wide)INT64_MAX + 1, &got));
    assert_false(amount_narrow((amount_wide)INT64_MIN - 1, &got));
    assert_true(got == INT64_MIN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amount_parse_follows_the_table),
        cmocka_unit_test(amount_is_written_for_machines_and_for_people),
        cmocka_unit_test(amount_sums_stop_at_the_ends_of_int64),
        cmocka_unit_test(amount_narrows_what_fits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
