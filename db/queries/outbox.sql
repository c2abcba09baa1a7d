-- outbox: what is to be sent, in order per chat, under Telegram's limits.

-- STMT_OUTBOX_PUT (iisisssibstss) = put
-- bot, chat, dedupe, part, method, text, markup, message to change (0: none), silent, class, accepted, dedupe of the
-- message whose place it takes or NULL, chart or NULL: as the present person.
SELECT outbox_put($1, $2, $3, $4::int, $5, $6, $7, nullif($8, 0), $9, $10, $11, $12, $13) AS put;

-- STMT_OUTBOX_PUT_STRANGER (iissstt)
-- bot, chat, dedupe, text, trace, accepted, now: a line to someone who has no rows here.
WITH o AS (
	INSERT INTO outbox (bot_id, chat_id, dedupe, method, text, class, trace, accepted_at, created_at)
		VALUES ($1, $2, $3, 'send', $4, 'reply', $5, $6, $7) ON CONFLICT DO NOTHING RETURNING bot_id, chat_id
)
INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) SELECT bot_id, chat_id, 2, 1, clock_timestamp() FROM o
	ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
	ready_at = CASE WHEN chats.lease_until IS NULL
		THEN coalesce(chats.ready_at, greatest(excluded.ready_at, chats.send_at - interval '2 s')) END;

-- STMT_OUTBOX_CLAIM (iiii)
-- = chat_id token id method text markup target_id silent class attempts lost trace accepted_at dedupe part chart
-- bot, how many chats, owner, the only chat (0: any): the next message of each.
WITH h AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE bot_id = $1 AND lane = 2 AND ready_at <= now()
		AND ($4 = 0 OR chat_id = $4) ORDER BY ready_at LIMIT $2 FOR UPDATE SKIP LOCKED
), x AS (
	UPDATE chats c SET ready_at = NULL, lease_until = now() + interval '30 s',
	lease_token = nextval('lease_tokens'), lease_owner = $3
		FROM h WHERE c.bot_id = h.bot_id AND c.chat_id = h.chat_id AND c.lane = h.lane
			RETURNING c.bot_id, c.chat_id, c.lease_token
)
SELECT x.chat_id, x.lease_token AS token, o.id, o.method, o.text, o.markup,
	CASE WHEN o.replaces IS NULL THEN o.target_id
	ELSE (SELECT message_id FROM outbox p WHERE p.dedupe = o.replaces AND p.bot_id = x.bot_id AND p.part = 0) END
		AS target_id,
	o.silent, o.class, o.attempts, o.lost, o.trace, time_to_us(o.accepted_at) AS accepted_at, o.dedupe, o.part,
	o.chart
FROM x CROSS JOIN LATERAL (
	SELECT * FROM outbox WHERE bot_id = x.bot_id AND chat_id = x.chat_id AND state = 'pending' ORDER BY id LIMIT 1
) o;

-- STMT_OUTBOX_DONE (iIIISISIItd) = chat_id pending
-- bot, chats, tokens, ids, states, message ids (0: none), errors, lost answers (0/1), wait ms before the chat's next,
-- now, chat allowance in seconds a message.
-- A send is recorded even when the lease was lost meanwhile; the lease itself only by its token.
-- Keys are joined to keys of z, bot and lane too: as constants they would look selective by themselves, and every chat
-- would be read.
WITH z AS MATERIALIZED (
	SELECT $1 AS bot_id, 2::smallint AS lane, z.*
		FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) z(chat_id, token, id, state, message_id, error, lost,
			wait_ms)
), l AS (
	SELECT c.bot_id, c.chat_id, c.lane FROM chats c JOIN z ON c.bot_id = z.bot_id AND c.chat_id = z.chat_id
		AND c.lane = z.lane
		ORDER BY c.chat_id FOR UPDATE OF c
), o AS (
	UPDATE outbox SET state = z.state, message_id = nullif(z.message_id, 0), error = z.error,
	attempts = attempts + 1, lost = outbox.lost + z.lost::int,
		sent_at = CASE WHEN z.state <> 'pending' THEN $10 END
	FROM z WHERE (SELECT count(*) FROM l) > 0 -- the chats are locked first, by everyone
		-- as = 'pending' it would go through that index, full of the dead
		AND outbox.id = z.id AND outbox.state NOT IN ('sent', 'failed')
	RETURNING outbox.id, outbox.state <> 'pending' AS final
), per AS (
	SELECT z.bot_id, z.chat_id, z.lane, array_agg(z.token) AS tokens, max(z.wait_ms) AS wait_ms,
	(count(*) FILTER (WHERE o.final))::int AS finals
		FROM z LEFT JOIN o ON o.id = z.id GROUP BY 1, 2, 3
)
UPDATE chats c SET
	pending = c.pending - p.finals,
	send_at = CASE WHEN $11 > 0 THEN greatest(c.send_at, clock_timestamp()) + make_interval(secs => $11) END,
	lease_until = CASE WHEN c.lease_token = ANY (p.tokens) THEN NULL ELSE c.lease_until END,
	lease_owner = CASE WHEN c.lease_token = ANY (p.tokens) THEN NULL ELSE c.lease_owner END,
	lease_token = CASE WHEN c.lease_token = ANY (p.tokens) THEN NULL ELSE c.lease_token END,
	ready_at = CASE WHEN c.lease_token = ANY (p.tokens) AND c.lease_until IS NOT NULL THEN
		CASE WHEN c.pending - p.finals > 0 THEN
			greatest(clock_timestamp() + p.wait_ms * interval '1 ms',
				CASE WHEN $11 > 0
					THEN greatest(c.send_at, clock_timestamp()) - make_interval(secs => $11)
				END) END
		ELSE c.ready_at END
FROM l JOIN per p ON p.bot_id = l.bot_id AND p.chat_id = l.chat_id AND p.lane = l.lane
WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane RETURNING c.chat_id, c.pending;

-- STMT_OUTBOX_CHAT_DEAD (iist)
-- bot, chat, error, now: nothing that waits for this chat will arrive.
WITH l AS (
	SELECT bot_id, chat_id, lane FROM chats WHERE bot_id = $1 AND chat_id = $2 AND lane = 2 FOR UPDATE
), o AS (
	UPDATE outbox SET state = 'failed', error = $3, sent_at = $4 FROM l
		WHERE outbox.bot_id = l.bot_id AND outbox.chat_id = l.chat_id AND state = 'pending' RETURNING 1
), n AS (
	SELECT count(*)::int AS n FROM o
)
UPDATE chats c SET pending = c.pending - n.n,
	ready_at = CASE WHEN c.pending > n.n AND c.lease_until IS NULL THEN clock_timestamp() END FROM l, n
	WHERE c.bot_id = l.bot_id AND c.chat_id = l.chat_id AND c.lane = l.lane;

-- STMT_OUTBOX_PACE (iddd) = ms
-- bot, sends to reserve, seconds a send, seconds to hold back first (a 429 for the whole bot): milliseconds from now to
-- the first slot.
INSERT INTO send_rate AS r (bot_id, send_at) VALUES ($1, clock_timestamp() + make_interval(secs => $2 * $3 + $4))
	ON CONFLICT (bot_id) DO UPDATE
		SET send_at = greatest(r.send_at, clock_timestamp()) + make_interval(secs => $2 * $3 + $4)
	RETURNING greatest(0, extract(epoch FROM send_at - clock_timestamp()) * 1000 - $2 * $3 * 1000)::bigint AS ms;

-- STMT_OUTBOX_NOTIFY (i) = told
SELECT pg_notify('lembra_out', $1::text) AS told;
