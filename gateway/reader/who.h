#ifndef GATEWAY_READER_WHO_H
#define GATEWAY_READER_WHO_H

#include "gateway/store/store.h"
#include "gateway/wire/question.h"

/* WIRE_QUESTION of kind QUESTION_WHO: what a token or certificate may do, or why it may nothing. */
MUST_USE enum err who_answer(struct store *store, struct arena *arena,
                             const struct question *question, struct reply *out,
                             struct fault *fault);

/* Remember that a credential was used. Commits. */
MUST_USE enum err who_mark_used(struct store *store, int64_t credential, struct fault *fault);

#endif
