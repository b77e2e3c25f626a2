#ifndef GATEWAY_READER_OBLIGATION_ROW_H
#define GATEWAY_READER_OBLIGATION_ROW_H

#include "gateway/obligation/duty_text.h"
#include "gateway/reader/obligation_filter.h"

/* One duty as the reader's statements give it, with the sentence that explains it. */
struct obligation_row {
    int64_t           duty;
    struct str        unit_name, unit_regon;
    struct str        form, form_title, level, variant, period;
    struct str        recipient, recipient_title, office, copies;
    struct date       period_end;
    struct date       internal_on; /* year 0: none */
    bool              empty_allowed;
    bool              nothing_allowed;
    instant           created_at;
    instant           first_arrived;
    int64_t           open_queries;
    int64_t           moved, internal_moved;       /* how often its days were; so the next */
    instant           moved_at, internal_moved_at; /* 0: never, or not asked for */
    struct str        trait;                       /* code; empty: owed by all of its kind */
    struct duty_story story;
    enum duty_state   state;
    struct str        explanation;
};

/* The rows of a page in their order; *next as asked_cut gives it. ERR_MEMORY, ERR_STORE. */
MUST_USE enum err obligation_row_read(struct asked *asked, const struct obligation_filter *filter,
                                      struct obligation_row **out, size_t *count, struct str *next,
                                      struct fault *fault);

#endif
