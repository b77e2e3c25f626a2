-- The record holds more of what it says: what an earlier arrival means for those that came later, and
-- facts of reports that the log covers and nobody rewrites.

-- ---------------------------------------------------------------------------------------------
-- decided again
-- ---------------------------------------------------------------------------------------------

-- Whether a report is a correction, or late when it came after its term, depends on what had come before
-- it and was accepted. Whoever accepts that only now, or takes it back, sets the later ones to work.
ALTER TABLE intake.work DROP CONSTRAINT work_cause_check;
ALTER TABLE intake.work ADD CONSTRAINT work_cause_check
    CHECK (cause IN ('retry', 'unit-registered', 'earlier-decided'));
GRANT INSERT ON intake.work TO brama_writer;

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

-- ---------------------------------------------------------------------------------------------
-- nothing that was found out is rewritten
-- ---------------------------------------------------------------------------------------------

-- The log covers a report's row (gateway/intake/conclusion_leaf.h). Only what is in force changes, and
-- the condition stands in the trigger, so that a good change calls no function.
CREATE TRIGGER immutable BEFORE UPDATE ON intake.report FOR EACH ROW
    WHEN ((OLD.report, OLD.submission, OLD.n, OLD.ordinal, OLD.unit, OLD.unit_name, OLD.regon,
           OLD.type, OLD.wk, OLD.pk, OLD.gk, OLD.gt, OLD.pt, OLD.element, OLD.form, OLD.form_version,
           OLD.form_title, OLD.year, OLD.period_type, OLD.period_number, OLD.period, OLD.period_end,
           OLD.level, OLD.variant, OLD.version, OLD.verdict, OLD.reason, OLD.sha256, OLD.start_byte,
           OLD.end_byte, OLD.row_count, OLD.arrived, OLD.log_index, OLD.due, OLD.timeliness,
           OLD.calendar, OLD.corrects, OLD.window_until, OLD.outside_window, OLD.recipient,
           OLD.window_basis)
          IS DISTINCT FROM
          (NEW.report, NEW.submission, NEW.n, NEW.ordinal, NEW.unit, NEW.unit_name, NEW.regon,
           NEW.type, NEW.wk, NEW.pk, NEW.gk, NEW.gt, NEW.pt, NEW.element, NEW.form, NEW.form_version,
           NEW.form_title, NEW.year, NEW.period_type, NEW.period_number, NEW.period, NEW.period_end,
           NEW.level, NEW.variant, NEW.version, NEW.verdict, NEW.reason, NEW.sha256, NEW.start_byte,
           NEW.end_byte, NEW.row_count, NEW.arrived, NEW.log_index, NEW.due, NEW.timeliness,
           NEW.calendar, NEW.corrects, NEW.window_until, NEW.outside_window, NEW.recipient,
           NEW.window_basis))
    EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON intake.report
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.report
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();

-- Of the partitions each has the first one, too.
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.line
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.line
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
