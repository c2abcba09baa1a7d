-- task: what people have to do. Open means todo or in_progress.

-- STMT_TASK_PUT (sssS)
-- title, description, priority, tags
INSERT INTO tasks (title, description, priority, tags) VALUES ($1, $2, $3, $4)
	RETURNING id, title, priority, array_to_string(tags, ' #');

-- STMT_TASK_LIST (ssi)
-- tag or NULL, priority or NULL, page from 1. A page past the end is the last one; no row: nothing is open.
WITH found AS (
	SELECT id, title, priority, tags, CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 ELSE 2 END AS rank FROM tasks
	WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
		AND ($1::text IS NULL OR $1 = ANY (tags)) AND ($2::text IS NULL OR priority = $2)
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, title, priority, array_to_string(tags, ' #') FROM found, n ORDER BY rank, id
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
