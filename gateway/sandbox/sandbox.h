#ifndef GATEWAY_SANDBOX_SANDBOX_H
#define GATEWAY_SANDBOX_SANDBOX_H

#include "validators/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The cage of a process that is about to read untrusted bytes (design.md 2.13). What stays possible
 * is to compute, to allocate memory up to a ceiling, to write to descriptors that are already open,
 * and to end. Everything else kills the process: files, sockets, processes, executable memory,
 * signals to others. There is no way out again.
 *
 * Four fences stand behind one another, so that a hole in one is not a hole: no_new_privs, resource
 * limits, Landlock (where the kernel has it: it denies every file and every TCP port), and a
 * seccomp list of allowed system calls with SIGSYS for the rest. Knows nothing of what runs inside.
 *
 * Libraries that read files when first used (OpenSSL its configuration) must have been used before.
 */
struct sandbox_limits {
    size_t   memory_max;  /* bytes of address space beyond what is mapped now */
    unsigned cpu_seconds; /* of processor time from now on, whole seconds, at least 1 */
    size_t   written_max; /* bytes of the largest file written, memfds included */
};

/*
 * Enter. On success the calling process, which must have one thread, is caged until it ends. On
 * failure (ERR_SYSTEM) it may be caged half: end it.
 */
MUST_USE enum err sandbox_enter(const struct sandbox_limits *limits, struct fault *fault);

/*
 * Whether memory_max is enforced in this build. AddressSanitizer maps terabytes for its own use, so
 * builds with sanitizers leave it out; they also allow the few calls that its runtime makes.
 */
bool sandbox_bounds_memory(void);

#endif
