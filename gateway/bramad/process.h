#ifndef GATEWAY_BRAMAD_PROCESS_H
#define GATEWAY_BRAMAD_PROCESS_H

#include "gateway/bramad/birth.h"

#include <sys/types.h>

/*
 * One process of a role, as the supervisor sees it: started by fork and exec, with nothing but its
 * standard error and the descriptors named, under its own user, ended with its parent. It ignores
 * the signals of terminals and service managers: it is told by its control socket.
 */
struct process_user {
    bool  given; /* else: stay who we are */
    uid_t uid;
    gid_t gid;
};

struct process_start {
    const char         *program; /* path of the executable */
    enum role_kind      role;
    unsigned            slot;
    struct process_user user;
    int                 fds[BIRTH_FD_COUNT]; /* by enum birth_fd less BIRTH_CONTROL; -1: none; the
                                                control socket is made here */
};

struct process {
    pid_t pid; /* 0: none */
    int   pidfd;
    int   control; /* our end, non-blocking */
};

/* How a process ended: signal 0 means by itself, with this status. */
struct process_end {
    int status;
    int signal;
};

MUST_USE enum err process_start(const struct process_start *start, struct process *out,
                                struct fault *fault);

void process_kill(const struct process *process); /* SIGKILL; it may have ended already */

/* Take the end of a process whose pidfd can be read, and forget it. */
struct process_end process_reap(struct process *process);

#endif
