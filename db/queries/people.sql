-- people: who may talk to us.

-- STMT_PERSON_OPEN (iissst) = user_id
-- login, bot, name, username, language, now
SELECT person_open($1, $2, $3, $4, $5, $6) AS user_id;

-- STMT_PERSON_PAIR (siissst) = user_id
-- code hash, login, bot, name, username, language, now: the user, or 0
SELECT person_pair($1, $2, $3, $4, $5, $6, $7) AS user_id;

-- STMT_PERSON_CHAT (iisst) = seen
-- login, bot, name, username, now
SELECT person_chat($1, $2, $3, $4, $5) AS seen;

-- STMT_PERSON_BLOCKED (ii) = blocked
-- bot, login
SELECT person_blocked($1, $2) AS blocked;

-- STMT_DIRECTORY_FIND (i) = user_id role lang zone blocked
SELECT user_id, role, lang, zone, blocked FROM directory WHERE login_id = $1;

-- STMT_GROUP_NOTICE (iit) = first
-- bot, chat, now: a row only the first time.
INSERT INTO group_notices (bot_id, chat_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true AS first;

-- STMT_PROFILE_GET () = name zone onboarding clock
-- clock: the person's, on the wall
SELECT name, zone, onboarding, to_char(app_now() AT TIME ZONE zone, 'DD/MM/YYYY HH24:MI') AS clock FROM profiles
	WHERE user_id = app_user_id();

-- STMT_SETTINGS_GET ()
-- = lang zone clock morning evening plan report quiet cap autonomy pause tone format onboarding
-- the wall's clock, morning and evening ("07:00" or "off"), the week's plan and report (on, off),
-- quiet hours ("22-07" or "off"),
-- the daily cap, the pause's end or 0
SELECT lang, zone, to_char(app_now() AT TIME ZONE zone, 'HH24:MI') AS clock,
	CASE WHEN morning_on THEN to_char(morning_at, 'HH24:MI') ELSE 'off' END AS morning,
	CASE WHEN evening_on THEN to_char(evening_at, 'HH24:MI') ELSE 'off' END AS evening,
	CASE WHEN week_plan_on THEN 'on' ELSE 'off' END AS plan,
		CASE WHEN week_report_on THEN 'on' ELSE 'off' END AS report,
	CASE WHEN quiet_from = quiet_to THEN 'off'
		ELSE to_char(quiet_from, 'HH24') || '-' || to_char(quiet_to, 'HH24') END AS quiet,
	daily_cap::text AS cap, autonomy,
		CASE WHEN paused_until > app_now() THEN time_to_us(paused_until) ELSE 0 END AS pause,
	coalesce((SELECT value FROM user_preferences u WHERE u.user_id = p.user_id AND key = 'tone'), '') AS tone,
	coalesce((SELECT value FROM user_preferences u WHERE u.user_id = p.user_id AND key = 'format'), '') AS format,
		onboarding
	FROM profiles p WHERE user_id = app_user_id();

-- STMT_SETTING_LANG (s)
UPDATE profiles SET lang = $1, onboarding = CASE WHEN onboarding IN ('new', 'lang') THEN 'zone' ELSE onboarding END,
	updated_at = app_now()
	WHERE user_id = app_user_id();

-- STMT_SETTING_ZONE (s)
UPDATE profiles SET zone = $1, onboarding = 'done', updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_NAME (s)
UPDATE profiles SET name = $1, updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_MORNING (s)
UPDATE profiles SET morning_on = $1 <> 'off', morning_at = coalesce(nullif($1, 'off')::time, morning_at),
	updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_EVENING (s)
UPDATE profiles SET evening_on = $1 <> 'off', evening_at = coalesce(nullif($1, 'off')::time, evening_at),
	updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_PLAN (s)
UPDATE profiles SET week_plan_on = $1 = 'on', updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_REPORT (s)
UPDATE profiles SET week_report_on = $1 = 'on', updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_QUIET (s)
-- "22-07" or "off"
UPDATE profiles SET quiet_from = CASE WHEN $1 = 'off' THEN '00:00' ELSE (split_part($1, '-', 1) || ':00')::time END,
	quiet_to = CASE WHEN $1 = 'off' THEN '00:00' ELSE (split_part($1, '-', 2) || ':00')::time END,
	updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_CAP (s)
UPDATE profiles SET daily_cap = $1::int, updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_AUTONOMY (s)
UPDATE profiles SET autonomy = $1, updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_PAUSE (s)
-- an instant as ISO, or off
UPDATE profiles SET paused_until = nullif($1, 'off')::timestamptz, updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_SETTING_TONE (s)
INSERT INTO user_preferences AS u (key, value) VALUES ('tone', $1) ON CONFLICT (user_id, key) DO UPDATE
	SET value = excluded.value, consented_at = app_now();

-- STMT_SETTING_FORMAT (s)
INSERT INTO user_preferences AS u (key, value) VALUES ('format', $1) ON CONFLICT (user_id, key) DO UPDATE
	SET value = excluded.value, consented_at = app_now();

-- STMT_PREFERENCE_PUT (ss) = id
INSERT INTO user_preferences AS u (key, value) VALUES ($1, $2) ON CONFLICT (user_id, key) DO UPDATE
	SET value = excluded.value, consented_at = app_now() RETURNING id;

-- STMT_OWNER_CODE (stt)
-- hash, now, expires. Run by the database's owner.
WITH old AS (
	DELETE FROM pairing_codes WHERE kind = 'owner' AND used_at IS NULL
)
INSERT INTO pairing_codes (hash, kind, role, created_at, expires_at) VALUES ($1, 'owner', 'owner', $2, $3);
