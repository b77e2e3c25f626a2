#ifndef TESTS_SUPPORT_FAMILY_H
#define TESTS_SUPPORT_FAMILY_H

#include "gateway/wire/link.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * The processes below one: the roles of a supervisor, as /proc shows them. They may end while they
 * are looked at.
 */

/* Call visit for every living child of head until it says true; how many were visited. */
size_t family_visit(pid_t head, bool (*visit)(pid_t pid, void *user), void *user);

/* The child that is this role in this slot, as its command line says; 0: there is none. */
pid_t family_role(pid_t head, enum role_kind role, unsigned slot);

#endif
