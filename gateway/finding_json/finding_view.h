#ifndef GATEWAY_FINDING_JSON_FINDING_VIEW_H
#define GATEWAY_FINDING_JSON_FINDING_VIEW_H

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "validators/decision/decision.h"

/*
 * One finding as people and programs see it (design.md 2.9): the same fields, names and order
 * wherever it is shown, whether it was decided a moment ago or is read back from the store. Plain
 * texts and numbers; nothing here points into a decision, only at texts that live as long.
 */
struct finding_view {
    struct str code;
    struct str severity; /* "error" */
    struct str title;
    struct str cell; /* in the form's words; what is empty is null in JSON */
    uint32_t   line;
    uint32_t   column;
    uint32_t   offset;
    struct str xpath;
    struct str found;
    struct str expected;
    struct str difference;
    uint32_t   repeats; /* cells of the report with that difference, this one too; 0: it has none */
    struct str suspect; /* the cell to look at first: its change would clear other findings too */
    struct str fix;
    struct str basis;
    struct str technical;
    const struct contributors *contributors; /* of both sides of a comparison; or NULL */
};

/* Where it was found: the first columns of a CSV row. Empty texts for what does not apply. */
struct finding_place {
    struct str file;
    struct str form;
    struct str period;
    struct str regon;
    struct str unit;
    struct str version;
    struct str verdict; /* "rejected" */
};

struct finding_view finding_view_of(const struct told *told);

/* Write the members of a finding into an object that is begun already, so that others can stand
 * beside them. */
void finding_view_members(struct json *json, const struct finding_view *view);

/* The whole object. */
void finding_view_json(struct json *json, const struct finding_view *view);

/* The row of column names, and one row. The caller may add columns, and ends the row. */
void finding_view_csv_head(struct csv *csv);
void finding_view_csv(struct csv *csv, const struct finding_place *place,
                      const struct finding_view *view);

#endif
