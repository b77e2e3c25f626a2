#include "gateway/obligation/duty.h"
#include "tests/support/expect.h"

#include <string.h>

/* Moments in order, one microsecond apart where it matters. */
enum {
    EARLY = 100,
    LAST_OF_PERIOD = 999,
    OPENS = 1000,
    IN_TIME = 1999,
    TOO_LATE = 2000, /* due_before */
    LATER = 3000
};

static const struct {
    const char     *claim;
    instant         at;
    instant         filed;
    instant         pending;
    bool            superseded;
    bool            waived;
    enum duty_state want;
} cases[] = {
    {"the period runs",                           LAST_OF_PERIOD, 0,        0,        false, false, DUTY_NOT_DUE   },
    {"the period is over",                        OPENS,          0,        0,        false, false, DUTY_DUE       },
    {"the last moment in time",                   IN_TIME,        0,        0,        false, false, DUTY_DUE       },
    {"the first moment too late",                 TOO_LATE,       0,        0,        false, false, DUTY_LATE      },
    {"filed at the last moment",                  LATER,          IN_TIME,  0,        false, false, DUTY_FULFILLED },
    {"filed at the first moment too late",        LATER,          TOO_LATE, 0,        false, false, DUTY_LATE      },
    {"filed before the period ends",              EARLY,          EARLY,    0,        false, false, DUTY_FULFILLED },
    {"undecided, came at the last moment",        LATER,          0,        IN_TIME,  false, false, DUTY_SUBMITTED },
    {"undecided, came too late",                  LATER,          0,        TOO_LATE, false, false, DUTY_LATE      },
    {"undecided while the term runs",             OPENS,          0,        OPENS,    false, false, DUTY_SUBMITTED },
    {"a correction is undecided",                 LATER,          IN_TIME,  LATER,    false, false, DUTY_FULFILLED },
    {"filed too late, another in time undecided", LATER,          TOO_LATE, IN_TIME,  false, false,
     DUTY_LATE                                                                                                     },
    {"exempted",                                  LATER,          0,        0,        false, true,  DUTY_WAIVED    },
    {"exempted before its time",                  EARLY,          0,        0,        false, true,  DUTY_WAIVED    },
    {"exempted and filed in time",                LATER,          IN_TIME,  0,        false, true,  DUTY_FULFILLED },
    {"exempted and filed too late",               LATER,          TOO_LATE, 0,        false, true,  DUTY_WAIVED    },
    {"exempted with something undecided",         LATER,          0,        IN_TIME,  false, true,  DUTY_WAIVED    },
    {"superseded",                                LATER,          0,        0,        true,  false, DUTY_SUPERSEDED},
    {"superseded after it was filed",             LATER,          IN_TIME,  0,        true,  false, DUTY_FULFILLED },
    {"superseded and filed too late",             LATER,          TOO_LATE, 0,        true,  false, DUTY_SUPERSEDED},
    {"superseded and exempted",                   LATER,          0,        0,        true,  true,  DUTY_SUPERSEDED},
};

static void
state_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct duty_facts facts = {.opens_at = OPENS,
                                         .due_before = TOO_LATE,
                                         .superseded = cases[i].superseded,
                                         .waived = cases[i].waived,
                                         .filed_at = cases[i].filed,
                                         .pending_at = cases[i].pending};
        EXPECT(duty_state(&facts, cases[i].at) == cases[i].want, cases[i].claim);
    }
}

static void
every_state_has_a_name_that_reads_back(void **state)
{
    static const char *const wrong[] = {"", "Late", "late ", "overdue"};

    (void)state;
    for (int i = 0; i < DUTY_STATES; i++) {
        enum duty_state read = DUTY_STATES;
        const char     *name = duty_state_name((enum duty_state)i);
        EXPECT(duty_state_read(str_of(name), &read) && read == (enum duty_state)i, name);
        EXPECT(strlen(duty_state_label((enum duty_state)i)) > 0, name);
    }
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        enum duty_state read = DUTY_STATES;
        EXPECT(!duty_state_read(str_of(wrong[i]), &read) && read == DUTY_STATES, wrong[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_follows_the_table),
        cmocka_unit_test(every_state_has_a_name_that_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
