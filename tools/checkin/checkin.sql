-- checkin: how a day went. One row for each kind, habit and label of a day.

-- STMT_CHECKIN_PUT (ssssds) = id
-- day, kind, habit or NULL, label, value or NULL, note. A later value takes the place of the earlier one; a note
-- without a value is added to the one that is there, and a value alone leaves the note.
INSERT INTO checkins AS c (day, kind, habit_id, label, value, note)
	VALUES ($1::date, $2, $3::bigint, $4, nullif($5, -1), $6)
	ON CONFLICT (user_id, day, kind, (coalesce(habit_id, 0)), label) DO UPDATE
		SET value = coalesce(excluded.value, c.value), updated_at = app_now(),
		note = left(CASE WHEN excluded.note = '' OR strpos(c.note, excluded.note) > 0 THEN c.note
			WHEN c.note = '' THEN excluded.note
			ELSE c.note || '; ' || excluded.note END, 1000)
	RETURNING id;

-- STMT_CHECKIN_CLEAR (si) = id
-- day, habit: as if it had not been done that day
DELETE FROM checkins WHERE user_id = app_user_id() AND day = $1::date AND kind = 'habit' AND habit_id = $2 RETURNING id;

-- STMT_CHECKIN_DAY (s) = kind label valued value note
-- what is known of a day besides habits
SELECT kind, label, value IS NOT NULL AS valued, coalesce(value, 0) AS value, note FROM checkins
	WHERE user_id = app_user_id() AND day = $1::date AND kind <> 'habit'
	ORDER BY array_position(ARRAY['energy', 'mood', 'sleep', 'workout', 'nutrition', 'custom'], kind), label;
