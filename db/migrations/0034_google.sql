-- Accounts at Google, and how they come to be connected: a link out of the chat, a consent in a browser, a number
-- that is tapped in the chat. Tokens are sealed under DATA_ENCRYPTION_KEY (core/seal.h).

CREATE TABLE google_accounts (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('google_account'),
	sub text NOT NULL CHECK (sub <> ''), -- Google: the account's name for ever; an address may change
	email text NOT NULL,
	scopes text NOT NULL,
	state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'broken')),
	usual boolean NOT NULL DEFAULT false, -- where what names no account goes
	bot_id bigint NOT NULL, -- where its person hears of it
	chat_id bigint NOT NULL,
	refresh text NOT NULL, -- sealed
	refresh_ends_at timestamptz, -- of a grant with an end
	access text, -- sealed
	access_ends_at timestamptz, -- real time
	lease_until timestamptz, -- real time: somebody refreshes it
	connected_at timestamptz NOT NULL DEFAULT app_now(),
	broken_at timestamptz,
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, sub)
);
SELECT own_table('google_accounts');
CREATE UNIQUE INDEX google_accounts_usual ON google_accounts (user_id) WHERE usual;

-- A consent on its way. What the browser holds are two sessions of kind 'consent': the link's, and, from the button on,
-- one of the browser's own.
CREATE TABLE google_consents (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('google_consent'),
	features bigint NOT NULL, -- bits, integrations/google/google_scope.h
	account_id bigint, -- the account that is connected anew or is to allow more; NULL: a new one
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	state text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'begun', 'taken', 'waiting', 'over')),
	link_session bigint,
	browser_session bigint,
	ask text, -- sealed: state, verifier and nonce
	tokens text, -- sealed: what the tap activates
	number int, -- shown in the browser
	created_at timestamptz NOT NULL DEFAULT app_now(),
	expires_at timestamptz NOT NULL, -- real time
	PRIMARY KEY (user_id, id)
);
SELECT own_table('google_consents');

-- Sessions of a consent open nothing but the calls of a consent, and those of a person do not open these.
ALTER TABLE web_sessions ADD COLUMN kind text NOT NULL DEFAULT 'person' CHECK (kind IN ('person', 'consent'));

CREATE OR REPLACE FUNCTION session_find(p_token text) RETURNS TABLE (user_id bigint, session_id bigint, role text,
	lang text, zone text)
LANGUAGE plpgsql STABLE ROWS 1 SECURITY DEFINER SET search_path = public AS $$
BEGIN
	RETURN QUERY SELECT s.user_id, s.id, u.role, p.lang, p.zone FROM web_sessions s JOIN users u
		ON u.user_id = s.user_id
		JOIN profiles p ON p.user_id = s.user_id
		WHERE s.hash = sha256(convert_to(p_token, 'UTF8')) AND s.expires_at > clock_timestamp()
			AND u.state = 'active' AND s.kind = 'person';
END $$;

CREATE OR REPLACE FUNCTION handover_put(p_token text, p_ticket text, p_call text, p_params text, p_query text,
	p_body bytea, p_trace text, p_ms bigint)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v record;
BEGIN
	SELECT s.user_id, s.id AS session_id INTO v FROM web_sessions s JOIN users u ON u.user_id = s.user_id
		WHERE s.hash = sha256(convert_to(p_token, 'UTF8')) AND s.expires_at > clock_timestamp()
			AND u.state = 'active'
			AND s.kind = CASE WHEN p_call LIKE 'consent\_%' THEN 'consent' ELSE 'person' END;
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

-- What has run out: tokens that nobody tapped for, too.
CREATE OR REPLACE FUNCTION handover_sweep() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
	WITH h AS (DELETE FROM handovers WHERE expires_at < clock_timestamp() - interval '1 minute' RETURNING 1),
		s AS (DELETE FROM web_sessions WHERE expires_at < clock_timestamp() RETURNING 1),
		c AS (DELETE FROM google_consents WHERE expires_at < clock_timestamp() - interval '1 minute'
		RETURNING 1)
	SELECT (SELECT count(*) FROM h) + (SELECT count(*) FROM s) + (SELECT count(*) FROM c)
$$;

-- For the command that seals anew: accounts and consents whose secrets another key than this one sealed.
CREATE FUNCTION google_unrotated(p_key text) RETURNS TABLE (user_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public AS $$
	SELECT user_id FROM google_accounts WHERE refresh NOT LIKE p_key || ':%'
		OR access NOT LIKE p_key || ':%'
	UNION SELECT user_id FROM google_consents WHERE ask NOT LIKE p_key || ':%' OR tokens NOT LIKE p_key || ':%'
$$;
GRANT EXECUTE ON FUNCTION google_unrotated(text) TO {{app}};

-- A copy of a person's data holds no key to anything: columns whose comment is "secret" stay out of it.
COMMENT ON COLUMN google_accounts.refresh IS 'secret';
COMMENT ON COLUMN google_accounts.access IS 'secret';
COMMENT ON COLUMN google_consents.ask IS 'secret';
COMMENT ON COLUMN google_consents.tokens IS 'secret';
COMMENT ON COLUMN google_consents.number IS 'secret';
COMMENT ON COLUMN web_sessions.hash IS 'secret';
COMMENT ON COLUMN handovers.ticket IS 'secret';
COMMENT ON COLUMN handovers.query IS 'secret';
COMMENT ON COLUMN handovers.body IS 'secret';
COMMENT ON COLUMN handovers.answer IS 'secret';

CREATE OR REPLACE FUNCTION export_rows() RETURNS TABLE (part text, body jsonb) LANGUAGE plpgsql STABLE AS $$
DECLARE
	r record;
BEGIN
	FOR r IN SELECT c.relname AS name, (
			SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY array_position(i.indkey::int2[],
				a.attnum))
			FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
				WHERE i.indrelid = c.oid AND i.indisprimary
		) AS keys, (
			SELECT coalesce(array_agg(a.attname::text), '{}') FROM pg_attribute a
				WHERE a.attrelid = c.oid AND col_description(c.oid, a.attnum) = 'secret'
		) AS secrets
		FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
			AND NOT c.relispartition AND c.relrowsecurity
		AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id'
			AND NOT a.attisdropped) ORDER BY c.relname LOOP
		part := r.name;
		body := NULL;
		RETURN NEXT;
		RETURN QUERY EXECUTE format('SELECT %L::text, to_jsonb(t) - $1 FROM %I t '
			'WHERE t.user_id = app_user_id() ORDER BY %s', r.name, r.name, r.keys) USING r.secrets;
	END LOOP;
	RETURN QUERY SELECT d.part, d.body FROM export_delivery() d;
END $$;
