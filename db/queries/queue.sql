-- queue: durable updates in, one chat in order, chats in parallel.
-- Whatever touches several chats locks them in (chat, lane) order. Leases use the server's real time;
-- a claim is its own transaction, so now() is its start.

-- STMT_INGEST (iIIISSSXtbbb) = kept passed told
-- One group commit: bot, update ids (each once), chats, lanes, kinds, refs, traces, payloads, now, open to all, notify,
-- all new.
-- A stranger's first update of the day passes as 'stranger' without its payload; the others are counted and dropped.
-- "all new" spares looking for updates that came before: one among them fails the batch (unique violation), which is
-- then tried without it.
WITH seen AS (
	SELECT g.*, $10 OR g.kind IN ('group', 'code')
		OR (SELECT true FROM directory d WHERE d.login_id = g.chat_id) IS NOT NULL AS known
		FROM unnest($2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS g(update_id, chat_id, lane, kind, ref, trace,
			payload, ord)
), stranger AS (
	INSERT INTO strangers (login_id, day, n) SELECT chat_id, ($9 AT TIME ZONE 'UTC')::date, count(*) FROM seen
		WHERE NOT known GROUP BY 1 ORDER BY 1
		ON CONFLICT (login_id, day) DO UPDATE SET n = strangers.n + excluded.n
			RETURNING login_id, xmax = 0 AS first
), pass AS (
	SELECT *, $12 OR (SELECT true FROM updates u WHERE u.bot_id = $1 AND u.update_id = p.update_id) IS NULL AS new
		FROM (
		SELECT update_id, chat_id, lane, kind, ref, trace, payload, ord FROM seen WHERE known
		UNION ALL
		(SELECT DISTINCT ON (s.chat_id) s.update_id, s.chat_id, 0, 'stranger', s.ref, s.trace, NULL, s.ord
			FROM seen s JOIN stranger t ON t.login_id = s.chat_id AND t.first
				WHERE NOT s.known AND s.kind IN ('message', 'callback') ORDER BY s.chat_id, s.ord)
	) p
), kept AS (
	INSERT INTO updates (bot_id, update_id, chat_id, kind, payload, trace, received_at)
		SELECT $1, update_id, chat_id, kind, payload, trace, $9 FROM pass WHERE new ORDER BY update_id
			RETURNING update_id
), queued AS (
	INSERT INTO queue (bot_id, chat_id, lane, update_id, kind, ref)
		SELECT $1, chat_id, lane, update_id, kind, ref FROM (
			SELECT chat_id, lane, update_id, kind, ref, ord FROM pass WHERE new
			UNION ALL
			SELECT chat_id, 1, update_id, 'answer', ref, ord FROM pass WHERE new AND kind = 'callback'
		) r ORDER BY ord RETURNING chat_id, lane
), woken AS (
	INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at)
		SELECT $1, chat_id, lane, count(*), clock_timestamp() FROM queued GROUP BY chat_id, lane
			ORDER BY chat_id, lane
		ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + excluded.pending,
		ready_at = CASE WHEN chats.lease_until IS NULL THEN coalesce(chats.ready_at, excluded.ready_at) END
)
SELECT (SELECT count(*) FROM kept) AS kept, (SELECT count(*) FROM pass) AS passed,
	CASE WHEN $11 THEN pg_notify('lembra_work', $1::text) END AS told;

-- STMT_QUEUE_CLAIM (iiiii)
-- = chat_id lane token seq update_id kind ref attempts payload trace received_at user_id role lang zone blocked
-- bot, lane, how many chats, owner, the only chat (0: any). First update of each ready chat, with who it is.
WITH h AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE bot_id = $1 AND lane = $2 AND ready_at <= now()
		AND ($5 = 0 OR chat_id = $5) ORDER BY ready_at LIMIT $3 FOR UPDATE SKIP LOCKED
), x AS (
	UPDATE chats c SET ready_at = NULL, lease_until = now() + interval '30 s',
	lease_token = nextval('lease_tokens'), lease_owner = $4
		FROM h WHERE c.bot_id = h.bot_id AND c.chat_id = h.chat_id AND c.lane = h.lane
			RETURNING c.bot_id, c.chat_id, c.lane, c.lease_token
)
SELECT x.chat_id, x.lane, x.lease_token AS token, q.seq, q.update_id, q.kind, q.ref, q.attempts, u.payload, u.trace,
	time_to_us(u.received_at) AS received_at, d.user_id, d.role, d.lang, d.zone, d.blocked
FROM x CROSS JOIN LATERAL (
	SELECT * FROM queue WHERE bot_id = x.bot_id AND chat_id = x.chat_id AND lane = x.lane ORDER BY seq LIMIT 1
) q JOIN updates u ON u.bot_id = q.bot_id AND u.update_id = q.update_id LEFT JOIN directory d ON d.login_id = x.chat_id;

-- STMT_QUEUE_COMPLETE (iIIIIIt) = chat_id lane pending
-- bot, chats, lanes, tokens, seqs, updates, now. Only while the token is held; blanks the payload.
-- Keys are joined to keys of z, the bot too: as a constant it would look selective by itself, and every chat would be
-- read.
WITH z AS MATERIALIZED (
	SELECT $1 AS bot_id, chat_id, lane::smallint AS lane, token, seq, update_id
		FROM unnest($2, $3, $4, $5, $6) z(chat_id, lane, token, seq, update_id)
), l AS (
	SELECT c.bot_id, c.chat_id, c.lane, z.seq, z.update_id FROM chats c JOIN z
		ON c.bot_id = z.bot_id AND c.chat_id = z.chat_id AND c.lane = z.lane AND c.lease_token = z.token
			AND c.lease_until IS NOT NULL
		ORDER BY c.chat_id, c.lane FOR UPDATE OF c
), gone AS (
	DELETE FROM queue q USING l WHERE q.bot_id = l.bot_id AND q.chat_id = l.chat_id AND q.lane = l.lane
		AND q.seq = l.seq RETURNING q.bot_id, q.update_id, q.kind
), blanked AS (
	UPDATE updates u SET state = 'done', payload = NULL, done_at = $7 FROM gone
		WHERE u.bot_id = gone.bot_id AND u.update_id = gone.update_id AND gone.kind <> 'answer'
)
UPDATE chats c SET pending = c.pending - 1, lease_until = NULL, lease_token = NULL, lease_owner = NULL,
	ready_at = CASE WHEN c.pending > 1 THEN clock_timestamp() END
FROM l WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane RETURNING c.chat_id, c.lane, c.pending;

-- STMT_QUEUE_RETRY (iiiiiid)
-- bot, chat, lane, token, seq, counts as an attempt (0 or 1), seconds to wait. The update stays first of its chat.
WITH l AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE bot_id = $1 AND chat_id = $2 AND lane = $3 AND lease_token = $4
		AND lease_until IS NOT NULL FOR UPDATE
), q AS (
	UPDATE queue SET attempts = attempts + $6 FROM l WHERE queue.bot_id = l.bot_id AND queue.chat_id = l.chat_id
		AND queue.lane = l.lane AND queue.seq = $5
)
UPDATE chats c SET lease_until = NULL, lease_token = NULL, lease_owner = NULL,
	ready_at = clock_timestamp() + make_interval(secs => $7)
FROM l WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane;

-- STMT_QUEUE_BURY (iiiiiist)
-- bot, chat, lane, token, seq, update, error code, now: a dead letter. Its payload stays for a replay.
WITH l AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE bot_id = $1 AND chat_id = $2 AND lane = $3 AND lease_token = $4
		AND lease_until IS NOT NULL FOR UPDATE
), gone AS (
	DELETE FROM queue q USING l WHERE q.bot_id = l.bot_id AND q.chat_id = l.chat_id AND q.lane = l.lane
		AND q.seq = $5 RETURNING q.kind
), dead AS (
	UPDATE updates SET state = 'dead', error = $7, done_at = $8
		WHERE bot_id = $1 AND update_id = $6 AND EXISTS (SELECT FROM gone WHERE kind <> 'answer')
)
UPDATE chats c SET pending = c.pending - 1, lease_until = NULL, lease_token = NULL, lease_owner = NULL,
	ready_at = CASE WHEN c.pending > 1 THEN clock_timestamp() END
FROM l WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane;

-- STMT_QUEUE_RENEW (iI)
-- owner, tokens it really holds: a claim whose answer was lost must run out.
WITH l AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE lease_owner = $1 AND lease_until IS NOT NULL
		AND lease_token = ANY ($2) ORDER BY chat_id, lane FOR UPDATE
)
UPDATE chats c SET lease_until = now() + interval '30 s' FROM l
	WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane;

-- STMT_QUEUE_DISOWN (iiiI)
-- bot, lane, owner, tokens it holds in that lane: what a claim leased without our hearing of it is ready again.
WITH l AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE bot_id = $1 AND lane = $2 AND lease_owner = $3
		AND lease_until IS NOT NULL AND lease_token <> ALL ($4)
		ORDER BY chat_id, lane FOR UPDATE
)
UPDATE chats c SET lease_until = NULL, lease_token = NULL, lease_owner = NULL,
	ready_at = CASE WHEN c.pending > 0 THEN clock_timestamp() END
FROM l WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane;

-- STMT_QUEUE_SWEEP (i) = freed unsure told
-- Leases that ran out, or whose owner's advisory lock (of this class) is gone: ready again, one more attempt on the
-- clock.
-- A lock may be missing for a moment while its connection opens anew, so a young lease, and a young server, prove
-- nothing.
-- A message that was being sent may have arrived: it counts as an answer lost, and a card is not sent again blindly.
-- One that eight senders did not survive is not given to a ninth: its chat goes on without it.
WITH alive AS (
	SELECT objid::bigint AS owner FROM pg_locks WHERE locktype = 'advisory' AND classid = $1::oid AND objsubid = 2
		AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), l AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE lease_until IS NOT NULL
		AND (lease_until < now() OR (lease_until < now() + interval '27 s'
			AND lease_owner NOT IN (SELECT owner FROM alive)
				AND pg_postmaster_start_time() < now() - interval '5 s'))
		ORDER BY chat_id, lane FOR UPDATE
), tried AS (
	UPDATE queue q SET attempts = q.attempts + 1 FROM (
		SELECT DISTINCT ON (k.bot_id, k.chat_id, k.lane) k.bot_id, k.chat_id, k.lane, k.seq FROM queue k
			JOIN l ON k.bot_id = l.bot_id AND k.chat_id = l.chat_id AND k.lane = l.lane
				ORDER BY k.bot_id, k.chat_id, k.lane, k.seq
	) f WHERE q.bot_id = f.bot_id AND q.chat_id = f.chat_id AND q.lane = f.lane AND q.seq = f.seq
), sending AS (
	SELECT DISTINCT ON (o.bot_id, o.chat_id) o.id,
		o.class = 'card' AND o.method = 'send' OR o.lost >= 7 AS last FROM outbox o
		JOIN l ON l.lane = 2 AND o.bot_id = l.bot_id AND o.chat_id = l.chat_id
		WHERE o.state = 'pending' ORDER BY o.bot_id, o.chat_id, o.id
), unsure AS (
	UPDATE outbox o SET lost = o.lost + 1, state = CASE WHEN s.last THEN 'failed' ELSE o.state END,
		error = 'unsure', sent_at = CASE WHEN s.last THEN o.created_at END
	FROM sending s WHERE o.id = s.id RETURNING o.bot_id, o.chat_id, (o.state = 'failed')::int AS failed
), swept AS (
	UPDATE chats c SET lease_until = NULL, lease_token = NULL, lease_owner = NULL,
		pending = c.pending - coalesce(u.failed, 0),
		ready_at = CASE WHEN c.pending - coalesce(u.failed, 0) > 0 THEN clock_timestamp() END
	FROM l LEFT JOIN unsure u ON l.lane = 2 AND u.bot_id = l.bot_id AND u.chat_id = l.chat_id
	WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane RETURNING c.bot_id
)
SELECT count(*) AS freed, (SELECT count(*) FROM unsure) AS unsure,
	CASE WHEN count(*) > 0 THEN pg_notify('lembra_work', min(bot_id)::text) END AS told FROM swept;

-- STMT_QUEUE_RUNNING (ii) = running told
-- Whether a talk turn of this chat is being worked on; tells its holder to stop.
SELECT count(*) AS running,
	CASE WHEN count(*) > 0 THEN pg_notify('lembra_stop', $1::text || ':' || $2::text) END AS told
FROM chats WHERE bot_id = $1 AND chat_id = $2 AND lane = 0 AND lease_until IS NOT NULL;

-- STMT_QUEUE_WAITING (ii) = waiting
-- Messages of this chat that wait behind the running turn.
SELECT coalesce(sum(pending - (lease_until IS NOT NULL)::int), 0) AS waiting FROM chats
WHERE bot_id = $1 AND chat_id = $2 AND lane = 0;

-- STMT_QUEUE_DEPTHS () = updates outbox leased dead oldest_s
-- The age is of the chat that has been ready longest, in real seconds: cheap however much waits.
SELECT coalesce(sum(pending) FILTER (WHERE lane < 2), 0) AS updates,
	coalesce(sum(pending) FILTER (WHERE lane = 2), 0) AS outbox,
	count(*) FILTER (WHERE lease_until IS NOT NULL) AS leased,
	(SELECT count(*) FROM updates WHERE error IS NOT NULL AND state = 'dead') AS dead,
	greatest(0, coalesce(extract(epoch FROM clock_timestamp() - min(ready_at) FILTER (WHERE lane < 2)), 0))::float8
		AS oldest_s
FROM chats;

-- STMT_QUEUE_STUCK (td) = bot_id update_id attempts seconds trace
-- now, seconds: what has waited longer than that.
SELECT q.bot_id, q.update_id, q.attempts, extract(epoch FROM $1 - u.received_at)::bigint AS seconds, u.trace
FROM queue q JOIN updates u USING (bot_id, update_id)
WHERE u.received_at < $1 - make_interval(secs => $2) ORDER BY q.seq LIMIT 20;

-- STMT_DEAD_LIST (i) = bot_id update_id kind error trace received_at
SELECT bot_id, update_id, kind, error, trace, time_to_us(received_at) AS received_at FROM updates
WHERE error IS NOT NULL AND state = 'dead' ORDER BY updates.received_at DESC LIMIT $1;

-- STMT_DEAD_REPLAY (ii) = n told
-- Puts a dead letter back at the end of its chat's queue.
WITH u AS (
	UPDATE updates SET state = 'queued', error = NULL WHERE bot_id = $1 AND update_id = $2 AND state = 'dead'
		RETURNING bot_id, update_id, chat_id, kind
), q AS (
	INSERT INTO queue (bot_id, chat_id, lane, update_id, kind) SELECT bot_id, chat_id, 0, update_id, kind FROM u
), c AS (
	INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) SELECT bot_id, chat_id, 0, 1, clock_timestamp()
		FROM u
		ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
		ready_at = CASE WHEN chats.lease_until IS NULL THEN coalesce(chats.ready_at, excluded.ready_at) END
)
SELECT count(*) AS n, pg_notify('lembra_work', $1::text) AS told FROM u;

-- STMT_CHAT_PENDING (ii) = pending
-- All that waits or runs for one chat, in and out.
SELECT coalesce(sum(pending), 0) AS pending FROM chats WHERE bot_id = $1 AND chat_id = $2;

-- STMT_QUEUE_BEHIND (iii) = update_id kind payload
-- bot, chat, seq: what waits behind it in its lane, in order.
SELECT q.update_id, q.kind, u.payload FROM queue q JOIN updates u ON u.bot_id = q.bot_id AND u.update_id = q.update_id
	WHERE q.bot_id = $1 AND q.chat_id = $2 AND q.lane = 0 AND q.seq > $3 ORDER BY q.seq LIMIT 20;
