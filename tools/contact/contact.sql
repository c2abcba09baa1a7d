-- contact: people and companies.

-- last interaction and next follow-up: days or ""
-- COLUMNS CONTACT = id name kind company email phone category notes last next tags

-- STMT_CONTACT_PUT (ssssssssss) = CONTACT
-- name, kind, company, email, phone, category, notes, last interaction, next follow-up (or NULL)
INSERT INTO contacts (name, kind, company, email, phone, category, notes, last_interaction, next_follow_up, tags)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8::date, $9::date, string_to_array($10, ' '))
	RETURNING id, name, kind, company, email, phone, category, notes,
		coalesce(last_interaction::text, '') AS last, coalesce(next_follow_up::text, '') AS next,
		array_to_string(tags, ' #') AS tags;

-- STMT_CONTACT_UPDATE (isssssssss) = CONTACT
-- id, then as above, NULL: as it is; a next follow-up of '' is none
UPDATE contacts SET name = coalesce($2, name), kind = coalesce($3, kind), company = coalesce($4, company),
	email = coalesce($5, email),
	phone = coalesce($6, phone), category = coalesce($7, category), notes = coalesce($8, notes),
	last_interaction = coalesce($9::date, last_interaction),
	next_follow_up = CASE WHEN $10::text IS NULL THEN next_follow_up ELSE nullif($10, '')::date END,
	updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, name, kind, company, email, phone, category, notes,
		coalesce(last_interaction::text, '') AS last, coalesce(next_follow_up::text, '') AS next,
		array_to_string(tags, ' #') AS tags;

-- STMT_CONTACT_GET (i) = CONTACT
SELECT id, name, kind, company, email, phone, category, notes,
	coalesce(last_interaction::text, '') AS last, coalesce(next_follow_up::text, '') AS next,
	array_to_string(tags, ' #') AS tags
	FROM contacts WHERE user_id = app_user_id() AND id = $1;

-- STMT_CONTACT_NAMED (s) = CONTACT
-- of just this name
SELECT id, name, kind, company, email, phone, category, notes,
	coalesce(last_interaction::text, '') AS last, coalesce(next_follow_up::text, '') AS next,
	array_to_string(tags, ' #') AS tags
	FROM contacts WHERE user_id = app_user_id() AND fold(name) = fold($1) ORDER BY id LIMIT 1;

-- STMT_CONTACT_FIND (si) = total CONTACT
-- words ('' = all), page from 1: those that hold most of the words, names before the rest; of all, the due first and
-- then the latest.
WITH words AS (
	SELECT DISTINCT w FROM regexp_split_to_table(fold($1), '[\s,;:]+') w WHERE w <> ''
), found AS (
	SELECT c.*, (SELECT count(*) FROM words WHERE strpos(hay, w) > 0) AS hits,
	(SELECT count(*) FROM words WHERE strpos(fold(name), w) > 0) AS named
	FROM contacts c, LATERAL (SELECT fold(concat_ws(' ', name, company, email, phone, notes, category,
		'#' || array_to_string(tags, ' #'))) AS hay) h
	WHERE user_id = app_user_id()
), best AS (
	SELECT * FROM found WHERE $1 = ''
		OR (hits > 0 AND hits = (SELECT max(hits) FROM found) AND named = (SELECT max(named) FROM found
		WHERE hits = (SELECT max(hits) FROM found)))
), n AS (SELECT count(*) AS total FROM best)
SELECT n.total, id, name, kind, company, email, phone, category, notes,
	coalesce(last_interaction::text, '') AS last, coalesce(next_follow_up::text, '') AS next,
	array_to_string(tags, ' #') AS tags
	FROM best, n
	ORDER BY next_follow_up NULLS LAST, coalesce(last_interaction, created_at::date) DESC, id DESC
	LIMIT 10 OFFSET (SELECT least($2 - 1, (total - 1) / 10) * 10 FROM n);
