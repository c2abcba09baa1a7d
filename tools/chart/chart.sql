-- chart: what pictures of a person's days are drawn from.

-- STMT_CHART_TASKS (si) = due done
-- first day, how many days: of each, tasks due then and tasks finished then (on the person's wall), in order
SELECT (SELECT count(*) FROM tasks t
		WHERE t.user_id = app_user_id() AND t.due_date = d::date AND t.status <> 'cancelled') AS due,
	(SELECT count(*) FROM tasks t WHERE t.user_id = app_user_id() AND t.status = 'done'
		AND (t.completed_at AT TIME ZONE p.zone)::date = d::date) AS done
	FROM profiles p, generate_series($1::date::timestamp, $1::date::timestamp + ($2 - 1) * interval '1 day',
		'1 day') d
	WHERE p.user_id = app_user_id() ORDER BY d;

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
