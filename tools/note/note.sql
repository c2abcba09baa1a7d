-- note: what people want to find again.

-- COLUMNS NOTE = total id title text tags date pinned

-- STMT_NOTE_PUT (ssS) = id title text tags
-- title, text, tags
INSERT INTO notes (title, text, tags) VALUES ($1, $2, $3)
	RETURNING id, title, text, array_to_string(tags, ' #') AS tags;

-- STMT_NOTE_LIST (sistt) = NOTE
-- words ('' = all notes), page from 1, zone, from, to (or NULL). Each word is somewhere in the title, the text or a
-- #tag.
WITH found AS (
	SELECT id, title, text, tags, created_at, pinned FROM notes,
		LATERAL (SELECT fold(title || ' ' || text || ' #' || array_to_string(tags, ' #')) AS hay) h
	WHERE user_id = app_user_id() AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w
		WHERE strpos(hay, w) = 0)
		AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, title, text, array_to_string(tags, ' #') AS tags,
	to_char(created_at AT TIME ZONE $3, 'DD/MM') AS date, pinned FROM found, n
	ORDER BY pinned DESC, id DESC LIMIT 10 OFFSET (SELECT least($2 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_NOTE_GET (is) = NOTE
-- id, zone
SELECT 1 AS total, id, title, text, array_to_string(tags, ' #') AS tags,
	to_char(created_at AT TIME ZONE $2, 'DD/MM') AS date, pinned FROM notes
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_NOTE_UPDATE (isssbS) = id title text tags pinned
-- id, title, text, pinned as yes or no (NULL: as it is), whether the tags change, tags
UPDATE notes SET title = coalesce($2, title), text = coalesce($3, text), pinned = coalesce($4 = 'yes', pinned),
	tags = CASE WHEN $5 THEN $6 ELSE tags END, updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, text, array_to_string(tags, ' #') AS tags, pinned;

-- STMT_NOTE_DELETE (i) = id title text
DELETE FROM notes WHERE user_id = app_user_id() AND id = $1 RETURNING id, title, text;
