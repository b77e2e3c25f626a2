#ifndef GATEWAY_DIFFERENCE_VIEW_DIFFERENCE_VIEW_H
#define GATEWAY_DIFFERENCE_VIEW_DIFFERENCE_VIEW_H

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "validators/difference/difference.h"

/*
 * The difference of two versions as people and programs see it, wherever it was made: members of a
 * JSON object, rows of CSV. Amounts in JSON are texts with a point ("-12.40"), in CSV numbers with
 * a comma, as a Polish spreadsheet reads them. What cannot be read is "?" in both; absent is null,
 * and an empty field.
 */

/* Which report it is of: the first columns of a CSV row. */
struct difference_place {
    struct str form;
    struct str period;
    struct str regon;
    struct str unit;
    struct str level;
    struct str variant;
    struct str before; /* Wersja of each side */
    struct str after;
};

/* "rows", "not_listed", "changes", "totals", into an object that is begun already. */
void difference_view_members(struct json *json, const struct difference *difference);

/* The row of column names; one row for each cell, and one for a position without any. */
void difference_view_csv_head(struct csv *csv);
void difference_view_csv(struct csv *csv, const struct difference_place *place,
                         const struct difference *difference);

#endif
