#ifndef GATEWAY_CLI_JSON_REPORT_H
#define GATEWAY_CLI_JSON_REPORT_H

#include "gateway/cli/judgement.h"

/*
 * `brama validate --json`: {files:[...]}, each as in finding_json/file_json.h. sha256 is null for a
 * file too long to be read to its end.
 */
void json_report_write(struct buf *out, const struct judgement *judgement);

#endif
