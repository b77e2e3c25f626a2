-- Who is told besides those who file: people of recipients and owners of rules, of objections and of
-- corrections that came after their window; and whoever sees a set, when it turns.

-- ---------------------------------------------------------------------------------------------
-- what is put to a recipient
-- ---------------------------------------------------------------------------------------------

ALTER TABLE courier.letter DROP CONSTRAINT letter_kind_check,
    ADD CONSTRAINT letter_kind_check
        CHECK (kind IN ('invitation', 'restoration', 'digest', 'results', 'agenda', 'endpoint', 'test'));
ALTER TABLE courier.mute DROP CONSTRAINT mute_kind_check,
    ADD CONSTRAINT mute_kind_check CHECK (kind IN ('digest', 'results', 'agenda', 'endpoint'));
CREATE UNIQUE INDEX letter_agenda ON courier.letter (person, day) WHERE kind = 'agenda';

-- Decisions that hold something for a person to consider, until a letter tells of them.
CREATE TABLE courier.agenda (
    agenda     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person     uuid NOT NULL REFERENCES people.person,
    submission uuid NOT NULL,
    n          smallint NOT NULL,
    noted_at   timestamptz NOT NULL DEFAULT now(),
    told_at    timestamptz,
    UNIQUE (person, submission, n)
);
CREATE INDEX agenda_open ON courier.agenda (person) WHERE told_at IS NULL;

-- Who reads for the recipients of these kinds (registry.recipient_bit) what a unit files: as
-- READ_REPORT of permission.def, whoever is addressed; of the zarząd of a JST, who supervises it.
CREATE FUNCTION courier.recipients_of(of_unit bigint, kinds integer) RETURNS TABLE (person uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT a.person FROM registry.office o
    JOIN people.appointment a ON a.office = o.office AND a.role = 'reviewer'
    WHERE registry.recipient_bit(o.kind) & kinds <> 0
      AND (o.kind IN ('gus', 'mf')
           OR EXISTS (SELECT FROM registry.unit_office l
                      WHERE l.unit = ANY (registry.path(of_unit)) AND l.office = o.office
                        AND daterange(l.valid_from, l.valid_to, '[]') @> registry.today()))
      AND people.holds(a.appointment)
    UNION
    SELECT a.person FROM (SELECT registry.path(of_unit, registry.today())) p (path)
    JOIN people.appointment a ON a.unit = p.path[cardinality(p.path)] AND a.role = 'supervisor'
    WHERE kinds & registry.recipient_bit('zarzad-jst') <> 0 AND a.unit <> of_unit
      AND people.holds(a.appointment)
$$;
CREATE FUNCTION courier.owners_of(rule_owner text) RETURNS TABLE (person uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT DISTINCT a.person FROM registry.office o
    JOIN people.appointment a ON a.office = o.office AND a.role = 'rule-owner'
    WHERE o.kind = lower(rule_owner) AND people.holds(a.appointment)
$$;
-- The words of validators/calendar (calendar_recipient_title), which a test compares.
CREATE FUNCTION courier.recipient_titled(title text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE title WHEN 'zarząd JST' THEN 1 WHEN 'RIO' THEN 2 WHEN 'dysponent główny' THEN 4
                      WHEN 'Minister Finansów' THEN 8 WHEN 'GUS' THEN 16
                      WHEN 'organ nadzorujący' THEN 32 ELSE 0 END
$$;

-- Whether a report corrects another: one of its key was accepted before, and it is not the same byte for byte
-- (PACZKA-021), which changes nothing and of which nobody asks why. Of first versions, which nearly all are, no
-- query is run: one in the same expression would be, for each.
CREATE FUNCTION intake.is_correction(r intake.report) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
    IF NOT r.corrects THEN
        RETURN false;
    END IF;
    RETURN NOT EXISTS (
        SELECT FROM intake.finding f
        WHERE f.submission = r.submission AND f.n = r.n AND f.report = r.ordinal
          AND f.code = 'PACZKA-021');
END
$$;
-- An accepted correction that came after its window, which is put to its recipient. Of one piece with the
-- statement that asks (no SET, no query), so that the indexes of what came late serve it.
CREATE FUNCTION intake.came_late(r intake.report) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT r.outside_window AND r.corrects AND r.verdict = 1 AND intake.is_correction(r)
$$;
REVOKE ALL ON FUNCTION intake.is_correction(intake.report), intake.came_late(intake.report) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.is_correction(intake.report), intake.came_late(intake.report)
    TO brama_writer, brama_reader, brama_admin;

-- What a decision brought that no earlier one of the submission had, and that the newest still has:
-- objections (code) and corrections after their window (an empty code), for whom. An owner of a rule
-- hears of the rule alone (named false): what the report is, and whose, is not theirs to know.
CREATE FUNCTION courier.agenda_news(id uuid, decision smallint)
RETURNS TABLE (person uuid, ordinal integer, code text, named boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH fresh AS MATERIALIZED (
        SELECT o.report AS ordinal, o.code, o.owner FROM intake.objection o
        WHERE o.submission = id AND o.n = decision
          AND NOT EXISTS (SELECT FROM intake.objection e
                          WHERE e.submission = id AND e.n < decision AND e.report = o.report
                            AND e.code = o.code)
          AND EXISTS (SELECT FROM intake.objection l
                      WHERE l.submission = id AND l.n = intake.newest_decision(id)
                        AND l.report = o.report AND l.code = o.code)),
    late AS MATERIALIZED (
        SELECT r.ordinal, r.unit, courier.recipient_titled(r.recipient) AS kinds
        FROM intake.report r
        WHERE r.submission = id AND r.n = decision AND intake.came_late(r)
          AND NOT EXISTS (SELECT FROM intake.report e
                          WHERE e.submission = id AND e.n < decision AND e.ordinal = r.ordinal
                            AND intake.came_late(e))
          AND EXISTS (SELECT FROM intake.report l
                      WHERE l.submission = id AND l.n = intake.newest_decision(id)
                        AND l.ordinal = r.ordinal AND intake.came_late(l) AND upper_inf(l.in_force)))
    SELECT x.person, x.ordinal, x.code, bool_or(x.named) FROM (
        SELECT p.person, f.ordinal, f.code, true AS named FROM fresh f
        JOIN intake.report r ON r.submission = id AND r.n = decision AND r.ordinal = f.ordinal
        CROSS JOIN LATERAL courier.recipients_of(r.unit, r.addressed_to) p
        UNION ALL
        SELECT p.person, f.ordinal, f.code, false FROM fresh f
        CROSS JOIN LATERAL courier.owners_of(f.owner) p
        UNION ALL
        SELECT p.person, l.ordinal, '', true FROM late l
        CROSS JOIN LATERAL courier.recipients_of(l.unit, l.kinds) p) x
    GROUP BY x.person, x.ordinal, x.code
$$;

-- Note for whom a decision holds something. How many. What most decisions have, nothing, costs them
-- two looks at an index.
CREATE FUNCTION courier.note_agenda(id uuid, decision smallint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    noted bigint := 0;
BEGIN
    IF EXISTS (SELECT FROM intake.objection o WHERE o.submission = id AND o.n = decision)
       OR EXISTS (SELECT FROM intake.report r
                  WHERE r.submission = id AND r.n = decision AND r.outside_window) THEN
        INSERT INTO courier.agenda (person, submission, n)
        SELECT DISTINCT d.person, id, decision FROM courier.agenda_news(id, decision) d
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS noted = ROW_COUNT;
    END IF;
    RETURN noted;
END
$$;

-- What a person is told of one decision, as it is theirs to know now.
CREATE FUNCTION courier.agenda_of(id uuid, decision smallint, who uuid)
RETURNS TABLE (code text, form_title text, period text, unit_name text, until date,
               arrived timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT d.code, CASE WHEN d.named THEN r.form_title ELSE '' END,
           CASE WHEN d.named THEN r.period ELSE '' END,
           CASE WHEN d.named THEN r.unit_name ELSE '' END,
           CASE WHEN d.code = '' THEN r.window_until END,
           CASE WHEN d.named THEN r.arrived END
    FROM courier.agenda_news(id, decision) d
    JOIN intake.report r ON r.submission = id AND r.n = decision AND r.ordinal = d.ordinal
    WHERE d.person = who
$$;

-- As before, and those for whom something waits to be considered.
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
          AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.made_by > behind
        UNION
        SELECT d.person FROM courier.agenda d WHERE d.told_at IS NULL AND d.person > behind) x
    ORDER BY x.person LIMIT count_max
$$;

-- ---------------------------------------------------------------------------------------------
-- sets that turn
-- ---------------------------------------------------------------------------------------------

-- That a set has another state than before, noted by whatever statement judges it. One that is born
-- with a state has turned from incomplete: without its reports it was that.
CREATE TABLE courier.set_news (
    news     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    set      bigint NOT NULL,
    revision bigint NOT NULL,
    was      text NOT NULL,
    state    text NOT NULL,
    findings integer NOT NULL,
    at       timestamptz NOT NULL,         -- judged; offset of TEST included
    noted_at timestamptz NOT NULL DEFAULT now()
);
-- That a person's reports are charged in a set that has turned, until a letter tells how it stands.
CREATE TABLE courier.set_notice (
    notice   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person   uuid NOT NULL REFERENCES people.person,
    set      bigint NOT NULL,
    since    timestamptz NOT NULL,         -- judged; what was closed before is no news
    noted_at timestamptz NOT NULL DEFAULT now(),
    told_at  timestamptz
);
CREATE UNIQUE INDEX set_notice_open ON courier.set_notice (person, set) WHERE told_at IS NULL;
CREATE INDEX set_notice_told ON courier.set_notice (person, set, told_at) WHERE told_at IS NOT NULL;
CREATE INDEX endpoint_sets ON courier.endpoint (unit)
    WHERE removed_at IS NULL AND events && '{set.consistent,set.inconsistent,set.incomplete}';
-- What was closed lately in a set.
CREATE INDEX set_finding_closed
    ON intake.set_finding (owner, period_end, period_type, scope, closed_at)
    WHERE closed_at IS NOT NULL;

CREATE FUNCTION intake.note_turned() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO courier.set_news (set, revision, was, state, findings, at)
    VALUES (NEW.set, NEW.revision, CASE TG_OP WHEN 'INSERT' THEN 'incomplete' ELSE OLD.state END,
            NEW.state, NEW.findings, NEW.judged_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER turned_new AFTER INSERT ON intake.report_set FOR EACH ROW
    WHEN (NEW.state <> 'incomplete') EXECUTE FUNCTION intake.note_turned();
CREATE TRIGGER turned AFTER UPDATE ON intake.report_set FOR EACH ROW
    WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION intake.note_turned();

-- Units whose people and programs see a set, as policies of intake.report_set let them: its owner's,
-- those above it, those that do its books, and who took its owner's place as a whole (registry.acts_for).
CREATE FUNCTION courier.set_seers(of_owner bigint) RETURNS TABLE (unit bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.unit FROM unnest(registry.path(of_owner, registry.today())) p (unit)
    UNION
    SELECT s.provider FROM registry.service s
    WHERE s.unit = of_owner AND daterange(s.valid_from, s.valid_to, '[]') @> registry.today()
    UNION
    SELECT h.unit FROM (
        WITH RECURSIVE heir (unit, depth) AS (
            SELECT of_owner, 0
            UNION ALL
            SELECT s.successor, h.depth + 1 FROM heir h
            JOIN registry.succession s ON s.predecessor = h.unit AND s.kind <> 'split'
                AND s.day <= registry.today()
            WHERE h.depth < 16)
        SELECT heir.unit FROM heir) h
$$;

-- Reports that a set charges, or has charged until after a moment, and whom that is told: who filed
-- them, and those who send and keep the books of their unit, as long as it is theirs to see. The
-- state of the set is told to whom the set is shown.
CREATE FUNCTION courier.turned_reports(which bigint, since timestamptz)
RETURNS TABLE (person uuid, unit bigint, unit_name text, form_title text, period text,
               is_open boolean, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH charged AS MATERIALIZED (
        SELECT f.report, bool_or(f.closed_at IS NULL) AS is_open, s.state, s.owner
        FROM intake.report_set s
        JOIN intake.set_finding f ON f.owner = s.owner AND f.period_end = s.period_end
            AND f.period_type = s.period_type AND f.scope = s.scope
        WHERE s.set = which AND (f.closed_at IS NULL OR f.closed_at >= since)
        GROUP BY f.report, s.state, s.owner)
    SELECT w.person, r.unit, r.unit_name, r.form_title, r.period, bool_or(c.is_open),
           CASE WHEN bool_or(registry.acts_for(b.unit, c.owner, registry.today()))
                THEN min(c.state) ELSE '' END
    FROM charged c JOIN intake.report r USING (report)
    CROSS JOIN LATERAL (
        SELECT s.person FROM courier.senders_of(r.submission) s
        UNION
        SELECT a.person FROM people.appointment a
        WHERE a.unit = r.unit AND a.role IN ('sender', 'treasurer')
          AND people.holds(a.appointment)) w
    JOIN people.appointment b ON b.person = w.person AND b.unit IS NOT NULL
        AND people.holds(b.appointment)
    WHERE registry.acts_for(b.unit, r.unit, registry.today())
    GROUP BY w.person, r.unit, r.unit_name, r.form_title, r.period
$$;
CREATE FUNCTION courier.turned_of(which bigint, since timestamptz, who uuid)
RETURNS TABLE (unit_name text, form_title text, period text, is_open boolean, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT t.unit_name, t.form_title, t.period, t.is_open, t.state
    FROM courier.turned_reports(which, since) t WHERE t.person = who
$$;

-- From news to messages and notices, the oldest first, at most count_max. A set that is about to be
-- judged again (one too large for a filing) waits for that, a minute at most; one that has turned
-- back meanwhile has not turned. How many news.
CREATE FUNCTION courier.spread_sets(count_max bigint, letters boolean) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH taken AS MATERIALIZED (
        DELETE FROM courier.set_news WHERE news IN (
            SELECT n.news FROM courier.set_news n
            WHERE n.noted_at < now() - interval '1 minute'
               OR NOT EXISTS (SELECT FROM intake.set_work w
                              WHERE w.set = n.set AND coalesce(w.done_at, 'infinity') = 'infinity')
            ORDER BY n.news LIMIT count_max FOR UPDATE SKIP LOCKED)
        RETURNING *),
    turned AS MATERIALIZED (
        SELECT l.set, l.news, l.revision, l.state, l.findings, l.at, f.was, f.at AS since
        FROM (SELECT DISTINCT ON (t.set) * FROM taken t ORDER BY t.set, t.news DESC) l
        JOIN (SELECT DISTINCT ON (t.set) * FROM taken t ORDER BY t.set, t.news) f USING (set)
        WHERE f.was <> l.state),
    spread AS (
        INSERT INTO courier.delivery (endpoint, webhook_id, type, body)
        SELECT e.endpoint, 'msg_' || replace(gen_random_uuid()::text, '-', ''), 'set.' || t.state,
               format('{"type":"set.%s","timestamp":"%s","data":{"id":"%s","revision":%s,'
                      '"unit":"%s","period":"%s","was":"%s","state":"%s","findings":%s,'
                      '"set":"/api/v1/sets/%s"}}',
                      t.state, to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                      t.set, t.revision, u.regon, s.period, t.was, t.state, t.findings, t.set)
        FROM turned t
        JOIN intake.report_set s ON s.set = t.set
        JOIN registry.unit u ON u.unit = s.owner
        CROSS JOIN LATERAL courier.set_seers(s.owner) p
        JOIN courier.endpoint e ON e.unit = p.unit
        WHERE e.removed_at IS NULL AND 'set.' || t.state = ANY (e.events)
        ORDER BY t.news),
    noted AS (
        INSERT INTO courier.set_notice (person, set, since)
        SELECT DISTINCT r.person, t.set, t.since
        FROM turned t CROSS JOIN LATERAL courier.turned_reports(t.set, t.since) r WHERE letters
        ON CONFLICT (person, set) WHERE told_at IS NULL DO NOTHING)
    SELECT count(*) FROM taken
$$;

-- ---------------------------------------------------------------------------------------------
-- what the owner of a rule says of an objection
-- ---------------------------------------------------------------------------------------------

-- By report and rule, whatever decision of the submission told it; the highest revision holds, all of
-- them stay. It changes no receipt and no decision: that is done by a switch or a release, which it
-- names.
CREATE TABLE intake.objection_answer (
    answer      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission  uuid NOT NULL,
    report      integer NOT NULL, -- ordinal in the package, from 0
    code        text NOT NULL,    -- of the rule
    revision    integer NOT NULL CHECK (revision BETWEEN 1 AND 100),
    outcome     text NOT NULL CHECK (outcome IN ('accepted', 'declined')),
    remedy      text NOT NULL CHECK (remedy IN ('', 'rule-change', 'rule-off', 'release')),
    switch      bigint REFERENCES intake.rule_switch,
    release     bigint REFERENCES intake.release,
    reason      text NOT NULL CHECK (btrim(reason) <> '' AND length(reason) <= 1000),
    given_at    timestamptz NOT NULL, -- offset of TEST included
    put_at      timestamptz NOT NULL DEFAULT now(), -- as of the message in the outbox that tells of it
    office      text REFERENCES registry.office,      -- NULL, as the next: by the operator, at the machine
    appointment uuid REFERENCES people.appointment,
    CHECK ((outcome = 'accepted') = (remedy <> '')),
    CHECK ((remedy = 'rule-off') = (switch IS NOT NULL)),
    CHECK ((remedy = 'release') = (release IS NOT NULL)),
    UNIQUE (submission, report, code, revision)
);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.objection_answer
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.objection_answer
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER audit_insert AFTER INSERT ON intake.objection_answer
    REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION people.record('answer', '{reason}', '{}');
ALTER TABLE intake.objection_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE intake.objection_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON intake.objection_answer TO brama_owner USING (true) WITH CHECK (true);
CREATE POLICY seen ON intake.objection_answer FOR SELECT TO brama_reader
    USING (EXISTS (SELECT 1 FROM intake.objection o
                   WHERE o.submission = objection_answer.submission
                     AND o.report = objection_answer.report AND o.code = objection_answer.code));
GRANT SELECT ON intake.objection_answer TO brama_reader;
CREATE INDEX objection_code ON intake.objection (code, objection);
CREATE INDEX objection_owner ON intake.objection (lower(owner), objection);

CREATE FUNCTION intake.newest_answer(id uuid, place integer, rule text)
RETURNS SETOF intake.objection_answer
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT a.* FROM intake.objection_answer a
    WHERE a.submission = id AND a.report = place AND a.code = rule
    ORDER BY a.revision DESC LIMIT 1
$$;

-- Objections as their owners and the operator see them: the rule, why, and what was answered; of the
-- report nothing. Of each submission the newest decision alone. That one (which), or those older than
-- before (0: from the newest), without an answer alone when only_open, the newest first.
CREATE FUNCTION intake.objections_told(only_owner text, which bigint, before bigint,
                                       only_open boolean, count_max integer)
RETURNS TABLE (objection bigint, code text, form_version text, owner text, reason text,
               decided_at timestamptz, revision integer, outcome text, remedy text,
               off_since timestamptz, release text, answer text, given_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    below bigint := coalesce(nullif(before, 0), 9223372036854775807);
    page  bigint[];
BEGIN
    -- Each way is a query of its own, so that each has the plan of its own index.
    IF which IS NOT NULL THEN
        page := ARRAY(SELECT o.objection FROM intake.objection o
                      WHERE o.objection = which
                        AND (only_owner IS NULL OR lower(o.owner) = only_owner)
                        AND o.n = intake.newest_decision(o.submission));
    ELSIF only_owner IS NULL THEN
        page := ARRAY(SELECT o.objection FROM intake.objection o
                      WHERE o.objection < below
                        AND (NOT only_open
                             OR (SELECT max(a.revision) FROM intake.objection_answer a
                                 WHERE a.submission = o.submission AND a.report = o.report
                                   AND a.code = o.code) IS NULL)
                        AND o.n = intake.newest_decision(o.submission)
                      ORDER BY o.objection DESC LIMIT count_max);
    ELSE
        page := ARRAY(SELECT o.objection FROM intake.objection o
                      WHERE lower(o.owner) = only_owner AND o.objection < below
                        AND (NOT only_open
                             OR (SELECT max(a.revision) FROM intake.objection_answer a
                                 WHERE a.submission = o.submission AND a.report = o.report
                                   AND a.code = o.code) IS NULL)
                        AND o.n = intake.newest_decision(o.submission)
                      ORDER BY o.objection DESC LIMIT count_max);
    END IF;
    RETURN QUERY
    SELECT o.objection, o.code, o.form_version, o.owner, o.reason, o.decided_at,
           coalesce(a.revision, 0), coalesce(a.outcome, ''), coalesce(a.remedy, ''), w.since,
           coalesce(encode(e.definitions, 'hex'), ''), coalesce(a.reason, ''), a.given_at
    FROM unnest(page) p (number)
    JOIN intake.objection o ON o.objection = p.number
    LEFT JOIN LATERAL intake.newest_answer(o.submission, o.report, o.code) a ON true
    LEFT JOIN intake.rule_switch w ON w.switch = a.switch
    LEFT JOIN intake.release e ON e.release = a.release
    ORDER BY o.objection DESC;
END
$$;

-- The kind of office whose rules the asking person answers for; NULL: none.
CREATE FUNCTION people.my_rules() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT o.kind FROM people.appointment a JOIN registry.office o USING (office)
    WHERE a.appointment = people.my_appointment() AND a.role = 'rule-owner'
      AND people.my_role() = 'rule-owner' AND people.holds(a.appointment)
$$;
-- Where an objection belongs: one's own office when it owns the rule, else another that does.
CREATE FUNCTION people.objection_office(which bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce((SELECT a.office FROM people.appointment a JOIN registry.office f USING (office)
                     WHERE a.appointment = people.my_appointment() AND f.kind = lower(o.owner)),
                    (SELECT min(f.office) FROM registry.office f WHERE f.kind = lower(o.owner)), '')
    FROM intake.objection o WHERE o.objection = which
$$;
CREATE FUNCTION people.rule_objections(which bigint, before bigint, only_open boolean,
                                       count_max integer)
RETURNS TABLE (objection bigint, code text, form_version text, owner text, reason text,
               decided_at timestamptz, revision integer, outcome text, remedy text,
               off_since timestamptz, release text, answer text, given_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT * FROM intake.objections_told(coalesce(people.my_rules(), ''), which, before, only_open,
                                         count_max)
$$;

-- Answer it, when its answer has this revision still (0: none), and with alike every older objection to
-- the same rule of the same owner that has none: a newer one nobody may have read. Why not: 'absent', 'changed', 'rule-on', 'no-release', 'too-many'.
CREATE FUNCTION intake.put_answer(which bigint, known integer, said text, by_what text,
                                  bundle text, why text, alike boolean, by_office text,
                                  by_appointment uuid, OUT result text, OUT answered bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
DECLARE
    o        intake.objection;
    present  integer;
    off      intake.rule_switch;
    replaced bigint;
    at       timestamptz := now() + (SELECT s.clock_offset FROM registry.setting s);
BEGIN
    answered := 0;
    -- Two who answer one objection, or all of one rule, take turns.
    SELECT * INTO o FROM intake.objection b WHERE b.objection = which;
    IF o.objection IS NULL THEN
        result := 'absent';
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('intake.objection_answer'), hashtext(o.code));
    SELECT coalesce(max(a.revision), 0) INTO present FROM intake.objection_answer a
    WHERE a.submission = o.submission AND a.report = o.report AND a.code = o.code;
    IF by_what = 'rule-off' THEN
        SELECT * INTO off FROM intake.rule_switch w WHERE w.code = o.code
        ORDER BY w.switch DESC LIMIT 1;
    ELSIF by_what = 'release' THEN
        SELECT max(e.release) INTO replaced FROM intake.release e WHERE encode(e.definitions, 'hex') = bundle;
    END IF;
    result := CASE WHEN present <> known THEN 'changed'
                   WHEN by_what = 'rule-off' AND off.off IS NOT TRUE THEN 'rule-on'
                   WHEN by_what = 'release' AND replaced IS NULL THEN 'no-release'
                   WHEN present = 100 THEN 'too-many' ELSE 'done' END;
    IF result <> 'done' THEN
        RETURN;
    END IF;
    WITH wanted AS (
        SELECT o.submission, o.report, o.n, present + 1 AS revision
        UNION
        SELECT b.submission, b.report, b.n, 1 FROM intake.objection b
        WHERE alike AND b.code = o.code AND lower(b.owner) = lower(o.owner)
          AND b.objection < o.objection AND b.n = intake.newest_decision(b.submission)
          AND (b.submission, b.report) <> (o.submission, o.report)
          AND NOT EXISTS (SELECT FROM intake.objection_answer a
                          WHERE a.submission = b.submission AND a.report = b.report
                            AND a.code = b.code)),
    put AS (
        INSERT INTO intake.objection_answer (submission, report, code, revision, outcome, remedy,
                                             switch, release, reason, given_at, office, appointment)
        SELECT w.submission, w.report, o.code, w.revision, said, by_what, off.switch, replaced, why,
               at, by_office, by_appointment FROM wanted w
        RETURNING submission),
    posted AS (
        INSERT INTO intake.outbox (kind, submission, n)
        SELECT DISTINCT 'submission.objection_answered', p.submission,
               intake.newest_decision(p.submission) FROM put p)
    SELECT count(*) INTO answered FROM put;
END
$$;
CREATE FUNCTION people.answer_objection(which bigint, known integer, said text, by_what text,
                                        bundle text, why text, alike boolean,
                                        OUT result text, OUT answered bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    mine people.appointment;
BEGIN
    SELECT * INTO mine FROM people.appointment a WHERE a.appointment = people.my_appointment();
    IF EXISTS (SELECT FROM intake.objection o
               WHERE o.objection = which AND lower(o.owner) = people.my_rules()) THEN
        SELECT p.result, p.answered INTO result, answered
        FROM intake.put_answer(which, known, said, by_what, bundle, why, alike, mine.office,
                               mine.appointment) p;
    ELSE
        result := 'absent';
        answered := 0;
    END IF;
END
$$;
CREATE FUNCTION intake.answer_as_operator(which bigint, known integer, said text, by_what text,
                                          bundle text, why text, alike boolean,
                                          OUT result text, OUT answered bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT p.result, p.answered
    FROM intake.put_answer(which, known, said, by_what, bundle, why, alike, NULL, NULL) p
$$;

-- An answer that those who filed are to be told of.
CREATE TABLE courier.answer_notice (
    person   uuid NOT NULL REFERENCES people.person,
    answer   bigint NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    told_at  timestamptz,
    PRIMARY KEY (person, answer)
);
CREATE INDEX answer_notice_open ON courier.answer_notice (person) WHERE told_at IS NULL;
-- For those who filed, the answers that a message of the outbox tells of: they were put when it was.
CREATE FUNCTION courier.note_answers(id uuid, at timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH noted AS (
        INSERT INTO courier.answer_notice (person, answer)
        SELECT s.person, a.answer FROM intake.objection_answer a
        CROSS JOIN (SELECT DISTINCT p.person FROM courier.senders_of(id) p) s
        WHERE a.submission = id AND a.put_at = at
        ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*) FROM noted
$$;
-- What was answered, unless another answer has taken its place; the name of a unit is told to whom
-- it is shown.
CREATE FUNCTION courier.answer_of(which bigint, who uuid)
RETURNS TABLE (code text, form_title text, period text, unit_name text, outcome text, remedy text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT a.code, r.form_title, r.period,
           CASE WHEN EXISTS (SELECT FROM people.appointment b
                             WHERE b.person = who AND b.unit IS NOT NULL
                               AND people.holds(b.appointment)
                               AND registry.acts_for(b.unit, r.unit, registry.today()))
                THEN r.unit_name ELSE '' END,
           a.outcome, a.remedy
    FROM intake.objection_answer a
    JOIN intake.report r ON r.submission = a.submission AND r.ordinal = a.report
        AND r.n = intake.newest_decision(a.submission)
    WHERE a.answer = which
      AND EXISTS (SELECT FROM courier.senders_of(a.submission) s WHERE s.person = who)
      AND NOT EXISTS (SELECT FROM intake.objection_answer l
                      WHERE l.submission = a.submission AND l.report = a.report
                        AND l.code = a.code AND l.revision > a.revision)
$$;

-- ---------------------------------------------------------------------------------------------
-- rights
-- ---------------------------------------------------------------------------------------------

GRANT SELECT, DELETE ON courier.agenda TO brama_courier;
GRANT UPDATE (told_at) ON courier.agenda TO brama_courier;
GRANT SELECT, DELETE ON courier.set_notice TO brama_courier;
GRANT UPDATE (told_at) ON courier.set_notice TO brama_courier;

GRANT SELECT, DELETE ON courier.answer_notice TO brama_courier;
GRANT UPDATE (told_at) ON courier.answer_notice TO brama_courier;

DO $$
DECLARE
    routine record;
BEGIN
    FOR routine IN SELECT * FROM (VALUES
        ('courier.recipients_of(bigint, integer)', NULL),
        ('courier.owners_of(text)', NULL),
        ('courier.recipient_titled(text)', NULL),
        ('courier.agenda_news(uuid, smallint)', NULL),
        ('courier.note_agenda(uuid, smallint)', 'brama_courier'),
        ('courier.agenda_of(uuid, smallint, uuid)', 'brama_courier'),
        ('intake.newest_answer(uuid, integer, text)', 'brama_reader'),
        ('intake.objections_told(text, bigint, bigint, boolean, integer)', 'brama_admin'),
        ('people.my_rules()', NULL),
        ('people.objection_office(bigint)', 'brama_desk'),
        ('people.rule_objections(bigint, bigint, boolean, integer)', 'brama_desk'),
        ('intake.put_answer(bigint, integer, text, text, text, text, boolean, text, uuid)', NULL),
        ('people.answer_objection(bigint, integer, text, text, text, text, boolean)', 'brama_desk'),
        ('intake.answer_as_operator(bigint, integer, text, text, text, text, boolean)',
         'brama_admin'),
        ('courier.note_answers(uuid, timestamptz)', 'brama_courier'),
        ('courier.answer_of(bigint, uuid)', 'brama_courier'),
        ('intake.note_turned()', NULL),
        ('courier.set_seers(bigint)', NULL),
        ('courier.turned_reports(bigint, timestamptz)', NULL),
        ('courier.turned_of(bigint, timestamptz, uuid)', 'brama_courier'),
        ('courier.spread_sets(bigint, boolean)', 'brama_courier'),
        ('courier.day_begins(date)', 'brama_courier')) AS t (name, who) LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine.name);
        IF routine.who IS NOT NULL THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', routine.name, routine.who);
        END IF;
    END LOOP;
END
$$;
