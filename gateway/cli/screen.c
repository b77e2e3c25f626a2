#include "gateway/cli/screen.h"

#include "gateway/answer/plain.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)1024 * 1024 * 1024)

enum {
    LINE_MAX_SIZE = 4096,
    COMPLAINT_ARENA = 256 * 1024,
    COMPLAINT_MAX = 64 * 1024,
    TYPED_SHOWN = 200
};

static bool
colour_fits(void)
{
    /* The environment is read once, by the only thread. */
    const char *no_colour = getenv("NO_COLOR"); /* NOLINT(concurrency-mt-unsafe) */
    const char *terminal = getenv("TERM");      /* NOLINT(concurrency-mt-unsafe) */

    return isatty(STDOUT_FILENO) == 1 && (no_colour == NULL || no_colour[0] == '\0')
           && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

struct screen
screen_create(struct arena *arena, enum screen_colouring colouring)
{
    return (struct screen){.out = buf_create(arena, OUTPUT_MAX),
                           .coloured = colouring == SCREEN_COLOUR_AS_FITS && colour_fits()};
}

void
screen_format(struct screen *screen, const char *format, ...)
{
    char    line[LINE_MAX_SIZE];
    va_list values;

    va_start(values, format);
    /* The analyzer of clang 14 does not see va_start here. */
    int size = vsnprintf(line, sizeof line, format, values); /* NOLINT(clang-analyzer-valist*) */
    va_end(values);
    ENSURE(size >= 0 && (size_t)size < sizeof line);
    buf_append(&screen->out, (struct str){line, (size_t)size});
}

void
screen_text(struct screen *screen, struct str text)
{
    plain_append(&screen->out, text);
}

void
screen_coloured(struct screen *screen, enum screen_colour colour, const char *text)
{
    if (screen->coloured) {
        buf_format(&screen->out, "\x1B[%dm%s\x1B[0m", (int)colour, text);
    } else {
        buf_append(&screen->out, str_of(text));
    }
}

void
screen_piece(struct screen *screen, const char *prefix, struct str text)
{
    if (text.size > 0) {
        screen_format(screen, "%s", prefix);
        screen_text(screen, text);
    }
}

void
screen_line(struct screen *screen, const char *prefix, struct str text)
{
    if (text.size > 0) {
        screen_piece(screen, prefix, text);
        screen_format(screen, "\n");
    }
}

/* The beginning of what was typed, as much as a person reads of it; a letter is never halved. */
static void
append_typed(struct buf *line, struct str typed)
{
    size_t letters = 0;
    size_t size = 0;

    while (size < typed.size && letters <= TYPED_SHOWN) {
        letters += ((unsigned char)typed.data[size] & 0xC0U) != 0x80U ? 1 : 0;
        size += letters <= TYPED_SHOWN ? 1 : 0;
    }
    plain_append(line, str_slice(typed, 0, size));
    buf_append(line, size < typed.size ? STR("…") : STR(""));
}

void
screen_complain(struct str what, const char *why)
{
    struct arena *arena = arena_create(COMPLAINT_ARENA);
    struct buf    line = buf_create(arena, COMPLAINT_MAX);

    buf_append(&line, STR("brama: "));
    append_typed(&line, what);
    buf_append(&line, what.size > 0 ? STR(": ") : STR(""));
    plain_append(&line, str_of(why));
    buf_byte(&line, '\n');
    (void)fwrite(line.data, 1, line.size, stderr); /* nowhere is left to say that this failed */
    arena_destroy(arena);
}

bool
screen_flush(struct screen *screen)
{
    struct str text = buf_str(&screen->out);
    bool       written = buf_ok(&screen->out)
                   && (text.size == 0 || fwrite(text.data, 1, text.size, stdout) == text.size)
                   && fflush(stdout) == 0;

    screen->out.size = 0;
    if (!written) {
        screen_complain((struct str){0}, "wyniku nie udało się zapisać w całości");
    }
    return written;
}
