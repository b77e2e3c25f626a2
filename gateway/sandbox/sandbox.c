#include "gateway/sandbox/sandbox.h"

#include "gateway/sandbox/landlock.h"
#include "validators/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CONDITIONS_MAX = 2, STATM_SIZE = 128 };

/* What an argument of a call must look like: argument & mask == value. */
struct condition {
    unsigned argument;
    uint64_t mask;
    uint64_t value;
};

/* An allowed system call. */
struct call {
    int              number;
    unsigned         condition_count;
    struct condition conditions[CONDITIONS_MAX];
};

/*
 * All that computing, allocating, writing an answer and ending takes; reading is not among it. The
 * clock is listed for machines where the kernel does not answer it without a call; getpid, gettid
 * and rt_sigprocmask for abort().
 */
static const int calls[] = {
    SCMP_SYS(munmap),         SCMP_SYS(mremap),        SCMP_SYS(brk),          SCMP_SYS(madvise),
    SCMP_SYS(write),          SCMP_SYS(futex),         SCMP_SYS(getrandom),    SCMP_SYS(getpid),
    SCMP_SYS(gettid),         SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),  SCMP_SYS(exit),         SCMP_SYS(exit_group),
};

static const struct call map_call = {
    SCMP_SYS(mmap), 2, {{2, PROT_EXEC, 0}, {3, MAP_ANONYMOUS, MAP_ANONYMOUS}}
};

#if SANDBOX_SANITIZED
/* What the runtime of AddressSanitizer calls besides; never part of what users run. */
static const struct call sanitizer_calls[] = {
    {SCMP_SYS(mprotect),    1, {{2, PROT_EXEC, 0}}          },
    {SCMP_SYS(prctl),       1, {{0, UINT64_MAX, PR_SET_VMA}}},
    {SCMP_SYS(sched_yield), 0, {{0, 0, 0}}                  },
    {SCMP_SYS(sigaltstack), 0, {{0, 0, 0}}                  },
};
static const size_t sanitizer_call_count = ARRAY_COUNT(sanitizer_calls);
static const bool   bounds_memory = false;
#else
static const struct call *const sanitizer_calls = NULL;
static const size_t             sanitizer_call_count = 0;
static const bool               bounds_memory = true;
#endif

bool
sandbox_bounds_memory(void)
{
    return bounds_memory;
}

static enum err
set_limit(const char *name, int resource, rlim_t value, struct fault *fault)
{
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

    if (setrlimit((__rlimit_resource_t)resource, &limit) != 0) {
        return FAIL(fault, ERR_SYSTEM, "limit of %s: %s", name, strerrordesc_np(errno));
    }
    return ERR_OK;
}

/* Bytes of address space in use: the first number of /proc/self/statm, in pages. */
static enum err
mapped_now(size_t *out, struct fault *fault)
{
    char       text[STATM_SIZE];
    struct str rest = {0};
    struct str pages = {0};
    int64_t    number = 0;
    int        fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t    size = fd < 0 ? -1 : read(fd, text, sizeof text);

    if (fd >= 0) {
        (void)close(fd); /* read only: nothing can be lost */
    }
    if (size > 0) {
        rest = (struct str){text, (size_t)size};
    }
    if (!str_cut(&rest, ' ', &pages) || !str_to_number(pages, &number)) {
        return FAIL(fault, ERR_SYSTEM, "/proc/self/statm cannot be read");
    }
    *out = (size_t)number * (size_t)sysconf(_SC_PAGESIZE);
    return ERR_OK;
}

static enum err
limit_memory(size_t memory_max, struct fault *fault)
{
    size_t mapped = 0;

    if (!bounds_memory) {
        return ERR_OK;
    }
    TRY(mapped_now(&mapped, fault));
    /* A user may have set a lower one for us: it stays. */
    struct rlimit given = {0};
    size_t        wanted = mapped + memory_max;
    if (getrlimit(RLIMIT_AS, &given) == 0 && given.rlim_max < wanted) {
        wanted = given.rlim_max;
    }
    return set_limit("address space", RLIMIT_AS, wanted, fault);
}

/* The order matters to one of them: reading /proc needs a descriptor, so memory comes first. */
static enum err
limit_resources(const struct sandbox_limits *limits, struct fault *fault)
{
    ENSURE(limits->cpu_seconds >= 1);
    TRY(limit_memory(limits->memory_max, fault));
    TRY(set_limit("processor time", RLIMIT_CPU, limits->cpu_seconds, fault));
    TRY(set_limit("file size", RLIMIT_FSIZE, limits->written_max, fault));
    TRY(set_limit("processes", RLIMIT_NPROC, 0, fault));
    return set_limit("core size", RLIMIT_CORE, 0, fault);
}

static enum err
allow(scmp_filter_ctx filter, const struct call *call, struct fault *fault)
{
    struct scmp_arg_cmp conditions[CONDITIONS_MAX];

    for (unsigned i = 0; i < call->condition_count; i++) {
        const struct condition *given = &call->conditions[i];
        conditions[i] =
            (struct scmp_arg_cmp){given->argument, SCMP_CMP_MASKED_EQ, given->mask, given->value};
    }
    int got = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call->number, call->condition_count,
                                     conditions);
    if (got != 0) {
        return FAIL(fault, ERR_SYSTEM, "seccomp rule for call %d: %s", call->number,
                    strerrordesc_np(-got));
    }
    return ERR_OK;
}

static enum err
fill(scmp_filter_ctx filter, struct fault *fault)
{
    /* Only the signal of abort() and only to itself, so that a bug is told from an attack. */
    const struct call abort_call = {
        SCMP_SYS(tgkill), 2, {{0, UINT64_MAX, (uint64_t)getpid()}, {2, UINT64_MAX, SIGABRT}}
    };

    for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
        TRY(allow(filter, &(struct call){.number = calls[i]}, fault));
    }
    TRY(allow(filter, &map_call, fault));
    for (size_t i = 0; i < sanitizer_call_count; i++) {
        TRY(allow(filter, &sanitizer_calls[i], fault));
    }
    TRY(allow(filter, &abort_call, fault));
    if (seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0
        || seccomp_load(filter) != 0) {
        return FAIL(fault, ERR_SYSTEM, "seccomp: the kernel refuses the filter");
    }
    return ERR_OK;
}

static enum err
allow_listed_calls_only(struct fault *fault)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

    if (filter == NULL) {
        return FAIL(fault, ERR_SYSTEM, "seccomp: no filter");
    }
    enum err got = fill(filter, fault);
    seccomp_release(filter);
    return got;
}

enum err
sandbox_enter(const struct sandbox_limits *limits, struct fault *fault)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return FAIL(fault, ERR_SYSTEM, "prctl: %s", strerrordesc_np(errno));
    }
    TRY(limit_resources(limits, fault));
    TRY(landlock_deny_all(fault));
    /* Last among the limits: Landlock takes a descriptor for a moment. */
    TRY(set_limit("open files", RLIMIT_NOFILE, 0, fault));
    return allow_listed_calls_only(fault);
}
