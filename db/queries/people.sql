-- people: who may talk to us.

-- STMT_PERSON_OPEN (iissst)
-- login, bot, name, username, language, now
SELECT person_open($1, $2, $3, $4, $5, $6);

-- STMT_PERSON_PAIR (siissst)
-- code hash, login, bot, name, username, language, now: the user, or 0
SELECT person_pair($1, $2, $3, $4, $5, $6, $7);

-- STMT_PERSON_CHAT (iisst)
-- login, bot, name, username, now
SELECT person_chat($1, $2, $3, $4, $5);

-- STMT_PERSON_BLOCKED (ii)
-- bot, login
SELECT person_blocked($1, $2);

-- STMT_DIRECTORY_FIND (i)
SELECT user_id, role, lang, zone, blocked FROM directory WHERE login_id = $1;

-- STMT_GROUP_NOTICE (iit)
-- bot, chat, now: a row only the first time.
INSERT INTO group_notices (bot_id, chat_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1;

-- STMT_PROFILE_GET ()
-- name, zone, onboarding, the person's wall clock
SELECT name, zone, onboarding, to_char(app_now() AT TIME ZONE zone, 'DD/MM/YYYY HH24:MI') FROM profiles WHERE user_id = app_user_id();

-- STMT_PROFILE_LANG (s)
UPDATE profiles SET lang = $1, onboarding = CASE WHEN onboarding IN ('new', 'lang') THEN 'zone' ELSE onboarding END, updated_at = app_now()
	WHERE user_id = app_user_id();

-- STMT_PROFILE_ZONE (s)
UPDATE profiles SET zone = $1, onboarding = 'done', updated_at = app_now() WHERE user_id = app_user_id();

-- STMT_OWNER_CODE (stt)
-- hash, now, expires. Run by the database's owner.
WITH old AS (
	DELETE FROM pairing_codes WHERE kind = 'owner' AND used_at IS NULL
)
INSERT INTO pairing_codes (hash, kind, role, created_at, expires_at) VALUES ($1, 'owner', 'owner', $2, $3);
