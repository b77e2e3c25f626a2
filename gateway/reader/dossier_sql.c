#include "gateway/reader/dossier_sql.h"

#include "gateway/reader/sight.h"

#include <string.h>

#define OUTAGE_AFTER "24 hours" /* OUTAGE_AFTER_HOURS of gateway/obligation/outage.h */

/* clang-format off */
static const char first_half[] =
    "WITH s AS ("
    " SELECT q.at, s.submission, s.verdict, s.size, s.state, s.sha256, s.arrived,"
    " s.decided_at, s.first_arrived, s.follows, s.withdrawn_at, u.name, u.regon,"
    " q.subject > 0 OR s.subject = " SIGHT_UNITS " AS whole, q.subject < -1 AS office,"
    " s.decided_n, least(s.first_byte, s.first_arrived) AS tried,"
    " s.objection, CASE WHEN s.decided_n > 0 THEN s.decided_n ELSE s.n END AS told"
    " FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY q (submission, subject, at)"
    " JOIN intake.submission s ON s.submission = q.submission"
    " JOIN registry.unit u ON u.unit = s.subject"
    " WHERE CASE WHEN q.subject = 0 THEN " SIGHT_SUBMISSION
    " WHEN q.subject < -1 THEN " SIGHT_OFFICE " ELSE s.subject = q.subject END"
    "), r AS ("
    " SELECT s.at, r.n, r.ordinal, r.verdict, r.row_count, r.version, r.in_force, r.form_title,"
    " r.form_version, r.unit_name, r.regon, r.period, r.level, r.variant, r.reason, r.due,"
    " r.timeliness, r.calendar, intake.is_correction(r) AS corrects, r.window_until, r.recipient,"
    " r.window_basis, s.submission, r.report, s.objection"
    " FROM s JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n"
    " WHERE s.whole OR r.unit = " SIGHT_UNITS " OR (s.office AND " SIGHT_ADDRESSED("r") ")"
    "), c AS ("
    " SELECT s.at, s.submission, c.n, c.ordinal, c.number, c.kind, c.regon, c.unit, c.reports"
    " FROM s JOIN intake.receipt c ON c.submission = s.submission"
    " WHERE s.whole OR (c.kind = 'unit' AND c.unit = " SIGHT_UNITS ")"
    ")"
    /* The submission and its newest decision; until there is one, its newest delivery. */
    "SELECT s.at, 0, s.told::integer, 0, CASE WHEN s.whole THEN s.verdict"
    " ELSE " SIGHT_VERDICT("SELECT r.verdict FROM r WHERE r.at = s.at") " END::integer, s.size,"
    " d.log_index, d.n IS NOT NULL, s.state, s.name, s.regon, d.reason,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
    " s.sha256, s.arrived, s.decided_at, s.first_arrived, s.follows,"
    " s.withdrawn_at, NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL"
    " FROM s LEFT JOIN intake.decision d ON d.submission = s.submission AND d.n = s.told"
    /* Its reports. */
    " UNION ALL SELECT r.at, 1, r.ordinal, 0, r.verdict::integer, r.row_count, r.version,"
    " upper_inf(r.in_force), r.form_title, r.form_version, r.unit_name, r.regon,"
    " r.period, r.level, r.reason, c.number, r.due::text, r.timeliness,"
    " r.calendar,"
    " t.told,NULL,NULL,NULL,NULL,"
    " x.given_at, CASE WHEN r.corrects THEN coalesce(x.revision, 0) END, r.window_until::text,"
    " nullif(r.recipient, ''), nullif(r.window_basis, ''), x.code, nullif(x.text, ''),"
    " nullif(r.variant, '')"
    " FROM r LEFT JOIN LATERAL intake.newest_reason(r.submission, r.ordinal) x ON r.corrects"
    " LEFT JOIN intake.sets_told(ARRAY(SELECT r.report FROM r)) t ON t.report = r.report"
    " LEFT JOIN (SELECT c.at, c.number, c.n, unnest(c.reports) AS ordinal FROM c"
    " WHERE c.kind = 'unit') c ON c.at = r.at AND c.n = r.n AND c.ordinal = r.ordinal";

static const char second_half[] =
    /* Findings of the newest decision, counted. */
    " UNION ALL SELECT s.at, 2, f.report, 0, 0, count(*), CASE f.severity"
    " WHEN 'query' THEN intake.open_now(s.submission, s.decided_n, f.report) ELSE 0 END,"
    " false, f.severity,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL"
    " FROM s JOIN intake.finding f ON f.submission = s.submission AND f.n = s.decided_n"
    " WHERE s.whole OR (s.at, f.report) IN (SELECT r.at, r.ordinal FROM r)"
    " GROUP BY s.at, s.submission, s.decided_n, f.report, f.severity"
    /* What sets ask of reports in force. */
    " UNION ALL SELECT r.at, 2, r.ordinal, 0, 0, 0, intake.open_set_queries(r.report), false,"
    " 'query',"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL"
    " FROM r WHERE upper_inf(r.in_force)"
    /* Signatures tied to a report. */
    " UNION ALL SELECT s.at, 3, g.report, g.ordinal, 0, 0, 0, g.valid, g.role, g.signer,"
    " g.failed_step,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
    " NULL, g.signed_at, NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL"
    " FROM s JOIN intake.report_signature g ON g.submission = s.submission AND g.n = s.decided_n"
    " WHERE g.report >= 0 AND (s.whole OR (s.at, g.report) IN (SELECT r.at, r.ordinal FROM r))"
    /* Receipts of all decisions. */
    " UNION ALL SELECT c.at, 4, -c.n, c.ordinal, 0, 0, 0, false, c.number, c.kind,"
    " CASE WHEN c.kind = 'unit' THEN c.regon END,"
    " CASE WHEN c.kind = 'unit' THEN coalesce(u.name,"
    " (SELECT p.unit_name FROM intake.report p WHERE p.submission = c.submission AND p.n = c.n"
    " AND p.ordinal = c.reports[1])) END,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,"
    " NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL"
    " FROM c LEFT JOIN registry.unit u ON u.unit = c.unit"
    /* Outages near its arrival, as known today; the receipt has those known when it was decided. */
    " UNION ALL SELECT s.at, 5, row_number() OVER (ORDER BY o.began, o.outage)::integer, 0, 0, 0,"
    " 0, s.tried >= o.began AND s.tried < o.ended, o.description,"
    " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
    " NULL, o.began, o.ended, s.tried,"
    " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
    " FROM s JOIN obligation.outage o"
    " ON (o.began <= s.arrived AND o.ended > s.arrived - interval '" OUTAGE_AFTER "')"
    " OR (o.began <= s.tried AND o.ended > s.tried - interval '" OUTAGE_AFTER "')"
    " WHERE NOT EXISTS (SELECT 1 FROM obligation.revocation v WHERE v.what = 'outage'"
    " AND v.number = o.outage)"
    /* Objections of the newest decision, and what was said of them. */
    " UNION ALL SELECT r.at, 6, r.ordinal, row_number() OVER (ORDER BY o.code)::integer, 0, 0, 0,"
    " a.revision IS NOT NULL, o.code, o.owner, a.outcome, a.remedy,"
    " encode(e.definitions, 'hex'), a.reason, NULL, NULL, NULL, NULL, NULL,"
    " NULL, a.given_at, w.since, NULL,"
    " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
    " FROM r JOIN intake.objection o ON r.objection <> '' AND o.submission = r.submission"
    " AND o.n = r.n AND o.report = r.ordinal"
    " LEFT JOIN LATERAL intake.newest_answer(o.submission, o.report, o.code) a ON true"
    " LEFT JOIN intake.rule_switch w ON w.switch = a.switch"
    " LEFT JOIN intake.release e ON e.release = a.release"
    " ORDER BY 1, 2, 3, 4";
/* clang-format on */

const char *
dossier_sql(void)
{
    static char whole[sizeof first_half + sizeof second_half];

    if (whole[0] == '\0') {
        memcpy(whole, first_half, sizeof first_half - 1);
        memcpy(whole + sizeof first_half - 1, second_half, sizeof second_half);
    }
    return whole;
}
