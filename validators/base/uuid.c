#include "validators/base/uuid.h"

#include <string.h>

enum { TIME_BYTES = 6, BYTE_BITS = 8, NIBBLE_BITS = 4, NIBBLE = 0x0F };

static const char digits[] = "0123456789abcdef";

/* A hyphen stands in the text before these bytes (RFC 9562, 4). */
static bool
hyphen_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

struct uuid
uuid_of_time(uint64_t milliseconds, const unsigned char *random)
{
    struct uuid uuid = {{0}};

    for (size_t i = 0; i < TIME_BYTES; i++) {
        uuid.bytes[i] = (unsigned char)(milliseconds >> (BYTE_BITS * (TIME_BYTES - 1 - i)));
    }
    memcpy(&uuid.bytes[TIME_BYTES], random, UUID_RANDOM_SIZE);
    uuid.bytes[6] = (unsigned char)(0x70 | (uuid.bytes[6] & NIBBLE)); /* version 7 */
    uuid.bytes[8] = (unsigned char)(0x80 | (uuid.bytes[8] & 0x3F));   /* variant of RFC 9562 */
    return uuid;
}

void
uuid_write(struct buf *out, struct uuid uuid)
{
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (hyphen_before(i)) {
            buf_byte(out, '-');
        }
        buf_hex(out, &uuid.bytes[i], 1);
    }
}

/* The value of a hexadecimal digit in lower case, or -1. */
static int
digit_value(char digit)
{
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);

    return found == NULL ? -1 : (int)(found - digits);
}

bool
uuid_parse(struct str text, struct uuid *out)
{
    struct uuid uuid = {{0}};
    size_t      at = 0;

    if (text.size != UUID_TEXT_SIZE) {
        return false;
    }
    for (size_t i = 0; i < UUID_SIZE; i++) {
        if (hyphen_before(i) && text.data[at++] != '-') {
            return false;
        }
        int high = digit_value(text.data[at]);
        int low = digit_value(text.data[at + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        uuid.bytes[i] = (unsigned char)((unsigned)high << NIBBLE_BITS | (unsigned)low);
        at += 2;
    }
    *out = uuid;
    return true;
}

bool
uuid_equal(struct uuid a, struct uuid b)
{
    return memcmp(a.bytes, b.bytes, UUID_SIZE) == 0;
}

bool
uuid_is_nil(struct uuid uuid)
{
    return uuid_equal(uuid, (struct uuid){{0}});
}
