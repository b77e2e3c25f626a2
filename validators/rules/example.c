#include "validators/rules/example.h"

#include "validators/rules/compiled.h"
#include "validators/rules/judge.h"
#include "validators/rules/specimen.h"
#include "validators/xml/tree.h"

enum { SCRATCH_MAX = 64 * 1024 * 1024, DATE_TEXT_MAX = 16, DAYS_LATER = 9 };

/* The search for a case, and the best one so far. */
struct search {
    struct arena                  *arena;
    const struct example_question *question;
    struct field                   type; /* Typ of a unit that files the form */
    struct field                   period_type;
    struct field                   period_number;
    struct specimen               *best;
    size_t                         best_amounts;
};

static const struct form *
form_of(const struct search *search)
{
    return &search->question->catalogue->forms[search->question->form];
}

/* The first Typ whose reports are of a level at which the form is filed. */
static void
choose_type(struct search *search)
{
    const struct catalogue *catalogue = search->question->catalogue;

    search->type.text = STR("JB");
    for (size_t i = 0; i < catalogue->level_count; i++) {
        struct str type = catalogue->levels[i].name;
        struct str level = catalogue_level(catalogue, form_of(search), type, ENVIRONMENT_TEST);
        if (level.size > 0 && form_has_level(form_of(search), level)) {
            search->type.text = type;
            return;
        }
    }
}

/* The first period for which the form is due; the second quarter when it does not say. */
static bool
choose_period(struct search *search)
{
    const struct form *form = form_of(search);
    int                number = 2;

    search->period_type.text = STR("Kwartal");
    if (form->period_count > 0) {
        search->period_type.text = form->periods[0].type;
        number = 1;
        while (number < FORM_PERIOD_NUMBER_MAX && (form->periods[0].numbers & 1 << number) == 0) {
            number++;
        }
    }
    search->period_number.text = str_format(search->arena, "%d", number);
    return search->period_number.text.data != NULL;
}

static size_t
count_amounts(const struct columns *columns)
{
    size_t count = 0;

    for (size_t slot = 0; slot < columns->amount_count; slot++) {
        for (size_t row = 0; row < columns->row_count; row++) {
            count += columns->amount_states[slot][row] == CELL_PRESENT ? 1 : 0;
        }
    }
    return count;
}

/* Whether no rule of the form says more than information of the specimen. */
static enum err
is_clean(const struct search *search, struct specimen *specimen, bool *out, struct fault *fault)
{
    struct arena        *scratch = arena_create(SCRATCH_MAX);
    struct rules_tally   tally = {0};
    struct rules_request request = {.catalogue = search->question->catalogue,
                                    .rules = search->question->rules,
                                    .package = &specimen->package,
                                    .environment = ENVIRONMENT_TEST,
                                    .at = specimen->at};
    struct inspection    inspection = {.scratch = scratch,
                                       .request = &request,
                                       .findings = findings_create(scratch),
                                       .tally = &tally};
    enum err             got = ERR_OK;

    *out = false;
    if (inspection.findings != NULL && inspection_open(&inspection, 0)) {
        got = judge_report(&inspection, fault);
        *out = got == ERR_OK
               && tally.fired[SEVERITY_ERROR] + tally.fired[SEVERITY_QUERY]
                          + tally.fired[SEVERITY_WARNING] + tally.fired[SEVERITY_PROPOSED]
                          + tally.not_evaluated + tally.failed
                      == 0;
    }
    arena_destroy(scratch);
    return got;
}

/* A report of a period that is not over could not be filed: the same period, of a year before. */
static enum err
choose_year(const struct search *search, struct report *report, struct fault *fault)
{
    const struct form *form = form_of(search);
    struct date        today = search->question->today;
    struct period      period = {0};

    while (today.year != 0
           && catalogue_period(search->question->catalogue, report->period.year.text,
                               report->period.type.text, report->period.number.text, &period)
           && date_days(period.end) + DAYS_LATER > date_days(today)) {
        struct str year = str_format(search->arena, "%d", period.year - 1);
        if (year.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "year of an example");
        }
        if (period.year - 1 < form->from.year) {
            return ERR_OK;
        }
        report->period.year.text = year;
    }
    return ERR_OK;
}

static enum err
try_case(struct search *search, const struct case_source *source, int32_t item, struct fault *fault)
{
    struct specimen *specimen = ARENA_NEW(search->arena, struct specimen, 1);
    bool             clean = false;

    if (specimen == NULL) {
        return FAIL(fault, ERR_MEMORY, "a case");
    }
    TRY(specimen_build(search->arena, source, item, specimen, fault));
    struct report *report = &specimen->report;
    size_t         amounts = count_amounts(&report->columns);
    /* The copy refers to itself. */
    specimen->package.units = &specimen->unit;
    specimen->package.reports = report;
    report->period.type = search->period_type;
    report->period.number = search->period_number;
    TRY(choose_year(search, report, fault));
    report->identity.fields[UNIT_TYPE] = search->type;
    specimen->unit.identity = report->identity;
    if (amounts <= search->best_amounts) {
        return ERR_OK;
    }
    TRY(is_clean(search, specimen, &clean, fault));
    if (clean) {
        search->best = specimen;
        search->best_amounts = amounts;
    }
    return ERR_OK;
}

static enum err
try_file(struct search *search, struct str code, struct fault *fault)
{
    const struct catalogue *catalogue = search->question->catalogue;
    struct str              folder = form_of(search)->folder;
    const char             *slash = str_ends_with(folder, STR("/")) ? "" : "/";
    struct element_table    table = {0};
    struct case_source      source = {
             .catalogue = catalogue, .form = search->question->form, .table = &table};

    source.path =
        str_format(search->arena, "%.*s%stests/%.*s.xml", STR_ARG(folder), slash, STR_ARG(code));
    struct str bytes = bundle_file(catalogue->bundle, source.path);
    if (bytes.data == NULL) {
        return ERR_OK;
    }
    TRY(xml_tree_read(search->arena, bytes, source.path, &table, fault));
    int32_t item = element_child(&table, 0, (struct str){0}, STR("case"));
    while (item != ELEMENT_NONE) {
        if (str_equal(element_attribute(&table, item, "expect"), STR("pass"))) {
            TRY(try_case(search, &source, item, fault));
        }
        item = element_next(&table, item);
    }
    return ERR_OK;
}

static void
write_element(struct buf *out, const char *name, struct str text)
{
    buf_format(out, "<%s>%.*s</%s>", name, STR_ARG(text), name);
}

static void
write_period(struct buf *out, const struct period_fields *period)
{
    buf_append(out, STR("<Okres>"));
    write_element(out, "Rok", period->year.text);
    write_element(out, "TypOkresu", period->type.text);
    write_element(out, "Okres", period->number.text);
    buf_append(out, STR("</Okres>"));
}

/* The unit of the samples, with the given Typ. */
static void
write_unit(struct buf *out, struct str type)
{
    write_element(out, "Nazwa", STR("JEDNOSTKA PRZYKŁADOWA"));
    write_element(out, "Typ", type);
    buf_append(out, STR("<Regon>990001010     </Regon><WK>99</WK><PK>01</PK><GK>02</GK>"
                        "<GT>3</GT><PT>0</PT>"));
}

static void
write_cell(struct buf *out, struct str name, struct str text)
{
    buf_format(out, "<%.*s>%.*s</%.*s>", STR_ARG(name), STR_ARG(text), STR_ARG(name));
}

static void
write_row(struct buf *out, const struct form *form, const struct columns *columns, size_t row)
{
    buf_append(out, STR("\n<Pozycja>"));
    for (size_t i = 0; i < form->code_count; i++) {
        if (columns->code_states[i][row] == CELL_PRESENT) {
            write_cell(out, form->codes[i].name, columns_code(columns, i, row));
        }
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        if (columns->amount_states[i][row] == CELL_PRESENT) {
            struct buf amount = buf_create(out->arena, AMOUNT_TEXT_MAX);
            amount_write(&amount, columns->amounts[i][row], form->amounts[i].scale);
            write_cell(out, form->amounts[i].name, buf_str(&amount));
        }
    }
    buf_append(out, STR("</Pozycja>"));
}

static void
write_package(const struct search *search, struct buf *out)
{
    const struct form   *form = form_of(search);
    const struct report *report = &search->best->report;
    struct str           type = search->type.text;
    struct period        period = {0};
    struct buf           date = buf_create(search->arena, DATE_TEXT_MAX);

    /* Period and Typ were chosen from the catalogue. */
    ENSURE(catalogue_period(search->question->catalogue, report->period.year.text,
                            report->period.type.text, report->period.number.text, &period));
    date_write(&date, date_of_days(date_days(period.end) + DAYS_LATER));
    buf_format(out,
               "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<PaczkaSprawozdan Wersja=\"%.*s\">",
               STR_ARG(search->question->catalogue->package_version));
    write_period(out, &report->period);
    buf_append(out, STR("<Jednostki><Jednostka>"));
    write_unit(out, type);
    buf_format(out, "<Sprawozdania>\n<%.*s Id=\"przyklad\">", STR_ARG(form->element));
    write_period(out, &report->period);
    buf_append(out, STR("<Jednostka>"));
    write_unit(out, type);
    buf_append(out, STR("</Jednostka><Naglowek><Wersja>0</Wersja>"));
    write_element(out, "DataSprawozdania", buf_str(&date));
    buf_append(out, STR("</Naglowek><Pozycje>"));
    for (size_t row = 0; row < report->columns.row_count; row++) {
        write_row(out, form, &report->columns, row);
    }
    buf_format(out, "\n</Pozycje></%.*s>\n", STR_ARG(form->element));
    buf_append(out, STR("</Sprawozdania></Jednostka></Jednostki></PaczkaSprawozdan>\n"));
}

enum err
example_write(struct arena *arena, const struct example_question *question, struct buf *out,
              bool *found, struct fault *fault)
{
    const struct compiled_form *compiled = &question->rules->forms[question->form];
    struct search               search = {.arena = arena, .question = question};

    choose_type(&search);
    if (!choose_period(&search)) {
        return FAIL(fault, ERR_MEMORY, "period of an example");
    }
    TRY(try_file(&search, STR("example"), fault));
    for (size_t i = 0; i < compiled->rule_count && search.best == NULL; i++) {
        TRY(try_file(&search, compiled->rules[i].entry->code, fault));
    }
    *found = search.best != NULL;
    if (*found) {
        write_package(&search, out);
    }
    return buf_ok(out) ? ERR_OK : FAIL(fault, ERR_MEMORY, "an example");
}
