#ifndef GATEWAY_FRONT_PETITIONER_H
#define GATEWAY_FRONT_PETITIONER_H

#include "gateway/front/exchange.h"

/*
 * Requests to the desk. Nothing is asked twice: what a desk had when it died may have been done,
 * and whoever asked is told so.
 */

/* The request is whole: hand it over (phase ASKING), or refuse it when there is no desk. */
void petitioner_ask(struct exchange *exchange, struct request *request);

/* A WIRE_REPLY of this desk; false: it cannot be read. */
MUST_USE bool petitioner_take(struct exchange *exchange, unsigned slot, struct arena *scratch,
                              struct wire_message *message);

/* This desk is gone. */
void petitioner_lost(struct exchange *exchange, unsigned slot);

#endif
