#include "gateway/bramad/rehearsal.h"

#include "gateway/bramad/settings_check.h"
#include "gateway/store/migration.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

static enum err
refuse(struct fault *fault, const char *text)
{
    return FAIL(fault, ERR_CONFIG, "%s", text);
}

static enum err
look_at_schema(struct store *store, struct arena *arena, struct fault *fault)
{
    struct migration_state state = {0};

    TRY(migration_look(store, arena, &state, fault));
    if (state.missing != 0) {
        return FAIL(
            fault, ERR_CONFIG,
            "baza ma zmiany do numeru %d, ale bez zmiany %d; założył ją inny program bramad "
            "i ten nie może na niej pracować",
            state.applied, state.missing);
    }
    if (state.applied < state.known) {
        return FAIL(fault, ERR_CONFIG,
                    "baza ma zmiany do numeru %d, a program zna %d; uruchom: bramad migrate",
                    state.applied, state.known);
    }
    if (state.applied > state.known) {
        return FAIL(fault, ERR_CONFIG,
                    "baza ma zmiany do numeru %d, a program zna tylko %d; zainstaluj nowszą wersję "
                    "bramad",
                    state.applied, state.known);
    }
    return ERR_OK;
}

static enum err
look_at_environment(struct store *store, struct arena *arena, const struct config *config,
                    struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store,
                  "SELECT environment = 'PROD', clock_offset <> interval '0' FROM registry.setting",
                  NULL, arena, &rows, fault));
    if (store_row_count(&rows) != 1) {
        return refuse(fault, "w bazie nie ma wiersza registry.setting");
    }
    if (store_truth(&rows, 0, 0) != (config->environment == CONFIG_PROD)) {
        return refuse(fault, "środowisko bazy (registry.setting) jest inne niż w ustawieniu "
                             "environment; wskaż właściwą bazę");
    }
    if (config->environment == CONFIG_PROD && store_truth(&rows, 0, 1)) {
        return refuse(fault, "zegar bazy jest przesunięty (registry.setting.clock_offset); w "
                             "środowisku prod to niedopuszczalne");
    }
    return ERR_OK;
}

static enum err
look_at_database(struct arena *arena, const struct config *config, struct fault *fault)
{
    const struct store_address address = {.host = config->database_host,
                                          .port = config->database_port,
                                          .database = config->database_name};
    struct store              *store = NULL;

    TRY(store_open(arena, &address, STORE_WRITER, &store, fault));
    TRY(look_at_schema(store, arena, fault));
    return look_at_environment(store, arena, config, fault);
}

static bool
become(const struct process_user *user)
{
    return !user->given
           || (setgroups(0, NULL) == 0 && setresgid(user->gid, user->gid, user->gid) == 0
               && setresuid(user->uid, user->uid, user->uid) == 0);
}

static bool
settings_hold(struct arena *arena, const char *path, struct str text, const struct config *config,
              struct fault *fault)
{
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);

    if (faults == NULL || settings_check(arena, text, config, faults, fault) != ERR_OK) {
        fault->code = fault->code == ERR_OK ? FAIL(fault, ERR_MEMORY, "no room") : fault->code;
        return false;
    }
    if (faults->count > 0) {
        settings_check_complain(path, faults);
    }
    return faults->count == 0;
}

/* In the child; its exit status says whether all holds. user NULL: the database is not asked. */
static bool
rehearse(const char *path, struct str text, const struct config *config,
         const struct process_user *user)
{
    struct arena *arena = arena_create(MEMORY_MAX);
    struct fault  fault = {0};
    bool          holds = settings_hold(arena, path, text, config, &fault);

    if (holds && user != NULL) {
        enum err got = become(user)
                           ? look_at_database(arena, config, &fault)
                           : FAIL(&fault, ERR_SYSTEM, "setresuid: %s", strerrordesc_np(errno));
        holds = got == ERR_OK;
    }
    if (fault.code != ERR_OK) {
        (void)fprintf(stderr, "bramad: %s\n", fault.text);
    }
    arena_destroy(arena);
    return holds;
}

static enum err
run(const char *path, struct str text, const struct config *config, const struct process_user *user,
    bool *holds, struct fault *fault)
{
    int   status = 0;
    pid_t child = fork();

    if (child == 0) {
        _exit(rehearse(path, text, config, user) ? 0 : 1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return FAIL(fault, ERR_SYSTEM, "no child to try the settings: %s", strerrordesc_np(errno));
    }
    *holds = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return ERR_OK;
}

enum err
rehearsal_run(const char *path, struct str text, const struct config *config,
              const struct process_user *user, struct fault *fault)
{
    bool holds = false;

    TRY(run(path, text, config, user, &holds, fault));
    return holds ? ERR_OK : refuse(fault, "nie da się uruchomić bramy; powody stoją wyżej");
}

enum err
rehearsal_settings(const char *path, struct str text, const struct config *config,
                   struct fault *fault)
{
    bool holds = false;

    TRY(run(path, text, config, NULL, &holds, fault));
    return holds ? ERR_OK
                 : refuse(fault, "nikt nie został wymieniony, wszystko działa jak dotąd; powody "
                                 "stoją wyżej");
}
