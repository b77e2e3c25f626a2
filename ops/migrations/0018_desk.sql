-- What people enter at the desk beside people and units: acts about duties.

-- ---------------------------------------------------------------------------------------------
-- acts about duties
-- ---------------------------------------------------------------------------------------------

-- It makes nothing of its own: whoever may enter an act may have the duty follow from it.
ALTER FUNCTION obligation.apply(bigint[]) SECURITY DEFINER SET search_path = pg_catalog;

-- The person that an author is: at the desk their id stands, at the machine a name.
CREATE FUNCTION obligation.author(entered_by text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN entered_by ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                THEN entered_by::uuid END
$$;
REVOKE ALL ON FUNCTION obligation.author(text) FROM PUBLIC;

-- All that was entered, with what took it back. An internal due date is taken back by the next one.
CREATE VIEW obligation.entry WITH (security_invoker = true) AS
    SELECT e.kind, e.number, e.unit, e.duty, e.form, e.period, e.first_end, e.last_end, e.on_day,
           e.place, e.basis, e.entered_by, e.entered_at, r.basis AS revoked_basis,
           r.entered_by AS revoked_by, r.entered_at AS revoked_at,
           obligation.author(e.entered_by) AS author, obligation.author(r.entered_by) AS revoker
    FROM (SELECT 'exemption', x.exemption, x.unit, NULL::bigint, x.form, NULL, x.first_end,
                 x.last_end, NULL::date, NULL, x.basis, x.entered_by, x.entered_at
          FROM obligation.exemption x
          UNION ALL
          SELECT 'internal', i.internal, i.unit, NULL, i.form, i.period, NULL, NULL, i.due_on, NULL,
                 i.basis, i.entered_by, i.entered_at
          FROM obligation.internal_due i
          UNION ALL
          SELECT 'nothing', n.nothing, d.unit, n.duty, m.form, m.period, NULL, NULL, NULL, NULL,
                 n.basis, n.entered_by, n.entered_at
          FROM obligation.nothing_to_report n
          JOIN obligation.duty d ON d.duty = n.duty
          JOIN obligation.matter m ON m.matter = d.matter
          UNION ALL
          SELECT 'elsewhere', f.elsewhere, d.unit, f.duty, m.form, m.period, NULL, NULL, f.filed_on,
                 f.place, f.basis, f.entered_by, f.entered_at
          FROM obligation.filed_elsewhere f
          JOIN obligation.duty d ON d.duty = f.duty
          JOIN obligation.matter m ON m.matter = d.matter)
         e (kind, number, unit, duty, form, period, first_end, last_end, on_day, place, basis,
            entered_by, entered_at)
    LEFT JOIN obligation.revocation r ON r.what = e.kind AND r.number = e.number;

-- Each leaves a row of the trail, at the unit that it is about.
CREATE FUNCTION obligation.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    j       jsonb := jsonb_strip_nulls(to_jsonb(NEW));
    of_unit bigint := (j ->> 'unit')::bigint;
BEGIN
    IF of_unit IS NULL THEN
        SELECT d.unit INTO of_unit FROM obligation.duty d WHERE d.duty = (j ->> 'duty')::bigint;
    END IF;
    IF TG_TABLE_NAME = 'revocation' THEN
        SELECT e.unit INTO of_unit FROM obligation.entry e
        WHERE e.kind = j ->> 'what' AND e.number = (j ->> 'number')::bigint;
    END IF;
    INSERT INTO people.audit (person, appointment, program, act, object_kind, object, unit, detail)
    VALUES (nullif(current_setting('brama.person', true), '')::uuid,
            nullif(current_setting('brama.appointment', true), '')::uuid,
            session_user, 'insert', 'obligation.' || TG_TABLE_NAME, j ->> TG_ARGV[0], of_unit, j);
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION obligation.record() FROM PUBLIC;
DO $$
DECLARE
    row record;
BEGIN
    FOR row IN SELECT * FROM (VALUES ('exemption', 'exemption'), ('nothing_to_report', 'nothing'),
                                     ('filed_elsewhere', 'elsewhere'), ('internal_due', 'internal'),
                                     ('revocation', 'number')) AS t (name, key) LOOP
        EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON obligation.%I FOR EACH ROW '
                       'EXECUTE FUNCTION obligation.record(%L)', row.name, row.key);
    END LOOP;
END
$$;

-- The second fence (0008_people.sql). Who says for a unit that there is nothing to report, or that a
-- report was handed over elsewhere: who answers for its books; for whom they do them, too.
CREATE FUNCTION people.declares(of_unit bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN people.my_role() NOT IN ('supervisor', 'head', 'treasurer', 'service-head') THEN false
        WHEN of_unit = ANY (people.kept_units()) THEN true
        ELSE people.my_role() IN ('treasurer', 'service-head')
             AND EXISTS (SELECT FROM registry.service s
                         WHERE s.unit = of_unit AND s.provider = ANY (people.kept_units())
                           AND daterange(s.valid_from, s.valid_to, '[]') @> registry.today())
        END
$$;
-- Who lets a unit off a form: a JST its own units, off what nobody but its zarząd gets, not even a
-- copy; the operator any.
CREATE FUNCTION people.exempts(of_unit bigint, of_form text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE people.my_role()
        WHEN 'operator' THEN true
        WHEN 'supervisor' THEN EXISTS (
            SELECT FROM registry.unit u
            WHERE u.unit = of_unit AND u.parent = ANY (people.kept_units())
              AND NOT EXISTS (SELECT FROM obligation.term t
                              JOIN obligation.matter m ON m.matter = t.matter
                              WHERE m.form = of_form AND t.kind = u.kind
                                AND (t.recipient <> 'zarzad-jst' OR t.copies <> '')))
        ELSE false END
$$;
REVOKE ALL ON FUNCTION people.declares(bigint), people.exempts(bigint, text) FROM PUBLIC;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['internal_due', 'revocation'] LOOP
        EXECUTE format('ALTER TABLE obligation.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE obligation.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON obligation.%I TO brama_owner USING (true) '
                       'WITH CHECK (true)', name);
    END LOOP;
END
$$;
CREATE POLICY seen ON obligation.revocation FOR SELECT TO brama_reader USING (true);

CREATE POLICY known ON obligation.duty FOR SELECT TO brama_desk
    USING (unit = ANY ((SELECT registry.seen_units())::bigint[])
           OR (SELECT people.my_role()) = 'operator');
CREATE POLICY known ON obligation.exemption FOR SELECT TO brama_desk
    USING (unit = ANY ((SELECT registry.seen_units())::bigint[])
           OR (SELECT people.my_role()) = 'operator');
CREATE POLICY known ON obligation.nothing_to_report FOR SELECT TO brama_desk
    USING (EXISTS (SELECT FROM obligation.duty d WHERE d.duty = nothing_to_report.duty));
CREATE POLICY known ON obligation.filed_elsewhere FOR SELECT TO brama_desk
    USING (EXISTS (SELECT FROM obligation.duty d WHERE d.duty = filed_elsewhere.duty));
-- What a JST has set is known to the units that it is for.
CREATE POLICY known ON obligation.internal_due FOR SELECT TO brama_desk
    USING (unit = ANY ((SELECT registry.seen_units())::bigint[])
           OR (SELECT people.my_role()) = 'operator'
           OR EXISTS (SELECT FROM obligation.duty d
                      WHERE d.unit = ANY ((SELECT registry.seen_units())::bigint[])
                        AND d.jst = internal_due.unit));
CREATE POLICY known ON obligation.revocation FOR SELECT TO brama_desk
    USING (CASE what
           WHEN 'exemption' THEN EXISTS (SELECT FROM obligation.exemption e
                                         WHERE e.exemption = number)
           WHEN 'nothing' THEN EXISTS (SELECT FROM obligation.nothing_to_report n
                                       WHERE n.nothing = number)
           WHEN 'elsewhere' THEN EXISTS (SELECT FROM obligation.filed_elsewhere f
                                         WHERE f.elsewhere = number)
           ELSE true END);

CREATE POLICY entered ON obligation.exemption FOR INSERT TO brama_desk
    WITH CHECK (entered_by = people.me()::text AND people.exempts(unit, form));
CREATE POLICY entered ON obligation.nothing_to_report FOR INSERT TO brama_desk
    WITH CHECK (entered_by = people.me()::text
                AND EXISTS (SELECT FROM obligation.duty d
                            WHERE d.duty = nothing_to_report.duty AND people.declares(d.unit)));
CREATE POLICY entered ON obligation.filed_elsewhere FOR INSERT TO brama_desk
    WITH CHECK (entered_by = people.me()::text
                AND EXISTS (SELECT FROM obligation.duty d
                            WHERE d.duty = filed_elsewhere.duty AND people.declares(d.unit)));
CREATE POLICY entered ON obligation.internal_due FOR INSERT TO brama_desk
    WITH CHECK (entered_by = people.me()::text AND people.my_role() = 'supervisor'
                AND unit = ANY (people.kept_units()));
CREATE POLICY entered ON obligation.revocation FOR INSERT TO brama_desk
    WITH CHECK (entered_by = people.me()::text
                AND CASE what
                    WHEN 'exemption' THEN EXISTS (
                        SELECT FROM obligation.exemption e
                        WHERE e.exemption = number AND people.exempts(e.unit, e.form))
                    WHEN 'nothing' THEN EXISTS (
                        SELECT FROM obligation.nothing_to_report n
                        JOIN obligation.duty d ON d.duty = n.duty
                        WHERE n.nothing = number AND people.declares(d.unit))
                    WHEN 'elsewhere' THEN EXISTS (
                        SELECT FROM obligation.filed_elsewhere f
                        JOIN obligation.duty d ON d.duty = f.duty
                        WHERE f.elsewhere = number AND people.declares(d.unit))
                    ELSE false END);

GRANT USAGE ON SCHEMA obligation TO brama_desk;
GRANT SELECT ON obligation.matter, obligation.term, obligation.way, obligation.duty,
    obligation.exemption, obligation.nothing_to_report, obligation.filed_elsewhere,
    obligation.internal_due, obligation.outage, obligation.revocation, obligation.entry TO brama_desk;
GRANT INSERT (unit, form, first_end, last_end, basis, entered_by) ON obligation.exemption
    TO brama_desk;
GRANT INSERT (duty, declared_at, basis, entered_by) ON obligation.nothing_to_report TO brama_desk;
GRANT INSERT (duty, filed_on, place, basis, entered_by) ON obligation.filed_elsewhere TO brama_desk;
GRANT INSERT (unit, form, period, due_on, basis, entered_by) ON obligation.internal_due
    TO brama_desk;
GRANT INSERT (what, number, basis, entered_by) ON obligation.revocation TO brama_desk;
GRANT SELECT ON obligation.entry TO brama_admin;
GRANT EXECUTE ON FUNCTION obligation.author(text) TO brama_desk, brama_admin;
GRANT EXECUTE ON FUNCTION people.declares(bigint), people.exempts(bigint, text),
    obligation.apply(bigint[]), obligation.standing(timestamptz),
    obligation.state(timestamptz, timestamptz, timestamptz, boolean, boolean, timestamptz,
    timestamptz) TO brama_desk;

-- ---------------------------------------------------------------------------------------------
-- webhooks, by whoever keeps a unit's tokens
-- ---------------------------------------------------------------------------------------------

ALTER TABLE courier.endpoint ADD COLUMN secret_since timestamptz; -- of its newest secret; NULL: none

-- What messages are signed with beside the gateway's own key, for whoever checks `v1` (HMAC-SHA256)
-- alone. It cannot be a digest: the courier signs with it, and nobody else reads it. The one before
-- the newest lives on for a day, so that a receiver may change it in between.
CREATE TABLE courier.secret (
    endpoint   bigint NOT NULL REFERENCES courier.endpoint,
    secret     bytea NOT NULL CHECK (length(secret) = 32),
    since      timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);
CREATE INDEX secret_endpoint ON courier.secret (endpoint);

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['endpoint', 'delivery', 'attempt', 'secret'] LOOP
        EXECUTE format('ALTER TABLE courier.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE courier.%I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON courier.%I TO brama_owner USING (true) '
                       'WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY carried ON courier.%I TO brama_courier USING (true) '
                       'WITH CHECK (true)', name);
    END LOOP;
END
$$;
CREATE POLICY kept ON courier.endpoint TO brama_desk
    USING (unit = ANY (people.kept_units())) WITH CHECK (unit = ANY (people.kept_units()));
CREATE POLICY kept ON courier.delivery TO brama_desk
    USING (EXISTS (SELECT FROM courier.endpoint e WHERE e.endpoint = delivery.endpoint));
CREATE POLICY kept ON courier.attempt FOR SELECT TO brama_desk
    USING (EXISTS (SELECT FROM courier.delivery d WHERE d.delivery = attempt.delivery));
CREATE POLICY kept ON courier.secret TO brama_desk
    USING (EXISTS (SELECT FROM courier.endpoint e WHERE e.endpoint = secret.endpoint));

-- An address often bears a secret of the receiver's; the trail, which stays for ever, has its host.
ALTER TABLE courier.endpoint ADD COLUMN host text GENERATED ALWAYS AS (
    substring(url FROM '^https://(?:[^/?#]*@)?(\[[^]]*\]|[^/?#:]*)')) STORED;
CREATE TRIGGER audit_insert AFTER INSERT ON courier.endpoint REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('endpoint', '{url}', '{}');
CREATE TRIGGER audit_update AFTER UPDATE ON courier.endpoint
    REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('endpoint', '{url}', '{}');

GRANT USAGE ON SCHEMA courier TO brama_desk;
GRANT SELECT ON courier.endpoint, courier.delivery, courier.attempt, courier.signing_key
    TO brama_desk;
GRANT INSERT (unit, url, events, label, secret_since) ON courier.endpoint TO brama_desk;
GRANT UPDATE (disabled_at, reason, removed_at, secret_since) ON courier.endpoint TO brama_desk;
GRANT UPDATE (state, attempts, next_at, ended_at) ON courier.delivery TO brama_desk;
GRANT SELECT (endpoint, since, expires_at), INSERT (endpoint, secret), UPDATE (expires_at)
    ON courier.secret TO brama_desk;
GRANT SELECT, DELETE ON courier.secret TO brama_courier; -- what lives no more goes

-- ---------------------------------------------------------------------------------------------
-- what happens to a JST's own units
-- ---------------------------------------------------------------------------------------------

-- How often a unit, its services and its successors were changed: what ETag says.
CREATE FUNCTION registry.revision_of(which bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT 1 + count(*) FROM registry.change c WHERE c.unit = which
$$;
REVOKE ALL ON FUNCTION registry.revision_of(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.revision_of(bigint) TO brama_desk;

GRANT UPDATE (nip, wk, pk, gk, gt, pt, type, kind, jop, parent) ON registry.unit TO brama_desk;

-- A unit and its successor are both the JST's own.
ALTER TABLE registry.succession ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.succession FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON registry.succession TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY everybody ON registry.succession FOR SELECT TO brama_reader, brama_desk USING (true);
CREATE POLICY entered ON registry.succession FOR INSERT TO brama_desk
    WITH CHECK (2 = (SELECT count(*) FROM registry.unit u
                     WHERE u.unit IN (predecessor, successor)
                       AND people.keeps_unit(u.unit, u.parent)));
GRANT INSERT (predecessor, successor, kind, day, basis) ON registry.succession TO brama_desk;

-- The codes of a unit are those of its JST, whoever writes them.
CREATE FUNCTION registry.check_codes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF session_user = 'brama_desk' THEN
        RAISE EXCEPTION 'codes of a unit are not changed at the desk' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER codes BEFORE UPDATE ON registry.unit FOR EACH ROW
    WHEN ((OLD.wk, OLD.pk, OLD.gk, OLD.gt, OLD.pt) IS DISTINCT FROM
          (NEW.wk, NEW.pk, NEW.gk, NEW.gt, NEW.pt))
    EXECUTE FUNCTION registry.check_codes();

-- ---------------------------------------------------------------------------------------------
-- a new authenticator, and who has lost everything
-- ---------------------------------------------------------------------------------------------

-- A new authenticator that waits for its first code; until that comes, the one before is good.
CREATE TABLE people.offered_authenticator (
    person     uuid PRIMARY KEY REFERENCES people.person,
    totp       bytea NOT NULL CHECK (length(totp) = 20),
    codes      bytea[] NOT NULL,
    offered_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE people.offered_authenticator ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.offered_authenticator FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON people.offered_authenticator TO brama_owner USING (true) WITH CHECK (true);

-- Of the person who entered, and who has just shown their password and a code.
CREATE FUNCTION people.offer_authenticator(new_totp bytea, new_codes bytea[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO people.offered_authenticator (person, totp, codes)
    VALUES (people.me(), new_totp, new_codes)
    ON CONFLICT (person) DO UPDATE SET totp = new_totp, codes = new_codes, offered_at = now()
$$;
-- NULL: none waits, or not any more.
CREATE FUNCTION people.offered_totp() RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT o.totp FROM people.offered_authenticator o
    WHERE o.person = people.me() AND o.offered_at > now() - interval '15 minutes'
$$;
-- Its code of this step was shown: it is the one from here on, and that code is used up.
CREATE FUNCTION people.take_authenticator(kept bytea, shown bytea, step bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    o people.offered_authenticator;
BEGIN
    DELETE FROM people.offered_authenticator t WHERE t.person = people.me() AND t.totp = shown
    RETURNING * INTO o;
    IF o.person IS NULL THEN
        RETURN false;
    END IF;
    UPDATE people.secret s SET totp = o.totp, totp_step = step WHERE s.person = o.person;
    DELETE FROM people.recovery_code c WHERE c.person = o.person;
    INSERT INTO people.recovery_code (person, digest) SELECT o.person, c FROM unnest(o.codes) c;
    PERFORM people.end_other_sessions(o.person, kept);
    RETURN true;
END
$$;
DROP FUNCTION people.change_authenticator(bytea, bytea, bytea[]);

-- What was offered dies with the secrets that it was offered beside.
CREATE FUNCTION people.forget_offer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM people.offered_authenticator o WHERE o.person = NEW.person;
    RETURN NULL;
END
$$;
CREATE TRIGGER forgets AFTER UPDATE ON people.secret FOR EACH ROW
    WHEN ((OLD.password, OLD.totp) IS DISTINCT FROM (NEW.password, NEW.totp))
    EXECUTE FUNCTION people.forget_offer();

-- The operator helps whom nobody at the desk may help: somebody with roles in several JST who has
-- lost everything. Who and why stay with the link, and in the trail.
ALTER TABLE people.restoration
    ADD COLUMN operator text CHECK (btrim(operator) <> ''),
    ADD COLUMN reason text CHECK (btrim(reason) <> '' AND length(reason) <= 1000),
    ADD CHECK ((operator IS NULL) = (reason IS NULL)),
    ADD CHECK (operator IS NULL OR made_by IS NULL);
-- False: there is nobody who has signed in with this address before.
CREATE FUNCTION people.restore_by_operator(address text, hash bytea, until timestamptz,
                                           by_operator text, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    whose uuid;
BEGIN
    SELECT p.person INTO whose FROM people.person p
    WHERE p.email = address AND p.closed_at IS NULL AND p.confirmed_at IS NOT NULL;
    IF whose IS NULL THEN
        RETURN false;
    END IF;
    UPDATE people.restoration r SET expires_at = now()
    WHERE r.person = whose AND r.used_at IS NULL AND r.expires_at > now();
    INSERT INTO people.restoration (digest, person, expires_at, operator, reason)
    VALUES (hash, whose, until, by_operator, why);
    RETURN true;
END
$$;

DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOREACH routine IN ARRAY ARRAY['people.offer_authenticator(bytea, bytea[])',
                                   'people.offered_totp()',
                                   'people.take_authenticator(bytea, bytea, bigint)']::regprocedure[]
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO brama_desk', routine);
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION people.forget_offer(),
    people.restore_by_operator(text, bytea, timestamptz, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.restore_by_operator(text, bytea, timestamptz, text, text)
    TO brama_admin;

-- ---------------------------------------------------------------------------------------------
-- programs that keep a JST's units
-- ---------------------------------------------------------------------------------------------

-- The desk's way in for a program: a token with registry:write acts as the appointment in which it
-- was made, at that appointment's own unit. Standing: 0 it does, 1 it is over, 2 it was revoked, 3 it
-- opens nothing here. No row: there is no such token; then and otherwise nothing is seen.
CREATE FUNCTION people.enter_program(hash bytea)
RETURNS TABLE (standing integer, credential bigint, person uuid, appointment uuid, role text,
               unit bigint, place text, regon text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    c    registry.credential;
    a    people.appointment;
    said integer;
BEGIN
    PERFORM people.act_as(NULL, NULL);
    SELECT * INTO c FROM registry.credential t WHERE NOT t.is_certificate AND t.digest = hash;
    IF c.credential IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO a FROM people.appointment t WHERE t.appointment = c.made_in;
    said := CASE WHEN c.revoked_at IS NOT NULL
                   OR (c.made_in IS NOT NULL AND NOT people.holds(c.made_in)) THEN 2
                 WHEN c.expires_at <= now() THEN 1
                 WHEN c.scopes & 8 = 0 OR a.unit IS DISTINCT FROM c.unit OR c.unit IS NULL THEN 3
                 ELSE 0 END;
    IF said = 0 THEN
        PERFORM people.act_as(a.person, a.appointment);
        UPDATE registry.credential t SET last_used_at = now()
        WHERE t.credential = c.credential
          AND (t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute');
    END IF;
    RETURN QUERY
    SELECT said, c.credential, a.person, a.appointment, a.role, c.unit, u.name, u.regon
    FROM (SELECT 1) one LEFT JOIN registry.unit u ON u.unit = c.unit;
END
$$;
REVOKE ALL ON FUNCTION people.enter_program(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people.enter_program(bytea) TO brama_desk;

-- There is nothing that review:* opens, so that nobody gets it; registry:write has whoever keeps
-- units, for the unit in whose name they act.
CREATE POLICY scoped ON registry.credential AS RESTRICTIVE FOR INSERT TO brama_desk
    WITH CHECK (scopes & 16 = 0
                AND (scopes & 8 = 0
                     OR (people.my_role() = 'supervisor'
                         AND EXISTS (SELECT FROM people.appointment a
                                     WHERE a.appointment = people.my_appointment()
                                       AND a.unit = credential.unit))));
