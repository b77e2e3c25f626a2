#include "gateway/cli/severity_words.h"

enum { TRUST_ABSENT = 2 }; /* applies.trust: entry.h */

static const char *const words[] = {
    [SEVERITY_OFF] = "wyłączona",   [SEVERITY_PROPOSED] = "na próbę (tylko liczona)",
    [SEVERITY_INFO] = "informacja", [SEVERITY_WARNING] = "ostrzeżenie",
    [SEVERITY_QUERY] = "pytanie",   [SEVERITY_ERROR] = "błąd",
};

const char *
severity_words(enum severity severity)
{
    ENSURE(severity >= SEVERITY_OFF && severity <= SEVERITY_ERROR);
    return words[severity];
}

/* Names of the bits that are set, "kwartał, rok". */
static void
write_mask(struct screen *screen, const char *prefix, int mask)
{
    static const struct {
        int         bit;
        const char *name;
    } periods[] = {
        {PERIOD_MONTH,   "miesiąc"},
        {PERIOD_QUARTER, "kwartał"},
        {PERIOD_YEAR,    "rok"     },
    };
    const char *separator = prefix;

    for (size_t i = 0; i < ARRAY_COUNT(periods); i++) {
        if ((mask & periods[i].bit) != 0) {
            screen_format(screen, "%s%s", separator, periods[i].name);
            separator = ", ";
        }
    }
}

static void
write_date(struct screen *screen, const char *prefix, struct date date)
{
    if (date.year != 0) {
        screen_format(screen, "%s%04d-%02d-%02d", prefix, date.year, date.month, date.day);
    }
}

bool
severity_words_always(const struct applies *applies)
{
    return applies->levels.size == 0 && applies->periods == 0 && applies->environments == 0
           && applies->trust == 0 && applies->from.year == 0 && applies->to.year == 0;
}

void
severity_words_write(struct screen *screen, const struct applies *applies)
{
    screen_format(screen, "%s", severity_words(applies->severity));
    if (severity_words_always(applies)) {
        screen_format(screen, ": zawsze");
    }
    if (applies->levels.size > 0) {
        screen_format(screen, "; poziom: ");
        screen_text(screen, applies->levels);
    }
    write_mask(screen, "; okres: ", applies->periods);
    if (applies->environments != 0) {
        screen_format(screen, "; środowisko %s",
                      applies->environments == ENVIRONMENT_PROD ? "prod" : "test");
    }
    if (applies->trust != 0) {
        screen_format(screen, "; %s --trust",
                      applies->trust == TRUST_ABSENT ? "bez podania" : "przy podanym");
    }
    write_date(screen, "; od ", applies->from);
    write_date(screen, "; do ", applies->to);
    if (applies->has_verdict) {
        screen_format(screen, "; sprawozdanie jest wtedy %s",
                      applies->verdict == VERDICT_HELD ? "do podpisu" : "nierozstrzygnięte");
    }
}
