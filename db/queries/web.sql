-- web: sessions of people in a browser, and requests handed over to a worker.

-- STMT_SESSION_NEW (si)
-- token, life in seconds
INSERT INTO web_sessions (hash, expires_at)
	VALUES (sha256(convert_to($1, 'UTF8')), clock_timestamp() + $2 * interval '1 second');

-- STMT_SESSION_CONSENT (si) = id
-- token, life in seconds: of a consent, for its own calls. No row: the token has a session.
INSERT INTO web_sessions (hash, expires_at, kind)
	VALUES (sha256(convert_to($1, 'UTF8')), clock_timestamp() + $2 * interval '1 second', 'consent')
	ON CONFLICT DO NOTHING RETURNING id;

-- STMT_SESSION_END (i)
DELETE FROM web_sessions WHERE user_id = app_user_id() AND id = $1;

-- STMT_SESSION_FIND (s) = user_id role lang zone
-- token
SELECT user_id, role, lang, zone FROM session_find($1);

-- STMT_ME () = user_id role lang zone
SELECT u.user_id, u.role, p.lang, p.zone FROM users u JOIN profiles p ON p.user_id = u.user_id
	WHERE u.user_id = app_user_id();

-- STMT_HANDOVER_PUT (sssssxsi) = outcome
-- token, ticket, call, params, query, body, trace, milliseconds
SELECT handover_put($1, $2, $3, $4, $5, $6, $7, $8) AS outcome;

-- STMT_HANDOVER_TAKE (sb) = answered status type answer error
-- ticket, whether nobody waits any more
SELECT answered, status, type, answer, error FROM handover_take($1, $2);

-- STMT_HANDOVER_CLAIM (i) = user_id id session_id call params query body trace role lang zone
-- how many at most
SELECT user_id, id, session_id, call, params, query, body, trace, role, lang, zone FROM handover_claim($1);

-- STMT_HANDOVER_ANSWER (iisxs) = told
-- id, status, type, answer, error; no row: nobody waits any more
WITH answered AS (
	UPDATE handovers SET answered_at = clock_timestamp(), status = $2, type = $3, answer = $4, error = $5
		WHERE user_id = app_user_id() AND id = $1 AND answered_at IS NULL RETURNING ticket
)
SELECT pg_notify('lembra_web_done', left(ticket, 16)) AS told FROM answered;

-- STMT_HANDOVER_SWEEP () = n
SELECT handover_sweep() AS n;
