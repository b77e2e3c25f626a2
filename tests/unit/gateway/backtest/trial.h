#ifndef TESTS_UNIT_GATEWAY_BACKTEST_TRIAL_H
#define TESTS_UNIT_GATEWAY_BACKTEST_TRIAL_H

#include "gateway/backtest/backtest_sets.h"
#include "tests/unit/gateway/submission/workshop.h"

/* What tests of trials share: a workshop that trusts judging_authority(), definitions in force,
 * drafts of them, and a trial in a transaction that cannot write. Aborts when it cannot. */

int trial_start(void **state); /* for cmocka_run_group_tests */
int trial_stop(void **state);

/* Lives until trial_stop. */
struct arena *trial_arena(void);

/* The definitions in force with this instead of that in one file. */
struct definitions trial_draft(const char *path, const char *old, const char *new);

/* backtest_run or backtest_sets_run of what arrived from .. to. */
typedef enum err      trial_task(struct store *store, const struct backtest_request *request,
                                 struct backtest_tally *tally, struct fault *fault);
struct backtest_tally trial_run(const struct workshop *workshop, trial_task *task,
                                const struct definitions *after, instant from, instant to);

#endif
