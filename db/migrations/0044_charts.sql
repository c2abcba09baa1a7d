-- A message may go out as a picture: its text is the caption, and the picture is drawn from this when it leaves
-- (ml/chart).
ALTER TABLE outbox ADD COLUMN chart text; -- of method photo: the chart's JSON

-- Whoever blanks the text blanks what the picture showed.
CREATE FUNCTION outbox_blank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.chart := NULL;
	RETURN NEW;
END $$;
CREATE TRIGGER outbox_blank BEFORE UPDATE OF text ON outbox FOR EACH ROW
	WHEN (NEW.text IS NULL AND NEW.chart IS NOT NULL) EXECUTE FUNCTION outbox_blank();

-- As before, with a chart; and where the first part is over the cap, so are the others.
DROP FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz, text);
CREATE FUNCTION outbox_put(p_bot bigint, p_chat bigint, p_dedupe text, p_part int, p_method text, p_text text,
	p_markup text, p_target bigint, p_silent boolean, p_class text, p_accepted timestamptz, p_replaces text,
	p_chart text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_state text := 'pending';
	v_error text;
	v_hold timestamptz;
	v_profile profiles;
BEGIN
	IF NOT EXISTS (SELECT FROM telegram_chats
		WHERE user_id = app_user_id() AND bot_id = p_bot AND chat_id = p_chat) THEN
		RAISE EXCEPTION 'not this person''s chat' USING ERRCODE = 'LB403';
	END IF;
	IF p_class = 'unasked' THEN
		SELECT * INTO v_profile FROM profiles WHERE user_id = app_user_id();
		v_hold := quiet_until(app_now(), v_profile.zone, v_profile.quiet_from, v_profile.quiet_to);
		IF v_profile.paused_until > app_now() THEN
			v_state := 'failed'; v_error := 'paused'; v_hold := NULL;
		ELSIF p_part = 0 AND v_profile.daily_cap <= (SELECT count(*) FROM outbox
			WHERE bot_id = p_bot AND chat_id = p_chat AND class = 'unasked' AND state <> 'failed'
			AND part = 0
			AND (created_at AT TIME ZONE v_profile.zone)::date =
				(app_now() AT TIME ZONE v_profile.zone)::date) THEN
			v_state := 'failed'; v_error := 'cap'; v_hold := NULL;
		ELSIF p_part > 0 AND EXISTS (SELECT FROM outbox
			WHERE dedupe = p_dedupe AND bot_id = p_bot AND part = 0
			AND state = 'failed' AND error = 'cap') THEN
			v_state := 'failed'; v_error := 'cap'; v_hold := NULL; -- the rest of what was too much
		ELSIF v_hold IS NOT NULL THEN
			v_state := 'held';
		END IF;
	END IF;
	INSERT INTO outbox (bot_id, chat_id, dedupe, part, method, text, markup, target_id, silent, class, trace,
			accepted_at, created_at, replaces, state, error, hold_until, chart, sent_at)
		VALUES (p_bot, p_chat, p_dedupe, p_part, p_method, p_text, p_markup, p_target, p_silent, p_class,
			app_trace(), p_accepted, app_now(), p_replaces, v_state, v_error, v_hold, p_chart,
			CASE WHEN v_state = 'failed' THEN app_now() END)
		ON CONFLICT DO NOTHING;
	IF FOUND AND v_state = 'pending' THEN
		INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at)
			VALUES (p_bot, p_chat, 2, 1, clock_timestamp())
			ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
			ready_at = CASE WHEN chats.lease_until IS NULL
				THEN coalesce(chats.ready_at,
					greatest(excluded.ready_at, chats.send_at - interval '2 s')) END;
	END IF;
END $$;
GRANT EXECUTE ON FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz,
	text, text) TO {{app}};
