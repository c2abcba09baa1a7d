-- What an act did outside is taken back by an act of its own, kept with the undo log.

CREATE TABLE undo_acts (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	ref text NOT NULL,
	tool text NOT NULL, -- which takes it back
	args text NOT NULL, -- JSON
	operation text, -- of the one that is under way; whoever has it is alone
	done_at timestamptz,
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, ref) REFERENCES undo_log ON DELETE CASCADE
);
SELECT own_table('undo_acts');
CREATE INDEX undo_acts_ref ON undo_acts (user_id, ref, id);
CREATE INDEX undo_acts_operation ON undo_acts (user_id, operation) WHERE operation IS NOT NULL;

-- A plan changes rows before it is known whether they are all there is to the act.
ALTER TABLE undo_rows ALTER CONSTRAINT undo_rows_user_id_ref_fkey DEFERRABLE INITIALLY DEFERRED;
