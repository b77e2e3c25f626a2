-- The cell that a sender may look at first: its change alone would clear this and other findings of
-- its position. Empty: there is none.

ALTER TABLE intake.finding ADD COLUMN suspect text NOT NULL DEFAULT '';
