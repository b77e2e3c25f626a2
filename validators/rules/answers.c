#include "validators/rules/answers.h"

#include "validators/rules/alike.h"
#include "validators/rules/contribution.h"
#include "validators/rules/crossing.h"
#include "validators/rules/domains.h"
#include "validators/rules/suspect.h"

/* Up to here all false rows of all rules are listed at once; above, only where it is needed. */
enum { ROWS_LISTED_AT_ONCE = 1000 };

static enum err
fill_columns(struct inspection *inspection, struct vtl_data *data, struct fault *fault)
{
    const struct columns *columns = &inspection->report->columns;
    size_t                count = columns->code_count + columns->amount_count;
    struct vtl_column    *filled = ARENA_NEW(inspection->scratch, struct vtl_column, count + 1);

    if (filled == NULL) {
        return FAIL(fault, ERR_MEMORY, "columns of a report");
    }
    for (size_t i = 0; i < columns->code_count; i++) {
        filled[i] =
            (struct vtl_column){.ids = columns->codes[i], .states = columns->code_states[i]};
    }
    for (size_t i = 0; i < columns->amount_count; i++) {
        filled[columns->code_count + i] =
            (struct vtl_column){.values = columns->amounts[i], .states = columns->amount_states[i]};
    }
    data->columns = filled;
    data->row_count = columns->row_count;
    data->texts = columns->texts;
    data->text_count = columns->text_count;
    return ERR_OK;
}

/* A rule that is told once per combination of codes has to see all the rows where it is false. */
static bool
has_unseen_rows(const struct formulas *formulas, const struct vtl_rule_result *results)
{
    for (size_t i = 0; i < formulas->count; i++) {
        const struct vtl_rule_result *result = &results[formulas->items[i].number];
        if (formulas->items[i].codes_read != 0 && result->row_count < result->count[VTL_FALSE]) {
            return true;
        }
    }
    return false;
}

enum err
answers_find(struct inspection *inspection, const struct formulas *formulas, struct answers *out,
             struct fault *fault)
{
    size_t             row_count = inspection->report->columns.row_count;
    struct vtl_options options = {.row_max = row_count <= ROWS_LISTED_AT_ONCE ? row_count
                                                                              : FINDING_REPORT_MAX};

    if (formulas->view == FORMULAS_BY_COLUMN) {
        options.row_max = inspection->report->columns.amount_count;
    }
    *out = (struct answers){.formulas = formulas,
                            .component_count = formulas->view == FORMULAS_BY_COLUMN
                                                   ? inspection->form->line_count + 1
                                                   : inspection->form->code_count
                                                         + inspection->form->amount_count};
    out->results = ARENA_NEW(inspection->scratch, struct vtl_rule_result, formulas->count + 1);
    if (out->results == NULL) {
        return FAIL(fault, ERR_MEMORY, "results of %zu rules", formulas->count);
    }
    if (formulas->plan == NULL) {
        return ERR_OK;
    }
    TRY(domains_values(inspection->scratch, inspection->request->catalogue, inspection->period.end,
                       &out->data.domains, fault));
    TRY(formulas->view == FORMULAS_BY_COLUMN
            ? lines_fill(inspection, &out->lines, &out->data, fault)
            : fill_columns(inspection, &out->data, fault));
    TRY(vtl_run(inspection->scratch, formulas->plan, &out->data, &options, out->results, fault));
    if (!has_unseen_rows(formulas, out->results)) {
        return ERR_OK;
    }
    options.row_max = row_count;
    return vtl_run(inspection->scratch, formulas->plan, &out->data, &options, out->results, fault);
}

/* Of rows with equal codes only the first, when the rule reads nothing else. */
static enum err
choose_rows(struct inspection *inspection, const struct formula *formula,
            struct vtl_rule_result *result, struct fault *fault)
{
    struct alike_question question = {.columns = &inspection->report->columns,
                                      .mask = formula->codes_read,
                                      .rows = result->rows,
                                      .row_count = result->row_count};
    uint32_t             *first = ARENA_NEW(inspection->scratch, uint32_t, result->row_count + 1);
    size_t                count = 0;

    if (formula->codes_read == 0 || result->row_count == 0) {
        return ERR_OK;
    }
    if (first == NULL || !alike_first(inspection->scratch, &question, first)) {
        return FAIL(fault, ERR_MEMORY, "rows of %zu", result->row_count);
    }
    for (size_t i = 0; i < result->row_count; i++) {
        if (first[i] == i) {
            result->rows[count] = result->rows[i];
            count++;
        }
    }
    result->row_count = count;
    return ERR_OK;
}

/* What stands in the cell that the rule points at, as a person reads it. */
static struct str
read_cell(struct inspection *inspection, const struct cell_place *place)
{
    const struct columns *columns = &inspection->report->columns;
    int                   code = form_code_index(inspection->form, place->column);
    int                   amount = form_amount_index(inspection->form, place->column);

    if (code >= 0) {
        return columns_code(columns, (size_t)code, place->row);
    }
    if (amount >= 0 && columns->amount_states[amount][place->row] == CELL_PRESENT) {
        return inspection_amount(inspection->scratch, columns->amounts[amount][place->row],
                                 inspection->form->amounts[amount].scale);
    }
    return (struct str){0};
}

static void
fill_amounts(struct inspection *inspection, const struct vtl_operands *operands, int scale,
             struct finding *finding)
{
    amount_wide difference = operands->left - operands->right;

    finding->found = inspection_amount(inspection->scratch, operands->left, scale);
    finding->expected = inspection_amount(inspection->scratch, operands->right, scale);
    finding->difference =
        inspection_amount(inspection->scratch, difference < 0 ? -difference : difference, scale);
}

/* Rows of one rule that are to be listed. */
struct telling {
    const struct answers         *answers;
    const struct formula         *formula;
    size_t                        number; /* of the formula in the form */
    const struct vtl_rule_result *result;
    const struct vtl_operands *operands; /* one per listed row; NULL: the rule compares nothing */
    size_t                     listed;
    bool                       sums; /* a side of the comparison is one */
};

/* The cell to look at first, in the form's words. */
static struct str
find_suspect(struct inspection *inspection, const struct telling *telling, size_t index)
{
    const struct answers *answers = telling->answers;
    uint32_t              row = telling->result->rows[index];
    struct str            column = {0};

    if (answers->crossings != NULL) {
        return crossing_of(inspection, answers->crossings, answers->formulas->view, telling->number,
                           row);
    }
    if (answers->suspects != NULL) {
        column = suspect_of(answers->suspects, telling->number, row);
    }
    return column.data == NULL ? column
                               : form_column_title(inspection->scratch, inspection->form, column);
}

/* The cell that the rule points at in a row where it is false, and what stands there. */
static bool
point(struct inspection *inspection, const struct telling *telling, uint32_t row,
      struct finding *finding)
{
    const struct formula *formula = telling->formula;
    const struct lines   *lines = &telling->answers->lines;
    struct cell_place     place = {.row = row, .column = formula->entry->points};

    if (telling->answers->formulas->view == FORMULAS_BY_COLUMN) {
        return lines_point(inspection, lines, (size_t)formula->line, row, finding);
    }
    finding->found = read_cell(inspection, &place);
    return inspection_point(inspection, &place, finding);
}

static enum err
tell_row(struct inspection *inspection, const struct telling *telling, size_t index,
         const struct charge *charge, struct fault *fault)
{
    struct finding finding = {.suspect = find_suspect(inspection, telling, index)};

    if (!point(inspection, telling, telling->result->rows[index], &finding)) {
        return FAIL(fault, ERR_MEMORY, "place of a finding");
    }
    if (telling->operands != NULL && telling->operands[index].known) {
        fill_amounts(inspection, &telling->operands[index], telling->formula->rule->scale,
                     &finding);
    }
    if (telling->sums) {
        TRY(contribution_find(inspection, telling->answers, telling->formula,
                              telling->result->rows[index], &finding, fault));
    }
    return inspection_list(inspection, charge, &finding, fault);
}

/* Both sides of the comparison in the rows that are to be listed. */
static enum err
read_operands(struct inspection *inspection, struct telling *telling, struct fault *fault)
{
    const struct answers *answers = telling->answers;
    struct vtl_question   question = {.rule = telling->formula->number,
                                      .rows = telling->result->rows,
                                      .row_count = telling->listed};
    struct vtl_operands  *operands =
        ARENA_NEW(inspection->scratch, struct vtl_operands, telling->listed + 1);

    if (operands == NULL) {
        return FAIL(fault, ERR_MEMORY, "operands of %zu rows", telling->listed);
    }
    telling->operands = operands;
    return vtl_operands(inspection->scratch, answers->formulas->plan, &answers->data, &question,
                        operands, fault);
}

enum err
answers_tell(struct inspection *inspection, const struct answers *answers,
             const struct formula *formula, enum severity severity, struct fault *fault)
{
    struct vtl_rule_result *result = &answers->results[formula->number];
    struct charge           charge = {.entry = formula->entry, .severity = severity};
    struct telling          telling = {.answers = answers,
                                       .formula = formula,
                                       .number = (size_t)(formula - answers->formulas->items),
                                       .result = result};

    inspection->tally->not_evaluated += result->count[VTL_NOT_EVALUATED];
    if (severity != SEVERITY_PROPOSED) {
        inspection->tally->failed += result->count[VTL_ERROR];
    }
    TRY(choose_rows(inspection, formula, result, fault));
    size_t count = formula->codes_read == 0 ? result->count[VTL_FALSE] : result->row_count;
    TRY(inspection_count(inspection, &charge, count, &telling.listed, fault));
    ENSURE(telling.listed <= result->row_count);
    if (formula->rule->compares && telling.listed > 0) {
        TRY(read_operands(inspection, &telling, fault));
        telling.sums = contribution_has(answers, formula);
    }
    for (size_t i = 0; i < telling.listed; i++) {
        TRY(tell_row(inspection, &telling, i, &charge, fault));
    }
    return ERR_OK;
}
