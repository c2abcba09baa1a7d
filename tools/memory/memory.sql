-- memory: what the person asked to be remembered, after a yes.

-- day: when it was kept, as "2026-11-18"
-- COLUMNS MEMORY = id fact source day

-- STMT_MEMORY_PUT (sss) = MEMORY
-- fact, source, zone: 0 rows when the very same is kept already.
INSERT INTO memories (fact, source) SELECT $1, $2
	WHERE NOT EXISTS (SELECT FROM memories WHERE user_id = app_user_id() AND fold(fact) = fold($1))
	RETURNING id, fact, source, to_char(created_at AT TIME ZONE $3, 'YYYY-MM-DD') AS day;

-- STMT_MEMORY_LIST (sis) = total MEMORY date
-- words ('' = all), page from 1, zone. Each word is somewhere in the fact.
WITH found AS (
	SELECT id, fact, source, created_at FROM memories WHERE user_id = app_user_id()
		AND NOT EXISTS (SELECT FROM regexp_split_to_table(fold($1), '\s+') w WHERE strpos(fold(fact), w) = 0)
), n AS (SELECT count(*) AS total FROM found)
SELECT n.total, id, fact, source, to_char(created_at AT TIME ZONE $3, 'YYYY-MM-DD') AS day,
	to_char(created_at AT TIME ZONE $3, 'DD/MM/YYYY') AS date FROM found, n
	ORDER BY id DESC LIMIT 10 OFFSET (SELECT least($2 - 1, (total - 1) / 10) * 10 FROM n);

-- STMT_MEMORY_FORGET (i) = id fact
DELETE FROM memories WHERE user_id = app_user_id() AND id = $1 RETURNING id, fact;

-- STMT_MEMORY_FORGET_ALL () = n
WITH gone AS (DELETE FROM memories WHERE user_id = app_user_id() RETURNING 1) SELECT count(*) AS n FROM gone;
