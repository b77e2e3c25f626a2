#include "gateway/config/config.h"
#include "gateway/config/config_value.h"
#include "tests/support/expect.h"
#include "validators/base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 4 << 20 };

#define WHOLE                                  \
    "environment = test\n"                     \
    "seal_key = /etc/brama/seal.key\n"         \
    "seal_certificate = /etc/brama/seal.pem\n" \
    "trust = /etc/brama/trust.pem\n"           \
    "public_url = https://localhost:8443\n"    \
    "receiver = Brama (TEST)\n"

/* Read one text; the first fault, or a fault of line 9999 when there is none. */
static struct config_fault
first_fault(struct arena *arena, const char *text, struct config *config)
{
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct fault          fault = {0};
    enum err              got = config_parse(arena, str_of(text), config, faults, &fault);

    assert_int_equal(got, faults->count == 0 ? ERR_OK : ERR_CONFIG);
    return faults->count == 0 ? (struct config_fault){.line = 9999} : faults->items[0];
}

static void
a_whole_file_gives_settings_and_defaults(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct config config = {0};

    (void)state;
    assert_int_equal(
        first_fault(arena, "# uwaga\n\n \t\n" WHOLE "workers=3\r\nsilence_seconds = 3\n", &config)
            .line,
        9999);
    assert_int_equal(config.environment, CONFIG_TEST);
    assert_int_equal(config.workers, 3);
    assert_int_equal(config.silence_seconds, 3);
    assert_int_equal(config.readers, 2);
    assert_int_equal(config.lease_seconds, 30);
    assert_true(str_equal(config.receiver, STR("Brama (TEST)")));
    assert_true(str_equal(config.listen, STR("/run/brama/front.sock")));
    assert_true(str_equal(config.user_front, STR("")));
    arena_destroy(arena);
}

static void
loopback_of_webhooks_is_for_tests_alone(void **state)
{
    struct arena *arena = arena_create(ROOM);
    struct config config = {0};
    struct str    whole = str_of(WHOLE);
    struct str    rest = str_slice(whole, sizeof "environment = test\n" - 1, whole.size);
    struct str    text =
        str_format(arena, "environment = prod\n%.*swebhook_loopback = 1\n", STR_ARG(rest));

    (void)state;
    assert_int_equal(first_fault(arena, WHOLE "webhook_loopback = 1\n", &config).line, 9999);
    struct config_fault fault = first_fault(arena, text.data, &config);
    assert_int_equal(fault.line, 7);
    assert_non_null(strstr(str_copy(arena, fault.text).data, "w środowisku prod wpisz 0"));
    arena_destroy(arena);
}

/* Neither a password nor, in production, a link travels in the clear. */
static void
mail_needs_tls_where_somebody_could_listen(void **state)
{
    static const struct {
        const char *environment;
        const char *lines;
        bool        good;
    } rows[] = {
        {"test", "mail_url = smtp://p.pl\nmail_starttls = 1\nmail_user = b\nmail_password = /h\n",
         true                                                                                            },
        {"test", "mail_url = smtp://p.pl\nmail_starttls = 0\nmail_user = b\nmail_password = /h\n",
         false                                                                                           },
        {"test", "mail_url = smtps://p.pl\nmail_starttls = 0\nmail_user = b\nmail_password = /h\n",
         true                                                                                            },
        {"test", "mail_url = smtp://p.pl\nmail_starttls = 0\n",                                     true },
        {"prod", "mail_url = smtp://p.pl\nmail_starttls = 0\n",                                     false},
        {"prod", "mail_url = smtp://p.pl\n",                                                        true },
        {"prod", "mail_url = smtps://p.pl\nmail_starttls = 0\n",                                    true },
        {"prod", "mail_url = smtp://localhost\nmail_starttls = 0\n",                                true },
        {"prod", "mail_url = smtp://localhost:25\nmail_starttls = 0\n",                             true },
        {"prod", "mail_url = smtp://127.0.0.1:25\nmail_starttls = 0\n",                             true },
        {"prod", "mail_url = smtp://localhost.evil.pl\nmail_starttls = 0\n",                        false},
        {"prod", "mail_url = smtp://127.0.0.10\nmail_starttls = 0\n",                               false},
    };
    struct str whole = str_of(WHOLE);
    struct str rest = str_slice(whole, sizeof "environment = test\n" - 1, whole.size);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena       *arena = arena_create(ROOM);
        struct config       config = {0};
        struct str          text = str_format(arena, "environment = %s\n%.*smail_from = b@x.pl\n%s",
                                              rows[i].environment, STR_ARG(rest), rows[i].lines);
        struct config_fault fault = first_fault(arena, text.data, &config);
        EXPECT((fault.line == 9999) == rows[i].good, text.data);
        EXPECT(rows[i].good || str_starts_with(fault.text, STR("mail_starttls: ")), text.data);
        arena_destroy(arena);
    }
}

static void
every_fault_has_its_line_and_says_what_to_write(void **state)
{
    static const struct {
        const char *text;
        size_t      line;
        const char *says;
    } rows[] = {
        {WHOLE "worker = 2\n",                       7, "nie ma ustawienia „worker”"   },
        {WHOLE "Workers = 2\n",                      7, "nie ma ustawienia"                },
        {WHOLE "workers = 2\nworkers = 2\n",         8, "podane już w wierszu 7"          },
        {WHOLE "workers 2\n",                        7, "brakuje znaku ="                  },
        {WHOLE "workers = 0\n",                      7, "wpisz liczbę od 1 do 16"         },
        {WHOLE "workers = 17\n",                     7, "wpisz liczbę od 1 do 16"         },
        {WHOLE "silence_seconds = 2\n",              7, "wpisz liczbę od 3 do 3600"       },
        {WHOLE "silence_seconds = 3601\n",           7, "wpisz liczbę od 3 do 3600"       },
        {WHOLE "workers = -1\n",                     7, "wpisz liczbę"                    },
        {WHOLE "workers = 2 # dwa\n",                7, "wpisz liczbę"                    },
        {WHOLE "workers =\n",                        7, "wpisz liczbę"                    },
        {WHOLE "workers = 99999999999999999999\n",   7, "wpisz liczbę"                    },
        {WHOLE "listen = front.sock\n",              7, "pełną ścieżkę gniazda"       },
        {WHOLE "state_folder = /a/../b\n",           7, "nie zawiera .."                   },
        {WHOLE "health_address = 0.0.0.0:9470\n",    7, "adres tej maszyny"                },
        {WHOLE "health_address = 127.0.0.1\n",       7, "adres tej maszyny"                },
        {WHOLE "health_address = 127.0.0.1:65536\n", 7, "adres tej maszyny"                },
        {WHOLE "node = a b\n",                       7, "wpisz nazwę"                     },
        {WHOLE "spool_bytes_max = 1048576\n",        7, "co najmniej tyle, ile ma body"    },
        {WHOLE "backlog_refuse_max = 5\n",           7, "co najmniej tyle, ile ma backlog" },
        {WHOLE "tsa_url = ftp://tsa.pl\n",           7, "wpisz adres"                      },
        {WHOLE "tsa_url = https://jan@tsa.pl\n",     7, "bez nazwy użytkownika"           },
        {WHOLE "tsa_url = https://tsa.pl/a b\n",     7, "wpisz adres"                      },
        {WHOLE "tsa_url = https://\n",               7, "wpisz adres"                      },
        {WHOLE "tsa_url = http://tsa.pl/tsp\n",      7, "podaj też tsa_trust"             },
        {WHOLE "webhook_loopback = 2\n",             7, "wpisz liczbę od 0 do 1"          },
        {WHOLE "webhook_key = klucz.pem\n",          7, "wpisz pełną ścieżkę"         },
        {WHOLE "mail_url = http://poczta.pl\n",      7, "wpisz serwer poczty"              },
        {WHOLE "mail_url = smtp://a@poczta.pl\n",    7, "wpisz serwer poczty"              },
        {WHOLE "mail_url = smtp://poczta.pl/x\n",    7, "wpisz serwer poczty"              },
        {WHOLE "mail_url = smtp://\n",               7, "wpisz serwer poczty"              },
        {WHOLE "mail_url = smtp://poczta.pl\n",      7, "podaj też mail_from"             },
        {WHOLE "mail_from = brama\n",                7, "wpisz adres"                      },
        {WHOLE "mail_from = Brama <b@x.pl>\n",       7, "wpisz adres"                      },
        {WHOLE "mail_user = brama\n",                7, "podaj oba albo żadne"            },
        {WHOLE "mail_password = /etc/haslo\n",       0, "podaj oba albo żadne"            },
        {WHOLE "mail_password = haslo\n",            7, "wpisz pełną ścieżkę"         },
        {WHOLE "mail_starttls = 2\n",                7, "wpisz liczbę od 0 do 1"          },
        {WHOLE "mail_day_max = 0\n",                 7, "wpisz liczbę od 1 do 100"        },
        {WHOLE "mail_day_max = 101\n",               7, "wpisz liczbę od 1 do 100"        },
        {WHOLE "mail_digest_hour = 24\n",            7, "wpisz liczbę od 0 do 23"         },
        {WHOLE "mail_results_minutes = 4\n",         7, "wpisz liczbę od 5 do 1440"       },
        {"environment = demo\n" WHOLE,               1, "wpisz test albo prod"             },
        {"environment = test\n",                     0, "brakuje ustawienia „seal_key”"},
        {"",                                         0, "brakuje ustawienia „seal_key”"},
        {"\xFF\xFE",                                 0, "nie jest tekstem UTF-8"           },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena       *arena = arena_create(ROOM);
        struct config       config = {.workers = 77};
        struct config_fault fault = first_fault(arena, rows[i].text, &config);
        EXPECT(fault.line == rows[i].line, rows[i].text);
        EXPECT(strstr(fault.text.data, rows[i].says) != NULL, rows[i].text);
        EXPECT(config.workers == 77, rows[i].text);
        arena_destroy(arena);
    }
}

/* An editor's mark is no part of the first name; of a file that is no text nothing else is said. */
static void
what_an_editor_did_to_the_file_is_told_as_it_is(void **state)
{
    struct arena         *arena = arena_create(ROOM);
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct config         config = {0};
    struct fault          fault = {0};

    (void)state;
    assert_int_equal(config_parse(arena, STR("\xEF\xBB\xBF" WHOLE), &config, faults, &fault),
                     ERR_OK);
    assert_int_equal(faults->count, 0);
    assert_int_equal(config_parse(arena, STR(WHOLE "\xEF\xBB\xBF"), &config, faults, &fault),
                     ERR_CONFIG);
    assert_int_equal(config_parse(arena, STR("node = \xB3\n"), &config, faults, &fault),
                     ERR_CONFIG);
    assert_int_equal(faults->count, 1);
    assert_string_equal(faults->items[0].text.data, "plik nie jest tekstem UTF-8");
    arena_destroy(arena);
}

static void
all_faults_are_told_at_once(void **state)
{
    struct arena         *arena = arena_create(ROOM);
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct config         config = {0};
    struct fault          fault = {0};
    struct buf            text = buf_create(arena, ROOM / 2);

    (void)state;
    for (size_t i = 0; i < CONFIG_FAULTS_MAX + 1; i++) {
        buf_format(&text, "nieznane%zu = 1\n", i);
    }
    assert_int_equal(config_parse(arena, buf_str(&text), &config, faults, &fault), ERR_CONFIG);
    assert_int_equal(faults->count, CONFIG_FAULTS_MAX);
    assert_int_equal(faults->items[CONFIG_FAULTS_MAX - 1].line, CONFIG_FAULTS_MAX);
    arena_destroy(arena);
}

static void
values_are_of_their_kind(void **state)
{
    static const struct {
        enum config_kind kind;
        const char      *text;
        bool             good;
    } rows[] = {
        {CONFIG_TEXT,          "Ministerstwo, ul. Świętokrzyska 12", true },
        {CONFIG_TEXT,          "",                                     false},
        {CONFIG_TEXT,          "a\tb",                                 false},
        {CONFIG_NAME,          "brama-front_1.x",                      true },
        {CONFIG_NAME,          "bramą",                               false},
        {CONFIG_OPTIONAL_NAME, "",                                     true },
        {CONFIG_OPTIONAL_NAME, " ",                                    false},
        {CONFIG_PATH,          "/var/lib/brama",                       true },
        {CONFIG_PATH,          "/",                                    false},
        {CONFIG_PATH,          "/a/..",                                false},
        {CONFIG_PATH,          "/a/..b",                               true },
        {CONFIG_LOOPBACK,      "127.0.0.1:0",                          true },
        {CONFIG_LOOPBACK,      "127.0.0.53:1",                         true },
        {CONFIG_LOOPBACK,      "[::1]:9470",                           true },
        {CONFIG_LOOPBACK,      "localhost:9470",                       false},
        {CONFIG_LOOPBACK,      "128.0.0.1:9470",                       false},
        {CONFIG_LOOPBACK,      "127.0.0.256:9470",                     false},
        {CONFIG_LOOPBACK,      "127.0.0:9470",                         false},
        {CONFIG_LOOPBACK,      "",                                     false},
        {CONFIG_URL,           "https://localhost:8443",               true },
        {CONFIG_URL,           "http://localhost:8443",                false},
        {CONFIG_URL,           "https://localhost:8443/",              false},
        {CONFIG_URL,           "https://",                             false},
        {CONFIG_URL,           "https://a\"b",                         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        const char *fault = config_value_fault(rows[i].kind, str_of(rows[i].text));
        EXPECT((fault == NULL) == rows[i].good, rows[i].text);
    }
}

static void
lengths_are_bounded(void **state)
{
    static const struct {
        enum config_kind kind;
        const char      *start;
        size_t           max;
    } rows[] = {
        {CONFIG_TEXT,   "",         CONFIG_TEXT_MAX  },
        {CONFIG_NAME,   "",         CONFIG_NAME_MAX  },
        {CONFIG_SOCKET, "/",        CONFIG_SOCKET_MAX},
        {CONFIG_PATH,   "/",        CONFIG_PATH_MAX  },
        {CONFIG_URL,    "https://", CONFIG_TEXT_MAX  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        char text[CONFIG_PATH_MAX + 2];
        memset(text, 'a', sizeof text);
        memcpy(text, rows[i].start, strlen(rows[i].start));
        for (size_t size = rows[i].max - 1; size <= rows[i].max + 1; size++) {
            bool good = config_value_fault(rows[i].kind, (struct str){text, size}) == NULL;
            EXPECT(good == (size <= rows[i].max), rows[i].start);
        }
    }
}

static void
a_file_that_cannot_be_read_is_told(void **state)
{
    struct arena         *arena = arena_create(ROOM);
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct config         config = {0};
    struct fault          fault = {0};
    char                  path[] = "/tmp/brama-config-XXXXXX";
    int                   fd = mkstemp(path);

    (void)state;
    assert_int_equal(config_load(arena, "/nie/ma", &config, faults, &fault), ERR_FILE);
    assert_int_equal(config_load(arena, "/", &config, faults, &fault), ERR_FILE);
    assert_int_equal(write(fd, WHOLE, sizeof WHOLE - 1), sizeof WHOLE - 1);
    assert_int_equal(config_load(arena, path, &config, faults, &fault), ERR_OK);
    assert_int_equal(ftruncate(fd, CONFIG_SIZE_MAX + 1), 0);
    assert_int_equal(config_load(arena, path, &config, faults, &fault), ERR_FILE);
    assert_int_equal(unlink(path) | close(fd), 0);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_file_gives_settings_and_defaults),
        cmocka_unit_test(loopback_of_webhooks_is_for_tests_alone),
        cmocka_unit_test(mail_needs_tls_where_somebody_could_listen),
        cmocka_unit_test(every_fault_has_its_line_and_says_what_to_write),
        cmocka_unit_test(what_an_editor_did_to_the_file_is_told_as_it_is),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(values_are_of_their_kind),
        cmocka_unit_test(lengths_are_bounded),
        cmocka_unit_test(a_file_that_cannot_be_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
