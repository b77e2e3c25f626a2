-- The head of the log, locked, and the newest switch of a rule as it is then. Two statements in one
-- round trip: one statement would see the switches of before it waited for the lock.
CREATE FUNCTION intake.lock_head(OUT index bigint, OUT chain bytea, OUT newest_switch bigint)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    SELECT h.index, h.chain INTO index, chain FROM intake.log_head h FOR UPDATE;
    SELECT coalesce(max(w.switch), 0) INTO newest_switch FROM intake.rule_switch w;
END
$$;
REVOKE ALL ON FUNCTION intake.lock_head() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION intake.lock_head() TO brama_writer;
