#include "validators/calendar/reading.h"

#include "validators/calendar/words.h"

enum { TEXT_MAX = 500, NUMBER_MAX = 31 };

/* Every element of the file, where it may stand, and all attributes that it may have. */
static const struct {
    const char *name;
    const char *parent; /* empty: the top */
    const char *attributes;
} grammar[] = {
    {"calendar", "",         "version workday-basis question-days question-basis"               },
    {"form",     "calendar", "code title basis"                                                 },
    {"term",     "form",
     "level variant units jst trait period-type numbers due correction recipient copies empty "
     "nothing "
     "status from to source"                                                                    },
    {"shift",    "calendar", "forms levels period-type year numbers days on status basis source"},
};

static bool
stands_right(const struct element_table *table, const struct element *item, size_t rule)
{
    struct str parent =
        item->parent == ELEMENT_NONE ? (struct str){0} : table->items[item->parent].name;

    return item->space.size == 0 && str_equal(item->name, str_of(grammar[rule].name))
           && str_equal(parent, str_of(grammar[rule].parent));
}

static enum err
refuse_attributes(const struct source *source, int32_t at, size_t rule, struct fault *fault)
{
    const struct element *item = &source->table.items[at];

    for (size_t i = 0; i < item->attribute_count; i++) {
        const struct element_attribute *attribute = &item->attributes[i];
        if (attribute->space.size > 0
            || !str_has_word(str_of(grammar[rule].attributes), attribute->name)) {
            return source_fail(source, at, fault, "nieznany atrybut", attribute->name);
        }
        if (attribute->value.size > TEXT_MAX) {
            return source_fail(source, at, fault, "za długi tekst w", attribute->name);
        }
    }
    return ERR_OK;
}

/* What nobody would read must not stand in the file: it would be believed to hold. */
enum err
reading_refuse_unknown(const struct source *source, struct fault *fault)
{
    for (size_t at = 0; at < source->table.count; at++) {
        const struct element *item = &source->table.items[at];
        size_t                rule = 0;
        while (rule < ARRAY_COUNT(grammar) && !stands_right(&source->table, item, rule)) {
            rule++;
        }
        if (rule == ARRAY_COUNT(grammar)) {
            return source_fail(source, (int32_t)at, fault, "tu nie może stać element:", item->name);
        }
        if (str_trim(item->text).size > 0) {
            return source_fail(source, (int32_t)at, fault,
                               "tekst w elemencie:", str_trim(item->text));
        }
        TRY(refuse_attributes(source, (int32_t)at, rule, fault));
    }
    return ERR_OK;
}

uint32_t
reading_line(const struct source *source, int32_t item)
{
    return source->table.items[item].start;
}

enum err
reading_word(const struct source *source, int32_t item, const char *name, const char *const *words,
             int *out, struct fault *fault)
{
    struct str text = {0};

    TRY(source_text(source, item, name, &text, fault));
    return source_choice(source, item, name, words, out, fault);
}

/* A list of words as a mask; 0 when it is left out. */
enum err
reading_mask(const struct source *source, int32_t item, const char *name, const char *const *words,
             unsigned *out, struct fault *fault)
{
    int mask = 0;

    TRY(source_mask(source, item, name, words, &mask, fault));
    *out = (unsigned)mask;
    return ERR_OK;
}

enum err
reading_truth(const struct source *source, int32_t item, const char *name, const char *const *words,
              bool *out, struct fault *fault)
{
    int value = 0;

    TRY(reading_word(source, item, name, words, &value, fault));
    *out = value == 1;
    return ERR_OK;
}

enum err
reading_rule(const struct source *source, int32_t item, const char *name, struct due_rule *out,
             struct fault *fault)
{
    struct str text = {0};

    TRY(source_text(source, item, name, &text, fault));
    if (!due_rule_read(text, out)) {
        return source_fail(source, item, fault, "to nie jest reguła dnia:", text);
    }
    return ERR_OK;
}

/* "1 2 4" as bits, each a number that the type of period has. */
enum err
reading_numbers(const struct source *source, int32_t item, const struct period_type *type,
                unsigned *out, struct fault *fault)
{
    struct str rest = {0};
    struct str word = {0};
    unsigned   mask = 0;

    TRY(source_text(source, item, "numbers", &rest, fault));
    while (str_cut(&rest, ' ', &word)) {
        int64_t number = 0;
        if (!str_to_number(word, &number) || number < 1 || number > type->count
            || number > NUMBER_MAX || (mask & 1U << number) != 0) {
            return source_fail(source, item, fault, "to nie są numery okresów, każdy raz:", word);
        }
        mask |= 1U << number;
    }
    *out = mask;
    return ERR_OK;
}

enum err
reading_levels(const struct source *source, int32_t item, struct str *out, struct fault *fault)
{
    unsigned known = 0;

    *out = element_attribute(&source->table, item, "levels");
    return reading_mask(source, item, "levels", catalogue_level_names, &known, fault);
}
