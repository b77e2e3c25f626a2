-- Questions that wait together: a fence round what each of them asks for, not round all of them.

-- Who asks together for what each has filed (ids[i] is what who[i] asks for). Their transaction sees
-- the units of them all, and of those the rows of just these submissions (policies `asked` below).
-- One row for each, in their order: the unit, or NULL when the credential has ended or did not file
-- it. Who gets NULL has to be asked about alone, behind a fence of their own: nobody's id is let
-- through the fence because somebody else may see it.
DROP FUNCTION registry.enter_together(bigint[]);
CREATE FUNCTION registry.enter_together(who bigint[], ids uuid[]) RETURNS TABLE (unit bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    living  bigint[]; -- credentials, and their units
    units   bigint[];
    filed   uuid[]; -- what is there of ids, and who filed it
    filers  bigint[];
    told    bigint[];
    allowed uuid[];
BEGIN
    SELECT array_agg(c.credential), array_agg(c.unit) INTO living, units
    FROM registry.credential c
    WHERE c.credential = ANY (who) AND c.unit IS NOT NULL -- an office has filed nothing
      AND c.revoked_at IS NULL AND c.expires_at > now()
      AND (c.made_in IS NULL OR people.holds(c.made_in));
    SELECT array_agg(s.submission), array_agg(s.subject) INTO filed, filers
    FROM intake.submission s WHERE s.submission = ANY (ids);
    SELECT array_agg(CASE WHEN a.unit = a.filer THEN a.unit END),
           array_agg(a.id) FILTER (WHERE a.unit = a.filer)
    INTO told, allowed
    FROM (SELECT units[array_position(living, w.credential)] AS unit,
                 filers[array_position(filed, w.id)] AS filer, w.id
          FROM unnest(who, ids) w (credential, id)) a;
    PERFORM set_config('brama.units', coalesce(array_remove(told, NULL), '{}')::text, true),
            set_config('brama.offices', '{}', true),
            set_config('brama.submissions', coalesce(allowed, '{}')::text, true);
    RETURN QUERY SELECT * FROM unnest(told);
END
$$;
REVOKE ALL ON FUNCTION registry.enter_together(bigint[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.enter_together(bigint[], uuid[]) TO brama_reader;

-- Where nobody entered together the setting is missing or empty, and these say yes. What hangs on a
-- submission by another table (decisions, documents, lines, stamps, reasons) follows that one's fence.
-- A subquery, so that the setting is read once a statement, and not for each row.
CREATE FUNCTION intake.asked() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('brama.submissions', true), '')::uuid[]
$$;
REVOKE ALL ON FUNCTION intake.asked() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.asked() TO brama_reader;
CREATE POLICY asked ON intake.submission AS RESTRICTIVE FOR SELECT TO brama_reader
    USING (coalesce(submission = ANY ((SELECT intake.asked())::uuid[]), true));
CREATE POLICY asked ON intake.report AS RESTRICTIVE FOR SELECT TO brama_reader
    USING (coalesce(submission = ANY ((SELECT intake.asked())::uuid[]), true));
CREATE POLICY asked ON intake.receipt AS RESTRICTIVE FOR SELECT TO brama_reader
    USING (coalesce(submission = ANY ((SELECT intake.asked())::uuid[]), true));
CREATE POLICY asked ON intake.finding AS RESTRICTIVE FOR SELECT TO brama_reader
    USING (coalesce(submission = ANY ((SELECT intake.asked())::uuid[]), true));
CREATE POLICY asked ON intake.report_signature AS RESTRICTIVE FOR SELECT TO brama_reader
    USING (coalesce(submission = ANY ((SELECT intake.asked())::uuid[]), true));
CREATE POLICY asked ON intake.concern AS RESTRICTIVE FOR SELECT TO brama_reader
    USING ((SELECT intake.asked()) IS NULL);
CREATE POLICY asked ON obligation.duty AS RESTRICTIVE FOR SELECT TO brama_reader
    USING ((SELECT intake.asked()) IS NULL);
CREATE POLICY asked ON obligation.stray AS RESTRICTIVE FOR SELECT TO brama_reader
    USING ((SELECT intake.asked()) IS NULL);
