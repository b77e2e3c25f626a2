#ifndef GATEWAY_SIGNER_SIGNER_H
#define GATEWAY_SIGNER_SIGNER_H

#include "gateway/receipt/seal.h"
#include "gateway/role/role.h"

/*
 * The signer, and how a worker asks it. A batch of facts goes as one blob, the receipts come back
 * as one blob in the same order. The role has the key, its links to workers, and nothing else; it
 * takes facts only, so there is no way to have given bytes signed.
 */
enum { SIGNER_BATCH_MAX = 8192, SIGNER_BLOB_MAX = 256 * 1024 * 1024 };

/*
 * The role: reads the key from context->key and closes it, makes itself undumpable, enters its
 * sandbox, then serves its workers until it is told to stop. What a worker sends and cannot be read
 * ends the role with ERR_WIRE: a link closed between two that live is never made again, while a
 * role that has ended is started at once and gets new links to all.
 */
enum err signer_role(struct role_context *context, struct fault *fault);

/*
 * Have count receipts signed over this link; at is SigningTime. Waits at most timeout_ms; an answer
 * that comes later is dropped by the next call. Fails with ERR_PEER (gone or too slow; ask again
 * later) or ERR_WIRE; with ERR_LIMIT, ERR_USAGE, ERR_MEMORY or ERR_CRYPTO when the signer could not
 * sign one of them (the fault names which), and then none is signed. receipts live in arena.
 */
MUST_USE enum err signer_ask(struct arena *arena, int link, const struct receipt_facts *facts,
                             size_t count, instant at, int timeout_ms, struct str *receipts,
                             struct fault *fault);

/* The same in this process: for tests. */
MUST_USE enum err signer_ask_here(struct arena *arena, const struct seal *seal,
                                  const struct receipt_facts *facts, size_t count, instant at,
                                  struct str *receipts, struct fault *fault);

#endif
