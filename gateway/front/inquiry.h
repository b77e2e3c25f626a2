#ifndef GATEWAY_FRONT_INQUIRY_H
#define GATEWAY_FRONT_INQUIRY_H

#include "gateway/front/exchange.h"

/* Questions to readers: one for each request at a time, in order; a reader's death asks another. */

/* Ask what the phase wants to know: IDENTIFIED who it is, ASKING the answer. */
void inquiry_ask(struct exchange *exchange, struct request *request);

/* The answer may be known by now: ask for it (phase ASKING). */
void inquiry_ask_answer(struct exchange *exchange, struct request *request);

/* Give readers what they can take. */
void inquiry_run(struct exchange *exchange);

/* A WIRE_REPLY of this reader; false: it cannot be read. */
MUST_USE bool inquiry_take(struct exchange *exchange, unsigned slot, struct arena *scratch,
                           struct wire_message *message);

/* Keep an answer as that of the request (phase ANSWERED): what the message holds dies with it. */
void inquiry_keep(struct exchange *exchange, struct request *request, const struct reply *reply,
                  const struct wire_message *message);

/* This reader is gone. */
void inquiry_lost(struct exchange *exchange, unsigned slot);

/* The request is over: forget that it wanted to ask. */
void inquiry_forget(struct exchange *exchange, const struct request *request);

#endif
