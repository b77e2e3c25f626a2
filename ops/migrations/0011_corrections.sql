-- Corrections: what they replace, why, whether they came after the calendar's window; and submissions
-- that their senders take back.

-- A withdrawn submission was undecided or held, and nothing of it was accepted. It never moves again.
ALTER TABLE intake.submission
    ADD COLUMN withdrawn_at timestamptz,
    ADD COLUMN withdrawn_by bigint REFERENCES registry.credential,
    DROP CONSTRAINT submission_state_check,
    ADD CONSTRAINT submission_state_check
        CHECK (state IN ('received', 'checking', 'parked', 'decided', 'withdrawn')),
    ADD CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
    ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL));
DROP TRIGGER guard ON intake.submission;
CREATE TRIGGER guard BEFORE UPDATE ON intake.submission FOR EACH ROW
    WHEN (NEW.n < OLD.n OR NEW.sha256 <> OLD.sha256 OR NEW.arrived <> OLD.arrived
          OR NEW.subject <> OLD.subject
          OR OLD.state = 'withdrawn'
          OR (NEW.state = 'withdrawn' AND OLD.verdict NOT IN (0, 2))
          OR (OLD.state = 'decided' AND NEW.state NOT IN ('decided', 'withdrawn'))
          OR (OLD.state = 'parked'
              AND NEW.state NOT IN ('parked', 'received', 'decided', 'withdrawn')))
    EXECUTE FUNCTION intake.refuse_move();
GRANT UPDATE (withdrawn_at, withdrawn_by) ON intake.submission TO brama_writer;
GRANT SELECT (withdrawn_at) ON intake.submission TO brama_courier;

-- What a decision knew of the report that it corrects. Never rewritten, as due is not.
ALTER TABLE intake.report
    ADD COLUMN corrects       boolean NOT NULL DEFAULT false, -- one of its key was accepted before
    ADD COLUMN window_until   date,                           -- NULL: no end is stated
    ADD COLUMN outside_window boolean NOT NULL DEFAULT false, -- received after it
    ADD COLUMN recipient      text NOT NULL DEFAULT '',       -- whom it is put to then
    ADD COLUMN window_basis   text NOT NULL DEFAULT '',
    ADD CHECK (NOT outside_window
               OR (corrects AND window_until IS NOT NULL AND recipient <> ''));
UPDATE intake.report r SET corrects = true
WHERE r.verdict = 1 AND r.unit IS NOT NULL
  AND EXISTS (SELECT 1 FROM intake.report k
              WHERE k.unit = r.unit AND k.form = r.form AND k.period_end = r.period_end
                AND k.period_type = r.period_type AND k.level = r.level AND k.variant = r.variant
                AND k.verdict = 1 AND k.arrived < r.arrived);
-- What waits for its recipient, in the order of arrival.
CREATE INDEX report_outside ON intake.report (recipient, report) WHERE outside_window;

-- Why a report was corrected: asked for afterwards, given as often as somebody thinks better of it;
-- the highest revision holds, all of them stay. By the report's place in its package, which every
-- decision about the submission shares.
CREATE TABLE intake.correction_reason (
    submission uuid NOT NULL,
    report     integer NOT NULL, -- ordinal in the package, from 0
    revision   integer NOT NULL CHECK (revision BETWEEN 1 AND 100),
    code       text NOT NULL CHECK (code <> ''), -- of the dictionary przyczyny-korekt
    text       text NOT NULL CHECK (length(text) <= 1000),
    given_at   timestamptz NOT NULL,
    unit       bigint NOT NULL REFERENCES registry.unit,             -- that gave it
    credential bigint NOT NULL REFERENCES registry.credential,
    PRIMARY KEY (submission, report, revision)
);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.correction_reason
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.correction_reason
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
ALTER TABLE intake.correction_reason ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.correction_reason FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON intake.correction_reason TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON intake.correction_reason FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.report r
                   WHERE r.submission = correction_reason.submission
                     AND r.ordinal = correction_reason.report));
GRANT SELECT, INSERT ON intake.correction_reason TO brama_writer;
GRANT SELECT ON intake.correction_reason TO brama_reader;

-- The reason that holds.
CREATE FUNCTION intake.newest_reason(wanted uuid, place integer)
RETURNS SETOF intake.correction_reason
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT w.* FROM intake.correction_reason w
    WHERE w.submission = wanted AND w.report = place ORDER BY w.revision DESC LIMIT 1
$$;

-- As before, and which report is in force instead: of the same key, with its number in the package of
-- the receipt that states it. No amounts, no reason.
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
                             'in_force', coalesce(upper_inf(p.in_force), false),
                             'by_number', b.number, 'by_version', b.version, 'by_arrived', b.arrived)
                             ORDER BY p.ordinal)
            FROM intake.report p
            LEFT JOIN LATERAL (
                SELECT c.number, k.version, k.arrived
                FROM intake.report k
                LEFT JOIN intake.receipt c ON c.submission = k.submission AND c.n = k.n
                    AND c.kind = 'unit' AND k.ordinal = ANY (c.reports)
                WHERE p.verdict = 1 AND NOT coalesce(upper_inf(p.in_force), false)
                  AND k.unit = p.unit AND k.form = p.form AND k.period_end = p.period_end
                  AND k.period_type = p.period_type AND k.level = p.level
                  AND k.variant = p.variant AND upper_inf(k.in_force)
                LIMIT 1) b ON true
            WHERE p.submission = r.submission AND p.n = r.n AND p.ordinal = ANY (r.reports))
    FROM intake.receipt r
    JOIN intake.submission s USING (submission)
    JOIN intake.decision d ON d.submission = r.submission AND d.n = r.n
    WHERE r.number = wanted
$$;
