#include "validators/evaluation/compute.h"

#include "validators/relation/column.h"
#include "validators/relation/vocabulary.h"

#include <string.h>

_Static_assert((int)VTL_NUMBER == (int)RELATION_NUMBER && (int)VTL_INTEGER == (int)RELATION_INTEGER
                   && (int)VTL_STRING == (int)RELATION_STRING
                   && (int)VTL_BOOLEAN == (int)RELATION_BOOLEAN
                   && (int)VTL_TIME_PERIOD == (int)RELATION_TIME_PERIOD
                   && (int)VTL_CELL_FAILED == (int)RELATION_FAILED,
               "types and states are the same in both modules");

struct names {
    const struct relation   *in;
    const struct value_join *join;
};

static size_t
find_name(const void *names, struct str alias, struct str name)
{
    const struct names *it = names;

    return evaluator_find(it->in, it->join, alias, name);
}

static uint8_t
width_of(const struct relation_column *column, size_t count)
{
    if (column->wide != NULL) {
        return VTL_WIDTH_WIDE;
    }
    for (size_t i = 0; column->values != NULL && i < count; i++) {
        if (column->values[i] > AMOUNT_MAX || column->values[i] < -AMOUNT_MAX) {
            return VTL_WIDTH_LONG;
        }
    }
    return VTL_WIDTH_AMOUNT;
}

void
compute_look(const struct evaluator *evaluator, const struct relation *in, struct compute_view *out)
{
    const struct vocabulary *vocabulary = evaluator->world->vocabulary;

    for (size_t i = 0; i < in->component_count; i++) {
        const struct relation_component *component = &in->components[i];
        const struct relation_column    *column = &in->columns[i];
        out->components[i] = (struct vtl_component){.name = component->name,
                                                    .role = (enum vtl_role)component->role,
                                                    .type = (enum vtl_type)component->type,
                                                    .scale = component->scale};
        out->widths[i] = width_of(column, in->row_count);
        out->columns[i] = (struct vtl_column){
            .values = column->values, .ids = column->ids, .states = column->states};
        out->wides[i] = column->wide;
    }
    out->data = (struct vtl_data){.row_count = in->row_count,
                                  .columns = out->columns,
                                  .texts = vocabulary->texts,
                                  .text_count = vocabulary->count,
                                  .domains = evaluator->world->domain_values,
                                  .wides = out->wides};
}

/* Read the expression, with components in the place of nodes that stand for them. */
static enum err
read_nodes(struct evaluator *evaluator, const struct compute *compute, struct formula *formula)
{
    size_t load = 0;

    for (uint32_t node = evaluator->places.firsts[compute->root]; node <= compute->root; node++) {
        if (load < compute->load_count
            && node >= evaluator->places.firsts[compute->loads[load].node]) {
            node = compute->loads[load].node;
            TRY(formula_load(formula, node, compute->loads[load].component));
            load++;
        } else {
            TRY(formula_read(formula, node, node));
        }
    }
    return ERR_OK;
}

/* New strings of a formula get numbers of the vocabulary. */
static enum err
adopt_texts(struct evaluator *evaluator, const struct formula_cells *cells, size_t known,
            size_t count)
{
    struct vocabulary *vocabulary = evaluator->world->vocabulary;

    for (size_t i = 0; i < count; i++) {
        if (cells->texts[i] >= known) {
            TRY(vocabulary_add(vocabulary, cells->dictionary[cells->texts[i]], &cells->texts[i],
                               evaluator->fault));
        }
    }
    return ERR_OK;
}

static bool
all_present(const uint8_t *states, size_t count)
{
    uint8_t other = 0;

    for (size_t i = 0; i < count; i++) {
        other |= states[i] ^ RELATION_PRESENT;
    }
    return other == 0;
}

static enum err
make_column(struct evaluator *evaluator, const struct formula_cells *cells, size_t known,
            size_t count, struct relation_column *out)
{
    *out = (struct relation_column){.states =
                                        all_present(cells->states, count) ? NULL : cells->states};
    if (cells->wide != NULL) {
        return column_of_wide(evaluator->arena, cells->wide, out->states, count, out,
                              evaluator->fault);
    }
    if (cells->texts != NULL) {
        TRY(adopt_texts(evaluator, cells, known, count));
        out->ids = cells->texts;
        return ERR_OK;
    }
    out->values = cells->numbers;
    if (cells->truths != NULL) {
        int64_t *values = ARENA_NEW(evaluator->arena, int64_t, count + 1);
        if (values == NULL) {
            return FAIL(evaluator->fault, ERR_MEMORY, "truth of %zu rows", count);
        }
        for (size_t i = 0; i < count; i++) {
            values[i] = cells->truths[i] == VTL_TRUE ? 1 : 0;
        }
        out->values = values;
    }
    return ERR_OK;
}

/* What the components have in common that the value is taken from. */
static enum relation_notation
notation_of(const struct relation *in, const struct formula *formula)
{
    uint8_t                marks[RELATION_COMPONENTS_MAX] = {0};
    enum relation_notation found = RELATION_PLAIN;
    bool                   carries = formula_carries(formula, marks);
    bool                   any = false;

    for (size_t i = 0; carries && i < in->component_count; i++) {
        if (marks[i] != 0) {
            carries = !any || found == in->components[i].notation;
            found = in->components[i].notation;
            any = true;
        }
    }
    return carries ? found : RELATION_PLAIN;
}

static enum err
run(struct evaluator *evaluator, struct arena *scratch, const struct compute *compute,
    struct compute_view *view, struct projection_addition *out)
{
    struct names          names = {compute->in, compute->join};
    struct formula_source source = {
        .script = evaluator->script,
        .binding = {.structure = {view->components, compute->in->component_count},
                    .domains = evaluator->world->domains,
                    .widths = view->widths},
        .find = find_name,
        .names = &names
    };
    struct formula       formula;
    struct formula_type  type;
    struct formula_cells cells;

    TRY(formula_create(scratch, &source, &evaluator->room, &formula, evaluator->problem,
                       evaluator->fault));
    TRY(read_nodes(evaluator, compute, &formula));
    TRY(formula_finish(&formula, compute->root, (enum vtl_type)compute->null, &type));
    TRY(formula_run(evaluator->arena, &formula, &view->data, &cells, evaluator->fault));
    out->component.type = (enum relation_type)type.type;
    out->component.scale = type.scale;
    out->component.notation = notation_of(compute->in, &formula);
    return make_column(evaluator, &cells, view->data.text_count, compute->in->row_count,
                       &out->column);
}

enum err
compute_column(struct evaluator *evaluator, const struct compute *compute,
               struct projection_addition *out)
{
    struct arena *scratch =
        arena_create(arena_size_max(evaluator->arena) - arena_used(evaluator->arena));
    struct compute_view *view = ARENA_NEW(scratch, struct compute_view, 1);
    enum err             got = ERR_OK;

    if (view == NULL) {
        got = FAIL(evaluator->fault, ERR_MEMORY, "view of a dataset");
    } else {
        compute_look(evaluator, compute->in, view);
        got = run(evaluator, scratch, compute, view, out);
    }
    arena_destroy(scratch);
    return got;
}

enum err
compute_mask(struct evaluator *evaluator, const struct compute *compute, const char *what,
             uint8_t **out)
{
    struct projection_addition truth = {0};
    struct vtl_place           place = evaluator->script->nodes[compute->root].place;

    TRY(compute_column(evaluator, compute, &truth));
    if (truth.component.type != RELATION_BOOLEAN) {
        return EVALUATOR_COMPLAIN(evaluator, place,
                                  "%s powinien być wartością logiczną (np. porównaniem)", what);
    }
    return evaluator_mask(evaluator, &truth.column, compute->in->row_count, out);
}
