#include "gateway/cli/progress.h"

#include "gateway/answer/plain.h"

#include <stdio.h>
#include <unistd.h>

enum { PROGRESS_ARENA = 65536, PROGRESS_MAX = 8192 };

#define LINE_START "\r\x1B[K"

void
progress_tell(struct str what, struct str now)
{
    if (isatty(STDERR_FILENO) != 1) {
        return;
    }
    struct arena *arena = arena_create(PROGRESS_ARENA);
    struct buf    line = buf_create(arena, PROGRESS_MAX);

    buf_append(&line, STR(LINE_START));
    plain_append(&line, what);
    buf_append(&line, STR(": "));
    plain_append(&line, now);
    buf_append(&line, STR("…"));
    (void)fwrite(line.data, 1, line.size, stderr); /* a line that is lost harms nobody */
    (void)fflush(stderr);
    arena_destroy(arena);
}

void
progress_end(void)
{
    if (isatty(STDERR_FILENO) == 1) {
        (void)fputs(LINE_START, stderr);
        (void)fflush(stderr);
    }
}
