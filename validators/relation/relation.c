#include "validators/relation/relation.h"

#include "validators/relation/column.h"
#include "validators/relation/keyring.h"
#include "validators/relation/lanes.h"
#include "validators/relation/timespan.h"

/* What is wrong with a column: the first row, and in which way. */
struct defect {
    const char *what; /* NULL: nothing */
    size_t      row;
};

size_t
relation_find(const struct relation *relation, struct str name)
{
    for (size_t i = 0; i < relation->component_count; i++) {
        if (str_equal(relation->components[i].name, name)) {
            return i;
        }
    }
    return RELATION_NONE;
}

size_t
relation_identifiers(const struct relation *relation, size_t *numbers)
{
    size_t count = 0;

    for (size_t i = 0; i < relation->component_count; i++) {
        if (relation->components[i].role == RELATION_IDENTIFIER) {
            numbers[count++] = i;
        }
    }
    return count;
}

enum relation_state
relation_state(const struct relation *relation, size_t component, size_t row)
{
    ENSURE(component < relation->component_count && row < relation->row_count);
    return column_state(&relation->columns[component], row);
}

struct relation_value
relation_value(const struct relation *relation, size_t component, size_t row)
{
    ENSURE(component < relation->component_count && row < relation->row_count);
    return column_value(&relation->columns[component], row);
}

static enum err
check_components(const struct relation *made, struct fault *fault)
{
    for (size_t i = 0; i < made->component_count; i++) {
        const struct relation_component *component = &made->components[i];
        bool                             number = component->type == RELATION_NUMBER;
        if (component->name.size == 0) {
            return FAIL(fault, ERR_USAGE, "component %zu has no name", i);
        }
        if (relation_find(made, component->name) != i) {
            return FAIL(fault, ERR_USAGE, "two components are named '%.*s'",
                        STR_ARG(component->name));
        }
        if ((unsigned)component->type >= RELATION_TYPES
            || (unsigned)component->role > RELATION_ATTRIBUTE || component->scale < 0
            || component->scale > (number ? RELATION_SCALE_MAX : 0)) {
            return FAIL(fault, ERR_USAGE, "component '%.*s': type, role or scale %d is none",
                        STR_ARG(component->name), component->scale);
        }
    }
    return ERR_OK;
}

/* The one array that a column of this type has. */
static bool
has_array(enum relation_type type, const struct relation_column *column)
{
    bool strings = type == RELATION_STRING;
    bool numbers = type == RELATION_NUMBER || type == RELATION_INTEGER;

    return (column->ids != NULL) == strings && (column->wide == NULL || numbers)
           && (column->values != NULL) == (!strings && column->wide == NULL);
}

static const char *
defect_of_value(enum relation_type type, struct relation_value value, size_t text_count)
{
    bool present = value.state == RELATION_PRESENT;

    if (value.state > RELATION_FAILED) {
        return "its state is none";
    }
    if (!present && value.number != 0) {
        return "a cell without a value is not 0";
    }
    if (type == RELATION_BOOLEAN && (value.number < 0 || value.number > 1)) {
        return "a boolean is neither 0 nor 1";
    }
    if (type == RELATION_TIME_PERIOD && present && !timespan_known((int64_t)value.number)) {
        return "a time_period is none";
    }
    if (type == RELATION_STRING
        && (present == (value.number == 0) || value.number >= (amount_wide)text_count)) {
        return "a string is not of the vocabulary";
    }
    return NULL;
}

static struct defect
defect_of_column(const struct relation *made, size_t at)
{
    const struct relation_component *component = &made->components[at];
    const struct relation_column    *column = &made->columns[at];
    bool                             identifier = component->role == RELATION_IDENTIFIER;
    bool                             wide = column->wide == NULL;

    for (size_t row = 0; row < made->row_count; row++) {
        struct relation_value value = column_value(column, row);
        const char *what = defect_of_value(component->type, value, made->vocabulary->count);
        if (what == NULL && identifier && value.state != RELATION_PRESENT) {
            what = "an identifier is not present";
        }
        if (what != NULL) {
            return (struct defect){what, row};
        }
        wide = wide || value.number < INT64_MIN || value.number > INT64_MAX;
    }
    return (struct defect){wide ? NULL : "is wide without need", 0};
}

/* Whether every string is there and one of the vocabulary. */
static bool
are_texts(const uint32_t *ids, size_t count, size_t text_count)
{
    const uint32_t limit = text_count > UINT32_MAX ? UINT32_MAX : (uint32_t)text_count;
    uint32_t       beyond = 0;

    for (size_t row = 0; row < count; row++) {
        beyond |= ids[row] - 1 < limit - 1 ? 0U : 1U; /* 0 becomes the largest number */
    }
    return beyond == 0;
}

/* Whether every number has a state, and is 0 where it does not count. */
static bool
are_numbers(const int64_t *values, const uint8_t *states, size_t count)
{
    unsigned wrong = 0;

    for (size_t row = 0; row < count; row++) {
        wrong |= states[row] > RELATION_FAILED ? 1U : 0U;
        wrong |= states[row] != RELATION_PRESENT && values[row] != 0 ? 1U : 0U;
    }
    return wrong == 0;
}

/* What most columns are: texts that are all there, and numbers. True: it has no defect. */
static bool
is_plain(const struct relation *made, size_t at)
{
    const struct relation_column *column = &made->columns[at];
    enum relation_type            type = made->components[at].type;

    if (type == RELATION_STRING) {
        return column->states == NULL
               && are_texts(column->ids, made->row_count, made->vocabulary->count);
    }
    if ((type != RELATION_NUMBER && type != RELATION_INTEGER) || column->values == NULL) {
        return false;
    }
    return column->states == NULL
           || (made->components[at].role != RELATION_IDENTIFIER
               && are_numbers(column->values, column->states, made->row_count));
}

static enum err
check_columns(const struct relation *made, struct fault *fault)
{
    for (size_t i = 0; i < made->component_count; i++) {
        const struct relation_component *component = &made->components[i];
        if (!has_array(component->type, &made->columns[i])) {
            return FAIL(fault, ERR_USAGE, "component '%.*s': its column is of another type",
                        STR_ARG(component->name));
        }
        struct defect defect = {0};
        if (!is_plain(made, i)) {
            defect = defect_of_column(made, i);
        }
        if (defect.what != NULL) {
            return FAIL(fault, ERR_USAGE, "component '%.*s', row %zu: %s", STR_ARG(component->name),
                        defect.row, defect.what);
        }
    }
    return ERR_OK;
}

enum err
relation_create(struct arena *arena, const struct relation *made, uint32_t dataset,
                struct relation *out, struct fault *fault)
{
    struct relation relation = *made;

    ENSURE(made->vocabulary != NULL);
    if (made->component_count > RELATION_COMPONENTS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu components, at most %d", made->component_count,
                    RELATION_COMPONENTS_MAX);
    }
    if (made->row_count > RELATION_ROWS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu rows, at most %d", made->row_count, RELATION_ROWS_MAX);
    }
    TRY(check_components(made, fault));
    TRY(check_columns(made, fault));
    struct origin_source *source = ARENA_NEW(arena, struct origin_source, 1);
    if (source == NULL) {
        return FAIL(fault, ERR_MEMORY, "a relation");
    }
    source->dataset = dataset;
    TRY(lanes_of_source(arena, source, &relation.lanes, fault));
    relation.lane_count = 1;
    *out = relation;
    return ERR_OK;
}

static enum err
find_duplicate(struct arena *scratch, const struct relation *relation,
               struct relation_duplicate *out, struct fault *fault)
{
    size_t              identifiers[RELATION_COMPONENTS_MAX];
    size_t              count = relation_identifiers(relation, identifiers);
    struct keyring_side side = {relation, identifiers};
    struct keyring     *ring = NULL;
    uint32_t           *numbers = ARENA_NEW(scratch, uint32_t, relation->row_count);

    if (numbers == NULL) {
        return FAIL(fault, ERR_MEMORY, "the identifiers of %zu rows", relation->row_count);
    }
    TRY(keyring_create(scratch, &side, 1, count, &ring, fault));
    TRY(keyring_add(ring, 0, numbers, fault));
    *out = (struct relation_duplicate){0};
    /* As long as no row repeats another, numbers are those of the rows. */
    for (size_t row = 0; row < relation->row_count && !out->found; row++) {
        if (numbers[row] != row) {
            uint32_t first = keyring_firsts(ring)[numbers[row]].row;
            *out = (struct relation_duplicate){true, first, (uint32_t)row};
        }
    }
    return ERR_OK;
}

enum err
relation_duplicate(struct arena *arena, const struct relation *relation,
                   struct relation_duplicate *out, struct fault *fault)
{
    struct arena *scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err      got = find_duplicate(scratch, relation, out, fault);

    arena_destroy(scratch);
    return got;
}
