/* Row security, keys, rights and functions, proved over the catalogue, so that a new table or function cannot be
 * forgotten. Each claim is a query that lists what breaks it; the last claims' test shows that they can. */
#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include "db/pg_admin.h"
#include "tests/integration/fixture.h"
#include "tests/integration/sample.h"

#include <string.h>

/* The present tables, those with a person's id, and among these the ones people own; the serving roles. */
#define TABLES                                                                                                                                 \
	"WITH tab AS (SELECT c.oid, c.relname AS name, c.relrowsecurity, c.relforcerowsecurity, "                                              \
	"EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'user_id' AND NOT a.attisdropped) AS personal "           \
	"FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')), "                                         \
	"own AS (SELECT * FROM tab WHERE personal AND name NOT IN ('directory', 'jobs', 'job_runs')), "                                        \
	"role AS (SELECT oid, rolname AS name, right(rolname, 4) = '_app' AS app FROM pg_roles WHERE rolname IN ("                             \
	"(SELECT regexp_replace(current_user::text, '_owner$', '_app')), (SELECT regexp_replace(current_user::text, '_owner$', '_queue')))), " \
	"fun AS (SELECT p.* FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "                                                     \
	"AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')) "

static const struct claim {
	const char *name, *sql; /* gives one text: who breaks it */
} claims[] = {
	{ "row security is on and forced, and one policy binds the app on reading and on writing",
	  "SELECT string_agg(name, ',' ORDER BY name) FROM own WHERE NOT relrowsecurity OR NOT relforcerowsecurity OR 1 <> ("
	  "SELECT count(*) FROM pg_policy p, role r WHERE p.polrelid = own.oid AND r.app AND (r.oid = ANY (p.polroles) OR 0 = ANY (p.polroles)) "
	  "AND p.polcmd = '*' AND p.polpermissive AND pg_get_expr(p.polqual, p.polrelid) = '(user_id = app_user_id())' "
	  "AND pg_get_expr(p.polwithcheck, p.polrelid) = '(user_id = app_user_id())') OR 1 <> ("
	  "SELECT count(*) FROM pg_policy p, role r WHERE p.polrelid = own.oid AND r.app AND (r.oid = ANY (p.polroles) OR 0 = ANY (p.polroles)))" },
	{ "a policy lets the owner's migrations and definer functions work",
	  "SELECT string_agg(name, ',' ORDER BY name) FROM own WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = own.oid "
	  "AND (SELECT relowner FROM pg_class WHERE oid = own.oid) = ANY (p.polroles) AND p.polcmd = '*')" },
	{ "the primary key begins with user_id",
	  "SELECT string_agg(name, ',' ORDER BY name) FROM own WHERE NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a "
	  "ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = own.oid AND i.indisprimary AND a.attname = 'user_id')" },
	{ "each foreign key between personal tables carries user_id",
	  "SELECT string_agg(c.conname, ',' ORDER BY c.conname) FROM pg_constraint c JOIN tab a ON a.oid = c.conrelid AND a.personal "
	  "JOIN own b ON b.oid = c.confrelid WHERE c.contype = 'f' AND NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) k(here, there) "
	  "JOIN pg_attribute x ON x.attrelid = c.conrelid AND x.attnum = k.here JOIN pg_attribute y ON y.attrelid = c.confrelid AND y.attnum = k.there "
	  "WHERE x.attname = 'user_id' AND y.attname = 'user_id')" },
	{ "nothing without user_id refers to what people own",
	  "SELECT string_agg(c.conname, ',' ORDER BY c.conname) FROM pg_constraint c JOIN tab a ON a.oid = c.conrelid AND NOT a.personal "
	  "JOIN own b ON b.oid = c.confrelid WHERE c.contype = 'f'" },
	{ "user_id is the present person's by default",
	  "SELECT string_agg(name, ',' ORDER BY name) FROM own WHERE name <> 'users' AND NOT EXISTS (SELECT FROM pg_attrdef d "
	  "JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = own.oid AND a.attname = 'user_id' "
	  "AND a.attnotnull AND pg_get_expr(d.adbin, d.adrelid) = 'app_user_id()')" },
	{ "the app may read all that people own (the export needs it)",
	  "SELECT string_agg(own.name, ',' ORDER BY own.name) FROM own, role WHERE role.app AND NOT has_table_privilege(role.oid, own.oid, 'SELECT')" },
	{ "the app empties no table and touches no other",
	  "SELECT string_agg(tab.name, ',' ORDER BY tab.name) FROM tab, role WHERE role.app AND CASE WHEN tab.oid IN (SELECT oid FROM own) "
	  "THEN has_table_privilege(role.oid, tab.oid, 'TRUNCATE,REFERENCES,TRIGGER') "
	  "ELSE has_table_privilege(role.oid, tab.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER') "
	  "OR has_any_column_privilege(role.oid, tab.oid, 'SELECT,INSERT,UPDATE,REFERENCES') END" },
	{ "the queue touches nothing that people own, and no codes, receipts or migrations",
	  "SELECT string_agg(tab.name, ',' ORDER BY tab.name) FROM tab, role WHERE NOT role.app "
	  "AND (tab.oid IN (SELECT oid FROM own) OR tab.name IN ('pairing_codes', 'erasure_receipts', 'schema_migrations')) "
	  "AND (has_table_privilege(role.oid, tab.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER') "
	  "OR has_any_column_privilege(role.oid, tab.oid, 'SELECT,INSERT,UPDATE,REFERENCES'))" },
	{ "the queue only reads the directory",
	  "SELECT string_agg(tab.name, ',') FROM tab, role WHERE NOT role.app AND tab.name = 'directory' "
	  "AND has_table_privilege(role.oid, tab.oid, 'INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER')" },
	{ "no table is open to everybody",
	  "SELECT string_agg(c.relname, ',' ORDER BY c.relname) FROM pg_class c, aclexplode(c.relacl) x "
	  "WHERE c.relnamespace = 'public'::regnamespace AND x.grantee = 0" },
	{ "the serving roles make nothing: no table that could stand before ours in a definer function's path",
	  "SELECT string_agg(name, ',' ORDER BY name) FROM role WHERE has_schema_privilege(oid, 'public', 'CREATE') "
	  "OR has_database_privilege(oid, current_database(), 'CREATE') OR has_database_privilege(oid, current_database(), 'TEMP')" },
	{ "the serving roles are nobody special and members of nothing",
	  "SELECT string_agg(role.name, ',' ORDER BY role.name) FROM role JOIN pg_roles p USING (oid) WHERE p.rolsuper OR p.rolbypassrls "
	  "OR p.rolcreaterole OR p.rolcreatedb OR p.rolreplication OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = role.oid)" },
	{ "a definer function sets its search path",
	  "SELECT string_agg(proname, ',' ORDER BY proname) FROM fun WHERE prosecdef "
	  "AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%')" },
	{ "no function is everybody's",
	  "SELECT string_agg(proname, ',' ORDER BY proname) FROM fun WHERE EXISTS ("
	  "SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) x WHERE x.grantee = 0)" },
};

static NODISCARD err_t *breakers(struct fixture *f, const struct claim *claim, const char **ret)
{
	return fixture_text(f, mem_fmt(f->pool, TABLES "%s", claim->sql), ret);
}

TEST(claims_hold)
{
	struct fixture f;
	int64_t own, roles;

	ERR(fixture_db(t, &f));
	ERR(fixture_int(&f, TABLES "SELECT count(*) FROM own", &own));
	ERR(fixture_int(&f, TABLES "SELECT count(*) FROM role", &roles));
	CHECK(own >= 13);
	CHECK_INT(roles, 2);
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		const char *who;

		ERR(breakers(&f, &claims[i], &who));
		if (who)
			return err_new(ERR_INTERNAL, "not so: %s: %s", claims[i].name, who);
	}
	return NULL;
}

/* One careless table and function after another: every claim must notice its own. */
TEST(claims_notice)
{
	static const char careless[] =
		"CREATE TABLE careless (id bigint PRIMARY KEY, user_id bigint, task bigint, task_user bigint);"
		"CREATE TABLE aside (id bigint PRIMARY KEY, user_id bigint, u bigint REFERENCES users (user_id));"
		"CREATE TABLE stray (id bigint PRIMARY KEY, u bigint REFERENCES users (user_id));"
		"GRANT TRUNCATE ON tasks TO %s; GRANT SELECT (at) ON erasure_receipts TO %s;"
		"GRANT SELECT ON notes TO %s; GRANT INSERT ON directory TO %s; GRANT SELECT ON stray TO PUBLIC;"
		"GRANT CREATE ON SCHEMA public TO %s; GRANT %s TO %s;"
		"CREATE FUNCTION careless_definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';"
		"GRANT EXECUTE ON FUNCTION careless_definer() TO PUBLIC;";
	const char *app, *queue;
	struct fixture f;

	ERR(fixture_db(t, &f));
	ERR(pg_url_part(t->pool, f.app_url, "user", &app));
	ERR(pg_url_part(t->pool, f.queue_url, "user", &queue));
	ERR(fixture_sql(&f, "BEGIN")); /* roles are the whole server's: nothing of this is kept */
	ERR(fixture_sql(&f, mem_fmt(t->pool, careless, app, app, queue, queue, queue, app, queue)));
	for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
		const char *who;

		ERR(breakers(&f, &claims[i], &who));
		if (!who)
			return err_new(ERR_INTERNAL, "did not notice: %s", claims[i].name);
	}
	return NULL;
}

/* Functions that cross row security, by who may call them: a new one is added here after some thought. */
TEST(definer_functions_are_known)
{
	static const char list[] = TABLES
		"SELECT string_agg(proname, ' ' ORDER BY proname COLLATE \"C\") FROM fun, role WHERE prosecdef AND role.app = %s "
		"AND has_function_privilege(role.oid, fun.oid, 'EXECUTE')";
	const char *app, *queue, *others;
	struct fixture f;

	ERR(fixture_db(t, &f));
	ERR(fixture_text(&f, mem_fmt(t->pool, list, "true"), &app));
	ERR(fixture_text(&f, mem_fmt(t->pool, list, "false"), &queue));
	ERR(fixture_text(
		&f,
		TABLES
		"SELECT string_agg(proname, ' ' ORDER BY proname) FROM fun, role WHERE proname IN ('person_erase', 'person_add', "
		"'person_link', 'person_local', 'own_table', 'undoable_table') AND has_function_privilege(role.oid, fun.oid, 'EXECUTE')",
		&others));
	CHECK_TEXT(
		app,
		"directory_follow export_delivery google_unrotated handover_claim handover_sweep job_at job_done job_drop job_plan mail_out_job metrics_refresh operation_job outbox_put reminder_job routine_who search_find task_hour_job tx_user");
	CHECK_TEXT(
		queue,
		"code_put google_knock handover_put handover_take outbox_release person_blocked person_chat person_leave person_list person_open person_pair person_remove person_role retain search_index session_find sweep_gone");
	CHECK_TEXT(others, NULL);
	return NULL;
}

TEST(audit_trail_is_append_only)
{
	static const char *const acts[] = {
		"UPDATE audit_log SET act = 'x'",
		"UPDATE audit_log SET user_id = -5",
		"DELETE FROM audit_log",
		"TRUNCATE audit_log",
		"SET app.erasing = 'on'; UPDATE audit_log SET user_id = -5, act = 'x'",
		"SET app.erasing = 'on'; UPDATE audit_log SET user_id = -5, result = 'x'",
		"SET app.erasing = 'on'; UPDATE audit_log SET user_id = -5, trace = 'x'",
		"SET app.erasing = 'on'; UPDATE audit_log SET user_id = -5, object_id = 6",
		"SET app.erasing = 'on'; UPDATE audit_log SET user_id = 8",
		"SET app.erasing = 'on'; DELETE FROM audit_log",
	};
	struct fixture f;

	ERR(fixture_db(t, &f));
	ERR(fixture_sql(
		&f,
		"INSERT INTO audit_log (user_id, act, object_id, trace, created_at) VALUES (7, 'a', 9, 'tr', now())"));
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		const char *kept;

		CHECK_ERR(fixture_sql(&f, acts[i]), ERR_DENIED);
		ERR(fixture_text(
			&f, "SELECT concat_ws(' ', user_id, act, object_id, trace, result) FROM audit_log",
			&kept));
		CHECK_TEXT(kept, "7 a 9 tr done");
	}
	return NULL;
}

/* Of the tables of the ground; those of a tool are beside its test. */
SAMPLE(users, NULL)
SAMPLE(profiles, NULL)
SAMPLE(telegram_chats, NULL)
SAMPLE(assistant_logs, "INSERT INTO assistant_logs (kind, name, success) VALUES ('message', '%s', true)")
SAMPLE(audit_log,
       "INSERT INTO audit_log (act, object, object_id) VALUES ('person.role', 'user', app_user_id())")
SAMPLE(counters, "INSERT INTO counters (kind, last) VALUES ('%s', 1)")
SAMPLE(interactions, "INSERT INTO interactions (said_by, text) VALUES ('person', '%s')")
SAMPLE(pending_actions,
       "INSERT INTO pending_actions (id, bot_id, chat_id, tool, args, hash, expires_at) VALUES ('%s', 9, 1, 'x', '{}', 'x', app_now())")
SAMPLE(turn_steps,
       "INSERT INTO turn_steps (bot_id, update_id, step, call, kind, name) VALUES (9, 1, 0, 0, 'call', '%s')")
SAMPLE(undo_log, "INSERT INTO undo_log (ref, act, expires_at) VALUES ('%s', 'x', app_now())")
SAMPLE(undo_rows, "INSERT INTO undo_log (ref, act, expires_at) VALUES ('%1$s 2', 'x', app_now()); "
		  "INSERT INTO undo_rows (ref, table_name) VALUES ('%1$s 2', 'tasks')")
SAMPLE(undo_acts, "INSERT INTO undo_log (ref, act, expires_at) VALUES ('%1$s 3', 'x', app_now()); "
		  "INSERT INTO undo_acts (ref, tool, args) VALUES ('%1$s 3', 'x', '%1$s')")
SAMPLE(operations, "INSERT INTO operations (id, bot_id, chat_id, update_id, step, call, tool, args) VALUES "
		   "('%s', 9, 1, 1, 0, 0, 'x', '{}')")

/* What the service keeps about a person outside the tables they own, as the owner of the database: user, login. */
static const char around[] =
	"INSERT INTO updates (bot_id, update_id, chat_id, kind, trace, received_at) VALUES (9, %2$lld, %2$lld, 'message', 't', now());"
	"INSERT INTO queue (bot_id, chat_id, lane, update_id, kind) VALUES (9, %2$lld, 0, %2$lld, 'message');"
	"INSERT INTO chats (bot_id, chat_id, lane) VALUES (9, %2$lld, 0);"
	"INSERT INTO outbox (bot_id, chat_id, dedupe, method, class, created_at) VALUES (9, %2$lld, '%2$lld', 'send', 'reply', now());"
	"INSERT INTO jobs (kind, user_id, run_at) VALUES ('x', %1$lld, now());"
	"INSERT INTO job_runs (kind, user_id, occurrence, due_at, first_at, last_at) VALUES ('x', %1$lld, '2026-11-21', now(), now(), now());"
	"INSERT INTO strangers VALUES (%2$lld, '2026-11-21', 1);"
	"INSERT INTO rate_limits VALUES ('pair:%2$lld', now(), 1), ('hour:%1$lld', now(), 1);";
static const char *const around_parts[] = { "chats", "directory",   "job_runs",  "jobs",   "outbox",
					    "queue", "rate_limits", "strangers", "updates" };

/* Numbers that stand for nothing else in the database, and words that only one of the two used. */
struct soul {
	long long user, login;
	const char *words;
};
static const struct soul ana = { 7000001, 8000001, "words of ana" },
			 bia = { 7000002, 8000002, "words of bia" };

struct scene {
	struct fixture f;
	apr_pool_t *pool;
	struct pg_admin *app; /* as the app role, with nobody's id until become() */
	struct rows *own;     /* names of the tables people own */
};

static NODISCARD err_t *become(struct scene *s, const struct soul *who)
{
	return pg_admin_run(
		s->app,
		mem_fmt(s->pool,
			"SELECT set_config('app.user_id', '%s', false), set_config('app.now', '1795000000000000', false)",
			who ? mem_fmt(s->pool, "%lld", who->user) : ""));
}

static const struct sample *sample_of(const char *table)
{
	for (const struct sample *const *s = samples_all; *s; s++)
		if (text_same((*s)->table, table))
			return *s;
	return NULL;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static NODISCARD err_t *live(struct scene *s, const struct soul *who)
{
	ERR(fixture_sql(&s->f, mem_fmt(s->pool, "SELECT person_add('user', %lld, 9, '%s', 'x', 'en', now())",
				       who->login, who->words)));
	ERR(fixture_sql(&s->f, mem_fmt(s->pool, around, who->user, who->login)));
	ERR(become(s, who));
	for (int i = 0; i < rows_count(s->own); i++) {
		const struct sample *sample = sample_of(rows_text(s->own, i, 0));

		if (!sample)
			return err_new(ERR_INTERNAL, "no SAMPLE(%s, ...) beside a test",
				       rows_text(s->own, i, 0));
		if (sample->sql)
			ERR(pg_admin_run(s->app, mem_fmt(s->pool, sample->sql, who->words)));
	}
	return become(s, NULL);
}
#pragma GCC diagnostic pop

/* Ana and Bia, each with a row in every table. */
static NODISCARD err_t *scene_open(struct test *t, struct scene *s)
{
	int samples = 0;

	s->pool = t->pool;
	ERR(fixture_db(t, &s->f));
	ERR(pg_admin_open(t->pool, s->f.app_url, &s->app));
	ERR(pg_admin_query(s->f.admin, t->pool, TABLES "SELECT name FROM own ORDER BY name", 0, NULL,
			   &s->own));
	for (const struct sample *const *sample = samples_all; *sample; sample++)
		samples++;
	CHECK_INT(rows_count(s->own), samples);
	ERR(fixture_sql(&s->f,
			mem_fmt(t->pool, "ALTER TABLE users ALTER user_id RESTART WITH %lld", ana.user)));
	ERR(live(s, &ana));
	return live(s, &bia);
}

static NODISCARD err_t *app_int(struct scene *s, const char *sql, int64_t *ret)
{
	struct rows *rows;

	ERR(pg_admin_query(s->app, s->pool, sql, 0, NULL, &rows));
	*ret = rows_int(rows, 0, 0);
	return NULL;
}

/* Refused by a right or by row security, and by nothing else. */
static NODISCARD err_t *refused(struct scene *s, const char *sql)
{
	err_t *err = pg_admin_run(s->app, sql);

	if (!err || !strstr(err_message(err), "42501"))
		return err ? err_wrap(err, "refused otherwise: %s", sql)
			   : err_new(ERR_INTERNAL, "not refused: %s", sql);
	err_clear(err);
	return NULL;
}

/* Zero rows, or no right to try. */
static NODISCARD err_t *harmless(struct scene *s, const char *table, const char *right, const char *sql)
{
	int64_t may, n;

	ERR(app_int(s, mem_fmt(s->pool, "SELECT has_table_privilege('%s', '%s')::int", table, right), &may));
	if (!may)
		return refused(s, sql);
	ERR(app_int(s, mem_fmt(s->pool, "WITH x AS (%s RETURNING 1) SELECT count(*) FROM x", sql), &n));
	if (n)
		return err_new(ERR_INTERNAL, "reached another's row: %s", sql);
	return NULL;
}

static NODISCARD err_t *check_apart(struct scene *s, const char *table)
{
	int64_t all, mine, may;
	const char *columns, *column;

	ERR(become(s, &ana));
	ERR(app_int(s, mem_fmt(s->pool, "SELECT count(*) FROM %s", table), &all));
	ERR(app_int(s, mem_fmt(s->pool, "SELECT count(*) FROM %s WHERE user_id = %lld", table, ana.user),
		    &mine));
	if (all != mine || !mine)
		return err_new(ERR_INTERNAL, "\"%s\": %lld rows seen, %lld own", table, (long long)all,
			       (long long)mine);
	ERR(fixture_text(
		&s->f,
		mem_fmt(s->pool,
			"SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0 "
			"AND NOT attisdropped AND attidentity = '' AND attgenerated = '' AND attname <> 'user_id' LIMIT 1",
			table),
		&column));
	ERR(harmless(s, table, "UPDATE",
		     mem_fmt(s->pool, "UPDATE %1$s SET %2$s = %2$s WHERE user_id = %3$lld", table, column,
			     bia.user)));
	ERR(harmless(s, table, "DELETE",
		     mem_fmt(s->pool, "DELETE FROM %s WHERE user_id = %lld", table, bia.user)));
	ERR(app_int(s, mem_fmt(s->pool, "SELECT has_table_privilege('%s', 'UPDATE')::int", table), &may));
	if (may)
		ERR(refused(s, mem_fmt(s->pool, "UPDATE %s SET user_id = %lld", table, bia.user)));
	ERR(fixture_text(
		&s->f,
		mem_fmt(s->pool,
			"SELECT string_agg(quote_ident(attname), ',') FROM pg_attribute WHERE attrelid = '%s'::regclass "
			"AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
			table),
		&columns));
	ERR(refused(
		s,
		mem_fmt(s->pool,
			"INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, "
			"(SELECT to_jsonb(t) || '{\"user_id\": %3$lld}' FROM %1$s t LIMIT 1))",
			table, columns, bia.user)));
	ERR(become(s, NULL));
	ERR(app_int(s, mem_fmt(s->pool, "SELECT count(*) FROM %s", table), &all));
	CHECK_INT(all, 0);
	return NULL;
}

TEST(two_people_stay_apart)
{
	struct scene s;

	ERR(scene_open(t, &s));
	for (int i = 0; i < rows_count(s.own); i++)
		ERR(check_apart(&s, rows_text(s.own, i, 0)));
	return NULL;
}

/* Tables that hold anything of who, with how many such rows; and those rows' digest. */
static NODISCARD err_t *traces_of(struct scene *s, const struct soul *who, int *ret_tables,
				  const char **ret_digest)
{
	struct buf all = buf_new(s->pool, 65536);
	struct rows *tables, *found;

	*ret_tables = 0;
	ERR(pg_admin_query(s->f.admin, s->pool, TABLES "SELECT name FROM tab ORDER BY name", 0, NULL,
			   &tables));
	for (int i = 0; i < rows_count(tables); i++) {
		ERR(pg_admin_query(
			s->f.admin, s->pool,
			mem_fmt(s->pool,
				"SELECT count(*), string_agg(md5(to_jsonb(t)::text), ',' ORDER BY to_jsonb(t)) FROM %s t "
				"WHERE to_jsonb(t)::text ~ '(^|[^0-9])(%lld|%lld)($|[^0-9])|%s'",
				rows_text(tables, i, 0), who->user, who->login, who->words),
			0, NULL, &found));
		if (rows_int(found, 0, 0))
			buf_fmt(&all, "%s: %s\n", rows_text(tables, i, 0), rows_text(found, 0, 1));
		*ret_tables += rows_int(found, 0, 0) > 0;
	}
	*ret_digest = all.p ? all.p : "";
	return NULL;
}

TEST(erasure_leaves_nothing)
{
	const char *of_ana, *of_bia, *after;
	int64_t trail, kept, erased;
	struct scene s;
	int tables;

	ERR(scene_open(t, &s));
	ERR(traces_of(&s, &ana, &tables, &of_ana));
	CHECK_INT(tables, rows_count(s.own) + (int)(sizeof around_parts / sizeof *around_parts));
	ERR(traces_of(&s, &bia, &tables, &of_bia));
	ERR(fixture_int(&s.f, "SELECT count(*) FROM audit_log", &trail));
	ERR(fixture_int(&s.f,
			mem_fmt(t->pool, "SELECT person_erase(%lld, '%s', now())", ana.user,
				crypt_random_hex(t->pool, 16)),
			&erased));
	CHECK(erased >= rows_count(s.own));
	ERR(traces_of(&s, &ana, &tables, &after));
	CHECK_TEXT(after, "");
	ERR(traces_of(&s, &bia, &tables, &after));
	CHECK_TEXT(after, of_bia);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM audit_log WHERE user_id < 0", &kept));
	CHECK_INT(kept, 1);
	ERR(fixture_int(&s.f, "SELECT count(*) FROM audit_log", &kept));
	CHECK_INT(kept, trail);
	return NULL;
}

/* Each part is named once, without a body, right before its rows. */
static NODISCARD err_t *check_parts(struct scene *s, const struct rows *rows)
{
	const char *open = "", *seen = "";

	for (int i = 0; i < rows_count(rows); i++) {
		const char *part = rows_text(rows, i, COL_EXPORT_PART),
			   *word = mem_fmt(s->pool, " %s ", part);

		if (!rows_null(rows, i, COL_EXPORT_BODY)) {
			CHECK_TEXT(part, open);
			continue;
		}
		CHECK(!strstr(seen, word));
		seen = mem_fmt(s->pool, "%s%s", seen, word);
		open = part;
	}
	return NULL;
}

/* Rows with a body under this part. */
static int part_rows(const struct rows *rows, const char *part)
{
	int n = 0;

	for (int i = 0; i < rows_count(rows); i++)
		n += text_same(rows_text(rows, i, COL_EXPORT_PART), part) &&
		     !rows_null(rows, i, COL_EXPORT_BODY);
	return n;
}

static NODISCARD err_t *check_export(struct scene *s, const struct rows *rows)
{
	const char *other = mem_fmt(s->pool, "%lld", bia.user), *login = mem_fmt(s->pool, "%lld", bia.login);

	ERR(check_parts(s, rows));
	for (int i = 0; i < rows_count(s->own); i++)
		if (!part_rows(rows, rows_text(s->own, i, 0)))
			return err_new(ERR_INTERNAL, "not exported: %s", rows_text(s->own, i, 0));
	for (size_t i = 0; i < sizeof around_parts / sizeof *around_parts; i++)
		if (!part_rows(rows, around_parts[i]))
			return err_new(ERR_INTERNAL, "not exported: %s", around_parts[i]);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *body = rows_text(rows, i, COL_EXPORT_BODY);

		CHECK(!strstr(body, other) && !strstr(body, login) && !strstr(body, bia.words));
	}
	return NULL;
}

TEST(export_covers_every_table)
{
	struct rows *rows;
	struct scene s;

	ERR(scene_open(t, &s));
	ERR(become(&s, &ana));
	ERR(pg_admin_exec(s.app, t->pool, STMT_EXPORT, PG_ARGS(), &rows));
	ERR(check_export(&s, rows));
	/* Nor does it tell of others where row security binds no one. */
	ERR(fixture_sql(&s.f, mem_fmt(t->pool, "SELECT set_config('app.user_id', '%lld', false)", ana.user)));
	ERR(pg_admin_exec(s.f.admin, t->pool, STMT_EXPORT, PG_ARGS(), &rows));
	ERR(check_export(&s, rows));
	ERR(become(&s, NULL));
	ERR(pg_admin_exec(s.app, t->pool, STMT_EXPORT, PG_ARGS(), &rows));
	for (int i = 0; i < rows_count(rows); i++)
		CHECK(rows_null(rows, i, COL_EXPORT_BODY));
	return NULL;
}

/* Parses the statement and starts it under EXPLAIN, which checks every right it needs and runs nothing. */
static NODISCARD err_t *allowed(struct test *t, struct pg_admin *who, enum stmt_id id, bool *ret)
{
	struct buf sql = buf_new(t->pool, 4096);
	err_t *err;

	ERR(pg_admin_prepare(who, id));
	buf_fmt(&sql, "EXPLAIN EXECUTE %s", stmts[id].name);
	for (size_t i = 0; stmts[id].types[i]; i++)
		buf_text(&sql, i ? ", NULL" : " (NULL");
	buf_text(&sql, *stmts[id].types ? ")" : "");
	err = pg_admin_run(who, sql.p);
	*ret = !err;
	if (err && !strstr(err_message(err), "42501"))
		return err_wrap(err, "%s", stmts[id].name);
	err_clear(err);
	return NULL;
}

/* The columns that its head declares are those that the server gives: the COL_ constants count them. */
static NODISCARD err_t *check_columns(struct test *t, struct pg_admin *admin, enum stmt_id id)
{
	const char *columns;

	ERR(pg_admin_columns(admin, t->pool, id, &columns));
	if (!text_same(columns, stmts[id].columns))
		return err_new(ERR_INTERNAL, "%s declares \"%s\" and gives \"%s\"", stmts[id].name,
			       stmts[id].columns, columns);
	return NULL;
}

/* Each statement of the .sql files is sound, and may be run by a serving role but for the few of the owner. */
TEST(statements_fit_schema_and_rights)
{
	struct buf owners = buf_new(t->pool, 4096);
	struct pg_admin *who[2];
	struct fixture f;

	ERR(fixture_db(t, &f));
	ERR(pg_admin_open(t->pool, f.app_url, &who[0]));
	ERR(pg_admin_open(t->pool, f.queue_url, &who[1]));
	for (enum stmt_id id = 0; id < STMT_COUNT; id++) {
		bool app, queue, owner;

		if (id == STMT_TX_BEGIN || id == STMT_TX_COMMIT)
			continue; /* not for EXPLAIN */
		ERR(allowed(t, f.admin, id, &owner));
		ERR(check_columns(t, f.admin, id));
		ERR(allowed(t, who[0], id, &app));
		ERR(allowed(t, who[1], id, &queue));
		CHECK(owner);
		if (!app && !queue)
			buf_fmt(&owners, "%s ", stmts[id].name);
	}
	CHECK_TEXT(owners.p, "stmt_trace_find stmt_trace_story stmt_owner_code ");
	return NULL;
}
