#include "gateway/receipt/escape.h"

#include <string.h>

#define REPLACEMENT STR_INIT("\xEF\xBF\xBD")

/* What a byte below 0x80 becomes; absent: itself. */
static const struct str ascii[128] = {
    ['&'] = STR_INIT("&amp;"),
    ['<'] = STR_INIT("&lt;"),
    ['>'] = STR_INIT("&gt;"),
    ['\r'] = STR_INIT("&#xD;"),
};

static const struct str replacement = REPLACEMENT;

static bool
is_forbidden(unsigned char byte)
{
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

/* Bytes of the character beyond ASCII at the start of text; 0 when XML cannot have it. */
static size_t
wide_size(struct str text)
{
    unsigned char lead = (unsigned char)text.data[0];
    size_t        size = lead >= 0xF0 ? 4 : 2;

    if (lead >= 0xE0 && lead < 0xF0) {
        size = 3;
    }
    struct str character = str_slice(text, 0, size);
    if (lead < 0xC2 || character.size != size || !str_is_utf8(character)
        || str_equal(character, STR("\xEF\xBF\xBE")) || str_equal(character, STR("\xEF\xBF\xBF"))) {
        return 0;
    }
    return size;
}

/* Bytes at the start of text that are neither escaped nor replaced and need no second look. */
static size_t
simple_size(struct str text)
{
    size_t at = 0;

    while (at < text.size) {
        unsigned char byte = (unsigned char)text.data[at];
        if (byte < ' ' || byte >= 0x80 || byte == '&' || byte == '<' || byte == '>') {
            break;
        }
        at++;
    }
    return at;
}

/* Bytes from the start of text that stay as they are. */
static size_t
plain_size(struct str text, bool escaped)
{
    size_t at = simple_size(text);

    while (at < text.size) {
        unsigned char byte = (unsigned char)text.data[at];
        size_t        size = 1;
        if (byte >= 0x80) {
            size = wide_size((struct str){text.data + at, text.size - at});
        } else if (is_forbidden(byte) || (escaped && ascii[byte].size > 0)) {
            size = 0;
        }
        if (size == 0) {
            return at;
        }
        at += size;
    }
    return at;
}

static void
append(struct buf *out, struct str text, bool escaped)
{
    while (text.size > 0) {
        size_t plain = plain_size(text, escaped);
        buf_append(out, (struct str){text.data, plain});
        if (plain == text.size) {
            return;
        }
        unsigned char byte = (unsigned char)text.data[plain];
        bool          known = byte < ARRAY_COUNT(ascii) && ascii[byte].size > 0;
        buf_append(out, known ? ascii[byte] : replacement);
        text = (struct str){text.data + plain + 1, text.size - plain - 1};
    }
}

void
escape_append(struct buf *out, struct str text)
{
    append(out, text, true);
}

void
escape_repair(struct buf *out, struct str text)
{
    append(out, text, false);
}

/* The byte that the escape at the start of text stands for, and the escape's length. */
static bool
take_escape(struct str text, char *byte, size_t *size)
{
    static const char escaped[] = {'&', '<', '>', '\r'};

    for (size_t i = 0; i < ARRAY_COUNT(escaped); i++) {
        struct str form = ascii[(unsigned char)escaped[i]];
        if (str_starts_with(text, form)) {
            *byte = escaped[i];
            *size = form.size;
            return true;
        }
    }
    return false;
}

bool
escape_undo(struct str text, char *room, struct str *out)
{
    size_t size = 0;

    while (text.size > 0) {
        const char *escape = memchr(text.data, '&', text.size);
        size_t      plain = escape == NULL ? text.size : (size_t)(escape - text.data);
        memcpy(room + size, text.data, plain);
        size += plain;
        text = (struct str){text.data + plain, text.size - plain};
        size_t used = 0;
        if (text.size > 0 && !take_escape(text, &room[size++], &used)) {
            return false;
        }
        text = (struct str){text.data + used, text.size - used};
    }
    *out = (struct str){room, size};
    return true;
}
