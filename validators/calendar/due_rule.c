#include "validators/calendar/due_rule.h"

enum { DAY_OF_MONTH_MAX = 28, MONTHS = 12 };

/* A number from 1 to max, written without leading zeros. */
static bool
read_count(struct str text, int max, int *out)
{
    int64_t number = 0;

    if (text.size == 0 || text.data[0] == '0' || !str_to_number(text, &number) || number < 1
        || number > max) {
        return false;
    }
    *out = (int)number;
    return true;
}

/* "20.02": two digits each, a day that every year has. */
static bool
read_day_of_year(struct str text, struct due_rule *out)
{
    int64_t day = 0;
    int64_t month = 0;

    if (text.size != 5 || text.data[2] != '.' || !str_to_number(str_slice(text, 0, 2), &day)
        || !str_to_number(str_slice(text, 3, 2), &month)) {
        return false;
    }
    struct date date = {2001, (int)month, (int)day}; /* not a leap year */
    if (!date_valid(date)) {
        return false;
    }
    *out = (struct due_rule){DUE_RULE_DAY_OF_YEAR, (int)day, (int)month};
    return true;
}

bool
due_rule_read(struct str text, struct due_rule *out)
{
    struct due_rule rule = {0};

    if (str_equal(text, STR("open"))) {
        rule.kind = DUE_RULE_OPEN;
    } else if (str_equal(text, STR("due"))) {
        rule.kind = DUE_RULE_SAME;
    } else if (str_starts_with(text, STR("d+"))
               && read_count(str_slice(text, 2, text.size), DUE_RULE_DAYS_MAX, &rule.count)) {
        rule.kind = DUE_RULE_DAYS;
    } else if (str_starts_with(text, STR("m+"))
               && read_count(str_slice(text, 2, text.size), DUE_RULE_MONTHS_MAX, &rule.count)) {
        rule.kind = DUE_RULE_MONTHS;
    } else if (read_count(text, DAY_OF_MONTH_MAX, &rule.count)) {
        rule.kind = DUE_RULE_DAY_OF_MONTH;
    } else if (!read_day_of_year(text, &rule)) {
        return false;
    }
    *out = rule;
    return true;
}

/* The last day of the month that lies count months after that of date. */
static struct date
month_end_after(struct date date, int count)
{
    int months = date.month - 1 + count;

    return date_month_end(date.year + months / MONTHS, months % MONTHS + 1);
}

struct date
due_rule_apply(const struct due_rule *rule, struct date period_end, struct date due)
{
    struct date day = {0};

    switch (rule->kind) {
    case DUE_RULE_OPEN:
        break;
    case DUE_RULE_SAME:
        day = due;
        break;
    case DUE_RULE_DAYS:
        day = date_of_days(date_days(period_end) + rule->count);
        break;
    case DUE_RULE_DAY_OF_MONTH:
        day = month_end_after(period_end, 1);
        day.day = rule->count;
        break;
    case DUE_RULE_DAY_OF_YEAR:
        day = (struct date){period_end.year + 1, rule->month, rule->count};
        break;
    case DUE_RULE_MONTHS:
        day = month_end_after(period_end, rule->count);
        break;
    }
    return day;
}
