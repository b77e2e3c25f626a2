-- The record holds more of what it says: what an earlier arrival means for those that came later, and
-- facts of reports that the log covers and nobody rewrites.

-- ---------------------------------------------------------------------------------------------
-- decided again
-- ---------------------------------------------------------------------------------------------

-- Whether a report that came after its term is late or a correction depends on what had come before it
-- and was accepted. Whoever accepts that only now, or takes it back, sets the later ones to work.
ALTER TABLE intake.work DROP CONSTRAINT work_cause_check;
ALTER TABLE intake.work ADD CONSTRAINT work_cause_check
    CHECK (cause IN ('retry', 'unit-registered', 'earlier-decided'));
GRANT INSERT ON intake.work TO brama_writer;
CREATE INDEX report_after_term ON intake.report (unit, form, period_end, period_type, level, variant)
    WHERE timeliness IN ('late', 'correction');

-- Reports that waited for a unit nobody knew, in the order in which they came: the first of a key
-- first. As before, but for that, and for brama_admin too.
CREATE OR REPLACE FUNCTION registry.wake() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH woken AS (
        INSERT INTO intake.work (submission, cause)
        SELECT s.submission, 'unit-registered' FROM intake.submission s
        WHERE s.state = 'decided'
          AND (s.submission, s.decided_n) IN (
              SELECT r.submission, r.n FROM intake.report r
              WHERE r.unit IS NULL AND r.verdict = 0
                AND EXISTS (SELECT 1 FROM registry.unit u WHERE u.regon = r.regon))
          AND NOT EXISTS (SELECT 1 FROM intake.work w
                          WHERE w.submission = s.submission AND w.done_at IS NULL)
        ORDER BY s.arrived, s.ordinal
        RETURNING work)
    SELECT count(*) FROM woken
$$;
GRANT EXECUTE ON FUNCTION registry.wake() TO brama_admin;
