/* Messages at the person's own hours, with the real scheduler: in the morning once, at the hour of their wall. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include <signal.h>
#include <string.h>

enum { CHAT = 931, OTHER = 932 };

static NODISCARD err_t *started(struct test *t, const char *clock, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, clock));
	ERR(product_start(*ret));
	return talk_expect(*ret, CHAT, NULL, "/status", "acordada");
}

/* How often it was sent, once everything has calmed down. */
static NODISCARD err_t *sent(struct product *p, int64_t chat, const char *part, int expected)
{
	int n;

	ERR(talk_settle(p));
	ERR(talk_sent(p, chat, "sendMessage", part, &n));
	CHECK_INT(n, expected);
	return NULL;
}

TEST(the_morning_is_told_at_the_hour_of_the_wall_and_once)
{
	struct product *p;
	int code;

	ERR(started(t, "2026-11-23T09:59:00Z", &p)); /* 06:59 in São Paulo */
	ERR(talk_expect(p, OTHER, "en", "/status", "awake"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa pagar a luz hoje !alta", "pagar a luz"));
	ERR(talk_expect(p, CHAT, NULL, "/agendar dentista hoje às 18h", "dentista"));
	ERR(talk_expect(p, OTHER, "en", "/task feed the cat today", "feed the cat"));
	ERR(talk_clock(p, "2026-11-23T09:59:59Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "Bom dia", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "segunda-feira, 23 de novembro", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>🗓 Agenda</b>\n18:00–19:00 · dentista", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "🟠 pagar a luz", 1));
	ERR(talk_await(p, OTHER, "sendMessage", "Good morning", 1));
	ERR(talk_await(p, OTHER, "sendMessage", "• feed the cat", 1));
	ERR(sent(p, CHAT, "Bom dia", 1));
	ERR(sent(p, CHAT, "feed the cat", 0));
	ERR(product_kill(p, "scheduler", SIGKILL));
	ERR(talk_clock(p, "2026-11-23T11:00:00Z"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'morning' AND due_at = '2026-11-24 10:00Z'", 2));
	ERR(sent(p, CHAT, "Bom dia", 1));
	/* Its buttons leave it where it is. */
	ERR(standin_press(p->s, CHAT, "📋 Ver tarefas", NULL));
	ERR(talk_await(p, CHAT, "sendMessage", "1 tarefa aberta", 1));
	return product_stop(p, &code);
}
