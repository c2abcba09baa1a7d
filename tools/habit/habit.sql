-- habit: what people want to do again and again.

-- STMT_HABIT_PUT (ssi) = id
-- name, per, target
INSERT INTO habits (name, per, target) VALUES ($1, $2, $3) RETURNING id;

-- STMT_HABIT_NAMED (s) = id name active
-- the habit of just this name, resting ones too
SELECT id, name, active FROM habits WHERE user_id = app_user_id() AND fold(name) = fold($1) ORDER BY active DESC, id
	LIMIT 1;

-- STMT_HABIT_UPDATE (issib) = id name per target
-- id, name, per, target (NULL or 0: as it is), whether it goes on
UPDATE habits SET name = coalesce($2, name), per = coalesce($3, per), target = coalesce(nullif($4, 0), target),
	active = $5, updated_at = app_now()
	WHERE user_id = app_user_id() AND id = $1 RETURNING id, name, per, target;

-- STMT_HABIT_LIST (s) = id name per target today period streak best
-- Every active habit as of a day: how often that day, how often in its period (the day, or the week from Monday), how
-- many periods in a row reached the target up to now (the one under way may still be short), and the longest such row.
WITH h AS (
	SELECT id, name, per, target, CASE per WHEN 'week' THEN 7 ELSE 1 END AS step,
		CASE per WHEN 'week' THEN date_trunc('week', $1::date)::date ELSE $1::date END AS this
	FROM habits WHERE user_id = app_user_id() AND active
), p AS (
	SELECT h.id, h.step, h.target, CASE h.per WHEN 'week' THEN date_trunc('week', c.day)::date ELSE c.day END AS at,
	sum(c.value) AS n,
		sum(c.value) FILTER (WHERE c.day = $1::date) AS today
	FROM h JOIN checkins c ON c.user_id = app_user_id() AND c.habit_id = h.id AND c.kind = 'habit'
		AND c.day <= $1::date GROUP BY 1, 2, 3, 4
), met AS (
	SELECT id, at, at - (row_number() OVER (PARTITION BY id ORDER BY at) * step)::int AS run FROM p
		WHERE n >= target
), runs AS (SELECT id, count(*) AS n, max(at) AS last FROM met GROUP BY id, run),
rows AS (
	SELECT r.id, max(r.n) AS best, max(r.n) FILTER (WHERE r.last >= h.this - h.step) AS streak
	FROM runs r JOIN h USING (id) GROUP BY r.id
)
SELECT h.id, h.name, h.per, h.target, coalesce(p.today, 0)::bigint AS today, coalesce(p.n, 0)::bigint AS period,
	coalesce(rows.streak, 0) AS streak, coalesce(rows.best, 0) AS best
	FROM h LEFT JOIN p ON p.id = h.id AND p.at = h.this LEFT JOIN rows ON rows.id = h.id ORDER BY h.id LIMIT 40;
