-- reminder: wall times are text, "2026-11-30T14:00:00".

-- rule or ""; whether the words are somebody else's; when it rang, where nobody has answered
-- COLUMNS REMINDER = id text wall rrule nag outside rang

-- STMT_REMINDER_PUT (ssstsbii) = REMINDER
-- text, wall, zone, instant, rule or NULL, nag, bot, chat
INSERT INTO reminders (text, wall, start_wall, zone, fire_at, rrule, nag, bot_id, chat_id) VALUES ($1, $2::timestamp,
	$2::timestamp, $3, $4, $5, $6, $7, $8)
	RETURNING id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag,
		outside, time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang;

-- STMT_REMINDER_LIST (i) = total REMINDER
-- page from 1: what rang and was not answered comes first.
WITH found AS (
	SELECT id, text, wall, rrule, nag, outside, fire_at, state, fired_at FROM reminders
		WHERE user_id = app_user_id() AND state IN ('pending', 'fired')
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag, outside,
	time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang
	FROM found, n
	ORDER BY state, fire_at, id LIMIT 10 OFFSET (SELECT least($1 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_REMINDER_GET (i) = REMINDER state zone start_wall nags bot_id chat_id fire_at
-- locked
SELECT id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag, outside,
	time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang, state, zone, to_char(start_wall,
		'YYYY-MM-DD"T"HH24:MI:SS') AS start_wall, nags, bot_id, chat_id,
	time_to_us(fire_at) AS fire_at FROM reminders WHERE user_id = app_user_id() AND id = $1 FOR UPDATE;

-- STMT_REMINDER_MATCH (s) = REMINDER
-- One more than are shown.
SELECT id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag, outside,
	time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang
	FROM reminders WHERE user_id = app_user_id() AND state IN ('pending', 'fired')
	AND strpos(fold(text), fold($1)) > 0 ORDER BY state = 'fired', fire_at LIMIT 9;

-- STMT_REMINDER_MOVE (issti) = REMINDER
-- id, state, wall, instant, snoozes to add: when it is due next
UPDATE reminders SET state = $2, wall = $3::timestamp, fire_at = $4, snoozes = snoozes + $5, nags = 0,
	updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1
	RETURNING id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag,
		outside, time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang;

-- STMT_REMINDER_STATE (is)
-- id, state
UPDATE reminders SET state = $2, nags = 0, updated_at = app_now() WHERE user_id = app_user_id() AND id = $1;

-- STMT_REMINDER_FIRED (issti)
-- id, state, next wall, next instant, nags so far
UPDATE reminders SET state = $2, wall = $3::timestamp, fire_at = $4, nags = $5, fired_n = fired_n + 1,
	fired_at = app_now()
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_REMINDER_RANG (s) = REMINDER
-- words of its text ('' for any that rang within twelve hours): what rang and was not answered, one more than is of use
SELECT id, text, to_char(wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS wall, coalesce(rrule, '') AS rrule, nag, outside,
	time_to_us(CASE WHEN state = 'fired' THEN fired_at END) AS rang
	FROM reminders WHERE user_id = app_user_id() AND state = 'fired'
		AND CASE WHEN $1 = '' THEN fired_at > app_now() - interval '12 hours' ELSE strpos(fold(text),
		fold($1)) > 0 END
	ORDER BY fired_at DESC LIMIT 2;
