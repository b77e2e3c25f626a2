#include "gateway/reader/dossier_sql.h"

#include "gateway/reader/sight.h"

/* clang-format off */
const char dossier_sql[] =
    "WITH s AS MATERIALIZED ("
    "  SELECT q.at, s.submission, s.verdict, s.size, s.state, s.sha256, s.arrived,"
    "    s.decided_at, s.first_arrived, s.follows, u.name, u.regon,"
    "    q.subject <> 0 OR s.subject = " SIGHT_UNITS " AS whole, s.decided_n,"
    "    CASE WHEN s.decided_n > 0 THEN s.decided_n ELSE s.n END AS told"
    "  FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY q (submission, subject, at)"
    "  JOIN intake.submission s ON s.submission = q.submission"
    "  JOIN registry.unit u ON u.unit = s.subject"
    "  WHERE CASE WHEN q.subject = 0 THEN " SIGHT_SUBMISSION " ELSE s.subject = q.subject END"
    "), r AS MATERIALIZED ("
    "  SELECT s.at, r.n, r.ordinal, r.verdict, r.row_count, r.version, r.in_force, r.form_title,"
    "    r.form_version, r.unit_name, r.regon, r.period, r.level, r.reason"
    "  FROM s JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"
    "  WHERE s.whole OR r.unit = " SIGHT_UNITS
    "), c AS MATERIALIZED ("
    "  SELECT s.at, s.submission, c.n, c.ordinal, c.number, c.kind, c.regon, c.unit, c.reports"
    "  FROM s JOIN intake.receipt c ON c.submission = s.submission"
    "  WHERE s.whole OR (c.kind = 'unit' AND c.unit = " SIGHT_UNITS ")"
    ")"
    /* The submission and its newest decision; until there is one, its newest delivery. */
    "SELECT s.at, 0 AS part, s.told::integer AS major, 0 AS minor, CASE WHEN s.whole THEN s.verdict"
    "  ELSE " SIGHT_VERDICT("SELECT r.verdict FROM r WHERE r.at = s.at") " END::integer, s.size,"
    "  d.log_index, d.n IS NOT NULL, s.state, s.name, s.regon, d.reason,"
    "  NULL::text, NULL::text, NULL::text, NULL::text,"
    "  s.sha256, s.arrived, s.decided_at, s.first_arrived, s.follows"
    "  FROM s LEFT JOIN intake.decision d ON d.submission = s.submission AND d.n = s.told"
    /* Its reports. */
    " UNION ALL SELECT r.at, 1, r.ordinal, 0, r.verdict::integer, r.row_count, r.version,"
    "  coalesce(upper_inf(r.in_force), false), r.form_title, r.form_version, r.unit_name, r.regon,"
    "  r.period, r.level, r.reason, c.number,"
    "  NULL, NULL, NULL, NULL, NULL"
    "  FROM r LEFT JOIN (SELECT c.at, c.number, c.n, unnest(c.reports) AS ordinal FROM c"
    "    WHERE c.kind = 'unit') c ON c.at = r.at AND c.n = r.n AND c.ordinal = r.ordinal"
    /* Findings of the newest decision, counted. */
    " UNION ALL SELECT s.at, 2, f.report, 0, 0, count(*), 0, false, f.severity,"
    "  NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, NULL, NULL, NULL, NULL"
    "  FROM s JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n"
    "  WHERE s.whole OR (s.at, f.report) IN (SELECT r.at, r.ordinal FROM r)"
    "  GROUP BY s.at, f.report, f.severity"
    /* Signatures tied to a report. */
    " UNION ALL SELECT s.at, 3, g.report, g.ordinal, 0, 0, 0, g.valid, g.role, g.signer,"
    "  g.failed_step,"
    "  NULL, NULL, NULL, NULL, NULL,"
    "  NULL, g.signed_at, NULL, NULL, NULL"
    "  FROM s JOIN intake.report_signature g ON g.submission = s.submission AND g.n = s.decided_n"
    "  WHERE g.report >= 0 AND (s.whole OR (s.at, g.report) IN (SELECT r.at, r.ordinal FROM r))"
    /* Receipts of all decisions. */
    " UNION ALL SELECT c.at, 4, -c.n, c.ordinal, 0, 0, 0, false, c.number, c.kind,"
    "  CASE WHEN c.kind = 'unit' THEN c.regon END,"
    "  CASE WHEN c.kind = 'unit' THEN coalesce(u.name,"
    "    (SELECT p.unit_name FROM intake.report p WHERE p.submission = c.submission AND p.n = c.n"
    "      AND p.ordinal = c.reports[1])) END,"
    "  NULL, NULL, NULL, NULL,"
    "  NULL, NULL, NULL, NULL, NULL"
    "  FROM c LEFT JOIN registry.unit u ON u.unit = c.unit"
    " ORDER BY at, part, major, minor";
/* clang-format on */
