#include "validators/finding/contributors.h"

#include "validators/base/buf.h"

enum { PACKED_MAX = 64 * 1024 };

/* How a line begins that tells of a contributor of a side, and one that tells of the rest. */
static const struct {
    const char *item;
    const char *rest;
} words[CONTRIBUTORS_SIDES] = {
    [CONTRIBUTORS_FOUND] = {"found",    "found-rest"   },
    [CONTRIBUTORS_EXPECTED] = {"expected", "expected-rest"},
};

static bool
copy_item(struct arena *arena, struct contributor *item)
{
    item->cell = str_copy(arena, item->cell);
    item->amount = str_copy(arena, item->amount);
    item->xpath = str_copy(arena, item->xpath);
    item->file = str_copy(arena, item->file);
    return item->cell.data != NULL && item->amount.data != NULL && item->xpath.data != NULL
           && item->file.data != NULL;
}

static bool
copy_side(struct arena *arena, struct contributors *side)
{
    const struct contributor *from = side->items;

    side->items = ARENA_NEW(arena, struct contributor, side->count + 1);
    side->rest = str_copy(arena, side->rest);
    if (side->items == NULL || side->rest.data == NULL) {
        return false;
    }
    for (size_t i = 0; i < side->count; i++) {
        side->items[i] = from[i];
        if (!copy_item(arena, &side->items[i])) {
            return false;
        }
    }
    return true;
}

struct contributors *
contributors_copy(struct arena *arena, const struct contributors *sides)
{
    struct contributors *copy = ARENA_NEW(arena, struct contributors, CONTRIBUTORS_SIDES);

    for (size_t i = 0; copy != NULL && i < CONTRIBUTORS_SIDES; i++) {
        copy[i] = sides[i];
        copy = copy_side(arena, &copy[i]) ? copy : NULL;
    }
    return copy;
}

/* A field and what ends it; no byte of it may be taken for an end. */
static void
put_field(struct buf *out, struct str text, char end)
{
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if ((unsigned char)byte < ' ') {
            byte = ' ';
        }
        buf_byte(out, byte);
    }
    buf_byte(out, end);
}

static void
put_side(struct buf *out, const struct contributors *side, enum contributors_side which)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct contributor *item = &side->items[i];
        buf_format(out, "%s\t%u\t%u\t%u\t", words[which].item, item->line, item->column,
                   item->offset);
        put_field(out, item->amount, '\t');
        put_field(out, item->xpath, '\t');
        put_field(out, item->cell, '\n');
    }
    if (side->more > 0) {
        buf_format(out, "%s\t%zu\t", words[which].rest, side->more);
        put_field(out, side->rest, '\n');
    }
}

struct str
contributors_pack(struct arena *arena, const struct contributors *sides)
{
    struct buf out = buf_create(arena, PACKED_MAX);

    if (sides == NULL) {
        return STR("");
    }
    for (int i = 0; i < CONTRIBUTORS_SIDES; i++) {
        put_side(&out, &sides[i], (enum contributors_side)i);
    }
    return buf_ok(&out) ? buf_str(&out) : (struct str){0};
}

static bool
take_number(struct str *line, int64_t max, int64_t *out)
{
    struct str field = {0};

    return str_cut(line, '\t', &field) && str_to_number(field, out) && *out <= max;
}

static bool
take_item(struct arena *arena, struct str line, struct contributors *side)
{
    struct contributor item = {0};
    int64_t            numbers[3] = {0};

    if (side->items == NULL) {
        side->items = ARENA_NEW(arena, struct contributor, CONTRIBUTORS_MAX);
    }
    if (side->items == NULL || side->count == CONTRIBUTORS_MAX || side->more > 0) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        if (!take_number(&line, UINT32_MAX, &numbers[i])) {
            return false;
        }
    }
    item.line = (uint32_t)numbers[0];
    item.column = (uint32_t)numbers[1];
    item.offset = (uint32_t)numbers[2];
    if (!str_cut(&line, '\t', &item.amount) || !str_cut(&line, '\t', &item.xpath)) {
        return false;
    }
    item.cell = line;
    side->items[side->count] = item;
    side->count++;
    return line.data != NULL;
}

static bool
take_rest(struct str line, struct contributors *side)
{
    int64_t more = 0;

    if (!take_number(&line, UINT32_MAX, &more) || more == 0 || line.data == NULL
        || side->more > 0) {
        return false;
    }
    side->more = (size_t)more;
    side->rest = line;
    return true;
}

static bool
take_line(struct arena *arena, struct str line, struct contributors *sides)
{
    struct str word = {0};

    (void)str_cut(&line, '\t', &word);
    for (size_t i = 0; i < CONTRIBUTORS_SIDES; i++) {
        if (str_equal(word, str_of(words[i].item))) {
            return take_item(arena, line, &sides[i]);
        }
        if (str_equal(word, str_of(words[i].rest))) {
            return take_rest(line, &sides[i]);
        }
    }
    return false;
}

bool
contributors_unpack(struct arena *arena, struct str text, const struct contributors **out)
{
    struct contributors *sides = ARENA_NEW(arena, struct contributors, CONTRIBUTORS_SIDES);
    struct str           line = {0};

    if (text.size == 0) {
        *out = NULL;
        return true;
    }
    if (sides == NULL || text.data[text.size - 1] != '\n') {
        return false;
    }
    text.size--;
    while (str_cut(&text, '\n', &line)) {
        if (!take_line(arena, line, sides)) {
            return false;
        }
    }
    *out = sides;
    return true;
}
