#include "validators/evaluation/evaluation.h"

#include "validators/evaluation/evaluator.h"
#include "validators/evaluation/implicit.h"

/* What is known by a name: a result of an earlier statement, else a dataset given. */
static const struct relation *
find_dataset(const struct evaluator *evaluator, struct str name)
{
    const struct evaluation *out = evaluator->out;

    for (size_t i = 0; i < out->result_count; i++) {
        if (str_equal(out->results[i].name, name)) {
            return &out->results[i].relation;
        }
    }
    for (size_t i = 0; i < evaluator->world->dataset_count; i++) {
        if (str_equal(evaluator->world->datasets[i].name, name)) {
            return &evaluator->world->datasets[i].relation;
        }
    }
    return NULL;
}

static enum err
name_operator(struct evaluator *evaluator, uint32_t number)
{
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *found = find_dataset(evaluator, node->text);

    if (found == NULL) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "zbiór danych „%.*s” nie jest znany; powstaje dopiero później "
                                  "albo go nie ma",
                                  STR_ARG(node->text));
    }
    evaluator->values[number] = (struct value){.kind = VALUE_DATASET, .relation = *found};
    return ERR_OK;
}

/* What is not listed is an operator of scalars, or a constant. */
static evaluator_operator *const operators[NODE_KINDS] = {
    [NODE_NAME] = name_operator,
    [NODE_IF] = choice_operator,
    [NODE_CASE] = choice_operator,
    [NODE_MEMBER] = wholes_member,
    [NODE_FILTER] = clauses_filter,
    [NODE_CALC] = clauses_calc,
    [NODE_KEEP] = clauses_keep,
    [NODE_DROP] = clauses_keep,
    [NODE_RENAME] = clauses_rename,
    [NODE_SUB] = clauses_sub,
    [NODE_AGGR] = grouping_aggr,
    [NODE_SUM] = grouping_aggregate,
    [NODE_COUNT] = grouping_aggregate,
    [NODE_MIN] = grouping_aggregate,
    [NODE_MAX] = grouping_aggregate,
    [NODE_AVG] = grouping_aggregate,
    [NODE_JOIN] = linking_join,
    [NODE_OPERAND] = linking_operand,
    [NODE_JOINED] = linking_joined,
    [NODE_EXISTS_IN] = wholes_exists_in,
    [NODE_UNION] = wholes_set,
    [NODE_INTERSECT] = wholes_set,
    [NODE_SETDIFF] = wholes_set,
    [NODE_SYMDIFF] = wholes_set,
    [NODE_TIMESHIFT] = wholes_timeshift,
    [NODE_CHECK] = verdicts_check,
    [NODE_CHECK_DATAPOINT] = datapoints_check,
    [NODE_CHECK_HIERARCHY] = rankings_check,
};

/* What a check of datapoints has told already, rule by rule: its outcomes. */
static bool
is_told(const struct evaluator *evaluator, const struct vtl_statement *statement,
        const struct relation_component *component)
{
    const struct node *root = &evaluator->script->nodes[statement->root];

    return root->kind == NODE_CHECK_DATAPOINT && root->option != VTL_OUTPUT_INVALID
           && str_equal(component->name, implicit_default_name(RELATION_BOOLEAN));
}

/* Cells of a result that could not be worked out. */
static void
report_failures(struct evaluator *evaluator, const struct vtl_statement *statement,
                const struct relation *relation)
{
    struct evaluation_notice notice = {.dataset = UINT32_MAX};

    for (size_t i = 0; i < relation->component_count; i++) {
        bool           told = is_told(evaluator, statement, &relation->components[i]);
        const uint8_t *states = told ? NULL : relation->columns[i].states;
        for (size_t row = 0; states != NULL && row < relation->row_count; row++) {
            notice.row_count += states[row] == RELATION_FAILED ? 1 : 0;
        }
    }
    if (notice.row_count > 0) {
        (void)problem_set(&notice.problem, statement->place, NULL,
                          "w wyniku „%.*s” są wartości, których nie dało się obliczyć (dzielenie "
                          "przez zero albo liczba poza zakresem)",
                          STR_ARG(str_slice(statement->result, 0, 60)));
        evaluator_notice(evaluator, &notice);
    }
}

/* A dataset in which no two rows have the same identifiers. */
static enum err
conclude(struct evaluator *evaluator, const struct vtl_statement *statement,
         const struct value *value)
{
    const struct node        *root = &evaluator->script->nodes[statement->root];
    struct evaluation        *out = evaluator->out;
    struct relation_duplicate duplicate;

    if (value->kind != VALUE_DATASET) {
        return EVALUATOR_COMPLAIN(evaluator, root->place,
                                  "wynikiem powinien być zbiór danych, a wyrażenie daje pojedynczą "
                                  "wartość");
    }
    TRY(relation_duplicate(evaluator->arena, &value->relation, &duplicate, evaluator->fault));
    if (duplicate.found) {
        return evaluator_stop(evaluator, root->place,
                              "w wyniku dwa wiersze miałyby te same identyfikatory");
    }
    report_failures(evaluator, statement, &value->relation);
    out->results[out->result_count++] =
        (struct evaluation_dataset){statement->result, value->relation, statement->persistent};
    return ERR_OK;
}

static enum err
run_nodes(struct evaluator *evaluator, const struct vtl_statement *statement)
{
    for (uint32_t i = statement->first; i <= statement->root; i++) {
        evaluator_operator *operator= operators[evaluator->script->nodes[i].kind];
        if (evaluator->places.values[i] != 0) {
            TRY((operator== NULL ? implicit_operator : operator)(evaluator, i));
        }
    }
    return conclude(evaluator, statement, &evaluator->values[statement->root]);
}

/* A limit always comes with a problem, whoever has met it. */
static enum err
run_statement(struct evaluator *evaluator, const struct vtl_statement *statement)
{
    enum err got = run_nodes(evaluator, statement);

    if (got == ERR_LIMIT && evaluator->problem->line == 0) {
        return evaluator_stop(evaluator, statement->place, "wynik przekracza granice obliczeń");
    }
    return got;
}

enum err
evaluation_run(struct arena *arena, const struct vtl_script *script,
               const struct evaluation_world *world, struct evaluation *out,
               struct vtl_problem *problem, struct fault *fault)
{
    struct fault     own = {0}; /* what an operator says is needed for the problem */
    struct evaluator evaluator = {.arena = arena,
                                  .script = script,
                                  .world = world,
                                  .out = out,
                                  .problem = problem,
                                  .fault = fault == NULL ? &own : fault};

    *out = (struct evaluation){0};
    *problem = (struct vtl_problem){0};
    out->results = ARENA_NEW(arena, struct evaluation_dataset, script->statement_count + 1);
    evaluator.values = ARENA_NEW(arena, struct value, script->node_count + 1);
    if (out->results == NULL || evaluator.values == NULL) {
        return FAIL(fault, ERR_MEMORY, "values of %zu nodes", script->node_count);
    }
    TRY(places_find(arena, script, &evaluator.places, evaluator.fault));
    TRY(formula_room_create(arena, script, &evaluator.room, evaluator.fault));
    for (size_t i = 0; i < script->statement_count; i++) {
        TRY(run_statement(&evaluator, &script->statements[i]));
    }
    return ERR_OK;
}

/* Whether a name is known before a statement: made by an earlier one, or listed already. */
static bool
is_known(const struct vtl_script *script, size_t statement, struct str name,
         const struct evaluation_input *inputs, size_t count)
{
    for (size_t i = 0; i < statement; i++) {
        if (str_equal(script->statements[i].result, name)) {
            return true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (str_equal(inputs[i].name, name)) {
            return true;
        }
    }
    return false;
}

enum err
evaluation_inputs(struct arena *arena, const struct vtl_script *script,
                  const struct evaluation_input **out, size_t *count, struct fault *fault)
{
    struct evaluation_input *inputs = NULL;
    size_t                   capacity = 0;
    struct places            places;

    *count = 0;
    TRY(places_find(arena, script, &places, fault));
    for (size_t i = 0; i < script->statement_count; i++) {
        const struct vtl_statement *statement = &script->statements[i];
        for (uint32_t j = statement->first; j <= statement->root; j++) {
            const struct node *node = &script->nodes[j];
            if (node->kind != NODE_NAME || places.values[j] == 0
                || is_known(script, i, node->text, inputs, *count)) {
                continue;
            }
            inputs = arena_reserve(arena, inputs, *count, &capacity, sizeof *inputs);
            if (inputs == NULL) {
                return FAIL(fault, ERR_MEMORY, "names of datasets");
            }
            inputs[(*count)++] = (struct evaluation_input){node->text, node->place};
        }
    }
    *out = inputs;
    return ERR_OK;
}
