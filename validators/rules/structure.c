#include "validators/rules/structure.h"

#include "validators/rules/alike.h"

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

/* Told at DataSprawozdania: what stands there, and the day that it is held against. */
static enum err
tell_date(struct inspection *inspection, const struct charge *charge, struct date found,
          struct date bound, struct fault *fault)
{
    struct finding finding = {.offset = inspection->report->header.date.offset,
                              .cell = STR("nagłówek, data sprawozdania")};
    size_t         listed = 0;

    TRY(inspection_count(inspection, charge, 1, &listed, fault));
    if (listed == 0) {
        return ERR_OK;
    }
    finding.found = rules_date(inspection->scratch, found);
    finding.expected = rules_date(inspection->scratch, bound);
    finding.xpath = package_report_xpath(inspection->scratch, inspection->report,
                                         STR("/Naglowek/DataSprawozdania"));
    if (finding.xpath.data == NULL || finding.expected.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "date of a report");
    }
    return inspection_list(inspection, charge, &finding, fault);
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

enum err
structure_run(struct inspection *inspection, enum structure_check check,
              const struct charge *charge, struct fault *fault)
{
    ENSURE(check < STRUCTURE_COUNT);
    return checks[check].run(inspection, charge, fault);
}
