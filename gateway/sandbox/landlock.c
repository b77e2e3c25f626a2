#include "gateway/sandbox/landlock.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's struct landlock_ruleset_attr as of ABI 6; older ABIs know only its beginning. */
struct handled {
    uint64_t files;
    uint64_t ports;
    uint64_t scopes;
};

enum { CREATE_VERSION = 1 }; /* LANDLOCK_CREATE_RULESET_VERSION */

/* What can be denied since which ABI: the lowest bits, and how much of the struct is known. */
static const struct {
    long     version;
    unsigned file_bits;
    unsigned port_bits;
    unsigned scope_bits;
    size_t   size;
} abis[] = {
    {6, 16, 2, 2, 24}, /* abstract sockets and signals */
    {5, 16, 2, 0, 16}, /* ioctl on devices */
    {4, 15, 2, 0, 16}, /* TCP: bind, connect */
    {3, 15, 0, 0, 8 }, /* truncation */
    {2, 14, 0, 0, 8 }, /* moving between folders */
    {1, 13, 0, 0, 8 },
};

static uint64_t
lowest_bits(unsigned count)
{
    return (UINT64_C(1) << count) - 1;
}

static enum err
restrict_self(int ruleset, struct fault *fault)
{
    long refused = syscall(SYS_landlock_restrict_self, ruleset, 0U);
    int  reason = errno;

    (void)close(ruleset); /* a failure to close changes nothing for the fence */
    if (refused != 0) {
        return FAIL(fault, ERR_SYSTEM, "landlock_restrict_self: %s", strerrordesc_np(reason));
    }
    return ERR_OK;
}

enum err
landlock_deny(enum landlock_tcp tcp, struct fault *fault)
{
    long   version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, CREATE_VERSION);
    size_t abi = 0;

    if (version < 1) {
        return ERR_OK; /* not in this kernel, or switched off at boot */
    }
    while (abi < ARRAY_COUNT(abis) && abis[abi].version > version) {
        abi++;
    }
    ENSURE(abi < ARRAY_COUNT(abis));
    struct handled handled = {.files = lowest_bits(abis[abi].file_bits),
                              .ports = lowest_bits(abis[abi].port_bits),
                              .scopes = lowest_bits(abis[abi].scope_bits)};
    if (tcp == LANDLOCK_TCP_STAYS) {
        handled.ports = 0;
    }
    long ruleset = syscall(SYS_landlock_create_ruleset, &handled, abis[abi].size, 0U);
    if (ruleset < 0) {
        return FAIL(fault, ERR_SYSTEM, "landlock_create_ruleset: %s", strerrordesc_np(errno));
    }
    return restrict_self((int)ruleset, fault);
}
