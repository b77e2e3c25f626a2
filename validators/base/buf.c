#include "validators/base/buf.h"

#include <stdarg.h>
#include <string.h>

enum { CAPACITY_FIRST = 256 };

struct buf
buf_create(struct arena *arena, size_t size_max)
{
    return (struct buf){.arena = arena, .size_max = size_max};
}

/* Room for more bytes and `spare` ones behind them that do not count, or `full`. */
static bool
reserve(struct buf *buf, size_t more, size_t spare)
{
    if (buf->full || more > buf->size_max - buf->size) {
        buf->full = true;
        return false;
    }
    if (buf->size + more + spare <= buf->capacity) {
        return true;
    }
    size_t wanted = buf->capacity == 0 ? CAPACITY_FIRST : buf->capacity;
    while (wanted < buf->size + more + spare) {
        wanted *= 2;
    }
    char *data = arena_extend(buf->arena, buf->data, buf->capacity, wanted, 1);
    if (data == NULL) {
        buf->full = true;
        return false;
    }
    buf->data = data;
    buf->capacity = wanted;
    return true;
}

void
buf_append(struct buf *buf, struct str bytes)
{
    if (bytes.size == 0 || !reserve(buf, bytes.size, 0)) {
        return;
    }
    memcpy(buf->data + buf->size, bytes.data, bytes.size);
    buf->size += bytes.size;
}

void
buf_byte(struct buf *buf, char byte)
{
    buf_append(buf, (struct str){&byte, 1});
}

void
buf_hex(struct buf *buf, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";

    if (size > SIZE_MAX / 2 || !reserve(buf, 2 * size, 0)) {
        buf->full = true;
        return;
    }
    for (size_t i = 0; i < size; i++) {
        buf->data[buf->size++] = digits[bytes[i] >> 4U];
        buf->data[buf->size++] = digits[bytes[i] & 0x0FU];
    }
}

void
buf_format(struct buf *buf, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    int size = vsnprintf(NULL, 0, format, values);
    va_end(values);
    ENSURE(size >= 0);
    if (!reserve(buf, (size_t)size, 1)) {
        return;
    }
    va_start(values, format);
    (void)vsnprintf(buf->data + buf->size, (size_t)size + 1, format, values);
    va_end(values);
    buf->size += (size_t)size;
}

bool
buf_ok(const struct buf *buf)
{
    return !buf->full;
}

struct str
buf_str(const struct buf *buf)
{
    return (struct str){buf->data, buf->size};
}
