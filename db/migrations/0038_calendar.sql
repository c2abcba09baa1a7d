-- The calendars of a person's Google accounts, and what is in them around now: read incrementally, under a lease.

-- One row an account.
CREATE TABLE google_syncs (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	account_id bigint NOT NULL,
	lease_until timestamptz, -- real time: somebody reads it
	lease_token bigint NOT NULL DEFAULT 0,
	listed_at timestamptz, -- the list of its calendars
	synced_at timestamptz, -- all of them
	offered_at timestamptz, -- events that were only here, to be taken there
	PRIMARY KEY (user_id, account_id),
	FOREIGN KEY (user_id, account_id) REFERENCES google_accounts ON DELETE CASCADE
);
SELECT own_table('google_syncs');

CREATE TABLE google_calendars (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint NOT NULL DEFAULT next_id('google_calendar'),
	account_id bigint NOT NULL,
	calendar text NOT NULL, -- Google's id
	name text NOT NULL,
	zone text NOT NULL,
	role text NOT NULL,
	is_primary boolean NOT NULL,
	selected boolean NOT NULL, -- shown at Google, so shown here
	sync_token text, -- of the last whole read
	page_token text, -- of a read that goes on
	reading boolean NOT NULL DEFAULT false, -- a whole read goes on
	generation bigint NOT NULL DEFAULT 0, -- of the last whole read that was begun
	window_from timestamptz,
	window_until timestamptz,
	whole_at timestamptz, -- the last whole read
	synced_at timestamptz, -- NULL: never whole, and so not shown
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, account_id, calendar),
	FOREIGN KEY (user_id, account_id) REFERENCES google_accounts ON DELETE CASCADE
);
SELECT own_table('google_calendars');

-- Occurrences, not series. Numbered with the events that are kept here, so that one number means one thing.
CREATE TABLE calendar_events_cache (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint NOT NULL DEFAULT next_id('event'),
	calendar_id bigint NOT NULL,
	google_id text NOT NULL,
	series text NOT NULL DEFAULT '',
	uid text NOT NULL DEFAULT '',
	etag text NOT NULL DEFAULT '',
	title text NOT NULL,
	place text NOT NULL DEFAULT '',
	guests text[] NOT NULL DEFAULT '{}',
	all_day boolean NOT NULL,
	start_at timestamptz NOT NULL, -- of whole days midnight in UTC: they have no zone
	end_at timestamptz NOT NULL,
	free boolean NOT NULL, -- keeps nobody busy
	outside boolean NOT NULL, -- somebody else's words
	link text NOT NULL DEFAULT '',
	meet text NOT NULL DEFAULT '',
	generation bigint NOT NULL,
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, calendar_id, google_id),
	FOREIGN KEY (user_id, calendar_id) REFERENCES google_calendars ON DELETE CASCADE
);
SELECT own_table('calendar_events_cache');
CREATE INDEX calendar_events_cache_when ON calendar_events_cache (user_id, start_at);

-- What Google knocks at when a calendar changes.
CREATE TABLE google_channels (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id text NOT NULL, -- 128 random bits
	calendar_id bigint NOT NULL,
	hash bytea NOT NULL, -- of the word that it says
	resource text NOT NULL DEFAULT '',
	expires_at timestamptz NOT NULL, -- real time
	PRIMARY KEY (user_id, id),
	FOREIGN KEY (user_id, calendar_id) REFERENCES google_calendars ON DELETE CASCADE
);
SELECT own_table('google_channels');
COMMENT ON COLUMN google_channels.hash IS 'secret';
CREATE UNIQUE INDEX google_channels_id ON google_channels (id);

-- An account that works has a job that reads its calendars; one that is broken has none.
CREATE FUNCTION google_sync_job() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		PERFORM job_drop_for(OLD.user_id, 'calendar_sync', OLD.id::text);
	ELSIF NEW.state <> 'active' THEN
		PERFORM job_drop_for(NEW.user_id, 'calendar_sync', NEW.id::text);
	ELSIF TG_OP = 'INSERT' OR OLD.state <> NEW.state OR OLD.scopes <> NEW.scopes THEN
		PERFORM job_at_for(NEW.user_id, 'calendar_sync', NEW.id::text, coalesce(app_now(), now()));
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER google_sync_job AFTER INSERT OR UPDATE OF state, scopes OR DELETE ON google_accounts
	FOR EACH ROW EXECUTE FUNCTION google_sync_job();

SELECT job_at_for(user_id, 'calendar_sync', id::text, now()) FROM google_accounts WHERE state = 'active';

-- A knock: whoever knows the channel and its word makes the account's job due now. Nothing is told of anybody.
CREATE FUNCTION google_knock(p_channel text, p_word text, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v record;
BEGIN
	SELECT c.user_id, k.account_id INTO v FROM google_channels c
		JOIN google_calendars k ON k.user_id = c.user_id AND k.id = c.calendar_id
		WHERE c.id = p_channel AND c.hash = sha256(convert_to(p_word, 'UTF8'));
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	UPDATE google_syncs SET synced_at = NULL WHERE user_id = v.user_id AND account_id = v.account_id;
	UPDATE jobs SET run_at = p_now WHERE kind = 'calendar_sync' AND user_id = v.user_id AND ref = v.account_id::text
		AND run_at > p_now AND lease_until IS NULL;
	PERFORM pg_notify('lembra_jobs', '');
	RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION google_knock(text, text, timestamptz) TO {{queue}};
