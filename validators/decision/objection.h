#ifndef VALIDATORS_DECISION_OBJECTION_H
#define VALIDATORS_DECISION_OBJECTION_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * What a sender objects to (decision.h): nobody has to misstate a figure because a rule of ours is
 * wrong. Only the arithmetic of a form can be objected to, a rule of its VTL; what the file is, who
 * stands in it and who has signed it cannot. A report that nothing else rejects is then accepted,
 * and says so with rule, definition and reason; the finding stays as it was. An objection that
 * changed nothing is told at the package.
 */
#define OBJECTION_CODE_FILED "PACZKA-030"  /* at the report: accepted in spite of these rules */
#define OBJECTION_CODE_IDLE "PACZKA-031"   /* the rule has rejected nothing here */
#define OBJECTION_CODE_BARRED "PACZKA-032" /* it cannot be objected to */
#define OBJECTION_CODE_BEATEN "PACZKA-033" /* its reports are rejected for other reasons, too */

/* What the sender objects to: codes of rules with ',' between them, and why. */
enum { OBJECTION_CODES_MAX = 8, OBJECTION_CODES_SIZE_MAX = 160, OBJECTION_REASON_MAX = 500 };

struct objection {
    struct str codes;  /* empty: nothing */
    struct str reason; /* at most OBJECTION_REASON_MAX characters */
};

struct working;

/* When every report was judged: tell what came of the objection, at reports and package. */
MUST_USE enum err objection_enter(struct working *working, struct fault *fault);

#endif
