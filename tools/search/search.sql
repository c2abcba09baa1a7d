-- search: over everything that the person keeps.

-- STMT_SEARCH_ALL (sSttis) = kind ref title body day iso total fuzzy outside
-- words, kinds (none = all), from, to (or NULL), how many, zone
SELECT kind, ref, title, body, to_char(day AT TIME ZONE $6, 'DD/MM/YYYY') AS day,
	to_char(day AT TIME ZONE $6, 'YYYY-MM-DD') AS iso, total, fuzzy, outside
	FROM search_find($1, $2, $3, $4, $5::int);
