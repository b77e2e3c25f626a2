#include "gateway/obligation/duty.h"

/* What may hold of a duty at a moment, as bits. */
enum {
    FILED_IN_TIME = 1,
    SUPERSEDED = 2,
    WAIVED = 4,
    FILED = 8,
    PENDING_IN_TIME = 16,
    TERM_OVER = 32,
    PERIOD_OVER = 64,
    ALWAYS = 128
};

static const struct {
    unsigned        holds;
    enum duty_state state;
} rows[] = {
    {FILED_IN_TIME,   DUTY_FULFILLED },
    {SUPERSEDED,      DUTY_SUPERSEDED},
    {WAIVED,          DUTY_WAIVED    },
    {FILED,           DUTY_LATE      },
    {PENDING_IN_TIME, DUTY_SUBMITTED },
    {TERM_OVER,       DUTY_LATE      },
    {PERIOD_OVER,     DUTY_DUE       },
    {ALWAYS,          DUTY_NOT_DUE   },
};

static const struct {
    const char *name;
    const char *label;
} words[DUTY_STATES] = {
    [DUTY_NOT_DUE] = {"not_due",    "Jeszcze nie czas"           },
    [DUTY_DUE] = {"due",        "Do złożenia"              },
    [DUTY_SUBMITTED] = {"submitted",  "Wpłynęło, czeka na wynik"},
    [DUTY_LATE] = {"late",       "Po terminie"                },
    [DUTY_FULFILLED] = {"fulfilled",  "Złożone w terminie"       },
    [DUTY_WAIVED] = {"waived",     "Zwolnione"                  },
    [DUTY_SUPERSEDED] = {"superseded", "Przejęte"                  },
};

static unsigned
bit(bool holds, unsigned which)
{
    return holds ? which : 0;
}

static bool
came_in_time(instant came, const struct duty_facts *facts)
{
    return came != 0 && came < facts->due_before;
}

enum duty_state
duty_state(const struct duty_facts *facts, instant at)
{
    unsigned all = ALWAYS | bit(came_in_time(facts->filed_at, facts), FILED_IN_TIME)
                   | bit(facts->superseded, SUPERSEDED) | bit(facts->waived, WAIVED)
                   | bit(facts->filed_at != 0, FILED)
                   | bit(came_in_time(facts->pending_at, facts), PENDING_IN_TIME)
                   | bit(at >= facts->due_before, TERM_OVER)
                   | bit(at >= facts->opens_at, PERIOD_OVER);
    size_t row = 0;

    while ((all & rows[row].holds) == 0) {
        row++;
    }
    return rows[row].state;
}

const char *
duty_state_name(enum duty_state state)
{
    ENSURE(state >= 0 && state < DUTY_STATES);
    return words[state].name;
}

const char *
duty_state_label(enum duty_state state)
{
    ENSURE(state >= 0 && state < DUTY_STATES);
    return words[state].label;
}

bool
duty_state_read(struct str name, enum duty_state *out)
{
    for (int state = 0; state < DUTY_STATES; state++) {
        if (str_equal(name, str_of(words[state].name))) {
            *out = (enum duty_state)state;
            return true;
        }
    }
    return false;
}
