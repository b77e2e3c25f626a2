#include "gateway/bramad/process.h"

#include "gateway/sandbox/sandbox.h"
#include "gateway/wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ABOVE_ALL = 64, STATUS_NOT_STARTED = 126, SLOT_TEXT_MAX = 16 };

/* Every descriptor at its fixed number, all others closed. */
static bool
arrange_descriptors(const int *fds)
{
    int high[BIRTH_FD_COUNT];

    for (int i = 0; i < BIRTH_FD_COUNT; i++) {
        high[i] = fds[i] < 0 ? -1 : fcntl(fds[i], F_DUPFD, ABOVE_ALL);
        if (fds[i] >= 0 && high[i] < 0) {
            return false;
        }
    }
    for (int i = 0; i < BIRTH_FD_COUNT; i++) {
        int number = BIRTH_CONTROL + i;
        if (high[i] < 0) {
            (void)close(number); /* may be closed already */
        } else if (dup2(high[i], number) < 0) {
            return false;
        }
    }
    return close_range(BIRTH_FD_END, UINT_MAX, 0) == 0;
}

/* What is ignored stays ignored after exec: a long log or a gone peer is an error of a call. */
static bool
arrange_signals(void)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
    sigset_t         none;

    for (size_t i = 0; i < ARRAY_COUNT(ignored); i++) {
        if (signal(ignored[i], SIG_IGN) == SIG_ERR) {
            return false;
        }
    }
    return sigemptyset(&none) == 0 && pthread_sigmask(SIG_SETMASK, &none, NULL) == 0;
}

/* For good: the saved ids go too. */
static bool
become_user(const struct process_user *user)
{
    if (!user->given) {
        return true;
    }
    return setgroups(0, NULL) == 0 && setresgid(user->gid, user->gid, user->gid) == 0
           && setresuid(user->uid, user->uid, user->uid) == 0 && (user->uid == 0 || setuid(0) != 0);
}

static _Noreturn void
become_role(const struct process_start *start, const int *fds, pid_t parent)
{
    char  slot[SLOT_TEXT_MAX];
    char *arguments[] = {(char *)"bramad",
                         (char *)"--role",
                         (char *)role_kind_name(start->role),
                         (char *)"--slot",
                         slot,
                         NULL};

    (void)snprintf(slot, sizeof slot, "%u", start->slot);
    if (arrange_descriptors(fds) && arrange_signals() && become_user(&start->user)
        && sandbox_end_with(parent)) {
        (void)execv(start->program, arguments); /* returns only when it has failed */
    }
    _exit(STATUS_NOT_STARTED);
}

/* Our end never makes us wait for a role; theirs is of the same pair and blocks. */
static enum err
make_control(int ends[2], struct fault *fault)
{
    TRY(wire_pair(ends, fault));
    int flags = fcntl(ends[0], F_GETFL);
    if (flags < 0 || fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) != 0) {
        return FAIL(fault, ERR_SYSTEM, "control socket: %s", strerrordesc_np(errno));
    }
    return ERR_OK;
}

static enum err
watch(pid_t pid, int control, struct process *out, struct fault *fault)
{
    int pidfd = pidfd_open(pid, 0);

    if (pidfd < 0) {
        int reason = errno;
        (void)kill(pid, SIGKILL); /* our own child, not yet waited for */
        (void)waitpid(pid, NULL, 0);
        return FAIL(fault, ERR_SYSTEM, "pidfd_open: %s", strerrordesc_np(reason));
    }
    *out = (struct process){.pid = pid, .pidfd = pidfd, .control = control};
    return ERR_OK;
}

enum err
process_start(const struct process_start *start, struct process *out, struct fault *fault)
{
    int   ends[2] = {-1, -1};
    int   fds[BIRTH_FD_COUNT];
    pid_t parent = getpid();

    TRY(make_control(ends, fault));
    memcpy(fds, start->fds, sizeof fds);
    fds[0] = ends[1];
    pid_t    pid = fork();
    enum err got = ERR_OK;
    if (pid == 0) {
        become_role(start, fds, parent);
    }
    if (pid < 0) {
        got = FAIL(fault, ERR_SYSTEM, "fork: %s", strerrordesc_np(errno));
    } else {
        got = watch(pid, ends[0], out, fault);
    }
    (void)close(ends[1]); /* the role has its own copy */
    if (got != ERR_OK) {
        (void)close(ends[0]);
    }
    return got;
}

void
process_kill(const struct process *process)
{
    if (process->pid > 0) {
        (void)pidfd_send_signal(process->pidfd, SIGKILL, NULL, 0); /* gone already is as good */
    }
}

struct process_end
process_reap(struct process *process)
{
    int status = 0;

    ENSURE(waitpid(process->pid, &status, 0) == process->pid);
    (void)close(process->pidfd);
    if (process->control >= 0) {
        (void)close(process->control);
    }
    *process = (struct process){.pidfd = -1, .control = -1};
    if (WIFSIGNALED(status)) {
        return (struct process_end){.signal = WTERMSIG(status)};
    }
    return (struct process_end){.status = WEXITSTATUS(status)};
}
