#include "validators/rules/contribution.h"

#include "validators/vtl/terms.h"

#include <stdlib.h>

/* One term of a sum with its value in the row. */
struct part {
    struct term term;
    bool        present;
    int         scale;
    amount_wide value;  /* as it goes into the sum */
    amount_wide common; /* the same in units that all parts share */
    size_t      ordinal;
};

struct parts {
    struct part items[TERMS_MAX];
    size_t      count;
    int         scale; /* of the common units: the largest */
};

/* One row of one formula. */
struct row {
    struct inspection    *inspection;
    const struct answers *answers;
    uint32_t              number;
};

bool
contribution_has(const struct answers *answers, const struct formula *formula)
{
    struct term            terms[TERMS_MAX];
    const struct vtl_plan *plan = answers->formulas->plan;

    return terms_find(plan, formula->number, TERMS_LEFT, terms) > 0
           || terms_find(plan, formula->number, TERMS_RIGHT, terms) > 0;
}

static amount_wide
distance(amount_wide value)
{
    return value < 0 ? -value : value;
}

/* The largest first, whatever its sign; what is absent last; else in the order of the rule. */
static int
compare_parts(const void *a, const void *b)
{
    const struct part *left = a;
    const struct part *right = b;

    if (left->present != right->present) {
        return left->present ? -1 : 1;
    }
    if (distance(left->common) != distance(right->common)) {
        return distance(left->common) > distance(right->common) ? -1 : 1;
    }
    return left->ordinal < right->ordinal ? -1 : 1;
}

static int
scale_of(const struct row *row, uint32_t component)
{
    const struct form *form = row->inspection->form;

    return row->answers->formulas->view == FORMULAS_BY_COLUMN
               ? form->amounts[0].scale
               : form->amounts[component - form->code_count].scale;
}

static struct part
read_part(const struct row *row, struct term term)
{
    const struct vtl_column *column = &row->answers->data.columns[term.component];
    struct part              part = {.term = term, .scale = scale_of(row, term.component)};

    part.present = column->states[row->number] == VTL_CELL_PRESENT;
    part.value = part.present ? column->values[row->number] : 0;
    part.value = term.absolute ? distance(part.value) : part.value;
    part.value = term.negative ? -part.value : part.value;
    return part;
}

static void
share_units(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct part *part = &parts->items[i];
        part->common = part->value;
        for (int scale = part->scale; scale < parts->scale; scale++) {
            part->common *= 10;
        }
    }
}

static void
weigh(const struct row *row, const struct formula *formula, enum terms_side side, struct parts *out)
{
    struct term terms[TERMS_MAX];
    size_t      count = terms_find(row->answers->formulas->plan, formula->number, side, terms);

    out->count = 0;
    out->scale = 0;
    for (size_t i = 0; i < count; i++) {
        struct part part = read_part(row, terms[i]);
        part.ordinal = i;
        if (!terms[i].absolute || part.value != 0) {
            out->scale = part.scale > out->scale ? part.scale : out->scale;
            out->items[out->count] = part;
            out->count++;
        }
    }
    share_units(out);
    qsort(out->items, out->count, sizeof out->items[0], compare_parts);
}

/* The cell and its place. In a position the column is name enough: the finding names the rest. */
static bool
point(const struct row *row, uint32_t component, struct contributor *out)
{
    struct inspection *inspection = row->inspection;
    const struct form *form = inspection->form;
    struct finding     finding = {0};
    bool               pointed;

    if (row->answers->formulas->view == FORMULAS_BY_COLUMN) {
        pointed =
            lines_point(inspection, &row->answers->lines, component - 1, row->number, &finding);
    } else {
        struct str        name = form->amounts[component - form->code_count].name;
        struct cell_place place = {.row = row->number, .column = name};
        pointed = inspection_point(inspection, &place, &finding);
        finding.cell = form_column_title(inspection->scratch, form, name);
    }
    out->offset = finding.offset;
    out->xpath = finding.xpath;
    out->cell = finding.cell;
    return pointed && finding.cell.data != NULL;
}

static bool
list(const struct row *row, const struct parts *parts, struct contributors *out)
{
    struct arena *scratch = row->inspection->scratch;
    amount_wide   rest = 0;

    out->count = parts->count < CONTRIBUTORS_MAX ? parts->count : CONTRIBUTORS_MAX;
    out->more = parts->count - out->count;
    out->items = ARENA_NEW(scratch, struct contributor, out->count + 1);
    for (size_t i = 0; out->items != NULL && i < out->count; i++) {
        const struct part *part = &parts->items[i];
        if (!point(row, part->term.component, &out->items[i])) {
            return false;
        }
        out->items[i].amount =
            part->present ? inspection_amount(scratch, part->value, part->scale) : (struct str){0};
    }
    for (size_t i = out->count; i < parts->count; i++) {
        rest += parts->items[i].common;
    }
    out->rest = out->more > 0 ? inspection_amount(scratch, rest, parts->scale) : (struct str){0};
    return out->items != NULL;
}

enum err
contribution_find(struct inspection *inspection, const struct answers *answers,
                  const struct formula *formula, uint32_t row, struct finding *finding,
                  struct fault *fault)
{
    static const enum terms_side sides[CONTRIBUTORS_SIDES] = {
        [CONTRIBUTORS_FOUND] = TERMS_LEFT, [CONTRIBUTORS_EXPECTED] = TERMS_RIGHT};
    struct row           of = {.inspection = inspection, .answers = answers, .number = row};
    struct contributors *out =
        ARENA_NEW(inspection->scratch, struct contributors, CONTRIBUTORS_SIDES);
    struct parts parts;

    for (size_t i = 0; out != NULL && i < CONTRIBUTORS_SIDES; i++) {
        weigh(&of, formula, sides[i], &parts);
        if (parts.count > 0 && !list(&of, &parts, &out[i])) {
            out = NULL;
        }
    }
    if (out == NULL) {
        return FAIL(fault, ERR_MEMORY, "contributors of a finding");
    }
    finding->contributors = out;
    return ERR_OK;
}
