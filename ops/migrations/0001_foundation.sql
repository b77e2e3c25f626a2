-- The store of Brama: registry (who), intake (what was filed and decided), smup (what may be
-- compared). Times are timestamptz; amounts are bigint in the smallest unit; a document, a decision
-- and a receipt never change once they are here.

CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;

CREATE SCHEMA registry;
CREATE SCHEMA intake;
CREATE SCHEMA smup;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------
-- registry
-- ---------------------------------------------------------------------------------------------

-- One row: the environment and TEST's clock offset. PROD refuses to start with an offset.
CREATE TABLE registry.setting (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    environment  text NOT NULL DEFAULT 'TEST' CHECK (environment IN ('TEST', 'PROD')),
    clock_offset interval NOT NULL DEFAULT '0',
    CHECK (environment = 'TEST' OR clock_offset = '0')
);
INSERT INTO registry.setting DEFAULT VALUES;

CREATE TABLE registry.unit_kind (
    kind  text PRIMARY KEY,
    title text NOT NULL
);
INSERT INTO registry.unit_kind (kind, title) VALUES
    ('jst', 'jednostka samorządu terytorialnego'),
    ('urzad', 'urząd jednostki samorządu terytorialnego'),
    ('jednostka-budzetowa', 'jednostka budżetowa'),
    ('zaklad-budzetowy', 'samorządowy zakład budżetowy'),
    ('instytucja-kultury', 'instytucja kultury'),
    ('spzoz', 'samodzielny publiczny zakład opieki zdrowotnej'),
    ('zwiazek', 'związek jednostek samorządu terytorialnego'),
    ('cuw', 'centrum usług wspólnych');

CREATE TABLE registry.unit (
    unit       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    regon      text NOT NULL CHECK (regon ~ '^([0-9]{9}|[0-9]{14})$'),
    nip        text CHECK (nip ~ '^[0-9]{10}$'),
    wk         text NOT NULL,
    pk         text NOT NULL,
    gk         text NOT NULL,
    gt         text NOT NULL,
    pt         text NOT NULL,
    type       text NOT NULL,
    kind       text NOT NULL REFERENCES registry.unit_kind,
    name       text NOT NULL CHECK (name <> ''),
    parent     bigint REFERENCES registry.unit,
    valid_from date NOT NULL,
    valid_to   date,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK (parent IS DISTINCT FROM unit),
    -- No two units with the same identity at the same time.
    EXCLUDE USING gist (regon WITH =, type WITH =, wk WITH =, pk WITH =, gk WITH =, gt WITH =,
                        pt WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX unit_regon ON registry.unit (regon);
CREATE INDEX unit_parent ON registry.unit (parent);

-- A unit and all that stand below it, level by level. Depth is bounded: a cycle ends instead of
-- turning for ever. In plpgsql, because a recursive query joins the whole table.
CREATE FUNCTION registry.below(root bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found bigint[] := '{}';
    step  bigint[] := ARRAY[root];
    depth integer := 0;
BEGIN
    WHILE cardinality(step) > 0 AND depth < 9 LOOP
        found := found || step;
        depth := depth + 1;
        step := ARRAY(SELECT u.unit FROM registry.unit u WHERE u.parent = ANY (step));
    END LOOP;
    RETURN found;
END
$$;

-- A unit and all that stand above it, the JST at the top last: its key is the key of all locks.
-- Depth is bounded as above. In plpgsql, because its plan is kept: every report asks this.
CREATE FUNCTION registry.path(leaf bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    path bigint[] := '{}';
    step bigint := leaf;
BEGIN
    WHILE step IS NOT NULL AND cardinality(path) < 9 LOOP
        path := path || step;
        SELECT u.parent INTO step FROM registry.unit u WHERE u.unit = step;
    END LOOP;
    RETURN path;
END
$$;

CREATE TABLE registry.credential (
    credential     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit           bigint NOT NULL REFERENCES registry.unit,
    is_certificate boolean NOT NULL,
    digest         bytea NOT NULL CHECK (length(digest) = 32), -- SHA-256 of token or SPKI
    scopes         integer NOT NULL,                            -- 1 submit, 2 read
    label          text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    expires_at     timestamptz NOT NULL,
    revoked_at     timestamptz,
    last_used_at   timestamptz,
    UNIQUE (is_certificate, digest)
);

-- Who a credential is. The reader may call this and read nothing of the table itself. In plpgsql,
-- because it keeps its plan: a definer function in SQL is planned anew at every call.
CREATE FUNCTION registry.authenticate(certificate boolean, hash bytea)
RETURNS TABLE (credential bigint, unit bigint, scopes integer, expired boolean, revoked boolean,
               name text, regon text, clock_offset interval)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.credential, c.unit, c.scopes, c.expires_at <= now(), c.revoked_at IS NOT NULL,
           u.name, u.regon, s.clock_offset
    FROM registry.credential c
    JOIN registry.unit u ON u.unit = c.unit
    CROSS JOIN registry.setting s
    WHERE c.is_certificate = certificate AND c.digest = hash;
END
$$;

-- What a credential may see, as the value of brama.units for the current transaction. Without it
-- the policies below show nothing. Whoever holds a connection of brama_reader can set that value
-- without this function; the fence is there against mistakes of the reader, not against its capture.
CREATE FUNCTION registry.enter(who bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    root bigint;
BEGIN
    SELECT c.unit INTO root FROM registry.credential c
    WHERE c.credential = who AND c.revoked_at IS NULL AND c.expires_at > now();
    PERFORM set_config('brama.units',
        CASE WHEN root IS NULL THEN '{}' ELSE registry.below(root)::text END, true);
END
$$;

-- The same for many who ask about what they have filed themselves: of each its own unit, and nothing
-- below. The rows tell which; who is revoked or over has none. The reader keeps apart what each of
-- them is shown: the fence stands round all of them.
CREATE FUNCTION registry.enter_together(who bigint[]) RETURNS TABLE (credential bigint, unit bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    credentials bigint[];
    units       bigint[];
BEGIN
    SELECT array_agg(c.credential), array_agg(c.unit) INTO credentials, units
    FROM registry.credential c
    WHERE c.credential = ANY (who) AND c.revoked_at IS NULL AND c.expires_at > now();
    PERFORM set_config('brama.units', coalesce(units::text, '{}'), true);
    RETURN QUERY SELECT * FROM unnest(credentials, units);
END
$$;

CREATE FUNCTION registry.used(who bigint) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE registry.credential SET last_used_at = now()
    WHERE credential = who
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
$$;

CREATE FUNCTION registry.seen_units() RETURNS bigint[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('brama.units', true), ''), '{}')::bigint[]
$$;

-- ---------------------------------------------------------------------------------------------
-- intake
-- ---------------------------------------------------------------------------------------------

-- What decisions were made with: bundles of definitions, trust stores.
CREATE TABLE intake.material (
    sha256    bytea PRIMARY KEY CHECK (length(sha256) = 32),
    kind      text NOT NULL CHECK (kind IN ('definitions', 'trust')),
    bytes     bytea NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE intake.material ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE SEQUENCE intake.submission_ordinal;

CREATE TABLE intake.submission (
    submission  uuid PRIMARY KEY,
    ordinal     bigint NOT NULL DEFAULT nextval('intake.submission_ordinal'), -- order of lists
    subject     bigint NOT NULL REFERENCES registry.unit,
    credential  bigint NOT NULL REFERENCES registry.credential,
    key         text NOT NULL,
    sha256      bytea NOT NULL CHECK (length(sha256) = 32),
    size        bigint NOT NULL,
    first_byte  timestamptz NOT NULL,
    arrived     timestamptz NOT NULL,            -- the last byte: data wpływu
    strict      boolean NOT NULL DEFAULT false,
    follows     uuid REFERENCES intake.submission, -- the same bytes, rejected before
    first_arrived timestamptz NOT NULL,          -- of the first of that line
    state       text NOT NULL DEFAULT 'received'
                CHECK (state IN ('received', 'checking', 'parked', 'decided')),
    verdict     smallint NOT NULL DEFAULT 0,     -- worst of the newest decision: 0 undecided,
                                                 -- 1 accepted, 2 held, 3 rejected
    n           smallint NOT NULL DEFAULT 0,     -- newest decision; 0: none
    decided_at  timestamptz,
    owner       text,                            -- node/slot of the worker that has it
    lease_until timestamptz,
    attempts    smallint NOT NULL DEFAULT 0,
    CHECK ((state = 'decided') <= (n > 0))
);
CREATE UNIQUE INDEX submission_in_order ON intake.submission (ordinal);
CREATE INDEX submission_subject ON intake.submission (subject, ordinal DESC);
-- The queue: what is admitted and not concluded.
CREATE INDEX submission_open ON intake.submission (ordinal)
    WHERE state IN ('received', 'checking');

-- States move one way only, whoever writes: the second fence behind the stage table. The condition
-- stands in the trigger, so that a good move calls no function.
CREATE FUNCTION intake.refuse_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'submission %: from % to % is no move', OLD.submission, OLD.state, NEW.state
        USING ERRCODE = '23514';
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON intake.submission FOR EACH ROW
    WHEN (NEW.n < OLD.n OR NEW.sha256 <> OLD.sha256 OR NEW.arrived <> OLD.arrived
          OR NEW.subject <> OLD.subject
          OR (OLD.state = 'decided' AND NEW.state <> 'decided')
          OR (OLD.state = 'parked' AND NEW.state NOT IN ('parked', 'received', 'decided')))
    EXECUTE FUNCTION intake.refuse_move();

-- Units other than the subject that a submission has reports of: they see it as far as it concerns
-- them. By the submission's ordinal, so that a unit's newest are found first.
CREATE TABLE intake.concern (
    unit    bigint NOT NULL,
    ordinal bigint NOT NULL,
    subject bigint NOT NULL, -- of the submission
    PRIMARY KEY (unit, ordinal)
);

-- What follows from a submission stands in its tables without foreign keys: parts are written in the
-- transaction of the row they belong to, rows are never deleted, and the checks cost about 25 us of a
-- document's 600. ops/proof looks that nothing belongs to nothing.
CREATE TABLE intake.document (
    submission uuid PRIMARY KEY,
    encoding   text NOT NULL CHECK (encoding IN ('zstd', 'identity')),
    bytes      bytea NOT NULL
);
ALTER TABLE intake.document ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- One Idempotency-Key of one sender stands for one body, for ever.
CREATE TABLE intake.claim_key (
    subject    bigint NOT NULL,
    key        text NOT NULL,
    sha256     bytea NOT NULL,
    submission uuid NOT NULL,
    PRIMARY KEY (subject, key)
);
-- One body of one sender stands for its newest submission.
CREATE TABLE intake.claim_digest (
    subject    bigint NOT NULL,
    sha256     bytea NOT NULL,
    submission uuid NOT NULL,
    PRIMARY KEY (subject, sha256)
);

CREATE TABLE intake.decision (
    submission  uuid NOT NULL,
    n           smallint NOT NULL CHECK (n > 0),
    kind        text NOT NULL CHECK (kind IN ('decision', 'delivery')),
    verdict     smallint NOT NULL,
    reason      text,                    -- why the file as a whole is undecided
    decided_at  timestamptz NOT NULL,
    definitions bytea NOT NULL,          -- SHA-256 of what it was made with
    trust       bytea NOT NULL,
    registry    bytea NOT NULL,          -- of the registry's answers that it read
    engine      text NOT NULL,
    log_index   bigint NOT NULL,
    finding_count integer NOT NULL,
    cut         integer NOT NULL,        -- findings beyond the limit, counted only
    PRIMARY KEY (submission, n)
);

CREATE SEQUENCE intake.report_id INCREMENT BY 1000; -- a worker takes a thousand at a time

CREATE TABLE intake.report (
    report        bigint PRIMARY KEY,
    submission    uuid NOT NULL,
    n             smallint NOT NULL,
    ordinal       integer NOT NULL,      -- in the package, from 0
    unit          bigint,                -- as the registry answered; NULL: unknown
    unit_name     text NOT NULL,
    regon         text NOT NULL,
    type          text NOT NULL,
    wk            text NOT NULL,
    pk            text NOT NULL,
    gk            text NOT NULL,
    gt            text NOT NULL,
    pt            text NOT NULL,
    element       text NOT NULL,         -- "Rb-27s"
    form          text NOT NULL,         -- "RB27S"; empty: none known
    form_version  text NOT NULL,
    form_title    text NOT NULL,
    year          integer,               -- NULL: not readable
    period_type   text NOT NULL,
    period_number integer,
    period        text NOT NULL,         -- "2026-Q2"
    period_end    date NOT NULL,         -- 1900-01-01 when not readable
    level         text NOT NULL,
    variant       text NOT NULL DEFAULT '',
    version       integer,               -- Wersja; NULL: not readable
    verdict       smallint NOT NULL,
    reason        text NOT NULL,
    sha256        bytea NOT NULL,        -- of the report element's bytes as they stand
    start_byte    integer NOT NULL,
    end_byte      integer NOT NULL,
    row_count     integer NOT NULL,
    arrived       timestamptz NOT NULL,
    log_index     bigint NOT NULL,
    in_force      tstzmultirange         -- times of decision; NULL: never was
);
CREATE INDEX report_submission ON intake.report (submission, n, ordinal);
CREATE INDEX report_key ON intake.report (unit, form, period_end, period_type, level, variant)
    WHERE verdict = 1;
-- Undecided because nobody knew the unit: what a new unit may set to work.
CREATE INDEX report_unknown ON intake.report (regon) WHERE unit IS NULL AND verdict = 0;
-- Never two reports in force for one key now. That they were not at any moment before follows from
-- it, because what begins, begins where the last one ended; an exclusion over the ranges themselves
-- cost 135 us a document.
CREATE UNIQUE INDEX one_in_force
    ON intake.report (unit, form, period_end, period_type, level, variant)
    WHERE upper_inf(in_force);

-- Positions of accepted reports of every form. form.xml says what c and a columns mean.
CREATE TABLE intake.line (
    report     bigint NOT NULL,
    period_end date NOT NULL,
    ordinal    integer NOT NULL,         -- of the Pozycja, from 0
    c1 text, c2 text, c3 text, c4 text, c5 text, c6 text, c7 text, c8 text,
    a1 bigint, a2 bigint, a3 bigint, a4 bigint, a5 bigint, a6 bigint, a7 bigint, a8 bigint,
    a9 bigint, a10 bigint, a11 bigint, a12 bigint, a13 bigint, a14 bigint, a15 bigint, a16 bigint,
    a17 bigint, a18 bigint, a19 bigint, a20 bigint, a21 bigint, a22 bigint, a23 bigint, a24 bigint
) PARTITION BY RANGE (period_end);
CREATE TABLE intake.line_other PARTITION OF intake.line DEFAULT;
DO $$
BEGIN
    FOR year IN 2021 .. 2035 LOOP
        EXECUTE format('CREATE TABLE intake.line_%s PARTITION OF intake.line '
                       'FOR VALUES FROM (%L) TO (%L)',
                       year, year || '-01-01', (year + 1) || '-01-01');
    END LOOP;
END
$$;
CREATE INDEX line_report ON intake.line USING brin (report);

CREATE TABLE intake.finding (
    submission uuid NOT NULL,
    n          smallint NOT NULL,
    ordinal    integer NOT NULL,         -- in the decision, from 1: its name in the API
    report     integer NOT NULL,         -- ordinal of the report; -1: the package
    code       text NOT NULL,
    severity   text NOT NULL,            -- error, query, warning, info
    line       integer NOT NULL,
    "column"   integer NOT NULL,
    byte_offset integer NOT NULL,
    xpath      text NOT NULL,
    cell       text NOT NULL,
    subject    text NOT NULL,
    found      text NOT NULL,
    expected   text NOT NULL,
    difference text NOT NULL,
    title      text NOT NULL,
    fix        text NOT NULL,
    basis      text NOT NULL,
    technical  text NOT NULL,
    PRIMARY KEY (submission, n, ordinal)
);

CREATE TABLE intake.report_signature (
    submission  uuid NOT NULL,
    n           smallint NOT NULL,
    report      integer NOT NULL,        -- ordinal of the report; -1: tied to none
    ordinal     integer NOT NULL,
    role        text NOT NULL,
    signer      text NOT NULL,           -- CN of the certificate, never its serialNumber
    valid       boolean NOT NULL,
    failed_step text NOT NULL,
    certificate bytea NOT NULL,          -- SHA-256
    signed_at   timestamptz,
    PRIMARY KEY (submission, n, report, ordinal)
);

CREATE TABLE intake.receipt (
    number     text PRIMARY KEY,
    submission uuid NOT NULL,
    n          smallint NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('unit', 'summary', 'delivery')),
    ordinal    smallint NOT NULL,        -- in the decision: 0 the sender's, then units
    unit       bigint,                   -- NULL: unknown
    regon      text NOT NULL,
    bytes      bytea NOT NULL,
    sha256     bytea NOT NULL,
    reports    integer[] NOT NULL,       -- ordinals of the reports that it states
    UNIQUE (submission, n, ordinal)
);
ALTER TABLE intake.receipt ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Append-only record: one row a decision or delivery; chain = SHA-256(chain before || leaf).
CREATE TABLE intake.log (
    index      bigint PRIMARY KEY,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('decision', 'delivery', 'flag')),
    submission uuid,
    n          smallint,
    leaf       bytea NOT NULL CHECK (length(leaf) = 32),
    chain      bytea NOT NULL CHECK (length(chain) = 32)
);
CREATE TABLE intake.log_head (
    one   boolean PRIMARY KEY DEFAULT true CHECK (one),
    index bigint NOT NULL,
    chain bytea NOT NULL
);
INSERT INTO intake.log_head (index, chain) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Reasons to decide again: an operator's retry, a unit registered.
CREATE TABLE intake.work (
    work       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission uuid NOT NULL REFERENCES intake.submission,
    cause      text NOT NULL CHECK (cause IN ('retry', 'unit-registered')),
    created_at timestamptz NOT NULL DEFAULT now(),
    owner      text,
    lease_until timestamptz,
    attempts   smallint NOT NULL DEFAULT 0,
    done_at    timestamptz
);
CREATE INDEX work_open ON intake.work (work) WHERE done_at IS NULL;

-- For the courier: that something happened, never its content.
CREATE TABLE intake.outbox (
    message    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text NOT NULL,            -- 'submission.decided'
    submission uuid NOT NULL,
    n          smallint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    taken_at   timestamptz
);

-- Nothing that has been decided is ever rewritten.
CREATE FUNCTION intake.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['document', 'decision', 'finding', 'report_signature', 'receipt',
                                'log', 'material'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.%I '
                       'FOR EACH ROW EXECUTE FUNCTION intake.refuse_change()', name);
        EXECUTE format('CREATE TRIGGER kept BEFORE TRUNCATE ON intake.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change()', name);
    END LOOP;
END
$$;

-- Of a receipt what anyone may know who has its number: no amounts, no findings (ux.md 3.2).
CREATE FUNCTION intake.public_receipt(wanted text)
RETURNS TABLE (number text, kind text, submission uuid, n smallint, newest smallint, regon text,
               arrived timestamptz, decided_at timestamptz, verdict smallint, sha256 bytea,
               receipt_sha256 bytea, log_index bigint, reports jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT r.number, r.kind, r.submission, r.n, s.n, r.regon, s.arrived, d.decided_at, d.verdict,
           s.sha256, r.sha256, d.log_index,
           (SELECT jsonb_agg(jsonb_build_object('form', p.form_title, 'period', p.period,
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

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA registry, intake, smup TO brama_writer, brama_reader, brama_admin;

GRANT SELECT ON registry.setting, registry.unit, registry.unit_kind TO brama_writer, brama_reader;
-- By name, because the partitions of line are reached through it alone: row-level security stands
-- on the parent, and nobody is given a partition.
GRANT SELECT ON intake.material, intake.submission, intake.document, intake.claim_key,
    intake.claim_digest, intake.decision, intake.report, intake.line, intake.finding,
    intake.report_signature, intake.receipt, intake.concern, intake.log, intake.log_head,
    intake.work, intake.outbox TO brama_writer;
GRANT INSERT ON intake.material, intake.submission, intake.document, intake.claim_key,
    intake.claim_digest, intake.decision, intake.report, intake.line, intake.finding,
    intake.report_signature, intake.receipt, intake.concern, intake.log, intake.outbox
    TO brama_writer;
GRANT UPDATE (state, verdict, n, decided_at, owner, lease_until, attempts) ON intake.submission
    TO brama_writer;
GRANT UPDATE (submission) ON intake.claim_digest TO brama_writer;
GRANT UPDATE (in_force) ON intake.report TO brama_writer;
GRANT UPDATE (index, chain) ON intake.log_head TO brama_writer;
GRANT UPDATE (owner, lease_until, attempts, done_at) ON intake.work TO brama_writer;
GRANT USAGE ON SEQUENCE intake.report_id, intake.submission_ordinal TO brama_writer;

GRANT SELECT ON intake.submission, intake.document, intake.decision, intake.report, intake.line,
    intake.finding, intake.report_signature, intake.receipt, intake.concern TO brama_reader;

GRANT SELECT, INSERT ON registry.unit TO brama_admin;
GRANT UPDATE (nip, name, parent, valid_to) ON registry.unit TO brama_admin;
GRANT SELECT, INSERT ON registry.credential TO brama_admin;
GRANT UPDATE (revoked_at, label) ON registry.credential TO brama_admin;
GRANT SELECT ON registry.unit_kind, registry.setting TO brama_admin;
GRANT UPDATE (environment, clock_offset) ON registry.setting TO brama_admin;
GRANT SELECT ON intake.submission, intake.report, intake.work, intake.decision TO brama_admin;
GRANT INSERT ON intake.work TO brama_admin;

REVOKE ALL ON FUNCTION registry.authenticate(boolean, bytea), registry.enter(bigint),
    registry.enter_together(bigint[]), registry.used(bigint), intake.public_receipt(text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.authenticate(boolean, bytea), registry.enter(bigint),
    registry.enter_together(bigint[]), registry.used(bigint), intake.public_receipt(text)
    TO brama_reader;

-- Row-level security: the second fence behind the reader's own conditions. The owner is bound too
-- (FORCE), and let through by policies of its own, so that definer functions work.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['submission', 'concern', 'document', 'decision', 'report', 'line',
                                'finding', 'report_signature', 'receipt'] LOOP
        EXECUTE format('ALTER TABLE intake.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE intake.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON intake.%I TO brama_owner USING (true) '
                       'WITH CHECK (true)', name);
    END LOOP;
END
$$;

-- A submission is seen whole by who filed it and by those above, and in part by the units that it
-- has reports of: of the document itself the reader gives them their own reports only. A unit sees
-- its own reports, their findings and signatures, and its own receipts, also when somebody above
-- filed. The rarer condition is a function, which keeps its plan and is called only where the other
-- one fails: as subqueries, each with the policies of its own tables in it, they doubled what an
-- answer costs.
CREATE FUNCTION intake.sees_whole(id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM intake.submission s
                   WHERE s.submission = id AND s.subject = ANY (registry.seen_units()));
END
$$;
CREATE FUNCTION intake.is_concerned(place bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM intake.concern c
                   WHERE c.ordinal = place AND c.unit = ANY (registry.seen_units()));
END
$$;
CREATE FUNCTION intake.sees_report(id uuid, decision smallint, place integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM intake.report r
                   WHERE r.submission = id AND r.n = decision AND r.ordinal = place
                     AND r.unit = ANY (registry.seen_units()));
END
$$;
REVOKE ALL ON FUNCTION intake.sees_whole(uuid), intake.is_concerned(bigint),
    intake.sees_report(uuid, smallint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.sees_whole(uuid), intake.is_concerned(bigint),
    intake.sees_report(uuid, smallint, integer) TO brama_reader;

CREATE POLICY seen ON intake.concern FOR SELECT TO brama_reader
    USING (unit = ANY ((SELECT registry.seen_units())::bigint[]));
CREATE POLICY seen ON intake.submission FOR SELECT TO brama_reader
    USING (subject = ANY ((SELECT registry.seen_units())::bigint[])
           OR intake.is_concerned(ordinal));
CREATE POLICY seen ON intake.document FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.submission s WHERE s.submission = document.submission));
CREATE POLICY seen ON intake.decision FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.submission s WHERE s.submission = decision.submission));
CREATE POLICY seen ON intake.report FOR SELECT TO brama_reader
    USING (unit = ANY ((SELECT registry.seen_units())::bigint[])
           OR intake.sees_whole(submission));
CREATE POLICY seen ON intake.line FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.report r WHERE r.report = line.report));
CREATE POLICY seen ON intake.finding FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.submission s
                   WHERE s.submission = finding.submission
                     AND s.subject = ANY ((SELECT registry.seen_units())::bigint[]))
           OR intake.sees_report(submission, n, report));
CREATE POLICY seen ON intake.report_signature FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.submission s
                   WHERE s.submission = report_signature.submission
                     AND s.subject = ANY ((SELECT registry.seen_units())::bigint[]))
           OR intake.sees_report(submission, n, report));
CREATE POLICY seen ON intake.receipt FOR SELECT TO brama_reader
    USING ((kind = 'unit' AND unit = ANY ((SELECT registry.seen_units())::bigint[]))
           OR intake.sees_whole(submission));
