-- People: who they are, how they prove it, what they were appointed to, and the trail of what they
-- changed. Days of appointments are the gateway's own (TEST may be set ahead); sessions,
-- invitations and tokens end by the machine's clock.

CREATE SCHEMA people;

-- What a person can be. What each may do stands in gateway/people/permission.def.
CREATE TABLE people.role (
    role      text PRIMARY KEY,
    title     text NOT NULL,
    held_at   text NOT NULL CHECK (held_at IN ('unit', 'office', 'gateway')),
    delegable boolean NOT NULL,
    UNIQUE (role, held_at)
);
INSERT INTO people.role (role, title, held_at, delegable) VALUES
    ('sender', 'nadawca', 'unit', false),
    ('head', 'kierownik jednostki', 'unit', true),
    ('treasurer', 'główny księgowy albo skarbnik', 'unit', true),
    ('service-head', 'kierownik jednostki obsługującej', 'unit', true),
    ('supervisor', 'administrator JST', 'unit', true),
    ('reviewer', 'pracownik odbiorcy sprawozdań', 'office', true),
    ('rule-owner', 'właściciel reguł', 'office', false),
    ('operator', 'operator bramy', 'gateway', false),
    ('auditor', 'audytor', 'gateway', false);

-- No PESEL, no date of birth: an e-mail address and a name.
CREATE TABLE people.person (
    person       uuid PRIMARY KEY,
    email        text NOT NULL UNIQUE
                 CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254
                        AND email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
    name         text NOT NULL
                 CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 200
                        AND name !~ '[[:cntrl:]]'),
    created_at   timestamptz NOT NULL DEFAULT now(),
    confirmed_at timestamptz,                   -- of the first sign-in
    closed_at    timestamptz,
    revision     integer NOT NULL DEFAULT 1     -- what ETag says
);

-- How a person proves who they are, one row each. The secret of the second factor cannot be a
-- digest: whoever reads this table can compute codes, but no password. No role but the owner reads
-- it; functions below give it for one sign-in.
CREATE TABLE people.secret (
    person      uuid PRIMARY KEY REFERENCES people.person,
    password    text NOT NULL CHECK (password LIKE '$argon2id$%'), -- with its parameters
    password_at timestamptz NOT NULL DEFAULT now(),
    totp        bytea NOT NULL CHECK (length(totp) = 20),
    totp_step   bigint NOT NULL DEFAULT 0       -- the newest that was used; none is used twice
);
CREATE TABLE people.recovery_code (
    person  uuid NOT NULL REFERENCES people.person,
    digest  bytea NOT NULL CHECK (length(digest) = 32),
    used_at timestamptz,
    PRIMARY KEY (person, digest)
);
-- What another provider of identities calls a person, as SHA-256: of a certificate's public key
-- (SPKI), of the identifier in an assertion.
CREATE TABLE people.identity (
    provider   text NOT NULL CHECK (provider <> ''),
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    person     uuid NOT NULL REFERENCES people.person,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    PRIMARY KEY (provider, digest)
);

-- Sign-ins that failed, by account and network address, so that nobody is locked out by somebody
-- elsewhere. The account is the SHA-256 of what was typed, whether or not there is such a person.
-- Without an address: wrong codes after the right password, from anywhere.
CREATE TABLE people.attempt (
    account  bytea NOT NULL CHECK (length(account) = 32),
    address  bytea NOT NULL CHECK (length(address) IN (0, 32)),
    failures integer NOT NULL,
    last_at  timestamptz NOT NULL,
    PRIMARY KEY (account, address)
);
CREATE INDEX attempt_old ON people.attempt (last_at);

-- That a person has a role at a unit or an office, or for the gateway as a whole.
CREATE TABLE people.appointment (
    appointment uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person      uuid NOT NULL REFERENCES people.person,
    role        text NOT NULL,
    unit        bigint REFERENCES registry.unit,
    office      text REFERENCES registry.office,
    held_at     text NOT NULL GENERATED ALWAYS AS
                (CASE WHEN unit IS NOT NULL THEN 'unit' WHEN office IS NOT NULL THEN 'office'
                 ELSE 'gateway' END) STORED,
    valid_from  date NOT NULL,
    valid_to    date,
    delegator   uuid REFERENCES people.appointment, -- whose stand-in this is
    basis       text NOT NULL DEFAULT '',           -- of a delegation: the named authorisation
    made_by     uuid REFERENCES people.person,      -- NULL: by the operator, at the machine
    made_at     timestamptz NOT NULL DEFAULT now(),
    ended_at    timestamptz,                        -- at once, whatever valid_to says
    revision    integer NOT NULL DEFAULT 1,
    FOREIGN KEY (role, held_at) REFERENCES people.role (role, held_at),
    CHECK (num_nonnulls(unit, office) <= 1),
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK (delegator IS NULL OR (valid_to IS NOT NULL AND btrim(basis) <> '')),
    CHECK (length(basis) <= 500),
    EXCLUDE USING gist (person WITH =, role WITH =, coalesce(unit, 0) WITH =,
                        coalesce(office, '') WITH =,
                        daterange(valid_from, valid_to, '[]') WITH &&) WHERE (ended_at IS NULL)
);
CREATE INDEX appointment_person ON people.appointment (person);
CREATE INDEX appointment_unit ON people.appointment (unit);
CREATE INDEX appointment_office ON people.appointment (office);
CREATE INDEX appointment_delegator ON people.appointment (delegator) WHERE delegator IS NOT NULL;

-- A delegation stands on an appointment of somebody else to the same role and place, within its
-- days, and is not passed on.
CREATE FUNCTION people.check_delegation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    giver people.appointment;
BEGIN
    SELECT * INTO giver FROM people.appointment a WHERE a.appointment = NEW.delegator;
    IF giver.delegator IS NOT NULL OR giver.ended_at IS NOT NULL OR giver.person = NEW.person
       OR (giver.role, giver.unit, giver.office)
           IS DISTINCT FROM (NEW.role, NEW.unit, NEW.office)
       OR NEW.valid_from < giver.valid_from
       OR NEW.valid_to > coalesce(giver.valid_to, 'infinity'::date)
       OR NOT (SELECT r.delegable FROM people.role r WHERE r.role = NEW.role) THEN
        RAISE EXCEPTION 'this is no delegation of that appointment' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER delegation BEFORE INSERT ON people.appointment FOR EACH ROW
    WHEN (NEW.delegator IS NOT NULL) EXECUTE FUNCTION people.check_delegation();

-- Who, what, where and from when never changes: an appointment is ended, and another made. What
-- ended stays ended.
CREATE FUNCTION people.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% does not change so', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON people.appointment FOR EACH ROW
    WHEN ((OLD.appointment, OLD.person, OLD.role, OLD.unit, OLD.office, OLD.valid_from,
           OLD.delegator, OLD.made_at)
          IS DISTINCT FROM (NEW.appointment, NEW.person, NEW.role, NEW.unit, NEW.office,
                            NEW.valid_from, NEW.delegator, NEW.made_at)
          OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
          OR NEW.valid_to > OLD.valid_to OR (NEW.valid_to IS NULL AND OLD.valid_to IS NOT NULL))
    EXECUTE FUNCTION people.refuse_change();

-- Whether an appointment holds today: a delegation only while what it stands on does. In plpgsql,
-- because it keeps its plan.
CREATE FUNCTION people.holds(which uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN (SELECT coalesce(bool_and(a.ended_at IS NULL AND p.closed_at IS NULL
                                     AND daterange(a.valid_from, a.valid_to, '[]')
                                         @> registry.today()), false)
            FROM people.appointment a JOIN people.person p USING (person)
            WHERE a.appointment IN (SELECT which UNION ALL
                                    SELECT d.delegator FROM people.appointment d
                                    WHERE d.appointment = which));
END
$$;

-- An invitation is a link that somebody was sent: it works once, until it expires. Only the digest
-- of what stands in the link is kept.
CREATE TABLE people.invitation (
    invitation uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    digest     bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    email      text NOT NULL
               CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254
                      AND email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
    name       text NOT NULL
               CHECK (name = btrim(name) AND length(name) BETWEEN 1 AND 200
                      AND name !~ '[[:cntrl:]]'),
    role       text NOT NULL,
    unit       bigint REFERENCES registry.unit,
    office     text REFERENCES registry.office,
    held_at    text NOT NULL GENERATED ALWAYS AS
               (CASE WHEN unit IS NOT NULL THEN 'unit' WHEN office IS NOT NULL THEN 'office'
                ELSE 'gateway' END) STORED,
    valid_from date NOT NULL,
    valid_to   date,
    delegator  uuid REFERENCES people.appointment,
    basis      text NOT NULL DEFAULT '',
    made_by    uuid REFERENCES people.person,
    made_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    revoked_at timestamptz,
    FOREIGN KEY (role, held_at) REFERENCES people.role (role, held_at),
    CHECK (num_nonnulls(unit, office) <= 1),
    CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CHECK (expires_at <= made_at + interval '14 days'),
    CHECK (num_nonnulls(accepted_at, revoked_at) <= 1),
    CHECK (delegator IS NULL OR (valid_to IS NOT NULL AND btrim(basis) <> ''))
);
CREATE INDEX invitation_unit ON people.invitation (unit);
CREATE TRIGGER guard BEFORE UPDATE ON people.invitation FOR EACH ROW
    WHEN ((OLD.invitation, OLD.digest, OLD.email, OLD.role, OLD.unit, OLD.office, OLD.expires_at)
          IS DISTINCT FROM (NEW.invitation, NEW.digest, NEW.email, NEW.role, NEW.unit, NEW.office,
                            NEW.expires_at)
          OR OLD.accepted_at IS NOT NULL OR OLD.revoked_at IS NOT NULL)
    EXECUTE FUNCTION people.refuse_change();

-- A session acts in one appointment at a time: nobody acts for two units at once. Its digest
-- changes with the appointment, its end never.
CREATE TABLE people.session (
    session     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest      bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    person      uuid NOT NULL REFERENCES people.person,
    appointment uuid REFERENCES people.appointment, -- NULL: none yet
    provider    text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL CHECK (expires_at <= started_at + interval '12 hours'),
    ended_at    timestamptz
);
CREATE INDEX session_person ON people.session (person) WHERE ended_at IS NULL;

-- Tokens and certificates: of a unit, or of an office; made by a person in an appointment, and gone
-- with it, or by the operator at the machine.
ALTER TABLE registry.credential
    ALTER COLUMN unit DROP NOT NULL,
    ADD COLUMN office text REFERENCES registry.office,
    ADD COLUMN made_in uuid REFERENCES people.appointment, -- works while that holds
    ADD CHECK (num_nonnulls(unit, office) = 1),
    ADD CHECK (unit IS NOT NULL OR scopes & 1 = 0), -- an office files nothing
    ADD CHECK (made_in IS NULL OR expires_at <= created_at + interval '366 days');
COMMENT ON COLUMN registry.credential.scopes IS
    '1 submissions:write, 2 submissions:read, 4 obligations:read, 8 registry:write, 16 review:*';
CREATE INDEX credential_unit ON registry.credential (unit);

-- Who changed what, when, acting as whom: one row for every row that changed, written by triggers,
-- so that no change can forget it. Names of columns and their new values, never a secret. Units
-- have a trail of their own, registry.change; its `operator` is then a person of this schema.
CREATE TABLE people.audit (
    entry       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    person      uuid,                  -- NULL: nobody signed in, see program
    appointment uuid,
    program     text NOT NULL,         -- role of the database that wrote: 'brama_desk'
    act         text NOT NULL,         -- 'insert', 'update', 'sign-in', 'sign-in-refused', ...
    object_kind text NOT NULL,         -- 'people.appointment'
    object      text NOT NULL,
    unit        bigint,
    office      text,
    detail      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_unit ON people.audit (unit, entry DESC);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON people.audit
    FOR EACH ROW EXECUTE FUNCTION people.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON people.audit
    FOR EACH STATEMENT EXECUTE FUNCTION people.refuse_change();

-- Table, its key, what is recorded without its value, what is not worth a record.
DO $$
DECLARE
    row record;
BEGIN
    EXECUTE $function$
CREATE FUNCTION people.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $body$
DECLARE
    key     text := TG_ARGV[0];
    hidden  text[] := TG_ARGV[1]::text[];
    dull    text[] := TG_ARGV[2]::text[];
    who     uuid := nullif(current_setting('brama.person', true), '')::uuid;
    acting  uuid := nullif(current_setting('brama.appointment', true), '')::uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO people.audit (person, appointment, program, act, object_kind, object, unit,
                                  office, detail)
        SELECT who, acting, session_user, 'insert', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
               n.j ->> key, (n.j ->> 'unit')::bigint, n.j ->> 'office',
               jsonb_strip_nulls(n.j - hidden - dull)
        FROM (SELECT to_jsonb(t) FROM after_rows t) n (j);
    ELSE
        INSERT INTO people.audit (person, appointment, program, act, object_kind, object, unit,
                                  office, detail)
        SELECT who, acting, session_user, 'update', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
               n.j ->> key, (n.j ->> 'unit')::bigint, n.j ->> 'office', c.detail
        FROM (SELECT to_jsonb(t) FROM before_rows t) o (j)
        JOIN (SELECT to_jsonb(t) FROM after_rows t) n (j) ON n.j ->> key = o.j ->> key
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(e.key, CASE WHEN e.key = ANY (hidden) THEN '"***"'::jsonb
                                                ELSE e.value END)
            FROM jsonb_each(n.j) e
            WHERE o.j -> e.key IS DISTINCT FROM e.value AND NOT e.key = ANY (dull)) c (detail)
        WHERE c.detail IS NOT NULL;
    END IF;
    RETURN NULL;
END
$body$
    $function$;
    FOR row IN SELECT * FROM (VALUES
        ('people.person', 'person', '{email,name}', '{revision}'),
        ('people.secret', 'person', '{password,totp}', '{totp_step}'),
        ('people.identity', 'person', '{digest}', '{}'),
        ('people.appointment', 'appointment', '{}', '{revision,held_at}'),
        ('people.invitation', 'invitation', '{digest,email,name}', '{held_at}'),
        ('registry.credential', 'credential', '{digest}', '{last_used_at}'),
        ('registry.setting', 'environment', '{}', '{}')) AS t (name, key, hidden, dull) LOOP
        EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS '
                       'after_rows FOR EACH STATEMENT EXECUTE FUNCTION people.record(%L, %L, %L)',
                       row.name, row.key, row.hidden, row.dull);
        EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS '
                       'before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION '
                       'people.record(%L, %L, %L)', row.name, row.key, row.hidden, row.dull);
    END LOOP;
END
$$;

-- What has no row of its own to change: a sign-in, its refusal, a sign-out.
CREATE FUNCTION people.note(act text, object_kind text, object text, detail jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO people.audit (person, appointment, program, act, object_kind, object, detail)
    VALUES (nullif(current_setting('brama.person', true), '')::uuid,
            nullif(current_setting('brama.appointment', true), '')::uuid,
            session_user, act, object_kind, object, detail)
$$;

-- ---------------------------------------------------------------------------------------------
-- who is asking, and what follows from it for the current transaction
-- ---------------------------------------------------------------------------------------------

CREATE FUNCTION people.me() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('brama.person', true), '')::uuid
$$;
CREATE FUNCTION people.my_appointment() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('brama.appointment', true), '')::uuid
$$;
CREATE FUNCTION people.my_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('brama.role', true), '')
$$;
-- Units whose people, tokens and entries in the registry the asking person keeps.
CREATE FUNCTION people.kept_units() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('brama.kept', true), ''), '{}')::bigint[]
$$;

-- For nobody (NULL) nothing is seen and nothing kept.
CREATE FUNCTION people.act_as(who uuid, which uuid) RETURNS void
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
            kept := registry.below(a.unit);
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

-- The desk's way in: the session of this digest, if it lives. No row: nobody is signed in, and
-- nothing is seen.
CREATE FUNCTION people.enter(hash bytea)
RETURNS TABLE (session bigint, person uuid, email text, name text, provider text,
               expires_at timestamptz, appointment uuid, role text, unit bigint, office text,
               place text, regon text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    s people.session;
BEGIN
    SELECT t.* INTO s FROM people.session t JOIN people.person p USING (person)
    WHERE t.digest = hash AND t.ended_at IS NULL AND t.expires_at > now()
      AND t.seen_at > now() - interval '30 minutes' AND p.closed_at IS NULL;
    PERFORM people.act_as(s.person, s.appointment);
    IF s.session IS NULL THEN
        RETURN;
    END IF;
    UPDATE people.session t SET seen_at = now()
    WHERE t.session = s.session AND t.seen_at < now() - interval '1 minute';
    RETURN QUERY
    SELECT s.session, p.person, p.email, p.name, s.provider, s.expires_at, a.appointment,
           a.role, a.unit, a.office, coalesce(u.name, o.title), u.regon
    FROM people.person p
    LEFT JOIN people.appointment a ON a.appointment = people.my_appointment()
    LEFT JOIN registry.unit u ON u.unit = a.unit
    LEFT JOIN registry.office o ON o.office = a.office
    WHERE p.person = s.person;
END
$$;

-- How a place (a unit, or an office) stands to the appointment of the asking person: the relation
-- of the table of permissions. What is not there and what is not of any place are both 'none'.
CREATE FUNCTION people.relation(of_unit bigint, of_office text) RETURNS text
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
    path := registry.path(of_unit);
    mine := registry.path(a.unit);
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

-- ---------------------------------------------------------------------------------------------
-- signing in
-- ---------------------------------------------------------------------------------------------

-- Five tries are free; then one must wait, twice as long each time, a quarter of an hour at most.
CREATE FUNCTION people.pause(failures integer) RETURNS interval
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN failures < 5 THEN interval '0'
                ELSE least(interval '15 minutes', interval '30 s' * power(2, least(failures, 20) - 5))
           END
$$;

-- Before a secret is looked at: 0, and the try counts as failed until people.forgive; or how many
-- seconds to wait, and nothing is counted. Counted first, so that many tries at once gain nothing.
CREATE FUNCTION people.try(which bytea, whence bytea) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    wait interval;
BEGIN
    DELETE FROM people.attempt a WHERE a.last_at < now() - interval '1 day';
    INSERT INTO people.attempt AS a (account, address, failures, last_at)
    VALUES (which, whence, 1, clock_timestamp())
    ON CONFLICT (account, address) DO UPDATE
        SET failures = a.failures + 1, last_at = clock_timestamp()
        WHERE a.last_at + people.pause(a.failures) <= clock_timestamp();
    IF FOUND THEN
        RETURN 0;
    END IF;
    SELECT a.last_at + people.pause(a.failures) - clock_timestamp() INTO wait
    FROM people.attempt a WHERE a.account = which AND a.address = whence;
    RETURN greatest(1, ceil(extract(epoch FROM wait)))::integer;
END
$$;
CREATE FUNCTION people.forgive(which bytea, whence bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM people.attempt a WHERE a.account = which AND a.address = whence
$$;

-- What the password and the code of an account are compared with. No row: there is none, or it is
-- closed, and who asks must take as long over it.
CREATE FUNCTION people.account(wanted text)
RETURNS TABLE (person uuid, password text, totp bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT p.person, s.password, s.totp
    FROM people.person p JOIN people.secret s USING (person)
    WHERE p.email = wanted AND p.closed_at IS NULL;
END
$$;

-- A code of a step is good once: false for one that is not newer than the newest used.
CREATE FUNCTION people.use_step(who uuid, step bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE people.secret s SET totp_step = step WHERE s.person = who AND s.totp_step < step;
    RETURN FOUND;
END
$$;
CREATE FUNCTION people.use_recovery_code(who uuid, hash bytea) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE people.recovery_code c SET used_at = now()
    WHERE c.person = who AND c.digest = hash AND c.used_at IS NULL;
    RETURN FOUND;
END
$$;

-- A new hash of the same password, with today's parameters.
CREATE FUNCTION people.rehash(who uuid, old text, new text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    UPDATE people.secret s SET password = new WHERE s.person = who AND s.password = old
$$;

-- Who another provider's name is: of a certificate's key, of an assertion.
CREATE FUNCTION people.identified(by_provider text, hash bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT i.person FROM people.identity i JOIN people.person p USING (person)
    WHERE i.provider = by_provider AND i.digest = hash AND i.revoked_at IS NULL
      AND p.closed_at IS NULL
$$;

-- A person who has proved who they are: a session, acting in the one appointment that holds today;
-- of several they choose (people.turn).
CREATE FUNCTION people.open_session(who uuid, hash bytea, by_provider text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    held uuid[];
BEGIN
    PERFORM people.act_as(who, NULL);
    SELECT array_agg(a.appointment) INTO held FROM people.appointment a
    WHERE a.person = who AND people.holds(a.appointment);
    INSERT INTO people.session (digest, person, appointment, provider, expires_at)
    VALUES (hash, who, CASE WHEN cardinality(held) = 1 THEN held[1] END, by_provider,
            now() + interval '12 hours');
    UPDATE people.person p SET confirmed_at = now()
    WHERE p.person = who AND p.confirmed_at IS NULL;
    PERFORM people.note('sign-in', 'people.person', who::text,
                        jsonb_build_object('provider', by_provider));
END
$$;

-- Act in another appointment (NULL: in none) under a new digest; the old one is nobody's from here
-- on. False: it is not theirs, or does not hold today.
CREATE FUNCTION people.turn(old bytea, new bytea, which uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF which IS NOT NULL
       AND NOT (people.holds(which) AND EXISTS (SELECT FROM people.appointment a
                                                WHERE a.appointment = which
                                                  AND a.person = people.me())) THEN
        RETURN false;
    END IF;
    UPDATE people.session s SET digest = new, appointment = which
    WHERE s.digest = old AND s.person = people.me() AND s.ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM people.act_as(people.me(), which);
    PERFORM people.note('turn', 'people.appointment', coalesce(which::text, ''), '{}');
    RETURN true;
END
$$;

CREATE FUNCTION people.close_session(hash bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE people.session s SET ended_at = now() WHERE s.digest = hash AND s.ended_at IS NULL;
    IF FOUND THEN
        PERFORM people.note('sign-out', 'people.person', coalesce(people.me()::text, ''), '{}');
    END IF;
END
$$;

-- Sessions are over when what they act in is over, before its day too: whoever had it signs in
-- again, as what they are now. The links that went out from it end with it.
CREATE FUNCTION people.end_with_appointment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    UPDATE people.session s SET ended_at = now()
    WHERE s.ended_at IS NULL
      AND s.appointment IN (SELECT a.appointment FROM people.appointment a
                            WHERE NEW.appointment IN (a.appointment, a.delegator));
    UPDATE people.invitation i SET revoked_at = now()
    WHERE i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.made_by = NEW.person
      AND (i.delegator = NEW.appointment
           OR (i.unit, i.office) IS NOT DISTINCT FROM (NEW.unit, NEW.office));
    RETURN NULL;
END
$$;
CREATE TRIGGER ends AFTER UPDATE ON people.appointment FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION people.end_with_appointment();

-- ---------------------------------------------------------------------------------------------
-- invitations
-- ---------------------------------------------------------------------------------------------

-- What the one who holds the link may know of it. No row: it was used, taken back, or is too old.
CREATE FUNCTION people.invited(hash bytea)
RETURNS TABLE (invitation uuid, email text, name text, role text, title text, place text,
               known boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.invitation, i.email, i.name, i.role, r.title, coalesce(u.name, o.title),
           EXISTS (SELECT FROM people.person p
                   WHERE p.email = i.email AND p.confirmed_at IS NOT NULL)
    FROM people.invitation i
    JOIN people.role r USING (role)
    LEFT JOIN registry.unit u ON u.unit = i.unit
    LEFT JOIN registry.office o ON o.office = i.office
    WHERE i.digest = hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL
      AND i.expires_at > now();
END
$$;

-- Use it: once. Somebody who has signed in before must be signed in now (people.me); anybody else
-- gets the person, the secrets and the appointment. NULL: it cannot be used (by this one).
CREATE FUNCTION people.accept(hash bytea, new_person uuid, new_password text, new_totp bytea,
                              codes bytea[]) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    i   people.invitation;
    p   people.person;
    made uuid;
BEGIN
    UPDATE people.invitation t SET accepted_at = now()
    WHERE t.digest = hash AND t.accepted_at IS NULL AND t.revoked_at IS NULL
      AND t.expires_at > now()
    RETURNING * INTO i;
    IF i.invitation IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO people.person (person, email, name) VALUES (new_person, i.email, i.name)
    ON CONFLICT (email) DO NOTHING;
    SELECT * INTO p FROM people.person t WHERE t.email = i.email FOR UPDATE;
    IF p.closed_at IS NOT NULL OR (p.confirmed_at IS NOT NULL)
       IS DISTINCT FROM (p.person IS NOT DISTINCT FROM people.me())
       OR (p.confirmed_at IS NULL AND new_password IS NULL) THEN
        RAISE EXCEPTION 'this invitation is not for who asks' USING ERRCODE = '42501';
    END IF;
    PERFORM people.act_as(p.person, NULL);
    IF p.confirmed_at IS NULL THEN
        INSERT INTO people.secret AS s (person, password, totp) VALUES (p.person, new_password,
                                                                      new_totp)
        ON CONFLICT (person) DO UPDATE
            SET password = new_password, totp = new_totp, password_at = now(), totp_step = 0;
        DELETE FROM people.recovery_code c WHERE c.person = p.person;
        INSERT INTO people.recovery_code (person, digest)
        SELECT p.person, c FROM unnest(codes) c;
    END IF;
    INSERT INTO people.appointment (person, role, unit, office, valid_from, valid_to, delegator,
                                    basis, made_by)
    VALUES (p.person, i.role, i.unit, i.office, i.valid_from, i.valid_to, i.delegator, i.basis,
            i.made_by)
    RETURNING appointment INTO made;
    RETURN made;
END
$$;

-- ---------------------------------------------------------------------------------------------
-- credentials, and sessions as the reader knows them
-- ---------------------------------------------------------------------------------------------

CREATE FUNCTION registry.seen_offices() RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('brama.offices', true), ''), '{}')::text[]
$$;

DROP FUNCTION registry.authenticate(boolean, bytea);
CREATE FUNCTION registry.authenticate(certificate boolean, hash bytea)
RETURNS TABLE (credential bigint, unit bigint, office text, scopes integer, expired boolean,
               revoked boolean, name text, regon text, clock_offset interval)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT c.credential, c.unit, c.office, c.scopes, c.expires_at <= now(),
           c.revoked_at IS NOT NULL OR (c.made_in IS NOT NULL AND NOT people.holds(c.made_in)),
           coalesce(u.name, o.title), u.regon, s.clock_offset
    FROM registry.credential c
    LEFT JOIN registry.unit u ON u.unit = c.unit
    LEFT JOIN registry.office o ON o.office = c.office
    CROSS JOIN registry.setting s
    WHERE c.is_certificate = certificate AND c.digest = hash;
END
$$;

CREATE OR REPLACE FUNCTION registry.enter(who bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    root   bigint;
    office text;
BEGIN
    SELECT c.unit, c.office INTO root, office FROM registry.credential c
    WHERE c.credential = who AND c.revoked_at IS NULL AND c.expires_at > now()
      AND (c.made_in IS NULL OR people.holds(c.made_in));
    PERFORM set_config('brama.units',
        CASE WHEN root IS NULL THEN '{}' ELSE registry.scope(root, registry.today())::text END,
        true),
            set_config('brama.offices',
        CASE WHEN office IS NULL THEN '{}' ELSE ARRAY[office]::text END, true);
END
$$;

CREATE OR REPLACE FUNCTION registry.enter_together(who bigint[])
RETURNS TABLE (credential bigint, unit bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    credentials bigint[];
    units       bigint[];
BEGIN
    SELECT array_agg(c.credential), array_agg(c.unit) INTO credentials, units
    FROM registry.credential c
    WHERE c.credential = ANY (who) AND c.unit IS NOT NULL -- an office has filed nothing
      AND c.revoked_at IS NULL AND c.expires_at > now()
      AND (c.made_in IS NULL OR people.holds(c.made_in));
    PERFORM set_config('brama.units', coalesce(units::text, '{}'), true),
            set_config('brama.offices', '{}', true);
    RETURN QUERY SELECT * FROM unnest(credentials, units);
END
$$;

-- Whose session a digest is, for the reader, which writes nothing: no row when it does not live.
CREATE FUNCTION people.recognise(hash bytea)
RETURNS TABLE (session bigint, role text, unit bigint, office text, name text, regon text,
               clock_offset interval)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT s.session, a.role, a.unit, a.office, coalesce(u.name, o.title), u.regon, t.clock_offset
    FROM people.session s
    JOIN people.person p USING (person)
    LEFT JOIN people.appointment a ON a.appointment = s.appointment AND people.holds(s.appointment)
    LEFT JOIN registry.unit u ON u.unit = a.unit
    LEFT JOIN registry.office o ON o.office = a.office
    CROSS JOIN registry.setting t
    WHERE s.digest = hash AND s.ended_at IS NULL AND s.expires_at > now()
      AND s.seen_at > now() - interval '30 minutes' AND p.closed_at IS NULL;
END
$$;
-- As registry.enter, for a session that people.recognise gave.
CREATE FUNCTION people.enter_session(which bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    s people.session;
BEGIN
    SELECT * INTO s FROM people.session t
    WHERE t.session = which AND t.ended_at IS NULL AND t.expires_at > now();
    PERFORM people.act_as(s.person, s.appointment);
END
$$;

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

-- The second fence behind gateway/people/permission.def, written apart from it on purpose; a test
-- compares the two cell by cell. Whoever holds a connection of brama_desk can set brama.* without
-- a session: the fence is there against mistakes of the desk, not against its capture.

-- Whether the asking person looks after what belongs to a place.
CREATE FUNCTION people.keeps(of_unit bigint, of_office text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(of_unit = ANY (people.kept_units()), false)
        OR coalesce(of_office = ANY (registry.seen_offices()), false)
$$;
-- Whether they may give this role there.
CREATE FUNCTION people.gives(given text, of_unit bigint, of_office text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE people.my_role()
        WHEN 'operator' THEN given IN ('supervisor', 'reviewer', 'rule-owner', 'operator', 'auditor')
        WHEN 'supervisor' THEN of_unit = ANY (people.kept_units())
            AND given IN ('supervisor', 'head', 'treasurer', 'service-head', 'sender')
        WHEN 'head' THEN of_unit = ANY (people.kept_units()) AND given IN ('treasurer', 'sender')
        WHEN 'service-head' THEN of_unit = ANY (people.kept_units()) AND given = 'sender'
        ELSE false END
$$;
CREATE FUNCTION people.is_mine(which uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM people.appointment a
                   WHERE a.appointment = which AND a.person = people.me())
$$;
-- Whether it is the appointment in which they act, to this role there, and may be lent.
CREATE FUNCTION people.lends(which uuid, lent text, of_unit bigint, of_office text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM people.appointment a JOIN people.role r USING (role)
                   WHERE a.appointment = which AND which = people.my_appointment()
                     AND (a.role, a.unit, a.office) IS NOT DISTINCT FROM (lent, of_unit, of_office)
                     AND r.delegable AND a.delegator IS NULL)
$$;
-- Whether the asking person may know of another: they meet at a place that the first looks after.
CREATE FUNCTION people.knows(who uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM people.appointment a
                   WHERE a.person = who
                     AND (people.keeps(a.unit, a.office) OR people.gives(a.role, a.unit, a.office)))
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['people.person', 'people.secret', 'people.recovery_code',
                                'people.identity', 'people.attempt', 'people.appointment',
                                'people.invitation', 'people.session', 'people.audit',
                                'registry.credential', 'registry.unit', 'registry.service'] LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner ON %s TO brama_owner USING (true) WITH CHECK (true)',
                       name);
    END LOOP;
END
$$;
-- Units are no secret: who reads them may read all.
CREATE POLICY everybody ON registry.unit FOR SELECT TO brama_reader, brama_desk USING (true);
CREATE POLICY everybody ON registry.service FOR SELECT TO brama_reader, brama_desk USING (true);

GRANT USAGE ON SCHEMA people TO brama_reader, brama_desk, brama_admin;
GRANT USAGE ON SCHEMA registry TO brama_desk;
GRANT SELECT ON registry.setting, registry.unit, registry.unit_kind, registry.unit_history,
    registry.office, registry.unit_office, registry.service, registry.succession,
    people.role, people.person, people.appointment, people.invitation, people.audit TO brama_desk;

CREATE POLICY known ON people.person FOR SELECT TO brama_desk
    USING (person = people.me() OR people.knows(person));

CREATE POLICY seen ON people.appointment FOR SELECT TO brama_desk
    USING (person = people.me() OR people.keeps(unit, office) OR people.gives(role, unit, office)
           OR people.is_mine(delegator));
CREATE POLICY ended ON people.appointment FOR UPDATE TO brama_desk
    USING (people.gives(role, unit, office) OR people.is_mine(delegator))
    WITH CHECK (people.gives(role, unit, office) OR people.is_mine(delegator));
GRANT UPDATE (ended_at, valid_to, revision) ON people.appointment TO brama_desk;

CREATE POLICY seen ON people.invitation FOR SELECT TO brama_desk
    USING (made_by = people.me() OR people.keeps(unit, office)
           OR people.gives(role, unit, office));
CREATE POLICY made ON people.invitation FOR INSERT TO brama_desk
    WITH CHECK (made_by = people.me()
                AND (CASE WHEN delegator IS NULL THEN people.gives(role, unit, office)
                          ELSE people.lends(delegator, role, unit, office) END));
CREATE POLICY revoked ON people.invitation FOR UPDATE TO brama_desk
    USING (made_by = people.me() OR people.gives(role, unit, office))
    WITH CHECK (made_by = people.me() OR people.gives(role, unit, office));
GRANT INSERT (digest, email, name, role, unit, office, valid_from, valid_to, delegator, basis,
              made_by, expires_at) ON people.invitation TO brama_desk;
GRANT UPDATE (revoked_at) ON people.invitation TO brama_desk;

-- The trail: the auditor all of it, others what happened at the places that they look after.
CREATE POLICY seen ON people.audit FOR SELECT TO brama_desk
    USING (people.my_role() = 'auditor'
           OR (people.my_role() IN ('supervisor', 'head') AND unit = ANY (people.kept_units())));

CREATE POLICY kept ON registry.credential FOR SELECT TO brama_desk
    USING (people.keeps(unit, office));
CREATE POLICY made ON registry.credential FOR INSERT TO brama_desk
    WITH CHECK (people.keeps(unit, office) AND made_in = people.my_appointment()
                AND NOT is_certificate);
CREATE POLICY revoked ON registry.credential FOR UPDATE TO brama_desk
    USING (people.keeps(unit, office)) WITH CHECK (people.keeps(unit, office));
GRANT SELECT (credential, unit, office, is_certificate, scopes, label, made_in, created_at,
              expires_at, revoked_at, last_used_at) ON registry.credential TO brama_desk;
GRANT INSERT (unit, office, is_certificate, digest, scopes, label, made_in, expires_at)
    ON registry.credential TO brama_desk;
GRANT UPDATE (revoked_at, label) ON registry.credential TO brama_desk;
GRANT SELECT, INSERT ON registry.credential TO brama_admin;

-- A JST keeps its own units: below itself, itself never.
CREATE FUNCTION people.keeps_unit(which bigint, above bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT people.my_role() = 'supervisor' AND above = ANY (people.kept_units())
$$;
CREATE POLICY added ON registry.unit FOR INSERT TO brama_desk
    WITH CHECK (people.keeps_unit(unit, parent));
CREATE POLICY kept ON registry.unit FOR UPDATE TO brama_desk
    USING (people.keeps_unit(unit, parent)) WITH CHECK (people.keeps_unit(unit, parent));
GRANT INSERT (regon, nip, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from, valid_to, jop)
    ON registry.unit TO brama_desk;
GRANT UPDATE (name, valid_to, since) ON registry.unit TO brama_desk;
CREATE POLICY given ON registry.service FOR INSERT TO brama_desk
    WITH CHECK (people.my_role() = 'supervisor' AND unit = ANY (people.kept_units()));
CREATE POLICY ended ON registry.service FOR UPDATE TO brama_desk
    USING (people.my_role() = 'supervisor' AND unit = ANY (people.kept_units()))
    WITH CHECK (people.my_role() = 'supervisor' AND unit = ANY (people.kept_units()));
GRANT INSERT (unit, provider, valid_from, valid_to, basis) ON registry.service TO brama_desk;
GRANT UPDATE (valid_to) ON registry.service TO brama_desk;

-- Reports that waited for a unit nobody knew are decided again once it is known: of all that is in
-- intake the desk may cause this alone. As registry_wake (gateway/registry), which runs as
-- brama_admin.
CREATE FUNCTION registry.wake() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH woken AS (
        INSERT INTO intake.work (submission, cause)
        SELECT DISTINCT r.submission, 'unit-registered' FROM intake.report r
        JOIN intake.submission s ON s.submission = r.submission AND s.decided_n = r.n
        WHERE r.unit IS NULL AND r.verdict = 0 AND s.state = 'decided'
          AND EXISTS (SELECT 1 FROM registry.unit u WHERE u.regon = r.regon)
          AND NOT EXISTS (SELECT 1 FROM intake.work w
                          WHERE w.submission = r.submission AND w.done_at IS NULL)
        RETURNING work)
    SELECT count(*) FROM woken
$$;
REVOKE ALL ON FUNCTION registry.wake() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.wake() TO brama_desk;

-- A recipient sees what is addressed to it: that a report came and what became of it, amounts of
-- what was accepted alone; the file it came in, with what else is in it, it does not see.
CREATE FUNCTION registry.is_addressed(of_unit bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT FROM registry.unit_office o
                   WHERE o.unit = ANY (registry.path(of_unit))
                     AND o.office = ANY (registry.seen_offices())
                     AND daterange(o.valid_from, o.valid_to, '[]') @> registry.today());
END
$$;
CREATE FUNCTION intake.is_addressed(id uuid, decision smallint, place integer) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN EXISTS (SELECT FROM intake.report r
                   WHERE r.submission = id AND r.n = decision AND r.ordinal = place
                     AND r.verdict = 1 AND registry.is_addressed(r.unit));
END
$$;
REVOKE ALL ON FUNCTION registry.is_addressed(bigint), intake.is_addressed(uuid, smallint, integer)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.is_addressed(bigint),
    intake.is_addressed(uuid, smallint, integer) TO brama_reader;
CREATE POLICY addressed ON intake.report FOR SELECT TO brama_reader
    USING ((SELECT registry.seen_offices()) <> '{}'::text[] AND registry.is_addressed(unit));
CREATE POLICY addressed ON intake.finding FOR SELECT TO brama_reader
    USING ((SELECT registry.seen_offices()) <> '{}'::text[]
           AND intake.is_addressed(submission, n, report));
CREATE POLICY addressed ON intake.report_signature FOR SELECT TO brama_reader
    USING ((SELECT registry.seen_offices()) <> '{}'::text[]
           AND intake.is_addressed(submission, n, report));

-- "brama admin": the first people of all, and an account that must be closed.
GRANT SELECT ON people.role, people.person, people.appointment, people.invitation, people.session,
    people.audit TO brama_admin;
GRANT INSERT ON people.invitation TO brama_admin;
GRANT UPDATE (revoked_at) ON people.invitation TO brama_admin;
GRANT UPDATE (ended_at, valid_to, revision) ON people.appointment TO brama_admin;
GRANT UPDATE (closed_at, revision) ON people.person TO brama_admin;

DO $$
DECLARE
    routine regprocedure;
BEGIN
    -- Definer functions are for whom they are named for, and for nobody else.
    FOR routine IN SELECT p.oid FROM pg_proc p
                   WHERE p.pronamespace = 'people'::regnamespace AND p.prosecdef LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
    END LOOP;
END
$$;
REVOKE ALL ON FUNCTION registry.authenticate(boolean, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.authenticate(boolean, bytea), people.recognise(bytea),
    people.enter_session(bigint) TO brama_reader;
GRANT EXECUTE ON FUNCTION people.enter(bytea), people.relation(bigint, text),
    people.try(bytea, bytea), people.forgive(bytea, bytea), people.account(text),
    people.use_step(uuid, bigint), people.use_recovery_code(uuid, bytea),
    people.rehash(uuid, text, text), people.identified(text, bytea),
    people.open_session(uuid, bytea, text), people.turn(bytea, bytea, uuid),
    people.close_session(bytea), people.invited(bytea),
    people.accept(bytea, uuid, text, bytea, bytea[]), people.note(text, text, text, jsonb),
    people.is_mine(uuid), people.knows(uuid), people.holds(uuid),
    people.lends(uuid, text, bigint, text) TO brama_desk;
