#include "gateway/outbox/subscriber.h"
#include "tests/support/expect.h"

#include <string.h>

enum { HOST_MAX = 253, ROOM_OF_URL = 400 };

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
        const char *got = subscriber_url_fault(str_of(cases[i].url));
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
    char url[SUBSCRIBER_URL_MAX + 2];

    (void)state;
    memset(url, 'a', sizeof url);
    memcpy(url, "https://p.pl/", sizeof "https://p.pl/" - 1);
    assert_null(subscriber_url_fault((struct str){url, SUBSCRIBER_URL_MAX - 1}));
    assert_null(subscriber_url_fault((struct str){url, SUBSCRIBER_URL_MAX}));
    assert_non_null(subscriber_url_fault((struct str){url, SUBSCRIBER_URL_MAX + 1}));
}

static const struct {
    const char *url;
    const char *says; /* NULL: good */
} hosts[] = {
    {"https://fk.przyklad.pl/x",       NULL          },
    {"https://fk.przyklad.pl.:8443/x", NULL          },
    {"https://193.0.6.139/x",          NULL          },
    {"https://[2a00:1450::1]:443/x",   NULL          },
    {"https://1.przyklad.pl/",         NULL          },
    {"https://mylocal.pl/",            NULL          },
    {"https://127.0.0.1/",             "publiczny"   },
    {"https://10.1.2.3/",              "publiczny"   },
    {"https://169.254.169.254/latest", "publiczny"   },
    {"https://192.168.1.1:8443/",      "publiczny"   },
    {"https://0.0.0.0/",               "publiczny"   },
    {"https://127.1/",                 "publiczny"   },
    {"https://2130706433/",            "publiczny"   },
    {"https://0x7f.0.0.0x1/",          "publiczny"   },
    {"https://127.0.0.1./",            "publiczny"   },
    {"https://[::1]/",                 "publiczny"   },
    {"https://[::ffff:10.0.0.1]/",     "publiczny"   },
    {"https://[fe80::1]/",             "publiczny"   },
    {"https://[::::::]/",              "publiczny"   },
    {"https://localhost/",             "pełna nazwa"},
    {"https://LocalHost:8443/",        "pełna nazwa"},
    {"https://x.localhost./",          "pełna nazwa"},
    {"https://fk/",                    "pełna nazwa"},
    {"https://drukarka.local/",        "pełna nazwa"},
    {"https://db.internal/",           "pełna nazwa"},
    {"https://./",                     "publiczny"   },
};

static void
every_host_of_a_stranger_is_judged_as_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(hosts); i++) {
        const char *got = subscriber_host_fault(str_of(hosts[i].url));
        if (hosts[i].says == NULL) {
            EXPECT(got == NULL, hosts[i].url);
        } else {
            EXPECT(got != NULL && strstr(got, hosts[i].says) != NULL, hosts[i].url);
        }
    }
}

/* An address in brackets has no limit of its own in a URL. */
static void
longest_host_is_judged_and_a_longer_one_refused(void **state)
{
    char         url[ROOM_OF_URL];
    const size_t begin = sizeof "https://[" - 1;

    (void)state;
    for (size_t host = HOST_MAX - 1; host <= HOST_MAX + 1; host++) {
        memset(url, ':', sizeof url);
        memcpy(url, "https://[", begin);
        url[begin + host] = ']';
        const char *got = subscriber_host_fault((struct str){url, begin + host + 1});
        assert_non_null(strstr(got, host <= HOST_MAX ? "publiczny" : "najwyżej 253"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_address_is_judged_as_the_table_says),
        cmocka_unit_test(longest_address_is_good_and_a_longer_one_is_not),
        cmocka_unit_test(every_host_of_a_stranger_is_judged_as_the_table_says),
        cmocka_unit_test(longest_host_is_judged_and_a_longer_one_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
