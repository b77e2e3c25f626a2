-- Queries are explained: what was asked of a report, until when, and what was answered.

-- What names a finding among those of its report, whatever decision tells it: a submission that is decided
-- again keeps what was explained of it, as long as the same is found at the same place. No secret
-- stands on it, so that a short digest is enough: whoever made two alike would mix up their own.
CREATE FUNCTION intake.finding_mark(code text, xpath text, cell text, subject text, found text,
                                    expected text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5(code || E'\x1f' || xpath || E'\x1f' || cell || E'\x1f' || subject || E'\x1f' || found
               || E'\x1f' || expected)::uuid
$$;

-- That an accepted report has queries, and until when they are to be answered. By the first decision that
-- asked; a later one does not move the day.
CREATE TABLE intake.question (
    question   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of lists
    submission uuid NOT NULL,
    report     integer NOT NULL, -- ordinal in the package, from 0
    asked_at   timestamptz NOT NULL,
    days       smallint NOT NULL CHECK (days > 0), -- working days that were given
    until      date NOT NULL,                      -- the last of them
    calendar   text NOT NULL,                      -- version that says how many
    UNIQUE (submission, report)
);
CREATE INDEX question_until ON intake.question (until);

-- An answer to one query. The highest revision holds, all of them stay.
CREATE TABLE intake.explanation (
    submission  uuid NOT NULL,
    report      integer NOT NULL, -- ordinal in the package, from 0
    mark        uuid NOT NULL,    -- finding_mark
    revision    integer NOT NULL CHECK (revision BETWEEN 1 AND 100),
    code        text NOT NULL CHECK (code <> ''), -- of the dictionary wyjasnienia-zapytan
    text        text NOT NULL CHECK (length(text) <= 1000),
    given_at    timestamptz NOT NULL,
    unit        bigint NOT NULL REFERENCES registry.unit, -- that gave it
    credential  bigint REFERENCES registry.credential,
    appointment uuid REFERENCES people.appointment,
    n           smallint NOT NULL, -- the decision and the number of the finding in it that were
    finding     integer NOT NULL,  -- answered
    CHECK (num_nonnulls(credential, appointment) = 1),
    PRIMARY KEY (submission, report, mark, revision)
);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['question', 'explanation'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.%I '
                       'FOR EACH ROW EXECUTE FUNCTION intake.refuse_change()', name);
        EXECUTE format('CREATE TRIGGER kept BEFORE TRUNCATE ON intake.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change()', name);
        EXECUTE format('ALTER TABLE intake.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE intake.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON intake.%I TO brama_owner USING (true) '
                       'WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY seen ON intake.%1$I FOR SELECT TO brama_reader '
                       'USING (EXISTS (SELECT 1 FROM intake.report r '
                       'WHERE r.submission = %1$I.submission AND r.ordinal = %1$I.report))', name);
        EXECUTE format('GRANT SELECT, INSERT ON intake.%I TO brama_writer', name);
        EXECUTE format('GRANT SELECT ON intake.%I TO brama_reader', name);
    END LOOP;
END
$$;
-- Obligations count open queries, also when they are generated.
GRANT SELECT ON intake.explanation TO brama_admin;
CREATE POLICY counted ON intake.explanation FOR SELECT TO brama_admin USING (true);
-- In the trail, whoever explains; of an explanation its words are not.
CREATE TRIGGER audit_insert AFTER INSERT ON intake.explanation
    REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('submission', '{text}', '{}');

-- The explanation that holds.
CREATE FUNCTION intake.newest_explanation(wanted uuid, place integer, name uuid)
RETURNS SETOF intake.explanation
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT e.* FROM intake.explanation e
    WHERE e.submission = wanted AND e.report = place AND e.mark = name
    ORDER BY e.revision DESC LIMIT 1
$$;

-- Queries of one report of a decision that nobody has explained.
CREATE FUNCTION intake.open_queries(id uuid, decision smallint, place integer) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT count(*)::integer FROM intake.finding f
    WHERE f.submission = id AND f.n = decision AND f.report = place AND f.severity = 'query'
      AND NOT EXISTS (SELECT 1 FROM intake.explanation e
                      WHERE e.submission = id AND e.report = place
                        AND e.mark = intake.finding_mark(f.code, f.xpath, f.cell, f.subject,
                                                         f.found, f.expected))
$$;
-- The same, none where the report is in force no more: its correction is what is to be explained.
CREATE FUNCTION intake.open_now(id uuid, decision smallint, place integer) RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN EXISTS (SELECT 1 FROM intake.report r
                             WHERE r.submission = id AND r.n = decision AND r.ordinal = place
                               AND upper_inf(r.in_force))
                THEN intake.open_queries(id, decision, place) ELSE 0 END
$$;
REVOKE ALL ON FUNCTION intake.open_now(uuid, smallint, integer), intake.finding_mark(text, text, text, text, text, text),
    intake.newest_explanation(uuid, integer, uuid), intake.open_queries(uuid, smallint, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.finding_mark(text, text, text, text, text, text),
    intake.open_queries(uuid, smallint, integer)
    TO brama_writer, brama_reader, brama_admin;
GRANT EXECUTE ON FUNCTION intake.newest_explanation(uuid, integer, uuid),
    intake.open_now(uuid, smallint, integer) TO brama_reader;
