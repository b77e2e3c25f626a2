#ifndef TESTS_SCENARIO_POWIAT_OUTCOME_H
#define TESTS_SCENARIO_POWIAT_OUTCOME_H

#include "tests/scenario/powiat/quarter.h"
#include "validators/base/arena.h"

/*
 * What must have become of every report of a quarter in the end, whatever the order in which the
 * gateway took them: said from design.md and the calendar's words, not by the product. The verdict
 * is of the report, its sender and its day alone; the term is that of the level; of a key the
 * highest Wersja is in force, then the latest arrival.
 */
enum outcome_form { OUTCOME_INCOME, OUTCOME_SPENDING, OUTCOME_FORMS };

enum outcome_verdict { OUTCOME_UNDECIDED, OUTCOME_ACCEPTED, OUTCOME_HELD, OUTCOME_REJECTED };

struct outcome {
    const struct quarter_document *document;
    const struct quarter_filing   *filing;
    enum outcome_form              form;
    enum outcome_verdict           verdict;
    bool                           is_placed; /* it is certain whose report it is */
    bool                           corrects;  /* something accepted had come before */
    bool                           in_force;
    const char                    *timeliness;
    bool                           is_outside; /* it came after the correction window */
    int                            queries;
};

struct outcomes {
    const struct quarter *quarter;
    struct outcome       *items;
    size_t                count;
};

/* Lives in arena; aborts when it is full. */
struct outcomes outcomes_of(struct arena *arena, const struct quarter *quarter);

const char *outcome_form_code(enum outcome_form form); /* "RB27S" */
const char *outcome_level(const struct quarter_unit *unit);

/* The last day in time. */
struct date outcome_due(const struct quarter_unit *unit, int period);

/* Whether two reports are versions of one: unit, form and period. */
bool outcome_same_key(const struct outcome *a, const struct outcome *b);

#endif
