#include "validators/difference/pairing.h"

#include <stdlib.h>

/* A position, with what qsort has to know of it. */
struct entry {
    const struct form    *form;
    const struct columns *columns;
    size_t                row;
};

/* Positions of one version, sorted. */
struct side {
    struct entry *items;
    size_t        count;
};

struct list {
    struct pairing_pair *items;
    size_t               count;
};

static int
compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int
compare_code(const struct entry *a, const struct entry *b, size_t code)
{
    int order = a->columns->code_states[code][a->row] - b->columns->code_states[code][b->row];

    return order != 0 ? order
                      : str_compare(columns_code(a->columns, code, a->row),
                                    columns_code(b->columns, code, b->row));
}

static int
compare_codes(const struct entry *a, const struct entry *b, bool key)
{
    int order = 0;

    for (size_t i = 0; order == 0 && i < a->form->code_count; i++) {
        if (a->form->codes[i].key == key) {
            order = compare_code(a, b, i);
        }
    }
    return order;
}

/* Absent is 0; what cannot be read comes last. */
static int
compare_amount(const struct entry *a, const struct entry *b, size_t slot)
{
    bool    a_unknown = a->columns->amount_states[slot][a->row] == CELL_UNKNOWN;
    bool    b_unknown = b->columns->amount_states[slot][b->row] == CELL_UNKNOWN;
    int64_t a_amount = a->columns->amounts[slot][a->row];
    int64_t b_amount = b->columns->amounts[slot][b->row];

    if (a_unknown || b_unknown) {
        return (int)a_unknown - (int)b_unknown;
    }
    return (a_amount > b_amount) - (a_amount < b_amount);
}

static int
compare_content(const struct entry *a, const struct entry *b)
{
    int order = compare_codes(a, b, false);

    for (size_t i = 0; order == 0 && i < a->form->amount_count; i++) {
        order = compare_amount(a, b, i);
    }
    return order;
}

static int
compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int                 order = compare_codes(a, b, true);

    order = order != 0 ? order : compare_content(a, b);
    return order != 0 ? order : compare_sizes(a->row, b->row);
}

static int
compare_rows(const void *left, const void *right)
{
    return compare_sizes(((const struct entry *)left)->row, ((const struct entry *)right)->row);
}

static enum err
sort_side(struct arena *arena, const struct form *form, const struct columns *columns,
          struct side *out, struct fault *fault)
{
    struct entry *items = ARENA_NEW(arena, struct entry, columns->row_count + 1);

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu positions", columns->row_count);
    }
    for (size_t i = 0; i < columns->row_count; i++) {
        items[i] = (struct entry){.form = form, .columns = columns, .row = i};
    }
    if (columns->row_count > 0) {
        qsort(items, columns->row_count, sizeof *items, compare_entries);
    }
    *out = (struct side){.items = items, .count = columns->row_count};
    return ERR_OK;
}

/* The run of positions at the head of a side that have the key of this one. */
static struct side
cut_run(struct side *side, const struct entry *key)
{
    struct side run = {.items = side->items};

    while (run.count < side->count && compare_codes(&run.items[run.count], key, true) == 0) {
        run.count++;
    }
    side->items += run.count;
    side->count -= run.count;
    return run;
}

/* Whether every cell can be read: what cannot is never the same as anything. */
static bool
is_readable(const struct entry *entry)
{
    const struct columns *columns = entry->columns;

    for (size_t i = 0; i < entry->form->code_count; i++) {
        if (columns->code_states[i][entry->row] == CELL_UNKNOWN) {
            return false;
        }
    }
    for (size_t i = 0; i < entry->form->amount_count; i++) {
        if (columns->amount_states[i][entry->row] == CELL_UNKNOWN) {
            return false;
        }
    }
    return true;
}

/* Take what is the same out of both runs; what is left stands at their heads, in their order. */
static size_t
drop_same(struct side *before, struct side *after)
{
    size_t left_before = 0;
    size_t left_after = 0;
    size_t same = 0;
    size_t i = 0;
    size_t j = 0;

    while (i < before->count && j < after->count) {
        int order = compare_content(&before->items[i], &after->items[j]);
        if (order == 0 && is_readable(&before->items[i])) {
            same++;
            i++;
            j++;
        } else if (order <= 0) {
            before->items[left_before++] = before->items[i++];
        } else {
            after->items[left_after++] = after->items[j++];
        }
    }
    while (i < before->count) {
        before->items[left_before++] = before->items[i++];
    }
    while (j < after->count) {
        after->items[left_after++] = after->items[j++];
    }
    before->count = left_before;
    after->count = left_after;
    return same;
}

static void
sort_by_row(struct side *side)
{
    if (side->count > 1) {
        qsort(side->items, side->count, sizeof *side->items, compare_rows);
    }
}

static void
pair_run(struct side before, struct side after, struct list *list)
{
    sort_by_row(&before);
    sort_by_row(&after);
    for (size_t i = 0; i < before.count || i < after.count; i++) {
        list->items[list->count++] =
            (struct pairing_pair){.before = i < before.count ? before.items[i].row : SIZE_MAX,
                                  .after = i < after.count ? after.items[i].row : SIZE_MAX};
    }
}

/* The smaller key of those at the heads; one of the sides is not at its end. */
static struct entry
next_key(const struct side *before, const struct side *after)
{
    if (after->count == 0
        || (before->count > 0 && compare_codes(before->items, after->items, true) <= 0)) {
        return before->items[0];
    }
    return after->items[0];
}

enum err
pairing_make(struct arena *arena, const struct form *form, const struct columns *before,
             const struct columns *after, struct pairing *out, struct fault *fault)
{
    struct side a = {0};
    struct side b = {0};
    struct list list = {
        .items = ARENA_NEW(arena, struct pairing_pair, before->row_count + after->row_count + 1)};
    size_t same = 0;

    if (list.items == NULL) {
        return FAIL(fault, ERR_MEMORY, "pairs of positions");
    }
    TRY(sort_side(arena, form, before, &a, fault));
    TRY(sort_side(arena, form, after, &b, fault));
    while (a.count > 0 || b.count > 0) {
        struct entry key = next_key(&a, &b);
        struct side  run_before = cut_run(&a, &key);
        struct side  run_after = cut_run(&b, &key);
        same += drop_same(&run_before, &run_after);
        pair_run(run_before, run_after, &list);
    }
    *out = (struct pairing){.pairs = list.items, .pair_count = list.count, .same = same};
    return ERR_OK;
}
