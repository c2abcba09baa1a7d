/* The jobs of people with the real scheduler: tidied at night by their own wall, once, whoever is killed. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <signal.h>

enum { CHAT = 931, PEOPLE = 40 };

static NODISCARD err_t *started(struct test *t, const char *clock, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, clock));
	ERR(product_start(*ret));
	return talk_expect(*ret, CHAT, NULL, "/tarefa comprar leite", "comprar leite");
}

static NODISCARD err_t *stopped(struct product *p)
{
	int code;

	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

static NODISCARD err_t *ended(struct product *p)
{
	ERR(talk_calm(p));
	return stopped(p);
}

TEST(what_can_no_longer_be_undone_goes_at_night)
{
	struct product *p;

	ERR(started(t, "2026-11-23T12:00:00Z", &p)); /* 09:00 in São Paulo */
	ERR(talk_await_int(p, "SELECT count(*) FROM undo_log", 1));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-24 06:30Z'",
			   1));
	ERR(talk_clock(p, "2026-11-24T06:29:58Z"));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM job_runs WHERE kind = 'tidy' AND occurrence = '2026-11-24' AND state = 'done'",
		1));
	ERR(talk_await_int(p, "SELECT count(*) FROM undo_log", 1)); /* it is not a day old */
	ERR(talk_clock(p, "2026-11-25T06:30:01Z"));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM job_runs WHERE kind = 'tidy' AND occurrence = '2026-11-25' AND state = 'done'",
		1));
	ERR(talk_await_int(p, "SELECT count(*) FROM undo_log", 0));
	ERR(talk_await_int(p, "SELECT count(*) FROM undo_rows", 0));
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks", 1));
	return ended(p);
}

TEST(the_person_moves_and_the_night_with_them)
{
	struct product *p;

	ERR(started(t, "2026-11-23T12:00:00Z", &p));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-24 06:30Z'",
			   1));
	ERR(talk_expect(p, CHAT, NULL, "/config Lisboa", "horário de Lisboa"));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-24 03:30Z'",
			   1));
	return ended(p);
}

/* The night's transaction waits for a lock of ours: it is in the middle of its effect. */
static NODISCARD err_t *caught(struct product *p)
{
	ERR(fixture_sql(&p->db, "BEGIN; SELECT FROM undo_log FOR UPDATE"));
	ERR(talk_clock(p, "2026-11-25T06:30:01Z"));
	return talk_await_int(
		p,
		"SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid",
		1);
}

TEST(killed_in_the_middle_it_is_done_once)
{
	struct product *p;

	ERR(started(t, "2026-11-23T12:00:00Z", &p));
	ERR(caught(p));
	ERR(product_kill(p, "scheduler", SIGKILL));
	ERR(product_await(p, "child_started", 4,
			  TALK_MS)); /* web, worker, scheduler, and the scheduler again */
	ERR(fixture_sql(&p->db, "COMMIT"));
	/* The lease of the dead is freed at once, not when it runs out. */
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM job_runs WHERE kind = 'tidy' AND occurrence = '2026-11-25' AND state = 'done' AND attempts = 2",
		1));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-26 06:30Z'",
			   1));
	ERR(talk_await_int(p, "SELECT count(*) FROM undo_log", 0));
	ERR(talk_await_int(p, "SELECT count(*) FROM job_runs WHERE kind = 'tidy'", 1));
	return stopped(p);
}

TEST(a_night_without_power_is_made_up_for)
{
	struct product *p;
	int code;

	ERR(started(t, "2026-11-23T12:00:00Z", &p));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-24 06:30Z'",
			   1));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	ERR(talk_clock(p, "2026-11-26T13:00:00Z")); /* three nights, the last of them within twelve hours */
	ERR(product_start(p));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-27 06:30Z'",
			   1));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM job_runs WHERE kind = 'tidy' AND occurrence = '2026-11-26' AND state = 'done'",
		1));
	ERR(talk_await_int(p, "SELECT count(*) FROM job_runs WHERE kind = 'tidy'", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM undo_log", 0));
	return ended(p);
}

static int nights(const char *log)
{
	return product_count(log, "\"job\":\"tidy\",\"result\":\"ok\"");
}

TEST(two_schedulers_do_each_night_once)
{
	struct product *p, *q;
	const char *one, *other;
	int code;

	ERR(started(t, "2026-11-23T12:00:00Z", &p));
	ERR(fixture_sql(
		&p->db,
		mem_fmt(t->pool,
			"SELECT person_add('user', 5000 + g, 4242, 'Ana', NULL, 'pt-BR', '2026-11-23 12:00Z') "
			"FROM generate_series(1, %d) g",
			PEOPLE - 1)));
	ERR(product_new(t, true, p->pairs, &q));
	q->db = p->db;
	q->s = p->s;
	ERR(product_start(q));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-24 06:30Z'",
			   PEOPLE));
	ERR(talk_clock(p, "2026-11-24T06:29:59Z"));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM jobs WHERE kind = 'tidy' AND due_at = '2026-11-25 06:30Z'",
			   PEOPLE));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM job_runs WHERE kind = 'tidy' AND state = 'done' AND attempts = 1",
		PEOPLE));
	ERR(product_stop(q, &code));
	CHECK_INT(code, 0);
	ERR(talk_calm(q));
	ERR(product_log(p, &one));
	ERR(product_log(q, &other));
	CHECK_INT(nights(one) + nights(other), PEOPLE);
	return ended(p);
}
