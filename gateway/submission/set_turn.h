#ifndef GATEWAY_SUBMISSION_SET_TURN_H
#define GATEWAY_SUBMISSION_SET_TURN_H

#include "gateway/submission/bench.h"

/*
 * A set that something else has changed (gateway/setbook/rework.h): one at a time, between two
 * batches, so that filings never wait for many.
 */

/* True: one was judged or looked for, and there may be more. A failure is told, and the row waits.
 */
bool set_turn_take(struct bench *bench);

#endif
