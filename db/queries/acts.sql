-- acts: what was done, under one trace: steps for the replay, undo, audit trail, logs.

-- STMT_STEP_FIND (iiii)
-- bot, update, step, call
SELECT payload FROM turn_steps WHERE user_id = app_user_id() AND bot_id = $1 AND update_id = $2 AND step = $3 AND call = $4;

-- STMT_STEP_PUT (iiiisss)
INSERT INTO turn_steps (bot_id, update_id, step, call, kind, name, payload) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb);

-- STMT_UNDO_LOG_PUT (sst)
-- ref, act, expires
INSERT INTO undo_log (ref, act, expires_at) VALUES ($1, $2, $3);

-- STMT_UNDO_LATEST ()
-- The latest act that changed something and can still be undone.
SELECT l.ref FROM undo_log l WHERE l.user_id = app_user_id() AND l.undone_at IS NULL AND l.expires_at > app_now()
	AND EXISTS (SELECT FROM undo_rows r WHERE r.user_id = l.user_id AND r.ref = l.ref) ORDER BY l.created_at DESC, l.ref LIMIT 1;

-- STMT_UNDO_APPLY (s)
SELECT undo_apply($1);

-- STMT_AUDIT_PUT (ssi)
-- act, object, object id
INSERT INTO audit_log (act, object, object_id) VALUES ($1, $2, $3);

-- STMT_LOG_PUT (ssibs)
-- kind, name, duration ms, success, error
INSERT INTO assistant_logs (kind, name, duration_ms, success, error) VALUES ($1, $2, $3, $4, $5);

-- STMT_SAID_PUT (ss)
-- what the person said ('' when nothing was), what Lembra answered
INSERT INTO interactions (said_by, text)
	SELECT * FROM (VALUES ('person', $1), ('lembra', $2)) v(said_by, text) WHERE text <> '';
