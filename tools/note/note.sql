-- note: what people want to find again.

-- tags as "a #b"; date and day are when it was kept, as "18/11" and as "2026-11-18"
-- COLUMNS NOTE = id title text tags date day pinned outside

-- STMT_NOTE_PUT (ssSbs) = NOTE
-- title, text, tags, whether the words are somebody else's, zone
INSERT INTO notes (title, text, tags, outside) VALUES ($1, $2, $3, $4)
	RETURNING id, title, text, array_to_string(tags, ' #') AS tags,
		to_char(created_at AT TIME ZONE $5, 'DD/MM') AS date,
		to_char(created_at AT TIME ZONE $5, 'YYYY-MM-DD') AS day, pinned, outside;

-- STMT_NOTE_LIST (sistt) = total NOTE
-- words ('' = all notes), page from 1, zone, from, to (or NULL). Each word is somewhere in the title, the text or a
-- #tag.
WITH found AS (
	SELECT id, title, text, tags, created_at, pinned, outside FROM notes,
		LATERAL (SELECT fold(title || ' ' || text || ' #' || array_to_string(tags, ' #')) AS hay) h
	WHERE user_id = app_user_id() AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w
		WHERE strpos(hay, w) = 0)
		AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, title, text, array_to_string(tags, ' #') AS tags,
	to_char(created_at AT TIME ZONE $3, 'DD/MM') AS date, to_char(created_at AT TIME ZONE $3, 'YYYY-MM-DD') AS day,
	pinned, outside FROM found, n
	ORDER BY pinned DESC, id DESC LIMIT 10 OFFSET (SELECT least($2 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_NOTE_GET (is) = NOTE
-- id, zone
SELECT id, title, text, array_to_string(tags, ' #') AS tags,
	to_char(created_at AT TIME ZONE $2, 'DD/MM') AS date,
	to_char(created_at AT TIME ZONE $2, 'YYYY-MM-DD') AS day, pinned, outside FROM notes
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_NOTE_UPDATE (isssbSbs) = NOTE
-- id, title, text, pinned as yes or no (NULL: as it is), whether the tags change, tags, whether all words of
-- somebody else are replaced, zone
UPDATE notes SET title = coalesce($2, title), text = coalesce($3, text), pinned = coalesce($4 = 'yes', pinned),
	tags = CASE WHEN $5 THEN $6 ELSE tags END, outside = outside AND NOT $7, updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, text, array_to_string(tags, ' #') AS tags,
		to_char(created_at AT TIME ZONE $8, 'DD/MM') AS date,
		to_char(created_at AT TIME ZONE $8, 'YYYY-MM-DD') AS day, pinned, outside;

-- STMT_NOTE_DELETE (i) = id title text outside
DELETE FROM notes WHERE user_id = app_user_id() AND id = $1 RETURNING id, title, text, outside;
