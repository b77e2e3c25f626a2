#include "gateway/bramad/settings_check.h"

#include "gateway/bramad/courier_check.h"
#include "gateway/definitions/definitions.h"
#include "gateway/receipt/seal.h"
#include "validators/signature/signature.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MILLISECONDS = 1000 };

static bool
has(struct str text, struct str part)
{
    return text.size >= part.size && memmem(text.data, text.size, part.data, part.size) != NULL;
}

static bool
has_in_any_case(struct str text, struct str part)
{
    bool found = false;

    for (size_t i = 0; i + part.size <= text.size; i++) {
        found = found || strncasecmp(&text.data[i], part.data, part.size) == 0;
    }
    return found;
}

/* Whether a certificate's name says that it is for tests or an example: a word that begins with
 * "test", or "przykład" in any of its forms, with or without its Polish letter. */
static bool
is_for_tests(struct str name)
{
    static const struct str marks[] = {
        STR_INIT("(test"),    STR_INIT(" test"),    STR_INIT("=test"),   STR_INIT("-test"),
        STR_INIT("przyklad"), STR_INIT("przykład"), STR_INIT("przykŁad")};
    bool found = false;

    for (size_t i = 0; i < ARRAY_COUNT(marks); i++) {
        found = found || has_in_any_case(name, marks[i]);
    }
    return found;
}

/* Signatures that anybody can make are none: in production nobody vouches for tests. */
static void
check_trust(const struct check *check)
{
    struct str              pem = check_read(check, "trust", check->config->trust);
    struct signature_trust *trust = check_certificates(check, "trust", pem);
    size_t                  count = trust == NULL ? 0 : signature_trust_name_count(trust);

    for (size_t i = 0; check_production(check) && i < count; i++) {
        struct str name = signature_trust_name(trust, i);
        if (is_for_tests(name)) {
            check_add(
                check, "trust",
                str_format(check->arena,
                           "wystawca „%.*s” jest rozwojowy; w środowisku prod wskaż certyfikaty "
                           "kwalifikowanych wystawców",
                           STR_ARG(name)));
            return;
        }
    }
}

/* Only its owner may read the key, and it belongs to the certificate. */
static void
check_seal(const struct check *check)
{
    const struct config *config = check->config;
    struct seal         *seal = NULL;
    struct fault         why = {0};
    struct str           key = check_read(check, "seal_key", config->seal_key);
    struct str certificate = check_read(check, "seal_certificate", config->seal_certificate);

    check_private(check, "seal_key", config->seal_key);
    (void)check_certificates(check, "seal_certificate", certificate); /* only whether it is one */
    if (key.size > 0 && certificate.size > 0
        && seal_create(check->arena, key, certificate, &seal, &why) != ERR_OK) {
        check_add(check, "seal_key",
                  str_format(check->arena, "kluczem nie da się pieczętować: %s", why.text));
    } else if (seal != NULL && check_production(check) && has(seal_owner(seal), STR("(TEST)"))) {
        check_add(
            check, "seal_certificate",
            str_format(check->arena,
                       "pieczęć „%.*s” jest rozwojowa; w środowisku prod wskaż pieczęć urzędu",
                       STR_ARG(seal_owner(seal))));
    }
}

/* What says of itself that it is not meant. */
static void
check_names(const struct check *check)
{
    static const struct str own_machine[] = {STR_INIT("//localhost"), STR_INIT("//127."),
                                             STR_INIT("//[::1]")};
    const struct config    *config = check->config;

    if (check_production(check) && has(config->receiver, STR("(TEST)"))) {
        check_add(check, "receiver",
                  STR("nazwa z dopiskiem (TEST) trafiłaby na UPO; w środowisku prod podaj nazwę "
                      "odbiorcy"));
    }
    for (size_t i = 0; check_production(check) && i < ARRAY_COUNT(own_machine); i++) {
        if (has(config->public_url, own_machine[i])) {
            check_add(
                check, "public_url",
                STR("adres tej maszyny nie jest dostępny dla nadawców; w środowisku prod podaj "
                    "adres publiczny"));
        }
    }
}

static void
check_folder(const struct check *check, const char *setting, struct str path, int wanted)
{
    struct str  name = str_copy(check->arena, path);
    struct stat status = {0};

    if (name.data == NULL || stat(name.data, &status) != 0) {
        check_add(check, setting, str_format(check->arena, "nie ma katalogu %.*s", STR_ARG(path)));
    } else if (!S_ISDIR(status.st_mode)) {
        check_add(check, setting,
                  str_format(check->arena, "%.*s nie jest katalogiem", STR_ARG(path)));
    } else if (access(name.data, wanted) != 0) {
        check_add(check, setting,
                  str_format(check->arena, "katalog %.*s: %s", STR_ARG(path), err_system(errno)));
    }
}

static void
check_folders(const struct check *check)
{
    const struct config *config = check->config;
    size_t               slash = config->listen.size;

    while (slash > 1 && config->listen.data[slash - 1] != '/') {
        slash--;
    }
    check_folder(check, "state_folder", config->state_folder, W_OK | X_OK);
    check_folder(check, "listen", str_slice(config->listen, 0, slash > 1 ? slash - 1 : 1),
                 W_OK | X_OK);
    if (str_starts_with(config->database_host, STR("/"))) {
        check_folder(check, "database_host", config->database_host, X_OK);
    }
    if (config->database_folder.size > 0) {
        check_folder(check, "database_folder", config->database_folder, F_OK);
    }
}

static void
check_definitions(const struct check *check)
{
    const struct catalogue *catalogue = NULL;
    struct str              folder = str_copy(check->arena, check->config->definitions);
    struct fault            why = {0};

    if (folder.size > 0
        && definitions_catalogue(check->arena, folder.data, &catalogue, &why) != ERR_OK) {
        check_add(check, "definitions",
                  str_format(check->arena, "definicji nie da się wczytać: %s", why.text));
    }
}

/* A worker renews its leases after a part of them, and a document may take its deadline on top. */
static void
check_lease(const struct check *check)
{
    const struct config *config = check->config;
    int64_t              lease_ms = config->lease_seconds * MILLISECONDS;
    int64_t              room_ms = lease_ms - lease_ms / CONFIG_LEASE_PART;

    if (config->checker_deadline_ms >= room_ms) {
        check_add(check, "checker_deadline_ms",
                  str_format(check->arena,
                             "%lld ms to za długo przy lease_seconds = %lld; podaj mniej niż %lld",
                             (long long)config->checker_deadline_ms,
                             (long long)config->lease_seconds, (long long)room_ms));
    }
}

struct setting_of_user {
    const char *setting;
    struct str  name;
};

static void
check_user(const struct check *check, const char *setting, struct str name)
{
    const struct passwd *user = getpwnam(name.data); /* NOLINT: one thread */

    if (user == NULL) {
        check_add(check, setting,
                  str_format(check->arena, "nie ma użytkownika „%.*s”", STR_ARG(name)));
    } else if (user->pw_uid == 0 && check_production(check)) {
        check_add(check, setting, STR("w środowisku prod żadna rola nie działa jako root"));
    }
}

/* A user of two roles: each could do, and read, what only the other may. */
static void
check_distinct(const struct check *check, const struct setting_of_user *users, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t before = 0; before < i; before++) {
            if (users[i].name.size > 0 && str_equal(users[i].name, users[before].name)) {
                check_add(check, users[i].setting,
                          str_format(check->arena,
                                     "użytkownik „%.*s” stoi już w %s; każda rola ma własnego",
                                     STR_ARG(users[i].name), users[before].setting));
                break;
            }
        }
    }
}

/* Users matter only to root: nobody else can become them. */
static void
check_users(const struct check *check)
{
    const struct config         *config = check->config;
    const struct setting_of_user users[] = {
        {"user_front",   config->user_front  },
        {"user_worker",  config->user_worker },
        {"user_checker", config->user_checker},
        {"user_signer",  config->user_signer },
        {"user_reader",  config->user_reader },
        {"user_desk",    config->user_desk   },
        {"user_courier", config->user_courier},
    };

    for (size_t i = 0; geteuid() == 0 && i < ARRAY_COUNT(users); i++) {
        struct str name = str_copy(check->arena, users[i].name); /* ends with NUL */
        if (name.size == 0 && config->environment == CONFIG_PROD) {
            check_add(
                check, users[i].setting,
                STR("brakuje użytkownika; w środowisku prod żadna rola nie działa jako root"));
        } else if (name.size > 0) {
            check_user(check, users[i].setting, name);
        }
    }
    if (geteuid() == 0 && check_production(check)) {
        check_distinct(check, users, ARRAY_COUNT(users));
    }
}

static void
check_group(const struct check *check)
{
    struct str name = str_copy(check->arena, check->config->socket_group);

    if (name.size > 0 && getgrnam(name.data) == NULL) { /* NOLINT: one thread */
        check_add(check, "socket_group",
                  str_format(check->arena, "nie ma grupy „%.*s”", STR_ARG(name)));
    }
}

enum err
settings_check(struct arena *arena, struct str text, const struct config *config,
               struct config_faults *faults, struct fault *fault)
{
    static void (*const checks[])(const struct check *) = {
        check_folders, check_seal,  check_trust, check_definitions, check_lease,
        check_group,   check_users, check_names, courier_check,
    };
    const struct check check = {.arena = arena, .text = text, .config = config, .faults = faults};

    signature_warm_up();
    for (size_t i = 0; i < ARRAY_COUNT(checks); i++) {
        checks[i](&check);
    }
    if (arena_used(arena) == arena_size_max(arena)) {
        return FAIL(fault, ERR_MEMORY, "no room to check the settings");
    }
    return ERR_OK;
}

void
settings_check_complain(const char *path, const struct config_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct config_fault *item = &faults->items[i];
        if (item->line > 0) {
            (void)fprintf(stderr, "%s:%zu: %.*s\n", path, item->line, STR_ARG(item->text));
        } else {
            (void)fprintf(stderr, "%s: %.*s\n", path, STR_ARG(item->text));
        }
    }
}
