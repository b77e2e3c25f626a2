#ifndef GATEWAY_CHECKER_CHECKER_ROLE_H
#define GATEWAY_CHECKER_CHECKER_ROLE_H

#include "gateway/role/role.h"

/*
 * The checker of the gateway: loads definitions and trust, enters its sandbox for good, then reads
 * one document after another for its worker (wire/job.h; the worker's side is checker_link.h). Ends
 * by itself after checker_documents_max documents and after any failure that may have left
 * something behind; the supervisor starts a fresh one. Whoever is late is killed by the supervisor
 * on the word of its worker (WIRE_RENEW).
 */
enum err checker_role(struct role_context *context, struct fault *fault);

#endif
