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
	UPDATE outbox SET text = NULL, markup = NULL WHERE state <> 'pending' AND sent_at < v_week AND text IS NOT NULL;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM outbox WHERE state <> 'pending' AND sent_at < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM turn_steps WHERE created_at < v_week;
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM interactions i USING profiles p WHERE p.user_id = i.user_id AND i.created_at < p_now - make_interval(days => least(p.interactions_days, p_said_days)::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
	DELETE FROM assistant_logs WHERE created_at < p_now - make_interval(days => p_log_days::int);
	GET DIAGNOSTICS v_n = ROW_COUNT; v_total := v_total + v_n;
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
