#ifndef GATEWAY_READER_WHO_H
#define GATEWAY_READER_WHO_H

#include "gateway/store/store.h"
#include "gateway/wire/question.h"

/*
 * WIRE_QUESTION of kind QUESTION_WHO: what a token, a certificate or a session may do, or why it
 * may nothing. A certificate is first of a unit, then of a person. What a person may do at all is
 * what the table of permissions gives the role in which they act.
 */
MUST_USE enum err who_answer(struct store *store, struct arena *arena,
                             const struct question *question, struct reply *out,
                             struct fault *fault);

/* Remember that a session was used: it lives on. Commits. */
MUST_USE enum err who_mark_session(struct store *store, const unsigned char *digest,
                                   struct fault *fault);

/* Remember that a credential was used. Commits. */
MUST_USE enum err who_mark_used(struct store *store, int64_t credential, struct fault *fault);

#endif
