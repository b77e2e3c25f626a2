#ifndef VALIDATORS_PRESCAN_SCAN_H
#define VALIDATORS_PRESCAN_SCAN_H

#include "validators/prescan/block.h"

/*
 * Small steps over bytes, none beyond `end`. They are inline because an honest file takes one every
 * few bytes, and a file is all that prescan spends its time on.
 */
static inline bool
scan_is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static inline bool
scan_is_name_start(char byte)
{
    return block_is_name_byte(byte) && byte != '-' && byte != '.' && !(byte >= '0' && byte <= '9');
}

static inline size_t
scan_skip_name(const char *data, size_t from, size_t end)
{
    size_t at = from;

    for (; end - at >= BLOCK_SIZE; at += BLOCK_SIZE) {
        unsigned found = block_no_name(data + at);
        if (found != 0) {
            return at + (size_t)__builtin_ctz(found);
        }
    }
    while (at < end && block_is_name_byte(data[at])) {
        at++;
    }
    return at;
}

static inline size_t
scan_skip_blanks(const char *data, size_t from, size_t end)
{
    size_t at = from;

    while (at < end && scan_is_blank(data[at])) {
        at++;
    }
    return at;
}

/* The first "<" or "&" in data[from .. end), or a `third` byte; end if there is none. */
static inline size_t
scan_find_special(const char *data, size_t from, size_t end, char third)
{
    size_t at = from;

    for (; end - at >= BLOCK_SIZE; at += BLOCK_SIZE) {
        unsigned found = block_specials(data + at, third);
        if (found != 0) {
            return at + (size_t)__builtin_ctz(found);
        }
    }
    while (at < end && data[at] != '<' && data[at] != '&' && data[at] != third) {
        at++;
    }
    return at;
}

#endif
