-- How people come and go. These functions cross row security, so each does one thing and checks it.

-- A person's directory rows follow their profile.
CREATE FUNCTION directory_follow() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	UPDATE directory SET lang = NEW.lang, zone = NEW.zone WHERE user_id = NEW.user_id AND (lang, zone) IS DISTINCT FROM (NEW.lang, NEW.zone);
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION directory_follow() TO {{app}};
CREATE TRIGGER directory_follow AFTER UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION directory_follow();

CREATE FUNCTION person_add(p_role text, p_login bigint, p_bot bigint, p_name text, p_username text, p_lang text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_user bigint;
BEGIN
	INSERT INTO users (role, created_at) VALUES (p_role, p_now) RETURNING user_id INTO v_user;
	INSERT INTO profiles (user_id, name, lang, updated_at) VALUES (v_user, coalesce(p_name, ''), p_lang, p_now);
	PERFORM person_link(v_user, p_login, p_bot, p_name, p_username, p_now);
	RETURN v_user;
END $$;

CREATE FUNCTION person_link(p_user bigint, p_login bigint, p_bot bigint, p_name text, p_username text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	INSERT INTO directory (login_id, user_id, role, lang, zone)
		SELECT p_login, p_user, u.role, p.lang, p.zone FROM users u JOIN profiles p USING (user_id) WHERE user_id = p_user;
	INSERT INTO telegram_chats (user_id, bot_id, chat_id, first_name, username, created_at)
		VALUES (p_user, p_bot, p_login, p_name, p_username, p_now) ON CONFLICT DO NOTHING;
END $$;

-- A person known by another bot, or a terminal, writes to this bot: their chat here is theirs too.
CREATE FUNCTION person_chat(p_login bigint, p_bot bigint, p_name text, p_username text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	UPDATE directory SET blocked = false WHERE login_id = p_login AND blocked;
	INSERT INTO telegram_chats (user_id, bot_id, chat_id, first_name, username, created_at)
		SELECT user_id, p_bot, p_login, p_name, p_username, p_now FROM directory WHERE login_id = p_login
		ON CONFLICT (user_id, bot_id, chat_id) DO UPDATE SET state = 'active';
END $$;

-- The person blocked the bot: nothing more goes out to the chat.
CREATE FUNCTION person_blocked(p_bot bigint, p_login bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	UPDATE directory SET blocked = true WHERE login_id = p_login;
	UPDATE telegram_chats SET state = 'blocked' WHERE bot_id = p_bot AND chat_id = p_login;
END $$;

-- ACCESS=open: the sender becomes a user; someone known stays who they are.
CREATE FUNCTION person_open(p_login bigint, p_bot bigint, p_name text, p_username text, p_lang text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_user bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('person', p_login));
	SELECT user_id INTO v_user FROM directory WHERE login_id = p_login;
	IF NOT FOUND THEN
		v_user := person_add('user', p_login, p_bot, p_name, p_username, p_lang, p_now);
	END IF;
	RETURN v_user;
END $$;

-- Spends a code: the sender becomes who the code says. An owner's code links to the owner who so far
-- only used the terminal, so that both see the same things. 0: no such code, spent, or too old.
CREATE FUNCTION person_pair(p_hash text, p_login bigint, p_bot bigint, p_name text, p_username text, p_lang text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_code pairing_codes;
	v_user bigint;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('person', p_login));
	UPDATE pairing_codes SET used_at = p_now WHERE hash = p_hash AND used_at IS NULL AND expires_at > p_now RETURNING * INTO v_code;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	SELECT user_id INTO v_user FROM directory WHERE login_id = p_login;
	IF FOUND AND v_code.kind <> 'owner' THEN -- already known: an invitation can only raise
		UPDATE users SET role = v_code.role WHERE user_id = v_user
			AND array_position('{guest,user,admin,owner}', v_code.role) > array_position('{guest,user,admin,owner}', role);
		UPDATE directory d SET role = u.role FROM users u WHERE d.user_id = v_user AND u.user_id = v_user;
		RETURN v_user;
	END IF;
	IF v_code.kind = 'owner' THEN
		IF FOUND THEN
			UPDATE users SET role = 'owner' WHERE user_id = v_user;
			UPDATE directory SET role = 'owner' WHERE user_id = v_user;
			RETURN v_user;
		END IF;
		SELECT user_id INTO v_user FROM users WHERE role = 'owner' AND state = 'active' ORDER BY user_id LIMIT 1;
		IF FOUND THEN
			PERFORM person_link(v_user, p_login, p_bot, p_name, p_username, p_now);
			RETURN v_user;
		END IF;
	END IF;
	RETURN person_add(v_code.role, p_login, p_bot, p_name, p_username, p_lang, p_now);
END $$;

GRANT EXECUTE ON FUNCTION person_chat(bigint, bigint, text, text, timestamptz), person_blocked(bigint, bigint),
	person_open(bigint, bigint, text, text, text, timestamptz),
	person_pair(text, bigint, bigint, text, text, text, timestamptz) TO {{queue}};

-- Everything of one person, gone; the audit trail stays under a pseudonym that leads nowhere.
-- Covers each table with a user_id by the catalogue, so that a new table cannot be forgotten.
CREATE FUNCTION person_erase(p_user bigint, p_receipt text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	t text;
	v_n bigint;
	v_total bigint := 0;
	v_chats bigint[];
	v_left text[];
	v_pass int := 0;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('erase', p_user)); -- turns under way end first, and none begins
	SELECT array_agg(login_id) INTO v_chats FROM directory WHERE user_id = p_user;
	DELETE FROM chats WHERE chat_id = ANY (v_chats);
	DELETE FROM queue WHERE chat_id = ANY (v_chats);
	DELETE FROM updates WHERE chat_id = ANY (v_chats);
	DELETE FROM outbox WHERE chat_id = ANY (v_chats);
	DELETE FROM strangers WHERE login_id = ANY (v_chats);
	DELETE FROM rate_limits WHERE split_part(key, ':', 2) = ANY (SELECT unnest(v_chats)::text UNION ALL SELECT p_user::text);
	PERFORM set_config('app.erasing', 'on', true);
	UPDATE audit_log SET user_id = -(('x' || substr(p_receipt, 1, 14))::bit(56)::bigint) - 1,
		object_id = CASE WHEN act NOT LIKE 'person.%' THEN object_id END WHERE user_id = p_user; -- those acts' object is the person
	PERFORM set_config('app.erasing', 'off', true);
	SELECT array_agg(c.relname ORDER BY c.relname) INTO v_left FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'user_id' AND c.relname NOT IN ('audit_log', 'users');
	-- Tables refer to each other: what a foreign key holds back goes in a later pass.
	WHILE cardinality(v_left) > 0 LOOP
		v_pass := v_pass + 1;
		FOREACH t IN ARRAY v_left LOOP
			BEGIN
				EXECUTE format('DELETE FROM %I WHERE user_id = $1', t) USING p_user;
				GET DIAGNOSTICS v_n = ROW_COUNT;
				v_total := v_total + v_n;
				v_left := array_remove(v_left, t);
			EXCEPTION WHEN foreign_key_violation THEN
				IF v_pass > 20 THEN RAISE; END IF;
			END;
		END LOOP;
	END LOOP;
	DELETE FROM users WHERE user_id = p_user;
	INSERT INTO erasure_receipts VALUES (p_receipt, p_now, v_total);
	RETURN v_total;
END $$;
