#ifndef GATEWAY_COURIER_MAIL_TRADE_H
#define GATEWAY_COURIER_MAIL_TRADE_H

#include "gateway/courier/trade.h"

/*
 * Letters: what is due goes to the relay, at most MAIL_TRADE_TOGETHER at a time. Refusal of and
 * silence about a recipient or the letter itself are that letter's; everything else is the relay's,
 * counts against no letter, and makes us wait before we try it with a single one again, each time
 * with another. The secret of a
 * link is made here, at each attempt anew, and stands nowhere but in the letter.
 */
enum { MAIL_TRADE_TOGETHER = 4, MAIL_TRADE_MS = 120000 };

MUST_USE enum err mail_trade_claim(struct trade_tools *tools, size_t *begun, struct fault *fault);

/* What became of an exchange: whose fault it is, in words. pause_ms is left to the caller. */
struct mailing_attempt;
void mail_trade_judge(const struct carrier_answer *answer, struct arena *arena,
                      struct mailing_attempt *out);

#endif
