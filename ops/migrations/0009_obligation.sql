-- Who owes what, to whom, until when, and what became of it. Terms come from the calendar, duties
-- from terms and the registry, facts of a duty from intake and from what people have entered. A
-- state is never stored: it is computed from the facts for the moment that is asked for.

CREATE SCHEMA obligation;

-- Duties are settled from all reports of a key, also those that were not accepted.
DROP INDEX intake.report_key;
CREATE INDEX report_key ON intake.report (unit, form, period_end, period_type, level, variant);

-- What is to be filed: a form at a level for a period.
CREATE TABLE obligation.matter (
    matter        integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    form          text NOT NULL CHECK (form <> ''),
    form_title    text NOT NULL,
    level         text NOT NULL,
    several_per   text NOT NULL DEFAULT '', -- "dysponent", "jop": several reports of one unit
    year          integer NOT NULL,
    period_type   text NOT NULL,
    period_number integer NOT NULL,
    period        text NOT NULL,         -- "2026-Q2"
    period_end    date NOT NULL,
    opens_at      timestamptz NOT NULL,  -- the period is over
    UNIQUE (form, period_end, period_type, level, several_per)
);
CREATE INDEX matter_period ON obligation.matter (period);
CREATE INDEX matter_end ON obligation.matter (period_end);

-- What the calendar says of a matter, for one kind of unit: a row for each version of the calendar
-- that said something new. A model term is an answer for TEST: in PROD nobody owes anything by it.
CREATE TABLE obligation.term (
    term              integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    calendar          text NOT NULL CHECK (calendar <> ''), -- the version that said it first
    matter            integer NOT NULL REFERENCES obligation.matter,
    kind              text NOT NULL REFERENCES registry.unit_kind,
    jst_types         integer NOT NULL,     -- 1 gmina, 2 miasto npp, 4 powiat, 8 województwo; 0: all
    recipient         text NOT NULL,        -- kind of recipient: "zarzad-jst", "rio"
    recipient_title   text NOT NULL,        -- for a person
    copies            text NOT NULL DEFAULT '',
    rule              text NOT NULL,        -- "d+10"
    nominal_on        date NOT NULL,
    due_on            date NOT NULL,        -- the same, moved to a working day
    due_before        timestamptz NOT NULL, -- the first moment that is too late
    correction_until  date,                 -- NULL: corrections are taken without limit
    correction_before timestamptz,
    empty_allowed     boolean NOT NULL,     -- a report without amounts may be filed
    nothing_allowed   boolean NOT NULL,     -- "nic do wykazania" fulfils it
    model             boolean NOT NULL,
    basis             text NOT NULL CHECK (basis <> ''),
    loaded_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (calendar, matter, kind, jst_types),
    CHECK (nominal_on <= due_on),
    CHECK ((correction_until IS NULL) = (correction_before IS NULL))
);
CREATE INDEX term_matter ON obligation.term (matter);

-- One generation of duties.
CREATE TABLE obligation.run (
    run         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    calendar    text NOT NULL,
    first_end   date NOT NULL, -- of the periods that it was for
    last_end    date NOT NULL,
    entered_by  text NOT NULL,
    added       bigint NOT NULL,
    superseded  bigint NOT NULL,
    restored    bigint NOT NULL,
    altered     bigint NOT NULL,
    settled     bigint NOT NULL
);

-- To whom duties go: few, so that who sees a duty and whose it is are one number of it.
CREATE TABLE obligation.way (
    way    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text,   -- the recipient; NULL: zarząd of the unit's own JST
    copied text[], -- offices that get a copy; NULL: none
    UNIQUE NULLS NOT DISTINCT (office, copied)
);

-- What a unit owes. Never deleted: what is owed no more is superseded, with the reason. No foreign
-- keys, as in intake: rows are made by one statement from the tables that they would point to. What
-- a country is counted by stands first and is never NULL: the columns before `powiat` are found
-- without walking the row.
CREATE TABLE obligation.duty (
    duty           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit           bigint NOT NULL,
    jst            bigint NOT NULL,        -- at the top of the unit's tree
    matter         integer NOT NULL,
    term           integer NOT NULL,
    way            integer NOT NULL,
    open_queries   integer NOT NULL DEFAULT 0,
    due_before     timestamptz NOT NULL,   -- of the term
    created_at     timestamptz NOT NULL DEFAULT now(),
    -- All that a state depends on but the moment, in one number, for counting a country: what has
    -- come (0 nothing, 1 filed in time, 2 filed, 3 undecided in time, 4 undecided), and 8 when
    -- superseded, 16 when exempted, 32 when there are open queries.
    heap           smallint GENERATED ALWAYS AS (
                       CASE WHEN least(accepted_at, nothing_at, elsewhere_at) < due_before THEN 1
                            WHEN coalesce(accepted_at, nothing_at, elsewhere_at) IS NOT NULL THEN 2
                            WHEN pending_at < due_before THEN 3
                            WHEN pending_at IS NOT NULL THEN 4 ELSE 0 END
                       + CASE WHEN superseded_on IS NULL THEN 0 ELSE 8 END
                       + CASE WHEN exemption IS NULL THEN 0 ELSE 16 END
                       + CASE WHEN open_queries > 0 THEN 32 ELSE 0 END) STORED,
    powiat         text NOT NULL,          -- WK and PK: "1002"
    variant        text NOT NULL DEFAULT '', -- '*': any report that has one
    -- what people have entered
    internal_on    date,                   -- termin wewnętrzny of the JST
    exemption      bigint,
    nothing_at     timestamptz,
    elsewhere_at   timestamptz,            -- the beginning of the day of which it was said
    superseded_on  date,
    superseded_by  bigint,                 -- the unit that follows
    superseded_why text CHECK (superseded_why IN ('succession', 'closed', 'registry', 'calendar')),
    -- what was filed
    first_arrived  timestamptz,            -- of any attempt, whatever became of it
    last_arrived   timestamptz,
    last_verdict   smallint,               -- of what arrived last
    pending_at     timestamptz,            -- first arrival of what is undecided
    accepted_at    timestamptz,            -- first arrival of what was accepted
    report         bigint,                 -- in force
    report_arrived timestamptz,
    filed_at       timestamptz GENERATED ALWAYS AS (least(accepted_at, nothing_at, elsewhere_at))
                   STORED,
    UNIQUE (unit, matter, variant),
    CHECK ((superseded_on IS NULL) = (superseded_why IS NULL))
) WITH (fillfactor = 75);
CREATE INDEX duty_matter ON obligation.duty (matter);

-- What became of a duty after it was made.
CREATE TABLE obligation.change (
    change  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duty    bigint NOT NULL,
    run     bigint NOT NULL,
    what    text NOT NULL CHECK (what IN ('superseded', 'restored', 'term', 'recipient', 'place')),
    before  text NOT NULL,
    after   text NOT NULL
);
CREATE INDEX change_duty ON obligation.change (duty);

-- What people enter. Rows stay; what was entered wrongly is revoked by a row of its own.
CREATE TABLE obligation.exemption (
    exemption   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit        bigint NOT NULL REFERENCES registry.unit,
    form        text NOT NULL,
    first_end   date NOT NULL,          -- of periods whose last day lies in it
    last_end    date,                   -- NULL: until it is revoked
    basis       text NOT NULL CHECK (basis <> ''),
    entered_by  text NOT NULL CHECK (entered_by <> ''),
    entered_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (last_end IS NULL OR last_end >= first_end)
);
CREATE INDEX exemption_unit ON obligation.exemption (unit, form);

CREATE TABLE obligation.nothing_to_report (
    nothing     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duty        bigint NOT NULL REFERENCES obligation.duty,
    declared_at timestamptz NOT NULL,   -- offset of TEST included
    basis       text NOT NULL CHECK (basis <> ''),
    entered_by  text NOT NULL CHECK (entered_by <> ''),
    entered_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX nothing_duty ON obligation.nothing_to_report (duty);

CREATE TABLE obligation.filed_elsewhere (
    elsewhere   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duty        bigint NOT NULL REFERENCES obligation.duty,
    filed_on    date NOT NULL,
    place       text NOT NULL CHECK (place <> ''), -- "BeSTi@"
    basis       text NOT NULL CHECK (basis <> ''),
    entered_by  text NOT NULL CHECK (entered_by <> ''),
    entered_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX elsewhere_duty ON obligation.filed_elsewhere (duty);

CREATE TABLE obligation.internal_due (
    internal    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit        bigint NOT NULL REFERENCES registry.unit, -- of a JST: for all below it, too
    form        text NOT NULL,
    period      text NOT NULL,
    due_on      date,                   -- NULL: the one before is taken back
    basis       text NOT NULL CHECK (basis <> ''),
    entered_by  text NOT NULL CHECK (entered_by <> ''),
    entered_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX internal_unit ON obligation.internal_due (unit, form, period);

-- When the gateway could not be reached: evidence. It moves no due date.
CREATE TABLE obligation.outage (
    outage      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    began       timestamptz NOT NULL,
    ended       timestamptz NOT NULL,
    description text NOT NULL CHECK (description <> ''),
    evidence    text NOT NULL CHECK (evidence <> ''),
    entered_by  text NOT NULL CHECK (entered_by <> ''),
    entered_at  timestamptz NOT NULL DEFAULT now(),
    CHECK (ended > began)
);

CREATE TABLE obligation.revocation (
    what        text NOT NULL CHECK (what IN ('exemption', 'nothing', 'elsewhere', 'outage')),
    number      bigint NOT NULL,
    basis       text NOT NULL CHECK (basis <> ''),
    entered_by  text NOT NULL CHECK (entered_by <> ''),
    entered_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (what, number)
);

-- Reports of a known unit, form and period that no duty waits for: "nie ma takiego obowiązku w
-- kalendarzu". Settled when a duty comes.
CREATE TABLE obligation.stray (
    unit        bigint NOT NULL,
    form        text NOT NULL,
    period_end  date NOT NULL,
    period_type text NOT NULL,
    level       text NOT NULL,
    variant     text NOT NULL,
    period      text NOT NULL,
    submission  uuid NOT NULL,          -- the newest
    arrived     timestamptz NOT NULL,
    noted_at    timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz,
    PRIMARY KEY (unit, form, period_end, period_type, level, variant)
);

-- Submissions whose duties somebody else had locked, or could not be settled for another reason.
-- The next generation takes them.
CREATE TABLE obligation.unsettled (
    unsettled   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission  uuid NOT NULL,
    cause       text NOT NULL,          -- SQLSTATE, or "busy"
    noted_at    timestamptz NOT NULL DEFAULT now(),
    settled_at  timestamptz
);
CREATE INDEX unsettled_open ON obligation.unsettled (submission) WHERE settled_at IS NULL;

CREATE FUNCTION obligation.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['term', 'way', 'change', 'exemption', 'nothing_to_report',
                                'filed_elsewhere', 'internal_due', 'outage', 'revocation'] LOOP
        EXECUTE format('CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON obligation.%I '
                       'FOR EACH ROW EXECUTE FUNCTION obligation.refuse_change()', name);
        EXECUTE format('CREATE TRIGGER kept BEFORE TRUNCATE ON obligation.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION obligation.refuse_change()', name);
    END LOOP;
END
$$;
CREATE TRIGGER kept BEFORE DELETE ON obligation.duty
    FOR EACH ROW EXECUTE FUNCTION obligation.refuse_change();
-- Who owes what for when stays; terms, places and facts move.
CREATE TRIGGER identity BEFORE UPDATE ON obligation.duty FOR EACH ROW
    WHEN (NEW.unit <> OLD.unit OR NEW.matter <> OLD.matter OR NEW.variant <> OLD.variant)
    EXECUTE FUNCTION obligation.refuse_change();

-- The state of a duty at a moment: the twin of gateway/obligation/duty.h, row by row. A test asks
-- both of everything.
CREATE FUNCTION obligation.state(at timestamptz, opens_at timestamptz, due_before timestamptz,
                                 superseded boolean, waived boolean, filed_at timestamptz,
                                 pending_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN filed_at < due_before THEN 'fulfilled'
        WHEN superseded THEN 'superseded'
        WHEN waived THEN 'waived'
        WHEN filed_at IS NOT NULL THEN 'late'
        WHEN pending_at < due_before THEN 'submitted'
        WHEN at >= due_before THEN 'late'
        WHEN at >= opens_at THEN 'due'
        ELSE 'not_due'
    END
$$;

-- The state of any duty of a heap (obligation.duty.heap): any moment on the right side of the term
-- stands for when it came. Constants, so that the planner sees through it.
CREATE FUNCTION obligation.state_of_heap(at timestamptz, opens_at timestamptz,
                                         due_before timestamptz, heap smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT obligation.state(at, opens_at, due_before, heap & 8 <> 0, heap & 16 <> 0,
        CASE heap & 7 WHEN 1 THEN '-infinity'::timestamptz WHEN 2 THEN 'infinity' END,
        CASE heap & 7 WHEN 3 THEN '-infinity'::timestamptz WHEN 4 THEN 'infinity' END)
$$;

-- Facts of duties from all decided reports of their keys: of each submission its newest decision.
CREATE FUNCTION obligation.refresh(which bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    WITH facts AS (
        SELECT d.duty, f.*,
               (SELECT count(*)::integer
                FROM intake.report p
                JOIN intake.finding q ON q.submission = p.submission AND q.n = p.n
                                     AND q.report = p.ordinal AND q.severity = 'query'
                WHERE p.report = f.report) AS open_queries
        FROM obligation.duty d
        JOIN obligation.matter m ON m.matter = d.matter
        CROSS JOIN LATERAL (
            SELECT min(r.arrived) AS first_arrived,
                   max(r.arrived) AS last_arrived,
                   (array_agg(r.verdict ORDER BY r.arrived DESC, r.log_index DESC,
                                               r.ordinal DESC))[1]
                       AS last_verdict,
                   min(r.arrived) FILTER (WHERE r.verdict = 0) AS pending_at,
                   min(r.arrived) FILTER (WHERE r.verdict = 1) AS accepted_at,
                   max(r.report) FILTER (WHERE upper_inf(r.in_force)) AS report,
                   max(r.arrived) FILTER (WHERE upper_inf(r.in_force)) AS report_arrived
            FROM intake.report r
            WHERE r.unit = d.unit AND r.form = m.form AND r.period_end = m.period_end
              AND r.period_type = m.period_type AND r.level = m.level
              AND (d.variant = r.variant OR (d.variant = '*' AND r.variant <> ''))
              AND NOT EXISTS (SELECT 1 FROM intake.decision l
                              WHERE l.submission = r.submission AND l.n > r.n
                                AND l.kind = 'decision')) f
        WHERE d.duty = ANY (which))
    UPDATE obligation.duty d
    SET first_arrived = f.first_arrived, last_arrived = f.last_arrived,
        last_verdict = f.last_verdict, pending_at = f.pending_at, accepted_at = f.accepted_at,
        report = f.report, report_arrived = f.report_arrived, open_queries = f.open_queries
    FROM facts f
    WHERE d.duty = f.duty
      AND (d.first_arrived, d.last_arrived, d.last_verdict, d.pending_at, d.accepted_at, d.report,
           d.report_arrived, d.open_queries)
          IS DISTINCT FROM
          (f.first_arrived, f.last_arrived, f.last_verdict, f.pending_at, f.accepted_at, f.report,
           f.report_arrived, f.open_queries);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- Facts of duties from what people have entered and not revoked.
CREATE FUNCTION obligation.apply(which bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE obligation.duty d
    SET exemption = x.exemption, nothing_at = x.nothing_at, elsewhere_at = x.elsewhere_at,
        internal_on = x.internal_on
    FROM (SELECT o.duty,
                 (SELECT max(e.exemption) FROM obligation.exemption e
                  WHERE e.unit = o.unit AND e.form = m.form AND e.first_end <= m.period_end
                    AND (e.last_end IS NULL OR e.last_end >= m.period_end)
                    AND NOT EXISTS (SELECT 1 FROM obligation.revocation r
                                    WHERE r.what = 'exemption' AND r.number = e.exemption))
                     AS exemption,
                 (SELECT min(n.declared_at) FROM obligation.nothing_to_report n
                  WHERE n.duty = o.duty
                    AND NOT EXISTS (SELECT 1 FROM obligation.revocation r
                                    WHERE r.what = 'nothing' AND r.number = n.nothing))
                     AS nothing_at,
                 (SELECT min(f.filed_on)::timestamp AT TIME ZONE 'Europe/Warsaw'
                  FROM obligation.filed_elsewhere f
                  WHERE f.duty = o.duty
                    AND NOT EXISTS (SELECT 1 FROM obligation.revocation r
                                    WHERE r.what = 'elsewhere' AND r.number = f.elsewhere))
                     AS elsewhere_at,
                 (SELECT i.due_on FROM obligation.internal_due i
                  WHERE i.unit IN (o.unit, o.jst) AND i.form = m.form AND i.period = m.period
                    AND t.recipient = 'zarzad-jst'
                  ORDER BY i.internal DESC LIMIT 1) AS internal_on
          FROM obligation.duty o
          JOIN obligation.matter m ON m.matter = o.matter
          JOIN obligation.term t ON t.term = o.term
          WHERE o.duty = ANY (which)) x
    WHERE d.duty = x.duty
      AND (d.exemption, d.nothing_at, d.elsewhere_at, d.internal_on)
          IS DISTINCT FROM (x.exemption, x.nothing_at, x.elsewhere_at, x.internal_on);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- To whom each JST's duties of these matters go by these terms, on a day. The office of a kind is the
-- one that the registry names for the JST, else that of its voivodeship, else that of the country; a
-- kind that there is no office of is left out. `type` as in term.jst_types. The planner knows little
-- of the parts and would go through a country in loops.
CREATE FUNCTION obligation.ways_of(by_terms bigint[], matters bigint[], day date)
RETURNS TABLE (jst bigint, powiat text, type integer, recipient text, copies text, office text,
               copied text[])
LANGUAGE sql STABLE ROWS 20000 SET enable_nestloop = off AS $$
    WITH tops AS MATERIALIZED (
        SELECT u.unit, u.wk, u.pk,
               CASE registry.government(u.gt, u.pt) WHEN 'gmina' THEN 1 WHEN 'miasto-npp' THEN 2
                    WHEN 'powiat' THEN 4 WHEN 'wojewodztwo' THEN 8 ELSE 0 END AS type
        FROM registry.units_at(day) u WHERE u.parent IS NULL),
    offices AS MATERIALIZED (
        SELECT DISTINCT ON (j.unit, o.kind) j.unit, o.kind, o.office
        FROM tops j
        CROSS JOIN registry.office o
        LEFT JOIN registry.unit_office l ON l.office = o.office AND l.unit = j.unit
            AND daterange(l.valid_from, l.valid_to, '[]') @> day
        WHERE l.unit IS NOT NULL OR o.wk = j.wk OR o.wk IS NULL
        ORDER BY j.unit, o.kind, l.unit IS NULL, o.wk IS NULL, o.office),
    kinds AS MATERIALIZED (
        SELECT DISTINCT t.recipient, t.copies FROM obligation.term t
        WHERE t.term = ANY (by_terms) AND t.matter = ANY (matters)),
    copied AS MATERIALIZED (
        SELECT o.unit, k.copies, array_agg(o.office ORDER BY x.n) AS offices
        FROM (SELECT DISTINCT copies FROM kinds) k
        CROSS JOIN string_to_table(k.copies, ' ') WITH ORDINALITY x (kind, n)
        JOIN offices o ON o.kind = x.kind
        GROUP BY o.unit, k.copies)
    SELECT j.unit, j.wk || j.pk, j.type, k.recipient, k.copies, r.office, c.offices
    FROM tops j
    CROSS JOIN kinds k
    LEFT JOIN offices r ON r.unit = j.unit AND r.kind = k.recipient
    LEFT JOIN copied c ON c.unit = j.unit AND c.copies = k.copies
$$;

-- What every unit owes of these matters by these terms, their periods ending on a day: every unit
-- that is there on that day and is of the kind of a term, with its place in the tree and whom it
-- reports to (the ways are there already). Where a plain report stands beside one for each group or
-- dysponent, the duty of the latter has the variant '*'.
CREATE FUNCTION obligation.wanted(by_terms bigint[], matters bigint[], day date)
RETURNS TABLE (unit bigint, matter integer, term integer, variant text, jst bigint, powiat text,
               way integer, due_before timestamptz)
LANGUAGE sql STABLE ROWS 300000 SET enable_nestloop = off AS $$
    WITH RECURSIVE u AS MATERIALIZED (
        SELECT * FROM registry.units_at(day)),
    tree (unit, jst, depth) AS (
        SELECT u.unit, u.unit, 0 FROM u WHERE u.parent IS NULL
        UNION ALL
        SELECT u.unit, t.jst, t.depth + 1 FROM tree t JOIN u ON u.parent = t.unit
        WHERE t.depth < 8),
    places AS MATERIALIZED (
        SELECT u.unit, u.kind, tree.jst FROM tree JOIN u ON u.unit = tree.unit WHERE u.is_valid),
    terms AS MATERIALIZED (
        SELECT t.term, t.matter, t.kind, t.jst_types, t.recipient, t.copies, t.due_before,
               CASE WHEN m.several_per <> '' AND EXISTS (
                        SELECT 1 FROM obligation.matter p
                        WHERE p.form = m.form AND p.level = m.level AND p.several_per = ''
                          AND p.period_end = m.period_end AND p.period_type = m.period_type)
                    THEN '*' ELSE '' END AS variant
        FROM obligation.term t
        JOIN obligation.matter m ON m.matter = t.matter AND m.period_end = day
        WHERE t.term = ANY (by_terms) AND t.matter = ANY (matters)
          AND (NOT t.model OR (SELECT s.environment FROM registry.setting s) = 'TEST')),
    ways AS MATERIALIZED (
        SELECT f.jst, f.powiat, f.type, f.recipient, f.copies, y.way
        FROM obligation.ways_of(by_terms, matters, day) f
        LEFT JOIN obligation.way y ON coalesce(y.office, '') = coalesce(f.office, '')
            AND coalesce(y.copied, '{}') = coalesce(f.copied, '{}'))
    SELECT p.unit, t.matter, t.term, t.variant, p.jst, w.powiat, w.way, t.due_before
    FROM terms t
    JOIN places p ON p.kind = t.kind
    JOIN ways w ON w.jst = p.jst AND w.recipient = t.recipient AND w.copies = t.copies
        AND (t.jst_types = 0 OR t.jst_types & w.type <> 0)
$$;

-- What stands there of these matters. Not in plain SQL, so that the planner goes
-- by the number of rows that is said here, whatever it knows of the table.
CREATE FUNCTION obligation.there(matters bigint[])
RETURNS TABLE (duty bigint, unit bigint, matter integer, term integer, variant text, jst bigint,
               powiat text, way integer, superseded_why text)
LANGUAGE plpgsql STABLE ROWS 300000 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT d.duty, d.unit, d.matter, d.term, d.variant, d.jst, d.powiat, d.way, d.superseded_why
    FROM obligation.duty d
    WHERE d.matter = ANY (matters);
END
$$;

-- Duties that reports of these submissions have to do with.
CREATE FUNCTION obligation.concerned(ids uuid[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT DISTINCT d.duty
        FROM intake.report r
        JOIN obligation.matter m ON m.form = r.form AND m.period_end = r.period_end
                                AND m.period_type = r.period_type AND m.level = r.level
        JOIN obligation.duty d ON d.unit = r.unit AND d.matter = m.matter
            AND (d.variant = r.variant OR (d.variant = '*' AND r.variant <> ''))
        WHERE r.submission = ANY (ids))
$$;

-- Duties of the submissions of a batch, inside the transaction that concludes it: never waits and
-- never fails. Where it cannot, it leaves a note for the next generation.
CREATE FUNCTION obligation.settle(ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint[];
    held   bigint[];
BEGIN
    wanted := obligation.concerned(ids);
    IF cardinality(wanted) > 0 THEN
        held := ARRAY(SELECT d.duty FROM obligation.duty d WHERE d.duty = ANY (wanted)
                      FOR NO KEY UPDATE SKIP LOCKED);
        PERFORM obligation.refresh(held);
        IF cardinality(held) < cardinality(wanted) THEN
            INSERT INTO obligation.unsettled (submission, cause) SELECT q, 'busy' FROM unnest(ids) q;
        END IF;
    END IF;
    INSERT INTO obligation.stray (unit, form, period_end, period_type, level, variant, period,
                                  submission, arrived)
    SELECT r.unit, r.form, r.period_end, r.period_type, r.level, r.variant, r.period,
           r.submission, r.arrived
    FROM intake.report r
    WHERE r.submission = ANY (ids) AND r.unit IS NOT NULL AND r.form <> '' AND r.year IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM obligation.matter m
                      JOIN obligation.duty d ON d.matter = m.matter
                      WHERE m.form = r.form AND m.period_end = r.period_end
                        AND m.period_type = r.period_type AND m.level = r.level
                        AND d.unit = r.unit
                        AND (d.variant = r.variant OR (d.variant = '*' AND r.variant <> '')))
    ON CONFLICT DO NOTHING;
EXCEPTION WHEN OTHERS THEN
    INSERT INTO obligation.unsettled (submission, cause) SELECT q, SQLSTATE FROM unnest(ids) q;
END
$$;

-- Every duty with its term and its state at a moment. The planner sees through it.
CREATE FUNCTION obligation.standing(at timestamptz)
RETURNS TABLE (duty bigint, created_at timestamptz, unit bigint, jst bigint, powiat text,
               way integer, office text, copied text[], variant text,
               matter integer, form text, form_title text, level text, year integer,
               period_type text, period_number integer, period text, period_end date,
               opens_at timestamptz, calendar text, kind text, recipient text,
               recipient_title text, copies text, rule text, nominal_on date, due_on date,
               due_before timestamptz, correction_until date, empty_allowed boolean,
               nothing_allowed boolean, basis text, internal_on date, exemption bigint,
               nothing_at timestamptz, elsewhere_at timestamptz, superseded_on date,
               superseded_by bigint, superseded_why text, first_arrived timestamptz,
               last_arrived timestamptz, last_verdict smallint, pending_at timestamptz,
               accepted_at timestamptz, report bigint, report_arrived timestamptz,
               open_queries integer, filed_at timestamptz, after_window boolean, state text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT d.duty, d.created_at, d.unit, d.jst, d.powiat, d.way, y.office, y.copied, d.variant,
           m.matter, m.form, m.form_title, m.level, m.year,
           m.period_type, m.period_number, m.period, m.period_end,
           m.opens_at, t.calendar, t.kind, t.recipient,
           t.recipient_title, t.copies, t.rule, t.nominal_on, t.due_on,
           t.due_before, t.correction_until, t.empty_allowed,
           t.nothing_allowed, t.basis, least(d.internal_on, t.due_on), d.exemption,
           d.nothing_at, d.elsewhere_at, d.superseded_on,
           d.superseded_by, d.superseded_why, d.first_arrived,
           d.last_arrived, d.last_verdict, d.pending_at,
           d.accepted_at, d.report, d.report_arrived,
           d.open_queries, d.filed_at,
           coalesce(d.report_arrived >= t.correction_before
                    AND d.report_arrived > d.accepted_at, false),
           obligation.state(at, m.opens_at, t.due_before, d.superseded_on IS NOT NULL,
                            d.exemption IS NOT NULL, d.filed_at, d.pending_at)
    FROM obligation.duty d
    JOIN obligation.term t ON t.term = d.term
    JOIN obligation.matter m ON m.matter = d.matter
    JOIN obligation.way y ON y.way = d.way
$$;

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA obligation TO brama_writer, brama_reader, brama_admin;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA obligation FROM PUBLIC;

-- The worker: facts of duties that are there, notes of what it could not do.
GRANT SELECT ON obligation.matter, obligation.duty, obligation.stray TO brama_writer;
GRANT UPDATE (first_arrived, last_arrived, last_verdict, pending_at, accepted_at, report,
              report_arrived, open_queries) ON obligation.duty TO brama_writer;
GRANT INSERT ON obligation.stray, obligation.unsettled TO brama_writer;
GRANT EXECUTE ON FUNCTION obligation.refresh(bigint[]), obligation.concerned(uuid[]),
    obligation.settle(uuid[]) TO brama_writer;

-- Administration: terms and duties are made, acts are entered, nothing is deleted.
GRANT SELECT ON ALL TABLES IN SCHEMA obligation TO brama_admin;
GRANT INSERT ON obligation.matter, obligation.term, obligation.way, obligation.run, obligation.duty,
    obligation.change, obligation.exemption, obligation.nothing_to_report,
    obligation.filed_elsewhere, obligation.internal_due, obligation.outage, obligation.revocation
    TO brama_admin;
GRANT UPDATE (term, jst, powiat, way, due_before, internal_on, exemption, nothing_at,
              elsewhere_at, superseded_on, superseded_by, superseded_why, first_arrived, last_arrived,
              last_verdict, pending_at, accepted_at, report, report_arrived, open_queries)
    ON obligation.duty TO brama_admin;
GRANT UPDATE (added, superseded, restored, altered, settled) ON obligation.run TO brama_admin;
GRANT UPDATE (settled_at) ON obligation.stray, obligation.unsettled TO brama_admin;
GRANT SELECT ON intake.finding TO brama_admin;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA obligation TO brama_admin;

GRANT SELECT ON obligation.matter, obligation.term, obligation.way, obligation.duty,
    obligation.exemption, obligation.nothing_to_report, obligation.filed_elsewhere, obligation.outage,
    obligation.revocation, obligation.stray TO brama_reader;
GRANT EXECUTE ON FUNCTION obligation.state(timestamptz, timestamptz, timestamptz, boolean, boolean,
    timestamptz, timestamptz), obligation.standing(timestamptz),
    obligation.state_of_heap(timestamptz, timestamptz, timestamptz, smallint) TO brama_reader;

-- Terms, outages and the calendar are no secret. A duty is seen by its unit, by those above and
-- those who serve it, and by the office that it is owed to; what was entered for it likewise.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['duty', 'stray', 'exemption', 'nothing_to_report',
                                'filed_elsewhere'] LOOP
        EXECUTE format('ALTER TABLE obligation.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE obligation.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON obligation.%I TO brama_owner USING (true) '
                       'WITH CHECK (true)', name);
    END LOOP;
END
$$;
-- The ways are few: their offices are asked for row by row, because a subquery with a subquery of
-- its own would keep a count of the country to one process.
CREATE POLICY seen ON obligation.duty FOR SELECT TO brama_reader
    USING (way IN (SELECT y.way FROM obligation.way y
                   WHERE y.office = ANY (registry.seen_offices())
                      OR y.copied && registry.seen_offices())
           OR unit = ANY ((SELECT registry.seen_units())::bigint[]));
CREATE POLICY seen ON obligation.stray FOR SELECT TO brama_reader
    USING (unit = ANY ((SELECT registry.seen_units())::bigint[]));
CREATE POLICY seen ON obligation.exemption FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM obligation.duty d WHERE d.unit = exemption.unit));
CREATE POLICY seen ON obligation.nothing_to_report FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM obligation.duty d WHERE d.duty = nothing_to_report.duty));
CREATE POLICY seen ON obligation.filed_elsewhere FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM obligation.duty d WHERE d.duty = filed_elsewhere.duty));
