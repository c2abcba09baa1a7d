-- What waits for a person's answer, by its kind: an act for a yes or no, a question that words answer, or the word that
-- erases
-- everything, which is no tool's act.
ALTER TABLE pending_actions ADD COLUMN kind text NOT NULL DEFAULT 'act' CHECK (kind IN ('act', 'question', 'erase'));
UPDATE pending_actions SET kind = CASE WHEN tool = 'erase' THEN 'erase' WHEN wants IS NOT NULL THEN 'question'
	ELSE 'act' END;
ALTER TABLE pending_actions ADD COLUMN settled_by bigint; -- the update that settled it: its replay finds it again
ALTER TABLE pending_actions ALTER COLUMN tool DROP NOT NULL;
UPDATE pending_actions SET tool = NULL, wants = NULL WHERE kind = 'erase';
