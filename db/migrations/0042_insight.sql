-- Insight: what each day was like, what the days together say, and the one recommendation of a day.

-- One row a local day. What nobody noted is NULL, never 0: a count is 0 only from the day on which the person began to
-- keep such things here.
CREATE TABLE metrics (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	day date NOT NULL, -- on the person's wall
	sleep double precision, -- hours
	energy double precision, -- 1 to 10
	mood double precision,
	workout boolean,
	tasks_due int, -- due on it while it lasted: what was moved away meanwhile, or later, stays counted
	tasks_moved int NOT NULL DEFAULT 0, -- of these, moved to a later day while it lasted
	due_done int, -- of these, done by its end
	tasks_done int,
	tasks_created int,
	hours_to_done double precision, -- of those done, from making to doing: the median
	hours int[], -- how many were done in each of the 24
	meetings int, -- timed, and not free
	meeting_hours double precision,
	habits_due int, -- daily ones
	habits_done int,
	posts int,
	engagement double precision, -- likes, comments and shares of a post, on average
	updated_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, day)
);
SELECT own_table('metrics');
CREATE INDEX tasks_completed ON tasks (user_id, completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX tasks_due ON tasks (user_id, due_date) WHERE due_date IS NOT NULL;
CREATE INDEX tasks_created ON tasks (user_id, created_at);

CREATE FUNCTION wall_day(p_user bigint, p_at timestamptz) RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public
AS $$ SELECT (p_at AT TIME ZONE zone)::date FROM profiles WHERE user_id = p_user $$;

CREATE FUNCTION metrics_tasks(p_user bigint, p_day date, p_moved int DEFAULT 0) RETURNS void LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_now constant timestamptz := coalesce(app_now(), now());
	v_zone text;
	v_from timestamptz;
	v_to timestamptz;
BEGIN
	SELECT zone INTO v_zone FROM profiles WHERE user_id = p_user;
	v_from := p_day::timestamp AT TIME ZONE v_zone;
	v_to := (p_day + 1)::timestamp AT TIME ZONE v_zone;
	INSERT INTO metrics AS m (user_id, day, tasks_due, tasks_moved, due_done, tasks_done, tasks_created,
		hours_to_done, hours, updated_at)
	SELECT p_user, p_day, d.due + greatest(p_moved, 0), greatest(p_moved, 0), d.done, c.done, n.made, c.wait,
		h.hours, v_now
	FROM (SELECT count(*) AS due, count(*) FILTER (WHERE completed_at < v_to) AS done FROM tasks
			WHERE user_id = p_user AND due_date = p_day AND status <> 'cancelled') d,
		(SELECT count(*) AS done, percentile_cont(0.5) WITHIN GROUP (
			ORDER BY extract(epoch FROM completed_at - created_at) / 3600.0) AS wait FROM tasks
			WHERE user_id = p_user AND completed_at >= v_from AND completed_at < v_to
				AND status = 'done') c,
		(SELECT count(*) AS made FROM tasks WHERE user_id = p_user AND created_at >= v_from
			AND created_at < v_to) n,
		(SELECT array_agg(coalesce(k.n, 0) ORDER BY g.hour) AS hours FROM generate_series(0, 23) AS g (hour)
			LEFT JOIN (SELECT extract(hour FROM completed_at AT TIME ZONE v_zone)::int AS hour,
				count(*)::int AS n FROM tasks WHERE user_id = p_user AND completed_at >= v_from
					AND completed_at < v_to AND status = 'done' GROUP BY 1) k USING (hour)) h
	WHERE EXISTS (SELECT FROM tasks WHERE user_id = p_user AND created_at < v_to)
		OR EXISTS (SELECT FROM metrics WHERE user_id = p_user AND day = p_day AND tasks_created IS NOT NULL)
	ON CONFLICT (user_id, day) DO UPDATE SET tasks_moved = greatest(m.tasks_moved + p_moved, 0),
		-- A day that is over was what it was.
		tasks_due = CASE WHEN v_to <= v_now AND m.tasks_due IS NOT NULL THEN m.tasks_due
			ELSE excluded.tasks_due - excluded.tasks_moved + greatest(m.tasks_moved + p_moved, 0) END,
		due_done = excluded.due_done, tasks_done = excluded.tasks_done,
		tasks_created = excluded.tasks_created, hours_to_done = excluded.hours_to_done,
		hours = excluded.hours, updated_at = excluded.updated_at;
END $$;

CREATE FUNCTION metrics_checkins(p_user bigint, p_day date) RETURNS void LANGUAGE sql SECURITY DEFINER
	SET search_path = public AS $$
	INSERT INTO metrics AS m (user_id, day, sleep, energy, mood, workout, habits_due, habits_done, updated_at)
	SELECT p_user, p_day, c.sleep, c.energy, c.mood, c.workout > 0, nullif(h.due, 0),
		CASE WHEN h.due > 0 THEN h.done END, coalesce(app_now(), now())
	FROM (SELECT max(value) FILTER (WHERE kind = 'sleep') AS sleep,
			max(value) FILTER (WHERE kind = 'energy') AS energy,
			max(value) FILTER (WHERE kind = 'mood') AS mood,
			max(value) FILTER (WHERE kind = 'workout') AS workout FROM checkins
			WHERE user_id = p_user AND day = p_day) c,
		(SELECT count(*) AS due, count(*) FILTER (WHERE k.value >= target) AS done FROM habits h
			LEFT JOIN checkins k ON k.user_id = h.user_id AND k.habit_id = h.id AND k.day = p_day
			WHERE h.user_id = p_user AND h.per = 'day' AND h.active
				AND wall_day(p_user, h.created_at) <= p_day) h
	WHERE h.due > 0 OR EXISTS (SELECT FROM checkins WHERE user_id = p_user AND day = p_day)
		OR EXISTS (SELECT FROM metrics WHERE user_id = p_user AND day = p_day)
	ON CONFLICT (user_id, day) DO UPDATE SET sleep = excluded.sleep, energy = excluded.energy,
		mood = excluded.mood, workout = excluded.workout,
		habits_due = greatest(m.habits_due, excluded.habits_due),
		habits_done = coalesce(excluded.habits_done, m.habits_done), updated_at = excluded.updated_at
$$;

CREATE FUNCTION metrics_posts(p_user bigint, p_day date) RETURNS void LANGUAGE sql SECURITY DEFINER
	SET search_path = public AS $$
	INSERT INTO metrics AS m (user_id, day, posts, engagement, updated_at)
	SELECT p_user, p_day, count(*), avg(coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0))
		FILTER (WHERE coalesce(likes, comments, shares) IS NOT NULL), coalesce(app_now(), now())
	FROM content_posts WHERE user_id = p_user AND published_at >= p_day::timestamp
		AND published_at < (p_day + 1)::timestamp
	HAVING EXISTS (SELECT FROM content_posts WHERE user_id = p_user AND published_at < (p_day + 1)::timestamp)
		OR EXISTS (SELECT FROM metrics WHERE user_id = p_user AND day = p_day)
	ON CONFLICT (user_id, day) DO UPDATE SET posts = excluded.posts, engagement = excluded.engagement,
		updated_at = excluded.updated_at
$$;

-- Those days of a list that have come, each once, in their order: two changes at a time lock them alike.
CREATE FUNCTION metrics_touched(p_user bigint, p_days date[]) RETURNS SETOF date LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public AS $$
	SELECT DISTINCT d FROM unnest(p_days) d WHERE d <= wall_day(p_user, coalesce(app_now(), now())) ORDER BY d
$$;

-- Rows follow whole statements: what moves or erases thousands of tasks works a day out once, not once a task.
CREATE FUNCTION metrics_follow(p_what text, p_user bigint, p_days date[], p_moved int DEFAULT 0) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_today constant date := wall_day(p_user, coalesce(app_now(), now()));
	v_day date;
BEGIN
	-- person_erase leaves it so until its transaction ends: these rows go too, and a life of days takes long.
	IF current_setting('app.erasing', true) = 'off' THEN
		RETURN;
	END IF;
	FOR v_day IN SELECT metrics_touched(p_user, p_days) LOOP
		CASE p_what
			WHEN 'tasks' THEN
				PERFORM metrics_tasks(p_user, v_day, CASE WHEN v_day = v_today THEN p_moved ELSE 0 END);
			WHEN 'checkins' THEN PERFORM metrics_checkins(p_user, v_day);
			WHEN 'posts' THEN PERFORM metrics_posts(p_user, v_day);
		END CASE;
	END LOOP;
END $$;

CREATE FUNCTION metrics_follow_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM metrics_follow('tasks', user_id, array_agg(due_date) || array_agg(wall_day(user_id,
			completed_at)) || array_agg(wall_day(user_id, created_at))) FROM new_rows GROUP BY user_id;
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM metrics_follow('tasks', user_id, array_agg(due_date) || array_agg(wall_day(user_id,
			completed_at)) || array_agg(wall_day(user_id, created_at))) FROM old_rows GROUP BY user_id;
	ELSE
		PERFORM metrics_follow('tasks', x.user_id, array_agg(x.was_due) || array_agg(x.due) || array_agg(
			wall_day(x.user_id, x.was_done)) || array_agg(wall_day(x.user_id, x.done)),
			count(*) FILTER (WHERE x.open AND x.was_due = x.today AND x.due > x.today)::int
			- count(*) FILTER (WHERE x.open AND x.due = x.today AND x.was_due > x.today)::int)
		FROM (SELECT user_id, o.due_date AS was_due, n.due_date AS due, o.completed_at AS was_done,
				n.completed_at AS done, n.status IN ('todo', 'in_progress') AS open,
				wall_day(user_id, coalesce(app_now(), now())) AS today
			FROM old_rows o JOIN new_rows n USING (user_id, id)
			WHERE (o.status, o.due_date, o.completed_at) IS DISTINCT
				FROM (n.status, n.due_date, n.completed_at)) x
		GROUP BY x.user_id;
	END IF;
	RETURN NULL;
END $$;

CREATE FUNCTION metrics_follow_checkins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM metrics_follow('checkins', user_id, array_agg(day)) FROM new_rows GROUP BY user_id;
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM metrics_follow('checkins', user_id, array_agg(day)) FROM old_rows GROUP BY user_id;
	ELSE
		PERFORM metrics_follow('checkins', user_id, array_agg(o.day) || array_agg(n.day))
			FROM old_rows o JOIN new_rows n USING (user_id, id)
			WHERE (o.day, o.value) IS DISTINCT FROM (n.day, n.value) GROUP BY user_id;
	END IF;
	RETURN NULL;
END $$;

CREATE FUNCTION metrics_follow_posts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM metrics_follow('posts', user_id, array_agg(published_at::date)) FROM new_rows GROUP BY user_id;
	ELSIF TG_OP = 'DELETE' THEN
		PERFORM metrics_follow('posts', user_id, array_agg(published_at::date)) FROM old_rows GROUP BY user_id;
	ELSE
		PERFORM metrics_follow('posts', user_id, array_agg(o.published_at::date)
				|| array_agg(n.published_at::date))
			FROM old_rows o JOIN new_rows n USING (user_id, id)
			WHERE (o.published_at, o.likes, o.comments, o.shares) IS DISTINCT
				FROM (n.published_at, n.likes, n.comments, n.shares) GROUP BY user_id;
	END IF;
	RETURN NULL;
END $$;

CREATE TRIGGER metrics_follow_insert AFTER INSERT ON tasks REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_tasks();
CREATE TRIGGER metrics_follow_update AFTER UPDATE ON tasks REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_tasks();
CREATE TRIGGER metrics_follow_delete AFTER DELETE ON tasks REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_tasks();
CREATE TRIGGER metrics_follow_insert AFTER INSERT ON checkins REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_checkins();
CREATE TRIGGER metrics_follow_update AFTER UPDATE ON checkins REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_checkins();
CREATE TRIGGER metrics_follow_delete AFTER DELETE ON checkins REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_checkins();
CREATE TRIGGER metrics_follow_insert AFTER INSERT ON content_posts REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_posts();
CREATE TRIGGER metrics_follow_update AFTER UPDATE ON content_posts REFERENCING OLD TABLE AS old_rows
	NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_posts();
CREATE TRIGGER metrics_follow_delete AFTER DELETE ON content_posts REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION metrics_follow_posts();

-- Erasing a person's things leaves rows of days, until the person goes too.
CREATE FUNCTION metrics_forget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	DELETE FROM metrics WHERE user_id = OLD.user_id;
	RETURN OLD;
END $$;
CREATE TRIGGER metrics_forget BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION metrics_forget();

-- The present person's days from one to another, as they are known now.
CREATE FUNCTION metrics_refresh(p_from date, p_to date) RETURNS void LANGUAGE sql SECURITY DEFINER
	SET search_path = public AS $$
	SELECT metrics_tasks(app_user_id(), d), metrics_checkins(app_user_id(), d), metrics_posts(app_user_id(), d)
	FROM metrics_touched(app_user_id(), ARRAY(SELECT g::date FROM generate_series(p_from, p_to,
		interval '1 day') g)) d
$$;
GRANT EXECUTE ON FUNCTION metrics_refresh(date, date) TO {{app}};

---------------------------------------------------------------- what the days say

-- How often a question was looked at: each look spends a part of the whole level, and none is taken twice
-- (ml/insight/schedule.h).
CREATE TABLE insight_looks (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	kind text NOT NULL, -- "sleep_energy"
	looks int NOT NULL,
	looked_on date NOT NULL,
	PRIMARY KEY (user_id, kind)
);
SELECT own_table('insight_looks');

CREATE TABLE findings (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('finding'),
	kind text NOT NULL,
	detail text NOT NULL DEFAULT '', -- the hour, the weekday, the theme
	lag int NOT NULL DEFAULT 0,
	tier text NOT NULL CHECK (tier IN ('likely', 'confirmed', 'withdrawn')),
	n int NOT NULL,
	effect double precision NOT NULL,
	unit text NOT NULL, -- "r", "x" (times the others), "sd"
	low double precision, -- its 95 % interval
	high double precision,
	p double precision NOT NULL,
	q double precision NOT NULL,
	fails int NOT NULL DEFAULT 0, -- looks in a row at which it did not hold
	found_on date NOT NULL, -- the last day that had a part in finding it: later ones alone can confirm it
	looked_on date NOT NULL,
	told_tier text NOT NULL DEFAULT '', -- what the person was last told of it
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, kind, lag, detail)
);
SELECT own_table('findings');

---------------------------------------------------------------- recommendations

-- One a local day. title and reasoning are the words it was made in; the other columns are what it stands on.
CREATE TABLE recommendations (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('recommendation'),
	day date NOT NULL,
	type text NOT NULL, -- "peak_hour", "overdue", "missing" ...
	source text NOT NULL CHECK (source IN ('pattern', 'forecast', 'fact', 'missing')),
	title text NOT NULL,
	reasoning text NOT NULL,
	finding_id bigint,
	object text NOT NULL DEFAULT '', -- what it is about: "task", "contact" ...
	object_id bigint,
	n int,
	effect double precision,
	low double precision,
	high double precision,
	tier text NOT NULL DEFAULT '',
	action_tool text NOT NULL DEFAULT '', -- what its button runs
	action_args text NOT NULL DEFAULT '', -- as JSON
	action_label text NOT NULL DEFAULT '',
	outside boolean NOT NULL DEFAULT false, -- holds somebody else's words
	status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'read', 'applied', 'dismissed')),
	feedback text CHECK (feedback IN ('useful', 'not_now', 'never')),
	made_at timestamptz NOT NULL DEFAULT app_now(),
	told_at timestamptz,
	answered_at timestamptz,
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, day),
	FOREIGN KEY (user_id, finding_id) REFERENCES findings
);
SELECT own_table('recommendations');
