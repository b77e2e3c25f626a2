-- How far what a rule that was switched may concern has been looked through: a row of work beside its
-- switch, so that whoever dies between two slices leaves the rest to whoever comes next.
CREATE TABLE intake.rule_waking (
    switch  bigint PRIMARY KEY REFERENCES intake.rule_switch,
    scope   bigint,               -- of the sets of a rule between reports; NULL: submissions are looked at
    arrived timestamptz NOT NULL, -- of the last submission that was looked at
    ordinal bigint NOT NULL,      -- of the same, or the last set; -1: nothing was looked at
    found   bigint NOT NULL DEFAULT 0, -- what was set to work
    done_at timestamptz
);
CREATE INDEX rule_waking_open ON intake.rule_waking (switch) WHERE done_at IS NULL;
GRANT SELECT ON intake.rule_waking TO brama_writer, brama_admin;
GRANT INSERT ON intake.rule_waking TO brama_admin;
GRANT UPDATE (arrived, ordinal, found, done_at) ON intake.rule_waking TO brama_writer, brama_admin;
GRANT EXECUTE ON FUNCTION intake.await_conclusions() TO brama_writer;

-- Whose question it is and who filed it, so that a unit finds its own by an index. A decision made again
-- that knows the unit better corrects it; nothing else of a question changes.
ALTER TABLE intake.question
    ADD COLUMN unit    bigint REFERENCES registry.unit,
    ADD COLUMN subject bigint REFERENCES registry.unit;
DROP TRIGGER immutable ON intake.question;
UPDATE intake.question q SET unit = r.unit, subject = s.subject
FROM intake.submission s
JOIN intake.report r ON r.submission = s.submission AND r.n = s.decided_n
WHERE s.submission = q.submission AND r.ordinal = q.report;
CREATE TRIGGER immutable
    BEFORE DELETE OR UPDATE OF question, submission, report, asked_at, days, until, calendar, subject
    ON intake.question FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE INDEX question_unit ON intake.question (unit, question);
CREATE INDEX question_subject ON intake.question (subject, question);
GRANT UPDATE (unit) ON intake.question TO brama_writer;
-- As before; asked for each question that is looked at (OFFSET 0), never for all reports at once.
ALTER POLICY seen ON intake.question USING (EXISTS (
    SELECT FROM intake.report r
    WHERE r.submission = question.submission AND r.ordinal = question.report OFFSET 0));
