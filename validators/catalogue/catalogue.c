#include "validators/catalogue/catalogue.h"

const char *const catalogue_level_names[] = {
    "jednostkowe", "jednostkowe-organ", "jednostkowe-urząd", "zbiorcze", "łączne", NULL};

static bool
holds(const struct form *form, struct date end)
{
    return (form->from.year == 0 || date_compare(form->from, end) <= 0)
           && (form->to.year == 0 || date_compare(end, form->to) <= 0);
}

int32_t
catalogue_form(const struct catalogue *catalogue, struct str element, struct date end)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (str_equal(catalogue->forms[i].element, element) && holds(&catalogue->forms[i], end)) {
            return (int32_t)i;
        }
    }
    return -1;
}

bool
catalogue_knows_element(const struct catalogue *catalogue, struct str element)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (str_equal(catalogue->forms[i].element, element)) {
            return true;
        }
    }
    return false;
}

struct str
catalogue_title(const struct catalogue *catalogue, struct str element)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (str_equal(catalogue->forms[i].element, element)) {
            return catalogue->forms[i].title;
        }
    }
    return element;
}

bool
catalogue_repeats(const struct catalogue *catalogue, struct str element)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (catalogue->forms[i].repeats && str_equal(catalogue->forms[i].element, element)) {
            return true;
        }
    }
    return false;
}

/* The first entry of a code, or where it would stand. */
static size_t
first_entry(const struct catalogue *catalogue, struct str code)
{
    size_t low = 0;
    size_t high = catalogue->entry_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(catalogue->entries[middle].code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether the form of entry is for later periods than that of the best so far. */
static bool
is_newer(const struct catalogue *catalogue, const struct rule_entry *entry,
         const struct rule_entry *best)
{
    return best == NULL
           || date_compare(catalogue->forms[entry->form].from, catalogue->forms[best->form].from)
                  > 0;
}

const struct rule_entry *
catalogue_entry(const struct catalogue *catalogue, int32_t form, const char *code)
{
    struct str               wanted = str_of(code);
    const struct rule_entry *best = NULL;

    for (size_t i = first_entry(catalogue, wanted);
         i < catalogue->entry_count && str_equal(catalogue->entries[i].code, wanted); i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        if (entry->form == ENTRY_OF_NO_FORM || entry->form == form) {
            return entry;
        }
        best = is_newer(catalogue, entry, best) ? entry : best;
    }
    return best;
}

const struct dictionary *
catalogue_dictionary(const struct catalogue *catalogue, struct str name)
{
    for (size_t i = 0; i < catalogue->dictionary_count; i++) {
        if (str_equal(catalogue->dictionaries[i].name, name)) {
            return &catalogue->dictionaries[i];
        }
    }
    return NULL;
}

const struct period_type *
catalogue_period_type(const struct catalogue *catalogue, struct str name)
{
    for (size_t i = 0; i < catalogue->period_type_count; i++) {
        if (str_equal(catalogue->period_types[i].name, name)) {
            return &catalogue->period_types[i];
        }
    }
    return NULL;
}

struct str
catalogue_period_words(struct arena *arena, const struct catalogue *catalogue, struct str year,
                       struct str type, struct str number)
{
    const struct period_type *known = catalogue_period_type(catalogue, type);

    return str_format(arena, "%.*s, %.*s %.*s", STR_ARG(year),
                      STR_ARG(known == NULL ? type : known->title), STR_ARG(number));
}

static enum period_kind
kind_of(const struct period_type *type, int number)
{
    if (type->months == 1) {
        return PERIOD_MONTH;
    }
    return number == type->count ? PERIOD_YEAR : PERIOD_QUARTER;
}

bool
catalogue_period_at(const struct period_type *type, int year, int number, struct period *out)
{
    if (year < MOMENT_YEAR_MIN || year > MOMENT_YEAR_MAX || number < 1 || number > type->count) {
        return false;
    }
    *out = (struct period){.type = type,
                           .year = year,
                           .number = number,
                           .kind = kind_of(type, number),
                           .end = date_month_end(year, number * type->months)};
    return true;
}

bool
catalogue_period(const struct catalogue *catalogue, struct str year, struct str type,
                 struct str number, struct period *out)
{
    const struct period_type *known = catalogue_period_type(catalogue, type);
    int64_t                   read_year = 0;
    int64_t                   read_number = 0;

    return known != NULL && str_to_number(year, &read_year) && str_to_number(number, &read_number)
           && read_year <= MOMENT_YEAR_MAX && read_number <= known->count
           && catalogue_period_at(known, (int)read_year, (int)read_number, out);
}

struct str
catalogue_level(const struct catalogue *catalogue, const struct form *form, struct str type,
                enum environment environment)
{
    struct str otherwise = {0};

    for (size_t i = 0; i < catalogue->level_count; i++) {
        const struct level_type *level = &catalogue->levels[i];
        if (!str_equal(level->name, type) || (level->environments & (int)environment) == 0) {
            continue;
        }
        if (level->forms.size == 0) {
            otherwise = level->level;
        } else if (form != NULL && str_has_word(level->forms, form->code)) {
            return level->level;
        }
    }
    return otherwise;
}
