#include "tests/support/edit.h"

#include "validators/base/buf.h"

#include <string.h>

/* A run of bytes of the text that is changed. */
struct span {
    size_t from;
    size_t to; /* one past the end */
};

/* An element: the whole, its start tag's name, its content. */
struct place {
    struct span whole;
    size_t      name_end;
    struct span content;
};

size_t
edit_find(struct str text, struct str needle, size_t from)
{
    if (from > text.size) {
        return text.size;
    }
    const char *at = memmem(text.data + from, text.size - from, needle.data, needle.size);

    return at == NULL ? text.size : (size_t)(at - text.data);
}

/* "ds:Reference URI="#x"" begins with the name ds:Reference. */
static struct str
name_of(struct str at)
{
    struct str rest = at;
    struct str name = at;

    (void)str_cut(&rest, ' ', &name); /* at is never empty */
    return name;
}

static size_t
find_start_tag(struct str text, struct str at)
{
    for (size_t from = edit_find(text, at, 0); from < text.size;
         from = edit_find(text, at, from + 1)) {
        struct str next = str_slice(text, from + at.size, 1);
        bool       whole_name = str_equal(next, STR(" ")) || str_equal(next, STR(">"))
                          || str_equal(next, STR("/")) || at.data[at.size - 1] == '"';
        if (from > 0 && text.data[from - 1] == '<' && whole_name) {
            return from - 1;
        }
    }
    return text.size;
}

static bool
find_element(struct arena *arena, struct str text, struct str at, struct place *out)
{
    struct str name = name_of(at);
    size_t     from = find_start_tag(text, at);
    size_t     tag_end = edit_find(text, STR(">"), from);
    struct str end_tag = str_format(arena, "</%.*s>", STR_ARG(name));

    if (tag_end >= text.size || end_tag.data == NULL) {
        return false;
    }
    struct span content = {tag_end + 1, tag_end + 1};
    size_t      after = tag_end + 1;
    if (text.data[tag_end - 1] != '/') {
        content.to = edit_find(text, end_tag, tag_end);
        after = content.to + end_tag.size;
    }
    *out = (struct place){
        .whole = {from, after},
          .name_end = from + 1 + name.size, .content = content
    };
    return after <= text.size;
}

static enum err
splice(struct arena *arena, struct str *text, struct span old, struct str with, struct fault *fault)
{
    struct buf out = buf_create(arena, text->size + with.size);

    buf_append(&out, str_slice(*text, 0, old.from));
    buf_append(&out, with);
    buf_append(&out, str_slice(*text, old.to, text->size));
    if (!buf_ok(&out)) {
        return FAIL(fault, ERR_MEMORY, "edited text");
    }
    *text = buf_str(&out);
    return ERR_OK;
}

/* The words of the edit with {id} and {other} filled in. */
static struct str
expand(struct arena *arena, struct str words, const struct edit_names *names)
{
    struct buf out = buf_create(arena, words.size + 4096);

    for (size_t at = 0; at < words.size;) {
        struct str rest = str_slice(words, at, words.size);
        if (str_starts_with(rest, STR("{id}"))) {
            buf_append(&out, names->id);
            at += STR("{id}").size;
        } else if (str_starts_with(rest, STR("{other}"))) {
            buf_append(&out, names->other);
            at += STR("{other}").size;
        } else {
            buf_byte(&out, words.data[at]);
            at++;
        }
    }
    return buf_ok(&out) ? buf_str(&out) : (struct str){0};
}

static struct str
repeat(struct arena *arena, struct str piece, size_t count)
{
    struct buf out = buf_create(arena, piece.size * count);

    for (size_t i = 0; i < count; i++) {
        buf_append(&out, piece);
    }
    return buf_str(&out);
}

/* Another letter of the base64 alphabet, another digit. */
static struct str
flipped(struct str text, size_t at)
{
    return str_equal(str_slice(text, at, 1), STR("1")) ? STR("2") : STR("1");
}

static enum err
edit_element(struct arena *arena, enum edit_mode mode, struct str at, struct str with,
             struct str *text, struct fault *fault)
{
    struct place place;

    if (!find_element(arena, *text, at, &place)) {
        return FAIL(fault, ERR_USAGE, "no element %.*s to edit", STR_ARG(at));
    }
    struct span content = place.content;
    size_t      half = content.from + (content.to - content.from) / 8 * 4;
    struct str  whole = str_slice(*text, place.whole.from, place.whole.to - place.whole.from);
    const struct {
        struct span old;
        struct str  with;
    } changes[] = {
        [EDIT_CONTENT] = {content,                              with         },
        [EDIT_INSIDE] = {{content.from + 4, content.from + 4}, with         },
        [EDIT_TWICE] = {{place.whole.to, place.whole.to},     whole        },
        [EDIT_REMOVE] = {place.whole,                          STR("")      },
        [EDIT_BEFORE] = {{place.whole.from, place.whole.from}, with         },
        [EDIT_AFTER] = {{place.whole.to, place.whole.to},     with         },
        [EDIT_LAST] = {{content.to, content.to},             with         },
        [EDIT_ATTRIBUTE] = {{place.name_end, place.name_end},     with         },
        [EDIT_FLIP] = {{content.from, content.from + 1},     flipped(*text, content.from)},
        [EDIT_HALF] = {{half, content.to},                                    STR("")                               },
        [EDIT_FLOOD] = {{place.whole.to, place.whole.to},                                    with},
    };
    return splice(arena, text, changes[mode].old, changes[mode].with, fault);
}

/* The literal text, the value of an attribute, the amounts of a row: up to a known end. */
static enum err
edit_literal(struct arena *arena, enum edit_mode mode, struct str at, struct str with,
             struct str *text, struct fault *fault)
{
    size_t      from = edit_find(*text, at, 0);
    struct span old = {from, from + at.size};

    if (mode == EDIT_VALUE) {
        old = (struct span){from + at.size, edit_find(*text, STR("\""), from + at.size)};
    } else if (mode == EDIT_CELLS) {
        old = (struct span){from + at.size, edit_find(*text, STR("</Pozycja>"), from)};
    }
    if (from >= text->size || old.to > text->size) {
        return FAIL(fault, ERR_USAGE, "no text '%.*s' to edit", STR_ARG(at));
    }
    return splice(arena, text, old, with, fault);
}

enum err
edit_apply(struct arena *arena, const struct edit *edit, enum edit_side side,
           const struct edit_names *names, struct str *text, struct fault *fault)
{
    bool       other_words = side == EDIT_CANONICAL && edit->canonical != NULL;
    bool       other_place = side == EDIT_CANONICAL && edit->canonical_at != NULL;
    struct str with = expand(arena, str_of(other_words ? edit->canonical : edit->with), names);
    struct str at = str_of(other_place ? edit->canonical_at : edit->at);

    if (edit->mode == EDIT_CELLS) {
        at = STR("</P4>");
    }

    if (edit->mode == EDIT_FLOOD) {
        with = repeat(arena, with, EDIT_FLOOD_COUNT);
    }
    switch (edit->mode) {
    case EDIT_NOTHING:
        return ERR_OK;
    case EDIT_REPLACE:
    case EDIT_VALUE:
    case EDIT_CELLS:
        return edit_literal(arena, edit->mode, at, with, text, fault);
    default:
        return edit_element(arena, edit->mode, at, with, text, fault);
    }
}
