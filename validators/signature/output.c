#include "validators/signature/output.h"

#include <string.h>

/* Where character data stands decides which bytes are escaped (Canonical XML 1.0, 2.3). */
enum place { PLACE_TEXT = 1, PLACE_VALUE = 2, PLACE_SECTION = 4, PLACE_INSTRUCTION = 8 };

enum { DECIMAL = 10, HEXADECIMAL = 16, CODE_POINT_MAX = 0x10FFFF };

/* The places in which a byte cannot be handed on as it stands. */
static const unsigned char stops[256] = {
    ['&'] = PLACE_TEXT | PLACE_VALUE | PLACE_SECTION,
    ['<'] = PLACE_TEXT | PLACE_VALUE | PLACE_SECTION,
    ['>'] = PLACE_TEXT | PLACE_SECTION,
    ['"'] = PLACE_VALUE,
    ['\t'] = PLACE_VALUE,
    ['\n'] = PLACE_VALUE,
    ['\r'] = PLACE_TEXT | PLACE_VALUE | PLACE_SECTION | PLACE_INSTRUCTION,
};

void
output_start(struct output *output, const struct c14n_sink *sink, size_t size_max)
{
    output->sink = sink;
    output->run = (struct str){0};
    output->room = size_max;
    output->failure = ERR_OK;
    output->gathered_size = 0;
}

static void
fail(struct output *output, enum err failure)
{
    if (output->failure == ERR_OK) {
        output->failure = failure;
    }
}

static bool
take_room(struct output *output, size_t size)
{
    if (output->failure == ERR_OK && size > output->room) {
        fail(output, ERR_LIMIT);
    }
    if (output->failure != ERR_OK) {
        return false;
    }
    output->room -= size;
    return true;
}

static void
hand_on(struct output *output, struct str bytes)
{
    if (bytes.size > 0 && output->failure == ERR_OK
        && !output->sink->write(output->sink->user, bytes)) {
        fail(output, ERR_CRYPTO);
    }
}

static void
hand_on_gathered(struct output *output)
{
    hand_on(output, (struct str){output->gathered, output->gathered_size});
    output->gathered_size = 0;
}

/* Behind what is gathered already; room was taken before. */
static void
gather(struct output *output, struct str bytes)
{
    if (bytes.size > OUTPUT_GATHERED_MAX - output->gathered_size) {
        hand_on_gathered(output);
    }
    if (bytes.size > OUTPUT_GATHERED_MAX) {
        hand_on(output, bytes);
        return;
    }
    if (bytes.size > 0) {
        memcpy(output->gathered + output->gathered_size, bytes.data, bytes.size);
        output->gathered_size += bytes.size;
    }
}

static void
end_run(struct output *output)
{
    gather(output, output->run);
    output->run = (struct str){0};
}

void
output_piece(struct output *output, struct str piece)
{
    if (piece.size == 0 || !take_room(output, piece.size)) {
        return;
    }
    if (output->run.size > 0 && output->run.data + output->run.size == piece.data) {
        output->run.size += piece.size;
        return;
    }
    end_run(output);
    output->run = piece;
}

void
output_bytes(struct output *output, struct str bytes)
{
    if (!take_room(output, bytes.size)) {
        return;
    }
    end_run(output);
    gather(output, bytes);
}

static void
write_code_point(struct output *output, uint32_t code)
{
    unsigned char bytes[4];
    size_t        size = 0;

    if (code < 0x80U) {
        bytes[size++] = (unsigned char)code;
    } else if (code < 0x800U) {
        bytes[size++] = (unsigned char)(0xC0U | code >> 6U);
    } else if (code < 0x10000U) {
        bytes[size++] = (unsigned char)(0xE0U | code >> 12U);
    } else {
        bytes[size++] = (unsigned char)(0xF0U | code >> 18U);
        bytes[size++] = (unsigned char)(0x80U | (code >> 12U & 0x3FU));
    }
    if (code >= 0x800U) {
        bytes[size++] = (unsigned char)(0x80U | (code >> 6U & 0x3FU));
    }
    if (code >= 0x80U) {
        bytes[size++] = (unsigned char)(0x80U | (code & 0x3FU));
    }
    output_bytes(output, (struct str){(const char *)bytes, size});
}

/* A character that is meant as itself: written by a reference, or standing in a CDATA section. */
static void
write_character(struct output *output, uint32_t code, enum place place)
{
    bool in_value = place == PLACE_VALUE;

    if (code == '&') {
        output_bytes(output, STR("&amp;"));
    } else if (code == '<') {
        output_bytes(output, STR("&lt;"));
    } else if (code == '>' && !in_value) {
        output_bytes(output, STR("&gt;"));
    } else if (code == '"' && in_value) {
        output_bytes(output, STR("&quot;"));
    } else if (code == '\t' && in_value) {
        output_bytes(output, STR("&#x9;"));
    } else if (code == '\n' && in_value) {
        output_bytes(output, STR("&#xA;"));
    } else if (code == '\r') {
        output_bytes(output, STR("&#xD;"));
    } else {
        write_code_point(output, code);
    }
}

/* The value of a digit in this base, or the base when it is none. */
static uint32_t
digit_value(char byte, uint32_t base)
{
    uint32_t value = base;

    if (byte >= '0' && byte <= '9') {
        value = (uint32_t)(byte - '0');
    } else if (byte >= 'a' && byte <= 'f') {
        value = (uint32_t)(byte - 'a') + DECIMAL;
    } else if (byte >= 'A' && byte <= 'F') {
        value = (uint32_t)(byte - 'A') + DECIMAL;
    }
    return value < base ? value : base;
}

/* "#65;" or "#x41;" behind the '&'; the size with ';', or 0 when it is not one. */
static size_t
read_number(struct str text, uint32_t *code)
{
    bool     hexadecimal = text.size > 1 && text.data[1] == 'x';
    uint32_t base = hexadecimal ? HEXADECIMAL : DECIMAL;
    size_t   at = hexadecimal ? 2 : 1;
    size_t   first = at;
    uint32_t number = 0;

    while (at < text.size && digit_value(text.data[at], base) < base && number <= CODE_POINT_MAX) {
        number = number * base + digit_value(text.data[at], base);
        at++;
    }
    if (at == first || at == text.size || text.data[at] != ';' || number == 0
        || number > CODE_POINT_MAX) {
        return 0;
    }
    *code = number;
    return at + 1;
}

/* What stands behind an '&'; the size with ';', or 0 when it is no reference that XML knows. */
static size_t
read_reference(struct str text, uint32_t *code)
{
    static const struct {
        struct str name;
        char       character;
    } entities[] = {
        {{"amp;", 4},  '&' },
        {{"lt;", 3},   '<' },
        {{"gt;", 3},   '>' },
        {{"quot;", 5}, '"' },
        {{"apos;", 5}, '\''},
    };

    if (text.size > 0 && text.data[0] == '#') {
        return read_number(text, code);
    }
    for (size_t i = 0; i < ARRAY_COUNT(entities); i++) {
        if (str_starts_with(text, entities[i].name)) {
            *code = (unsigned char)entities[i].character;
            return entities[i].name.size;
        }
    }
    return 0;
}

/* One byte that cannot be handed on as it stands, and what belongs to it; returns their size. */
static size_t
write_stop(struct output *output, struct str raw, enum place place)
{
    char     byte = raw.data[0];
    uint32_t code = 0;

    if (byte == '\r') { /* line ends first (XML 1.0, 2.11), then values (3.3.3) */
        bool before_newline = raw.size > 1 && raw.data[1] == '\n';
        output_bytes(output, place == PLACE_VALUE ? STR(" ") : STR("\n"));
        return before_newline ? 2 : 1;
    }
    if (place == PLACE_VALUE && (byte == '\t' || byte == '\n')) {
        output_bytes(output, STR(" "));
        return 1;
    }
    if (byte != '&' || place == PLACE_SECTION) {
        write_character(output, (unsigned char)byte, place);
        return 1;
    }
    size_t size = read_reference(str_slice(raw, 1, raw.size), &code);
    if (size == 0) {
        fail(output, ERR_SYNTAX);
        return raw.size;
    }
    write_character(output, code, place);
    return 1 + size;
}

static void
write_characters(struct output *output, struct str raw, enum place place)
{
    size_t from = 0;
    size_t at = 0;

    while (at < raw.size) {
        if ((stops[(unsigned char)raw.data[at]] & place) == 0) {
            at++;
            continue;
        }
        output_piece(output, (struct str){raw.data + from, at - from});
        at += write_stop(output, (struct str){raw.data + at, raw.size - at}, place);
        from = at;
    }
    output_piece(output, (struct str){raw.data + from, raw.size - from});
}

void
output_text(struct output *output, struct str raw)
{
    write_characters(output, raw, PLACE_TEXT);
}

void
output_value(struct output *output, struct str raw)
{
    write_characters(output, raw, PLACE_VALUE);
}

void
output_section(struct output *output, struct str raw)
{
    write_characters(output, raw, PLACE_SECTION);
}

void
output_instruction(struct output *output, struct str raw)
{
    write_characters(output, raw, PLACE_INSTRUCTION);
}

void
output_finish(struct output *output)
{
    end_run(output);
    hand_on_gathered(output);
}

enum err
output_failure(const struct output *output)
{
    return output->failure;
}
