-- Open queries of a report are those of its form and those of the sets that charge it, wherever they are
-- counted: at the duty that it fulfils (and so in tallies), at the report itself, in letters.

-- What rules between reports ask of this one, and nobody has answered. Each table is asked by its key
-- (OFFSET 0), so that neither what is open elsewhere nor a plan of an empty table matters (0039).
CREATE FUNCTION intake.open_set_queries(charged bigint) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT count(*) FROM (
            SELECT f.mark FROM intake.set_finding f
            WHERE f.report = charged AND f.severity = 'query'
              AND coalesce(f.closed_at, 'infinity') = 'infinity' OFFSET 0) f
        WHERE NOT EXISTS (
            SELECT FROM intake.report r
            CROSS JOIN LATERAL (
                SELECT FROM intake.explanation e
                WHERE e.submission = r.submission AND e.report = r.ordinal AND e.mark = f.mark
                OFFSET 0) e
            WHERE r.report = charged OFFSET 0));
END
$$;
REVOKE ALL ON FUNCTION intake.open_set_queries(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.open_set_queries(bigint)
    TO brama_writer, brama_reader, brama_admin;

-- ---------------------------------------------------------------------------------------------
-- duties
-- ---------------------------------------------------------------------------------------------

-- As before, and what sets ask of the report in force; what was withdrawn is no attempt any more: nobody
-- waits for its decision. What is written is found by its numbers too, so that no plan goes through the
-- duties of all.
CREATE OR REPLACE FUNCTION obligation.refresh(which bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    WITH facts AS MATERIALIZED (
        SELECT d.duty, f.*,
               coalesce((SELECT intake.open_queries(p.submission, p.n, p.ordinal)
                                + intake.open_set_queries(p.report)
                         FROM intake.report p WHERE p.report = f.report), 0) AS open_queries
        FROM obligation.duty d
        JOIN obligation.matter m ON m.matter = d.matter
        CROSS JOIN LATERAL (
            SELECT min(r.arrived) AS first_arrived,
                   max(r.arrived) AS last_arrived,
                   (array_agg(r.verdict ORDER BY r.arrived DESC, r.log_index DESC,
                                               r.ordinal DESC))[1]
                       AS last_verdict,
                   min(r.arrived) FILTER (WHERE r.verdict = 0) AS pending_at,
                   min(r.arrived) FILTER (WHERE r.verdict = 1) AS accepted_at,
                   max(r.report) FILTER (WHERE upper_inf(r.in_force)) AS report,
                   max(r.arrived) FILTER (WHERE upper_inf(r.in_force)) AS report_arrived
            FROM intake.report r
            WHERE r.unit = d.unit AND r.form = m.form AND r.period_end = m.period_end
              AND r.period_type = m.period_type AND r.level = m.level
              AND obligation.fulfils(d.variant, m.several_per, r.variant)
              AND NOT EXISTS (SELECT 1 FROM intake.decision l
                              WHERE l.submission = r.submission AND l.n > r.n
                                AND l.kind = 'decision')
              AND NOT EXISTS (SELECT 1 FROM intake.submission s
                              WHERE s.submission = r.submission AND s.state = 'withdrawn')) f
        WHERE d.duty = ANY (which))
    UPDATE obligation.duty d
    SET first_arrived = f.first_arrived, last_arrived = f.last_arrived,
        last_verdict = f.last_verdict, pending_at = f.pending_at, accepted_at = f.accepted_at,
        report = f.report, report_arrived = f.report_arrived, open_queries = f.open_queries
    FROM facts f
    WHERE d.duty = ANY (which) AND d.duty = f.duty
      AND (d.first_arrived, d.last_arrived, d.last_verdict, d.pending_at, d.accepted_at, d.report,
           d.report_arrived, d.open_queries)
          IS DISTINCT FROM
          (f.first_arrived, f.last_arrived, f.last_verdict, f.pending_at, f.accepted_at, f.report,
           f.report_arrived, f.open_queries);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

-- Duties that these reports fulfil are counted anew. As obligation.settle it waits for nobody and cannot
-- fail: what is locked is noted, and taken up by the next generation. A report that came just now is no
-- duty's yet, and is counted when its conclusion settles.
CREATE FUNCTION obligation.recount(charged bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    wanted bigint[];
    held   bigint[];
BEGIN
    IF cardinality(charged) = 0 THEN
        RETURN;
    END IF;
    BEGIN
        wanted := ARRAY(
            SELECT d.duty FROM unnest(charged) c (report)
            CROSS JOIN LATERAL (
                SELECT r.report, r.unit FROM intake.report r
                WHERE r.report = c.report AND upper_inf(r.in_force) OFFSET 0) r
            CROSS JOIN LATERAL (
                SELECT o.duty FROM obligation.duty o
                WHERE o.unit = r.unit AND o.report = r.report OFFSET 0) d);
        IF cardinality(wanted) > 0 THEN
            held := ARRAY(SELECT d.duty FROM obligation.duty d WHERE d.duty = ANY (wanted)
                          FOR NO KEY UPDATE SKIP LOCKED);
            PERFORM obligation.refresh(held);
            IF cardinality(held) < cardinality(wanted) THEN
                INSERT INTO obligation.unsettled (submission, cause)
                SELECT DISTINCT r.submission, 'busy' FROM intake.report r
                WHERE r.report = ANY (charged);
            END IF;
        END IF;
    EXCEPTION WHEN OTHERS THEN
        INSERT INTO obligation.unsettled (submission, cause)
        SELECT DISTINCT r.submission, SQLSTATE FROM intake.report r WHERE r.report = ANY (charged);
    END;
END
$$;

-- In the statement that opens, closes or answers, whoever it is.
CREATE FUNCTION obligation.count_asked() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM obligation.recount(ARRAY(
        SELECT DISTINCT c.report FROM after_rows c WHERE c.severity = 'query'));
    RETURN NULL;
END
$$;
CREATE FUNCTION obligation.count_answered() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM obligation.recount(ARRAY(
        SELECT DISTINCT f.report FROM after_rows e
        CROSS JOIN LATERAL (
            SELECT o.report FROM intake.set_finding o WHERE o.finding = e.set_finding OFFSET 0) f
        WHERE e.set_finding IS NOT NULL));
    RETURN NULL;
END
$$;
CREATE TRIGGER counted_insert AFTER INSERT ON intake.set_finding REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION obligation.count_asked();
CREATE TRIGGER counted_update AFTER UPDATE ON intake.set_finding REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION obligation.count_asked();
CREATE TRIGGER counted_insert AFTER INSERT ON intake.explanation REFERENCING NEW TABLE AS after_rows
    FOR EACH STATEMENT EXECUTE FUNCTION obligation.count_answered();
-- In the statement that withdraws.
CREATE FUNCTION obligation.settle_withdrawn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM obligation.settle(ARRAY[NEW.submission]);
    RETURN NULL;
END
$$;
CREATE TRIGGER settled_withdrawal AFTER UPDATE ON intake.submission FOR EACH ROW
    WHEN (NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn')
    EXECUTE FUNCTION obligation.settle_withdrawn();
REVOKE ALL ON FUNCTION obligation.recount(bigint[]), obligation.count_asked(),
    obligation.count_answered(), obligation.settle_withdrawn() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION obligation.recount(bigint[]) TO brama_writer;

-- What was withdrawn, and what is open now.
SELECT obligation.refresh(obligation.concerned(ARRAY(
    SELECT s.submission FROM intake.submission s WHERE s.state = 'withdrawn')));
SELECT obligation.refresh(ARRAY(
    SELECT d.duty FROM obligation.duty d
    WHERE d.report IN (SELECT f.report FROM intake.set_finding f
                       WHERE f.closed_at IS NULL AND f.severity = 'query')));

-- ---------------------------------------------------------------------------------------------
-- letters
-- ---------------------------------------------------------------------------------------------

-- As before, and what sets ask.
CREATE OR REPLACE FUNCTION courier.results_of(id uuid, decision smallint, reader uuid)
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
           OR (r.verdict = 1 AND (EXISTS (SELECT FROM intake.finding f
                                          WHERE f.submission = r.submission AND f.n = r.n
                                            AND f.report = r.ordinal AND f.severity = 'query')
                                  OR intake.open_set_queries(r.report) > 0)))
      AND NOT EXISTS (SELECT FROM intake.decision l
                      WHERE l.submission = r.submission AND l.n > r.n AND l.kind = 'decision')
      AND NOT EXISTS (SELECT FROM intake.report k
                      WHERE k.unit = r.unit AND k.form = r.form AND k.period_end = r.period_end
                        AND k.period_type = r.period_type AND k.level = r.level
                        AND k.variant = r.variant AND k.verdict = 1 AND k.arrived > r.arrived)
    ORDER BY r.ordinal
$$;
