#include "validators/calendar/calendar.h"
#include "validators/calendar/term.h"

/* A period's report is due at most this many years after it: DUE_RULE_DAYS_MAX, and a shift. */
enum { YEARS_BEHIND = 2 };

struct term_list {
    struct arena               *arena;
    const struct calendar      *calendar;
    const struct calendar_span *span;
    struct calendar_term       *items;
    size_t                      count;
    size_t                      capacity;
};

static int
first_difference(const int *differences, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (differences[i] != 0) {
            return differences[i];
        }
    }
    return 0;
}

static int
compare_terms(const void *a, const void *b)
{
    const struct calendar_term *one = a;
    const struct calendar_term *other = b;
    const int                   differences[] = {
                          date_compare(one->due, other->due),
                          str_compare(one->entry->form, other->entry->form),
                          str_compare(one->entry->level, other->entry->level),
                          (int)one->entry->variant - (int)other->entry->variant,
                          date_compare(one->period_end, other->period_end),
                          (one->entry->line > other->entry->line) - (one->entry->line < other->entry->line),
                          one->number - other->number,
    };

    return first_difference(differences, ARRAY_COUNT(differences));
}

static bool
asked(const struct calendar_span *span, const struct calendar_entry *entry)
{
    return (span->form.size == 0 || str_equal(span->form, entry->form))
           && (span->period_type.size == 0
               || str_equal(span->period_type, entry->period_type->name));
}

static bool
in_bounds(const struct calendar_span *span, struct date due)
{
    return (span->due_from.year == 0 || date_compare(span->due_from, due) <= 0)
           && (span->due_to.year == 0 || date_compare(due, span->due_to) <= 0);
}

static enum err
add(struct term_list *list, const struct calendar_term *term, struct fault *fault)
{
    if (list->count == CALENDAR_TERMS_MAX) {
        return FAIL(fault, ERR_LIMIT, "więcej niż %d terminów; zawęź zakres", CALENDAR_TERMS_MAX);
    }
    struct calendar_term *items =
        arena_reserve(list->arena, list->items, list->count, &list->capacity, sizeof *items);
    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "terms of the calendar");
    }
    list->items = items;
    list->items[list->count] = *term;
    list->count++;
    return ERR_OK;
}

static enum err
add_year(struct term_list *list, const struct calendar_entry *entry, int year, struct fault *fault)
{
    const struct calendar_span *span = list->span;
    int                         first = span->number == 0 ? 1 : span->number;
    int                         last = span->number == 0 ? entry->period_type->count : span->number;

    for (int number = first; number <= last; number++) {
        struct calendar_term term = {0};
        if (calendar_term_of(list->calendar, entry, year, number, &term)
            && in_bounds(span, term.due)) {
            TRY(add(list, &term, fault));
        }
    }
    return ERR_OK;
}

static enum err
add_years(struct term_list *list, int first, int last, struct fault *fault)
{
    for (size_t i = 0; i < list->calendar->entry_count; i++) {
        const struct calendar_entry *entry = &list->calendar->entries[i];
        for (int year = first; year <= last && asked(list->span, entry); year++) {
            TRY(add_year(list, entry, year, fault));
        }
    }
    return ERR_OK;
}

enum err
calendar_terms(struct arena *arena, const struct calendar *calendar,
               const struct calendar_span *span, const struct calendar_term **out, size_t *count,
               struct fault *fault)
{
    struct term_list list = {.arena = arena, .calendar = calendar, .span = span};
    int              first = span->year;
    int              last = span->year;

    if (span->year == 0 && span->due_from.year != 0 && span->due_to.year != 0) {
        first = span->due_from.year - YEARS_BEHIND;
        last = span->due_to.year;
        first = first < MOMENT_YEAR_MIN ? MOMENT_YEAR_MIN : first;
    }
    if (first < MOMENT_YEAR_MIN || last > MOMENT_YEAR_MAX) {
        return FAIL(fault, ERR_USAGE, "rok spoza zakresu %d-%d", MOMENT_YEAR_MIN, MOMENT_YEAR_MAX);
    }
    TRY(add_years(&list, first, last, fault));
    if (list.count > 0) {
        qsort(list.items, list.count, sizeof *list.items, compare_terms);
    }
    *out = list.items;
    *count = list.count;
    return ERR_OK;
}
