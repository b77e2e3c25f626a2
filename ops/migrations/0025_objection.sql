-- Objections: a sender files in spite of a rule that it holds to be wrong.

-- What came with the filing; it stays, whatever becomes of it, and every decision reads it.
ALTER TABLE intake.submission
    ADD COLUMN objection        text NOT NULL DEFAULT '', -- codes of rules, ',' between them
    ADD COLUMN objection_reason text NOT NULL DEFAULT '' CHECK (length(objection_reason) <= 500),
    ADD CHECK ((objection = '') = (objection_reason = ''));

-- Reports that were accepted in spite of a rule: one row for each rule. Its owner and who the report goes
-- to see it; it holds no amounts.
CREATE TABLE intake.objection (
    objection    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of lists
    submission   uuid NOT NULL,
    n            smallint NOT NULL,
    report       integer NOT NULL, -- ordinal in the package, from 0
    code         text NOT NULL,    -- of the rule
    form_version text NOT NULL,    -- of the definition that it stands in
    owner        text NOT NULL,    -- of the rule: "MF"
    reason       text NOT NULL CHECK (reason <> ''),
    decided_at   timestamptz NOT NULL,
    UNIQUE (submission, n, report, code)
);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.objection
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.objection
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
ALTER TABLE intake.objection ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.objection FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON intake.objection TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON intake.objection FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.report r
                   WHERE r.submission = objection.submission AND r.n = objection.n
                     AND r.ordinal = objection.report)
           OR lower(owner) IN (SELECT o.kind FROM registry.office o
                               WHERE o.office = ANY (registry.seen_offices())));
GRANT SELECT, INSERT ON intake.objection TO brama_writer;
GRANT SELECT ON intake.objection TO brama_reader;

-- The number of the newest decision. Who owns a rule sees its objections, but not the submissions they
-- came with, and would take every one of them for the newest.
CREATE FUNCTION intake.newest_decision(id uuid) RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT max(d.n) FROM intake.decision d WHERE d.submission = id AND d.kind = 'decision'
$$;
REVOKE ALL ON FUNCTION intake.newest_decision(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.newest_decision(uuid) TO brama_reader;
