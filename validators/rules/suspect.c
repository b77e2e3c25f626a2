#include "validators/rules/suspect.h"

#include "validators/rules/trial.h"

#include <stdlib.h>

enum { SCRATCH_MAX = 16 * 1024 * 1024 };

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
try_cell(struct trial *trial, const struct trial_cell *cell, struct best *best, struct fault *fault)
{
    for (size_t i = 0; i < trial->formulas->count; i++) {
        int64_t  changed = 0;
        bool     found = false;
        uint64_t wrong = 0;

        if (!trial_concerns(trial, i, cell->component)) {
            continue;
        }
        TRY(trial_balance(trial, cell, i, &changed, &found, fault));
        if (!found) {
            continue;
        }
        TRY(trial_value(trial, cell, &changed, &wrong, fault));
        if ((wrong & ~trial->wrong) == 0) {
            keep_best(best, cell->component, trial->wrong & ~wrong);
        }
    }
    return ERR_OK;
}

static enum err
try_row(struct trial *trial, const struct columns *columns, struct best *best, struct fault *fault)
{
    for (size_t i = 0; i < columns->amount_count; i++) {
        struct trial_cell cell = {0};
        if (trial_read(trial, columns->code_count + i, &cell)) {
            TRY(try_cell(trial, &cell, best, fault));
        }
    }
    return ERR_OK;
}

static enum err
search_row(struct inspection *inspection, const struct answers *answers, uint64_t shown,
           uint32_t row, struct suspects *out, struct fault *fault)
{
    const struct columns *columns = &inspection->report->columns;
    struct trial          trial = {.shown = shown};
    struct best           best = {0};
    struct arena         *scratch = arena_create(SCRATCH_MAX);

    enum err got = trial_open(&trial, scratch, answers, row, fault);
    if (got == ERR_OK) {
        got = try_row(&trial, columns, &best, fault);
    }
    arena_destroy(scratch);
    TRY(got);
    if (count_bits(best.cleared) >= 2 && !best.shared) {
        size_t amount = best.component - columns->code_count;
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
list_rows(struct inspection *inspection, const struct answers *answers, uint64_t shown,
          uint32_t **out, size_t *count, struct fault *fault)
{
    size_t total = 0;

    for (size_t i = 0; i < answers->formulas->count; i++) {
        total += answers->results[answers->formulas->items[i].number].row_count;
    }
    uint32_t *rows = ARENA_NEW(inspection->scratch, uint32_t, total + 1);
    if (rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings", total);
    }
    *count = 0;
    for (size_t i = 0; i < answers->formulas->count; i++) {
        const struct vtl_rule_result *result =
            &answers->results[answers->formulas->items[i].number];
        for (size_t j = 0; j < result->row_count && (shown & bit(i)) != 0; j++) {
            rows[*count] = result->rows[j];
            (*count)++;
        }
    }
    qsort(rows, *count, sizeof *rows, compare_rows);
    *out = rows;
    return ERR_OK;
}

enum err
suspect_search(struct inspection *inspection, const struct answers *answers, uint64_t shown,
               struct suspects *out, struct fault *fault)
{
    uint32_t *rows = NULL;
    size_t    count = 0;
    size_t    looked_at = 0;

    out->count = 0;
    if (!trial_fits(answers->formulas)) {
        return ERR_OK;
    }
    TRY(list_rows(inspection, answers, shown, &rows, &count, fault));
    for (size_t i = 1; i < count && looked_at < SUSPECT_ROWS_MAX; i++) {
        bool second = rows[i] == rows[i - 1] && (i < 2 || rows[i - 2] != rows[i]);
        if (second) {
            looked_at++;
            TRY(search_row(inspection, answers, shown, rows[i], out, fault));
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
