#include "gateway/bramad/options.h"
#include "gateway/bramad/settings_check.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/expect.h"
#include "tests/support/self_signed.h"

enum { MEMORY = 64 * 1024 * 1024 };

/* Whether this pair is refused; nothing else of this configuration is there. */
static bool
is_refused(int64_t deadline_ms, int64_t lease_seconds)
{
    const struct config  config = {.environment = CONFIG_TEST,
                                   .state_folder = STR("/nowhere"),
                                   .listen = STR("/nowhere/socket"),
                                   .database_host = STR("/nowhere"),
                                   .seal_key = STR("/nowhere/key"),
                                   .seal_certificate = STR("/nowhere/certificate"),
                                   .trust = STR("/nowhere/trust"),
                                   .definitions = STR(""),
                                   .lease_seconds = lease_seconds,
                                   .checker_deadline_ms = deadline_ms};
    struct arena        *arena = arena_create(MEMORY);
    struct config_faults faults = {0};
    struct fault         fault = {0};
    bool                 refused = false;

    assert_int_equal(settings_check(arena, STR(""), &config, &faults, &fault), ERR_OK);
    for (size_t i = 0; i < faults.count; i++) {
        refused = refused || str_starts_with(faults.items[i].text, STR("checker_deadline_ms: "));
    }
    arena_destroy(arena);
    return refused;
}

static void
a_deadline_that_outlasts_the_lease_is_refused(void **state)
{
    static const struct {
        const char *name;
        int64_t     deadline_ms;
        int64_t     lease_seconds;
        bool        refused;
    } cases[] = {
        {"the defaults",   20000,  30, false},
        {"n - 1",          24999,  30, false},
        {"n",              25000,  30, true },
        {"n + 1",          25001,  30, true },
        {"longer",         600000, 30, true },
        {"a longer lease", 25000,  31, false},
        {"a short lease",  20000,  1,  true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(is_refused(cases[i].deadline_ms, cases[i].lease_seconds) == cases[i].refused,
               cases[i].name);
    }
}

/* Who the trusted issuer says that it is, and whether production takes it. */
static const struct {
    const char *name;
    const char *subject;
    bool        for_tests;
} issuers[] = {
    {"a qualified issuer",      "/C=PL/O=Krajowy Wystawca S.A./CN=Wystawca Kwalifikowany",     false},
    {"a word with test within", "/C=PL/O=Attest sp. z o.o./CN=Protest",                        false},
    {"of our samples",          "/C=PL/O=Przykladowy Urzad Certyfikacji/CN=PUC Kwalifikowany", true },
    {"an example, Polish",      "/C=PL/O=Urząd/CN=PRZYKŁADOWY wystawca",                     true },
    {"an example in brackets",  "/C=PL/O=Urzad/CN=PUC (przyklad)",                             true },
    {"of our development",      "/C=PL/O=Brama (TEST)/CN=Brama",                               true },
    {"test in small letters",   "/C=PL/O=Firma/CN=Firma test CA",                              true },
    {"nothing but test",        "/CN=Testowy",                                                 true },
};

static bool
is_issuer_refused(enum config_environment environment, const char *trust)
{
    const struct config  config = {.environment = environment,
                                   .state_folder = STR("/nowhere"),
                                   .listen = STR("/nowhere/socket"),
                                   .database_host = STR("/nowhere"),
                                   .seal_key = STR("/nowhere/key"),
                                   .seal_certificate = STR("/nowhere/certificate"),
                                   .trust = str_of(trust),
                                   .definitions = STR("")};
    struct arena        *arena = arena_create(MEMORY);
    struct config_faults faults = {0};
    struct fault         fault = {0};
    bool                 refused = false;

    assert_int_equal(settings_check(arena, STR(""), &config, &faults, &fault), ERR_OK);
    for (size_t i = 0; i < faults.count; i++) {
        refused = refused || str_starts_with(faults.items[i].text, STR("trust: "));
    }
    arena_destroy(arena);
    return refused;
}

static void
production_trusts_nobody_who_is_for_tests(void **state)
{
    char folder[] = "/tmp/brama-settings-XXXXXX";
    char key[64];
    char certificate[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(key, sizeof key, "%s/key.pem", folder);
    (void)snprintf(certificate, sizeof certificate, "%s/certificate.pem", folder);
    for (size_t i = 0; i < ARRAY_COUNT(issuers); i++) {
        self_signed_make(key, certificate, issuers[i].subject, "basicConstraints=critical,CA:TRUE");
        EXPECT(is_issuer_refused(CONFIG_PROD, certificate) == issuers[i].for_tests,
               issuers[i].name);
        EXPECT(!is_issuer_refused(CONFIG_TEST, certificate), issuers[i].name);
    }
    (void)unlink(key);
    (void)unlink(certificate);
    (void)rmdir(folder);
}

static size_t
count_faults(const struct config *config, const char *wanted)
{
    struct arena        *arena = arena_create(MEMORY);
    struct config_faults faults = {0};
    struct fault         fault = {0};
    size_t               count = 0;

    assert_int_equal(settings_check(arena, STR(""), config, &faults, &fault), ERR_OK);
    for (size_t i = 0; i < faults.count; i++) {
        count += strstr(faults.items[i].text.data, wanted) != NULL ? 1 : 0;
    }
    arena_destroy(arena);
    return count;
}

static struct config
nowhere(enum config_environment environment)
{
    return (struct config){.environment = environment,
                           .state_folder = STR("/nowhere"),
                           .listen = STR("/nowhere/socket"),
                           .database_host = STR("/nowhere"),
                           .seal_key = STR("/nowhere/key"),
                           .seal_certificate = STR("/"),
                           .trust = STR("/nowhere/trust"),
                           .definitions = STR(""),
                           .user_front = STR("daemon"),
                           .user_worker = STR("bin"),
                           .user_checker = STR("sys"),
                           .user_signer = STR("games"),
                           .user_reader = STR("bin"),
                           .user_desk = STR("man"),
                           .lease_seconds = 30,
                           .checker_deadline_ms = 20000};
}

/* Only root can give a role to a user, so only root is told. */
static void
a_user_of_two_roles_is_refused_in_production(void **state)
{
    struct config production = nowhere(CONFIG_PROD);
    struct config test = nowhere(CONFIG_TEST);
    size_t        told = geteuid() == 0 ? 1 : 0;

    (void)state;
    assert_int_equal(
        count_faults(&production, "user_reader: użytkownik „bin” stoi już w user_worker"), told);
    assert_int_equal(count_faults(&production, "stoi już w"), told);
    assert_int_equal(count_faults(&test, "stoi już w"), 0);
    production.user_reader = STR("mail");
    assert_int_equal(count_faults(&production, "stoi już w"), 0);
}

static void
a_file_that_cannot_be_read_is_told_in_polish(void **state)
{
    struct config config = nowhere(CONFIG_TEST);

    (void)state;
    assert_int_equal(count_faults(&config, "/nowhere/trust: nie ma takiego pliku ani katalogu"), 1);
    assert_int_equal(count_faults(&config, "seal_certificate: nie da się odczytać pliku: /: to nie "
                                           "jest zwykły plik"),
                     1);
}

/* The password of the relay: there, not empty, its owner's alone; and an address to send from. */
static void
mail_is_checked_before_the_start(void **state)
{
    static const struct {
        const char *content;
        unsigned    mode;
        const char *from;
        const char *told; /* "": nothing */
    } cases[] = {
        {"tajne\n", 0600, "b@x.pl",  ""                                        },
        {"tajne",   0400, "b@x.pl",  ""                                        },
        {"tajne\n", 0640, "b@x.pl",  "mail_password: plik klucza ma prawa 0640"},
        {"\ntajne", 0600, "b@x.pl",  "mail_password: pierwszy wiersz pliku"    },
        {"",        0600, "b@x.pl",  "mail_password: "                         },
        {"tajne\n", 0600, "b@x..pl", "mail_from: z takiego adresu"             },
        {"tajne\n", 0600, ".b@x.pl", "mail_from: z takiego adresu"             },
    };
    char folder[] = "/tmp/brama-settings-XXXXXX";
    char path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/password", folder);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct config config = nowhere(CONFIG_TEST);
        int           fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ssize_t       size = (ssize_t)strlen(cases[i].content);
        assert_true(fd >= 0 && write(fd, cases[i].content, (size_t)size) == size);
        assert_int_equal(fchmod(fd, cases[i].mode), 0);
        assert_int_equal(close(fd), 0);
        config.mail_url = STR("smtp://localhost");
        config.mail_from = str_of(cases[i].from);
        config.mail_user = STR("b");
        config.mail_password = str_of(path);
        if (cases[i].told[0] == '\0') {
            EXPECT(count_faults(&config, "mail_") == 0, cases[i].content);
        } else {
            EXPECT(count_faults(&config, cases[i].told) == 1, cases[i].told);
        }
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    struct config absent = nowhere(CONFIG_TEST);
    absent.mail_url = STR("smtp://localhost");
    absent.mail_from = STR("b@x.pl");
    absent.mail_password = STR("/nowhere/password");
    absent.courier_trust = STR("/nowhere/issuers");
    assert_int_equal(count_faults(&absent, "mail_password: nie da się odczytać pliku"), 1);
    assert_int_equal(count_faults(&absent, "courier_trust: nie da się odczytać pliku"), 1);
}

/* What was passed over before: a second file, in whatever order they are named. */
static void
one_file_of_settings_is_named_once(void **state)
{
    static const struct {
        char *words[6];
        bool  good;
        char *config;
    } cases[] = {
        {{"bramad", "--check-config"},                       true,  "/etc/brama/bramad.conf"},
        {{"bramad", "--check-config", "a"},                  true,  "a"                     },
        {{"bramad", "--check-config", "--config", "a"},      true,  "a"                     },
        {{"bramad", "--config", "a", "--check-config"},      true,  "a"                     },
        {{"bramad", "--check-config", "a", "b"},             false, NULL                    },
        {{"bramad", "--check-config", "a", "a"},             false, NULL                    },
        {{"bramad", "--check-config", "a", "--config", "b"}, false, NULL                    },
        {{"bramad", "--config", "a", "--config", "b"},       false, NULL                    },
        {{"bramad", "--config", "a", "--check-config", "b"}, false, NULL                    },
        {{"bramad", "--config"},                             false, NULL                    },
        {{"bramad", "a"},                                    false, NULL                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char          *words[ARRAY_COUNT(cases[i].words)];
        struct options options = {0};
        int            count = 0;
        memcpy(words, cases[i].words, sizeof words);
        while (count < (int)ARRAY_COUNT(words) && words[count] != NULL) {
            count++;
        }
        EXPECT(options_parse(count, words, &options) == cases[i].good, words[1]);
        EXPECT(!cases[i].good || strcmp(options.config, cases[i].config) == 0, words[1]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_that_outlasts_the_lease_is_refused),
        cmocka_unit_test(production_trusts_nobody_who_is_for_tests),
        cmocka_unit_test(a_user_of_two_roles_is_refused_in_production),
        cmocka_unit_test(a_file_that_cannot_be_read_is_told_in_polish),
        cmocka_unit_test(mail_is_checked_before_the_start),
        cmocka_unit_test(one_file_of_settings_is_named_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
