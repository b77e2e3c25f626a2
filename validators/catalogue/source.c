#include "validators/catalogue/source.h"

#include "validators/xml/tree.h"

static int32_t
top_of(const struct source *source)
{
    return source->table.count > 0 ? 0 : ELEMENT_NONE;
}

enum err
source_fail(const struct source *source, int32_t item, struct fault *fault, const char *text,
            struct str value)
{
    uint32_t line = item == ELEMENT_NONE ? 0 : source->table.items[item].start;

    return FAIL(fault, ERR_CATALOGUE, "%.*s:%u: %s „%.*s”", STR_ARG(source->path), line, text,
                STR_ARG(value));
}

enum err
source_open(struct arena *arena, const struct bundle *bundle, struct str path, const char *top,
            struct source *out, struct fault *fault)
{
    struct source source = {.arena = arena, .bundle = bundle, .path = path};
    struct str    bytes = bundle_file(bundle, path);

    if (bytes.data == NULL) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s: nie ma takiego pliku", STR_ARG(path));
    }
    TRY(xml_tree_read(arena, bytes, path, &source.table, fault));
    if (!str_equal(source.table.items[0].name, str_of(top))) {
        return source_fail(&source, top_of(&source), fault, "element główny ma się nazywać",
                           str_of(top));
    }
    *out = source;
    return ERR_OK;
}

enum err
source_beside(const struct source *source, struct str name, struct str *out, struct fault *fault)
{
    size_t folder = source->path.size;

    while (folder > 0 && source->path.data[folder - 1] != '/') {
        folder--;
    }
    *out = str_format(source->arena, "%.*s%.*s", (int)folder, source->path.data, STR_ARG(name));
    if (out->data == NULL) {
        return FAIL(fault, ERR_MEMORY, "path of %.*s", STR_ARG(name));
    }
    return ERR_OK;
}

size_t
source_count(const struct source *source, int32_t parent, const char *name)
{
    size_t  count = 0;
    int32_t it = element_child(&source->table, parent, (struct str){0}, str_of(name));

    while (it != ELEMENT_NONE) {
        count++;
        it = element_next(&source->table, it);
    }
    return count;
}

enum err
source_only(const struct source *source, int32_t item, const char *attributes, const char *children,
            struct fault *fault)
{
    const struct element *element = &source->table.items[item];

    for (size_t i = 0; i < element->attribute_count; i++) {
        if (!str_has_word(str_of(attributes), element->attributes[i].name)) {
            return source_fail(source, item, fault, "nieznany atrybut",
                               element->attributes[i].name);
        }
    }
    for (int32_t it = element->first_child; it != ELEMENT_NONE;
         it = source->table.items[it].next_sibling) {
        if (!str_has_word(str_of(children), source->table.items[it].name)) {
            return source_fail(source, it, fault, "nieznany element", source->table.items[it].name);
        }
    }
    return ERR_OK;
}

enum err
source_text(const struct source *source, int32_t item, const char *name, struct str *out,
            struct fault *fault)
{
    struct str value = element_attribute(&source->table, item, name);

    if (value.size == 0) {
        return source_fail(source, item, fault, "brakuje atrybutu", str_of(name));
    }
    *out = value;
    return ERR_OK;
}

enum err
source_number(const struct source *source, int32_t item, const char *name, int64_t max, int *out,
              struct fault *fault)
{
    struct str value = {0};
    int64_t    number = 0;

    TRY(source_text(source, item, name, &value, fault));
    if (!str_to_number(value, &number) || number > max) {
        return source_fail(source, item, fault, "to nie jest liczba z dozwolonego zakresu:", value);
    }
    *out = (int)number;
    return ERR_OK;
}

enum err
source_date(const struct source *source, int32_t item, const char *name, struct date *out,
            struct fault *fault)
{
    struct str value = element_attribute(&source->table, item, name);

    *out = (struct date){0};
    if (value.size > 0 && !date_parse(value, out)) {
        return source_fail(source, item, fault, "to nie jest data w postaci RRRR-MM-DD:", value);
    }
    return ERR_OK;
}

enum err
source_days(const struct source *source, int32_t item, struct date *from, struct date *to,
            struct fault *fault)
{
    TRY(source_date(source, item, "from", from, fault));
    TRY(source_date(source, item, "to", to, fault));
    if (from->year != 0 && to->year != 0 && date_compare(*to, *from) < 0) {
        return source_fail(source, item, fault, "dzień to jest wcześniejszy niż from:",
                           element_attribute(&source->table, item, "to"));
    }
    return ERR_OK;
}

static int
word_index(struct str word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (str_equal(word, str_of(words[i]))) {
            return i;
        }
    }
    return -1;
}

enum err
source_choice(const struct source *source, int32_t item, const char *name, const char *const *words,
              int *out, struct fault *fault)
{
    struct str value = element_attribute(&source->table, item, name);
    int        index = word_index(value, words);

    if (value.data == NULL) {
        return ERR_OK; /* *out keeps the caller's default */
    }
    if (index < 0) {
        return source_fail(source, item, fault, "nieznane słowo", value);
    }
    *out = index;
    return ERR_OK;
}

enum err
source_mask(const struct source *source, int32_t item, const char *name, const char *const *words,
            int *out, struct fault *fault)
{
    struct str rest = element_attribute(&source->table, item, name);
    struct str word = {0};

    *out = 0;
    while (str_cut(&rest, ' ', &word)) {
        int index = word_index(word, words);
        if (word.size > 0 && index < 0) {
            return source_fail(source, item, fault, "nieznane słowo", word);
        }
        *out |= word.size > 0 ? 1 << index : 0;
    }
    return ERR_OK;
}
