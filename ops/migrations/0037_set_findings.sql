-- Findings of sets as those of forms: switched rules set sets to work, queries have a day by which they are
-- answered, answers and objections name a finding of a set.

-- A rule that was switched is a reason to judge a set again. A switch of a later day waits for it.
ALTER TABLE intake.set_work DROP CONSTRAINT set_work_cause_check,
    ADD CONSTRAINT set_work_cause_check
        CHECK (cause IN ('operand', 'owed', 'definitions', 'retry', 'rule-switched'));

-- ---------------------------------------------------------------------------------------------
-- answers
-- ---------------------------------------------------------------------------------------------

-- What names a finding among those of its report, as intake.finding_mark does for those of forms: what is
-- answered belongs to it, so that it holds when the set is judged again and finds the same amounts.
ALTER TABLE intake.set_finding ADD COLUMN mark uuid;
DROP TRIGGER immutable ON intake.set_finding;
UPDATE intake.set_finding f SET mark = intake.finding_mark(f.code, '', f.cell, '', v.found, v.expected)
FROM intake.set_finding_value v WHERE v.finding = f.finding;
ALTER TABLE intake.set_finding ALTER COLUMN mark SET NOT NULL;
CREATE TRIGGER immutable BEFORE UPDATE ON intake.set_finding FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL
          OR (OLD.finding, OLD.owner, OLD.scope, OLD.period_end, OLD.period_type, OLD.report, OLD.code,
              OLD.severity, OLD.cell, OLD.about, OLD.basis, OLD.definitions, OLD.opened_at,
              OLD.opened_by, OLD.opened_n, OLD.mark)
             IS DISTINCT FROM
             (NEW.finding, NEW.owner, NEW.scope, NEW.period_end, NEW.period_type, NEW.report, NEW.code,
              NEW.severity, NEW.cell, NEW.about, NEW.basis, NEW.definitions, NEW.opened_at,
              NEW.opened_by, NEW.opened_n, NEW.mark))
    EXECUTE FUNCTION intake.refuse_change();

-- A query of a set has a day of its own: it may come long after those of the report. The first time that
-- it is found with these amounts gives the day, whatever decision or judgement finds it again. Numbered
-- with the questions of reports, so that one list has both in the order in which they were asked.
CREATE TABLE intake.set_question (
    question   bigint NOT NULL UNIQUE DEFAULT nextval('intake.question_question_seq'),
    submission uuid NOT NULL,
    report     integer NOT NULL, -- ordinal in the package, from 0
    mark       uuid NOT NULL,
    unit       bigint,           -- of the report
    subject    bigint NOT NULL,  -- who filed it
    asked_at   timestamptz NOT NULL,
    days       smallint NOT NULL CHECK (days > 0), -- working days that were given
    until      date NOT NULL,                      -- the last of them
    calendar   text NOT NULL,                      -- version that says how many
    PRIMARY KEY (submission, report, mark)
);
CREATE INDEX set_question_unit ON intake.set_question (unit, question);
CREATE INDEX set_question_subject ON intake.set_question (subject, question);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.set_question
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.set_question
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
ALTER TABLE intake.set_question ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.set_question FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON intake.set_question TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON intake.set_question FOR SELECT TO brama_reader
    USING (EXISTS (SELECT FROM intake.report r WHERE r.submission = set_question.submission
                     AND r.ordinal = set_question.report OFFSET 0));
GRANT SELECT, INSERT ON intake.set_question TO brama_writer;
GRANT USAGE ON SEQUENCE intake.question_question_seq TO brama_writer;
GRANT SELECT ON intake.set_question TO brama_reader;
-- Whoever was asked before there was a day has two weeks from now.
INSERT INTO intake.set_question (submission, report, mark, unit, subject, asked_at, days, until, calendar)
SELECT r.submission, r.ordinal, f.mark, r.unit, s.subject, f.opened_at, 7,
       (now() AT TIME ZONE 'Europe/Warsaw')::date + 14, ''
FROM intake.set_finding f JOIN intake.report r USING (report)
JOIN intake.submission s ON s.submission = r.submission
WHERE f.closed_at IS NULL AND f.severity = 'query' ON CONFLICT DO NOTHING;

-- An answer to a query of a set names the finding of the set instead of one of a decision.
ALTER TABLE intake.explanation ALTER COLUMN finding DROP NOT NULL;
ALTER TABLE intake.explanation ADD COLUMN set_finding bigint REFERENCES intake.set_finding,
    ADD CONSTRAINT explanation_of_one CHECK (num_nonnulls(finding, set_finding) = 1);

-- The number of a set, which is no secret: who sees a report that is charged in it may have to name it.
CREATE FUNCTION intake.set_number(of_owner bigint, of_scope smallint, of_end date, of_type text)
RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT s.set FROM intake.report_set s WHERE s.owner = of_owner AND s.scope = of_scope
        AND s.period_end = of_end AND s.period_type = of_type
$$;
REVOKE ALL ON FUNCTION intake.set_number(bigint, smallint, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.set_number(bigint, smallint, date, text) TO brama_reader;

-- How many queries are meant by a question, and how many of them are open: all of its report's form, or
-- the one of a set that this mark names, with its set.
CREATE FUNCTION intake.asked_of(id uuid, decision smallint, place integer, charged bigint, name uuid)
RETURNS TABLE (queries bigint, open integer, set bigint, finding bigint, code text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    IF name IS NULL THEN
        RETURN QUERY SELECT count(*), intake.open_queries(id, decision, place), NULL::bigint,
                            NULL::bigint, NULL::text
            FROM intake.finding f WHERE f.submission = id AND f.n = decision AND f.report = place
                AND f.severity = 'query';
    ELSE
        RETURN QUERY SELECT 1::bigint, CASE WHEN EXISTS (
                                SELECT FROM intake.explanation e
                                WHERE e.submission = id AND e.report = place AND e.mark = name)
                            THEN 0 ELSE 1 END,
                            intake.set_number(f.owner, f.scope, f.period_end, f.period_type),
                            f.finding, f.code
            FROM intake.set_finding f WHERE f.report = charged AND f.mark = name
                AND f.closed_at IS NULL AND f.severity = 'query' LIMIT 1;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION intake.asked_of(uuid, smallint, integer, bigint, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.asked_of(uuid, smallint, integer, bigint, uuid) TO brama_reader;

-- ---------------------------------------------------------------------------------------------
-- objections
-- ---------------------------------------------------------------------------------------------

-- An objection to a rule between reports comes after the fact, as nothing is rejected by it. It is of the
-- charged report; mark as of its finding. NULL: it came with the filing.
ALTER TABLE intake.objection ADD COLUMN mark uuid;
ALTER TABLE intake.objection ADD COLUMN unit bigint REFERENCES registry.unit,
    ADD COLUMN credential bigint REFERENCES registry.credential,
    ADD COLUMN appointment uuid REFERENCES people.appointment,
    ADD CONSTRAINT objection_by CHECK (num_nonnulls(credential, appointment)
                                       = CASE WHEN mark IS NULL THEN 0 ELSE 1 END);
ALTER TABLE intake.objection DROP CONSTRAINT objection_submission_n_report_code_key;
CREATE UNIQUE INDEX objection_of_rule ON intake.objection (submission, n, report, code)
    WHERE mark IS NULL;
CREATE UNIQUE INDEX objection_of_set ON intake.objection (submission, report, mark)
    WHERE mark IS NOT NULL;
