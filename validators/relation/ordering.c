#include "validators/relation/ordering.h"

#include "validators/relation/column.h"
#include "validators/relation/selection.h"

static int
compare_cells(const struct relation *in, size_t component, size_t a, size_t b)
{
    const struct relation_column *column = &in->columns[component];
    struct relation_value         first = column_value(column, a);
    struct relation_value         second = column_value(column, b);

    if (first.state != second.state) {
        return first.state < second.state ? -1 : 1;
    }
    if (column->ids != NULL && first.number != second.number) {
        return str_compare(vocabulary_text(in->vocabulary, column->ids[a]),
                           vocabulary_text(in->vocabulary, column->ids[b]));
    }
    return (first.number > second.number) - (first.number < second.number);
}

static int
compare_rows(const struct relation *in, const size_t *components, size_t count, size_t a, size_t b)
{
    int order = 0;

    for (size_t i = 0; i < count && order == 0; i++) {
        order = compare_cells(in, components[i], a, b);
    }
    return order;
}

/* A merge sort from the bottom up: runs of `width` rows of from[] are merged into to[]. */
struct sorter {
    const struct relation *in;
    const size_t          *components;
    size_t                 count;
    const uint32_t        *from;
    uint32_t              *to;
};

static void
merge(const struct sorter *sorter, size_t begin, size_t middle, size_t end)
{
    size_t left = begin;
    size_t right = middle;

    for (size_t at = begin; at < end; at++) {
        bool take_left = left < middle
                         && (right == end
                             || compare_rows(sorter->in, sorter->components, sorter->count,
                                             sorter->from[left], sorter->from[right])
                                    <= 0);
        sorter->to[at] = take_left ? sorter->from[left++] : sorter->from[right++];
    }
}

enum err
ordering_rows(struct arena *arena, const struct relation *in, const size_t *components,
              size_t count, uint32_t **out, struct fault *fault)
{
    size_t    rows = in->row_count;
    uint32_t *from = ARENA_NEW(arena, uint32_t, rows);
    uint32_t *to = ARENA_NEW(arena, uint32_t, rows);

    if (from == NULL || to == NULL) {
        return FAIL(fault, ERR_MEMORY, "the order of %zu rows", rows);
    }
    for (size_t i = 0; i < count; i++) {
        if (components[i] >= in->component_count) {
            return FAIL(fault, ERR_USAGE, "there is no component %zu", components[i]);
        }
    }
    for (size_t row = 0; row < rows; row++) {
        from[row] = (uint32_t)row;
    }
    for (size_t width = 1; width < rows; width *= 2) {
        struct sorter sorter = {in, components, count, from, to};
        for (size_t begin = 0; begin < rows; begin += 2 * width) {
            size_t middle = begin + width < rows ? begin + width : rows;
            size_t end = middle + width < rows ? middle + width : rows;
            merge(&sorter, begin, middle, end);
        }
        uint32_t *merged = to;
        to = from;
        from = merged;
    }
    *out = from;
    return ERR_OK;
}

enum err
ordering_run(struct arena *arena, const struct relation *in, struct relation *out,
             struct fault *fault)
{
    size_t        identifiers[RELATION_COMPONENTS_MAX];
    size_t        count = relation_identifiers(in, identifiers);
    uint32_t     *rows = NULL;
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err      got = ordering_rows(scratch, in, identifiers, count, &rows, fault);

    if (got == ERR_OK) {
        got = selection_rows(arena, in, rows, in->row_count, out, fault);
    }
    arena_destroy(scratch);
    return got;
}
