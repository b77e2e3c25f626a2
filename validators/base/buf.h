#ifndef VALIDATORS_BASE_BUF_H
#define VALIDATORS_BASE_BUF_H

#include "validators/base/str.h"

/*
 * A growing run of bytes with a ceiling, for writers (JSON, messages, canonical XML).
 *
 * Appending never fails at the call: the first append that does not fit sets `full`, later ones
 * are ignored, and the writer asks buf_ok() once, at the end. The bytes live in the arena.
 */
struct buf {
    struct arena *arena;
    char         *data;
    size_t        size;
    size_t        capacity;
    size_t        size_max;
    bool          full;
};

struct buf buf_create(struct arena *arena, size_t size_max);
void       buf_append(struct buf *buf, struct str bytes);
void       buf_byte(struct buf *buf, char byte);
void       buf_hex(struct buf *buf, const unsigned char *bytes, size_t size); /* in lower case */
void       buf_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
bool       buf_ok(const struct buf *buf); /* everything appended is in there */
struct str buf_str(const struct buf *buf);

#endif
