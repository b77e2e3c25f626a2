#include "validators/base/moment.h"

enum {
    MINUTE = 60,
    HOUR = 3600,
    DAY = 86400,
    DAYS_PER_WEEK = 7,
    EPOCH_WEEKDAY = 4, /* 1970-01-01 was a Thursday; Sunday is 0 */
    WINTER = HOUR,
    SUMMER = 2 * HOUR,
};

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool
date_valid(struct date date)
{
    return date.year >= MOMENT_YEAR_MIN && date.year <= MOMENT_YEAR_MAX && date.month >= 1
           && date.month <= 12 && date.day >= 1 && date.day <= month_days(date.year, date.month);
}

/* Days from the civil date by counting in 400-year eras that begin on 1 March. */
int64_t
date_days(struct date date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

struct date
date_of_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    int     month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);

    return (struct date){.year = (int)(year_of_era + era * 400) + (month <= 2 ? 1 : 0),
                         .month = month,
                         .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1)};
}

struct date
date_month_end(int year, int month)
{
    ENSURE(month >= 1 && month <= 12);
    return (struct date){year, month, month_days(year, month)};
}

int
date_compare(struct date a, struct date b)
{
    int64_t days_a = date_days(a);
    int64_t days_b = date_days(b);

    return (days_a > days_b) - (days_a < days_b);
}

/* Whole days from the epoch to the one of this moment: rounded down, before the epoch too. */
static int64_t
days_before(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY : (seconds - DAY + 1) / DAY;
}

/* The moment when the clocks change in the given month: its last Sunday, 01:00 UTC. */
static moment
clock_change(int year, int month)
{
    int64_t last = date_days(date_month_end(year, month));
    int64_t weekday = (last + EPOCH_WEEKDAY) % DAYS_PER_WEEK;

    return (last - weekday) * DAY + HOUR;
}

int
moment_warsaw_offset(moment at)
{
    int year = date_of_days(days_before(at)).year;

    return at >= clock_change(year, 3) && at < clock_change(year, 10) ? SUMMER : WINTER;
}

struct date
moment_warsaw_date(moment at)
{
    moment local = at + moment_warsaw_offset(at);

    return date_of_days(days_before(local));
}

/* A number of exactly count digits at *at; moves on. */
static bool
take_digits(struct str text, size_t *at, size_t count, int *out)
{
    struct str digits = str_slice(text, *at, count);
    int64_t    number = 0;

    if (digits.size != count || !str_to_number(digits, &number)) {
        return false;
    }
    *at += count;
    *out = (int)number;
    return true;
}

static bool
take_byte(struct str text, size_t *at, char byte)
{
    if (*at >= text.size || text.data[*at] != byte) {
        return false;
    }
    (*at)++;
    return true;
}

static bool
take_date(struct str text, size_t *at, struct date *out)
{
    struct date date = {0};

    if (!take_digits(text, at, 4, &date.year) || !take_byte(text, at, '-')
        || !take_digits(text, at, 2, &date.month) || !take_byte(text, at, '-')
        || !take_digits(text, at, 2, &date.day) || !date_valid(date)) {
        return false;
    }
    *out = date;
    return true;
}

bool
date_parse(struct str text, struct date *out)
{
    size_t      at = 0;
    struct date date = {0};

    if (!take_date(text, &at, &date) || at != text.size) {
        return false;
    }
    *out = date;
    return true;
}

/* hh:mm:ss[.digits] */
static bool
take_time(struct str text, size_t *at, int64_t *seconds)
{
    int hour = 0;
    int minute = 0;
    int second = 0;

    if (!take_digits(text, at, 2, &hour) || !take_byte(text, at, ':')
        || !take_digits(text, at, 2, &minute) || !take_byte(text, at, ':')
        || !take_digits(text, at, 2, &second) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    if (take_byte(text, at, '.')) {
        size_t begin = *at;
        while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') {
            (*at)++;
        }
        if (*at == begin) {
            return false;
        }
    }
    *seconds = (int64_t)hour * HOUR + (int64_t)minute * MINUTE + second;
    return true;
}

enum zone { ZONE_NONE, ZONE_GIVEN, ZONE_BAD };

/* What stands behind the time: nothing, "Z" or +hh:mm up to 14:00. */
static enum zone
take_zone(struct str text, size_t at, int64_t *offset)
{
    int hours = 0;
    int minutes = 0;

    if (at == text.size) {
        return ZONE_NONE;
    }
    char sign = text.data[at++];
    if (sign == 'Z') {
        *offset = 0;
        return at == text.size ? ZONE_GIVEN : ZONE_BAD;
    }
    if ((sign != '+' && sign != '-') || !take_digits(text, &at, 2, &hours)
        || !take_byte(text, &at, ':') || !take_digits(text, &at, 2, &minutes) || at != text.size
        || hours > 14 || minutes > 59 || (hours == 14 && minutes > 0)) {
        return ZONE_BAD;
    }
    *offset = (int64_t)hours * HOUR + (int64_t)minutes * MINUTE;
    *offset = sign == '-' ? -*offset : *offset;
    return ZONE_GIVEN;
}

/* Local Warsaw seconds to a moment: summer time is tried first, so the earlier moment wins. */
static moment
from_warsaw(int64_t local)
{
    return moment_warsaw_offset(local - SUMMER) == SUMMER ? local - SUMMER : local - WINTER;
}

static enum zone
read_moment(struct str text, moment *out)
{
    size_t      at = 0;
    struct date date = {0};
    int64_t     seconds = 0;
    int64_t     offset = 0;

    if (!take_date(text, &at, &date) || !take_byte(text, &at, 'T')
        || !take_time(text, &at, &seconds)) {
        return ZONE_BAD;
    }
    enum zone zone = take_zone(text, at, &offset);
    int64_t   local = date_days(date) * DAY + seconds;
    if (zone == ZONE_GIVEN) {
        *out = local - offset;
    } else if (zone == ZONE_NONE) {
        *out = from_warsaw(local);
    }
    return zone;
}

bool
moment_parse(struct str text, moment *out)
{
    moment read = 0;

    if (read_moment(text, &read) != ZONE_GIVEN) {
        return false;
    }
    *out = read;
    return true;
}

bool
moment_parse_local(struct str text, moment *out)
{
    moment read = 0;

    if (read_moment(text, &read) == ZONE_BAD) {
        return false;
    }
    *out = read;
    return true;
}

bool
moment_parse_when(struct str text, moment *out)
{
    struct date date = {0};

    if (date_parse(text, &date)) {
        *out = from_warsaw(date_days(date) * DAY + DAY - 1);
        return true;
    }
    return moment_parse(text, out);
}

static void
write_clock(struct buf *out, int64_t local)
{
    int64_t in_day = local - days_before(local) * DAY;

    buf_format(out, "%02d:%02d:%02d", (int)(in_day / HOUR), (int)(in_day % HOUR / MINUTE),
               (int)(in_day % MINUTE));
}

static void
write_local(struct buf *out, int64_t local)
{
    date_write(out, date_of_days(days_before(local)));
    buf_byte(out, 'T');
    write_clock(out, local);
}

void
moment_write(struct buf *out, moment at)
{
    int offset = moment_warsaw_offset(at);

    write_local(out, at + offset);
    buf_format(out, "+%02d:00", offset / HOUR);
}

void
moment_write_utc(struct buf *out, moment at)
{
    write_local(out, at);
    buf_byte(out, 'Z');
}

void
moment_write_polish(struct buf *out, moment at)
{
    date_write_polish(out, moment_warsaw_date(at));
    buf_append(out, STR(", "));
    write_clock(out, at + moment_warsaw_offset(at));
}

/* The last `count` digits of number. */
static void
put_digits(char *at, int64_t number, size_t count)
{
    for (size_t i = count; i > 0; i--) {
        at[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Seconds and milliseconds of an instant. Cut off downwards: nobody is told a later time. */
static moment
split_instant(instant at, int64_t *milliseconds)
{
    int64_t in_second = ((at % INSTANT_PER_SECOND) + INSTANT_PER_SECOND) % INSTANT_PER_SECOND;

    *milliseconds = in_second / (INSTANT_PER_SECOND / 1000);
    return (at - in_second) / INSTANT_PER_SECOND;
}

/* By hand: a receipt has a dozen of them, and formatting would cost as much as signing it. */
static void
write_instant_text(struct buf *out, int64_t local, int64_t milliseconds)
{
    char        text[] = "0000-00-00T00:00:00.000";
    int64_t     days = days_before(local);
    int64_t     in_day = local - days * DAY;
    struct date date = date_of_days(days);

    put_digits(text, date.year, 4);
    put_digits(text + 5, date.month, 2);
    put_digits(text + 8, date.day, 2);
    put_digits(text + 11, in_day / HOUR, 2);
    put_digits(text + 14, in_day % HOUR / MINUTE, 2);
    put_digits(text + 17, in_day % MINUTE, 2);
    put_digits(text + 20, milliseconds, 3);
    buf_append(out, (struct str){text, sizeof text - 1});
}

void
instant_write(struct buf *out, instant at)
{
    int64_t milliseconds = 0;
    moment  second = split_instant(at, &milliseconds);
    int     offset = moment_warsaw_offset(second);

    write_instant_text(out, second + offset, milliseconds);
    buf_append(out, offset == SUMMER ? STR("+02:00") : STR("+01:00"));
}

void
instant_write_utc(struct buf *out, instant at)
{
    int64_t milliseconds = 0;
    moment  second = split_instant(at, &milliseconds);

    write_instant_text(out, second, milliseconds);
    buf_byte(out, 'Z');
}

void
date_write(struct buf *out, struct date date)
{
    buf_format(out, "%04d-%02d-%02d", date.year, date.month, date.day);
}

void
date_write_polish(struct buf *out, struct date date)
{
    static const char *const months[] = {"stycznia", "lutego",       "marca",     "kwietnia",
                                         "maja",     "czerwca",      "lipca",     "sierpnia",
                                         "września", "października", "listopada", "grudnia"};

    ENSURE(date.month >= 1 && date.month <= 12);
    buf_format(out, "%d %s %d r.", date.day, months[date.month - 1], date.year);
}
