#include "gateway/people/totp.h"
#include "tests/support/expect.h"

enum { ARENA_MAX = 1 << 20 };

/* RFC 6238, appendix B: the last six digits of its eight. */
#define SECRET STR("12345678901234567890")

static const struct {
    moment      at;
    const char *code;
} vectors[] = {
    {59,          "287082"},
    {1111111109,  "081804"},
    {1111111111,  "050471"},
    {1234567890,  "005924"},
    {2000000000,  "279037"},
    {20000000000, "353130"},
};

static void
codes_are_those_of_the_rfc(void **state)
{
    struct fault fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++) {
        int64_t step = 0;
        assert_int_equal(totp_find(SECRET, str_of(vectors[i].code), vectors[i].at, &step, &fault),
                         ERR_OK);
        EXPECT(step == vectors[i].at / TOTP_STEP_SECONDS, vectors[i].code);
    }
}

static void
code_is_good_one_step_early_and_late_and_no_more(void **state)
{
    static const struct {
        const char *name;
        int64_t     seconds;
        bool        want;
    } cases[] = {
        {"two steps before",       -60, false},
        {"last second before",     -31, false},
        {"first second of window", -30, true },
        {"now",                    0,   true },
        {"last second of now",     29,  true },
        {"last second of window",  59,  true },
        {"first second after",     60,  false},
    };
    const moment begin = 1111111110; /* a step begins */
    struct fault fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t step = 0;
        assert_int_equal(totp_find(SECRET, STR("050471"), begin + cases[i].seconds, &step, &fault),
                         ERR_OK);
        EXPECT((step == begin / TOTP_STEP_SECONDS) == cases[i].want, cases[i].name);
        EXPECT(cases[i].want || step == 0, cases[i].name);
    }
}

static void
what_is_not_six_digits_is_no_code(void **state)
{
    static const char *const codes[] = {"",       "05047",   "0504710", "50471",
                                        " 50471", "05047\n", "o50471",  "+50471"};
    struct fault             fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        int64_t step = 1;
        assert_int_equal(totp_find(SECRET, str_of(codes[i]), 1111111111, &step, &fault), ERR_OK);
        EXPECT(step == 0, codes[i]);
    }
}

static void
uri_is_what_authenticators_read(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct buf    uri = buf_create(arena, TOTP_URI_MAX);

    (void)state;
    totp_write_uri(&uri, SECRET, STR("ala&x@example.test"));
    buf_byte(&uri, '\0');
    assert_string_equal(buf_str(&uri).data, "otpauth://totp/Brama:ala%26x%40example.test"
                                            "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                                            "&issuer=Brama&algorithm=SHA1&digits=6&period=30");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(code_is_good_one_step_early_and_late_and_no_more),
        cmocka_unit_test(what_is_not_six_digits_is_no_code),
        cmocka_unit_test(uri_is_what_authenticators_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
