#include "gateway/bramad/birth.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/wire/blob.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

/* A ceiling only: a role takes what it needs of it. */
#define MEMORY_MAX ((size_t)1024 * 1024 * 1024)

enum { ARGUMENTS = 5, STATUS_FAILED = 1, STATUS_USAGE = 2, NAME_SIZE = 16 };

bool
birth_is_asked(int argc, char **argv)
{
    return argc == ARGUMENTS && strcmp(argv[1], "--role") == 0 && strcmp(argv[3], "--slot") == 0;
}

/* The descriptor of this number if it was inherited; not for what this process may start. */
static int
inherited(int fd)
{
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 ? fd : -1;
}

static const struct role_entry *
find_entry(const struct role_table *table, struct str name)
{
    for (size_t i = 0; i < table->entry_count; i++) {
        if (str_equal(name, str_of(role_kind_name(table->entries[i].role)))) {
            return &table->entries[i];
        }
    }
    return NULL;
}

static enum err
read_config(struct arena *arena, struct config *config, struct fault *fault)
{
    struct config_faults *faults = ARENA_NEW(arena, struct config_faults, 1);
    struct str            text = {0};

    if (faults == NULL) {
        return FAIL(fault, ERR_MEMORY, "the configuration");
    }
    TRY(blob_map(arena, BIRTH_CONFIG, CONFIG_SIZE_MAX, &text, fault));
    return config_parse(arena, text, config, faults, fault);
}

static enum err
use_shared_pages(struct fault *fault)
{
    int metrics = inherited(BIRTH_METRICS);
    int failpoints = inherited(BIRTH_FAILPOINTS);

    if (metrics >= 0) {
        TRY(metrics_use(metrics, fault));
    }
    if (failpoints >= 0) {
        struct failpoint_page *page = NULL;
        TRY(failpoint_map(failpoints, &page, fault));
        failpoint_use(page);
    }
    return ERR_OK;
}

/* For ps and top: the program was exec'ed by a path that names no program. */
static void
name_process(const struct role_entry *entry)
{
    char name[NAME_SIZE];

    (void)snprintf(name, sizeof name, "bramad-%s", role_kind_name(entry->role));
    (void)prctl(PR_SET_NAME, name, 0, 0, 0); /* a wrong name harms nobody */
}

static enum err
live(const struct role_entry *entry, unsigned slot, struct fault *fault)
{
    struct arena       *arena = arena_create(MEMORY_MAX);
    struct config       config = {0};
    struct role_context context = {.role = entry->role,
                                   .slot = slot,
                                   .control = inherited(BIRTH_CONTROL),
                                   .key = inherited(BIRTH_KEY),
                                   .listen = inherited(BIRTH_LISTEN),
                                   .health = inherited(BIRTH_HEALTH),
                                   .config = &config,
                                   .arena = arena};

    TRY(read_config(arena, &config, fault));
    TRY(use_shared_pages(fault));
    return entry->body(&context, fault);
}

_Noreturn void
birth_run(const struct role_table *table, int argc, char **argv)
{
    const struct role_entry *entry = find_entry(table, str_of(argv[2]));
    int64_t                  slot = 0;
    struct fault             fault = {0};

    if (argc != ARGUMENTS || entry == NULL || !str_to_number(str_of(argv[4]), &slot)
        || slot >= LINK_SLOTS_MAX || inherited(BIRTH_CONTROL) < 0) {
        _exit(STATUS_USAGE); /* not started by a supervisor */
    }
    log_open(role_kind_name(entry->role), (unsigned)slot, STDERR_FILENO);
    name_process(entry);
    arena_keep_memory();
    tzset(); /* reads a file at its first use, which may come in the sandbox */
    if (live(entry, (unsigned)slot, &fault) != ERR_OK) {
        log_failure("role.failed", &fault);
        _exit(STATUS_FAILED);
    }
    _exit(0);
}
