-- The registry in time: what a unit was on a day, whom it reports to, who serves it, what became of
-- it, and who changed any of that. A day is a day in Warsaw on the gateway's clock.

-- Today, as the gateway reckons: TEST may have moved its clock.
CREATE FUNCTION registry.today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ((now() + s.clock_offset) AT TIME ZONE 'Europe/Warsaw')::date FROM registry.setting s
$$;

-- ---------------------------------------------------------------------------------------------
-- units
-- ---------------------------------------------------------------------------------------------

-- A JST is told from its codes (registry.government); its urząd and its organ are units of their
-- own below it, because each of the three files reports.
INSERT INTO registry.unit_kind (kind, title) VALUES
    ('organ', 'organ jednostki samorządu terytorialnego'),
    ('osoba-prawna', 'inna samorządowa osoba prawna');

ALTER TABLE registry.unit
    ADD COLUMN jop text NOT NULL DEFAULT '' CHECK (jop IN ('', '42', '62', '82')), -- '': none
    ADD COLUMN since date, -- the first day of what the row says; before it: unit_history
    ADD CHECK (length(name) <= 1000 AND name = btrim(name, E' \t\r\n'));

-- No two units with the same identity at the same time, as before, but by one number instead of
-- seven texts: that index took most of the time in which a country is entered. Two identities with
-- one number would be one in 2^64.
ALTER TABLE registry.unit
    DROP CONSTRAINT unit_regon_type_wk_pk_gk_gt_pt_daterange_excl,
    ADD CONSTRAINT unit_once EXCLUDE USING gist (
        (hashtextextended(regon || ' ' || type || ' ' || wk || '/' || pk || '/' || gk || '/' || gt
                          || '/' || pt, 0)) WITH =,
        daterange(valid_from, valid_to, '[]') WITH &&);
UPDATE registry.unit SET since = valid_from;
ALTER TABLE registry.unit ALTER COLUMN since SET NOT NULL;

-- 'gmina', 'miasto-npp', 'powiat', 'wojewodztwo', 'zwiazek'; NULL: the codes name none of them.
CREATE FUNCTION registry.government(gt text, pt text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN gt = 'Z' OR pt IN ('7', '8') THEN 'zwiazek'
                WHEN pt = '2' THEN 'miasto-npp'
                WHEN pt = '1' THEN 'powiat'
                WHEN pt = '3' THEN 'wojewodztwo'
                WHEN pt = '0' AND gt IN ('1', '2', '3') THEN 'gmina' END
$$;

-- What a unit was before what it is: every earlier state with its first and last day, without gaps;
-- the first one since ever, so that a question about a day before the unit has an answer too.
-- A REGON never changes: who gets another one is another unit, by registry.succession.
CREATE TABLE registry.unit_history (
    unit      bigint NOT NULL REFERENCES registry.unit,
    held_from date NOT NULL,
    held_to   date NOT NULL,
    nip       text,
    wk        text NOT NULL,
    pk        text NOT NULL,
    gk        text NOT NULL,
    gt        text NOT NULL,
    pt        text NOT NULL,
    type      text NOT NULL,
    kind      text NOT NULL,
    name      text NOT NULL,
    parent    bigint,
    jop       text NOT NULL,
    PRIMARY KEY (unit, held_from),
    CHECK (held_to >= held_from)
);
CREATE INDEX unit_history_parent ON registry.unit_history (parent);

CREATE FUNCTION registry.begin_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.since := NEW.valid_from;
    RETURN NEW;
END
$$;
CREATE TRIGGER begins BEFORE INSERT ON registry.unit FOR EACH ROW
    WHEN (NEW.since IS NULL) EXECUTE FUNCTION registry.begin_unit();

-- Whoever changes a unit says in `since` from which day; who does not, means today. A state that has
-- not begun yet, or began that very day, is corrected where it stands; to correct one that began
-- earlier, a transaction says that it means `since` as it stands: set_config('brama.dated', 'on').
CREATE FUNCTION registry.keep_history() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.since = OLD.since AND current_setting('brama.dated', true) IS DISTINCT FROM 'on' THEN
        NEW.since := greatest(OLD.since, registry.today());
    END IF;
    IF NEW.since < OLD.since THEN
        RAISE EXCEPTION 'unit %: a change of % stands already', OLD.unit, OLD.since
            USING ERRCODE = '23514';
    END IF;
    IF NEW.since > OLD.since THEN
        INSERT INTO registry.unit_history (unit, held_from, held_to, nip, wk, pk, gk, gt, pt, type,
                                           kind, name, parent, jop)
        VALUES (OLD.unit, CASE WHEN OLD.since = OLD.valid_from THEN '-infinity' ELSE OLD.since END,
                NEW.since - 1, OLD.nip, OLD.wk, OLD.pk, OLD.gk, OLD.gt, OLD.pt, OLD.type, OLD.kind,
                OLD.name, OLD.parent, OLD.jop);
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER history BEFORE UPDATE ON registry.unit FOR EACH ROW
    WHEN ((OLD.nip, OLD.wk, OLD.pk, OLD.gk, OLD.gt, OLD.pt, OLD.type, OLD.kind, OLD.name,
           OLD.parent, OLD.jop, OLD.since)
          IS DISTINCT FROM
          (NEW.nip, NEW.wk, NEW.pk, NEW.gk, NEW.gt, NEW.pt, NEW.type, NEW.kind, NEW.name,
           NEW.parent, NEW.jop, NEW.since))
    EXECUTE FUNCTION registry.keep_history();

-- Every unit as it was on a day, or as it is to be; `is_valid`: it was there on that day.
CREATE FUNCTION registry.units_at(day date)
RETURNS TABLE (unit bigint, regon text, nip text, wk text, pk text, gk text, gt text, pt text,
               type text, kind text, name text, parent bigint, jop text, valid_from date,
               valid_to date, is_valid boolean)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT u.unit, u.regon, CASE WHEN h.unit IS NULL THEN u.nip ELSE h.nip END,
           coalesce(h.wk, u.wk), coalesce(h.pk, u.pk), coalesce(h.gk, u.gk), coalesce(h.gt, u.gt),
           coalesce(h.pt, u.pt), coalesce(h.type, u.type), coalesce(h.kind, u.kind),
           coalesce(h.name, u.name), CASE WHEN h.unit IS NULL THEN u.parent ELSE h.parent END,
           coalesce(h.jop, u.jop), u.valid_from, u.valid_to,
           daterange(u.valid_from, u.valid_to, '[]') @> day
    FROM registry.unit u
    LEFT JOIN registry.unit_history h
        ON h.unit = u.unit AND u.since > day AND h.held_from <= day AND h.held_to >= day
$$;

CREATE FUNCTION registry.parent_at(place bigint, day date) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    above  bigint;
    is_new boolean;
BEGIN
    SELECT u.parent, u.since > day INTO above, is_new FROM registry.unit u WHERE u.unit = place;
    IF is_new THEN
        SELECT coalesce(min(h.parent), CASE WHEN count(*) = 0 THEN above END) INTO above
        FROM registry.unit_history h
        WHERE h.unit = place AND h.held_from <= day AND h.held_to >= day;
    END IF;
    RETURN above;
END
$$;

-- As registry.path and registry.below, on a day.
CREATE FUNCTION registry.path(leaf bigint, day date) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    path bigint[] := '{}';
    step bigint := leaf;
BEGIN
    WHILE step IS NOT NULL AND cardinality(path) < 9 LOOP
        path := path || step;
        step := registry.parent_at(step, day);
    END LOOP;
    RETURN path;
END
$$;

CREATE FUNCTION registry.below(root bigint, day date) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found bigint[] := '{}';
    step  bigint[] := ARRAY[root];
    depth integer := 0;
BEGIN
    WHILE cardinality(step) > 0 AND depth < 9 LOOP
        found := found || step;
        depth := depth + 1;
        step := ARRAY(
            SELECT u.unit FROM registry.unit u
            WHERE u.parent = ANY (step) AND (u.since <= day OR u.since = u.valid_from)
            UNION ALL
            SELECT h.unit FROM registry.unit_history h
            WHERE h.parent = ANY (step) AND h.held_from <= day AND h.held_to >= day);
    END LOOP;
    RETURN found;
END
$$;

-- ---------------------------------------------------------------------------------------------
-- whom a unit reports to, who serves it, what became of it
-- ---------------------------------------------------------------------------------------------

-- Recipients that are no unit. The zarząd of a JST is none: it is the unit at the top of the tree.
CREATE TABLE registry.office (
    office text PRIMARY KEY CHECK (office ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    kind   text NOT NULL CHECK (kind IN ('rio', 'gus', 'mf', 'dysponent', 'organ-nadzorujacy')),
    title  text NOT NULL CHECK (title <> ''),
    wk     text -- the voivodeship that it is there for; NULL: the country
);
INSERT INTO registry.office (office, kind, title, wk) VALUES
    ('rio-wroclaw', 'rio', 'Regionalna Izba Obrachunkowa we Wrocławiu', '02'),
    ('rio-bydgoszcz', 'rio', 'Regionalna Izba Obrachunkowa w Bydgoszczy', '04'),
    ('rio-lublin', 'rio', 'Regionalna Izba Obrachunkowa w Lublinie', '06'),
    ('rio-zielona-gora', 'rio', 'Regionalna Izba Obrachunkowa w Zielonej Górze', '08'),
    ('rio-lodz', 'rio', 'Regionalna Izba Obrachunkowa w Łodzi', '10'),
    ('rio-krakow', 'rio', 'Regionalna Izba Obrachunkowa w Krakowie', '12'),
    ('rio-warszawa', 'rio', 'Regionalna Izba Obrachunkowa w Warszawie', '14'),
    ('rio-opole', 'rio', 'Regionalna Izba Obrachunkowa w Opolu', '16'),
    ('rio-rzeszow', 'rio', 'Regionalna Izba Obrachunkowa w Rzeszowie', '18'),
    ('rio-bialystok', 'rio', 'Regionalna Izba Obrachunkowa w Białymstoku', '20'),
    ('rio-gdansk', 'rio', 'Regionalna Izba Obrachunkowa w Gdańsku', '22'),
    ('rio-katowice', 'rio', 'Regionalna Izba Obrachunkowa w Katowicach', '24'),
    ('rio-kielce', 'rio', 'Regionalna Izba Obrachunkowa w Kielcach', '26'),
    ('rio-olsztyn', 'rio', 'Regionalna Izba Obrachunkowa w Olsztynie', '28'),
    ('rio-poznan', 'rio', 'Regionalna Izba Obrachunkowa w Poznaniu', '30'),
    ('rio-szczecin', 'rio', 'Regionalna Izba Obrachunkowa w Szczecinie', '32'),
    ('gus', 'gus', 'Główny Urząd Statystyczny', NULL),
    ('mf', 'mf', 'Ministerstwo Finansów', NULL);

CREATE TABLE registry.unit_office (
    unit_office bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit        bigint NOT NULL REFERENCES registry.unit, -- a JST
    office      text NOT NULL REFERENCES registry.office,
    valid_from  date NOT NULL,
    valid_to    date,
    basis       text NOT NULL DEFAULT '',
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    EXCLUDE USING gist (unit WITH =, office WITH =,
                        daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX unit_office_unit ON registry.unit_office (unit);
CREATE INDEX unit_office_office ON registry.unit_office (office);

-- A CUW (or an urząd) does another unit's books: while it does, it sees it and may file for it.
-- Of the unit that is named, not of those below it.
CREATE TABLE registry.service (
    service    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit       bigint NOT NULL REFERENCES registry.unit,
    provider   bigint NOT NULL REFERENCES registry.unit,
    valid_from date NOT NULL,
    valid_to   date,
    basis      text NOT NULL DEFAULT '',
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK (unit <> provider),
    EXCLUDE USING gist (unit WITH =, provider WITH =,
                        daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX service_unit ON registry.service (unit);
CREATE INDEX service_provider ON registry.service (provider);

-- From `day` on the successor stands where the predecessor stood. A merge is one row for each
-- predecessor, a split one for each successor; only a split has several successors.
CREATE TABLE registry.succession (
    succession  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    predecessor bigint NOT NULL REFERENCES registry.unit,
    successor   bigint NOT NULL REFERENCES registry.unit,
    kind        text NOT NULL
                CHECK (kind IN ('merge', 'split', 'rename', 'new-regon', 'takeover')),
    day         date NOT NULL,
    basis       text NOT NULL DEFAULT '',
    CHECK (predecessor <> successor),
    UNIQUE (predecessor, successor),
    EXCLUDE USING gist (predecessor WITH =, kind WITH <>),
    EXCLUDE USING gist (predecessor WITH =, day WITH <>)
);
CREATE UNIQUE INDEX succession_one ON registry.succession (predecessor) WHERE kind <> 'split';
CREATE INDEX succession_successor ON registry.succession (successor);

-- Who stands on a day where `origin` stood: itself when nothing has happened yet, several after a
-- split. Sixteen steps at most; a circle ends.
CREATE FUNCTION registry.successors_at(origin bigint, on_day date) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE line (unit, depth) AS (
        SELECT origin, 0
        UNION ALL
        SELECT s.successor, line.depth + 1
        FROM line JOIN registry.succession s ON s.predecessor = line.unit AND s.day <= on_day
        WHERE line.depth < 16)
    SELECT DISTINCT line.unit FROM line
    WHERE NOT EXISTS (SELECT 1 FROM registry.succession s
                      WHERE s.predecessor = line.unit AND s.day <= on_day)
$$;
-- The same where it is one; NULL where a split has made several of it.
CREATE FUNCTION registry.successor_at(origin bigint, on_day date) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN count(*) = 1 THEN min(x.unit) END
    FROM registry.successors_at(origin, on_day) AS x (unit)
$$;

-- What whoever acts for `root` sees and may file for on a day: the unit, those below it, those that
-- it serves, and those whose place it took as a whole.
CREATE FUNCTION registry.scope(root bigint, on_day date) RETURNS bigint[]
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    found bigint[] := registry.below(root, on_day) || ARRAY(
        SELECT s.unit FROM registry.service s
        WHERE s.provider = root AND daterange(s.valid_from, s.valid_to, '[]') @> on_day);
    step  bigint[] := ARRAY[root];
    depth integer := 0;
BEGIN
    LOOP
        step := ARRAY(SELECT s.predecessor FROM registry.succession s
                      WHERE s.successor = ANY (step) AND s.day <= on_day AND s.kind <> 'split');
        depth := depth + 1;
        EXIT WHEN cardinality(step) = 0 OR depth > 16;
        found := found || step;
    END LOOP;
    RETURN found;
END
$$;

-- Whether `place` is in the scope of `root` on that day, without making the scope: step by step up
-- from it, as who files is nearly always the unit itself or its JST.
CREATE FUNCTION registry.acts_for(root bigint, place bigint, on_day date) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    step bigint := place;
BEGIN
    FOR depth IN 0 .. 8 LOOP
        IF step = root THEN
            RETURN true;
        END IF;
        step := registry.parent_at(step, on_day);
        EXIT WHEN step IS NULL;
    END LOOP;
    IF EXISTS (SELECT 1 FROM registry.service s
               WHERE s.unit = place AND s.provider = root
                 AND daterange(s.valid_from, s.valid_to, '[]') @> on_day) THEN
        RETURN true;
    END IF;
    step := place;
    FOR depth IN 1 .. 16 LOOP
        SELECT s.successor INTO step FROM registry.succession s
        WHERE s.predecessor = step AND s.day <= on_day AND s.kind <> 'split';
        EXIT WHEN step IS NULL;
        IF step = root THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;

-- What a credential may see now, as before, with what the unit serves and what it has taken over.
CREATE OR REPLACE FUNCTION registry.enter(who bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    root bigint;
BEGIN
    SELECT c.unit INTO root FROM registry.credential c
    WHERE c.credential = who AND c.revoked_at IS NULL AND c.expires_at > now();
    PERFORM set_config('brama.units',
        CASE WHEN root IS NULL THEN '{}' ELSE registry.scope(root, registry.today())::text END,
        true);
END
$$;

-- For a person: who took the place of a unit and when, "SP 2 (REGON 990001027) od 1 września 2026 r.";
-- NULL when nobody did.
CREATE FUNCTION registry.heirs(place bigint, on_day date) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM registry.succession s
                   WHERE s.predecessor = place AND s.day <= on_day) THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT string_agg(format('%s (REGON %s)', u.name, u.regon), ', ' ORDER BY u.regon)
            FROM registry.successors_at(place, on_day) x (unit)
            JOIN registry.unit u ON u.unit = x.unit)
        || (SELECT format(' od %s %s %s r.', extract(day FROM s.day),
                          (ARRAY['stycznia', 'lutego', 'marca', 'kwietnia', 'maja', 'czerwca',
                                 'lipca', 'sierpnia', 'września', 'października', 'listopada',
                                 'grudnia'])[extract(month FROM s.day)], extract(year FROM s.day))
            FROM registry.succession s WHERE s.predecessor = place LIMIT 1);
END
$$;

-- ---------------------------------------------------------------------------------------------
-- who changed the registry
-- ---------------------------------------------------------------------------------------------

-- One row for each row that is added or changed in the tables below, written by triggers whoever
-- the writer is. A writer names the person and the ground by set_config('brama.operator', ...) and
-- set_config('brama.basis', ...).
CREATE TABLE registry.change (
    change   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL DEFAULT now(),
    login    text NOT NULL,            -- of the database
    operator text NOT NULL,            -- '' when the writer did not say
    what     text NOT NULL,            -- 'unit added', 'service changed', ...
    unit     bigint,                   -- that it concerns; NULL: none
    old      jsonb,                    -- what was changed, as it was; NULL: nothing was there
    new      jsonb,
    basis    text NOT NULL
);
CREATE INDEX change_unit ON registry.change (unit, change);

CREATE FUNCTION registry.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% never changes', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON registry.change
    FOR EACH ROW EXECUTE FUNCTION registry.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON registry.change
    FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON registry.unit_history
    FOR EACH ROW EXECUTE FUNCTION registry.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON registry.unit_history
    FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change();

-- For a whole statement at once, so that sixty thousand rows cost one. Arguments: the key of the
-- table, and its column that names the unit concerned ('' where there is none). Of a change only the
-- columns that differ are kept.
CREATE FUNCTION registry.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    concerned text := CASE TG_ARGV[1] WHEN '' THEN 'NULL::bigint'
                                      ELSE 'n.' || quote_ident(TG_ARGV[1]) END;
    pairs text := CASE TG_OP
        WHEN 'INSERT' THEN
            'SELECT n.%1$I AS key, %2$s AS unit, NULL::jsonb AS old,'
            ' jsonb_strip_nulls(to_jsonb(n)) AS new FROM after n'
        ELSE
            'SELECT x.key, x.unit, d.old, d.new'
            ' FROM (SELECT n.%1$I AS key, %2$s AS unit, to_jsonb(o) AS o, to_jsonb(n) AS n'
            '       FROM before o JOIN after n USING (%1$I) OFFSET 0) x,'
            ' LATERAL (SELECT jsonb_object_agg(e.key, e.value),'
            '                 jsonb_object_agg(e.key, x.n -> e.key)'
            '          FROM jsonb_each(x.o) e WHERE x.n -> e.key <> e.value) d (old, new)'
            ' WHERE d.old IS NOT NULL' END;
BEGIN
    EXECUTE format(
        'INSERT INTO registry.change (login, operator, what, unit, old, new, basis)'
        ' SELECT session_user, coalesce(current_setting(''brama.operator'', true), ''''),'
        ' %3$L, p.unit, p.old, p.new, coalesce(current_setting(''brama.basis'', true), '''')'
        ' FROM (' || pairs || ') p ORDER BY p.key',
        TG_ARGV[0], concerned,
        TG_TABLE_NAME || CASE TG_OP WHEN 'INSERT' THEN ' added' ELSE ' changed' END);
    RETURN NULL;
END
$$;
DO $$
DECLARE
    noted record;
BEGIN
    FOR noted IN SELECT * FROM (VALUES ('unit', 'unit', 'unit'), ('office', 'office', ''),
                                       ('unit_office', 'unit_office', 'unit'),
                                       ('service', 'service', 'unit'),
                                       ('succession', 'succession', 'predecessor'))
                 AS n (name, key, unit) LOOP
        EXECUTE format('CREATE TRIGGER noted_insert AFTER INSERT ON registry.%I '
                       'REFERENCING NEW TABLE AS after FOR EACH STATEMENT '
                       'EXECUTE FUNCTION registry.note_change(%L, %L)',
                       noted.name, noted.key, noted.unit);
        EXECUTE format('CREATE TRIGGER noted_update AFTER UPDATE ON registry.%I '
                       'REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT '
                       'EXECUTE FUNCTION registry.note_change(%L, %L)',
                       noted.name, noted.key, noted.unit);
        EXECUTE format('CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON registry.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()', noted.name);
    END LOOP;
END
$$;

-- Lines of a file of units while they are compared with the registry: filled, read and emptied within
-- one transaction, so that nobody sees another one's. Nothing outlives a crash.
CREATE UNLOGGED TABLE registry.unit_draft (
    line         integer NOT NULL, -- of the file
    regon        text NOT NULL,
    nip          text NOT NULL,    -- '': none, as in the file
    wk           text NOT NULL,
    pk           text NOT NULL,
    gk           text NOT NULL,
    gt           text NOT NULL,
    pt           text NOT NULL,
    type         text NOT NULL,
    kind         text NOT NULL,
    name         text NOT NULL,
    parent_regon text NOT NULL,
    valid_from   date,             -- NULL: not said
    valid_to     date,
    jop          text NOT NULL,
    offices      text NOT NULL,    -- sorted, one space between
    cause        text,             -- why it is refused; NULL: it is not
    unit         bigint,           -- that it means, or that it will be
    parent       bigint,
    is_new       boolean
);

-- Between two files the table is empty, and whoever measures it then makes the planner believe that it
-- always is: sixty thousand lines would be compared with each other one by one.
CREATE FUNCTION registry.measure_draft() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    ANALYZE registry.unit_draft;
END
$$;
REVOKE ALL ON FUNCTION registry.measure_draft() FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT SELECT ON registry.unit_history, registry.office, registry.unit_office, registry.service,
    registry.succession TO brama_writer, brama_reader, brama_admin;
GRANT SELECT ON registry.change TO brama_admin;
GRANT SELECT, INSERT, DELETE ON registry.unit_draft TO brama_admin;
GRANT UPDATE (cause, unit, parent, is_new, offices, valid_from) ON registry.unit_draft TO brama_admin;
GRANT USAGE ON SEQUENCE registry.unit_unit_seq TO brama_admin;
GRANT EXECUTE ON FUNCTION registry.measure_draft() TO brama_admin;
GRANT UPDATE (wk, pk, gk, gt, pt, type, kind, jop, since) ON registry.unit TO brama_admin;
GRANT INSERT ON registry.office, registry.unit_office, registry.service, registry.succession
    TO brama_admin;
GRANT UPDATE (title) ON registry.office TO brama_admin;
GRANT UPDATE (valid_to) ON registry.unit_office, registry.service TO brama_admin;
