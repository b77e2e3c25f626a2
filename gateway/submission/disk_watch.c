#include "gateway/submission/disk_watch.h"

#include "gateway/log/log.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

static int64_t
left_at(struct str folder)
{
    struct statvfs state = {0};

    if (folder.size == 0 || statvfs(folder.data, &state) != 0) { /* NUL-terminated: config.c */
        return DISK_WATCH_UNKNOWN;
    }
    return (int64_t)((uint64_t)state.f_bavail * state.f_frsize);
}

int64_t
disk_watch_left(const struct config *config)
{
    int64_t state = left_at(config->state_folder);
    int64_t database = left_at(config->database_folder);

    return database < state ? database : state;
}

static void
say(struct str folder)
{
    if (folder.size > 0 && left_at(folder) == DISK_WATCH_UNKNOWN) {
        int reason = errno;
        log_begin(LOG_ERROR, "worker.disk_unknown");
        log_text("folder", folder);
        log_text("text", str_of(strerrordesc_np(reason)));
        log_end();
    }
}

void
disk_watch_say(const struct config *config)
{
    say(config->state_folder);
    say(config->database_folder);
}
