#ifndef GATEWAY_SUBMISSION_FACTS_REPORT_H
#define GATEWAY_SUBMISSION_FACTS_REPORT_H

#include "gateway/intake/conclusion.h"
#include "gateway/receipt/receipt.h"

/* One decided report as it stands on a receipt. Information is left out. ERR_MEMORY. */
MUST_USE enum err facts_report_make(struct arena *arena, const struct concluding *item,
                                    size_t ordinal, struct receipt_report *out,
                                    struct fault *fault);

/* Whether a receipt states it: information is left out. */
bool facts_report_states(const struct told *told);

/* A list of findings as it stands on a receipt; of the package or of a report. ERR_MEMORY. */
MUST_USE enum err facts_report_findings(struct arena *arena, const struct told_list *list,
                                        const struct receipt_finding **out, size_t *count,
                                        struct fault *fault);

#endif
