-- What Lembra says by itself obeys the person's quiet hours, daily cap and pause: here, where nothing can forget it. What
-- a person asked for passes: answers, cards, their own reminders.

ALTER TABLE outbox ADD COLUMN hold_until timestamptz; -- state held: an unasked message that waits for the end of the quiet hours
CREATE INDEX outbox_held ON outbox (hold_until) WHERE state = 'held';

-- The end of the quiet hours in which p_now lies, or NULL when it lies in none.
CREATE FUNCTION quiet_until(p_now timestamptz, p_zone text, p_from time, p_to time) RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN p_from = p_to THEN NULL
		WHEN p_from < p_to AND w::time >= p_from AND w::time < p_to THEN (w::date + p_to) AT TIME ZONE p_zone
		WHEN p_from > p_to AND w::time >= p_from THEN (w::date + 1 + p_to) AT TIME ZONE p_zone
		WHEN p_from > p_to AND w::time < p_to THEN (w::date + p_to) AT TIME ZONE p_zone
	END FROM (SELECT p_now AT TIME ZONE p_zone AS w) x
$$;

-- As before, with a state: pending, or for unasked messages held (until when) or failed (with the reason).
DROP FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz, text);
CREATE FUNCTION outbox_put(p_bot bigint, p_chat bigint, p_dedupe text, p_part int, p_method text, p_text text, p_markup text,
	p_target bigint, p_silent boolean, p_class text, p_accepted timestamptz, p_replaces text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_state text := 'pending';
	v_error text;
	v_hold timestamptz;
	v_profile profiles;
BEGIN
	IF NOT EXISTS (SELECT FROM telegram_chats WHERE user_id = app_user_id() AND bot_id = p_bot AND chat_id = p_chat) THEN
		RAISE EXCEPTION 'not this person''s chat' USING ERRCODE = 'LB403';
	END IF;
	IF p_class = 'unasked' THEN
		SELECT * INTO v_profile FROM profiles WHERE user_id = app_user_id();
		v_hold := quiet_until(app_now(), v_profile.zone, v_profile.quiet_from, v_profile.quiet_to);
		IF v_profile.paused_until > app_now() THEN
			v_state := 'failed'; v_error := 'paused'; v_hold := NULL;
		ELSIF p_part = 0 AND v_profile.daily_cap <= (SELECT count(*) FROM outbox WHERE bot_id = p_bot AND chat_id = p_chat AND class = 'unasked' AND state <> 'failed' AND part = 0
				AND (created_at AT TIME ZONE v_profile.zone)::date = (app_now() AT TIME ZONE v_profile.zone)::date) THEN
			v_state := 'failed'; v_error := 'cap'; v_hold := NULL;
		ELSIF v_hold IS NOT NULL THEN
			v_state := 'held';
		END IF;
	END IF;
	INSERT INTO outbox (bot_id, chat_id, dedupe, part, method, text, markup, target_id, silent, class, trace, accepted_at, created_at, replaces, state, error, hold_until,
			sent_at)
		VALUES (p_bot, p_chat, p_dedupe, p_part, p_method, p_text, p_markup, p_target, p_silent, p_class, app_trace(), p_accepted, app_now(), p_replaces, v_state,
			v_error, v_hold, CASE WHEN v_state = 'failed' THEN app_now() END)
		ON CONFLICT DO NOTHING;
	IF FOUND AND v_state = 'pending' THEN
		INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) VALUES (p_bot, p_chat, 2, 1, clock_timestamp())
			ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
			ready_at = CASE WHEN chats.lease_until IS NULL THEN coalesce(chats.ready_at, greatest(excluded.ready_at, chats.send_at - interval '2 s')) END;
	END IF;
END $$;
GRANT EXECUTE ON FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz, text) TO {{app}};

-- Quiet hours that are over: what was held goes out, unless the person paused everything meanwhile. The bots to wake.
CREATE FUNCTION outbox_release(p_now timestamptz) RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT o.id, o.bot_id, o.chat_id, (p.paused_until > p_now) AS paused FROM outbox o
		JOIN directory d ON d.login_id = o.chat_id JOIN profiles p ON p.user_id = d.user_id
		WHERE o.state = 'held' AND o.hold_until <= p_now ORDER BY o.bot_id, o.chat_id, o.id FOR UPDATE OF o SKIP LOCKED
	LOOP
		IF r.paused THEN
			UPDATE outbox SET state = 'failed', error = 'paused', sent_at = p_now WHERE id = r.id;
			CONTINUE;
		END IF;
		UPDATE outbox SET state = 'pending' WHERE id = r.id;
		INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) VALUES (r.bot_id, r.chat_id, 2, 1, clock_timestamp())
			ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
			ready_at = CASE WHEN chats.lease_until IS NULL THEN coalesce(chats.ready_at, excluded.ready_at) END;
		RETURN NEXT r.bot_id;
	END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION outbox_release(timestamptz) TO {{queue}};
