#include "validators/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

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

const char *
err_system(int reason)
{
    static const struct {
        int         reason;
        const char *text;
    } texts[] = {
        {ENOENT,       "nie ma takiego pliku ani katalogu"           },
        {EACCES,       "brak uprawnień"                             },
        {EPERM,        "brak uprawnień"                             },
        {EISDIR,       "to jest katalog, nie plik"                   },
        {ENOTDIR,      "część ścieżki nie jest katalogiem"      },
        {EEXIST,       "już istnieje"                               },
        {ELOOP,        "dowiązania symboliczne prowadzą w kółko" },
        {ENAMETOOLONG, "nazwa jest za długa"                        },
        {EMFILE,       "otwarto za dużo plików naraz"              },
        {ENFILE,       "otwarto za dużo plików naraz"              },
        {ENOSPC,       "na dysku nie ma już miejsca"                },
        {EDQUOT,       "przydział miejsca na dysku jest wyczerpany" },
        {EROFS,        "nośnik jest tylko do odczytu"               },
        {EIO,          "nośnik nie daje się czytać ani zapisywać"},
        {EPIPE,        "odbiorca przestał czytać"                  },
    };

    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        if (texts[i].reason == reason) {
            return texts[i].text;
        }
    }
    return strerrordesc_np(reason);
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
