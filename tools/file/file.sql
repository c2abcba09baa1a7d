-- file: files at Google Drive, as they were shown, and what of ours is saved there.

-- STMT_FILE_SEEN (isssb) = id
-- account, Google's id, name, type, whether somebody else made it: its number here, the same as before where it had
-- one.
WITH old AS (
	DELETE FROM files_seen WHERE user_id = app_user_id() AND seen_at < app_now() - interval '7 days'
		AND (account_id, file) <> ($1, $2)
)
INSERT INTO files_seen (account_id, file, name, type, outside) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (user_id, account_id, file) DO UPDATE SET name = excluded.name, type = excluded.type,
		outside = excluded.outside, seen_at = excluded.seen_at
	RETURNING id;

-- STMT_FILE_GET (i) = account_id file
SELECT account_id, file FROM files_seen WHERE user_id = app_user_id() AND id = $1;

-- STMT_FILE_NOTES () = title text date
-- All notes, for a file of them.
SELECT title, text, to_char(created_at, 'YYYY-MM-DD') AS date FROM notes WHERE user_id = app_user_id()
	ORDER BY pinned DESC, id DESC LIMIT 5000;

-- STMT_FILE_TASKS () = title status due priority
-- All tasks, for a table of them.
SELECT title, status, coalesce(due_date::text, '') AS due, priority FROM tasks WHERE user_id = app_user_id()
	ORDER BY id LIMIT 20000;
