#include "gateway/store/parameters.h"

#include "gateway/store/binary.h"

#include <limits.h>
#include <string.h>

/* Array types that belong to the element types. */
enum { ARRAY_OF_BYTES = 1001, ARRAY_OF_TEXT = 1009, ARRAY_OF_NUMBER = 1016, ARRAY_OF_UUID = 2951 };

/* An array is told as: dimensions, "has nulls", type; size, first index; then size and bytes of
 * each item. */
enum { ARRAY_HEAD = 20, ITEM_HEAD = 4, NO_DIMENSION_HEAD = 12, NULL_SIZE = -1 };

struct store_parameters
store_parameters_create(struct arena *arena)
{
    return (struct store_parameters){.arena = arena};
}

static void
put(struct store_parameters *parameters, unsigned type, const char *value, size_t size)
{
    ENSURE(parameters->count < STORE_PARAMETERS_MAX);
    ENSURE(size <= INT_MAX);
    parameters->types[parameters->count] = type;
    parameters->values[parameters->count] = value;
    parameters->sizes[parameters->count] = (int)size;
    parameters->count++;
}

/* Room for a value that we write; it is counted as a parameter also when there is none. */
static char *
put_room(struct store_parameters *parameters, unsigned type, size_t size)
{
    char *room = arena_alloc(parameters->arena, size, 1);

    parameters->starved = parameters->starved || room == NULL;
    put(parameters, type, room, room == NULL ? 0 : size);
    return room;
}

void
store_put_number(struct store_parameters *parameters, int64_t number)
{
    char *room = put_room(parameters, STORE_NUMBER, sizeof number);

    if (room != NULL) {
        binary_write64(room, number);
    }
}

void
store_put_integer(struct store_parameters *parameters, int32_t number)
{
    char *room = put_room(parameters, STORE_INTEGER, sizeof number);

    if (room != NULL) {
        binary_write32(room, number);
    }
}

void
store_put_truth(struct store_parameters *parameters, bool value)
{
    put(parameters, STORE_TRUTH, value ? "\1" : "\0", 1);
}

void
store_put_text(struct store_parameters *parameters, struct str text)
{
    put(parameters, STORE_TEXT, text.data, text.size);
}

void
store_put_bytes(struct store_parameters *parameters, struct str bytes)
{
    put(parameters, STORE_BYTES, bytes.data, bytes.size);
}

void
store_put_uuid(struct store_parameters *parameters, struct uuid uuid)
{
    char *room = put_room(parameters, STORE_UUID, UUID_SIZE);

    if (room != NULL) {
        memcpy(room, uuid.bytes, UUID_SIZE);
    }
}

void
store_put_instant(struct store_parameters *parameters, instant at)
{
    char *room = put_room(parameters, STORE_INSTANT, sizeof at);

    if (room != NULL) {
        binary_write64(room, binary_of_instant(at));
    }
}

void
store_put_date(struct store_parameters *parameters, struct date date)
{
    char *room = put_room(parameters, STORE_DATE, sizeof(int32_t));

    if (room != NULL) {
        binary_write32(room, binary_of_date(date));
    }
}

void
store_put_day(struct store_parameters *parameters, struct date day)
{
    if (day.year == 0) {
        store_put_null(parameters, STORE_DATE);
    } else {
        store_put_date(parameters, day);
    }
}

void
store_put_null(struct store_parameters *parameters, unsigned type)
{
    put(parameters, type, NULL, 0);
}

/* An array whose items need `size` bytes with their heads; where they begin, or NULL. */
static char *
put_array(struct store_parameters *parameters, unsigned type, int element, size_t count,
          size_t size)
{
    ENSURE(count <= INT32_MAX);
    size_t head = count == 0 ? NO_DIMENSION_HEAD : ARRAY_HEAD;
    char  *room = put_room(parameters, type, head + size);
    if (room == NULL) {
        return NULL;
    }
    binary_write32(room, count == 0 ? 0 : 1);
    binary_write32(room + 4, 1);
    binary_write32(room + 8, element);
    if (count > 0) {
        binary_write32(room + 12, (int32_t)count);
        binary_write32(room + 16, 1);
    }
    return room + head;
}

void
store_put_numbers(struct store_parameters *parameters, const int64_t *items, size_t count)
{
    size_t each = ITEM_HEAD + sizeof *items;
    char  *at = put_array(parameters, ARRAY_OF_NUMBER, STORE_NUMBER, count, count * each);

    for (size_t i = 0; at != NULL && i < count; i++) {
        binary_write32(at, sizeof *items);
        binary_write64(at + ITEM_HEAD, items[i]);
        at += each;
    }
}

void
store_put_uuids(struct store_parameters *parameters, const struct uuid *items, size_t count)
{
    size_t each = ITEM_HEAD + UUID_SIZE;
    char  *at = put_array(parameters, ARRAY_OF_UUID, STORE_UUID, count, count * each);

    for (size_t i = 0; at != NULL && i < count; i++) {
        binary_write32(at, UUID_SIZE);
        memcpy(at + ITEM_HEAD, items[i].bytes, UUID_SIZE);
        at += each;
    }
}

static void
put_strings(struct store_parameters *parameters, unsigned type, int element,
            const struct str *items, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        size += ITEM_HEAD + items[i].size;
    }
    char *at = put_array(parameters, type, element, count, size);
    for (size_t i = 0; at != NULL && i < count; i++) {
        bool is_null = items[i].data == NULL;
        ENSURE(items[i].size <= INT32_MAX && !(is_null && items[i].size > 0));
        binary_write32(at, is_null ? NULL_SIZE : (int32_t)items[i].size);
        at += ITEM_HEAD;
        if (items[i].size > 0) {
            memcpy(at, items[i].data, items[i].size);
            at += items[i].size;
        }
    }
}

void
store_put_texts(struct store_parameters *parameters, const struct str *items, size_t count)
{
    put_strings(parameters, ARRAY_OF_TEXT, STORE_TEXT, items, count);
}

void
store_put_byte_strings(struct store_parameters *parameters, const struct str *items, size_t count)
{
    put_strings(parameters, ARRAY_OF_BYTES, STORE_BYTES, items, count);
}
