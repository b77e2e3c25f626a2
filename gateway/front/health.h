#ifndef GATEWAY_FRONT_HEALTH_H
#define GATEWAY_FRONT_HEALTH_H

#include "gateway/front/exchange.h"

/*
 * What an operator's machines ask, on a loopback socket of its own and never on the public one:
 * /livez (the loop runs), /readyz (everything that a filing needs is there; ?verbose says what) and
 * /metrics (Prometheus).
 */
struct health;

/* Listen on this socket. ERR_SYSTEM. */
MUST_USE enum err health_open(struct arena *arena, const struct exchange *exchange, int listen,
                              struct health **out, struct fault *fault);

int  health_fd(const struct health *health); /* to be watched for reading */
void health_run(struct health *health);
int  health_timeout(const struct health *health); /* as reception_timeout */
void health_close(struct health *health);

#endif
