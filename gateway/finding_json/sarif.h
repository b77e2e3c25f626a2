#ifndef GATEWAY_FINDING_JSON_SARIF_H
#define GATEWAY_FINDING_JSON_SARIF_H

#include "gateway/finding_json/export.h"

/*
 * Findings as SARIF 2.1.0 (OASIS), which editors and code hosts show beside the file: one run, the
 * rules that were hit with their texts, a result for each finding with line, column, byte and
 * XPath, and the cells that a sum is made of as related locations. A place is a point, not a range:
 * regions are empty. Errors are `error`, queries and warnings `warning`, information `note`. Texts
 * are Polish. What could not be read is a notification of the invocation.
 */

/* The document. What does not fit leaves json->out full. */
void sarif_write(struct json *json, const struct export_run *run);

#endif
