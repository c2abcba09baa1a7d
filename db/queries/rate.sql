-- rate: how often something happened.

-- STMT_RATE_TAKE (siti) = n
-- key, window in seconds, now, how many more: how many this makes in the present window.
INSERT INTO rate_limits AS r (key, window_at, n)
	VALUES ($1, to_timestamp(floor(extract(epoch FROM $3) / $2) * $2), $4)
	ON CONFLICT (key, window_at) DO UPDATE SET n = r.n + excluded.n RETURNING n;
