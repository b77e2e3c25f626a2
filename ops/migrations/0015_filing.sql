-- What the front knows of a credential may be ten seconds old: whoever stores, or shows what is
-- stored, asks again.

-- Whether a credential may still be used: 0 yes, 1 it is over, 2 it was revoked, or what it stands on
-- has ended. 0 is no credential, and says nothing of whoever comes without one.
CREATE FUNCTION registry.credential_ended(who bigint) RETURNS smallint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    ended smallint;
BEGIN
    IF who = 0 THEN
        RETURN 0;
    END IF;
    SELECT CASE WHEN c.revoked_at IS NOT NULL THEN 2
                WHEN c.made_in IS NOT NULL AND NOT people.holds(c.made_in) THEN 2
                WHEN c.expires_at <= now() THEN 1
                ELSE 0 END INTO ended
    FROM registry.credential c WHERE c.credential = who;
    RETURN coalesce(ended, 2);
END
$$;

-- As registry.enter, of a credential that may still be used. BR001: it is over, BR002: revoked.
CREATE FUNCTION registry.enter_living(who bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    ended constant smallint := registry.credential_ended(who);
BEGIN
    IF ended <> 0 THEN
        RAISE EXCEPTION 'the credential has ended'
            USING ERRCODE = CASE ended WHEN 1 THEN 'BR001' ELSE 'BR002' END;
    END IF;
    PERFORM registry.enter(who);
END
$$;

REVOKE ALL ON FUNCTION registry.credential_ended(bigint), registry.enter_living(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION registry.credential_ended(bigint) TO brama_writer;
GRANT EXECUTE ON FUNCTION registry.enter_living(bigint) TO brama_reader;
