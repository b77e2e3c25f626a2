#include "validators/rules/crossing.h"

#include "validators/rules/trial.h"

enum { SCRATCH_MAX = 16 * 1024 * 1024 };

/* One cell with the rows of both views that it stands in. */
struct stand {
    struct trial     *trials[CROSSING_VIEWS]; /* NULL: it stands in no row of that view */
    size_t            components[CROSSING_VIEWS];
    struct trial_cell cell;
    struct crossing   crossing; /* with the best that was found so far */
};

static int
count_cleared(const struct crossing *crossing)
{
    return __builtin_popcountll(crossing->cleared[FORMULAS_BY_POSITION])
           + __builtin_popcountll(crossing->cleared[FORMULAS_BY_COLUMN]);
}

/* What is cleared when the cell holds `value`; *good false when another rule becomes false. */
static enum err
try_value(struct stand *stand, int64_t value, struct crossing *out, bool *good, struct fault *fault)
{
    *good = true;
    for (size_t i = 0; i < CROSSING_VIEWS; i++) {
        struct trial     *trial = stand->trials[i];
        struct trial_cell cell = {.component = stand->components[i], .value = stand->cell.value};
        uint64_t          wrong = 0;

        out->cleared[i] = 0;
        if (trial != NULL) {
            TRY(trial_value(trial, &cell, &value, &wrong, fault));
            *good = *good && (wrong & ~trial->wrong) == 0;
            out->cleared[i] = trial->wrong & ~wrong;
        }
    }
    return ERR_OK;
}

/* Balance one false comparison of one view and see what becomes of the others. */
static enum err
try_formula(struct stand *stand, size_t view, size_t formula, struct fault *fault)
{
    struct trial_cell cell = {.component = stand->components[view], .value = stand->cell.value};
    struct crossing   crossing = stand->crossing;
    int64_t           value = 0;
    bool              found = false;
    bool              good = false;

    TRY(trial_balance(stand->trials[view], &cell, formula, &value, &found, fault));
    if (!found) {
        return ERR_OK;
    }
    TRY(try_value(stand, value, &crossing, &good, fault));
    if (good && count_cleared(&crossing) > count_cleared(&stand->crossing)) {
        stand->crossing = crossing;
    }
    return ERR_OK;
}

static enum err
try_cell(struct stand *stand, struct fault *fault)
{
    for (size_t view = 0; view < CROSSING_VIEWS; view++) {
        struct trial *trial = stand->trials[view];
        for (size_t i = 0; trial != NULL && i < trial->formulas->count; i++) {
            if (trial_concerns(trial, i, stand->components[view])) {
                TRY(try_formula(stand, view, i, fault));
            }
        }
    }
    return ERR_OK;
}

/* Whether anything is false that reads the cell, and the cell can be read. */
static bool
is_worth(struct stand *stand)
{
    bool worth = false;

    for (size_t view = 0; view < CROSSING_VIEWS; view++) {
        const struct trial *trial = stand->trials[view];
        if (trial == NULL) {
            continue;
        }
        if (!trial_read(trial, stand->components[view], &stand->cell)) {
            return false;
        }
        for (size_t i = 0; i < trial->formulas->count; i++) {
            worth = worth || trial_concerns(trial, i, stand->components[view]);
        }
    }
    return worth;
}

/* The search over one report. */
struct search {
    struct inspection          *inspection;
    const struct crossing_side *sides;
    struct crossings           *out;
    size_t                      tried;
};

/* Open a trial of a view's row; NULL in *out when the view has no formulas to try. */
static enum err
open_trial(const struct search *search, struct arena *scratch, enum formulas_view view,
           uint32_t row, struct trial *trial, struct trial **out)
{
    const struct crossing_side *side = &search->sides[view];
    struct fault                unheard = {0};

    *out = NULL;
    if (!trial_fits(side->answers->formulas)) {
        return ERR_OK;
    }
    *trial = (struct trial){.shown = side->shown};
    *out = trial;
    return trial_open(trial, scratch, side->answers, row, &unheard);
}

static enum err
search_cell(struct search *search, struct arena *scratch, const struct stand *of_line, size_t slot)
{
    struct stand stand = *of_line;
    struct trial by_column;
    struct fault unheard = {0};

    stand.crossing.slot = slot;
    stand.components[FORMULAS_BY_POSITION] = search->inspection->form->code_count + slot;
    stand.components[FORMULAS_BY_COLUMN] = stand.crossing.line + 1;
    TRY(open_trial(search, scratch, FORMULAS_BY_COLUMN, (uint32_t)slot, &by_column,
                   &stand.trials[FORMULAS_BY_COLUMN]));
    if (search->tried == CROSSING_CELLS_MAX || !is_worth(&stand)) {
        return ERR_OK;
    }
    search->tried++;
    TRY(try_cell(&stand, &unheard));
    if (count_cleared(&stand.crossing) >= 2 && search->out->count < CROSSING_KEPT_MAX) {
        search->out->items[search->out->count] = stand.crossing;
        search->out->count++;
    }
    return ERR_OK;
}

/* All cells of one line. */
static enum err
search_line(struct search *search, struct arena *scratch, size_t line)
{
    const struct answers *by_column = search->sides[FORMULAS_BY_COLUMN].answers;
    struct trial          by_position;
    struct stand          stand = {
                 .crossing = {.line = line, .row = by_column->lines.rows[line]}
    };

    if (stand.crossing.row > 0) {
        TRY(open_trial(search, scratch, FORMULAS_BY_POSITION, stand.crossing.row - 1, &by_position,
                       &stand.trials[FORMULAS_BY_POSITION]));
    }
    for (size_t slot = 0; slot < search->inspection->form->amount_count; slot++) {
        TRY(search_cell(search, scratch, &stand, slot));
    }
    return ERR_OK;
}

/* How many findings of formulas there are that the sender is shown. */
static size_t
count_findings(const struct crossing_side *side)
{
    size_t count = 0;

    for (size_t i = 0; i < side->answers->formulas->count && i < TRIAL_RULES_MAX; i++) {
        size_t number = side->answers->formulas->items[i].number;
        bool   shown = (side->shown >> i & 1) != 0;
        count += shown ? side->answers->results[number].count[VTL_FALSE] : 0;
    }
    return count;
}

void
crossing_search(struct inspection *inspection, const struct crossing_side sides[CROSSING_VIEWS],
                struct crossings *out)
{
    struct search search = {.inspection = inspection, .sides = sides, .out = out};
    enum err      got = ERR_OK;

    out->count = 0;
    if (!trial_fits(sides[FORMULAS_BY_COLUMN].answers->formulas)
        || count_findings(&sides[FORMULAS_BY_POSITION]) + count_findings(&sides[FORMULAS_BY_COLUMN])
               < 2) {
        return;
    }
    for (size_t line = 0; got == ERR_OK && line < inspection->form->line_count; line++) {
        struct arena *scratch = arena_create(SCRATCH_MAX);
        got = search_line(&search, scratch, line);
        arena_destroy(scratch);
    }
}

static bool
clears(const struct crossing *crossing, enum formulas_view view, size_t formula, uint32_t row)
{
    bool here = view == FORMULAS_BY_COLUMN ? crossing->slot == row : crossing->row == row + 1;

    return here && formula < TRIAL_RULES_MAX && (crossing->cleared[view] >> formula & 1) != 0;
}

struct str
crossing_of(struct inspection *inspection, const struct crossings *crossings,
            enum formulas_view view, size_t formula, uint32_t row)
{
    const struct form     *form = inspection->form;
    const struct crossing *best = NULL;
    struct str             values[COLUMNS_CODES_MAX] = {0};
    bool                   shared = false;

    for (size_t i = 0; i < crossings->count; i++) {
        const struct crossing *it = &crossings->items[i];
        if (!clears(it, view, formula, row)) {
            continue;
        }
        int more = best == NULL ? 1 : count_cleared(it) - count_cleared(best);
        shared = more == 0 || (shared && more < 0);
        best = more > 0 ? it : best;
    }
    if (best == NULL || shared) {
        return (struct str){0};
    }
    values[form->line_code] = form->lines[best->line].symbol;
    return form_cell(inspection->scratch, form, values, form->amounts[best->slot].name);
}
