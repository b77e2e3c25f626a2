#include "validators/relation/join.h"

#include "validators/relation/column.h"
#include "validators/relation/keyring.h"
#include "validators/relation/lanes.h"

/* A join at work: which row of left stands beside which row of right. */
struct joint {
    struct arena      *arena;
    struct arena      *scratch;
    const struct join *join;
    size_t             others[RELATION_COMPONENTS_MAX]; /* of right: what is not a key */
    size_t             other_count;
    uint32_t          *left_numbers;  /* of the keys of left in the keyring, or NOWHERE */
    uint32_t          *right_numbers; /* of the keys of right */
    size_t             key_count;     /* different keys of right */
    uint32_t          *begins;        /* of the rows of each key; key_count + 1 */
    uint32_t          *rows;          /* of right, by key, then ascending */
    uint32_t          *left_rows;     /* of the result, or NOWHERE */
    uint32_t          *right_rows;
    size_t             count;
};

static bool
is_same_kind(const struct relation_component *a, const struct relation_component *b)
{
    return a->type == b->type && a->scale == b->scale;
}

enum err
join_common(const struct relation *left, const struct relation *right, size_t *left_keys,
            size_t *right_keys, size_t *key_count, struct fault *fault)
{
    size_t count = 0;

    for (size_t i = 0; i < left->component_count; i++) {
        const struct relation_component *component = &left->components[i];
        size_t                           at = relation_find(right, component->name);
        if (component->role != RELATION_IDENTIFIER || at == RELATION_NONE
            || right->components[at].role != RELATION_IDENTIFIER) {
            continue;
        }
        if (!is_same_kind(component, &right->components[at])) {
            return FAIL(fault, ERR_USAGE, "identifier '%.*s' differs in type or scale",
                        STR_ARG(component->name));
        }
        left_keys[count] = i;
        right_keys[count++] = at;
    }
    *key_count = count;
    return ERR_OK;
}

static enum err
check_keys(const struct join *join, struct fault *fault)
{
    ENSURE(join->left->vocabulary == join->right->vocabulary);
    if (join->key_count > RELATION_COMPONENTS_MAX) {
        return FAIL(fault, ERR_USAGE, "%zu keys", join->key_count);
    }
    for (size_t i = 0; i < join->key_count; i++) {
        size_t left = join->left_keys[i];
        size_t right = join->right_keys[i];
        if (left >= join->left->component_count || right >= join->right->component_count
            || !is_same_kind(&join->left->components[left], &join->right->components[right])) {
            return FAIL(fault, ERR_USAGE, "key %zu is missing, or differs in type or scale", i);
        }
    }
    return ERR_OK;
}

static bool
is_key(const struct join *join, size_t right)
{
    for (size_t i = 0; i < join->key_count; i++) {
        if (join->right_keys[i] == right) {
            return true;
        }
    }
    return false;
}

/* What right adds, and that no name stands twice then. */
static enum err
list_others(struct joint *joint, struct fault *fault)
{
    const struct relation *left = joint->join->left;
    const struct relation *right = joint->join->right;

    for (size_t i = 0; i < right->component_count; i++) {
        if (is_key(joint->join, i)) {
            continue;
        }
        if (relation_find(left, right->components[i].name) != RELATION_NONE) {
            return FAIL(fault, ERR_USAGE, "both sides have a component '%.*s'",
                        STR_ARG(right->components[i].name));
        }
        joint->others[joint->other_count++] = i;
    }
    if (left->component_count + joint->other_count > RELATION_COMPONENTS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu components, at most %d",
                    left->component_count + joint->other_count, RELATION_COMPONENTS_MAX);
    }
    return ERR_OK;
}

static enum err
number_keys(struct joint *joint, struct fault *fault)
{
    const struct join  *join = joint->join;
    struct keyring     *ring = NULL;
    struct keyring_side sides[] = {
        {join->left,  join->left_keys },
        {join->right, join->right_keys},
    };

    joint->left_numbers = ARENA_NEW(joint->scratch, uint32_t, join->left->row_count);
    joint->right_numbers = ARENA_NEW(joint->scratch, uint32_t, join->right->row_count);
    if (joint->left_numbers == NULL || joint->right_numbers == NULL) {
        return FAIL(fault, ERR_MEMORY, "the keys of %zu and %zu rows", join->left->row_count,
                    join->right->row_count);
    }
    TRY(keyring_create(joint->scratch, sides, ARRAY_COUNT(sides), join->key_count, &ring, fault));
    TRY(keyring_add(ring, 1, joint->right_numbers, fault));
    keyring_find(ring, 0, joint->left_numbers);
    joint->key_count = keyring_count(ring);
    return ERR_OK;
}

/* The rows of right, by key. */
static enum err
sort_right(struct joint *joint, struct fault *fault)
{
    size_t          row_count = joint->join->right->row_count;
    const uint32_t *numbers = joint->right_numbers;

    joint->begins = ARENA_NEW(joint->scratch, uint32_t, joint->key_count + 2);
    joint->rows = ARENA_NEW(joint->scratch, uint32_t, row_count);
    if (joint->begins == NULL || joint->rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "the order of %zu rows", row_count);
    }
    /* Counted two places further, begins are ends of the key before while rows are placed. */
    for (size_t row = 0; row < row_count; row++) {
        joint->begins[numbers[row] == RELATION_NOWHERE ? 0 : numbers[row] + 2]++;
    }
    joint->begins[0] = 0;
    for (size_t key = 2; key < joint->key_count + 2; key++) {
        joint->begins[key] += joint->begins[key - 1];
    }
    for (size_t row = 0; row < row_count; row++) {
        if (numbers[row] != RELATION_NOWHERE) {
            joint->rows[joint->begins[numbers[row] + 1]++] = (uint32_t)row;
        }
    }
    return ERR_OK;
}

/* How many rows of right match a row of left. */
static size_t
matches_of(const struct joint *joint, size_t row)
{
    uint32_t number = joint->left_numbers[row];

    return number == RELATION_NOWHERE ? 0 : joint->begins[number + 1] - joint->begins[number];
}

static size_t
count_rows(const struct joint *joint)
{
    bool   keep = joint->join->kind != JOIN_INNER;
    size_t count = 0;

    for (size_t row = 0; row < joint->join->left->row_count; row++) {
        size_t matches = matches_of(joint, row);
        count += matches == 0 && keep ? 1 : matches;
    }
    return count;
}

static void
pair_left(struct joint *joint, uint8_t *matched)
{
    bool keep = joint->join->kind != JOIN_INNER;

    for (size_t row = 0; row < joint->join->left->row_count; row++) {
        size_t matches = matches_of(joint, row);
        for (size_t i = 0; i < matches; i++) {
            uint32_t right = joint->rows[joint->begins[joint->left_numbers[row]] + i];
            joint->left_rows[joint->count] = (uint32_t)row;
            joint->right_rows[joint->count++] = right;
            matched[right] = 1;
        }
        if (matches == 0 && keep) {
            joint->left_rows[joint->count] = (uint32_t)row;
            joint->right_rows[joint->count++] = RELATION_NOWHERE;
        }
    }
}

static void
pair_right(struct joint *joint, const uint8_t *matched)
{
    for (size_t row = 0; row < joint->join->right->row_count; row++) {
        if (matched[row] == 0) {
            joint->left_rows[joint->count] = RELATION_NOWHERE;
            joint->right_rows[joint->count++] = (uint32_t)row;
        }
    }
}

static enum err
pair(struct joint *joint, struct fault *fault)
{
    size_t   right_count = joint->join->right->row_count;
    bool     full = joint->join->kind == JOIN_FULL;
    size_t   room = count_rows(joint);
    uint8_t *matched = ARENA_NEW(joint->scratch, uint8_t, right_count);

    /* Unmatched rows of right are not counted yet: there are at most all. */
    if (room > RELATION_ROWS_MAX) {
        return FAIL(fault, ERR_LIMIT, "a join of %zu rows, at most %d", room, RELATION_ROWS_MAX);
    }
    room += full ? right_count : 0;
    joint->left_rows = ARENA_NEW(joint->scratch, uint32_t, room);
    joint->right_rows = ARENA_NEW(joint->scratch, uint32_t, room);
    if (matched == NULL || joint->left_rows == NULL || joint->right_rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "a join of %zu rows", room);
    }
    pair_left(joint, matched);
    if (full) {
        pair_right(joint, matched);
    }
    if (joint->count > RELATION_ROWS_MAX) {
        return FAIL(fault, ERR_LIMIT, "a join of %zu rows, at most %d", joint->count,
                    RELATION_ROWS_MAX);
    }
    return ERR_OK;
}

/* Whether the result has the rows of left, in their order, and nothing else: they are shared. */
static bool
is_left_as_is(const struct joint *joint)
{
    bool same = joint->count == joint->join->left->row_count;

    for (size_t i = 0; same && i < joint->count; i++) {
        same = joint->left_rows[i] == i;
    }
    return same;
}

/* A key of a full join: that of whichever side is there. */
static enum err
unite_key(const struct joint *joint, size_t key, struct relation_column *out, struct fault *fault)
{
    const struct join           *join = joint->join;
    const struct relation_column columns[] = {
        join->left->columns[join->left_keys[key]],
        join->right->columns[join->right_keys[key]],
    };
    uint8_t  *which = ARENA_NEW(joint->scratch, uint8_t, joint->count);
    uint32_t *rows = ARENA_NEW(joint->scratch, uint32_t, joint->count);

    if (which == NULL || rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "the keys of %zu rows", joint->count);
    }
    for (size_t i = 0; i < joint->count; i++) {
        which[i] = joint->left_rows[i] == RELATION_NOWHERE;
        rows[i] = which[i] == 1 ? joint->right_rows[i] : joint->left_rows[i];
    }
    struct column_pick pick = {columns, ARRAY_COUNT(columns), which, rows, joint->count};
    return column_of_pick(joint->arena, &pick, out, fault);
}

static enum err
make_columns(const struct joint *joint, struct relation_column *columns, struct fault *fault)
{
    const struct join     *join = joint->join;
    const struct relation *left = join->left;

    if (is_left_as_is(joint)) {
        for (size_t i = 0; i < left->component_count; i++) {
            columns[i] = left->columns[i];
        }
    } else {
        for (size_t i = 0; i < left->component_count; i++) {
            TRY(column_gather(joint->arena, &left->columns[i], joint->left_rows, joint->count,
                              &columns[i], fault));
        }
    }
    for (size_t key = 0; join->kind == JOIN_FULL && key < join->key_count; key++) {
        TRY(unite_key(joint, key, &columns[join->left_keys[key]], fault));
    }
    for (size_t i = 0; i < joint->other_count; i++) {
        TRY(column_gather(joint->arena, &join->right->columns[joint->others[i]], joint->right_rows,
                          joint->count, &columns[left->component_count + i], fault));
    }
    return ERR_OK;
}

/* As many of the right one's lanes as fit behind the left one's (origin.h). */
static size_t
lanes_kept(const struct join *join)
{
    size_t room = RELATION_LANES_MAX - join->left->lane_count;

    return join->right->lane_count < room ? join->right->lane_count : room;
}

static enum err
make_lanes(const struct joint *joint, struct relation_lane *lanes, struct fault *fault)
{
    const struct relation *left = joint->join->left;
    struct relation        right = *joint->join->right;

    if (is_left_as_is(joint)) {
        for (size_t i = 0; i < left->lane_count; i++) {
            lanes[i] = left->lanes[i];
        }
    } else {
        TRY(lanes_gather(joint->arena, left, joint->left_rows, joint->count, lanes, fault));
    }
    right.lane_count = lanes_kept(joint->join);
    return lanes_gather(joint->arena, &right, joint->right_rows, joint->count,
                        lanes + left->lane_count, fault);
}

static enum err
make_result(const struct joint *joint, struct relation *out, struct fault *fault)
{
    const struct relation     *left = joint->join->left;
    const struct relation     *right = joint->join->right;
    size_t                     count = left->component_count + joint->other_count;
    size_t                     lane_count = left->lane_count + lanes_kept(joint->join);
    struct relation_component *components =
        ARENA_NEW(joint->arena, struct relation_component, count);
    struct relation_column *columns = ARENA_NEW(joint->arena, struct relation_column, count);
    struct relation_lane   *lanes = ARENA_NEW(joint->arena, struct relation_lane, lane_count);

    if (components == NULL || columns == NULL || lanes == NULL) {
        return FAIL(fault, ERR_MEMORY, "a join of %zu components", count);
    }
    for (size_t i = 0; i < left->component_count; i++) {
        components[i] = left->components[i];
    }
    for (size_t i = 0; i < joint->other_count; i++) {
        components[left->component_count + i] = right->components[joint->others[i]];
    }
    TRY(make_columns(joint, columns, fault));
    TRY(make_lanes(joint, lanes, fault));
    *out = (struct relation){left->vocabulary, count,      components, columns,
                             joint->count,     lane_count, lanes};
    return ERR_OK;
}

static enum err
work(struct joint *joint, struct relation *out, struct fault *fault)
{
    TRY(number_keys(joint, fault));
    TRY(sort_right(joint, fault));
    TRY(pair(joint, fault));
    return make_result(joint, out, fault);
}

enum err
join_run(struct arena *arena, const struct join *join, struct relation *out, struct fault *fault)
{
    struct joint joint = {.arena = arena, .join = join};

    TRY(check_keys(join, fault));
    TRY(list_others(&joint, fault));
    joint.scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err got = work(&joint, out, fault);
    arena_destroy(joint.scratch);
    return got;
}
