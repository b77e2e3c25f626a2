#include "gateway/front/header.h"
#include "tests/support/expect.h"

#include <string.h>

#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void
content_digest_is_read_strictly(void **state)
{
    static const struct {
        const char *text;
        bool        good;
    } cases[] = {
        {"sha-256=:" ZEROS ":",                                    true },
        {"sha-512=:AAAA:, sha-256=:" ZEROS ":",                    true },
        {" sha-256=:" ZEROS ": ",                                  true },
        {"",                                                       false},
        {"sha-512=:AAAA:",                                         false},
        {"sha-256=" ZEROS,                                         false},
        {"sha-256=::",                                             false},
        {"sha-256=:" ZEROS "A:",                                   false},
        {"SHA-256=:" ZEROS ":",                                    false},
        {"sha-256=:" ZEROS ":;a=1",                                false},
        {"sha-256=:" ZEROS ":,",                                   false},
        {"sha-256=:" ZEROS ":, sha-256=:" ZEROS ":",               false},
 /* Bits beyond the 256th. */
        {"sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=:", false},
        {"sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-=:", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        unsigned char digest[HEADER_SHA256_SIZE];
        unsigned char untouched[HEADER_SHA256_SIZE];
        memset(digest, 7, sizeof digest);
        memset(untouched, 7, sizeof untouched);
        bool good = header_content_digest(str_of(cases[i].text), digest);
        EXPECT(good == cases[i].good, cases[i].text);
        EXPECT(good || memcmp(digest, untouched, sizeof digest) == 0, cases[i].text);
        EXPECT(!good || digest[0] == 0, cases[i].text);
    }
}

static void
a_field_has_a_token_for_a_name_and_no_control_characters(void **state)
{
    static const struct {
        struct str name;
        struct str value;
        bool       valid;
    } cases[] = {
        {STR_INIT("X-A"),                 STR_INIT("b"),            true },
        {STR_INIT("x!#$%&'*+-.^_`|~0"),   STR_INIT(""),             true },
        {STR_INIT("X-A"),                 STR_INIT("b \t\xc5\xbc"), true },
        {STR_INIT("X-A"),                 STR_INIT(" ~"),           true },
        {STR_INIT(""),                    STR_INIT("b"),            false},
        {STR_INIT("Transfer-Encoding "),  STR_INIT("chunked"),      false},
        {STR_INIT("Transfer-Encoding\t"), STR_INIT("chunked"),      false},
        {STR_INIT("X:A"),                 STR_INIT("b"),            false},
        {STR_INIT("X(A)"),                STR_INIT("b"),            false},
        {STR_INIT("X\0A"),                STR_INIT("b"),            false},
        {STR_INIT("X\xc5\xbc"),           STR_INIT("b"),            false},
        {STR_INIT("X-A"),                 STR_INIT("a\0b"),         false},
        {STR_INIT("X-A"),                 STR_INIT("a\rb"),         false},
        {STR_INIT("X-A"),                 STR_INIT("a\nb"),         false},
        {STR_INIT("X-A"),                 STR_INIT("a\x1f"),        false},
        {STR_INIT("X-A"),                 STR_INIT("a\x7f"),        false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(header_field_valid(cases[i].name, cases[i].value) == cases[i].valid,
               cases[i].name.data);
    }
}

static void
a_key_has_1_to_255_printable_characters(void **state)
{
    char text[300];

    (void)state;
    memset(text, 'k', sizeof text);
    assert_false(header_key_valid((struct str){text, 0}));
    assert_true(header_key_valid((struct str){text, 1}));
    assert_true(header_key_valid((struct str){text, 254}));
    assert_true(header_key_valid((struct str){text, 255}));
    assert_false(header_key_valid((struct str){text, 256}));
    for (int character = -128; character < 128; character++) {
        char one = (char)character;
        assert_int_equal(header_key_valid((struct str){&one, 1}),
                         character >= ' ' && character <= '~');
    }
}

static void
preferences_that_are_not_understood_are_ignored(void **state)
{
    static const struct {
        const char *text;
        bool        respond_async;
        int64_t     wait;
    } cases[] = {
        {"",                          false, -1    },
        {"respond-async",             true,  -1    },
        {"Respond-Async, WAIT=3",     true,  3     },
        {"wait=0",                    false, 0     },
        {"wait = 999999",             false, 999999},
        {"wait=1000000",              false, -1    },
        {"wait=-1",                   false, -1    },
        {"wait=",                     false, -1    },
        {"wait=1.5",                  false, -1    },
        {"wait",                      false, -1    },
        {"respond-async=1",           false, -1    },
        {"return=minimal, , wait=2,", false, 2     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct header_preference got = header_prefer(str_of(cases[i].text));
        EXPECT(got.respond_async == cases[i].respond_async, cases[i].text);
        EXPECT(got.wait_seconds == cases[i].wait, cases[i].text);
    }
}

static void
only_a_bearer_token_is_a_token(void **state)
{
    static const struct {
        const char *text;
        const char *token;
    } cases[] = {
        {"Bearer brk_test_x",   "brk_test_x"},
        {"bearer  brk_live_y ", "brk_live_y"},
        {"Basic YTpi",          NULL        },
        {"Bearer",              NULL        },
        {"Bearer ",             NULL        },
        {"",                    NULL        },
        {"Bearer a b",          NULL        },
        {"Bearer a,b",          NULL        },
        {"Bearer \xc5\xbc",     NULL        },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str token = {0};
        bool       good = header_bearer(str_of(cases[i].text), &token);
        EXPECT(good == (cases[i].token != NULL), cases[i].text);
        EXPECT(str_equal(token, str_of(cases[i].token)), cases[i].text);
    }
}

#define SESSION "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_"

/* Only the cookie that no other host can have set, once, and of the form that we give out. */
static void
only_a_cookie_of_this_host_is_a_session(void **state)
{
    static const struct {
        const char *text;
        bool        want;
    } cases[] = {
        {"__Host-brama=" SESSION,                                    true },
        {"a=b; __Host-brama=" SESSION "; c=d",                       true },
        {"a=b;__Host-brama=" SESSION ";",                            true },
        {"brama=" SESSION,                                           false}, /* the prefix is missing */
        {"Host-brama=" SESSION,                                      false},
        {"__Secure-brama=" SESSION,                                  false},
        {"__host-brama=" SESSION,                                    false},
        {"__Host-brama=" SESSION "; __Host-brama=" SESSION,          false},
        {"__Host-brama=" SESSION "x",                                false},
        {"__Host-brama=bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO-_",  false},
        {"__Host-brama=\"" SESSION "\"",                             false},
        {"__Host-brama=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO+/", false},
        {"__Host-brama=",                                            false},
        {"__Host-brama",                                             false},
        {"",                                                         false},
        {";;;",                                                      false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str token = {0};
        EXPECT(header_cookie(str_of(cases[i].text), &token) == cases[i].want, cases[i].text);
        EXPECT(str_equal(token, cases[i].want ? STR(SESSION) : (struct str){0}), cases[i].text);
    }
}

static void
types_and_codings_are_known_by_name(void **state)
{
    (void)state;
    assert_true(header_is_xml(STR("application/xml")));
    assert_true(header_is_xml(STR("Text/XML; charset=utf-8")));
    assert_false(header_is_xml(STR("application/xml+x")));
    assert_false(header_is_xml(STR("text/html")));
    assert_false(header_is_xml((struct str){0}));
    assert_int_equal(header_content_coding((struct str){0}), HEADER_CODING_NONE);
    assert_int_equal(header_content_coding(STR("identity")), HEADER_CODING_NONE);
    assert_int_equal(header_content_coding(STR("GZIP")), HEADER_CODING_GZIP);
    assert_int_equal(header_content_coding(STR("gzip, gzip")), HEADER_CODING_OTHER);
    assert_int_equal(header_content_coding(STR("br")), HEADER_CODING_OTHER);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_digest_is_read_strictly),
        cmocka_unit_test(a_field_has_a_token_for_a_name_and_no_control_characters),
        cmocka_unit_test(a_key_has_1_to_255_printable_characters),
        cmocka_unit_test(preferences_that_are_not_understood_are_ignored),
        cmocka_unit_test(only_a_bearer_token_is_a_token),
        cmocka_unit_test(only_a_cookie_of_this_host_is_a_session),
        cmocka_unit_test(types_and_codings_are_known_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
