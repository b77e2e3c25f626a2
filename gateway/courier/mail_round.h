#ifndef GATEWAY_COURIER_MAIL_ROUND_H
#define GATEWAY_COURIER_MAIL_ROUND_H

#include "gateway/courier/trade.h"

/*
 * Writes the letters that nobody asked for, when it is time: digests of the day, results, receivers
 * that were switched off. A few people at a time, each lot in one transaction, so that nothing else
 * waits for long and what was begun goes on where it stood. A letter that cannot be composed is
 * left out, and its lot goes on without it. Sends nothing (mail_trade.h).
 */
enum { MAIL_ROUND_PEOPLE = 20 };

/* *more: there is more to write at once. */
MUST_USE enum err mail_round_turn(struct trade_tools *tools, bool *more, struct fault *fault);

#endif
