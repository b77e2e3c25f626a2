#ifndef GATEWAY_REPLAY_REPLAY_ROW_H
#define GATEWAY_REPLAY_REPLAY_ROW_H

#include "gateway/intake/conclusion.h"

/*
 * The rows that a decision leaves, as texts to compare: one line a column, "name=value", NULL as
 * nothing. Of the lines of each report their number and a digest of all cells. In the order of
 * their ordinals.
 */
struct replay_row_list {
    struct arena *arena;
    struct str   *items;
    size_t        count;
    struct buf    text; /* of the row that is being written */
};

typedef enum err replay_row_write(struct arena *arena, const struct concluding *item,
                                  struct replay_row_list *rows, struct fault *fault);

replay_row_write replay_row_decision, replay_row_reports, replay_row_findings,
    replay_row_signatures, replay_row_lines;

#endif
