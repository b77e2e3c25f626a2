#include "validators/evaluation/doubt.h"

#include "validators/relation/column.h"
#include "validators/relation/origin.h"
#include "validators/relation/selection.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

static bool
is_doubtful(uint8_t truth)
{
    return truth == VTL_NOT_EVALUATED || truth == VTL_ERROR;
}

bool
doubt_tell(struct evaluator *evaluator, struct vtl_place place, const struct relation *in,
           const uint8_t *mask)
{
    struct evaluation_notice notice = {.dataset = UINT32_MAX};
    size_t                   first = 0;

    for (size_t row = in->row_count; row-- > 0;) {
        if (is_doubtful(mask[row])) {
            notice.row_count++;
            first = row;
        }
    }
    if (notice.row_count == 0) {
        return false;
    }
    if (in->lane_count > 0) {
        struct origin origin = origin_at(in, 0, first);
        if (origin.source != NULL && origin.source->members == NULL) {
            notice.dataset = origin.source->dataset;
            notice.row = origin.ordinal;
        }
    }
    (void)problem_set(&notice.problem, place, NULL,
                      "warunku nie dało się obliczyć (dzielenie przez zero, liczba poza zakresem "
                      "albo nieczytelna komórka); nie wiadomo, czy spełnia go każdy wiersz");
    evaluator_notice(evaluator, &notice);
    return true;
}

/* A copy of count cells of so many bytes; NULL of NULL, or when the arena is full. */
static void *
copy_cells(struct arena *arena, const void *from, size_t count, size_t size)
{
    void *made = from == NULL ? NULL : arena_array(arena, count + 1, size, alignof(max_align_t));

    if (made != NULL) {
        memcpy(made, from, count * size);
    }
    return made;
}

/* A cell of the one array that is there. */
static void
clear_cell(int64_t *values, amount_wide *wide, uint32_t *ids, size_t row)
{
    if (values != NULL) {
        values[row] = 0;
    } else if (wide != NULL) {
        wide[row] = 0;
    } else {
        ids[row] = 0;
    }
}

/* Copies of the cells with nothing where the mask doubts. */
static enum err
fail_column(struct evaluator *evaluator, const struct relation_column *column, const uint8_t *mask,
            size_t count, struct relation_column *out)
{
    struct arena *arena = evaluator->arena;
    uint8_t      *states = ARENA_NEW(arena, uint8_t, count + 1);
    int64_t      *values = copy_cells(arena, column->values, count, sizeof *values);
    amount_wide  *wide = copy_cells(arena, column->wide, count, sizeof *wide);
    uint32_t     *ids = copy_cells(arena, column->ids, count, sizeof *ids);

    if (states == NULL || (values == NULL && wide == NULL && ids == NULL)) {
        return FAIL(evaluator->fault, ERR_MEMORY, "column of %zu rows", count);
    }
    for (size_t row = 0; row < count; row++) {
        states[row] = (uint8_t)column_state(column, row);
        if (is_doubtful(mask[row])) {
            states[row] = RELATION_FAILED;
            clear_cell(values, wide, ids, row);
        }
    }
    *out = (struct relation_column){.values = values, .wide = wide, .ids = ids, .states = states};
    return ERR_OK;
}

enum err
doubt_fail(struct evaluator *evaluator, const struct relation *in, const uint8_t *mask,
           struct relation *out)
{
    struct relation_column *columns =
        ARENA_NEW(evaluator->arena, struct relation_column, in->component_count + 1);

    if (columns == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "columns of a dataset");
    }
    memcpy(columns, in->columns, in->component_count * sizeof *columns);
    for (size_t i = 0; i < in->component_count; i++) {
        if (in->components[i].role != RELATION_IDENTIFIER) {
            TRY(fail_column(evaluator, &in->columns[i], mask, in->row_count, &columns[i]));
        }
    }
    *out = *in;
    out->columns = columns;
    return ERR_OK;
}

enum err
doubt_filter(struct evaluator *evaluator, struct vtl_place place, const struct relation *in,
             uint8_t *mask, struct relation *out)
{
    struct relation failed = *in;

    if (doubt_tell(evaluator, place, in, mask)) {
        TRY(doubt_fail(evaluator, in, mask, &failed));
        for (size_t row = 0; row < in->row_count; row++) {
            mask[row] = is_doubtful(mask[row]) ? VTL_TRUE : mask[row];
        }
    }
    return selection_filter(evaluator->arena, &failed, mask, VTL_TRUE, out, evaluator->fault);
}
