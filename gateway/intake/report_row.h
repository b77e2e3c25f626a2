#ifndef GATEWAY_INTAKE_REPORT_ROW_H
#define GATEWAY_INTAKE_REPORT_ROW_H

#include "gateway/intake/conclusion.h"

/* The rows of intake.report: what a decision found out about each report of its package. */
enum { REPORT_ROW_COLUMNS = 43 };

/* A number of the report as it stands; false: it is none that a row can hold, and NULL there. */
bool report_row_number(const struct field *field, int64_t *number);

/* The last day of the period; of one that cannot be read a day before all others. */
struct date report_row_period_end(const struct filed *filed);

/* It is accepted, and so is something of its key that had come before it. */
bool report_row_corrects(const struct concluding *item, size_t at);

const char *report_row_target(void); /* for store_copy_begin */

/* One row for each report of the item; filed must hold what is in force. */
void report_row_put(struct store_copy *copy, const struct concluding *item);

#endif
