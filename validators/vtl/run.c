#include "validators/vtl/run.h"

#include "validators/vtl/machine.h"

#include <string.h>

/* What a run over all rules keeps beside the machine. */
struct run {
    struct machine            machine;
    const struct vtl_options *options;
    struct vtl_rule_result   *results;
    uint64_t                  unknown; /* bit i: component i has unknown cells in this chunk */
};

static size_t
row_of(const struct machine *machine, size_t i)
{
    return machine->rows == NULL ? machine->first_row + i : machine->rows[i];
}

/* Whether any of the chunk's cells of a component is unknown. */
static bool
has_unknown(const struct machine *machine, const uint8_t *states)
{
    uint8_t any = 0;

    if (machine->rows == NULL) {
        const uint8_t *from = states + machine->first_row;
        for (size_t i = 0; i < machine->count; i++) {
            any |= from[i];
        }
    } else {
        for (size_t i = 0; i < machine->count; i++) {
            any |= states[machine->rows[i]];
        }
    }
    return (any & VTL_CELL_UNKNOWN) != 0;
}

static void
find_unknown(struct run *run, uint64_t components)
{
    run->unknown = 0;
    for (size_t i = 0; i < VTL_COMPONENTS_MAX; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if ((components & bit) != 0) {
            const uint8_t *states = run->machine.data->columns[i].states;
            run->unknown |= states != NULL && has_unknown(&run->machine, states) ? bit : 0;
        }
    }
}

/* Mark the rows in which any of these components is unknown. */
static void
mark_unknown(const struct run *run, uint64_t components, uint8_t *marks)
{
    memset(marks, 0, run->machine.count);
    for (size_t i = 0; i < VTL_COMPONENTS_MAX; i++) {
        if ((components & (UINT64_C(1) << i)) == 0) {
            continue;
        }
        const uint8_t *states = run->machine.data->columns[i].states;
        for (size_t j = 0; j < run->machine.count; j++) {
            marks[j] |= states[row_of(&run->machine, j)] == VTL_CELL_UNKNOWN;
        }
    }
}

/* Truth with what dominates it: unknown cells first, then failures. */
static void
final_outcomes(const struct run *run, const struct machine_register *from, uint64_t components,
               uint8_t *out)
{
    size_t count = run->machine.count;

    memcpy(out, from->values, count);
    for (size_t i = 0; from->failed != NULL && i < count; i++) {
        out[i] = from->failed[i] != 0 ? VTL_ERROR : out[i];
    }
    if ((run->unknown & components) != 0) {
        uint8_t marks[VTL_CHUNK_ROWS];
        mark_unknown(run, components & run->unknown, marks);
        for (size_t i = 0; i < count; i++) {
            out[i] = marks[i] != 0 ? VTL_NOT_EVALUATED : out[i];
        }
    }
}

static bool
all_true(const uint8_t *outcomes, size_t count)
{
    uint8_t other = 0;

    for (size_t i = 0; i < count; i++) {
        other |= outcomes[i] ^ VTL_TRUE;
    }
    return other == 0;
}

static void
note_row(struct run *run, struct vtl_rule_result *result, uint8_t outcome, uint32_t row)
{
    if (outcome == VTL_FALSE && result->row_count < run->options->row_max) {
        result->rows[result->row_count++] = row;
    }
    if (outcome == VTL_ERROR && result->count[VTL_ERROR] == 0) {
        result->error_row = row;
    }
    result->count[outcome]++;
}

/* The pseudo-instruction at the end of each rule: count, and list what is false. */
static void
conclude(struct run *run, const struct plan_instruction *in)
{
    struct machine                *machine = &run->machine;
    struct vtl_rule_result        *result = &run->results[in->index];
    uint64_t                       components = machine->plan->rules[in->index].rule.components;
    const struct machine_register *from = machine_register(machine, in->a);
    const uint8_t                 *outcomes = from->values;
    uint8_t                        final[VTL_CHUNK_ROWS];

    if (from->failed != NULL || (run->unknown & components) != 0) {
        final_outcomes(run, from, components, final);
        outcomes = final;
    }
    if (result->outcomes != NULL) {
        memcpy(result->outcomes + machine->first_row, outcomes, machine->count);
    }
    if (all_true(outcomes, machine->count)) {
        result->count[VTL_TRUE] += machine->count;
        return;
    }
    for (size_t i = 0; i < machine->count; i++) {
        note_row(run, result, outcomes[i], (uint32_t)(machine->first_row + i));
    }
}

static void
run_chunk(struct run *run)
{
    struct machine        *machine = &run->machine;
    const struct vtl_plan *plan = machine->plan;

    find_unknown(run, plan->components);
    for (size_t i = 0; machine->memory && i < plan->instruction_count; i++) {
        const struct plan_instruction *in = &plan->instructions[i];
        machine->instruction = in;
        if (in->op == PLAN_RULE) {
            conclude(run, in);
        } else if (!in->pinned || machine->first_row == 0) {
            run->machine.kernels[in->op](machine, in);
        }
    }
}

static enum err
prepare_results(struct run *run, struct fault *fault)
{
    const struct machine *machine = &run->machine;
    size_t                row_count = machine->data->row_count;
    size_t listed = row_count < run->options->row_max ? row_count : run->options->row_max;

    for (size_t i = 0; i < machine->plan->rule_count; i++) {
        struct vtl_rule_result *result = &run->results[i];
        *result = (struct vtl_rule_result){
            .rows = ARENA_NEW(machine->scratch, uint32_t, listed + 1),
            .outcomes = run->options->outcomes ? ARENA_NEW(machine->scratch, uint8_t, row_count + 1)
                                               : NULL};
        if (result->rows == NULL || (run->options->outcomes && result->outcomes == NULL)) {
            return FAIL(fault, ERR_MEMORY, "results of %zu rules", machine->plan->rule_count);
        }
    }
    return ERR_OK;
}

enum err
run_rules(struct arena *scratch, const struct vtl_plan *plan, const struct vtl_data *data,
          const struct vtl_options *options, struct vtl_rule_result *results, struct fault *fault)
{
    struct run run = {
        .machine = {.scratch = scratch, .plan = plan, .data = data},
        .options = options,
        .results = results
    };

    if (data->row_count >= UINT32_MAX) {
        return FAIL(fault, ERR_LIMIT, "%zu rows", data->row_count);
    }
    size_t rows = data->row_count < VTL_CHUNK_ROWS ? data->row_count : VTL_CHUNK_ROWS;
    TRY(machine_prepare(&run.machine, rows + 1, fault));
    TRY(prepare_results(&run, fault));
    for (size_t first = 0; first < data->row_count; first += VTL_CHUNK_ROWS) {
        size_t left = data->row_count - first;
        run.machine.first_row = first;
        run.machine.count = left < VTL_CHUNK_ROWS ? left : VTL_CHUNK_ROWS;
        run_chunk(&run);
        if (!run.machine.memory) {
            return FAIL(fault, ERR_MEMORY, "strings of a run");
        }
    }
    return ERR_OK;
}

static amount_wide
number_at(const struct machine *machine, uint32_t instruction, size_t i)
{
    const struct machine_register *from = machine_register(machine, instruction);

    if (plan_class(machine->plan->instructions[instruction].op) == PLAN_CLASS_WIDE) {
        return ((const amount_wide *)from->values)[i];
    }
    return ((const int64_t *)from->values)[i];
}

static bool
is_known(const struct machine *machine, uint32_t instruction, size_t i)
{
    const struct machine_register *from = machine_register(machine, instruction);

    return (from->present == NULL || from->present[i] != 0)
           && (from->failed == NULL || from->failed[i] == 0);
}

/* One chunk of the rows asked for. */
static void
answer(struct run *run, const struct plan_rule *rule, const uint8_t *needed,
       struct vtl_operands *out)
{
    struct machine *machine = &run->machine;
    uint32_t        last = rule->left > rule->right ? rule->left : rule->right;
    uint8_t         unknown[VTL_CHUNK_ROWS];

    find_unknown(run, rule->rule.components);
    mark_unknown(run, run->unknown, unknown);
    for (uint32_t i = 0; machine->memory && i <= last; i++) {
        if (needed[i] != 0) {
            machine->instruction = &machine->plan->instructions[i];
            run->machine.kernels[machine->instruction->op](machine, machine->instruction);
        }
    }
    for (size_t i = 0; i < machine->count; i++) {
        bool known = unknown[i] == 0 && is_known(machine, rule->left, i)
                     && is_known(machine, rule->right, i);
        out[i] = (struct vtl_operands){.known = known};
        if (known) {
            out[i].left = number_at(machine, rule->left, i);
            out[i].right = number_at(machine, rule->right, i);
        }
    }
}

enum err
run_operands(struct arena *scratch, const struct vtl_plan *plan, const struct vtl_data *data,
             const struct vtl_question *question, struct vtl_operands *out, struct fault *fault)
{
    struct run run = {
        .machine = {.scratch = scratch, .plan = plan, .data = data}
    };
    size_t   rows = question->row_count < VTL_CHUNK_ROWS ? question->row_count : VTL_CHUNK_ROWS;
    uint8_t *needed = ARENA_NEW(scratch, uint8_t, plan->instruction_count + 1);

    ENSURE(question->rule < plan->rule_count && plan->rules[question->rule].rule.compares);
    if (needed == NULL) {
        return FAIL(fault, ERR_MEMORY, "operands of a rule");
    }
    const struct plan_rule *rule = &plan->rules[question->rule];
    plan_mark(plan, rule->left, rule->right, needed);
    TRY(machine_prepare(&run.machine, rows + 1, fault));
    for (size_t first = 0; first < question->row_count; first += VTL_CHUNK_ROWS) {
        size_t left = question->row_count - first;
        run.machine.rows = question->rows + first;
        run.machine.count = left < VTL_CHUNK_ROWS ? left : VTL_CHUNK_ROWS;
        answer(&run, rule, needed, out + first);
        if (!run.machine.memory) {
            return FAIL(fault, ERR_MEMORY, "strings of a run");
        }
    }
    return ERR_OK;
}
