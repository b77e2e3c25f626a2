#ifndef GATEWAY_COURIER_STAMP_TRADE_H
#define GATEWAY_COURIER_STAMP_TRADE_H

#include "gateway/courier/trade.h"

/*
 * Time stamps of receipts: a question for each, a few at a time; the answer is checked (gateway/
 * stamp) and its time compared with our clock before the stamped form is kept. An authority that
 * fails is asked again later, one question at a time until it has answered.
 */
enum {
    STAMP_TRADE_TOGETHER = 4,
    STAMP_TRADE_MS = 10000,
    STAMP_TRADE_SKEW_SECONDS = 300, /* of its clock and ours */
};

MUST_USE enum err stamp_trade_claim(struct trade_tools *tools, size_t *begun, struct fault *fault);

#endif
