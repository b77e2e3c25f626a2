#ifndef GATEWAY_READER_QUERY_STATE_H
#define GATEWAY_READER_QUERY_STATE_H

#include "gateway/answer/csv.h"
#include "gateway/answer/json.h"
#include "gateway/store/store.h"

/*
 * How a query of an accepted report stands: open, explained, or replaced (nobody has explained it,
 * and another version of the report is in force, or its set was judged again). The same words in
 * every list and file, and the columns by which a list of findings comes back with explanations
 * (gateway/submission/explaining_list.h).
 */

/* Of finding f of report r: its explanation x and its day q, for a statement's FROM. */
#define QUERY_STATE_JOIN                                                                   \
    " LEFT JOIN intake.question q ON q.submission = r.submission AND q.report = r.ordinal" \
    "   AND f.severity = 'query' AND r.verdict = 1"                                        \
    " LEFT JOIN LATERAL intake.newest_explanation(r.submission, r.ordinal,"                \
    "   intake.finding_mark(f.code, f.xpath, f.cell, f.subject, f.found, f.expected)) x"   \
    "   ON f.severity = 'query' AND r.verdict = 1"

/* QUERY_STATE_COLUMNS columns in a row, the first of them told to query_state_at. */
#define QUERY_STATE_SELECT                                                     \
    "f.severity = 'query' AND r.verdict = 1, coalesce(upper_inf(r.in_force), " \
    "false), " QUERY_STATE_ANSWER
#define QUERY_STATE_ANSWER                                                      \
    "r.n::integer, q.days::integer, q.until::text, q.until < registry.today()," \
    " x.revision, x.code, x.text, x.given_at"

/* The same of finding f of a set, that charges report r. */
#define QUERY_STATE_SET_JOIN                                                          \
    " LEFT JOIN intake.set_question q ON q.submission = r.submission"                 \
    "   AND q.report = r.ordinal AND q.mark = f.mark AND f.severity = 'query'"        \
    " LEFT JOIN LATERAL intake.newest_explanation(r.submission, r.ordinal, f.mark) x" \
    "   ON f.severity = 'query'"
#define QUERY_STATE_SET_SELECT "f.severity = 'query', f.closed_at IS NULL, " QUERY_STATE_ANSWER

enum { QUERY_STATE_COLUMNS = 10 };

struct query_state {
    bool       asks;     /* false: the rest is empty */
    struct str state;    /* "open", "explained", "replaced" */
    int64_t    tag;      /* for If-Match and the column wpis */
    int64_t    days;     /* working days that were given; 0: no term */
    struct str until;    /* "2026-07-21"; empty: no term */
    bool       late;     /* open after that day */
    bool       of_set;   /* set by the caller: other words for "replaced" */
    int64_t    revision; /* 0: none */
    struct str code;
    struct str text;
    instant    given_at;
};

struct query_state query_state_at(const struct store_rows *rows, size_t row, size_t column);

/* A member "query": null, or the object. */
void query_state_json(struct json *json, const struct query_state *state);

void query_state_csv_head(struct csv *csv);
void query_state_csv(struct csv *csv, int64_t finding, const struct query_state *state);

#endif
