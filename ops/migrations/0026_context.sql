-- What a decision read besides documents, definitions and trust, as it was then: the registry's
-- answers, what stood before each report, who sent and who received. With it a decision can be made
-- once more and come to the same (gateway/intake/context.h says what the bytes are). Decisions of
-- before have none, and a replay of them says so.
CREATE TABLE intake.context (
    submission uuid NOT NULL,
    n          smallint NOT NULL,
    bytes      bytea NOT NULL,
    PRIMARY KEY (submission, n)
);
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.context
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change();
CREATE TRIGGER kept BEFORE TRUNCATE ON intake.context
    FOR EACH STATEMENT EXECUTE FUNCTION intake.refuse_change();
GRANT SELECT, INSERT ON intake.context TO brama_writer;

-- A replay reads all that a decision was made of and all that it left, and writes nothing.
GRANT SELECT ON intake.context, intake.document, intake.material, intake.receipt, intake.log,
    intake.line, intake.report_signature TO brama_admin;
