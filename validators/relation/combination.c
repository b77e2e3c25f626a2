#include "validators/relation/combination.h"

#include "validators/relation/column.h"
#include "validators/relation/keyring.h"
#include "validators/relation/lanes.h"
#include "validators/relation/selection.h"

/* A combination at work. */
struct blend {
    struct arena             *arena;
    struct arena             *scratch;
    const struct combination *combination;
    size_t                    identifier_count;
    size_t (*maps)[RELATION_COMPONENTS_MAX]; /* of the first's components in each */
    size_t (*keys)[RELATION_COMPONENTS_MAX]; /* the identifiers in each */
    struct keyring_side *sides;
    struct keyring      *ring;
    uint8_t             *which; /* operand of each row of the result */
    uint32_t            *rows;  /* and the row there */
    size_t               count;
};

/* Where the components of the first stand in another operand. */
static enum err
map_components(const struct relation *first, const struct relation *other, size_t *map,
               struct fault *fault)
{
    if (other->component_count != first->component_count) {
        return FAIL(fault, ERR_USAGE, "%zu components beside %zu", other->component_count,
                    first->component_count);
    }
    for (size_t i = 0; i < first->component_count; i++) {
        const struct relation_component *wanted = &first->components[i];
        size_t                           at = relation_find(other, wanted->name);
        if (at == RELATION_NONE || other->components[at].role != wanted->role
            || other->components[at].type != wanted->type
            || other->components[at].scale != wanted->scale) {
            return FAIL(fault, ERR_USAGE,
                        "component '%.*s' is missing, or of another role, type or scale",
                        STR_ARG(wanted->name));
        }
        map[i] = at;
    }
    return ERR_OK;
}

static enum err
prepare(struct blend *blend, struct fault *fault)
{
    const struct combination *combination = blend->combination;
    const struct relation    *first = combination->operands[0];
    size_t                    identifiers[RELATION_COMPONENTS_MAX];
    size_t                    size = sizeof *blend->maps;

    blend->maps = arena_array(blend->scratch, combination->count, size, alignof(size_t));
    blend->keys = arena_array(blend->scratch, combination->count, size, alignof(size_t));
    blend->sides = ARENA_NEW(blend->scratch, struct keyring_side, combination->count);
    if (blend->maps == NULL || blend->keys == NULL || blend->sides == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu operands", combination->count);
    }
    blend->identifier_count = relation_identifiers(first, identifiers);
    for (size_t i = 0; i < combination->count; i++) {
        ENSURE(combination->operands[i]->vocabulary == first->vocabulary);
        TRY(map_components(first, combination->operands[i], blend->maps[i], fault));
        for (size_t key = 0; key < blend->identifier_count; key++) {
            blend->keys[i][key] = blend->maps[i][identifiers[key]];
        }
        blend->sides[i] = (struct keyring_side){combination->operands[i], blend->keys[i]};
    }
    return keyring_create(blend->scratch, blend->sides, combination->count, blend->identifier_count,
                          &blend->ring, fault);
}

static enum err
make_numbers(struct blend *blend, size_t operand, uint32_t **out, struct fault *fault)
{
    size_t rows = blend->combination->operands[operand]->row_count;

    *out = ARENA_NEW(blend->scratch, uint32_t, rows);
    return *out == NULL ? FAIL(fault, ERR_MEMORY, "the identifiers of %zu rows", rows) : ERR_OK;
}

static void
take(struct blend *blend, size_t operand, size_t row)
{
    blend->which[blend->count] = (uint8_t)operand;
    blend->rows[blend->count++] = (uint32_t)row;
}

static enum err
unite(struct blend *blend, struct fault *fault)
{
    for (size_t i = 0; i < blend->combination->count; i++) {
        uint32_t *numbers = NULL;
        TRY(make_numbers(blend, i, &numbers, fault));
        TRY(keyring_add(blend->ring, i, numbers, fault));
        const struct keyring_first *firsts = keyring_firsts(blend->ring);
        for (size_t row = 0; row < blend->combination->operands[i]->row_count; row++) {
            if (numbers[row] == RELATION_NOWHERE
                || (firsts[numbers[row]].side == i && firsts[numbers[row]].row == row)) {
                take(blend, i, row);
            }
        }
    }
    return ERR_OK;
}

/* Another operand's rows: those that stand in the first and in all before count once more. */
static enum err
mark_hits(struct blend *blend, size_t operand, uint8_t *hits, struct fault *fault)
{
    uint32_t *numbers = NULL;

    TRY(make_numbers(blend, operand, &numbers, fault));
    keyring_find(blend->ring, operand, numbers);
    for (size_t row = 0; row < blend->combination->operands[operand]->row_count; row++) {
        if (numbers[row] != RELATION_NOWHERE && hits[numbers[row]] == operand - 1) {
            hits[numbers[row]]++;
        }
    }
    return ERR_OK;
}

/* The rows of the second that do not stand in the first. */
static enum err
take_second(struct blend *blend, struct fault *fault)
{
    uint32_t *numbers = NULL;

    TRY(make_numbers(blend, 1, &numbers, fault));
    keyring_find(blend->ring, 1, numbers);
    for (size_t row = 0; row < blend->combination->operands[1]->row_count; row++) {
        if (numbers[row] == RELATION_NOWHERE) {
            take(blend, 1, row);
        }
    }
    return ERR_OK;
}

/* The rows of the first that stand in every other, or in none, and, of a symmetric difference,
 * those of the second that do not stand in the first. */
static enum err
sift(struct blend *blend, struct fault *fault)
{
    const struct combination *combination = blend->combination;
    size_t                    rows = combination->operands[0]->row_count;
    size_t    wanted = combination->operation == COMBINATION_INTERSECT ? combination->count - 1 : 0;
    uint32_t *numbers = NULL;
    uint8_t  *hits = ARENA_NEW(blend->scratch, uint8_t, rows);

    if (hits == NULL) {
        return FAIL(fault, ERR_MEMORY, "the marks of %zu rows", rows);
    }
    TRY(make_numbers(blend, 0, &numbers, fault));
    TRY(keyring_add(blend->ring, 0, numbers, fault));
    for (size_t i = 1; i < combination->count; i++) {
        TRY(mark_hits(blend, i, hits, fault));
    }
    for (size_t row = 0; row < rows; row++) {
        size_t found = numbers[row] == RELATION_NOWHERE ? 0 : hits[numbers[row]];
        if (found == wanted) {
            take(blend, 0, row);
        }
    }
    return combination->operation == COMBINATION_SYMDIFF ? take_second(blend, fault) : ERR_OK;
}

/* Component i of every operand, picked together. */
static enum err
pick_column(struct blend *blend, size_t component, struct relation_column *out, struct fault *fault)
{
    const struct combination *combination = blend->combination;
    struct relation_column    columns[COMBINATION_OPERANDS_MAX];

    for (size_t i = 0; i < combination->count; i++) {
        columns[i] = combination->operands[i]->columns[blend->maps[i][component]];
    }
    struct column_pick pick = {columns, combination->count, blend->which, blend->rows,
                               blend->count};
    return column_of_pick(blend->arena, &pick, out, fault);
}

static enum err
make_result(struct blend *blend, struct relation *out, struct fault *fault)
{
    const struct combination *combination = blend->combination;
    struct relation           made = *combination->operands[0];
    struct relation_column   *columns =
        ARENA_NEW(blend->arena, struct relation_column, made.component_count);
    struct lanes_pick lanes = {combination->operands, combination->count, blend->which, blend->rows,
                               blend->count};

    if (columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", made.component_count);
    }
    for (size_t i = 0; i < made.component_count; i++) {
        TRY(pick_column(blend, i, &columns[i], fault));
    }
    TRY(lanes_of_pick(blend->arena, &lanes, &made, fault));
    made.columns = columns;
    made.row_count = blend->count;
    *out = made;
    return ERR_OK;
}

static enum err
work(struct blend *blend, struct relation *out, struct fault *fault)
{
    const struct combination *combination = blend->combination;
    size_t                    room = 0;

    for (size_t i = 0; i < combination->count; i++) {
        room += combination->operands[i]->row_count;
    }
    blend->which = ARENA_NEW(blend->scratch, uint8_t, room);
    blend->rows = ARENA_NEW(blend->scratch, uint32_t, room);
    if (blend->which == NULL || blend->rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "a combination of %zu rows", room);
    }
    TRY(prepare(blend, fault));
    if (combination->operation == COMBINATION_UNION) {
        TRY(unite(blend, fault));
    } else {
        TRY(sift(blend, fault));
    }
    if (blend->count > RELATION_ROWS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu rows, at most %d", blend->count, RELATION_ROWS_MAX);
    }
    if (combination->operation == COMBINATION_UNION
        || combination->operation == COMBINATION_SYMDIFF) {
        return make_result(blend, out, fault);
    }
    return selection_rows(blend->arena, combination->operands[0], blend->rows, blend->count, out,
                          fault);
}

enum err
combination_run(struct arena *arena, const struct combination *combination, struct relation *out,
                struct fault *fault)
{
    struct blend blend = {.arena = arena, .combination = combination};
    bool         pair = combination->operation == COMBINATION_SETDIFF
                || combination->operation == COMBINATION_SYMDIFF;

    if (combination->count < 1 || (pair && combination->count != 2)) {
        return FAIL(fault, ERR_USAGE, "a combination of %zu operands", combination->count);
    }
    if (combination->count > COMBINATION_OPERANDS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu operands, at most %d", combination->count,
                    COMBINATION_OPERANDS_MAX);
    }
    blend.scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err got = work(&blend, out, fault);
    arena_destroy(blend.scratch);
    return got;
}
