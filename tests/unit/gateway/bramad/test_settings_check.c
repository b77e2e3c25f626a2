#include "gateway/bramad/settings_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_that_outlasts_the_lease_is_refused),
        cmocka_unit_test(production_trusts_nobody_who_is_for_tests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
