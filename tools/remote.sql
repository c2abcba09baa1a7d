-- remote: acts on their way outside.

-- STMT_OPERATION_PUT (siiiiisssd) = lease_token
-- id, bot, chat, update, step, call, tool, args, request, seconds of lease
INSERT INTO operations (id, bot_id, chat_id, update_id, step, call, tool, args, request, attempts, lease_token,
	lease_until)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, nextval('lease_tokens'), now() + make_interval(secs => $10))
	RETURNING lease_token;

-- STMT_OPERATION_OF (iiiid) = id tool args request state attempts lease_token
-- bot, update, step, call, seconds of lease: taken over by the turn that is replayed. Its queue says that no other has
-- it.
UPDATE operations SET attempts = attempts + 1, lease_token = nextval('lease_tokens'),
	lease_until = now() + make_interval(secs => $5)
	WHERE user_id = app_user_id() AND bot_id = $1 AND update_id = $2 AND step = $3 AND call = $4
		AND settled_at IS NULL
	RETURNING id, tool, args, request, state, attempts, lease_token;

-- STMT_OPERATION_TAKE (sd) = tool args request state attempts lease_token bot_id chat_id update_id step call
-- = age_s
-- id, seconds of lease: one whose holder is gone.
UPDATE operations SET attempts = attempts + 1, lease_token = nextval('lease_tokens'),
	lease_until = now() + make_interval(secs => $2)
	WHERE user_id = app_user_id() AND id = $1 AND settled_at IS NULL
		AND (lease_until IS NULL OR lease_until < now())
	RETURNING tool, args, request, state, attempts, lease_token, bot_id, chat_id, update_id, step, call,
		extract(epoch FROM app_now() - created_at)::bigint AS age_s;

-- STMT_OPERATION_SENDING (sid) = id
-- id, token, seconds of lease: the first byte may leave from now on.
UPDATE operations SET state = 'sending', lease_until = now() + make_interval(secs => $3)
	WHERE user_id = app_user_id() AND id = $1 AND lease_token = $2 AND settled_at IS NULL RETURNING id;

-- STMT_OPERATION_SETTLE (sis) = id
-- id, token, done, refused or lost: a row for whoever holds it; what it said is not kept.
UPDATE operations SET state = $3, settled_at = app_now(), lease_until = NULL, args = NULL, request = NULL, result = NULL
	WHERE user_id = app_user_id() AND id = $1 AND lease_token = $2 AND settled_at IS NULL RETURNING id;

-- STMT_OPERATION_LET (si)
-- id, token: nobody holds it any more.
UPDATE operations SET lease_until = NULL WHERE user_id = app_user_id() AND id = $1 AND lease_token = $2;
