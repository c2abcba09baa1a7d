-- task: what people have to do. Open means todo or in_progress.

-- STMT_TASK_PUT (sssSss)
-- title, description, priority, tags, due date or NULL, due time or NULL
INSERT INTO tasks (title, description, priority, tags, due_date, due_time) VALUES ($1, $2, $3, $4, $5::date, $6::time)
	RETURNING id, title, priority, array_to_string(tags, ' #'), coalesce(due_date::text, ''), coalesce(to_char(due_time, 'HH24:MI'), '');

-- STMT_TASK_LIST (ssi)
-- tag or NULL, priority or NULL, page from 1. A page past the end is the last one; no row: nothing is open.
WITH found AS (
	SELECT id, title, priority, tags, due_date, due_time, CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END AS rank FROM tasks
	WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
		AND ($1::text IS NULL OR $1 = ANY (tags)) AND ($2::text IS NULL OR priority = $2)
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, title, priority, array_to_string(tags, ' #'), coalesce(due_date::text, ''), coalesce(to_char(due_time, 'HH24:MI'), '')
	FROM found, n ORDER BY rank, due_date NULLS LAST, due_time NULLS LAST, id
	LIMIT 10 OFFSET (SELECT least($3 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_TASK_COMPLETE (i)
UPDATE tasks SET status = 'done', completed_at = app_now(), updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1 AND status IN ('todo', 'in_progress') RETURNING id, title;

-- STMT_TASK_STATUS (i)
SELECT status, title FROM tasks WHERE user_id = app_user_id() AND id = $1;

-- STMT_TASK_MATCH (s)
-- One more than are shown, so that "and more" can be said.
SELECT id, title FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
	AND strpos(fold(title), fold($1)) > 0 ORDER BY id LIMIT 9;

-- STMT_TASK_UPDATE (isssbsssbS)
-- id, title, description, priority (NULL: as it is), whether the due day changes, due date and time (or NULL), status, whether the
-- tags change, tags
UPDATE tasks SET title = coalesce($2, title), description = coalesce($3, description), priority = coalesce($4, priority),
	due_date = CASE WHEN $5 THEN $6::date ELSE due_date END, due_time = CASE WHEN $5 THEN $7::time ELSE due_time END,
	status = coalesce($8, status), completed_at = CASE WHEN $8 IS NULL THEN completed_at END,
	tags = CASE WHEN $9 THEN $10 ELSE tags END, updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, priority, array_to_string(tags, ' #'), coalesce(due_date::text, ''), coalesce(to_char(due_time, 'HH24:MI'), '');
