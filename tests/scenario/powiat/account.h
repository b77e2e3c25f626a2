#ifndef TESTS_SCENARIO_POWIAT_ACCOUNT_H
#define TESTS_SCENARIO_POWIAT_ACCOUNT_H

#include "tests/scenario/powiat/cashbook.h"
#include "tests/scenario/powiat/outcome.h"

/*
 * What must stand in the gateway's books at the end of a quarter, line by line in the words of
 * record.h: reports, duties, counts of completeness, changes of the registry and of duties.
 */
struct cashbook account_reports(struct arena *arena, const struct outcomes *outcomes);
/* asked: of record.h, as is what else sets ask; it is taken from the findings themselves. */
struct cashbook account_duties(struct arena *arena, const struct outcomes *outcomes,
                               const struct cashbook *asked);

/* Of what this JST and those below it owe. */
struct cashbook account_completeness(struct arena *arena, const struct outcomes *outcomes,
                                     const struct cashbook *asked, size_t jst);

struct cashbook account_changes(struct arena *arena, const struct quarter *quarter);

#endif
