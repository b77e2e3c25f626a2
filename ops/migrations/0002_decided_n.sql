-- The newest n at which something was decided. n itself also counts receipts of delivery: an attempt
-- to decide again that has failed must not hide what was decided before it.
ALTER TABLE intake.submission ADD COLUMN decided_n smallint NOT NULL DEFAULT 0; -- 0: nothing yet
UPDATE intake.submission s SET decided_n = d.n
FROM (SELECT submission, max(n) AS n FROM intake.decision WHERE kind = 'decision' GROUP BY submission) d
WHERE d.submission = s.submission;
ALTER TABLE intake.submission ADD CHECK (decided_n BETWEEN 0 AND n);
GRANT UPDATE (decided_n) ON intake.submission TO brama_writer;

-- As before, but for newest (what comes after a receipt is a decision, or a delivery's own) and the
-- REGON of each report, which stands on the receipt: of a summary one must see whose is in force.
CREATE OR REPLACE FUNCTION intake.public_receipt(wanted text)
RETURNS TABLE (number text, kind text, submission uuid, n smallint, newest smallint, regon text,
               arrived timestamptz, decided_at timestamptz, verdict smallint, sha256 bytea,
               receipt_sha256 bytea, log_index bigint, reports jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.number, r.kind, r.submission, r.n, CASE WHEN s.decided_n = 0 THEN s.n ELSE s.decided_n END,
           r.regon, s.arrived, d.decided_at, d.verdict,
           s.sha256, r.sha256, d.log_index,
           (SELECT jsonb_agg(jsonb_build_object('form', p.form_title, 'regon', p.regon,
                             'period', p.period,
                             'version', p.version, 'verdict', p.verdict,
                             'in_force', coalesce(upper_inf(p.in_force), false))
                             ORDER BY p.ordinal)
            FROM intake.report p
            WHERE p.submission = r.submission AND p.n = r.n AND p.ordinal = ANY (r.reports))
    FROM intake.receipt r
    JOIN intake.submission s USING (submission)
    JOIN intake.decision d ON d.submission = r.submission AND d.n = r.n
    WHERE r.number = wanted
$$;
