#include "validators/vtl/formula.h"

#include "validators/vtl/machine.h"
#include "validators/vtl/operand.h"
#include "validators/vtl/typing.h"

#include <string.h>

enum err
formula_room_create(struct arena *arena, const struct vtl_script *script, struct formula_room *out,
                    struct fault *fault)
{
    *out = (struct formula_room){
        .meanings = ARENA_NEW(arena, struct meaning, script->node_count + 1),
        .sets = ARENA_NEW(arena, struct vtl_domain_values, script->node_count + 1)};
    return out->meanings == NULL || out->sets == NULL
               ? FAIL(fault, ERR_MEMORY, "formulas over %zu nodes", script->node_count)
               : ERR_OK;
}

enum err
formula_create(struct arena *arena, const struct formula_source *source, struct formula_room *room,
               struct formula *out, struct vtl_problem *problem, struct fault *fault)
{
    *out = (struct formula){.output = PLAN_NONE};
    if (!code_create(arena, &out->code)) {
        return FAIL(fault, ERR_MEMORY, "code of a formula");
    }
    out->typing = (struct typing){.code = &out->code,
                                  .script = source->script,
                                  .binding = &source->binding,
                                  .source = source,
                                  .meanings = room->meanings,
                                  .sets = room->sets,
                                  .notice_count = TYPING_NOTICES_MAX,
                                  .problem = problem,
                                  .fault = fault};
    return ERR_OK;
}

enum err
formula_load(struct formula *formula, uint32_t node, size_t component)
{
    return operand_load(&formula->typing, &formula->typing.script->nodes[node], (uint32_t)component,
                        &formula->typing.meanings[node]);
}

enum err
formula_read(struct formula *formula, uint32_t first, uint32_t last)
{
    for (uint32_t node = first; node <= last; node++) {
        TRY(typing_node(&formula->typing, node));
    }
    return ERR_OK;
}

static const enum vtl_type types[] = {
    [MEANING_NUMBER] = VTL_NUMBER,      [MEANING_INTEGER] = VTL_INTEGER,
    [MEANING_STRING] = VTL_STRING,      [MEANING_BOOLEAN] = VTL_BOOLEAN,
    [MEANING_PERIOD] = VTL_TIME_PERIOD,
};

static const enum meaning_type meanings[] = {
    [VTL_NUMBER] = MEANING_NUMBER,      [VTL_INTEGER] = MEANING_INTEGER,
    [VTL_STRING] = MEANING_STRING,      [VTL_BOOLEAN] = MEANING_BOOLEAN,
    [VTL_TIME_PERIOD] = MEANING_PERIOD,
};

enum err
formula_finish(struct formula *formula, uint32_t node, enum vtl_type null, struct formula_type *out)
{
    struct typing *typing = &formula->typing;
    struct meaning meaning = typing->meanings[node];

    if (meaning.type == MEANING_NULL) {
        meaning = (struct meaning){meanings[null], meaning_null(typing, meanings[null])};
    }
    ENSURE(meaning.type != MEANING_OMITTED);
    if (formula->code.full) {
        return FAIL(typing->fault, ERR_MEMORY, "code of a formula");
    }
    *out = (struct formula_type){
        types[meaning.type],
        meaning.type == MEANING_NUMBER ? formula->code.instructions[meaning.at].scale : 0};
    formula->output = code_emit(
        &formula->code, (struct plan_instruction){
                            .op = PLAN_OUTPUT, .a = meaning.at, .b = PLAN_NONE, .c = PLAN_NONE});
    return formula->code.full ? FAIL(typing->fault, ERR_MEMORY, "code of a formula") : ERR_OK;
}

/* The operands that an instruction hands on as they are. */
static size_t
handed_on(const struct plan_instruction *in, uint32_t *operands)
{
    bool chooses = in->op == PLAN_TEXT_NVL || in->op == PLAN_TEXT_SELECT;

    operands[0] = in->a;
    operands[1] = in->b;
    return chooses ? 2 : in->op == PLAN_OUTPUT ? 1 : 0;
}

bool
formula_carries(const struct formula *formula, uint8_t *marks)
{
    const struct code *code = &formula->code;
    uint8_t           *needed = ARENA_NEW(code->arena, uint8_t, code->count + 1);
    bool               carries = needed != NULL;

    for (uint32_t i = carries ? formula->output + 1 : 0; i-- > 0;) {
        const struct plan_instruction *in = &code->instructions[i];
        uint32_t                       operands[2];
        size_t                         count = handed_on(in, operands);
        if (i != formula->output && needed[i] == 0) {
            continue;
        }
        for (size_t j = 0; j < count; j++) {
            needed[operands[j]] = 1;
        }
        if (in->op == PLAN_LOAD_TEXT) {
            marks[in->index] = 1;
        } else if (count == 0 && in->op != PLAN_TEXT) {
            carries = false; /* made anew; a constant is written as what it stands beside */
        }
    }
    return carries;
}

static enum err
make_cells(struct arena *arena, enum plan_class class, size_t rows, struct formula_cells *out,
           struct fault *fault)
{
    void *made = NULL;

    *out = (struct formula_cells){.states = ARENA_NEW(arena, uint8_t, rows + 1)};
    if (class == PLAN_CLASS_NARROW) {
        made = out->numbers = ARENA_NEW(arena, int64_t, rows + 1);
    } else if (class == PLAN_CLASS_WIDE) {
        made = out->wide = ARENA_NEW(arena, amount_wide, rows + 1);
    } else if (class == PLAN_CLASS_TRUTH) {
        made = out->truths = ARENA_NEW(arena, uint8_t, rows + 1);
    } else {
        made = out->texts = ARENA_NEW(arena, uint32_t, rows + 1);
    }
    return made == NULL || out->states == NULL ? FAIL(fault, ERR_MEMORY, "column of %zu rows", rows)
                                               : ERR_OK;
}

/* One cell; its value is 0 unless it is present. */
static void
put_cell(const struct machine_register *from, size_t i, size_t row, struct formula_cells *out)
{
    bool present = true;

    if (out->truths != NULL) {
        out->truths[row] = ((const uint8_t *)from->values)[i];
        present = out->truths[row] != VTL_NULL;
    } else if (out->texts != NULL) {
        out->texts[row] = ((const uint32_t *)from->values)[i];
        present = out->texts[row] != 0;
    } else if (from->present != NULL && from->present[i] == 0) {
        present = false;
    } else if (out->wide != NULL) {
        out->wide[row] = ((const amount_wide *)from->values)[i];
    } else {
        out->numbers[row] = ((const int64_t *)from->values)[i];
    }
    out->states[row] = present ? VTL_CELL_PRESENT : VTL_CELL_ABSENT;
}

static void
clear_cell(struct formula_cells *cells, size_t row, uint8_t state)
{
    cells->states[row] = state;
    if (cells->truths != NULL) {
        cells->truths[row] = VTL_NULL;
    } else if (cells->texts != NULL) {
        cells->texts[row] = 0;
    } else if (cells->wide != NULL) {
        cells->wide[row] = 0;
    } else {
        cells->numbers[row] = 0;
    }
}

static void
put_chunk(const struct machine *machine, uint32_t instruction, struct formula_cells *out)
{
    const struct machine_register *from = machine_register(machine, instruction);

    for (size_t i = 0; i < machine->count; i++) {
        size_t row = machine->first_row + i;
        put_cell(from, i, row, out);
        if (from->failed != NULL && from->failed[i] != 0) {
            clear_cell(out, row, VTL_CELL_FAILED);
        }
    }
}

/* A row that reads an unknown cell is so itself, whatever nvl says, unless it has failed. */
static void
spread_unknown(const struct formula *formula, const struct vtl_data *data,
               struct formula_cells *out)
{
    for (size_t i = 0; i < formula->code.count; i++) {
        const struct plan_instruction *in = &formula->code.instructions[i];
        bool           load = in->op >= PLAN_LOAD_NUMBER && in->op <= PLAN_LOAD_WIDE;
        const uint8_t *states = load ? data->columns[in->index].states : NULL;
        for (size_t row = 0; states != NULL && row < data->row_count; row++) {
            if (states[row] == VTL_CELL_UNKNOWN && out->states[row] < VTL_CELL_UNKNOWN) {
                clear_cell(out, row, VTL_CELL_UNKNOWN);
            }
        }
    }
}

static void
run_chunk(struct machine *machine, struct formula_cells *out)
{
    const struct vtl_plan *plan = machine->plan;

    for (size_t i = 0; machine->memory && i < plan->instruction_count; i++) {
        const struct plan_instruction *in = &plan->instructions[i];
        machine->instruction = in;
        if (in->op == PLAN_OUTPUT) {
            put_chunk(machine, in->a, out);
        } else if (!machine_skips(machine, in)) {
            machine->kernels[in->op](machine, in);
        }
    }
}

static void
make_plan(const struct formula *formula, struct vtl_plan *plan)
{
    *plan = (struct vtl_plan){.instructions = formula->code.instructions,
                              .instruction_count = formula->code.count,
                              .sets = formula->typing.sets,
                              .set_count = formula->typing.set_count,
                              .domain_count = formula->typing.binding->domains.count};
    for (size_t i = 0; i < plan->instruction_count; i++) {
        plan->uses_texts |= plan_uses_texts(plan->instructions[i].op);
    }
}

enum err
formula_run(struct arena *arena, struct formula *formula, const struct vtl_data *data,
            struct formula_cells *out, struct fault *fault)
{
    struct vtl_plan plan;
    struct arena   *scratch = formula->code.arena;
    struct machine  machine = {.scratch = scratch, .plan = &plan, .data = data, .memory = true};
    size_t          rows = data->row_count < VTL_CHUNK_ROWS ? data->row_count : VTL_CHUNK_ROWS;

    if (data->row_count >= UINT32_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu rows", data->row_count);
    }
    make_plan(formula, &plan);
    TRY(plan_assign(scratch, &plan, fault));
    enum plan_class class = plan_class(plan.instructions[plan.instructions[formula->output].a].op);
    TRY(machine_prepare(&machine, rows + 1, fault));
    TRY(make_cells(arena, class, data->row_count, out, fault));
    for (size_t first = 0; first < data->row_count; first += VTL_CHUNK_ROWS) {
        size_t left = data->row_count - first;
        machine.first_row = first;
        machine.count = left < VTL_CHUNK_ROWS ? left : VTL_CHUNK_ROWS;
        run_chunk(&machine, out);
        if (!machine.memory) {
            return FAIL(fault, ERR_MEMORY, "strings of a formula");
        }
    }
    spread_unknown(formula, data, out);
    out->dictionary = machine.texts == NULL ? NULL : machine.texts->items;
    out->dictionary_count = machine.texts == NULL ? 0 : machine.texts->count;
    return ERR_OK;
}
