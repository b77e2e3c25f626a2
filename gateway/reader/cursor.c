#include "gateway/reader/cursor.h"

#include <inttypes.h>

enum { AT_DIGITS = 16, BYTE_BITS = 8, BYTE_MASK = 0xFF };

/* FNV-1a of list and position, folded to 32 bits. */
static uint32_t
check_of(struct str list, uint64_t at)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < list.size + sizeof at; i++) {
        uint64_t byte = i < list.size ? (unsigned char)list.data[i]
                                      : at >> (BYTE_BITS * (i - list.size)) & BYTE_MASK;
        sum = (sum ^ byte) * UINT64_C(0x100000001b3);
    }
    return (uint32_t)(sum ^ (sum >> 32U));
}

void
cursor_write(struct buf *out, struct str list, int64_t at)
{
    buf_format(out, "%016" PRIx64 "%08" PRIx32, (uint64_t)at, check_of(list, (uint64_t)at));
}

/* A number in lower-case hexadecimal; false for any other character. */
static bool
parse_hex(struct str text, uint64_t *out)
{
    uint64_t value = 0;

    for (size_t i = 0; i < text.size; i++) {
        char character = text.data[i];
        bool is_digit = character >= '0' && character <= '9';
        bool is_letter = character >= 'a' && character <= 'f';
        if (!is_digit && !is_letter) {
            return false;
        }
        value = value << 4U | (uint64_t)(is_digit ? character - '0' : character - 'a' + 10);
    }
    *out = value;
    return true;
}

bool
cursor_parse(struct str text, struct str list, int64_t *at)
{
    uint64_t value = 0;
    uint64_t check = 0;

    if (text.size != CURSOR_SIZE || !parse_hex(str_slice(text, 0, AT_DIGITS), &value)
        || !parse_hex(str_slice(text, AT_DIGITS, text.size), &check)) {
        return false;
    }
    if (value > INT64_MAX || check != check_of(list, value)) {
        return false;
    }
    *at = (int64_t)value;
    return true;
}
