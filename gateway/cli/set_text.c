#include "gateway/cli/set_text.h"

#include "gateway/cli/finding_card.h"
#include "gateway/cli/finding_member.h"
#include "gateway/cli/member.h"
#include "gateway/cli/objection_text.h"

#include <inttypes.h>

enum { PENDING_SHOWN = 8 };

/* "/api/v1/sets/10" -> 10, as `brama answer --set` takes it; 0: it is no such address. */
static int64_t
number_of(const json_t *set)
{
    static const struct str sets = STR_INIT("/api/v1/sets/");
    struct str              url = member_text(set, "url");
    int64_t                 number = 0;

    return str_starts_with(url, sets)
                   && str_to_number(str_slice(url, sets.size, url.size - sets.size), &number)
               ? number
               : 0;
}

/* "      zestaw 10 niepełny: żadna reguła zestawu nie miała jeszcze czego porównać". */
static void
write_state(struct screen *screen, const json_t *set)
{
    static const struct {
        struct str         code;
        enum screen_colour colour;
        const char        *words;
    } states[] = {
        {STR_INIT("consistent"),   SCREEN_GREEN,  "zgodny"   },
        {STR_INIT("inconsistent"), SCREEN_RED,    "niezgodny"},
        {STR_INIT("incomplete"),   SCREEN_YELLOW, "niepełny"},
    };
    int64_t number = number_of(set);

    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        if (str_equal(member_text(set, "state"), states[i].code)) {
            screen_format(screen, "      zestaw ");
            if (number > 0) {
                screen_format(screen, "%" PRId64 " ", number);
            }
            screen_coloured(screen, states[i].colour, states[i].words);
            screen_piece(screen, ": ", member_text(set, "reason"));
            screen_format(screen, "\n");
        }
    }
}

/* Whether two rules wait for one report, or could not be judged for one reason. */
static bool
is_same(const json_t *a, const json_t *b)
{
    static const char *const keys[] = {"form", "level", "period", "unit", "reason"};

    for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
        if (!str_equal(member_text(a, keys[i]), member_text(b, keys[i]))) {
            return false;
        }
    }
    return true;
}

static bool
is_told_before(const json_t *pending, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (is_same(json_array_get(pending, i), json_array_get(pending, at))) {
            return true;
        }
    }
    return false;
}

/* ": ZESTAW-002, ZESTAW-003": every rule that waits for this one. */
static void
write_rules(struct screen *screen, const json_t *pending, const json_t *wanted)
{
    size_t        i = 0;
    const json_t *item = NULL;
    const char   *separator = ": ";

    json_array_foreach(pending, i, item)
    {
        if (is_same(item, wanted)) {
            screen_piece(screen, separator, member_text(item, "rule"));
            separator = ", ";
        }
    }
    screen_format(screen, "\n");
}

/* Levels that a rule takes, "jednostkowe zbiorcze": any one of them will do. */
void
set_text_levels(struct screen *screen, struct str levels)
{
    struct str  level = {0};
    const char *separator = " ";

    while (str_cut(&levels, ' ', &level)) {
        screen_piece(screen, separator, level);
        separator = " albo ";
    }
}

/* "        czeka na Rb-28S zbiorcze za 2026-Q2 (SP 1): ZESTAW-002", or why it was not judged. */
static void
write_pending(struct screen *screen, const json_t *all, const json_t *pending)
{
    struct str reason = member_text(pending, "reason");

    if (reason.size > 0) {
        screen_piece(screen, "        nie sprawdzono: ", reason);
    } else {
        screen_piece(screen, "        czeka na ", member_text(pending, "form"));
        set_text_levels(screen, member_text(pending, "level"));
        screen_piece(screen, " za ", member_text(pending, "period"));
    }
    if (member_text(pending, "unit").size > 0) {
        screen_piece(screen, " (", member_text(pending, "unit"));
        screen_format(screen, ")");
    }
    write_rules(screen, all, pending);
}

/* In the words of the rule where the figures are not ours to see. */
static void
write_charge(struct screen *screen, const json_t *finding)
{
    struct finding_view view = finding_member_view(screen->out.arena, finding);
    const json_t       *objection = member_object(finding, "objection");
    int64_t             set = member_number(finding, "set");

    if (view.title.size == 0) {
        view.title = member_text(finding, "about");
    }
    finding_card_write_of_set(screen, set, &view);
    if (objection != NULL) {
        objection_text_write(screen, view.code, member_object(objection, "answer"));
    }
    if (str_equal(member_text(finding, "state"), STR("open"))) {
        screen_format(screen,
                      "      zapytanie: brama answer --set %" PRId64 " --finding %" PRId64 "\n",
                      set, member_number(finding, "id"));
    } else if (member_text(finding, "state").size > 0) {
        screen_format(screen, "      wyjaśnione\n");
    }
}

static void
write_all_pending(struct screen *screen, const json_t *pending)
{
    size_t        i = 0;
    size_t        told = 0;
    const json_t *item = NULL;

    json_array_foreach(pending, i, item)
    {
        if (is_told_before(pending, i)) {
            continue;
        }
        if (told < PENDING_SHOWN) {
            write_pending(screen, pending, item);
        }
        told++;
    }
    if (told > PENDING_SHOWN) {
        screen_format(screen, "        i jeszcze %zu\n", told - PENDING_SHOWN);
    }
}

void
set_text_write(struct screen *screen, const json_t *set)
{
    size_t        i = 0;
    const json_t *item = NULL;

    if (set == NULL) {
        return;
    }
    write_state(screen, set);
    json_array_foreach(member_object(set, "findings"), i, item)
    {
        write_charge(screen, item);
    }
    write_all_pending(screen, member_object(set, "pending"));
}
