#ifndef GATEWAY_CLI_EXPORT_REPORT_H
#define GATEWAY_CLI_EXPORT_REPORT_H

#include "gateway/cli/judgement.h"

/* What `brama validate --format sarif`, `ess` and `ess-csv` print. */
void export_report_write(struct buf *out, const struct judgement *judgement,
                         enum validate_format format);

#endif
