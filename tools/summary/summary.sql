-- summary: the day at a glance.

-- STMT_SUMMARY_TASKS (s) = TASK late
-- today (YYYY-MM-DD): overdue and due today, the most overdue first; a row past the shown ones tells that there are
-- more.
SELECT id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = tasks.user_id AND p.id = tasks.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside,
				due_date < $1::date AS late
	FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date <= $1::date
	ORDER BY tasks.due_date, tasks.due_time NULLS LAST,
		CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END, id LIMIT 11;

-- STMT_SUMMARY_REMINDERS (tb) = REMINDER
-- until when, whether that is today: what rings by then, and today what rang and was not answered
SELECT id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag, outside,
	time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang
	FROM reminders
	WHERE user_id = app_user_id() AND ((state = 'pending' AND fire_at < $1) OR (state = 'fired' AND $2))
	ORDER BY fire_at LIMIT 10;

-- STMT_SUMMARY_COUNTS (s) = open done inbox checked_in follow_ups
-- today: open tasks, done today, inbox, whether something was checked in today, contacts to get back to by today
SELECT (SELECT count(*) FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')) AS open,
	(SELECT count(*) FROM tasks t JOIN profiles p USING (user_id) WHERE t.user_id = app_user_id()
		AND t.status = 'done' AND (t.completed_at AT TIME ZONE p.zone)::date = $1::date) AS done,
	(SELECT count(*) FROM inbox_items WHERE user_id = app_user_id() AND status = 'new') AS inbox,
	EXISTS (SELECT FROM checkins WHERE user_id = app_user_id() AND day = $1::date) AS checked_in,
	(SELECT count(*) FROM contacts WHERE user_id = app_user_id() AND next_follow_up <= $1::date) AS follow_ups;
