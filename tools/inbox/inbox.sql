-- inbox: what has come in and waits to be sorted.

-- text: the content, else the file's name; date and day are when it came, as "18/11" and as "2026-11-18"; category and
-- suggested category or "", tags as "a #b"; whether the words are somebody else's
-- COLUMNS INBOX = id kind text date day status category suggested tags outside

-- STMT_INBOX_PUT (ssssss) = INBOX source
-- content, kind, source, file as JSON or NULL, suggested as JSON or NULL, zone
INSERT INTO inbox_items (content, kind, source, file, suggested, outside)
	VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $3 = 'forward' OR $4::jsonb->>'name' IS NOT NULL)
	RETURNING id, kind, coalesce(nullif(content, ''), file->>'name', '') AS text,
		to_char(created_at AT TIME ZONE $6, 'DD/MM') AS date,
		to_char(created_at AT TIME ZONE $6, 'YYYY-MM-DD') AS day,
		status, coalesce(category, '') AS category, coalesce(suggested->>'category', '') AS suggested,
		array_to_string(tags, ' #') AS tags, outside, source;

-- STMT_INBOX_LIST (is) = total INBOX
-- page from 1, zone
WITH found AS (
	SELECT * FROM inbox_items WHERE user_id = app_user_id() AND status = 'new'
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, kind, coalesce(nullif(content, ''), file->>'name', '') AS text,
	to_char(created_at AT TIME ZONE $2, 'DD/MM') AS date, to_char(created_at AT TIME ZONE $2, 'YYYY-MM-DD') AS day,
	status, coalesce(category, '') AS category, coalesce(suggested->>'category', '') AS suggested,
	array_to_string(tags, ' #') AS tags, outside FROM found, n
	ORDER BY id DESC LIMIT 10 OFFSET (SELECT least($1 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_INBOX_GET (iss) = INBOX today
-- id (0: the oldest that waits), zone, today
SELECT id, kind, coalesce(nullif(content, ''), file->>'name', '') AS text,
	to_char(created_at AT TIME ZONE $2, 'DD/MM') AS date, to_char(created_at AT TIME ZONE $2, 'YYYY-MM-DD') AS day,
	status, coalesce(category, '') AS category, coalesce(suggested->>'category', '') AS suggested,
	array_to_string(tags, ' #') AS tags, outside, (created_at AT TIME ZONE $2)::date = $3::date AS today
	FROM inbox_items WHERE user_id = app_user_id() AND (id = $1 OR ($1 = 0 AND status = 'new')) ORDER BY id LIMIT 1;

-- STMT_INBOX_SETTLE (issbS) = id
-- id, status, category or NULL, whether the tags change, tags
UPDATE inbox_items SET status = $2, category = coalesce($3, category), tags = CASE WHEN $4 THEN $5 ELSE tags END,
	updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1 AND status IN ('new', 'processing') RETURNING id;

-- STMT_INBOX_EVENT (sssbssttb) = EVENT
-- title, description, zone, whole days, start and end on the wall, start and end, whether the words are somebody else's
INSERT INTO events (title, description, zone, all_day, start_wall, end_wall, start_at, end_at, outside)
	VALUES ($1, $2, $3, $4, $5::timestamp, $6::timestamp, $7, $8, $9)
	RETURNING id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
		to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
		place, array_to_string(attendees, ', ') AS attendees, outside, false AS google,
		'' AS link, false AS free;
