#ifndef TESTS_SCENARIO_GATEWAY_STAFF_H
#define TESTS_SCENARIO_GATEWAY_STAFF_H

#include "tests/scenario/gateway/office.h"

/*
 * People of an office (office.h): each is known by a word, has one role in one place, a password,
 * an authenticator, and a session that is open already. Entered by SQL; what cannot be done aborts
 * the test.
 */
#define STAFF_PASSWORD "poprawna klacz bateria"
#define STAFF_ORIGIN "Origin: https://localhost:8443" /* of a page of ours */

enum { STAFF_WORD_MAX = 40 };

/* unit 0: at the recipient of this word ("gus"); that NULL, too: for the gateway as a whole. */
void staff_hire(const struct office *office, const char *word, const char *role, int64_t unit,
                const char *recipient);

/* What a browser of theirs shows: the cookie of the open session, and the token of its pages. */
const char *staff_cookie(struct arena *arena, const char *word);
const char *staff_csrf(struct arena *arena, const char *word);

/* The same of a cookie that an answer has set; NULL when it sets none. */
const char *staff_cookie_given(struct arena *arena, const struct http_answer *answer);
const char *staff_csrf_given(struct arena *arena, const struct http_answer *answer);

/* A body that signs in: the code is that of so many steps from now. The account need not exist. */
struct str staff_credentials(const struct office *office, struct arena *arena, const char *word,
                             const char *password, int64_t steps);

#endif
