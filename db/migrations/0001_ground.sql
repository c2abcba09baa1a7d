-- The ground: who asks, the queue, the outbox, people, undo, logs.
-- {{app}} and {{queue}} stand for the two serving roles. Everything here belongs to the owner.
-- Dates that people see come from app_now() (the product's clock); leases use the server's real time.

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {{app}}, {{queue}};
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- After COMMIT a local setting is '' and not NULL: nullif makes the cast give NULL, and NULL sees no row.
CREATE FUNCTION app_user_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.user_id', true), '')::bigint $$;

-- STABLE and not IMMUTABLE: only so are they inlined, and not parsed at each call.
CREATE FUNCTION us_to_time(us bigint) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT timestamptz 'epoch' + us * interval '1 microsecond' $$;

CREATE FUNCTION time_to_us(t timestamptz) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT (extract(epoch FROM t) * 1000000)::bigint $$;

CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT us_to_time(nullif(current_setting('app.now', true), '')::bigint) $$;

CREATE FUNCTION app_trace() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.trace', true), '') $$;

GRANT EXECUTE ON FUNCTION app_user_id(), us_to_time(bigint), time_to_us(timestamptz), app_now(), app_trace() TO {{app}}, {{queue}};

-- Row security for a table that people own: forced, on reading and on writing, plus a policy by which
-- the owner's migrations and definer functions work (without it they would silently touch no row).
CREATE FUNCTION own_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
	EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
	EXECUTE format('CREATE POLICY own ON %s TO {{app}} USING (user_id = app_user_id()) WITH CHECK (user_id = app_user_id())', t);
	EXECUTE format('CREATE POLICY owner_all ON %s TO %I USING (true) WITH CHECK (true)', t, current_user);
	EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {{app}}', t);
END $$;

-- The frame of a person's transaction: who, when, under which undo and trace. It holds off the person's erasure, and
-- there is none for a person who is gone.
CREATE FUNCTION tx_user(p_user bigint, p_now bigint, p_undo text, p_trace text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	PERFORM pg_advisory_xact_lock_shared(hashtextextended('erase', p_user));
	IF NOT EXISTS (SELECT FROM directory WHERE user_id = p_user) THEN
		RAISE EXCEPTION 'nobody' USING ERRCODE = 'LB404';
	END IF;
	PERFORM set_config('app.user_id', p_user::text, true), set_config('app.now', p_now::text, true),
		set_config('app.undo_ref', coalesce(p_undo, ''), true), set_config('app.trace', coalesce(p_trace, ''), true);
END $$;
GRANT EXECUTE ON FUNCTION tx_user(bigint, bigint, text, text) TO {{app}};

---------------------------------------------------------------- people

CREATE TABLE users (
	user_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	role text NOT NULL CHECK (role IN ('guest', 'user', 'admin', 'owner')),
	state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'removed')),
	created_at timestamptz NOT NULL
);
SELECT own_table('users');
REVOKE INSERT, UPDATE, DELETE ON users FROM {{app}};

CREATE TABLE profiles (
	user_id bigint PRIMARY KEY DEFAULT app_user_id() REFERENCES users,
	name text NOT NULL DEFAULT '',
	lang text NOT NULL DEFAULT 'pt-BR' CHECK (lang IN ('pt-BR', 'en')),
	zone text NOT NULL DEFAULT 'America/Sao_Paulo',
	onboarding text NOT NULL DEFAULT 'new' CHECK (onboarding IN ('new', 'lang', 'zone', 'done')),
	morning_at time NOT NULL DEFAULT '07:00', morning_on boolean NOT NULL DEFAULT true,
	evening_at time NOT NULL DEFAULT '21:00', evening_on boolean NOT NULL DEFAULT true,
	week_plan_on boolean NOT NULL DEFAULT true, week_report_on boolean NOT NULL DEFAULT true,
	quiet_from time NOT NULL DEFAULT '22:00', quiet_to time NOT NULL DEFAULT '07:00',
	daily_cap int NOT NULL DEFAULT 6 CHECK (daily_cap BETWEEN 0 AND 100),
	autonomy text NOT NULL DEFAULT 'confirm' CHECK (autonomy IN ('suggest', 'confirm', 'auto')),
	paused_until timestamptz,
	interactions_days int NOT NULL DEFAULT 90 CHECK (interactions_days BETWEEN 0 AND 3650),
	goals text NOT NULL DEFAULT '', principles text NOT NULL DEFAULT '',
	updated_at timestamptz NOT NULL DEFAULT app_now()
);
SELECT own_table('profiles');

CREATE TABLE telegram_chats (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	bot_id bigint NOT NULL, -- 0: the terminal
	chat_id bigint NOT NULL,
	username text, first_name text, last_name text,
	state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'blocked')),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, bot_id, chat_id)
);
SELECT own_table('telegram_chats');

-- Who a sender is, without content: what the queue's role may know. A login is a Telegram user id, or
-- 0 and below for people of the terminal.
CREATE TABLE directory (
	login_id bigint PRIMARY KEY,
	user_id bigint NOT NULL REFERENCES users,
	role text NOT NULL,
	lang text NOT NULL,
	zone text NOT NULL,
	blocked boolean NOT NULL DEFAULT false
);
CREATE INDEX directory_user ON directory (user_id);
GRANT SELECT ON directory TO {{queue}};

CREATE TABLE pairing_codes (
	hash text PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('owner', 'invite')),
	role text NOT NULL CHECK (role IN ('guest', 'user', 'admin', 'owner')),
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	used_at timestamptz
);

-- Strangers: counted, not kept.
CREATE TABLE strangers (
	login_id bigint NOT NULL,
	day date NOT NULL,
	n int NOT NULL,
	PRIMARY KEY (login_id, day)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON strangers TO {{queue}};

CREATE TABLE group_notices (
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	at timestamptz NOT NULL,
	PRIMARY KEY (bot_id, chat_id)
);
GRANT SELECT, INSERT, DELETE ON group_notices TO {{queue}};

-- Counts per key in fixed windows of the product's clock.
CREATE TABLE rate_limits (
	key text NOT NULL,
	window_at timestamptz NOT NULL,
	n int NOT NULL,
	PRIMARY KEY (key, window_at)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO {{queue}};

---------------------------------------------------------------- updates and queue

-- Payloads are bytes: ids are taken out in C, so no odd byte can fail a batch.
CREATE TABLE updates (
	bot_id bigint NOT NULL,
	update_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	kind text NOT NULL,
	payload bytea,
	trace text NOT NULL,
	state text NOT NULL DEFAULT 'queued', -- queued, done, dead
	received_at timestamptz NOT NULL,
	done_at timestamptz,
	error text,
	PRIMARY KEY (bot_id, update_id)
) WITH (fillfactor = 80);
-- By a column that completion does not change: so that blanking a payload touches no index.
CREATE INDEX updates_dead ON updates (bot_id, update_id) WHERE error IS NOT NULL;

-- lane: 0 talk, 1 control, 2 out. One row per chat and lane; pending makes the release race-free.
CREATE TABLE chats (
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	lane smallint NOT NULL,
	pending int NOT NULL DEFAULT 0,
	ready_at timestamptz,
	lease_until timestamptz,
	lease_token bigint,
	lease_owner int,
	send_at timestamptz, -- lane out: when the chat's send allowance is used up (a leaky bucket's level)
	PRIMARY KEY (bot_id, chat_id, lane)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX chats_ready ON chats (bot_id, lane, ready_at) WHERE ready_at IS NOT NULL;
CREATE INDEX chats_lease ON chats (lease_until) WHERE lease_until IS NOT NULL;
CREATE SEQUENCE lease_tokens CACHE 100;

CREATE TABLE queue (
	seq bigint GENERATED ALWAYS AS IDENTITY,
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	lane smallint NOT NULL,
	update_id bigint NOT NULL,
	kind text NOT NULL,
	ref text, -- what the row needs without the payload: a callback query id, a stranger's language
	attempts int NOT NULL DEFAULT 0,
	PRIMARY KEY (bot_id, chat_id, lane, seq)
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

---------------------------------------------------------------- outbox

-- Ids are looked up in a hash index: by one in order, "the first of a chat" might be sought through everybody's.
CREATE TABLE outbox (
	id bigint GENERATED ALWAYS AS IDENTITY,
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	dedupe text NOT NULL,
	part int NOT NULL DEFAULT 0,
	method text NOT NULL, -- send, edit, markup, delete
	text text,
	markup text, -- JSON, as Telegram takes it
	target_id bigint, -- edit, delete: the message
	silent boolean NOT NULL DEFAULT false,
	class text NOT NULL, -- reply, card, reminder, unasked
	state text NOT NULL DEFAULT 'pending', -- pending, sent, failed
	attempts int NOT NULL DEFAULT 0,
	lost int NOT NULL DEFAULT 0, -- tries whose answer was lost: each may have arrived
	message_id bigint,
	error text,
	trace text,
	accepted_at timestamptz, -- when the update that it answers was accepted
	created_at timestamptz NOT NULL,
	sent_at timestamptz,
	PRIMARY KEY (bot_id, chat_id, id),
	UNIQUE (dedupe, bot_id, part)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX outbox_id ON outbox USING hash (id);
CREATE INDEX outbox_pending ON outbox (bot_id, chat_id, id) WHERE state = 'pending';
CREATE INDEX outbox_trace ON outbox (trace);

-- All chats of a bot together: when its send allowance is used up.
CREATE TABLE send_rate (
	bot_id bigint PRIMARY KEY,
	send_at timestamptz NOT NULL
);

CREATE TABLE jobs (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL,
	user_id bigint REFERENCES users,
	ref text NOT NULL DEFAULT '',
	run_at timestamptz NOT NULL, -- product time
	attempts int NOT NULL DEFAULT 0,
	lease_until timestamptz, -- real time
	lease_token bigint,
	last_run_at timestamptz,
	last_result text
);
CREATE UNIQUE INDEX jobs_once ON jobs (kind, coalesce(user_id, 0), ref);
CREATE INDEX jobs_due ON jobs (run_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON updates, chats, queue, outbox, send_rate, jobs TO {{queue}};
GRANT USAGE ON SEQUENCE lease_tokens TO {{queue}};

-- A message on its way to one of the present person's own chats, in the transaction of its effect.
CREATE FUNCTION outbox_put(p_bot bigint, p_chat bigint, p_dedupe text, p_part int, p_method text, p_text text, p_markup text,
	p_target bigint, p_silent boolean, p_class text, p_accepted timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM telegram_chats WHERE user_id = app_user_id() AND bot_id = p_bot AND chat_id = p_chat) THEN
		RAISE EXCEPTION 'not this person''s chat' USING ERRCODE = 'LB403';
	END IF;
	INSERT INTO outbox (bot_id, chat_id, dedupe, part, method, text, markup, target_id, silent, class, trace, accepted_at, created_at)
		VALUES (p_bot, p_chat, p_dedupe, p_part, p_method, p_text, p_markup, p_target, p_silent, p_class, app_trace(), p_accepted, app_now())
		ON CONFLICT DO NOTHING;
	IF FOUND THEN
		INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) VALUES (p_bot, p_chat, 2, 1, clock_timestamp())
			ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
			ready_at = CASE WHEN chats.lease_until IS NULL THEN coalesce(chats.ready_at, greatest(excluded.ready_at, chats.send_at - interval '2 s')) END;
	END IF;
END $$;
GRANT EXECUTE ON FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz) TO {{app}};

---------------------------------------------------------------- what happened

-- What every turn writes has no foreign key to users: each would lock the person's row once more, and row security
-- with the default says whose it is. Erasure goes by the catalogue, not by keys.

-- Deterministic replay: what a turn has done, under (bot, update, step, call), committed with its effect.
CREATE TABLE turn_steps (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	bot_id bigint NOT NULL,
	update_id bigint NOT NULL,
	step int NOT NULL,
	call int NOT NULL,
	kind text NOT NULL,
	name text NOT NULL DEFAULT '',
	payload jsonb,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, bot_id, update_id, step, call)
);
SELECT own_table('turn_steps');

CREATE TABLE interactions (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	said_by text NOT NULL, -- person, lembra
	text text NOT NULL,
	trace text DEFAULT app_trace(),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT own_table('interactions');

CREATE TABLE assistant_logs (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	kind text NOT NULL, -- message, tool_call, recommendation, analysis, scheduled_task
	name text NOT NULL,
	model text, tokens_in int, tokens_out int,
	duration_ms int,
	success boolean NOT NULL,
	error text,
	trace text DEFAULT app_trace(),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT own_table('assistant_logs');
CREATE INDEX assistant_logs_trace ON assistant_logs (trace);

-- Append only, by the database: no role may change or remove a row, and only erasure may put a
-- pseudonym (a negative number) in the place of a person's id.
CREATE TABLE audit_log (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	act text NOT NULL,
	object text NOT NULL DEFAULT '',
	object_id bigint,
	result text NOT NULL DEFAULT 'done',
	trace text DEFAULT app_trace(),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id)
);
SELECT own_table('audit_log');
REVOKE UPDATE, DELETE ON audit_log FROM {{app}};
CREATE INDEX audit_log_trace ON audit_log (trace);

CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'on' AND NEW.user_id < 0
	   AND (OLD.id, OLD.act, OLD.object, OLD.result, OLD.trace, OLD.created_at)
	       IS NOT DISTINCT FROM (NEW.id, NEW.act, NEW.object, NEW.result, NEW.trace, NEW.created_at)
	   AND (NEW.object_id IS NULL OR NEW.object_id = OLD.object_id) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'audit_log is append only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_guard_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_guard();

-- One row an erasure, with nothing personal in it.
CREATE TABLE erasure_receipts (
	receipt text PRIMARY KEY,
	at timestamptz NOT NULL,
	rows_erased bigint NOT NULL
);

---------------------------------------------------------------- undo

CREATE TABLE undo_log (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	ref text NOT NULL, -- 128 bits, goes into the button
	act text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	expires_at timestamptz NOT NULL,
	undone_at timestamptz,
	PRIMARY KEY (user_id, ref)
);
SELECT own_table('undo_log');
CREATE INDEX undo_log_recent ON undo_log (user_id, created_at DESC);

CREATE TABLE undo_rows (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	ref text NOT NULL,
	table_name text NOT NULL,
	before jsonb, -- NULL: the row was made
	after jsonb,  -- NULL: the row was removed
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, ref) REFERENCES undo_log ON DELETE CASCADE
);
SELECT own_table('undo_rows');
CREATE INDEX undo_rows_ref ON undo_rows (user_id, ref, id);

-- On a table whose acts can be undone: while app.undo_ref is set, each changed row leaves its images.
CREATE FUNCTION undo_capture() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	v_ref text := nullif(current_setting('app.undo_ref', true), '');
BEGIN
	IF v_ref IS NOT NULL THEN
		INSERT INTO undo_rows (ref, table_name, before, after) VALUES (v_ref, TG_TABLE_NAME,
			CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
	END IF;
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION undo_capture() TO {{app}};

CREATE FUNCTION undoable_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE TRIGGER undo_capture AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION undo_capture()', t);
END $$;

-- Puts back everything an act touched, newest first, as the person (row security applies).
-- LB404: no such act, too old, or undone before. LB409: a row has changed since.
CREATE FUNCTION undo_apply(p_ref text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_act text;
	r record;
	v_now jsonb;
	v_set text;
BEGIN
	UPDATE undo_log SET undone_at = app_now() WHERE user_id = app_user_id() AND ref = p_ref AND undone_at IS NULL AND expires_at > app_now()
		RETURNING act INTO v_act;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'nothing to undo' USING ERRCODE = 'LB404';
	END IF;
	FOR r IN SELECT table_name, before, after FROM undo_rows WHERE user_id = app_user_id() AND ref = p_ref ORDER BY id DESC LOOP
		EXECUTE format('SELECT to_jsonb(t) FROM %I t WHERE user_id = app_user_id() AND id = $1', r.table_name)
			INTO v_now USING (coalesce(r.after, r.before)->>'id')::bigint;
		IF v_now IS DISTINCT FROM r.after THEN
			RAISE EXCEPTION 'changed since' USING ERRCODE = 'LB409';
		END IF;
		IF r.before IS NULL THEN
			EXECUTE format('DELETE FROM %I WHERE user_id = app_user_id() AND id = $1', r.table_name) USING (r.after->>'id')::bigint;
		ELSIF r.after IS NULL THEN
			EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_record(NULL::%I, $1)', r.table_name, r.table_name) USING r.before;
		ELSE
			SELECT string_agg(format('%I = n.%I', a.attname, a.attname), ', ') INTO v_set FROM pg_attribute a
				WHERE a.attrelid = r.table_name::regclass AND a.attnum > 0 AND NOT a.attisdropped
				AND a.attgenerated = '' AND a.attname NOT IN ('user_id', 'id');
			EXECUTE format('UPDATE %I t SET %s FROM jsonb_populate_record(NULL::%I, $1) n WHERE t.user_id = app_user_id() AND t.id = n.id',
				r.table_name, v_set, r.table_name) USING r.before;
		END IF;
	END LOOP;
	RETURN v_act;
END $$;
GRANT EXECUTE ON FUNCTION undo_apply(text) TO {{app}};

---------------------------------------------------------------- numbers that people see

-- Each person's own 1, 2, 3 ... per kind of thing: short to type, and no one else's business.
CREATE TABLE counters (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	kind text NOT NULL,
	last bigint NOT NULL,
	PRIMARY KEY (user_id, kind)
);
SELECT own_table('counters');

-- plpgsql keeps its plan; a function in SQL would be parsed and planned for each row.
CREATE FUNCTION next_id(p_kind text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	v_last bigint;
BEGIN
	INSERT INTO counters (kind, last) VALUES (p_kind, 1)
		ON CONFLICT (user_id, kind) DO UPDATE SET last = counters.last + 1 RETURNING last INTO v_last;
	RETURN v_last;
END $$;
GRANT EXECUTE ON FUNCTION next_id(text) TO {{app}};
