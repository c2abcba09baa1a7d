-- usage: what models were asked and what it cost, per person. Days and months are those of the person's zone.

-- cost: what is known of it; unpriced: calls without a known price
-- COLUMNS USAGE = calls tokens_in tokens_out cost unpriced counted

-- STMT_USAGE_SPENT () = day month
-- This day's and this month's cost that counts against budgets.
SELECT coalesce(sum(spent) FILTER (WHERE length(period) = 10), 0)::bigint AS day,
	coalesce(sum(spent) FILTER (WHERE length(period) = 7), 0)::bigint AS month
	FROM (SELECT app_now() AT TIME ZONE zone AS wall FROM profiles) p
	LEFT JOIN llm_spend ON period IN (to_char(wall, 'YYYY-MM-DD'), to_char(wall, 'YYYY-MM'));

-- STMT_USAGE_PUT (ssiiiiiibs) = period spent told
-- provider, model, tokens in, cached, out, cost (NULL: unknown), counted, latency, success, error: the day and the
-- month with what is now spent and the percentage already told. Locked in this order by everyone.
WITH u AS (
	INSERT INTO llm_usage (provider, model, tokens_in, tokens_cached, tokens_out, cost, counted, latency_ms,
		success, error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
), w AS (
	SELECT app_now() AT TIME ZONE zone AS wall FROM profiles
)
INSERT INTO llm_spend AS s (period, spent)
	SELECT to_char(w.wall, v.form), $7 FROM w, (VALUES (1, 'YYYY-MM-DD'), (2, 'YYYY-MM')) v(n, form) ORDER BY v.n
	ON CONFLICT (user_id, period) DO UPDATE SET spent = s.spent + excluded.spent
	RETURNING period, spent, told;

-- STMT_USAGE_TOLD (si)
-- period, percentage: while its row is locked by STMT_USAGE_PUT.
UPDATE llm_spend SET told = $2 WHERE period = $1;

-- STMT_USAGE_SUMMARY () = provider model day:USAGE month:USAGE
-- Per model, dearest first: this day's and this month's.
SELECT provider, model,
	count(*) FILTER (WHERE today) AS day_calls,
		coalesce(sum(tokens_in) FILTER (WHERE today), 0)::bigint AS day_tokens_in,
	coalesce(sum(tokens_out) FILTER (WHERE today), 0)::bigint AS day_tokens_out,
	coalesce(sum(cost) FILTER (WHERE today), 0)::bigint AS day_cost,
		count(*) FILTER (WHERE today AND cost IS NULL) AS day_unpriced,
	coalesce(sum(counted) FILTER (WHERE today), 0)::bigint AS day_counted,
	count(*) AS month_calls, sum(tokens_in)::bigint AS month_tokens_in, sum(tokens_out)::bigint AS month_tokens_out,
	coalesce(sum(cost), 0)::bigint AS month_cost, count(*) FILTER (WHERE cost IS NULL) AS month_unpriced,
	sum(counted)::bigint AS month_counted
FROM (
	SELECT u.*, u.created_at >= date_trunc('day', p.wall) AT TIME ZONE p.zone AS today
	FROM (SELECT zone, app_now() AT TIME ZONE zone AS wall FROM profiles) p
	JOIN llm_usage u ON u.created_at >= date_trunc('month', p.wall) AT TIME ZONE p.zone
) m GROUP BY provider, model ORDER BY sum(counted) DESC, provider, model;
