-- A question whose answer is whatever the person says next ("what shall I write?"), besides those that a time answers.
ALTER TABLE pending_actions DROP CONSTRAINT pending_actions_kind_check;
ALTER TABLE pending_actions ADD CONSTRAINT pending_actions_kind_check
	CHECK (kind IN ('act', 'question', 'words', 'erase'));
