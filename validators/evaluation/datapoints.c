#include "validators/evaluation/compute.h"
#include "validators/evaluation/implicit.h"
#include "validators/evaluation/shape.h"
#include "validators/evaluation/verdicts.h"

#include "validators/relation/origin.h"
#include "validators/relation/selection.h"

#include <stdio.h>

/* check_datapoint (Reference Manual, Data validation operators). */
struct check {
    const struct node            *node;
    const struct relation        *in;
    const struct vtl_plan        *plan;
    const struct vtl_rule_result *results;
    enum vtl_output               output;
    uint32_t                     *rows; /* one per row of the result */
    uint32_t                     *rules;
    uint8_t                      *outcomes;
    uint8_t                      *broken;
    size_t                        count;
};

static void
report_failures(struct evaluator *evaluator, const struct check *check)
{
    for (size_t i = 0; i < vtl_rule_count(check->plan); i++) {
        const struct vtl_rule_result *result = &check->results[i];
        const struct vtl_rule        *rule = vtl_rule(check->plan, i);
        struct evaluation_notice      notice = {.row_count = result->count[VTL_ERROR],
                                                .dataset = UINT32_MAX};
        if (result->count[VTL_ERROR] == 0) {
            continue;
        }
        (void)problem_set(&notice.problem, rule->place, NULL,
                          "reguła „%.*s” nie dała się obliczyć (dzielenie przez zero albo liczba "
                          "poza zakresem)",
                          STR_ARG(str_slice(rule->name, 0, 60)));
        if (check->in->lane_count > 0) {
            struct origin origin = origin_at(check->in, 0, result->error_row);
            if (origin.source != NULL && origin.source->members == NULL) {
                notice.dataset = origin.source->dataset;
                notice.row = origin.ordinal;
            }
        }
        evaluator_notice(evaluator, &notice);
    }
}

static enum err
make_room(struct evaluator *evaluator, struct check *check)
{
    size_t room = 0;

    for (size_t i = 0; i < vtl_rule_count(check->plan); i++) {
        room += check->output == VTL_OUTPUT_INVALID ? check->results[i].count[VTL_FALSE]
                                                    : check->in->row_count;
    }
    if (room > RELATION_ROWS_MAX) {
        return evaluator_stop(evaluator, check->node->place,
                              "wynik sprawdzenia miałby za dużo wierszy");
    }
    check->rows = ARENA_NEW(evaluator->arena, uint32_t, room + 1);
    check->rules = ARENA_NEW(evaluator->arena, uint32_t, room + 1);
    check->outcomes = ARENA_NEW(evaluator->arena, uint8_t, room + 1);
    check->broken = ARENA_NEW(evaluator->arena, uint8_t, room + 1);
    return check->rows == NULL || check->rules == NULL || check->outcomes == NULL
                   || check->broken == NULL
               ? FAIL(evaluator->fault, ERR_MEMORY, "check of %zu rows", room)
               : ERR_OK;
}

/* One row per row and rule, in the order of the data, then of the rules. */
static void
list_rows(struct check *check)
{
    for (size_t row = 0; row < check->in->row_count; row++) {
        for (size_t rule = 0; rule < vtl_rule_count(check->plan); rule++) {
            uint8_t outcome = check->results[rule].outcomes[row];
            if (check->output == VTL_OUTPUT_INVALID && outcome != VTL_FALSE) {
                continue;
            }
            check->rows[check->count] = (uint32_t)row;
            check->rules[check->count] = (uint32_t)rule;
            check->outcomes[check->count] = outcome;
            check->broken[check->count] = outcome == VTL_FALSE;
            check->count++;
        }
    }
}

static enum err
rule_names(struct evaluator *evaluator, const struct check *check, struct relation_column *out)
{
    uint32_t *ids = ARENA_NEW(evaluator->arena, uint32_t, check->count + 1);
    uint32_t *known = ARENA_NEW(evaluator->arena, uint32_t, vtl_rule_count(check->plan) + 1);

    if (ids == NULL || known == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "names of rules");
    }
    for (size_t i = 0; i < vtl_rule_count(check->plan); i++) {
        TRY(vocabulary_add(evaluator->world->vocabulary, vtl_rule(check->plan, i)->name, &known[i],
                           evaluator->fault));
    }
    for (size_t i = 0; i < check->count; i++) {
        ids[i] = known[check->rules[i]];
    }
    *out = (struct relation_column){.ids = ids};
    return ERR_OK;
}

static enum err
outcome_column(struct evaluator *evaluator, const struct check *check, struct relation_column *out)
{
    static const uint8_t states[VTL_OUTCOMES] = {
        [VTL_FALSE] = RELATION_PRESENT, [VTL_NULL] = RELATION_ABSENT,
        [VTL_TRUE] = RELATION_PRESENT,  [VTL_NOT_EVALUATED] = RELATION_UNKNOWN,
        [VTL_ERROR] = RELATION_FAILED,
    };
    int64_t *values = ARENA_NEW(evaluator->arena, int64_t, check->count + 1);
    uint8_t *made = ARENA_NEW(evaluator->arena, uint8_t, check->count + 1);

    if (values == NULL || made == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "outcomes of rules");
    }
    for (size_t i = 0; i < check->count; i++) {
        values[i] = check->outcomes[i] == VTL_TRUE ? 1 : 0;
        made[i] = states[check->outcomes[i]];
    }
    *out = (struct relation_column){.values = values, .states = made};
    return ERR_OK;
}

static enum err
code_columns(struct evaluator *evaluator, const struct check *check,
             struct projection_addition *made)
{
    size_t                count = vtl_rule_count(check->plan);
    struct verdicts_code *codes = ARENA_NEW(evaluator->arena, struct verdicts_code, count + 1);
    struct verdicts       verdicts = {codes, count, check->rules, check->broken, check->count};

    for (size_t i = 0; codes != NULL && i < count; i++) {
        codes[i] = (struct verdicts_code){vtl_rule(check->plan, i)->errorcode, false};
    }
    if (codes == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "codes of rules");
    }
    TRY(verdicts_column(evaluator, &verdicts, STR("errorcode"), RELATION_STRING, &made[0]));
    for (size_t i = 0; i < count; i++) {
        const struct vtl_rule *rule = vtl_rule(check->plan, i);
        codes[i] = (struct verdicts_code){rule->errorlevel, rule->errorlevel_is_text};
    }
    return verdicts_column(evaluator, &verdicts, STR("errorlevel"), RELATION_INTEGER, &made[1]);
}

/* The rows, what identifies the rule, what the output wants, and the codes. */
static enum err
make_result(struct evaluator *evaluator, struct check *check, struct relation *out)
{
    const struct str           added[] = {STR("ruleid"), implicit_default_name(RELATION_BOOLEAN),
                                          STR("errorcode"), STR("errorlevel")};
    struct projection_addition made[4] = {0};
    struct relation            rows;
    struct relation            chosen;
    struct relation            named;
    size_t                     count = 0;
    bool                       measures = check->output != VTL_OUTPUT_ALL;

    TRY(shape_allow(evaluator, check->node, check->in, added, ARRAY_COUNT(added)));
    TRY(measures ? shape_bare(evaluator, check->in, &rows)
                 : shape_identifiers(evaluator, check->in, &rows));
    TRY(selection_rows(evaluator->arena, &rows, check->rows, check->count, &chosen,
                       evaluator->fault));
    made[0].component = (struct relation_component){STR("ruleid"), RELATION_IDENTIFIER,
                                                    RELATION_STRING, 0, RELATION_PLAIN};
    TRY(rule_names(evaluator, check, &made[0].column));
    TRY(evaluator_judge(
        evaluator, check->node,
        projection_calc(evaluator->arena, &chosen, made, 1, &named, evaluator->fault)));
    TRY(shape_bare(evaluator, &named, &chosen)); /* identifiers first */
    if (check->output != VTL_OUTPUT_INVALID) {
        made[count].component =
            (struct relation_component){implicit_default_name(RELATION_BOOLEAN), RELATION_MEASURE,
                                        RELATION_BOOLEAN, 0, RELATION_PLAIN};
        TRY(outcome_column(evaluator, check, &made[count].column));
        count++;
    }
    TRY(code_columns(evaluator, check, &made[count]));
    return evaluator_judge(
        evaluator, check->node,
        projection_calc(evaluator->arena, &chosen, made, count + 2, out, evaluator->fault));
}

static enum err
run_rules(struct evaluator *evaluator, struct check *check, struct compute_view *view)
{
    static const struct vtl_options options = {.row_max = 1, .outcomes = true};
    struct vtl_binding              binding = {
                     .ruleset = evaluator_child(evaluator, check->node, 1)->text,
                     .structure = {view->components, check->in->component_count},
                     .domains = evaluator->world->domains,
                     .widths = view->widths
    };
    struct vtl_plan *plan = NULL;

    TRY(vtl_bind(evaluator->arena, evaluator->script, &binding, &plan, evaluator->problem,
                 evaluator->fault));
    struct vtl_rule_result *results =
        ARENA_NEW(evaluator->arena, struct vtl_rule_result, vtl_rule_count(plan) + 1);
    if (results == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "results of rules");
    }
    TRY(vtl_run(evaluator->arena, plan, &view->data, &options, results, evaluator->fault));
    check->plan = plan;
    check->results = results;
    return ERR_OK;
}

enum err
datapoints_check(struct evaluator *evaluator, uint32_t number)
{
    const struct node   *node = &evaluator->script->nodes[number];
    struct compute_view *view = ARENA_NEW(evaluator->arena, struct compute_view, 1);
    struct check         check = {.node = node, .output = (enum vtl_output)node->option};

    if (view == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "view of a dataset");
    }
    TRY(evaluator_dataset(evaluator, node, 0, &check.in));
    compute_look(evaluator, check.in, view);
    TRY(run_rules(evaluator, &check, view));
    report_failures(evaluator, &check);
    TRY(make_room(evaluator, &check));
    list_rows(&check);
    evaluator->values[number].kind = VALUE_DATASET;
    return make_result(evaluator, &check, &evaluator->values[number].relation);
}
