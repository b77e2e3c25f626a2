#ifndef GATEWAY_FRONT_HEAD_H
#define GATEWAY_FRONT_HEAD_H

#include "gateway/front/exchange.h"

/* Name of the header in which nginx passes the client's certificate on; nginx always overwrites it.
 */
#define HEAD_CERTIFICATE "X-Brama-Client-Certificate"
/* The same of the network address that the client comes from. */
#define HEAD_ADDRESS "X-Brama-Client-Address"

/*
 * Read the head of a request: route, request id, credential, and the headers and parameters that
 * its route knows. The first fault found is the answer (phase ANSWERED); otherwise the phase stays
 * HEAD. Before the credential is known only 400, 404 and 405 are said: what a body must look like
 * is looked at by head_judge_body, afterwards.
 */
void head_read(struct exchange *exchange, struct request *request, const char *method);

/* What the headers say of the body: length, type, coding, key, digest (phase BODY or ANSWERED). */
void head_judge_body(struct exchange *exchange, struct request *request);

/* Whether the client waits for "100 Continue" before it sends the body. */
bool head_expects_continue(const struct request *request);

#endif
