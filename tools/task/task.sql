-- task: what people have to do. Open means todo or in_progress.

-- tags as "a #b", due_date and due_time ("14:00") or "", the project's name or "", estimate in minutes or 0, project
-- and parent or NULL,
-- whether the words are somebody else's
-- COLUMNS TASK = id title priority tags due_date due_time rrule project estimate status project_id parent_id outside

-- STMT_TASK_PUT (sssSssiiisb) = TASK
-- title, description, priority, tags, due date or NULL, due time or NULL, project, parent, estimate in minutes, rule
-- (NULL: none),
-- whether the words are somebody else's
INSERT INTO tasks (title, description, priority, tags, due_date, due_time, project_id, parent_id, estimate_min, rrule,
	outside)
	VALUES ($1, $2, $3, $4, $5::date, $6::time, $7, $8, $9::int8::int, $10, $11)
	RETURNING id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = tasks.user_id AND p.id = tasks.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside;

-- STMT_TASK_LIST (ssisissbs) = total head TASK
-- tag, priority (NULL: any), page from 1, wall time now, project, due from and until (days), only what is late, words
-- of the title.
-- A page past the end is the last one; no row: nothing is open. First the number of all, then which of the heads it
-- stands under (text task.group.N).
WITH found AS (
	SELECT tasks.*, CASE WHEN due_date IS NULL THEN 5
			WHEN due_date < $4::timestamp::date
				OR (due_date = $4::timestamp::date AND due_time < $4::timestamp::time) THEN 0
			WHEN due_date = $4::timestamp::date THEN 1
			WHEN due_date = $4::timestamp::date + 1 THEN 2
			WHEN due_date <= $4::timestamp::date + 7 - extract(isodow FROM $4::timestamp)::int THEN 3
			ELSE 4 END AS head,
		CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END AS rank
	FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
		AND ($1::text IS NULL OR $1 = ANY (tags)) AND ($2::text IS NULL OR priority = $2)
		AND ($5::int8 IS NULL OR project_id = $5)
		AND ($6::date IS NULL OR due_date >= $6) AND ($7::date IS NULL OR due_date <= $7)
		AND ($9::text IS NULL OR strpos(fold(title), fold($9)) > 0)
), kept AS (SELECT * FROM found WHERE NOT $8 OR head = 0), n AS (SELECT count(*) AS total FROM kept)
SELECT n.total, head, id, title, priority, array_to_string(tags, ' #') AS tags,
		coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = kept.user_id AND p.id = kept.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside
	FROM kept, n ORDER BY head, kept.due_date, rank, kept.due_time NULLS LAST, id
	LIMIT 10 OFFSET (SELECT least($3 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_TASK_COMPLETE (i) = TASK
-- Its rule, day and time are for the next one.
UPDATE tasks SET status = 'done', completed_at = app_now(), updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1 AND status IN ('todo', 'in_progress')
	RETURNING id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = tasks.user_id AND p.id = tasks.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside;

-- STMT_TASK_NEXT (isss) = id
-- The next one of a recurring task: of which, due date, due time or NULL, rule
INSERT INTO tasks (title, description, priority, tags, due_date, due_time, project_id, parent_id, estimate_min, rrule,
	next_of, outside)
	SELECT title, description, priority, tags, $2::date, $3::time, project_id, parent_id, estimate_min, $4, id,
		outside
	FROM tasks WHERE user_id = app_user_id() AND id = $1
	RETURNING id;

-- STMT_TASK_STATUS (i) = status title outside
SELECT status, title, outside FROM tasks WHERE user_id = app_user_id() AND id = $1;

-- STMT_TASK_MATCH (s) = TASK
-- One more than are shown, so that "and more" can be said.
SELECT id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = tasks.user_id AND p.id = tasks.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside
				FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
	AND strpos(fold(title), fold($1)) > 0 ORDER BY id LIMIT 9;

-- STMT_TASK_UPDATE (isssbsssbSbibibibs) = TASK
-- id, title, description, priority (NULL: as it is), whether the due day changes, due date and time (or NULL), status,
-- whether the
-- tags change, tags; whether they change, and then what they are: project, parent, estimate, rule. Words of somebody
-- else are none
-- any more once all of them are replaced.
UPDATE tasks SET title = coalesce($2, title), description = coalesce($3, description), priority = coalesce($4,
	priority),
	due_date = CASE WHEN $5 THEN $6::date ELSE due_date END, due_time = CASE WHEN $5 THEN $7::time
		ELSE due_time END,
	status = coalesce($8, status), completed_at = CASE WHEN $8 IS NULL THEN completed_at END,
	tags = CASE WHEN $9 THEN $10 ELSE tags END,
	project_id = CASE WHEN $11 THEN $12::int8 ELSE project_id END, parent_id = CASE WHEN $13 THEN $14::int8
		ELSE parent_id END,
	estimate_min = CASE WHEN $15 THEN $16::int8::int ELSE estimate_min END, rrule = CASE WHEN $17 THEN $18
		ELSE rrule END,
	outside = outside AND NOT ($2 IS NOT NULL AND ($3 IS NOT NULL OR description = '')), updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, priority, array_to_string(tags, ' #') AS tags, coalesce(due_date::text, '') AS due_date,
		coalesce(to_char(due_time, 'HH24:MI'), '') AS due_time, coalesce(rrule, '') AS rrule,
		coalesce((SELECT name FROM projects p WHERE p.user_id = tasks.user_id AND p.id = tasks.project_id), '')
			AS project, coalesce(estimate_min, 0) AS estimate, status, project_id, parent_id, outside;

-- STMT_TASK_ABOVE (ii) = above
-- Whether the first is the second, or stands above it: it cannot become a part of it.
WITH RECURSIVE up AS (
	SELECT id, parent_id FROM tasks WHERE user_id = app_user_id() AND id = $2
	UNION SELECT t.id, t.parent_id FROM tasks t, up WHERE t.user_id = app_user_id() AND t.id = up.parent_id
) SELECT true AS above FROM up WHERE id = $1;

-- STMT_TASK_LET_GO (i)
-- Its parts become tasks of their own.
UPDATE tasks SET parent_id = NULL, updated_at = app_now() WHERE user_id = app_user_id() AND parent_id = $1;

-- STMT_TASK_LET_GO_REMINDERS (i)
UPDATE reminders SET task_id = NULL, updated_at = app_now() WHERE user_id = app_user_id() AND task_id = $1;

-- STMT_TASK_DELETE (i) = id title outside
DELETE FROM tasks WHERE user_id = app_user_id() AND id = $1 RETURNING id, title, outside;
