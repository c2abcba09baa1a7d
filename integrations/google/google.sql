-- google: accounts, their tokens, and consents on their way.

-- COLUMNS ACCOUNT = id email scopes state usual

-- STMT_GOOGLE_ACCOUNTS () = ACCOUNT
SELECT id, email, scopes, state, usual FROM google_accounts WHERE user_id = app_user_id() ORDER BY usual DESC, id;

-- STMT_GOOGLE_TOKEN (i) = state refresh access fresh
-- account: what there is. Early: five minutes before its end.
SELECT state, refresh, coalesce(access, '') AS access,
	coalesce(access_ends_at > clock_timestamp() + interval '5 minutes', false) AS fresh
	FROM google_accounts WHERE user_id = app_user_id() AND id = $1;

-- STMT_GOOGLE_LEASE (ids) = id
-- account, seconds, access token (sealed, or ''): a row for whoever may refresh it, where nobody has since.
UPDATE google_accounts SET lease_until = clock_timestamp() + make_interval(secs => $2)
	WHERE user_id = app_user_id() AND id = $1 AND state = 'active'
		AND (lease_until IS NULL OR lease_until < clock_timestamp()) AND coalesce(access, '') = $3
	RETURNING id;

-- STMT_GOOGLE_LET (i)
UPDATE google_accounts SET lease_until = NULL WHERE user_id = app_user_id() AND id = $1;

-- STMT_GOOGLE_REFRESHED (isiss)
-- account, access token (sealed), seconds it lasts, a new refresh token (sealed) or NULL, the one that was used
-- (sealed): where the account was connected anew meanwhile, they are of a grant that counts no more.
UPDATE google_accounts SET access = $2, access_ends_at = clock_timestamp() + make_interval(secs => $3),
	refresh = coalesce($4, refresh), lease_until = NULL
	WHERE user_id = app_user_id() AND id = $1 AND refresh = $5;

-- STMT_GOOGLE_BREAK (is) = email bot_id chat_id
-- account, the refresh token (sealed) that is dead: a row for whoever finds it first.
UPDATE google_accounts SET state = 'broken', broken_at = app_now(), access = NULL, access_ends_at = NULL,
	lease_until = NULL
	WHERE user_id = app_user_id() AND id = $1 AND state = 'active' AND refresh = $2 RETURNING email, bot_id,
		chat_id;

-- STMT_GOOGLE_SCOPES (iss)
-- account, scopes as a refresh tells them: the person may have taken some back; the refresh token that was used.
UPDATE google_accounts SET scopes = $2 WHERE user_id = app_user_id() AND id = $1 AND scopes <> $2 AND refresh = $3;

-- STMT_GOOGLE_ACCOUNT_PUT (ssssiiisii) = id
-- sub, email, scopes, refresh token (sealed, or NULL: it keeps its own), seconds until its end (0: none), access
-- token's seconds, the account that it must be (0: any), access token (sealed), bot and chat. No row: without a
-- refresh token, or of somebody else's sub.
INSERT INTO google_accounts (sub, email, scopes, refresh, refresh_ends_at, access_ends_at, access, bot_id,
	chat_id, usual)
	SELECT $1, $2, $3, r.refresh, CASE WHEN $5 > 0 THEN clock_timestamp() + make_interval(secs => $5) END,
		clock_timestamp() + make_interval(secs => $6), $8, $9, $10,
		NOT EXISTS (SELECT FROM google_accounts WHERE user_id = app_user_id())
	FROM (SELECT coalesce($4, (SELECT refresh FROM google_accounts WHERE user_id = app_user_id() AND sub = $1))
		AS refresh)
		r
	WHERE r.refresh IS NOT NULL AND ($7 = 0 OR EXISTS (SELECT FROM google_accounts WHERE user_id = app_user_id()
		AND id = $7 AND sub = $1))
	ON CONFLICT (user_id, sub) DO UPDATE SET email = excluded.email, scopes = excluded.scopes,
		refresh = excluded.refresh, refresh_ends_at = excluded.refresh_ends_at, access = excluded.access,
		access_ends_at = excluded.access_ends_at, state = 'active', broken_at = NULL, warned_at = NULL,
		lease_until = NULL,
		bot_id = excluded.bot_id, chat_id = excluded.chat_id RETURNING id;

-- STMT_GOOGLE_GRANT (i) = over scopes
-- account: whether its grant is over, or has an end
SELECT state = 'broken' OR refresh_ends_at IS NOT NULL AS over, scopes FROM google_accounts
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_GOOGLE_FORGET (i) = refresh email sub
-- An account and all that was kept of it.
DELETE FROM google_accounts WHERE user_id = app_user_id() AND id = $1 RETURNING refresh, email, sub;

-- STMT_GOOGLE_HAS (s) = has
-- sub: whether it is connected.
SELECT EXISTS (SELECT FROM google_accounts WHERE user_id = app_user_id() AND sub = $1) AS has;

-- STMT_GOOGLE_USUAL_NEXT ()
-- Where none is the usual one, the oldest is.
UPDATE google_accounts SET usual = true WHERE user_id = app_user_id()
	AND id = (SELECT min(id) FROM google_accounts WHERE user_id = app_user_id())
	AND NOT EXISTS (SELECT FROM google_accounts WHERE user_id = app_user_id() AND usual);

-- STMT_GOOGLE_USUAL_NONE ()
UPDATE google_accounts SET usual = false WHERE user_id = app_user_id() AND usual;

-- STMT_GOOGLE_USUAL (i) = email
UPDATE google_accounts SET usual = true WHERE user_id = app_user_id() AND id = $1 RETURNING email;

-- STMT_GOOGLE_SECRETS () = id refresh access
SELECT id, refresh, access FROM google_accounts WHERE user_id = app_user_id() FOR UPDATE;

-- STMT_GOOGLE_RESEAL (iss)
-- account, refresh and access token (or NULL), sealed anew
UPDATE google_accounts SET refresh = $2, access = $3 WHERE user_id = app_user_id() AND id = $1;

-- STMT_GOOGLE_CONSENTS_FORGET ()
-- What was sealed by a key that goes away and lasts minutes only.
DELETE FROM google_consents WHERE user_id = app_user_id();

-- STMT_GOOGLE_UNROTATED (s) = user_id
-- the name of the key that seals now
SELECT DISTINCT user_id FROM google_unrotated($1);

-- STMT_GOOGLE_OLD () = id
-- Accounts whose tokens nobody has used for weeks.
SELECT id FROM google_accounts WHERE user_id = app_user_id() AND state = 'active'
	AND (access_ends_at IS NULL OR access_ends_at < clock_timestamp() - interval '20 days');

-- STMT_GOOGLE_ENDING () = id email day bot_id chat_id
-- Grants that end within two days, and whose person has not heard so: each once.
UPDATE google_accounts a SET warned_at = app_now() FROM profiles p
	WHERE a.user_id = app_user_id() AND p.user_id = a.user_id AND a.state = 'active'
		AND a.refresh_ends_at < clock_timestamp() + interval '2 days'
		AND (a.warned_at IS NULL OR a.warned_at < a.connected_at)
	RETURNING a.id, a.email, to_char(a.refresh_ends_at AT TIME ZONE p.zone, 'YYYY-MM-DD') AS day, a.bot_id,
		a.chat_id;
