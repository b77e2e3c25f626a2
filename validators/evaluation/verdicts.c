#include "validators/evaluation/verdicts.h"

#include "validators/evaluation/doubt.h"
#include "validators/evaluation/implicit.h"
#include "validators/evaluation/shape.h"

#include "validators/relation/column.h"
#include "validators/relation/join.h"
#include "validators/relation/selection.h"

/* check (Reference Manual, Data validation operators) and what all checks return. */

static enum err
text_column(struct evaluator *evaluator, const struct verdicts *verdicts,
            struct relation_column *out)
{
    uint32_t *ids = ARENA_NEW(evaluator->arena, uint32_t, verdicts->row_count + 1);
    uint32_t *known = ARENA_NEW(evaluator->arena, uint32_t, verdicts->code_count + 1);

    if (ids == NULL || known == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "codes of %zu rows", verdicts->row_count);
    }
    for (size_t i = 0; i < verdicts->code_count; i++) {
        if (verdicts->codes[i].text.data != NULL) {
            TRY(vocabulary_add(evaluator->world->vocabulary, verdicts->codes[i].text, &known[i],
                               evaluator->fault));
        }
    }
    for (size_t i = 0; i < verdicts->row_count; i++) {
        size_t rule = verdicts->rules == NULL ? 0 : verdicts->rules[i];
        ids[i] = verdicts->broken[i] != 0 ? known[rule] : 0;
    }
    *out = (struct relation_column){.ids = ids};
    return ERR_OK;
}

static enum err
number_column(struct evaluator *evaluator, const struct verdicts *verdicts,
              struct relation_column *out)
{
    int64_t *values = ARENA_NEW(evaluator->arena, int64_t, verdicts->row_count + 1);
    uint8_t *states = ARENA_NEW(evaluator->arena, uint8_t, verdicts->row_count + 1);

    if (values == NULL || states == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "codes of %zu rows", verdicts->row_count);
    }
    for (size_t i = 0; i < verdicts->row_count; i++) {
        struct str text = verdicts->codes[verdicts->rules == NULL ? 0 : verdicts->rules[i]].text;
        bool       negative = str_starts_with(text, STR("-"));
        if (verdicts->broken[i] != 0 && text.data != NULL
            && str_to_number(negative ? str_slice(text, 1, SIZE_MAX) : text, &values[i])) {
            values[i] = negative ? -values[i] : values[i];
            states[i] = RELATION_PRESENT;
        }
    }
    *out = (struct relation_column){.values = values, .states = states};
    return ERR_OK;
}

enum err
verdicts_column(struct evaluator *evaluator, const struct verdicts *verdicts, struct str name,
                enum relation_type otherwise, struct projection_addition *out)
{
    bool text = otherwise == RELATION_STRING;

    for (size_t i = 0; i < verdicts->code_count; i++) {
        text |= verdicts->codes[i].is_text;
    }
    out->component = (struct relation_component){
        .name = name,
        .role = RELATION_MEASURE,
        .type = text ? RELATION_STRING : RELATION_INTEGER,
    };
    return text ? text_column(evaluator, verdicts, &out->column)
                : number_column(evaluator, verdicts, &out->column);
}

static struct verdicts_code
code_of(const struct node *node)
{
    bool stated = node->kind != NODE_OMITTED && node->kind != NODE_NULL;

    return (struct verdicts_code){.text = stated ? node->text : (struct str){0},
                                  .is_text = node->kind == NODE_STRING};
}

/* The imbalance of each row of bools: a left join, so that a missing one is null. */
static enum err
find_imbalance(struct evaluator *evaluator, const struct node *node, const struct relation *bools,
               struct projection_addition *out)
{
    const struct relation *given = NULL;
    size_t                 left_keys[RELATION_COMPONENTS_MAX];
    size_t                 right_keys[RELATION_COMPONENTS_MAX];
    struct relation        left;
    struct relation        right;
    struct relation        both;
    size_t                 measure = 0;

    TRY(evaluator_dataset(evaluator, node, 3, &given));
    TRY(shape_only_measure(evaluator, node, given, RELATION_NUMBER, &measure));
    TRY(shape_identifiers(evaluator, bools, &left));
    TRY(shape_bare(evaluator, given, &right));
    if (!shape_covers(&left, &right) || !shape_covers(&right, &left)) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„imbalance” powinno mieć te same identyfikatory co sprawdzany "
                                  "zbiór");
    }
    TRY(shape_agree(evaluator, node, &left, &right));
    struct join join = {JOIN_LEFT, &left, &right, left_keys, right_keys, 0};
    TRY(evaluator_judge(
        evaluator, node,
        join_common(&left, &right, left_keys, right_keys, &join.key_count, evaluator->fault)));
    TRY(evaluator_judge(evaluator, node,
                        join_run(evaluator->arena, &join, &both, evaluator->fault)));
    size_t at = both.component_count - 1;
    out->component = both.components[at];
    out->column = both.columns[at];
    return ERR_OK;
}

static enum err
add_columns(struct evaluator *evaluator, const struct node *node, const struct relation *bools,
            size_t truth, struct projection_addition *made)
{
    const struct relation_column *column = &bools->columns[truth];
    uint8_t              *broken = ARENA_NEW(evaluator->arena, uint8_t, bools->row_count + 1);
    struct relation_value nothing = {.state = RELATION_ABSENT};

    if (broken == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "check of %zu rows", bools->row_count);
    }
    for (size_t i = 0; i < bools->row_count; i++) {
        broken[i] = column_state(column, i) == RELATION_PRESENT && column->values[i] == 0;
    }
    made[0].component =
        (struct relation_component){implicit_default_name(RELATION_BOOLEAN), RELATION_MEASURE,
                                    RELATION_BOOLEAN, 0, RELATION_PLAIN};
    made[0].column = *column;
    if (node->count > 3) {
        TRY(find_imbalance(evaluator, node, bools, &made[1]));
    } else {
        made[1].component.type = RELATION_NUMBER;
        TRY(column_of_value(evaluator->arena, RELATION_NUMBER, nothing, bools->row_count,
                            &made[1].column, evaluator->fault));
    }
    made[1].component.name = STR("imbalance");
    made[1].component.role = RELATION_MEASURE;
    for (size_t i = 0; i < 2; i++) {
        struct verdicts_code code = code_of(evaluator_child(evaluator, node, i + 1));
        struct verdicts      verdicts = {&code, 1, NULL, broken, bools->row_count};
        TRY(verdicts_column(evaluator, &verdicts, i == 0 ? STR("errorcode") : STR("errorlevel"),
                            i == 0 ? RELATION_STRING : RELATION_INTEGER, &made[2 + i]));
    }
    return ERR_OK;
}

enum err
verdicts_check(struct evaluator *evaluator, uint32_t number)
{
    const struct node         *node = &evaluator->script->nodes[number];
    const struct relation     *bools = NULL;
    struct value              *value = &evaluator->values[number];
    const struct str           added[] = {implicit_default_name(RELATION_BOOLEAN), STR("imbalance"),
                                          STR("errorcode"), STR("errorlevel")};
    struct projection_addition made[4] = {0};
    struct relation            rows;
    struct relation            all;
    size_t                     truth = 0;
    uint8_t                   *mask = NULL;

    TRY(evaluator_dataset(evaluator, node, 0, &bools));
    TRY(shape_only_measure(evaluator, node, bools, RELATION_BOOLEAN, &truth));
    TRY(shape_allow(evaluator, node, bools, added, ARRAY_COUNT(added)));
    TRY(add_columns(evaluator, node, bools, truth, made));
    TRY(shape_identifiers(evaluator, bools, &rows));
    TRY(evaluator_judge(
        evaluator, node,
        projection_calc(evaluator->arena, &rows, made, ARRAY_COUNT(made), &all, evaluator->fault)));
    value->kind = VALUE_DATASET;
    value->relation = all;
    if (node->option == VTL_OUTPUT_ALL) {
        return ERR_OK;
    }
    TRY(evaluator_mask(evaluator, &bools->columns[truth], bools->row_count, &mask));
    (void)doubt_tell(evaluator, node->place, bools, mask); /* only what is false is wanted */
    return selection_filter(evaluator->arena, &all, mask, VTL_FALSE, &value->relation,
                            evaluator->fault);
}
