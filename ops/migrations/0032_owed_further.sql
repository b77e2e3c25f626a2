-- Obligations in webhooks: due soon, late, fulfilled, waived. What a change of facts makes of a duty is
-- noted by triggers, in the transaction that changes it; what time alone makes of it is found by a
-- mark that moves on. Each note becomes one message for each receiver that asked for it.

CREATE TABLE courier.duty_news (
    news  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    duty  bigint NOT NULL,
    event text NOT NULL CHECK (event IN ('due_soon', 'late', 'fulfilled', 'waived')),
    at    timestamptz NOT NULL           -- offset of TEST included
);

-- Up to when time has been looked at; NULL: never, and what was so before is no news.
CREATE TABLE courier.sweep (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    swept  timestamptz
);
INSERT INTO courier.sweep DEFAULT VALUES;

CREATE INDEX endpoint_obligations ON courier.endpoint (unit)
    WHERE removed_at IS NULL
      AND events && '{obligation.due_soon,obligation.late,obligation.fulfilled,obligation.waived}';

-- The JST of which somebody wants to be told.
CREATE FUNCTION courier.told_jsts() RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(array_agg(DISTINCT p.path[cardinality(p.path)]), '{}')
    FROM courier.endpoint e CROSS JOIN LATERAL (SELECT registry.path(e.unit)) p (path)
    WHERE e.removed_at IS NULL
      AND e.events && '{obligation.due_soon,obligation.late,obligation.fulfilled,obligation.waived}'
$$;

-- What is told of a duty as it stands at a moment; NULL: nothing. A week before its last day it is due
-- soon; handed in late is handed in. As obligation.state_of_heap, which a test compares.
CREATE FUNCTION courier.duty_event(heap smallint, due_before timestamptz, at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN heap & 7 = 1 OR heap & 31 = 2 THEN 'fulfilled'
        WHEN heap & 24 = 16 THEN 'waived'
        WHEN heap & 24 <> 0 OR heap & 7 = 3 THEN NULL
        WHEN at >= due_before THEN 'late'
        WHEN at >= due_before - interval '7 days' AND heap & 7 = 0 THEN 'due_soon'
    END
$$;

-- As of the mark: what time makes of it after that is found when the mark moves on. Whoever changes a
-- day, or makes duties, holds the mark, so that nothing falls between the two; a filing never waits.
CREATE FUNCTION courier.note_made() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    jsts bigint[] := courier.told_jsts();
    mark timestamptz;
BEGIN
    IF jsts = '{}' THEN
        RETURN NULL;
    END IF;
    SELECT s.swept INTO mark FROM courier.sweep s FOR SHARE;
    INSERT INTO courier.duty_news (duty, event, at)
    SELECT n.duty, x.event, c.at
    FROM after_rows n
    CROSS JOIN (SELECT now() + g.clock_offset AS at FROM registry.setting g) c
    CROSS JOIN LATERAL (SELECT courier.duty_event(n.heap, n.due_before, mark) AS event) x
    WHERE n.jst = ANY (jsts) AND x.event IS NOT NULL
    ORDER BY n.duty;
    RETURN NULL;
END
$$;
-- A filing changes few duties: whether somebody wants to be told is asked of those alone whose event
-- has changed, so that what each filing pays does not grow with the receivers of the country.
CREATE FUNCTION courier.note_changed() RETURNS trigger
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
                  WHERE e.unit = ANY (registry.path(n.unit)) AND e.removed_at IS NULL
                    AND e.events && '{obligation.due_soon,obligation.late,obligation.fulfilled,obligation.waived}')
    ORDER BY n.duty;
    RETURN NULL;
END
$$;
CREATE TRIGGER noted_insert AFTER INSERT ON obligation.duty REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION courier.note_made();
CREATE TRIGGER noted_update AFTER UPDATE ON obligation.duty
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION courier.note_changed();

-- Move the mark to now, and note what has become due soon or late meanwhile. The mark moves when there
-- is something to note, and once an hour; another courier that holds it does the same.
CREATE FUNCTION courier.sweep_duties() RETURNS bigint
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
    WHERE c.jst = ANY (courier.told_jsts())
    ORDER BY c.at, c.duty;
    GET DIAGNOSTICS noted = ROW_COUNT;
    IF noted > 0 OR mark IS NULL OR mark < present - interval '1 hour' THEN
        UPDATE courier.sweep SET swept = present;
    END IF;
    RETURN noted;
END
$$;

-- From notes to messages, the oldest first, at most count_max: for the unit and each above it. The
-- state is the one that the list of obligations shows. How many notes.
CREATE FUNCTION courier.spread_duties(count_max bigint) RETURNS bigint
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
        CROSS JOIN LATERAL unnest(registry.path(d.unit)) p (unit)
        JOIN courier.endpoint e ON e.unit = p.unit
        WHERE e.removed_at IS NULL AND 'obligation.' || t.event = ANY (e.events)
        ORDER BY t.news)
    SELECT count(*) FROM taken
$$;

REVOKE ALL ON FUNCTION courier.told_jsts(), courier.duty_event(smallint, timestamptz, timestamptz),
    courier.note_made(), courier.note_changed(), courier.sweep_duties(),
    courier.spread_duties(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION courier.sweep_duties(), courier.spread_duties(bigint) TO brama_courier;

-- Traits of a JST and of the units below it, kept by the JST at the desk. The second fence
-- (0008_people.sql).
ALTER TABLE registry.unit_trait ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.unit_trait FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry.unit_trait TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY everybody ON registry.unit_trait FOR SELECT TO brama_reader, brama_desk USING (true);
CREATE POLICY kept ON registry.unit_trait FOR INSERT TO brama_desk
    WITH CHECK (people.my_role() = 'supervisor' AND unit = ANY (people.kept_units()));
CREATE POLICY shortened ON registry.unit_trait FOR UPDATE TO brama_desk
    USING (people.my_role() = 'supervisor' AND unit = ANY (people.kept_units()))
    WITH CHECK (people.my_role() = 'supervisor' AND unit = ANY (people.kept_units()));
GRANT SELECT ON registry.trait, registry.unit_trait TO brama_desk;
GRANT INSERT (unit, trait, office, valid_from, valid_to, basis) ON registry.unit_trait TO brama_desk;
GRANT UPDATE (valid_to) ON registry.unit_trait TO brama_desk;

-- What became of the letter of an invitation, told to whom the invitation is shown (0008_people.sql),
-- and in the next digest to who made it, when it was refused for good.
CREATE INDEX invitation_maker ON people.invitation (made_by)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE FUNCTION people.invitation_letter(which uuid) RETURNS TABLE (state text, ended_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT l.state, l.ended_at
    FROM people.invitation i
    JOIN courier.letter l ON l.email = i.email AND l.link = i.digest
    WHERE i.invitation = which
      AND (i.made_by = people.me() OR people.keeps(i.unit, i.office)
           OR people.gives(i.role, i.unit, i.office))
    ORDER BY l.made_at DESC LIMIT 1
$$;
CREATE FUNCTION courier.refused_invitations(who uuid, count_max integer)
RETURNS TABLE (letter uuid, name text, email text, place text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT l.letter, i.name, i.email, coalesce(u.name, o.title, '')
    FROM people.invitation i
    JOIN courier.letter l ON l.email = i.email AND l.link = i.digest
    LEFT JOIN registry.unit u ON u.unit = i.unit
    LEFT JOIN registry.office o ON o.office = i.office
    WHERE i.made_by = who AND i.accepted_at IS NULL AND i.revoked_at IS NULL
      AND l.state = 'refused' AND l.told_at IS NULL
    ORDER BY l.ended_at, l.letter LIMIT count_max
$$;
-- Those who look after what a unit owes, and those whose invitation did not arrive.
CREATE OR REPLACE FUNCTION courier.digest_people(behind uuid, count_max integer)
RETURNS TABLE (person uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT x.person FROM (
        SELECT a.person FROM people.appointment a
        WHERE a.person > behind AND a.unit IS NOT NULL AND a.ended_at IS NULL
          AND a.role IN ('head', 'treasurer', 'service-head', 'supervisor')
          AND daterange(a.valid_from, a.valid_to, '[]') @> registry.today()
        UNION
        SELECT i.made_by FROM courier.letter l
        JOIN people.invitation i ON i.digest = l.link
        WHERE l.kind = 'invitation' AND l.state = 'refused' AND l.told_at IS NULL
          AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.made_by > behind) x
    ORDER BY x.person LIMIT count_max
$$;
CREATE INDEX letter_refused ON courier.letter (link)
    WHERE kind = 'invitation' AND state = 'refused' AND told_at IS NULL;
REVOKE ALL ON FUNCTION people.invitation_letter(uuid),
    courier.refused_invitations(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.invitation_letter(uuid) TO brama_desk, brama_admin;
GRANT EXECUTE ON FUNCTION courier.refused_invitations(uuid, integer) TO brama_courier;
