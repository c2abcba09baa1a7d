-- jobs: what runs by itself. run_at is product time; leases are real time, fenced by their token.

-- STMT_JOB_SEED (st)
-- kind, now: a job of the house, due now, unless it is there.
INSERT INTO jobs (kind, run_at) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- STMT_JOB_CLAIM (tid) = id kind user_id ref run_at token attempts
-- now, how many, seconds of lease
WITH h AS (
	SELECT id FROM jobs WHERE user_id IS NULL AND run_at <= $1 AND (lease_until IS NULL OR lease_until < now()) ORDER BY run_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE jobs j SET lease_until = now() + make_interval(secs => $3), lease_token = nextval('lease_tokens'), attempts = j.attempts + 1
	FROM h WHERE j.id = h.id RETURNING j.id, j.kind, j.user_id, j.ref,
	time_to_us(j.run_at) AS run_at, j.lease_token AS token, j.attempts;

-- STMT_JOB_DONE (iitst)
-- id, token, next run, result, now
UPDATE jobs SET run_at = $3, lease_until = NULL, lease_token = NULL, attempts = 0, last_run_at = $5, last_result = $4 WHERE id = $1 AND lease_token = $2;

-- STMT_JOB_RETRY (iits)
-- id, token, next try, error
UPDATE jobs SET run_at = $3, lease_until = NULL, lease_token = NULL, last_result = $4 WHERE id = $1 AND lease_token = $2;

-- STMT_JOB_NEXT () = run_at
-- The next instant at which a job of the house is due.
SELECT time_to_us(min(run_at)) AS run_at FROM jobs WHERE user_id IS NULL AND (lease_until IS NULL OR lease_until < now());

-- STMT_REMINDER_CLAIM (tid) = id user_id ref token attempts role lang zone
-- now, how many, seconds of lease: due reminders, with whom they are for.
WITH h AS (
	SELECT id FROM jobs WHERE kind = 'reminder' AND run_at <= $1 AND (lease_until IS NULL OR lease_until < now()) ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED
), x AS (
	UPDATE jobs j SET lease_until = now() + make_interval(secs => $3), lease_token = nextval('lease_tokens'), attempts = j.attempts + 1
		FROM h WHERE j.id = h.id RETURNING j.id, j.user_id, j.ref, j.run_at, j.lease_token, j.attempts
)
SELECT x.id, x.user_id, x.ref::bigint AS ref, x.lease_token AS token, x.attempts, d.role, d.lang, d.zone FROM x
	CROSS JOIN LATERAL (SELECT role, lang, zone FROM directory WHERE user_id = x.user_id LIMIT 1) d ORDER BY x.run_at;

-- STMT_REMINDER_NEXT () = run_at
-- The next instant at which a reminder is due.
SELECT time_to_us(run_at) AS run_at FROM jobs WHERE kind = 'reminder' AND (lease_until IS NULL OR lease_until < now())
	ORDER BY jobs.run_at LIMIT 1;

-- STMT_OUTBOX_REPAIR (t) = bot_id told
-- before: messages younger than this may still be in their transaction's wake. A row a repaired chat.
SELECT bot_id, pg_notify('lembra_out', bot_id::text) AS told FROM outbox_repair($1) bot_id;

-- STMT_OUTBOX_RELEASE (t) = bot_id told
-- now: what waited for the end of quiet hours goes out.
SELECT bot_id, pg_notify('lembra_out', bot_id::text) AS told FROM (SELECT DISTINCT b AS bot_id FROM outbox_release($1) b) x;

-- STMT_SEARCH_INDEX (i) = n
-- how many at most
SELECT search_index(NULL, $1) AS n;

-- STMT_RETAIN (tii) = n
-- now, days that logs are kept, most days that conversations are kept: how many rows went or were blanked.
SELECT retain($1, $2, $3) AS n;
