#include "validators/signature/base64.h"

enum { GROUP = 4, BITS = 6, BYTE = 8, NO_DIGIT = -1 };

static int
digit_value(char byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return byte - 'A';
    }
    if (byte >= 'a' && byte <= 'z') {
        return byte - 'a' + 26;
    }
    if (byte >= '0' && byte <= '9') {
        return byte - '0' + 52;
    }
    if (byte == '+' || byte == '/') {
        return byte == '+' ? 62 : 63;
    }
    return NO_DIGIT;
}

static bool
is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* What was read so far. */
struct reading {
    uint32_t bits; /* not yet written, in the low bit_count bits */
    unsigned bit_count;
    size_t   digits;
    size_t   pads;
    size_t   size; /* bytes written */
};

static bool
take(struct reading *reading, char byte, char *out)
{
    int value = digit_value(byte);

    if (is_space(byte)) {
        return true;
    }
    if (byte == '=') {
        reading->pads++;
        return reading->pads <= 2;
    }
    if (value == NO_DIGIT || reading->pads > 0) {
        return false;
    }
    reading->digits++;
    reading->bits = reading->bits << (unsigned)BITS | (uint32_t)value;
    reading->bit_count += BITS;
    if (reading->bit_count >= BYTE) {
        reading->bit_count -= BYTE;
        out[reading->size] = (char)(unsigned char)(reading->bits >> reading->bit_count & 0xFFU);
        reading->size++;
        reading->bits &= (1U << reading->bit_count) - 1U;
    }
    return true;
}

struct str
base64_decode(struct arena *arena, struct str text)
{
    struct reading reading = {0};
    char          *out = ARENA_NEW(arena, char, text.size / GROUP * 3 + 3);

    for (size_t i = 0; out != NULL && i < text.size; i++) {
        if (!take(&reading, text.data[i], out)) {
            return (struct str){0};
        }
    }
    if (out == NULL || reading.size == 0 || reading.bits != 0
        || (reading.digits + reading.pads) % GROUP != 0) {
        return (struct str){0};
    }
    return (struct str){out, reading.size};
}
