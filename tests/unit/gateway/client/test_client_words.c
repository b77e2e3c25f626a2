#include "gateway/client/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_MAX = 1024 * 1024 };

static void
a_key_has_1_to_255_printable_characters(void **state)
{
    static char long_key[CLIENT_KEY_SIZE_MAX + 1];

    (void)state;
    memset(long_key, 'k', sizeof long_key);
    assert_false(client_key_valid(STR("")));
    assert_true(client_key_valid(STR("!")));
    assert_true(client_key_valid(STR("~")));
    assert_true(client_key_valid((struct str){long_key, CLIENT_KEY_SIZE_MAX}));
    assert_false(client_key_valid((struct str){long_key, CLIENT_KEY_SIZE_MAX + 1}));
    assert_false(client_key_valid(STR("a b")));
    assert_false(client_key_valid(STR("a\r\nX: 1")));
    assert_false(client_key_valid(STR("\x7F")));
    assert_false(client_key_valid(STR("klucz-\xC4\x85")));
}

static const struct {
    const char *server;
    enum err    want;
} servers[] = {
    {"https://localhost",           ERR_OK   },
    {"https://localhost:8443",      ERR_OK   },
    {"https://localhost:8443/",     ERR_OK   },
    {"https://[::1]:8443",          ERR_OK   },
    {"",                            ERR_USAGE},
    {"localhost:8443",              ERR_USAGE},
    {"http://localhost",            ERR_USAGE},
    {"HTTPS://localhost",           ERR_USAGE},
    {"https://",                    ERR_USAGE},
    {"https:///",                   ERR_USAGE},
    {"https://localhost//",         ERR_USAGE},
    {"https://localhost/api",       ERR_USAGE},
    {"https://user:word@localhost", ERR_USAGE},
    {"https://localhost?x",         ERR_USAGE},
    {"https://localhost#x",         ERR_USAGE},
    {"https://local host",          ERR_USAGE},
    {"https://localhost\r\nX: 1",   ERR_USAGE},
    {"file:///etc/passwd",          ERR_USAGE},
};

static void
a_server_is_a_name_behind_https(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(servers); i++) {
        struct arena                *arena = arena_create(ARENA_MAX);
        struct client               *client = NULL;
        struct fault                 fault = {0};
        const struct client_settings settings = {.server = str_of(servers[i].server)};

        if (client_create(arena, &settings, &client, &fault) != servers[i].want) {
            fail_msg("%s", servers[i].server);
        }
        arena_destroy(arena);
    }
}

static const struct {
    const char *url;
    const char *path; /* "" = refused */
} urls[] = {
    {"/api/v1/submissions/1/receipt?n=1",              "/api/v1/submissions/1/receipt?n=1"},
    {"https://localhost:8443/api/v1/keys",             "/api/v1/keys"                     },
    {"https://localhost:84430/api/v1/keys",            ""                                 },
    {"https://localhost:8443@example.org/api/v1/keys", ""                                 },
    {"https://localhost:8443.example.org/api/v1/keys", ""                                 },
    {"https://example.org/api/v1/keys",                ""                                 },
    {"//example.org/api/v1/keys",                      ""                                 },
    {"/api/v2/keys",                                   ""                                 },
    {"/livez",                                         ""                                 },
    {"api/v1/keys",                                    ""                                 },
    {"/api/v1/a b",                                    ""                                 },
    {"/api/v1/a\r\nX: 1",                              ""                                 },
    {"",                                               ""                                 },
};

static void
the_token_goes_to_no_other_server(void **state)
{
    struct arena                *arena = arena_create(ARENA_MAX);
    struct client               *client = NULL;
    struct fault                 fault = {0};
    const struct client_settings settings = {.server = STR("https://localhost:8443/")};

    (void)state;
    assert_int_equal(client_create(arena, &settings, &client, &fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(urls); i++) {
        if (!str_equal(client_path(client, str_of(urls[i].url)), str_of(urls[i].path))) {
            fail_msg("%s", urls[i].url);
        }
    }
    arena_destroy(arena);
}

static void
a_client_survives_every_memory_ceiling(void **state)
{
    (void)state;
    for (size_t size_max = 0; size_max <= 2048; size_max += 8) {
        struct arena                *arena = arena_create(size_max);
        struct client               *client = NULL;
        struct fault                 fault = {0};
        const struct client_settings settings = {.server = STR("https://localhost"),
                                                 .token = STR("brk_test_a")};
        enum err                     got = client_create(arena, &settings, &client, &fault);

        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_int_equal(client != NULL, got == ERR_OK);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_1_to_255_printable_characters),
        cmocka_unit_test(a_server_is_a_name_behind_https),
        cmocka_unit_test(the_token_goes_to_no_other_server),
        cmocka_unit_test(a_client_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
