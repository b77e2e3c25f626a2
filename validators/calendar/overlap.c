#include "validators/calendar/overlap.h"

#include "validators/calendar/term.h"

static bool
before(struct date a, struct date b)
{
    return a.year != 0 && b.year != 0 && date_compare(a, b) < 0;
}

static bool
terms_meet(const struct calendar_entry *a, const struct calendar_entry *b)
{
    return str_equal(a->form, b->form) && str_equal(a->level, b->level) && a->variant == b->variant
           && a->period_type == b->period_type && (a->numbers & b->numbers) != 0
           && (a->units & b->units) != 0
           && (a->jst_types == 0 || b->jst_types == 0 || (a->jst_types & b->jst_types) != 0)
           && !before(a->to, b->from) && !before(b->to, a->from);
}

static bool
share_a_word(struct str a, struct str b)
{
    struct str word = {0};

    while (str_cut(&a, ' ', &word)) {
        if (word.size > 0 && str_has_word(b, word)) {
            return true;
        }
    }
    return false;
}

static bool
shifts_meet(const struct calendar_shift *a, const struct calendar_shift *b)
{
    return a->period_type == b->period_type && a->year == b->year && (a->numbers & b->numbers) != 0
           && share_a_word(a->forms, b->forms)
           && (a->levels.size == 0 || b->levels.size == 0 || share_a_word(a->levels, b->levels));
}

static enum err
fail_at(const struct source *source, uint32_t line, struct fault *fault, const char *text,
        uint32_t other)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*s:%u: %s %u", STR_ARG(source->path), line, text, other);
}

/* Whether a shift moves a term of this form (empty: of any of its forms). */
static bool
moves(const struct calendar *calendar, const struct calendar_shift *shift, struct str form)
{
    for (size_t i = 0; i < calendar->entry_count; i++) {
        const struct calendar_entry *entry = &calendar->entries[i];
        for (int number = 1; number <= shift->period_type->count; number++) {
            struct calendar_term term = {0};
            if (str_equal(entry->form, form)
                && calendar_term_of(calendar, entry, shift->year, number, &term)
                && term.shift == shift) {
                return true;
            }
        }
    }
    return false;
}

static enum err
refuse_idle(const struct source *source, const struct calendar *calendar,
            const struct calendar_shift *shift, struct fault *fault)
{
    struct str rest = shift->forms;
    struct str form = {0};

    if (shift->year < MOMENT_YEAR_MIN) {
        return fail_at(source, shift->line, fault,
                       "to nie jest rok z zakresu:", (uint32_t)shift->year);
    }
    while (str_cut(&rest, ' ', &form)) {
        if (form.size > 0 && !moves(calendar, shift, form)) {
            return FAIL(fault, ERR_CATALOGUE,
                        "%.*s:%u: przesunięcie, które nie przesuwa niczego w „%.*s”",
                        STR_ARG(source->path), shift->line, STR_ARG(form));
        }
    }
    return ERR_OK;
}

enum err
overlap_refuse(const struct source *source, const struct calendar *calendar, struct fault *fault)
{
    for (size_t i = 0; i < calendar->entry_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (terms_meet(&calendar->entries[i], &calendar->entries[j])) {
                return fail_at(source, calendar->entries[i].line, fault,
                               "termin tego samego sprawozdania stoi w wierszu",
                               calendar->entries[j].line);
            }
        }
    }
    for (size_t i = 0; i < calendar->shift_count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (shifts_meet(&calendar->shifts[i], &calendar->shifts[j])) {
                return fail_at(source, calendar->shifts[i].line, fault,
                               "ten sam termin przesuwa wiersz", calendar->shifts[j].line);
            }
        }
        TRY(refuse_idle(source, calendar, &calendar->shifts[i], fault));
    }
    return ERR_OK;
}
