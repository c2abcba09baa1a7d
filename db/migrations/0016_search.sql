-- Search over everything that a person keeps: one row a thing, kept in step by the tables themselves, found by words
-- (Portuguese and English stems, no accents), and by likeness where the words are mistyped.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Both stems of folded words: whoever asks may write in either language.
CREATE FUNCTION search_words(t text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT to_tsvector('pg_catalog.portuguese', fold(t)) || to_tsvector('pg_catalog.english', fold(t)) $$;

CREATE TABLE search_docs (
	user_id bigint NOT NULL DEFAULT app_user_id(),
	kind text NOT NULL,
	ref bigint NOT NULL,
	title text NOT NULL,
	body text NOT NULL,
	day timestamptz NOT NULL,
	words tsvector NOT NULL,
	folded text NOT NULL,
	PRIMARY KEY (user_id, kind, ref)
);
SELECT own_table('search_docs');
CREATE INDEX search_docs_words ON search_docs USING gin (user_id, words);
CREATE INDEX search_docs_folded ON search_docs USING gin (user_id, folded gin_trgm_ops);

CREATE FUNCTION search_put(p_user bigint, p_kind text, p_ref bigint, p_title text, p_body text, p_day timestamptz) RETURNS void LANGUAGE sql AS $$
	INSERT INTO search_docs (user_id, kind, ref, title, body, day, words, folded) VALUES (p_user, p_kind, p_ref, p_title, left(p_body, 5000), p_day,
		setweight(search_words(p_title), 'A') || setweight(search_words(left(p_body, 5000)), 'C'), left(fold(p_title || ' ' || p_body), 2000))
	ON CONFLICT (user_id, kind, ref) DO UPDATE SET title = excluded.title, body = excluded.body, words = excluded.words, folded = excluded.folded
$$;
GRANT EXECUTE ON FUNCTION search_words(text), search_put(bigint, text, bigint, text, text, timestamptz) TO {{app}};

-- On each table that can be searched; the kind and the columns are the trigger's arguments.
CREATE FUNCTION search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	v jsonb;
	v_body text := '';
	i int;
BEGIN
	IF TG_OP = 'DELETE' THEN
		DELETE FROM search_docs WHERE user_id = OLD.user_id AND kind = TG_ARGV[0] AND ref = OLD.id;
		RETURN NULL;
	END IF;
	v := to_jsonb(NEW);
	FOR i IN 2 .. TG_NARGS - 1 LOOP
		v_body := v_body || ' ' || coalesce(v->>TG_ARGV[i], '');
	END LOOP;
	PERFORM search_put(NEW.user_id, TG_ARGV[0], NEW.id, coalesce(v->>TG_ARGV[1], ''), btrim(v_body), NEW.created_at);
	RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION search_follow() TO {{app}};

CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, description, tags OR DELETE ON tasks FOR EACH ROW EXECUTE FUNCTION search_follow('task', 'title', 'description', 'tags');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, text, tags OR DELETE ON notes FOR EACH ROW EXECUTE FUNCTION search_follow('note', 'title', 'text', 'tags');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF content, tags OR DELETE ON inbox_items FOR EACH ROW EXECUTE FUNCTION search_follow('inbox', 'content', 'tags');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF name, description, tags OR DELETE ON projects FOR EACH ROW EXECUTE FUNCTION search_follow('project', 'name', 'description', 'tags');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, text OR DELETE ON project_items FOR EACH ROW EXECUTE FUNCTION search_follow('project_item', 'title', 'text');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF name, company, email, phone, notes, tags OR DELETE ON contacts FOR EACH ROW EXECUTE FUNCTION search_follow('contact', 'name', 'company', 'email', 'phone', 'notes', 'tags');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, text, theme, tags OR DELETE ON content_ideas FOR EACH ROW EXECUTE FUNCTION search_follow('idea', 'title', 'text', 'theme', 'tags');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF title, description, place, attendees OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION search_follow('event', 'title', 'description', 'place', 'attendees');
CREATE TRIGGER search_follow AFTER INSERT OR UPDATE OF text OR DELETE ON reminders FOR EACH ROW EXECUTE FUNCTION search_follow('reminder', 'text');

-- What is there already.
UPDATE tasks SET title = title;
UPDATE notes SET title = title;
UPDATE inbox_items SET content = content;

-- What was said is searched where it is: too much is said for a second copy.
CREATE INDEX interactions_words ON interactions USING gin (user_id, to_tsvector('pg_catalog.simple', fold(text)));

-- The present person's own, best first. A definer, since row security would keep the indexes from being used: words are no
-- leakproof business; the user is named here instead, once for each table. Mistyped words are tried by likeness only when
-- nothing has the words themselves.
CREATE FUNCTION search_find(p_query text, p_kinds text[], p_from timestamptz, p_to timestamptz, p_max int)
RETURNS TABLE (kind text, ref bigint, title text, body text, day timestamptz, total bigint, fuzzy boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
DECLARE
	v_user constant bigint := app_user_id();
	v_folded constant text := fold(p_query);
	v_words constant tsquery := websearch_to_tsquery('pg_catalog.portuguese', v_folded) || websearch_to_tsquery('pg_catalog.english', v_folded);
	v_simple constant tsquery := websearch_to_tsquery('pg_catalog.simple', v_folded);
BEGIN
	RETURN QUERY
	WITH hits AS MATERIALIZED (
		SELECT d.kind, d.ref, d.title, d.body, d.day, ts_rank(d.words, v_words) AS rank FROM (
			SELECT * FROM search_docs s WHERE s.user_id = v_user AND s.words @@ v_words AND (cardinality(p_kinds) = 0 OR s.kind = ANY (p_kinds))
				AND (p_from IS NULL OR s.day >= p_from) AND (p_to IS NULL OR s.day < p_to) LIMIT 200
		) d
		UNION ALL
		SELECT 'said', i.id, '', i.text, i.created_at, 0.01 FROM (
			SELECT * FROM interactions n WHERE n.user_id = v_user AND n.said_by = 'person' AND to_tsvector('pg_catalog.simple', fold(n.text)) @@ v_simple
				AND (cardinality(p_kinds) = 0 OR 'said' = ANY (p_kinds)) AND (p_from IS NULL OR n.created_at >= p_from) AND (p_to IS NULL OR n.created_at < p_to)
				ORDER BY n.id DESC LIMIT 20
		) i
	)
	SELECT h.kind, h.ref, h.title, h.body, h.day, (SELECT count(*) FROM hits), false FROM hits h ORDER BY h.rank DESC, h.day DESC LIMIT p_max;
	IF FOUND OR length(v_folded) < 3 THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT d.kind, d.ref, d.title, d.body, d.day, count(*) OVER (), true FROM (
		SELECT *, word_similarity(v_folded, s.folded) AS near FROM search_docs s WHERE s.user_id = v_user AND v_folded <% s.folded
			AND (cardinality(p_kinds) = 0 OR s.kind = ANY (p_kinds)) AND (p_from IS NULL OR s.day >= p_from) AND (p_to IS NULL OR s.day < p_to) LIMIT 200
	) d ORDER BY d.near DESC, d.day DESC LIMIT p_max;
END $$;
GRANT EXECUTE ON FUNCTION search_find(text, text[], timestamptz, timestamptz, int) TO {{app}};
