#include "gateway/reader/address.h"

#include "validators/base/buf.h"

enum { ESCAPE_SIZE = 3, HEX_BASE = 16, FIRST_PRINTABLE = 0x20, DELETE = 0x7F };

/* The value of a hexadecimal digit, or -1. */
static int
digit_of(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    if (character >= 'A' && character <= 'F') {
        return character - 'A' + 10;
    }
    return -1;
}

/* One byte off *rest, its escape undone; -1 when the escape is none. */
static int
take_byte(struct str *rest)
{
    if (rest->data[0] != '%') {
        int byte = (unsigned char)rest->data[0];
        *rest = str_slice(*rest, 1, rest->size);
        return byte;
    }
    int high = rest->size >= ESCAPE_SIZE ? digit_of(rest->data[1]) : -1;
    int low = rest->size >= ESCAPE_SIZE ? digit_of(rest->data[2]) : -1;
    if (high < 0 || low < 0) {
        return -1;
    }
    *rest = str_slice(*rest, ESCAPE_SIZE, rest->size);
    return high * HEX_BASE + low;
}

/* text without its escapes; *good is false when it cannot be read. */
static enum err
unescape(struct arena *arena, struct str text, struct str *out, bool *good, struct fault *fault)
{
    struct buf decoded = buf_create(arena, ADDRESS_SIZE_MAX);
    struct str rest = text;

    *good = true;
    while (rest.size > 0) {
        int byte = take_byte(&rest);
        if (byte < FIRST_PRINTABLE || byte == DELETE) {
            *good = false;
            return ERR_OK;
        }
        buf_byte(&decoded, (char)byte);
    }
    if (!buf_ok(&decoded)) {
        return FAIL(fault, ERR_MEMORY, "an address of %zu bytes", text.size);
    }
    *good = str_is_utf8(buf_str(&decoded));
    *out = buf_str(&decoded);
    return ERR_OK;
}

static enum err
parse_path(struct arena *arena, struct str path, struct address *out, struct fault *fault)
{
    struct str rest = path;
    struct str piece = {0};
    bool       good = false;

    if (path.size == 0 || !str_cut(&rest, '/', &piece) || piece.size > 0) {
        out->fault = ADDRESS_PATH;
        return ERR_OK;
    }
    while (str_cut(&rest, '/', &piece)) {
        if (out->segment_count == ADDRESS_SEGMENTS_MAX || (piece.size == 0 && path.size > 1)) {
            out->fault = ADDRESS_NOWHERE;
            return ERR_OK;
        }
        TRY(unescape(arena, piece, &out->segments[out->segment_count], &good, fault));
        if (!good) {
            out->fault = ADDRESS_PATH;
            return ERR_OK;
        }
        out->segment_count += piece.size > 0 ? 1 : 0;
    }
    return ERR_OK;
}

static bool
has_parameter(const struct address *address, struct str name)
{
    for (size_t i = 0; i < address->parameter_count; i++) {
        if (str_equal(address->parameters[i].name, name)) {
            return true;
        }
    }
    return false;
}

static enum err
parse_parameter(struct arena *arena, struct str piece, struct address *out, struct fault *fault)
{
    struct address_parameter parameter = {0};
    struct str               value = piece;
    struct str               name = {0};
    bool                     name_good = false;
    bool                     value_good = false;

    (void)str_cut(&value, '=', &name);
    TRY(unescape(arena, name, &parameter.name, &name_good, fault));
    TRY(unescape(arena, value, &parameter.value, &value_good, fault));
    out->wrong = name_good ? parameter.name : (struct str){0};
    if (!name_good || !value_good || name.size == 0
        || out->parameter_count == ADDRESS_PARAMETERS_MAX) {
        out->fault = ADDRESS_QUERY;
        return ERR_OK;
    }
    if (has_parameter(out, parameter.name)) {
        out->fault = ADDRESS_DOUBLED;
        return ERR_OK;
    }
    out->parameters[out->parameter_count++] = parameter;
    return ERR_OK;
}

enum err
address_parse(struct arena *arena, struct str path, struct str query, struct address *out,
              struct fault *fault)
{
    struct address address = {0};
    struct str     rest = query;
    struct str     piece = {0};

    if (path.size > ADDRESS_SIZE_MAX || query.size > ADDRESS_SIZE_MAX) {
        *out = (struct address){.fault = ADDRESS_NOWHERE};
        return ERR_OK;
    }
    TRY(parse_path(arena, path, &address, fault));
    while (address.fault == ADDRESS_OK && query.size > 0 && str_cut(&rest, '&', &piece)) {
        if (piece.size > 0) {
            TRY(parse_parameter(arena, piece, &address, fault));
        }
    }
    *out = address;
    return ERR_OK;
}

struct str
address_parameter(const struct address *address, const char *name)
{
    for (size_t i = 0; i < address->parameter_count; i++) {
        if (str_equal(address->parameters[i].name, str_of(name))) {
            return address->parameters[i].value;
        }
    }
    return (struct str){0};
}
