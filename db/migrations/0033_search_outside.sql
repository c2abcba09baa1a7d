-- The index of all that can be searched knows too whose words a thing holds; what was said knows it already.

CREATE OR REPLACE VIEW search_source AS
	SELECT user_id, 'task' AS kind, id AS ref, title, description || ' ' || array_to_string(tags, ' ') AS body,
		created_at AS day, outside FROM tasks
	UNION ALL SELECT user_id, 'note', id, title, text || ' ' || array_to_string(tags, ' '), created_at, outside
		FROM notes
	UNION ALL SELECT user_id, 'inbox', id, '', content || ' ' || array_to_string(tags, ' '), created_at, outside
		FROM inbox_items
	UNION ALL SELECT user_id, 'project', id, name, description || ' ' || array_to_string(tags, ' '), created_at,
		false FROM projects
	UNION ALL SELECT user_id, 'project_item', id, title, text, created_at, outside FROM project_items
	UNION ALL SELECT user_id, 'contact', id, name, concat_ws(' ', company, email, phone, notes,
		array_to_string(tags, ' ')), created_at, false FROM contacts
	UNION ALL SELECT user_id, 'idea', id, title, concat_ws(' ', text, theme, array_to_string(tags, ' ')),
		created_at, outside FROM content_ideas
	UNION ALL SELECT user_id, 'event', id, title, concat_ws(' ', description, place, array_to_string(attendees,
		' ')), created_at, outside FROM events
	UNION ALL SELECT user_id, 'reminder', id, text, '', created_at, outside FROM reminders;

-- A mark that comes or goes is followed like the words.
DROP TRIGGER search_follow ON tasks;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, description, tags, outside OR DELETE
	ON tasks FOR EACH ROW EXECUTE FUNCTION search_follow('task');
DROP TRIGGER search_follow ON notes;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, text, tags, outside OR DELETE
	ON notes FOR EACH ROW EXECUTE FUNCTION search_follow('note');
DROP TRIGGER search_follow ON inbox_items;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF content, tags, outside OR DELETE
	ON inbox_items FOR EACH ROW EXECUTE FUNCTION search_follow('inbox');
DROP TRIGGER search_follow ON project_items;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, text, outside OR DELETE
	ON project_items FOR EACH ROW EXECUTE FUNCTION search_follow('project_item');
DROP TRIGGER search_follow ON content_ideas;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, text, theme, tags, outside OR DELETE
	ON content_ideas FOR EACH ROW EXECUTE FUNCTION search_follow('idea');
DROP TRIGGER search_follow ON events;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, description, place, attendees, outside OR DELETE
	ON events FOR EACH ROW EXECUTE FUNCTION search_follow('event');
DROP TRIGGER search_follow ON reminders;
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF text, outside OR DELETE
	ON reminders FOR EACH ROW EXECUTE FUNCTION search_follow('reminder');

-- Indexes up to p_max of what waits, of one person or (NULL) of anybody: how many. It crosses people and gives back a
-- count.
CREATE OR REPLACE FUNCTION search_index(p_user bigint, p_max bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public AS $$
DECLARE
	r record;
	s record;
	v_n bigint := 0;
BEGIN
	-- A statement of its own for one person, so that it goes by the index.
	FOR r IN EXECUTE 'DELETE FROM search_todo t USING (SELECT user_id, kind, ref FROM search_todo '
		|| CASE WHEN p_user IS NULL THEN '' ELSE 'WHERE user_id = $1 ' END
		|| 'LIMIT $2 FOR UPDATE SKIP LOCKED) x '
		|| 'WHERE t.user_id = x.user_id AND t.kind = x.kind AND t.ref = x.ref RETURNING t.*'
		USING p_user, p_max LOOP
		v_n := v_n + 1;
		SELECT * INTO s FROM search_source WHERE user_id = r.user_id AND kind = r.kind AND ref = r.ref;
		IF NOT FOUND THEN
			DELETE FROM search_docs WHERE user_id = r.user_id AND kind = r.kind AND ref = r.ref;
			CONTINUE;
		END IF;
		INSERT INTO search_docs (user_id, kind, ref, title, body, day, words, folded, outside)
			VALUES (r.user_id, r.kind, r.ref, s.title, left(btrim(s.body), 5000), s.day,
			setweight(search_words(s.title), 'A') || setweight(search_words(left(s.body, 5000)), 'C'),
				left(fold(s.title || ' ' || s.body), 2000), s.outside)
		ON CONFLICT (user_id, kind, ref) DO UPDATE SET title = excluded.title, body = excluded.body,
			words = excluded.words, folded = excluded.folded, outside = excluded.outside;
	END LOOP;
	RETURN v_n;
END $$;

-- What is indexed already and marked since.
UPDATE search_docs d SET outside = true FROM search_source s WHERE s.outside AND s.user_id = d.user_id
	AND s.kind = d.kind AND s.ref = d.ref;

-- As before, and whose words each holds. The present person's own, best first. A definer, since row security would keep
-- the
-- indexes from being used: words are no leakproof business; the user is named here instead, once for each table.
-- Mistyped words
-- are tried by likeness only when nothing has the words themselves.
DROP FUNCTION search_find(text, text[], timestamptz, timestamptz, int);
CREATE FUNCTION search_find(p_query text, p_kinds text[], p_from timestamptz, p_to timestamptz, p_max int)
RETURNS TABLE (kind text, ref bigint, title text, body text, day timestamptz, total bigint, fuzzy boolean,
	outside boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_user constant bigint := app_user_id();
	v_folded constant text := fold(p_query);
	v_words constant tsquery := websearch_to_tsquery('pg_catalog.portuguese',
		v_folded) || websearch_to_tsquery('pg_catalog.english', v_folded);
	v_simple constant tsquery := websearch_to_tsquery('pg_catalog.simple', v_folded);
BEGIN
	PERFORM search_index(v_user, 2000);
	RETURN QUERY
	WITH hits AS MATERIALIZED (
		SELECT d.kind, d.ref, d.title, d.body, d.day, ts_rank(d.words, v_words) AS rank, d.outside FROM (
			SELECT * FROM search_docs s WHERE s.user_id = v_user AND s.words @@ v_words
				AND (cardinality(p_kinds) = 0 OR s.kind = ANY (p_kinds))
				AND (p_from IS NULL OR s.day >= p_from) AND (p_to IS NULL OR s.day < p_to) LIMIT 200
		) d
		UNION ALL
		SELECT 'said', i.id, '', i.text, i.created_at, 0.01, i.outside FROM (
			SELECT *
				-- The latest only: an index on all that is said would cost each turn more.
				FROM (
				SELECT * FROM interactions l WHERE l.user_id = v_user AND l.said_by = 'person'
					AND (cardinality(p_kinds) = 0 OR 'said' = ANY (p_kinds))
					AND (p_from IS NULL OR l.created_at >= p_from) AND (p_to IS NULL
						OR l.created_at < p_to) ORDER BY l.id DESC LIMIT 500
			) n WHERE to_tsvector('pg_catalog.simple', fold(n.text)) @@ v_simple LIMIT 20
		) i
	)
	SELECT h.kind, h.ref, h.title, h.body, h.day, (SELECT count(*) FROM hits), false, h.outside FROM hits h
		ORDER BY h.rank DESC, h.day DESC LIMIT p_max;
	IF FOUND OR length(v_folded) < 3 THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT d.kind, d.ref, d.title, d.body, d.day, count(*) OVER (), true, d.outside FROM (
		SELECT *, word_similarity(v_folded, s.folded) AS near FROM search_docs s WHERE s.user_id = v_user
			AND v_folded <% s.folded
			AND (cardinality(p_kinds) = 0 OR s.kind = ANY (p_kinds)) AND (p_from IS NULL
				OR s.day >= p_from) AND (p_to IS NULL OR s.day < p_to) LIMIT 200
	) d ORDER BY d.near DESC, d.day DESC LIMIT p_max;
END $$;
GRANT EXECUTE ON FUNCTION search_find(text, text[], timestamptz, timestamptz, int) TO {{app}};
