#ifndef GATEWAY_CLI_CSV_REPORT_H
#define GATEWAY_CLI_CSV_REPORT_H

#include "gateway/cli/judgement.h"

/*
 * `brama validate --csv`: a line of column names, then one line per finding, the package's before
 * its reports', those of sets behind all files. The columns are listed in `brama validate --help`.
 */
void csv_report_write(struct buf *out, const struct judgement *judgement);

#endif
