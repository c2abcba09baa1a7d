-- insight: what the days say, and the day's one recommendation.

-- COLUMNS FINDING = id kind detail lag tier n effect unit low high p q fails found_on looked_on told_tier

-- STMT_FINDINGS () = FINDING
-- what holds first, the confirmed before the likely
SELECT id, kind, detail, lag, tier, n, effect, unit, low, high, p, q, fails, found_on::text, looked_on::text, told_tier
	FROM findings WHERE user_id = app_user_id()
	ORDER BY array_position(ARRAY['confirmed', 'likely', 'withdrawn'], tier), p, id LIMIT 64;

-- STMT_FINDING_PUT (ssisidsssddiss)
-- kind, detail, lag, tier, n, effect, unit, low and high or NULL, p, q, fails, found on, looked on
INSERT INTO findings AS f (kind, detail, lag, tier, n, effect, unit, low, high, p, q, fails, found_on, looked_on)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8::double precision, $9::double precision, $10, $11, $12, $13::date,
		$14::date)
	ON CONFLICT (user_id, kind, lag, detail) DO UPDATE SET tier = excluded.tier, n = excluded.n,
		effect = excluded.effect, unit = excluded.unit, low = excluded.low, high = excluded.high,
		p = excluded.p, q = excluded.q, fails = excluded.fails, found_on = excluded.found_on,
		looked_on = excluded.looked_on;

-- STMT_FINDING_TOLD (i)
UPDATE findings SET told_tier = tier WHERE user_id = app_user_id() AND id = $1;

-- STMT_INSIGHT_LOOKS () = kind looks
SELECT kind, looks FROM insight_looks WHERE user_id = app_user_id();

-- STMT_INSIGHT_LOOK_PUT (sis)
-- kind, looks, day. A look that was taken stays taken.
INSERT INTO insight_looks AS l (kind, looks, looked_on) VALUES ($1, $2, $3::date)
	ON CONFLICT (user_id, kind) DO UPDATE SET looks = greatest(l.looks, excluded.looks),
		looked_on = excluded.looked_on;

---------------------------------------------------------------- facts worth acting on

-- STMT_ADVICE_OVERDUE (s) = id title outside days n
-- today: the one to begin with, how many days it is late, and how many are.
SELECT id, title, outside, $1::date - due_date AS days, count(*) OVER () AS n FROM tasks
	WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress') AND due_date < $1::date
	ORDER BY array_position(ARRAY['urgent', 'high', 'medium', 'low'], priority), due_date, id LIMIT 1;

-- STMT_ADVICE_FOLLOW_UP (s) = id name days
-- today: whom to get back to, and since when.
SELECT id, name, $1::date - next_follow_up AS days FROM contacts
	WHERE user_id = app_user_id() AND next_follow_up <= $1::date ORDER BY next_follow_up, id LIMIT 1;

-- STMT_ADVICE_PROJECT () = id name
-- an active project that nothing leads on, the one that was left alone for longest
SELECT id, name FROM projects p WHERE user_id = app_user_id() AND status = 'active'
	AND updated_at < app_now() - interval '2 days'
	AND NOT EXISTS (SELECT FROM tasks t WHERE t.user_id = p.user_id AND t.project_id = p.id
		AND t.status IN ('todo', 'in_progress'))
	ORDER BY due_date NULLS LAST, updated_at, id LIMIT 1;

-- STMT_ADVICE_INBOX () = n days
SELECT count(*) AS n, coalesce(max(extract(epoch FROM app_now() - created_at)), 0)::bigint / 86400 AS days
	FROM inbox_items WHERE user_id = app_user_id() AND status = 'new';

-- STMT_ADVICE_DEEP (s) = id title outside
-- today: the task that deserves the best hours: due by then and without a time, else without a day
SELECT id, title, outside FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
	AND due_time IS NULL AND coalesce(due_date, $1::date) <= $1::date
	ORDER BY array_position(ARRAY['urgent', 'high', 'medium', 'low'], priority), due_date NULLS LAST,
		coalesce(estimate_min, 0) DESC, id LIMIT 1;

-- STMT_ADVICE_UNDATED () = id title outside
SELECT id, title, outside FROM tasks WHERE user_id = app_user_id() AND status IN ('todo', 'in_progress')
	AND due_date IS NULL
	ORDER BY array_position(ARRAY['urgent', 'high', 'medium', 'low'], priority), id LIMIT 1;

-- STMT_ADVICE_LOAD (s) = due usual days id title outside
-- today: how many tasks are due, how many are done on a day with any (the median of four weeks), on how many days that
-- stands, and the one that can wait best
SELECT d.due, coalesce(u.usual, 0) AS usual, u.days, t.id, coalesce(t.title, '') AS title,
	coalesce(t.outside, false) AS outside
	FROM (SELECT count(*) AS due FROM tasks WHERE user_id = app_user_id() AND due_date = $1::date
			AND status IN ('todo', 'in_progress')) d,
		(SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY tasks_done) AS usual, count(*) AS days FROM metrics
			WHERE user_id = app_user_id() AND day < $1::date AND day >= $1::date - 28 AND tasks_done > 0) u
	LEFT JOIN LATERAL (SELECT id, title, outside FROM tasks WHERE user_id = app_user_id()
		AND due_date = $1::date AND due_time IS NULL AND status = 'todo'
		ORDER BY array_position(ARRAY['low', 'medium', 'high', 'urgent'], priority), id DESC LIMIT 1) t ON true;

---------------------------------------------------------------- recommendations

-- COLUMNS ADVICE = id type source title reasoning finding_id object object_id tool args label outside status feedback

-- STMT_RECOMMENDATION_OF (s) = ADVICE
-- a day's
SELECT id, type, source, title, reasoning, finding_id, object, object_id, action_tool AS tool, action_args AS args,
	action_label AS label, outside, status, coalesce(feedback, '') AS feedback
	FROM recommendations WHERE user_id = app_user_id() AND day = $1::date FOR UPDATE;

-- STMT_RECOMMENDATION_GET (i) = ADVICE
SELECT id, type, source, title, reasoning, finding_id, object, object_id, action_tool AS tool, action_args AS args,
	action_label AS label, outside, status, coalesce(feedback, '') AS feedback
	FROM recommendations WHERE user_id = app_user_id() AND id = $1 FOR UPDATE;

-- STMT_RECOMMENDATION_PAST (s) = type object_id finding_id feedback days told
-- before which day: what was recommended in the last half year, and what was said to it; days: how many before
SELECT type, coalesce(object_id, 0) AS object_id, coalesce(finding_id, 0) AS finding_id,
	coalesce(feedback, '') AS feedback, $1::date - day AS days, told_at IS NOT NULL AS told FROM recommendations
	WHERE user_id = app_user_id() AND day < $1::date AND (day >= $1::date - 183 OR feedback = 'never')
	ORDER BY day DESC LIMIT 400;

-- STMT_RECOMMENDATION_PUT (sssssisiidssssssb) = id
-- day, type, source, title, reasoning, finding or 0, object, its number, n, effect, low, high (or NULL), tier, tool,
-- arguments, label, somebody else's words. One that was not told yet gives way.
INSERT INTO recommendations AS r (day, type, source, title, reasoning, finding_id, object, object_id, n, effect, low,
		high, tier, action_tool, action_args, action_label, outside)
	VALUES ($1::date, $2, $3, $4, $5, nullif($6, 0), $7, nullif($8, 0), nullif($9, 0), nullif($10, 'NaN'),
		$11::double precision, $12::double precision, $13, $14, $15, coalesce($16, ''), $17)
	ON CONFLICT (user_id, day) DO UPDATE SET type = excluded.type, source = excluded.source,
		title = excluded.title, reasoning = excluded.reasoning, finding_id = excluded.finding_id,
		object = excluded.object, object_id = excluded.object_id, n = excluded.n, effect = excluded.effect,
		low = excluded.low, high = excluded.high, tier = excluded.tier, action_tool = excluded.action_tool,
		action_args = excluded.action_args, action_label = excluded.action_label, outside = excluded.outside,
		made_at = app_now()
		WHERE r.told_at IS NULL
	RETURNING id;

-- STMT_RECOMMENDATION_TOLD (i)
UPDATE recommendations SET told_at = coalesce(told_at, app_now()),
	status = CASE status WHEN 'pending' THEN 'read' ELSE status END WHERE user_id = app_user_id() AND id = $1;

-- STMT_RECOMMENDATION_ANSWER (is) = type
-- id, useful | not_now | never. What was applied stays applied.
UPDATE recommendations SET feedback = $2, answered_at = app_now(),
	status = CASE WHEN status = 'applied' THEN status WHEN $2 = 'useful' THEN 'read' ELSE 'dismissed' END
	WHERE user_id = app_user_id() AND id = $1 RETURNING type;

-- STMT_RECOMMENDATION_APPLIED (i)
UPDATE recommendations SET status = 'applied', answered_at = coalesce(answered_at, app_now())
	WHERE user_id = app_user_id() AND id = $1;

-- STMT_RECOMMENDATION_NEVERS (s) = n
-- type: how often the person said never to it
SELECT count(*) AS n FROM recommendations WHERE user_id = app_user_id() AND type = $1 AND feedback = 'never';

-- STMT_RECOMMENDATION_SILENCED () = type
-- kinds that three nevers silenced
SELECT type FROM recommendations WHERE user_id = app_user_id() AND feedback = 'never' GROUP BY type
	HAVING count(*) >= 3 ORDER BY type;

-- STMT_RECOMMENDATION_HEAR (s)
-- type: as if nobody had said never to it
UPDATE recommendations SET feedback = NULL WHERE user_id = app_user_id() AND type = $1 AND feedback = 'never';

---------------------------------------------------------------- what is still missing

-- STMT_INSIGHT_NOTED () = sleep_energy workout_mood energy_tasks tasks posts
-- days that have both, days with tasks, and posts of which is known how they did
SELECT count(*) FILTER (WHERE sleep IS NOT NULL AND energy IS NOT NULL) AS sleep_energy,
	count(*) FILTER (WHERE workout IS NOT NULL AND mood IS NOT NULL) AS workout_mood,
	count(*) FILTER (WHERE energy IS NOT NULL AND tasks_done IS NOT NULL) AS energy_tasks,
	count(*) FILTER (WHERE tasks_done > 0) AS tasks, coalesce(sum(posts) FILTER (WHERE engagement IS NOT NULL), 0)
		AS posts
	FROM metrics WHERE user_id = app_user_id();

-- STMT_INSIGHT_RATES (s) = weekday due done tasks hours
-- from which day: by weekday (0 Monday), what was due on it and done by its end; of all, how many tasks were done, and
-- the median hours from making to doing
SELECT extract(isodow FROM day)::bigint - 1 AS weekday, sum(tasks_due)::bigint AS due,
	sum(least(due_done, tasks_due))::bigint AS done,
	(SELECT count(*) FROM tasks WHERE user_id = app_user_id() AND status = 'done'
		AND completed_at >= $1::timestamp AT TIME ZONE 'UTC') AS tasks,
	(SELECT coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - created_at)), 0)
		/ 3600.0 FROM tasks WHERE user_id = app_user_id() AND status = 'done'
			AND completed_at >= $1::timestamp AT TIME ZONE 'UTC') AS hours
	FROM metrics WHERE user_id = app_user_id() AND day >= $1::date AND tasks_due IS NOT NULL
		AND day < (SELECT (app_now() AT TIME ZONE zone)::date FROM profiles WHERE user_id = app_user_id())
	GROUP BY 1;
