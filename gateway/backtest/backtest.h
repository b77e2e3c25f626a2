#ifndef GATEWAY_BACKTEST_BACKTEST_H
#define GATEWAY_BACKTEST_BACKTEST_H

#include "gateway/backtest/backtest_tally.h"
#include "gateway/definitions/definitions.h"
#include "gateway/store/store.h"

/*
 * A draft of definitions over what was filed: every stored document that arrived in a span is
 * judged twice, by the rules in force (as they are switched) and by the draft (with nothing
 * switched off), and the verdicts are counted. Documents are read in the sandboxed children of
 * checker.h, with the answers of the registry that were recorded with their decisions. Changes
 * nothing and keeps nothing: memory is that of a few documents and of the tally, however long the
 * span.
 */
struct backtest_request {
    const struct definitions *before; /* in force */
    const struct definitions *after;  /* the draft */
    instant                   from;   /* arrival; this one and later */
    instant                   to;     /* before this one */
};

/* Within a transaction of the caller, who must have one thread. Failures of the store, ERR_LIMIT
 * (of the tally), ERR_MEMORY. */
MUST_USE enum err backtest_run(struct store *store, const struct backtest_request *request,
                               struct backtest_tally *tally, struct fault *fault);

#endif
