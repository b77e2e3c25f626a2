#include "validators/catalogue/placeholder.h"

#include "validators/base/buf.h"

#include <string.h>

enum { WORDS_MAX = 16 * 1024 };

static const char *const fields[PLACEHOLDER_FIELDS] = {
    [PLACEHOLDER_SUBJECT] = "subject",       [PLACEHOLDER_FOUND] = "found",
    [PLACEHOLDER_EXPECTED] = "expected",     [PLACEHOLDER_CELL] = "cell",
    [PLACEHOLDER_DIFFERENCE] = "difference", [PLACEHOLDER_TECHNICAL] = "technical",
};

struct str
placeholder_name(struct str text)
{
    const char *end =
        text.size == 0 || text.data[0] != '{' ? NULL : memchr(text.data, '}', text.size);

    return end == NULL ? (struct str){0}
                       : (struct str){text.data + 1, (size_t)(end - text.data) - 1};
}

enum placeholder_field
placeholder_field(struct str name)
{
    for (int i = 0; i < PLACEHOLDER_FIELDS; i++) {
        if (str_equal(name, str_of(fields[i]))) {
            return (enum placeholder_field)i;
        }
    }
    return PLACEHOLDER_FIELDS;
}

static const struct str words[PLACEHOLDER_FIELDS] = {
    [PLACEHOLDER_SUBJECT] = STR_INIT("czego dotyczy"),
    [PLACEHOLDER_FOUND] = STR_INIT("jest"),
    [PLACEHOLDER_EXPECTED] = STR_INIT("powinno być"),
    [PLACEHOLDER_CELL] = STR_INIT("komórka"),
    [PLACEHOLDER_DIFFERENCE] = STR_INIT("różnica"),
    [PLACEHOLDER_TECHNICAL] = STR_INIT("szczegóły techniczne"),
};

/* text with marks for its placeholders; shown: every one is the same, else words for each. */
static struct str
replace_all(struct arena *arena, struct str text, const char *shown)
{
    struct buf out = buf_create(arena, WORDS_MAX);

    for (size_t i = 0; i < text.size;) {
        struct str             name = placeholder_name(str_slice(text, i, text.size - i));
        enum placeholder_field field = placeholder_field(name);
        if (name.data == NULL) {
            buf_byte(&out, text.data[i]);
            i++;
            continue;
        }
        if (shown != NULL) {
            buf_format(&out, "%s", shown);
        } else {
            buf_format(&out, "‹%.*s›", STR_ARG(field == PLACEHOLDER_FIELDS ? name : words[field]));
        }
        i += name.size + 2;
    }
    return buf_ok(&out) ? buf_str(&out) : (struct str){0};
}

struct str
placeholder_words(struct arena *arena, struct str text)
{
    return replace_all(arena, text, NULL);
}

struct str
placeholder_general(struct arena *arena, struct str text)
{
    static const struct str at_first = STR_INIT("…: ");
    static const struct str at_last = STR_INIT(": …");
    struct str              out = str_copy(arena, replace_all(arena, text, "…"));

    if (str_ends_with(out, at_last)) {
        out.size -= at_last.size;
    }
    if (str_starts_with(out, at_first) && out.size > at_first.size) {
        out = str_copy(arena, str_slice(out, at_first.size, out.size - at_first.size));
        if (out.data != NULL && out.data[0] >= 'a' && out.data[0] <= 'z') {
            char *first = ARENA_NEW(arena, char, out.size);
            if (first == NULL) {
                return (struct str){0};
            }
            memcpy(first, out.data, out.size);
            first[0] = (char)(first[0] - 'a' + 'A');
            out.data = first;
        }
    }
    return out;
}

/* The form in whose folder the entry stands; NULL: a text of packages. */
static const struct form *
form_of(const struct catalogue *catalogue, const struct rule_entry *entry)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        struct str folder = catalogue->forms[i].folder;
        if (folder.size > 0 && str_starts_with(entry->path, folder)) {
            return &catalogue->forms[i];
        }
    }
    return NULL;
}

static bool
is_known(const struct form *form, struct str name)
{
    return placeholder_field(name) != PLACEHOLDER_FIELDS
           || (form != NULL
               && (form_code_index(form, name) >= 0 || form_amount_index(form, name) >= 0));
}

static enum err
check_text(const struct rule_entry *entry, const struct form *form, struct str text,
           struct fault *fault)
{
    for (size_t i = 0; i < text.size; i++) {
        struct str name = placeholder_name(str_slice(text, i, text.size - i));
        if (text.data[i] == '{' && !is_known(form, name)) {
            return FAIL(fault, ERR_CATALOGUE,
                        "%.*s, reguła %.*s: nikt nie wie, co wstawić w tekście w miejsce „{%.*s}”",
                        STR_ARG(entry->path), STR_ARG(entry->code), STR_ARG(name));
        }
    }
    return ERR_OK;
}

enum err
placeholder_check(const struct catalogue *catalogue, struct fault *fault)
{
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        const struct form       *form = form_of(catalogue, entry);

        TRY(check_text(entry, form, entry->title, fault));
        TRY(check_text(entry, form, entry->explain, fault));
        TRY(check_text(entry, form, entry->fix, fault));
        TRY(check_text(entry, form, entry->basis, fault));
    }
    return ERR_OK;
}
