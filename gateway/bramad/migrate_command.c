#include "gateway/bramad/migrate_command.h"

#include "gateway/bramad/settings_check.h"
#include "gateway/definitions/definitions.h"
#include "gateway/release/release_history.h"
#include "gateway/smup/smup.h"
#include "gateway/store/migration.h"

#include <stdio.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

static enum err
connect(struct arena *arena, const char *path, struct config *config, struct store **out,
        struct fault *fault)
{
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);

    if (faults == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room");
    }
    if (config_load(arena, path, config, faults, fault) != ERR_OK) {
        settings_check_complain(path, faults);
        return fault->code;
    }
    const struct store_address address = {.host = config->database_host,
                                          .port = config->database_port,
                                          .database = config->database_name};
    return store_open(arena, &address, STORE_OWNER, out, fault);
}

static enum err
tell_status(struct arena *arena, struct store *store, bool *complete, struct fault *fault)
{
    struct migration_state state = {0};

    TRY(migration_look(store, arena, &state, fault));
    (void)printf("baza: zmiany do numeru %d; program: do numeru %d\n", state.applied, state.known);
    if (state.missing != 0) {
        (void)printf("w bazie pominięta zmiana: %d\n", state.missing);
    }
    *complete = state.applied == state.known && state.missing == 0;
    return ERR_OK;
}

/* Of the release in force, when there is one and this program knows its words; else as it is. */
static enum err
take_release(struct arena *arena, struct store *store, const struct catalogue **catalogue,
             struct fault *fault)
{
    struct release release = {0};

    struct fault why = {0};

    TRY(release_now(store, arena, &release, fault));
    if (release.release == 0) {
        return ERR_OK;
    }
    enum err got = release_history_catalogue(store, arena, &release, catalogue, &why);
    if (got != ERR_OK && release_is_passing(got)) {
        return FAIL(fault, got, "%s", why.text);
    }
    if (got != ERR_OK) {
        (void)fprintf(stderr,
                      "bramad: wydania %lld ten program nie czyta (%s); widoki smup są według "
                      "definicji programu: wydaj reguły na nowo (brama rules publish)\n",
                      (long long)release.release, why.text);
    }
    return ERR_OK;
}

static enum err
migrate(struct arena *arena, struct store *store, const struct config *config, struct fault *fault)
{
    const struct catalogue *catalogue = NULL;
    struct str              folder = str_copy(arena, config->definitions); /* ends with NUL */
    size_t                  count = 0;
    bool                    changed = false;

    if (folder.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room");
    }
    TRY(definitions_catalogue(arena, folder.size == 0 ? NULL : folder.data, &catalogue, fault));
    TRY(migration_run(store, arena, &count, fault));
    TRY(take_release(arena, store, &catalogue, fault));
    TRY(smup_views_write(store, arena, catalogue, &changed, fault));
    (void)printf("wykonane zmiany: %zu; widoki smup: %s\n", count, changed ? "nowe" : "bez zmian");
    return ERR_OK;
}

int
migrate_command(const struct options *options)
{
    struct arena *arena = arena_create(MEMORY_MAX);
    struct config config = {0};
    struct store *store = NULL;
    struct fault  fault = {0};
    bool          complete = true;
    enum err      got = connect(arena, options->config, &config, &store, &fault);

    if (got == ERR_OK && options->status) {
        got = tell_status(arena, store, &complete, &fault);
    } else if (got == ERR_OK) {
        got = migrate(arena, store, &config, &fault);
    }
    if (got != ERR_OK) {
        (void)fprintf(stderr, "bramad: %s\n", fault.text);
    }
    arena_destroy(arena);
    return got == ERR_OK && complete ? STATUS_OK : STATUS_FAILED;
}
