#ifndef GATEWAY_CLI_REPORT_TEXT_H
#define GATEWAY_CLI_REPORT_TEXT_H

#include "gateway/cli/screen.h"

#include <jansson.h>

/*
 * What the gateway has to say about one report of a submission, for a person: its verdict, its
 * term, what it corrects, its set, its receipt, signatures and findings.
 */
void report_text_write(struct screen *screen, struct str name, const json_t *findings,
                       const json_t *report);

/* What a report is: form, period, unit, level, version; then its verdict. */
void report_text_write_head(struct screen *screen, const json_t *report);

void report_text_write_signatures(struct screen *screen, const json_t *report);

/* Those findings of the list that stand at this report; 0 is the file as a whole. */
void report_text_write_findings(struct screen *screen, struct str name, const json_t *findings,
                                int64_t ordinal);

/* That a report was accepted and is not in force, when so: the higher Wersja is, then the later. */
void report_text_write_force(struct screen *screen, const json_t *report);

#endif
