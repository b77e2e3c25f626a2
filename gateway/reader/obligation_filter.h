#ifndef GATEWAY_READER_OBLIGATION_FILTER_H
#define GATEWAY_READER_OBLIGATION_FILTER_H

#include "gateway/reader/asked.h"

/*
 * Which duties are asked for, the same in every list, table and calendar of them: parameters of the
 * address, and conditions of a statement over obligation.standing($1) s. What may be seen is
 * another condition (the first fence; row-level security is the second): duties of the units that
 * are seen and, for who stands for an office, those that are owed to it or that it gets copies of.
 */
enum { OBLIGATION_FILTER_LIMIT = 50, OBLIGATION_FILTER_LIMIT_MAX = 500 };

struct obligation_filter {
    instant    at;         /* now, as the gateway reckons */
    struct str list;       /* the word of its cursor */
    bool       for_office; /* the asker stands for an office */
    bool       with_moves; /* of each duty how often its days were moved */
    int64_t    limit;
    int64_t    after; /* place of the last row that was seen; -1: from the beginning */
    struct str period;
    struct str form;
    struct str level;
    struct str state;
    struct str unit;   /* REGON */
    struct str jst;    /* REGON */
    struct str region; /* WK, or WK and PK */
    struct str office;
    struct str only; /* open, missing, questioned, after_window */
};

/*
 * Read it, and the time. list: the word of its cursor. *refused: the answer is a refusal already.
 */
MUST_USE enum err obligation_filter_read(struct asked *asked, struct str list,
                                         struct obligation_filter *out, bool *refused,
                                         struct fault *fault);

/* Before a statement that goes through all duties that an office sees: for this transaction. */
MUST_USE enum err obligation_filter_plan(const struct asked *asked, struct fault *fault);

/* $1 .. $10 of the statement. */
void obligation_filter_put(const struct obligation_filter *filter,
                           struct store_parameters        *parameters);

/* "FROM obligation.standing($1) s WHERE ..." as a constant text: one for who sees units alone,
 * which finds them by their index, one for offices. */
#define OBLIGATION_FILTER_UNITS             \
    " FROM obligation.standing($1) s WHERE" \
    " s.unit = ANY ((SELECT registry.seen_units())::bigint[])" OBLIGATION_FILTER_WANTED
#define OBLIGATION_FILTER_OFFICES                                        \
    " FROM obligation.standing($1) s WHERE"                              \
    " (s.way IN (SELECT y.way FROM obligation.way y"                     \
    "   WHERE y.office = ANY ((SELECT registry.seen_offices())::text[])" \
    "    OR y.copied && (SELECT registry.seen_offices())::text[])"       \
    "  OR s.unit = ANY ((SELECT registry.seen_units())::bigint[]))" OBLIGATION_FILTER_WANTED

/* What is missing, for offices: $12 rows behind the place $11, in the order of their index, whose
 * condition stands here to the letter; then the rest of those few. */
#define OBLIGATION_FILTER_MATTERS                                          \
    " ($2::text = '' OR m.period = $2) AND ($3::text = '' OR m.form = $3)" \
    " AND ($4::text = '' OR m.level = $4)"
#define OBLIGATION_FILTER_MISSING                                                                  \
    " FROM obligation.standing($1) s WHERE s.duty = ANY (ARRAY(SELECT d.duty"                      \
    " FROM obligation.duty d WHERE d.heap IN (0, 32) AND d.due_before <= $1"                       \
    "  AND (d.due_before, d.duty) > ((date '1970-01-01' + ($11 >> 40)::integer + 1)::timestamp"    \
    "   AT TIME ZONE 'Europe/Warsaw', $11 & ((1::bigint << 40) - 1))"                              \
    "  AND d.due_before >= (SELECT coalesce(min(t.due_before), 'infinity') FROM obligation.term t" \
    "   JOIN obligation.matter m ON m.matter = t.matter WHERE" OBLIGATION_FILTER_MATTERS ")"       \
    "  AND d.matter = ANY (ARRAY(SELECT m.matter FROM obligation.matter m"                         \
    "   WHERE" OBLIGATION_FILTER_MATTERS "))"                                                      \
    "  AND $5::text IN ('', 'late') AND $10::text = 'missing'"                                     \
    "  AND ($6::text = '' OR d.unit = ANY (ARRAY("                                                 \
    "   SELECT r.unit FROM registry.unit r WHERE r.regon = $6)))"                                  \
    "  AND ($7::text = '' OR d.jst = ANY (ARRAY("                                                  \
    "   SELECT r.unit FROM registry.unit r WHERE r.regon = $7)))"                                  \
    "  AND ($8::text = '' OR d.powiat LIKE $8 || '%')"                                             \
    "  AND ($9::text = '' OR d.way IN (SELECT y.way FROM obligation.way y WHERE y.office = $9))"   \
    "  AND (d.way IN (SELECT y.way FROM obligation.way y"                                          \
    "    WHERE y.office = ANY ((SELECT registry.seen_offices())::text[])"                          \
    "     OR y.copied && (SELECT registry.seen_offices())::text[])"                                \
    "   OR d.unit = ANY ((SELECT registry.seen_units())::bigint[]))"                               \
    " ORDER BY d.due_before, d.duty LIMIT $12))"

#define OBLIGATION_FILTER_WANTED                                                                   \
    " AND ($2::text = '' OR s.matter = ANY (ARRAY(SELECT m.matter FROM obligation.matter m"        \
    "  WHERE m.period = $2)))"                                                                     \
    " AND ($3::text = '' OR s.form = $3) AND ($4::text = '' OR s.level = $4)"                      \
    " AND ($5::text = '' OR s.state = $5)"                                                         \
    " AND ($6::text = '' OR s.unit = ANY (ARRAY(SELECT r.unit FROM registry.unit r WHERE r.regon " \
    "= $6)))"                                                                                      \
    " AND ($7::text = '' OR s.jst = ANY (ARRAY(SELECT r.unit FROM registry.unit r WHERE r.regon "  \
    "= $7)))"                                                                                      \
    " AND ($8::text = '' OR s.powiat LIKE $8 || '%') AND ($9::text = '' OR s.office = $9)"         \
    " AND CASE $10::text WHEN '' THEN true"                                                        \
    "  WHEN 'missing' THEN s.state = 'late' AND s.filed_at IS NULL AND s.pending_at IS NULL"       \
    "  WHEN 'questioned' THEN s.open_queries > 0 AND s.state NOT IN ('waived', 'superseded')"      \
    "  WHEN 'open' THEN s.filed_at IS NULL AND s.state NOT IN ('waived', 'superseded')"            \
    "  ELSE s.after_window END"

#endif
