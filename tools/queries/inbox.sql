-- inbox: what has come in and waits to be sorted.

-- STMT_INBOX_PUT (ssss)
-- content, kind, source, file as JSON or NULL
INSERT INTO inbox_items (content, kind, source, file) VALUES ($1, $2, $3, $4::jsonb) RETURNING id, kind, source;

-- STMT_INBOX_LIST (is)
-- page from 1, zone
WITH found AS (
	SELECT id, kind, content, file, created_at, source FROM inbox_items WHERE user_id = app_user_id() AND status = 'new'
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, kind, coalesce(nullif(content, ''), file->>'name', ''), to_char(created_at AT TIME ZONE $2, 'DD/MM'), source = 'forward' FROM found, n
	ORDER BY id DESC LIMIT 10 OFFSET (SELECT least($1 - 1, (total - 1) / 10) * 10 FROM n);
