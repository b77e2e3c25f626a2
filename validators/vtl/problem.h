#ifndef VALIDATORS_VTL_PROBLEM_H
#define VALIDATORS_VTL_PROBLEM_H

#include "validators/base/err.h"

#include <stdint.h>

enum { VTL_PROBLEM_TEXT_MAX = 320 };

/*
 * What the author of a script has to mend, and where. A plain value. The text is Polish, one
 * sentence without its place: whoever shows it writes "wiersz 3, znak 14: " before it.
 */
struct vtl_problem {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in characters of UTF-8 */
    char     text[VTL_PROBLEM_TEXT_MAX];
};

/* A place in a script. */
struct vtl_place {
    uint32_t line;
    uint32_t column;
};

/*
 * Describe a problem and return ERR_SYNTAX, also put into *fault for callers that know no script.
 * A text that is too long is cut at a whole character.
 */
enum err problem_set(struct vtl_problem *problem, struct vtl_place place, struct fault *fault,
                     const char *format, ...) PRINTF_LIKE(4, 5);

#endif
