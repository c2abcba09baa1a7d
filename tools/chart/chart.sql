-- chart: what pictures of a person's days are drawn from.

-- STMT_CHART_TASKS (si) = due done
-- first day, how many days: of each, tasks due then and tasks finished then (on the person's wall), in order
WITH due AS (
	SELECT due_date AS day, count(*) AS n FROM tasks WHERE user_id = app_user_id() AND status <> 'cancelled'
		AND due_date >= $1::date AND due_date < $1::date + $2::int GROUP BY 1
), done AS (
	SELECT (t.completed_at AT TIME ZONE p.zone)::date AS day, count(*) AS n
		FROM tasks t JOIN profiles p USING (user_id) WHERE t.user_id = app_user_id() AND t.status = 'done'
			-- wherever its wall is, a day begins and ends within a day of the one in Greenwich
			AND t.completed_at >= ($1::date - 1)::timestamp AT TIME ZONE 'UTC'
			AND t.completed_at < ($1::date + $2::int + 1)::timestamp AT TIME ZONE 'UTC' GROUP BY 1
)
SELECT coalesce(due.n, 0) AS due, coalesce(done.n, 0) AS done FROM generate_series(0, $2::int - 1) i
	LEFT JOIN due ON due.day = $1::date + i LEFT JOIN done ON done.day = $1::date + i ORDER BY i;

-- STMT_CHART_CHECKINS (si) = at kind value
-- first day, how many days: what was noted of sleep and energy, with the days since the first
SELECT (day - $1::date)::bigint AS at, kind, value FROM checkins
	WHERE user_id = app_user_id() AND kind IN ('sleep', 'energy') AND value IS NOT NULL
		AND day >= $1::date AND day < $1::date + $2::int;

-- STMT_CHART_HOURS (si) = weekday hour n
-- first day, how many days: tasks finished by weekday (0: Monday) and hour of the person's wall
SELECT (extract(isodow FROM w) - 1)::bigint AS weekday, extract(hour FROM w)::bigint AS hour, count(*) AS n
	FROM (SELECT t.completed_at AT TIME ZONE p.zone AS w FROM tasks t JOIN profiles p USING (user_id)
		WHERE t.user_id = app_user_id() AND t.status = 'done') x
	WHERE w >= $1::date AND w < $1::date + $2::int GROUP BY 1, 2 ORDER BY 1, 2;

-- STMT_CHART_HABITS (si) = id name weekly target began
-- first day, how many habits: the oldest active ones; began: days from the first day to the one it began on, or before
SELECT id, name, per = 'week' AS weekly, target,
	(least((created_at AT TIME ZONE (SELECT zone FROM profiles p WHERE p.user_id = app_user_id()))::date,
		(SELECT min(day) FROM checkins c WHERE c.user_id = app_user_id() AND c.habit_id = h.id))
		- $1::date)::bigint AS began
	FROM habits h WHERE user_id = app_user_id() AND active ORDER BY id LIMIT $2;

-- STMT_CHART_KEPT (si) = habit at value
-- first day, how many days: how often each habit was done, with the days since the first
SELECT habit_id AS habit, (day - $1::date)::bigint AS at, coalesce(value, 0) AS value FROM checkins
	WHERE user_id = app_user_id() AND kind = 'habit' AND day >= $1::date AND day < $1::date + $2::int;
