#ifndef TESTS_UNIT_GATEWAY_DESK_COUNTER_STAND_H
#define TESTS_UNIT_GATEWAY_DESK_COUNTER_STAND_H

#include "tests/unit/gateway/desk/counter.h"

/*
 * What the tests of the desk stand on: one cluster for a program, a town and a counter of its own
 * for each test. stand_start and stand_stop are for the group, the others for each test.
 */
extern struct cluster *cluster;
extern struct town     town;
extern struct counter  counter;

int stand_start(void **state);
int stand_stop(void **state);
int stand_begin(void **state);
int stand_end(void **state);

/* Everybody of the town has this password and an authenticator with the secret below. */
#define STAND_PASSWORD "poprawna klacz bateria"
#define STAND_TOTP_SECRET "12345678901234567890"
void stand_give_passwords(void);

/* A refusal of this status that says exactly this, or the test fails. */
void stand_expect_refusal(const struct reply *reply, int status, const char *detail);

/* A member of the answer, as text; NULL when it is absent or null. */
const char *stand_member(const struct reply *reply, const char *name);

#endif
