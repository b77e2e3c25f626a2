-- Corrections that came after their window, as recipients and units list them: the newest first, those of a
-- unit along an index of their own. The indexes have words of their own (0039), so that who asks for reports of
-- one submission does not go through them.
CREATE INDEX report_after_window ON intake.report (report) WHERE outside_window AND corrects;
CREATE INDEX report_after_window_of ON intake.report (unit, report) WHERE outside_window AND corrects;
