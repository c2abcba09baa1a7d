-- consent: a consent at Google on its way. Real time: it outlives no clock of ours.

-- STMT_CONSENT_PUT (iiiiii) = id
-- features, account (0: any), bot, chat, session of the link, seconds. One at a time.
WITH old AS (
	UPDATE google_consents SET state = 'over', ask = NULL, tokens = NULL, number = NULL
		WHERE user_id = app_user_id() AND state <> 'over'
)
INSERT INTO google_consents (features, account_id, bot_id, chat_id, link_session, expires_at)
	VALUES ($1, nullif($2, 0), $3, $4, $5, clock_timestamp() + make_interval(secs => $6)) RETURNING id;

-- COLUMNS CONSENT = id state features account_id email name

-- STMT_CONSENT_FIND (i) = CONSENT bot_id chat_id browser_session ask
-- a session, of the link or of the browser
SELECT c.id, c.state, c.features, coalesce(c.account_id, 0) AS account_id, coalesce(a.email, '') AS email, p.name,
	c.bot_id, c.chat_id, coalesce(c.browser_session, 0) AS browser_session, coalesce(c.ask, '') AS ask
	FROM google_consents c JOIN profiles p ON p.user_id = c.user_id
	LEFT JOIN google_accounts a ON a.user_id = c.user_id AND a.id = c.account_id
	WHERE c.user_id = app_user_id() AND $1 IN (c.link_session, c.browser_session)
		AND c.expires_at > clock_timestamp() FOR UPDATE OF c;

-- STMT_CONSENT_BROWSER (si) = same
-- a browser's token, the session that began it
SELECT EXISTS (SELECT FROM web_sessions WHERE user_id = app_user_id() AND id = $2
	AND hash = sha256(convert_to($1, 'UTF8'))) AS same;

-- STMT_CONSENT_BEGIN (iisi)
-- consent, session of the browser, ask (sealed), seconds
UPDATE google_consents SET state = 'begun', browser_session = $2, ask = $3,
	expires_at = clock_timestamp() + make_interval(secs => $4) WHERE user_id = app_user_id() AND id = $1;

-- STMT_CONSENT_TAKE (i)
UPDATE google_consents SET state = 'taken', ask = NULL WHERE user_id = app_user_id() AND id = $1;

-- STMT_CONSENT_WAIT (isii) = bot_id chat_id
-- consent, tokens (sealed), number, seconds
UPDATE google_consents SET state = 'waiting', tokens = $2, number = $3,
	expires_at = clock_timestamp() + make_interval(secs => $4)
	WHERE user_id = app_user_id() AND id = $1 AND state = 'taken' RETURNING bot_id, chat_id;

-- STMT_CONSENT_OVER (i) = bot_id chat_id
UPDATE google_consents SET state = 'over', ask = NULL, tokens = NULL, number = NULL
	WHERE user_id = app_user_id() AND id = $1 AND state <> 'over' RETURNING bot_id, chat_id;

-- STMT_CONSENT_TAP (i) = CONSENT tokens number
-- A tap, right or wrong, is the last of it.
WITH tapped AS (
	SELECT * FROM google_consents WHERE user_id = app_user_id() AND id = $1 AND state = 'waiting'
		AND expires_at > clock_timestamp() FOR UPDATE
), over AS (
	UPDATE google_consents c SET state = 'over', ask = NULL, tokens = NULL, number = NULL FROM tapped t
		WHERE c.user_id = t.user_id AND c.id = t.id
)
SELECT t.id, t.state, t.features, coalesce(t.account_id, 0) AS account_id, coalesce(a.email, '') AS email, p.name,
	t.tokens, t.number
	FROM tapped t JOIN profiles p ON p.user_id = t.user_id
	LEFT JOIN google_accounts a ON a.user_id = t.user_id AND a.id = t.account_id;
