#ifndef GATEWAY_FRONT_DISPATCH_H
#define GATEWAY_FRONT_DISPATCH_H

#include "gateway/front/exchange.h"

/* Documents to workers, and what became of them. */

/* Put a whole document in line; refuses when too many are there. */
void dispatch_push(struct exchange *exchange, struct request *request);

/* Give workers what they can take. */
void dispatch_run(struct exchange *exchange);

/* A WIRE_NEWS of this worker; false: it cannot be read. */
MUST_USE bool dispatch_take(struct exchange *exchange, unsigned slot, struct wire_message *message);

/* Whether a worker has had this errand for longer than anybody is to wait for one. */
MUST_USE bool dispatch_is_late(const struct exchange *exchange, const struct request *request,
                               int64_t now);

/* This worker is gone: what it had and had not admitted goes to another, with the same arrival;
 * what three have died over is answered with a problem of ours, and no worker gets it again. */
void dispatch_lost(struct exchange *exchange, unsigned slot);

#endif
