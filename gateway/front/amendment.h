#ifndef GATEWAY_FRONT_AMENDMENT_H
#define GATEWAY_FRONT_AMENDMENT_H

#include "gateway/front/request.h"

/*
 * A request that changes what was filed, and that a worker does: the withdrawal of a submission
 * (without a body), the reason of a correction, the explanation of a query, of a submission or of a
 * set, an objection to a finding of a set (JSON), explanations of many (CSV). What it is of stands
 * in its path, which state of it is changed in If-Match: a tag is the number of that state, as
 * wire/filing.h has it; in a table each row has its own.
 */
enum { AMENDMENT_REPORTS_MAX = 1000000, AMENDMENT_FINDINGS_MAX = 1000000 };

/* Headers of it; one that was not given has no .data. */
struct amendment {
    struct str if_match;
    struct str content_type;
    struct str coding;
    struct str length;
};

bool amendment_is_one(const struct request *request);

/* The longest body that it may have. */
size_t amendment_size_max(const struct request *request);

/* Fill about or set, report, finding and revision; false when there can be no such thing. */
MUST_USE bool amendment_place(struct request *request, struct str if_match);

/* What is wrong with the headers that speak of its body; false: nothing. */
MUST_USE bool amendment_find_fault(const struct request *request, const struct amendment *amendment,
                                   enum problem *problem, const char **detail);

#endif
