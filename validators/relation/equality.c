#include "validators/relation/equality.h"

#include "validators/relation/column.h"
#include "validators/relation/keyring.h"

/* Both relations, and where the components of left stand in right. */
struct likeness {
    const struct relation *left;
    const struct relation *right;
    size_t                 map[RELATION_COMPONENTS_MAX];
};

/* The first component that has no counterpart; true if all have one. */
static bool
match_components(struct likeness *likeness, struct equality *out)
{
    const struct relation *left = likeness->left;
    const struct relation *right = likeness->right;

    *out =
        (struct equality){EQUALITY_COMPONENTS, RELATION_NONE, RELATION_NOWHERE, RELATION_NOWHERE};
    for (size_t i = 0; i < left->component_count; i++) {
        const struct relation_component *wanted = &left->components[i];
        size_t                           at = relation_find(right, wanted->name);
        if (at == RELATION_NONE || right->components[at].role != wanted->role
            || right->components[at].type != wanted->type
            || right->components[at].scale != wanted->scale) {
            out->component = i;
            return false;
        }
        likeness->map[i] = at;
    }
    return left->component_count == right->component_count;
}

/* counterparts[row of right] = row of left with the same identifiers, or NOWHERE. */
static enum err
match_rows(struct arena *scratch, const struct likeness *likeness, uint32_t **counterparts,
           struct fault *fault)
{
    size_t              left_keys[RELATION_COMPONENTS_MAX];
    size_t              right_keys[RELATION_COMPONENTS_MAX];
    size_t              count = relation_identifiers(likeness->left, left_keys);
    struct keyring     *ring = NULL;
    struct keyring_side sides[] = {
        {likeness->left,  left_keys },
        {likeness->right, right_keys},
    };

    for (size_t i = 0; i < count; i++) {
        right_keys[i] = likeness->map[left_keys[i]];
    }
    uint32_t *numbers = ARENA_NEW(scratch, uint32_t, likeness->left->row_count);
    *counterparts = ARENA_NEW(scratch, uint32_t, likeness->right->row_count);
    if (numbers == NULL || *counterparts == NULL) {
        return FAIL(fault, ERR_MEMORY, "the identifiers of %zu rows", likeness->left->row_count);
    }
    TRY(keyring_create(scratch, sides, ARRAY_COUNT(sides), count, &ring, fault));
    TRY(keyring_add(ring, 0, numbers, fault));
    if (keyring_count(ring) != likeness->left->row_count) {
        return FAIL(fault, ERR_USAGE, "rows of the left side have the same identifiers");
    }
    keyring_find(ring, 1, *counterparts);
    return ERR_OK;
}

static bool
same_cell(const struct likeness *likeness, size_t component, size_t left_row, size_t right_row)
{
    struct relation_value left = column_value(&likeness->left->columns[component], left_row);
    struct relation_value right =
        column_value(&likeness->right->columns[likeness->map[component]], right_row);

    return left.state == right.state && left.number == right.number;
}

/* The first row of right that has no counterpart or another cell, then a row of left without. */
static struct equality
compare(const struct likeness *likeness, const uint32_t *counterparts, uint8_t *seen)
{
    struct equality same = {EQUALITY_SAME, RELATION_NONE, RELATION_NOWHERE, RELATION_NOWHERE};

    for (uint32_t row = 0; row < likeness->right->row_count; row++) {
        uint32_t left = counterparts[row];
        if (left == RELATION_NOWHERE || seen[left] != 0) {
            return (struct equality){EQUALITY_ROW_MISSING, RELATION_NONE, RELATION_NOWHERE, row};
        }
        seen[left] = 1;
        for (size_t i = 0; i < likeness->left->component_count; i++) {
            if (!same_cell(likeness, i, left, row)) {
                return (struct equality){EQUALITY_CELL, i, left, row};
            }
        }
    }
    for (uint32_t row = 0; row < likeness->left->row_count; row++) {
        if (seen[row] == 0) {
            return (struct equality){EQUALITY_ROW_MISSING, RELATION_NONE, row, RELATION_NOWHERE};
        }
    }
    return same;
}

static enum err
work(struct arena *scratch, const struct likeness *likeness, struct equality *out,
     struct fault *fault)
{
    uint32_t *counterparts = NULL;
    uint8_t  *seen = ARENA_NEW(scratch, uint8_t, likeness->left->row_count);

    if (seen == NULL) {
        return FAIL(fault, ERR_MEMORY, "the marks of %zu rows", likeness->left->row_count);
    }
    TRY(match_rows(scratch, likeness, &counterparts, fault));
    *out = compare(likeness, counterparts, seen);
    return ERR_OK;
}

enum err
equality_judge(struct arena *arena, const struct relation *left, const struct relation *right,
               struct equality *out, struct fault *fault)
{
    struct likeness likeness = {.left = left, .right = right};

    ENSURE(left->vocabulary == right->vocabulary);
    if (!match_components(&likeness, out)) {
        return ERR_OK;
    }
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err      got = work(scratch, &likeness, out, fault);
    arena_destroy(scratch);
    return got;
}
