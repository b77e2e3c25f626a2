-- People take back and explain what their unit has filed, as programs do.

-- Whether an appointment may still be acted in, for a unit: 0 yes, 1 its last day is over, 2 it was
-- ended, or what it stands on has. As registry.credential_ended, of a person.
CREATE FUNCTION people.appointment_ended(which uuid, of_unit bigint) RETURNS smallint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    a people.appointment;
BEGIN
    SELECT * INTO a FROM people.appointment t WHERE t.appointment = which;
    RETURN CASE WHEN a.unit IS DISTINCT FROM of_unit THEN 2
                WHEN people.holds(which) THEN 0
                WHEN a.ended_at IS NULL AND a.valid_to < registry.today() THEN 1
                ELSE 2 END;
END
$$;

-- The worker's way in for a person: what follows in the transaction is theirs, in the trail too. No
-- row: the appointment holds no more, or is not one at this unit.
CREATE FUNCTION people.act_in(which uuid, of_unit bigint) RETURNS TABLE (role text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    IF people.appointment_ended(which, of_unit) = 0 THEN
        PERFORM people.act_as(a.person, which) FROM people.appointment a
        WHERE a.appointment = which;
        RETURN QUERY SELECT a.role FROM people.appointment a WHERE a.appointment = which;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION people.appointment_ended(uuid, bigint), people.act_in(uuid, bigint)
    FROM PUBLIC;
GRANT USAGE ON SCHEMA people TO brama_writer;
GRANT EXECUTE ON FUNCTION people.appointment_ended(uuid, bigint), people.act_in(uuid, bigint)
    TO brama_writer;

-- Taken back by a program, or by a person.
ALTER TABLE intake.submission
    ADD COLUMN withdrawn_in uuid REFERENCES people.appointment,
    DROP CONSTRAINT submission_check3,
    ADD CHECK (num_nonnulls(withdrawn_by, withdrawn_in) = num_nonnulls(withdrawn_at));
GRANT UPDATE (withdrawn_in) ON intake.submission TO brama_writer;
-- And explained.
ALTER TABLE intake.correction_reason
    ALTER COLUMN credential DROP NOT NULL,
    ADD COLUMN appointment uuid REFERENCES people.appointment,
    ADD CHECK (num_nonnulls(credential, appointment) = 1);

-- Both stand in the trail, whoever does it; of a reason its words do not.
CREATE TRIGGER audit_insert AFTER INSERT ON intake.correction_reason
    REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('submission', '{text}', '{}');
CREATE FUNCTION intake.record_withdrawal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO people.audit (person, appointment, program, act, object_kind, object, unit, detail)
    VALUES (people.me(), people.my_appointment(), session_user, 'withdraw', 'intake.submission',
            NEW.submission::text, NEW.subject,
            jsonb_strip_nulls(jsonb_build_object('credential', NEW.withdrawn_by)));
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION intake.record_withdrawal() FROM PUBLIC;
CREATE TRIGGER audit_withdrawal AFTER UPDATE ON intake.submission FOR EACH ROW
    WHEN (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn')
    EXECUTE FUNCTION intake.record_withdrawal();

-- ---------------------------------------------------------------------------------------------
-- obligations have scopes of their own
-- ---------------------------------------------------------------------------------------------

-- What could be read until now by submissions:read: nobody loses it, and nobody gains anything.
UPDATE registry.credential SET scopes = scopes | 4 WHERE scopes & 2 <> 0 AND scopes & 4 = 0;
COMMENT ON COLUMN registry.credential.scopes IS
    '1 submissions:write, 2 submissions:read, 4 obligations:read, 8 registry:write, 16 review:*, 32 obligations:feed';
-- What stands in an address opens the calendar and nothing else.
ALTER TABLE registry.credential
    ADD CHECK (scopes & 32 = 0 OR (scopes = 32 AND NOT is_certificate));

-- How often the days of a duty were moved, its term and its internal one, and when they were last.
CREATE FUNCTION obligation.moves(which bigint, OUT term bigint, OUT term_at timestamptz,
                                 OUT internal bigint, OUT internal_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    SELECT count(*), max(r.at) INTO term, term_at
    FROM obligation.change c JOIN obligation.run r USING (run)
    WHERE c.duty = which AND c.what = 'term';
    SELECT count(*), max(i.entered_at) INTO internal, internal_at
    FROM obligation.duty d
    JOIN obligation.matter m ON m.matter = d.matter
    JOIN obligation.internal_due i ON i.unit IN (d.unit, d.jst) AND i.form = m.form
        AND i.period = m.period
    WHERE d.duty = which;
END
$$;
REVOKE ALL ON FUNCTION obligation.moves(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION obligation.moves(bigint) TO brama_reader;

-- ---------------------------------------------------------------------------------------------
-- what an office is sent, found by index
-- ---------------------------------------------------------------------------------------------

-- Submissions that have an accepted report addressed to a kind of office, by the places through
-- which an office comes to it: the unit and all above it when they were decided; 0 for kinds that
-- are there for the whole country. No right: whether something may be seen is asked for each as
-- before. Rows are never taken back.
CREATE TABLE intake.addressing (
    kind    smallint NOT NULL, -- one bit, as registry.recipient_bit
    place   bigint NOT NULL,
    ordinal bigint NOT NULL,   -- of the submission
    PRIMARY KEY (kind, place, ordinal)
);
-- Of reports that were accepted: their submissions, units and kinds, as registry.recipient_bit. Not
-- of the zarząd of a JST, which sees them as what is below it.
CREATE FUNCTION intake.note_addressed(ids uuid[], units bigint[], kinds bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO intake.addressing (kind, place, ordinal)
    SELECT DISTINCT k.bit, p.place, s.ordinal
    FROM unnest(ids, units, kinds) q (submission, unit, kinds)
    JOIN intake.submission s ON s.submission = q.submission
    CROSS JOIN (VALUES (2, false), (4, false), (8, true), (16, true), (32, false))
        k (bit, everywhere)
    CROSS JOIN LATERAL (SELECT 0::bigint WHERE k.everywhere
                        UNION ALL SELECT unnest(registry.path(q.unit)) WHERE NOT k.everywhere)
        p (place)
    WHERE q.kinds & k.bit <> 0
    ON CONFLICT DO NOTHING;
END
$$;
SELECT intake.note_addressed(array_agg(r.submission), array_agg(r.unit),
                             array_agg(r.addressed_to::bigint))
FROM intake.report r WHERE r.verdict = 1 AND r.unit IS NOT NULL AND r.addressed_to & 62 <> 0;

-- What goes below another unit takes along what was addressed.
CREATE FUNCTION intake.note_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO intake.addressing (kind, place, ordinal)
    SELECT a.kind, p.place, a.ordinal
    FROM unnest(registry.path(NEW.parent)) p (place)
    JOIN intake.addressing a ON a.kind IN (2, 4, 32) AND a.place = NEW.unit
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION intake.note_moved(), intake.note_addressed(uuid[], bigint[], bigint[])
    FROM PUBLIC;
CREATE TRIGGER moved AFTER UPDATE OF parent ON registry.unit FOR EACH ROW
    WHEN (NEW.parent IS NOT NULL AND NEW.parent IS DISTINCT FROM OLD.parent)
    EXECUTE FUNCTION intake.note_moved();

-- The places through which an office that asks comes to what is addressed to it today.
CREATE FUNCTION registry.seen_places() RETURNS TABLE (kind smallint, place bigint)
LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY
    SELECT DISTINCT registry.recipient_bit(o.kind)::smallint,
           CASE WHEN o.kind IN ('gus', 'mf') THEN 0 ELSE l.unit END
    FROM registry.office o
    LEFT JOIN registry.unit_office l ON l.office = o.office
        AND daterange(l.valid_from, l.valid_to, '[]') @> registry.today()
    WHERE o.office = ANY (registry.seen_offices())
      AND (o.kind IN ('gus', 'mf') OR l.unit IS NOT NULL);
END
$$;
REVOKE ALL ON FUNCTION registry.seen_places() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.seen_places() TO brama_reader;

GRANT EXECUTE ON FUNCTION intake.note_addressed(uuid[], bigint[], bigint[]) TO brama_writer;
GRANT SELECT, INSERT ON intake.addressing TO brama_writer;
GRANT SELECT ON intake.addressing TO brama_reader;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.addressing
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.addressing
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
ALTER TABLE intake.addressing ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.addressing FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON intake.addressing TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON intake.addressing FOR SELECT TO brama_reader
    USING ((kind, place) IN (SELECT p.kind, p.place FROM registry.seen_places() p));
