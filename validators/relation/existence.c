#include "validators/relation/existence.h"

#include "validators/relation/join.h"
#include "validators/relation/keyring.h"
#include "validators/relation/projection.h"
#include "validators/relation/selection.h"

/* The common identifiers; the operator wants all of one side's among them. */
static enum err
find_keys(const struct existence *existence, size_t *left_keys, size_t *right_keys, size_t *count,
          struct fault *fault)
{
    size_t numbers[RELATION_COMPONENTS_MAX];

    TRY(join_common(existence->left, existence->right, left_keys, right_keys, count, fault));
    if (*count != relation_identifiers(existence->left, numbers)
        && *count != relation_identifiers(existence->right, numbers)) {
        return FAIL(fault, ERR_USAGE, "neither side has all identifiers of the other");
    }
    return ERR_OK;
}

/* found[row] of left: 1 if its key stands in right. */
static enum err
look_up(struct arena *scratch, const struct keyring_side *sides, size_t key_count, int64_t *found,
        struct fault *fault)
{
    size_t          rows = sides[0].relation->row_count;
    struct keyring *ring = NULL;
    uint32_t       *numbers = ARENA_NEW(scratch, uint32_t, rows);
    uint32_t       *others = ARENA_NEW(scratch, uint32_t, sides[1].relation->row_count);

    if (numbers == NULL || others == NULL) {
        return FAIL(fault, ERR_MEMORY, "the identifiers of %zu rows", rows);
    }
    TRY(keyring_create(scratch, sides, 2, key_count, &ring, fault));
    TRY(keyring_add(ring, 1, others, fault));
    keyring_find(ring, 0, numbers);
    for (size_t row = 0; row < rows; row++) {
        found[row] = numbers[row] != RELATION_NOWHERE;
    }
    return ERR_OK;
}

/* The rows of marked whose answer is wanted. */
static enum err
retain(struct arena *arena, struct arena *scratch, const struct existence *existence,
       const int64_t *found, struct relation *marked, struct fault *fault)
{
    uint8_t *mask = ARENA_NEW(scratch, uint8_t, marked->row_count);

    if (mask == NULL) {
        return FAIL(fault, ERR_MEMORY, "a mask of %zu rows", marked->row_count);
    }
    for (size_t row = 0; row < marked->row_count; row++) {
        mask[row] = (uint8_t)found[row];
    }
    uint8_t wanted = existence->retain == EXISTENCE_TRUE;
    return selection_filter(arena, marked, mask, wanted, marked, fault);
}

static enum err
work(struct arena *arena, struct arena *scratch, const struct existence *existence,
     struct relation *out, struct fault *fault)
{
    size_t   left_keys[RELATION_COMPONENTS_MAX];
    size_t   right_keys[RELATION_COMPONENTS_MAX];
    size_t   count = 0;
    int64_t *found = ARENA_NEW(arena, int64_t, existence->left->row_count);

    if (found == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu answers", existence->left->row_count);
    }
    TRY(find_keys(existence, left_keys, right_keys, &count, fault));
    struct keyring_side sides[] = {
        {existence->left,  left_keys },
        {existence->right, right_keys},
    };
    struct projection_addition answer = {
        {.name = existence->name,   .role = RELATION_MEASURE, .type = RELATION_BOOLEAN},
        {.values = found},
    };
    struct relation made = {0};
    TRY(look_up(scratch, sides, count, found, fault));
    TRY(projection_keep(arena, existence->left, NULL, 0, &made, fault));
    TRY(projection_calc(arena, &made, &answer, 1, &made, fault));
    if (existence->retain != EXISTENCE_ALL) {
        TRY(retain(arena, scratch, existence, found, &made, fault));
    }
    *out = made;
    return ERR_OK;
}

enum err
existence_run(struct arena *arena, const struct existence *existence, struct relation *out,
              struct fault *fault)
{
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err      got = work(arena, scratch, existence, out, fault);

    arena_destroy(scratch);
    return got;
}
