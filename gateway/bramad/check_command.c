#include "gateway/bramad/check_command.h"

#include "gateway/bramad/settings_check.h"
#include "gateway/role/file.h"

#include <stdio.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)

static enum err
check(struct arena *arena, const char *path, struct config_faults *faults, struct fault *fault)
{
    struct config config = {0};
    struct str    text = {0};

    TRY(file_read(arena, str_of(path), CONFIG_SIZE_MAX, &text, fault));
    enum err got = config_parse(arena, text, &config, faults, fault);
    if (got == ERR_CONFIG) {
        return ERR_OK; /* what its settings point at is asked when they can be read */
    }
    TRY(got);
    return settings_check(arena, text, &config, faults, fault);
}

int
check_command(const struct options *options)
{
    struct arena         *arena = arena_create(MEMORY_MAX);
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct fault          fault = {0};

    ENSURE(faults != NULL);
    bool good = check(arena, options->config, faults, &fault) == ERR_OK && faults->count == 0;
    settings_check_complain(options->config, faults);
    if (!good && faults->count == 0) {
        (void)fprintf(stderr, "bramad: %s\n", fault.text);
    }
    if (good) {
        (void)printf("%s: w porządku\n", options->config);
    }
    arena_destroy(arena);
    return good ? STATUS_OK : STATUS_FAILED;
}
