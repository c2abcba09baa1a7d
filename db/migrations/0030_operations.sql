-- Acts that reach outside: committed before they are sent, so that nothing that dies leaves an act that nobody knows
-- of.

CREATE TABLE operations (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id text NOT NULL, -- 128 random bits; the far side may know the act by it
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	update_id bigint NOT NULL, -- with step and call: which act of which turn; 0: of none
	step int NOT NULL,
	call int NOT NULL,
	tool text NOT NULL,
	args text, -- JSON; it, request and result are blanked when all is over
	request text,
	result text,
	state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sending', 'done', 'refused', 'lost')),
	trace text DEFAULT app_trace(),
	attempts int NOT NULL DEFAULT 0,
	lease_token bigint NOT NULL DEFAULT 0, -- whoever has it may settle
	lease_until timestamptz, -- real time
	created_at timestamptz NOT NULL DEFAULT app_now(),
	settled_at timestamptz,
	PRIMARY KEY (user_id, id)
);
SELECT own_table('operations');
GRANT USAGE ON SEQUENCE lease_tokens TO {{app}};
-- Settled ones too: a turn that looked for its step just before it was committed does not plan the act again.
CREATE UNIQUE INDEX operations_act ON operations (user_id, bot_id, update_id, step, call) WHERE update_id <> 0;

-- One that is not over has a job: the sweep comes when its holder should long have been done.
CREATE FUNCTION operation_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		DELETE FROM jobs WHERE kind = 'operation' AND coalesce(user_id, 0) = OLD.user_id AND ref = OLD.id;
	ELSIF NEW.settled_at IS NOT NULL THEN
		DELETE FROM jobs WHERE kind = 'operation' AND coalesce(user_id, 0) = NEW.user_id AND ref = NEW.id;
	ELSE
		INSERT INTO jobs (kind, user_id, ref, run_at) VALUES ('operation', NEW.user_id, NEW.id,
			app_now() + interval '2 minutes')
			ON CONFLICT (kind, coalesce(user_id, 0), ref) DO NOTHING;
	END IF;
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION operation_job() TO {{app}};
CREATE TRIGGER operation_job AFTER INSERT OR UPDATE OF settled_at OR DELETE
	ON operations FOR EACH ROW EXECUTE FUNCTION operation_job();
