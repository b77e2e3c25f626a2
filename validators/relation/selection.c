#include "validators/relation/selection.h"

#include "validators/relation/column.h"
#include "validators/relation/lanes.h"
#include "validators/relation/projection.h"

#include <string.h>

enum err
selection_rows(struct arena *arena, const struct relation *in, const uint32_t *rows, size_t count,
               struct relation *out, struct fault *fault)
{
    struct relation         made = *in;
    struct relation_column *columns = ARENA_NEW(arena, struct relation_column, in->component_count);
    struct relation_lane   *lanes = ARENA_NEW(arena, struct relation_lane, in->lane_count);

    if (columns == NULL || lanes == NULL) {
        return FAIL(fault, ERR_MEMORY, "a relation");
    }
    for (size_t i = 0; i < in->component_count; i++) {
        TRY(column_gather(arena, &in->columns[i], rows, count, &columns[i], fault));
    }
    TRY(lanes_gather(arena, in, rows, count, lanes, fault));
    made.columns = columns;
    made.lanes = lanes;
    made.row_count = count;
    *out = made;
    return ERR_OK;
}

/* The numbers of the rows whose mask is keep. */
static enum err
list_rows(struct arena *scratch, const uint8_t *mask, uint8_t keep, size_t row_count,
          uint32_t **rows, size_t *count)
{
    size_t kept = 0;

    for (size_t row = 0; row < row_count; row++) {
        kept += mask[row] == keep;
    }
    *rows = ARENA_NEW(scratch, uint32_t, kept + 1);
    if (*rows == NULL) {
        return ERR_MEMORY;
    }
    /* Written always and kept only if wanted, so that no branch depends on the data. */
    *count = 0;
    for (size_t row = 0; row < row_count; row++) {
        (*rows)[*count] = (uint32_t)row;
        *count += mask[row] == keep;
    }
    return ERR_OK;
}

enum err
selection_filter(struct arena *arena, const struct relation *in, const uint8_t *mask, uint8_t keep,
                 struct relation *out, struct fault *fault)
{
    uint32_t     *rows = NULL;
    size_t        count = 0;
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err      got = list_rows(scratch, mask, keep, in->row_count, &rows, &count);

    if (got != ERR_OK) {
        got = FAIL(fault, got, "the numbers of %zu rows", in->row_count);
    } else {
        got = selection_rows(arena, in, rows, count, out, fault);
    }
    arena_destroy(scratch);
    return got;
}

static enum err
check_points(const struct relation *in, const struct selection_point *points, size_t count,
             struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = points[i].identifier;
        if (at >= in->component_count || in->components[at].role != RELATION_IDENTIFIER) {
            return FAIL(fault, ERR_USAGE, "component %zu is not an identifier", at);
        }
        for (size_t before = 0; before < i; before++) {
            if (points[before].identifier == at) {
                return FAIL(fault, ERR_USAGE, "identifier '%.*s' is given twice",
                            STR_ARG(in->components[at].name));
            }
        }
    }
    return ERR_OK;
}

static void
narrow_mask(const struct relation *in, struct selection_point point, uint8_t *mask)
{
    for (size_t row = 0; row < in->row_count; row++) {
        struct relation_value value = relation_value(in, point.identifier, row);
        mask[row] &= value.state == RELATION_PRESENT && value.number == point.number;
    }
}

/* The components that no point names. */
static size_t
list_others(const struct relation *in, const struct selection_point *points, size_t count,
            size_t *numbers)
{
    size_t kept = 0;

    for (size_t i = 0; i < in->component_count; i++) {
        bool named = false;
        for (size_t point = 0; point < count; point++) {
            named = named || points[point].identifier == i;
        }
        numbers[kept] = i;
        kept += !named;
    }
    return kept;
}

/* The rows that agree with all points have 1 in mask. */
static void
mark_points(const struct relation *in, const struct selection_point *points, size_t count,
            uint8_t *mask)
{
    memset(mask, 1, in->row_count);
    for (size_t i = 0; i < count; i++) {
        narrow_mask(in, points[i], mask);
    }
}

enum err
selection_sub(struct arena *arena, const struct relation *in, const struct selection_point *points,
              size_t count, struct relation *out, struct fault *fault)
{
    size_t          numbers[RELATION_COMPONENTS_MAX + 1];
    struct relation left = {0};

    TRY(check_points(in, points, count, fault));
    /* The constant identifiers go first, so that they are not gathered. */
    TRY(projection_select(arena, in, numbers, list_others(in, points, count, numbers), &left,
                          fault));
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    uint8_t      *mask = ARENA_NEW(scratch, uint8_t, in->row_count);
    enum err      got = ERR_OK;
    if (mask == NULL) {
        got = FAIL(fault, ERR_MEMORY, "a mask of %zu rows", in->row_count);
    } else {
        mark_points(in, points, count, mask);
        got = selection_filter(arena, &left, mask, 1, out, fault);
    }
    arena_destroy(scratch);
    return got;
}
