#include "validators/rules/structure.h"

#include "validators/rules/alike.h"

enum { PERIODS_TEXT_MAX = 256, LEVELS_TEXT_MAX = 256 };

static unsigned
key_mask(const struct form *form)
{
    unsigned mask = 0;

    for (size_t i = 0; i < form->code_count; i++) {
        mask |= form->codes[i].key ? 1U << i : 0U;
    }
    return mask;
}

/* A position with a key code that cannot be read is not compared with others. */
static bool
key_known(const struct columns *columns, unsigned mask, size_t row)
{
    for (size_t i = 0; i < columns->code_count; i++) {
        if ((mask >> i & 1U) != 0 && columns->code_states[i][row] == CELL_UNKNOWN) {
            return false;
        }
    }
    return true;
}

static size_t
list_known(const struct columns *columns, unsigned mask, uint32_t *rows)
{
    size_t count = 0;

    for (size_t row = 0; row < columns->row_count; row++) {
        if (key_known(columns, mask, row)) {
            rows[count] = (uint32_t)row;
            count++;
        }
    }
    return count;
}

/* A position that stands again, with the ordinal of the one that it repeats. */
static enum err
tell_repeated(struct inspection *inspection, const struct charge *charge, size_t row,
              size_t first_row, struct fault *fault)
{
    struct cell_place place = {.row = row};
    struct finding    finding = {0};

    finding.found = str_format(inspection->scratch, "pozycja nr %zu", row + 1);
    finding.expected = STR("jedna pozycja z tą klasyfikacją");
    finding.subject = str_format(inspection->scratch, "%zu", first_row + 1);
    if (finding.found.data == NULL || finding.subject.data == NULL
        || !inspection_point(inspection, &place, &finding)) {
        return FAIL(fault, ERR_MEMORY, "repeated position");
    }
    return inspection_list(inspection, charge, &finding, fault);
}

/* Tell the first `listed` positions that repeat another. */
static enum err
tell_all_repeated(struct inspection *inspection, const struct charge *charge,
                  const struct alike_question *question, const uint32_t *first, size_t listed,
                  struct fault *fault)
{
    for (size_t i = 0; listed > 0 && i < question->row_count; i++) {
        if (first[i] == i) {
            continue;
        }
        TRY(tell_repeated(inspection, charge, question->rows[i], question->rows[first[i]], fault));
        listed--;
    }
    return ERR_OK;
}

static enum err
check_unique(struct inspection *inspection, const struct charge *charge, struct fault *fault)
{
    const struct columns *columns = &inspection->report->columns;
    struct alike_question question = {.columns = columns, .mask = key_mask(inspection->form)};
    uint32_t             *rows = ARENA_NEW(inspection->scratch, uint32_t, columns->row_count + 1);
    uint32_t             *first = ARENA_NEW(inspection->scratch, uint32_t, columns->row_count + 1);
    size_t                repeated = 0;
    size_t                listed = 0;

    if (rows == NULL || first == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu positions", columns->row_count);
    }
    question.rows = rows;
    question.row_count = list_known(columns, question.mask, rows);
    if (!alike_first(inspection->scratch, &question, first)) {
        return FAIL(fault, ERR_MEMORY, "%zu positions", columns->row_count);
    }
    for (size_t i = 0; i < question.row_count; i++) {
        repeated += first[i] == i ? 0 : 1;
    }
    TRY(inspection_count(inspection, charge, repeated, &listed, fault));
    return tell_all_repeated(inspection, charge, &question, first, listed, fault);
}

static bool
is_strange_line(const struct inspection *inspection, size_t row)
{
    const struct columns *columns = &inspection->report->columns;
    size_t                code = inspection->form->line_code;

    return columns->code_states[code][row] == CELL_PRESENT
           && form_line_index(inspection->form, columns_code(columns, code, row)) < 0;
}

static enum err
tell_strange_line(struct inspection *inspection, const struct charge *charge, size_t row,
                  struct fault *fault)
{
    size_t            code = inspection->form->line_code;
    struct cell_place place = {.row = row, .column = inspection->form->codes[code].name};
    struct finding    finding = {.found = columns_code(&inspection->report->columns, code, row)};

    if (!inspection_point(inspection, &place, &finding)) {
        return FAIL(fault, ERR_MEMORY, "line of a report");
    }
    return inspection_list(inspection, charge, &finding, fault);
}

static enum err
check_known_lines(struct inspection *inspection, const struct charge *charge, struct fault *fault)
{
    size_t row_count = inspection->report->columns.row_count;
    size_t strange = 0;
    size_t listed = 0;

    for (size_t row = 0; row < row_count; row++) {
        strange += is_strange_line(inspection, row) ? 1 : 0;
    }
    TRY(inspection_count(inspection, charge, strange, &listed, fault));
    for (size_t row = 0; listed > 0 && row < row_count; row++) {
        if (is_strange_line(inspection, row)) {
            TRY(tell_strange_line(inspection, charge, row, fault));
            listed--;
        }
    }
    return ERR_OK;
}

/* Whether an amount is not zero, or cannot be read and may be so. */
static bool
has_amounts(const struct columns *columns)
{
    for (size_t slot = 0; slot < columns->amount_count; slot++) {
        for (size_t row = 0; row < columns->row_count; row++) {
            if (columns->amounts[slot][row] != 0
                || columns->amount_states[slot][row] == CELL_UNKNOWN) {
                return true;
            }
        }
    }
    return false;
}

/* One finding of the report, at an element of it. */
static enum err
tell_once(struct inspection *inspection, const struct charge *charge, struct finding *finding,
          struct str path, struct fault *fault)
{
    size_t listed = 0;

    TRY(inspection_count(inspection, charge, 1, &listed, fault));
    if (listed == 0) {
        return ERR_OK;
    }
    finding->xpath = package_report_xpath(inspection->scratch, inspection->report, path);
    if (finding->xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "place of a finding");
    }
    return inspection_list(inspection, charge, finding, fault);
}

static enum err
check_not_empty(struct inspection *inspection, const struct charge *charge, struct fault *fault)
{
    const struct report *report = inspection->report;
    bool                 stands = report->rows_start > report->start;
    struct finding       finding = {.offset = stands ? report->rows_start : report->start,
                                    .cell = STR("pozycje sprawozdania")};

    return has_amounts(&report->columns)
               ? ERR_OK
               : tell_once(inspection, charge, &finding, stands ? STR("/Pozycje") : (struct str){0},
                           fault);
}

/* "kwartał 1, 2": the periods of the form, as a person reads them. */
static struct str
write_form_periods(const struct inspection *inspection)
{
    const struct form *form = inspection->form;
    struct buf         text = buf_create(inspection->scratch, PERIODS_TEXT_MAX);

    for (size_t i = 0; i < form->period_count; i++) {
        const struct period_type *type =
            catalogue_period_type(inspection->request->catalogue, form->periods[i].type);
        const char *separator = " ";
        buf_format(&text, "%s%.*s", i == 0 ? "" : "; ",
                   STR_ARG(type == NULL ? form->periods[i].type : type->title));
        for (int number = 1; number <= FORM_PERIOD_NUMBER_MAX; number++) {
            if ((form->periods[i].numbers & 1 << number) != 0) {
                buf_format(&text, "%s%d", separator, number);
                separator = ", ";
            }
        }
    }
    return buf_str(&text);
}

static enum err
check_form_period(struct inspection *inspection, const struct charge *charge, struct fault *fault)
{
    const struct form   *form = inspection->form;
    const struct period *period = &inspection->period;
    struct finding       finding = {.offset = inspection->report->period.offset,
                                    .cell = STR("okres sprawozdania"),
                                    .found = str_format(inspection->scratch, "%.*s %d",
                                                        STR_ARG(period->type->title), period->number),
                                    .expected = write_form_periods(inspection)};

    for (size_t i = 0; i < form->period_count; i++) {
        if (str_equal(form->periods[i].type, period->type->name)
            && (form->periods[i].numbers & 1 << period->number) != 0) {
            return ERR_OK;
        }
    }
    return tell_once(inspection, charge, &finding, STR("/Okres"), fault);
}

static enum err
check_form_level(struct inspection *inspection, const struct charge *charge, struct fault *fault)
{
    const struct form *form = inspection->form;
    struct str         level = inspection->circumstances.level;
    struct buf         levels = buf_create(inspection->scratch, LEVELS_TEXT_MAX);
    struct finding     finding = {.offset = inspection->report->identity.fields[UNIT_TYPE].offset,
                                  .cell = STR("Typ jednostki"),
                                  .found = level};

    /* A level that nobody knows is told of the report as such. */
    if (level.size == 0 || form_has_level(form, level)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < form->level_count; i++) {
        buf_format(&levels, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(form->levels[i]));
    }
    finding.expected = buf_str(&levels);
    return tell_once(inspection, charge, &finding, STR("/Jednostka/Typ"), fault);
}

/* Told at DataSprawozdania: what stands there, and the day that it is held against. */
static enum err
tell_date(struct inspection *inspection, const struct charge *charge, struct date found,
          struct date bound, struct fault *fault)
{
    struct finding finding = {.offset = inspection->report->header.date.offset,
                              .cell = STR("nagłówek, data sprawozdania"),
                              .found = rules_date(inspection->scratch, found),
                              .expected = rules_date(inspection->scratch, bound)};

    return tell_once(inspection, charge, &finding, STR("/Naglowek/DataSprawozdania"), fault);
}

static enum err
check_date_before_period_end(struct inspection *inspection, const struct charge *charge,
                             struct fault *fault)
{
    struct date date = {0};
    struct date end = inspection->period.end;

    if (!date_parse(package_trim(&inspection->report->header.date), &date)
        || date_compare(date, end) >= 0) {
        return ERR_OK; /* a date that cannot be read is the schema's business */
    }
    return tell_date(inspection, charge, date, end, fault);
}

static enum err
check_date_after_arrival(struct inspection *inspection, const struct charge *charge,
                         struct fault *fault)
{
    struct date date = {0};
    struct date arrival = moment_warsaw_date(inspection->request->at);

    if (!date_parse(package_trim(&inspection->report->header.date), &date)
        || date_compare(date, arrival) <= 0) {
        return ERR_OK;
    }
    return tell_date(inspection, charge, date, arrival, fault);
}

static const struct {
    const char *name;
    enum err (*run)(struct inspection *, const struct charge *, struct fault *);
} checks[STRUCTURE_COUNT] = {
    [STRUCTURE_UNIQUE_POSITIONS] = {"unique-positions",       check_unique                },
    [STRUCTURE_KNOWN_LINES] = {"known-lines",            check_known_lines           },
    [STRUCTURE_NOT_EMPTY] = {"not-empty",              check_not_empty             },
    [STRUCTURE_FORM_PERIOD] = {"form-period",            check_form_period           },
    [STRUCTURE_FORM_LEVEL] = {"form-level",             check_form_level            },
    [STRUCTURE_DATE_BEFORE_PERIOD_END] = {"date-before-period-end", check_date_before_period_end},
    [STRUCTURE_DATE_AFTER_ARRIVAL] = {"date-after-arrival",     check_date_after_arrival    },
};

enum structure_check
structure_find(struct str name)
{
    size_t i = 0;

    while (i < STRUCTURE_COUNT && !str_equal(name, str_of(checks[i].name))) {
        i++;
    }
    return (enum structure_check)i;
}

bool
structure_fits(enum structure_check check, const struct form *form)
{
    return (check != STRUCTURE_KNOWN_LINES || form->line_count > 0)
           && (check != STRUCTURE_FORM_PERIOD || form->period_count > 0)
           && (check != STRUCTURE_FORM_LEVEL || form->level_count > 0);
}

enum err
structure_run(struct inspection *inspection, enum structure_check check,
              const struct charge *charge, struct fault *fault)
{
    ENSURE(check < STRUCTURE_COUNT);
    return checks[check].run(inspection, charge, fault);
}
