#include "gateway/cli/verdict_line.h"

#include "gateway/answer/plural.h"
#include "gateway/cli/member.h"

#include <inttypes.h>

static const struct {
    const char        *verdict;
    enum screen_colour colour;
    const char        *sign;
    const char        *words; /* when the gateway sends none of its own */
} verdicts[] = {
    {"accepted",  SCREEN_GREEN,  "✔", "bez błędów"     },
    {"held",      SCREEN_YELLOW, "●", "do podpisu"        },
    {"rejected",  SCREEN_RED,    "✖", "do poprawy"        },
    {"undecided", SCREEN_YELLOW, "●", "nierozstrzygnięte"},
};

static bool
is_withdrawn(const json_t *submission)
{
    return str_equal(member_text(submission, "state"), STR("withdrawn"));
}

void
verdict_line_write_words(struct screen *screen, const json_t *submission, const json_t *object)
{
    struct str verdict = member_text(object, "verdict_text");

    if (is_withdrawn(submission)) {
        screen_text(screen, member_text(submission, "state_text"));
        screen_piece(screen, ", a wcześniej: ", verdict);
    } else {
        screen_text(screen, verdict.size > 0 ? verdict : member_text(object, "state_text"));
    }
}

void
verdict_line_write(struct screen *screen, const json_t *object)
{
    struct str verdict = member_text(object, "verdict");
    struct str text = member_text(object, "verdict_text");

    screen_format(screen, "  ");
    for (size_t i = 0; i < ARRAY_COUNT(verdicts) && !is_withdrawn(object); i++) {
        if (str_equal(verdict, str_of(verdicts[i].verdict))) {
            screen_coloured(screen, verdicts[i].colour, verdicts[i].sign);
            screen_format(screen, " ");
            screen_text(screen, text.size > 0 ? text : str_of(verdicts[i].words));
            return;
        }
    }
    screen_coloured(screen, SCREEN_YELLOW, "●");
    screen_format(screen, " ");
    verdict_line_write_words(screen, object, object);
}

void
verdict_line_write_counts(struct screen *screen, const json_t *counts)
{
    static const struct {
        const char          *key;
        const struct plural *noun;
    } kinds[] = {
        {"error",   &plural_error  },
        {"query",   &plural_query  },
        {"warning", &plural_warning},
        {"info",    &plural_info   },
    };
    const char *separator = " (";

    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        int64_t count = member_number(counts, kinds[i].key);
        if (count > 0) {
            screen_format(screen, "%s%" PRId64 " %s", separator, count,
                          plural_form(kinds[i].noun, (size_t)count));
            separator = ", ";
        }
    }
    screen_format(screen, separator[0] == ',' ? ")\n" : "\n");
}
