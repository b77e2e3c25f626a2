#include "validators/calendar/calendar.h"

#include "validators/calendar/term.h"
#include "validators/calendar/workday.h"

static bool
shift_moves(const struct calendar_shift *shift, const struct calendar_entry *entry, int year,
            int number)
{
    return shift->period_type == entry->period_type && shift->year == year
           && (shift->numbers & 1U << number) != 0 && str_has_word(shift->forms, entry->form)
           && (shift->levels.size == 0 || str_has_word(shift->levels, entry->level));
}

const struct calendar_shift *
calendar_term_shift(const struct calendar *calendar, const struct calendar_entry *entry, int year,
                    int number)
{
    for (size_t i = 0; i < calendar->shift_count; i++) {
        if (shift_moves(&calendar->shifts[i], entry, year, number)) {
            return &calendar->shifts[i];
        }
    }
    return NULL;
}

static bool
holds(const struct calendar_entry *entry, struct date end)
{
    return (entry->from.year == 0 || date_compare(entry->from, end) <= 0)
           && (entry->to.year == 0 || date_compare(end, entry->to) <= 0);
}

static struct date
shifted(const struct calendar_shift *shift, struct date day)
{
    return shift->days == 0 ? shift->on : date_of_days(date_days(day) + shift->days);
}

bool
calendar_term_of(const struct calendar *calendar, const struct calendar_entry *entry, int year,
                 int number, struct calendar_term *out)
{
    struct calendar_term term = {.entry = entry, .year = year, .number = number};

    if (number < 1 || number > entry->period_type->count || (entry->numbers & 1U << number) == 0) {
        return false;
    }
    term.period_end = date_month_end(year, number * entry->period_type->months);
    if (!holds(entry, term.period_end)) {
        return false;
    }
    term.nominal = due_rule_apply(&entry->due, term.period_end, term.period_end);
    term.shift = calendar_term_shift(calendar, entry, year, number);
    term.model = entry->model;
    term.basis = entry->basis;
    if (term.shift != NULL) {
        term.nominal = shifted(term.shift, term.nominal);
        term.model = entry->model || term.shift->model;
        term.basis = term.shift->basis;
    }
    term.due = workday_next(term.nominal);
    struct date until = due_rule_apply(&entry->correction, term.period_end, term.due);
    if (until.year != 0) {
        until = workday_next(until);
        term.correction_until = date_compare(until, term.due) < 0 ? term.due : until;
    }
    *out = term;
    return true;
}

static bool
answers(const struct calendar_entry *entry, const struct calendar_question *question)
{
    bool type_owes = entry->jst_types == 0
                     || (question->jst_type < CALENDAR_JST_TYPES
                         && (entry->jst_types & 1U << question->jst_type) != 0);

    return str_equal(entry->form, question->form) && str_equal(entry->level, question->level)
           && entry->variant == question->variant && (entry->units & 1U << question->unit) != 0
           && type_owes && str_equal(entry->period_type->name, question->period_type);
}

bool
calendar_due(const struct calendar *calendar, const struct calendar_question *question,
             struct calendar_term *out)
{
    if (question->year < MOMENT_YEAR_MIN || question->year > MOMENT_YEAR_MAX) {
        return false;
    }
    for (size_t i = 0; i < calendar->entry_count; i++) {
        const struct calendar_entry *entry = &calendar->entries[i];
        if (answers(entry, question)
            && calendar_term_of(calendar, entry, question->year, question->number, out)) {
            return true;
        }
    }
    return false;
}
