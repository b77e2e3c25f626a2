#include "validators/relation/hierarchy.h"

#include "validators/relation/column.h"
#include "validators/relation/keyring.h"
#include "validators/relation/lanes.h"
#include "validators/relation/ledger.h"

/* A row of the result. */
struct verdict_row {
    uint32_t           base; /* a row of the place: its other identifiers */
    uint32_t           rule;
    struct ledger_line line;
};

/* A check at work. */
struct inquiry {
    struct arena           *arena;
    struct arena           *scratch;
    const struct hierarchy *hierarchy;
    size_t                  place_count;
    uint32_t               *ends; /* of the rows of each place */
    uint32_t               *rows; /* of the operand, by place, then ascending */
    struct verdict_row     *found;
    size_t                  count;
    size_t                  capacity;
};

static enum err
check_rules(const struct hierarchy *hierarchy, struct fault *fault)
{
    size_t texts = hierarchy->operand->vocabulary->count;

    if (hierarchy->rule_count > HIERARCHY_RULES_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu rules, at most %d", hierarchy->rule_count,
                    HIERARCHY_RULES_MAX);
    }
    for (size_t i = 0; i < hierarchy->rule_count; i++) {
        const struct hierarchy_rule *rule = &hierarchy->rules[i];
        bool known = rule->left != 0 && rule->left < texts && rule->name != 0 && rule->name < texts;
        if (rule->item_count > HIERARCHY_ITEMS_MAX) {
            return FAIL(fault, ERR_LIMIT, "rule %zu: %zu items, at most %d", i, rule->item_count,
                        HIERARCHY_ITEMS_MAX);
        }
        for (size_t item = 0; item < rule->item_count; item++) {
            known = known && rule->items[item].code < texts;
        }
        if (!known) {
            return FAIL(fault, ERR_USAGE, "rule %zu: a string is not of the vocabulary", i);
        }
    }
    return ERR_OK;
}

static enum err
check_components(const struct hierarchy *hierarchy, struct fault *fault)
{
    const struct relation *operand = hierarchy->operand;
    size_t                 code = hierarchy->code;
    size_t                 measure = hierarchy->measure;

    if (code >= operand->component_count || operand->components[code].role != RELATION_IDENTIFIER
        || operand->components[code].type != RELATION_STRING) {
        return FAIL(fault, ERR_USAGE, "component %zu is not an identifier of strings", code);
    }
    if (measure >= operand->component_count
        || operand->components[measure].role == RELATION_IDENTIFIER
        || operand->components[measure].type > RELATION_INTEGER) {
        return FAIL(fault, ERR_USAGE, "component %zu is not a measure of numbers", measure);
    }
    return check_rules(hierarchy, fault);
}

/* Count, then place, as many places as there are combinations of the other identifiers. */
static enum err
sort_rows(struct inquiry *inquiry, const uint32_t *numbers, struct fault *fault)
{
    size_t row_count = inquiry->hierarchy->operand->row_count;

    inquiry->ends = ARENA_NEW(inquiry->scratch, uint32_t, inquiry->place_count + 1);
    inquiry->rows = ARENA_NEW(inquiry->scratch, uint32_t, row_count);
    if (inquiry->ends == NULL || inquiry->rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "the places of %zu rows", row_count);
    }
    for (size_t row = 0; row < row_count; row++) {
        if (numbers[row] == RELATION_NOWHERE) {
            return FAIL(fault, ERR_USAGE, "row %zu: an identifier has no value", row);
        }
        inquiry->ends[numbers[row] + 1]++;
    }
    for (size_t place = 1; place <= inquiry->place_count; place++) {
        inquiry->ends[place] += inquiry->ends[place - 1];
    }
    for (size_t row = 0; row < row_count; row++) {
        inquiry->rows[inquiry->ends[numbers[row]]++] = (uint32_t)row;
    }
    return ERR_OK;
}

static enum err
find_places(struct inquiry *inquiry, struct fault *fault)
{
    const struct relation *operand = inquiry->hierarchy->operand;
    size_t                 identifiers[RELATION_COMPONENTS_MAX];
    size_t                 count = relation_identifiers(operand, identifiers);
    size_t                 others = 0;
    struct keyring        *ring = NULL;
    uint32_t              *numbers = ARENA_NEW(inquiry->scratch, uint32_t, operand->row_count);

    if (numbers == NULL) {
        return FAIL(fault, ERR_MEMORY, "the places of %zu rows", operand->row_count);
    }
    for (size_t i = 0; i < count; i++) {
        if (identifiers[i] != inquiry->hierarchy->code) {
            identifiers[others++] = identifiers[i];
        }
    }
    struct keyring_side side = {operand, identifiers};
    TRY(keyring_create(inquiry->scratch, &side, 1, others, &ring, fault));
    TRY(keyring_add(ring, 0, numbers, fault));
    inquiry->place_count = keyring_count(ring);
    return sort_rows(inquiry, numbers, fault);
}

static enum err
keep(struct inquiry *inquiry, const struct verdict_row *row, struct fault *fault)
{
    if (inquiry->count == RELATION_ROWS_MAX) {
        return FAIL(fault, ERR_LIMIT, "more than %d results", RELATION_ROWS_MAX);
    }
    struct verdict_row *found = arena_reserve(inquiry->scratch, inquiry->found, inquiry->count,
                                              &inquiry->capacity, sizeof *found);
    if (found == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu results", inquiry->count);
    }
    found[inquiry->count++] = *row;
    inquiry->found = found;
    return ERR_OK;
}

static enum err
judge_place(struct inquiry *inquiry, struct ledger *ledger, const uint32_t *rows, size_t count,
            struct fault *fault)
{
    TRY(ledger_turn(ledger, rows, count, fault));
    for (size_t rule = 0; rule < inquiry->hierarchy->rule_count; rule++) {
        struct verdict_row row = {.base = rows[0], .rule = (uint32_t)rule};
        TRY(ledger_judge(ledger, rule, &row.line, fault));
        if (row.line.produced) {
            TRY(keep(inquiry, &row, fault));
        }
    }
    return ERR_OK;
}

static enum err
judge_places(struct inquiry *inquiry, struct fault *fault)
{
    struct ledger *ledger = NULL;
    size_t         begin = 0;

    TRY(ledger_create(inquiry->scratch, inquiry->hierarchy, &ledger, fault));
    for (size_t place = 0; place < inquiry->place_count; place++) {
        size_t end = inquiry->ends[place];
        TRY(judge_place(inquiry, ledger, inquiry->rows + begin, end - begin, fault));
        begin = end;
    }
    return ERR_OK;
}

enum figure { FIGURE_TRUTH, FIGURE_LEFT, FIGURE_IMBALANCE };

static const struct relation_value *
figure_of(const struct ledger_line *line, enum figure figure)
{
    if (figure == FIGURE_TRUTH) {
        return &line->truth;
    }
    return figure == FIGURE_LEFT ? &line->left : &line->imbalance;
}

/* One figure of each result as a column. */
static enum err
make_figures(const struct inquiry *inquiry, enum figure figure, struct relation_column *out,
             struct fault *fault)
{
    amount_wide *numbers = ARENA_NEW(inquiry->scratch, amount_wide, inquiry->count);
    uint8_t     *states = ARENA_NEW(inquiry->arena, uint8_t, inquiry->count);

    if (numbers == NULL || states == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu results", inquiry->count);
    }
    for (size_t i = 0; i < inquiry->count; i++) {
        const struct relation_value *value = figure_of(&inquiry->found[i].line, figure);
        numbers[i] = value->number;
        states[i] = (uint8_t)value->state;
    }
    return column_of_wide(inquiry->arena, numbers, states, inquiry->count, out, fault);
}

/* The lists that columns, lanes and the caller are made from. */
struct lists {
    uint32_t *bases;
    uint32_t *left_rows;
    uint32_t *rules;
    uint32_t *codes;
    uint32_t *names;
};

static enum err
make_lists(const struct inquiry *inquiry, struct lists *out, struct fault *fault)
{
    struct lists lists = {
        .bases = ARENA_NEW(inquiry->scratch, uint32_t, inquiry->count),
        .left_rows = ARENA_NEW(inquiry->scratch, uint32_t, inquiry->count),
        .rules = ARENA_NEW(inquiry->arena, uint32_t, inquiry->count),
        .codes = ARENA_NEW(inquiry->arena, uint32_t, inquiry->count),
        .names = ARENA_NEW(inquiry->arena, uint32_t, inquiry->count),
    };

    if (lists.bases == NULL || lists.left_rows == NULL || lists.rules == NULL || lists.codes == NULL
        || lists.names == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu results", inquiry->count);
    }
    for (size_t i = 0; i < inquiry->count; i++) {
        const struct verdict_row    *found = &inquiry->found[i];
        const struct hierarchy_rule *rule = &inquiry->hierarchy->rules[found->rule];
        lists.bases[i] = found->base;
        lists.left_rows[i] = found->line.left_row;
        lists.rules[i] = found->rule;
        lists.codes[i] = rule->left;
        lists.names[i] = rule->name;
    }
    *out = lists;
    return ERR_OK;
}

/* The identifiers of the operand; the code is that of the left item. */
static enum err
make_identifiers(const struct inquiry *inquiry, const struct lists *lists,
                 const size_t *identifiers, size_t count, struct relation_column *columns,
                 struct fault *fault)
{
    for (size_t i = 0; i < count; i++) {
        columns[i] = (struct relation_column){.ids = lists->codes};
        if (identifiers[i] != inquiry->hierarchy->code) {
            TRY(column_gather(inquiry->arena, &inquiry->hierarchy->operand->columns[identifiers[i]],
                              lists->bases, inquiry->count, &columns[i], fault));
        }
    }
    return ERR_OK;
}

enum { ADDED = 4 /* ruleid, bool_var, the measure, imbalance */ };

static enum err
check_names(const struct relation *made, struct fault *fault)
{
    if (made->component_count > RELATION_COMPONENTS_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu components, at most %d", made->component_count,
                    RELATION_COMPONENTS_MAX);
    }
    for (size_t i = 0; i < made->component_count; i++) {
        if (relation_find(made, made->components[i].name) != i) {
            return FAIL(fault, ERR_USAGE, "two components would be named '%.*s'",
                        STR_ARG(made->components[i].name));
        }
    }
    return ERR_OK;
}

static enum err
make_structure(const struct inquiry *inquiry, const size_t *identifiers, size_t count,
               struct relation *made, struct fault *fault)
{
    const struct hierarchy    *hierarchy = inquiry->hierarchy;
    struct relation_component  measure = hierarchy->operand->components[hierarchy->measure];
    struct relation_component *components =
        ARENA_NEW(inquiry->arena, struct relation_component, count + ADDED);

    if (components == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", count + ADDED);
    }
    for (size_t i = 0; i < count; i++) {
        components[i] = hierarchy->operand->components[identifiers[i]];
    }
    components[count] = (struct relation_component){
        .name = hierarchy->ruleid, .role = RELATION_IDENTIFIER, .type = RELATION_STRING};
    components[count + 1] = (struct relation_component){
        .name = hierarchy->bool_var, .role = RELATION_MEASURE, .type = RELATION_BOOLEAN};
    components[count + 2] = measure;
    components[count + 3] = measure;
    components[count + 3].name = hierarchy->imbalance;
    components[count + 3].role = RELATION_MEASURE;
    made->components = components;
    made->component_count = count + ADDED;
    return check_names(made, fault);
}

static enum err
make_result(const struct inquiry *inquiry, struct hierarchy_result *out, struct fault *fault)
{
    const struct relation  *operand = inquiry->hierarchy->operand;
    size_t                  identifiers[RELATION_COMPONENTS_MAX];
    size_t                  count = relation_identifiers(operand, identifiers);
    struct lists            lists = {0};
    struct relation         made = *operand;
    struct relation_column *columns =
        ARENA_NEW(inquiry->arena, struct relation_column, count + ADDED);
    struct relation_lane *lanes =
        ARENA_NEW(inquiry->arena, struct relation_lane, operand->lane_count);

    if (columns == NULL || lanes == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu components", count + ADDED);
    }
    TRY(make_structure(inquiry, identifiers, count, &made, fault));
    TRY(make_lists(inquiry, &lists, fault));
    TRY(make_identifiers(inquiry, &lists, identifiers, count, columns, fault));
    columns[count] = (struct relation_column){.ids = lists.names};
    TRY(make_figures(inquiry, FIGURE_TRUTH, &columns[count + 1], fault));
    TRY(make_figures(inquiry, FIGURE_LEFT, &columns[count + 2], fault));
    TRY(make_figures(inquiry, FIGURE_IMBALANCE, &columns[count + 3], fault));
    TRY(lanes_gather(inquiry->arena, operand, lists.left_rows, inquiry->count, lanes, fault));
    made.columns = columns;
    made.row_count = inquiry->count;
    made.lanes = lanes;
    *out = (struct hierarchy_result){made, lists.rules};
    return ERR_OK;
}

static enum err
work(struct inquiry *inquiry, struct hierarchy_result *out, struct fault *fault)
{
    TRY(find_places(inquiry, fault));
    TRY(judge_places(inquiry, fault));
    return make_result(inquiry, out, fault);
}

enum err
hierarchy_check(struct arena *arena, const struct hierarchy *hierarchy,
                struct hierarchy_result *out, struct fault *fault)
{
    struct inquiry inquiry = {.arena = arena, .hierarchy = hierarchy};

    TRY(check_components(hierarchy, fault));
    inquiry.scratch = arena_create(arena_size_max(arena) - arena_used(arena));
    enum err got = work(&inquiry, out, fault);
    arena_destroy(inquiry.scratch);
    return got;
}
