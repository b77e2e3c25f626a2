#ifndef GATEWAY_CLI_SCREEN_H
#define GATEWAY_CLI_SCREEN_H

#include "validators/base/buf.h"

/*
 * What a command prints, collected and written at once. Knows colours: they are used on a terminal
 * only, and never say what the words beside them do not. Texts from files go through screen_text,
 * which makes them harmless to the terminal; screen_format is for our own words.
 */
enum screen_colour { SCREEN_RED = 31, SCREEN_GREEN = 32, SCREEN_YELLOW = 33, SCREEN_BOLD = 1 };

struct screen {
    struct buf out;
    bool       coloured;
};

enum screen_colouring { SCREEN_COLOUR_AS_FITS, SCREEN_COLOUR_NEVER };

/* AS_FITS: on a terminal, unless NO_COLOR (no-color.org) is set or TERM is "dumb". */
struct screen screen_create(struct arena *arena, enum screen_colouring colouring);

void screen_format(struct screen *screen, const char *format, ...) PRINTF_LIKE(2, 3);
void screen_text(struct screen *screen, struct str text);
/* Text behind prefix, and a whole line of it; nothing at all when there is no text. */
void screen_piece(struct screen *screen, const char *prefix, struct str text);
void screen_line(struct screen *screen, const char *prefix, struct str text);

void screen_coloured(struct screen *screen, enum screen_colour colour, const char *text);

/* Write everything to the standard output; false when it did not take all of it. */
MUST_USE bool screen_flush(struct screen *screen);

/* "brama: <what>: <why>" on the standard error, harmless to the terminal. */
void screen_complain(struct str what, const char *why);

#endif
