-- What is erased stays erased: whoever writes across people holds off the person's erasure, the audit trail's pseudonym
-- is written nowhere else, and what is left of somebody who is gone is looked for.

-- As before, but the pseudonym is drawn, and not computed from the receipt, which the person's goodbye holds.
CREATE OR REPLACE FUNCTION person_erase(p_user bigint, p_receipt text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	t text;
	v_n bigint;
	v_total bigint := 0;
	v_chats bigint[];
	v_left text[];
	v_pass int := 0;
	v_pseudonym constant bigint :=
		-(('x' || left(replace(gen_random_uuid()::text, '-', ''), 13))::bit(52)::bigint) - 1;
BEGIN
	PERFORM pg_advisory_xact_lock(hashtextextended('erase', p_user)); -- turns under way end first, and none begins
	SELECT array_agg(login_id) INTO v_chats FROM directory WHERE user_id = p_user;
	DELETE FROM chats WHERE chat_id = ANY (v_chats);
	DELETE FROM queue WHERE chat_id = ANY (v_chats);
	DELETE FROM updates WHERE chat_id = ANY (v_chats);
	DELETE FROM outbox WHERE chat_id = ANY (v_chats);
	DELETE FROM strangers WHERE login_id = ANY (v_chats);
	DELETE FROM rate_limits WHERE split_part(key, ':', 2) = ANY (SELECT unnest(v_chats)::text
		UNION ALL SELECT p_user::text);
	PERFORM set_config('app.erasing', 'on', true);
	UPDATE audit_log SET user_id = v_pseudonym, object_id = CASE WHEN act NOT LIKE 'person.%' THEN object_id END
		WHERE user_id = p_user; -- those acts' object is the person
	PERFORM set_config('app.erasing', 'off', true);
	SELECT array_agg(c.relname ORDER BY c.relname) INTO v_left FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'user_id'
			AND c.relname NOT IN ('audit_log', 'users');
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

-- Whoever writes rows of people who have not asked for it: true holds off the person's erasure to the end of the
-- transaction; false: they are being erased, or gone.
CREATE FUNCTION person_held(p_user bigint) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
	SELECT pg_try_advisory_xact_lock_shared(hashtextextended('erase', p_user))
		AND EXISTS (SELECT FROM users WHERE user_id = p_user)
$$;

-- As before, and nothing of somebody who is being erased is touched.
CREATE OR REPLACE FUNCTION search_index(p_user bigint, p_max bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
DECLARE
	r record;
	s record;
	v_n bigint := 0;
	v_people bigint[];
BEGIN
	IF p_user IS NULL THEN
		SELECT array_agg(user_id) INTO v_people FROM (SELECT DISTINCT user_id FROM (SELECT user_id
			FROM search_todo LIMIT p_max) t) p WHERE person_held(user_id);
	ELSIF person_held(p_user) THEN
		v_people := ARRAY[p_user];
	END IF;
	FOR r IN DELETE FROM search_todo t USING (SELECT user_id, kind, ref FROM search_todo
			WHERE user_id = ANY (v_people) LIMIT p_max FOR UPDATE SKIP LOCKED) x
		WHERE t.user_id = x.user_id AND t.kind = x.kind AND t.ref = x.ref RETURNING t.* LOOP
		v_n := v_n + 1;
		SELECT * INTO s FROM search_source WHERE user_id = r.user_id AND kind = r.kind AND ref = r.ref;
		IF NOT FOUND THEN
			DELETE FROM search_docs WHERE user_id = r.user_id AND kind = r.kind AND ref = r.ref;
			CONTINUE;
		END IF;
		INSERT INTO search_docs (user_id, kind, ref, title, body, day, words, folded, outside)
			VALUES (r.user_id, r.kind, r.ref, s.title, left(btrim(s.body), 5000), s.day,
			setweight(search_words(s.title), 'A') || setweight(search_words(left(s.body, 5000)), 'C'),
				left(fold(s.title || ' ' || s.body), 2000), s.outside)
		ON CONFLICT (user_id, kind, ref) DO UPDATE SET title = excluded.title, body = excluded.body,
			words = excluded.words, folded = excluded.folded, outside = excluded.outside;
	END LOOP;
	RETURN v_n;
END $$;

-- Rows of people who are gone, in whatever table: none should be found.
CREATE FUNCTION sweep_gone() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	t text;
	v_n bigint;
	v_total bigint := 0;
BEGIN
	FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'user_id'
			AND NOT a.attisdropped AND c.relname NOT IN ('audit_log', 'users') ORDER BY 1
	LOOP
		EXECUTE format('DELETE FROM %I x WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT FROM users u '
			|| 'WHERE u.user_id = x.user_id)', t);
		GET DIAGNOSTICS v_n = ROW_COUNT;
		v_total := v_total + v_n;
	END LOOP;
	RETURN v_total;
END $$;
GRANT EXECUTE ON FUNCTION sweep_gone() TO {{queue}};
