#ifndef GATEWAY_SANDBOX_SANDBOX_H
#define GATEWAY_SANDBOX_SANDBOX_H

#include "validators/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The cage of a process that is about to read untrusted bytes (design.md 2.13), and of every role
 * of bramad. What always stays possible is to compute, to allocate memory up to a ceiling, to write
 * to descriptors that are already open, and to end. What a profile does not add to that kills the
 * process: files, sockets, processes, executable memory, signals to others. There is no way out
 * again.
 *
 * Four fences stand behind one another, so that a hole in one is not a hole: no_new_privs, resource
 * limits, Landlock (where the kernel has it: it denies every file and every TCP port), and a
 * seccomp list of allowed system calls with SIGSYS for the rest. Knows nothing of what runs inside.
 *
 * Libraries that read files when first used (OpenSSL its configuration) must have been used before.
 */
enum sandbox_profile {
    SANDBOX_COMPUTE, /* nothing more */
    SANDBOX_CHECKER, /* messages over sockets that it has; maps what it is given, to read */
    SANDBOX_SIGNER,  /* that, and blobs of its own */
    SANDBOX_FRONT,   /* that, and accepting connections at sockets that it has */
    SANDBOX_WORKER,  /* as signer, and connecting to the database; opening a file is answered EACCES
                      */
    SANDBOX_READER,
    SANDBOX_DESK,
    SANDBOX_COURIER, /* as worker, and the network: sockets, threads that resolve names, and reading
                        the files that name servers stand in */
    SANDBOX_PROFILE_COUNT
};

/* A limit of 0 is none, except descriptors of SANDBOX_COMPUTE: that profile may open none. */
struct sandbox_limits {
    size_t   memory_max;      /* bytes of address space beyond what is mapped now */
    unsigned cpu_seconds;     /* of processor time from now on, whole seconds */
    size_t   written_max;     /* bytes of the largest file written, memfds included */
    unsigned descriptors_max; /* open at a time */
    bool     tcp;             /* WORKER, READER: the database is not at a Unix socket */
};

/*
 * Enter. On success the calling process, which must have one thread, is caged until it ends. On
 * failure (ERR_SYSTEM) it may be caged half: end it. A caged process ends with _exit: what runs at
 * exit() may need more than it has.
 */
MUST_USE enum err sandbox_enter_role(enum sandbox_profile         profile,
                                     const struct sandbox_limits *limits, struct fault *fault);

/* The same for SANDBOX_COMPUTE: a child that checks one file. */
MUST_USE enum err sandbox_enter(const struct sandbox_limits *limits, struct fault *fault);

/* Have the calling process killed when this parent ends; false: it has ended already. After a
 * change of user, which clears it. */
MUST_USE bool sandbox_end_with(pid_t parent);

/*
 * Whether memory_max is enforced in this build. AddressSanitizer maps terabytes for its own use, so
 * builds with sanitizers leave it out; they also allow the few calls that its runtime makes.
 */
bool sandbox_bounds_memory(void);

#endif
