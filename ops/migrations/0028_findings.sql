-- What the compared amounts of a finding are made of: a line for each cell, as
-- validators/finding/contributors.h writes it. Empty: its rule compares no sums.

ALTER TABLE intake.finding ADD COLUMN contributors text NOT NULL DEFAULT '';

-- In how many cells of its report the same difference stands, that of the finding included.
ALTER TABLE intake.finding ADD COLUMN difference_repeats integer NOT NULL DEFAULT 0;
