#ifndef GATEWAY_SANDBOX_CALL_LIST_H
#define GATEWAY_SANDBOX_CALL_LIST_H

#include "gateway/sandbox/sandbox.h"

/*
 * The seccomp filters: for each profile the system calls that it may make, and those that are
 * answered EACCES because an honest library asks for them and lives without. All else ends the
 * process by SIGSYS. tcp: sockets of the Internet families may be made. Loading needs no_new_privs;
 * fails with ERR_SYSTEM.
 */
MUST_USE enum err call_list_enforce(enum sandbox_profile profile, bool tcp, struct fault *fault);

#endif
