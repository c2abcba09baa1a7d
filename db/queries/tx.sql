-- tx: the frame of every transaction on a person's data.

-- STMT_TX_BEGIN ()
BEGIN;

-- STMT_TX_USER (iiss)
SELECT set_config('app.user_id', $1::text, true), set_config('app.now', $2::text, true),
	set_config('app.undo_ref', coalesce($3, ''), true), set_config('app.trace', coalesce($4, ''), true);

-- STMT_TX_COMMIT ()
COMMIT;
