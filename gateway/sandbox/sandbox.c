#include "gateway/sandbox/sandbox.h"

#include "gateway/sandbox/call_list.h"
#include "gateway/sandbox/landlock.h"
#include "validators/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STATM_SIZE = 128 };

static const bool bounds_memory = SANDBOX_SANITIZED == 0;

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
limit_resources(enum sandbox_profile profile, const struct sandbox_limits *limits,
                struct fault *fault)
{
    if (limits->memory_max > 0) {
        TRY(limit_memory(limits->memory_max, fault));
    }
    if (limits->cpu_seconds > 0) {
        TRY(set_limit("processor time", RLIMIT_CPU, limits->cpu_seconds, fault));
    }
    if (limits->written_max > 0) {
        TRY(set_limit("file size", RLIMIT_FSIZE, limits->written_max, fault));
    }
    if (profile != SANDBOX_COURIER) { /* it counts threads, too */
        TRY(set_limit("processes", RLIMIT_NPROC, 0, fault));
    }
    return set_limit("core size", RLIMIT_CORE, 0, fault);
}

static enum err
enter(enum sandbox_profile profile, const struct sandbox_limits *limits, struct fault *fault)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return FAIL(fault, ERR_SYSTEM, "prctl: %s", strerrordesc_np(errno));
    }
    TRY(limit_resources(profile, limits, fault));
    TRY(landlock_deny(limits->tcp ? LANDLOCK_TCP_STAYS : LANDLOCK_NO_TCP,
                      profile == SANDBOX_COURIER, fault));
    /* Last among the limits: Landlock takes a descriptor for a moment. */
    if (limits->descriptors_max > 0 || profile == SANDBOX_COMPUTE) {
        TRY(set_limit("open files", RLIMIT_NOFILE, limits->descriptors_max, fault));
    }
    return call_list_enforce(profile, limits->tcp, fault);
}

enum err
sandbox_enter_role(enum sandbox_profile profile, const struct sandbox_limits *limits,
                   struct fault *fault)
{
    ENSURE(profile < SANDBOX_PROFILE_COUNT);
    return enter(profile, limits, fault);
}

enum err
sandbox_enter(const struct sandbox_limits *limits, struct fault *fault)
{
    ENSURE(limits->cpu_seconds >= 1 && limits->descriptors_max == 0 && !limits->tcp);
    return enter(SANDBOX_COMPUTE, limits, fault);
}

/* The second question is for a parent that died before the first. */
bool
sandbox_end_with(pid_t parent)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent;
}
