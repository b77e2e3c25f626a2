-- A country counted without walking it, and what is missing in it found in its order.

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
