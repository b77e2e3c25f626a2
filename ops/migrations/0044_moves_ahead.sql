-- A move of a unit that is entered ahead opens nothing before its day, and takes nothing away: who keeps a unit,
-- and whom is told of it, goes by whom it is below today. Until now these went by the last state that is entered.

-- Whom somebody acts for, as before.
CREATE OR REPLACE FUNCTION people.act_as(who uuid, which uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a people.appointment;
    seen bigint[] := '{}';
    kept bigint[] := '{}';
BEGIN
    IF people.holds(which) THEN
        SELECT * INTO a FROM people.appointment t WHERE t.appointment = which AND t.person = who;
    END IF;
    IF a.unit IS NOT NULL THEN
        seen := registry.scope(a.unit, registry.today());
        IF a.role = 'supervisor' THEN
            kept := registry.below(a.unit, registry.today());
        ELSIF a.role IN ('head', 'treasurer', 'service-head') THEN
            kept := ARRAY[a.unit];
        END IF;
    END IF;
    PERFORM set_config('brama.person', coalesce(who::text, ''), true),
            set_config('brama.operator', coalesce(who::text, ''), true),
            set_config('brama.appointment', coalesce(a.appointment::text, ''), true),
            set_config('brama.role', coalesce(a.role, ''), true),
            set_config('brama.units', seen::text, true),
            set_config('brama.kept', kept::text, true),
            set_config('brama.offices',
                       CASE WHEN a.role = 'reviewer' THEN ARRAY[a.office]::text ELSE '{}' END, true);
END
$$;
-- As before. Offices go by the last state that is entered, as do the rows that they see (registry.is_addressed)
-- and the letters that they get (courier.recipients_of).
CREATE OR REPLACE FUNCTION people.relation(of_unit bigint, of_office text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a people.appointment;
    path bigint[];
    mine bigint[];
BEGIN
    SELECT * INTO a FROM people.appointment t WHERE t.appointment = people.my_appointment();
    IF of_office IS NOT NULL THEN
        RETURN CASE WHEN NOT EXISTS (SELECT FROM registry.office o WHERE o.office = of_office)
                    THEN 'none'
                    WHEN a.office = of_office THEN 'own' ELSE 'foreign' END;
    END IF;
    IF of_unit IS NULL OR NOT EXISTS (SELECT FROM registry.unit u WHERE u.unit = of_unit) THEN
        RETURN 'none';
    END IF;
    IF a.office IS NOT NULL THEN
        RETURN CASE WHEN EXISTS (SELECT FROM registry.unit_office r
                                 WHERE r.unit = ANY (registry.path(of_unit)) AND r.office = a.office
                                   AND daterange(r.valid_from, r.valid_to, '[]')
                                       @> registry.today())
                    THEN 'addressed' ELSE 'foreign' END;
    END IF;
    IF a.unit IS NULL THEN
        RETURN 'foreign';
    END IF;
    path := registry.path(of_unit, registry.today());
    mine := registry.path(a.unit, registry.today());
    RETURN CASE WHEN of_unit = a.unit THEN 'own'
                WHEN a.unit = ANY (path) THEN 'child'
                WHEN EXISTS (SELECT FROM registry.service s
                             WHERE s.provider = a.unit AND s.unit = of_unit
                               AND daterange(s.valid_from, s.valid_to, '[]') @> registry.today())
                THEN 'served'
                WHEN of_unit = ANY (mine) THEN 'parent'
                WHEN path[2] = mine[2] THEN 'sibling'
                ELSE 'foreign' END;
END
$$;

-- A JST keeps its own units: below itself today, itself never. One that is to move away stays theirs until then,
-- and the move stands: a unit goes from below one of theirs to below another one of theirs alone.
CREATE OR REPLACE FUNCTION people.keeps_unit(which bigint, above bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT people.my_role() = 'supervisor' AND coalesce(
        (SELECT coalesce(registry.parent_at(u.unit, registry.today()) = ANY (people.kept_units())
                         AND (u.parent IS NOT DISTINCT FROM above
                              OR (u.parent = ANY (people.kept_units())
                                  AND above = ANY (people.kept_units()))), false)
         FROM registry.unit u WHERE u.unit = which),
        above = ANY (people.kept_units()), false)
$$;

-- Whose receivers are told of duties, and who keeps a receiver. A duty is the JST's that the unit was below on the
-- last day of the period, which may be over before a move and be due after it: whoever is told of the unit today
-- is told of that one, too. So the JST of before are counted, of units that stood below another one within a year,
-- at, below or above a unit that has a receiver.
CREATE OR REPLACE FUNCTION courier.told_jsts() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH now AS MATERIALIZED (SELECT registry.today() AS day),
    asked AS MATERIALIZED (
        SELECT DISTINCT e.unit, registry.path(e.unit, n.day) AS path
        FROM courier.endpoint e CROSS JOIN now n
        WHERE e.removed_at IS NULL
          AND e.events && '{obligation.due_soon,obligation.late,obligation.fulfilled,obligation.waived}'),
    moved AS MATERIALIZED (
        SELECT h.unit, registry.path(h.unit, n.day) AS path, registry.top(h.unit, h.held_to) AS was
        FROM now n CROSS JOIN registry.unit_history h JOIN registry.unit u ON u.unit = h.unit
        WHERE h.held_to < n.day AND h.held_to >= n.day - 366
          AND (h.parent IS DISTINCT FROM u.parent OR u.since > n.day)
          AND EXISTS (SELECT FROM asked))
    SELECT coalesce(array_agg(DISTINCT x.jst), '{}')
    FROM (SELECT a.path[cardinality(a.path)] FROM asked a
          UNION ALL
          SELECT p.path[cardinality(p.path)] FROM asked a CROSS JOIN LATERAL registry.path(a.unit) p (path)
          UNION ALL
          SELECT m.was FROM moved m CROSS JOIN LATERAL unnest(m.path) b (unit) JOIN asked a ON a.unit = b.unit
          UNION ALL
          SELECT m.was FROM asked a CROSS JOIN LATERAL unnest(a.path) b (unit)
          JOIN moved m ON m.unit = b.unit) x (jst)
$$;
-- As before; the JST are asked for once, when there is something to note, and not for each duty.
CREATE OR REPLACE FUNCTION courier.sweep_duties() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    present timestamptz;
    mark    timestamptz;
    noted   bigint := 0;
BEGIN
    SELECT now() + g.clock_offset INTO present FROM registry.setting g;
    SELECT s.swept INTO mark FROM courier.sweep s FOR UPDATE SKIP LOCKED;
    IF NOT FOUND OR mark >= present THEN
        RETURN 0;
    END IF;
    INSERT INTO courier.duty_news (duty, event, at)
    SELECT c.duty, c.event, c.at
    FROM (SELECT d.duty, d.jst, 'due_soon' AS event, d.due_before - interval '7 days' AS at
          FROM obligation.duty d
          WHERE d.heap IN (0, 32) AND d.due_before > present
            AND d.due_before > mark + interval '7 days'
            AND d.due_before <= present + interval '7 days'
          UNION ALL
          SELECT d.duty, d.jst, 'late', d.due_before FROM obligation.duty d
          WHERE d.heap IN (0, 32) AND d.due_before > mark AND d.due_before <= present) c
    WHERE c.jst = ANY ((SELECT courier.told_jsts())::bigint[])
    ORDER BY c.at, c.duty;
    GET DIAGNOSTICS noted = ROW_COUNT;
    IF noted > 0 OR mark IS NULL OR mark < present - interval '1 hour' THEN
        UPDATE courier.sweep SET swept = present;
    END IF;
    RETURN noted;
END
$$;
CREATE OR REPLACE FUNCTION courier.note_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    mark timestamptz;
BEGIN
    IF NOT EXISTS (SELECT FROM courier.endpoint e
                   WHERE e.removed_at IS NULL
                     AND e.events && '{obligation.due_soon,obligation.late,obligation.fulfilled,obligation.waived}') THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM after_rows n JOIN before_rows o USING (duty)
               WHERE n.due_before <> o.due_before) THEN
        PERFORM FROM courier.sweep FOR SHARE;
    END IF;
    SELECT s.swept INTO mark FROM courier.sweep s;
    INSERT INTO courier.duty_news (duty, event, at)
    SELECT n.duty, x.after, c.at
    FROM after_rows n JOIN before_rows o USING (duty)
    CROSS JOIN (SELECT now() + g.clock_offset AS at FROM registry.setting g) c
    CROSS JOIN LATERAL (SELECT courier.duty_event(o.heap, o.due_before, mark) AS before,
                               courier.duty_event(n.heap, n.due_before, mark) AS after) x
    WHERE x.after IS NOT NULL AND x.after IS DISTINCT FROM x.before
      AND EXISTS (SELECT FROM courier.endpoint e
                  WHERE e.unit = ANY (registry.path(n.unit, registry.today())) AND e.removed_at IS NULL
                    AND e.events && '{obligation.due_soon,obligation.late,obligation.fulfilled,obligation.waived}')
    ORDER BY n.duty;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION courier.spread_duties(count_max bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH taken AS (
        DELETE FROM courier.duty_news WHERE news IN (
            SELECT n.news FROM courier.duty_news n ORDER BY n.news LIMIT count_max
            FOR UPDATE SKIP LOCKED)
        RETURNING *),
    spread AS (
        INSERT INTO courier.delivery (endpoint, webhook_id, type, body)
        SELECT e.endpoint, 'msg_' || replace(gen_random_uuid()::text, '-', ''),
               'obligation.' || t.event,
               format('{"type":"obligation.%s","timestamp":"%s","data":{"id":"%s","unit":"%s"}}',
                      t.event, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                      t.duty, u.regon)
        FROM taken t
        JOIN obligation.duty d ON d.duty = t.duty
        JOIN registry.unit u ON u.unit = d.unit
        CROSS JOIN LATERAL unnest(registry.path(d.unit, registry.today())) p (unit)
        JOIN courier.endpoint e ON e.unit = p.unit
        WHERE e.removed_at IS NULL AND 'obligation.' || t.event = ANY (e.events)
        ORDER BY t.news)
    SELECT count(*) FROM taken
$$;
CREATE OR REPLACE FUNCTION courier.keepers_of(which bigint) RETURNS TABLE (person uuid, unit_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT a.person, u.name FROM courier.endpoint e
    JOIN registry.unit u ON u.unit = e.unit
    CROSS JOIN LATERAL unnest(registry.path(e.unit, registry.today())) above
    JOIN people.appointment a ON a.unit = above
    WHERE e.endpoint = which AND people.holds(a.appointment)
      AND (a.role = 'supervisor'
           OR (a.unit = e.unit AND a.role IN ('head', 'treasurer', 'service-head')))
$$;

-- The unit and all above it today, for the courier, which reads no registry.
CREATE FUNCTION courier.path_today(leaf bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT registry.path(leaf, registry.today())
$$;
REVOKE ALL ON FUNCTION courier.path_today(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION courier.path_today(bigint) TO brama_courier;

-- ---------------------------------------------------------------------------------------------
-- duties
-- ---------------------------------------------------------------------------------------------

-- Internal days that stayed with a duty when its unit went to another JST, and those of the JST that it went to.
SELECT obligation.apply(ARRAY(
    SELECT d.duty FROM obligation.duty d
    WHERE d.internal_on IS NOT NULL OR d.jst IN (SELECT i.unit FROM obligation.internal_due i)));
