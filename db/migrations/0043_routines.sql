-- What Lembra says by itself at the person's hours, and what it works out for them at night: jobs that follow /config.

---------------------------------------------------------------- whose they are, and when

-- One of them: planned, or dropped where the person does not want it. Planned already at that hour: nothing changes.
CREATE FUNCTION routine_job_for(p_user bigint, p_kind text, p_on boolean, p_at time, p_weekday smallint,
	p_now timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF p_on THEN
		PERFORM job_plan_for(p_user, p_kind, '', p_at, p_weekday, p_now);
	ELSE
		PERFORM job_drop_for(p_user, p_kind, '');
	END IF;
END $$;

-- Everybody asks for the same hours. What nobody waits for is spread over its hour, for each person by the same part of
-- it: the number scatters neighbours, as consecutive ids come from consecutive days.
CREATE FUNCTION routine_spread(p_user bigint, p_seconds int) RETURNS interval LANGUAGE sql IMMUTABLE
AS $$ SELECT make_interval(secs => mod(mod(p_user, 1000003) * 2654435761, p_seconds)) $$;

-- All of a person's, as their profile is now. Guests, who may change nothing, have none, nor has who was removed.
-- Recommendations are made by six, told at the person's own hour: in the hour before the earlier of the two.
CREATE FUNCTION routine_jobs_for(p_user bigint, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v profiles;
	v_on boolean;
	v_recommend time;
BEGIN
	SELECT * INTO v FROM profiles WHERE user_id = p_user;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	v_on := EXISTS (SELECT FROM users WHERE user_id = p_user AND state = 'active' AND role <> 'guest');
	v_recommend := CASE WHEN v.morning_on AND v.morning_at BETWEEN '01:00' AND '06:00' THEN v.morning_at
		ELSE '06:00' END;
	PERFORM routine_job_for(p_user, 'morning', v_on AND v.morning_on, v.morning_at, NULL, p_now),
		routine_job_for(p_user, 'evening', v_on AND v.evening_on, v.evening_at, NULL, p_now),
		routine_job_for(p_user, 'week_plan', v_on AND v.week_plan_on, NULL, NULL, p_now),
		routine_job_for(p_user, 'week_report', v_on AND v.week_report_on, NULL, NULL, p_now),
		routine_job_for(p_user, 'recommend', v_on,
			v_recommend - interval '1 hour' + routine_spread(p_user, 3300), NULL, p_now),
		routine_job_for(p_user, 'nightly', v_on, time '03:30' + routine_spread(p_user, 3600), NULL, p_now);
END $$;

CREATE FUNCTION routine_jobs() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	PERFORM routine_jobs_for(NEW.user_id,
		coalesce(app_now(), CASE WHEN TG_OP = 'INSERT' THEN NEW.updated_at ELSE now() END));
	RETURN NULL;
END $$;
CREATE TRIGGER routine_jobs AFTER INSERT OR UPDATE OF morning_at, morning_on, evening_at, evening_on, week_plan_on,
	week_report_on ON profiles FOR EACH ROW EXECUTE FUNCTION routine_jobs();

-- A guest becomes a user, somebody is removed.
CREATE FUNCTION routine_role() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	PERFORM routine_jobs_for(NEW.user_id, coalesce(app_now(), now()));
	RETURN NULL;
END $$;
CREATE TRIGGER routine_role AFTER UPDATE OF role, state ON users FOR EACH ROW EXECUTE FUNCTION routine_role();

SELECT routine_jobs_for(user_id, now()) FROM users;

---------------------------------------------------------------- where they are told

-- An hour that the person chose for it in /config wins over quiet hours: a review at ten stays one, though quiet begins
-- at ten. Whoever tells it then says so in its transaction. The daily cap and the pause hold all the same.
CREATE OR REPLACE FUNCTION quiet_until(p_now timestamptz, p_zone text, p_from time,
	p_to time) RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN p_from = p_to OR current_setting('app.chosen_hour', true) = 'on' THEN NULL
		WHEN p_from < p_to AND w::time >= p_from AND w::time < p_to THEN (w::date + p_to) AT TIME ZONE p_zone
		WHEN p_from > p_to AND w::time >= p_from THEN (w::date + 1 + p_to) AT TIME ZONE p_zone
		WHEN p_from > p_to AND w::time < p_to THEN (w::date + p_to) AT TIME ZONE p_zone
	END FROM (SELECT p_now AT TIME ZONE p_zone AS w) x
$$;

-- The present person and their chat, a real one before the terminal's. mute: nothing may be told now: everything is
-- paused, the day's messages are used up, or these are quiet hours that last into another day, when it would be stale.
CREATE FUNCTION routine_who(p_chosen boolean) RETURNS TABLE (name text, bot_id bigint, chat_id bigint, mute boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v profiles;
	v_wall timestamp;
BEGIN
	SELECT * INTO v FROM profiles p WHERE p.user_id = app_user_id();
	PERFORM set_config('app.chosen_hour', CASE WHEN p_chosen THEN 'on' ELSE '' END, true);
	v_wall := app_now() AT TIME ZONE v.zone;
	RETURN QUERY SELECT v.name, c.bot_id, c.chat_id, coalesce(v.paused_until > app_now(), false)
		OR coalesce((quiet_until(app_now(), v.zone, v.quiet_from, v.quiet_to) AT TIME ZONE v.zone)::date
			> v_wall::date, false)
		OR v.daily_cap <= (SELECT count(*) FROM outbox o WHERE o.bot_id = c.bot_id AND o.chat_id = c.chat_id
			AND o.class = 'unasked' AND o.state <> 'failed' AND o.part = 0
			AND (o.created_at AT TIME ZONE v.zone)::date = v_wall::date)
		FROM telegram_chats c WHERE c.user_id = v.user_id AND c.state = 'active'
		ORDER BY c.bot_id = 0, c.created_at DESC LIMIT 1;
END $$;
GRANT EXECUTE ON FUNCTION routine_who(boolean) TO {{app}};

---------------------------------------------------------------- a task's hour

-- The instant at which clocks there show this, as core/zone.h has it: an hour that is skipped moves forward by the gap,
-- one that comes twice is the first. A zone that is not known is the service's own.
CREATE FUNCTION wall_instant(p_wall timestamp, p_zone text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	v_zone text := p_zone;
	v_at timestamptz;
BEGIN
	BEGIN
		v_at := p_wall AT TIME ZONE v_zone;
	EXCEPTION WHEN invalid_parameter_value THEN
		v_zone := 'America/Sao_Paulo';
		v_at := p_wall AT TIME ZONE v_zone;
	END;
	RETURN coalesce((SELECT min(v_at - s) FROM unnest('{30 min,1 hour,2 hours}'::interval[]) s
		WHERE (v_at - s) AT TIME ZONE v_zone = p_wall), v_at);
END $$;

-- Which hour of a task was told, or left out because it was too late: once each. It outlives the task, whose
-- deletion may
-- be undone, and is no part of it, so that telling it is no change to undo.
CREATE TABLE task_hours (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	task_id bigint NOT NULL,
	wall timestamp NOT NULL,
	at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, task_id)
);
SELECT own_table('task_hours');

-- An open task with an hour has a job, by whatever way its row changes. An hour that is over as it is set is nothing to
-- tell.
CREATE FUNCTION task_hour_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_open boolean;
	v_at timestamptz;
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF OLD.due_time IS NOT NULL THEN
			PERFORM job_drop_for(OLD.user_id, 'task_hour', OLD.id::text);
		END IF;
		RETURN NULL;
	END IF;
	v_open := NEW.due_time IS NOT NULL AND NEW.status IN ('todo', 'in_progress');
	IF NOT v_open AND (TG_OP = 'INSERT' OR OLD.due_time IS NULL) THEN
		RETURN NULL;
	END IF;
	IF TG_OP = 'UPDATE' AND v_open AND OLD.status IN ('todo', 'in_progress')
		AND (OLD.due_date, OLD.due_time) IS NOT DISTINCT FROM (NEW.due_date, NEW.due_time) THEN
		RETURN NULL;
	END IF;
	IF v_open THEN
		v_at := wall_instant(NEW.due_date + NEW.due_time,
			(SELECT zone FROM profiles WHERE user_id = NEW.user_id));
	END IF;
	IF v_at > coalesce(app_now(), now()) THEN
		PERFORM job_at_for(NEW.user_id, 'task_hour', NEW.id::text, v_at);
	ELSE
		PERFORM job_drop_for(NEW.user_id, 'task_hour', NEW.id::text);
	END IF;
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION task_hour_job() TO {{app}};
CREATE TRIGGER task_hour_job AFTER INSERT OR UPDATE OF status, due_date, due_time OR DELETE ON tasks FOR EACH ROW
	EXECUTE FUNCTION task_hour_job();

-- The hour is one of the person's wall. Who travels past it is told at once.
CREATE FUNCTION task_hours_follow(p_user bigint, p_zone text, p_now timestamptz) RETURNS void LANGUAGE sql
	SECURITY DEFINER SET search_path = public AS $$
	SELECT job_at_for(p_user, 'task_hour', x.id::text, x.at) FROM (
		SELECT id, wall_instant(due_date + due_time, p_zone) AS at FROM tasks WHERE user_id = p_user
			AND status IN ('todo', 'in_progress') AND due_time IS NOT NULL AND due_date >= p_now::date - 2
	) x WHERE x.at > p_now OR EXISTS (SELECT FROM jobs j WHERE j.kind = 'task_hour' AND j.user_id = p_user
		AND j.ref = x.id::text)
$$;
CREATE FUNCTION task_hours_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	PERFORM task_hours_follow(NEW.user_id, NEW.zone, coalesce(app_now(), now()));
	RETURN NULL;
END $$;
CREATE TRIGGER task_hours_zone AFTER UPDATE OF zone ON profiles FOR EACH ROW WHEN (OLD.zone IS DISTINCT
	FROM NEW.zone) EXECUTE FUNCTION task_hours_zone();
SELECT task_hours_follow(user_id, zone, now()) FROM profiles;

---------------------------------------------------------------- what nobody answered, what nobody could hear

-- From now on a reminder that rang is shown until it is settled. What rang long ago is taken as settled.
UPDATE reminders SET state = 'done' WHERE state = 'fired' AND fired_at < now() - interval '2 days';

-- What was for a person who had blocked the bot, kept until it is told: reminders, tasks at their hour, what became of
-- a mail. An answer is not, nor what Lembra says by itself: these have had their hour.
CREATE TABLE missed_messages (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL, -- in the outbox
	at timestamptz NOT NULL,
	text text NOT NULL,
	told_at timestamptz,
	told_in text, -- the message that told it
	PRIMARY KEY (user_id, id)
);
SELECT own_table('missed_messages');

CREATE FUNCTION outbox_missed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	-- Blocked again: what that message told is still to be told.
	UPDATE missed_messages SET told_at = NULL, told_in = NULL WHERE told_in = NEW.dedupe
		AND user_id IN (SELECT user_id FROM directory WHERE login_id = NEW.chat_id);
	IF NOT FOUND THEN
		INSERT INTO missed_messages (user_id, id, at, text)
			SELECT user_id, NEW.id, NEW.created_at, NEW.text FROM directory WHERE login_id = NEW.chat_id
			ON CONFLICT DO NOTHING;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER outbox_missed AFTER UPDATE OF state ON outbox FOR EACH ROW WHEN (NEW.state = 'failed'
	AND NEW.error = 'blocked' AND OLD.state <> 'failed' AND NEW.class <> 'unasked' AND NEW.method = 'send'
	AND NEW.accepted_at IS NULL AND NEW.part = 0 AND NEW.text IS NOT NULL) EXECUTE FUNCTION outbox_missed();
