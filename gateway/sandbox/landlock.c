#include "gateway/sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
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

/* The kernel's struct landlock_path_beneath_attr, which is packed. */
struct beneath {
    uint64_t allowed;
    int32_t  folder;
} __attribute__((packed));

enum { PATH_BENEATH = 1, MAY_READ_FILE = 1 << 2, MAY_READ_DIR = 1 << 3 };

/* Where it stands which servers resolve names; a folder that is not there is left out. */
static const char *const resolver_folders[] = {"/etc", "/run/systemd/resolve", "/run/resolvconf"};

static enum err
let_resolve(int ruleset, struct fault *fault)
{
    for (size_t i = 0; i < ARRAY_COUNT(resolver_folders); i++) {
        int folder = open(resolver_folders[i], O_PATH | O_CLOEXEC | O_DIRECTORY);
        if (folder < 0) {
            continue;
        }
        const struct beneath rule = {MAY_READ_FILE | MAY_READ_DIR, folder};
        long refused = syscall(SYS_landlock_add_rule, ruleset, PATH_BENEATH, &rule, 0U);
        int  reason = errno;
        (void)close(folder); /* the rule keeps it */
        if (refused != 0) {
            return FAIL(fault, ERR_SYSTEM, "landlock_add_rule: %s", strerrordesc_np(reason));
        }
    }
    return ERR_OK;
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
landlock_deny(enum landlock_tcp tcp, bool resolves, struct fault *fault)
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
    if (resolves) {
        enum err got = let_resolve((int)ruleset, fault);
        if (got != ERR_OK) {
            (void)close((int)ruleset);
            return got;
        }
    }
    return restrict_self((int)ruleset, fault);
}
