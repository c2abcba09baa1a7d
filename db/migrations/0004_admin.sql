-- Administration of people: invitations, lists, roles, removal. As in 0003, each function crosses row
-- security for one purpose and checks it; the queue's role may run them, and nothing else on these tables.

-- Default privileges of a schema only add to the global ones, and those let PUBLIC run each new function.
-- Without these two lines any role could call person_erase.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

CREATE FUNCTION code_put(p_hash text, p_kind text, p_role text, p_now timestamptz, p_expires timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF (p_kind = 'owner') <> (p_role = 'owner') OR p_expires <= p_now THEN
		RAISE EXCEPTION 'no such code' USING ERRCODE = '22023';
	END IF;
	DELETE FROM pairing_codes WHERE expires_at < p_now - interval '30 days';
	INSERT INTO pairing_codes (hash, kind, role, created_at, expires_at) VALUES (p_hash, p_kind, p_role, p_now, p_expires);
END $$;

-- Everybody, without anything they said or are called. Logins of the terminal are 0 and below.
CREATE FUNCTION person_list() RETURNS TABLE (user_id bigint, role text, lang text, zone text, created_at timestamptz, logins text, blocked boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
	SELECT u.user_id, u.role, p.lang, p.zone, u.created_at, coalesce(string_agg(d.login_id::text, ',' ORDER BY d.login_id), ''), coalesce(bool_or(d.blocked), false)
	FROM users u LEFT JOIN profiles p USING (user_id) LEFT JOIN directory d USING (user_id)
	GROUP BY u.user_id, u.role, p.lang, p.zone, u.created_at ORDER BY u.user_id
$$;

-- The person's role, with every owner's row locked: two owners cannot demote or remove each other at once.
-- LB404: no such person. LB409: the last owner.
CREATE FUNCTION person_may_leave(p_user bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_role text;
BEGIN
	PERFORM FROM users WHERE role = 'owner' OR user_id = p_user ORDER BY user_id FOR UPDATE;
	SELECT role INTO v_role FROM users WHERE user_id = p_user;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no such person' USING ERRCODE = 'LB404';
	END IF;
	IF v_role = 'owner' AND NOT EXISTS (SELECT FROM users WHERE role = 'owner' AND state = 'active' AND user_id <> p_user) THEN
		RAISE EXCEPTION 'the last owner' USING ERRCODE = 'LB409';
	END IF;
END $$;

CREATE FUNCTION person_remove(p_user bigint, p_receipt text, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	PERFORM person_may_leave(p_user);
	RETURN person_erase(p_user, p_receipt, p_now);
END $$;

CREATE FUNCTION person_role(p_user bigint, p_role text, p_now timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF p_role = 'owner' THEN
		PERFORM FROM users WHERE user_id = p_user FOR UPDATE;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'no such person' USING ERRCODE = 'LB404';
		END IF;
	ELSE
		PERFORM person_may_leave(p_user);
	END IF;
	UPDATE users SET role = p_role WHERE user_id = p_user;
	UPDATE directory SET role = p_role WHERE user_id = p_user;
	INSERT INTO audit_log (user_id, act, object, object_id, created_at) VALUES (p_user, 'person.role', p_role, p_user, p_now);
END $$;

GRANT EXECUTE ON FUNCTION code_put(text, text, text, timestamptz, timestamptz), person_list(),
	person_remove(bigint, text, timestamptz), person_role(bigint, text, timestamptz) TO {{queue}};
