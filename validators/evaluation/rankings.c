#include "validators/evaluation/compute.h"
#include "validators/evaluation/doubt.h"
#include "validators/evaluation/implicit.h"
#include "validators/evaluation/shape.h"
#include "validators/evaluation/verdicts.h"

#include "validators/relation/hierarchy.h"
#include "validators/relation/selection.h"

/* check_hierarchy (Reference Manual, Data validation operators). */
struct ranking {
    const struct node             *node;
    const struct script_hierarchy *hierarchy;
    struct relation                in;         /* the operand without attributes */
    struct relation                conditions; /* the components that rules ask about, by alias */
    size_t                         code;
    size_t                         measure;
};

/* The identifier that holds code items. */
static enum err
find_code(struct evaluator *evaluator, struct ranking *ranking)
{
    const struct node *named = evaluator_child(evaluator, ranking->node, 2);
    struct str         name = ranking->hierarchy->rule.name;
    struct vtl_place   place = named->place;

    if (named->kind == NODE_NAME) {
        if (!ranking->hierarchy->on_domain && !str_equal(named->text, name)) {
            return EVALUATOR_COMPLAIN(evaluator, place,
                                      "po „rule” powinna stać zmienna z nagłówka zestawu: „%.*s”",
                                      STR_ARG(name));
        }
        name = named->text;
    } else if (ranking->hierarchy->on_domain) {
        return EVALUATOR_COMPLAIN(evaluator, place,
                                  "zestaw „%.*s” jest określony na dziedzinie; podaj po „rule” "
                                  "identyfikator",
                                  STR_ARG(ranking->hierarchy->name));
    }
    ranking->code = relation_find(&ranking->in, name);
    if (ranking->code == RELATION_NONE
        || ranking->in.components[ranking->code].role != RELATION_IDENTIFIER) {
        return EVALUATOR_COMPLAIN(evaluator, place, "zbiór danych nie ma identyfikatora „%.*s”",
                                  STR_ARG(name));
    }
    if (ranking->in.components[ranking->code].type != RELATION_STRING) {
        return EVALUATOR_COMPLAIN(evaluator, place,
                                  "identyfikator „%.*s” z pozycjami powinien być napisem",
                                  STR_ARG(name));
    }
    return ERR_OK;
}

/* The components of conditions, called as the rules call them. */
static enum err
find_conditions(struct evaluator *evaluator, const struct relation *operand,
                struct ranking *ranking)
{
    const struct script_hierarchy *hierarchy = ranking->hierarchy;
    size_t                         numbers[VTL_COMPONENTS_MAX];
    struct projection_name         names[VTL_COMPONENTS_MAX];
    size_t                         given = ranking->node->count - 3;
    struct relation                chosen;

    if (given != hierarchy->condition_count && (given > 0 || hierarchy->on_domain)) {
        return EVALUATOR_COMPLAIN(evaluator, ranking->node->place,
                                  "zestaw „%.*s” ma w nagłówku warunków: %zu, a po „condition” "
                                  "stoi: %zu",
                                  STR_ARG(hierarchy->name), hierarchy->condition_count, given);
    }
    for (size_t i = 0; i < hierarchy->condition_count; i++) {
        const struct script_variable *variable = &hierarchy->conditions[i];
        const struct node            *named =
            given > 0 ? evaluator_child(evaluator, ranking->node, i + 3) : NULL;
        bool same = named == NULL || hierarchy->on_domain || str_equal(named->text, variable->name);
        numbers[i] = relation_find(operand, named == NULL ? variable->name : named->text);
        if (!same || numbers[i] == RELATION_NONE) {
            return EVALUATOR_COMPLAIN(evaluator,
                                      named == NULL ? ranking->node->place : named->place,
                                      "zbiór danych nie ma składowej „%.*s” albo nagłówek zestawu "
                                      "jej nie wymienia w tym miejscu",
                                      STR_ARG(named == NULL ? variable->name : named->text));
        }
        names[i] = (struct projection_name){i, variable->alias};
    }
    TRY(projection_select(evaluator->arena, operand, numbers, hierarchy->condition_count, &chosen,
                          evaluator->fault));
    return evaluator_judge(evaluator, ranking->node,
                           projection_rename(evaluator->arena, &chosen, names,
                                             hierarchy->condition_count, &ranking->conditions,
                                             evaluator->fault));
}

static enum err
read_items(struct evaluator *evaluator, const struct script_relation *from,
           struct hierarchy_rule *rule)
{
    struct hierarchy_item *items =
        ARENA_NEW(evaluator->arena, struct hierarchy_item, from->item_count);

    if (items == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "items of a rule");
    }
    for (size_t i = 0; i < from->item_count; i++) {
        items[i].negative = from->items[i].negative;
        TRY(vocabulary_add(evaluator->world->vocabulary, from->items[i].code, &items[i].code,
                           evaluator->fault));
    }
    rule->items = items;
    rule->item_count = from->item_count;
    return ERR_OK;
}

static enum err
read_rule(struct evaluator *evaluator, const struct ranking *ranking,
          const struct script_relation *from, struct hierarchy_rule *rule)
{
    static const enum hierarchy_relation relations[] = {
        [NODE_EQUAL] = HIERARCHY_EQUAL,
        [NODE_LESS] = HIERARCHY_LESS,
        [NODE_LESS_EQUAL] = HIERARCHY_LESS_OR_EQUAL,
        [NODE_GREATER] = HIERARCHY_GREATER,
        [NODE_GREATER_EQUAL] = HIERARCHY_GREATER_OR_EQUAL,
    };
    struct vocabulary *vocabulary = evaluator->world->vocabulary;
    uint8_t           *mask = NULL;

    rule->relation = relations[from->comparison];
    TRY(vocabulary_add(vocabulary, from->name, &rule->name, evaluator->fault));
    TRY(vocabulary_add(vocabulary, from->left.code, &rule->left, evaluator->fault));
    TRY(read_items(evaluator, from, rule));
    if (from->when == NODE_NONE) {
        return ERR_OK;
    }
    struct compute compute = {
        .in = &ranking->conditions, .root = from->when, .null = RELATION_BOOLEAN};
    TRY(compute_mask(evaluator, &compute, "warunek po „when”", &mask));
    (void)doubt_tell(evaluator, evaluator->script->nodes[from->when].place, &ranking->conditions,
                     mask); /* the rule is not for these places */
    for (size_t i = 0; i < ranking->conditions.row_count; i++) {
        mask[i] = mask[i] == VTL_TRUE ? 1 : 0;
    }
    rule->when = mask;
    return ERR_OK;
}

static enum err
run(struct evaluator *evaluator, const struct ranking *ranking, struct hierarchy_result *out)
{
    static const enum hierarchy_mode modes[] = {
        [NODE_MODE_NON_NULL] = HIERARCHY_NON_NULL,
        [NODE_MODE_NON_ZERO] = HIERARCHY_NON_ZERO,
        [NODE_MODE_PARTIAL_NULL] = HIERARCHY_PARTIAL_NULL,
        [NODE_MODE_PARTIAL_ZERO] = HIERARCHY_PARTIAL_ZERO,
        [NODE_MODE_ALWAYS_NULL] = HIERARCHY_ALWAYS_NULL,
        [NODE_MODE_ALWAYS_ZERO] = HIERARCHY_ALWAYS_ZERO,
    };
    size_t                 count = ranking->hierarchy->relation_count;
    struct hierarchy_rule *rules = ARENA_NEW(evaluator->arena, struct hierarchy_rule, count);

    if (rules == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "rules of a hierarchy");
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_rule(evaluator, ranking, &ranking->hierarchy->relations[i], &rules[i]));
    }
    struct hierarchy hierarchy = {.operand = &ranking->in,
                                  .code = ranking->code,
                                  .measure = ranking->measure,
                                  .mode = modes[ranking->node->mode],
                                  .input = ranking->node->priority ? HIERARCHY_DATASET_PRIORITY
                                                                   : HIERARCHY_DATASET,
                                  .rules = rules,
                                  .rule_count = count,
                                  .ruleid = STR("ruleid"),
                                  .bool_var = implicit_default_name(RELATION_BOOLEAN),
                                  .imbalance = STR("imbalance")};
    enum err         got = hierarchy_check(evaluator->arena, &hierarchy, out, evaluator->fault);
    if (got == ERR_USAGE) { /* names have been checked before */
        return EVALUATOR_COMPLAIN(evaluator, ranking->node->place,
                                  "reguły zestawu „%.*s” liczą się nawzajem w kółko",
                                  STR_ARG(str_slice(ranking->hierarchy->name, 0, 60)));
    }
    return evaluator_judge(evaluator, ranking->node, got);
}

static enum err
code_columns(struct evaluator *evaluator, const struct ranking *ranking,
             const struct hierarchy_result *result, const uint8_t *mask,
             struct projection_addition *made)
{
    const struct script_hierarchy *hierarchy = ranking->hierarchy;
    size_t                         rows = result->relation.row_count;
    uint8_t                       *broken = ARENA_NEW(evaluator->arena, uint8_t, rows + 1);
    struct verdicts_code          *codes =
        ARENA_NEW(evaluator->arena, struct verdicts_code, hierarchy->relation_count);
    struct verdicts verdicts = {codes, hierarchy->relation_count, result->rules, broken, rows};

    if (broken == NULL || codes == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "codes of %zu rows", rows);
    }
    for (size_t i = 0; i < rows; i++) {
        broken[i] = mask[i] == VTL_FALSE;
    }
    for (size_t i = 0; i < hierarchy->relation_count; i++) {
        codes[i] = (struct verdicts_code){hierarchy->relations[i].errorcode.text, false};
    }
    TRY(verdicts_column(evaluator, &verdicts, STR("errorcode"), RELATION_STRING, &made[0]));
    for (size_t i = 0; i < hierarchy->relation_count; i++) {
        const struct script_constant *level = &hierarchy->relations[i].errorlevel;
        codes[i] = (struct verdicts_code){level->text, level->is_text};
    }
    return verdicts_column(evaluator, &verdicts, STR("errorlevel"), RELATION_INTEGER, &made[1]);
}

/* With codes, and only the rows and components that the output wants. */
static enum err
finish(struct evaluator *evaluator, const struct ranking *ranking,
       const struct hierarchy_result *result, struct relation *out)
{
    struct projection_addition made[2] = {0};
    struct relation            all;
    struct relation            chosen;
    uint8_t                   *mask = NULL;
    enum vtl_output            output = (enum vtl_output)ranking->node->option;
    size_t truth = relation_find(&result->relation, implicit_default_name(RELATION_BOOLEAN));

    TRY(evaluator_mask(evaluator, &result->relation.columns[truth], result->relation.row_count,
                       &mask));
    TRY(code_columns(evaluator, ranking, result, mask, made));
    TRY(evaluator_judge(
        evaluator, ranking->node,
        projection_calc(evaluator->arena, &result->relation, made, 2, &all, evaluator->fault)));
    if (output == VTL_OUTPUT_ALL_MEASURES) {
        *out = all;
        return ERR_OK;
    }
    if (output == VTL_OUTPUT_ALL) {
        size_t measure = relation_find(&all, ranking->in.components[ranking->measure].name);
        return projection_drop(evaluator->arena, &all, &measure, 1, out, evaluator->fault);
    }
    (void)doubt_tell(evaluator, ranking->node->place, &all,
                     mask); /* only what is false is wanted */
    TRY(selection_filter(evaluator->arena, &all, mask, VTL_FALSE, &chosen, evaluator->fault));
    return projection_drop(evaluator->arena, &chosen, &truth, 1, out, evaluator->fault);
}

/* What is added stands beside all identifiers and the measure. */
static enum err
check_names(struct evaluator *evaluator, const struct ranking *ranking)
{
    const struct str added[] = {STR("ruleid"), implicit_default_name(RELATION_BOOLEAN),
                                STR("imbalance"), STR("errorcode"), STR("errorlevel")};
    struct str       measure = ranking->in.components[ranking->measure].name;

    for (size_t i = 0; i < ARRAY_COUNT(added); i++) {
        if (str_equal(measure, added[i])) {
            return EVALUATOR_COMPLAIN(evaluator, ranking->node->place,
                                      "„%.*s” dodaje składową „%.*s”, a tak nazywa się już miara "
                                      "zbioru danych; zmień ją przez „rename”",
                                      STR_ARG(str_slice(ranking->node->text, 0, 40)),
                                      STR_ARG(added[i]));
        }
    }
    return shape_allow(evaluator, ranking->node, &ranking->in, added, ARRAY_COUNT(added));
}

enum err
rankings_check(struct evaluator *evaluator, uint32_t number)
{
    const struct node      *node = &evaluator->script->nodes[number];
    const struct relation  *operand = NULL;
    struct hierarchy_result result = {0};
    struct ranking          ranking = {.node = node};

    TRY(evaluator_dataset(evaluator, node, 0, &operand));
    ranking.hierarchy =
        script_hierarchy_of(evaluator->script, evaluator_child(evaluator, node, 1)->text);
    ENSURE(ranking.hierarchy != NULL);
    TRY(shape_bare(evaluator, operand, &ranking.in));
    TRY(find_code(evaluator, &ranking));
    TRY(shape_only_measure(evaluator, node, &ranking.in, RELATION_NUMBER, &ranking.measure));
    TRY(check_names(evaluator, &ranking));
    TRY(find_conditions(evaluator, operand, &ranking));
    TRY(run(evaluator, &ranking, &result));
    evaluator->values[number].kind = VALUE_DATASET;
    return finish(evaluator, &ranking, &result, &evaluator->values[number].relation);
}
