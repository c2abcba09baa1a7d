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
