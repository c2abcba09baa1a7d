-- What time takes away. One function, because it crosses people; it reads nothing and gives back a count.
CREATE FUNCTION retain(p_now timestamptz, p_log_days bigint, p_said_days bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_n bigint;
	v_total bigint := 0;
	v_week constant timestamptz := p_now - interval '7 days';
BEGIN
	DELETE FROM updates WHERE state = 'done' AND received_at < v_week; -- update_id can restart after a week
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM updates WHERE state = 'dead' AND done_at < v_week;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	UPDATE outbox SET text = NULL, markup = NULL WHERE state <> 'pending' AND coalesce(sent_at, created_at) < v_week AND text IS NOT NULL;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM outbox WHERE state <> 'pending' AND coalesce(sent_at, created_at) < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	-- Not while their update may still be run again.
	DELETE FROM turn_steps t WHERE created_at < v_week
		AND NOT EXISTS (SELECT FROM updates u WHERE u.bot_id = t.bot_id AND u.update_id = t.update_id AND u.state <> 'done');
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM interactions i USING profiles p WHERE p.user_id = i.user_id AND i.created_at < p_now - make_interval(days => least(p.interactions_days, p_said_days)::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM assistant_logs WHERE created_at < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	-- What a turn wrote of someone who was erased meanwhile.
	DELETE FROM interactions WHERE user_id NOT IN (SELECT user_id FROM users);
	DELETE FROM assistant_logs WHERE user_id NOT IN (SELECT user_id FROM users);
	DELETE FROM turn_steps WHERE user_id NOT IN (SELECT user_id FROM users);
	DELETE FROM undo_log WHERE expires_at < p_now;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM strangers WHERE day < (v_week AT TIME ZONE 'UTC')::date;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM rate_limits WHERE window_at < p_now - interval '1 day';
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM pairing_codes WHERE expires_at < v_week;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM chats c WHERE pending = 0 AND lease_until IS NULL AND ready_at IS NULL
		AND NOT EXISTS (SELECT FROM directory WHERE login_id = c.chat_id) AND (send_at IS NULL OR send_at < clock_timestamp() - interval '1 day');
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	RETURN v_total;
END $$;
GRANT EXECUTE ON FUNCTION retain(timestamptz, bigint, bigint) TO {{queue}};

-- Someone at the terminal, without a pairing code: only the owner of the database calls this.
-- Login -1 is the owner, who may already be known by Telegram; other names are users.
CREATE FUNCTION person_local(p_login bigint, p_name text, p_lang text, p_now timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_user bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('person', p_login));
	SELECT user_id INTO v_user FROM directory WHERE login_id = p_login;
	IF FOUND THEN
		RETURN v_user;
	END IF;
	IF p_login = -1 THEN
		SELECT user_id INTO v_user FROM users WHERE role = 'owner' AND state = 'active' ORDER BY user_id LIMIT 1;
		IF FOUND THEN
			PERFORM person_link(v_user, p_login, 0, p_name, NULL, p_now);
			RETURN v_user;
		END IF;
	END IF;
	RETURN person_add(CASE WHEN p_login = -1 THEN 'owner' ELSE 'user' END, p_login, 0, p_name, NULL, p_lang, p_now);
END $$;

-- Counters of what waits to be sent, made right where they are not: a chat that waits without a time, that counts what
-- is not there, or does not count what is. The chat is locked first and counted then, so that a message put or
-- recorded meanwhile is counted once. Says which bots have something to send.
CREATE FUNCTION outbox_repair(p_before timestamptz) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
	r record;
	v_n int;
BEGIN
	FOR r IN
		SELECT c.bot_id, c.chat_id FROM chats c WHERE c.lane = 2 AND c.pending > 0 AND c.lease_until IS NULL
			AND (c.ready_at IS NULL OR NOT EXISTS (SELECT FROM outbox o WHERE o.bot_id = c.bot_id AND o.chat_id = c.chat_id AND o.state = 'pending'))
		UNION
		SELECT o.bot_id, o.chat_id FROM outbox o LEFT JOIN chats c ON c.bot_id = o.bot_id AND c.chat_id = o.chat_id AND c.lane = 2
			WHERE o.state = 'pending' AND o.created_at < p_before AND coalesce(c.pending, 0) = 0
		ORDER BY 1, 2
	LOOP
		INSERT INTO chats (bot_id, chat_id, lane) VALUES (r.bot_id, r.chat_id, 2) ON CONFLICT DO NOTHING;
		PERFORM FROM chats c WHERE c.bot_id = r.bot_id AND c.chat_id = r.chat_id AND c.lane = 2 FOR UPDATE;
		SELECT count(*) INTO v_n FROM outbox o WHERE o.bot_id = r.bot_id AND o.chat_id = r.chat_id AND o.state = 'pending';
		UPDATE chats c SET pending = v_n, ready_at = CASE WHEN v_n > 0 THEN coalesce(c.ready_at, clock_timestamp()) END
			WHERE c.bot_id = r.bot_id AND c.chat_id = r.chat_id AND c.lane = 2 AND c.lease_until IS NULL;
		RETURN NEXT r.bot_id;
	END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION outbox_repair(timestamptz) TO {{queue}};
