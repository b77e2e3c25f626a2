#include "validators/base/parcel.h"

#include <string.h>

enum { TEXT_ABSENT = 0, TEXT_PRESENT = 1 };

void
parcel_put_number(struct buf *out, uint64_t number)
{
    unsigned char bytes[sizeof number];

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
    buf_append(out, (struct str){(const char *)bytes, sizeof bytes});
}

void
parcel_put_truth(struct buf *out, bool value)
{
    parcel_put_number(out, value ? 1 : 0);
}

void
parcel_put_text(struct buf *out, struct str text)
{
    buf_byte(out, text.data == NULL ? TEXT_ABSENT : TEXT_PRESENT);
    if (text.data != NULL) {
        parcel_put_number(out, text.size);
        buf_append(out, text);
    }
}

void
parcel_put_array(struct buf *out, const void *items, size_t count, size_t size)
{
    buf_append(out, (struct str){items, count * size});
}

/* The next size bytes, or NULL and `bad`. */
static const char *
take(struct parcel *parcel, size_t size)
{
    if (parcel->bad || size > parcel->bytes.size - parcel->at) {
        parcel->bad = true;
        return NULL;
    }
    const char *bytes = parcel->bytes.data + parcel->at;
    parcel->at += size;
    return bytes;
}

uint64_t
parcel_number(struct parcel *parcel, uint64_t max)
{
    uint64_t    number = 0;
    const char *bytes = take(parcel, sizeof number);

    if (bytes == NULL) {
        return 0;
    }
    for (size_t i = 0; i < sizeof number; i++) {
        number |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
    }
    if (number > max) {
        parcel->bad = true;
        return 0;
    }
    return number;
}

bool
parcel_truth(struct parcel *parcel)
{
    return parcel_number(parcel, 1) == 1;
}

struct str
parcel_text(struct parcel *parcel)
{
    const char *mark = take(parcel, 1);

    if (mark == NULL || *mark == TEXT_ABSENT) {
        return (struct str){0};
    }
    size_t      size = (size_t)parcel_number(parcel, parcel->bytes.size);
    const char *bytes = take(parcel, size);
    struct str  text = {bytes, size};
    if (bytes == NULL || *mark != TEXT_PRESENT || !str_is_utf8(text)) {
        parcel->bad = true;
        return (struct str){0};
    }
    struct str copy = str_copy(parcel->arena, text);
    if (copy.data == NULL) {
        parcel->bad = true;
        parcel->starved = true;
    }
    return copy;
}

void *
parcel_room(struct parcel *parcel, uint64_t count, size_t size)
{
    if (parcel->bad || count > parcel->bytes.size - parcel->at) {
        parcel->bad = true;
        return NULL;
    }
    void *room = arena_array(parcel->arena, (size_t)count, size, alignof(max_align_t));
    if (room == NULL) {
        parcel->bad = true;
        parcel->starved = true;
    }
    return room;
}

void *
parcel_array(struct parcel *parcel, size_t count, size_t size)
{
    const char *bytes = NULL;
    size_t      total = 0;

    if (__builtin_mul_overflow(count, size, &total)) {
        parcel->bad = true;
        return NULL;
    }
    bytes = take(parcel, total);
    void *copy = bytes == NULL ? NULL : arena_alloc(parcel->arena, total, alignof(max_align_t));
    if (copy == NULL) {
        parcel->starved = parcel->starved || bytes != NULL;
        parcel->bad = true;
        return NULL;
    }
    return total == 0 ? copy : memcpy(copy, bytes, total);
}

void
parcel_bytes(struct parcel *parcel, void *out, size_t size)
{
    const char *bytes = take(parcel, size);

    if (bytes != NULL) {
        memcpy(out, bytes, size);
    }
}
