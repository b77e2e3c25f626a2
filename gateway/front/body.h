#ifndef GATEWAY_FRONT_BODY_H
#define GATEWAY_FRONT_BODY_H

#include "gateway/front/exchange.h"

/*
 * The body of a request on its way into the spool: how large it may be, how much its sender may
 * have there at once, how long it may take. What is refused leaves the phase ANSWERED.
 */

/* What a person enters, and a table of it: all findings that a package may have, answered. */
enum { BODY_CHANGE_MAX = 16 * 1024, BODY_TABLE_MAX = 16 * 1024 * 1024 };

/* A piece of it. */
void body_take(struct exchange *exchange, struct request *request, struct str bytes);

/* It has ended: close the spool. False: refused. */
MUST_USE bool body_finish(struct exchange *exchange, struct request *request);

/*
 * Whether it has paused too long or is too slow as a whole: twice the longest pause and the time of
 * what has come at the least speed. now: of ticks_steady.
 */
MUST_USE bool body_is_late(const struct exchange *exchange, const struct request *request,
                           int64_t now);

#endif
