#include "validators/sets/telling.h"

#include "validators/decision/wording.h"
#include "validators/rules/inspection.h"

#include <stdlib.h>
#include <string.h>

/* A row that does not agree. */
struct failing {
    size_t      row;
    amount_wide found;
    amount_wide expected;
    amount_wide size; /* of the difference */
};

static int
compare_failing(const void *a, const void *b)
{
    const struct failing *failing_a = a;
    const struct failing *failing_b = b;

    if (failing_a->size != failing_b->size) {
        return failing_a->size > failing_b->size ? -1 : 1;
    }
    return (failing_a->row > failing_b->row) - (failing_a->row < failing_b->row);
}

/* Whether the result has an identifier of this name; then its text, "-" being the empty one. */
static bool
find_text(const struct telling *telling, struct str name, size_t row, struct str *out)
{
    const struct relation *result = telling->result;
    size_t                 at = relation_find(result, name);

    if (at == RELATION_NONE || result->components[at].type != RELATION_STRING) {
        return false;
    }
    struct relation_value value = relation_value(result, at, row);
    if (value.state != RELATION_PRESENT) {
        return false;
    }
    struct str text = vocabulary_text(result->vocabulary, (uint32_t)value.number);
    *out = str_equal(text, STR("-")) ? (struct str){0} : text;
    return true;
}

/* The same; empty when the result has no such identifier. */
static struct str
text_of(const struct telling *telling, struct str name, size_t row)
{
    struct str text = {0};

    (void)find_text(telling, name, row, &text);
    return text;
}

/* The report that the row charges: the one that it names, else the operand's first. */
static uint32_t
find_report(const struct telling *telling, size_t row)
{
    const struct presence_operand *operand = &telling->presence->operands[telling->rule->charges];
    struct str                     unit = {0};
    struct str                     variant = {0};
    bool                           any_unit = !find_text(telling, STR("Jednostka"), row, &unit);
    bool                           any_variant = !find_text(telling, STR("Wariant"), row, &variant);

    for (size_t i = 0; i < operand->report_count; i++) {
        const struct sets_report *report = &telling->presence->facts->reports[operand->reports[i]];
        if ((any_unit || str_equal(report->unit, unit))
            && (any_variant || str_equal(report->variant, variant))) {
            return operand->reports[i];
        }
    }
    return operand->reports[0];
}

/* Of a form of lines: whether the row names a code that only details of lines have. */
static bool
names_detail(const struct form *form, const struct str *codes)
{
    for (size_t i = 0; i < form->code_count; i++) {
        if (form->codes[i].detail && i != form->line_code && codes[i].size > 0) {
            return true;
        }
    }
    return false;
}

/* Whether a position has the codes that the row names. Others may be any, but a line is no detail.
 */
static bool
is_position(const struct sets_report *report, const struct str *codes, size_t position)
{
    const struct form *form = report->form;
    bool               plain = form->line_count > 0 && !names_detail(form, codes);

    for (size_t i = 0; i < form->code_count; i++) {
        struct str code = columns_code(report->columns, i, position);
        bool       wanted = codes[i].size > 0;
        bool       detail = plain && form->codes[i].detail && i != form->line_code;
        if ((wanted && !str_equal(code, codes[i])) || (!wanted && detail && code.size > 0)) {
            return false;
        }
    }
    return true;
}

/* The one position that the row means, or SETS_NO_ROW. */
static uint32_t
find_position(const struct sets_report *report, const struct str *codes)
{
    uint32_t found = SETS_NO_ROW;
    bool     named = false;

    for (size_t i = 0; i < report->form->code_count; i++) {
        named = named || codes[i].size > 0;
    }
    for (size_t i = 0; named && i < report->columns->row_count; i++) {
        if (is_position(report, codes, i)) {
            if (found != SETS_NO_ROW) {
                return SETS_NO_ROW;
            }
            found = (uint32_t)i;
        }
    }
    return found;
}

/* Where the finding points in the file of its report; 0: at the report as a whole. */
static uint32_t
offset_of(const struct sets_report *report, const struct sets_finding *finding)
{
    int slot = form_amount_index(report->form, finding->column);

    if (finding->row == SETS_NO_ROW) {
        return 0;
    }
    uint32_t cell = slot < 0 ? 0 : report->columns->amount_offsets[slot][finding->row];
    return cell != 0 ? cell : report->columns->row_offsets[finding->row];
}

static void
point(const struct telling *telling, size_t row, struct sets_finding *out)
{
    const struct sets_report *report = &telling->presence->facts->reports[out->report];
    struct str                codes[COLUMNS_CODES_MAX] = {{0}};

    for (size_t i = 0; i < report->form->code_count; i++) {
        codes[i] = text_of(telling, report->form->codes[i].name, row);
    }
    struct str column = text_of(telling, STR("Kolumna"), row);
    int        slot = form_amount_index(report->form, column);
    if (slot >= 0) {
        out->column = report->form->amounts[slot].name;
    }
    out->row = find_position(report, codes);
    out->finding.offset = offset_of(report, out);
    out->finding.cell = form_cell(telling->arena, report->form, codes, out->column);
}

static enum err
word(const struct telling *telling, const struct failing *failing, struct sets_finding *out,
     struct fault *fault)
{
    size_t         at = relation_find(telling->result, SCHEME_FOUND);
    int            scale = telling->result->components[at].scale;
    struct wording wording = {.finding = &out->finding};

    out->finding.found = inspection_amount(telling->arena, failing->found, scale);
    out->finding.expected = inspection_amount(telling->arena, failing->expected, scale);
    out->finding.difference = inspection_amount(telling->arena, failing->size, scale);
    TRY(wording_fill(telling->arena, &wording, out->rule->entry->title, &out->title, fault));
    return wording_fill(telling->arena, &wording, out->rule->entry->fix, &out->fix, fault);
}

static enum err
tell(const struct telling *telling, const struct failing *failing, struct sets_finding *out,
     struct fault *fault)
{
    struct str     code = telling->rule->entry->code;
    struct tracing tracing = {.scratch = telling->scratch,
                              .result = telling->result,
                              .row = failing->row,
                              .datasets = telling->datasets,
                              .side = telling->side,
                              .expected = failing->expected};

    *out = (struct sets_finding){.rule = telling->rule,
                                 .severity = telling->severity,
                                 .report = find_report(telling, failing->row)};
    memcpy(out->finding.code, code.data, code.size);
    out->finding.report = (int32_t)out->report;
    point(telling, failing->row, out);
    TRY(word(telling, failing, out, fault));
    return tracing_contributors(telling->arena, &tracing, out, fault);
}

static struct failing
read_failing(const struct relation *result, size_t row)
{
    size_t                found = relation_find(result, SCHEME_FOUND);
    size_t                expected = relation_find(result, SCHEME_EXPECTED);
    struct relation_value value_found = relation_value(result, found, row);
    struct relation_value value_expected = relation_value(result, expected, row);

    amount_wide difference = value_found.number - value_expected.number;
    return (struct failing){.row = row,
                            .found = value_found.number,
                            .expected = value_expected.number,
                            .size = difference < 0 ? -difference : difference};
}

/* Rows that do not agree, rows that agree, and rows that nothing can be said of. */
static enum err
sort_rows(const struct telling *telling, struct sets_answer *answer, struct failing *out,
          struct fault *fault)
{
    size_t agrees = relation_find(telling->result, SCHEME_AGREES);
    size_t unclear = 0;

    for (size_t row = 0; row < telling->result->row_count; row++) {
        struct relation_value value = relation_value(telling->result, agrees, row);
        if (value.state != RELATION_PRESENT) {
            unclear++;
        } else if (value.number == 0) {
            out[answer->failing++] = read_failing(telling->result, row);
        }
    }
    answer->compared = telling->result->row_count - unclear;
    answer->outcome = answer->failing > 0 ? SETS_FAILS : SETS_HOLDS;
    if (unclear > 0) {
        answer->outcome = answer->failing > 0 ? SETS_FAILS : SETS_NOT_EVALUATED;
        answer->reason = str_format(telling->arena,
                                    "%zu z %zu porównań nie dało się obliczyć: któraś wartość jest "
                                    "nieczytelna albo poza zakresem",
                                    unclear, telling->result->row_count);
        if (answer->reason.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "reason of a rule");
        }
    }
    return ERR_OK;
}

enum err
telling_result(const struct telling *telling, struct sets_answer *answer,
               struct sets_finding *findings, size_t *count, struct fault *fault)
{
    struct failing *failing =
        ARENA_NEW(telling->scratch, struct failing, telling->result->row_count + 1);

    if (failing == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu compared values", telling->result->row_count);
    }
    TRY(sort_rows(telling, answer, failing, fault));
    qsort(failing, answer->failing, sizeof *failing, compare_failing);
    for (size_t i = 0; i < answer->failing && i < SETS_FINDINGS_OF_RULE_MAX; i++) {
        TRY(tell(telling, &failing[i], &findings[*count], fault));
        (*count)++;
    }
    return ERR_OK;
}
