-- What the calendar said of a report when it was decided. Never rewritten: whoever filed has a receipt
-- that says so.
ALTER TABLE intake.report
    ADD COLUMN due        date,                     -- the last day in time; NULL: none is named
    ADD COLUMN timeliness text NOT NULL DEFAULT ''  -- ''  : nothing is stated
        CHECK (timeliness IN ('', 'in_time', 'late', 'correction')),
    ADD COLUMN calendar   text NOT NULL DEFAULT '', -- version of the calendar
    ADD CHECK ((due IS NULL) = (calendar = '')),
    ADD CHECK (due IS NOT NULL OR timeliness = '');

ALTER TABLE intake.decision
    ADD COLUMN calendar bytea; -- SHA-256; NULL: made before there was a calendar
