-- Conversation with a model: replies that take the place of a progress message, acts that wait for a yes, preferences,
-- and which words came from outside.

-- The dedupe key of the message that this one replaces on screen, where that was delivered.
ALTER TABLE outbox ADD COLUMN replaces text;

DROP FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz);
CREATE FUNCTION outbox_put(p_bot bigint, p_chat bigint, p_dedupe text, p_part int, p_method text, p_text text, p_markup text,
	p_target bigint, p_silent boolean, p_class text, p_accepted timestamptz, p_replaces text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM telegram_chats WHERE user_id = app_user_id() AND bot_id = p_bot AND chat_id = p_chat) THEN
		RAISE EXCEPTION 'not this person''s chat' USING ERRCODE = 'LB403';
	END IF;
	INSERT INTO outbox (bot_id, chat_id, dedupe, part, method, text, markup, target_id, silent, class, trace, accepted_at, created_at, replaces)
		VALUES (p_bot, p_chat, p_dedupe, p_part, p_method, p_text, p_markup, p_target, p_silent, p_class, app_trace(), p_accepted, app_now(), p_replaces)
		ON CONFLICT DO NOTHING;
	IF FOUND THEN
		INSERT INTO chats (bot_id, chat_id, lane, pending, ready_at) VALUES (p_bot, p_chat, 2, 1, clock_timestamp())
			ON CONFLICT (bot_id, chat_id, lane) DO UPDATE SET pending = chats.pending + 1,
			ready_at = CASE WHEN chats.lease_until IS NULL THEN coalesce(chats.ready_at, greatest(excluded.ready_at, chats.send_at - interval '2 s')) END;
	END IF;
END $$;
GRANT EXECUTE ON FUNCTION outbox_put(bigint, bigint, text, int, text, text, text, bigint, boolean, text, timestamptz, text) TO {{app}};

-- Said, but with words of somebody else in it (a forwarded message): a model that can act never reads it.
ALTER TABLE interactions ADD COLUMN outside boolean NOT NULL DEFAULT false;

-- What the person explicitly asked for, and when.
CREATE TABLE user_preferences (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('preference'),
	key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 60),
	value text NOT NULL CHECK (char_length(value) <= 500),
	consented_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, key)
);
SELECT own_table('user_preferences'), undoable_table('user_preferences');

-- An act that waits for the person's answer, bound to exactly what will run, to the person and the chat; settled once, by
-- one UPDATE. The button carries the id only: 128 random bits.
CREATE TABLE pending_actions (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id text NOT NULL,
	bot_id bigint NOT NULL,
	chat_id bigint NOT NULL,
	tool text NOT NULL, -- what a yes runs
	args text NOT NULL, -- canonical JSON
	hash text NOT NULL, -- of tool and args
	no_tool text, -- what a no runs; NULL: nothing
	no_args text,
	wants text, -- the argument that the person's next words give, when no button answers it
	state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'yes', 'no')),
	created_at timestamptz NOT NULL DEFAULT app_now(),
	expires_at timestamptz NOT NULL,
	settled_at timestamptz,
	PRIMARY KEY (user_id, id)
);
SELECT own_table('pending_actions');
