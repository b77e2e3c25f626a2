#include "gateway/answer/plain.h"

#include "validators/base/scalar.h"

enum {
    PICTURE_SIZE = 3, /* bytes of U+2400 + control */
    DELETE = 0x7F,
    DELETE_PICTURE = 0x21,
    GROWTH_MAX = 3, /* one byte becomes at most three */
};

/* Characters that a terminal obeys or that a reader does not see. */
static const struct {
    uint32_t from;
    uint32_t to;
} hidden[] = {
    {0x0080,  0x009F }, /* C1 controls, among them CSI as one character */
    {0x00AD,  0x00AD }, /* soft hyphen */
    {0x034F,  0x034F }, /* combining grapheme joiner */
    {0x061C,  0x061C }, /* Arabic letter mark */
    {0x115F,  0x1160 }, /* Hangul fillers */
    {0x17B4,  0x17B5 }, /* Khmer inherent vowels */
    {0x180B,  0x180F }, /* Mongolian selectors */
    {0x200B,  0x200F }, /* no width, left-to-right and right-to-left marks */
    {0x2028,  0x202E }, /* line and paragraph separators, embeddings and overrides */
    {0x2060,  0x206F }, /* joiners, isolates, deprecated format characters */
    {0x3164,  0x3164 }, /* Hangul filler */
    {0xFE00,  0xFE0F }, /* variation selectors */
    {0xFEFF,  0xFEFF }, /* byte order mark */
    {0xFFF0,  0xFFFB }, /* interlinear annotation */
    {0xFFFE,  0xFFFF }, /* noncharacters */
    {0xE0000, 0xE0FFF}, /* tags */
};

static bool
is_hidden(uint32_t value)
{
    for (size_t i = 0; i < ARRAY_COUNT(hidden); i++) {
        if (value >= hidden[i].from && value <= hidden[i].to) {
            return true;
        }
    }
    return false;
}

static bool
is_space(uint32_t value)
{
    return value == ' ' || (value >= '\t' && value <= '\r');
}

static void
append_picture(struct buf *out, uint32_t control)
{
    uint32_t   shown = control == DELETE ? (uint32_t)DELETE_PICTURE : control;
    const char bytes[PICTURE_SIZE] = {'\xE2', '\x90', (char)(0x80U | shown)};

    buf_append(out, (struct str){bytes, sizeof bytes});
}

static void
append_character(struct buf *out, const struct scalar *character)
{
    if (is_space(character->value)) {
        buf_byte(out, ' ');
    } else if (character->value < ' ' || character->value == DELETE) {
        append_picture(out, character->value);
    } else if (is_hidden(character->value)) {
        buf_append(out, STR("\xEF\xBF\xBD"));
    } else {
        buf_append(out, character->bytes);
    }
}

void
plain_append(struct buf *out, struct str text)
{
    struct scalar character;

    while (scalar_next(&text, &character)) {
        append_character(out, &character);
    }
}

struct str
plain_copy(struct arena *arena, struct str text)
{
    struct buf out = buf_create(arena, text.size * GROWTH_MAX + 1);

    plain_append(&out, text);
    buf_byte(&out, '\0');
    if (!buf_ok(&out)) {
        return (struct str){0};
    }
    return (struct str){out.data, out.size - 1};
}
