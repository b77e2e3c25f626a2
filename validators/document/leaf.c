#include "validators/document/leaf.h"

#include "validators/base/amount.h"
#include "validators/document/remark.h"

_Static_assert((int)FORM_VARIANTS_MAX == (int)REPORT_VARIANTS_MAX, "a report has room for them");

static const char *const amount_codes[] = {
    [AMOUNT_OK] = NULL,
    [AMOUNT_EMPTY] = "XSD-040",
    [AMOUNT_SPACE] = "XSD-041",
    [AMOUNT_COMMA] = "XSD-042",
    [AMOUNT_EXPONENT] = "XSD-043",
    [AMOUNT_PLUS] = "XSD-044",
    [AMOUNT_FEW_DECIMALS] = "XSD-045",
    [AMOUNT_MANY_DECIMALS] = "XSD-046",
    [AMOUNT_LEADING_ZERO] = "XSD-047",
    [AMOUNT_NEGATIVE_ZERO] = "XSD-048",
    [AMOUNT_TOO_LONG] = "XSD-049",
    [AMOUNT_NOT_A_NUMBER] = "XSD-050",
};

static const char *const impurity_codes[] = {
    [IMPURITY_NONE] = NULL,
    [IMPURITY_COMMENT] = "XSD-029",
    [IMPURITY_CDATA] = "XSD-030",
    [IMPURITY_INSTRUCTION] = "XSD-031",
};

static struct str
text_of(const struct pass *pass)
{
    return (struct str){pass->text, pass->text_size};
}

/* A finding of ours about the text takes the place of the schema's. */
static void
tell(struct pass *pass, const char *code)
{
    struct str     name = str_of(frame_top(&pass->frames)->name);
    struct finding finding = {.found = text_of(pass), .expected = remark_expected(pass, name)};

    if (pass->pending.code != NULL) {
        finding.technical = str_trim(str_of(pass->pending.technical));
        pass->pending.code = NULL;
    }
    remark_add(pass, code, &finding);
}

/* Findings about the leaf as such; true when its text cannot be relied on. */
static bool
spoilt(struct pass *pass, const struct frame *frame)
{
    if (frame->child_count > 0) {
        pass->pending.code = NULL; /* the schema has named the child */
        return true;
    }
    if (frame->impurity != IMPURITY_NONE) {
        tell(pass, impurity_codes[frame->impurity]);
        return true;
    }
    return pass->text_cut;
}

static void
close_amount(struct pass *pass, const struct frame *frame)
{
    struct columns *columns = &pass_report(pass)->columns;
    int             scale = pass->grammar.form->amounts[frame->slot].scale;
    int64_t         amount = 0;
    enum cell_state state = CELL_UNKNOWN;

    if (!spoilt(pass, frame)) {
        enum amount_fault fault = amount_parse(text_of(pass), scale, &amount);
        if (fault != AMOUNT_OK) {
            tell(pass, amount_codes[fault]);
        } else if (pass->pending.code == NULL) {
            state = CELL_PRESENT;
        }
    }
    columns_set_amount(columns, frame->slot, state, amount, frame->start);
}

static bool
is_code(struct str text, size_t digits)
{
    return digits == 0 ? text.size > 0 : text.size == digits && str_all_digits(text);
}

static void
close_code(struct pass *pass, const struct frame *frame)
{
    struct columns *columns = &pass_report(pass)->columns;
    size_t          digits = pass->grammar.form->codes[frame->slot].digits;
    enum cell_state state = CELL_UNKNOWN;

    if (!spoilt(pass, frame)) {
        if (!is_code(text_of(pass), digits)) {
            tell(pass, "XSD-051");
        } else if (pass->pending.code == NULL) {
            state = CELL_PRESENT;
        }
    }
    if (!columns_set_code(columns, frame->slot, state, text_of(pass), frame->start)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "codes of a report"));
    }
}

static struct field *
period_field(struct period_fields *period, size_t slot)
{
    struct field *const fields[] = {[GRAMMAR_PERIOD_YEAR] = &period->year,
                                    [GRAMMAR_PERIOD_TYPE] = &period->type,
                                    [GRAMMAR_PERIOD_NUMBER] = &period->number};

    ENSURE(slot < ARRAY_COUNT(fields));
    return fields[slot];
}

static struct field *
header_field(struct report_header *header, size_t slot)
{
    struct field *const fields[] = {[GRAMMAR_HEADER_VERSION] = &header->version,
                                    [GRAMMAR_HEADER_DATE] = &header->date,
                                    [GRAMMAR_HEADER_GROUPS] = &header->groups,
                                    [GRAMMAR_HEADER_REMARKS] = &header->remarks};

    if (slot >= GRAMMAR_HEADER_VARIANT) {
        size_t variant = slot - GRAMMAR_HEADER_VARIANT;
        ENSURE(variant < ARRAY_COUNT(header->variants));
        return &header->variants[variant];
    }
    return fields[slot];
}

/* Where in the package a field belongs; NULL for elements that are no field. */
static struct field *
field_of(struct pass *pass, const struct frame *frame)
{
    switch (frame->role) {
    case ROLE_PERIOD_FIELD:
        return period_field(&pass->package.period, frame->slot);
    case ROLE_UNIT_FIELD:
        return &pass_unit(pass)->identity.fields[frame->slot];
    case ROLE_REPORT_PERIOD_FIELD:
        return period_field(&pass_report(pass)->period, frame->slot);
    case ROLE_REPORT_UNIT_FIELD:
        return &pass_report(pass)->identity.fields[frame->slot];
    case ROLE_HEADER_FIELD:
        return header_field(&pass_report(pass)->header, frame->slot);
    default:
        return NULL;
    }
}

static void
close_field(struct pass *pass, const struct frame *frame, struct field *field)
{
    struct str text = str_copy(pass->arena, text_of(pass));

    if (text.data == NULL) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "field ‹%s›", frame->name));
        return;
    }
    *field = (struct field){.text = text, .offset = frame->start};
}

void
leaf_close(struct pass *pass)
{
    const struct frame *frame = frame_top(&pass->frames);
    struct field       *field = field_of(pass, frame);

    if (frame->role == ROLE_AMOUNT) {
        close_amount(pass, frame);
    } else if (frame->role == ROLE_CODE) {
        close_code(pass, frame);
    } else {
        bool is_leaf = field != NULL || (frame->role == ROLE_OTHER && pass->text_size > 0);
        if (is_leaf && frame->judge != JUDGE_NONE) {
            (void)spoilt(pass, frame);
        }
        if (field != NULL) {
            close_field(pass, frame, field);
        }
    }
    remark_pending(pass);
}

bool
leaf_given(struct pass *pass, enum role role, size_t slot)
{
    const struct columns *columns = &pass_report(pass)->columns;
    uint8_t *const *states = role == ROLE_CODE ? columns->code_states : columns->amount_states;

    return states[slot][columns->row_count - 1] != CELL_ABSENT;
}

void
leaf_spoil(struct pass *pass, enum role role, size_t slot)
{
    struct columns *columns = &pass_report(pass)->columns;
    size_t          row = columns->row_count - 1;

    if (role == ROLE_AMOUNT) {
        columns_set_amount(columns, slot, CELL_UNKNOWN, 0, columns->amount_offsets[slot][row]);
    } else if (!columns_set_code(columns, slot, CELL_UNKNOWN, (struct str){0},
                                 columns->code_offsets[slot][row])) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "codes of a report"));
    }
}
