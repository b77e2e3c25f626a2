#include "validators/rules/suspect.h"

#include <stdlib.h>

enum { SCRATCH_MAX = 16 * 1024 * 1024 };

/* One position as a data set of its own, in which one cell can be changed. */
struct trial {
    struct arena           *scratch;
    const struct formulas  *formulas;
    const struct columns   *columns;
    struct vtl_column      *cells; /* of the position */
    struct vtl_data         data;
    struct vtl_rule_result *results;
    uint64_t                shown;
    uint64_t                wrong; /* formulas that are false as it stands */
};

/* A cell that is tried, with what it holds now. */
struct cell {
    size_t  component;
    int64_t value;
};

/* The best of one position so far. */
struct best {
    size_t   component;
    uint64_t cleared;
    bool     shared; /* another cell clears as many */
};

static int
count_bits(uint64_t bits)
{
    return __builtin_popcountll(bits);
}

static uint64_t
bit(size_t index)
{
    return UINT64_C(1) << index;
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
set_cell(struct trial *trial, const struct cell *cell, const int64_t *value, const uint8_t *state)
{
    trial->cells[cell->component].values = value;
    trial->cells[cell->component].states = state;
}

static bool
fits(amount_wide value)
{
    return value >= -AMOUNT_MAX && value <= AMOUNT_MAX;
}

/*
 * By how much the cell would have to change for one comparison to balance: the gap moves by
 * `slope` when the cell moves by one. False when no whole number of grosze does it.
 */
static enum err
find_change(struct trial *trial, const struct cell *cell, size_t formula, int64_t *changed,
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
    *changed = *found ? (int64_t)(cell->value - gap / slope) : 0;
    return ERR_OK;
}

/* What is false when the cell holds `value`. */
static enum err
try_value(struct trial *trial, const struct cell *cell, const int64_t *value, uint64_t *wrong,
          struct fault *fault)
{
    static const uint8_t present = VTL_CELL_PRESENT;
    struct vtl_column    kept = trial->cells[cell->component];

    set_cell(trial, cell, value, &present);
    enum err got = find_wrong(trial, wrong, fault);
    trial->cells[cell->component] = kept;
    return got;
}

static void
keep_best(struct best *best, size_t component, uint64_t cleared)
{
    int more = count_bits(cleared) - count_bits(best->cleared);

    if (more > 0) {
        *best = (struct best){.component = component, .cleared = cleared};
    } else if (more == 0 && component != best->component) {
        best->shared = true;
    }
}

static enum err
try_cell(struct trial *trial, const struct cell *cell, struct best *best, struct fault *fault)
{
    for (size_t i = 0; i < trial->formulas->count; i++) {
        const struct vtl_rule *rule = trial->formulas->items[i].rule;
        int64_t                changed = 0;
        bool                   found = false;
        uint64_t               wrong = 0;

        if ((trial->wrong & bit(i)) == 0 || !rule->compares
            || (rule->components & bit(cell->component)) == 0) {
            continue;
        }
        TRY(find_change(trial, cell, i, &changed, &found, fault));
        if (!found) {
            continue;
        }
        TRY(try_value(trial, cell, &changed, &wrong, fault));
        if ((wrong & ~trial->wrong) == 0) {
            keep_best(best, cell->component, trial->wrong & ~wrong);
        }
    }
    return ERR_OK;
}

static enum err
try_row(struct trial *trial, uint32_t row, struct best *best, struct fault *fault)
{
    const struct columns *columns = trial->columns;

    TRY(find_wrong(trial, &trial->wrong, fault));
    for (size_t i = 0; i < columns->amount_count; i++) {
        bool        present = columns->amount_states[i][row] == CELL_PRESENT;
        struct cell cell = {.component = columns->code_count + i,
                            .value = present ? columns->amounts[i][row] : 0};
        if (columns->amount_states[i][row] != CELL_UNKNOWN) {
            TRY(try_cell(trial, &cell, best, fault));
        }
    }
    return ERR_OK;
}

/* The cells of one position, still where the report has them. */
static enum err
open_trial(struct trial *trial, const struct answers *answers, uint32_t row, struct fault *fault)
{
    const struct columns *columns = trial->columns;
    size_t                count = columns->code_count + columns->amount_count;

    trial->cells = ARENA_NEW(trial->scratch, struct vtl_column, count + 1);
    trial->results = ARENA_NEW(trial->scratch, struct vtl_rule_result, trial->formulas->count + 1);
    if (trial->cells == NULL || trial->results == NULL) {
        return FAIL(fault, ERR_MEMORY, "a position of %zu cells", count);
    }
    for (size_t i = 0; i < count; i++) {
        const struct vtl_column *whole = &answers->data.columns[i];
        bool                     is_code = i < columns->code_count;
        trial->cells[i] = (struct vtl_column){.values = is_code ? NULL : whole->values + row,
                                              .ids = is_code ? whole->ids + row : NULL,
                                              .states = whole->states + row};
    }
    trial->data = answers->data;
    trial->data.columns = trial->cells;
    trial->data.row_count = 1;
    return ERR_OK;
}

static enum err
search_row(struct inspection *inspection, const struct trial *asked, const struct answers *answers,
           uint32_t row, struct suspects *out, struct fault *fault)
{
    struct trial trial = *asked;
    struct best  best = {0};

    trial.scratch = arena_create(SCRATCH_MAX);
    enum err got = open_trial(&trial, answers, row, fault);
    if (got == ERR_OK) {
        got = try_row(&trial, row, &best, fault);
    }
    arena_destroy(trial.scratch);
    TRY(got);
    if (count_bits(best.cleared) >= 2 && !best.shared) {
        size_t amount = best.component - trial.columns->code_count;
        out->items[out->count] = (struct suspect){
            .row = row, .column = inspection->form->amounts[amount].name, .cleared = best.cleared};
        out->count++;
    }
    return ERR_OK;
}

static int
compare_rows(const void *a, const void *b)
{
    uint32_t row_a = *(const uint32_t *)a;
    uint32_t row_b = *(const uint32_t *)b;

    return (row_a > row_b) - (row_a < row_b);
}

/* The listed rows of all shown formulas, one entry for each finding, ascending. */
static enum err
list_rows(struct inspection *inspection, const struct trial *trial, const struct answers *answers,
          uint32_t **out, size_t *count, struct fault *fault)
{
    size_t total = 0;

    for (size_t i = 0; i < trial->formulas->count; i++) {
        total += answers->results[trial->formulas->items[i].number].row_count;
    }
    uint32_t *rows = ARENA_NEW(inspection->scratch, uint32_t, total + 1);
    if (rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings", total);
    }
    *count = 0;
    for (size_t i = 0; i < trial->formulas->count; i++) {
        const struct vtl_rule_result *result = &answers->results[trial->formulas->items[i].number];
        for (size_t j = 0; j < result->row_count && (trial->shown & bit(i)) != 0; j++) {
            rows[*count] = result->rows[j];
            (*count)++;
        }
    }
    qsort(rows, *count, sizeof *rows, compare_rows);
    *out = rows;
    return ERR_OK;
}

enum err
suspect_search(struct inspection *inspection, const struct formulas *formulas,
               const struct answers *answers, uint64_t shown, struct suspects *out,
               struct fault *fault)
{
    struct trial trial = {
        .formulas = formulas, .columns = &inspection->report->columns, .shown = shown};
    uint32_t *rows = NULL;
    size_t    count = 0;
    size_t    looked_at = 0;

    out->count = 0;
    if (formulas->plan == NULL || formulas->count > SUSPECT_RULES_MAX) {
        return ERR_OK;
    }
    TRY(list_rows(inspection, &trial, answers, &rows, &count, fault));
    for (size_t i = 1; i < count && looked_at < SUSPECT_ROWS_MAX; i++) {
        bool second = rows[i] == rows[i - 1] && (i < 2 || rows[i - 2] != rows[i]);
        if (second) {
            looked_at++;
            TRY(search_row(inspection, &trial, answers, rows[i], out, fault));
        }
    }
    return ERR_OK;
}

struct str
suspect_of(const struct suspects *suspects, size_t formula, uint32_t row)
{
    for (size_t i = 0; i < suspects->count; i++) {
        const struct suspect *suspect = &suspects->items[i];
        if (suspect->row == row && (suspect->cleared & bit(formula)) != 0) {
            return suspect->column;
        }
    }
    return (struct str){0};
}
