#ifndef GATEWAY_READER_SUBMISSION_RESOURCE_H
#define GATEWAY_READER_SUBMISSION_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /submissions/{id}, and the answer of POST /submissions: one submission in its state now. */
MUST_USE enum err submission_resource_answer(struct asked *asked, struct fault *fault);

/* WIRE_QUESTION of kind QUESTION_FILED: 201 decided, 202 not yet, 200 a repeat. */
MUST_USE enum err submission_resource_answer_filed(struct asked *asked, struct fault *fault);

/* The same for many, read at once: subjects[i] is the unit that asked[i] acts for, and sees what it
 * has filed itself. */
MUST_USE enum err submission_resource_answer_many(struct asked *asked, const int64_t *subjects,
                                                  size_t count, struct fault *fault);

#endif
