#include "validators/evaluation/implicit.h"
#include "validators/evaluation/shape.h"

#include "validators/relation/combination.h"
#include "validators/relation/existence.h"
#include "validators/relation/projection.h"
#include "validators/relation/timespan.h"

/* Operators that take datasets whole: membership, exists_in, sets, timeshift. */

enum err
wholes_member(struct evaluator *evaluator, uint32_t number)
{
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *in = NULL;
    struct value          *value = &evaluator->values[number];
    struct relation        identifiers;

    TRY(evaluator_dataset(evaluator, node, 0, &in));
    size_t at = relation_find(in, node->text);
    if (at == RELATION_NONE) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "zbiór danych nie ma składowej „%.*s”; wielkie i małe litery się "
                                  "różnią",
                                  STR_ARG(node->text));
    }
    struct projection_addition measure = {.component = in->components[at],
                                          .column = in->columns[at]};
    if (measure.component.role != RELATION_MEASURE) {
        measure.component.name = implicit_default_name(measure.component.type);
        measure.component.role = RELATION_MEASURE;
    }
    TRY(shape_identifiers(evaluator, in, &identifiers));
    value->kind = VALUE_DATASET;
    return evaluator_judge(evaluator, node,
                           projection_calc(evaluator->arena, &identifiers, &measure, 1,
                                           &value->relation, evaluator->fault));
}

enum err
wholes_exists_in(struct evaluator *evaluator, uint32_t number)
{
    static const enum existence_retain retains[] = {
        [NODE_RETAIN_ALL] = EXISTENCE_ALL,
        [NODE_RETAIN_TRUE] = EXISTENCE_TRUE,
        [NODE_RETAIN_FALSE] = EXISTENCE_FALSE,
    };
    const struct node     *node = &evaluator->script->nodes[number];
    const struct relation *operands[2];
    struct relation        bare[2];

    for (size_t i = 0; i < 2; i++) {
        TRY(evaluator_dataset(evaluator, node, i, &operands[i]));
        TRY(shape_identifiers(evaluator, operands[i], &bare[i]));
    }
    if (!shape_covers(&bare[0], &bare[1]) && !shape_covers(&bare[1], &bare[0])) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„exists_in”: identyfikatory jednego zbioru powinny zawierać "
                                  "wszystkie identyfikatory drugiego");
    }
    TRY(shape_agree(evaluator, node, &bare[0], &bare[1]));
    struct existence existence = {&bare[0], &bare[1], retains[node->option],
                                  implicit_default_name(RELATION_BOOLEAN)};
    evaluator->values[number].kind = VALUE_DATASET;
    return evaluator_judge(evaluator, node,
                           existence_run(evaluator->arena, &existence,
                                         &evaluator->values[number].relation, evaluator->fault));
}

/* Both have the same components, by name and role. */
static enum err
check_same(struct evaluator *evaluator, const struct node *node, const struct relation *a,
           const struct relation *b)
{
    const struct relation *pair[] = {a, b};

    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < pair[i]->component_count; j++) {
            const struct relation_component *it = &pair[i]->components[j];
            size_t                           at = relation_find(pair[1 - i], it->name);
            if (at == RELATION_NONE || pair[1 - i]->components[at].role != it->role) {
                return EVALUATOR_COMPLAIN(evaluator, node->place,
                                          "„%.*s” łączy zbiory o tej samej strukturze, a składowa "
                                          "„%.*s” jest tylko w jednym albo ma w drugim inną rolę",
                                          STR_ARG(node->text), STR_ARG(it->name));
            }
        }
    }
    return ERR_OK;
}

enum err
wholes_set(struct evaluator *evaluator, uint32_t number)
{
    static const enum combination_operator operators[] = {
        [NODE_UNION] = COMBINATION_UNION,
        [NODE_INTERSECT] = COMBINATION_INTERSECT,
        [NODE_SETDIFF] = COMBINATION_SETDIFF,
        [NODE_SYMDIFF] = COMBINATION_SYMDIFF,
    };
    const struct node     *node = &evaluator->script->nodes[number];
    struct relation        copies[VTL_OPERANDS_MAX];
    const struct relation *operands[VTL_OPERANDS_MAX];
    const struct relation *operand = NULL;

    for (size_t i = 0; i < node->count; i++) {
        TRY(evaluator_dataset(evaluator, node, i, &operand));
        copies[i] = *operand;
        operands[i] = &copies[i];
        TRY(check_same(evaluator, node, &copies[0], &copies[i]));
    }
    /* Twice: the first may get its largest scale from the last. */
    for (size_t i = 1; i < (size_t)2 * node->count; i++) {
        if (i % node->count != 0) {
            TRY(shape_agree(evaluator, node, &copies[0], &copies[i % node->count]));
        }
    }
    struct combination combination = {operators[node->kind], operands, node->count};
    evaluator->values[number].kind = VALUE_DATASET;
    return evaluator_judge(evaluator, node,
                           combination_run(evaluator->arena, &combination,
                                           &evaluator->values[number].relation, evaluator->fault));
}

/* "-4" */
static bool
read_shift(struct str text, int64_t *out)
{
    bool negative = str_starts_with(text, STR("-"));

    if (!str_to_number(negative ? str_slice(text, 1, SIZE_MAX) : text, out)) {
        return false;
    }
    *out = negative ? -*out : *out;
    return true;
}

/* Whether an identifier is a date or an interval. */
static bool
has_other_times(const struct relation *in)
{
    bool found = false;

    for (size_t i = 0; i < in->component_count; i++) {
        enum relation_notation notation = in->components[i].notation;
        found = found
                || (in->components[i].role == RELATION_IDENTIFIER
                    && (notation == RELATION_DATE || notation == RELATION_TIME));
    }
    return found;
}

enum err
wholes_timeshift(struct evaluator *evaluator, uint32_t number)
{
    const struct node     *node = &evaluator->script->nodes[number];
    const struct node     *constant = evaluator_child(evaluator, node, 1);
    const struct relation *in = NULL;
    size_t                 found = RELATION_NONE;
    size_t                 count = 0;
    int64_t                shift = 0;

    TRY(evaluator_dataset(evaluator, node, 0, &in));
    for (size_t i = 0; i < in->component_count; i++) {
        if (in->components[i].role == RELATION_IDENTIFIER
            && in->components[i].type == RELATION_TIME_PERIOD) {
            found = i;
            count++;
        }
    }
    if (count == 0 && has_other_times(in)) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "przesuwanie dat i przedziałów czasu nie należy do podzbioru VTL "
                                  "przyjętego przez bramę; „timeshift” przesuwa time_period");
    }
    if (count != 1) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "„timeshift” przesuwa jedyny identyfikator typu time_period, a "
                                  "ten zbiór ma ich %zu",
                                  count);
    }
    if (!read_shift(constant->text, &shift)) {
        return EVALUATOR_COMPLAIN(evaluator, constant->place,
                                  "przesunięcie w „timeshift” ma za dużo cyfr");
    }
    evaluator->values[number].kind = VALUE_DATASET;
    return evaluator_judge(evaluator, node,
                           timespan_timeshift(evaluator->arena, in, found, shift,
                                              &evaluator->values[number].relation,
                                              evaluator->fault));
}
