#include "gateway/cli/set_text.h"

#include "gateway/cli/member.h"

enum { PENDING_SHOWN = 8 };

static void
write_state(struct screen *screen, struct str state)
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

    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        if (str_equal(state, states[i].code)) {
            screen_format(screen, "      zestaw ");
            screen_coloured(screen, states[i].colour, states[i].words);
            screen_format(screen, "\n");
        }
    }
}

/* "        czeka na Rb-28S zbiorcze za 2026-Q2 (SP 1): ZESTAW-002", or why it was not judged. */
static void
write_pending(struct screen *screen, const json_t *pending)
{
    struct str reason = member_text(pending, "reason");
    struct str unit = member_text(pending, "unit");

    if (reason.size > 0) {
        screen_format(screen, "        nie sprawdzono: ");
        screen_text(screen, reason);
    } else {
        screen_format(screen, "        czeka na ");
        screen_text(screen, member_text(pending, "form"));
        screen_format(screen, " ");
        screen_text(screen, member_text(pending, "level"));
        screen_format(screen, " za ");
        screen_text(screen, member_text(pending, "period"));
    }
    if (unit.size > 0) {
        screen_format(screen, " (");
        screen_text(screen, unit);
        screen_format(screen, ")");
    }
    screen_format(screen, ": ");
    screen_text(screen, member_text(pending, "rule"));
    screen_format(screen, "\n");
}

static void
write_charge(struct screen *screen, const json_t *finding)
{
    screen_format(screen, "        ");
    screen_text(screen, member_text(finding, "code"));
    screen_format(screen, " ");
    screen_text(screen, member_text(finding, "cell"));
    screen_format(screen, "\n          ");
    screen_text(screen, member_text(finding, "about"));
    screen_format(screen, "\n");
}

void
set_text_write(struct screen *screen, const json_t *set)
{
    const json_t *pending = member_object(set, "pending");
    size_t        i = 0;
    const json_t *item = NULL;

    if (set == NULL) {
        return;
    }
    write_state(screen, member_text(set, "state"));
    json_array_foreach(member_object(set, "findings"), i, item)
    {
        write_charge(screen, item);
    }
    json_array_foreach(pending, i, item)
    {
        if (i < PENDING_SHOWN) {
            write_pending(screen, item);
        }
    }
    if (json_array_size(pending) > PENDING_SHOWN) {
        screen_format(screen, "        i jeszcze %zu\n", json_array_size(pending) - PENDING_SHOWN);
    }
}
