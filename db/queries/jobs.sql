-- jobs: what runs by itself. run_at and due_at are product time; leases are real time, fenced by their token.

-- STMT_JOB_SEED (st)
-- kind, now: a job of the house, due now, unless it is there.
INSERT INTO jobs (kind, run_at) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- STMT_JOB_CLAIM (tSIid) = id token kind user_id ref attempts run_at due_at local occurrence at_s weekday role lang
-- = zone
-- now, kinds, how many of each, owner, seconds of lease: what is due, with whom it is for.
WITH h AS (
	SELECT x.id FROM unnest($2::text[], $3::bigint[]) k(kind, room) CROSS JOIN LATERAL (
		SELECT id FROM jobs WHERE kind = k.kind AND run_at <= $1
			AND (lease_until IS NULL OR lease_until < now()) ORDER BY run_at LIMIT k.room
			FOR UPDATE SKIP LOCKED
	) x
), c AS (
	UPDATE jobs j SET lease_until = now() + make_interval(secs => $5), lease_token = nextval('lease_tokens'),
	lease_owner = $4, attempts = j.attempts + 1
		FROM h WHERE j.id = h.id RETURNING j.*
)
SELECT c.id, c.lease_token AS token, c.kind, c.user_id, c.ref, c.attempts, time_to_us(c.run_at) AS run_at,
	time_to_us(c.due_at) AS due_at,
	c.local, c.occurrence, extract(epoch FROM c.at_time)::bigint AS at_s, c.weekday, d.role, d.lang, d.zone
	FROM c LEFT JOIN LATERAL (SELECT role, lang, zone FROM directory WHERE user_id = c.user_id LIMIT 1) d ON true
		ORDER BY c.run_at;

-- STMT_JOB_NEXT (S) = run_at
-- The next instant at which a job of these kinds is due.
SELECT time_to_us(min(x.run_at)) AS run_at FROM unnest($1::text[]) k(kind) CROSS JOIN LATERAL (
	SELECT run_at FROM jobs WHERE kind = k.kind AND (lease_until IS NULL OR lease_until < now()) ORDER BY run_at
		LIMIT 1
) x;

-- STMT_JOB_RENEW (IId) = id
-- ids, their tokens, seconds of lease: those still held. A row that its own job has locked is about to be settled.
WITH held AS (
	SELECT j.id FROM unnest($1, $2) k(id, token) JOIN jobs j ON j.id = k.id AND j.lease_token = k.token
), l AS (
	SELECT j.id FROM jobs j JOIN held USING (id) ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
), kept AS (
	UPDATE jobs j SET lease_until = now() + make_interval(secs => $3) FROM l WHERE j.id = l.id
)
SELECT id FROM held;

-- STMT_JOB_ORPHANS (Stiid) = id
-- kinds, now, class of the owners' locks, our own, seconds that prove nothing of a lease: frees what dead schedulers
-- held. A lock may be missing for a moment while its connection opens anew, so a lease just given, and a young server,
-- prove nothing.
WITH alive AS (
	SELECT objid::bigint AS owner FROM pg_locks WHERE locktype = 'advisory' AND classid = $3::oid AND objsubid = 2
		AND granted
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), l AS (
	SELECT j.id FROM unnest($1::text[]) k(kind) JOIN jobs j ON j.kind = k.kind AND j.run_at <= $2
		WHERE j.lease_until < now() + make_interval(secs => $5) AND j.lease_owner > 0 AND j.lease_owner <> $4
		AND j.lease_owner NOT IN (SELECT owner FROM alive)
			AND pg_postmaster_start_time() < now() - interval '5 s'
		ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
)
UPDATE jobs j SET lease_until = NULL, lease_token = NULL, lease_owner = NULL FROM l WHERE j.id = l.id RETURNING j.id;

-- STMT_JOB_RECALL (tSI) = id
-- now, kinds, microseconds: what is further away than its kind ever plans was planned by a clock that was wrong.
UPDATE jobs j SET run_at = $1, due_at = NULL, occurrence = '', attempts = 0
	FROM unnest($2::text[], $3::bigint[]) k(kind, horizon_us)
	WHERE j.kind = k.kind AND j.run_at > $1 + k.horizon_us * interval '1 microsecond'
		AND (j.lease_until IS NULL OR j.lease_until < now()) RETURNING j.id;

-- STMT_JOB_RECALL_TRIES (tt) = id
-- now, the latest that a next try may be: the same for what is to be tried again.
UPDATE jobs SET run_at = greatest(due_at, $1) WHERE due_at < run_at AND run_at > $2
	AND (lease_until IS NULL OR lease_until < now()) RETURNING id;

-- STMT_JOB_PLAN (iitss)
-- id, token, when it is due, the local date that it is for, the zone in which that is so. Whoever claims a row in the
-- very moment in which its person travels may have read the zone of before: then it is only given back.
UPDATE jobs j SET run_at = CASE WHEN z.same THEN $3 ELSE j.run_at END, due_at = CASE WHEN z.same THEN $3 END,
	occurrence = CASE WHEN z.same THEN $4 ELSE '' END, attempts = 0, lease_until = NULL, lease_token = NULL,
	lease_owner = NULL
	FROM (SELECT NOT EXISTS (SELECT FROM jobs x JOIN directory d USING (user_id) WHERE x.id = $1 AND d.zone <> $5)
		AS same) z
	WHERE j.id = $1 AND j.lease_token = $2;

-- STMT_JOB_BEGIN (sisstt) = id attempts first_at
-- kind, user (NULL: of the house), ref, occurrence, due, now: the row of this occurrence, one more try of it.
INSERT INTO job_runs AS r (kind, user_id, ref, occurrence, due_at, first_at, last_at)
	VALUES ($1, $2, $3, $4, $5, $6, $6)
	ON CONFLICT (kind, coalesce(user_id, 0), ref, occurrence) DO UPDATE
		SET attempts = r.attempts + 1, last_at = excluded.last_at, state = 'running'
	WHERE r.state IN ('running', 'failed')
	RETURNING r.id, r.attempts, time_to_us(r.first_at) AS first_at;

-- STMT_JOB_RUN_END (iiissti)
-- job, token, run, state, error or NULL, now, microseconds: how it went, said by whoever holds the job.
UPDATE job_runs SET state = CASE WHEN state = 'done' THEN state ELSE $4 END, error = $5, ended_at = $6, duration_us = $7
	WHERE id = $3 AND EXISTS (SELECT FROM jobs WHERE id = $1 AND lease_token = $2);

-- STMT_JOB_SETTLE (iitst)
-- id, token, when it is due or planned next, result, now
UPDATE jobs SET run_at = $3, due_at = NULL, occurrence = '', attempts = 0, last_run_at = $5, last_result = $4,
	lease_until = NULL, lease_token = NULL, lease_owner = NULL WHERE id = $1 AND lease_token = $2;

-- STMT_JOB_DROP (ii)
-- id, token
DELETE FROM jobs WHERE id = $1 AND lease_token = $2;

-- STMT_JOB_RETRY (iits)
-- id, token, next try, error
UPDATE jobs SET due_at = coalesce(due_at, run_at), run_at = $3, last_result = $4, lease_until = NULL,
	lease_token = NULL, lease_owner = NULL
	WHERE id = $1 AND lease_token = $2;

-- STMT_JOB_DONE (iii) = done
-- job, token, run: in the transaction of its effect.
SELECT job_done($1, $2, $3) AS done;

-- STMT_TIDY (t) = cards undos
-- now: what nobody can press, answer or undo any more. What was settled is told to a second press for a day.
WITH settled AS (
	DELETE FROM pending_actions WHERE user_id = app_user_id()
		AND coalesce(settled_at, expires_at) < $1 - interval '1 day' RETURNING 1
), undone AS (
	DELETE FROM undo_log WHERE user_id = app_user_id() AND expires_at < $1 RETURNING 1
), seen AS (
	DELETE FROM mail_seen WHERE user_id = app_user_id() AND shown_at < $1 - interval '7 days' RETURNING 1
), missed AS (
	DELETE FROM missed_messages WHERE user_id = app_user_id() AND told_at < $1 - interval '7 days' RETURNING 1
), hours AS (
	DELETE FROM task_hours WHERE user_id = app_user_id() AND at < $1 - interval '90 days' RETURNING 1
), written AS (
	DELETE FROM mails_out WHERE user_id = app_user_id() AND state NOT IN ('waiting', 'sending')
		AND coalesce(settled_at, created_at) < $1 - interval '7 days' RETURNING 1
)
SELECT (SELECT count(*) FROM settled) AS cards, (SELECT count(*) FROM undone) AS undos;

-- STMT_OUTBOX_REPAIR (t) = bot_id told
-- before: messages younger than this may still be in their transaction's wake. A row a repaired chat.
SELECT bot_id, pg_notify('lembra_out', bot_id::text) AS told FROM outbox_repair($1) bot_id;

-- STMT_OUTBOX_RELEASE (t) = bot_id told
-- now: what waited for the end of quiet hours goes out.
SELECT bot_id, pg_notify('lembra_out', bot_id::text) AS told
	FROM (SELECT DISTINCT b AS bot_id FROM outbox_release($1) b) x;

-- STMT_SEARCH_INDEX (i) = n
-- how many at most
SELECT search_index(NULL, $1) AS n;

-- STMT_RETAIN (tii) = n
-- now, days that logs are kept, most days that conversations are kept: how many rows went or were blanked.
SELECT retain($1, $2, $3) AS n;

-- STMT_SWEEP_GONE () = n
-- how many rows of people who are gone were left
SELECT sweep_gone() AS n;
