/* The one recommendation of a morning: its taps, from the chat they were shown in and from others. */
#include "core/text.h"
#include "tests/e2e/talk.h"

enum { ANA = 961, BIA = 962 };

static NODISCARD err_t *morning(struct product *p, const char *clock)
{
	ERR(talk_clock(p, clock));
	return talk_await_int(p,
			      mem_fmt(p->t->pool, "SELECT count(*) FROM jobs WHERE local AND run_at <= '%s'",
				      clock),
			      0);
}

TEST(a_tap_does_it_once_and_teaches)
{
	struct product *p;
	int code;

	ERR(product_new(t, true, NULL, &p));
	ERR(talk_clock(p, "2026-11-23T12:00:00Z"));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/status", "acordada"));
	ERR(talk_expect(p, BIA, NULL, "/status", "acordada"));
	ERR(talk_expect(p, ANA, NULL, "/contato Marina", "Marina"));
	ERR(fixture_sql(&p->db, "UPDATE contacts SET next_follow_up = '2026-11-24'"));
	ERR(morning(p, "2026-11-24T10:00:01Z"));
	ERR(talk_await(p, ANA, "sendMessage", "Hora de retomar contato com <b>Marina</b>", 1));
	ERR(standin_press(p->s, ANA, "➕ Criar tarefa para hoje", NULL));
	ERR(talk_await(p, ANA, "sendMessage", "Falar com Marina", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM recommendations WHERE status = 'applied' AND user_id = 1",
			   1));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM tasks WHERE title = 'Falar com Marina' AND due_date = '2026-11-24'",
		1));
	ERR(talk_forge(p, ANA, "r:1"));
	ERR(talk_await(p, ANA, "sendMessage", "já fez a parte dele", 1));
	/* Another's number is a stranger's, whoever types it. */
	ERR(talk_forge(p, BIA, "r:9"));
	ERR(talk_forge(p, BIA, "r:x"));
	ERR(talk_forge(p, BIA, "r:"));
	ERR(talk_forge(p, BIA, "r:99999999999999999999"));
	ERR(talk_settle(p));
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks", 1));
	ERR(standin_press(p->s, ANA, "👍 Útil", NULL));
	ERR(talk_await(p, ANA, "sendMessage", "Que bom!", 1));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM recommendations WHERE feedback = 'useful' AND status = 'applied'",
		1));
	ERR(standin_press(p->s, ANA, "↩️ Desfazer", NULL));
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks", 0));
	/* Undone by the person: it is not said to be done. */
	ERR(talk_forge(p, ANA, "r:1"));
	ERR(talk_await(p, ANA, "sendMessage", "já fez a parte dele", 2));
	/* "For today" is the day of the tap. */
	ERR(talk_expect(p, BIA, NULL, "/tarefa pagar a luz ontem", "pagar a luz"));
	ERR(morning(p, "2026-11-25T10:00:01Z"));
	ERR(talk_await(p, BIA, "sendMessage", "começar o dia por <b>pagar a luz</b>", 1));
	ERR(talk_clock(p, "2026-11-26T12:00:00Z"));
	ERR(standin_press(p->s, BIA, "📅 Trazer para hoje", NULL));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM tasks WHERE title = 'pagar a luz' AND due_date = '2026-11-26'", 1));
	ERR(talk_calm(p));
	return product_stop(p, &code);
}

/* A reminder of last night is not made for last night. */
TEST(a_tap_that_comes_too_late_does_nothing)
{
	struct product *p;
	int code;

	ERR(product_new(t, true, NULL, &p));
	ERR(talk_clock(p, "2026-11-23T12:00:00Z"));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/status", "acordada"));
	ERR(fixture_sql(
		&p->db,
		"INSERT INTO findings (user_id, id, kind, tier, n, effect, unit, low, high, p, q, found_on, looked_on) "
		"VALUES (1, 1, 'sleep_energy', 'confirmed', 60, 0.5, 'r', 0.3, 0.7, 0.001, 0.001, '2026-11-20', '2026-11-20')"));
	ERR(morning(p, "2026-11-24T10:00:01Z"));
	ERR(talk_await(p, ANA, "sendMessage", "uma noite mais longa", 1));
	ERR(talk_clock(p, "2026-11-25T13:00:00Z"));
	ERR(talk_forge(p, ANA, "r:1"));
	ERR(talk_await(p, ANA, "sendMessage", "já passou", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM reminders", 0));
	ERR(talk_await_int(p, "SELECT count(*) FROM recommendations WHERE status = 'applied'", 0));
	ERR(talk_calm(p));
	return product_stop(p, &code);
}
