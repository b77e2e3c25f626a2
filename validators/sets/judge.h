#ifndef VALIDATORS_SETS_JUDGE_H
#define VALIDATORS_SETS_JUDGE_H

#include "validators/sets/scheme.h"

#define JUDGE_ALL SIZE_MAX

/* sets_judge, with one rule alone (its index), also one that nobody is shown; or JUDGE_ALL. */
MUST_USE enum err judge_run(struct arena *arena, const struct sets *sets,
                            const struct sets_facts *facts, size_t only, struct sets_judgement *out,
                            struct fault *fault);

#endif
