/* Sessions and handed-over requests, as the database keeps them. */
#include "core/crypt.h"
#include "db/db.h"
#include "db/handover.h"
#include "db/pg_admin.h"
#include "db/session.h"
#include "tests/integration/fixture.h"
#include "tests/integration/sample.h"

#include <string.h>

SAMPLE(web_sessions, "INSERT INTO web_sessions (hash, expires_at) VALUES (sha256('%s'), app_now())")
SAMPLE(handovers, "INSERT INTO handovers (ticket, call, expires_at) VALUES ('%s', 'x', app_now())")

struct scene {
	struct fixture f;
	apr_pool_t *pool;
	int64_t ana, bia;
};

static err_t *with_req(int64_t user_id, struct req **ret)
{
	*ret = req_begin(NULL);
	(*ret)->user_id = user_id;
	return NULL;
}

static err_t *make_session(struct scene *s, int64_t user_id, int64_t life_s, const char **ret_token)
{
	struct req *req;
	struct tx *tx;
	err_t *err;

	ERR(with_req(user_id, &req));
	ERR(tx_begin_user(req, &tx));
	err = tx_end(tx, session_new(tx, life_s, ret_token));
	*ret_token = mem_text(s->pool, *ret_token);
	req_end(req);
	return err;
}

static err_t *answer(const struct handover *h, const char *text)
{
	struct handover_answer a = { .status = 200, .type = "text/plain", .body = { text, strlen(text) } };
	struct req *req;
	struct tx *tx;
	err_t *err;

	ERR(with_req(h->user_id, &req));
	ERR(tx_begin_user(req, &tx));
	err = tx_end(tx, handover_answer(tx, h->id, &a));
	req_end(req);
	return err;
}

static err_t *put(struct scene *s, const char *token, int64_t ms, const char **ret_ticket,
		  enum handover_outcome *ret)
{
	struct handover h = { .call = "x", .params = "[\"1\"]", .query = "a=%00", .trace = "t" };

	*ret_ticket = h.ticket = crypt_random_hex(s->pool, HANDOVER_TICKET / 2);
	h.body = (struct bytes){ "\0\xff", 2 };
	return handover_put(s->pool, &h, token, ms, ret);
}

static struct scene scene;

static err_t *run(struct test *t, err_t *(*play)(void *))
{
	struct config *config;

	scene = (struct scene){ .pool = t->pool };
	ERR(fixture_db(t, &scene.f));
	ERR(fixture_config(&scene.f, NULL, &config));
	ERR(fixture_int(&scene.f, "SELECT person_add('user', 42, 9, 'x', 'x', 'en', now())", &scene.ana));
	ERR(fixture_int(&scene.f, "SELECT person_add('admin', 43, 9, 'x', 'x', 'pt-BR', now())", &scene.bia));
	db_open(t->pool, config, DB_QUEUE | DB_APP);
	ERR(fixture_loop(play, &scene));
	db_close();
	return NULL;
}

static err_t *play_sessions(void *ctx)
{
	struct scene *s = ctx;
	struct session_person who;
	const char *token, *old;
	int64_t n;

	ERR(make_session(s, s->ana, 60, &token));
	CHECK_INT(strlen(token), SESSION_TOKEN);
	ERR(session_find(s->pool, token, &who));
	CHECK_INT(who.user_id, s->ana);
	CHECK_TEXT(who.role, "user");
	CHECK_TEXT(who.lang, "en");
	CHECK_TEXT(who.zone, "America/Sao_Paulo");
	ERR(fixture_int(&s->f,
			mem_fmt(s->pool,
				"SELECT count(*) FROM web_sessions w WHERE to_jsonb(w)::text LIKE '%%%s%%'",
				token),
			&n));
	CHECK_INT(n, 0); /* only its hash is kept */
	ERR(session_find(s->pool, mem_fmt(s->pool, "%.63s%c", token, token[63] == '0' ? '1' : '0'), &who));
	CHECK_INT(who.user_id, 0);
	ERR(make_session(s, s->bia, 0, &old));
	ERR(session_find(s->pool, old, &who));
	CHECK_INT(who.user_id, 0);
	ERR(handover_sweep(s->pool));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM web_sessions", &n));
	CHECK_INT(n, 1);
	ERR(fixture_sql(&s->f, mem_fmt(s->pool, "SELECT person_erase(%lld, 'a1b2c3d4e5f6a7b8', now())",
				       (long long)s->ana)));
	ERR(session_find(s->pool, token, &who));
	CHECK_INT(who.user_id, 0);
	return NULL;
}

TEST(a_session_is_known_by_its_hash_until_it_runs_out)
{
	return run(t, play_sessions);
}

static err_t *play_round(void *ctx)
{
	struct scene *s = ctx;
	struct handover_answer a;
	enum handover_outcome outcome;
	const char *token, *ticket;
	struct handover *list;
	bool answered;
	size_t n;

	ERR(make_session(s, s->bia, 60, &token));
	ERR(put(s, token, 5000, &ticket, &outcome));
	CHECK_INT(outcome, HANDOVER_OK);
	ERR(handover_take(s->pool, ticket, false, &answered, &a));
	CHECK(!answered);
	ERR(handover_claim(s->pool, 10, &n, &list));
	CHECK_INT(n, 1);
	CHECK_INT(list->user_id, s->bia);
	CHECK_TEXT(list->call, "x");
	CHECK_TEXT(list->params, "[\"1\"]");
	CHECK_TEXT(list->query, "a=%00");
	CHECK_TEXT(list->role, "admin");
	CHECK_TEXT(list->lang, "pt-BR");
	CHECK(list->session_id > 0 && list->body.n == 2 && memcmp(list->body.p, "\0\xff", 2) == 0);
	struct handover first = *list;
	ERR(handover_claim(s->pool, 10, &n, &list));
	CHECK_INT(n, 0); /* once and never again */
	/* Nobody else's: row security lets another person answer nothing. */
	struct handover forged = first;
	forged.user_id = s->ana;
	CHECK_ERR(answer(&forged, "forged"), ERR_CANCELLED);
	ERR(answer(&first, "done"));
	CHECK_ERR(answer(&first, "again"), ERR_CANCELLED);
	ERR(handover_take(s->pool, mem_fmt(s->pool, "%.16s%048d", ticket, 0), false, &answered, &a));
	CHECK(!answered); /* the part that is told to everybody opens nothing */
	ERR(handover_take(s->pool, ticket, false, &answered, &a));
	CHECK(answered && a.status == 200 && !a.error);
	CHECK_TEXT(a.body.p, "done");
	ERR(handover_take(s->pool, ticket, true, &answered, &a));
	CHECK(!answered);
	return NULL;
}

TEST(a_request_goes_there_and_back_once)
{
	return run(t, play_round);
}

static err_t *play_refused(void *ctx)
{
	struct scene *s = ctx;
	struct handover_answer a;
	enum handover_outcome outcome;
	const char *token, *ended, *ticket;
	struct handover *list;
	bool answered;
	int64_t left;
	size_t n;

	ERR(make_session(s, s->ana, 60, &token));
	ERR(make_session(s, s->bia, 0, &ended));
	ERR(put(s, ended, 5000, &ticket, &outcome));
	CHECK_INT(outcome, HANDOVER_NOBODY);
	ERR(put(s, "", 5000, &ticket, &outcome));
	CHECK_INT(outcome, HANDOVER_NOBODY);
	ERR(put(s, token, 0, &ticket, &outcome)); /* too old at once */
	ERR(handover_claim(s->pool, 10, &n, &list));
	CHECK_INT(n, 0);
	ERR(put(s, token, 5000, &ticket, &outcome));
	ERR(handover_claim(s->pool, 10, &n, &list));
	CHECK_INT(n, 1);
	ERR(handover_take(s->pool, ticket, true, &answered, &a)); /* its asker has given up */
	CHECK(!answered);
	CHECK_ERR(answer(list, "late"), ERR_CANCELLED);
	for (int i = 0; i < 16; i++) {
		ERR(put(s, token, 5000, &ticket, &outcome));
		CHECK_INT(outcome, HANDOVER_OK);
	}
	ERR(put(s, token, 5000, &ticket, &outcome));
	CHECK_INT(outcome, HANDOVER_BUSY);
	ERR(fixture_sql(&s->f, "UPDATE handovers SET expires_at = clock_timestamp() - interval '2 minutes'"));
	ERR(handover_sweep(s->pool));
	ERR(fixture_int(&s->f, "SELECT count(*) FROM handovers", &left));
	CHECK_INT(left, 0);
	return NULL;
}

TEST(what_nobody_waits_for_is_not_done)
{
	return run(t, play_refused);
}

static err_t *refused(struct pg_admin *who, const char *sql)
{
	err_t *err = pg_admin_run(who, sql);

	if (!err || !strstr(err_message(err), "42501"))
		return err ? err_wrap(err, "%s", sql) : err_new(ERR_INTERNAL, "not refused: %s", sql);
	err_clear(err);
	return NULL;
}

/* What a web process that was taken over can do with its own role: nothing without a token or a ticket. */
TEST(the_role_of_the_web_process_sees_no_session_and_no_request)
{
	static const char *const acts[] = {
		"SELECT * FROM web_sessions",
		"SELECT hash FROM web_sessions",
		"INSERT INTO web_sessions (user_id, hash, expires_at) VALUES (1, sha256('x'), now())",
		"SELECT ticket FROM handovers",
		"UPDATE handovers SET user_id = 1",
		"DELETE FROM handovers",
		"INSERT INTO handovers (user_id, ticket, call, expires_at) VALUES (1, 'x', 'me', now())",
		"SELECT handover_claim(10)",
		"SELECT handover_sweep()",
		"SELECT tx_user(1, 0, '', '')",
	};
	struct pg_admin *queue;
	struct fixture f;

	ERR(fixture_db(t, &f));
	ERR(pg_admin_open(t->pool, f.queue_url, &queue));
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		ERR(refused(queue, acts[i]));
	return NULL;
}
