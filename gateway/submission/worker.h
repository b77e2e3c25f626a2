#ifndef GATEWAY_SUBMISSION_WORKER_H
#define GATEWAY_SUBMISSION_WORKER_H

#include "gateway/role/role.h"

/*
 * The worker: takes documents from the front and rows from the queue, and leads them in batches
 * through the stages (stage.h): admit, check, decide, conclude. One thread, one connection to the
 * database, one checker, one signer link. It is ready, and linked, once it has its definitions and
 * is in its sandbox: the database may come later. Never ends for a fault of a document, of the
 * database, of a peer: it answers FILING_BUSY or lets things wait, and goes on when they are back.
 */
enum err worker_role(struct role_context *context, struct fault *fault);

#endif
