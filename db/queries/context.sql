-- context: what a model is told before it answers.

-- STMT_CONTEXT_PROFILE () = name goals principles autonomy
SELECT name, goals, principles, autonomy FROM profiles WHERE user_id = app_user_id();

-- STMT_CONTEXT_AUTONOMY () = autonomy
SELECT autonomy FROM profiles WHERE user_id = app_user_id();

-- STMT_CONTEXT_PREFERENCES () = key value
SELECT key, value FROM user_preferences WHERE user_id = app_user_id() ORDER BY key LIMIT 30;

-- STMT_CONTEXT_SAID (i) = said_by text
-- how many: the latest that was said by both sides, oldest first. Words from outside are not told.
SELECT said_by, text FROM (
	SELECT id, said_by, CASE WHEN outside THEN '' ELSE text END AS text FROM interactions
		WHERE user_id = app_user_id() ORDER BY id DESC LIMIT $1
) s ORDER BY id;

-- STMT_CONTEXT_DUE (s) = id title due_date due_time outside
-- today there (YYYY-MM-DD): open tasks that are due by then, the most overdue first. Words of somebody else are not
-- told.
SELECT id, CASE WHEN outside THEN '' ELSE left(title, 120) END AS title, due_date::text AS due_date,
	coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, outside
	FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date <= $1::date
	ORDER BY tasks.due_date, tasks.due_time NULLS LAST, id LIMIT 10;
