#ifndef GATEWAY_BRAMAD_LISTENING_H
#define GATEWAY_BRAMAD_LISTENING_H

#include "gateway/bramad/process.h"
#include "validators/base/str.h"

/*
 * What only the parent may make, and the roles inherit: listening sockets and the lock of the state
 * folder. All descriptors are close-on-exec; listening ones are non-blocking.
 */

/*
 * A Unix socket, mode 0660, for owner (stay who we are when not given) and group (empty: the
 * owner's). A socket that stands there already is removed only if nobody answers at it: ERR_CONFIG
 * if somebody still does after 3 seconds, or if it is something else.
 */
MUST_USE enum err listening_unix(struct str path, const struct process_user *owner,
                                 struct str group, int *fd, struct fault *fault);

/* "127.0.0.1:9470" or "[::1]:9470"; port 0: a free one. *port: the one it got. */
MUST_USE enum err listening_tcp(struct str address, int *fd, unsigned *port, struct fault *fault);

/* Held until the descriptor is closed. ERR_CONFIG: another bramad holds it. */
MUST_USE enum err listening_lock(struct str folder, int *fd, struct fault *fault);

#endif
