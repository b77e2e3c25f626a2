#ifndef GATEWAY_SUBMISSION_REFUSAL_H
#define GATEWAY_SUBMISSION_REFUSAL_H

#include "gateway/answer/json.h"
#include "gateway/intake/mandate.h"
#include "gateway/problem/problem.h"
#include "gateway/submission/bench.h"
#include "gateway/wire/filing.h"

/* The answer of an errand that changes nothing: problem+json, and its status in the news. It is no
 * failure of ours, so that all of these give ERR_OK. */
struct refusal {
    const struct bench  *bench;
    const struct filing *filing;
    struct buf          *answer;
    struct filing_news  *news;
};

enum err refusal_make(const struct refusal *refusal, enum problem problem, struct str detail);

/* The same, left open for further members; json_object_end closes it. */
struct json refusal_begin(const struct refusal *refusal, enum problem problem, struct str detail);

/* Who asks may not, or no more. state: not MANDATE_HOLDS. */
enum err refusal_mandate(const struct refusal *refusal, enum mandate_state state);

/* In whose name the errand is done. */
struct mandate refusal_mandate_of(const struct filing *filing);

#endif
