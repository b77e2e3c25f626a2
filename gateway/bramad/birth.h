#ifndef GATEWAY_BRAMAD_BIRTH_H
#define GATEWAY_BRAMAD_BIRTH_H

#include "gateway/bramad/role_table.h"

/*
 * The inside of a process that the supervisor has exec'ed: `bramad --role worker --slot 0`, with
 * its descriptors at fixed numbers. The configuration comes as a sealed blob, so that all processes
 * of one bramad have the same, and so that no role needs to be able to read the file.
 */
enum birth_fd {
    BIRTH_CONTROL = 3,
    BIRTH_CONFIG,
    BIRTH_METRICS,
    BIRTH_LISTEN,
    BIRTH_HEALTH,
    BIRTH_KEY,
    BIRTH_FAILPOINTS,
    BIRTH_FD_END
};

enum { BIRTH_FD_COUNT = BIRTH_FD_END - BIRTH_CONTROL };

/* Whether these arguments are those of a role. */
bool birth_is_asked(int argc, char **argv);

/* Be that role until it ends, then end the process: what runs at exit() may be denied by now. */
_Noreturn void birth_run(const struct role_table *table, int argc, char **argv);

#endif
