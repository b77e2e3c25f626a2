-- What is owed only by those who have a reason to; a country counted without walking it, and what is
-- missing in it found in its order.

-- ---------------------------------------------------------------------------------------------
-- traits: what a unit has in time and some reports follow from
-- ---------------------------------------------------------------------------------------------

-- The words of the calendar; the title follows "jednostka, która ...".
CREATE TABLE registry.trait (
    trait         text PRIMARY KEY,
    title         text NOT NULL,
    per_dysponent boolean NOT NULL -- may be said of one dysponent
);
INSERT INTO registry.trait (trait, title, per_dysponent) VALUES
    ('rachunek-223',
     'prowadzi wydzielony rachunek dochodów (art. 223 ustawy o finansach publicznych)', false),
    ('zadania-zlecone', 'realizuje zadania zlecone z zakresu administracji rządowej', true),
    ('wydatki-niewygasajace',
     'ma wydatki, które nie wygasły z upływem roku (art. 263 ust. 2 ustawy o finansach publicznych)',
     false);

CREATE TABLE registry.unit_trait (
    unit_trait bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit       bigint NOT NULL REFERENCES registry.unit,
    trait      text NOT NULL REFERENCES registry.trait,
    office     text REFERENCES registry.office, -- the dysponent, where it is said of one
    valid_from date NOT NULL,
    valid_to   date,
    basis      text NOT NULL DEFAULT '',
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    EXCLUDE USING gist (unit WITH =, trait WITH =, coalesce(office, '') WITH =,
                        daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX unit_trait_unit ON registry.unit_trait (unit);

CREATE TRIGGER noted_insert AFTER INSERT ON registry.unit_trait REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION registry.note_change('unit_trait', 'unit');
CREATE TRIGGER noted_update AFTER UPDATE ON registry.unit_trait
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION registry.note_change('unit_trait', 'unit');
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON registry.unit_trait
    FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change();

GRANT SELECT ON registry.trait, registry.unit_trait TO brama_reader, brama_admin;
GRANT INSERT ON registry.unit_trait TO brama_admin;
GRANT UPDATE (valid_to) ON registry.unit_trait TO brama_admin;

-- A term that is owed only by who has a trait; empty: by all of its kind.
ALTER TABLE obligation.term ADD COLUMN trait text NOT NULL DEFAULT '';
ALTER TABLE obligation.duty DROP CONSTRAINT duty_superseded_why_check;
ALTER TABLE obligation.duty ADD CONSTRAINT duty_superseded_why_check
    CHECK (superseded_why IN ('succession', 'closed', 'registry', 'trait', 'calendar'));

-- So that a list of them has an order and a place in it.
ALTER TABLE obligation.stray ADD COLUMN stray bigint GENERATED ALWAYS AS IDENTITY UNIQUE;

-- Which traits there are on a day (none at all unless they are needed), for a unit or, as one above adds up what is below it, for the JST
-- of such a unit. A dysponent that is not said ('') gives way to those that are.
CREATE FUNCTION obligation.traits_at(day date, needed boolean)
RETURNS TABLE (unit bigint, jst bigint, trait text, dysponent text)
LANGUAGE sql STABLE ROWS 20000 SET enable_nestloop = off AS $$
    WITH RECURSIVE facts AS MATERIALIZED (
        SELECT x.unit, x.trait, coalesce(x.office, '') AS dysponent FROM registry.unit_trait x
        WHERE needed AND daterange(x.valid_from, x.valid_to, '[]') @> day),
    u AS MATERIALIZED (
        SELECT a.unit, a.parent, a.is_valid FROM registry.units_at(day) a WHERE needed),
    climb (unit, place, above, depth) AS (
        SELECT u.unit, u.unit, u.parent, 0 FROM u
        WHERE u.is_valid AND u.unit IN (SELECT facts.unit FROM facts)
        UNION ALL
        SELECT c.unit, u.unit, u.parent, c.depth + 1 FROM climb c JOIN u ON u.unit = c.above
        WHERE c.depth < 8),
    tops AS MATERIALIZED (
        SELECT c.unit, c.place AS jst FROM climb c WHERE c.above IS NULL),
    held AS MATERIALIZED (
        SELECT f.unit, t.jst, f.trait, f.dysponent FROM facts f JOIN tops t ON t.unit = f.unit
        UNION
        SELECT t.jst, t.jst, f.trait, f.dysponent FROM facts f JOIN tops t ON t.unit = f.unit)
    SELECT h.unit, h.jst, h.trait, h.dysponent FROM held h
    WHERE h.dysponent <> '' OR NOT EXISTS (
        SELECT 1 FROM held o
        WHERE o.unit = h.unit AND o.trait = h.trait AND o.dysponent <> '')
$$;

-- To whom each JST's duties of these matters go, as before; and to each dysponent that is named by a
-- trait in the JST, what goes to one.
DROP FUNCTION obligation.wanted(bigint[], bigint[], date);
DROP FUNCTION obligation.ways_of(bigint[], bigint[], date);
CREATE FUNCTION obligation.ways_of(by_terms bigint[], matters bigint[], day date)
RETURNS TABLE (jst bigint, powiat text, type integer, recipient text, copies text, dysponent text,
               office text, copied text[])
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
        GROUP BY o.unit, k.copies),
    named AS MATERIALIZED (
        SELECT DISTINCT x.jst, x.dysponent
        FROM obligation.traits_at(day, EXISTS (
            SELECT 1 FROM obligation.term t
            WHERE t.term = ANY (by_terms) AND t.matter = ANY (matters) AND t.trait <> '')) x
        WHERE x.dysponent <> '')
    SELECT j.unit, j.wk || j.pk, j.type, k.recipient, k.copies, '', r.office, c.offices
    FROM tops j
    CROSS JOIN kinds k
    LEFT JOIN offices r ON r.unit = j.unit AND r.kind = k.recipient
    LEFT JOIN copied c ON c.unit = j.unit AND c.copies = k.copies
    UNION ALL
    SELECT j.unit, j.wk || j.pk, j.type, k.recipient, k.copies, n.dysponent,
           CASE k.recipient WHEN 'dysponent' THEN n.dysponent ELSE r.office END, c.offices
    FROM named n
    JOIN tops j ON j.unit = n.jst
    CROSS JOIN kinds k
    LEFT JOIN offices r ON r.unit = j.unit AND r.kind = k.recipient
    LEFT JOIN copied c ON c.unit = j.unit AND c.copies = k.copies
$$;

-- What every unit owes of these matters by these terms, as before; by a term that names a trait only
-- those that have it, and where there is one report for each dysponent, one for each that is named
-- (`variant` is its office).
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
               t.trait, m.several_per = 'dysponent' AS is_per_dysponent,
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
        SELECT f.jst, f.powiat, f.type, f.recipient, f.copies, f.dysponent, y.way
        FROM obligation.ways_of(by_terms, matters, day) f
        LEFT JOIN obligation.way y ON coalesce(y.office, '') = coalesce(f.office, '')
            AND coalesce(y.copied, '{}') = coalesce(f.copied, '{}')),
    held AS MATERIALIZED (
        SELECT x.unit, x.trait, x.dysponent
        FROM obligation.traits_at(day, EXISTS (SELECT 1 FROM terms t WHERE t.trait <> '')) x),
    owing AS (
        SELECT t.term, p.unit, p.jst, '' AS dysponent
        FROM terms t JOIN places p ON p.kind = t.kind WHERE t.trait = ''
        UNION ALL
        SELECT DISTINCT t.term, p.unit, p.jst, CASE WHEN t.is_per_dysponent THEN h.dysponent ELSE '' END
        FROM terms t JOIN places p ON p.kind = t.kind
        JOIN held h ON h.unit = p.unit AND h.trait = t.trait WHERE t.trait <> '')
    SELECT o.unit, t.matter, t.term, coalesce(nullif(o.dysponent, ''), t.variant), o.jst, w.powiat,
           w.way, t.due_before
    FROM owing o
    JOIN terms t ON t.term = o.term
    JOIN ways w ON w.jst = o.jst AND w.recipient = t.recipient AND w.copies = t.copies
        AND w.dysponent = o.dysponent
        AND (t.jst_types = 0 OR t.jst_types & w.type <> 0)
$$;

-- Every duty with its term and its state at a moment, as before, with the trait that it follows from.
DROP FUNCTION obligation.standing(timestamptz);
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
               open_queries integer, filed_at timestamptz, after_window boolean, state text,
               trait text)
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
                            d.exemption IS NOT NULL, d.filed_at, d.pending_at),
           t.trait
    FROM obligation.duty d
    JOIN obligation.term t ON t.term = d.term
    JOIN obligation.matter m ON m.matter = d.matter
    JOIN obligation.way y ON y.way = d.way
$$;

REVOKE ALL ON FUNCTION obligation.traits_at(date, boolean), obligation.ways_of(bigint[], bigint[], date),
    obligation.wanted(bigint[], bigint[], date), obligation.standing(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION obligation.traits_at(date, boolean), obligation.ways_of(bigint[], bigint[], date),
    obligation.wanted(bigint[], bigint[], date), obligation.standing(timestamptz) TO brama_admin;
GRANT EXECUTE ON FUNCTION obligation.standing(timestamptz) TO brama_reader, brama_desk;

-- ---------------------------------------------------------------------------------------------
-- counts
-- ---------------------------------------------------------------------------------------------

-- How many duties of a JST, by one term and to one recipient, stand how: the heaps of
-- obligation.duty added up. What a count says still depends on the moment, through the term alone
-- (`pending_late` and `nothing` are awaited before it and are something else after it). Kept by
-- triggers in the transaction that changes a duty, so that it always says what the duties say. One key may
-- have several rows: whoever finds its row locked adds another one and waits for nobody. Only
-- their sum means something; a number of one row may be below zero.
CREATE TABLE obligation.tally (
    tally           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    jst             bigint NOT NULL,
    term            integer NOT NULL,
    way             integer NOT NULL,
    in_time         integer NOT NULL,
    filed_late      integer NOT NULL,
    pending_in_time integer NOT NULL,
    pending_late    integer NOT NULL,
    nothing         integer NOT NULL,
    waived          integer NOT NULL,
    superseded      integer NOT NULL,
    questioned      integer NOT NULL, -- of all but the two before
    powiat          text NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX tally_key ON obligation.tally (term, jst, way, powiat);

-- So many more duties (fewer, when negative) of a key. What is locked by somebody else is not found,
-- nor is what is not there.
CREATE FUNCTION obligation.count_in(d obligation.tally) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE obligation.tally t
    SET in_time = t.in_time + d.in_time, filed_late = t.filed_late + d.filed_late,
        pending_in_time = t.pending_in_time + d.pending_in_time,
        pending_late = t.pending_late + d.pending_late, nothing = t.nothing + d.nothing,
        waived = t.waived + d.waived, superseded = t.superseded + d.superseded,
        questioned = t.questioned + d.questioned
    WHERE t.tally = (SELECT h.tally FROM obligation.tally h
                     WHERE h.term = d.term AND h.jst = d.jst AND h.way = d.way
                       AND h.powiat = d.powiat
                     LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
        INSERT INTO obligation.tally (jst, term, way, in_time, filed_late, pending_in_time,
                                      pending_late, nothing, waived, superseded, questioned, powiat)
        VALUES (d.jst, d.term, d.way, d.in_time, d.filed_late, d.pending_in_time, d.pending_late,
                d.nothing, d.waived, d.superseded, d.questioned, d.powiat);
    END IF;
END
$$;

-- The triggers, and what is there already, add up rows of duties with a number each in one way.
DO $make$
DECLARE
    added constant text :=
        'SELECT NULL::bigint AS tally, r.jst, r.term, r.way,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 7 = 1), 0)::integer AS in_time,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 31 = 2), 0)::integer AS filed_late,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 31 = 3), 0)::integer AS pending_in_time,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 31 = 4), 0)::integer AS pending_late,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 31 = 0), 0)::integer AS nothing,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 7 <> 1 AND r.heap & 24 = 16), 0)::integer'
        '  AS waived,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 7 <> 1 AND r.heap & 8 <> 0), 0)::integer'
        '  AS superseded,'
        ' coalesce(sum(r.n) FILTER (WHERE r.heap & 32 <> 0'
        '  AND (r.heap & 7 = 1 OR r.heap & 24 = 0)), 0)::integer AS questioned, r.powiat'
        ' FROM (%s) r GROUP BY r.jst, r.term, r.way, r.powiat';
    columns constant text := 'd.jst, d.term, d.way, d.heap, d.powiat';
    made record;
BEGIN
    FOR made IN
        SELECT 'count_inserted' AS name, format('SELECT %s, 1 AS n FROM after_rows d', columns) AS rows
        UNION ALL
        SELECT 'count_updated', format('SELECT %1$s, 1 AS n FROM after_rows d UNION ALL '
                                       'SELECT %1$s, -1 FROM before_rows d', columns)
    LOOP
        EXECUTE format(
            'CREATE FUNCTION obligation.%I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
            'SET search_path = pg_catalog AS %L', made.name,
            'DECLARE x obligation.tally; BEGIN FOR x IN SELECT t.* FROM ('
            || format(added, made.rows)
            || ') t WHERE (t.in_time, t.filed_late, t.pending_in_time, t.pending_late, t.nothing,'
               ' t.waived, t.superseded, t.questioned) <> (0, 0, 0, 0, 0, 0, 0, 0)'
               ' LOOP PERFORM obligation.count_in(x); END LOOP; RETURN NULL; END');
    END LOOP;
    EXECUTE format('SELECT count(obligation.count_in(x::obligation.tally)) FROM (%s) x', format(added, format('SELECT %s, 1 AS n FROM obligation.duty d',
                                                          columns)));
END
$make$;
CREATE TRIGGER counted_insert AFTER INSERT ON obligation.duty REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION obligation.count_inserted();
CREATE TRIGGER counted_update AFTER UPDATE ON obligation.duty
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION obligation.count_updated();

-- One row for each key again, where there are several, and none where nothing is counted. With each
-- generation.
CREATE FUNCTION obligation.merge_tallies() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    WITH several AS MATERIALIZED (
        SELECT t.jst, t.term, t.way, t.powiat FROM obligation.tally t
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1),
    gone AS (
        DELETE FROM obligation.tally t USING several s
        WHERE (t.jst, t.term, t.way, t.powiat) = (s.jst, s.term, s.way, s.powiat) RETURNING t.*)
    INSERT INTO obligation.tally (jst, term, way, in_time, filed_late, pending_in_time,
                                  pending_late, nothing, waived, superseded, questioned, powiat)
    SELECT g.jst, g.term, g.way, sum(g.in_time), sum(g.filed_late), sum(g.pending_in_time),
           sum(g.pending_late), sum(g.nothing), sum(g.waived), sum(g.superseded),
           sum(g.questioned), g.powiat
    FROM gone g GROUP BY g.jst, g.term, g.way, g.powiat;
    DELETE FROM obligation.tally t
    WHERE (t.in_time, t.filed_late, t.pending_in_time, t.pending_late, t.nothing, t.waived,
           t.superseded, t.questioned) = (0, 0, 0, 0, 0, 0, 0, 0);
END
$$;

-- What nothing has come for, in the order of the list of what is missing.
CREATE INDEX duty_missing ON obligation.duty (due_before, duty) WHERE heap IN (0, 32);

-- An office counts what goes to it. Who sees units counts their duties, which are few.
ALTER TABLE obligation.tally ENABLE ROW LEVEL SECURITY;
ALTER TABLE obligation.tally FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON obligation.tally TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON obligation.tally FOR SELECT TO brama_reader
    USING (way IN (SELECT y.way FROM obligation.way y
                   WHERE y.office = ANY (registry.seen_offices())
                      OR y.copied && registry.seen_offices()));
GRANT SELECT ON obligation.tally TO brama_reader, brama_admin;
REVOKE ALL ON FUNCTION obligation.count_in(obligation.tally), obligation.count_inserted(),
    obligation.count_updated(), obligation.merge_tallies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION obligation.merge_tallies() TO brama_admin;
