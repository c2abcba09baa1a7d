-- content: ideas for posts, and the posts that were made.

-- day to publish or ""
-- COLUMNS IDEA = id title text status channel theme format tags day outside

-- counts: -1 when not known; outside: its idea's words are somebody else's
-- COLUMNS POST = id title channel theme format at views likes comments shares idea_id outside

-- STMT_IDEA_PUT (ssssssSs) = IDEA
-- title, text, status, channel, theme, format, tags, day or NULL
INSERT INTO content_ideas (title, text, status, channel, theme, format, tags, publish_on)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8::date)
	RETURNING id, title, text, status, channel, theme, format, array_to_string(tags, ' #') AS tags,
		coalesce(publish_on::text, '') AS day, outside;

-- STMT_IDEA_UPDATE (issssssbSbs) = IDEA
-- id, title, text, status, channel, theme, format (NULL: as it is), whether the tags change, tags, whether the day
-- changes, day. Words of somebody else are none any more once all of them are replaced.
UPDATE content_ideas SET title = coalesce($2, title), text = coalesce($3, text), status = coalesce($4, status),
	channel = coalesce($5, channel),
	theme = coalesce($6, theme), format = coalesce($7, format), tags = CASE WHEN $8 THEN $9 ELSE tags END,
	publish_on = CASE WHEN $10 THEN $11::date ELSE publish_on END,
	outside = outside AND NOT ($2 IS NOT NULL AND ($3 IS NOT NULL OR text = '')), updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, text, status, channel, theme, format, array_to_string(tags, ' #') AS tags,
		coalesce(publish_on::text, '') AS day, outside;

-- STMT_IDEA_GET (i) = IDEA
SELECT id, title, text, status, channel, theme, format, array_to_string(tags, ' #') AS tags,
	coalesce(publish_on::text, '') AS day, outside FROM content_ideas
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_IDEA_LIST (sssi) = total IDEA
-- words ('' = all), status, channel (or NULL), page from 1. Without a status all that is not yet over; of words those
-- that hold most of them.
WITH words AS (
	SELECT DISTINCT w FROM regexp_split_to_table(fold($1), '[\s,;:]+') w WHERE char_length(w) > 2
), found AS (
	SELECT i.*, (SELECT count(*) FROM words
		WHERE strpos(fold(concat_ws(' ', title, text, theme, format, channel,
			'#' || array_to_string(tags, ' #'))), w) > 0) AS hits
	FROM content_ideas i WHERE user_id = app_user_id() AND ($2::text IS NULL OR status = $2)
		AND ($3::text IS NULL OR channel = $3)
		AND ($2 IS NOT NULL OR $1 <> '' OR status IN ('idea', 'draft', 'scheduled'))
), best AS (SELECT * FROM found WHERE $1 = '' OR (hits > 0 AND hits = (SELECT max(hits) FROM found))),
	n AS (SELECT count(*) AS total FROM best)
SELECT n.total, id, title, text, status, channel, theme, format, array_to_string(tags, ' #') AS tags,
	coalesce(publish_on::text, '') AS day, outside FROM best, n
	ORDER BY publish_on NULLS LAST, id DESC LIMIT 10 OFFSET (SELECT least($4 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_POST_PUT (ssssssiiiii) = POST
-- title, channel, theme, format, address, published on the wall, idea, views, likes, comments, shares (0 idea: none;
-- below 0: not known)
INSERT INTO content_posts AS p (title, channel, theme, format, url, published_at, idea_id, views, likes, comments,
		shares)
	VALUES ($1, $2, $3, $4, $5, $6::timestamp, nullif($7, 0), CASE WHEN $8 >= 0 THEN $8 END,
		CASE WHEN $9 >= 0 THEN $9 END,
		CASE WHEN $10 >= 0 THEN $10 END, CASE WHEN $11 >= 0 THEN $11 END)
	RETURNING id, title, channel, theme, format, to_char(published_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS at,
		coalesce(views, -1) AS views, coalesce(likes, -1) AS likes, coalesce(comments, -1) AS comments,
		coalesce(shares, -1) AS shares, coalesce(idea_id, 0) AS idea_id,
		coalesce((SELECT outside FROM content_ideas i WHERE i.user_id = p.user_id AND i.id = p.idea_id), false)
			AS outside;

-- STMT_POST_UPDATE (iiiii) = POST
-- id, views, likes, comments, shares (below 0: as they are)
UPDATE content_posts p SET views = CASE WHEN $2 >= 0 THEN $2 ELSE views END,
	likes = CASE WHEN $3 >= 0 THEN $3 ELSE likes END,
	comments = CASE WHEN $4 >= 0 THEN $4 ELSE comments END, shares = CASE WHEN $5 >= 0 THEN $5 ELSE shares END,
	updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, channel, theme, format, to_char(published_at, 'YYYY-MM-DD"T"HH24:MI:SS') AS at,
		coalesce(views, -1) AS views, coalesce(likes, -1) AS likes, coalesce(comments, -1) AS comments,
		coalesce(shares, -1) AS shares, coalesce(idea_id, 0) AS idea_id,
		coalesce((SELECT outside FROM content_ideas i WHERE i.user_id = p.user_id AND i.id = p.idea_id), false)
			AS outside;

-- STMT_POST_LATEST (s) = id
-- channel or NULL
SELECT id FROM content_posts WHERE user_id = app_user_id() AND ($1::text IS NULL OR channel = $1)
	ORDER BY published_at DESC, id DESC LIMIT 1;
