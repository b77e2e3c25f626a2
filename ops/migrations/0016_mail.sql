-- Letters: what the courier sends by e-mail. A letter is a row, claimed by moving its next_at ahead
-- (the lease), like a delivery. The secret of a link is never here: the courier makes one when it
-- sends the letter, and what is kept is its digest.

CREATE TABLE courier.letter (
    letter   uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- of its Message-ID, at every attempt
    kind     text NOT NULL CHECK (kind IN ('invitation', 'restoration', 'digest', 'results',
                                           'endpoint', 'test')),
    person   uuid REFERENCES people.person,  -- NULL: has no account yet
    email    text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    name     text NOT NULL,
    link     bytea,                          -- digest of the invitation or restoration it is about
    subject  text NOT NULL DEFAULT '',       -- empty with a link, of a test: composed when it is sent
    body     text NOT NULL DEFAULT '',
    day      date NOT NULL DEFAULT registry.today(), -- limits are of a day; of a link: when it goes
    made_at  timestamptz NOT NULL DEFAULT now(),
    state    text NOT NULL DEFAULT 'waiting'
             CHECK (state IN ('waiting', 'sent', 'refused', 'dropped', 'omitted')),
    attempts smallint NOT NULL DEFAULT 0,
    next_at  timestamptz NOT NULL DEFAULT now(),
    leased_until timestamptz,                -- an attempt is under way, and ends before
    status   integer NOT NULL DEFAULT 0,     -- of SMTP at the newest attempt; 0: no answer came
    outcome  text NOT NULL DEFAULT '',       -- of it, for a person; never what the relay said
    ended_at timestamptz,
    told_at  timestamptz,                    -- omitted, and a later letter said so
    CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CHECK ((link IS NOT NULL) = (kind IN ('invitation', 'restoration')))
);
CREATE INDEX letter_due ON courier.letter ((link IS NULL), next_at, letter) WHERE state = 'waiting';
CREATE INDEX letter_stale ON courier.letter (made_at) WHERE state = 'waiting' AND kind = 'digest';
CREATE INDEX letter_ended ON courier.letter (ended_at) WHERE state <> 'waiting';
CREATE INDEX letter_person ON courier.letter (person, day);
CREATE INDEX letter_link ON courier.letter (email, day) WHERE link IS NOT NULL;
CREATE UNIQUE INDEX letter_digest ON courier.letter (person, day) WHERE kind = 'digest';

-- Kinds that a person has switched off; what an account depends on cannot be.
CREATE TABLE courier.mute (
    person uuid NOT NULL REFERENCES people.person,
    kind   text NOT NULL CHECK (kind IN ('digest', 'results', 'endpoint')),
    since  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person, kind)
);

-- The digests of a day: how far the courier has come with the people.
CREATE TABLE courier.round (
    day     date PRIMARY KEY,
    after   uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    done_at timestamptz
);

-- Decisions that a person has to do something about, until a letter tells of them.
CREATE TABLE courier.notice (
    notice     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person     uuid NOT NULL REFERENCES people.person,
    submission uuid NOT NULL,
    n          smallint NOT NULL,
    noted_at   timestamptz NOT NULL DEFAULT now(),
    told_at    timestamptz,
    UNIQUE (person, submission, n)
);
CREATE INDEX notice_open ON courier.notice (person, noted_at) WHERE told_at IS NULL;

-- Of a receiver that is switched off: its owner was told.
ALTER TABLE courier.endpoint ADD COLUMN told_at timestamptz;
UPDATE courier.endpoint SET told_at = now() WHERE disabled_at IS NOT NULL; -- by others, before

-- What stands in a link of a letter, and the invitation or restoration that it opens. Several for
-- one: an attempt whose end nobody knows may have arrived.
CREATE TABLE people.link (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    stands_for bytea NOT NULL CHECK (length(stands_for) = 32),
    made_at    timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE people.link ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.link FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON people.link TO brama_owner USING (true) WITH CHECK (true);

-- The digest of an invitation or a restoration, from that of what was shown.
CREATE FUNCTION people.meant(hash bytea) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce((SELECT l.stands_for FROM people.link l WHERE l.digest = hash), hash)
$$;

-- When a day of the gateway begins, by the machine's clock.
CREATE FUNCTION courier.day_begins(which date) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT which::timestamp AT TIME ZONE 'Europe/Warsaw' - s.clock_offset FROM registry.setting s
$$;

-- A letter with a link, on the first day that has room for it: at most day_max of a kind go to one
-- address a day, so that a flood of one kind neither fills a mailbox nor delays the other. False:
-- there is no room on a day that ends before the link does, and no letter.
CREATE FUNCTION courier.post_link(what text, who uuid, address text, called text, about bytea,
                                  until timestamptz, day_max integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    today constant date := registry.today();
    turn  date;
BEGIN
    -- Those who write to one address at the same time count each other.
    PERFORM pg_advisory_xact_lock(hashtext('courier.letter'), hashtext(address));
    SELECT min(today + n) INTO turn FROM generate_series(0, 14) n
    WHERE (n = 0 OR courier.day_begins(today + n + 1) <= until)
      AND (SELECT count(*) FROM courier.letter l
           WHERE l.email = address AND l.day = today + n AND l.link IS NOT NULL
             AND l.kind = what) < day_max;
    IF turn IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO courier.letter (kind, person, email, name, link, day, next_at)
    VALUES (what, who, address, called, about, turn,
            CASE WHEN turn = today THEN now() ELSE courier.day_begins(turn) END);
    RETURN true;
END
$$;

-- By whoever made it. False: there is no room for it; NULL: there is none of theirs.
CREATE FUNCTION people.post_invitation(which uuid, day_max integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    i people.invitation;
BEGIN
    SELECT * INTO i FROM people.invitation t
    WHERE t.invitation = which AND t.made_by IS NOT DISTINCT FROM people.me();
    IF i.invitation IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN courier.post_link('invitation', (SELECT p.person FROM people.person p
                                            WHERE p.email = i.email),
                             i.email, i.name, i.digest, i.expires_at, day_max);
END
$$;
CREATE FUNCTION people.post_restoration(hash bytea, day_max integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    p people.person;
    r people.restoration;
BEGIN
    SELECT * INTO r FROM people.restoration t
    WHERE t.digest = hash AND t.made_by IS NOT DISTINCT FROM people.me();
    SELECT * INTO p FROM people.person q WHERE q.person = r.person;
    IF p.person IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN courier.post_link('restoration', p.person, p.email, p.name, hash, r.expires_at,
                             day_max);
END
$$;

-- A new secret (its digest) for the link of a letter, and what the letter says. No row: what it is
-- about was used, taken back, or is too old, and there is nothing to send any more.
CREATE FUNCTION courier.open_link(which uuid, hash bytea)
RETURNS TABLE (title text, place text, giver text, until timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    l courier.letter;
BEGIN
    SELECT * INTO l FROM courier.letter t WHERE t.letter = which AND t.state = 'waiting';
    IF l.kind = 'invitation' THEN
        RETURN QUERY
        SELECT r.title, coalesce(u.name, o.title, ''), coalesce(g.name, ''), i.expires_at
        FROM people.invitation i
        JOIN people.role r USING (role)
        LEFT JOIN registry.unit u ON u.unit = i.unit
        LEFT JOIN registry.office o ON o.office = i.office
        LEFT JOIN people.person g ON g.person = i.made_by
        WHERE i.digest = l.link AND i.accepted_at IS NULL AND i.revoked_at IS NULL
          AND i.expires_at > now();
    ELSE
        RETURN QUERY
        SELECT '', '', coalesce(g.name, ''), r.expires_at
        FROM people.restoration r
        JOIN people.person p USING (person)
        LEFT JOIN people.person g ON g.person = r.made_by
        WHERE r.digest = l.link AND r.used_at IS NULL AND r.expires_at > now()
          AND p.closed_at IS NULL AND p.email = l.email;
    END IF;
    IF FOUND THEN
        INSERT INTO people.link (digest, stands_for) VALUES (hash, l.link);
    END IF;
END
$$;

-- Links are good for two weeks at most; what stood in them is not kept longer.
CREATE FUNCTION courier.forget_links() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM people.link WHERE made_at < now() - interval '15 days'
$$;

-- ---------------------------------------------------------------------------------------------
-- who is told what
-- ---------------------------------------------------------------------------------------------

-- Of these people those who want letters of this kind, and how many notices they may still get
-- today.
CREATE FUNCTION courier.readers(who uuid[], what text, day_max integer)
RETURNS TABLE (person uuid, email text, name text, room integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.person, p.email, p.name,
           greatest(0, day_max - (SELECT count(*) FROM courier.letter l
                                  WHERE l.person = p.person AND l.day = registry.today()
                                    AND l.link IS NULL AND l.kind <> 'test'
                                    AND l.state <> 'omitted'))::integer
    FROM people.person p
    WHERE p.person = ANY (who) AND p.closed_at IS NULL AND p.confirmed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM courier.mute m WHERE m.person = p.person AND m.kind = what)
    ORDER BY p.person
$$;

-- The people that digests of a day go to, behind one of them: they look after what a unit owes.
CREATE FUNCTION courier.digest_people(behind uuid, count_max integer) RETURNS TABLE (person uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT a.person FROM people.appointment a
    WHERE a.person > behind AND a.unit IS NOT NULL AND a.ended_at IS NULL
      AND a.role IN ('head', 'treasurer', 'service-head', 'supervisor')
      AND daterange(a.valid_from, a.valid_to, '[]') @> registry.today()
    ORDER BY a.person LIMIT count_max
$$;

-- What a person's digest tells: duties of the units that they look after (their own, those below
-- and those that they serve: as READ_REPORT of permission.def) that are not filed, and are over
-- their term or will be within a week. news: there is something today that was not so yesterday.
-- count_max rows, the most urgent first; late, soon: how many there are of each.
CREATE FUNCTION courier.digest_duties(who uuid, count_max integer)
RETURNS TABLE (unit bigint, unit_name text, form_title text, period text, due_on date,
               internal_on date, is_late boolean, last_verdict smallint, pending boolean,
               late bigint, soon bigint, news boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    today constant date := registry.today();
    at    constant timestamptz := now() + (SELECT s.clock_offset FROM registry.setting s);
    seen  bigint[] := ARRAY(
        SELECT DISTINCT u FROM people.appointment a
        CROSS JOIN LATERAL unnest(registry.scope(a.unit, registry.today())) u
        WHERE a.person = who AND a.unit IS NOT NULL AND a.ended_at IS NULL
          AND a.role IN ('head', 'treasurer', 'service-head', 'supervisor')
          AND people.holds(a.appointment));
BEGIN
    RETURN QUERY
    SELECT d.unit, u.name, m.form_title, m.period, t.due_on,
           CASE WHEN d.internal_on < t.due_on THEN d.internal_on END,
           d.due_before <= at, d.last_verdict, d.pending_at IS NOT NULL,
           count(*) FILTER (WHERE d.due_before <= at) OVER (),
           count(*) FILTER (WHERE d.due_before > at) OVER (),
           bool_or(t.due_on - today IN (7, 3, 1, 0, -1)
                   OR coalesce(d.internal_on - today IN (7, 3, 1, 0), false)
                   OR (d.due_before <= at AND extract(isodow FROM today) = 1)) OVER ()
    FROM obligation.duty d
    JOIN obligation.matter m ON m.matter = d.matter
    JOIN obligation.term t ON t.term = d.term
    JOIN registry.unit u ON u.unit = d.unit
    WHERE d.unit = ANY (seen) AND d.filed_at IS NULL AND d.superseded_on IS NULL
      AND d.exemption IS NULL AND m.opens_at <= at
      AND NOT coalesce(d.pending_at < d.due_before, false)
      AND t.due_on >= today - 366
      AND least(coalesce(d.internal_on, t.due_on), t.due_on) <= today + 7
    ORDER BY d.due_before > at, least(coalesce(d.internal_on, t.due_on), t.due_on), u.name,
             m.form_title, d.duty LIMIT count_max;
END
$$;

-- Who is told what became of a submission: the person who filed it, while the appointment in which
-- they did holds; of a program's, those who send and keep the books of its unit.
CREATE FUNCTION courier.senders_of(id uuid) RETURNS TABLE (person uuid, unit bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT a.person, a.unit FROM intake.submission s
    JOIN people.appointment a ON a.appointment = s.appointment
    WHERE s.submission = id AND people.holds(a.appointment)
    UNION
    SELECT a.person, a.unit FROM intake.submission s
    JOIN registry.credential c ON c.credential = s.credential
    JOIN people.appointment a ON a.unit = c.unit AND a.role IN ('sender', 'treasurer')
    WHERE s.submission = id AND s.appointment IS NULL AND people.holds(a.appointment)
$$;

-- Reports of a decision that somebody has to do something about: returned, without a signature, or
-- accepted with a question; unless it was decided again since, or withdrawn, or a later version was
-- accepted. The name of a unit is told to whom it is shown.
CREATE FUNCTION courier.results_of(id uuid, decision smallint, reader uuid)
RETURNS TABLE (unit_name text, form_title text, period text, verdict smallint,
               arrived timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT CASE WHEN EXISTS (SELECT FROM courier.senders_of(id) s
                             WHERE s.person = reader AND s.unit IS NOT NULL AND r.unit IS NOT NULL
                               AND registry.acts_for(s.unit, r.unit, registry.today()))
                THEN r.unit_name ELSE '' END,
           r.form_title, r.period, r.verdict, r.arrived
    FROM intake.report r JOIN intake.submission m USING (submission)
    WHERE r.submission = id AND r.n = decision AND m.state <> 'withdrawn'
      AND (r.verdict IN (2, 3)
           OR (r.verdict = 1 AND EXISTS (SELECT FROM intake.finding f
                                         WHERE f.submission = r.submission AND f.n = r.n
                                           AND f.report = r.ordinal AND f.severity = 'query')))
      AND NOT EXISTS (SELECT FROM intake.decision l
                      WHERE l.submission = r.submission AND l.n > r.n AND l.kind = 'decision')
      AND NOT EXISTS (SELECT FROM intake.report k
                      WHERE k.unit = r.unit AND k.form = r.form AND k.period_end = r.period_end
                        AND k.period_type = r.period_type AND k.level = r.level
                        AND k.variant = r.variant AND k.verdict = 1 AND k.arrived > r.arrived)
    ORDER BY r.ordinal
$$;

-- Note for the people of a decision that there is something to do, if there is. How many.
CREATE FUNCTION courier.note_results(id uuid, decision smallint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH noted AS (
        INSERT INTO courier.notice (person, submission, n)
        SELECT DISTINCT s.person, id, decision FROM courier.senders_of(id) s
        WHERE EXISTS (SELECT FROM courier.results_of(id, decision, NULL))
        ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*) FROM noted
$$;

-- Whose a receiver of webhooks is: those who may keep it (KEEP_WEBHOOKS of permission.def), the
-- supervisors of the units above among them.
CREATE FUNCTION courier.keepers_of(which bigint) RETURNS TABLE (person uuid, unit_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT a.person, u.name FROM courier.endpoint e
    JOIN registry.unit u ON u.unit = e.unit
    CROSS JOIN LATERAL unnest(registry.path(e.unit)) above
    JOIN people.appointment a ON a.unit = above
    WHERE e.endpoint = which AND people.holds(a.appointment)
      AND (a.role = 'supervisor'
           OR (a.unit = e.unit AND a.role IN ('head', 'treasurer', 'service-head')))
$$;

-- One's own letters.
CREATE FUNCTION people.muted() RETURNS TABLE (kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT m.kind FROM courier.mute m WHERE m.person = people.me() ORDER BY m.kind
$$;
CREATE FUNCTION people.mute(kinds text[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    DELETE FROM courier.mute m WHERE m.person = people.me() AND m.kind <> ALL (kinds);
    INSERT INTO courier.mute (person, kind)
    SELECT people.me(), k FROM unnest(kinds) k WHERE people.me() IS NOT NULL
    ON CONFLICT DO NOTHING;
$$;

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, DELETE ON courier.letter TO brama_courier;
GRANT UPDATE (state, attempts, next_at, leased_until, status, outcome, ended_at, told_at)
    ON courier.letter TO brama_courier;
GRANT SELECT, INSERT, UPDATE, DELETE ON courier.round TO brama_courier;
GRANT SELECT, DELETE ON courier.notice TO brama_courier;
GRANT UPDATE (told_at) ON courier.endpoint TO brama_courier;
GRANT UPDATE (told_at) ON courier.notice TO brama_courier;

GRANT SELECT (letter, kind, person, email, name, day, made_at, state, attempts, next_at,
              leased_until, status, outcome, ended_at) ON courier.letter TO brama_admin;
GRANT INSERT (kind, email, name) ON courier.letter TO brama_admin;
GRANT UPDATE (state, attempts, next_at, ended_at) ON courier.letter TO brama_admin;
GRANT SELECT, INSERT, DELETE ON courier.mute TO brama_admin;

DO $$
DECLARE
    routine record;
BEGIN
    FOR routine IN SELECT * FROM (VALUES
        ('people.meant(bytea)', 'brama_desk'),
        ('people.post_invitation(uuid, integer)', 'brama_desk'),
        ('people.post_restoration(bytea, integer)', 'brama_desk'),
        ('people.muted()', 'brama_desk'),
        ('people.mute(text[])', 'brama_desk'),
        ('courier.day_begins(date)', NULL),
        ('courier.post_link(text, uuid, text, text, bytea, timestamptz, integer)', NULL),
        ('courier.open_link(uuid, bytea)', 'brama_courier'),
        ('courier.forget_links()', 'brama_courier'),
        ('courier.readers(uuid[], text, integer)', 'brama_courier'),
        ('courier.digest_people(uuid, integer)', 'brama_courier'),
        ('courier.digest_duties(uuid, integer)', 'brama_courier'),
        ('courier.senders_of(uuid)', NULL),
        ('courier.results_of(uuid, smallint, uuid)', 'brama_courier'),
        ('courier.note_results(uuid, smallint)', 'brama_courier'),
        ('courier.keepers_of(bigint)', 'brama_courier')) AS t (name, who) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine.name);
        IF routine.who IS NOT NULL THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', routine.name, routine.who);
        END IF;
    END LOOP;
END
$$;
