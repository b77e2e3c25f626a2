#include "validators/relation/column.h"

#include <string.h>

enum relation_state
column_state(const struct relation_column *column, size_t row)
{
    if (column->states != NULL) {
        return (enum relation_state)column->states[row];
    }
    if (column->ids != NULL) {
        return column->ids[row] == 0 ? RELATION_ABSENT : RELATION_PRESENT;
    }
    return RELATION_PRESENT;
}

static amount_wide
number_at(const struct relation_column *column, size_t row)
{
    if (column->ids != NULL) {
        return column->ids[row];
    }
    return column->wide != NULL ? column->wide[row] : column->values[row];
}

struct relation_value
column_value(const struct relation_column *column, size_t row)
{
    return (struct relation_value){column_state(column, row), number_at(column, row)};
}

static bool
fits_narrow(const amount_wide *values, const uint8_t *states, size_t count)
{
    bool fits = true;

    for (size_t i = 0; i < count; i++) {
        bool present = states == NULL || states[i] == RELATION_PRESENT;
        fits = fits && (!present || (values[i] >= INT64_MIN && values[i] <= INT64_MAX));
    }
    return fits;
}

enum err
column_of_wide(struct arena *arena, const amount_wide *values, const uint8_t *states, size_t count,
               struct relation_column *out, struct fault *fault)
{
    bool         narrow = fits_narrow(values, states, count);
    int64_t     *thin = narrow ? ARENA_NEW(arena, int64_t, count) : NULL;
    amount_wide *thick = narrow ? NULL : ARENA_NEW(arena, amount_wide, count);

    if (thin == NULL && thick == NULL) {
        return FAIL(fault, ERR_MEMORY, "a column of %zu rows", count);
    }
    for (size_t i = 0; i < count; i++) {
        bool present = states == NULL || states[i] == RELATION_PRESENT;
        if (present && narrow) {
            thin[i] = (int64_t)values[i];
        } else if (present) {
            thick[i] = values[i];
        }
    }
    *out = (struct relation_column){.values = thin, .wide = thick, .states = states};
    return ERR_OK;
}

/* Arrays of one kind each, zeroed; a kind that is not wanted is NULL. */
struct arrays {
    int64_t     *values;
    amount_wide *wide;
    uint32_t    *ids;
    uint8_t     *states;
};

enum kind { KIND_VALUES, KIND_WIDE, KIND_IDS };

static enum err
make_arrays(struct arena *arena, enum kind kind, bool states, size_t count, struct arrays *out,
            struct fault *fault)
{
    struct arrays made = {0};

    if (kind == KIND_VALUES) {
        made.values = ARENA_NEW(arena, int64_t, count);
    } else if (kind == KIND_WIDE) {
        made.wide = ARENA_NEW(arena, amount_wide, count);
    } else {
        made.ids = ARENA_NEW(arena, uint32_t, count);
    }
    made.states = states ? ARENA_NEW(arena, uint8_t, count) : NULL;
    if ((made.values == NULL && made.wide == NULL && made.ids == NULL)
        || (states && made.states == NULL)) {
        return FAIL(fault, ERR_MEMORY, "a column of %zu rows", count);
    }
    *out = made;
    return ERR_OK;
}

static struct relation_column
column_made(const struct arrays *arrays)
{
    return (struct relation_column){arrays->values, arrays->wide, arrays->ids, arrays->states};
}

static enum kind
kind_of(const struct relation_column *column)
{
    if (column->ids != NULL) {
        return KIND_IDS;
    }
    return column->wide != NULL ? KIND_WIDE : KIND_VALUES;
}

static void
put(struct arrays *arrays, size_t at, struct relation_value value)
{
    amount_wide number = value.state == RELATION_PRESENT ? value.number : 0;

    if (arrays->ids != NULL) {
        arrays->ids[at] = (uint32_t)number;
    } else if (arrays->wide != NULL) {
        arrays->wide[at] = number;
    } else {
        ENSURE(arrays->values != NULL);
        arrays->values[at] = (int64_t)number;
    }
    if (arrays->states != NULL) {
        arrays->states[at] = (uint8_t)value.state;
    }
}

enum err
column_of_value(struct arena *arena, enum relation_type type, struct relation_value value,
                size_t count, struct relation_column *out, struct fault *fault)
{
    bool          present = value.state == RELATION_PRESENT;
    bool          fits = value.number >= INT64_MIN && value.number <= INT64_MAX;
    struct arrays arrays = {0};
    enum kind     kind = type == RELATION_STRING         ? KIND_IDS
                         : present && !fits && count > 0 ? KIND_WIDE
                                                         : KIND_VALUES;

    TRY(make_arrays(arena, kind, !present, count, &arrays, fault));
    for (size_t i = 0; i < count; i++) {
        put(&arrays, i, value);
    }
    *out = column_made(&arrays);
    return ERR_OK;
}

/* A wide column of which no wide value is left becomes narrow. */
static enum err
settle(struct arena *arena, const struct arrays *arrays, size_t count, struct relation_column *out,
       struct fault *fault)
{
    if (arrays->wide != NULL && fits_narrow(arrays->wide, arrays->states, count)) {
        return column_of_wide(arena, arrays->wide, arrays->states, count, out, fault);
    }
    *out = column_made(arrays);
    return ERR_OK;
}

static void
gather_values(const int64_t *from, const uint32_t *rows, size_t count, int64_t *to)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = rows[i] == RELATION_NOWHERE ? 0 : from[rows[i]];
    }
}

static void
gather_wide(const amount_wide *from, const uint32_t *rows, size_t count, amount_wide *to)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = rows[i] == RELATION_NOWHERE ? 0 : from[rows[i]];
    }
}

static void
gather_ids(const uint32_t *from, const uint32_t *rows, size_t count, uint32_t *to)
{
    for (size_t i = 0; i < count; i++) {
        to[i] = rows[i] == RELATION_NOWHERE ? 0 : from[rows[i]];
    }
}

static bool
has_nowhere(const uint32_t *rows, size_t count)
{
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        found = found || rows[i] == RELATION_NOWHERE;
    }
    return found;
}

enum err
column_gather(struct arena *arena, const struct relation_column *column, const uint32_t *rows,
              size_t count, struct relation_column *out, struct fault *fault)
{
    bool states = column->states != NULL || (column->ids == NULL && has_nowhere(rows, count));
    struct arrays arrays = {0};

    TRY(make_arrays(arena, kind_of(column), states, count, &arrays, fault));
    if (column->ids != NULL) {
        gather_ids(column->ids, rows, count, arrays.ids);
    } else if (column->wide != NULL) {
        gather_wide(column->wide, rows, count, arrays.wide);
    } else {
        ENSURE(arrays.values != NULL);
        gather_values(column->values, rows, count, arrays.values);
    }
    for (size_t i = 0; states && i < count; i++) {
        arrays.states[i] = rows[i] == RELATION_NOWHERE ? (uint8_t)RELATION_ABSENT
                                                       : (uint8_t)column_state(column, rows[i]);
    }
    return settle(arena, &arrays, count, out, fault);
}

/* What a column of several needs: ids, wide values, states. */
static void
survey(const struct column_pick *pick, enum kind *kind, bool *states)
{
    *kind = KIND_VALUES;
    *states = false;
    for (size_t i = 0; i < pick->column_count; i++) {
        enum kind one = kind_of(&pick->columns[i]);
        *kind = one == KIND_VALUES ? *kind : one;
        *states = *states || pick->columns[i].states != NULL;
    }
}

enum err
column_of_pick(struct arena *arena, const struct column_pick *pick, struct relation_column *out,
               struct fault *fault)
{
    struct arrays arrays = {0};
    enum kind     kind = KIND_VALUES;
    bool          states = false;

    survey(pick, &kind, &states);
    TRY(make_arrays(arena, kind, states, pick->count, &arrays, fault));
    for (size_t i = 0; i < pick->count; i++) {
        put(&arrays, i, column_value(&pick->columns[pick->which[i]], pick->rows[i]));
    }
    return settle(arena, &arrays, pick->count, out, fault);
}

enum err
column_raise(struct arena *arena, const struct relation_column *column, int digits, size_t count,
             struct relation_column *out, struct fault *fault)
{
    amount_wide  factor = 1;
    amount_wide *raised = ARENA_NEW(arena, amount_wide, count);

    ENSURE(digits >= 0 && digits <= RELATION_SCALE_MAX && column->ids == NULL);
    if (raised == NULL) {
        return FAIL(fault, ERR_MEMORY, "a column of %zu rows", count);
    }
    for (int i = 0; i < digits; i++) {
        factor *= 10;
    }
    for (size_t i = 0; i < count; i++) {
        if (__builtin_mul_overflow(number_at(column, i), factor, &raised[i])) {
            return FAIL(fault, ERR_LIMIT, "row %zu: with %d more digits it leaves 128 bits", i,
                        digits);
        }
    }
    return column_of_wide(arena, raised, column->states, count, out, fault);
}
