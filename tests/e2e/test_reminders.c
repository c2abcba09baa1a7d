/* Reminders with the real scheduler: at their hour, late, recurring, across a change of the clocks, with two schedulers. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <signal.h>
#include <string.h>

enum { CHAT = 921 };

static NODISCARD err_t *started(struct test *t, const char *clock, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, clock));
	ERR(product_start(*ret));
	return talk_expect(*ret, CHAT, NULL, "/status", "acordada");
}

static NODISCARD err_t *ended(struct product *p)
{
	int code;

	ERR(talk_calm(p));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

TEST(a_reminder_rings_at_its_hour_and_its_buttons_work)
{
	struct product *p;
	int64_t n;

	ERR(started(t, "2026-11-23T11:59:00Z", &p)); /* 08:59 in São Paulo */
	ERR(talk_expect(p, CHAT, NULL, "/lembrar tirar o lixo às 9h", "tirar o lixo"));
	ERR(talk_clock(p, "2026-11-23T11:59:59Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>tirar o lixo", 1));
	ERR(standin_press(p->s, CHAT, "+10 min", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Adiado", 1));
	ERR(talk_clock(p, "2026-11-23T12:10:30Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>tirar o lixo", 2));
	ERR(standin_press(p->s, CHAT, "outro…", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Para quando eu adio", 1));
	ERR(talk_expect(p, CHAT, NULL, "amanhã às 7h", "Adiado"));
	ERR(fixture_int(
		&p->db,
		"SELECT count(*) FROM reminders WHERE wall = '2026-11-24 07:00' AND state = 'pending'", &n));
	CHECK_INT(n, 1);
	ERR(talk_clock(p, "2026-11-24T10:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>tirar o lixo", 3));
	ERR(standin_press(p->s, CHAT, "✅ Feito", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Feito", 1));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM reminders WHERE state = 'done'", &n));
	CHECK_INT(n, 1);
	return ended(p);
}

TEST(what_fell_due_while_away_rings_at_once_and_once)
{
	struct product *p;
	int code, sent;

	ERR(started(t, "2026-11-23T12:00:00Z", &p));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar buscar o terno hoje às 15h", "buscar o terno"));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar tomar remédio todo dia às 10h", "tomar remédio"));
	ERR(product_stop(p, &code));
	ERR(talk_clock(p, "2026-11-26T14:00:00Z")); /* three days later, 11:00 there */
	ERR(product_start(p));
	ERR(talk_await(p, CHAT, "sendMessage", "atrasado: era seg, 23/11 às 15:00", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "e mais 3 vezes", 1));
	ERR(talk_settle(p));
	ERR(talk_sent(p, CHAT, "sendMessage", "⏰ <b>tomar remédio", &sent));
	CHECK_INT(sent, 1);
	ERR(talk_await_int(
		p, "SELECT count(*) FROM reminders WHERE state = 'pending' AND wall = '2026-11-27 10:00'",
		1));
	return ended(p);
}

TEST(a_change_of_the_clocks_moves_no_reminder_on_the_wall)
{
	struct product *p;

	ERR(started(t, "2027-03-27T12:00:00Z", &p));
	ERR(fixture_sql(&p->db,
			"UPDATE profiles SET zone = 'Europe/Lisbon'")); /* forward on the 28th at 01:00 */
	ERR(talk_expect(p, CHAT, NULL, "/lembrar acordar todo dia às 8h", "acordar"));
	ERR(talk_await_int(p, "SELECT count(*) FROM reminders WHERE fire_at = '2027-03-28 07:00Z'", 1));
	ERR(talk_clock(p, "2027-03-28T07:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>acordar", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM reminders WHERE fire_at = '2027-03-29 07:00Z'", 1));
	return ended(p);
}

TEST(one_that_insists_comes_back_until_it_is_done)
{
	struct product *p;

	ERR(started(t, "2026-11-23T12:00:00Z", &p));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar desligar o forno daqui a 5 minutos", "desligar o forno"));
	ERR(fixture_sql(&p->db, "UPDATE reminders SET nag = true"));
	ERR(talk_clock(p, "2026-11-23T12:05:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>desligar", 1));
	ERR(talk_clock(p, "2026-11-23T12:15:02Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>desligar", 2));
	ERR(standin_press(p->s, CHAT, "✅ Feito", NULL));
	ERR(talk_await_int(p, "SELECT count(*) FROM reminders WHERE state = 'done'", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM jobs WHERE kind = 'reminder'", 0));
	return ended(p);
}
