-- event: kept here. Wall times are text, "2026-11-30T14:00:00".

-- rule or "", attendees as "a, b"; whether the words are somebody else's; whether it is Google's, its link, whether
-- it keeps nobody busy
-- COLUMNS EVENT = id title start end all_day rrule place attendees outside google link free

-- STMT_EVENT_PUT (sssSbssstts) = EVENT
-- title, description, place, attendees, whole days, start, end, zone, start and end as instants, rule or NULL
INSERT INTO events (title, description, place, attendees, all_day, start_wall, end_wall, zone, start_at, end_at, rrule)
	VALUES ($1, $2, $3, $4, $5, $6::timestamp, $7::timestamp, $8, $9, $10, $11)
	RETURNING id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside, false AS google, '' AS link,
	false AS free;

-- STMT_EVENT_WINDOW (ssss) = EVENT
-- start, end, words ('' = all), zone: what lies in the window, and everything here that repeats and has begun by its
-- end. Occurrences of Google's come as they are.
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, rrule, place, attendees, outside, google,
	link, free FROM (
	SELECT id, title, start_wall, end_wall, all_day, coalesce(rrule, '') AS rrule, place,
		array_to_string(attendees, ', ') AS attendees, outside, false AS google, '' AS link,
	false AS free
		FROM events WHERE user_id = app_user_id() AND start_wall < $2::timestamp
		AND (rrule IS NOT NULL OR end_wall > $1::timestamp)
	UNION ALL
	SELECT c.id, c.title, w.start_wall, w.end_wall, c.all_day, '', c.place, array_to_string(c.guests, ', '),
		c.outside, true, c.link, c.free
		FROM calendar_events_cache c JOIN google_calendars k ON k.user_id = c.user_id AND k.id = c.calendar_id
		CROSS JOIN LATERAL (SELECT CASE WHEN c.all_day THEN 'UTC' ELSE $4 END AS zone) z
		CROSS JOIN LATERAL (SELECT c.start_at AT TIME ZONE z.zone AS start_wall,
			c.end_at AT TIME ZONE z.zone AS end_wall) w
		WHERE c.user_id = app_user_id() AND k.selected AND k.synced_at IS NOT NULL
		AND c.start_at < ($2::timestamp AT TIME ZONE 'UTC') + interval '1 day'
		AND c.end_at > ($1::timestamp AT TIME ZONE 'UTC') - interval '1 day'
		AND w.start_wall < $2::timestamp
		AND greatest(w.end_wall, w.start_wall + interval '1 second') > $1::timestamp
) e
	WHERE NOT EXISTS (SELECT FROM regexp_split_to_table(fold($3), '\s+') w
		WHERE strpos(fold(title || ' ' || place || ' ' || attendees), w) = 0)
	ORDER BY start_wall, id LIMIT 1000;

-- STMT_EVENT_GET (i) = EVENT
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	place, array_to_string(attendees, ', ') AS attendees, outside, false AS google, '' AS link,
	false AS free
	FROM events
	WHERE user_id = app_user_id() AND id = $1 FOR UPDATE;

-- STMT_EVENT_CACHED (is) = EVENT
-- number, zone: one of Google's.
SELECT c.id, c.title, to_char(w.start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(w.end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, c.all_day, '' AS rrule, c.place,
	array_to_string(c.guests, ', ') AS attendees, c.outside, true AS google, c.link, c.free
	FROM calendar_events_cache c CROSS JOIN LATERAL (
		SELECT c.start_at AT TIME ZONE CASE WHEN c.all_day THEN 'UTC' ELSE $2 END AS start_wall,
			c.end_at AT TIME ZONE CASE WHEN c.all_day THEN 'UTC' ELSE $2 END AS end_wall) w
	WHERE c.user_id = app_user_id() AND c.id = $1;

-- STMT_EVENT_MATCH (ssss) = EVENT
-- words, from when, a day ('' = any), zone: what is still to come, the next first; one more than are shown. Of a
-- series of Google's without a day only the next occurrence.
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, rrule, place, attendees, outside, google,
	link, free FROM (
	SELECT id, title, start_wall, end_wall, all_day, coalesce(rrule, '') AS rrule, place,
		array_to_string(attendees, ', ') AS attendees, outside, false AS google, '' AS link,
	false AS free
		FROM events WHERE user_id = app_user_id() AND (rrule IS NOT NULL OR end_wall > $2::timestamp)
		AND ($3 = '' OR rrule IS NOT NULL OR (start_wall < nullif($3, '')::timestamp + interval '1 day'
			AND end_wall > nullif($3, '')::timestamp))
	UNION ALL
	(SELECT DISTINCT ON (CASE WHEN c.series = '' OR $3 <> '' THEN c.google_id ELSE c.series END, c.calendar_id)
		c.id, c.title, w.start_wall, w.end_wall, c.all_day, '', c.place, array_to_string(c.guests, ', '),
		c.outside, true, c.link, c.free
		FROM calendar_events_cache c JOIN google_calendars k ON k.user_id = c.user_id AND k.id = c.calendar_id
		CROSS JOIN LATERAL (SELECT CASE WHEN c.all_day THEN 'UTC' ELSE $4 END AS zone) z
		CROSS JOIN LATERAL (SELECT c.start_at AT TIME ZONE z.zone AS start_wall,
			c.end_at AT TIME ZONE z.zone AS end_wall) w
		WHERE c.user_id = app_user_id() AND k.selected AND k.synced_at IS NOT NULL
		AND w.end_wall > $2::timestamp
		AND ($3 = '' OR (w.start_wall < nullif($3, '')::timestamp + interval '1 day'
			AND w.end_wall > nullif($3, '')::timestamp))
		AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w
			WHERE strpos(fold(c.title), w) = 0)
		ORDER BY CASE WHEN c.series = '' OR $3 <> '' THEN c.google_id ELSE c.series END, c.calendar_id,
			w.start_wall)
) e
	WHERE NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w WHERE strpos(fold(title), w) = 0)
	ORDER BY start_wall, id LIMIT 9;

-- STMT_EVENT_FAR (i) = account_id calendar_id calendar google_id series
-- number: where it is at Google.
SELECT k.account_id, c.calendar_id, k.calendar, c.google_id, c.series
	FROM calendar_events_cache c JOIN google_calendars k ON k.user_id = c.user_id AND k.id = c.calendar_id
	WHERE c.user_id = app_user_id() AND c.id = $1;

-- STMT_EVENT_NUMBER (is) = id
-- calendar, Google's id
SELECT id FROM calendar_events_cache WHERE user_id = app_user_id() AND calendar_id = $1 AND google_id = $2;

-- STMT_EVENT_NUMBER_SET (isi)
-- calendar, Google's id, number: what was here keeps its number there.
UPDATE calendar_events_cache SET id = $3 WHERE user_id = app_user_id() AND calendar_id = $1 AND google_id = $2;

-- STMT_EVENT_PRIMARY (i) = id calendar zone
-- account: where what names no calendar goes.
SELECT id, calendar, zone FROM google_calendars WHERE user_id = app_user_id() AND account_id = $1 AND is_primary;

-- STMT_EVENT_CALENDARS () = account_id calendar
-- those that are shown.
SELECT account_id, calendar FROM google_calendars WHERE user_id = app_user_id() AND selected
	AND synced_at IS NOT NULL ORDER BY is_primary DESC, id LIMIT 10;

-- STMT_EVENT_GUEST (s) = email
-- words of a name: the mail of whoever is called so, if it is one.
SELECT email FROM contacts WHERE user_id = app_user_id() AND coalesce(email, '') <> ''
	AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w WHERE strpos(fold(name), w) = 0) LIMIT 2;

-- STMT_EVENT_LOCAL (t) = id title start end all_day rrule place description zone
-- now: what is only here and still to come.
SELECT id, title, to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule, place, description,
	zone FROM events WHERE user_id = app_user_id() AND (rrule IS NOT NULL OR end_at > $1) AND NOT outside
	ORDER BY start_wall, id LIMIT 20;

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
	place, array_to_string(attendees, ', ') AS attendees, outside, false AS google, '' AS link,
	false AS free;

-- STMT_EVENT_DELETE (i) = id title
DELETE FROM events WHERE user_id = app_user_id() AND id = $1 RETURNING id, title;

-- STMT_EVENT_MOVED (it)
-- number, when it was read: it is at Google now; what changed since stays here.
DELETE FROM events WHERE user_id = app_user_id() AND id = $1 AND updated_at <= $2;

-- STMT_EVENT_OFFER (i) = bot_id chat_id count
-- account: a row for whoever offers first, once its calendars were read; how many events are only here.
UPDATE google_syncs s SET offered_at = app_now() FROM google_accounts a
	WHERE s.user_id = app_user_id() AND s.account_id = $1 AND s.offered_at IS NULL AND s.synced_at IS NOT NULL
	AND a.user_id = s.user_id AND a.id = s.account_id
	RETURNING a.bot_id, a.chat_id, (SELECT count(*) FROM (SELECT FROM events e WHERE e.user_id = app_user_id()
		AND (e.rrule IS NOT NULL OR e.end_at > app_now()) AND NOT e.outside LIMIT 20) e) AS count;

-- STMT_EVENT_IMPORT (sssbssstts)
-- title, description, place, whole days, start, end, zone, start and end as instants, rule or NULL: of a file, and so
-- somebody else's words.
INSERT INTO events (title, description, place, all_day, start_wall, end_wall, zone, start_at, end_at, rrule, outside)
	VALUES ($1, $2, $3, $4, $5::timestamp, $6::timestamp, $7, $8, $9, $10, true);
