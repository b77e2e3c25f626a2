#ifndef GATEWAY_COURIER_WEBHOOK_TRADE_H
#define GATEWAY_COURIER_WEBHOOK_TRADE_H

#include "gateway/courier/trade.h"

/*
 * Webhooks: what is due is signed and sent, at most WEBHOOK_TRADE_TOGETHER at a time to one
 * endpoint, so that one that does not answer holds up nobody else. 2xx is delivered, 410 ends it,
 * everything else comes again later (gateway/outbox/delivery.h).
 */
enum { WEBHOOK_TRADE_TOGETHER = 4, WEBHOOK_TRADE_MS = 15000, WEBHOOK_TRADE_ANSWER_MAX = 16384 };

MUST_USE enum err webhook_trade_claim(struct trade_tools *tools, size_t *begun,
                                      struct fault *fault);

#endif
