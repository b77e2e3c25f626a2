-- Sets: the reports in force of one JST, or of one unit, for one period, judged together. What is found
-- charges one report and changes no verdict.

-- Whose sets there are, and what was found last. Written by whoever holds the JST's lock.
CREATE TABLE intake.report_set (
    set           bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    owner         bigint NOT NULL,        -- the JST, or the unit
    scope         smallint NOT NULL CHECK (scope IN (0, 1)), -- 0 of the whole JST, 1 of the unit alone
    period_end    date NOT NULL,
    period_type   text NOT NULL,
    year          integer NOT NULL,
    period_number integer NOT NULL,
    period        text NOT NULL,          -- "2026-Q2"
    state         text NOT NULL CHECK (state IN ('incomplete', 'consistent', 'inconsistent')),
    reason        text NOT NULL,          -- why something was not judged; empty: all was
    pending       json NOT NULL CHECK (json_typeof(pending) = 'array'),
    findings      integer NOT NULL,       -- open now
    owed          text NOT NULL,          -- what was owed of each report that the rules read: a digit each
    revision      bigint NOT NULL DEFAULT 1,
    judged_at     timestamptz NOT NULL,
    definitions   bytea NOT NULL CHECK (length(definitions) = 32), -- judged by
    PRIMARY KEY (owner, period_end, period_type, scope),
    CHECK (reason = '' OR state <> 'consistent')
) WITH (fillfactor = 70);
CREATE INDEX report_set_period ON intake.report_set (period, set);

-- Of which JST's set a report is, whether it is in force or not.
CREATE TABLE intake.set_member (
    jst         bigint NOT NULL,
    period_end  date NOT NULL,
    period_type text NOT NULL,
    report      bigint NOT NULL,
    PRIMARY KEY (jst, period_end, period_type, report)
);
INSERT INTO intake.set_member (jst, period_end, period_type, report)
SELECT p.path[cardinality(p.path)], r.period_end, r.period_type, r.report
FROM intake.report r CROSS JOIN LATERAL (SELECT registry.path(r.unit) AS path) p
WHERE r.verdict = 1 AND r.unit IS NOT NULL AND r.year IS NOT NULL;

-- What a rule of the set says of the report that it charges, from one judgement to another. Amounts,
-- and texts that hold amounts, stand apart: they may be of reports that not everybody sees.
CREATE SEQUENCE intake.set_finding_id;
CREATE TABLE intake.set_finding (
    finding     bigint PRIMARY KEY DEFAULT nextval('intake.set_finding_id'),
    owner       bigint NOT NULL,
    scope       smallint NOT NULL,
    period_end  date NOT NULL,
    period_type text NOT NULL,
    report      bigint NOT NULL,          -- charged
    code        text NOT NULL,
    severity    text NOT NULL CHECK (severity IN ('query', 'warning', 'info')),
    cell        text NOT NULL,
    about       text NOT NULL,            -- the rule in words, without amounts
    basis       text NOT NULL,
    definitions bytea NOT NULL,           -- the bundle whose rule it is
    opened_at   timestamptz NOT NULL,
    opened_by   uuid,                     -- the decision that found it; NULL: judged again
    opened_n    smallint,
    closed_at   timestamptz,
    closed_by   uuid,
    closed_n    smallint,
    CHECK ((opened_by IS NULL) = (opened_n IS NULL)),
    CHECK ((closed_by IS NULL) = (closed_n IS NULL)),
    CHECK (closed_at >= opened_at)
);
CREATE INDEX set_finding_open ON intake.set_finding (owner, period_end, period_type, scope)
    WHERE closed_at IS NULL;
CREATE INDEX set_finding_report ON intake.set_finding (report);
CREATE TABLE intake.set_finding_value (
    finding      bigint PRIMARY KEY REFERENCES intake.set_finding,
    title        text NOT NULL,
    fix          text NOT NULL,
    found        text NOT NULL,
    expected     text NOT NULL,
    difference   text NOT NULL,
    contributors json NOT NULL CHECK (json_typeof(contributors) = 'array'),
    total        integer NOT NULL,        -- contributors before the list was cut
    reports      bigint[] NOT NULL        -- whose figures these are
);

-- Sets to be judged again: something that they read has changed elsewhere.
CREATE TABLE intake.set_work (
    work       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    set        bigint NOT NULL,
    cause      text NOT NULL CHECK (cause IN ('operand', 'owed', 'definitions', 'retry')),
    created_at timestamptz NOT NULL DEFAULT now(),
    attempts   smallint NOT NULL DEFAULT 0,
    not_before timestamptz,
    done_at    timestamptz
);
CREATE INDEX set_work_open ON intake.set_work (work) WHERE done_at IS NULL;
CREATE INDEX set_work_of_set ON intake.set_work (set) WHERE done_at IS NULL;
-- Every worker asks for what other definitions have judged; of each set once is enough. Of the other
-- causes each asks for itself: a row that is being worked off does not know of what comes after it.
CREATE UNIQUE INDEX set_work_definitions ON intake.set_work (set)
    WHERE done_at IS NULL AND cause = 'definitions';

-- Lines of a report are fetched by its number: what was written last is not summarised by a BRIN yet,
-- and would be read whole.
CREATE INDEX line_of_report ON intake.line (report);
DROP INDEX intake.line_report;

-- What the units of one JST owe of a matter is found without those of all others.
CREATE INDEX duty_of_jst ON obligation.duty (matter, jst);
DROP INDEX obligation.duty_matter;

-- A finding is never rewritten and never deleted; it is closed, once.
CREATE TRIGGER immutable BEFORE UPDATE ON intake.set_finding FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL
          OR (OLD.finding, OLD.owner, OLD.scope, OLD.period_end, OLD.period_type, OLD.report, OLD.code,
              OLD.severity, OLD.cell, OLD.about, OLD.basis, OLD.definitions, OLD.opened_at,
              OLD.opened_by, OLD.opened_n)
             IS DISTINCT FROM
             (NEW.finding, NEW.owner, NEW.scope, NEW.period_end, NEW.period_type, NEW.report, NEW.code,
              NEW.severity, NEW.cell, NEW.about, NEW.basis, NEW.definitions, NEW.opened_at,
              NEW.opened_by, NEW.opened_n))
    EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON intake.set_finding
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.set_finding_value
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.set_member
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.set_finding
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.set_finding_value
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.set_member
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();

-- What is owed, and is not here, is what a set waits for.
CREATE FUNCTION intake.owe_set(of_jst bigint, of_unit bigint, of_matter integer) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO intake.set_work (set, cause)
    SELECT s.set, 'owed' FROM obligation.matter m
    JOIN intake.report_set s ON s.period_end = m.period_end AND s.period_type = m.period_type
        AND ((s.scope = 0 AND s.owner = of_jst) OR (s.scope = 1 AND s.owner = of_unit))
    WHERE m.matter = of_matter
$$;
CREATE FUNCTION intake.owe_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM intake.owe_set(NEW.jst, NEW.unit, NEW.matter);
    IF OLD.jst <> NEW.jst THEN
        PERFORM intake.owe_set(OLD.jst, OLD.unit, OLD.matter);
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION intake.owe_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO intake.set_work (set, cause)
    SELECT DISTINCT s.set, 'owed' FROM after_rows d
    JOIN obligation.matter m USING (matter)
    JOIN intake.report_set s ON s.period_end = m.period_end AND s.period_type = m.period_type
        AND ((s.scope = 0 AND s.owner = d.jst) OR (s.scope = 1 AND s.owner = d.unit));
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION intake.owe_set(bigint, bigint, integer), intake.owe_changed(), intake.owe_new()
    FROM PUBLIC;
CREATE TRIGGER sets_of_new AFTER INSERT ON obligation.duty REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION intake.owe_new();
CREATE TRIGGER sets_of_changed AFTER UPDATE ON obligation.duty FOR EACH ROW
    WHEN ((OLD.jst, OLD.superseded_on IS NULL, OLD.exemption IS NULL, OLD.nothing_at IS NULL,
           OLD.elsewhere_at IS NULL)
          IS DISTINCT FROM
          (NEW.jst, NEW.superseded_on IS NULL, NEW.exemption IS NULL, NEW.nothing_at IS NULL,
           NEW.elsewhere_at IS NULL))
    EXECUTE FUNCTION intake.owe_changed();

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT SELECT, INSERT ON intake.report_set, intake.set_member, intake.set_finding,
    intake.set_finding_value, intake.set_work TO brama_writer;
GRANT USAGE ON SEQUENCE intake.set_finding_id TO brama_writer;
GRANT UPDATE (state, reason, pending, findings, owed, revision, judged_at, definitions)
    ON intake.report_set TO brama_writer;
GRANT UPDATE (closed_at, closed_by, closed_n) ON intake.set_finding TO brama_writer;
GRANT UPDATE (attempts, not_before, done_at) ON intake.set_work TO brama_writer;
-- Of what is owed the worker reads what a set waits for.
GRANT SELECT ON obligation.matter, obligation.duty TO brama_writer;
GRANT SELECT ON intake.report_set, intake.set_finding, intake.set_finding_value TO brama_reader;
-- The operator makes a decision once more from what is stored, and sets a set to work again.
GRANT SELECT ON intake.report_set, intake.set_member, intake.set_finding,
    intake.set_finding_value, intake.set_work TO brama_admin;
GRANT INSERT ON intake.set_work TO brama_admin;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['report_set', 'set_member', 'set_finding', 'set_finding_value',
                                'set_work'] LOOP
        EXECUTE format('ALTER TABLE intake.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE intake.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON intake.%I TO brama_owner USING (true) '
                       'WITH CHECK (true)', name);
    END LOOP;
END
$$;

-- An office sees the set of a JST that a report of that JST itself has sent to it.
CREATE FUNCTION intake.has_addressed_set(of_owner bigint, of_end date, of_type text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN registry.seen_offices() <> '{}' AND EXISTS (
        SELECT FROM intake.report r
        WHERE r.unit = of_owner AND r.period_end = of_end AND r.period_type = of_type
          AND upper_inf(r.in_force) AND registry.is_addressed(r.unit, r.addressed_to));
END
$$;
-- Whether all these reports may be seen: as the policies of intake.report say, whoever asks for what.
CREATE FUNCTION intake.sees_reports(wanted bigint[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM unnest(wanted) q (report) LEFT JOIN intake.report r USING (report)
        WHERE (r.unit = ANY (registry.seen_units()) OR intake.sees_whole(r.submission)
               OR (r.verdict = 1 AND registry.is_addressed(r.unit, r.addressed_to))) IS NOT TRUE);
END
$$;
-- What is told of the set at a report in force, as JSON in UTF-8, by what the asker sees: the set of its
-- unit (of a JST the whole one's) and the findings that charge it, without figures. NULL: nothing.
CREATE FUNCTION intake.set_told(wanted bigint) RETURNS bytea
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
    own     intake.report_set;
    charged json;
BEGIN
    SELECT s.* INTO own FROM intake.report r
    JOIN intake.report_set s ON s.owner = r.unit AND s.period_end = r.period_end
        AND s.period_type = r.period_type
    WHERE r.report = wanted AND upper_inf(r.in_force) ORDER BY s.scope LIMIT 1;
    SELECT json_agg(json_build_object('id', f.finding, 'code', f.code, 'severity', f.severity,
                                      'cell', nullif(f.cell, ''), 'about', nullif(f.about, ''))
                    ORDER BY f.finding) INTO charged
    FROM intake.set_finding f WHERE f.report = wanted AND f.closed_at IS NULL;
    IF own.set IS NULL AND charged IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN convert_to(json_build_object(
        'state', own.state, 'reason', nullif(own.reason, ''), 'findings', coalesce(charged, '[]'),
        'pending', coalesce(own.pending, '[]'), 'url', '/api/v1/sets/' || own.set)::text, 'UTF8');
END
$$;
REVOKE ALL ON FUNCTION intake.set_told(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.set_told(bigint) TO brama_reader;
REVOKE ALL ON FUNCTION intake.has_addressed_set(bigint, date, text), intake.sees_reports(bigint[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.has_addressed_set(bigint, date, text),
    intake.sees_reports(bigint[]) TO brama_reader;

CREATE POLICY seen ON intake.report_set FOR SELECT TO brama_reader
    USING (owner = ANY ((SELECT registry.seen_units())::bigint[]));
CREATE POLICY addressed ON intake.report_set FOR SELECT TO brama_reader
    USING (intake.has_addressed_set(owner, period_end, period_type));
-- Who sees the charged report sees the finding; its figures, who sees all reports that they are of.
CREATE POLICY seen ON intake.set_finding FOR SELECT TO brama_reader
    USING (EXISTS (SELECT FROM intake.report r WHERE r.report = set_finding.report));
CREATE POLICY seen ON intake.set_finding_value FOR SELECT TO brama_reader
    USING (EXISTS (SELECT FROM intake.set_finding f WHERE f.finding = set_finding_value.finding)
           AND intake.sees_reports(reports));
