#include "validators/base/str.h"

#include "validators/base/scalar.h"

#include <stdarg.h>
#include <string.h>

enum { NUMBER_DIGITS_MAX = 18 };

struct str
str_of(const char *text)
{
    return (struct str){text, text == NULL ? 0 : strlen(text)};
}

bool
str_equal(struct str a, struct str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

int
str_compare(struct str a, struct str b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int    order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);

    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

bool
str_starts_with(struct str text, struct str prefix)
{
    return str_equal(str_slice(text, 0, prefix.size), prefix);
}

bool
str_ends_with(struct str text, struct str suffix)
{
    return text.size >= suffix.size
           && str_equal(str_slice(text, text.size - suffix.size, suffix.size), suffix);
}

struct str
str_slice(struct str text, size_t from, size_t size)
{
    if (from >= text.size) {
        return (struct str){0};
    }
    size_t left = text.size - from;
    return (struct str){text.data + from, size < left ? size : left};
}

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

struct str
str_trim(struct str text)
{
    while (text.size > 0 && is_space(text.data[0])) {
        text = (struct str){text.data + 1, text.size - 1};
    }
    while (text.size > 0 && is_space(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

bool
str_all_digits(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return text.size > 0;
}

bool
str_cut(struct str *rest, char separator, struct str *piece)
{
    if (rest->data == NULL) {
        return false;
    }
    const char *found = rest->size == 0 ? NULL : memchr(rest->data, separator, rest->size);
    if (found == NULL) {
        *piece = *rest;
        *rest = (struct str){0};
        return true;
    }
    *piece = (struct str){rest->data, (size_t)(found - rest->data)};
    *rest = (struct str){found + 1, rest->size - piece->size - 1};
    return true;
}

bool
str_has_word(struct str list, struct str word)
{
    struct str piece = {0};

    while (str_cut(&list, ' ', &piece)) {
        if (piece.size > 0 && str_equal(piece, word)) {
            return true;
        }
    }
    return false;
}

bool
str_is_utf8(struct str text)
{
    struct scalar character;

    while (text.size > 0) {
        const char *begin = text.data;
        (void)scalar_next(&text, &character); /* there is one */
        if (character.bytes.data != begin) {
            return false; /* U+FFFD instead of what stands there */
        }
    }
    return true;
}

bool
str_to_number(struct str text, int64_t *out)
{
    int64_t number = 0;

    if (!str_all_digits(text) || text.size > NUMBER_DIGITS_MAX) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        number = number * 10 + (text.data[i] - '0');
    }
    *out = number;
    return true;
}

struct str
str_copy(struct arena *arena, struct str text)
{
    char *copy = ARENA_NEW(arena, char, text.size + 1);

    if (copy == NULL) {
        return (struct str){0};
    }
    if (text.size > 0) {
        memcpy(copy, text.data, text.size);
    }
    return (struct str){copy, text.size};
}

struct str
str_format(struct arena *arena, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    int size = vsnprintf(NULL, 0, format, values);
    va_end(values);
    ENSURE(size >= 0);

    char *text = ARENA_NEW(arena, char, (size_t)size + 1);
    if (text == NULL) {
        return (struct str){0};
    }
    va_start(values, format);
    (void)vsnprintf(text, (size_t)size + 1, format, values);
    va_end(values);
    return (struct str){text, (size_t)size};
}
