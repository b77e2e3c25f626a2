#include "tests/fuzz/tape.h"
#include "tests/unit/validators/rules/shelf.h"

#include "validators/base/amount.h"
#include "validators/rules/rules.h"

#include <string.h>

/*
 * Property, of the real rules over any report: what a finding lists as the contributors of a side
 * adds up to that side exactly, the rest included; the largest stands first, what is absent last.
 */
enum { ROWS_MAX = 40, DECIMALS = 4 };

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);

static const struct catalogue *catalogue;
static const struct rules     *rules;

static void
open_rules(void)
{
    static struct arena *kept;

    if (kept == NULL) {
        kept = arena_create((size_t)512 << 20);
        ENSURE(shelf_load(kept, NULL, &catalogue, NULL) == ERR_OK);
        ENSURE(rules_compile(kept, catalogue, &rules, NULL) == ERR_OK);
    }
}

static struct str
choose_code(struct tape *tape, const struct form *form, size_t code)
{
    static const char *const codes[] = {"801", "80101", "069", "401", "1600", "0", "D", "W"};

    if (form->line_count > 0 && code == form->line_code) {
        return form->lines[tape_next(tape) % form->line_count].symbol;
    }
    return str_of(codes[tape_next(tape) % ARRAY_COUNT(codes)]);
}

/* Mostly small amounts, so that sums hold now and then; some are the largest that can be. */
static int64_t
choose_amount(struct tape *tape, unsigned how)
{
    if (how % 32 == 31) {
        return how < 128 ? AMOUNT_MAX - (int64_t)how : (int64_t)how - AMOUNT_MAX;
    }
    return how % 32 == 30 ? (int64_t)tape_next(tape) * 100000007 : (int64_t)(how % 16) - 6;
}

static void
make_row(struct tape *tape, const struct form *form, struct columns *columns)
{
    uint32_t offset = (uint32_t)(columns->row_count + 1) * 64;

    ENSURE(columns_add_row(columns, offset));
    for (size_t i = 0; i < form->code_count; i++) {
        if (i == form->line_code || tape_next(tape) % 4 != 0) {
            ENSURE(columns_set_code(columns, i, CELL_PRESENT, choose_code(tape, form, i), offset));
        }
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        unsigned how = tape_next(tape);
        if (how % 4 != 0) {
            enum cell_state state = how % 64 == 61 ? CELL_UNKNOWN : CELL_PRESENT;
            columns_set_amount(columns, i, state, choose_amount(tape, how),
                               offset + 1 + (uint32_t)i);
        }
    }
}

static void
make_report(struct arena *arena, struct tape *tape, struct report *report)
{
    static const char *const types[] = {"JB", "ZB-TEST", "ORGAN-TEST", "?"};
    static const char *const numbers[] = {"1", "2", "3", "4"};

    unsigned first = tape_next(tape);
    unsigned second = tape_next(tape);

    report->form = (int32_t)(first % catalogue->form_count);
    const struct form *form = &catalogue->forms[report->form];
    report->state = REPORT_READ;
    report->ordinal = 1;
    report->element = form->element;
    report->period.year.text = STR("2026");
    report->period.type.text = STR("Kwartal");
    report->period.number.text = str_of(numbers[second % ARRAY_COUNT(numbers)]);
    report->identity.fields[UNIT_TYPE].text = str_of(types[second / 4 % ARRAY_COUNT(types)]);
    ENSURE(columns_create(arena, form->code_count, form->amount_count, &report->columns));
    while (tape->at < tape->size && report->columns.row_count < ROWS_MAX) {
        make_row(tape, form, &report->columns);
    }
}

/* "-1 234,50" with DECIMALS digits behind the comma. */
static amount_wide
read_amount(struct str text)
{
    amount_wide amount = 0;
    int         decimals = -1;
    bool        negative = false;

    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9') {
            amount = amount * 10 + (c - '0');
            decimals += decimals >= 0 ? 1 : 0;
        } else if (c == ',') {
            decimals = 0;
        } else if (c == '-' || (unsigned char)c == 0xe2U) {
            negative = true; /* the first byte of U+2212 */
        }
    }
    for (int i = decimals < 0 ? 0 : decimals; i < DECIMALS; i++) {
        amount *= 10;
    }
    return negative ? -amount : amount;
}

static amount_wide
magnitude(amount_wide amount)
{
    return amount < 0 ? -amount : amount;
}

static void
check_side(const struct contributors *side, struct str whole)
{
    amount_wide total = read_amount(side->rest);
    amount_wide before = 0;

    ENSURE(side->count <= CONTRIBUTORS_MAX);
    ENSURE(side->more == 0 || side->count == CONTRIBUTORS_MAX);
    if (side->count == 0 || whole.size == 0 || (side->more > 0 && side->rest.size == 0)) {
        return; /* no sum, or one that is too large to be written */
    }
    for (size_t i = 0; i < side->count; i++) {
        amount_wide amount = read_amount(side->items[i].amount);
        ENSURE(i == 0 || magnitude(amount) <= magnitude(before));
        before = amount;
        total += amount;
    }
    ENSURE(total == read_amount(whole));
}

static void
check_findings(const struct findings *findings)
{
    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct finding *finding = findings_at(findings, i);
        if (finding->contributors != NULL) {
            check_side(&finding->contributors[CONTRIBUTORS_FOUND], finding->found);
            check_side(&finding->contributors[CONTRIBUTORS_EXPECTED], finding->expected);
        }
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    struct arena       *arena = arena_create((size_t)64 << 20);
    struct tape         tape = {bytes, size, 0};
    struct report       report = {0};
    struct package_unit unit = {.report_count = 1};
    struct package      package = {
             .complete = true, .units = &unit, .unit_count = 1, .reports = &report, .report_count = 1};
    struct rules_tally   tally = {0};
    struct findings     *findings = findings_create(arena);
    struct rules_request request = {.package = &package, .environment = ENVIRONMENT_TEST};

    open_rules();
    request.catalogue = catalogue;
    request.rules = rules;
    ENSURE(findings != NULL && moment_parse_when(STR("2026-07-24"), &request.at));
    make_report(arena, &tape, &report);
    ENSURE(rules_report(arena, &request, 0, findings, &tally, NULL) == ERR_OK);
    check_findings(findings);
    arena_destroy(arena);
    return 0;
}
