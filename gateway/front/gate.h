#ifndef GATEWAY_FRONT_GATE_H
#define GATEWAY_FRONT_GATE_H

#include "gateway/front/exchange.h"

/*
 * Who may come in. A request that shows a token is its token's; a certificate counts only when
 * there is no token, so the two can never disagree. A public route asks for neither.
 */

/* Phase becomes BODY, ANSWERED, or IDENTIFIED when a reader has to be asked first. */
void gate_enter(struct exchange *exchange, struct request *request);

/* What a reader said, or the cache: phase becomes BODY or ANSWERED. */
void gate_judge(struct exchange *exchange, struct request *request, const struct reply *who);

#endif
