#include "validators/relation/timespan.h"

#include "validators/base/moment.h"

#include <string.h>

/*
 * The ordinal of a period counts those of its frequency since the year 0 (years, semesters,
 * quarters, months) or since Monday, 1 January of the year 1 (weeks, days; proleptic Gregorian).
 */
enum { ORDINAL_BITS = 32, DAYS_PER_WEEK = 7, WEEKS_MIN = 52, DAYS_MIN = 365, THURSDAY = 3 };

static const struct {
    char letter;
    int  per_year; /* 0: it differs */
    int  digits;   /* as written */
} frequencies[TIMESPAN_FREQUENCIES] = {
    [TIMESPAN_YEAR] = {'A', 1,  0},
      [TIMESPAN_SEMESTER] = {'S', 2,  1},
    [TIMESPAN_QUARTER] = {'Q', 4,  1},
      [TIMESPAN_MONTH] = {'M', 12, 2},
    [TIMESPAN_WEEK] = {'W', 0,  2},
      [TIMESPAN_DAY] = {'D', 0,  3},
};

static int64_t
days_of(struct date date)
{
    return date_days(date) - date_days((struct date){1, 1, 1});
}

static struct date
date_of(int64_t days)
{
    return date_of_days(days + date_days((struct date){1, 1, 1}));
}

/* Weeks since the first before the one of 4 January, which is week 1 of its year. */
static int64_t
weeks_before(int year)
{
    return days_of((struct date){year, 1, 4}) / DAYS_PER_WEEK;
}

static int
numbers_in(enum timespan_frequency frequency, int year)
{
    if (frequencies[frequency].per_year > 0) {
        return frequencies[frequency].per_year;
    }
    if (frequency == TIMESPAN_WEEK) {
        return (int)(weeks_before(year + 1) - weeks_before(year));
    }
    return (int)(days_of((struct date){year + 1, 1, 1}) - days_of((struct date){year, 1, 1}));
}

bool
timespan_valid(struct timespan timespan)
{
    return (unsigned)timespan.frequency < TIMESPAN_FREQUENCIES && timespan.year >= TIMESPAN_YEAR_MIN
           && timespan.year <= TIMESPAN_YEAR_MAX && timespan.number >= 1
           && timespan.number <= numbers_in(timespan.frequency, timespan.year);
}

/* The ordinal of the first period of a year. */
static int64_t
ordinal_of_year(enum timespan_frequency frequency, int year)
{
    if (frequencies[frequency].per_year > 0) {
        return (int64_t)year * frequencies[frequency].per_year;
    }
    return frequency == TIMESPAN_WEEK ? weeks_before(year) : days_of((struct date){year, 1, 1});
}

int64_t
timespan_encode(struct timespan timespan)
{
    ENSURE(timespan_valid(timespan));
    int64_t ordinal = ordinal_of_year(timespan.frequency, timespan.year) + timespan.number - 1;

    /* 1 more, so that no period is 0, the value of a cell without one. */
    return ((int64_t)timespan.frequency + 1) * ((int64_t)1 << ORDINAL_BITS) + ordinal;
}

bool
timespan_known(int64_t value)
{
    int64_t frequency = (value >> ORDINAL_BITS) - 1;
    int64_t ordinal = value & (((int64_t)1 << ORDINAL_BITS) - 1);

    if (frequency < 0 || frequency >= TIMESPAN_FREQUENCIES) {
        return false;
    }
    return ordinal >= ordinal_of_year((enum timespan_frequency)frequency, TIMESPAN_YEAR_MIN)
           && ordinal < ordinal_of_year((enum timespan_frequency)frequency, TIMESPAN_YEAR_MAX + 1);
}

/* The year of a week is that of its Thursday. */
static int
year_of(enum timespan_frequency frequency, int64_t ordinal)
{
    if (frequencies[frequency].per_year > 0) {
        return (int)(ordinal / frequencies[frequency].per_year);
    }
    return date_of(frequency == TIMESPAN_WEEK ? ordinal * DAYS_PER_WEEK + THURSDAY : ordinal).year;
}

struct timespan
timespan_decode(int64_t value)
{
    ENSURE(timespan_known(value));
    enum timespan_frequency frequency = (enum timespan_frequency)((value >> ORDINAL_BITS) - 1);
    int64_t                 ordinal = value & (((int64_t)1 << ORDINAL_BITS) - 1);
    int                     year = year_of(frequency, ordinal);

    return (struct timespan){frequency, year,
                             (int)(ordinal - ordinal_of_year(frequency, year)) + 1};
}

/* The first day of the period with this ordinal. */
static int64_t
first_day(enum timespan_frequency frequency, int64_t ordinal)
{
    enum { MONTHS = 12 };

    if (frequency == TIMESPAN_WEEK || frequency == TIMESPAN_DAY) {
        return frequency == TIMESPAN_WEEK ? ordinal * DAYS_PER_WEEK : ordinal;
    }
    int64_t month = ordinal * (MONTHS / frequencies[frequency].per_year);
    return days_of((struct date){(int)(month / MONTHS), (int)(month % MONTHS) + 1, 1});
}

/* From the first day up to the day behind the last. */
struct days {
    int64_t first;
    int64_t end;
};

static struct days
days_in(int64_t value)
{
    enum timespan_frequency frequency = (enum timespan_frequency)((value >> ORDINAL_BITS) - 1);
    int64_t                 ordinal = value & (((int64_t)1 << ORDINAL_BITS) - 1);

    return (struct days){first_day(frequency, ordinal), first_day(frequency, ordinal + 1)};
}

static int
sign_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

bool
timespan_compare(int64_t a, int64_t b, int *out)
{
    if (a >> ORDINAL_BITS == b >> ORDINAL_BITS) {
        *out = sign_of(a, b);
        return true;
    }
    struct days first = days_in(a);
    struct days second = days_in(b);
    if (first.end > second.first && second.end > first.first) {
        return false;
    }
    *out = sign_of(first.first, second.first);
    return true;
}

int
timespan_order(int64_t a, int64_t b)
{
    if (a >> ORDINAL_BITS == b >> ORDINAL_BITS) {
        return sign_of(a, b);
    }
    struct days first = days_in(a);
    struct days second = days_in(b);
    int         order = sign_of(first.first, second.first);

    if (order == 0) {
        order = sign_of(first.end, second.end);
    }
    return order == 0 ? sign_of(a, b) : order;
}

bool
timespan_shift(int64_t value, int64_t n, int64_t *out)
{
    int64_t shifted = 0;

    if (__builtin_add_overflow(value, n, &shifted) || !timespan_known(shifted)
        || shifted >> ORDINAL_BITS != value >> ORDINAL_BITS) {
        return false;
    }
    *out = shifted;
    return true;
}

static bool
take_number(struct str *rest, size_t digits_min, size_t digits_max, int *out)
{
    size_t size = 0;
    int    number = 0;

    while (size < rest->size && size < digits_max && rest->data[size] >= '0'
           && rest->data[size] <= '9') {
        number = number * 10 + (rest->data[size] - '0');
        size++;
    }
    if (size < digits_min) {
        return false;
    }
    *rest = str_slice(*rest, size, rest->size);
    *out = number;
    return true;
}

static bool
take(struct str *rest, char byte)
{
    if (rest->size == 0 || rest->data[0] != byte) {
        return false;
    }
    *rest = str_slice(*rest, 1, rest->size);
    return true;
}

/* The letter and the number after the year; of years both may be missing, or the number. */
static bool
take_period(struct str *rest, struct timespan *timespan)
{
    for (int i = 0; i < TIMESPAN_FREQUENCIES; i++) {
        if (take(rest, frequencies[i].letter)) {
            timespan->frequency = (enum timespan_frequency)i;
            return take_number(rest, 1, 3, &timespan->number)
                   || (i == TIMESPAN_YEAR && rest->size == 0);
        }
    }
    return false;
}

/* "01" or "01-31" after the year and a hyphen. */
static bool
take_calendar(struct str *rest, struct timespan *timespan)
{
    struct date date = {.year = timespan->year, .day = 1};

    if (!take_number(rest, 2, 2, &date.month)) {
        return false;
    }
    timespan->frequency = TIMESPAN_MONTH;
    timespan->number = date.month;
    if (!take(rest, '-')) {
        return true;
    }
    if (!take_number(rest, 2, 2, &date.day) || date.month < 1 || date.month > 12 || date.day < 1
        || date.day > date_month_end(date.year, date.month).day) {
        return false;
    }
    timespan->frequency = TIMESPAN_DAY;
    timespan->number = (int)(days_of(date) - days_of((struct date){date.year, 1, 1})) + 1;
    return true;
}

bool
timespan_parse(struct str text, int64_t *out)
{
    struct timespan timespan = {.frequency = TIMESPAN_YEAR, .number = 1};

    if (!take_number(&text, 4, 4, &timespan.year)) {
        return false;
    }
    bool hyphen = take(&text, '-');
    bool digit = text.size > 0 && text.data[0] >= '0' && text.data[0] <= '9';
    bool read = hyphen && digit           ? take_calendar(&text, &timespan)
                : text.size > 0 || hyphen ? take_period(&text, &timespan)
                                          : true;
    if (!read || text.size > 0 || !timespan_valid(timespan)) {
        return false;
    }
    *out = timespan_encode(timespan);
    return true;
}

void
timespan_write(struct buf *out, int64_t value)
{
    struct timespan timespan = timespan_decode(value);
    int             digits = frequencies[timespan.frequency].digits;

    buf_format(out, "%04d%c", timespan.year, frequencies[timespan.frequency].letter);
    if (digits > 0) {
        buf_format(out, "%0*d", digits, timespan.number);
    }
}

enum err
timespan_timeshift(struct arena *arena, const struct relation *in, size_t component, int64_t n,
                   struct relation *out, struct fault *fault)
{
    if (component >= in->component_count
        || in->components[component].type != RELATION_TIME_PERIOD) {
        return FAIL(fault, ERR_USAGE, "component %zu is not a time_period", component);
    }
    const struct relation_column *column = &in->columns[component];
    struct relation_column *columns = ARENA_NEW(arena, struct relation_column, in->component_count);
    int64_t                *values = ARENA_NEW(arena, int64_t, in->row_count);
    if (columns == NULL || values == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu periods", in->row_count);
    }
    for (size_t row = 0; row < in->row_count; row++) {
        if (relation_state(in, component, row) == RELATION_PRESENT
            && !timespan_shift(column->values[row], n, &values[row])) {
            return FAIL(fault, ERR_LIMIT, "row %zu: its period, moved by %lld, leaves the years",
                        row, (long long)n);
        }
    }
    memcpy(columns, in->columns, in->component_count * sizeof *columns);
    columns[component].values = values;
    *out = *in;
    out->columns = columns;
    return ERR_OK;
}
