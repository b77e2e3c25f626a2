#include "validators/evaluation/compute.h"
#include "validators/evaluation/shape.h"

#include "validators/relation/combination.h"
#include "validators/relation/selection.h"

/*
 * if and case over datasets (Reference Manual, Conditional operators): rows of the condition that
 * are true are joined with "then", the others with "else", and both results are united.
 */
struct branch {
    const struct value *value;
    uint32_t            node; /* of a constant */
};

/* Constants as measures: those of the other branch. */
static enum err
fill(struct evaluator *evaluator, const struct branch *branch, const struct relation *part,
     const struct relation *model, struct relation *out)
{
    struct projection_addition made[RELATION_COMPONENTS_MAX];
    size_t                     measures[RELATION_COMPONENTS_MAX];
    size_t                     count = shape_of_role(model, RELATION_MEASURE, measures);

    for (size_t i = 0; i < count; i++) {
        const struct relation_component *component = &model->components[measures[i]];
        struct compute compute = {.in = part, .root = branch->node, .null = component->type};
        made[i] = (struct projection_addition){.component = *component};
        TRY(compute_column(evaluator, &compute, &made[i]));
    }
    return projection_calc(evaluator->arena, part, made, count, out, evaluator->fault);
}

/* The rows of the condition that chose a branch, with what it gives them. */
static enum err
take(struct evaluator *evaluator, const struct node *node, const struct branch *branch,
     const struct relation *part, const struct relation *model, struct relation *out)
{
    struct relation rows = *part;
    struct relation bare;

    if (branch->value->kind != VALUE_DATASET) {
        return fill(evaluator, branch, part, model, out);
    }
    TRY(shape_bare(evaluator, &branch->value->relation, &bare));
    if (!shape_covers(&rows, &bare) || !shape_covers(&bare, &rows)) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s”: warunek i wybierane zbiory powinny mieć te same "
                                  "identyfikatory",
                                  STR_ARG(node->text));
    }
    return shape_match(evaluator, node, &rows, &bare, out);
}

static enum err
unite(struct evaluator *evaluator, const struct node *node, struct relation *parts,
      struct relation *out)
{
    const struct relation *operands[] = {&parts[0], &parts[1]};
    struct combination     combination = {COMBINATION_UNION, operands, 2};
    struct str             name = {0};

    if (!shape_same_measures(&parts[0], &parts[1], &name)) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s”: wybierane zbiory powinny mieć te same miary, a „%.*s” "
                                  "jest tylko w jednym",
                                  STR_ARG(node->text), STR_ARG(name));
    }
    TRY(shape_agree(evaluator, node, &parts[0], &parts[1]));
    return evaluator_judge(evaluator, node,
                           combination_run(evaluator->arena, &combination, out, evaluator->fault));
}

/* if condition then branches[0] else branches[1] */
static enum err
choose(struct evaluator *evaluator, const struct node *node, const struct relation *condition,
       const struct branch *branches, struct relation *out)
{
    const struct value    *then = branches[0].value;
    const struct relation *model =
        then->kind == VALUE_DATASET ? &then->relation : &branches[1].value->relation;
    struct relation rows;
    struct relation parts[2];
    size_t          truth = 0;
    uint8_t        *mask = NULL;

    if (then->kind != VALUE_DATASET && branches[1].value->kind != VALUE_DATASET) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s” na zbiorach danych powinno wybierać co najmniej jeden "
                                  "zbiór danych",
                                  STR_ARG(node->text));
    }
    TRY(shape_only_measure(evaluator, node, condition, RELATION_BOOLEAN, &truth));
    TRY(evaluator_mask(evaluator, node->place, &condition->columns[truth], condition->row_count,
                       &mask));
    for (size_t i = 0; i < condition->row_count; i++) {
        mask[i] = mask[i] == VTL_TRUE ? 0 : 1; /* an absent answer counts as false */
    }
    TRY(shape_identifiers(evaluator, condition, &rows));
    for (uint8_t i = 0; i < 2; i++) {
        struct relation part;
        TRY(selection_filter(evaluator->arena, &rows, mask, i, &part, evaluator->fault));
        TRY(take(evaluator, node, &branches[i], &part, model, &parts[i]));
    }
    return unite(evaluator, node, parts, out);
}

/* From the last condition forward, as scalars are chosen. */
enum err
choice_operator(struct evaluator *evaluator, uint32_t number)
{
    const struct node     *node = &evaluator->script->nodes[number];
    struct value           otherwise = *evaluator_value(evaluator, node, node->count - 1);
    uint32_t               constant = evaluator_number(evaluator, node, node->count - 1);
    const struct relation *condition = NULL;
    bool                   datasets = false;

    for (size_t i = 0; i < node->count; i++) {
        datasets |= evaluator_value(evaluator, node, i)->kind == VALUE_DATASET;
    }
    evaluator->values[number].kind = datasets ? VALUE_DATASET : VALUE_SCALAR;
    for (size_t i = node->count - 1; datasets && i >= 2; i -= 2) {
        struct value  made = {.kind = VALUE_DATASET};
        struct branch branches[2] = {
            {evaluator_value(evaluator,   node, i - 1), evaluator_number(evaluator, node, i - 1)},
            {&otherwise, constant},
        };
        TRY(evaluator_dataset(evaluator, node, i - 2, &condition));
        TRY(choose(evaluator, node, condition, branches, &made.relation));
        otherwise = made;
    }
    evaluator->values[number].relation = otherwise.relation;
    return ERR_OK;
}
