#include "gateway/cli/diff_text.h"

#include "gateway/answer/plural.h"
#include "gateway/cli/member.h"
#include "validators/base/amount.h"

#include <inttypes.h>

static const struct {
    const char        *kind;
    const char        *sign;
    const char        *word;
    enum screen_colour colour;
} kinds[] = {
    {"changed", "~",   "zmieniona", SCREEN_YELLOW},
    {"added",   "+",   "dodana",    SCREEN_GREEN },
    {"removed", "−", "usunięta", SCREEN_RED   },
};

/* "-12.40" as "−12,40"; what is no amount as it stands. */
static void
write_amount(struct screen *screen, struct str text)
{
    struct str whole = {0};
    struct str rest = text;
    struct buf words = buf_create(screen->out.arena, AMOUNT_TEXT_MAX);
    int64_t    amount = 0;

    if (!str_cut(&rest, '.', &whole) || amount_parse(text, (int)rest.size, &amount) != AMOUNT_OK) {
        screen_text(screen, text);
        return;
    }
    amount_write_polish(&words, amount, (int)rest.size);
    screen_text(screen, buf_str(&words));
}

static void
write_value(struct screen *screen, const json_t *cell, const char *key, bool is_amount)
{
    struct str text = member_text(cell, key);

    if (text.size == 0) {
        screen_format(screen, "brak");
    } else if (str_equal(text, STR("?"))) {
        screen_format(screen, "nieczytelne");
    } else if (is_amount) {
        write_amount(screen, text);
    } else {
        screen_text(screen, text);
    }
}

/* "      kol. 7 Dochody wykonane: 100,00 → 87,60, różnica −12,40" */
static void
write_cell(struct screen *screen, const json_t *cell)
{
    struct str difference = member_text(cell, "difference");
    struct str before = member_text(cell, "before");
    struct str after = member_text(cell, "after");
    bool       is_amount =
        difference.size > 0 || str_equal(before, STR("?")) || str_equal(after, STR("?"));

    screen_format(screen, "      ");
    screen_text(screen, member_text(cell, "title"));
    screen_format(screen, ": ");
    write_value(screen, cell, "before", is_amount);
    screen_format(screen, " → ");
    write_value(screen, cell, "after", is_amount);
    if (difference.size > 0) {
        screen_format(screen, ", różnica ");
        write_amount(screen, difference);
    }
    screen_format(screen, "\n");
}

static void
write_change(struct screen *screen, const json_t *change)
{
    size_t        i = 0;
    const json_t *cell = NULL;
    struct str    place = member_text(change, "place");

    for (size_t k = 0; k < ARRAY_COUNT(kinds); k++) {
        if (str_equal(member_text(change, "kind"), str_of(kinds[k].kind))) {
            screen_format(screen, "  ");
            screen_coloured(screen, kinds[k].colour, kinds[k].sign);
            screen_format(screen, " ");
            screen_text(screen, place.size > 0 ? place : STR("pozycja bez kodów"));
            screen_format(screen, " (%s)\n", kinds[k].word);
        }
    }
    json_array_foreach(member_object(change, "cells"), i, cell)
    {
        write_cell(screen, cell);
    }
}

/* "2 zmienione, 1 dodana, 47 bez zmian". */
static void
write_rows(struct screen *screen, const json_t *rows)
{
    static const struct {
        const char   *key;
        struct plural words;
    } counts[] = {
        {"changed", {"zmieniona", "zmienione", "zmienionych"}},
        {"added",   {"dodana", "dodane", "dodanych"}         },
        {"removed", {"usunięta", "usunięte", "usuniętych"}},
        {"same",    {"bez zmian", "bez zmian", "bez zmian"}  },
    };
    const char *separator = "  pozycje: ";

    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        int64_t count = member_number(rows, counts[i].key);
        if (count > 0) {
            screen_format(screen, "%s%" PRId64 " %s", separator, count,
                          plural_form(&counts[i].words, (size_t)count));
            separator = ", ";
        }
    }
    screen_format(screen, separator[0] == ',' ? "\n" : "  nie ma żadnych pozycji\n");
}

/* Sums of the columns in which the versions differ. */
static void
write_totals(struct screen *screen, const json_t *totals)
{
    size_t        i = 0;
    const json_t *total = NULL;
    const char   *head = "  razem\n";

    json_array_foreach(totals, i, total)
    {
        struct str before = member_text(total, "before");
        if (before.size > 0 && !str_equal(before, member_text(total, "after"))) {
            screen_format(screen, "%s", head);
            head = "";
            write_cell(screen, total);
        }
    }
}

static void
write_version(struct screen *screen, const json_t *version)
{
    const json_t *number = json_object_get(version, "version");

    if (json_is_integer(number)) {
        screen_format(screen, "wersja %" PRId64, (int64_t)json_integer_value(number));
    } else if (json_is_string(number)) {
        screen_format(screen, "wersja ");
        screen_text(screen, member_text(version, "version"));
    } else {
        screen_format(screen, version == NULL ? "brak" : "wersja nieczytelna");
    }
}

static void
write_head(struct screen *screen, const json_t *report)
{
    const json_t *unit = member_object(report, "unit");

    screen_text(screen, member_text(report, "form"));
    screen_piece(screen, "  ", member_text(report, "period"));
    screen_piece(screen, "  ", member_text(unit, "name"));
    screen_piece(screen, ", REGON ", member_text(unit, "regon"));
    screen_piece(screen, ", ", member_text(report, "level"));
    screen_piece(screen, ", wariant ", member_text(report, "variant"));
    screen_format(screen, ": ");
    write_version(screen, member_object(report, "before"));
    screen_format(screen, " → ");
    write_version(screen, member_object(report, "after"));
    screen_format(screen, "\n");
}

static void
write_report(struct screen *screen, const json_t *report)
{
    size_t        i = 0;
    const json_t *change = NULL;
    int64_t       not_listed = member_number(report, "not_listed");

    write_head(screen, report);
    if (!member_truth(report, "compared")) {
        screen_piece(screen, "  ", member_text(report, "reason"));
        screen_format(screen, "\n");
        return;
    }
    write_rows(screen, member_object(report, "rows"));
    json_array_foreach(member_object(report, "changes"), i, change)
    {
        write_change(screen, change);
    }
    if (not_listed > 0) {
        screen_format(screen, "  i dalsze pozycje, których nie wypisano: %" PRId64 "\n",
                      not_listed);
    }
    write_totals(screen, member_object(report, "totals"));
}

void
diff_text_write(struct screen *screen, const json_t *difference)
{
    size_t        i = 0;
    const json_t *report = NULL;

    json_array_foreach(member_object(difference, "reports"), i, report)
    {
        write_report(screen, report);
    }
    if (i == 0) {
        screen_format(screen, "Nie ma w nich żadnego sprawozdania.\n");
    }
}

bool
diff_text_has_compared(const json_t *difference)
{
    size_t        i = 0;
    const json_t *report = NULL;

    json_array_foreach(member_object(difference, "reports"), i, report)
    {
        if (member_truth(report, "compared")) {
            return true;
        }
    }
    return false;
}
