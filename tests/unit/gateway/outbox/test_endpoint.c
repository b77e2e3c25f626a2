#include "gateway/outbox/endpoint.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ROOM = 1 << 20 };

static const struct {
    const char *url;
    const char *says; /* NULL: good */
} cases[] = {
    {"https://przyklad.pl",                  NULL                    },
    {"https://przyklad.pl/",                 NULL                    },
    {"https://przyklad.pl:8443/a?b=c&d=%20", NULL                    },
    {"https://przyklad.pl:1",                NULL                    },
    {"https://przyklad.pl:65535/x",          NULL                    },
    {"https://[2a00:1450::1]:443/x",         NULL                    },
    {"",                                     "https://"              },
    {"http://przyklad.pl",                   "https://"              },
    {"HTTPS://przyklad.pl",                  "https://"              },
    {"ftp://przyklad.pl",                    "https://"              },
    {"https://",                             "nazwa serwera"         },
    {"https:///x",                           "nazwa serwera"         },
    {"https://:443/x",                       "nazwa serwera"         },
    {"https://jan:tajne@przyklad.pl/",       "numer portu"           },
    {"https://jan@przyklad.pl/",             "bez nazwy użytkownika"},
    {"https://przykład.pl/",                "nazwa serwera"         },
    {"https://przyklad.pl\\@inny.pl/",       "nazwa serwera"         },
    {"https://przyklad.pl#a",                "nazwa serwera"         },
    {"https://przyklad.pl?a",                "nazwa serwera"         },
    {"https://[::1",                         "nazwa serwera"         },
    {"https://[]/",                          "nazwa serwera"         },
    {"https://[::1]x/",                      "ścieżka"             },
    {"https://przyklad.pl:0/",               "numer portu"           },
    {"https://przyklad.pl:65536/",           "numer portu"           },
    {"https://przyklad.pl:/",                "numer portu"           },
    {"https://przyklad.pl:44x/",             "numer portu"           },
    {"https://przyklad.pl/a b",              "spacji"                },
    {"https://przyklad.pl/a\r\nX: y",        "spacji"                },
    {"https://przyklad.pl/a#b",              "#"                     },
    {"https://przyklad.pl/a\\b",             "\\"                    },
    {"https://przyklad.pl/ł",               "liter bez ogonków"    },
};

static void
every_address_is_judged_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *got = endpoint_url_fault(str_of(cases[i].url));
        if (cases[i].says == NULL) {
            EXPECT(got == NULL, cases[i].url);
        } else {
            EXPECT(got != NULL && strstr(got, cases[i].says) != NULL, cases[i].url);
        }
    }
}

static void
longest_address_is_good_and_a_longer_one_is_not(void **state)
{
    char url[ENDPOINT_URL_MAX + 2];

    (void)state;
    memset(url, 'a', sizeof url);
    memcpy(url, "https://p.pl/", sizeof "https://p.pl/" - 1);
    assert_null(endpoint_url_fault((struct str){url, ENDPOINT_URL_MAX - 1}));
    assert_null(endpoint_url_fault((struct str){url, ENDPOINT_URL_MAX}));
    assert_non_null(endpoint_url_fault((struct str){url, ENDPOINT_URL_MAX + 1}));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address_is_judged_as_the_table_says),
        cmocka_unit_test(longest_address_is_good_and_a_longer_one_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
