-- Reports that say their variant: for which dysponent, which kind of tasks, which group of persons.

-- Whether a report of this variant is what a duty waits for. A duty that names nobody, of a report
-- that is filed several times, is fulfilled by any of them; one of a dysponent by each kind of tasks.
CREATE FUNCTION obligation.fulfils(duty_variant text, several_per text, variant text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT duty_variant = variant
        OR duty_variant = split_part(variant, '/', 1)
        OR (duty_variant = '*' AND variant <> '')
        OR (duty_variant = '' AND several_per <> '')
$$;

-- As before, but for the variant.
CREATE OR REPLACE FUNCTION obligation.refresh(which bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    WITH facts AS (
        SELECT d.duty, f.*,
               coalesce((SELECT intake.open_queries(p.submission, p.n, p.ordinal)
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
                                AND l.kind = 'decision')) f
        WHERE d.duty = ANY (which))
    UPDATE obligation.duty d
    SET first_arrived = f.first_arrived, last_arrived = f.last_arrived,
        last_verdict = f.last_verdict, pending_at = f.pending_at, accepted_at = f.accepted_at,
        report = f.report, report_arrived = f.report_arrived, open_queries = f.open_queries
    FROM facts f
    WHERE d.duty = f.duty
      AND (d.first_arrived, d.last_arrived, d.last_verdict, d.pending_at, d.accepted_at, d.report,
           d.report_arrived, d.open_queries)
          IS DISTINCT FROM
          (f.first_arrived, f.last_arrived, f.last_verdict, f.pending_at, f.accepted_at, f.report,
           f.report_arrived, f.open_queries);
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;

CREATE OR REPLACE FUNCTION obligation.concerned(ids uuid[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT DISTINCT d.duty
        FROM intake.report r
        JOIN obligation.matter m ON m.form = r.form AND m.period_end = r.period_end
                                AND m.period_type = r.period_type AND m.level = r.level
        JOIN obligation.duty d ON d.unit = r.unit AND d.matter = m.matter
            AND obligation.fulfils(d.variant, m.several_per, r.variant)
        WHERE r.submission = ANY (ids))
$$;

CREATE OR REPLACE FUNCTION obligation.settle(ids uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint[];
    held   bigint[];
BEGIN
    wanted := obligation.concerned(ids);
    IF cardinality(wanted) > 0 THEN
        held := ARRAY(SELECT d.duty FROM obligation.duty d WHERE d.duty = ANY (wanted)
                      FOR NO KEY UPDATE SKIP LOCKED);
        PERFORM obligation.refresh(held);
        IF cardinality(held) < cardinality(wanted) THEN
            INSERT INTO obligation.unsettled (submission, cause) SELECT q, 'busy' FROM unnest(ids) q;
        END IF;
    END IF;
    INSERT INTO obligation.stray (unit, form, period_end, period_type, level, variant, period,
                                  submission, arrived)
    SELECT r.unit, r.form, r.period_end, r.period_type, r.level, r.variant, r.period,
           r.submission, r.arrived
    FROM intake.report r
    WHERE r.submission = ANY (ids) AND r.unit IS NOT NULL AND r.form <> '' AND r.year IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM obligation.matter m
                      JOIN obligation.duty d ON d.matter = m.matter
                      WHERE m.form = r.form AND m.period_end = r.period_end
                        AND m.period_type = r.period_type AND m.level = r.level
                        AND d.unit = r.unit
                        AND obligation.fulfils(d.variant, m.several_per, r.variant))
    ON CONFLICT DO NOTHING;
EXCEPTION WHEN OTHERS THEN
    INSERT INTO obligation.unsettled (submission, cause) SELECT q, SQLSTATE FROM unnest(ids) q;
END
$$;

REVOKE ALL ON FUNCTION obligation.fulfils(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION obligation.fulfils(text, text, text) TO brama_writer, brama_admin;
