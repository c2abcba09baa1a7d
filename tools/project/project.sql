-- project: what several tasks, decisions and meetings lead to. Its tasks are in tasks, by project_id.

-- tags as "a #b", due_date as a day or ""
-- COLUMNS PROJECT = id name status tags due_date description

-- day or ""
-- COLUMNS PROJECT_ITEM = id kind title day done text outside

-- STMT_PROJECT_PUT (sssSs) = PROJECT
-- name, description, status, tags, due date or NULL
INSERT INTO projects (name, description, status, tags, due_date) VALUES ($1, $2, $3, $4, $5::date)
	RETURNING id, name, status, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		description;

-- STMT_PROJECT_SAME (s) = id name
-- One of that very name that is not over.
SELECT id, name FROM projects WHERE user_id = app_user_id() AND fold(name) = fold($1)
	AND status IN ('planning', 'active', 'paused') ORDER BY id LIMIT 1;

-- STMT_PROJECT_GET (i) = PROJECT
SELECT id, name, status, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date, description
	FROM projects WHERE user_id = app_user_id() AND id = $1;

-- STMT_PROJECT_MATCH (s) = PROJECT exact
-- Words of the name; the very name and what is not over come first.
SELECT id, name, status, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date, description,
	fold(name) = fold($1) AS exact FROM projects
	WHERE user_id = app_user_id() AND strpos(fold(name), fold($1)) > 0
	ORDER BY fold(name) = fold($1) DESC, status IN ('completed', 'cancelled'), id DESC LIMIT 9;

-- STMT_PROJECT_LIST (si) = total PROJECT done tasks step step_outside
-- status (NULL: all that are not over), page from 1. First the number of all, then the columns of a project, tasks
-- done, tasks in all, and the next step ("" when there is none), and whether its words are somebody else's.
WITH found AS (
	SELECT * FROM projects WHERE user_id = app_user_id()
		AND CASE WHEN $1::text IS NULL THEN status IN ('planning', 'active', 'paused') ELSE status = $1 END
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, name, status, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
	description,
	(SELECT count(*) FROM tasks t WHERE t.user_id = found.user_id AND t.project_id = found.id
		AND t.status = 'done') AS done,
	(SELECT count(*) FROM tasks t WHERE t.user_id = found.user_id AND t.project_id = found.id
		AND t.status <> 'cancelled') AS tasks,
	coalesce(step.title, '') AS step, coalesce(step.outside, false) AS step_outside
	FROM found LEFT JOIN LATERAL (SELECT t.title, t.outside FROM tasks t
		WHERE t.user_id = found.user_id AND t.project_id = found.id AND t.status IN ('todo', 'in_progress')
		ORDER BY t.due_date NULLS LAST,
			CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
			t.due_time NULLS LAST, t.id LIMIT 1) step ON true, n
	ORDER BY status = 'paused', found.due_date NULLS LAST, id
	LIMIT 10 OFFSET (SELECT least($2 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_PROJECT_TASKS (i) = done tasks open TASK
-- The open ones, the next step first; before each how many are done, how many there are, and how many are open.
WITH n AS (
	SELECT count(*) FILTER (WHERE status = 'done') AS done, count(*) FILTER (WHERE status <> 'cancelled') AS tasks,
		count(*) FILTER (WHERE status IN ('todo', 'in_progress')) AS open
	FROM tasks WHERE user_id = app_user_id() AND project_id = $1
)
SELECT n.done, n.tasks, n.open, id, title, priority, array_to_string(tags, ' #') AS tags,
		coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		'' AS project, coalesce(estimate_min, 0) AS estimate, tasks.status, project_id, parent_id, outside
	FROM n LEFT JOIN tasks ON user_id = app_user_id() AND project_id = $1 AND status IN ('todo', 'in_progress')
	ORDER BY tasks.due_date NULLS LAST,
		CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
		tasks.due_time NULLS LAST, id LIMIT 10;

-- STMT_PROJECT_UPDATE (isssbsbS) = PROJECT
-- id, name, description, status (NULL: as it is), whether the due day changes, due date or NULL, whether the tags
-- change, tags
UPDATE projects SET name = coalesce($2, name), description = coalesce($3, description), status = coalesce($4, status),
	due_date = CASE WHEN $5 THEN $6::date ELSE due_date END, tags = CASE WHEN $7 THEN $8 ELSE tags END,
	updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, name, status, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		description;

-- STMT_PROJECT_ITEM_PUT (issss) = PROJECT_ITEM
-- project, kind, title, text, day or NULL
INSERT INTO project_items (project_id, kind, title, text, day) VALUES ($1, $2, $3, $4, $5::date)
	RETURNING id, kind, title, coalesce(day::text, '') AS day, done, text, outside;

-- STMT_PROJECT_ITEMS (i) = PROJECT_ITEM
-- The latest of each kind, five at most, meetings and milestones by their day.
SELECT id, kind, title, coalesce(day::text, '') AS day, done, text, outside FROM (
	SELECT *, row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS nth FROM project_items
		WHERE user_id = app_user_id() AND project_id = $1
) i WHERE nth <= 5 ORDER BY kind = 'document', kind = 'decision', kind = 'meeting', i.day NULLS LAST, id;

-- STMT_PROJECT_ITEM_DONE (ib) = PROJECT_ITEM project_id
UPDATE project_items SET done = $2, updated_at = app_now() WHERE user_id = app_user_id() AND id = $1
	RETURNING id, kind, title, coalesce(day::text, '') AS day, done, text, outside, project_id;
