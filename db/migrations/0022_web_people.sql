-- People in a browser: sessions, and requests that the web process hands over to a worker
-- (docs/adr/0001-web-and-people.md).
-- The queue's role, which parses the internet, gets no right on either table: only functions that ask for a session's
-- token, or for the ticket of a request that it handed over itself. Both last by the server's clock, which nobody sets.

-- Of a token only its hash is kept.
CREATE TABLE web_sessions (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint GENERATED ALWAYS AS IDENTITY,
	hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (user_id, id)
);
SELECT own_table('web_sessions');
REVOKE UPDATE ON web_sessions FROM {{app}};
CREATE INDEX web_sessions_expired ON web_sessions (expires_at);

-- A person's request on its way to a worker, and the answer on its way back. Unlogged: it outlives no crash, and so
-- costs
-- no wait for the disk; without a foreign key, which would write to the person's row.
CREATE UNLOGGED TABLE handovers (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint GENERATED ALWAYS AS IDENTITY,
	ticket text NOT NULL UNIQUE, -- whoever knows it takes the answer; its first 16 characters are no secret
	session_id bigint,
	call text NOT NULL,
	params text NOT NULL DEFAULT '[]', -- JSON texts out of the path
	query text NOT NULL DEFAULT '',
	body bytea NOT NULL DEFAULT '',
	trace text,
	expires_at timestamptz NOT NULL,
	claimed_at timestamptz,
	answered_at timestamptz,
	status int,
	type text,
	answer bytea,
	error text, -- a code of core/err_codes.def; then answer is its message
	PRIMARY KEY (user_id, id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
SELECT own_table('handovers');
CREATE INDEX handovers_waiting ON handovers (id) WHERE claimed_at IS NULL;
CREATE INDEX handovers_expired ON handovers (expires_at);

-- These functions are plpgsql, whose plans are kept: one in SQL would be planned again at each call.

-- Whose session a token is. No row: nobody's, or too old.
CREATE FUNCTION session_find(p_token text) RETURNS TABLE (user_id bigint, session_id bigint, role text, lang text,
	zone text)
LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = public AS $$
BEGIN
	RETURN QUERY SELECT s.user_id, s.id, u.role, p.lang, p.zone FROM web_sessions s JOIN users u
		ON u.user_id = s.user_id
		JOIN profiles p ON p.user_id = s.user_id
		WHERE s.hash = sha256(convert_to(p_token, 'UTF8')) AND s.expires_at > clock_timestamp()
			AND u.state = 'active';
END $$;

-- Hands a request over in the name of the token's person. ok; nobody: no such session; busy: too many of theirs wait.
CREATE FUNCTION handover_put(p_token text, p_ticket text, p_call text, p_params text, p_query text, p_body bytea,
	p_trace text, p_ms bigint)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v record;
BEGIN
	SELECT * INTO v FROM session_find(p_token);
	IF NOT FOUND THEN
		RETURN 'nobody';
	END IF;
	IF (SELECT count(*) FROM handovers h WHERE h.user_id = v.user_id
		AND h.expires_at > clock_timestamp()) >= 16 THEN
		RETURN 'busy';
	END IF;
	INSERT INTO handovers (user_id, ticket, session_id, call, params, query, body, trace, expires_at)
		VALUES (v.user_id, p_ticket, v.session_id, p_call, p_params, p_query, p_body, p_trace,
			clock_timestamp() + least(p_ms, 60000) * interval '1 ms');
	PERFORM pg_notify('lembra_web', '');
	RETURN 'ok';
END $$;

-- The answer, once; p_last: whether there is one or not, nobody waits any more.
CREATE FUNCTION handover_take(p_ticket text, p_last boolean) RETURNS TABLE (answered boolean, status int, type text,
	answer bytea, error text)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = public AS $$
BEGIN
	RETURN QUERY DELETE FROM handovers h WHERE h.ticket = p_ticket AND (p_last OR h.answered_at IS NOT NULL)
		RETURNING h.answered_at IS NOT NULL, h.status, h.type, h.answer, h.error;
END $$;
GRANT EXECUTE ON FUNCTION session_find(text), handover_put(text, text, text, text, text, bytea, text, bigint),
	handover_take(text, boolean) TO {{queue}};

-- For workers: the oldest that wait, each once and never again, so that nothing is done twice.
CREATE FUNCTION handover_claim(p_n bigint) RETURNS TABLE (user_id bigint, id bigint, session_id bigint, call text,
	params text, query text,
	body bytea, trace text, role text, lang text, zone text)
LANGUAGE plpgsql ROWS 10 SECURITY DEFINER SET search_path = public AS $$
BEGIN
	RETURN QUERY WITH due AS MATERIALIZED (
		SELECT h.user_id, h.id FROM handovers h WHERE h.claimed_at IS NULL AND h.expires_at > clock_timestamp()
			ORDER BY h.id LIMIT p_n FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE handovers h SET claimed_at = clock_timestamp() FROM due WHERE h.user_id = due.user_id
			AND h.id = due.id RETURNING h.*
	)
	SELECT t.user_id, t.id, t.session_id, t.call, t.params, t.query, t.body, t.trace, u.role, p.lang, p.zone
		FROM taken t JOIN users u ON u.user_id = t.user_id JOIN profiles p ON p.user_id = t.user_id
			ORDER BY t.id;
END $$;

-- What has run out: requests that nobody took back, and sessions.
CREATE FUNCTION handover_sweep() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
	WITH h AS (DELETE FROM handovers WHERE expires_at < clock_timestamp() - interval '1 minute' RETURNING 1),
		s AS (DELETE FROM web_sessions WHERE expires_at < clock_timestamp() RETURNING 1)
	SELECT (SELECT count(*) FROM h) + (SELECT count(*) FROM s)
$$;
GRANT EXECUTE ON FUNCTION handover_claim(bigint), handover_sweep() TO {{app}};
