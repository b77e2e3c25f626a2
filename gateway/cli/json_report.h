#ifndef GATEWAY_CLI_JSON_REPORT_H
#define GATEWAY_CLI_JSON_REPORT_H

#include "gateway/cli/judgement.h"

/*
 * `brama validate --json`, the shape of design.md 9. Every key is always there; what is absent is
 * null. Beyond that shape: unit_name and reason of a report. sha256 is null for a file too long to
 * be read to its end. Amounts are texts as in the form ("13 611 040,30").
 */
void json_report_write(struct buf *out, const struct judgement *judgement);

#endif
