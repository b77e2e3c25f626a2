#include "gateway/sandbox/call_list.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONDITIONS_MAX = 2 };

#define WHOLE UINT64_MAX

/* Which part of a process's work a call belongs to. A profile is a set of them. */
enum need {
    NEED_COMPUTE = 1 << 0,
    NEED_LINK = 1 << 1,     /* talk over sockets that are there, take descriptors, map blobs */
    NEED_BLOB = 1 << 2,     /* make and seal blobs */
    NEED_HTTP = 1 << 3,     /* accept and serve connections */
    NEED_DATABASE = 1 << 4, /* connect, talk and connect again */
    NEED_TCP = 1 << 5,
    NEED_NO_FILES = 1 << 6, /* to be told that there are none */
    NEED_EGRESS = 1 << 7,   /* resolve names, in threads, and connect to the outside */
};

static const unsigned needs[SANDBOX_PROFILE_COUNT] = {
    [SANDBOX_COMPUTE] = NEED_COMPUTE,
    [SANDBOX_CHECKER] = NEED_COMPUTE | NEED_LINK,
    [SANDBOX_SIGNER] = NEED_COMPUTE | NEED_LINK | NEED_BLOB,
    [SANDBOX_FRONT] = NEED_COMPUTE | NEED_LINK | NEED_BLOB | NEED_HTTP,
    [SANDBOX_WORKER] = NEED_COMPUTE | NEED_LINK | NEED_BLOB | NEED_DATABASE | NEED_NO_FILES,
    [SANDBOX_READER] = NEED_COMPUTE | NEED_LINK | NEED_BLOB | NEED_DATABASE | NEED_NO_FILES,
    [SANDBOX_DESK] = NEED_COMPUTE | NEED_LINK | NEED_BLOB | NEED_DATABASE | NEED_NO_FILES,
    [SANDBOX_COURIER] = NEED_COMPUTE | NEED_LINK | NEED_BLOB | NEED_DATABASE | NEED_EGRESS,
};

/* What an argument of a call must look like: argument & mask == value. */
struct condition {
    unsigned argument;
    uint64_t mask;
    uint64_t value;
};

/* A system call that somebody needs, and with which arguments. */
struct call {
    unsigned         needed_for;
    int              number;
    unsigned         condition_count;
    struct condition conditions[CONDITIONS_MAX];
};

/* clang-format off */

/* Calls without conditions. */
static const struct {
    unsigned needed_for;
    int      number;
} plain_calls[] = {
    /* Computing, allocating, writing and ending; reading is not among it. The clock is listed for
     * machines where the kernel does not answer it without a call; getpid, gettid and
     * rt_sigprocmask for abort(). */
    {NEED_COMPUTE, SCMP_SYS(munmap)},
    {NEED_COMPUTE, SCMP_SYS(mremap)},
    {NEED_COMPUTE, SCMP_SYS(brk)},
    {NEED_COMPUTE, SCMP_SYS(madvise)},
    {NEED_COMPUTE, SCMP_SYS(write)},
    {NEED_COMPUTE, SCMP_SYS(futex)},
    {NEED_COMPUTE, SCMP_SYS(getrandom)},
    {NEED_COMPUTE, SCMP_SYS(getpid)},
    {NEED_COMPUTE, SCMP_SYS(gettid)},
    {NEED_COMPUTE, SCMP_SYS(clock_gettime)},
    {NEED_COMPUTE, SCMP_SYS(gettimeofday)},
    {NEED_COMPUTE, SCMP_SYS(time)},
    {NEED_COMPUTE, SCMP_SYS(rt_sigprocmask)},
    {NEED_COMPUTE, SCMP_SYS(rt_sigreturn)},
    {NEED_COMPUTE, SCMP_SYS(exit)},
    {NEED_COMPUTE, SCMP_SYS(exit_group)},

    {NEED_LINK, SCMP_SYS(poll)},
    {NEED_LINK, SCMP_SYS(ppoll)},
    {NEED_LINK, SCMP_SYS(restart_syscall)},
    {NEED_LINK, SCMP_SYS(recvmsg)},
    {NEED_LINK, SCMP_SYS(sendmsg)},
    {NEED_LINK, SCMP_SYS(fstat)},
    {NEED_LINK, SCMP_SYS(close)},

    {NEED_BLOB, SCMP_SYS(memfd_create)},
    {NEED_BLOB, SCMP_SYS(ftruncate)},
    {NEED_BLOB, SCMP_SYS(lseek)},
    {NEED_BLOB, SCMP_SYS(read)},
    {NEED_BLOB, SCMP_SYS(pread64)},
    {NEED_BLOB, SCMP_SYS(pwrite64)},
    {NEED_BLOB, SCMP_SYS(writev)},

    {NEED_HTTP, SCMP_SYS(accept4)},
    {NEED_HTTP, SCMP_SYS(accept)},
    {NEED_HTTP, SCMP_SYS(epoll_create1)},
    {NEED_HTTP, SCMP_SYS(epoll_ctl)},
    {NEED_HTTP, SCMP_SYS(epoll_wait)},
    {NEED_HTTP, SCMP_SYS(epoll_pwait)},
    {NEED_HTTP, SCMP_SYS(eventfd2)},
    {NEED_HTTP, SCMP_SYS(sendfile)},
    {NEED_HTTP, SCMP_SYS(shutdown)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(select)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(pselect6)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(recvfrom)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(sendto)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(getsockopt)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(setsockopt)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(getsockname)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(getpeername)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(clock_nanosleep)},
    {NEED_HTTP | NEED_DATABASE, SCMP_SYS(nanosleep)},

    /* Which sockets connect() reaches is for the socket call, Landlock and the file system. The
     * state's file system is asked for its free room, without opening anything. */
    {NEED_DATABASE, SCMP_SYS(connect)},
    {NEED_DATABASE, SCMP_SYS(rt_sigaction)},
    {NEED_DATABASE, SCMP_SYS(rt_sigpending)},
    {NEED_DATABASE, SCMP_SYS(rt_sigtimedwait)},
    {NEED_DATABASE, SCMP_SYS(getuid)},
    {NEED_DATABASE, SCMP_SYS(geteuid)},
    {NEED_DATABASE, SCMP_SYS(getgid)},
    {NEED_DATABASE, SCMP_SYS(getegid)},
    {NEED_DATABASE, SCMP_SYS(uname)},
    {NEED_DATABASE, SCMP_SYS(statfs)},
    {NEED_DATABASE, SCMP_SYS(fstatfs)},

    /* Threads of this process, and what glibc and libcurl do with them; the resolver's own calls. */
    {NEED_EGRESS, SCMP_SYS(set_robust_list)},
    {NEED_EGRESS, SCMP_SYS(rseq)},
    {NEED_EGRESS, SCMP_SYS(sched_getaffinity)},
    {NEED_EGRESS, SCMP_SYS(sched_yield)},
    {NEED_EGRESS, SCMP_SYS(sigaltstack)},
    {NEED_EGRESS, SCMP_SYS(socketpair)},
    {NEED_EGRESS, SCMP_SYS(pipe2)},
    {NEED_EGRESS, SCMP_SYS(shutdown)},
    {NEED_EGRESS, SCMP_SYS(sendmmsg)},
    {NEED_EGRESS, SCMP_SYS(recvmmsg)},
    {NEED_EGRESS, SCMP_SYS(sysinfo)},
    {NEED_EGRESS, SCMP_SYS(getppid)},

#if SANDBOX_SANITIZED
    {NEED_COMPUTE, SCMP_SYS(sched_yield)},
    {NEED_COMPUTE, SCMP_SYS(sigaltstack)},
#endif
#ifdef BRAMA_FAILPOINTS
    {NEED_LINK, SCMP_SYS(clock_nanosleep)}, /* waiting at a failpoint */
#endif
};

/* Conditions are about the lower half of an argument, where the kernel takes an int: glibc does not
 * promise what stands in the upper one. */
#define INT_IS(argument, value) {argument, 0xFFFFFFFF, value}

static const struct call conditional_calls[] = {
    /* Memory that is not executable: our own, or a descriptor's, to read. A blob that is mapped
     * writable could not be sealed by whoever takes it. */
    {NEED_COMPUTE, SCMP_SYS(mmap), 2, {{2, PROT_EXEC, 0}, {3, MAP_ANONYMOUS, MAP_ANONYMOUS}}},
    {NEED_LINK, SCMP_SYS(mmap), 1, {{2, PROT_EXEC | PROT_WRITE, 0}}},
    /* fstat() is this call; a path makes no difference to what the flag allows to learn. */
    {NEED_LINK, SCMP_SYS(newfstatat), 1, {INT_IS(3, AT_EMPTY_PATH)}},
    {NEED_LINK, SCMP_SYS(fcntl), 1, {INT_IS(1, F_GET_SEALS)}},
    {NEED_BLOB, SCMP_SYS(fcntl), 1, {INT_IS(1, F_ADD_SEALS)}},
    {NEED_BLOB, SCMP_SYS(fcntl), 1, {INT_IS(1, F_GETFL)}},
    {NEED_BLOB, SCMP_SYS(fcntl), 1, {INT_IS(1, F_SETFL)}},
    {NEED_BLOB, SCMP_SYS(fcntl), 1, {INT_IS(1, F_GETFD)}},
    {NEED_BLOB, SCMP_SYS(fcntl), 1, {INT_IS(1, F_SETFD)}},
    {NEED_DATABASE, SCMP_SYS(socket), 1, {INT_IS(0, AF_UNIX)}},
    {NEED_TCP, SCMP_SYS(socket), 1, {INT_IS(0, AF_INET)}},
    {NEED_TCP, SCMP_SYS(socket), 1, {INT_IS(0, AF_INET6)}},
    {NEED_EGRESS, SCMP_SYS(ioctl), 1, {INT_IS(1, FIONREAD)}},
    {NEED_EGRESS, SCMP_SYS(ioctl), 1, {INT_IS(1, FIONBIO)}},
    /* Threads, never processes; their stacks are not executable. */
    {NEED_EGRESS, SCMP_SYS(clone), 1, {{0, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD}}},
    {NEED_EGRESS, SCMP_SYS(mprotect), 1, {{2, PROT_EXEC, 0}}},
    {NEED_EGRESS, SCMP_SYS(fcntl), 1, {INT_IS(1, F_DUPFD_CLOEXEC)}},
    /* Files to read only: hosts, resolv.conf, nsswitch.conf; Landlock names the folders. */
    {NEED_EGRESS, SCMP_SYS(openat), 1, {{2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY}}},
    {NEED_EGRESS, SCMP_SYS(newfstatat), 1, {INT_IS(3, 0)}},
#if SANDBOX_SANITIZED
    {NEED_COMPUTE, SCMP_SYS(mprotect), 1, {{2, PROT_EXEC, 0}}},
    {NEED_COMPUTE, SCMP_SYS(prctl), 1, {{0, WHOLE, PR_SET_VMA}}},
#endif
};

/* Refused without ending the process: libpq looks for files of its user, and for more. */
static const struct {
    unsigned refused_to;
    int      number;
} refused_calls[] = {
    {NEED_DATABASE, SCMP_SYS(open)},
    {NEED_DATABASE, SCMP_SYS(access)},
    {NEED_DATABASE, SCMP_SYS(faccessat)},
    {NEED_DATABASE, SCMP_SYS(faccessat2)},
    {NEED_DATABASE, SCMP_SYS(stat)},
    {NEED_DATABASE, SCMP_SYS(lstat)},
    {NEED_DATABASE, SCMP_SYS(readlink)},
    {NEED_DATABASE, SCMP_SYS(readlinkat)},
#if SANDBOX_SANITIZED
    {NEED_COMPUTE, SCMP_SYS(readlink)}, /* so that a sanitizer begins to say what it has found */
#endif
};

/* stat() and lstat() are this call since glibc 2.33. */
static const struct call refused_conditional_calls[] = {
    {NEED_NO_FILES, SCMP_SYS(openat), 0, {{0, 0, 0}}},
    {NEED_NO_FILES, SCMP_SYS(newfstatat), 1, {INT_IS(3, 0)}},
    /* glibc would like to know which addresses this machine has, and goes on without. */
    {NEED_EGRESS, SCMP_SYS(socket), 1, {INT_IS(0, AF_NETLINK)}},
    {NEED_EGRESS, SCMP_SYS(openat), 1, {{2, O_ACCMODE, O_WRONLY}}},
    {NEED_EGRESS, SCMP_SYS(openat), 1, {{2, O_ACCMODE, O_RDWR}}},
    {NEED_DATABASE, SCMP_SYS(newfstatat), 1, {INT_IS(3, AT_SYMLINK_NOFOLLOW)}},
};

/* clang-format on */

static enum err
add(scmp_filter_ctx filter, uint32_t action, const struct call *call, struct fault *fault)
{
    struct scmp_arg_cmp conditions[CONDITIONS_MAX];

    for (unsigned i = 0; i < call->condition_count; i++) {
        const struct condition *given = &call->conditions[i];
        conditions[i] =
            (struct scmp_arg_cmp){given->argument, SCMP_CMP_MASKED_EQ, given->mask, given->value};
    }
    int got =
        seccomp_rule_add_array(filter, action, call->number, call->condition_count, conditions);
    if (got != 0) {
        return FAIL(fault, ERR_SYSTEM, "seccomp rule for call %d: %s", call->number,
                    strerrordesc_np(-got));
    }
    return ERR_OK;
}

static enum err
add_listed(scmp_filter_ctx filter, unsigned needed, struct fault *fault)
{
    for (size_t i = 0; i < ARRAY_COUNT(plain_calls); i++) {
        if ((plain_calls[i].needed_for & needed) != 0) {
            TRY(add(filter, SCMP_ACT_ALLOW, &(struct call){.number = plain_calls[i].number},
                    fault));
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(conditional_calls); i++) {
        if ((conditional_calls[i].needed_for & needed) != 0) {
            TRY(add(filter, SCMP_ACT_ALLOW, &conditional_calls[i], fault));
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(refused_calls); i++) {
        if ((refused_calls[i].refused_to & needed) != 0) {
            TRY(add(filter, SCMP_ACT_ERRNO(EACCES),
                    &(struct call){.number = refused_calls[i].number}, fault));
        }
    }
    for (size_t i = 0; i < ARRAY_COUNT(refused_conditional_calls); i++) {
        if ((refused_conditional_calls[i].needed_for & needed) != 0) {
            TRY(add(filter, SCMP_ACT_ERRNO(EACCES), &refused_conditional_calls[i], fault));
        }
    }
    return ERR_OK;
}

static enum err
fill(scmp_filter_ctx filter, unsigned needed, struct fault *fault)
{
    /* Only the signal of abort() and only to itself, so that a bug is told from an attack. */
    const struct call abort_call = {
        NEED_COMPUTE, SCMP_SYS(tgkill), 2, {{0, WHOLE, (uint64_t)getpid()}, {2, WHOLE, SIGABRT}}
    };

    TRY(add_listed(filter, needed, fault));
    TRY(add(filter, SCMP_ACT_ALLOW, &abort_call, fault));
    if ((needed & NEED_EGRESS) != 0) { /* glibc then makes its threads by clone, whose flags show */
        TRY(add(filter, SCMP_ACT_ERRNO(ENOSYS), &(struct call){.number = SCMP_SYS(clone3)}, fault));
    }
    if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0
        || seccomp_load(filter) != 0) {
        return FAIL(fault, ERR_SYSTEM, "seccomp: the kernel refuses the filter");
    }
    return ERR_OK;
}

enum err
call_list_enforce(enum sandbox_profile profile, bool tcp, struct fault *fault)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    unsigned        needed = needs[profile];

    if (filter == NULL) {
        return FAIL(fault, ERR_SYSTEM, "seccomp: no filter");
    }
    if (tcp && (needed & NEED_DATABASE) != 0) {
        needed |= NEED_TCP;
    }
    enum err got = fill(filter, needed, fault);
    seccomp_release(filter);
    return got;
}
