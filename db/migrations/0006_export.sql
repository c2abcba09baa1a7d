-- Everything of one person, for themselves. Covers each table with a user_id by the catalogue, so that a new
-- table cannot be forgotten. A row with no body names a part, so that an empty one is seen to be empty.

-- What the service keeps to talk with the present person, which their own transactions cannot read.
CREATE FUNCTION export_delivery() RETURNS TABLE (part text, body jsonb) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_user constant bigint := app_user_id();
	v_logins bigint[];
BEGIN
	SELECT coalesce(array_agg(login_id), '{}') INTO v_logins FROM directory d WHERE d.user_id = v_user;
	RETURN QUERY SELECT 'chats', NULL::jsonb;
	RETURN QUERY SELECT 'chats', to_jsonb(c) FROM chats c WHERE c.chat_id = ANY (v_logins) ORDER BY c.bot_id, c.chat_id, c.lane;
	RETURN QUERY SELECT 'directory', NULL::jsonb;
	RETURN QUERY SELECT 'directory', to_jsonb(d) FROM directory d WHERE d.user_id = v_user ORDER BY d.login_id;
	RETURN QUERY SELECT 'jobs', NULL::jsonb;
	RETURN QUERY SELECT 'jobs', to_jsonb(j) FROM jobs j WHERE j.user_id = v_user ORDER BY j.id;
	RETURN QUERY SELECT 'outbox', NULL::jsonb;
	RETURN QUERY SELECT 'outbox', to_jsonb(o) FROM outbox o WHERE o.chat_id = ANY (v_logins) ORDER BY o.id;
	RETURN QUERY SELECT 'queue', NULL::jsonb;
	RETURN QUERY SELECT 'queue', to_jsonb(q) FROM queue q WHERE q.chat_id = ANY (v_logins) ORDER BY q.seq;
	RETURN QUERY SELECT 'rate_limits', NULL::jsonb;
	RETURN QUERY SELECT 'rate_limits', to_jsonb(r) FROM rate_limits r
		WHERE split_part(r.key, ':', 2) = v_user::text OR split_part(r.key, ':', 2) = ANY (v_logins::text[]) ORDER BY r.key, r.window_at;
	RETURN QUERY SELECT 'strangers', NULL::jsonb;
	RETURN QUERY SELECT 'strangers', to_jsonb(s) FROM strangers s WHERE s.login_id = ANY (v_logins) ORDER BY s.login_id, s.day;
	RETURN QUERY SELECT 'updates', NULL::jsonb;
	RETURN QUERY SELECT 'updates', to_jsonb(u) FROM updates u WHERE u.chat_id = ANY (v_logins) ORDER BY u.bot_id, u.update_id;
END $$;

-- Runs as the person, under row security; the condition is there for whoever row security does not hold.
CREATE FUNCTION export_rows() RETURNS TABLE (part text, body jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT c.relname AS name, (
			SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY array_position(i.indkey::int2[], a.attnum))
			FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary
		) AS keys
		FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relrowsecurity
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped) ORDER BY c.relname LOOP
		part := r.name;
		body := NULL;
		RETURN NEXT;
		RETURN QUERY EXECUTE format('SELECT %L::text, to_jsonb(t) FROM %I t WHERE t.user_id = app_user_id() ORDER BY %s', r.name, r.name, r.keys);
	END LOOP;
	RETURN QUERY SELECT d.part, d.body FROM export_delivery() d;
END $$;
GRANT EXECUTE ON FUNCTION export_rows(), export_delivery() TO {{app}};
