-- What the budgets of JST have planned (a third kind of figures that reports are held against), and which JST's set a
-- report is in when its unit moves.

ALTER TABLE reference.edition DROP CONSTRAINT edition_kind_check;
ALTER TABLE reference.edition ADD CONSTRAINT edition_kind_check
    CHECK (kind IN ('control', 'plan', 'plausibility'));
ALTER TABLE reference.reading ADD COLUMN plan bigint REFERENCES reference.edition;

-- As before, with plans. Where there are none, a reading has the digest that it had.
CREATE OR REPLACE FUNCTION reference.seal(whole bigint, of_kind text, of_end date, of_type text,
                                          by_whom text, on_basis text) RETURNS boolean
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
    INSERT INTO reference.reading (period_end, period_type, control, plan, plausibility, sha256)
    SELECT of_end, of_type, max(e.edition) FILTER (WHERE e.kind = 'control'),
           max(e.edition) FILTER (WHERE e.kind = 'plan'),
           max(e.edition) FILTER (WHERE e.kind = 'plausibility'),
           sha256(string_agg(e.sha256, ''::bytea ORDER BY e.kind))
    FROM (SELECT DISTINCT ON (n.kind) n.* FROM reference.edition n
          WHERE n.period_end = of_end AND n.period_type = of_type
          ORDER BY n.kind, n.edition DESC) e;
    RETURN true;
END
$$;

-- The amounts of one kind that are in force for a period, as their owner gave them.
CREATE FUNCTION reference.published_of(of_kind text, of_end date, of_type text)
RETURNS TABLE (regon text, form text, by text, key text, amount bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT u.regon, f.form, f.by, f.key, f.amount
    FROM reference.unit_figure f JOIN registry.unit u ON u.unit = f.unit
    WHERE of_kind <> 'plausibility'
      AND f.edition = (SELECT e.edition FROM reference.edition e
                       WHERE e.period_end = of_end AND e.period_type = of_type
                         AND e.kind = of_kind ORDER BY e.edition DESC LIMIT 1)
$$;

REVOKE ALL ON FUNCTION reference.published_of(text, date, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reference.published_of(text, date, text) TO brama_admin;
DROP FUNCTION reference.control_of(date, text);

-- ---------------------------------------------------------------------------------------------
-- sets in time
-- ---------------------------------------------------------------------------------------------

-- Whose set a report is in: the JST above its unit on the last day of the period.
CREATE FUNCTION registry.top(of_unit bigint, day date) RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT p.path[cardinality(p.path)] FROM registry.path(of_unit, day) p (path)
$$;
GRANT EXECUTE ON FUNCTION registry.top(bigint, date) TO brama_writer;

ALTER TABLE intake.set_work DROP CONSTRAINT set_work_cause_check,
    ADD CONSTRAINT set_work_cause_check
        CHECK (cause IN ('operand', 'owed', 'definitions', 'retry', 'rule-switched', 'moved'));

-- Work may be of a set that is not there yet: whoever holds the JST's lock makes it then. So nobody who
-- changes the registry holds a row that a filing waits for.
ALTER TABLE intake.set_work ALTER COLUMN set DROP NOT NULL,
    ADD COLUMN owner bigint, ADD COLUMN scope smallint, ADD COLUMN period_end date,
    ADD COLUMN period_type text, ADD COLUMN year integer, ADD COLUMN period_number integer,
    ADD CONSTRAINT set_work_of_one CHECK (
        set IS NOT NULL
        OR (owner, scope, period_end, period_type, year, period_number) IS NOT NULL);
CREATE INDEX set_work_of_place ON intake.set_work (owner, period_end)
    WHERE coalesce(done_at, 'infinity') = 'infinity' AND owner IS NOT NULL;

-- A member stays where it is, unless the registry says that its unit stood elsewhere on that day.
CREATE FUNCTION intake.keep_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM intake.report r WHERE r.report = OLD.report
               AND registry.top(r.unit, OLD.period_end) <> OLD.jst) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% on intake.set_member is not allowed', TG_OP USING ERRCODE = '23514';
END
$$;
DROP TRIGGER immutable ON intake.set_member;
CREATE TRIGGER immutable BEFORE UPDATE ON intake.set_member
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER stays BEFORE DELETE ON intake.set_member
    FOR EACH ROW EXECUTE FUNCTION intake.keep_member();

-- The members of a JST's set are those that the registry says, whenever the reports came; by whoever
-- holds the JST's lock and judges the set anew.
CREATE FUNCTION intake.settle_members(of_jst bigint, of_end date, of_type text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    DELETE FROM intake.set_member m USING intake.report r
    WHERE m.jst = of_jst AND m.period_end = of_end AND m.period_type = of_type
      AND r.report = m.report AND registry.top(r.unit, of_end) <> of_jst;
    INSERT INTO intake.set_member (jst, period_end, period_type, report)
    SELECT of_jst, of_end, of_type, r.report
    FROM intake.report r
    WHERE r.unit = ANY (registry.below(of_jst, of_end)) AND r.period_end = of_end
      AND r.period_type = of_type AND r.verdict = 1
    ON CONFLICT DO NOTHING;
END
$$;

-- A JST's sets of a period and the later ones that may look back at it are judged again; once more a
-- minute later, when what was being concluded meanwhile is there.
CREATE FUNCTION intake.wake_moved(of_jst bigint, since date) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO intake.set_work (set, cause, not_before)
    SELECT s.set, 'moved', now() + w.later
    FROM intake.report_set s, (VALUES (interval '0'), (interval '1 minute')) w (later)
    WHERE s.owner = of_jst AND s.scope = 0
        AND s.period_end BETWEEN since AND since + interval '1 year 1 day'
    ORDER BY w.later, s.set
$$;

-- A unit and all that stand or have stood below it, on whatever day. Depth is bounded, as that of
-- registry.below.
CREATE FUNCTION registry.ever_below(root bigint) RETURNS bigint[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found bigint[] := '{}';
    step  bigint[] := ARRAY[root];
    depth integer := 0;
BEGIN
    WHILE cardinality(step) > 0 AND depth < 9 LOOP
        found := found || step;
        depth := depth + 1;
        step := ARRAY(
            SELECT b.unit FROM (
                SELECT u.unit FROM registry.unit u WHERE u.parent = ANY (step)
                UNION
                SELECT h.unit FROM registry.unit_history h WHERE h.parent = ANY (step)) b
            WHERE b.unit <> ALL (found));
    END LOOP;
    RETURN found;
END
$$;

-- A unit goes below another one, from a day on that may have passed: what it and those that stood below
-- it have filed for periods that ended since is now another JST's, which may have no set of that period.
CREATE FUNCTION intake.move_members() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT m.jst AS was, t.top AS becomes, r.period_end, r.period_type,
               min(r.year) AS year, min(r.period_number) AS number
        FROM intake.report r
        JOIN intake.set_member m ON m.report = r.report AND m.period_end = r.period_end
            AND m.period_type = r.period_type
        CROSS JOIN LATERAL registry.top(r.unit, r.period_end) t (top)
        WHERE r.unit = ANY (registry.ever_below(NEW.unit)) AND r.verdict = 1 AND m.jst <> t.top
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    LOOP
        INSERT INTO intake.set_work (owner, scope, period_end, period_type, year, period_number,
                                     cause, not_before)
        SELECT moved.becomes, 0, moved.period_end, moved.period_type, moved.year, moved.number,
               'moved', now() + w.later
        FROM (VALUES (interval '0'), (interval '1 minute')) w (later) ORDER BY w.later;
        PERFORM intake.wake_moved(moved.was, moved.period_end);
        PERFORM intake.wake_moved(moved.becomes, moved.period_end);
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER sets_of_moved AFTER UPDATE OF parent ON registry.unit FOR EACH ROW
    WHEN (NEW.parent IS DISTINCT FROM OLD.parent)
    EXECUTE FUNCTION intake.move_members();

-- What is owed, and is not here, is what a set waits for, and what later ones that look back at it do.
CREATE OR REPLACE FUNCTION intake.owe_set(of_jst bigint, of_unit bigint, of_matter integer)
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
    INSERT INTO intake.set_work (set, cause)
    SELECT s.set, 'owed' FROM obligation.matter m
    JOIN intake.report_set s ON s.period_end BETWEEN m.period_end AND m.period_end + interval '1 year 1 day'
        AND s.period_type = m.period_type
        AND ((s.scope = 0 AND s.owner = of_jst) OR (s.scope = 1 AND s.owner = of_unit))
    WHERE m.matter = of_matter
$$;
CREATE OR REPLACE FUNCTION intake.owe_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO intake.set_work (set, cause)
    SELECT DISTINCT s.set, 'owed' FROM after_rows d
    JOIN obligation.matter m USING (matter)
    JOIN intake.report_set s ON s.period_end BETWEEN m.period_end AND m.period_end + interval '1 year 1 day'
        AND s.period_type = m.period_type
        AND ((s.scope = 0 AND s.owner = d.jst) OR (s.scope = 1 AND s.owner = d.unit));
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION intake.keep_member(), intake.settle_members(bigint, date, text),
    intake.wake_moved(bigint, date), intake.move_members(), registry.ever_below(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.settle_members(bigint, date, text) TO brama_writer;
