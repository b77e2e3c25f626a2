#include "validators/evaluation/compute.h"
#include "validators/evaluation/doubt.h"
#include "validators/evaluation/shape.h"

#include "validators/relation/combination.h"
#include "validators/relation/selection.h"

#include <string.h>

/*
 * if and case over datasets (Reference Manual, Conditional operators): rows of the condition that
 * are true are joined with "then", the others with "else", and both results are united. A row of
 * which the condition cannot tell has no values, wherever either branch has it.
 */
enum { BRANCHES = 2, PARTS = 2 * BRANCHES };

struct branch {
    const struct value *value;
    uint32_t            node; /* of a constant */
};

enum { CHOSEN_THEN = 0, CHOSEN_ELSE = 1, CHOSEN_NEITHER = 2 };

struct chosen {
    const struct relation *rows; /* of the condition */
    const uint8_t         *mask; /* CHOSEN_* per row */
    const struct relation *model;
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
    const struct relation *operands[] = {&parts[0], &parts[1], &parts[2], &parts[3]};
    struct combination     combination = {COMBINATION_UNION, operands, PARTS};
    struct str             name = {0};

    if (!shape_same_measures(&parts[0], &parts[1], &name)) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s”: wybierane zbiory powinny mieć te same miary, a „%.*s” "
                                  "jest tylko w jednym",
                                  STR_ARG(node->text), STR_ARG(name));
    }
    /* Twice: the first may get its largest scale from the second. */
    for (size_t i = 1; i < (size_t)2 * PARTS; i++) {
        if (i % PARTS != 0) {
            TRY(shape_agree(evaluator, node, &parts[0], &parts[i % PARTS]));
        }
    }
    return evaluator_judge(evaluator, node,
                           combination_run(evaluator->arena, &combination, out, evaluator->fault));
}

/* The rows that chose branch i % BRANCHES, or, from BRANCHES on, those that nobody can tell of. */
static enum err
take_part(struct evaluator *evaluator, const struct node *node, const struct branch *branches,
          const struct chosen *chosen, size_t i, struct relation *out)
{
    bool            doubtful = i >= BRANCHES;
    struct relation rows;
    struct relation part = {0};
    uint8_t        *all = NULL;

    TRY(selection_filter(evaluator->arena, chosen->rows, chosen->mask,
                         doubtful ? CHOSEN_NEITHER : (uint8_t)i, &rows, evaluator->fault));
    TRY(take(evaluator, node, &branches[i % BRANCHES], &rows, chosen->model,
             doubtful ? &part : out));
    if (!doubtful) {
        return ERR_OK;
    }
    all = ARENA_NEW(evaluator->arena, uint8_t, part.row_count + 1);
    if (all == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "mask of %zu rows", part.row_count);
    }
    memset(all, VTL_ERROR, part.row_count);
    return doubt_fail(evaluator, &part, all, out);
}

/* Truth to which branch a row takes; an absent answer counts as false. */
static void
choose_branches(uint8_t *mask, size_t count)
{
    static const uint8_t branches[VTL_OUTCOMES] = {
        [VTL_TRUE] = CHOSEN_THEN,     [VTL_FALSE] = CHOSEN_ELSE,
        [VTL_NULL] = CHOSEN_ELSE,     [VTL_NOT_EVALUATED] = CHOSEN_NEITHER,
        [VTL_ERROR] = CHOSEN_NEITHER,
    };

    for (size_t i = 0; i < count; i++) {
        mask[i] = branches[mask[i]];
    }
}

/* if condition then branches[0] else branches[1] */
static enum err
choose(struct evaluator *evaluator, const struct node *node, const struct relation *condition,
       const struct branch *branches, struct relation *out)
{
    const struct value *then = branches[0].value;
    struct relation     rows;
    struct relation     parts[PARTS];
    size_t              truth = 0;
    uint8_t            *mask = NULL;

    if (then->kind != VALUE_DATASET && branches[1].value->kind != VALUE_DATASET) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„%.*s” na zbiorach danych powinno wybierać co najmniej jeden "
                                  "zbiór danych",
                                  STR_ARG(node->text));
    }
    TRY(shape_only_measure(evaluator, node, condition, RELATION_BOOLEAN, &truth));
    TRY(evaluator_mask(evaluator, &condition->columns[truth], condition->row_count, &mask));
    (void)doubt_tell(evaluator, node->place, condition, mask);
    choose_branches(mask, condition->row_count);
    TRY(shape_identifiers(evaluator, condition, &rows));
    struct chosen chosen = {
        &rows, mask, then->kind == VALUE_DATASET ? &then->relation : &branches[1].value->relation};
    for (size_t i = 0; i < PARTS; i++) {
        TRY(take_part(evaluator, node, branches, &chosen, i, &parts[i]));
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
