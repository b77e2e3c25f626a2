#ifndef GATEWAY_READER_REPORT_HEAD_H
#define GATEWAY_READER_REPORT_HEAD_H

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "gateway/store/store.h"

/*
 * Which report a row of a list is about: what lists of single reports (of questions, of
 * corrections) begin with, in the store's answer, in JSON and in CSV. What the list says of it
 * follows.
 */
enum report_head {
    REPORT_HEAD_NUMBER, /* by which the list is ordered, and goes on from page to page */
    REPORT_HEAD_SUBMISSION,
    REPORT_HEAD_REPORT,
    REPORT_HEAD_FORM,
    REPORT_HEAD_FORM_TITLE,
    REPORT_HEAD_PERIOD,
    REPORT_HEAD_LEVEL,
    REPORT_HEAD_UNIT_NAME,
    REPORT_HEAD_REGON,
    REPORT_HEAD_COLUMNS
};

/* Names of its columns in CSV. */
#define REPORT_HEAD_CSV \
    "złożenie", "nr sprawozdania", "formularz", "okres", "poziom", "jednostka", "regon"

/* As members of an object that is open: submission, report, form, ... unit. */
void report_head_members(struct json *json, const struct store_rows *rows, size_t row);

/* As fields of a row, in the order of REPORT_HEAD_CSV. */
void report_head_fields(struct csv *csv, struct arena *arena, const struct store_rows *rows,
                        size_t row);

#endif
