#include "validators/vtl/texts.h"

#include <string.h>

enum { ROOM_FIRST = 64 };

static uint64_t
hash_of(struct str text)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001B3);
    }
    return hash ^ (hash >> 32);
}

static uint32_t *
find(const struct texts *texts, struct str text)
{
    size_t mask = texts->table_size - 1;

    for (size_t at = hash_of(text) & mask;; at = (at + 1) & mask) {
        uint32_t *place = &texts->table[at];
        if (*place == 0 || str_equal(texts->items[*place], text)) {
            return place;
        }
    }
}

static bool
make_table(struct texts *texts)
{
    size_t size = ROOM_FIRST;

    while (size < (size_t)texts->capacity * 2) {
        size *= 2;
    }
    uint32_t *table = ARENA_NEW(texts->arena, uint32_t, size);
    if (table == NULL) {
        return false;
    }
    texts->table = table;
    texts->table_size = size;
    for (uint32_t i = 1; i < texts->count; i++) {
        uint32_t *place = find(texts, texts->items[i]);
        ENSURE(*place == 0); /* a dictionary holds each string once */
        *place = i;
    }
    return true;
}

struct texts *
texts_create(struct arena *arena, const struct str *dictionary, size_t count)
{
    struct texts *texts = ARENA_NEW(arena, struct texts, 1);

    ENSURE(count < UINT32_MAX / 4);
    if (texts == NULL) {
        return NULL;
    }
    *texts = (struct texts){.arena = arena,
                            .count = count == 0 ? 1 : (uint32_t)count,
                            .capacity = (uint32_t)count + ROOM_FIRST};
    texts->items = ARENA_NEW(arena, struct str, texts->capacity);
    if (texts->items == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(texts->items, dictionary, count * sizeof *dictionary);
    }
    return make_table(texts) ? texts : NULL;
}

static bool
grow(struct texts *texts)
{
    uint32_t    wanted = texts->capacity * 2;
    struct str *items =
        wanted < UINT32_MAX / 4
            ? arena_extend(texts->arena, texts->items, texts->capacity, wanted, sizeof *items)
            : NULL;

    if (items == NULL) {
        return false;
    }
    texts->items = items;
    texts->capacity = wanted;
    return make_table(texts);
}

uint32_t
texts_number(struct texts *texts, struct str text)
{
    uint32_t *place = find(texts, text);

    if (*place != 0) {
        return *place;
    }
    if (texts->count == texts->capacity && !grow(texts)) {
        return 0;
    }
    struct str copy = str_copy(texts->arena, text);
    if (copy.data == NULL) {
        return 0;
    }
    texts->items[texts->count] = copy;
    *find(texts, copy) = texts->count;
    return texts->count++;
}

static bool
starts_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

size_t
texts_length(struct str text)
{
    size_t length = 0;

    for (size_t i = 0; i < text.size; i++) {
        length += starts_character(text.data[i]) ? 1 : 0;
    }
    return length;
}

/* The byte where character `characters` (from 0) of text begins, at most its end. */
static size_t
byte_of(struct str text, int64_t characters)
{
    size_t at = 0;

    while (at < text.size && (characters > 0 || !starts_character(text.data[at]))) {
        at++;
        if (at == text.size || starts_character(text.data[at])) {
            characters--;
        }
    }
    return at;
}

struct str
texts_substr(struct str text, int64_t start, int64_t length)
{
    struct str rest = str_slice(text, byte_of(text, start - 1), SIZE_MAX);

    return str_slice(rest, 0, length == 0 ? 0 : byte_of(rest, length));
}

struct str
texts_ltrim(struct str text)
{
    size_t kept = 0;

    while (text.size > kept && str_trim(str_slice(text, kept, 1)).size == 0) {
        kept++;
    }
    return str_slice(text, kept, SIZE_MAX);
}

struct str
texts_rtrim(struct str text)
{
    while (text.size > 0 && str_trim(str_slice(text, text.size - 1, 1)).size == 0) {
        text.size--;
    }
    return text;
}

/* Letters that differ in their last bit only; in two runs the upper case is the odd one. */
static unsigned
convert_extended(unsigned character, enum texts_case to)
{
    bool odd_upper =
        (character >= 0x139 && character <= 0x148) || (character >= 0x179 && character <= 0x17E);
    bool pairs =
        odd_upper
        || (character >= 0x100 && character <= 0x137 && character != 0x130 && character != 0x131)
        || (character >= 0x14A && character <= 0x177);
    bool upper = ((character & 1) != 0) == odd_upper;

    if (!pairs || upper == (to == TEXTS_UPPER)) {
        return character;
    }
    return to == TEXTS_UPPER ? character - 1 : character + 1;
}

/* A character of two bytes, U+0080 to U+017F. */
static unsigned
convert_character(unsigned character, enum texts_case to)
{
    if (to == TEXTS_UPPER && character >= 0xE0 && character <= 0xFE && character != 0xF7) {
        return character - 0x20;
    }
    if (to == TEXTS_LOWER && character >= 0xC0 && character <= 0xDE && character != 0xD7) {
        return character + 0x20;
    }
    return character >= 0x100 ? convert_extended(character, to) : character;
}

static char
convert_ascii(char byte, enum texts_case to)
{
    if (to == TEXTS_UPPER && byte >= 'a' && byte <= 'z') {
        return (char)(byte - ('a' - 'A'));
    }
    if (to == TEXTS_LOWER && byte >= 'A' && byte <= 'Z') {
        return (char)(byte + ('a' - 'A'));
    }
    return byte;
}

void
texts_convert(struct str text, enum texts_case to, char *out)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char lead = (unsigned char)text.data[i];
        if (lead < 0xC2 || lead > 0xC5 || i + 1 == text.size) {
            out[i] = convert_ascii(text.data[i], to);
            continue;
        }
        unsigned character =
            ((unsigned)(lead & 0x1F) << 6) | ((unsigned char)text.data[i + 1] & 0x3F);
        character = convert_character(character, to);
        out[i++] = (char)(0xC0 | (character >> 6));
        out[i] = (char)(0x80 | (character & 0x3F));
    }
}
