#include "validators/base/err.h"

#include <stdarg.h>

/* clang-format 14 dies on an array with a directive inside. */
/* clang-format off */
static const struct {
    const char   *name;
    enum err_kind kind;
    const char   *text;
} table[] = {
    {"OK", ERR_KIND_NONE, "no failure"},
#define ERR(name, kind, text) {#name, ERR_KIND_##kind, text},
#include "validators/base/err.def"
#undef ERR
};
/* clang-format on */

const char *
err_name(enum err code)
{
    ENSURE((size_t)code < ARRAY_COUNT(table));
    return table[code].name;
}

const char *
err_text(enum err code)
{
    ENSURE((size_t)code < ARRAY_COUNT(table));
    return table[code].text;
}

enum err_kind
err_kind(enum err code)
{
    ENSURE((size_t)code < ARRAY_COUNT(table));
    return table[code].kind;
}

enum err
fault_set(struct fault *fault, enum err code, const char *file, int line, const char *format, ...)
{
    ENSURE(code != ERR_OK);
    if (fault == NULL) {
        return code;
    }
    fault->code = code;
    fault->file = file;
    fault->line = line;

    va_list values;
    va_start(values, format);
    (void)vsnprintf(fault->text, sizeof fault->text, format, values);
    va_end(values);
    return code;
}
