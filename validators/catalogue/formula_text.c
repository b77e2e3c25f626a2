#include "validators/catalogue/formula_text.h"

#include <string.h>

enum { NEEDLE_MAX = 64 };

/* Where the text stands in script; script.size: nowhere. */
static size_t
find(struct str script, struct str text)
{
    const char *at =
        script.size == 0 ? NULL : memmem(script.data, script.size, text.data, text.size);

    return at == NULL ? script.size : (size_t)(at - script.data);
}

static bool
stands_at(struct str script, size_t at, struct str word)
{
    return str_equal(str_slice(script, at, word.size), word);
}

/* Behind the last ';', comment or head of a ruleset before `end`. */
static size_t
begin_of(struct str script, size_t end)
{
    size_t begin = 0;

    for (size_t i = 0; i < end; i++) {
        if (script.data[i] == ';') {
            begin = i + 1;
        } else if (stands_at(script, i, STR("*/")) || stands_at(script, i, STR(") is"))) {
            begin = i + (stands_at(script, i, STR("*/")) ? 2 : 4);
        }
    }
    return begin;
}

struct str
formula_text(const struct form *form, struct str code)
{
    char       room[NEEDLE_MAX] = "errorcode \"";
    size_t     size = strlen(room);
    struct str script = form->vtl;

    if (code.size == 0 || code.size + size + 1 > sizeof room) {
        return (struct str){0};
    }
    memcpy(room + size, code.data, code.size);
    room[size + code.size] = '"';
    size += code.size + 1;
    size_t at = find(script, (struct str){room, size});
    if (at == script.size) {
        return (struct str){0};
    }
    size_t begin = begin_of(script, at);
    return str_trim(str_slice(script, begin, at + size - begin));
}

struct str
formula_text_of_set(struct arena *arena, const struct bundle *bundle,
                    const struct rule_entry *entry)
{
    size_t folder = entry->path.size;

    while (folder > 0 && entry->path.data[folder - 1] != '/') {
        folder--;
    }
    struct str path =
        str_format(arena, "%.*s%.*s.vtl", (int)folder, entry->path.data, STR_ARG(entry->code));
    return path.data == NULL ? path : str_trim(bundle_file(bundle, path));
}
