-- inbox: what has come in and waits to be sorted.

-- STMT_INBOX_PUT (sssss) = id kind source
-- content, kind, source, file as JSON or NULL, suggested as JSON or NULL
INSERT INTO inbox_items (content, kind, source, file, suggested, outside)
	VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $3 = 'forward' OR $4::jsonb->>'name' IS NOT NULL) RETURNING id,
		kind, source;

-- STMT_INBOX_LIST (is) = total id kind text date outside category suggested
-- page from 1, zone
WITH found AS (
	SELECT id, kind, content, file, created_at, source, category, suggested FROM inbox_items
		WHERE user_id = app_user_id() AND status = 'new'
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, kind, coalesce(nullif(content, ''), file->>'name', '') AS text,
	to_char(created_at AT TIME ZONE $2, 'DD/MM') AS date,
	source = 'forward' OR file->>'name' IS NOT NULL AS outside,
	coalesce(category, '') AS category, coalesce(suggested->>'category', '') AS suggested FROM found, n
	ORDER BY id DESC LIMIT 10 OFFSET (SELECT least($1 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_INBOX_GET (iss) = id kind text date outside status today category suggested tags
-- id (0: the oldest that waits), zone, today
SELECT id, kind, coalesce(nullif(content, ''), file->>'name', '') AS text,
	to_char(created_at AT TIME ZONE $2, 'DD/MM') AS date, source = 'forward' AS outside, status,
	(created_at AT TIME ZONE $2)::date = $3::date AS today, coalesce(category, '') AS category,
	coalesce(suggested->>'category', '') AS suggested, array_to_string(tags, ' #') AS tags
	FROM inbox_items WHERE user_id = app_user_id() AND (id = $1 OR ($1 = 0 AND status = 'new')) ORDER BY id LIMIT 1;

-- STMT_INBOX_SETTLE (issbS) = id
-- id, status, category or NULL, whether the tags change, tags
UPDATE inbox_items SET status = $2, category = coalesce($3, category), tags = CASE WHEN $4 THEN $5 ELSE tags END,
	updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1 AND status IN ('new', 'processing') RETURNING id;

-- STMT_INBOX_EVENT (sssbsstt) = id
-- title, description, zone, whole days, start and end on the wall, start and end
INSERT INTO events (title, description, zone, all_day, start_wall, end_wall, start_at, end_at)
	VALUES ($1, $2, $3, $4, $5::timestamp, $6::timestamp, $7, $8) RETURNING id;
