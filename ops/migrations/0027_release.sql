-- Releases of schemas/: which definitions are in force from when, who wrote them and who published
-- them. The bundle itself stands in intake.material under its digest. What is in force at a time is
-- the release with the latest active_from that is not later; of two of one time the later published.
-- Without any release the definitions that came with the program are in force.
CREATE TABLE intake.release (
    release      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    definitions  bytea NOT NULL REFERENCES intake.material,
    author       text NOT NULL CHECK (btrim(author) <> ''),
    publisher    text NOT NULL CHECK (btrim(publisher) <> ''),
    reason       text NOT NULL CHECK (btrim(reason) <> ''),
    published_at timestamptz NOT NULL, -- by the gateway's clock, as the next
    active_from  timestamptz NOT NULL,
    CHECK (lower(btrim(author)) <> lower(btrim(publisher))),
    CHECK (active_from >= published_at)
);

-- Rules that were switched off, and on again. A row holds for what arrives at since or later, until a
-- later row of the same code says otherwise; nothing is ever changed.
CREATE TABLE intake.rule_switch (
    switch    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code      text NOT NULL CHECK (code ~ '^[A-Z0-9]+-[0-9]{3}$'),
    off       boolean NOT NULL,
    since     timestamptz NOT NULL, -- data wpływu
    reason    text NOT NULL CHECK (btrim(reason) <> ''),
    publisher text NOT NULL CHECK (btrim(publisher) <> ''),
    at        timestamptz NOT NULL
);

-- How often each rule was found in what is decided, as of counted_at: counted anew by the operator's
-- timer, as counting a country takes its time.
CREATE TABLE intake.rule_count (
    code       text NOT NULL,
    severity   text NOT NULL,
    findings   bigint NOT NULL,
    reports    bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    PRIMARY KEY (code, severity)
);
GRANT SELECT ON intake.rule_count TO brama_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON intake.rule_count TO brama_admin;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['release', 'rule_switch'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.%I '
                       'FOR EACH ROW EXECUTE FUNCTION intake.refuse_change()', name);
        EXECUTE format('CREATE TRIGGER kept BEFORE TRUNCATE ON intake.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change()', name);
    END LOOP;
END
$$;
GRANT SELECT ON intake.release, intake.rule_switch TO brama_writer, brama_reader, brama_admin;
GRANT INSERT ON intake.release, intake.rule_switch TO brama_admin;
-- The operator publishes a bundle; of materials the reader reads what everybody may know.
GRANT INSERT ON intake.material TO brama_admin;
GRANT SELECT ON intake.material TO brama_reader;

-- A rule that was switched is a reason to decide again, beside those that there are.
DO $$
DECLARE
    causes text;
BEGIN
    SELECT substr(pg_get_constraintdef(oid), length('CHECK ') + 1) INTO causes
    FROM pg_constraint WHERE conrelid = 'intake.work'::regclass AND conname = 'work_cause_check';
    ALTER TABLE intake.work DROP CONSTRAINT work_cause_check;
    EXECUTE 'ALTER TABLE intake.work ADD CONSTRAINT work_cause_check CHECK (cause = ''rule-switched'' OR '
            || causes || ')';
END
$$;

-- Until all that is being concluded now is committed: what comes after it sees the switches of now.
CREATE FUNCTION intake.await_conclusions() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT FROM intake.log_head FOR UPDATE
$$;
REVOKE ALL ON FUNCTION intake.await_conclusions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.await_conclusions() TO brama_admin;

-- What a rule that is switched off may concern, in the order in which it is looked through.
CREATE INDEX submission_rejected ON intake.submission (arrived, ordinal)
    WHERE state = 'decided' AND verdict = 3;
