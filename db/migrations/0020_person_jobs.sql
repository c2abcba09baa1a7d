-- Jobs of people: at their own hours, each occurrence once, with a row that says how it went.
-- The scheduler alone knows clocks and zones (cron/plan.h). The database says what there is to plan: a row with due_at
-- NULL and an hour of a wall is planned from run_at on, as soon as a scheduler sees it.

ALTER TABLE jobs
	ADD COLUMN local boolean NOT NULL DEFAULT false, -- at an hour on the person's wall: moves when their zone does
	ADD COLUMN at_time time,                         -- that hour; NULL: the kind's own
	ADD COLUMN weekday smallint CHECK (weekday BETWEEN 1 AND 7), -- 1 Monday; NULL: the kind's own
	ADD COLUMN due_at timestamptz,
		                  -- when it was due, while run_at moves with each try; NULL: at run_at
	ADD COLUMN occurrence text NOT NULL DEFAULT '',  -- the local date that it is due for
	ADD COLUMN lease_owner int;                      -- the advisory lock of whoever leased it, or 0
ALTER TABLE jobs SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);

-- A kind at a time: one that has much to do hides no other.
DROP INDEX jobs_due, jobs_reminders, jobs_house;
CREATE INDEX jobs_kind ON jobs (kind, run_at);
CREATE INDEX jobs_local ON jobs (user_id) WHERE local;

-- One row an occurrence: a person's local date, or an instant. It holds nothing that anyone said.
CREATE TABLE job_runs (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL,
	user_id bigint REFERENCES users, -- NULL: of the house
	ref text NOT NULL DEFAULT '',
	occurrence text NOT NULL,
	due_at timestamptz NOT NULL,
	first_at timestamptz NOT NULL, -- when it was begun, and begun again
	last_at timestamptz NOT NULL,
	attempts int NOT NULL DEFAULT 1,
	state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'failed', 'done', 'reported', 'skipped',
		'given_up')),
	error text, -- the code of the last try's
	ended_at timestamptz,
	duration_us bigint -- of the last try
);
CREATE UNIQUE INDEX job_runs_once ON job_runs (kind, coalesce(user_id, 0), ref, occurrence);
CREATE INDEX job_runs_user ON job_runs (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX job_runs_due ON job_runs (due_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_runs TO {{queue}};

---------------------------------------------------------------- planning

-- A person's recurring job, at an hour and on a weekday of their wall (NULL: the kind's own). Planned already: nothing
-- changes, else it counts from p_now on. For triggers and migrations, which know whose it is.
CREATE FUNCTION job_plan_for(p_user bigint, p_kind text, p_ref text, p_at time, p_weekday smallint,
	p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	INSERT INTO jobs AS j (kind, user_id, ref, run_at, local, at_time, weekday) VALUES (p_kind, p_user, p_ref,
		p_now, true, p_at, p_weekday)
		ON CONFLICT (kind, coalesce(user_id, 0), ref) DO UPDATE SET run_at = excluded.run_at, local = true,
			at_time = excluded.at_time,
			weekday = excluded.weekday, due_at = NULL, occurrence = '', attempts = 0, lease_until = NULL,
				lease_token = NULL, lease_owner = NULL
		WHERE (j.local, j.at_time, j.weekday) IS DISTINCT FROM (true, excluded.at_time, excluded.weekday);
	IF FOUND THEN
		PERFORM pg_notify('lembra_jobs', '');
	END IF;
END $$;

-- A person's job at an instant, once. Whoever runs it now loses it.
CREATE FUNCTION job_at_for(p_user bigint, p_kind text, p_ref text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	INSERT INTO jobs (kind, user_id, ref, run_at) VALUES (p_kind, p_user, p_ref, p_at)
		ON CONFLICT (kind, coalesce(user_id, 0), ref) DO UPDATE SET run_at = excluded.run_at, local = false,
			due_at = NULL, occurrence = '',
			attempts = 0, lease_until = NULL, lease_token = NULL, lease_owner = NULL;
	-- The scheduler looks every second by itself; what is soon wakes it.
	IF p_at < app_now() + interval '1 minute' THEN
		PERFORM pg_notify('lembra_jobs', '');
	END IF;
END $$;

CREATE FUNCTION job_drop_for(p_user bigint, p_kind text, p_ref text) RETURNS void LANGUAGE sql SECURITY DEFINER
	SET search_path = public
AS $$ DELETE FROM jobs WHERE kind = p_kind AND coalesce(user_id, 0) = p_user AND ref = p_ref $$;

-- The same for tools: of the present person, and of nobody when there is none.
CREATE FUNCTION job_person() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF app_user_id() IS NULL THEN
		RAISE EXCEPTION 'a job for nobody' USING ERRCODE = 'LB403';
	END IF;
	RETURN app_user_id();
END $$;
CREATE FUNCTION job_plan(p_kind text, p_ref text, p_at time,
	p_weekday smallint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$ SELECT job_plan_for(job_person(), p_kind, p_ref, p_at, p_weekday, app_now()) $$;
CREATE FUNCTION job_at(p_kind text, p_ref text, p_at timestamptz) RETURNS void LANGUAGE sql SECURITY DEFINER
	SET search_path = public
AS $$ SELECT job_at_for(job_person(), p_kind, p_ref, p_at) $$;
CREATE FUNCTION job_drop(p_kind text, p_ref text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$ SELECT job_drop_for(job_person(), p_kind, p_ref) $$;
GRANT EXECUTE ON FUNCTION job_plan(text, text, time, smallint), job_at(text, text, timestamptz), job_drop(text,
	text) TO {{app}};

-- A person's clocks change: what is still to come on their wall is planned anew. What is due already runs first.
CREATE FUNCTION jobs_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_now constant timestamptz := coalesce(app_now(), now());
BEGIN
	UPDATE jobs SET run_at = least(run_at, v_now), due_at = NULL, occurrence = '', lease_until = NULL,
		lease_token = NULL, lease_owner = NULL
		WHERE user_id = NEW.user_id AND local AND (due_at IS NULL OR due_at > v_now);
	PERFORM pg_notify('lembra_jobs', '');
	RETURN NULL;
END $$;
CREATE TRIGGER jobs_follow AFTER UPDATE OF zone ON profiles FOR EACH ROW WHEN (OLD.zone IS DISTINCT
	FROM NEW.zone) EXECUTE FUNCTION jobs_follow();

-- In the transaction of a job's effect: the occurrence is done when the effect is, and only by whoever still holds the
-- job.
CREATE FUNCTION job_done(p_job bigint, p_token bigint, p_run bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
BEGIN
	PERFORM FROM jobs WHERE id = p_job AND lease_token = p_token AND user_id = app_user_id() FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the job is another''s by now' USING ERRCODE = 'LBLSE';
	END IF;
	UPDATE job_runs SET state = 'done', error = NULL, ended_at = app_now() WHERE id = p_run
		AND user_id = app_user_id() AND state = 'running';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'done before' USING ERRCODE = 'LBLSE';
	END IF;
END $$;
GRANT EXECUTE ON FUNCTION job_done(bigint, bigint, bigint) TO {{app}};

-- Reminders: each pending one has a job, kept in step by whatever way its row changes, undo and erasure too.
CREATE OR REPLACE FUNCTION reminder_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		PERFORM job_drop_for(OLD.user_id, 'reminder', OLD.id::text);
	ELSIF NEW.state <> 'pending' THEN
		PERFORM job_drop_for(NEW.user_id, 'reminder', NEW.id::text);
	ELSE
		PERFORM job_at_for(NEW.user_id, 'reminder', NEW.id::text, NEW.fire_at);
	END IF;
	RETURN NULL;
END $$;

-- Everybody's things are tidied at night (cron/job_tidy.c).
CREATE FUNCTION person_jobs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	PERFORM job_plan_for(NEW.user_id, 'tidy', '', NULL, NULL, NEW.updated_at);
	RETURN NULL;
END $$;
CREATE TRIGGER person_jobs AFTER INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION person_jobs();
SELECT job_plan_for(user_id, 'tidy', '', NULL, NULL, now()) FROM users;

---------------------------------------------------------------- what people may see of it, and what time takes away

CREATE OR REPLACE FUNCTION export_delivery() RETURNS TABLE (part text,
	body jsonb) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_user constant bigint := app_user_id();
	v_logins bigint[];
BEGIN
	SELECT coalesce(array_agg(login_id), '{}') INTO v_logins FROM directory d WHERE d.user_id = v_user;
	RETURN QUERY SELECT 'chats', NULL::jsonb;
	RETURN QUERY SELECT 'chats', to_jsonb(c) FROM chats c WHERE c.chat_id = ANY (v_logins) ORDER BY c.bot_id,
		c.chat_id, c.lane;
	RETURN QUERY SELECT 'directory', NULL::jsonb;
	RETURN QUERY SELECT 'directory', to_jsonb(d) FROM directory d WHERE d.user_id = v_user ORDER BY d.login_id;
	RETURN QUERY SELECT 'jobs', NULL::jsonb;
	RETURN QUERY SELECT 'jobs', to_jsonb(j) FROM jobs j WHERE j.user_id = v_user ORDER BY j.id;
	RETURN QUERY SELECT 'job_runs', NULL::jsonb;
	RETURN QUERY SELECT 'job_runs', to_jsonb(r) FROM job_runs r WHERE r.user_id = v_user ORDER BY r.id;
	RETURN QUERY SELECT 'outbox', NULL::jsonb;
	RETURN QUERY SELECT 'outbox', to_jsonb(o) FROM outbox o WHERE o.chat_id = ANY (v_logins) ORDER BY o.id;
	RETURN QUERY SELECT 'queue', NULL::jsonb;
	RETURN QUERY SELECT 'queue', to_jsonb(q) FROM queue q WHERE q.chat_id = ANY (v_logins) ORDER BY q.seq;
	RETURN QUERY SELECT 'rate_limits', NULL::jsonb;
	RETURN QUERY SELECT 'rate_limits', to_jsonb(r) FROM rate_limits r
		WHERE split_part(r.key, ':', 2) = v_user::text OR split_part(r.key, ':', 2) = ANY (v_logins::text[])
			ORDER BY r.key, r.window_at;
	RETURN QUERY SELECT 'strangers', NULL::jsonb;
	RETURN QUERY SELECT 'strangers', to_jsonb(s) FROM strangers s WHERE s.login_id = ANY (v_logins)
		ORDER BY s.login_id, s.day;
	RETURN QUERY SELECT 'updates', NULL::jsonb;
	RETURN QUERY SELECT 'updates', to_jsonb(u) FROM updates u WHERE u.chat_id = ANY (v_logins) ORDER BY u.bot_id,
		u.update_id;
END $$;

CREATE OR REPLACE FUNCTION retain(p_now timestamptz, p_log_days bigint,
	p_said_days bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_n bigint;
	v_total bigint := 0;
	v_week constant timestamptz := p_now - interval '7 days';
BEGIN
	DELETE FROM updates WHERE state = 'done' AND received_at < v_week; -- update_id can restart after a week
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM updates WHERE state = 'dead' AND done_at < v_week;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	UPDATE outbox SET text = NULL, markup = NULL WHERE state <> 'pending' AND coalesce(sent_at,
		created_at) < v_week AND text IS NOT NULL;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM outbox WHERE state <> 'pending' AND coalesce(sent_at,
		created_at) < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	-- Not while their update may still be run again.
	DELETE FROM turn_steps t WHERE created_at < v_week
		AND NOT EXISTS (SELECT FROM updates u WHERE u.bot_id = t.bot_id AND u.update_id = t.update_id
			AND u.state <> 'done');
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM interactions i USING profiles p WHERE p.user_id = i.user_id
		AND i.created_at < p_now - make_interval(days => least(p.interactions_days, p_said_days)::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM assistant_logs WHERE created_at < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	-- What a turn wrote of someone who was erased meanwhile.
	DELETE FROM interactions WHERE user_id NOT IN (SELECT user_id FROM users);
	DELETE FROM assistant_logs WHERE user_id NOT IN (SELECT user_id FROM users);
	DELETE FROM turn_steps WHERE user_id NOT IN (SELECT user_id FROM users);
	DELETE FROM job_runs WHERE due_at < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM strangers WHERE day < (v_week AT TIME ZONE 'UTC')::date;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM rate_limits WHERE window_at < p_now - interval '1 day';
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM pairing_codes WHERE expires_at < v_week;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM chats c WHERE pending = 0 AND lease_until IS NULL AND ready_at IS NULL
		AND NOT EXISTS (SELECT FROM directory WHERE login_id = c.chat_id) AND (send_at IS NULL
			OR send_at < clock_timestamp() - interval '1 day');
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	RETURN v_total;
END $$;
