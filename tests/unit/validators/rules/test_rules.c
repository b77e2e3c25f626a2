#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/rules/rules.h"
#include "validators/xml/guard.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024, UNITS_MAX = 4, REPORTS_MAX = 8 };

#define PACKAGE_RULES "package/0.3/package.rules.xml"
#define RB27S "rb-27s/2025-1/"
#define RBNDS "rb-nds/2025-1/"

/* A package made by hand: two schools with one Rb-27s and one Rb-28s between them. */
struct stage {
    struct arena           *arena;
    const struct catalogue *catalogue;
    const struct rules     *rules;
    struct package          package;
    struct package_unit     units[UNITS_MAX];
    struct report           reports[REPORTS_MAX];
    struct findings        *findings;
    struct rules_request    request;
    struct rules_tally      tally;
};

static const char *const school[UNIT_FIELD_COUNT] = {
    "SP 1", "JB", "990001010     ", "10", "02", "01", "1", "0"};

static struct field
field_of(const char *text, uint32_t offset)
{
    return (struct field){.text = str_of(text), .offset = offset};
}

static void
fill_identity(struct unit_identity *identity, uint32_t offset)
{
    for (uint32_t i = 0; i < UNIT_FIELD_COUNT; i++) {
        identity->fields[i] = field_of(school[i], offset + i);
    }
}

static void
fill_period(struct period_fields *period, uint32_t offset)
{
    period->year = field_of("2026", offset + 1);
    period->type = field_of("Kwartal", offset + 2);
    period->number = field_of("2", offset + 3);
    period->offset = offset;
}

static void
fill_report(struct stage *stage, uint32_t ordinal, uint32_t unit, const char *element)
{
    struct report *report = &stage->reports[ordinal];
    struct date    end = {2026, 6, 30};

    report->state = REPORT_READ;
    report->form = catalogue_form(stage->catalogue, str_of(element), end);
    report->unit = unit;
    report->ordinal = 1;
    report->element = str_of(element);
    report->start = 1000 * (ordinal + 1);
    fill_period(&report->period, report->start + 10);
    fill_identity(&report->identity, report->start + 20);
    report->header.date = field_of("2026-07-09", report->start + 40);
    assert_true(columns_create(
        stage->arena, report->form < 0 ? 0 : stage->catalogue->forms[report->form].code_count,
        report->form < 0 ? 0 : stage->catalogue->forms[report->form].amount_count,
        &report->columns));
}

static struct stage *
raise_stage(void)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct stage *stage = ARENA_NEW(arena, struct stage, 1);
    struct fault  fault = {0};

    stage->arena = arena;
    if (shelf_load(arena, NULL, &stage->catalogue, &fault) != ERR_OK
        || rules_compile(arena, stage->catalogue, &stage->rules, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    stage->findings = findings_create(arena);
    stage->package = (struct package){.complete = true,
                                      .version = field_of("0.3", 1),
                                      .units = stage->units,
                                      .unit_count = 2,
                                      .reports = stage->reports,
                                      .report_count = 2};
    fill_period(&stage->package.period, 2);
    for (uint32_t i = 0; i < UNITS_MAX; i++) {
        fill_identity(&stage->units[i].identity, 100 * (i + 1));
        stage->units[i].report_from = i;
        stage->units[i].report_count = i < 2 ? 1 : 0;
    }
    fill_report(stage, 0, 0, "Rb-27s");
    fill_report(stage, 1, 1, "Rb-28s");
    stage->units[1].identity.fields[UNIT_REGON] = field_of("990001027", 202);
    stage->reports[1].identity.fields[UNIT_REGON] = field_of("990001027     ", 2022);
    stage->request = (struct rules_request){.catalogue = stage->catalogue,
                                            .rules = stage->rules,
                                            .package = &stage->package,
                                            .environment = ENVIRONMENT_TEST};
    assert_true(moment_parse_when(STR("2026-07-24"), &stage->request.at));
    return stage;
}

static void
strike_stage(struct stage *stage)
{
    arena_destroy(stage->arena);
}

/* How many findings of this code the report has. */
static size_t
count_code(const struct stage *stage, int32_t report, const char *code)
{
    size_t count = 0;

    for (size_t i = 0; i < findings_count(stage->findings); i++) {
        const struct finding *it = findings_at(stage->findings, i);
        count += it->report == report && strcmp(it->code, code) == 0 ? 1 : 0;
    }
    return count;
}

static void
survey(struct stage *stage)
{
    struct fault fault = {0};

    assert_int_equal(rules_package(stage->arena, &stage->request, stage->findings, &fault), ERR_OK);
}

static void
judge(struct stage *stage, uint32_t report)
{
    struct fault fault = {0};

    assert_int_equal(
        rules_report(stage->arena, &stage->request, report, stage->findings, &stage->tally, &fault),
        ERR_OK);
}

static void
add_row(struct stage *stage, uint32_t report, const char *const *codes)
{
    struct columns *columns = &stage->reports[report].columns;
    uint32_t        offset = 10000 + 100 * (uint32_t)columns->row_count;

    assert_true(columns_add_row(columns, offset));
    for (size_t i = 0; i < columns->code_count; i++) {
        if (codes[i] != NULL) {
            assert_true(columns_set_code(columns, i, CELL_PRESENT, str_of(codes[i]),
                                         offset + 1 + (uint32_t)i));
        }
    }
}

static void
set_amount(struct stage *stage, uint32_t report, const char *name, int64_t amount)
{
    struct report *it = &stage->reports[report];
    int            slot = form_amount_index(&stage->catalogue->forms[it->form], str_of(name));

    columns_set_amount(&it->columns, (size_t)slot, CELL_PRESENT, amount,
                       10000 + 100 * (uint32_t)(it->columns.row_count - 1) + 50 + (uint32_t)slot);
}

static const char *const position[] = {"801", "80101", "075", "0"};

static void
a_package_without_fault_is_told_only_that_no_registry_was_asked(void **state)
{
    struct stage *stage = raise_stage();

    (void)state;
    survey(stage);
    assert_int_equal(findings_count(stage->findings), 1);
    assert_int_equal(count_code(stage, FINDING_OF_PACKAGE, "TOZSAMOSC-007"), 1);
    strike_stage(stage);
}

/* One thing wrong each, in the first unit or its report, and what is told of report 0. */
static void
wrong_version(struct stage *stage)
{
    stage->package.version = field_of("0.4", 1);
}
static void
no_reports(struct stage *stage)
{
    stage->package.report_count = 0;
    stage->units[0].report_count = 0;
    stage->units[1].report_count = 0;
}
static void
other_name(struct stage *stage)
{
    stage->reports[0].identity.fields[UNIT_NAME] = field_of("SP 7", 1);
}
static void
other_code(struct stage *stage)
{
    stage->reports[0].identity.fields[UNIT_GT] = field_of("2", 1);
}
static void
other_year(struct stage *stage)
{
    stage->reports[0].period.year = field_of("2025", 1);
}
static void
other_number(struct stage *stage)
{
    stage->reports[0].period.number = field_of("1", 1);
}
static void
same_report_twice(struct stage *stage)
{
    fill_report(stage, 1, 0, "Rb-27s");
    stage->units[0].report_count = 2;
    stage->package.unit_count = 1;
}
/* A form that is filed once for each dysponent. */
static void
form_of_dysponents(struct stage *stage, const char *element)
{
    stage->units[0].report_count = 2;
    stage->package.unit_count = 1;
    fill_report(stage, 0, 0, element);
    fill_report(stage, 1, 0, element);
}
static void
repeated_in_test(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
}
static void
repeated_in_prod(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-27zz");
    stage->request.environment = ENVIRONMENT_PROD;
}
static void
once_of_dysponents(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
    fill_report(stage, 1, 0, "Rb-27zz");
}
static void
variant(struct stage *stage, size_t report, size_t number, const char *text)
{
    stage->reports[report].header.variants[number] = field_of(text, 30);
}
static void
one_dysponent_twice(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
    variant(stage, 0, 0, "kbw");
    variant(stage, 1, 0, " kbw ");
}
static void
two_dysponents(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
    variant(stage, 0, 0, "kbw");
    variant(stage, 1, 0, "wojewoda-lodzki");
}
static void
one_dysponent_named(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
    variant(stage, 1, 0, "kbw");
}
static void
two_kinds_of_tasks(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
    variant(stage, 0, 0, "kbw");
    variant(stage, 0, 1, "gmina");
    variant(stage, 1, 0, "kbw");
    variant(stage, 1, 1, "powiat");
}
static void
one_kind_of_tasks_twice(struct stage *stage)
{
    two_kinds_of_tasks(stage);
    variant(stage, 1, 1, "gmina");
}
static void
unknown_form(struct stage *stage)
{
    stage->reports[0].state = REPORT_NO_FORM;
    stage->reports[0].form = FORM_UNKNOWN;
    stage->reports[0].element = STR("Rb-99");
}
static void
set_period(struct stage *stage, const char *year, const char *type, const char *number)
{
    struct period_fields period = {.year = field_of(year, 1011),
                                   .type = field_of(type, 1012),
                                   .number = field_of(number, 1013),
                                   .offset = 1010};

    stage->package.period = period;
    stage->reports[0].period = period;
    stage->reports[1].period = period;
    stage->reports[0].state = REPORT_NO_DEFINITION;
    stage->reports[0].form = FORM_UNKNOWN;
}
static void
repeated_of_no_definition(struct stage *stage)
{
    form_of_dysponents(stage, "Rb-50");
    set_period(stage, "2019", "Kwartal", "4");
    stage->reports[1].state = REPORT_NO_DEFINITION;
    stage->reports[1].form = FORM_UNKNOWN;
}
static void
old_period(struct stage *stage)
{
    set_period(stage, "2019", "Kwartal", "4");
}
static void
unknown_period_type(struct stage *stage)
{
    set_period(stage, "2026", "Dekada", "2");
}
static void
fifth_quarter(struct stage *stage)
{
    set_period(stage, "2026", "Kwartal", "5");
}
static void
fifth_quarter_told_already(struct stage *stage)
{
    struct findings *structural = findings_create(stage->arena);
    struct finding   told = {.code = "XSD-040", .report = 0, .offset = 1013};

    set_period(stage, "2026", "Kwartal", "5");
    assert_int_equal(findings_add(structural, &told), FINDING_ADDED);
    stage->request.structural = structural;
}
static void
year_too_late(struct stage *stage)
{
    set_period(stage, "2200", "Kwartal", "2");
}
static void
year_too_early(struct stage *stage)
{
    set_period(stage, "1995", "Kwartal", "2");
}
static void
head_without_year(struct stage *stage)
{
    set_period(stage, "2026", "Kwartal", "2");
    stage->package.period.year = field_of("dwa", 2);
    stage->reports[1].period.year = field_of("dwa", 2010);
    stage->reports[1].state = REPORT_LIMIT;
}
static void
tell_structural(struct stage *stage, const char *code, const char *xpath)
{
    struct findings *structural = findings_create(stage->arena);
    struct finding   told = {.report = FINDING_OF_PACKAGE, .xpath = str_of(xpath)};

    (void)snprintf(told.code, sizeof told.code, "%s", code);
    assert_int_equal(findings_add(structural, &told), FINDING_ADDED);
    no_reports(stage);
    stage->request.structural = structural;
}
static void
other_root(struct stage *stage)
{
    tell_structural(stage, "XSD-004", "/a");
}
static void
no_reports_and_more(struct stage *stage)
{
    tell_structural(stage, "XSD-023", "/PaczkaSprawozdan/a");
}
static void
set_arrival(struct stage *stage, const char *when)
{
    assert_true(moment_parse_when(str_of(when), &stage->request.at));
}
static void
day_before_the_end(struct stage *stage)
{
    stage->package.report_count = 1;
    set_arrival(stage, "2026-06-29");
}
static void
last_second_before_the_end(struct stage *stage)
{
    stage->package.report_count = 1;
    set_arrival(stage, "2026-06-29T21:59:59Z");
}
static void
last_day_of_the_period(struct stage *stage)
{
    set_arrival(stage, "2026-06-29T22:00:00Z");
}
static void
day_after_the_end(struct stage *stage)
{
    set_arrival(stage, "2026-07-01");
}
static void
five_years_ahead(struct stage *stage)
{
    set_period(stage, "2031", "Kwartal", "2");
    stage->reports[0].state = REPORT_READ;
    stage->reports[0].form = 0;
    stage->package.report_count = 1;
}
static void
five_years_ahead_of_no_form(struct stage *stage)
{
    five_years_ahead(stage);
    unknown_form(stage);
}
static void
unknown_type(struct stage *stage)
{
    stage->units[0].identity.fields[UNIT_TYPE] = field_of("XX", 1);
    stage->reports[0].identity.fields[UNIT_TYPE] = field_of("XX", 1);
}
static void
aggregate_in_test(struct stage *stage)
{
    stage->units[0].identity.fields[UNIT_TYPE] = field_of("ZB-TEST", 1);
    stage->reports[0].identity.fields[UNIT_TYPE] = field_of("ZB-TEST", 1);
}
static void
aggregate_in_prod(struct stage *stage)
{
    aggregate_in_test(stage);
    stage->request.environment = ENVIRONMENT_PROD;
}
static void
month_in_prod(struct stage *stage)
{
    set_period(stage, "2026", "Miesiac", "5");
    stage->reports[0].state = REPORT_READ;
    stage->reports[0].form = 0;
    stage->request.environment = ENVIRONMENT_PROD;
}
static void
month_in_test(struct stage *stage)
{
    month_in_prod(stage);
    stage->request.environment = ENVIRONMENT_TEST;
}
static void
behind_the_limit(struct stage *stage)
{
    stage->reports[0].state = REPORT_LIMIT;
}
static void
set_unit(struct stage *stage, enum unit_field field, const char *text)
{
    stage->units[0].identity.fields[field] = field_of(text, 100 + (uint32_t)field);
    stage->reports[0].identity.fields[field] = field_of(text, 1020 + (uint32_t)field);
}
static void
short_regon(struct stage *stage)
{
    set_unit(stage, UNIT_REGON, "99000101      ");
}
static void
short_regon_told_already(struct stage *stage)
{
    struct findings *structural = findings_create(stage->arena);
    struct finding   told = {
          .code = "XSD-030", .report = FINDING_OF_PACKAGE, .offset = 100 + UNIT_REGON};

    short_regon(stage);
    assert_int_equal(findings_add(structural, &told), FINDING_ADDED);
    stage->request.structural = structural;
}
static void
mistyped_regon(struct stage *stage)
{
    set_unit(stage, UNIT_REGON, "990001011");
}
static void
shared_regon(struct stage *stage)
{
    set_unit(stage, UNIT_REGON, "990001027");
}
static void
odd_voivodeship(struct stage *stage)
{
    set_unit(stage, UNIT_WK, "11");
}
static void
city_with_commune(struct stage *stage)
{
    set_unit(stage, UNIT_PT, "2");
}
static void
test_territory(struct stage *stage)
{
    set_unit(stage, UNIT_WK, "99");
}
static void
blank_name(struct stage *stage)
{
    set_unit(stage, UNIT_NAME, "   ");
}
static void
absent_fields(struct stage *stage)
{
    for (size_t i = 0; i < UNIT_FIELD_COUNT; i++) {
        stage->units[0].identity.fields[i] = (struct field){0};
    }
}

static const struct {
    const char *name;
    void (*spoil)(struct stage *);
    int32_t     report;
    const char *code; /* NULL: nothing is told of the reports */
    const char *found;
    const char *expected;
    size_t      count; /* of all findings but TOZSAMOSC-007 */
} surveys[] = {
    {"wrong version",                                    wrong_version,               FINDING_OF_PACKAGE, "PACZKA-001",    "0.4",                "0.3",                         1},
    {"no reports",                                       no_reports,                  FINDING_OF_PACKAGE, "PACZKA-002",    "",                   "",                            1},
    {"other name",                                       other_name,                  0,                  "PACZKA-003",    "SP 7",               "SP 1",                        1},
    {"other code",                                       other_code,                  0,                  "PACZKA-003",    "2",                  "1",                           1},
    {"other year",                                       other_year,                  0,                  "PACZKA-004",    "2025",               "2026",                        1},
    {"other number",                                     other_number,                0,                  "PACZKA-004",    "1",                  "2",                           1},
    {"same report twice, first",                         same_report_twice,           0,                  "PACZKA-005",    "Rb-27s",             "",                            2},
    {"same report twice, second",                        same_report_twice,           1,                  "PACZKA-005",    "Rb-27s",             "",                            2},
    {"filed twice for dysponents, first",                repeated_in_test,            0,                  "PACZKA-022",    "Rb-50",              "",                            2},
    {"filed twice for dysponents, second",               repeated_in_test,            1,                  "PACZKA-022",    "Rb-50",              "",                            2},
    {"filed twice for dysponents, in PROD",              repeated_in_prod,            0,                  "PACZKA-022",    "Rb-27zz",            "",                            4},
    {"filed twice for dysponents, of no definition",     repeated_of_no_definition,   1,                  "PACZKA-022",
     "Rb-50",                                                                                                                                    "",                            4},
    {"twice for one dysponent, first",                   one_dysponent_twice,         0,                  "PACZKA-005",    "Rb-50",              "",                            2},
    {"twice for one dysponent, second",                  one_dysponent_twice,         1,                  "PACZKA-005",    "Rb-50",              "",                            2},
    {"for two dysponents",                               two_dysponents,              0,                  NULL,            "",                   "",                            0},
    {"one of them named",                                one_dysponent_named,         0,                  NULL,            "",                   "",                            0},
    {"for two kinds of tasks",                           two_kinds_of_tasks,          0,                  NULL,            "",                   "",                            0},
    {"twice for one kind of tasks",                      one_kind_of_tasks_twice,     1,                  "PACZKA-005",    "Rb-50",              "",                            2},
    {"filed once each for dysponents",                   once_of_dysponents,          0,                  NULL,            "",                   "",                            0},
    {"unknown form",                                     unknown_form,                0,                  "PACZKA-007",    "Rb-99",              "",                            1},
    {"no definition",                                    old_period,                  0,                  "PACZKA-008",    "2019, kwartał 4",   "",                            1},
    {"unknown kind of period",                           unknown_period_type,         0,                  "PACZKA-009",    "Dekada",             "",                            1},
    {"fifth quarter",                                    fifth_quarter,               0,                  "PACZKA-016",    "2026, kwartał 5",
     "kwartał ma numer od 1 do 4",                                                                                                                                             1},
    {"year behind the last",                             year_too_late,               0,                  "PACZKA-016",    "2200, kwartał 2",
     "brama przyjmuje lata od 1996 do 2199",                                                                                                                                    1},
    {"year before the first",                            year_too_early,              0,                  "PACZKA-016",    "1995, kwartał 2",
     "brama przyjmuje lata od 1996 do 2199",                                                                                                                                    1},
    {"only the head of the package has no period",       head_without_year,           0,                  "PACZKA-004",    "2026",
     "dwa",                                                                                                                                                                     2},
    {"no package at all",                                other_root,                  0,                  NULL,            "",                   "",                            0},
    {"no reports, and a stranger inside",                no_reports_and_more,         FINDING_OF_PACKAGE, "PACZKA-002",    "",
     "",                                                                                                                                                                        1},
    {"fifth quarter told by the schema",                 fifth_quarter_told_already,  0,                  NULL,            "",                   "",                            0},
    {"the day before the period ends",                   day_before_the_end,          0,                  "PACZKA-020",    "29 czerwca 2026 r.",
     "30 czerwca 2026 r.",                                                                                                                                                      1},
    {"a second before its last day",                     last_second_before_the_end,  0,                  "PACZKA-020",
     "29 czerwca 2026 r.",                                                                                                                       "30 czerwca 2026 r.",          1},
    {"its last day",                                     last_day_of_the_period,      0,                  NULL,            "",                   "",                            0},
    {"the day after it",                                 day_after_the_end,           0,                  NULL,            "",                   "",                            0},
    {"five years before it",                             five_years_ahead,            0,                  "PACZKA-020",    "24 lipca 2026 r.",
     "30 czerwca 2031 r.",                                                                                                                                                      1},
    {"five years before it, of no form",                 five_years_ahead_of_no_form, 0,                  "PACZKA-007",    "Rb-99",              "",
     1                                                                                                                                                                           },
    {"unknown Typ",                                      unknown_type,                0,                  "PACZKA-010",    "XX",                 "",                            1},
    {"aggregate in TEST",                                aggregate_in_test,           0,                  NULL,            "",                   "",                            0},
    {"aggregate in PROD",                                aggregate_in_prod,           0,                  "PACZKA-010",    "ZB-TEST",            "",                            1},
    {"month in PROD",                                    month_in_prod,               0,                  "PACZKA-012",    "Miesiac",            "",                            2},
    {"month in TEST",                                    month_in_test,               0,                  NULL,            "",                   "",                            0},
    {"limit",                                            behind_the_limit,            0,                  "PACZKA-013",    "Rb-27s",             "",                            1},
    {"short REGON",                                      short_regon,                 0,                  "TOZSAMOSC-001", "99000101",           "",                            1},
    {"short REGON told by the schema",                   short_regon_told_already,    0,                  NULL,            "",                   "",                            0},
    {"mistyped REGON",                                   mistyped_regon,              0,                  "TOZSAMOSC-002", "990001011",          "",                            1},
    {"shared REGON, first",                              shared_regon,                0,                  "TOZSAMOSC-003", "990001027",          "",                            2},
    {"shared REGON, second",                             shared_regon,                1,                  "TOZSAMOSC-003", "990001027",          "",                            2},
    {"odd voivodeship",                                  odd_voivodeship,             0,                  "TOZSAMOSC-004", "11",                 "parzysta liczba od 02 do 32",
     1                                                                                                                                                                           },
    {"city with a commune",                              city_with_commune,           0,                  "TOZSAMOSC-008", "02",                 NULL,                          1},
    {"territory 99",                                     test_territory,              0,                  "TOZSAMOSC-005", "99",                 "",                            1},
    {"blank name",                                       blank_name,                  0,                  "TOZSAMOSC-006", "",                   "",                            1},
    {"fields that are absent are the schema's business", absent_fields,               0,                  NULL,            "",                   "",                            0},
};

static void
check_survey(struct stage *stage, size_t row)
{
    const char *name = surveys[row].name;

    EXPECT(findings_count(stage->findings)
               == surveys[row].count + count_code(stage, FINDING_OF_PACKAGE, "TOZSAMOSC-007"),
           name);
    if (surveys[row].code == NULL) {
        return;
    }
    EXPECT(count_code(stage, surveys[row].report, surveys[row].code) == 1, name);
    for (size_t i = 0; i < findings_count(stage->findings); i++) {
        const struct finding *it = findings_at(stage->findings, i);
        if (strcmp(it->code, surveys[row].code) == 0) {
            EXPECT(str_equal(it->found, str_of(surveys[row].found)), name);
            EXPECT(surveys[row].expected == NULL
                       || str_equal(it->expected, str_of(surveys[row].expected)),
                   name);
        }
    }
}

static void
every_fault_of_a_package_is_told_where_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(surveys); i++) {
        struct stage *stage = raise_stage();
        surveys[i].spoil(stage);
        survey(stage);
        check_survey(stage, i);
        strike_stage(stage);
    }
}

static void
a_shared_regon_names_both_units(void **state)
{
    struct stage *stage = raise_stage();

    (void)state;
    shared_regon(stage);
    stage->units[1].identity.fields[UNIT_NAME] = field_of("SP 2", 1);
    stage->reports[1].identity.fields[UNIT_NAME] = field_of("SP 2", 1);
    survey(stage);
    const struct finding *it = findings_at(stage->findings, 0);
    assert_true(str_equal(it->subject, STR("„SP 1”, „SP 2”")));
    assert_true(str_equal(it->xpath, STR("/PaczkaSprawozdan/Jednostki/Jednostka[1]/Regon")));
    assert_int_equal(it->offset, 100 + UNIT_REGON);
    strike_stage(stage);
}

static void
a_unit_that_stands_again_is_named_once(void **state)
{
    struct stage *stage = raise_stage();

    (void)state;
    shared_regon(stage);
    survey(stage);
    assert_true(str_equal(findings_at(stage->findings, 0)->subject, STR("„SP 1” (2 razy)")));
    strike_stage(stage);
}

static void
findings_of_a_report_come_most_severe_first(void **state)
{
    struct stage *stage = raise_stage();

    (void)state;
    add_row(stage, 0, position);
    set_amount(stage, 0, "SO", 500);
    add_row(stage, 0, (const char *const[]){"999", "80101", "075", "0"});
    set_amount(stage, 0, "NA", 1000);
    set_amount(stage, 0, "NZ", 1);
    judge(stage, 0);
    static const char *const order[] = {"RB27S-001", "RB27S-004", "RB27S-017", "RB27S-006",
                                        "RB27S-014"};
    assert_int_equal(findings_count(stage->findings), ARRAY_COUNT(order));
    for (size_t i = 0; i < ARRAY_COUNT(order); i++) {
        assert_string_equal(findings_at(stage->findings, i)->code, order[i]);
    }
    const struct finding *balance = findings_at(stage->findings, 0);
    assert_true(str_equal(balance->cell,
                          STR("dz. 999, rozdz. 80101, § 075, P4 0, kol. 8 Należności pozostałe do "
                              "zapłaty ogółem")));
    assert_true(str_ends_with(balance->xpath, STR("/Rb-27s[1]/Pozycje/Pozycja[2]")));
    assert_int_equal(balance->offset, 10100); /* NO is absent: the position is meant */
    assert_int_equal(stage->tally.fired[SEVERITY_ERROR], 1);
    assert_int_equal(stage->tally.fired[SEVERITY_QUERY], 2);
    strike_stage(stage);
}

/* n rows with one wrong cell each: told up to the limit, counted to the end. */
static void
what_the_limit_cuts_off_is_counted_all_the_same(void **state)
{
    static const size_t sizes[] = {FINDING_REPORT_MAX - 1, FINDING_REPORT_MAX,
                                   FINDING_REPORT_MAX + 1, 3000};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct stage *stage = raise_stage();
        for (size_t row = 0; row < sizes[i]; row++) {
            char paragraph[32];
            (void)snprintf(paragraph, sizeof paragraph, "%03zu", row % 1000);
            char digit[32];
            (void)snprintf(digit, sizeof digit, "%zu", row / 1000);
            add_row(stage, 0, (const char *const[]){"801", "80101", paragraph, digit});
            set_amount(stage, 0, "NO", 1);
        }
        judge(stage, 0);
        size_t listed = sizes[i] < FINDING_REPORT_MAX ? sizes[i] : FINDING_REPORT_MAX;
        assert_int_equal(count_code(stage, 0, "RB27S-001"), listed);
        assert_int_equal(stage->tally.fired[SEVERITY_ERROR], sizes[i]);
        strike_stage(stage);
    }
}

/* A list that is full already must not hide which of the sender's objections were needed. */
static void
what_was_objected_to_is_named_also_when_it_is_cut(void **state)
{
    struct stage        *stage = raise_stage();
    const struct finding filler = {.code = "RB27S-017", .report = 0};

    (void)state;
    for (size_t i = 0; i < FINDING_REPORT_MAX; i++) {
        assert_int_equal(findings_add(stage->findings, &filler), FINDING_ADDED);
    }
    stage->request.objected = STR("RB28S-004,RB27S-001,RB27S-018");
    for (size_t row = 0; row < 2; row++) {
        add_row(stage, 0, position);
        set_amount(stage, 0, "NO", 1);
    }
    judge(stage, 0);
    assert_int_equal(count_code(stage, 0, "RB27S-001"), 0);
    assert_int_equal(stage->tally.named_objected, 1U << 1);
    assert_int_equal(stage->tally.named_barred, 1U << 2);
    strike_stage(stage);
}

static void
a_shadow_rule_is_counted_and_not_listed(void **state)
{
    struct stage *stage = raise_stage();

    (void)state;
    add_row(stage, 0, position);
    set_amount(stage, 0, "NA", 1000);
    set_amount(stage, 0, "PO", 1);
    judge(stage, 0);
    assert_int_equal(findings_count(stage->findings), 0);
    assert_int_equal(stage->tally.fired[SEVERITY_PROPOSED], 1);
    strike_stage(stage);
}

static void
an_unknown_cell_silences_the_rules_that_read_it_and_no_others(void **state)
{
    struct stage *stage = raise_stage();

    (void)state;
    add_row(stage, 0, position);
    columns_set_amount(&stage->reports[0].columns, 1, CELL_UNKNOWN, 0, 10051); /* NA */
    set_amount(stage, 0, "NZ", 1);
    judge(stage, 0);
    assert_int_equal(count_code(stage, 0, "RB27S-001"), 0);
    assert_int_equal(count_code(stage, 0, "RB27S-004"), 1);
    assert_int_equal(stage->tally.not_evaluated, 2); /* RB27S-001 and RB27S-002 */
    strike_stage(stage);
}

static void
only_a_report_that_was_read_to_its_end_is_judged(void **state)
{
    static const enum report_state states[] = {REPORT_NO_FORM, REPORT_NO_DEFINITION, REPORT_CUT,
                                               REPORT_LIMIT};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        struct stage *stage = raise_stage();
        add_row(stage, 0, position);
        set_amount(stage, 0, "NA", 1000);
        stage->reports[0].state = states[i];
        judge(stage, 0);
        assert_int_equal(findings_count(stage->findings), 0);
        assert_int_equal(stage->tally.fired[SEVERITY_ERROR], 0);
        strike_stage(stage);
    }
}

static const struct {
    const char       *name;
    struct shelf_edit edit;
    const char       *complaint;
} refused[] = {
    {"rule without entry",
     {RB27S "rules.xml", "code=\"RB27S-013\"", "code=\"RB27S-113\""},
     "kod RB27S-013 nie ma opisu w rules.xml"                                                                          },
    {"entry without rule",
     {RB27S "rules.xml", "check=\"unique-positions\"", ""},
     "reguła RB27S-018: nie ma jej w rules.vtl"                                                                       },
    {"unknown check",
     {RB27S "rules.xml", "check=\"unique-positions\"", "check=\"unique\""},
     "RB27S-018: brama nie zna kontroli"                                                                               },
    {"unknown column",
     {RB27S "rules.xml", "points=\"NO\"", "points=\"XX\""},
     "RB27S-001: formularz nie ma kolumny"                                                                             },
    {"a rule over lines that points at no line",
     {RBNDS "rules.xml", "domain=\"NDS-01\" points=\"A\"", "domain=\"NDS-01\" points=\"P\""},
     "RBNDS-001: formularz nie ma kolumny"                                                                             },
    {"a rule over lines that points nowhere",
     {RBNDS "rules.xml", "domain=\"NDS-01\" points=\"A\"", "domain=\"NDS-01\""},
     "RBNDS-001: formularz nie ma kolumny"                                                                             },
    {"a rule over a line that is not there",
     {RBNDS "form.xml", "<line symbol=\"D22\" title=\"Udzielone pożyczki\"/>", ""},
     "rb-nds/2025-1/rules.vtl, wiersz"                                                                                 },
    {"lines asked for where there are none",
     {RB27S "rules.xml", "check=\"unique-positions\"", "check=\"known-lines\""},
     "RB27S-018: formularz nie ma tego"                                                                                },
    {"periods asked for where there are none",
     {RB27S "rules.xml", "check=\"unique-positions\"", "check=\"form-period\""},
     "RB27S-018: formularz nie ma tego"                                                                                },
    {"unknown check of the package",
     {PACKAGE_RULES, "check=\"regon-once\"", "check=\"regon\""},
     "TOZSAMOSC-003: brama nie zna kontroli"                                                                           },
    {"check given twice",
     {PACKAGE_RULES, "check=\"regon-shape\"", "check=\"regon-digit\""},
     "inna reguła ma tę samą kontrolę"                                                                             },
    {"misnamed rule",
     {RB27S "rules.vtl", "RB27S_004:", "RB27S_400:"},
     "rb-27s/2025-1/rules.vtl, wiersz 19, znak 3: reguła RB27S_400 powinna nazywać się"                             },
    {"syntax",                                   {RB27S "rules.vtl", "NZ >= 0", "NZ >="},        "rules.vtl, wiersz 18"},
    {"unknown dictionary",                       {RB27S "rules.vtl", "in DZIALY", "in DZIALKI"}, "DZIALKI"             },
    {"error level",
     {RB27S "rules.vtl", "errorcode \"RB27S-005\"", "errorcode \"RB27S-005\" errorlevel 1"},
     "rules.vtl, wiersz 20"                                                                                            },
    {"bad line of a dictionary",                 {"dictionaries/dzialy.csv", "020;", "020,"},    "dzialy.csv:3"        },
    {"bad date of a dictionary",
     {"dictionaries/paragrafy-poza-okresem.csv", "2021-12-31", "2021"},
     "paragrafy-poza-okresem.csv:2"                                                                                    },
};

static void
a_faulty_catalogue_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        struct arena           *arena = arena_create(ARENA_MAX);
        const struct catalogue *catalogue = NULL;
        const struct rules     *rules = NULL;
        struct fault            fault = {0};
        enum err                got = shelf_load(arena, &refused[i].edit, &catalogue, &fault);

        if (got == ERR_OK) {
            got = rules_compile(arena, catalogue, &rules, &fault);
        }
        EXPECT(got == ERR_CATALOGUE, refused[i].name);
        if (strstr(fault.text, refused[i].complaint) == NULL) {
            fail_msg("%s: %s", refused[i].name, fault.text);
        }
        arena_destroy(arena);
    }
}

static void
compiling_survives_every_memory_ceiling(void **state)
{
    struct stage *stage = raise_stage();
    size_t        full = 0;

    (void)state;
    for (size_t ceiling = 0; ceiling < (size_t)16 * 1024 * 1024; ceiling += 65521) {
        struct arena       *tight = arena_create(ceiling);
        const struct rules *rules = NULL;
        struct fault        fault = {0};
        enum err            got = rules_compile(tight, stage->catalogue, &rules, &fault);

        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_true((got == ERR_OK) == (rules != NULL));
        full += got == ERR_OK ? 0 : 1;
        arena_destroy(tight);
    }
    assert_in_range(full, 1, 255); /* of 257 */
    strike_stage(stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_without_fault_is_told_only_that_no_registry_was_asked),
        cmocka_unit_test(every_fault_of_a_package_is_told_where_it_is),
        cmocka_unit_test(a_shared_regon_names_both_units),
        cmocka_unit_test(a_unit_that_stands_again_is_named_once),
        cmocka_unit_test(findings_of_a_report_come_most_severe_first),
        cmocka_unit_test(what_the_limit_cuts_off_is_counted_all_the_same),
        cmocka_unit_test(what_was_objected_to_is_named_also_when_it_is_cut),
        cmocka_unit_test(a_shadow_rule_is_counted_and_not_listed),
        cmocka_unit_test(an_unknown_cell_silences_the_rules_that_read_it_and_no_others),
        cmocka_unit_test(only_a_report_that_was_read_to_its_end_is_judged),
        cmocka_unit_test(a_faulty_catalogue_is_refused_with_its_place),
        cmocka_unit_test(compiling_survives_every_memory_ceiling),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
