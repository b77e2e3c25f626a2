#include "tests/support/sketch.h"

#include "validators/base/amount.h"

static const struct form_code codes[] = {
    {.name = STR_INIT("Dzial"),
     .title = STR_INIT("Dział"),
     .label = STR_INIT("dz."),
     .key = true,
     .digits = 3},
    {.name = STR_INIT("Paragraf"),
     .title = STR_INIT("Paragraf"),
     .label = STR_INIT("§"),
     .key = true,
     .digits = 3},
};
static const struct form_amount amounts[] = {
    {.name = STR_INIT("PL"), .number = STR_INIT("4"), .title = STR_INIT("Plan"), .scale = 2},
    {.name = STR_INIT("DW"),
     .number = STR_INIT("7"),
     .title = STR_INIT("Dochody wykonane"),
     .scale = 2                                                                            },
};
static const struct form form = {
    .code = STR_INIT("RBX"),
    .element = STR_INIT("Rb-x"),
    .title = STR_INIT("Rb-X"),
    .codes = codes,
    .code_count = ARRAY_COUNT(codes),
    .amounts = amounts,
    .amount_count = ARRAY_COUNT(amounts),
};
static const struct applies    always = {.severity = SEVERITY_ERROR};
static const struct applies    query = {.severity = SEVERITY_QUERY};
static const struct rule_entry entries[] = {
    {.code = STR_INIT("RBX-001"),
     .title = STR_INIT("W kolumnie {subject} jest {found}, plan to {PL}"),
     .fix = STR_INIT("Sprawdź {cell}."),
     .basis = STR_INIT("instrukcja"),
     .owner = STR_INIT("MF"),
     .applies = &query,
     .applies_count = 1},
    {.code = STR_INIT("XSD-001"),
     .title = STR_INIT("Brakuje {expected}"),
     .fix = STR_INIT("Uzupełnij."),
     .basis = STR_INIT("schemat"),
     .owner = STR_INIT("Brama"),
     .applies = &always,
     .applies_count = 1},
};

const struct catalogue *
sketch_catalogue(struct arena *arena)
{
    struct catalogue *catalogue = ARENA_NEW(arena, struct catalogue, 1);

    ENSURE(catalogue != NULL);
    *catalogue = (struct catalogue){
        .forms = &form, .form_count = 1, .entries = entries, .entry_count = ARRAY_COUNT(entries)};
    return catalogue;
}

static struct field
field(const char *text, uint32_t offset)
{
    return (struct field){.text = str_of(text), .offset = offset};
}

static struct unit_identity
identity(const char *name, const char *regon, uint32_t offset)
{
    return (struct unit_identity){
        .fields = {field(name, offset + 10), field("JB", offset + 20), field(regon, offset + 30),
                   field("99", offset + 40), field("01", offset + 50), field("02", offset + 60),
                   field("3", offset + 70), field("0", offset + 80)},
        .offset = offset
    };
}

static void
fill_columns(struct arena *arena, struct columns *out)
{
    static const struct {
        const char *chapter, *paragraph;
        int64_t     plan;
    } rows[] = {
        {"801", "069", 6800000   },
        {"801", "092", -330000   },
        {"900", "049", AMOUNT_MAX},
    };

    ENSURE(columns_create(arena, ARRAY_COUNT(codes), ARRAY_COUNT(amounts), out));
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint32_t offset = 1000 + 100 * (uint32_t)i;
        ENSURE(columns_add_row(out, offset));
        ENSURE(columns_set_code(out, 0, CELL_PRESENT, str_of(rows[i].chapter), offset + 10));
        ENSURE(columns_set_code(out, 1, i == 2 ? CELL_UNKNOWN : CELL_PRESENT,
                                str_of(rows[i].paragraph), offset + 20));
        columns_set_amount(out, 0, CELL_PRESENT, rows[i].plan, offset + 30);
        columns_set_amount(out, 1, i == 1 ? CELL_UNKNOWN : CELL_ABSENT, 0, offset + 40);
    }
}

static void
fill_reports(struct arena *arena, struct package *package)
{
    package->report_count = 3;
    package->reports = ARENA_NEW(arena, struct report, package->report_count);
    ENSURE(package->reports != NULL);
    for (size_t i = 0; i < package->report_count; i++) {
        struct report *report = &package->reports[i];
        *report = (struct report){
            .state = i == 2 ? REPORT_NO_FORM : REPORT_READ,
            .form = i == 2 ? FORM_UNKNOWN : 0,
            .unit = i == 0 ? 0 : 1,
            .ordinal = 1,
            .element = i == 2 ? STR("Rb-y") : STR("Rb-x"),
            .id = STR("Rbx_1"),
            .period = package->period,
            .identity = package->units[i == 0 ? 0 : 1].identity,
            .header = {.version = field("0", 300),
                       .date = field("2026-07-09", 320),
                       .variants = {[1] = field("42", 330)}},
            .start = 900,
            .end = 1900
        };
        if (i != 2) {
            fill_columns(arena, &report->columns);
        }
    }
}

static void
fill_findings(struct findings *findings)
{
    struct finding finding = {.code = "RBX-001",
                              .report = 0,
                              .offset = 1130,
                              .xpath = STR("/PaczkaSprawozdan"),
                              .subject = STR("Dochody wykonane"),
                              .found = STR("5,00")};
    struct finding of_package = {.code = "XSD-001",
                                 .report = FINDING_OF_PACKAGE,
                                 .offset = SKETCH_FILE_SIZE,
                                 .expected = STR("‹Okres›"),
                                 .technical = STR("raw")};

    ENSURE(findings_add(findings, &finding) == FINDING_ADDED);
    ENSURE(findings_add(findings, &of_package) == FINDING_ADDED);
    ENSURE(findings_add_cut(findings, 1, 7));
}

struct checked
sketch_checked(struct arena *arena)
{
    struct checked checked = {.findings = findings_create(arena)};
    struct package package = {
        .complete = true,
        .version = field("0.3", 60),
        .period = {field("2026", 100), field("Kwartal", 110), field("2", 120), .offset = 90},
        .unit_count = 2,
        .signature_count = 2
    };

    package.units = ARENA_NEW(arena, struct package_unit, package.unit_count);
    package.signatures = ARENA_NEW(arena, struct package_signature, package.signature_count);
    ENSURE(checked.findings != NULL && package.units != NULL && package.signatures != NULL);
    package.units[0] = (struct package_unit){
        .identity = identity("A", "990001010     ", 150), .report_count = 1, .signature_count = 2};
    package.units[1] = (struct package_unit){.identity = identity("Ż", "990001027", 2000),
                                             .report_from = 1,
                                             .report_count = 2,
                                             .signature_from = 2};
    fill_reports(arena, &package);
    for (uint32_t i = 0; i < package.signature_count; i++) {
        package.signatures[i] = (struct package_signature){
            .ordinal = i + 1,
            .start = 1900,
            .end = 1950,
            .report = i == 0 ? 0 : REPORT_NONE,
            .failed_step = i == 0 ? SIGNATURE_STEP_NONE : SIGNATURE_STEP_REFERENCE,
            .time_known = true,
            .signing_time = 1783612030,
            .role = STR("Główny Księgowy"),
            .policy_role = STR("główny księgowy"),
            .signer = STR("Anna Przykładowa")};
    }
    fill_findings(checked.findings);
    checked.package = package;
    return checked;
}
