#ifndef GATEWAY_SANDBOX_LANDLOCK_H
#define GATEWAY_SANDBOX_LANDLOCK_H

#include "validators/base/err.h"

#include <stdbool.h>

/*
 * Landlock, by raw system calls, as the C library has none for it: from now on this process may
 * open, make, rename or remove no file, and use no TCP port (unless that shall stay), reach no
 * abstract socket and signal nobody outside, whatever its user may otherwise do.
 * Older kernels deny less (the list of what can be denied grows with their ABI version), kernels
 * without Landlock nothing: that is not a failure here, as seccomp denies all the same calls.
 * no_new_privs must be set. Fails with ERR_SYSTEM when the kernel has Landlock and refuses.
 */
enum landlock_tcp { LANDLOCK_NO_TCP, LANDLOCK_TCP_STAYS };

/* resolves: the files in which it stands who resolves names stay readable. */
MUST_USE enum err landlock_deny(enum landlock_tcp tcp, bool resolves, struct fault *fault);

#endif
