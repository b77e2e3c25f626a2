/*
 * address_parse, on a path and a query divided by the first '?', and format_choose and cursor_parse
 * on the query: whatever is accepted is UTF-8 without control characters, no name stands twice, no
 * segment is empty, counts are within their limits; and what was read can be written with escapes
 * and read again as the same.
 */
#include "gateway/reader/address.h"
#include "gateway/reader/cursor.h"
#include "gateway/reader/format.h"
#include "validators/base/buf.h"

enum { MEMORY = 4 * 1024 * 1024, FIRST_PRINTABLE = 0x20, DELETE = 0x7F };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
ensure_clean(struct str text)
{
    ENSURE(str_is_utf8(text));
    for (size_t i = 0; i < text.size; i++) {
        ENSURE((unsigned char)text.data[i] >= FIRST_PRINTABLE && text.data[i] != DELETE);
    }
}

static void
write_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        buf_format(out, "%%%02x", (unsigned)(unsigned char)text.data[i]);
    }
}

static void
ensure_same_again(struct arena *arena, const struct address *address)
{
    struct buf     path = buf_create(arena, MEMORY / 4);
    struct buf     query = buf_create(arena, MEMORY / 4);
    struct address again = {0};
    struct fault   fault = {0};

    buf_append(&path, address->segment_count == 0 ? STR("/") : STR(""));
    for (size_t i = 0; i < address->segment_count; i++) {
        buf_byte(&path, '/');
        write_escaped(&path, address->segments[i]);
    }
    for (size_t i = 0; i < address->parameter_count; i++) {
        buf_byte(&query, '&');
        write_escaped(&query, address->parameters[i].name);
        buf_byte(&query, '=');
        write_escaped(&query, address->parameters[i].value);
    }
    if (path.size > ADDRESS_SIZE_MAX || query.size > ADDRESS_SIZE_MAX) {
        return;
    }
    ENSURE(address_parse(arena, buf_str(&path), buf_str(&query), &again, &fault) == ERR_OK);
    ENSURE(again.fault == ADDRESS_OK && again.segment_count == address->segment_count
           && again.parameter_count == address->parameter_count);
    for (size_t i = 0; i < again.segment_count; i++) {
        ENSURE(str_equal(again.segments[i], address->segments[i]));
    }
    for (size_t i = 0; i < again.parameter_count; i++) {
        ENSURE(str_equal(again.parameters[i].value, address->parameters[i].value));
    }
}

static void
ensure_sound(const struct address *address)
{
    ENSURE(address->segment_count <= ADDRESS_SEGMENTS_MAX);
    ENSURE(address->parameter_count <= ADDRESS_PARAMETERS_MAX);
    for (size_t i = 0; i < address->segment_count; i++) {
        ENSURE(address->segments[i].size > 0);
        ensure_clean(address->segments[i]);
    }
    for (size_t i = 0; i < address->parameter_count; i++) {
        ENSURE(address->parameters[i].name.size > 0);
        ensure_clean(address->parameters[i].name);
        ensure_clean(address->parameters[i].value);
        for (size_t k = 0; k < i; k++) {
            ENSURE(!str_equal(address->parameters[i].name, address->parameters[k].name));
        }
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const enum format offered[] = {FORMAT_JSON, FORMAT_CSV, FORMAT_HTML, FORMAT_NONE};
    struct arena            *arena = arena_create(MEMORY);
    struct str               query = {(const char *)data, size};
    struct str               path = {0};
    struct address           address = {0};
    struct fault             fault = {0};
    enum format              format = FORMAT_NONE;
    int64_t                  at = 0;

    (void)str_cut(&query, '?', &path);
    ENSURE(address_parse(arena, path, query, &address, &fault) == ERR_OK);
    ENSURE(str_is_utf8(address.wrong));
    if (address.fault == ADDRESS_OK) {
        ensure_sound(&address);
        ensure_same_again(arena, &address);
    }
    if (format_choose((struct str){0}, query, offered, &format) == FORMAT_OK) {
        ENSURE(format != FORMAT_NONE);
    }
    if (cursor_parse(query, STR("submissions"), &at)) {
        ENSURE(at >= 0);
    }
    arena_destroy(arena);
    return 0;
}
