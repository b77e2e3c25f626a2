#ifndef GATEWAY_SUBMISSION_HALVING_H
#define GATEWAY_SUBMISSION_HALVING_H

#include "validators/base/ensure.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Which part of a batch to work on next (design.md 4): a part that fails is halved until the one
 * submission that is to blame stands alone, and all others get through. A half goes on at the stage
 * at which the whole has failed. Plain arithmetic; knows neither submissions nor stages.
 */
enum { HALVING_DEPTH_MAX = 16 };

struct part {
    size_t from;
    size_t count;
    size_t stage; /* to begin with */
};

struct halving {
    struct part waiting[HALVING_DEPTH_MAX]; /* the last one is next */
    size_t      count;
};

/* All count submissions (at least one) as one part. */
struct halving halving_create(size_t count, size_t stage);

/* The next part; false when everything has been worked on. */
bool halving_next(struct halving *halving, struct part *out);

/* A part has failed at this stage: both halves wait. True when it is one submission: the culprit.
 */
MUST_USE bool halving_split(struct halving *halving, const struct part *part, size_t stage);

/* Put a part back, to begin with this stage: what is left to do for a culprit. */
void halving_add(struct halving *halving, const struct part *part, size_t stage);

#endif
