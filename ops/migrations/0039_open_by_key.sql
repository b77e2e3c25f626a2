-- A partial index can be read from end to end without a key, and is for as long as statistics say that its
-- table is empty: plans of the first hour are kept. So each partial index has words of its own for what is
-- open, and who asks by another key does not use them.

-- What reports in force are told of their sets: of all that a reader asks about at once, place by place.
DROP FUNCTION intake.set_told(bigint);
CREATE FUNCTION intake.sets_told(wanted bigint[]) RETURNS TABLE (report bigint, told bytea)
LANGUAGE plpgsql STABLE ROWS 10 SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY
    SELECT q.report, convert_to(json_build_object(
        'state', own.state, 'reason', nullif(own.reason, ''),
        'findings', coalesce(charged.items, '[]'), 'pending', coalesce(own.pending, '[]'),
        'url', '/api/v1/sets/' || own.set)::text, 'UTF8')
    FROM (SELECT DISTINCT w.report FROM unnest(wanted) w (report)) q
    LEFT JOIN LATERAL (
        SELECT s.* FROM intake.report r
        JOIN intake.report_set s ON s.owner = r.unit AND s.period_end = r.period_end
            AND s.period_type = r.period_type
        WHERE r.report = q.report AND upper_inf(r.in_force) ORDER BY s.scope LIMIT 1) own ON true
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_object(
            'id', f.finding, 'code', f.code, 'severity', f.severity, 'cell', nullif(f.cell, ''),
            'about', nullif(f.about, ''), 'state', CASE WHEN f.severity = 'query' THEN
                CASE WHEN EXISTS (SELECT FROM intake.explanation e
                                  WHERE e.submission = r.submission AND e.report = r.ordinal
                                    AND e.mark = f.mark)
                     THEN 'explained' ELSE 'open' END END,
            'set', t.number,
            'url', '/api/v1/sets/' || t.number || '/findings/' || f.finding || '/explanation')
            ORDER BY f.finding) AS items
        FROM (SELECT o.* FROM intake.set_finding o WHERE o.report = q.report
              AND coalesce(o.closed_at, 'infinity') = 'infinity' OFFSET 0) f
        JOIN intake.report r ON r.report = f.report
        CROSS JOIN LATERAL intake.set_number(f.owner, f.scope, f.period_end, f.period_type) t (number)
        ) charged ON true
    WHERE own.set IS NOT NULL OR charged.items IS NOT NULL;
END
$$;
REVOKE ALL ON FUNCTION intake.sets_told(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.sets_told(bigint[]) TO brama_reader;

-- Who enters together with others enters without the units below; of sets, those of the reports asked about.
CREATE POLICY asked ON intake.report_set FOR SELECT TO brama_reader
    USING ((SELECT intake.asked()) IS NOT NULL AND EXISTS (
        SELECT FROM intake.report r WHERE r.unit = report_set.owner
            AND r.period_end = report_set.period_end AND r.period_type = report_set.period_type
            AND upper_inf(r.in_force)));

DROP INDEX intake.set_work_of_set;
CREATE INDEX set_work_of_set ON intake.set_work (set)
    WHERE coalesce(done_at, 'infinity') = 'infinity';
