-- features: the daily table.

-- STMT_FEATURES_REFRESH (ss) = refreshed
-- from, to
SELECT metrics_refresh($1::date, $2::date) AS refreshed;

-- STMT_FEATURES_FIRST () = day
SELECT coalesce(min(day)::text, '') AS day FROM metrics WHERE user_id = app_user_id();

-- STMT_FEATURES_MEETINGS (sid)
-- day, how many or below 0, hours
INSERT INTO metrics AS m (day, meetings, meeting_hours)
	SELECT $1::date, nullif($2, -1), CASE WHEN $2 >= 0 THEN $3::double precision END
	WHERE $2 >= 0 OR EXISTS (SELECT FROM metrics WHERE user_id = app_user_id() AND day = $1::date)
	ON CONFLICT (user_id, day) DO UPDATE SET meetings = excluded.meetings, meeting_hours = excluded.meeting_hours,
		updated_at = app_now();

-- STMT_FEATURES_DAYS (s) = line
-- up to which day: each as a line of `lembra insights`, the posts with what is known of them. A timestamp beside a
-- date is no condition that an index may take under row security.
SELECT json_strip_nulls(json_build_object('date', day, 'sleep', sleep, 'energy', energy, 'mood', mood,
	'workout', workout::int, 'tasks_due', tasks_due, 'tasks_done', tasks_done, 'meetings', meetings,
	'hours', (SELECT json_object_agg(at - 1, n) FROM unnest(hours) WITH ORDINALITY h (n, at) WHERE n > 0),
	'posts', (SELECT json_agg(json_build_object('theme', coalesce(nullif(p.theme, ''), i.theme),
			'format', coalesce(nullif(p.format, ''), i.format),
			'hour', extract(hour FROM p.published_at)::int,
			'engagement', coalesce(p.likes, 0) + coalesce(p.comments, 0) + coalesce(p.shares, 0))
			ORDER BY p.published_at)
		FROM content_posts p LEFT JOIN content_ideas i ON i.user_id = p.user_id AND i.id = p.idea_id
		WHERE p.user_id = m.user_id AND p.published_at >= m.day::timestamp
			AND p.published_at < (m.day + 1)::timestamp AND m.posts > 0
			AND coalesce(p.likes, p.comments, p.shares) IS NOT NULL)))::text AS line
	FROM metrics m WHERE user_id = app_user_id() AND day <= $1::date ORDER BY day;

-- STMT_FEATURES_PLANS (si) = due done
-- up to which day, how many: one row a day.
SELECT m.tasks_due AS due, m.due_done AS done FROM generate_series($1::date - $2::int + 1, $1::date,
	interval '1 day') g LEFT JOIN metrics m ON m.user_id = app_user_id() AND m.day = g::date ORDER BY g;

-- STMT_FEATURES_CALENDAR () = known
-- whether anything is known of the person's calendar
SELECT EXISTS (SELECT FROM events WHERE user_id = app_user_id())
	OR EXISTS (SELECT FROM google_calendars WHERE user_id = app_user_id() AND synced_at IS NOT NULL) AS known;
