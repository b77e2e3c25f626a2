#include "gateway/problem/unfamiliar.h"

#include "validators/base/buf.h"

enum { NAME_SHOWN = 40, DETAIL_MAX = 2048, FIRST_PRINTABLE = 0x20, DELETE = 0x7F };

static const struct {
    struct str before; /* the name */
    struct str behind;
    struct str of_none;
} words[] = {
    [UNFAMILIAR_PARAMETER] = {STR_INIT("Parametru „"), STR_INIT("” ten adres nie zna."),
                              STR_INIT(" Nie ma żadnych.")},
    [UNFAMILIAR_FIELD] = {STR_INIT("Pola „"),      STR_INIT("” to żądanie nie zna."),
                              STR_INIT(" Nie ma żadnych.")},
};

/* As much of it as can be shown: it came from outside, of any length and of any bytes. */
static void
write_name(struct buf *out, struct str name)
{
    struct str part = str_slice(name, 0, NAME_SHOWN);

    for (size_t i = 0; i < part.size; i++) {
        unsigned char byte = (unsigned char)part.data[i];
        bool          shown = byte >= FIRST_PRINTABLE && byte < DELETE;
        buf_append(out, shown ? str_slice(part, i, 1) : STR("?"));
    }
}

struct str
unfamiliar_detail(struct arena *arena, enum unfamiliar_kind kind, struct str name, struct str known)
{
    struct buf  out = buf_create(arena, DETAIL_MAX);
    struct str  rest = known;
    struct str  word = {0};
    const char *before = " Zna: ";

    buf_append(&out, words[kind].before);
    write_name(&out, name);
    buf_append(&out, words[kind].behind);
    while (rest.size > 0 && str_cut(&rest, ' ', &word)) {
        buf_format(&out, "%s%.*s", before, STR_ARG(word));
        before = ", ";
    }
    buf_append(&out, known.size == 0 ? words[kind].of_none : STR("."));
    return buf_str(&out);
}

struct str
unfamiliar_find(struct str query, struct str known)
{
    struct str piece = {0};

    while (query.size > 0 && str_cut(&query, '&', &piece)) {
        struct str name = {0};
        struct str rest = piece;
        if (str_cut(&rest, '=', &name) && name.size > 0 && !str_has_word(known, name)) {
            return name;
        }
    }
    return (struct str){0};
}
