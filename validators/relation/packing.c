#include "validators/relation/packing.h"

#include "validators/relation/column.h"
#include "validators/relation/mixing.h"

#include <string.h>

enum { WORD_BITS = 64 };

static const struct relation_column *
column_of(const struct packing *packing, size_t side, size_t key)
{
    const struct keyring_side *from = &packing->sides[side];

    return &from->relation->columns[from->keys[key]];
}

struct range {
    int64_t low;
    int64_t high;
    bool    any;
};

static void
widen_by_values(struct range *range, const int64_t *restrict values, size_t count)
{
    int64_t low = range->any ? range->low : values[0];
    int64_t high = range->any ? range->high : values[0];

    for (size_t i = 0; i < count; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    *range = (struct range){low, high, true};
}

static void
widen_by_ids(struct range *range, const uint32_t *restrict ids, size_t count)
{
    uint32_t low = ids[0];
    uint32_t high = ids[0];

    for (size_t i = 0; i < count; i++) {
        low = ids[i] < low ? ids[i] : low;
        high = ids[i] > high ? ids[i] : high;
    }
    range->low = !range->any || low < range->low ? low : range->low;
    range->high = !range->any || high > range->high ? high : range->high;
    range->any = true;
}

/* How many bits tell the values from low to high apart. */
static unsigned
bits_of(const struct range *range)
{
    uint64_t span = (uint64_t)range->high - (uint64_t)range->low;

    return span == 0 ? 0 : WORD_BITS - (unsigned)__builtin_clzll(span);
}

struct packing
packing_plan(const struct keyring_side *sides, size_t side_count, size_t key_count)
{
    struct packing plan = {.sides = sides, .key_count = key_count};

    ENSURE(key_count <= RELATION_COMPONENTS_MAX && side_count <= KEYRING_SIDES_MAX);
    for (size_t key = 0; key < key_count; key++) {
        struct range range = {0};
        for (size_t side = 0; side < side_count; side++) {
            const struct relation_column *column = column_of(&plan, side, key);
            size_t                        rows = sides[side].relation->row_count;
            plan.loose = plan.loose || column->wide != NULL;
            if (rows > 0 && column->ids != NULL) {
                widen_by_ids(&range, column->ids, rows);
            } else if (rows > 0 && column->values != NULL) {
                widen_by_values(&range, column->values, rows);
            }
        }
        plan.fields[key] = (struct packing_field){range.low, plan.bits, bits_of(&range)};
        plan.bits += plan.fields[key].bits;
    }
    plan.loose = plan.loose || plan.bits > WORD_BITS;
    return plan;
}

static void
pack_values(const struct packing_field *field, const int64_t *restrict values, size_t count,
            uint64_t *restrict words)
{
    const uint64_t low = (uint64_t)field->low;
    const unsigned shift = field->shift;

    for (size_t i = 0; i < count; i++) {
        words[i] |= ((uint64_t)values[i] - low) << shift;
    }
}

static void
pack_ids(const struct packing_field *field, const uint32_t *restrict ids, size_t count,
         uint64_t *restrict words)
{
    const uint64_t low = (uint64_t)field->low;
    const unsigned shift = field->shift;

    for (size_t i = 0; i < count; i++) {
        words[i] |= ((uint64_t)ids[i] - low) << shift;
    }
}

/* Both halves, so that a narrow column and a wide one give equal values equal hashes. */
static void
mix_column(const struct relation_column *column, size_t from, size_t count, uint64_t salt,
           uint64_t *words)
{
    for (size_t i = 0; i < count; i++) {
        amount_wide number = column_value(column, from + i).number;
        words[i] = mixing_word(words[i], (uint64_t)number, salt);
        words[i] = mixing_word(words[i], (uint64_t)(number >> WORD_BITS), salt);
    }
}

void
packing_words(const struct packing *packing, size_t side, size_t from, size_t count, uint64_t salt,
              uint64_t *words)
{
    for (size_t i = 0; i < count; i++) {
        words[i] = packing->loose ? salt : 0;
    }
    for (size_t key = 0; key < packing->key_count; key++) {
        const struct relation_column *column = column_of(packing, side, key);
        const struct packing_field   *field = &packing->fields[key];
        if (packing->loose) {
            mix_column(column, from, count, salt, words);
        } else if (field->bits > 0 && column->ids != NULL) {
            pack_ids(field, column->ids + from, count, words);
        } else if (field->bits > 0) {
            pack_values(field, column->values + from, count, words);
        }
    }
}

/* Whether any of the cells is not present. */
static bool
lacks(const struct relation_column *column, size_t from, size_t count)
{
    unsigned lacking = 0;

    for (size_t i = 0; column->states != NULL && i < count; i++) {
        lacking |= column->states[from + i] != RELATION_PRESENT;
    }
    for (size_t i = 0; column->ids != NULL && i < count; i++) {
        lacking |= column->ids[from + i] == 0;
    }
    return lacking != 0;
}

bool
packing_holes(const struct packing *packing, size_t side, size_t from, size_t count, uint8_t *holes)
{
    bool any = false;

    for (size_t key = 0; key < packing->key_count; key++) {
        const struct relation_column *column = column_of(packing, side, key);
        if (!lacks(column, from, count)) {
            continue;
        }
        if (!any) {
            memset(holes, 0, count);
            any = true;
        }
        for (size_t i = 0; i < count; i++) {
            holes[i] |= column_state(column, from + i) != RELATION_PRESENT;
        }
    }
    return any;
}

bool
packing_same(const struct packing *packing, struct keyring_first a, struct keyring_first b)
{
    for (size_t key = 0; key < packing->key_count; key++) {
        if (column_value(column_of(packing, a.side, key), a.row).number
            != column_value(column_of(packing, b.side, key), b.row).number) {
            return false;
        }
    }
    return true;
}
