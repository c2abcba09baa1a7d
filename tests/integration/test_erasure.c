/* Erasure against those who write across people, and what is left of somebody who is gone. */
#include "core/clock.h"
#include "db/db.h"
#include "db/people.h"
#include "tests/integration/tool_scene.h"

static NODISCARD err_t *indexed(struct scene *s, int64_t expected)
{
	struct rows *rows;

	ERR(db_exec(s->pool, STMT_SEARCH_INDEX, PG_ARGS(PG_INT(200)), &rows));
	CHECK_INT(rows_int(rows, 0, COL_SEARCH_INDEX_N), expected);
	return NULL;
}

/* An erasure under way: nothing of the person is indexed meanwhile, while others' things are. */
static err_t *play_held(struct scene *s)
{
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"segredo\"}"));
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"outra coisa\"}"));
	ERR(fixture_sql(&s->f, "BEGIN"));
	ERR(fixture_sql(&s->f,
			mem_fmt(s->pool, "SELECT pg_advisory_xact_lock(hashtextextended('erase', %lld))",
				(long long)s->ana)));
	ERR(indexed(s, 1));
	ERR(fixture_sql(&s->f, "COMMIT"));
	CHECK_COUNT(s, "SELECT count(*) FROM search_docs", 1);
	ERR(indexed(s, 1));
	CHECK_COUNT(s, "SELECT count(*) FROM search_docs", 2);
	return NULL;
}

TEST(nothing_is_indexed_of_somebody_who_is_being_erased)
{
	return tool_scene_run(t, play_held);
}

/* Whatever a writer might have left behind, by a race that nobody thought of. */
static err_t *play_swept(struct scene *s)
{
	struct rows *rows;

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"fica\"}"));
	ERR(indexed(s, 1));
	ERR(fixture_sql(
		&s->f,
		"INSERT INTO search_docs (user_id, kind, ref, title, body, day, words, folded) "
		"VALUES (99, 'task', 1, 'segredo', '', now(), '', 'segredo');"
		"INSERT INTO search_todo VALUES (99, 'task', 2);"
		"INSERT INTO interactions (user_id, said_by, text, created_at) VALUES (99, 'person', 'segredo', now())"));
	ERR(db_exec(s->pool, STMT_SWEEP_GONE, PG_ARGS(), &rows));
	CHECK_INT(rows_int(rows, 0, COL_SWEEP_GONE_N), 3);
	CHECK_COUNT(s, "SELECT count(*) FROM search_docs", 1);
	CHECK_COUNT(s, "SELECT count(*) FROM tasks", 1);
	ERR(db_exec(s->pool, STMT_SWEEP_GONE, PG_ARGS(), &rows));
	CHECK_INT(rows_int(rows, 0, COL_SWEEP_GONE_N), 0);
	return NULL;
}

TEST(what_is_left_of_the_gone_is_swept)
{
	return tool_scene_run(t, play_swept);
}

/* The trail's pseudonym cannot be computed from the receipt, which the goodbye holds. */
static err_t *play_pseudonym(struct scene *s)
{
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"a\"}"));
	ERR(fixture_sql(&s->f, mem_fmt(s->pool,
				       "SELECT person_erase(%lld, '0123456789abcdef0123456789abcdef', now())",
				       (long long)s->ana)));
	CHECK_COUNT(s, "SELECT count(DISTINCT user_id) FROM audit_log WHERE user_id < 0", 1);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM audit_log WHERE user_id = -(('x' || '0123456789abcd')::bit(56)::bigint) - 1",
		0);
	CHECK_COUNT(s, "SELECT count(*) FROM audit_log WHERE user_id > 0", 0);
	return NULL;
}

TEST(the_pseudonym_is_drawn)
{
	return tool_scene_run(t, play_pseudonym);
}
