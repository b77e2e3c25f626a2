#include "tests/fuzz/tape.h"
#include "tests/unit/validators/rules/shelf.h"
#include "tests/unit/validators/sets/seen.h"

#include "validators/rules/inspection.h"
#include "validators/sets/scheme.h"

#include <string.h>

/*
 * Property, of the real rules over any reports: the order of the reports and the seed change
 * nothing; lines that sets_needs does not ask for change nothing either; a rule is evaluated only
 * where every report that it must have is there and none is awaited; the set is consistent only
 * where something was compared and nothing is open; what a finding lists as its contributors is
 * exactly what is expected, the largest first.
 */
enum { REPORTS_MAX = 24, ROWS_MAX = 6, AWAITED_MAX = 4 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

struct made {
    struct arena       *arena;
    struct tape         tape;
    struct sets_report  reports[REPORTS_MAX];
    struct sets_awaited awaited[AWAITED_MAX];
    struct sets_facts   facts;
};

static const struct catalogue *catalogue;
static const struct sets      *sets;

static void
open_rules(void)
{
    static struct arena *kept;

    if (kept == NULL) {
        kept = arena_create((size_t)512 << 20);
        ENSURE(shelf_load(kept, NULL, &catalogue, NULL) == ERR_OK);
        ENSURE(sets_compile(kept, catalogue, &sets, NULL) == ERR_OK);
    }
}

/* A code that some rule may ask for. */
static struct str
choose_code(struct tape *tape, const struct form *form, size_t code)
{
    static const char *const codes[] = {"801",  "80101", "236", "069", "265", "621", "240", "077",
                                        "6050", "1600",  "0",   "D",   "W",   "750", "031", "-"};

    if (form->line_count > 0 && code == form->line_code) {
        return form->lines[tape_next(tape) % form->line_count].symbol;
    }
    return str_of(codes[tape_next(tape) % ARRAY_COUNT(codes)]);
}

static void
make_row(struct made *made, const struct form *form, struct columns *columns)
{
    uint32_t offset = (uint32_t)(columns->row_count + 1) * 64;

    ENSURE(columns_add_row(columns, offset));
    for (size_t i = 0; i < form->code_count; i++) {
        unsigned how = tape_next(&made->tape);
        if (how % 8 != 0) {
            enum cell_state state = how % 64 == 63 ? CELL_UNKNOWN : CELL_PRESENT;
            ENSURE(columns_set_code(columns, i, state, choose_code(&made->tape, form, i), offset));
        }
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        unsigned how = tape_next(&made->tape);
        if (how % 3 != 0) {
            enum cell_state state = how % 64 == 61 ? CELL_UNKNOWN : CELL_PRESENT;
            int64_t amount = how % 64 == 62 ? AMOUNT_MAX - (int64_t)how : (int64_t)(how % 16) - 4;
            columns_set_amount(columns, i, state, amount, offset + 1 + (uint32_t)i);
        }
    }
}

static void
fill_report(struct made *made, struct sets_report *report)
{
    struct columns *columns = ARENA_NEW(made->arena, struct columns, 1);
    size_t          rows = tape_next(&made->tape) % ROWS_MAX;

    ENSURE(columns != NULL
           && columns_create(made->arena, report->form->code_count, report->form->amount_count,
                             columns));
    for (size_t i = 0; i < rows; i++) {
        make_row(made, report->form, columns);
    }
    report->columns = columns;
}

static bool
same_key(const struct sets_report *a, const struct sets_report *b)
{
    return str_equal(a->form->code, b->form->code) && str_equal(a->level, b->level)
           && scheme_same_period(&a->period, &b->period) && str_equal(a->unit, b->unit)
           && str_equal(a->variant, b->variant);
}

/* A report that some operand reads; it stays out where there is no such period, or one like it. */
static void
make_report(struct made *made)
{
    static const char *const units[] = {"J", "1", "2", "3"};
    static const char *const variants[] = {"", "", "42", "wojewoda-lodzki"};

    const struct sets_operand *operand =
        &sets->operands[tape_next(&made->tape) % sets->operand_count];
    struct sets_report *report = &made->reports[made->facts.report_count];
    struct str          rest = operand->levels;

    *report =
        (struct sets_report){.unit = str_of(units[tape_next(&made->tape) % ARRAY_COUNT(units)])};
    report->variant = str_of(variants[tape_next(&made->tape) % ARRAY_COUNT(variants)]);
    (void)str_cut(&rest, ' ', &report->level);
    if (!scheme_period(&made->facts.key, operand->when, &report->period)) {
        return;
    }
    const struct form *newest = scheme_form(catalogue, operand->form);
    int32_t            form = catalogue_form(catalogue, newest->element, report->period.end);
    if (form < 0) {
        return;
    }
    report->form = &catalogue->forms[form];
    fill_report(made, report);
    for (size_t i = 0; i < made->facts.report_count; i++) {
        if (same_key(&made->reports[i], report)) {
            return;
        }
    }
    made->facts.report_count++;
}

static void
make_awaited(struct made *made)
{
    const struct sets_operand *operand =
        &sets->operands[tape_next(&made->tape) % sets->operand_count];
    struct sets_awaited *awaited = &made->awaited[made->facts.awaited_count];
    struct str           rest = operand->levels;

    *awaited = (struct sets_awaited){.form = operand->form, .name = STR("Szkoła")};
    (void)str_cut(&rest, ' ', &awaited->level);
    if (scheme_period(&made->facts.key, operand->when, &awaited->period)) {
        made->facts.awaited_count++;
    }
}

static void
make_facts(struct made *made)
{
    unsigned kind = tape_next(&made->tape);
    int      number = (int)(kind % 4) + 1;

    made->facts = (struct sets_facts){.reports = made->reports,
                                      .awaited = made->awaited,
                                      .awaited_known = (kind & 8U) == 0,
                                      .environment = ENVIRONMENT_TEST,
                                      .seed = kind};
    made->facts.key.scope = (kind & 4U) == 0 ? SETS_OF_JST : SETS_OF_UNIT;
    ENSURE(catalogue_period_at(catalogue_period_type(catalogue, STR("Kwartal")), 2026, number,
                               &made->facts.key.period));
    for (unsigned left = (kind >> 4U) % AWAITED_MAX; left > 0; left--) {
        make_awaited(made);
    }
    while (made->tape.at < made->tape.size && made->facts.report_count < REPORTS_MAX) {
        make_report(made);
    }
}

static struct str
judge(struct made *made, struct sets_judgement *out)
{
    struct buf text = buf_create(made->arena, 1 << 22);

    ENSURE(sets_judge(made->arena, sets, &made->facts, out, NULL) == ERR_OK);
    seen_write(&text, out, made->reports);
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

/* The reports and what is awaited, in another order that the input says. */
static void
shuffle(struct made *made, uint32_t random)
{
    for (size_t i = made->facts.report_count; i > 1; i--) {
        random = random * 1103515245U + 12345U;
        size_t             other = (random >> 16U) % i;
        struct sets_report held = made->reports[i - 1];
        made->reports[i - 1] = made->reports[other];
        made->reports[other] = held;
    }
    if (made->facts.awaited_count > 1) {
        struct sets_awaited held = made->awaited[0];
        made->awaited[0] = made->awaited[1];
        made->awaited[1] = held;
    }
    made->facts.seed += random;
}

static bool
has_report(const struct made *made, const struct sets_operand *operand)
{
    struct period period;

    for (size_t i = 0; i < made->facts.report_count; i++) {
        const struct sets_report *report = &made->reports[i];
        if (scheme_period(&made->facts.key, operand->when, &period)
            && str_equal(report->form->code, operand->form)
            && str_has_word(operand->levels, report->level)
            && scheme_same_period(&report->period, &period)) {
            return true;
        }
    }
    return false;
}

/* A rule has compared something: then nothing that it reads may be missing. */
static void
check_operands(const struct made *made, const struct sets_answer *answer)
{
    for (size_t i = 0; i < sets->operand_count; i++) {
        const struct sets_operand *operand = &sets->operands[i];
        if ((answer->rule->operands >> i & 1U) != 0 && !operand->optional) {
            ENSURE(has_report(made, operand));
        }
        ENSURE((answer->rule->operands >> i & 1U) == 0 || !operand->many
               || made->facts.awaited_known);
    }
    ENSURE(answer->missing_count == 0);
}

static void
check_state(const struct made *made, const struct sets_judgement *judgement)
{
    bool compared = false;
    bool open = false;
    bool fails = false;

    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        bool                      counts = answer->severity >= SEVERITY_WARNING;
        if (answer->outcome == SETS_HOLDS || answer->outcome == SETS_FAILS) {
            check_operands(made, answer);
        }
        ENSURE((answer->failing > 0) == (answer->outcome == SETS_FAILS));
        compared = compared || (counts && answer->compared > 0);
        fails = fails || (counts && answer->outcome == SETS_FAILS);
        open = open
               || (counts
                   && (answer->outcome == SETS_PENDING || answer->outcome == SETS_NOT_EVALUATED));
    }
    ENSURE((judgement->state == SETS_INCONSISTENT) == fails);
    ENSURE((judgement->state == SETS_CONSISTENT) == (compared && !open && !fails));
}

static amount_wide
magnitude(amount_wide amount)
{
    return amount < 0 ? -amount : amount;
}

static void
check_contributors(const struct made *made, const struct sets_finding *finding)
{
    amount_wide total = finding->contributor_rest;

    ENSURE(finding->contributor_count <= SETS_CONTRIBUTORS_MAX);
    ENSURE(finding->contributor_count <= finding->contributor_total);
    for (size_t i = 0; i < finding->contributor_count; i++) {
        const struct sets_contributor *contributor = &finding->contributors[i];
        ENSURE(contributor->report < made->facts.report_count);
        ENSURE(i == 0 || magnitude(contributor[-1].amount) >= magnitude(contributor->amount));
        total += contributor->amount;
    }
    /* What every real rule expects is such a sum (test_sets), so that only nothing has no list. */
    ENSURE(finding->contributor_total > 0 || str_equal(finding->finding.expected, STR("0,00")));
    if (finding->contributor_total > 0) {
        ENSURE(str_equal(inspection_amount(made->arena, total, 2), finding->finding.expected));
    }
}

static void
check_findings(const struct made *made, const struct sets_judgement *judgement)
{
    for (size_t i = 0; i < judgement->finding_count; i++) {
        const struct sets_finding *finding = &judgement->findings[i];
        const struct sets_operand *charged = &sets->operands[finding->rule->charges];
        const struct sets_report  *report = &made->reports[finding->report];
        ENSURE(finding->report < made->facts.report_count);
        ENSURE(str_equal(report->form->code, charged->form));
        ENSURE(str_has_word(charged->levels, report->level));
        ENSURE(finding->row == SETS_NO_ROW || finding->row < report->columns->row_count);
        ENSURE(finding->title.size > 0 && finding->fix.size > 0);
        check_contributors(made, finding);
    }
}

static void
forget_what_is_not_needed(struct made *made)
{
    bool needs[REPORTS_MAX];

    ENSURE(sets_needs(made->arena, sets, &made->facts, needs, NULL) == ERR_OK);
    for (size_t i = 0; i < made->facts.report_count; i++) {
        made->reports[i].columns = needs[i] ? made->reports[i].columns : NULL;
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    static struct made    made;
    struct sets_judgement judgement = {0};

    open_rules();
    made = (struct made){
        .arena = arena_create((size_t)256 << 20), .tape = {bytes, size, 0}
    };
    make_facts(&made);
    struct str first = judge(&made, &judgement);
    check_state(&made, &judgement);
    check_findings(&made, &judgement);
    shuffle(&made, (uint32_t)size * 2654435761U + (size > 0 ? bytes[0] : 0));
    ENSURE(str_equal(judge(&made, &judgement), first));
    forget_what_is_not_needed(&made);
    ENSURE(str_equal(judge(&made, &judgement), first));
    arena_destroy(made.arena);
    return 0;
}
