#include "validators/rules/unit.h"

#include "validators/identifier/identifier.h"

#include <stdlib.h>

enum { NAMES_MAX = 4, NAMES_SIZE_MAX = 1024 };

static const struct field *
field_of(const struct survey *survey, uint32_t unit, enum unit_field field)
{
    return &survey->request->package->units[unit].identity.fields[field];
}

/* Tell the finding at every report of the unit. */
static enum err
tell_unit(struct survey *survey, uint32_t unit, enum unit_field field, enum survey_check check,
          struct finding *finding, struct fault *fault)
{
    const struct package_unit *it = &survey->request->package->units[unit];
    struct str                 path = package_unit_xpath(survey->scratch, unit);

    finding->offset = it->identity.fields[field].offset;
    finding->xpath = str_format(survey->scratch, "%.*s/%s", STR_ARG(path), unit_field_name(field));
    if (path.data == NULL || finding->xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "unit %u", unit);
    }
    for (uint32_t i = 0; i < it->report_count; i++) {
        finding->report = (int32_t)(it->report_from + i);
        TRY(survey_tell(survey, check, finding, fault));
    }
    return ERR_OK;
}

static enum err
check_regon(struct survey *survey, uint32_t unit, struct fault *fault)
{
    const struct field   *field = field_of(survey, unit, UNIT_REGON);
    struct finding        finding = {.cell = STR("REGON jednostki"), .found = package_trim(field)};
    enum identifier_fault wrong = identifier_regon(finding.found);

    if (field->text.data == NULL || wrong == IDENTIFIER_OK) {
        return ERR_OK;
    }
    if (wrong == IDENTIFIER_CHECK_DIGIT || wrong == IDENTIFIER_BASE
        || wrong == IDENTIFIER_ALL_ZEROS) {
        return tell_unit(survey, unit, UNIT_REGON, SURVEY_REGON_DIGIT, &finding, fault);
    }
    if (survey_schema_told(survey, field->offset)) {
        return ERR_OK;
    }
    return tell_unit(survey, unit, UNIT_REGON, SURVEY_REGON_SHAPE, &finding, fault);
}

/* The five codes: where they stand, what they are called, what they can be. */
static const struct {
    enum unit_field field;
    const char     *title;
    const char     *alone;
    const char     *together;
} territory[IDENTIFIER_CODES] = {
    [IDENTIFIER_WK] = {UNIT_WK, "WK (województwo)", "parzysta liczba od 02 do 32", ""          },
    [IDENTIFIER_PK] = {UNIT_PK, "PK (powiat)",       "liczba dwucyfrowa",
                       "liczba od 61 do 99 dla miasta na prawach powiatu (PT 2), od 01 do 99 dla "
                       "innych, a 00 tylko dla województwa (PT 3)"                             },
    [IDENTIFIER_GK] = {UNIT_GK, "GK (gmina)",        "liczba dwucyfrowa",
                       "00 dla miasta na prawach powiatu (PT 2), a dla gminy liczba od 01 do 99"},
    [IDENTIFIER_GT] = {UNIT_GT, "GT (typ gminy)",    "0, 1, 2, 3 albo litera Z",    ""          },
    [IDENTIFIER_PT] = {UNIT_PT, "PT (typ powiatu)",  "cyfra od 0 do 8",             ""          },
};

static bool
all_codes_stand(const struct survey *survey, uint32_t unit)
{
    for (size_t i = 0; i < ARRAY_COUNT(territory); i++) {
        if (field_of(survey, unit, territory[i].field)->text.data == NULL) {
            return false;
        }
    }
    return true;
}

static enum err
check_territory(struct survey *survey, uint32_t unit, struct fault *fault)
{
    struct identifier_territory codes = {
        .wk = package_trim(field_of(survey, unit, UNIT_WK)),
        .pk = package_trim(field_of(survey, unit, UNIT_PK)),
        .gk = package_trim(field_of(survey, unit, UNIT_GK)),
        .gt = package_trim(field_of(survey, unit, UNIT_GT)),
        .pt = package_trim(field_of(survey, unit, UNIT_PT)),
    };
    struct identifier_judgement judgement = identifier_territory_judge(&codes);
    enum unit_field             field = territory[judgement.code].field;
    bool                        together = judgement.fault == IDENTIFIER_MISMATCH;
    struct str                  subject = str_of(territory[judgement.code].title);
    struct finding              finding = {.cell = subject,
                                           .subject = subject,
                                           .found = package_trim(field_of(survey, unit, field)),
                                           .expected = str_of(together ? territory[judgement.code].together
                                                                       : territory[judgement.code].alone)};

    if (!all_codes_stand(survey, unit) || judgement.fault == IDENTIFIER_OK
        || judgement.fault == IDENTIFIER_TEST_TERRITORY
        || survey_schema_told(survey, field_of(survey, unit, field)->offset)) {
        return ERR_OK;
    }
    return tell_unit(survey, unit, field,
                     together ? SURVEY_TERRITORY_TOGETHER : SURVEY_TERRITORY_CODES, &finding,
                     fault);
}

static enum err
check_test_territory(struct survey *survey, uint32_t unit, struct fault *fault)
{
    struct finding finding = {.cell = STR("WK (województwo)"),
                              .found = package_trim(field_of(survey, unit, UNIT_WK))};

    if (!str_equal(finding.found, STR("99"))) {
        return ERR_OK;
    }
    return tell_unit(survey, unit, UNIT_WK, SURVEY_TERRITORY_TEST, &finding, fault);
}

/* A name of spaces only passes the schema, which counts characters. */
static enum err
check_name(struct survey *survey, uint32_t unit, struct fault *fault)
{
    const struct field *field = field_of(survey, unit, UNIT_NAME);
    struct finding      finding = {.cell = STR("nazwa jednostki")};

    if (field->text.data == NULL || package_trim(field).size > 0
        || survey_schema_told(survey, field->offset)) {
        return ERR_OK;
    }
    return tell_unit(survey, unit, UNIT_NAME, SURVEY_UNIT_NAME, &finding, fault);
}

enum err
unit_survey(struct survey *survey, uint32_t unit, struct fault *fault)
{
    TRY(check_name(survey, unit, fault));
    TRY(check_regon(survey, unit, fault));
    TRY(check_territory(survey, unit, fault));
    return check_test_territory(survey, unit, fault);
}

struct numbered_unit {
    struct str regon;
    uint32_t   unit;
};

static int
compare_numbered(const void *a, const void *b)
{
    const struct numbered_unit *unit_a = a;
    const struct numbered_unit *unit_b = b;
    int                         order = str_compare(unit_a->regon, unit_b->regon);

    return order != 0 ? order : (unit_a->unit > unit_b->unit) - (unit_a->unit < unit_b->unit);
}

/* Whether all of them have the first one's name: then it is one unit that stands again. */
static bool
one_name(const struct survey *survey, const struct numbered_unit *units, size_t count)
{
    struct str first = package_trim(field_of(survey, units[0].unit, UNIT_NAME));

    for (size_t i = 1; i < count; i++) {
        if (!str_equal(first, package_trim(field_of(survey, units[i].unit, UNIT_NAME)))) {
            return false;
        }
    }
    return true;
}

/* "„SP 1”, „SP 2”", at most NAMES_MAX of them; "„SP 1” (2 razy)". */
static struct str
write_names(struct survey *survey, const struct numbered_unit *units, size_t count)
{
    struct buf text = buf_create(survey->scratch, NAMES_SIZE_MAX);

    if (one_name(survey, units, count)) {
        buf_format(&text, "„%.*s” (%zu razy)",
                   STR_ARG(package_trim(field_of(survey, units[0].unit, UNIT_NAME))), count);
        return buf_str(&text);
    }
    for (size_t i = 0; i < count && i < NAMES_MAX; i++) {
        struct str name = package_trim(field_of(survey, units[i].unit, UNIT_NAME));
        buf_format(&text, "%s„%.*s”", i == 0 ? "" : ", ", STR_ARG(name));
    }
    if (count > NAMES_MAX) {
        buf_append(&text, STR(" i inne"));
    }
    return buf_str(&text);
}

/* Units [0, count) have one REGON: told at the reports of each of them, all being named. */
static enum err
tell_shared_regon(struct survey *survey, const struct numbered_unit *units, size_t count,
                  struct fault *fault)
{
    struct finding finding = {.cell = STR("REGON jednostki"),
                              .subject = write_names(survey, units, count),
                              .found = units[0].regon};

    for (size_t i = 0; i < count; i++) {
        TRY(tell_unit(survey, units[i].unit, UNIT_REGON, SURVEY_REGON_ONCE, &finding, fault));
    }
    return ERR_OK;
}

/* Behind the last unit with the same REGON as units[from]. */
static size_t
run_end(const struct numbered_unit *units, size_t count, size_t from)
{
    size_t to = from + 1;

    while (to < count && str_equal(units[from].regon, units[to].regon)) {
        to++;
    }
    return to;
}

enum err
unit_survey_regons(struct survey *survey, struct fault *fault)
{
    size_t                count = survey->request->package->unit_count;
    struct numbered_unit *units = ARENA_NEW(survey->scratch, struct numbered_unit, count + 1);

    if (units == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu units", count);
    }
    for (size_t i = 0; i < count; i++) {
        units[i].unit = (uint32_t)i;
        units[i].regon = package_trim(field_of(survey, (uint32_t)i, UNIT_REGON));
    }
    qsort(units, count, sizeof *units, compare_numbered);
    size_t to = 0;
    for (size_t from = 0; from < count; from = to) {
        to = run_end(units, count, from);
        if (to - from == 1 || units[from].regon.size == 0) {
            continue;
        }
        TRY(tell_shared_regon(survey, &units[from], to - from, fault));
    }
    return ERR_OK;
}
