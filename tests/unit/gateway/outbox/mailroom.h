#ifndef TESTS_UNIT_GATEWAY_OUTBOX_MAILROOM_H
#define TESTS_UNIT_GATEWAY_OUTBOX_MAILROOM_H

#include "tests/unit/gateway/people/town.h"

/* A town of its own for each test, and who carries letters out of it: brama_courier. */
struct mailroom {
    struct town   town;
    struct store *courier;
    struct fault  fault;
    char          name[32];
};

/* Of a group of tests, and of one test; *state: its mailroom. */
int mailroom_start(void **state);
int mailroom_stop(void **state);
int mailroom_open(void **state);
int mailroom_close(void **state);

/* As superuser: the first column of the first row. */
const char *mailroom_ask(const struct mailroom *room, const char *sql);

/* The id of the person of a role, or of another word of the town. */
struct uuid mailroom_person(const struct mailroom *room, const char *word);

#endif
