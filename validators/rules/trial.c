#include "validators/rules/trial.h"

static uint64_t
bit(size_t index)
{
    return UINT64_C(1) << index;
}

bool
trial_fits(const struct formulas *formulas)
{
    return formulas->plan != NULL && formulas->count <= TRIAL_RULES_MAX;
}

/* The formulas, of those shown, that are false for the position as it is in `data` now. */
static enum err
find_wrong(struct trial *trial, uint64_t *out, struct fault *fault)
{
    struct vtl_options options = {.row_max = 1};

    TRY(vtl_run(trial->scratch, trial->formulas->plan, &trial->data, &options, trial->results,
                fault));
    *out = 0;
    for (size_t i = 0; i < trial->formulas->count; i++) {
        size_t number = trial->formulas->items[i].number;
        if (trial->results[number].count[VTL_FALSE] > 0) {
            *out |= bit(i) & trial->shown;
        }
    }
    return ERR_OK;
}

/* The number of a string in the dictionary of the row; one that several cells have stands there
 * once.
 */
static uint32_t
keep_text(struct trial *trial, const struct answers *answers, uint32_t id)
{
    if (id == 0) {
        return 0;
    }
    for (uint32_t i = 1; i < trial->data.text_count; i++) {
        if (str_equal(trial->texts[i], answers->data.texts[id])) {
            return i;
        }
    }
    trial->texts[trial->data.text_count] = answers->data.texts[id];
    return (uint32_t)trial->data.text_count++;
}

/* A dictionary of the row's own: each run reads the whole of it, and that of a report is long. */
static enum err
keep_texts(struct trial *trial, const struct answers *answers, uint32_t row, struct fault *fault)
{
    size_t    count = answers->component_count;
    uint32_t *ids = ARENA_NEW(trial->scratch, uint32_t, count + 1);

    trial->texts = ARENA_NEW(trial->scratch, struct str, count + 1);
    if (ids == NULL || trial->texts == NULL) {
        return FAIL(fault, ERR_MEMORY, "strings of a row of %zu cells", count);
    }
    trial->data.texts = trial->texts;
    trial->data.text_count = 1;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *from = answers->data.columns[i].ids;
        if (from != NULL) {
            ids[i] = keep_text(trial, answers, from[row]);
            trial->cells[i].ids = &ids[i];
        }
    }
    return ERR_OK;
}

/* The amounts of one row, still where the report has them. */
enum err
trial_open(struct trial *trial, struct arena *scratch, const struct answers *answers, uint32_t row,
           struct fault *fault)
{
    const struct vtl_column *columns = answers->data.columns;
    size_t                   count = answers->component_count;

    trial->scratch = scratch;
    trial->formulas = answers->formulas;
    trial->cells = ARENA_NEW(scratch, struct vtl_column, count + 1);
    trial->results = ARENA_NEW(scratch, struct vtl_rule_result, trial->formulas->count + 1);
    if (trial->cells == NULL || trial->results == NULL) {
        return FAIL(fault, ERR_MEMORY, "a row of %zu cells", count);
    }
    for (size_t i = 0; i < count; i++) {
        trial->cells[i] = (struct vtl_column){
            .values = columns[i].values == NULL ? NULL : columns[i].values + row,
            .ids = columns[i].ids == NULL ? NULL : columns[i].ids + row,
            .states = columns[i].states == NULL ? NULL : columns[i].states + row};
    }
    trial->data = answers->data;
    trial->data.columns = trial->cells;
    trial->data.row_count = 1;
    TRY(keep_texts(trial, answers, row, fault));
    return find_wrong(trial, &trial->wrong, fault);
}

bool
trial_read(const struct trial *trial, size_t component, struct trial_cell *out)
{
    const struct vtl_column *cell = &trial->cells[component];

    if (cell->values == NULL || cell->states[0] == VTL_CELL_UNKNOWN) {
        return false;
    }
    *out = (struct trial_cell){.component = component,
                               .value = cell->states[0] == VTL_CELL_PRESENT ? cell->values[0] : 0};
    return true;
}

bool
trial_concerns(const struct trial *trial, size_t formula, size_t component)
{
    const struct vtl_rule *rule = trial->formulas->items[formula].rule;

    return (trial->wrong & bit(formula)) != 0 && rule->compares
           && (rule->components & bit(component)) != 0;
}

/* Left minus right of a comparison; *known false when there is none. */
static enum err
find_gap(struct trial *trial, size_t formula, amount_wide *out, bool *known, struct fault *fault)
{
    uint32_t            row = 0;
    struct vtl_operands operands = {0};
    struct vtl_question question = {
        .rule = trial->formulas->items[formula].number, .rows = &row, .row_count = 1};

    TRY(vtl_operands(trial->scratch, trial->formulas->plan, &trial->data, &question, &operands,
                     fault));
    *known = operands.known;
    *out = operands.left - operands.right;
    return ERR_OK;
}

static void
set_cell(struct trial *trial, const struct trial_cell *cell, const int64_t *value,
         const uint8_t *state)
{
    trial->cells[cell->component].values = value;
    trial->cells[cell->component].states = state;
}

static bool
fits(amount_wide value)
{
    return value >= -AMOUNT_MAX && value <= AMOUNT_MAX;
}

/* The gap moves by `slope` when the cell moves by one. */
enum err
trial_balance(struct trial *trial, const struct trial_cell *cell, size_t formula, int64_t *value,
              bool *found, struct fault *fault)
{
    static const uint8_t present = VTL_CELL_PRESENT;
    struct vtl_column    kept = trial->cells[cell->component];
    int64_t              nudged = cell->value + (cell->value < AMOUNT_MAX ? 1 : -1);
    amount_wide          gap = 0;
    amount_wide          moved = 0;
    bool                 known[2] = {false, false};

    TRY(find_gap(trial, formula, &gap, &known[0], fault));
    set_cell(trial, cell, &nudged, &present);
    enum err got = find_gap(trial, formula, &moved, &known[1], fault);
    trial->cells[cell->component] = kept;
    TRY(got);
    amount_wide slope = (moved - gap) * (nudged > cell->value ? 1 : -1);
    *found =
        known[0] && known[1] && slope != 0 && gap % slope == 0 && fits(cell->value - gap / slope);
    *value = *found ? (int64_t)(cell->value - gap / slope) : 0;
    return ERR_OK;
}

enum err
trial_value(struct trial *trial, const struct trial_cell *cell, const int64_t *value,
            uint64_t *wrong, struct fault *fault)
{
    static const uint8_t present = VTL_CELL_PRESENT;
    struct vtl_column    kept = trial->cells[cell->component];

    set_cell(trial, cell, value, &present);
    enum err got = find_wrong(trial, wrong, fault);
    trial->cells[cell->component] = kept;
    return got;
}
