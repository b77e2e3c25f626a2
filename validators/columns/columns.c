#include "validators/columns/columns.h"

#include <string.h>

enum { ROWS_FIRST = 16, TEXTS_FIRST = 32, BUCKETS_PER_TEXT = 2 };

/* FNV-1a: the keys are short codes of a bounded dictionary, not an attack surface of its own:
 * a report has at most as many distinct codes as cells, and probing is linear in a half-empty
 * table. */
static uint32_t
hash_of(struct str text)
{
    uint32_t hash = 2166136261U;

    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * 16777619U;
    }
    return hash;
}

bool
columns_create(struct arena *arena, size_t code_count, size_t amount_count, struct columns *out)
{
    ENSURE(code_count <= COLUMNS_CODES_MAX && amount_count <= COLUMNS_AMOUNTS_MAX);
    struct columns columns = {
        .code_count = code_count, .amount_count = amount_count, .arena = arena};

    columns.texts = ARENA_NEW(arena, struct str, TEXTS_FIRST);
    columns.buckets = ARENA_NEW(arena, uint32_t, (size_t)TEXTS_FIRST * BUCKETS_PER_TEXT);
    if (columns.texts == NULL || columns.buckets == NULL) {
        return false;
    }
    columns.text_capacity = TEXTS_FIRST;
    columns.bucket_count = (size_t)TEXTS_FIRST * BUCKETS_PER_TEXT;
    columns.text_count = 1;
    *out = columns;
    return true;
}

#define EXTEND(columns, array, capacity) \
    extend((columns), (void **)&(array), (columns)->row_capacity, (capacity), sizeof *(array))

static bool
extend(struct columns *columns, void **array, size_t from, size_t to, size_t size)
{
    void *grown = arena_extend(columns->arena, *array, from, to, size);

    if (grown == NULL) {
        return false;
    }
    *array = grown;
    return true;
}

static bool
extend_codes(struct columns *columns, size_t capacity)
{
    for (size_t i = 0; i < columns->code_count; i++) {
        if (!EXTEND(columns, columns->codes[i], capacity)
            || !EXTEND(columns, columns->code_states[i], capacity)
            || !EXTEND(columns, columns->code_offsets[i], capacity)) {
            return false;
        }
    }
    return true;
}

static bool
extend_amounts(struct columns *columns, size_t capacity)
{
    for (size_t i = 0; i < columns->amount_count; i++) {
        if (!EXTEND(columns, columns->amounts[i], capacity)
            || !EXTEND(columns, columns->amount_states[i], capacity)
            || !EXTEND(columns, columns->amount_offsets[i], capacity)) {
            return false;
        }
    }
    return true;
}

bool
columns_add_row(struct columns *columns, uint32_t offset)
{
    if (columns->row_count == columns->row_capacity) {
        size_t capacity = columns->row_capacity == 0 ? ROWS_FIRST : 2 * columns->row_capacity;

        if (!EXTEND(columns, columns->row_offsets, capacity) || !extend_codes(columns, capacity)
            || !extend_amounts(columns, capacity)) {
            return false;
        }
        columns->row_capacity = capacity;
    }
    columns->row_offsets[columns->row_count] = offset;
    columns->row_count++;
    return true;
}

static void
place_text(struct columns *columns, uint32_t id)
{
    size_t at = hash_of(columns->texts[id]) & (columns->bucket_count - 1);

    while (columns->buckets[at] != 0) {
        at = (at + 1) & (columns->bucket_count - 1);
    }
    columns->buckets[at] = id;
}

static bool
grow_texts(struct columns *columns)
{
    size_t      capacity = 2 * columns->text_capacity;
    struct str *texts = arena_extend(columns->arena, columns->texts, columns->text_capacity,
                                     capacity, sizeof *texts);
    if (texts == NULL) {
        return false;
    }
    columns->texts = texts;
    columns->text_capacity = capacity;
    uint32_t *buckets = ARENA_NEW(columns->arena, uint32_t, capacity * BUCKETS_PER_TEXT);
    if (buckets == NULL) {
        return false;
    }
    columns->buckets = buckets;
    columns->bucket_count = capacity * BUCKETS_PER_TEXT;
    for (uint32_t id = 1; id < columns->text_count; id++) {
        place_text(columns, id);
    }
    return true;
}

/* The id of text, a new one if needed; 0 when the arena is full. */
static uint32_t
intern(struct columns *columns, struct str text)
{
    size_t at = hash_of(text) & (columns->bucket_count - 1);

    while (columns->buckets[at] != 0) {
        if (str_equal(columns->texts[columns->buckets[at]], text)) {
            return columns->buckets[at];
        }
        at = (at + 1) & (columns->bucket_count - 1);
    }
    if (columns->text_count == columns->text_capacity && !grow_texts(columns)) {
        return 0;
    }
    struct str copy = str_copy(columns->arena, text);
    if (copy.data == NULL) {
        return 0;
    }
    uint32_t id = (uint32_t)columns->text_count;
    columns->texts[id] = copy;
    columns->text_count++;
    place_text(columns, id);
    return id;
}

bool
columns_set_code(struct columns *columns, size_t code, enum cell_state state, struct str text,
                 uint32_t offset)
{
    ENSURE(code < columns->code_count && columns->row_count > 0);
    size_t   row = columns->row_count - 1;
    uint32_t id = state == CELL_PRESENT ? intern(columns, text) : 0;

    if (state == CELL_PRESENT && id == 0) {
        return false;
    }
    columns->codes[code][row] = id;
    columns->code_states[code][row] = (uint8_t)state;
    columns->code_offsets[code][row] = offset;
    return true;
}

void
columns_set_amount(struct columns *columns, size_t slot, enum cell_state state, int64_t amount,
                   uint32_t offset)
{
    ENSURE(slot < columns->amount_count && columns->row_count > 0);
    size_t row = columns->row_count - 1;

    columns->amounts[slot][row] = state == CELL_PRESENT ? amount : 0;
    columns->amount_states[slot][row] = (uint8_t)state;
    columns->amount_offsets[slot][row] = offset;
}

struct str
columns_code(const struct columns *columns, size_t code, size_t row)
{
    ENSURE(code < columns->code_count && row < columns->row_count);
    return columns->texts[columns->codes[code][row]];
}

size_t
columns_bytes(const struct columns *columns)
{
    size_t code = 2 * sizeof(uint32_t) + sizeof(uint8_t);
    size_t amount = sizeof(int64_t) + sizeof(uint32_t) + sizeof(uint8_t);
    size_t row = sizeof(uint32_t) + columns->code_count * code + columns->amount_count * amount;
    size_t bytes = columns->row_count * row;

    for (size_t i = 0; i < columns->text_count; i++) {
        bytes += sizeof(struct str) + columns->texts[i].size;
    }
    return bytes;
}
