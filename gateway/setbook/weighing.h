#ifndef GATEWAY_SETBOOK_WEIGHING_H
#define GATEWAY_SETBOOK_WEIGHING_H

#include "gateway/setbook/account.h"
#include "gateway/setbook/stock.h"

/*
 * Sets on their way from what the store has of them to what is said of them. Those that somebody
 * waits for share one question for their lines; a set that has more than fits beside the others is
 * left to a row of work. Each other set is weighed alone, however large. What one set cannot be
 * judged for (its memory, a form that nobody knows) is said of that set, and of nothing else.
 */

/* The ceiling of what one set may take, and of the lines of those that are weighed together. */
#define WEIGHING_MEMORY ((size_t)256 << 20U)

struct weighing {
    struct holding *holding;
    bool            now;     /* somebody waits for it, with the others of a batch */
    struct account *account; /* is filled */
};

/*
 * One set alone, nothing of it said or noted: what its rules come to, in arena (WEIGHING_MEMORY is
 * what a set may take). *judged: false when it has too many lines or an unknown form. ERR_MEMORY of
 * arena; ERR_STORE and its like.
 */
MUST_USE enum err weighing_judge(const struct setbook_tools *tools, struct arena *arena,
                                 struct holding *holding, struct sets_judgement *out, bool *judged,
                                 struct fault *fault);

/* Everything in the accounts is in arena. ERR_MEMORY of arena; ERR_STORE and its like. */
MUST_USE enum err weighing_all(const struct setbook_tools *tools, struct arena *arena,
                               const struct stock *stock, const struct weighing *weighings,
                               size_t count, struct fault *fault);

#endif
