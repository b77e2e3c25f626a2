#ifndef VALIDATORS_CALENDAR_DUE_RULE_H
#define VALIDATORS_CALENDAR_DUE_RULE_H

#include "validators/base/moment.h"

/*
 * How a day follows from a period, as calendar.xml writes it. Knows no days off.
 *
 *     d+10    the 10th day after the period's last day                 (DUE_RULE_DAYS_MAX at most)
 *     22      the 22nd of the month after it                           (1 .. 28)
 *     20.02   20 February of the year after it                         (never 29.02)
 *     m+6     the last day of the 6th month after it                   (DUE_RULE_MONTHS_MAX at
 * most) due     the day on which the report itself is due                (corrections only) open no
 * day is stated                                         (corrections only)
 */
enum { DUE_RULE_DAYS_MAX = 366, DUE_RULE_MONTHS_MAX = 60 };

enum due_rule_kind {
    DUE_RULE_OPEN = 0,
    DUE_RULE_SAME, /* "due" */
    DUE_RULE_DAYS,
    DUE_RULE_DAY_OF_MONTH,
    DUE_RULE_DAY_OF_YEAR,
    DUE_RULE_MONTHS,
};

struct due_rule {
    enum due_rule_kind kind;
    int                count; /* days, months, or the day */
    int                month; /* of DUE_RULE_DAY_OF_YEAR */
};

/* Exactly one of the forms above; false otherwise, *out untouched. */
MUST_USE bool due_rule_read(struct str text, struct due_rule *out);

/*
 * The day for a period that ends on period_end (a last day of a month); due is what DUE_RULE_SAME
 * gives. Year 0 for DUE_RULE_OPEN.
 */
struct date due_rule_apply(const struct due_rule *rule, struct date period_end, struct date due);

#endif
