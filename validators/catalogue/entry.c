#include "validators/catalogue/entry.h"

static bool
in_dates(const struct applies *applies, struct date end)
{
    if (end.year == 0) {
        return true;
    }
    return (applies->from.year == 0 || date_compare(applies->from, end) <= 0)
           && (applies->to.year == 0 || date_compare(end, applies->to) <= 0);
}

static bool
matches(const struct applies *applies, const struct circumstances *circumstances)
{
    int trust = circumstances->trust_given ? 1 : 2;

    return (applies->levels.size == 0 || str_has_word(applies->levels, circumstances->level))
           && (applies->periods == 0 || (applies->periods & circumstances->period_kind) != 0)
           && (applies->environments == 0
               || (applies->environments & circumstances->environment) != 0)
           && (applies->trust == 0 || applies->trust == trust)
           && in_dates(applies, circumstances->period_end);
}

const struct applies *
entry_applies(const struct rule_entry *entry, const struct circumstances *circumstances)
{
    if (circumstances->switched_off.size > 0
        && str_has_word(circumstances->switched_off, entry->code)) {
        return NULL;
    }
    for (size_t i = 0; i < entry->applies_count; i++) {
        if (matches(&entry->applies[i], circumstances)) {
            return &entry->applies[i];
        }
    }
    return NULL;
}

const char *
severity_name(enum severity severity)
{
    static const char *const names[] = {
        [SEVERITY_OFF] = "off",     [SEVERITY_PROPOSED] = "proposed",
        [SEVERITY_INFO] = "info",   [SEVERITY_WARNING] = "warning",
        [SEVERITY_QUERY] = "query", [SEVERITY_ERROR] = "error"};

    ENSURE((size_t)severity < ARRAY_COUNT(names));
    return names[severity];
}

uint32_t
entry_named(const struct rule_entry *entry, struct str codes)
{
    struct str rest = codes;
    struct str named = {0};

    for (uint32_t bit = 1; bit != 0 && rest.size > 0 && str_cut(&rest, ',', &named); bit <<= 1) {
        if (str_equal(named, entry->code)) {
            return bit;
        }
    }
    return 0;
}

bool
entry_objected(const struct rule_entry *entry, struct str codes)
{
    return entry->form != ENTRY_OF_NO_FORM && !entry->of_schema && entry->check.size == 0
           && entry_named(entry, codes) != 0;
}

bool
entry_is_rule(const struct rule_entry *entry)
{
    return entry->of_set || (entry->form != ENTRY_OF_NO_FORM && !entry->of_schema);
}

const char *
verdict_name(enum verdict verdict)
{
    static const char *const names[] = {[VERDICT_UNDECIDED] = "undecided",
                                        [VERDICT_ACCEPTED] = "accepted",
                                        [VERDICT_HELD] = "held",
                                        [VERDICT_REJECTED] = "rejected"};

    ENSURE((size_t)verdict < ARRAY_COUNT(names));
    return names[verdict];
}
