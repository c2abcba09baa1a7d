/* What an operator relies on: health, metrics, traces, quiet logs, orderly ends, refusals to start. */
#include "core/clock.h"
#include "core/text.h"
#include "db/pg_admin.h"
#include "tests/e2e/talk.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHAT = 800, STOP_MS = 20000 };

static NODISCARD err_t *started(struct test *t, const char *const *pairs, struct product **ret)
{
	ERR(product_new(t, true, pairs, ret));
	return product_start(*ret);
}

/* As the server's superuser: the owner may not end other roles' sessions. */
static NODISCARD err_t *cut_connections(struct product *p)
{
	struct pg_admin *admin;

	ERR(pg_admin_open(p->t->pool, getenv("TEST_DATABASE_URL"), &admin));
	return pg_admin_run(
		admin,
		mem_fmt(p->t->pool,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND usename NOT LIKE '%%_owner'",
			p->db.db));
}

TEST(health_and_readiness)
{
	struct product *p;
	const char *body;
	int status;

	ERR(started(t, NULL, &p));
	ERR(talk_get(p, "/healthz", &status, &body));
	CHECK_INT(status, 200);
	CHECK(strstr(body, "\"status\":\"ok\"") && strstr(body, "\"version\":") && strstr(body, "\"time\":"));
	ERR(talk_get(p, "/readyz", &status, &body));
	CHECK_INT(status, 200);
	/* The database refuses: unready with the reason, alive all the same, and well again by itself. */
	ERR(fixture_sql(&p->db, "ALTER TABLE directory RENAME TO elsewhere"));
	ERR(talk_get(p, "/readyz", &status, &body));
	CHECK_INT(status, 503);
	CHECK(strstr(body, "database"));
	ERR(talk_get(p, "/healthz", &status, &body));
	CHECK_INT(status, 200);
	ERR(talk_get(p, "/metrics", &status, &body));
	CHECK_INT(status, 200);
	ERR(fixture_sql(&p->db, "ALTER TABLE elsewhere RENAME TO directory"));
	ERR(talk_get(p, "/readyz", &status, &body));
	CHECK_INT(status, 200);
	return talk_calm(p);
}

/* All connections die at once, as when the database is restarted: what was on its way arrives, and no process ends. */
TEST(a_restarted_database_loses_nothing)
{
	enum { SAID = 60, CHATS = 3 };
	struct product *p;
	int64_t n;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	for (int i = 0; i < SAID; i++) {
		ERR(talk_say(p, CHAT + i % CHATS, NULL, mem_fmt(t->pool, "/tarefa item%d", i)));
		if (i % 20 == 10)
			ERR(cut_connections(p));
	}
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks", SAID));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(DISTINCT title) FROM tasks", &n));
	CHECK_INT(n, SAID);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM outbox WHERE state = 'sent' AND text LIKE '%item%'",
			&n));
	CHECK_INT(n, SAID);
	return talk_calm(p);
}

/* What dashboards rely on. */
static const char *const names[] = {
	"http_requests_total",
	"http_request_duration_seconds",
	"http_requests_in_progress",
	"updates_received_total",
	"updates_duplicate_total",
	"queue_depth",
	"queue_oldest_seconds",
	"dead_letters_total",
	"gate_decisions_total",
	"turns_total",
	"turn_duration_seconds",
	"llm_requests_total",
	"llm_request_latency_seconds",
	"llm_tokens_total",
	"llm_errors_total",
	"llm_circuit_breaker_state",
	"tool_calls_total",
	"tool_duration_seconds",
	"outbox_depth",
	"outbox_sent_total",
	"outbox_failed_total",
	"reminders_fired_total",
	"reminder_lateness_seconds",
	"job_runs_total",
	"job_duration_seconds",
	"db_pool_wait_seconds",
	"disk_free_bytes",
	"process_cpu_seconds_total",
	"process_resident_memory_bytes",
	"process_open_fds",
};

TEST(every_fixed_metric_is_there)
{
	static const char *const counted[] = {
		"updates_received_total 2",
		"outbox_sent_total 2",
		"tool_calls_total{tool=\"create_task\",result=\"ok\"} 1",
		"gate_decisions_total{gate=\"identity\",decision=\"ALLOW\"} 2",
		"turn_duration_seconds_count 2",
		"dead_letters_total 0",
	};
	struct product *p;
	const char *body;
	int status;

	ERR(started(t, NULL, &p));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa regar as plantas", "regar"));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	ERR(talk_settle(p));
	ERR(talk_get(p, "/metrics", &status, &body));
	CHECK_INT(status, 200);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strstr(body, mem_fmt(t->pool, "# TYPE %s ", names[i])))
			return err_new(ERR_INTERNAL, "no metric \"%s\"", names[i]);
	for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
		if (!strstr(body, counted[i]))
			return err_new(ERR_INTERNAL, "no \"%s\" in %.3000s", counted[i],
				       strstr(body, "# TYPE updates_received"));
	CHECK(!strstr(body, "regar"));
	CHECK(!strstr(body, "=\"800\""));
	return talk_calm(p);
}

/* The code that a person reads to the operator. */
TEST(a_trace_tells_the_story)
{
	static const char *const invite_only[] = { "ACCESS=invite", NULL };
	static const char *const told[] = { "message received", "step",       "create_task", "outbox",
					    "sent: id",         "message_id", "update",      "done" };
	struct product *p;
	const char *trace, *output, *log, *at, *reply;
	int code;

	ERR(product_new(t, true, invite_only, &p));
	ERR(talk_start_owned(p, CHAT));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa engenhoca", "engenhoca"));
	ERR(talk_settle(p));
	ERR(product_log(p, &log));
	at = strstr(log, "\"event\":\"action_executed\"");
	CHECK(at);
	trace = mem_textn(t->pool, strstr(at, "\"trace_id\":\"") + strlen("\"trace_id\":\""), 8);

	const char *args[] = { "trace", trace, NULL };

	ERR(product_command(p, NULL, args, &output, &code));
	CHECK_INT(code, 0);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		if (!strstr(output, told[i]))
			return err_new(ERR_INTERNAL, "no \"%s\" in %s", told[i], output);
	CHECK(!strstr(output, "engenhoca"));
	/* And that of a refusal, as the person hears it. */
	ERR(talk_invite(p, "guest", &reply));
	ERR(talk_expect(p, CHAT + 1, "en", reply, "Which language"));
	ERR(talk_ask(p, CHAT + 1, "en", "/task engenhoca", &reply));
	at = strstr(reply, "(code ");
	CHECK(at);
	args[1] = mem_textn(t->pool, at + strlen("(code "), 8);
	ERR(talk_settle(p));
	ERR(product_command(p, NULL, args, &output, &code));
	CHECK_INT(code, 0);
	CHECK(strstr(output, "DENIED"));
	return talk_calm(p);
}

TEST(nothing_said_is_in_a_log_or_metric)
{
	static const char *const said[] = {
		"/tarefa pirilampo !alta #pirilampo",
		"/nota pirilampo na janela",
		"/notas pirilampo",
		"pirilampo solto",
		"/feito pirilampo",
		"/pirilampo",
		"/tarefas #pirilampo",
		"/inbox pirilampo",
		"/desfazer",
		"/feito pirilampo",
		"/start pirilampo",
	};
	static const char *const pairs[] = { "LOG_LEVEL=debug", NULL };
	struct product *p;
	const char *log, *body;
	int status;

	ERR(started(t, pairs, &p));
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		const char *reply;

		ERR(talk_ask(p, CHAT, NULL, said[i], &reply));
	}
	ERR(talk_raw(
		p,
		"{\"message\":{\"message_id\":9,\"date\":1,\"chat\":{\"id\":800,\"type\":\"private\"},\"from\":{\"id\":800,\"is_bot\":false,"
		"\"first_name\":\"Pirilampo\",\"username\":\"pirilampo\"},\"document\":{\"file_id\":\"pirilampo\",\"file_name\":\"pirilampo.pdf\"}}}"));
	ERR(talk_raw(
		p,
		"{\"message\":{\"message_id\":9,\"date\":1,\"chat\":{\"id\":801,\"type\":\"private\"},\"from\":{\"id\":801,\"is_bot\":false,"
		"\"first_name\":\"Pirilampo\",\"username\":\"pirilampo\"},\"text\":\"/whoami\"}}"));
	ERR(talk_await(p, CHAT + 1, "sendMessage", "Pirilampo", 1));
	ERR(talk_forge(p, CHAT, "t:create_task:title=pirilampo&priority=pirilampo"));
	ERR(talk_forge(p, CHAT, "t:pirilampo:pirilampo"));
	ERR(talk_await(p, CHAT, "sendMessage", "botão é de uma mensagem antiga", 1));
	/* Errors of the database quote rows when they are let. */
	ERR(fixture_sql(&p->db,
			"ALTER TABLE notes ADD CONSTRAINT refuse CHECK (text NOT LIKE '%vagalume%')"));
	ERR(talk_say(p, CHAT, NULL, "/nota vagalume"));
	ERR(talk_await(p, CHAT, "sendMessage", "Algo deu errado", 1));
	ERR(talk_settle(p));
	ERR(product_log(p, &log));
	for (size_t i = 0; i < 2; i++) {
		const char *at = strcasestr(log, i ? "vagalume" : "pirilampo");

		if (at)
			return err_new(ERR_INTERNAL, "in the log: %.300s", at - 200 > log ? at - 200 : log);
	}
	CHECK(strstr(log, "\"event\":\"intent_classified\""));
	ERR(talk_get(p, "/metrics", &status, &body));
	CHECK(!strcasestr(body, "pirilampo") && !strcasestr(body, "vagalume"));
	return NULL; /* not calm: the refused note is a dead letter, as it should be */
}

TEST(an_end_under_load_is_orderly)
{
	enum { CHATS = 20, EACH = 10 };
	static const char *const pairs[] = { "WORKERS=2", NULL };
	struct product *p;
	const char *log;
	int64_t begin, n;
	int code;

	ERR(started(t, pairs, &p));
	for (int i = 0; i < EACH; i++)
		for (int c = 0; c < CHATS; c++)
			ERR(talk_say(p, CHAT + c, NULL, mem_fmt(t->pool, "/tarefa item%d", i)));
	begin = clock_mono_ms();
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	CHECK(clock_mono_ms() - begin < STOP_MS);
	ERR(product_log(p, &log));
	CHECK_INT(product_count(log, "\"drained\":\"yes\""), 4);
	CHECK_INT(product_count(log, "\"event\":\"child_stopped\""), 4);
	ERR(fixture_int(&p->db, "SELECT count(*) FROM chats WHERE lease_until IS NOT NULL", &n));
	CHECK_INT(n, 0);
	ERR(product_start(p));
	ERR(talk_await(p, 0, "sendMessage", mem_fmt(t->pool, "item%d", EACH - 1), CHATS));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks", &n));
	CHECK_INT(n, CHATS * EACH);
	ERR(talk_sent(p, 0, "sendMessage", "item", &code));
	CHECK_INT(code, CHATS * EACH);
	return talk_calm(p);
}

static NODISCARD err_t *refuses_to_start(struct product *p, const char *why)
{
	const char *args[] = { "run", NULL }, *output;
	int code;

	ERR(product_command(p, NULL, args, &output, &code));
	if (code > 0 && strstr(output, why))
		return NULL;
	return err_new(ERR_INTERNAL, "exit %d without \"%s\": %s", code, why, output);
}

static NODISCARD err_t *write_env(struct product *p, const char *text)
{
	const char *path = mem_fmt(p->t->pool, "%s/.env", p->dir);
	FILE *f = fopen(path, "we");

	CHECK(f);
	fputs(text, f);
	fclose(f);
	return NULL;
}

TEST(what_is_wrong_stops_the_start)
{
	static const struct {
		const char *env, *why;
	} cases[] = {
		{ "# a comment\nTELEGRAM_BOT_TOKN=1:a\n", "TELEGRAM_BOT_TOKN" },
		{ "WORKERS=many\n", "WORKERS" },
		{ "WORKERS=0\n", "WORKERS" },
		{ "ACCESS_=open\n", "ACCESS_" },
		{ "PRIVACY_GUARD=maybe\n", "PRIVACY_GUARD" },
		{ "LLM_PROVIDER=hal9000\n", "hal9000" },
		{ "this is no setting\n", ".env" },
	};
	struct product *p;

	ERR(product_new(t, true, NULL, &p));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(write_env(p, cases[i].env));
		ERR(refuses_to_start(p, cases[i].why));
	}
	unlink(mem_fmt(t->pool, "%s/.env", p->dir));
	ERR(fixture_sql(&p->db, "UPDATE schema_migrations SET checksum = 'other' WHERE number = 2"));
	ERR(refuses_to_start(p, "has changed since it was applied"));
	talk_setting(p, "DATABASE_URL=postgresql:///nowhere?host=/nonexistent");
	ERR(refuses_to_start(p, "lembra: "));
	return NULL;
}

/* A second one on the same database, with its own port and log. */
static NODISCARD err_t *sibling(struct product *p, struct product **ret)
{
	struct product *q;

	ERR(product_new(p->t, true, p->pairs, &q));
	q->db = p->db;
	q->s = p->s;
	ERR(product_start(q));
	*ret = q;
	return NULL;
}

TEST(two_at_once_do_no_harm)
{
	enum { EACH = 30 };
	struct product *p, *q;
	int64_t n;
	int status, code;

	ERR(started(t, NULL, &p));
	ERR(sibling(p, &q));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	for (int i = 0; i < EACH; i++) {
		const char *body = mem_fmt(
			t->pool,
			"{\"update_id\":%d,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":800,\"type\":\"private\"},"
			"\"from\":{\"id\":800,\"is_bot\":false,\"first_name\":\"Ana\"},\"text\":\"/tarefa item%02d\"}}",
			100 + i, i);

		for (int k = 0; k < 2; k++) {
			ERR(talk_post((i + k) % 2 ? p : q, body, strlen(body), &status));
			CHECK_INT(status, 200);
		}
	}
	ERR(talk_await(p, CHAT, "sendMessage", mem_fmt(t->pool, "item%02d", EACH - 1), 1));
	ERR(talk_settle(p));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM tasks", &n));
	CHECK_INT(n, EACH);
	ERR(talk_sent(p, CHAT, "sendMessage", "item", &code));
	CHECK_INT(code, EACH);
	/* The end of one is not the end of what the other does. */
	ERR(product_stop(q, &code));
	CHECK_INT(code, 0);
	ERR(talk_calm(q));
	/* The last setWebhook named the sibling's address, so this one by our own hand. */
	const char *last =
		"{\"update_id\":200,\"message\":{\"message_id\":1,\"date\":1,\"chat\":{\"id\":800,\"type\":\"private\"},"
		"\"from\":{\"id\":800,\"is_bot\":false,\"first_name\":\"Ana\"},\"text\":\"/tarefa sozinha\"}}";

	ERR(talk_post(p, last, strlen(last), &status));
	ERR(talk_await(p, CHAT, "sendMessage", "sozinha", 1));
	return talk_calm(p);
}

TEST(a_stuck_update_raises_an_alarm)
{
	struct product *p;
	const char *log;

	ERR(product_new(t, true, NULL, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(product_start(p));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa primeira", "primeira"));
	ERR(talk_settle(p));
	ERR(fixture_sql(&p->db, "BEGIN; SELECT FROM counters FOR UPDATE"));
	ERR(talk_say(p, CHAT, NULL, "/tarefa presa"));
	ERR(talk_await_int(p, "SELECT count(*) FROM chats WHERE lane = 0 AND lease_until IS NOT NULL", 1));
	ERR(talk_clock(p, "2026-03-02T10:00:45Z"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'stuck' AND last_run_at > '2026-03-02T10:00:40Z'",
		1));
	ERR(product_log(p, &log));
	CHECK(!strstr(log, "update_stuck"));
	ERR(talk_clock(p, "2026-03-02T10:02:00Z"));
	ERR(product_await(p, "update_stuck", 1, TALK_MS));
	ERR(fixture_sql(&p->db, "COMMIT"));
	ERR(talk_await(p, CHAT, "sendMessage", "presa", 1));
	return talk_calm(p);
}

TEST(over_the_limit_is_said_and_not_kept)
{
	static const char *const pairs[] = { "RATE_LIMIT_PER_HOUR=3", NULL };
	struct product *p;
	int64_t n;
	int said;

	ERR(product_new(t, true, pairs, &p));
	ERR(talk_clock(p, "2026-03-02T10:00:00Z"));
	ERR(product_start(p));
	for (int i = 0; i < 3; i++)
		ERR(talk_expect(p, CHAT, NULL, "/tarefa dentro", "dentro"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa fora", "Você já mandou 3 mensagens"));
	for (int i = 0; i < 8; i++)
		ERR(talk_say(p, CHAT, NULL, "/tarefa fora"));
	/* What must always work is not counted. */
	ERR(talk_await_int(p, "SELECT n FROM rate_limits WHERE key LIKE 'msg:%'", 12));
	ERR(talk_expect(p, CHAT, NULL, "/status", "acordada"));
	ERR(talk_expect(p, CHAT, NULL, "/stop", "Não estou fazendo nada"));
	ERR(talk_settle(p));
	ERR(talk_sent(p, CHAT, "sendMessage", "Você já mandou", &said));
	CHECK_INT(said, 1);
	ERR(talk_stored(p, "fora", &n));
	CHECK_INT(n, 0);
	ERR(talk_clock(p, "2026-03-02T11:00:01Z"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa de novo", "de novo"));
	return talk_calm(p);
}
