#ifndef GATEWAY_BACKTEST_BACKTEST_SETS_H
#define GATEWAY_BACKTEST_BACKTEST_SETS_H

#include "gateway/backtest/backtest.h"

/*
 * A draft of definitions over sets: every set, of a JST or of a unit, with a report in force that
 * arrived in the span is judged twice, by the rules in force (as they are switched now) and by the
 * draft (with nothing switched off). Its reports, and what is owed, are those of today, not those
 * of when they came; so what is pending today is pending here. Sets of later periods that look back
 * at these are not among them. Changes nothing and keeps nothing: memory is that of a few sets, of
 * the reports of one JST and of the tally, however long the span.
 */

/* Within a transaction of the caller. Failures of the store, ERR_LIMIT (of the tally), ERR_MEMORY.
 */
MUST_USE enum err backtest_sets_run(struct store *store, const struct backtest_request *request,
                                    struct backtest_tally *tally, struct fault *fault);

#endif
