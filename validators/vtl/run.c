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

/* What the states of a component's cells in this chunk have in common. */
struct states {
    uint8_t any;   /* bits that some have */
    uint8_t other; /* bits in which some differ from VTL_CELL_PRESENT */
};

MACHINE_WIDE_VECTORS static struct states
look_at(const uint8_t *from, const uint32_t *rows, size_t count)
{
    struct states seen = {0};

    if (rows == NULL) {
        for (size_t i = 0; i < count; i++) {
            seen.any |= from[i];
            seen.other |= from[i] ^ VTL_CELL_PRESENT;
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            seen.any |= from[rows[i]];
            seen.other |= from[rows[i]] ^ VTL_CELL_PRESENT;
        }
    }
    return seen;
}

static void
find_unknown(struct run *run, uint64_t components)
{
    struct machine *machine = &run->machine;
    size_t          first = machine->rows == NULL ? machine->first_row : 0;

    run->unknown = 0;
    machine->whole = 0;
    for (uint64_t rest = components; rest != 0; rest &= rest - 1) {
        uint64_t       bit = rest & -rest;
        const uint8_t *states = machine->data->columns[__builtin_ctzll(rest)].states;
        if (states == NULL) {
            continue;
        }
        struct states seen = look_at(states + first, machine->rows, machine->count);
        run->unknown |= (seen.any & VTL_CELL_UNKNOWN) != 0 ? bit : 0;
        machine->whole |= seen.other == 0 ? bit : 0;
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

/* How many rows of a chunk have this outcome. */
MACHINE_WIDE_VECTORS static size_t
count_of(const uint8_t *outcomes, size_t count, uint8_t outcome)
{
    uint16_t found = 0; /* narrow, so that more of them are counted at once */

    _Static_assert(VTL_CHUNK_ROWS <= UINT16_MAX, "rows of a chunk");
    for (size_t i = 0; i < count; i++) {
        found = (uint16_t)(found + (outcomes[i] == outcome ? 1 : 0));
    }
    return found;
}

/* The first rows of the chunk that have this outcome, room permitting. */
static void
list_rows(struct run *run, struct vtl_rule_result *result, const uint8_t *outcomes)
{
    struct machine *machine = &run->machine;
    size_t          rows = machine->data->row_count;
    size_t          room = rows < run->options->row_max ? rows : run->options->row_max;

    if (result->rows == NULL && room > 0) {
        result->rows = ARENA_NEW(machine->scratch, uint32_t, room);
        machine->memory &= result->rows != NULL;
    }
    for (size_t i = 0; machine->memory && i < machine->count && result->row_count < room; i++) {
        if (outcomes[i] == VTL_FALSE) {
            result->rows[result->row_count] = (uint32_t)(machine->first_row + i);
            result->row_count++;
        }
    }
}

static void
note_error(const struct machine *machine, struct vtl_rule_result *result, const uint8_t *outcomes)
{
    const uint8_t *first = memchr(outcomes, VTL_ERROR, machine->count);

    if (first != NULL && result->count[VTL_ERROR] == 0) {
        result->error_row = (uint32_t)(machine->first_row + (size_t)(first - outcomes));
    }
}

/* Count the outcomes of a chunk of which not all are true. */
static void
tally(struct run *run, struct vtl_rule_result *result, const uint8_t *outcomes)
{
    const size_t count = run->machine.count;
    size_t       found[VTL_OUTCOMES] = {0};
    size_t       rest = count;

    for (size_t i = 0; i < VTL_OUTCOMES && rest > 0; i++) {
        found[i] = count_of(outcomes, count, (uint8_t)i);
        rest -= found[i];
    }
    if (found[VTL_FALSE] > 0) {
        list_rows(run, result, outcomes);
    }
    if (found[VTL_ERROR] > 0) {
        note_error(&run->machine, result, outcomes);
    }
    for (size_t i = 0; i < VTL_OUTCOMES; i++) {
        result->count[i] += found[i];
    }
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
    if (outcomes == machine->all_true) {
        result->count[VTL_TRUE] += machine->count;
    } else {
        tally(run, result, outcomes);
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
        } else if (!machine_skips(machine, in)) {
            run->machine.kernels[in->op](machine, in);
        }
    }
}

static enum err
prepare_results(struct run *run, struct fault *fault)
{
    const struct machine *machine = &run->machine;
    size_t                row_count = machine->data->row_count;

    for (size_t i = 0; i < machine->plan->rule_count; i++) {
        struct vtl_rule_result *result = &run->results[i];
        *result = (struct vtl_rule_result){0};
        if (!run->options->outcomes) {
            continue;
        }
        result->outcomes = ARENA_NEW(machine->scratch, uint8_t, row_count + 1);
        if (result->outcomes == NULL) {
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
            return FAIL(fault, ERR_MEMORY, "a run");
        }
    }
    return ERR_OK;
}

static amount_wide
number_at(const struct machine *machine, uint32_t instruction, size_t i)
{
    const struct plan_instruction *in = &machine->plan->instructions[instruction];
    const struct machine_register *from = machine_register(machine, instruction);

    if (plan_is_constant(in)) {
        return in->number;
    }
    if (plan_class(in->op) == PLAN_CLASS_WIDE) {
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
        const struct plan_instruction *in = &machine->plan->instructions[i];
        if (needed[i] != 0 && !machine_skips(machine, in)) {
            machine->instruction = in;
            machine->kernels[in->op](machine, in);
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
        .machine = {.scratch = scratch, .plan = plan, .data = data, .rows = question->rows}
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
            return FAIL(fault, ERR_MEMORY, "a run");
        }
    }
    return ERR_OK;
}
