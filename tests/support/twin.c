#include "tests/support/twin.h"

#include <stdarg.h>
#include <stdio.h>

/* The longest piece that is written with twin_format. */
enum { PIECE_MAX = 4096 };

struct twin
twin_create(struct arena *arena, size_t size_max)
{
    return (struct twin){buf_create(arena, size_max), buf_create(arena, size_max)};
}

void
twin_split(struct twin *twin, struct str raw, struct str canonical)
{
    buf_append(&twin->raw, raw);
    buf_append(&twin->canonical, canonical);
}

void
twin_both(struct twin *twin, struct str bytes)
{
    twin_split(twin, bytes, bytes);
}

void
twin_format(struct twin *twin, const char *format, ...)
{
    char    piece[PIECE_MAX];
    va_list values;

    va_start(values, format);
    int size = vsnprintf(piece, sizeof piece, format, values);
    va_end(values);
    ENSURE(size >= 0 && size < PIECE_MAX);
    twin_both(twin, (struct str){piece, (size_t)size});
}

void
twin_empty(struct twin *twin, const char *name, const char *attributes)
{
    buf_format(&twin->raw, "<%s %s />", name, attributes);
    buf_format(&twin->canonical, "<%s %s></%s>", name, attributes, name);
}

bool
twin_ok(const struct twin *twin)
{
    return buf_ok(&twin->raw) && buf_ok(&twin->canonical);
}
