#include "tests/support/watch.h"

#include "validators/base/arena.h"
#include "validators/base/ensure.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LOG_MAX = 64 << 20, PAUSE_NS = 25 * 1000 * 1000 };

void
watch_rest(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    (void)nanosleep(&pause, NULL); /* cut short by a signal is as good */
}

size_t
watch_log_count(const struct station *station, const char *text)
{
    struct arena *arena = arena_create((size_t)2 * LOG_MAX);
    char         *log = ARENA_NEW(arena, char, LOG_MAX);
    FILE         *file = fopen(station_log(station), "re");
    size_t        count = 0;

    ENSURE(log != NULL && file != NULL);
    log[fread(log, 1, LOG_MAX - 1, file)] = '\0';
    ENSURE(fclose(file) == 0);
    for (const char *at = strstr(log, text); at != NULL; at = strstr(at + 1, text)) {
        count++;
    }
    arena_destroy(arena);
    return count;
}

bool
watch_log(const struct station *station, const char *text, size_t wanted)
{
    for (int i = 0; i < WATCH_TRIES_MAX; i++) {
        if (watch_log_count(station, text) >= wanted) {
            return true;
        }
        watch_rest();
    }
    return false;
}
