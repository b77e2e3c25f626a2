-- Figures that reports are held against: amounts that their owner has published, what a unit had a
-- year before, and what units of its kind had. They come in editions that never change. What is in
-- force for a period is its newest reading, and a decision names the one that it read by its digest.

CREATE SCHEMA reference;

CREATE TABLE reference.edition (
    edition     bigint PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('control', 'plausibility')),
    period_end  date NOT NULL, -- of the reports that are held against it
    period_type text NOT NULL,
    sha256      bytea NOT NULL CHECK (octet_length(sha256) = 32), -- of its figures, as text
    figures     bigint NOT NULL,
    made_by     text NOT NULL CHECK (made_by <> ''),
    basis       text NOT NULL CHECK (basis <> ''),
    made_at     timestamptz NOT NULL DEFAULT now()
);
CREATE SEQUENCE reference.edition_id;
CREATE INDEX edition_newest ON reference.edition (period_end, period_type, kind, edition DESC);

-- Of a unit: an amount that was published (by: codes of the form; key: their values), or its own of a
-- year before.
CREATE TABLE reference.unit_figure (
    edition bigint NOT NULL REFERENCES reference.edition DEFERRABLE INITIALLY DEFERRED,
    unit    bigint NOT NULL REFERENCES registry.unit,
    form    text NOT NULL,
    level   text NOT NULL,
    variant text NOT NULL,
    field   text NOT NULL, -- the amount's column in the form
    by      text NOT NULL,
    key     text NOT NULL,
    amount  bigint NOT NULL,
    PRIMARY KEY (edition, unit, form, level, variant, field, by, key)
);

-- Of a kind of units ("gmina/jednostka-budzetowa"): how many have such an amount, its median and the
-- median distance from that; of two in the middle the lower one.
CREATE TABLE reference.peer_figure (
    edition bigint NOT NULL REFERENCES reference.edition DEFERRABLE INITIALLY DEFERRED,
    peers   text NOT NULL,
    form    text NOT NULL,
    level   text NOT NULL,
    field   text NOT NULL,
    by      text NOT NULL,
    key     text NOT NULL,
    units   bigint NOT NULL,
    median  bigint NOT NULL,
    spread  bigint NOT NULL,
    PRIMARY KEY (edition, peers, form, level, field, by, key)
);

-- Which editions hold together; the newest of a period is in force.
CREATE TABLE reference.reading (
    reading      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    period_end   date NOT NULL,
    period_type  text NOT NULL,
    control      bigint REFERENCES reference.edition,
    plausibility bigint REFERENCES reference.edition,
    sha256       bytea NOT NULL CHECK (octet_length(sha256) = 32) -- of the digests of both
);
CREATE INDEX reading_newest ON reference.reading (period_end, period_type, reading DESC);
CREATE INDEX reading_sha256 ON reference.reading (sha256);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['edition', 'unit_figure', 'peer_figure', 'reading'] LOOP
        EXECUTE format('CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reference.%I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_change()', name);
    END LOOP;
END
$$;

-- Which units one is compared with: those of its kind, in JST of one sort.
CREATE FUNCTION reference.peers_of(gt text, pt text, kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(registry.government(gt, pt), '') || '/' || kind
$$;

-- A number for an edition to be; nobody else makes one meanwhile.
CREATE FUNCTION reference.begin_edition() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('reference.edition'), 0);
    RETURN nextval('reference.edition_id');
END
$$;

-- Amounts that were published, into an edition that is not sealed yet.
CREATE FUNCTION reference.put_control(into_edition bigint, of_form text, of_level text,
                                      of_field text, units bigint[], bys text[], keys text[],
                                      amounts bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    put bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM reference.edition e WHERE e.edition = into_edition) THEN
        RAISE EXCEPTION 'edition % is sealed', into_edition USING ERRCODE = '23514';
    END IF;
    INSERT INTO reference.unit_figure (edition, unit, form, level, variant, field, by, key, amount)
    SELECT into_edition, q.unit, of_form, of_level, '', of_field, q.by, q.key, q.amount
    FROM unnest(units, bys, keys, amounts) q (unit, by, key, amount);
    GET DIAGNOSTICS put = ROW_COUNT;
    RETURN put;
END
$$;

-- The published amounts that are in force for a period.
CREATE FUNCTION reference.control_of(of_end date, of_type text)
RETURNS TABLE (regon text, by text, key text, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT u.regon, f.by, f.key, f.amount
    FROM reference.unit_figure f JOIN registry.unit u ON u.unit = f.unit
    WHERE f.edition = (SELECT e.edition FROM reference.edition e
                       WHERE e.period_end = of_end AND e.period_type = of_type
                         AND e.kind = 'control' ORDER BY e.edition DESC LIMIT 1)
$$;

-- What units had in a period, from the reports that are in force: for each value of a code the sum of
-- an amount, where it is not zero. Into an edition that is not sealed yet.
CREATE FUNCTION reference.gather_units(into_edition bigint, of_form text, of_version text,
                                       of_by text, code integer, of_field text, slot integer,
                                       of_end date, of_type text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    put bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM reference.edition e WHERE e.edition = into_edition) THEN
        RAISE EXCEPTION 'edition % is sealed', into_edition USING ERRCODE = '23514';
    END IF;
    EXECUTE format(
        'INSERT INTO reference.unit_figure (edition, unit, form, level, variant, field, by, key,'
        '                                   amount) '
        'SELECT $1, r.unit, r.form, r.level, r.variant, $2, $3, l.%1$I, sum(l.%2$I)::bigint '
        'FROM intake.report r '
        'JOIN intake.line l ON l.report = r.report AND l.period_end = r.period_end '
        'WHERE upper_inf(r.in_force) AND r.unit IS NOT NULL AND r.form = $4'
        '  AND r.form_version = $5 AND r.period_end = $6 AND r.period_type = $7'
        '  AND l.period_end = $6 AND l.%1$I <> '''' '
        'GROUP BY r.unit, r.form, r.level, r.variant, l.%1$I '
        'HAVING sum(l.%2$I) <> 0 AND abs(sum(l.%2$I)) <= 99999999999999999',
        'c' || code, 'a' || slot)
    USING into_edition, of_field, of_by, of_form, of_version, of_end, of_type;
    GET DIAGNOSTICS put = ROW_COUNT;
    RETURN put;
END
$$;

-- What the units of an edition have together.
CREATE FUNCTION reference.gather_peers(into_edition bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    put bigint;
BEGIN
    IF EXISTS (SELECT 1 FROM reference.edition e WHERE e.edition = into_edition) THEN
        RAISE EXCEPTION 'edition % is sealed', into_edition USING ERRCODE = '23514';
    END IF;
    WITH held AS MATERIALIZED (
        SELECT reference.peers_of(u.gt, u.pt, u.kind) AS peers, f.form, f.level, f.field, f.by,
               f.key, f.amount
        FROM reference.unit_figure f JOIN registry.unit u ON u.unit = f.unit
        WHERE f.edition = into_edition),
    middle AS MATERIALIZED (
        SELECT h.peers, h.form, h.level, h.field, h.by, h.key, count(*) AS units,
               percentile_disc(0.5) WITHIN GROUP (ORDER BY h.amount) AS median
        FROM held h GROUP BY 1, 2, 3, 4, 5, 6)
    INSERT INTO reference.peer_figure (edition, peers, form, level, field, by, key, units, median,
                                       spread)
    SELECT into_edition, m.peers, m.form, m.level, m.field, m.by, m.key, m.units, m.median,
           percentile_disc(0.5) WITHIN GROUP (ORDER BY abs(h.amount - m.median))
    FROM middle m
    JOIN held h USING (peers, form, level, field, by, key)
    GROUP BY m.peers, m.form, m.level, m.field, m.by, m.key, m.units, m.median;
    GET DIAGNOSTICS put = ROW_COUNT;
    RETURN put;
END
$$;

-- Of all figures of an edition; in an order that is the same everywhere.
CREATE FUNCTION reference.digest_of(of_edition bigint) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(coalesce(string_agg(x.digest, ''::bytea ORDER BY x.who COLLATE "C"), ''::bytea))
    FROM (
        SELECT 'u' || f.unit AS who,
               sha256(convert_to(string_agg(
                   concat_ws(';', f.unit, f.form, f.level, f.variant, f.field, f.by, f.key, f.amount),
                   E'\n' ORDER BY f.form COLLATE "C", f.level COLLATE "C", f.variant COLLATE "C",
                   f.field COLLATE "C", f.by COLLATE "C", f.key COLLATE "C"), 'UTF8')) AS digest
        FROM reference.unit_figure f WHERE f.edition = of_edition GROUP BY f.unit
        UNION ALL
        SELECT 'p' || f.peers,
               sha256(convert_to(string_agg(
                   concat_ws(';', f.peers, f.form, f.level, f.field, f.by, f.key, f.units, f.median,
                             f.spread),
                   E'\n' ORDER BY f.form COLLATE "C", f.level COLLATE "C", f.field COLLATE "C",
                   f.by COLLATE "C", f.key COLLATE "C"), 'UTF8'))
        FROM reference.peer_figure f WHERE f.edition = of_edition GROUP BY f.peers) x
$$;

-- The edition is whole, and in force from now on. False: the newest says the same, and the caller
-- rolls back.
CREATE FUNCTION reference.seal(whole bigint, of_kind text, of_end date, of_type text, by_whom text,
                               on_basis text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    digest bytea := reference.digest_of(whole);
BEGIN
    IF digest = (SELECT e.sha256 FROM reference.edition e
                 WHERE e.period_end = of_end AND e.period_type = of_type AND e.kind = of_kind
                 ORDER BY e.edition DESC LIMIT 1) THEN
        RETURN false;
    END IF;
    INSERT INTO reference.edition (edition, kind, period_end, period_type, sha256, figures, made_by,
                                   basis)
    SELECT whole, of_kind, of_end, of_type, digest,
           (SELECT count(*) FROM reference.unit_figure f WHERE f.edition = whole)
           + (SELECT count(*) FROM reference.peer_figure f WHERE f.edition = whole),
           by_whom, on_basis;
    INSERT INTO reference.reading (period_end, period_type, control, plausibility, sha256)
    SELECT of_end, of_type, max(e.edition) FILTER (WHERE e.kind = 'control'),
           max(e.edition) FILTER (WHERE e.kind = 'plausibility'),
           sha256(string_agg(e.sha256, ''::bytea ORDER BY e.kind))
    FROM (SELECT DISTINCT ON (n.kind) n.* FROM reference.edition n
          WHERE n.period_end = of_end AND n.period_type = of_type
          ORDER BY n.kind, n.edition DESC) e;
    RETURN true;
END
$$;

-- Which reading a decision had; NULL: there was none.
ALTER TABLE intake.decision ADD COLUMN reference bytea CHECK (octet_length(reference) = 32);

GRANT USAGE ON SCHEMA reference TO brama_writer, brama_admin;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA reference FROM PUBLIC;
GRANT SELECT ON ALL TABLES IN SCHEMA reference TO brama_writer, brama_admin;
GRANT EXECUTE ON FUNCTION reference.peers_of(text, text, text) TO brama_writer, brama_admin;
GRANT EXECUTE ON FUNCTION reference.begin_edition(), reference.control_of(date, text),
    reference.put_control(bigint, text, text, text, bigint[], text[], text[], bigint[]),
    reference.gather_units(bigint, text, text, text, integer, text, integer, date, text),
    reference.gather_peers(bigint),
    reference.seal(bigint, text, date, text, text, text) TO brama_admin;
