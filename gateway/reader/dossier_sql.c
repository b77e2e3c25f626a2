#include "gateway/reader/dossier_sql.h"

#include "gateway/reader/sight.h"

/* clang-format off */
const char dossier_sql[] =
    "WITH s AS MATERIALIZED ("
    "  SELECT s.*, u.name, u.regon, s.subject = " SIGHT_UNITS " AS whole,"
    "    CASE WHEN s.decided_n > 0 THEN s.decided_n ELSE s.n END AS told FROM intake.submission s"
    "  JOIN registry.unit u ON u.unit = s.subject"
    "  WHERE s.submission = $1 AND " SIGHT_SUBMISSION
    "), r AS MATERIALIZED ("
    "  SELECT r.* FROM s JOIN intake.report r ON r.submission = $1 AND r.n = s.decided_n"
    "  WHERE s.whole OR r.unit = " SIGHT_UNITS
    "), c AS MATERIALIZED ("
    "  SELECT c.* FROM s JOIN intake.receipt c ON c.submission = $1"
    "  WHERE s.whole OR (c.kind = 'unit' AND c.unit = " SIGHT_UNITS ")"
    ")"
    /* The submission and its newest decision; until there is one, its newest delivery. */
    "SELECT 0 AS part, s.told::integer AS major, 0 AS minor, CASE WHEN s.whole THEN s.verdict ELSE "
    SIGHT_VERDICT("SELECT r.verdict FROM r") " END::integer, s.size,"
    "  d.log_index, d.n IS NOT NULL, s.state, s.name, s.regon, d.reason,"
    "  NULL::text, NULL::text, NULL::text, NULL::text,"
    "  s.sha256, s.arrived, s.decided_at, s.first_arrived, s.follows"
    "  FROM s LEFT JOIN intake.decision d ON d.submission = $1 AND d.n = s.told"
    /* Its reports. */
    " UNION ALL SELECT 1, r.ordinal, 0, r.verdict::integer, r.row_count, r.version,"
    "  coalesce(upper_inf(r.in_force), false), r.form_title, r.form_version, r.unit_name, r.regon,"
    "  r.period, r.level, r.reason, c.number,"
    "  NULL, NULL, NULL, NULL, NULL"
    "  FROM r LEFT JOIN (SELECT c.number, c.n, unnest(c.reports) AS ordinal FROM c"
    "    WHERE c.kind = 'unit') c ON c.n = r.n AND c.ordinal = r.ordinal"
    /* Findings of the newest decision, counted. */
    " UNION ALL SELECT 2, f.report, 0, 0, count(*), 0, false, f.severity,"
    "  NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
    "  NULL, NULL, NULL, NULL, NULL"
    "  FROM s JOIN intake.finding f ON f.submission = $1 AND f.n = s.decided_n"
    "  WHERE s.whole OR f.report IN (SELECT r.ordinal FROM r)"
    "  GROUP BY f.report, f.severity"
    /* Signatures tied to a report. */
    " UNION ALL SELECT 3, g.report, g.ordinal, 0, 0, 0, g.valid, g.role, g.signer, g.failed_step,"
    "  NULL, NULL, NULL, NULL, NULL,"
    "  NULL, g.signed_at, NULL, NULL, NULL"
    "  FROM s JOIN intake.report_signature g ON g.submission = $1 AND g.n = s.decided_n"
    "  WHERE g.report >= 0 AND (s.whole OR g.report IN (SELECT r.ordinal FROM r))"
    /* Receipts of all decisions. */
    " UNION ALL SELECT 4, -c.n, c.ordinal, 0, 0, 0, false, c.number, c.kind,"
    "  CASE WHEN c.kind = 'unit' THEN c.regon END,"
    "  CASE WHEN c.kind = 'unit' THEN coalesce(u.name,"
    "    (SELECT p.unit_name FROM intake.report p WHERE p.submission = $1 AND p.n = c.n"
    "      AND p.ordinal = c.reports[1])) END,"
    "  NULL, NULL, NULL, NULL,"
    "  NULL, NULL, NULL, NULL, NULL"
    "  FROM c LEFT JOIN registry.unit u ON u.unit = c.unit"
    " ORDER BY part, major, minor";
/* clang-format on */
