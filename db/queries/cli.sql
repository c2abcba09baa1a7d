-- cli: what the command line asks: the state of an installation, one message's story, one person's data.

-- STMT_DOCTOR_SERVER () = role version clock
-- who we are there, the server's version and its clock
SELECT current_user::text AS role, split_part(current_setting('server_version'), ' ', 1) AS version,
	(extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS clock;

-- STMT_DOCTOR_ROLE () = superuser bypasses owns
-- superuser, bypasses row security, owns (itself or by membership) the database or one of its tables
SELECT r.rolsuper AS superuser, r.rolbypassrls AS bypasses,
	(SELECT pg_has_role(d.datdba, 'MEMBER') FROM pg_database d WHERE d.datname = current_database())
	OR EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
		AND pg_has_role(c.relowner, 'MEMBER')) AS owns
FROM pg_roles r WHERE r.rolname = current_user;

-- STMT_DOCTOR_ROWS () = people open_tables
-- As nobody: people seen, and people's tables on which row security does not hold for this role.
SELECT (SELECT count(*) FROM users) AS people, (
	SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
	AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id'
		AND NOT a.attisdropped)
	AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)) AS open_tables;

-- STMT_DOCTOR_PEOPLE () = n
SELECT count(DISTINCT user_id) AS n FROM directory;

-- STMT_TRACE_FIND (ss) = trace first_at
-- first and last trace that count: which there are, with their first moment. Only the owner of the database may.
SELECT trace, time_to_us(min(at)) AS first_at FROM (
	SELECT trace, received_at AS at FROM updates WHERE trace BETWEEN $1 AND $2
	UNION ALL SELECT trace, created_at FROM assistant_logs WHERE trace BETWEEN $1 AND $2
	UNION ALL SELECT trace, created_at FROM audit_log WHERE trace BETWEEN $1 AND $2
	UNION ALL SELECT trace, created_at FROM outbox WHERE trace BETWEEN $1 AND $2
) t GROUP BY trace ORDER BY 2, 1 LIMIT 20;

-- STMT_TRACE_STORY (s) = at source what
-- time, where, what: ids, names, states and durations, never what was said.
WITH u AS (
	SELECT * FROM updates WHERE trace = $1
), story AS (
	SELECT received_at AS at, 1 AS place, update_id AS n, 'update' AS source,
		format('%s received: bot %s, chat %s, update %s', kind, bot_id, chat_id, update_id) AS what FROM u
	UNION ALL
	SELECT coalesce(u.received_at, u.done_at), 2, q.seq, 'queue',
	concat_ws(', ', format('waits in lane %s as %s, seq %s, attempts %s',
		CASE q.lane WHEN 0 THEN 'talk' ELSE 'control' END, q.kind, q.seq, q.attempts),
		'leased to worker ' || c.lease_owner,
		'ready at ' || to_char(c.ready_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
		FROM u JOIN queue q USING (bot_id, update_id)
			LEFT JOIN chats c ON c.bot_id = q.bot_id AND c.chat_id = q.chat_id AND c.lane = q.lane
	UNION ALL
	SELECT s.created_at, 3, s.step * 1000 + s.call, 'step',
	format('%s.%s %s %s, user %s', s.step, s.call, s.kind, s.name, s.user_id)
		FROM u JOIN turn_steps s USING (bot_id, update_id)
	UNION ALL
	SELECT created_at, 4, id, 'audit',
	concat_ws(' ', act, nullif(object, ''), object_id, '(' || result || '), user ' || user_id) FROM audit_log
	WHERE trace = $1
	UNION ALL
	SELECT created_at, 5, id, 'log',
	concat_ws(', ', kind || ' ' || name || CASE WHEN success THEN ' ok' ELSE ' failed' END, error,
		duration_ms || ' ms', model, tokens_in || ' tokens in', tokens_out || ' tokens out', 'user ' || user_id)
			FROM assistant_logs WHERE trace = $1
	UNION ALL
	SELECT created_at, 6, id, 'outbox',
	format('%s %s put: id %s, part %s, bot %s, chat %s', class, method, id, part, bot_id, chat_id)
		FROM outbox WHERE trace = $1
	UNION ALL
	SELECT coalesce(sent_at, created_at), 7, id, 'outbox',
	concat_ws(', ', format('%s: id %s', state, id), 'message_id ' || message_id, 'attempts ' || attempts,
		error, CASE WHEN lost > 0 THEN 'an answer was lost: may be there twice' END,
		(extract(epoch FROM sent_at - accepted_at) * 1000)::bigint || ' ms after its update was accepted')
			FROM outbox WHERE trace = $1
	UNION ALL
	SELECT done_at, 8, update_id, 'update',
	concat_ws(', ', state, error,
	(extract(epoch FROM done_at - received_at) * 1000)::bigint || ' ms after it was received')
		FROM u WHERE done_at IS NOT NULL
)
SELECT time_to_us(at) AS at, source, what FROM story ORDER BY story.at, place, n;

-- STMT_EXPORT () = part body
-- As the person: every part, then its rows.
SELECT part, body FROM export_rows();

-- STMT_EXPORT_EVENTS () = kind id title text place zone start end all_day rrule changed_at
-- kind, id, title, text, place, zone, start and end as wall clock, whole days, rule, instant of the last change: what
-- goes into a calendar
SELECT 'event' AS kind, id, title, description AS text, place, zone,
	to_char(start_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS start,
	to_char(end_wall, 'YYYY-MM-DD"T"HH24:MI:SS') AS end, all_day, coalesce(rrule, '') AS rrule,
	time_to_us(updated_at) AS changed_at FROM events WHERE user_id = app_user_id()
UNION ALL
SELECT 'reminder', id, text, '', '', zone,
	to_char(CASE WHEN rrule IS NULL THEN wall ELSE start_wall END, 'YYYY-MM-DD"T"HH24:MI:SS'), '', false,
	coalesce(rrule, ''), time_to_us(updated_at) FROM reminders
		WHERE user_id = app_user_id() AND state IN ('pending', 'fired')
ORDER BY 1, 2;

