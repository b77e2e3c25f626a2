-- How often a row was given back for a failure that is nobody's (a neighbour was away, the database did
-- not answer), and where the log stood then: what fails so again and again, alone, while others are
-- concluded, is to blame after all.
ALTER TABLE intake.submission
    ADD COLUMN given_back integer NOT NULL DEFAULT 0,
    ADD COLUMN given_back_at bigint NOT NULL DEFAULT 0; -- intake.log_head.index
ALTER TABLE intake.work
    ADD COLUMN given_back integer NOT NULL DEFAULT 0,
    ADD COLUMN given_back_at bigint NOT NULL DEFAULT 0;
GRANT UPDATE (given_back, given_back_at) ON intake.submission, intake.work TO brama_writer;
