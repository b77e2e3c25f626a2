#include "validators/rules/standing.h"

#include <stdlib.h>

/* A field of the header that stands in the package and again in the report. */
struct twin_field {
    const struct field *package;
    const struct field *report;
    struct str          title; /* "REGON" */
    struct str          path;  /* "/Jednostka/Regon" */
};

static const struct {
    const char *title;
    const char *path;
} unit_fields[UNIT_FIELD_COUNT] = {
    [UNIT_NAME] = {"Nazwa jednostki",   "/Jednostka/Nazwa"},
    [UNIT_TYPE] = {"Typ jednostki",     "/Jednostka/Typ"  },
    [UNIT_REGON] = {"REGON jednostki",   "/Jednostka/Regon"},
    [UNIT_WK] = {"Województwo (WK)", "/Jednostka/WK"   },
    [UNIT_PK] = {"Powiat (PK)",       "/Jednostka/PK"   },
    [UNIT_GK] = {"Gmina (GK)",        "/Jednostka/GK"   },
    [UNIT_GT] = {"Typ gminy (GT)",    "/Jednostka/GT"   },
    [UNIT_PT] = {"Typ powiatu (PT)",  "/Jednostka/PT"   },
};

static enum err
compare_field(struct survey *survey, enum survey_check check, uint32_t report,
              const struct twin_field *twin, struct fault *fault)
{
    struct str     in_package = package_trim(twin->package);
    struct str     in_report = package_trim(twin->report);
    struct finding finding = {.report = (int32_t)report,
                              .offset = twin->report->offset,
                              .cell = twin->title,
                              .subject = twin->title,
                              .found = in_report,
                              .expected = in_package};

    /* A field that is missing on either side is the schema's business. */
    if (twin->package->text.data == NULL || twin->report->text.data == NULL
        || str_equal(in_package, in_report)) {
        return ERR_OK;
    }
    finding.xpath = package_report_xpath(survey->scratch,
                                         &survey->request->package->reports[report], twin->path);
    if (finding.xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "header of report %u", report);
    }
    return survey_tell(survey, check, &finding, fault);
}

static enum err
compare_header(struct survey *survey, uint32_t ordinal, struct fault *fault)
{
    const struct package       *package = survey->request->package;
    const struct report        *report = &package->reports[ordinal];
    const struct unit_identity *unit = &package->units[report->unit].identity;
    const struct twin_field     periods[] = {
            {&package->period.year,   &report->period.year,   STR("Rok"),           STR("/Okres/Rok")  },
            {&package->period.type,   &report->period.type,   STR("Rodzaj okresu"),
             STR("/Okres/TypOkresu")                                                                   },
            {&package->period.number, &report->period.number, STR("Numer okresu"),  STR("/Okres/Okres")},
    };

    for (size_t i = 0; i < UNIT_FIELD_COUNT; i++) {
        struct twin_field twin = {&unit->fields[i], &report->identity.fields[i],
                                  str_of(unit_fields[i].title), str_of(unit_fields[i].path)};
        TRY(compare_field(survey, SURVEY_UNIT_EQUALS_PACKAGE, ordinal, &twin, fault));
    }
    for (size_t i = 0; i < ARRAY_COUNT(periods); i++) {
        TRY(compare_field(survey, SURVEY_PERIOD_EQUALS_PACKAGE, ordinal, &periods[i], fault));
    }
    return ERR_OK;
}

/* "2026, kwartał 5": the three fields, whatever stands there. */
static struct str
write_period(struct survey *survey, const struct period_fields *period)
{
    return catalogue_period_words(survey->scratch, survey->request->catalogue,
                                  package_trim(&period->year), package_trim(&period->type),
                                  package_trim(&period->number));
}

/* A finding about the report's period, and what is wrong with it. */
static enum err
tell_period(struct survey *survey, uint32_t ordinal, enum survey_check check,
            struct finding *finding, struct fault *fault)
{
    const struct report *report = &survey->request->package->reports[ordinal];

    finding->report = (int32_t)ordinal;
    finding->offset = report->period.offset == 0 ? report->start : report->period.offset;
    finding->cell = STR("okres sprawozdania");
    finding->xpath = package_report_xpath(survey->scratch, report, STR("/Okres"));
    if (finding->xpath.data == NULL || finding->found.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "period of report %u", ordinal);
    }
    return survey_tell(survey, check, finding, fault);
}

static bool
year_in_range(struct str text)
{
    int64_t year = 0;

    return str_to_number(text, &year) && year >= MOMENT_YEAR_MIN && year <= MOMENT_YEAR_MAX;
}

static bool
read_period(const struct catalogue *catalogue, const struct period_fields *fields,
            struct period *out)
{
    return catalogue_period(catalogue, package_trim(&fields->year), package_trim(&fields->type),
                            package_trim(&fields->number), out);
}

static enum err
tell_out_of_range(struct survey *survey, uint32_t ordinal, const struct period_type *type,
                  struct fault *fault)
{
    const struct report *report = &survey->request->package->reports[ordinal];
    struct finding       finding = {.found = write_period(survey, &report->period)};

    if (survey_schema_told(survey, report->period.year.offset)
        || survey_schema_told(survey, report->period.number.offset)) {
        return ERR_OK;
    }
    finding.expected = year_in_range(package_trim(&report->period.year))
                           ? str_format(survey->scratch, "%.*s ma numer od 1 do %d",
                                        STR_ARG(type->title), type->count)
                           : str_format(survey->scratch, "brama przyjmuje lata od %d do %d",
                                        MOMENT_YEAR_MIN, MOMENT_YEAR_MAX);
    return tell_period(survey, ordinal, SURVEY_PERIOD_IN_RANGE, &finding, fault);
}

/* The form is known, and yet there is no definition: say which part of the period is to blame. */
static enum err
tell_no_definition(struct survey *survey, uint32_t ordinal, struct fault *fault)
{
    const struct catalogue   *catalogue = survey->request->catalogue;
    const struct report      *report = &survey->request->package->reports[ordinal];
    struct str                type_name = package_trim(&report->period.type);
    const struct period_type *type = catalogue_period_type(catalogue, type_name);
    struct period             period = {0};
    struct finding            finding = {.subject = catalogue_title(catalogue, report->element)};

    if (type == NULL) {
        finding.found = str_copy(survey->scratch, type_name);
        return tell_period(survey, ordinal, SURVEY_PERIOD_TYPE_KNOWN, &finding, fault);
    }
    if (!read_period(catalogue, &report->period, &period)) {
        return tell_out_of_range(survey, ordinal, type, fault);
    }
    if (!read_period(catalogue, &survey->request->package->period, &period)) {
        return ERR_OK; /* only the head of the package is wrong, and that is told already */
    }
    finding.found = write_period(survey, &report->period);
    return tell_period(survey, ordinal, SURVEY_DEFINITION_KNOWN, &finding, fault);
}

/* Whether the period that the report is about has come to its last day. */
static enum err
check_period_over(struct survey *survey, uint32_t ordinal, struct fault *fault)
{
    const struct rules_request *request = survey->request;
    const struct report        *report = &request->package->reports[ordinal];
    struct date                 arrival = moment_warsaw_date(request->at);
    struct finding              finding = {.found = rules_date(survey->scratch, arrival)};
    struct period               period = {0};

    if (!read_period(request->catalogue, &report->period, &period)
        || date_compare(arrival, period.end) >= 0) {
        return ERR_OK;
    }
    finding.expected = rules_date(survey->scratch, period.end);
    finding.subject = write_period(survey, &report->period);
    return tell_period(survey, ordinal, SURVEY_PERIOD_OVER, &finding, fault);
}

/* A finding about the report as a whole. */
static enum err
tell_report(struct survey *survey, uint32_t ordinal, enum survey_check check, struct str subject,
            struct fault *fault)
{
    const struct report *report = &survey->request->package->reports[ordinal];
    struct finding       finding = {.report = (int32_t)ordinal,
                                    .offset = report->start,
                                    .subject = subject,
                                    .found = report->element};

    finding.xpath = package_report_xpath(survey->scratch, report, (struct str){0});
    if (finding.xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "report %u", ordinal);
    }
    return survey_tell(survey, check, &finding, fault);
}

static enum err
check_level(struct survey *survey, uint32_t ordinal, struct fault *fault)
{
    const struct rules_request *request = survey->request;
    const struct report        *report = &request->package->reports[ordinal];
    const struct field         *type = &report->identity.fields[UNIT_TYPE];
    struct finding              finding = {.report = (int32_t)ordinal,
                                           .offset = type->offset,
                                           .cell = str_of(unit_fields[UNIT_TYPE].title),
                                           .found = package_trim(type)};

    if (type->text.data == NULL || rules_circumstances(request, (int32_t)ordinal).level.size > 0) {
        return ERR_OK;
    }
    finding.xpath =
        package_report_xpath(survey->scratch, report, str_of(unit_fields[UNIT_TYPE].path));
    if (finding.xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "level of report %u", ordinal);
    }
    return survey_tell(survey, SURVEY_LEVEL_KNOWN, &finding, fault);
}

/* Whether form and kind of period are more than models of ours; what follows stands in the data. */
static enum err
check_official(struct survey *survey, uint32_t ordinal, struct fault *fault)
{
    const struct catalogue   *catalogue = survey->request->catalogue;
    const struct report      *report = &survey->request->package->reports[ordinal];
    struct str                type_name = package_trim(&report->period.type);
    const struct period_type *type = catalogue_period_type(catalogue, type_name);

    if (report->form != FORM_UNKNOWN && catalogue->forms[report->form].model) {
        TRY(tell_report(survey, ordinal, SURVEY_DEFINITION_OFFICIAL,
                        catalogue->forms[report->form].title, fault));
    }
    if (type != NULL && type->model) {
        struct finding finding = {.found = str_copy(survey->scratch, type_name)};
        return tell_period(survey, ordinal, SURVEY_PERIOD_TYPE_OFFICIAL, &finding, fault);
    }
    return ERR_OK;
}

enum err
standing_survey_report(struct survey *survey, uint32_t ordinal, struct fault *fault)
{
    const struct report *report = &survey->request->package->reports[ordinal];
    struct str           title = catalogue_title(survey->request->catalogue, report->element);

    if (report->state == REPORT_LIMIT) {
        return tell_report(survey, ordinal, SURVEY_WITHIN_LIMITS, title, fault);
    }
    TRY(compare_header(survey, ordinal, fault));
    TRY(check_level(survey, ordinal, fault));
    if (report->state == REPORT_NO_FORM) {
        return tell_report(survey, ordinal, SURVEY_FORM_KNOWN, title, fault);
    }
    if (report->state == REPORT_NO_DEFINITION) {
        return tell_no_definition(survey, ordinal, fault);
    }
    TRY(check_period_over(survey, ordinal, fault));
    return check_official(survey, ordinal, fault);
}

enum { KEY_PARTS = 4 };

/* What must not stand twice in a unit, and the report that has it. */
struct standing_key {
    /* Element, year, type and number of the period, then the variants as they stand. */
    struct str parts[KEY_PARTS + REPORT_VARIANTS_MAX];
    uint32_t   report;
};

static int
compare_keys(const struct standing_key *a, const struct standing_key *b)
{
    int order = 0;

    for (size_t i = 0; i < ARRAY_COUNT(a->parts) && order == 0; i++) {
        order = str_compare(a->parts[i], b->parts[i]);
    }
    return order;
}

static int
compare_for_sort(const void *a, const void *b)
{
    const struct standing_key *key_a = a;
    const struct standing_key *key_b = b;
    int                        order = compare_keys(key_a, key_b);

    return order != 0 ? order : (key_a->report > key_b->report) - (key_a->report < key_b->report);
}

/*
 * Two reports of a form that is filed for each dysponent may both be true when neither says whose
 * it is: neither is rejected, and neither may take the other's place. Two for one dysponent are one
 * report given twice.
 */
static enum err
tell_again(struct survey *survey, const struct standing_key *key, struct fault *fault)
{
    const struct catalogue *catalogue = survey->request->catalogue;
    bool                    plain = true;

    for (size_t i = KEY_PARTS; i < ARRAY_COUNT(key->parts); i++) {
        plain = plain && key->parts[i].size == 0;
    }
    enum survey_check check = plain && catalogue_repeats(catalogue, key->parts[0])
                                  ? SURVEY_REPORT_REPEATS
                                  : SURVEY_REPORT_ONCE;
    return tell_report(survey, key->report, check, catalogue_title(catalogue, key->parts[0]),
                       fault);
}

enum err
standing_survey_unit(struct survey *survey, uint32_t unit, struct fault *fault)
{
    const struct package      *package = survey->request->package;
    const struct package_unit *it = &package->units[unit];
    struct standing_key       *keys =
        ARENA_NEW(survey->scratch, struct standing_key, (size_t)it->report_count + 1);

    if (keys == NULL) {
        return FAIL(fault, ERR_MEMORY, "%u reports of a unit", it->report_count);
    }
    for (uint32_t i = 0; i < it->report_count; i++) {
        const struct report *report = &package->reports[it->report_from + i];
        keys[i] = (struct standing_key){
            .parts = {report->element, package_trim(&report->period.year),
                      package_trim(&report->period.type), package_trim(&report->period.number)},
            .report = it->report_from + i
        };
        for (size_t j = 0; j < REPORT_VARIANTS_MAX; j++) {
            keys[i].parts[KEY_PARTS + j] = package_trim(&report->header.variants[j]);
        }
    }
    qsort(keys, it->report_count, sizeof *keys, compare_for_sort);
    for (uint32_t i = 0; i < it->report_count; i++) {
        bool before = i > 0 && compare_keys(&keys[i - 1], &keys[i]) == 0;
        bool behind = i + 1 < it->report_count && compare_keys(&keys[i], &keys[i + 1]) == 0;
        if (!before && !behind) {
            continue;
        }
        TRY(tell_again(survey, &keys[i], fault));
    }
    return ERR_OK;
}
