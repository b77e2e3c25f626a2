#include "validators/relation/tally.h"

#include "validators/relation/column.h"
#include "validators/relation/timespan.h"

static const struct relation_column *
column_of(const struct tally *tally, const struct aggregate_term *term)
{
    return &tally->in->columns[term->component];
}

/* The greatest state of each group's cells: null if all are, unknown if one is. NULL: all present.
 */
static enum err
find_states(const struct tally *tally, const struct relation_column *column, uint8_t **out,
            struct fault *fault)
{
    uint8_t *states = NULL;

    if (column->states != NULL || column->ids != NULL || tally->in->row_count == 0) {
        states = ARENA_NEW(tally->arena, uint8_t, tally->group_count);
        if (states == NULL) {
            return FAIL(fault, ERR_MEMORY, "%zu groups", tally->group_count);
        }
        for (size_t row = 0; row < tally->in->row_count; row++) {
            uint8_t *worst = &states[tally->numbers[row]];
            uint8_t  state = (uint8_t)column_state(column, row);
            *worst = state > *worst ? state : *worst;
        }
    }
    *out = states;
    return ERR_OK;
}

/* Of at most RELATION_ROWS_MAX narrow values: their sum cannot leave 128 bits. */
static void
add_narrow(const struct tally *tally, const int64_t *restrict values, amount_wide *restrict sums)
{
    const uint32_t *restrict numbers = tally->numbers;
    const size_t row_count = tally->in->row_count;

    for (size_t row = 0; row < row_count; row++) {
        sums[numbers[row]] += values[row];
    }
}

/* states of groups, to be written to: all present if there were none. */
static enum err
own_states(const struct tally *tally, uint8_t **states, struct fault *fault)
{
    if (*states != NULL) {
        return ERR_OK;
    }
    *states = ARENA_NEW(tally->arena, uint8_t, tally->group_count);
    if (*states == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu groups", tally->group_count);
    }
    for (size_t group = 0; group < tally->group_count; group++) {
        (*states)[group] = RELATION_PRESENT;
    }
    return ERR_OK;
}

/*
 * Of each group in two halves, so that the order of rows does not matter: a sum may leave 128 bits
 * on its way and come back. A half holds RELATION_ROWS_MAX summands.
 */
static enum err
add_wide(const struct tally *tally, const amount_wide *values, amount_wide *sums, uint8_t **states,
         struct fault *fault)
{
    enum { HALF_BITS = 64 };

    amount_wide *highs = ARENA_NEW(tally->scratch, amount_wide, tally->group_count);
    if (highs == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sums", tally->group_count);
    }
    for (size_t row = 0; row < tally->in->row_count; row++) {
        sums[tally->numbers[row]] += (amount_wide)(uint64_t)values[row];
        highs[tally->numbers[row]] += values[row] >> HALF_BITS;
    }
    for (size_t group = 0; group < tally->group_count; group++) {
        amount_wide high = 0;
        if (__builtin_mul_overflow(highs[group] + (sums[group] >> HALF_BITS),
                                   (amount_wide)1 << HALF_BITS, &high)) {
            TRY(own_states(tally, states, fault));
            ENSURE(*states != NULL);
            (*states)[group] = RELATION_FAILED;
            sums[group] = 0;
        } else {
            sums[group] = high + (amount_wide)(uint64_t)sums[group];
        }
    }
    return ERR_OK;
}

/* The sums of all groups, and what is known of them. */
static enum err
add_up(const struct tally *tally, const struct aggregate_term *term, amount_wide **out,
       uint8_t **states, struct fault *fault)
{
    const struct relation_column *column = column_of(tally, term);
    amount_wide                  *sums = ARENA_NEW(tally->scratch, amount_wide, tally->group_count);

    if (sums == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sums", tally->group_count);
    }
    TRY(find_states(tally, column, states, fault));
    if (column->wide == NULL) {
        add_narrow(tally, column->values, sums);
    } else {
        TRY(add_wide(tally, column->wide, sums, states, fault));
    }
    *out = sums;
    return ERR_OK;
}

static enum err
sum(const struct tally *tally, const struct aggregate_term *term, struct relation_column *out,
    struct fault *fault)
{
    amount_wide *sums = NULL;
    uint8_t     *states = NULL;

    TRY(add_up(tally, term, &sums, &states, fault));
    return column_of_wide(tally->arena, sums, states, tally->group_count, out, fault);
}

static enum err
count_cells(const struct tally *tally, const struct relation_column *column, int64_t **out,
            struct fault *fault)
{
    int64_t *counts = ARENA_NEW(tally->arena, int64_t, tally->group_count);

    if (counts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu counts", tally->group_count);
    }
    for (size_t row = 0; row < tally->in->row_count; row++) {
        counts[tally->numbers[row]] +=
            column == NULL || column_state(column, row) == RELATION_PRESENT;
    }
    *out = counts;
    return ERR_OK;
}

static enum err
count_rows(const struct tally *tally, const struct aggregate_term *term,
           struct relation_column *out, struct fault *fault)
{
    int64_t *counts = NULL;

    (void)term; /* rows count, whatever they hold */
    TRY(count_cells(tally, NULL, &counts, fault));
    *out = (struct relation_column){.values = counts};
    return ERR_OK;
}

/* A number even where all cells are null, unless one is unknown or failed. */
static enum err
count_present(const struct tally *tally, const struct aggregate_term *term,
              struct relation_column *out, struct fault *fault)
{
    int64_t *counts = NULL;
    uint8_t *states = NULL;

    TRY(count_cells(tally, column_of(tally, term), &counts, fault));
    TRY(find_states(tally, column_of(tally, term), &states, fault));
    for (size_t group = 0; states != NULL && group < tally->group_count; group++) {
        if (states[group] == RELATION_ABSENT) {
            states[group] = RELATION_PRESENT;
        }
        counts[group] = states[group] == RELATION_PRESENT ? counts[group] : 0;
    }
    *out = (struct relation_column){.values = counts, .states = states};
    return ERR_OK;
}

static amount_wide
power_of_ten(int exponent)
{
    amount_wide power = 1;

    for (int i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

/* a / b, half away from zero; b > 0 and far below 128 bits. */
static amount_wide
divide_rounded(amount_wide a, amount_wide b)
{
    amount_wide quotient = a / b;
    amount_wide rest = a % b;
    amount_wide twice = rest < 0 ? -2 * rest : 2 * rest;

    if (twice < b) {
        return quotient;
    }
    return quotient + (a < 0 ? -1 : 1);
}

/*
 * total / count with `digits` more (or fewer) digits than total has; false if it leaves 128 bits.
 * The rest of the whole division is below the count, so that it can be multiplied safely.
 */
static bool
average_of(amount_wide total, int64_t count, int digits, amount_wide *out)
{
    if (digits < 0) {
        *out = divide_rounded(total, count * power_of_ten(-digits));
        return true;
    }
    amount_wide power = power_of_ten(digits);
    amount_wide whole = 0;
    return !__builtin_mul_overflow(total / count, power, &whole)
           && !__builtin_add_overflow(whole, divide_rounded(total % count * power, count), out);
}

static enum err
average(const struct tally *tally, const struct aggregate_term *term, struct relation_column *out,
        struct fault *fault)
{
    const struct relation_component *component = &tally->in->components[term->component];
    amount_wide                     *sums = NULL;
    int64_t                         *counts = NULL;
    uint8_t                         *states = NULL;

    TRY(add_up(tally, term, &sums, &states, fault));
    TRY(count_cells(tally, column_of(tally, term), &counts, fault));
    ENSURE(sums != NULL && counts != NULL);
    for (size_t group = 0; group < tally->group_count; group++) {
        bool present = states == NULL || states[group] == RELATION_PRESENT;
        if (present && counts[group] > 0
            && !average_of(sums[group], counts[group], term->scale - component->scale,
                           &sums[group])) {
            TRY(own_states(tally, &states, fault));
            states[group] = RELATION_FAILED;
        }
    }
    return column_of_wide(tally->arena, sums, states, tally->group_count, out, fault);
}

/* Less than 0 if row a is below row b; both are present. */
static int
compare_rows(const struct tally *tally, const struct relation_column *column, bool period, size_t a,
             size_t b)
{
    if (column->ids != NULL) {
        return str_compare(vocabulary_text(tally->in->vocabulary, column->ids[a]),
                           vocabulary_text(tally->in->vocabulary, column->ids[b]));
    }
    if (period) {
        return timespan_order(column->values[a], column->values[b]);
    }
    amount_wide first = column_value(column, a).number;
    amount_wide second = column_value(column, b).number;
    return (first > second) - (first < second);
}

/* The row of each group's least (sign 1) or greatest (sign -1) cell. */
static void
find_best(const struct tally *tally, const struct aggregate_term *term, uint32_t *best)
{
    const struct relation_column *column = column_of(tally, term);
    bool period = tally->in->components[term->component].type == RELATION_TIME_PERIOD;
    int  sign = term->operation == AGGREGATE_MIN ? 1 : -1;

    for (size_t row = 0; row < tally->in->row_count; row++) {
        uint32_t *at = &best[tally->numbers[row]];
        if (column_state(column, row) == RELATION_PRESENT
            && (*at == RELATION_NOWHERE
                || sign * compare_rows(tally, column, period, row, *at) < 0)) {
            *at = (uint32_t)row;
        }
    }
}

/* A group whose best period shares days with another of a different frequency has none. */
static enum err
refuse_overlaps(const struct tally *tally, const struct relation_column *column,
                const uint32_t *best, uint8_t **states, struct fault *fault)
{
    for (size_t row = 0; row < tally->in->row_count; row++) {
        uint32_t group = tally->numbers[row];
        int      order = 0;
        if (column_state(column, row) == RELATION_PRESENT
            && !timespan_compare(column->values[row], column->values[best[group]], &order)) {
            TRY(own_states(tally, states, fault));
            ENSURE(*states != NULL);
            (*states)[group] = RELATION_FAILED;
        }
    }
    return ERR_OK;
}

static enum err
extreme(const struct tally *tally, const struct aggregate_term *term, struct relation_column *out,
        struct fault *fault)
{
    const struct relation_column *column = column_of(tally, term);
    uint8_t                      *states = NULL;
    uint32_t                     *best = ARENA_NEW(tally->scratch, uint32_t, tally->group_count);

    if (best == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu groups", tally->group_count);
    }
    for (size_t group = 0; group < tally->group_count; group++) {
        best[group] = RELATION_NOWHERE;
    }
    find_best(tally, term, best);
    TRY(find_states(tally, column, &states, fault));
    if (tally->in->components[term->component].type == RELATION_TIME_PERIOD) {
        TRY(refuse_overlaps(tally, column, best, &states, fault));
    }
    for (size_t group = 0; states != NULL && group < tally->group_count; group++) {
        best[group] = states[group] == RELATION_PRESENT ? best[group] : RELATION_NOWHERE;
    }
    TRY(column_gather(tally->arena, column, best, tally->group_count, out, fault));
    out->states = states;
    return ERR_OK;
}

enum err
tally_run(const struct tally *tally, const struct aggregate_term *term, struct relation_column *out,
          struct fault *fault)
{
    static enum err (*const operators[])(const struct tally *, const struct aggregate_term *,
                                         struct relation_column *, struct fault *) = {
        [AGGREGATE_SUM] = sum,          [AGGREGATE_AVG] = average,
        [AGGREGATE_MIN] = extreme,      [AGGREGATE_MAX] = extreme,
        [AGGREGATE_COUNT] = count_rows, [AGGREGATE_PRESENT] = count_present,
    };

    return operators[term->operation](tally, term, out, fault);
}
