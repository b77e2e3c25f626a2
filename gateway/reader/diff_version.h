#ifndef GATEWAY_READER_DIFF_VERSION_H
#define GATEWAY_READER_DIFF_VERSION_H

#include "gateway/reader/asked.h"
#include "validators/columns/columns.h"

/*
 * Reports of two submissions, put beside each other by the report key, and their positions. What
 * the entered credential may not see is not there (sight.h).
 */
enum { DIFF_VERSION_ROWS_MAX = 100000, DIFF_VERSION_NAME_MAX = 64 };

struct diff_version {
    bool        exists;
    int64_t     report;
    struct uuid submission;
    int64_t     ordinal; /* in its package, from 0 */
    int64_t     version; /* -1: not readable */
    int64_t     verdict;
    int64_t     row_count;
};

/* One report key; at least one of the two exists. */
struct diff_pair {
    struct str          form; /* code; empty: none known */
    struct str          form_version;
    struct str          form_title;
    struct str          unit_name;
    struct str          regon;
    struct str          period;
    struct str          level;
    struct str          variant;
    struct date         period_end;
    struct diff_version before;
    struct diff_version after;
};

struct diff_pairs {
    bool              found; /* both names are of something that may be seen */
    struct diff_pair *items;
    size_t            count;
};

/* In the order of the later package, then of the earlier. A receipt names the reports it states. */
MUST_USE enum err diff_version_read(const struct asked *asked, struct str before, struct str after,
                                    struct diff_pairs *out, struct fault *fault);

/* The positions of an accepted report. */
MUST_USE enum err diff_version_columns(const struct asked *asked, const struct diff_pair *pair,
                                       const struct diff_version *version, const struct form *form,
                                       struct columns *out, struct fault *fault);

#endif
