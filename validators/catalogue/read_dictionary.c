#include "validators/catalogue/read.h"

#include <string.h>

enum { FIELDS = 5, FIELD_KEY = 0, FIELD_NAME = 1, FIELD_FROM = 2, FIELD_TO = 3 };

static enum err
fail_line(struct str path, size_t line, struct fault *fault, const char *text, struct str value)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*s:%zu: %s „%.*s”", STR_ARG(path), line, text,
                STR_ARG(value));
}

/* Cut a line into its fields; their number, FIELDS + 1 when there are more. */
static size_t
split(struct str line, struct str fields[FIELDS])
{
    size_t     count = 0;
    struct str field = {0};

    while (str_cut(&line, ';', &field)) {
        if (count == FIELDS) {
            return FIELDS + 1;
        }
        fields[count] = field;
        count++;
    }
    return count;
}

static bool
read_day(struct str text, struct date *out)
{
    *out = (struct date){0};
    return text.size == 0 || date_parse(text, out);
}

static enum err
read_line(struct str path, size_t number, struct str line, struct dictionary_entry *out,
          struct fault *fault)
{
    struct str fields[FIELDS] = {0};

    if (!str_is_utf8(line)) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s:%zu: wiersz nie jest zapisany w UTF-8",
                    STR_ARG(path), number);
    }
    if (split(line, fields) != FIELDS) {
        return fail_line(path, number, fault, "wiersz ma mieć pięć pól:", line);
    }
    if (str_trim(fields[FIELD_KEY]).size != fields[FIELD_KEY].size) {
        return fail_line(path, number, fault, "klucz ma spację na brzegu:", line);
    }
    if (fields[FIELD_KEY].size == 0 || fields[FIELD_NAME].size == 0) {
        return fail_line(path, number, fault, "brakuje klucza albo nazwy:", line);
    }
    if (!read_day(fields[FIELD_FROM], &out->from) || !read_day(fields[FIELD_TO], &out->to)) {
        return fail_line(path, number, fault, "to nie jest data w postaci RRRR-MM-DD:", line);
    }
    if (out->from.year != 0 && out->to.year != 0 && date_compare(out->to, out->from) < 0) {
        return fail_line(path, number, fault, "dzień to jest wcześniejszy niż from:", line);
    }
    out->key = fields[FIELD_KEY];
    out->name = fields[FIELD_NAME];
    return ERR_OK;
}

static int
compare_entries(const void *a, const void *b)
{
    const struct dictionary_entry *entry_a = a;
    const struct dictionary_entry *entry_b = b;
    int                            order = str_compare(entry_a->key, entry_b->key);

    return order != 0 ? order : date_compare(entry_a->from, entry_b->from);
}

/* Two entries of one key, sorted by from, must not both hold on one day. */
static bool
overlap(const struct dictionary_entry *earlier, const struct dictionary_entry *later)
{
    return str_equal(earlier->key, later->key)
           && (earlier->to.year == 0 || later->from.year == 0
               || date_compare(earlier->to, later->from) >= 0);
}

static size_t
count_lines(struct str bytes)
{
    size_t     count = 0;
    struct str line = {0};

    while (str_cut(&bytes, '\n', &line)) {
        count++;
    }
    return count;
}

static struct str
without_return(struct str line)
{
    return str_ends_with(line, STR("\r")) ? str_slice(line, 0, line.size - 1) : line;
}

enum err
read_dictionary(struct arena *arena, const struct bundle *bundle, struct str path,
                struct dictionary *out, struct fault *fault)
{
    struct str               rest = bundle_file(bundle, path);
    struct str               line = {0};
    size_t                   number = 1;
    size_t                   count = 0;
    struct dictionary_entry *entries = ARENA_NEW(arena, struct dictionary_entry, count_lines(rest));

    if (rest.data == NULL) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s: nie ma takiego pliku", STR_ARG(path));
    }
    if (entries == NULL) {
        return FAIL(fault, ERR_MEMORY, "dictionary %.*s", STR_ARG(path));
    }
    if (!str_cut(&rest, '\n', &line)
        || !str_equal(without_return(line), STR("key;name;from;to;source"))) {
        return fail_line(path, 1, fault,
                         "nagłówek ma brzmieć key;name;from;to;source, a jest:", line);
    }
    while (str_cut(&rest, '\n', &line)) {
        number++;
        line = without_return(line);
        if (line.size > 0) {
            TRY(read_line(path, number, line, &entries[count], fault));
            count++;
        }
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++) {
        if (overlap(&entries[i - 1], &entries[i])) {
            return fail_line(path, number, fault,
                             "klucz obowiązuje dwa razy tego samego dnia:", entries[i].key);
        }
    }
    out->entries = entries;
    out->entry_count = count;
    return ERR_OK;
}
