#include "gateway/front/parameter.h"

/* How often the name stands there; *value is that of the last. */
static size_t
find(struct str query, struct str name, struct str *value)
{
    struct str piece;
    size_t     count = 0;

    while (str_cut(&query, '&', &piece)) {
        struct str key;
        struct str rest = piece;
        if (str_cut(&rest, '=', &key) && str_equal(key, name)) {
            *value = rest;
            count++;
        }
    }
    return count;
}

enum parameter_found
parameter_number(struct str query, struct str name, int64_t max, int64_t *out)
{
    struct str value = {0};
    int64_t    number = 0;
    size_t     count = find(query, name, &value);

    if (count == 0) {
        return PARAMETER_ABSENT;
    }
    if (count > 1 || !str_to_number(value, &number) || number > max) {
        return PARAMETER_BAD;
    }
    *out = number;
    return PARAMETER_GOOD;
}

static int
digit_of(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    byte = (char)(byte | 0x20); /* letters of either case */
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Escapes undone in place; false: one of them is none. */
static bool
unescape(struct str text, char *out, size_t *size)
{
    enum { ESCAPE_SIZE = 3, HEX_BASE = 16 };

    size_t at = 0;

    *size = 0;
    while (at < text.size) {
        int byte = text.data[at] == '+' ? ' ' : (unsigned char)text.data[at];
        if (byte == '%') {
            int high = at + 2 < text.size ? digit_of(text.data[at + 1]) : -1;
            int low = at + 2 < text.size ? digit_of(text.data[at + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            byte = high * HEX_BASE + low;
            at += ESCAPE_SIZE - 1;
        }
        out[*size] = (char)byte;
        *size += 1;
        at++;
    }
    return true;
}

enum parameter_found
parameter_text(struct arena *arena, struct str query, struct str name, struct str *out)
{
    struct str value = {0};
    size_t     count = find(query, name, &value);
    size_t     size = 0;

    if (count == 0) {
        return PARAMETER_ABSENT;
    }
    char *bytes = ARENA_NEW(arena, char, value.size + 1);
    if (count > 1 || bytes == NULL || !unescape(value, bytes, &size)
        || !str_is_utf8((struct str){bytes, size})) {
        return PARAMETER_BAD;
    }
    *out = (struct str){bytes, size};
    return PARAMETER_GOOD;
}

enum parameter_found
parameter_truth(struct str query, struct str name, bool *out)
{
    struct str value = {0};
    size_t     count = find(query, name, &value);

    if (count == 0) {
        return PARAMETER_ABSENT;
    }
    bool is_true = str_equal(value, STR("true"));
    if (count > 1 || (!is_true && !str_equal(value, STR("false")))) {
        return PARAMETER_BAD;
    }
    *out = is_true;
    return PARAMETER_GOOD;
}
