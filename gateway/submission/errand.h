#ifndef GATEWAY_SUBMISSION_ERRAND_H
#define GATEWAY_SUBMISSION_ERRAND_H

#include "gateway/submission/bench.h"
#include "gateway/submission/inbox.h"

/*
 * What is asked without being filed, and gives way to filings for a while: POST /validations
 * (checked and decided as a submission would be, with what the registry says of its units to this
 * sender; the answer is that of `brama validate --json`) and POST /receipts/verification, of
 * which nothing is stored; and changes of what is here (change.h).
 */

/* Do it, tell its front, close its document. Whatever goes wrong is told too. */
void errand_run(struct bench *bench, const struct letter *errand);

#endif
