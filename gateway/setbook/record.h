#ifndef GATEWAY_SETBOOK_RECORD_H
#define GATEWAY_SETBOOK_RECORD_H

#include "gateway/setbook/account.h"

/*
 * What was judged, written: members, states where they have changed, findings that open and close,
 * work for sets of other periods, days for queries. One statement, and one more when findings move;
 * triggers of that one count open queries at duties of reports that came before (migration 0041).
 */
struct record {
    const struct concluding *items; /* none when a set is judged again by itself */
    size_t                   count;
    const struct places     *places;
    const struct account    *accounts;
    size_t                   account_count;
    instant                  now;
};

MUST_USE enum err record_write(const struct setbook_tools *tools, struct arena *arena,
                               const struct record *record, struct fault *fault);

#endif
