#include "gateway/answer/json.h"

#include "validators/base/scalar.h"

#include <inttypes.h>

enum { FIRST_PRINTABLE = 0x20 };

struct json
json_create(struct buf *out)
{
    return (struct json){.out = out};
}

/* What must stand before a value: a comma, if it is not the first. */
static void
begin_value(struct json *json)
{
    if (json->has_key) {
        json->has_key = false;
        return;
    }
    ENSURE(json->depth > 0 ? !json->is_object[json->depth - 1] : !buf_str(json->out).size);
    if (json->depth > 0 && json->filled[json->depth - 1]) {
        buf_byte(json->out, ',');
    }
    if (json->depth > 0) {
        json->filled[json->depth - 1] = true;
    }
}

static void
open_level(struct json *json, bool is_object)
{
    begin_value(json);
    ENSURE(json->depth < JSON_DEPTH_MAX);
    json->filled[json->depth] = false;
    json->is_object[json->depth] = is_object;
    json->depth++;
    buf_byte(json->out, is_object ? '{' : '[');
}

static void
close_level(struct json *json, bool is_object)
{
    ENSURE(json->depth > 0 && json->is_object[json->depth - 1] == is_object && !json->has_key);
    json->depth--;
    buf_byte(json->out, is_object ? '}' : ']');
}

void
json_object_begin(struct json *json)
{
    open_level(json, true);
}

void
json_object_end(struct json *json)
{
    close_level(json, true);
}

void
json_array_begin(struct json *json)
{
    open_level(json, false);
}

void
json_array_end(struct json *json)
{
    close_level(json, false);
}

/* RFC 8259, 7: the quotation mark, the backslash and U+0000..U+001F must be escaped. */
static void
write_character(struct buf *out, const struct scalar *character)
{
    static const struct {
        uint32_t   value;
        struct str escape;
    } escapes[] = {
        {'"',  {"\\\"", 2}},
        {'\\', {"\\\\", 2}},
        {'\b', {"\\b", 2} },
        {'\f', {"\\f", 2} },
        {'\n', {"\\n", 2} },
        {'\r', {"\\r", 2} },
        {'\t', {"\\t", 2} },
    };

    for (size_t i = 0; i < ARRAY_COUNT(escapes); i++) {
        if (character->value == escapes[i].value) {
            buf_append(out, escapes[i].escape);
            return;
        }
    }
    if (character->value < FIRST_PRINTABLE) {
        buf_format(out, "\\u%04" PRIx32, character->value);
    } else {
        buf_append(out, character->bytes);
    }
}

static void
write_quoted(struct buf *out, struct str text)
{
    struct scalar character;

    buf_byte(out, '"');
    while (scalar_next(&text, &character)) {
        write_character(out, &character);
    }
    buf_byte(out, '"');
}

void
json_key(struct json *json, const char *key)
{
    ENSURE(json->depth > 0 && json->is_object[json->depth - 1] && !json->has_key);
    if (json->filled[json->depth - 1]) {
        buf_byte(json->out, ',');
    }
    json->filled[json->depth - 1] = true;
    json->has_key = true;
    write_quoted(json->out, str_of(key));
    buf_byte(json->out, ':');
}

void
json_text(struct json *json, struct str text)
{
    begin_value(json);
    write_quoted(json->out, text);
}

void
json_text_or_null(struct json *json, struct str text)
{
    if (text.size == 0) {
        json_absent(json);
    } else {
        json_text(json, text);
    }
}

void
json_member(struct json *json, const char *key, struct str text)
{
    json_key(json, key);
    json_text_or_null(json, text);
}

void
json_hex(struct json *json, const char *key, const unsigned char *bytes, size_t size)
{
    json_key(json, key);
    if (bytes == NULL) {
        json_absent(json);
        return;
    }
    begin_value(json);
    buf_byte(json->out, '"');
    buf_hex(json->out, bytes, size);
    buf_byte(json->out, '"');
}

void
json_number(struct json *json, int64_t number)
{
    begin_value(json);
    buf_format(json->out, "%" PRId64, number);
}

void
json_truth(struct json *json, bool value)
{
    begin_value(json);
    buf_append(json->out, value ? STR("true") : STR("false"));
}

void
json_stored(struct json *json, struct str value)
{
    begin_value(json);
    buf_append(json->out, value);
}

void
json_absent(struct json *json)
{
    begin_value(json);
    buf_append(json->out, STR("null"));
}
