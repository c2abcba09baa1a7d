-- Mail at Google: what a person was shown of it, and what is on its way out. Mail itself stays there.

-- Mails that were shown, so that a button or "the second one" can say which: from whom and about what, for a week
-- (STMT_TIDY), and nothing of their text. It is a list of what its person saw, so it is in their copy of all that is
-- kept.
CREATE TABLE mail_seen (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('mail'),
	account_id bigint NOT NULL,
	gmail_id text NOT NULL,
	thread_id text NOT NULL DEFAULT '',
	sender text NOT NULL DEFAULT '', -- as it names itself
	address text NOT NULL DEFAULT '',
	subject text NOT NULL DEFAULT '',
	at timestamptz NOT NULL,
	unread boolean NOT NULL DEFAULT false,
	place bigint, -- in the list that was shown last, from 1
	shown_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, account_id, gmail_id),
	FOREIGN KEY (user_id, account_id) REFERENCES google_accounts ON DELETE CASCADE
);
SELECT own_table('mail_seen');

-- Mails that a person has confirmed, or is still asked about. What they say is kept until they are settled. An account
-- that goes takes none with it: its person is told.
CREATE TABLE mails_out (
	user_id bigint NOT NULL DEFAULT app_user_id() REFERENCES users,
	id bigint NOT NULL DEFAULT next_id('mail_out'),
	account_id bigint NOT NULL DEFAULT 0,
	bot_id bigint NOT NULL, -- where its person hears of it
	chat_id bigint NOT NULL,
	state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'waiting', 'sending', 'sent', 'not_sent',
		'unknown', 'cancelled')),
	mail text, -- JSON; NULL once it is settled
	message_id text NOT NULL DEFAULT '',
	draft_id text, -- Gmail's: while that draft is there, nothing was sent
	begun boolean NOT NULL DEFAULT false, -- without a draft: the first byte may have left
	send_at timestamptz,
	created_at timestamptz NOT NULL DEFAULT app_now(),
	settled_at timestamptz,
	PRIMARY KEY (user_id, id)
);
SELECT own_table('mails_out');

-- What waits leaves at its time.
CREATE FUNCTION mail_out_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		PERFORM job_drop_for(OLD.user_id, 'mail_out', OLD.id::text);
	ELSIF NEW.state = 'waiting' THEN
		PERFORM job_at_for(NEW.user_id, 'mail_out', NEW.id::text, NEW.send_at);
	ELSE
		PERFORM job_drop_for(NEW.user_id, 'mail_out', NEW.id::text);
	END IF;
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION mail_out_job() TO {{app}};
CREATE TRIGGER mail_out_job AFTER INSERT OR UPDATE OF state, send_at OR DELETE ON mails_out
	FOR EACH ROW EXECUTE FUNCTION mail_out_job();
