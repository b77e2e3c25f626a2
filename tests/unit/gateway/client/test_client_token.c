#include "gateway/client/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_MAX = 4096 };

static const struct {
    const char *name;
    const char *text;
    enum err    want;
} cases[] = {
    {"a token",             "brk_test_Abc-09_z",       ERR_OK    },
    {"live",                "brk_live_Abc",            ERR_OK    },
    {"with a line end",     "brk_test_Abc\n",          ERR_OK    },
    {"in blanks",           "  brk_test_Abc\r\n ",     ERR_OK    },
    {"empty",               "",                        ERR_SYNTAX},
    {"blanks only",         " \n",                     ERR_SYNTAX},
    {"of somebody else",    "ghp_0123456789",          ERR_SYNTAX},
    {"header in it",        "brk_test_a\r\nX-Evil: 1", ERR_SYNTAX},
    {"blank in it",         "brk_test_a b",            ERR_SYNTAX},
    {"quote in it",         "brk_test_\"",             ERR_SYNTAX},
    {"letter beyond ASCII", "brk_test_\xC4\x85",       ERR_SYNTAX},
    {"Bearer before it",    "Bearer brk_test_a",       ERR_SYNTAX},
};

static void
a_token_is_told_from_what_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct fault fault = {0};
        struct str   token = {0};

        if (token_check(str_of(cases[i].text), &token, &fault) != cases[i].want) {
            fail_msg("%s", cases[i].name);
        }
        assert_int_equal(token.size > 0, cases[i].want == ERR_OK);
        /* Whatever was given may be a password: it is repeated nowhere. */
        assert_true(cases[i].want == ERR_OK || strlen(cases[i].text) < 3
                    || strstr(fault.text, cases[i].text) == NULL);
    }
}

static void
a_token_has_a_largest_size(void **state)
{
    static char text[TOKEN_SIZE_MAX + 1] = "brk_";

    (void)state;
    memset(text + 4, 'a', sizeof text - 4);
    for (size_t size = TOKEN_SIZE_MAX - 1; size <= TOKEN_SIZE_MAX + 1; size++) {
        struct str   token = {0};
        struct fault fault = {0};

        assert_int_equal(token_check((struct str){text, size}, &token, &fault),
                         size <= TOKEN_SIZE_MAX ? ERR_OK : ERR_SYNTAX);
    }
}

static void
a_file_that_cannot_hold_a_token_is_refused(void **state)
{
    static const char *const paths[] = {"/nonexistent", "/", "/dev/null", "/dev/zero", ""};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct fault  fault = {0};
        struct str    token = {0};

        assert_int_equal(token_read(arena, paths[i], &token, &fault), ERR_FILE);
        assert_true(fault.text[0] != '\0');
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_told_from_what_is_none),
        cmocka_unit_test(a_token_has_a_largest_size),
        cmocka_unit_test(a_file_that_cannot_hold_a_token_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
