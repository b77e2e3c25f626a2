#ifndef GATEWAY_READER_OBLIGATION_ROW_H
#define GATEWAY_READER_OBLIGATION_ROW_H

#include "gateway/obligation/duty_text.h"
#include "gateway/reader/obligation_filter.h"

/* One duty as the reader's statements give it, with the sentence that explains it. */
struct obligation_row {
    int64_t           duty;
    int64_t           place; /* in every list: by due date, then by number */
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
    struct duty_story story;
    enum duty_state   state;
    struct str        explanation;
};

/* Up to filter->limit rows in their order, and whether there are more. ERR_MEMORY, ERR_STORE. */
MUST_USE enum err obligation_row_read(const struct asked             *asked,
                                      const struct obligation_filter *filter,
                                      struct obligation_row **out, size_t *count, bool *more,
                                      struct fault *fault);

#endif
