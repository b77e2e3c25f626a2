#ifndef VALIDATORS_DECISION_WORKING_H
#define VALIDATORS_DECISION_WORKING_H

#include "validators/decision/docket.h"
#include "validators/rules/rules.h"

/* One file while it is being decided: its dockets, and how they become the decided file. */
struct working {
    const struct decision_file *file;
    struct rules_request        rules;
    struct docket               package; /* what is listed at the file */
    struct docket               wide;    /* of that, what concerns all reports; never listed */
    struct docket              *reports;
    size_t                     *not_evaluated; /* per report */
    size_t                      report_count;
};

/* Findings that only the decision can make; their texts stand in package.rules.xml. */
#define DECISION_CODE_UNITS "XSD-060"       /* told by the pass: more units than it reads */
#define DECISION_CODE_REPORTS "XSD-061"     /* told by the pass: more reports than it reads */
#define DECISION_CODE_HIDDEN "XSD-025"      /* told by the pass: a report where none may stand */
#define DECISION_CODE_LIMIT "PACZKA-013"    /* a limit was reached before all was judged */
#define DECISION_CODE_OVERFLOW "PACZKA-014" /* a rule could not be computed */
#define DECISION_CODE_CHECKER "PACZKA-017"  /* the checker failed on this file; {technical} */

/* A finding of the report (or the package) as a whole. */
MUST_USE enum err working_tell(struct docket *docket, const char *code, int32_t report,
                               struct str technical, struct fault *fault);

/*
 * Close all dockets: lists with places and words, at most FINDING_PACKAGE_MAX in the file; reports
 * behind that limit are undecided (design.md 9).
 */
MUST_USE enum err working_close(struct arena *arena, struct working *working,
                                struct decided_file *out, struct fault *fault);

#endif
