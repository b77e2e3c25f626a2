#include "validators/relation/origin.h"

#include "validators/relation/keyring.h"
#include "validators/relation/selection.h"

struct origin
origin_at(const struct relation *relation, size_t lane, size_t row)
{
    ENSURE(lane < relation->lane_count && row < relation->row_count);
    const struct relation_lane *at = &relation->lanes[lane];
    uint32_t                    ordinal = at->ordinals == NULL ? (uint32_t)row : at->ordinals[row];

    if (ordinal == RELATION_NOWHERE) {
        return (struct origin){NULL, ordinal};
    }
    return (struct origin){at->sources[at->which == NULL ? 0 : at->which[row]], ordinal};
}

/* Count, then place: rows ascending within each group. */
static enum err
sort_rows(struct arena *arena, const uint32_t *numbers, size_t row_count, size_t group_count,
          struct origin_members *out, struct fault *fault)
{
    struct origin_members made = {.ends = ARENA_NEW(arena, size_t, group_count)};
    size_t                total = 0;

    if (made.ends == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu groups", group_count);
    }
    for (size_t row = 0; row < row_count; row++) {
        if (numbers[row] != RELATION_NOWHERE) {
            made.ends[numbers[row]]++;
            total++;
        }
    }
    made.rows = ARENA_NEW(arena, uint32_t, total);
    if (made.rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu members", total);
    }
    size_t begin = 0;
    for (size_t group = 0; group < group_count; group++) {
        size_t size = made.ends[group];
        made.ends[group] = begin; /* moves to the end as rows are placed */
        begin += size;
    }
    for (size_t row = 0; row < row_count; row++) {
        if (numbers[row] != RELATION_NOWHERE) {
            made.rows[made.ends[numbers[row]]++] = (uint32_t)row;
        }
    }
    *out = made;
    return ERR_OK;
}

static enum err
find_members(struct arena *arena, struct arena *scratch, const struct origin_source *source,
             const struct relation *wanted, struct origin_members *out, struct fault *fault)
{
    struct keyring_side sides[] = {
        {wanted,          source->keys},
        {source->members, source->keys},
    };
    struct keyring *ring = NULL;
    size_t          rows = source->members->row_count;
    uint32_t       *groups = ARENA_NEW(scratch, uint32_t, wanted->row_count);
    uint32_t       *numbers = ARENA_NEW(scratch, uint32_t, rows);

    if (groups == NULL || numbers == NULL) {
        return FAIL(fault, ERR_MEMORY, "the members of %zu groups", wanted->row_count);
    }
    TRY(keyring_create(scratch, sides, ARRAY_COUNT(sides), source->key_count, &ring, fault));
    TRY(keyring_add(ring, 0, groups, fault));
    ENSURE(keyring_count(ring) == wanted->row_count); /* no group is asked for twice */
    keyring_find(ring, 1, numbers);
    return sort_rows(arena, numbers, rows, wanted->row_count, out, fault);
}

/* The first members of the groups asked for, with their keys. */
static enum err
take_firsts(struct arena *scratch, const struct origin_source *source, const uint32_t *ordinals,
            size_t count, struct relation *out, struct fault *fault)
{
    uint32_t *rows = ARENA_NEW(scratch, uint32_t, count);

    if (rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "the members of %zu groups", count);
    }
    for (size_t i = 0; i < count; i++) {
        rows[i] = source->firsts[ordinals[i]];
    }
    return selection_rows(scratch, source->members, rows, count, out, fault);
}

static enum err
find_nothing(struct arena *arena, size_t count, struct origin_members *out, struct fault *fault)
{
    struct origin_members none = {.ends = ARENA_NEW(arena, size_t, count)};

    if (none.ends == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu groups", count);
    }
    *out = none;
    return ERR_OK;
}

enum err
origin_members(struct arena *arena, const struct origin_source *source, const uint32_t *ordinals,
               size_t count, struct origin_members *out, struct fault *fault)
{
    struct relation wanted = {0};

    ENSURE(source->members != NULL);
    if (source->members->row_count == 0 || count == 0) {
        return find_nothing(arena, count, out, fault);
    }
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err      got = take_firsts(scratch, source, ordinals, count, &wanted, fault);
    if (got == ERR_OK) {
        got = find_members(arena, scratch, source, &wanted, out, fault);
    }
    arena_destroy(scratch);
    return got;
}
