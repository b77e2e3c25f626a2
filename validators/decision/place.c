#include "validators/decision/place.h"

static const struct str byte_order_mark = {"\xEF\xBB\xBF", 3};

/* Move on over the bytes [from, to). */
static struct place
walk(struct str bytes, size_t from, size_t to, struct place place)
{
    for (size_t i = from; i < to; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        } else if ((byte & 0xC0U) != 0x80U) {
            place.column++;
        }
    }
    return place;
}

enum err
place_index_create(struct arena *arena, struct str bytes, struct place_index *out,
                   struct fault *fault)
{
    size_t        count = bytes.size / PLACE_STEP + 1;
    struct place *marks = ARENA_NEW(arena, struct place, count);
    struct place  place = {1, 1};

    if (marks == NULL) {
        return FAIL(fault, ERR_MEMORY, "places of a file of %zu bytes", bytes.size);
    }
    if (str_starts_with(bytes, byte_order_mark)) {
        place.column = 0; /* the mark itself is one character that nobody counts */
    }
    marks[0] = place;
    for (size_t i = 1; i < count; i++) {
        marks[i] = walk(bytes, (i - 1) * PLACE_STEP, i * PLACE_STEP, marks[i - 1]);
    }
    *out = (struct place_index){.bytes = bytes, .marks = marks, .mark_count = count};
    return ERR_OK;
}

struct place
place_at(const struct place_index *index, uint32_t offset)
{
    size_t       at = offset < index->bytes.size ? offset : index->bytes.size;
    size_t       mark = at / PLACE_STEP;
    struct place place = walk(index->bytes, mark * PLACE_STEP, at, index->marks[mark]);

    /* Inside the byte order mark there is no column yet: it is the first place of the file. */
    return place.column == 0 ? (struct place){1, 1} : place;
}
