-- google_sync: calendars of Google and what is in them around now.

-- STMT_SYNC_LEASE (id) = token list
-- account, seconds: a row for whoever may read it; whether its list of calendars is to be read again.
INSERT INTO google_syncs AS s (account_id, lease_until, lease_token)
	VALUES ($1, clock_timestamp() + make_interval(secs => $2), nextval('lease_tokens'))
	ON CONFLICT (user_id, account_id) DO UPDATE SET lease_until = excluded.lease_until,
		lease_token = excluded.lease_token
	WHERE s.lease_until IS NULL OR s.lease_until < clock_timestamp()
	RETURNING lease_token AS token, listed_at IS NULL OR listed_at < app_now() - interval '6 hours' AS list;

-- STMT_SYNC_HOLD (iid) = held
-- account, token, seconds: no row when somebody else has it by now.
UPDATE google_syncs SET lease_until = clock_timestamp() + make_interval(secs => $3)
	WHERE user_id = app_user_id() AND account_id = $1 AND lease_token = $2 RETURNING true AS held;

-- STMT_SYNC_OVER (iib)
-- account, token, whether all was read
UPDATE google_syncs SET lease_until = NULL, synced_at = CASE WHEN $3 THEN app_now() ELSE synced_at END
	WHERE user_id = app_user_id() AND account_id = $1 AND lease_token = $2;

-- STMT_SYNC_AGE (i) = age busy
-- account: seconds since all was read, -1: never; whether somebody reads it now.
SELECT coalesce(floor(extract(epoch FROM app_now() - synced_at)), -1)::bigint AS age,
	coalesce(lease_until > clock_timestamp(), false) AS busy
	FROM google_syncs WHERE user_id = app_user_id() AND account_id = $1;

-- STMT_SYNC_STALE (i)
-- account: something changed there that only a read brings here.
UPDATE google_syncs SET synced_at = NULL WHERE user_id = app_user_id() AND account_id = $1;

-- STMT_CALENDAR_PUT (issssbb)
-- account, Google's id, name, zone, role, primary, selected
INSERT INTO google_calendars AS c (account_id, calendar, name, zone, role, is_primary, selected)
	SELECT $1, $2, $3, $4, $5, $6, $7
	WHERE NOT EXISTS (SELECT FROM google_calendars WHERE user_id = app_user_id() AND account_id = $1
		AND calendar = $2);

-- STMT_CALENDAR_UPDATE (issssbb)
UPDATE google_calendars SET name = $3, zone = $4, role = $5, is_primary = $6, selected = $7
	WHERE user_id = app_user_id() AND account_id = $1 AND calendar = $2;

-- STMT_CALENDAR_KEEP (iS)
-- account, Google's ids of all that are listed: the others are gone.
DELETE FROM google_calendars WHERE user_id = app_user_id() AND account_id = $1 AND calendar <> ALL ($2);

-- STMT_CALENDAR_GONE (i)
DELETE FROM google_calendars WHERE user_id = app_user_id() AND id = $1;

-- STMT_CALENDAR_LISTED (i)
UPDATE google_syncs SET listed_at = app_now() WHERE user_id = app_user_id() AND account_id = $1;

-- STMT_CALENDARS (i) = id calendar name zone role is_primary sync page reading generation from until due
-- account: those that are shown; due: to be read as a whole, since what is read ahead runs out.
SELECT id, calendar, name, zone, role, is_primary, coalesce(sync_token, '') AS sync,
	coalesce(page_token, '') AS page, reading, generation,
	(coalesce(extract(epoch FROM window_from), 0) * 1000000)::bigint AS from,
	(coalesce(extract(epoch FROM window_until), 0) * 1000000)::bigint AS until,
	whole_at IS NULL OR whole_at < app_now() - interval '7 days' AS due
	FROM google_calendars WHERE user_id = app_user_id() AND account_id = $1 AND selected
	AND role <> 'freeBusyReader' ORDER BY is_primary DESC, id LIMIT 30;

-- STMT_CALENDAR_READING (itt) = generation
-- calendar, window: a whole read begins.
UPDATE google_calendars SET reading = true, generation = generation + 1, page_token = NULL, sync_token = NULL,
	window_from = $2, window_until = $3 WHERE user_id = app_user_id() AND id = $1 RETURNING generation;

-- STMT_CALENDAR_PAGE (is)
-- calendar, token of the next page
UPDATE google_calendars SET page_token = $2 WHERE user_id = app_user_id() AND id = $1;

-- STMT_CALENDAR_READ (is)
-- calendar, sync token: read to its end.
UPDATE google_calendars SET sync_token = $2, page_token = NULL, synced_at = app_now(),
	whole_at = CASE WHEN reading THEN app_now() ELSE whole_at END, reading = false
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_CALENDAR_SWEEP (ii)
-- calendar, generation: what a whole read did not find any more.
DELETE FROM calendar_events_cache WHERE user_id = app_user_id() AND calendar_id = $1 AND generation < $2;

-- STMT_CACHE_UPDATE (isi)
-- calendar, events as JSON, generation
UPDATE calendar_events_cache c SET series = e.series, uid = e.uid, etag = e.etag, title = e.title, place = e.place,
	guests = e.guests, all_day = e.all_day, start_at = e.start_at, end_at = e.end_at, free = e.free,
	outside = e.outside, link = e.link, meet = e.meet, generation = $3
	FROM jsonb_to_recordset($2::jsonb) AS e(google_id text, series text, uid text, etag text, title text,
		place text, guests text[], all_day boolean, start_at timestamptz, end_at timestamptz, free boolean,
		outside boolean, link text, meet text)
	WHERE c.user_id = app_user_id() AND c.calendar_id = $1 AND c.google_id = e.google_id;

-- STMT_CACHE_PUT (isi)
-- The same of those that are new: a number is spent for each.
INSERT INTO calendar_events_cache (calendar_id, google_id, series, uid, etag, title, place, guests, all_day, start_at,
	end_at, free, outside, link, meet, generation)
	SELECT $1, e.google_id, e.series, e.uid, e.etag, e.title, e.place, e.guests, e.all_day, e.start_at, e.end_at,
		e.free, e.outside, e.link, e.meet, $3
	FROM (SELECT DISTINCT ON (google_id) * FROM jsonb_to_recordset($2::jsonb) AS x(google_id text, series text,
		uid text, etag text, title text, place text, guests text[], all_day boolean, start_at timestamptz,
		end_at timestamptz, free boolean, outside boolean, link text, meet text)) e
	WHERE NOT EXISTS (SELECT FROM calendar_events_cache WHERE user_id = app_user_id() AND calendar_id = $1
		AND google_id = e.google_id)
	ORDER BY e.start_at;

-- STMT_CACHE_DROP (iS)
-- calendar, Google's ids: of an event, or of a series with all its occurrences.
DELETE FROM calendar_events_cache WHERE user_id = app_user_id() AND calendar_id = $1
	AND (google_id = ANY ($2) OR series = ANY ($2));

-- STMT_CHANNELS_DUE (i) = calendar_id calendar channel resource
-- account: calendars without a channel that lasts another day; and the channel that ends, or ''.
SELECT k.id AS calendar_id, k.calendar, coalesce(c.id, '') AS channel, coalesce(c.resource, '') AS resource
	FROM google_calendars k LEFT JOIN LATERAL (
		SELECT * FROM google_channels c WHERE c.user_id = k.user_id AND c.calendar_id = k.id
			ORDER BY expires_at DESC LIMIT 1
	) c ON true
	WHERE k.user_id = app_user_id() AND k.account_id = $1 AND k.selected AND k.role <> 'freeBusyReader'
		AND k.synced_at IS NOT NULL AND (c.id IS NULL OR c.expires_at < clock_timestamp() + interval '1 day')
	ORDER BY k.is_primary DESC, k.id LIMIT 30;

-- STMT_CHANNEL_PUT (siss)
-- channel, calendar, its word, resource
INSERT INTO google_channels (id, calendar_id, hash, resource, expires_at)
	VALUES ($1, $2, sha256(convert_to($3, 'UTF8')), $4, clock_timestamp() + interval '7 days');

-- STMT_CHANNEL_SET (ssd)
-- channel, resource, seconds until its end
UPDATE google_channels SET resource = $2, expires_at = clock_timestamp() + make_interval(secs => $3)
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_CHANNEL_DROP (s)
DELETE FROM google_channels WHERE user_id = app_user_id() AND id = $1;

-- STMT_GOOGLE_KNOCK (sst) = known
-- channel, word, now
SELECT google_knock($1, $2, $3) AS known;

-- STMT_CALENDAR_GENERATION (i) = generation
SELECT generation FROM google_calendars WHERE user_id = app_user_id() AND id = $1;
