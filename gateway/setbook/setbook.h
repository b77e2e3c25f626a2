#ifndef GATEWAY_SETBOOK_SETBOOK_H
#define GATEWAY_SETBOOK_SETBOOK_H

#include "gateway/setbook/account.h"

/*
 * The sets that a batch of decisions touches, judged in its transaction: after
 * conclusion_finish_settle, so that what is in force is so in the store, and before receipts are
 * signed, which state it. The locks of the JST are held by the caller. A verdict never depends on
 * it, and nothing that happens here keeps a decision from being made: a set over which a limit of
 * ours is met is incomplete, with the reason, an alarm (brama_sets_unjudged_total). Sets of a
 * batch that have more lines than STOCK_LINES_NOW together are incomplete until rows of work have
 * judged them right after, except for a strict sender.
 *
 * Sets of other periods that read what has changed get a row of work (rework.h).
 */
struct setbook {
    const struct concluding *items; /* of the batch; none: a set by itself */
    size_t                   item_count;
    struct places            places;
    struct account          *accounts; /* in the order of places.now */
    size_t                   count;
};

/* Judge, and fill items[].filed[].set. ERR_MEMORY of arena; ERR_STORE and its like. */
MUST_USE enum err setbook_judge(const struct setbook_tools *tools, struct arena *arena,
                                struct concluding *items, size_t count, struct setbook *out,
                                struct fault *fault);

/* The same of one set by itself. give_up: it has failed too often, and is called incomplete. */
MUST_USE enum err setbook_judge_one(const struct setbook_tools *tools, struct arena *arena,
                                    const struct place *place, bool give_up, struct setbook *out,
                                    struct fault *fault);

/* Write it. */
MUST_USE enum err setbook_write(const struct setbook_tools *tools, struct arena *arena,
                                const struct setbook *book, instant now, struct fault *fault);

/*
 * Why a sender who has asked for it (strict) does not want this one to be accepted: a set of its
 * reports would be inconsistent by a finding that charges or reads one of them. Amounts are told
 * only of findings that charge a report of its own and hold nobody else's figures. Empty: none
 * would be. ERR_MEMORY.
 */
MUST_USE enum err setbook_refusal(struct arena *arena, const struct setbook *book, size_t item,
                                  struct str *out, struct fault *fault);

#endif
