#include "validators/vtl/problem.h"

#include <stdarg.h>
#include <string.h>

/* Cut behind the last whole character of UTF-8. */
static void
cut_whole(char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80) {
        size--;
    }
    text[size] = '\0';
}

enum err
problem_set(struct vtl_problem *problem, struct vtl_place place, struct fault *fault,
            const char *format, ...)
{
    char    text[VTL_PROBLEM_TEXT_MAX + 4];
    va_list values;

    va_start(values, format);
    int size = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    ENSURE(size > 0 && place.line > 0 && place.column > 0);
    if (size >= VTL_PROBLEM_TEXT_MAX) {
        cut_whole(text, VTL_PROBLEM_TEXT_MAX - 1);
    }
    problem->line = place.line;
    problem->column = place.column;
    memcpy(problem->text, text, strlen(text) + 1);
    return FAIL(fault, ERR_SYNTAX, "wiersz %u, znak %u: %s", place.line, place.column,
                problem->text);
}
