-- Lists of an office whose units are few beside those of others: what is asked of its units, and what they
-- corrected late, is found unit by unit along their indexes, not by going through the country. These give
-- numbers alone and no right: whether something may be seen is asked of each as before. By unit and nothing
-- else: a bound on the number would make the table's key look as good as the index of the unit.

-- The units at and below the places of an office that asks. NULL: it is there for the whole country.
CREATE FUNCTION registry.seen_below() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    found bigint[] := '{}';
    step  bigint[] := ARRAY(SELECT p.place FROM registry.seen_places() p);
    depth integer := 0;
BEGIN
    IF 0 = ANY (step) THEN
        RETURN NULL;
    END IF;
    WHILE cardinality(step) > 0 AND depth < 9 LOOP
        found := found || step;
        depth := depth + 1;
        step := ARRAY(SELECT u.unit FROM registry.unit u WHERE u.parent = ANY (step));
    END LOOP;
    RETURN ARRAY(SELECT DISTINCT f.unit FROM unnest(found) f (unit));
END
$$;

CREATE FUNCTION intake.questions_below() RETURNS TABLE (question bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY SELECT n.question FROM unnest(registry.seen_below()) u (unit)
        CROSS JOIN LATERAL (
            (SELECT q.question FROM intake.question q WHERE q.unit = u.unit)
            UNION ALL
            (SELECT q.question FROM intake.set_question q WHERE q.unit = u.unit) OFFSET 0) n;
END
$$;

CREATE FUNCTION intake.late_below() RETURNS TABLE (report bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY SELECT n.report FROM unnest(registry.seen_below()) u (unit)
        CROSS JOIN LATERAL (
            SELECT r.report FROM intake.report r
            WHERE r.unit = u.unit AND r.outside_window AND r.corrects OFFSET 0) n;
END
$$;
REVOKE ALL ON FUNCTION registry.seen_below(), intake.questions_below(), intake.late_below()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.seen_below(), intake.questions_below(), intake.late_below()
    TO brama_reader;
