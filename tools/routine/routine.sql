-- routine: what is told at the person's own hours.

-- STMT_ROUTINE_WHO (b) = name bot_id chat_id mute
-- whether this is the hour they chose for it: who they are, where they hear it, whether they may hear nothing now. No
-- row: nowhere.
SELECT name, bot_id, chat_id, mute FROM routine_who($1);

-- STMT_ROUTINE_TODAY (s) = total TASK
-- today: what is due, and what is urgent or high without a day; the most urgent first. Before each how many there are.
SELECT count(*) OVER () AS total, id, title, priority, array_to_string(tags, ' #') AS tags,
		coalesce(due_date::text, '') AS due_date, coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time,
		coalesce(rrule, '') AS rrule, '' AS project, coalesce(estimate_min, 0) AS estimate, status, project_id,
		parent_id, outside
	FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
		AND (due_date = $1::date OR (due_date IS NULL AND priority IN ('urgent', 'high')))
	ORDER BY CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, tasks.due_date NULLS LAST,
		tasks.due_time NULLS LAST, id LIMIT 8;

-- STMT_ROUTINE_LATE (s) = total TASK
-- today: what was due before, the oldest first. Before each how many there are.
SELECT count(*) OVER () AS total, id, title, priority, array_to_string(tags, ' #') AS tags,
		coalesce(due_date::text, '') AS due_date, coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time,
		coalesce(rrule, '') AS rrule, '' AS project, coalesce(estimate_min, 0) AS estimate, status, project_id,
		parent_id, outside
	FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date < $1::date
	ORDER BY tasks.due_date, tasks.due_time NULLS LAST, id LIMIT 3;

-- STMT_ROUTINE_RINGS (tt) = total at text outside
-- from, until: reminders that ring then.
SELECT count(*) OVER () AS total, time_to_us(fire_at) AS at, text, outside FROM reminders
	WHERE user_id = app_user_id() AND state = 'pending' AND fire_at >= $1 AND fire_at < $2 ORDER BY fire_at, id
	LIMIT 8;

-- STMT_ROUTINE_DONE (tt) = total title outside
-- from, until: what got done, the latest first. Before each how much there is.
SELECT count(*) OVER () AS total, title, outside FROM tasks
	WHERE user_id = app_user_id() AND status = 'done' AND completed_at >= $1 AND completed_at < $2
	ORDER BY completed_at DESC, id DESC LIMIT 5;

-- STMT_ROUTINE_LEFT (s) = total TASK
-- day: what was due then and is open. Before each how many there are.
SELECT count(*) OVER () AS total, id, title, priority, array_to_string(tags, ' #') AS tags,
		coalesce(due_date::text, '') AS due_date, coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time,
		coalesce(rrule, '') AS rrule, '' AS project, coalesce(estimate_min, 0) AS estimate, status, project_id,
		parent_id, outside
	FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date = $1::date
	ORDER BY CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, tasks.due_time NULLS LAST, id
		LIMIT 5;

-- STMT_ROUTINE_WEEK (ssi) = due total TASK
-- from, until (days), how many of each day: what is due then, day by day. Before each how many that day has.
SELECT due_date::text AS due, total, id, title, priority, array_to_string(tags, ' #') AS tags,
		due_date::text AS due_date, coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time,
		coalesce(rrule, '') AS rrule, '' AS project, coalesce(estimate_min, 0) AS estimate, status, project_id,
		parent_id, outside
	FROM (SELECT *, count(*) OVER (PARTITION BY due_date) AS total, row_number() OVER (PARTITION BY due_date
			ORDER BY due_time NULLS LAST, CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END,
				id) AS place
		FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
			AND due_date >= $1::date AND due_date < $2::date) t
	WHERE place <= $3 ORDER BY t.due_date, place;

-- STMT_ROUTINE_UNDATED () = total title outside
-- Open tasks without a day, the oldest first. Before each how many there are.
SELECT count(*) OVER () AS total, title, outside FROM tasks
	WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date IS NULL ORDER BY id LIMIT 3;

-- STMT_ROUTINE_STUCK () = total name
-- Projects under way that nothing is to be done for. Before each how many there are.
SELECT count(*) OVER () AS total, name FROM projects p
	WHERE user_id = app_user_id() AND status IN ('planning', 'active') AND NOT EXISTS (SELECT FROM tasks t
		WHERE t.user_id = p.user_id AND t.project_id = p.id AND t.status IN ('todo', 'in_progress'))
	ORDER BY id LIMIT 3;

-- STMT_ROUTINE_NUMBERS (sssts) = done done_before due due_done best_day best posts views sleep sleep_n
-- = energy energy_n mood mood_n workouts newcomer
-- Monday of the week before last, Monday and Sunday of last week, now, zone: what got done in each of the two weeks,
-- what was due in the latter and what of it is done; the one day on which most got done ("" when there is none such);
-- posts and their views; averages with the days that they are of; workouts; whether the person came after that week.
-- Days are those of the wall.
WITH done AS (
	SELECT (completed_at AT TIME ZONE $5)::date AS day FROM tasks WHERE user_id = app_user_id()
		AND status = 'done' AND completed_at > $4 - interval '16 days'
), days AS (SELECT day, count(*) AS n FROM done WHERE day BETWEEN $2::date AND $3::date GROUP BY day),
best AS (SELECT day, n FROM days WHERE n >= 2 AND n = (SELECT max(n) FROM days)),
due AS (
	SELECT status FROM tasks WHERE user_id = app_user_id() AND status <> 'cancelled'
		AND due_date BETWEEN $2::date AND $3::date
), posts AS (
	SELECT views FROM content_posts WHERE user_id = app_user_id() AND published_at::date BETWEEN $2::date AND
		$3::date
), said AS (
	SELECT kind, avg(value) AS value, count(*) AS n, count(*) FILTER (WHERE value > 0) AS yes FROM checkins
		WHERE user_id = app_user_id() AND day BETWEEN $2::date AND $3::date AND value IS NOT NULL GROUP BY kind
)
SELECT (SELECT count(*) FROM done WHERE day BETWEEN $2::date AND $3::date) AS done,
	(SELECT count(*) FROM done WHERE day >= $1::date AND day < $2::date) AS done_before,
	(SELECT count(*) FROM due) AS due, (SELECT count(*) FROM due WHERE status = 'done') AS due_done,
	CASE WHEN (SELECT count(*) FROM best) = 1 THEN (SELECT day::text FROM best) ELSE '' END AS best_day,
	coalesce((SELECT max(n) FROM best), 0) AS best,
	(SELECT count(*) FROM posts) AS posts, (SELECT coalesce(sum(views), 0)::bigint FROM posts) AS views,
	coalesce((SELECT value FROM said WHERE kind = 'sleep'), 0) AS sleep,
	coalesce((SELECT n FROM said WHERE kind = 'sleep'), 0) AS sleep_n,
	coalesce((SELECT value FROM said WHERE kind = 'energy'), 0) AS energy,
	coalesce((SELECT n FROM said WHERE kind = 'energy'), 0) AS energy_n,
	coalesce((SELECT value FROM said WHERE kind = 'mood'), 0) AS mood,
	coalesce((SELECT n FROM said WHERE kind = 'mood'), 0) AS mood_n,
	coalesce((SELECT yes FROM said WHERE kind = 'workout'), 0) AS workouts,
	(SELECT (created_at AT TIME ZONE $5)::date > $3::date FROM users WHERE user_id = app_user_id()) AS newcomer;

-- STMT_POSTPONE_TASK (iss) = TASK
-- id, day, time or NULL (as it is): an open one is due then.
UPDATE tasks SET due_date = $2::date, due_time = coalesce($3::time, due_time), updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1 AND status IN ('todo', 'in_progress')
	RETURNING id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = tasks.user_id AND p.id = tasks.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside;

-- STMT_POSTPONE_ALL (ss) = id
-- day, another: what is open of the one is due on the other.
UPDATE tasks SET due_date = $2::date, updated_at = app_now()
	WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date = $1::date RETURNING id;

-- STMT_TASK_HOUR_GET (i) = TASK over bot_id chat_id
-- Locked, where it is open and has an hour: whether that hour was told, or a reminder of the same rings at it; and
-- where
-- the person hears it.
SELECT id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = t.user_id AND p.id = t.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside,
	EXISTS (SELECT FROM task_hours h WHERE h.user_id = t.user_id AND h.task_id = t.id
			AND h.wall = t.due_date + t.due_time)
		OR EXISTS (SELECT FROM reminders r WHERE r.user_id = t.user_id AND r.state <> 'cancelled'
			AND (r.task_id = t.id OR fold(r.text) = fold(t.title))
			AND (r.wall = t.due_date + t.due_time OR date_trunc('minute',
				r.fired_at) = date_trunc('minute', app_now()))) AS over,
	coalesce(c.bot_id, 0) AS bot_id, coalesce(c.chat_id, 0) AS chat_id
	FROM tasks t LEFT JOIN LATERAL (SELECT bot_id, chat_id FROM telegram_chats WHERE user_id = t.user_id
		ORDER BY state <> 'active', bot_id = 0, created_at DESC LIMIT 1) c ON true
	WHERE t.user_id = app_user_id() AND t.id = $1 AND t.status IN ('todo', 'in_progress') AND t.due_time IS NOT NULL
	FOR UPDATE OF t;

-- STMT_TASK_HOUR_TOLD (is)
-- task, the hour on the wall: it is told, or will not be.
INSERT INTO task_hours (task_id, wall) VALUES ($1, $2::timestamp)
	ON CONFLICT (user_id, task_id) DO UPDATE SET wall = excluded.wall, at = app_now();

-- STMT_TASK_HOUR_AT (st) = planned
-- task, when it is due
SELECT job_at('task_hour', $1, $2) AS planned;

-- STMT_TASK_HOUR_DROP (s) = dropped
-- task
SELECT job_drop('task_hour', $1) AS dropped;

-- STMT_MISSED_TELL (s) = line at n total
-- the message that tells it: what could not be heard, by its first line, each with when it was first said and how
-- often; how many such there are.
WITH told AS (
	UPDATE missed_messages SET told_at = app_now(), told_in = $1 WHERE user_id = app_user_id() AND told_at IS NULL
		RETURNING split_part(text, E'\n', 1) AS line, at
)
SELECT line, time_to_us(min(at)) AS at, count(*) AS n, count(*) OVER () AS total FROM told GROUP BY line
	ORDER BY min(at) LIMIT 40;
