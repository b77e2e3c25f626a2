#ifndef TESTS_SCENARIO_POWIAT_ACCOUNT_H
#define TESTS_SCENARIO_POWIAT_ACCOUNT_H

#include "tests/scenario/powiat/ledger.h"
#include "tests/scenario/powiat/outcome.h"

/*
 * What must stand in the gateway's books at the end of a quarter, line by line in the words of
 * record.h: reports, duties, counts of completeness, changes of the registry and of duties.
 */
struct ledger account_reports(struct arena *arena, const struct outcomes *outcomes);
struct ledger account_duties(struct arena *arena, const struct outcomes *outcomes);

/* Of what this JST and those below it owe. */
struct ledger account_completeness(struct arena *arena, const struct outcomes *outcomes,
                                   size_t jst);

struct ledger account_changes(struct arena *arena, const struct quarter *quarter);

#endif
