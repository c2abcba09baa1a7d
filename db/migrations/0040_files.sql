-- Files of Google Drive that a person was shown, so that a tap or "the second one" finds them again: their Google
-- id, name and type
-- for a week. Nothing of what is in them.
CREATE TABLE files_seen (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	id bigint NOT NULL DEFAULT next_id('file'),
	account_id bigint NOT NULL,
	file text NOT NULL, -- Google's id
	name text NOT NULL,
	type text NOT NULL,
	outside boolean NOT NULL DEFAULT true, -- of somebody else's making
	seen_at timestamptz NOT NULL DEFAULT app_now(),
	PRIMARY KEY (user_id, id),
	UNIQUE (user_id, account_id, file),
	FOREIGN KEY (user_id, account_id) REFERENCES google_accounts ON DELETE CASCADE
);
SELECT own_table('files_seen');
