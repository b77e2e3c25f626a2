#ifndef GATEWAY_BRAMAD_VIGIL_H
#define GATEWAY_BRAMAD_VIGIL_H

#include "gateway/bramad/crew.h"

/*
 * Whether the processes of a crew live: each is asked for a sign of life VIGIL_LOOKS times within
 * what its role may be silent (role_table.h), and killed when none has come at as many looks in a
 * row. Any word counts. A supervisor that did not run for a while has looked once in that time, not
 * often: it does not blame others. While a process starts it has VIGIL_START_PATIENCE times as
 * long.
 */
enum { VIGIL_LOOKS = 5, VIGIL_LOOKS_DOUBTFUL = 2, VIGIL_START_PATIENCE = 8 };

/* A process has been started. */
void vigil_begin(struct member *member, int64_t now);

/* Ask those whose turn it is, and kill the silent. */
void vigil_look(struct crew *crew, int64_t now);

/* This member has said something. */
void vigil_heard(struct member *member);

/* When to look at this member; INT64_MAX: never. */
int64_t vigil_due(const struct crew *crew, const struct member *member);

/* How many processes of a role can work and give signs of life. */
size_t vigil_answering(const struct crew *crew, enum role_kind role);

#endif
