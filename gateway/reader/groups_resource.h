#ifndef GATEWAY_READER_GROUPS_RESOURCE_H
#define GATEWAY_READER_GROUPS_RESOURCE_H

#include "gateway/reader/resource.h"
#include "validators/base/uuid.h"

/*
 * Findings with one cause, counted: those of one code, most likely mended once (a template, an
 * export, a habit). Each group has how many findings, reports and units there are, the difference
 * that repeats, and a few of the units.
 *
 * GET /api/v1/findings/groups?period=2026-Q2: across the units that are seen, from the last
 * decision on each report key, so that what a correction has mended is not counted. An office
 * counts the accepted reports that are addressed to it. Information is left out.
 */
resource_answer groups_resource_answer;

/* The groups of one decision: GET /api/v1/submissions/{id}/findings?grouped=true. */
struct groups_question {
    struct uuid submission;
    int64_t     n;
    int64_t     report;   /* from 1; 0: all */
    struct str  severity; /* empty: all */
};

/* What of it is seen; that something is seen has been asked already. */
MUST_USE enum err groups_resource_answer_decision(struct asked                 *asked,
                                                  const struct groups_question *question,
                                                  struct fault                 *fault);

#endif
