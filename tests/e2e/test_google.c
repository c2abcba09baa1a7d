/* Calendar, mail and files at Google, by sentence and command, over the real processes. */
#include "core/text.h"
#include "tests/e2e/google.h"
#include <signal.h>
#include <string.h>

enum { ANA = 920, BIA = 921 };

static NODISCARD err_t *begin(struct test *t, struct product **p, struct google_standin **g)
{
	ERR(product_new(t, true, NULL, p));
	ERR(google_beside(*p, g));
	ERR(product_start(*p));
	ERR(talk_expect(*p, ANA, NULL, "/status", "acordada"));
	return google_connect(*p, *g, ANA, "");
}

/* Events at Google with that title, however many. */
static NODISCARD err_t *events_named(struct google_standin *g, const char *name, int expected)
{
	struct json *reply, *events;
	int n = 0;

	ERR(google_standin_control(g, "events", NULL, &reply));
	events = json_at(reply, "events");
	for (size_t i = 0; i < json_len(events); i++)
		n += text_same(json_text(json_item(events, i), "summary"), name) &&
		     !text_same(json_text(json_item(events, i), "status"), "cancelled");
	CHECK_INT(n, expected);
	return NULL;
}

TEST(a_day_is_planned_in_portuguese)
{
	struct google_standin *g;
	struct product *p;
	const char *reply;

	ERR(begin(t, &p, &g));
	ERR(talk_expect(p, ANA, NULL, "/agendar reunião com cliente X amanhã 14h", "14:00–15:00"));
	ERR(events_named(g, "reunião com cliente X", 1));
	ERR(talk_expect(p, ANA, NULL, "/agendar dentista amanhã 14h30", "já tem"));
	ERR(talk_expect(p, ANA, NULL, "o que tenho amanhã?", "dentista"));
	/* A time alone keeps its day. */
	ERR(talk_ask(p, ANA, NULL, "passa o dentista para as 16h", &reply));
	CHECK(strstr(reply, "amanhã") && strstr(reply, "16:00"));
	ERR(talk_expect(p, ANA, NULL, "/desfazer", "Desfeito"));
	ERR(talk_expect(p, ANA, NULL, "/desfazer", "Desfeito"));
	ERR(events_named(g, "dentista", 0));
	/* Nobody is invited before a yes. */
	ERR(talk_expect(p, ANA, NULL, "marca almoço com joao@example.org depois de amanhã 12h30",
			"joao@example.org"));
	ERR(events_named(g, "almoço com joao@example.org", 0));
	ERR(standin_press(p->s, ANA, "✅ Confirmar", NULL));
	ERR(talk_await(p, ANA, "editMessageText", "Marcado", 1));
	return talk_calm(p);
}

/* The copy of a person's data says where Google's own events are, to whom has any; a person without hears nothing of it. */
TEST(an_export_says_where_googles_events_are)
{
	struct google_standin *g;
	struct product *p;
	int n;

	ERR(begin(t, &p, &g));
	ERR(talk_say(p, ANA, NULL, "/exportar"));
	ERR(talk_await(p, ANA, "sendMessage", "continuam no Google", 1));
	ERR(talk_say(p, BIA, NULL, "/exportar"));
	ERR(talk_await(p, BIA, "sendMessage", "agenda (ICS)", 1));
	ERR(talk_settle(p));
	ERR(talk_sent(p, BIA, "sendMessage", "continuam no Google", &n));
	CHECK_INT(n, 0);
	return talk_calm(p);
}

TEST(a_day_is_planned_in_english)
{
	struct google_standin *g;
	struct product *p;

	ERR(begin(t, &p, &g));
	ERR(talk_say(p, ANA, NULL, "/config"));
	ERR(talk_settle(p));
	ERR(fixture_sql(&p->db, "UPDATE profiles SET lang = 'en'"));
	ERR(fixture_sql(&p->db, "UPDATE directory SET lang = 'en'"));
	ERR(talk_expect(p, ANA, NULL, "/schedule call with client X tomorrow at 2pm", "Google"));
	ERR(events_named(g, "call with client X", 1));
	ERR(talk_expect(p, ANA, NULL, "what do I have tomorrow?", "call with client X"));
	ERR(talk_expect(p, ANA, NULL, "/undo", "Google"));
	ERR(events_named(g, "call with client X", 0));
	ERR(talk_expect(p, ANA, NULL, "/connect", "Your Google accounts"));
	return talk_calm(p);
}

/* Google is gone: what is kept here goes on, and what is there is said plainly. */
TEST(with_google_down_everything_else_works)
{
	struct google_standin *g;
	struct product *p;
	int64_t n;

	ERR(begin(t, &p, &g));
	ERR(talk_expect(p, ANA, NULL, "/agendar dentista amanhã 14h30", "14:30"));
	kill(g->pid, SIGSTOP);
	ERR(talk_expect(p, ANA, NULL, "/tarefa comprar leite", "comprar leite"));
	ERR(talk_expect(p, ANA, NULL, "/agenda amanhã", "dentista"));
	kill(g->pid, SIGCONT);
	/* From now on it refuses everything. */
	ERR(google_standin_fault(g, "/calendar/v3", "503", 0));
	ERR(talk_expect(p, ANA, NULL, "/agenda amanhã", "dentista"));
	ERR(talk_expect(p, ANA, NULL, "/tarefas", "comprar leite"));
	ERR(fixture_int(&p->db, "SELECT count(*) FROM google_accounts WHERE state = 'active'", &n));
	CHECK_INT(n, 1);
	return talk_calm(p);
}

/* Words, names and addresses of mail, calendar and files: in the chat, and in no log. */
TEST(nothing_that_is_said_or_read_is_in_any_log)
{
	static const char *const secrets[] = { "example.org", "Zacarias", "tartaruga", "abacaxi",
					       "jabuticaba",  "ya29",     "1//",       "Bearer",
					       "code=",       "pitanga" };
	struct google_standin *g;
	struct json *reply;
	struct product *p;
	const char *log;

	ERR(product_new(t, true, NULL, &p));
	ERR(google_beside(p, &g));
	talk_setting(p, "LOG_LEVEL=debug");
	ERR(product_start(p));
	ERR(google_connect_all(p, g, ANA));
	ERR(google_standin_control(
		g, "mail",
		"{\"from\":\"Zacarias <zacarias@example.org>\",\"subject\":\"tartaruga\",\"text\":"
		"\"O abacaxi custa R$ 12.\"}",
		&reply));
	ERR(google_standin_control(g, "file", "{\"name\":\"jabuticaba.txt\",\"text\":\"pitanga\"}", &reply));
	ERR(talk_expect(p, ANA, NULL, "tem e-mail não lido?", "tartaruga"));
	ERR(talk_expect(p, ANA, NULL, "lê o primeiro", "abacaxi"));
	ERR(talk_expect(p, ANA, NULL, "/arquivos jabuticaba", "jabuticaba"));
	ERR(talk_expect(p, ANA, NULL, "lê o arquivo jabuticaba", "pitanga"));
	ERR(talk_expect(p, ANA, NULL, "marca abacaxi com zacarias@example.org amanhã 15h",
			"zacarias@example.org"));
	ERR(standin_press(p->s, ANA, "✅ Confirmar", NULL));
	ERR(talk_await(p, ANA, "editMessageText", "Marcado", 1));
	/* And when all of it goes wrong. */
	ERR(google_standin_fault(g, "/gmail/v1", "400:badRequest", 0));
	ERR(google_standin_fault(g, "/drive/v3", "403:forbidden", 0));
	ERR(google_standin_fault(g, "/calendar/v3", "503", 0));
	ERR(talk_expect(p, ANA, NULL, "tem e-mail do Zacarias?", "Google"));
	ERR(talk_expect(p, ANA, NULL, "/arquivos jabuticaba", "Google"));
	ERR(talk_say(p, ANA, NULL, "/agendar abacaxi amanhã 10h"));
	ERR(talk_settle(p));
	ERR(product_log(p, &log));
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (strcasestr(log, secrets[i]))
			return err_new(ERR_INTERNAL, "\"%s\" is in the log: %.300s", secrets[i],
				       strcasestr(log, secrets[i]) - 150);
	return talk_calm(p);
}
