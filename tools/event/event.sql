-- event: kept here. Wall times are text, "2026-11-30T14:00:00".

-- rule or "", attendees as "a, b"; whether the words are somebody else's
-- COLUMNS EVENT = id title start end all_day rrule place attendees outside

-- STMT_EVENT_PUT (sssSbssstts) = EVENT
-- title, description, place, attendees, whole days, start, end, zone, start and end as instants, rule or NULL
INSERT INTO events (title, description, place, attendees, all_day, start_wall, end_wall, zone, start_at, end_at, rrule)
	VALUES ($1, $2, $3, $4, $5, $6::timestamp, $7::timestamp, $8, $9, $10, $11)
	RETURNING id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside;

-- STMT_EVENT_WINDOW (sss) = EVENT
-- start, end, words ('' = all): what lies in the window, and everything that repeats and has begun by its end.
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside FROM events
	WHERE user_id = app_user_id() AND start_wall < $2::timestamp AND (rrule IS NOT NULL OR end_wall > $1::timestamp)
	AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($3), '\s+') w
		WHERE strpos(fold(title || ' ' || place || ' ' || array_to_string(attendees, ' ')), w) = 0)
	ORDER BY start_wall, id LIMIT 500;

-- STMT_EVENT_GET (i) = EVENT
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside FROM events
	WHERE user_id = app_user_id() AND id = $1 FOR UPDATE;

-- STMT_EVENT_MATCH (sss) = EVENT
-- words, from when, a day ('' = any): what is still to come, the next first; one more than are shown.
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside FROM events
	WHERE user_id = app_user_id() AND (rrule IS NOT NULL OR end_wall > $2::timestamp)
	AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w WHERE strpos(fold(title), w) = 0)
	AND ($3 = '' OR rrule IS NOT NULL
		OR (start_wall < nullif($3, '')::timestamp + interval '1 day' AND end_wall > nullif($3, '')::timestamp))
	ORDER BY start_wall, id LIMIT 9;

-- STMT_EVENT_UPDATE (isssssttsb) = EVENT
-- id, title, place, description (NULL: as it is), start, end, start and end as instants, zone, whole days. Words of
-- somebody else are
-- none any more once all of them are replaced.
UPDATE events SET title = coalesce($2, title), place = coalesce($3, place), description = coalesce($4, description),
	start_wall = $5::timestamp,
	end_wall = $6::timestamp, start_at = $7, end_at = $8, zone = $9, all_day = $10,
	outside = outside AND NOT ($2 IS NOT NULL AND ($3 IS NOT NULL OR place = '') AND ($4 IS NOT NULL
		OR description = '')), updated_at = app_now() WHERE user_id = app_user_id() AND id = $1
	RETURNING id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside;

-- STMT_EVENT_DELETE (i) = id title
DELETE FROM events WHERE user_id = app_user_id() AND id = $1 RETURNING id, title;
