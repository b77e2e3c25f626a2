#ifndef GATEWAY_INTAKE_REPORT_ROW_H
#define GATEWAY_INTAKE_REPORT_ROW_H

#include "gateway/intake/conclusion.h"

/* The rows of intake.report: what a decision found out about each report of its package. */
enum { REPORT_ROW_COLUMNS = 36 };

const char *report_row_target(void); /* for store_copy_begin */

/* One row for each report of the item; filed must hold what is in force. */
void report_row_put(struct store_copy *copy, const struct concluding *item);

#endif
