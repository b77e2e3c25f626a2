#include "gateway/cli/finding_card.h"

#include <inttypes.h>
#include <string.h>

/* A sign, its colour, and the words that say the same without either. */
static const struct label {
    const char        *severity;
    enum screen_colour colour;
    const char        *text;
} labels[] = {
    {"error",   SCREEN_RED,    "✖ błąd"    },
    {"query",   SCREEN_YELLOW, "? pytanie"     },
    {"warning", SCREEN_YELLOW, "! ostrzeżenie"},
    {"info",    SCREEN_BOLD,   "i informacja"  },
};

static void
write_label(struct screen *screen, struct str severity)
{
    for (size_t i = 0; i < ARRAY_COUNT(labels); i++) {
        if (str_equal(severity, str_of(labels[i].severity))) {
            screen_coloured(screen, labels[i].colour, labels[i].text);
            return;
        }
    }
}

/*
 * Found, expected, difference on one line. Two amounts are only set side by side: whether the one,
 * the other or neither is wrong is the accountant's knowledge, not ours (design.md 2.9).
 */
static void
write_values(struct screen *screen, const struct finding_view *view)
{
    bool compared = view->difference.size > 0;
    const struct {
        const char *prefix;
        struct str  text;
    } values[] = {
        {"jest ",                                     view->found     },
        {compared ? "porównane z " : "oczekiwane: ", view->expected  },
        {"różnica ",                                view->difference},
    };
    const char *separator = "      ";
    bool        started = false;

    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        if (values[i].text.size > 0) {
            screen_format(screen, "%s", separator);
            screen_piece(screen, values[i].prefix, values[i].text);
            separator = " · ";
            started = true;
        }
    }
    if (view->repeats > 1) {
        screen_format(screen, " (ta sama różnica w %" PRIu32 " miejscach)", view->repeats);
    }
    if (started) {
        screen_format(screen, "\n");
    }
}

/*
 * What a compared amount is made of, a line for each cell, the largest first. The one that does not
 * belong is most often among the first, or among those that are absent, at the end.
 */
static void
write_contributors(struct screen *screen, const char *words, const struct contributors *side)
{
    if (side->count > 0) {
        screen_format(screen, "      Na „%s” składa się (od największej):\n", words);
    }
    for (size_t i = 0; i < side->count; i++) {
        const struct contributor *item = &side->items[i];
        screen_format(screen, "        ");
        screen_text(screen, item->amount.size > 0 ? item->amount : STR("brak"));
        screen_piece(screen, "  ", item->cell);
        screen_format(screen, "  (wiersz %" PRIu32 ", znak %" PRIu32 ")\n", item->line,
                      item->column);
    }
    if (side->more > 0) {
        screen_format(screen, "        i jeszcze %zu, razem ", side->more);
        screen_text(screen, side->rest);
        screen_format(screen, "\n");
    }
}

static void
write_sums(struct screen *screen, const struct finding_view *view)
{
    if (view->contributors != NULL) {
        write_contributors(screen, "jest", &view->contributors[CONTRIBUTORS_FOUND]);
        write_contributors(screen, "porównane z", &view->contributors[CONTRIBUTORS_EXPECTED]);
    }
}

static bool
holds(struct str text, struct str part)
{
    return part.size == 0
           || (text.size > 0 && memmem(text.data, text.size, part.data, part.size) != NULL);
}

/* Whether the sentence says both values already. */
static bool
says_values(const struct finding_view *view)
{
    return view->difference.size == 0 && view->found.size > 0 && holds(view->title, view->found)
           && holds(view->title, view->expected);
}

/* What follows the place. */
static void
write_rest(struct screen *screen, const struct finding_view *view, enum finding_card_size size)
{
    screen_format(screen, "  ");
    screen_text(screen, view->code);
    screen_format(screen, "  ");
    write_label(screen, view->severity);
    screen_line(screen, ": ", view->title);
    if (size == FINDING_CARD_LINE) {
        return;
    }
    screen_line(screen, "      gdzie: ", view->cell);
    if (!says_values(view)) {
        write_values(screen, view);
    }
    write_sums(screen, view);
    screen_line(screen, "      Najpierw sprawdź (ta komórka ma związek z kilkoma uwagami): ",
                view->suspect);
    screen_line(screen, "      Co zrobić: ", view->fix);
    screen_piece(screen, "      Podstawa: ", view->basis);
    screen_format(screen, "%swięcej: brama explain ", view->basis.size > 0 ? "   " : "      ");
    screen_text(screen, view->code);
    screen_format(screen, "\n");
}

void
finding_card_write(struct screen *screen, struct str file, const struct finding_view *view,
                   enum finding_card_size size)
{
    screen_format(screen, "  ");
    screen_text(screen, file);
    screen_format(screen, ":%" PRIu32 ":%" PRIu32, view->line, view->column);
    write_rest(screen, view, size);
}

void
finding_card_write_of_set(struct screen *screen, int64_t set, const struct finding_view *view)
{
    screen_format(screen, "  zestaw %" PRId64, set);
    write_rest(screen, view, FINDING_CARD_WHOLE);
}
