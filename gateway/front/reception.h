#ifndef GATEWAY_FRONT_RECEPTION_H
#define GATEWAY_FRONT_RECEPTION_H

#include "gateway/front/exchange.h"

/*
 * HTTP/1.1 by libmicrohttpd, without a thread of its own: the loop watches reception_fd and calls
 * reception_run. A request that waits for somebody is suspended and costs nothing until it is
 * woken.
 */
struct reception;

/* Listen on this socket. Sets exchange->wake and ->cut. ERR_SYSTEM. */
MUST_USE enum err reception_open(struct arena *arena, struct exchange *exchange, int listen,
                                 struct reception **out, struct fault *fault);

/* To be watched for reading. */
int reception_fd(const struct reception *reception);

/* Do what can be done now. */
void reception_run(struct reception *reception);

/* Milliseconds until reception_run wants to be called anyway; -1: it does not. */
int reception_timeout(const struct reception *reception);

/* Take no new connections; those open go on. */
void reception_quiesce(struct reception *reception);

/* End everything; whoever still waits is refused first. */
void reception_close(struct reception *reception);

#endif
