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
