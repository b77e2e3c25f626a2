#ifndef TESTS_SUPPORT_LEAF_H
#define TESTS_SUPPORT_LEAF_H

/*
 * The leaf of a row of the log, made by PostgreSQL from what it holds. The layout is written in
 * gateway/intake/conclusion_leaf.h; this is a second author's. LEAF_SQL is an expression over
 * d (intake.decision) and s (intake.submission).
 */

/* Texts behind their sizes, as one digest. */
#define LEAF_FACTS(list) LEAF_FACTS_OF("ARRAY[" list "]")
#define LEAF_FACTS_OF(texts)                                                                   \
    "(SELECT sha256(string_agg(CASE WHEN f IS NULL THEN int8send(-1) ELSE"                     \
    " int8send(octet_length(f)::bigint) || convert_to(f, 'UTF8') END, ''::bytea ORDER BY at))" \
    " FROM unnest(" texts ") WITH ORDINALITY x (f, at))"

#define LEAF_MICROSECONDS(time) "(extract(epoch FROM " time ") * 1000000)::bigint"

/* The last one only where there is one. */
#define LEAF_OF_DECISION                                                                         \
    LEAF_FACTS_OF("ARRAY[s.subject::text, " LEAF_MICROSECONDS(                                   \
        "s.first_byte") "::text, d.verdict::text,"                                               \
                        " d.reason, encode(d.definitions, 'hex'), encode(d.trust, 'hex'),"       \
                        " encode(d.registry, 'hex'), encode(d.calendar, 'hex'), d.engine, "      \
                        "d.log_index::text,"                                                     \
                        " d.finding_count::text, d.cut::text] || CASE WHEN d.reference IS NULL " \
                        "THEN '{}'::text[]"                                                      \
                        " ELSE ARRAY[encode(d.reference, 'hex')] END")

#define LEAF_OF_REPORT                                                                           \
    LEAF_FACTS("r.report::text, r.unit::text, r.unit_name, r.regon, r.type, r.wk, r.pk, r.gk,"   \
               " r.gt, r.pt, r.element, r.form, r.form_version, r.form_title, r.year::text,"     \
               " r.period_type, r.period_number::text, r.period,"                                \
               " (r.period_end - DATE '1970-01-01')::text, r.level, r.variant,"                  \
               " r.version::text, r.reason, r.start_byte::text, r.end_byte::text,"               \
               " r.row_count::text, " LEAF_MICROSECONDS(                                         \
                   "r.arrived") "::text,"                                                        \
                                " r.log_index::text, (r.due - DATE '1970-01-01')::text, "        \
                                "r.timeliness, r.calendar,"                                      \
                                " r.corrects::text, (r.window_until - DATE '1970-01-01')::text," \
                                " r.outside_window::text, r.recipient, r.window_basis, "         \
                                "r.addressed_to::text")

/* Of a withdrawal, over s alone. */
#define LEAF_OF_WITHDRAWAL                                                            \
    "sha256('brama-log-2'::bytea || uuid_send(s.submission) || int8send(s.n::bigint)" \
    " || '\\x03'::bytea || s.sha256 || int8send(" LEAF_MICROSECONDS(                  \
        "s.arrived") ")"                                                              \
                     " || int8send(" LEAF_MICROSECONDS(                               \
                         "s.withdrawn_at") ")"                                        \
                                           " || coalesce(uuid_send(s.withdrawn_in), ''::bytea))"

#define LEAF_SQL                                                                                \
    "sha256('brama-log-2'::bytea || uuid_send(d.submission) || int8send(d.n::bigint)"           \
    " || CASE d.kind WHEN 'decision' THEN '\\x01'::bytea ELSE '\\x02'::bytea END || s.sha256"   \
    " || int8send(" LEAF_MICROSECONDS(                                                          \
        "s.arrived") ")"                                                                        \
                     " || int8send(" LEAF_MICROSECONDS(                                         \
                         "d.decided_at") ")"                                                    \
                                         " || " LEAF_OF_DECISION                                \
                                         " || int8send((SELECT count(*) FROM intake.report r"   \
                                         "              WHERE r.submission = d.submission AND " \
                                         "r.n = d.n))"                                          \
                                         " || coalesce((SELECT string_agg(r.sha256 || "         \
                                         "set_byte('\\x00'::bytea, 0, r.verdict)"               \
                                         "                                || " LEAF_OF_REPORT   \
                                         ", ''::bytea ORDER BY r.ordinal)"                      \
                                         "              FROM intake.report r"                   \
                                         "              WHERE r.submission = d.submission AND " \
                                         "r.n = d.n), ''::bytea))"

#endif
