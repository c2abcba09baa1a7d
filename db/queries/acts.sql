-- acts: what was done, under one trace: steps for the replay, undo, audit trail, logs.

-- STMT_STEP_FIND (iiii) = payload
-- bot, update, step, call
SELECT payload FROM turn_steps WHERE user_id = app_user_id() AND bot_id = $1 AND update_id = $2 AND step = $3
	AND call = $4;

-- STMT_ACT_BEGUN (iiii) = begun
-- bot, update, step, call: whether it was answered, or is on its way outside.
SELECT EXISTS (SELECT FROM turn_steps WHERE user_id = app_user_id() AND bot_id = $1 AND update_id = $2 AND step = $3
	AND call = $4) OR EXISTS (SELECT FROM operations WHERE user_id = app_user_id() AND bot_id = $1 AND update_id = $2
	AND step = $3 AND call = $4) AS begun;

-- STMT_STEP_PUT (iiiisss)
INSERT INTO turn_steps (bot_id, update_id, step, call, kind, name, payload) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb);

-- STMT_UNDO_LOG_PUT (sst)
-- ref, act, expires
INSERT INTO undo_log (ref, act, expires_at) VALUES ($1, $2, $3)
	ON CONFLICT (user_id, ref) DO UPDATE SET act = 'several'; -- one sentence, several acts: taken back together

-- STMT_UNDO_LATEST () = ref
-- The latest act that changed something and can still be undone.
SELECT l.ref FROM undo_log l WHERE l.user_id = app_user_id() AND l.undone_at IS NULL AND l.expires_at > app_now()
	AND (EXISTS (SELECT FROM undo_rows r WHERE r.user_id = l.user_id AND r.ref = l.ref)
		OR EXISTS (SELECT FROM undo_acts a WHERE a.user_id = l.user_id AND a.ref = l.ref))
		ORDER BY l.created_at DESC, l.ref LIMIT 1;

-- STMT_UNDO_DROP (s)
-- ref: what this transaction has changed is not taken back from here.
DELETE FROM undo_rows WHERE user_id = app_user_id() AND ref = $1 AND xmin = pg_current_xact_id()::xid;

-- STMT_UNDO_ACT_PUT (sss)
-- ref, tool, args: the act that takes back what is outside.
INSERT INTO undo_acts (ref, tool, args) VALUES ($1, $2, $3);

-- STMT_UNDO_ACTS_OF (s) = id tool args rows open
-- ref: newest first; whether rows are undone with them, and whether it can be undone.
SELECT a.id, a.tool, a.args,
	EXISTS (SELECT FROM undo_rows r WHERE r.user_id = a.user_id AND r.ref = a.ref) AS rows,
	l.undone_at IS NULL AND l.expires_at > app_now() AS open
	FROM undo_acts a JOIN undo_log l USING (user_id, ref)
	WHERE a.user_id = app_user_id() AND a.ref = $1 ORDER BY a.id DESC;

-- STMT_UNDO_ACT_LOCK (i) = free done
-- id: nobody else begins it while this transaction lasts.
SELECT operation IS NULL AS free, done_at IS NOT NULL AS done FROM undo_acts
	WHERE user_id = app_user_id() AND id = $1 FOR UPDATE;

-- STMT_UNDO_ACT_BEGUN (is)
-- id, operation
UPDATE undo_acts SET operation = $2 WHERE user_id = app_user_id() AND id = $1;

-- STMT_UNDO_ACT_DONE (i)
UPDATE undo_acts SET done_at = app_now() WHERE user_id = app_user_id() AND id = $1;

-- STMT_UNDO_ACT_SETTLED (sb)
-- operation, whether it was done: else it may be tried again.
UPDATE undo_acts SET done_at = CASE WHEN $2 THEN app_now() END, operation = CASE WHEN $2 THEN operation END
	WHERE user_id = app_user_id() AND operation = $1;

-- STMT_UNDO_CLOSE (s)
-- operation: settled after its turn; where nothing else is to be taken back, all is undone.
UPDATE undo_log l SET undone_at = app_now() FROM undo_acts o
	WHERE l.user_id = app_user_id() AND o.user_id = l.user_id AND o.operation = $1 AND l.ref = o.ref
	AND NOT EXISTS (SELECT FROM undo_acts a WHERE a.user_id = l.user_id AND a.ref = l.ref AND a.done_at IS NULL)
	AND NOT EXISTS (SELECT FROM undo_rows r WHERE r.user_id = l.user_id AND r.ref = l.ref);

-- STMT_UNDO_IS_OVER (s) = act
SELECT act FROM undo_log WHERE user_id = app_user_id() AND ref = $1 AND undone_at IS NOT NULL;

-- STMT_UNDO_APPLY (s) = act
SELECT undo_apply($1) AS act;

-- STMT_AUDIT_PUT (ssi)
-- act, object, object id
INSERT INTO audit_log (act, object, object_id) VALUES ($1, $2, $3);

-- STMT_LOG_PUT (ssibs)
-- kind, name, duration ms, success, error
INSERT INTO assistant_logs (kind, name, duration_ms, success, error) VALUES ($1, $2, $3, $4, $5);

-- STMT_LOG_MODEL_PUT (ssiiibs)
-- name, model, tokens in, tokens out, duration ms, success, error: a message that a model answered
INSERT INTO assistant_logs (kind, name, model, tokens_in, tokens_out, duration_ms, success, error)
	VALUES ('message', $1, $2, $3, $4, $5, $6, $7);

-- STMT_SAID_PUT (ssbb)
-- what the person said ('' when nothing was), what Lembra answered, whether each holds words from outside
INSERT INTO interactions (said_by, text, outside)
	SELECT * FROM (VALUES ('person', $1, $3), ('lembra', $2, $4)) v(said_by, text, outside) WHERE text <> '';

-- STMT_STEPS_OF (ii) = step call kind name payload
-- bot, update: everything that its turn has done, in order.
SELECT step, call, kind, name, payload FROM turn_steps WHERE user_id = app_user_id() AND bot_id = $1 AND update_id = $2
	ORDER BY step, call;

-- STMT_MERGED_PUT (iI)
-- bot, updates that another one's turn took in: their own turns find nothing left to do.
INSERT INTO turn_steps (bot_id, update_id, step, call, kind) SELECT $1, u, 0, 0, 'merged' FROM unnest($2) u
	ON CONFLICT DO NOTHING;

-- STMT_PENDING_PUT (siissssstss)
-- id, bot, chat, tool (or NULL), args, hash, tool and args of a no (or NULL), expires, the argument
-- that the person's next words give (or NULL), kind.
INSERT INTO pending_actions (id, bot_id, chat_id, tool, args, hash, no_tool, no_args, expires_at, wants, kind)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- STMT_PENDING_GET (sii) = tool args hash no_tool no_args
-- id, bot, chat
SELECT tool, args, hash, no_tool, no_args FROM pending_actions
	WHERE user_id = app_user_id() AND id = $1 AND bot_id = $2 AND chat_id = $3 AND kind = 'act';

-- STMT_PENDING_ASKED (ii) = id kind wants tool args hash
-- bot, chat: the latest question that words may answer, if nothing was asked or said after it.
SELECT id, kind, wants, tool, args, hash FROM (
	SELECT * FROM pending_actions WHERE user_id = app_user_id() AND bot_id = $1 AND chat_id = $2
		ORDER BY created_at DESC LIMIT 1
) p WHERE kind <> 'act' AND state = 'open' AND expires_at > app_now()
	AND NOT EXISTS (SELECT FROM interactions i WHERE i.user_id = app_user_id() AND i.said_by = 'person'
		AND i.created_at > p.created_at);

-- STMT_PENDING_LATEST (iii) = id
-- bot, chat, update: what a plain yes or no answers: the latest that was asked, if nothing was said after it, and
-- nothing else was asked with it. One that this very update has settled is found again.
SELECT id FROM (
	SELECT *, count(*) FILTER (WHERE state = 'open') OVER (PARTITION BY created_at) AS together
		FROM pending_actions WHERE user_id = app_user_id() AND bot_id = $1 AND chat_id = $2
		ORDER BY created_at DESC LIMIT 1
) p WHERE kind = 'act' AND (settled_by = $3 OR (state = 'open' AND expires_at > app_now() AND together = 1
	AND NOT EXISTS (SELECT FROM interactions i WHERE i.user_id = app_user_id() AND i.said_by = 'person'
		AND i.created_at > p.created_at)));

-- STMT_PENDING_SETTLE (ssi) = hash
-- id, yes or no, update (0: none): a row for whoever is first and in time.
UPDATE pending_actions SET state = $2, settled_at = app_now(), settled_by = nullif($3, 0)
	WHERE user_id = app_user_id() AND id = $1 AND state = 'open' AND expires_at > app_now()
	RETURNING hash;
