-- People beyond the desk: a session, or a certificate bound to a person, at the reader and for
-- filing.

-- Whose session, or whose certificate, a digest is, and in which appointment they act: that of the
-- session; by a certificate alone the only one that holds today. No row: nobody's. NULL: in none.
CREATE FUNCTION people.whose(by_session boolean, hash bytea)
RETURNS TABLE (person uuid, appointment uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    who  uuid;
    held uuid[];
BEGIN
    IF by_session THEN
        RETURN QUERY
        SELECT s.person, CASE WHEN people.holds(s.appointment) THEN s.appointment END
        FROM people.session s JOIN people.person p USING (person)
        WHERE s.digest = hash AND s.ended_at IS NULL AND s.expires_at > now()
          AND s.seen_at > now() - interval '30 minutes' AND p.closed_at IS NULL;
        RETURN;
    END IF;
    who := people.identified('certificate', hash);
    IF who IS NOT NULL THEN
        SELECT array_agg(a.appointment) INTO held FROM people.appointment a
        WHERE a.person = who AND people.holds(a.appointment);
        RETURN QUERY SELECT who, CASE WHEN cardinality(held) = 1 THEN held[1] END;
    END IF;
END
$$;

-- As what the front may know them.
DROP FUNCTION people.recognise(bytea);
CREATE FUNCTION people.recognise(by_session boolean, hash bytea)
RETURNS TABLE (person uuid, appointment uuid, role text, unit bigint, office text, name text,
               regon text, clock_offset interval)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT w.person, w.appointment, a.role, a.unit, a.office, coalesce(u.name, o.title), u.regon,
           t.clock_offset
    FROM people.whose(by_session, hash) w
    LEFT JOIN people.appointment a ON a.appointment = w.appointment
    LEFT JOIN registry.unit u ON u.unit = a.unit
    LEFT JOIN registry.office o ON o.office = a.office
    CROSS JOIN registry.setting t;
END
$$;

-- As registry.enter, for a person. What ended since shows nothing.
DROP FUNCTION people.enter_session(bigint);
CREATE FUNCTION people.enter_as(by_session boolean, hash bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    who    uuid;
    acting uuid;
BEGIN
    SELECT w.person, w.appointment INTO who, acting FROM people.whose(by_session, hash) w;
    PERFORM people.act_as(who, acting);
END
$$;

-- As registry.used: a session lives on while it is used, wherever that is.
CREATE FUNCTION people.used(hash bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE people.session SET seen_at = now()
    WHERE digest = hash AND ended_at IS NULL AND expires_at > now()
      AND seen_at BETWEEN now() - interval '30 minutes' AND now() - interval '1 minute'
$$;

REVOKE ALL ON FUNCTION people.whose(boolean, bytea), people.recognise(boolean, bytea),
    people.enter_as(boolean, bytea), people.used(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.recognise(boolean, bytea), people.enter_as(boolean, bytea),
    people.used(bytea) TO brama_reader;

-- Filed by a program, or by a person.
ALTER TABLE intake.submission
    ALTER COLUMN credential DROP NOT NULL,
    ADD COLUMN appointment uuid REFERENCES people.appointment, -- in which a person filed it
    ADD CHECK (num_nonnulls(credential, appointment) = 1);

-- ---------------------------------------------------------------------------------------------
-- what recipients see
-- ---------------------------------------------------------------------------------------------

-- To which kinds of office the calendar sent a report when it was decided, copies too: a set of
-- bits, the numbers of enum calendar_recipient. 0: nobody's but the sender's own. Never rewritten.
ALTER TABLE intake.report ADD COLUMN addressed_to smallint NOT NULL DEFAULT 0;
-- Nor does that change: the log covers it, as the columns before.
DROP TRIGGER immutable ON intake.report;
CREATE TRIGGER immutable BEFORE UPDATE ON intake.report FOR EACH ROW
    WHEN ((OLD.report, OLD.submission, OLD.n, OLD.ordinal, OLD.unit, OLD.unit_name, OLD.regon,
           OLD.type, OLD.wk, OLD.pk, OLD.gk, OLD.gt, OLD.pt, OLD.element, OLD.form, OLD.form_version,
           OLD.form_title, OLD.year, OLD.period_type, OLD.period_number, OLD.period, OLD.period_end,
           OLD.level, OLD.variant, OLD.version, OLD.verdict, OLD.reason, OLD.sha256, OLD.start_byte,
           OLD.end_byte, OLD.row_count, OLD.arrived, OLD.log_index, OLD.due, OLD.timeliness,
           OLD.calendar, OLD.corrects, OLD.window_until, OLD.outside_window, OLD.recipient,
           OLD.window_basis, OLD.addressed_to)
          IS DISTINCT FROM
          (NEW.report, NEW.submission, NEW.n, NEW.ordinal, NEW.unit, NEW.unit_name, NEW.regon,
           NEW.type, NEW.wk, NEW.pk, NEW.gk, NEW.gt, NEW.pt, NEW.element, NEW.form, NEW.form_version,
           NEW.form_title, NEW.year, NEW.period_type, NEW.period_number, NEW.period, NEW.period_end,
           NEW.level, NEW.variant, NEW.version, NEW.verdict, NEW.reason, NEW.sha256, NEW.start_byte,
           NEW.end_byte, NEW.row_count, NEW.arrived, NEW.log_index, NEW.due, NEW.timeliness,
           NEW.calendar, NEW.corrects, NEW.window_until, NEW.outside_window, NEW.recipient,
           NEW.window_basis, NEW.addressed_to))
    EXECUTE FUNCTION intake.refuse_change();

CREATE FUNCTION registry.recipient_bit(kind text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE kind WHEN 'zarzad-jst' THEN 1 WHEN 'rio' THEN 2 WHEN 'dysponent' THEN 4
                     WHEN 'mf' THEN 8 WHEN 'gus' THEN 16 WHEN 'organ-nadzorujacy' THEN 32
                     ELSE 0 END
$$;

-- Whether a report of a unit that went to these kinds is addressed to an office that asks: one of
-- such a kind, there for the whole country or for that unit (or one above it) today.
CREATE FUNCTION registry.is_addressed(of_unit bigint, kinds smallint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN registry.seen_offices() <> '{}' AND EXISTS (
        SELECT FROM registry.office o
        WHERE o.office = ANY (registry.seen_offices())
          AND registry.recipient_bit(o.kind) & kinds <> 0
          AND (o.kind IN ('gus', 'mf')
               OR EXISTS (SELECT FROM registry.unit_office l
                          WHERE l.unit = ANY (registry.path(of_unit)) AND l.office = o.office
                            AND daterange(l.valid_from, l.valid_to, '[]') @> registry.today())));
END
$$;
-- Of a submission: some report that was accepted when it was last decided.
CREATE FUNCTION intake.has_addressed(id uuid, decision smallint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN registry.seen_offices() <> '{}' AND EXISTS (
        SELECT FROM intake.report r
        WHERE r.submission = id AND r.n = decision AND r.verdict = 1
          AND registry.is_addressed(r.unit, r.addressed_to));
END
$$;
CREATE OR REPLACE FUNCTION intake.is_addressed(id uuid, decision smallint, place integer)
RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN registry.seen_offices() <> '{}' AND EXISTS (
        SELECT FROM intake.report r
        WHERE r.submission = id AND r.n = decision AND r.ordinal = place
          AND r.verdict = 1 AND registry.is_addressed(r.unit, r.addressed_to));
END
$$;

-- Of a rejected report the recipient has the fact (its row holds no amount), of a draft nothing; the
-- file is theirs only where something in it is, and the reader cuts that out of it.
-- PostgreSQL asks policies in the reverse order of their names: these behind `seen`, so that a unit,
-- which sees by that one, never comes to them; and they are bare calls, because each subquery in a
-- policy is paid for whenever a statement starts.
DROP POLICY addressed ON intake.report;
DROP POLICY addressed ON intake.finding;
DROP POLICY addressed ON intake.report_signature;
CREATE POLICY addressed ON intake.report FOR SELECT TO brama_reader
    USING (verdict IN (1, 3) AND registry.is_addressed(unit, addressed_to));
CREATE POLICY addressed ON intake.submission FOR SELECT TO brama_reader
    USING (intake.has_addressed(submission, decided_n));
CREATE POLICY addressed ON intake.finding FOR SELECT TO brama_reader
    USING (intake.is_addressed(submission, n, report));
CREATE POLICY addressed ON intake.report_signature FOR SELECT TO brama_reader
    USING (intake.is_addressed(submission, n, report));
DROP FUNCTION registry.is_addressed(bigint);
REVOKE ALL ON FUNCTION registry.is_addressed(bigint, smallint),
    intake.has_addressed(uuid, smallint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.is_addressed(bigint, smallint),
    intake.has_addressed(uuid, smallint) TO brama_reader;

-- ---------------------------------------------------------------------------------------------
-- one's own way of signing in
-- ---------------------------------------------------------------------------------------------

-- A way back in for who has lost their authenticator and their codes: a link that works once, given
-- by somebody who could give all that they have.
CREATE TABLE people.restoration (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    person     uuid NOT NULL REFERENCES people.person,
    made_by    uuid REFERENCES people.person,
    made_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL CHECK (expires_at <= made_at + interval '14 days'),
    used_at    timestamptz
);
ALTER TABLE people.restoration ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.restoration FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON people.restoration TO brama_owner USING (true) WITH CHECK (true);
CREATE TRIGGER audit_insert AFTER INSERT ON people.restoration REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('person', '{digest}', '{}');
CREATE TRIGGER audit_update AFTER UPDATE ON people.restoration
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('person', '{digest}', '{}');

-- Who gives themselves a new secret is signed in nowhere else afterwards.
CREATE FUNCTION people.end_other_sessions(who uuid, kept bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE people.session SET ended_at = now()
    WHERE person = who AND ended_at IS NULL AND digest IS DISTINCT FROM kept
$$;

-- Of the person who entered, and who has just shown their old password.
CREATE FUNCTION people.change_password(kept bytea, new_password text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE people.secret SET password = new_password, password_at = now()
    WHERE person = people.me();
    SELECT people.end_other_sessions(people.me(), kept);
$$;
CREATE FUNCTION people.change_authenticator(kept bytea, new_totp bytea, codes bytea[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE people.secret SET totp = new_totp, totp_step = 0 WHERE person = people.me();
    DELETE FROM people.recovery_code WHERE person = people.me();
    INSERT INTO people.recovery_code (person, digest) SELECT people.me(), c FROM unnest(codes) c;
    SELECT people.end_other_sessions(people.me(), kept);
$$;

-- A certificate is of one person, or of a unit, and never of both. False: it is somebody's already.
CREATE FUNCTION people.bind_certificate(hash bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM registry.credential c WHERE c.is_certificate AND c.digest = hash) THEN
        RETURN false;
    END IF;
    INSERT INTO people.identity AS i (provider, digest, person)
    VALUES ('certificate', hash, people.me())
    ON CONFLICT (provider, digest) DO UPDATE SET revoked_at = NULL, created_at = now()
        WHERE i.person = people.me();
    RETURN FOUND;
END
$$;
CREATE FUNCTION people.my_certificates() RETURNS TABLE (digest bytea, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT i.digest, i.created_at FROM people.identity i
    WHERE i.person = people.me() AND i.provider = 'certificate' AND i.revoked_at IS NULL
    ORDER BY i.created_at, i.digest
$$;
CREATE FUNCTION people.unbind_certificate(hash bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE people.identity i SET revoked_at = now()
    WHERE i.person = people.me() AND i.provider = 'certificate' AND i.digest = hash
      AND i.revoked_at IS NULL;
    RETURN FOUND;
END
$$;

-- Offered to whom an appointment is of: by who may give it, and everything else that they have, so
-- that nobody comes by it into a place that is not theirs. False: not by this one.
CREATE FUNCTION people.offer_restoration(which uuid, hash bytea, until timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    whose uuid;
BEGIN
    SELECT a.person INTO whose FROM people.appointment a JOIN people.person p USING (person)
    WHERE a.appointment = which AND p.closed_at IS NULL AND p.confirmed_at IS NOT NULL;
    IF whose IS NULL OR whose = people.me() OR NOT people.holds(which)
       OR EXISTS (SELECT FROM people.appointment a
                  WHERE a.person = whose AND a.ended_at IS NULL
                    AND coalesce(a.valid_to, 'infinity'::date) >= registry.today()
                    AND NOT coalesce(people.gives(a.role, a.unit, a.office), false)) THEN
        RETURN false;
    END IF;
    UPDATE people.restoration r SET expires_at = now()
    WHERE r.person = whose AND r.used_at IS NULL AND r.expires_at > now();
    INSERT INTO people.restoration (digest, person, made_by, expires_at)
    VALUES (hash, whose, people.me(), until);
    RETURN true;
END
$$;
-- Whose a link is. No row: it was used, replaced, or is too old.
CREATE FUNCTION people.restorable(hash bytea) RETURNS TABLE (email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.email FROM people.restoration r JOIN people.person p USING (person)
    WHERE r.digest = hash AND r.used_at IS NULL AND r.expires_at > now() AND p.closed_at IS NULL
$$;
-- Everything by which they signed in before is dead: password, codes, certificates, sessions.
CREATE FUNCTION people.restore(hash bytea, new_password text, new_totp bytea, codes bytea[])
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    whose uuid;
BEGIN
    UPDATE people.restoration r SET used_at = now()
    WHERE r.digest = hash AND r.used_at IS NULL AND r.expires_at > now()
    RETURNING r.person INTO whose;
    IF whose IS NULL THEN
        RETURN false;
    END IF;
    PERFORM people.act_as(whose, NULL);
    INSERT INTO people.secret AS s (person, password, totp) VALUES (whose, new_password, new_totp)
    ON CONFLICT (person) DO UPDATE
        SET password = new_password, totp = new_totp, password_at = now(), totp_step = 0;
    DELETE FROM people.recovery_code c WHERE c.person = whose;
    INSERT INTO people.recovery_code (person, digest) SELECT whose, c FROM unnest(codes) c;
    UPDATE people.identity i SET revoked_at = now()
    WHERE i.person = whose AND i.revoked_at IS NULL;
    PERFORM people.end_other_sessions(whose, NULL);
    RETURN true;
END
$$;

DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOREACH routine IN ARRAY ARRAY[
        'people.change_password(bytea, text)', 'people.change_authenticator(bytea, bytea, bytea[])',
        'people.bind_certificate(bytea)', 'people.my_certificates()',
        'people.unbind_certificate(bytea)',
        'people.offer_restoration(uuid, bytea, timestamptz)', 'people.restorable(bytea)',
        'people.restore(bytea, text, bytea, bytea[])']::regprocedure[] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO brama_desk', routine);
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION people.end_other_sessions(uuid, bytea) FROM PUBLIC;
