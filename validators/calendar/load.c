#include "validators/calendar/calendar.h"
#include "validators/calendar/overlap.h"
#include "validators/calendar/reading.h"
#include "validators/calendar/words.h"

#include <openssl/sha.h>

enum { DAYS_MAX = 366 };

static const char *const answers[] = {"no", "yes", NULL};
static const char *const statuses[] = {"certain", "model", NULL};

/* The file and what is being made of it. */
struct loading {
    struct source           source;
    const struct catalogue *catalogue;
    struct calendar        *calendar;
    struct calendar_entry  *entries;
    struct calendar_shift  *shifts;
};

static enum err
read_period_type(const struct loading *loading, int32_t item, const struct period_type **out,
                 struct fault *fault)
{
    struct str name = {0};

    TRY(source_text(&loading->source, item, "period-type", &name, fault));
    *out = catalogue_period_type(loading->catalogue, name);
    if (*out == NULL) {
        return source_fail(&loading->source, item, fault, "nieznany typ okresu:", name);
    }
    return ERR_OK;
}

static enum err
read_who(const struct source *source, int32_t item, struct calendar_entry *out, struct fault *fault)
{
    int level = 0;
    int recipient = 0;
    int variant = 0;
    int trait = 0;

    TRY(reading_word(source, item, "level", catalogue_level_names, &level, fault));
    TRY(reading_word(source, item, "recipient", calendar_words_recipients, &recipient, fault));
    TRY(source_choice(source, item, "variant", calendar_words_variants, &variant, fault));
    TRY(source_choice(source, item, "trait", calendar_words_traits, &trait, fault));
    TRY(reading_mask(source, item, "units", calendar_words_unit_kinds, &out->units, fault));
    TRY(reading_mask(source, item, "jst", calendar_words_jst_types, &out->jst_types, fault));
    TRY(reading_mask(source, item, "copies", calendar_words_recipients, &out->copies, fault));
    out->level = str_of(catalogue_level_names[level]);
    out->recipient = (enum calendar_recipient)recipient;
    out->variant = (enum calendar_variant)variant;
    out->trait = (enum calendar_trait)trait;
    if (out->units == 0) {
        return source_fail(source, item, fault, "brakuje atrybutu", STR("units"));
    }
    if (out->jst_types != 0 && out->units != 1U << CALENDAR_JST) {
        return source_fail(source, item, fault, "rodzaje JST są tylko przy", STR("units=\"jst\""));
    }
    if ((out->copies & 1U << out->recipient) != 0) {
        return source_fail(source, item, fault, "odbiorca nie dostaje też odpisu:",
                           element_attribute(&source->table, item, "copies"));
    }
    return ERR_OK;
}

static enum err
read_when(const struct loading *loading, int32_t item, struct calendar_entry *out,
          struct fault *fault)
{
    const struct source *source = &loading->source;

    TRY(read_period_type(loading, item, &out->period_type, fault));
    TRY(reading_numbers(source, item, out->period_type, &out->numbers, fault));
    TRY(reading_rule(source, item, "due", &out->due, fault));
    TRY(reading_rule(source, item, "correction", &out->correction, fault));
    TRY(source_date(source, item, "from", &out->from, fault));
    TRY(source_date(source, item, "to", &out->to, fault));
    if (out->due.kind == DUE_RULE_OPEN || out->due.kind == DUE_RULE_SAME) {
        return source_fail(source, item, fault, "sprawozdanie potrzebuje dnia:",
                           element_attribute(&source->table, item, "due"));
    }
    if (out->from.year != 0 && out->to.year != 0 && date_compare(out->from, out->to) > 0) {
        return source_fail(source, item, fault, "kończy się, zanim się zacznie:",
                           element_attribute(&source->table, item, "to"));
    }
    return ERR_OK;
}

static enum err
read_term(const struct loading *loading, int32_t form, int32_t item, struct calendar_entry *out,
          struct fault *fault)
{
    const struct source *source = &loading->source;

    out->line = reading_line(source, item);
    TRY(source_text(source, form, "code", &out->form, fault));
    TRY(source_text(source, form, "title", &out->title, fault));
    TRY(read_who(source, item, out, fault));
    TRY(read_when(loading, item, out, fault));
    TRY(reading_truth(source, item, "empty", answers, &out->empty_allowed, fault));
    TRY(reading_truth(source, item, "nothing", answers, &out->nothing_allowed, fault));
    TRY(reading_truth(source, item, "status", statuses, &out->model, fault));
    TRY(source_text(source, form, "basis", &out->basis, fault));
    return source_text(source, item, "source", &out->source, fault);
}

static enum err
refuse_twice(const struct loading *loading, int32_t form, struct fault *fault)
{
    const struct element_table *table = &loading->source.table;
    struct str                  code = element_attribute(table, form, "code");
    int32_t                     other = element_next(table, form);

    while (other != ELEMENT_NONE) {
        if (str_equal(code, element_attribute(table, other, "code"))) {
            return source_fail(&loading->source, other, fault, "formularz podany dwa razy:", code);
        }
        other = element_next(table, other);
    }
    return ERR_OK;
}

static enum err
read_form(struct loading *loading, int32_t form, struct fault *fault)
{
    const struct source *source = &loading->source;
    int32_t              item = element_child(&source->table, form, (struct str){0}, STR("term"));

    TRY(refuse_twice(loading, form, fault));
    if (item == ELEMENT_NONE) {
        return source_fail(source, form, fault, "formularz bez terminów:",
                           element_attribute(&source->table, form, "code"));
    }
    while (item != ELEMENT_NONE) {
        size_t count = loading->calendar->entry_count;
        if (count == CALENDAR_ENTRIES_MAX) {
            return source_fail(source, item, fault, "za dużo terminów w", source->path);
        }
        TRY(read_term(loading, form, item, &loading->entries[count], fault));
        loading->calendar->entry_count++;
        item = element_next(&source->table, item);
    }
    return ERR_OK;
}

static enum err
read_forms(struct loading *loading, struct fault *fault)
{
    const struct source *source = &loading->source;
    int32_t              form = element_child(&source->table, 0, (struct str){0}, STR("form"));

    if (source_count(source, 0, "form") > CALENDAR_FORMS_MAX) {
        return source_fail(source, 0, fault, "za dużo formularzy w", source->path);
    }
    while (form != ELEMENT_NONE) {
        TRY(read_form(loading, form, fault));
        form = element_next(&source->table, form);
    }
    return ERR_OK;
}

/* Either days or a day. */
static enum err
read_move(const struct source *source, int32_t item, struct calendar_shift *out,
          struct fault *fault)
{
    struct str days = element_attribute(&source->table, item, "days");
    struct str on = element_attribute(&source->table, item, "on");

    if ((days.size == 0) == (on.size == 0)) {
        return source_fail(source, item, fault, "przesunięcie ma albo days, albo on, a nie", days);
    }
    if (on.size > 0) {
        return source_date(source, item, "on", &out->on, fault);
    }
    TRY(source_number(source, item, "days", DAYS_MAX, &out->days, fault));
    if (out->days == 0) {
        return source_fail(source, item, fault, "przesunięcie o zero dni:", days);
    }
    return ERR_OK;
}

static enum err
read_shift(const struct loading *loading, int32_t item, struct calendar_shift *out,
           struct fault *fault)
{
    const struct source *source = &loading->source;

    out->line = reading_line(source, item);
    TRY(reading_levels(source, item, &out->levels, fault));
    TRY(source_text(source, item, "forms", &out->forms, fault));
    TRY(read_period_type(loading, item, &out->period_type, fault));
    TRY(source_number(source, item, "year", MOMENT_YEAR_MAX, &out->year, fault));
    TRY(reading_numbers(source, item, out->period_type, &out->numbers, fault));
    TRY(read_move(source, item, out, fault));
    TRY(reading_truth(source, item, "status", statuses, &out->model, fault));
    TRY(source_text(source, item, "basis", &out->basis, fault));
    return source_text(source, item, "source", &out->source, fault);
}

static enum err
read_shifts(struct loading *loading, struct fault *fault)
{
    const struct source *source = &loading->source;
    int32_t              item = element_child(&source->table, 0, (struct str){0}, STR("shift"));

    while (item != ELEMENT_NONE) {
        size_t count = loading->calendar->shift_count;
        if (count == CALENDAR_SHIFTS_MAX) {
            return source_fail(source, item, fault, "za dużo przesunięć w", source->path);
        }
        TRY(read_shift(loading, item, &loading->shifts[count], fault));
        loading->calendar->shift_count++;
        item = element_next(&source->table, item);
    }
    return ERR_OK;
}

/* How long queries may stand open: a number of days together with who says so, or neither. */
static enum err
read_question(const struct source *source, struct calendar *calendar, struct fault *fault)
{
    struct str days = element_attribute(&source->table, 0, "question-days");
    struct str basis = element_attribute(&source->table, 0, "question-basis");

    if (days.size == 0 && basis.size == 0) {
        return ERR_OK;
    }
    TRY(source_number(source, 0, "question-days", CALENDAR_QUESTION_DAYS_MAX,
                      &calendar->question_days, fault));
    TRY(source_text(source, 0, "question-basis", &calendar->question_basis, fault));
    return calendar->question_days > 0
               ? ERR_OK
               : source_fail(source, 0, fault, "question-days ma być liczbą od 1", days);
}

static enum err
open_calendar(struct arena *arena, struct loading *loading, struct fault *fault)
{
    struct source   *source = &loading->source;
    struct str       path = loading->catalogue->calendar_path;
    struct calendar *calendar = ARENA_NEW(arena, struct calendar, 1);

    loading->calendar = calendar;
    loading->entries = ARENA_NEW(arena, struct calendar_entry, CALENDAR_ENTRIES_MAX);
    loading->shifts = ARENA_NEW(arena, struct calendar_shift, CALENDAR_SHIFTS_MAX);
    if (calendar == NULL || loading->entries == NULL || loading->shifts == NULL) {
        return FAIL(fault, ERR_MEMORY, "calendar");
    }
    if (path.size == 0) {
        return FAIL(fault, ERR_CATALOGUE, "catalogue.xml: brakuje elementu calendar");
    }
    TRY(source_open(arena, loading->catalogue->bundle, path, "calendar", source, fault));
    TRY(reading_refuse_unknown(source, fault));
    TRY(source_text(source, 0, "version", &calendar->version, fault));
    TRY(source_text(source, 0, "workday-basis", &calendar->workday_basis, fault));
    TRY(read_question(source, calendar, fault));
    struct str bytes = bundle_file(loading->catalogue->bundle, path);
    (void)SHA256((const unsigned char *)bytes.data, bytes.size, calendar->sha256);
    calendar->entries = loading->entries;
    calendar->shifts = loading->shifts;
    return ERR_OK;
}

enum err
calendar_load(struct arena *arena, const struct catalogue *catalogue, const struct calendar **out,
              struct fault *fault)
{
    struct loading loading = {.catalogue = catalogue};

    TRY(open_calendar(arena, &loading, fault));
    TRY(read_forms(&loading, fault));
    TRY(read_shifts(&loading, fault));
    TRY(overlap_refuse(&loading.source, loading.calendar, fault));
    *out = loading.calendar;
    return ERR_OK;
}
