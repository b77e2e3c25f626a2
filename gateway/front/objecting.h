#ifndef GATEWAY_FRONT_OBJECTING_H
#define GATEWAY_FRONT_OBJECTING_H

#include "gateway/front/request.h"

/*
 * ?objection=CODE&reason=TEXT of a filing: codes of rules with ',' between them, and in words why
 * they are wrong (percent-encoded UTF-8). Looked at before a body is taken: what is no objection at
 * all stores nothing. Whether a rule has rejected anything is known only when it is decided.
 */
enum { OBJECTING_REASON_MAX = 500 /* characters */ };

/* Fill objection and objection_reason. False: *problem and *detail say what is wrong. */
MUST_USE bool objecting_read(struct request *request, enum problem *problem, const char **detail);

#endif
