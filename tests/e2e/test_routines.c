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

static NODISCARD err_t *stopped(struct product *p)
{
	int code;

	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
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

	ERR(started(t, "2026-11-23T09:59:00Z", &p)); /* 06:59 in São Paulo */
	ERR(talk_expect(p, OTHER, "en", "/status", "awake"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa pagar a luz hoje !alta", "pagar a luz"));
	ERR(talk_expect(p, CHAT, NULL, "/agendar dentista hoje às 18h", "dentista"));
	ERR(talk_expect(p, OTHER, "en", "/task feed the cat today", "feed the cat"));
	ERR(talk_clock(p, "2026-11-23T09:59:59Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>Bom dia", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "segunda-feira, 23 de novembro", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>🗓 Agenda</b>\n18:00–19:00 · dentista", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "🟠 pagar a luz", 1));
	ERR(talk_await(p, OTHER, "sendMessage", "<b>Good morning", 1));
	ERR(talk_await(p, OTHER, "sendMessage", "• feed the cat", 1));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	ERR(sent(p, CHAT, "feed the cat", 0));
	ERR(product_kill(p, "scheduler", SIGKILL));
	ERR(talk_clock(p, "2026-11-23T11:00:00Z"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'morning' AND due_at = '2026-11-24 10:00Z'", 2));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	/* Its buttons leave it where it is. */
	ERR(standin_press(p->s, CHAT, "📋 Ver tarefas", NULL));
	ERR(talk_await(p, CHAT, "sendMessage", "1 tarefa aberta", 1));
	return stopped(p);
}

TEST(the_evening_looks_back_at_the_hour_chosen_though_quiet_begins)
{
	struct product *p;

	ERR(started(t, "2026-11-23T15:00:00Z", &p)); /* noon */
	ERR(talk_expect(p, CHAT, NULL, "/tarefa pagar a luz hoje", "pagar a luz"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa comprar pão hoje", "comprar pão"));
	ERR(talk_expect(p, CHAT, NULL, "/feito 2", "Feito"));
	ERR(talk_expect(p, CHAT, NULL, "/checkin energia 7", "Energia"));
	ERR(talk_expect(p, CHAT, NULL, "/config", "Do seu jeito"));
	ERR(standin_press(p->s, CHAT, "🌙 Fim do dia", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "A que horas fechamos", 1));
	ERR(standin_press(p->s, CHAT, "22:00", NULL));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'evening' AND due_at = '2026-11-24 01:00Z'", 1));
	ERR(talk_clock(p, "2026-11-24T01:00:01Z")); /* quiet from 22:00 */
	ERR(talk_await(p, CHAT, "sendMessage", "Fechando o dia", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>1 tarefa feita hoje</b>\n• comprar pão", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>Check-in</b> · hoje", 1));
	ERR(sent(p, CHAT, "Fechando o dia", 1));
	/* One tap moves what is left; the card asks only what was not said. */
	ERR(standin_press(p->s, CHAT, "➡️ pagar a luz", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Fica para amanhã: <b>pagar a luz</b>", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-24'", 1));
	ERR(standin_press(p->s, CHAT, "😄", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Humor: <b>8 😄</b>", 1));
	ERR(standin_press(p->s, CHAT, "😴7h", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Sono: <b>7h</b>", 1));
	return stopped(p);
}

TEST(sunday_and_monday_tell_the_weeks)
{
	struct product *p;

	ERR(started(t, "2026-11-20T15:00:00Z", &p)); /* Friday */
	ERR(talk_expect(p, OTHER, "en", "/status", "awake"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa fechar a proposta terça", "fechar a proposta"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa lavar o carro", "lavar o carro"));
	ERR(talk_expect(p, CHAT, NULL, "/feito 2", "Feito"));
	ERR(talk_clock(p, "2026-11-22T22:00:01Z")); /* Sunday 19:00 */
	ERR(talk_await(p, CHAT, "sendMessage", "Sua próxima semana", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>terça-feira, 24 de novembro</b>\n• fechar a proposta", 1));
	ERR(talk_await(p, OTHER, "sendMessage", "Nothing is planned yet.", 1));
	ERR(standin_press(p->s, CHAT, "🎯 Responder", NULL));
	ERR(talk_await(p, CHAT, "sendMessage", "Me responda em uma frase", 1));
	ERR(talk_expect(p, CHAT, NULL, "terminar o site", "terminar o site"));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM tasks WHERE title = 'terminar o site' AND priority = 'high'",
			   1));
	ERR(talk_clock(p, "2026-11-23T12:00:01Z")); /* Monday 09:00 */
	/* A picture, whose words are the report. */
	ERR(talk_await(p, CHAT, "sendPhoto", NULL, 1));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM outbox WHERE text LIKE '%Sua semana em números%✅ <b>1</b> tarefa feita "
		"(na semana anterior, 0)%' AND state = 'sent'",
		1));
	ERR(talk_await(p, OTHER, "sendMessage", "A week without notes.", 1));
	ERR(sent(p, CHAT, "Sua próxima semana", 1));
	ERR(sent(p, OTHER, "lavar o carro", 0));
	return stopped(p);
}

TEST(config_switches_them_and_a_pause_leaves_nothing_for_later)
{
	struct product *p;

	ERR(started(t, "2026-11-23T15:00:00Z", &p));
	ERR(talk_expect(p, CHAT, NULL, "/config", "Do seu jeito"));
	ERR(standin_press(p->s, CHAT, "☀️ Bom dia", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "A que horas mando o seu dia", 1));
	ERR(standin_press(p->s, CHAT, "nunca", NULL));
	ERR(talk_await_int(p, "SELECT count(*) FROM jobs WHERE kind = 'morning'", 0));
	ERR(talk_clock(p, "2026-11-24T10:00:01Z"));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM jobs WHERE run_at <= '2026-11-24 10:00:01Z' AND lease_until IS NULL "
		"AND kind NOT IN ('nightly', 'recommend')",
		0));
	ERR(sent(p, CHAT, "<b>Bom dia", 0));
	ERR(standin_press(p->s, CHAT, "☀️ Bom dia", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "A que horas mando o seu dia", 2));
	ERR(standin_press(p->s, CHAT, "08:00", NULL));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'morning' AND due_at = '2026-11-24 11:00Z'", 1));
	ERR(talk_clock(p, "2026-11-24T11:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>Bom dia", 1));
	ERR(talk_expect(p, CHAT, NULL, "/pausar 2 dias", "fico quieta"));
	ERR(talk_clock(p, "2026-11-25T11:00:01Z"));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM job_runs WHERE kind = 'morning' AND occurrence = '2026-11-25' AND state = 'done'",
		1));
	ERR(talk_expect(p, CHAT, NULL, "/pausar fim", "De volta!"));
	ERR(talk_clock(p, "2026-11-25T11:30:00Z"));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	ERR(talk_clock(p, "2026-11-26T11:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>Bom dia", 2));
	return stopped(p);
}

TEST(after_three_days_without_power_each_rule_holds)
{
	struct product *p;
	int code;

	ERR(started(t, "2026-11-20T15:00:00Z", &p)); /* Friday noon */
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM jobs WHERE kind IN ('morning', 'evening', 'week_plan', 'week_report') "
		"AND due_at IS NOT NULL",
		4));
	ERR(product_stop(p, &code));
	ERR(talk_clock(
		p,
		"2026-11-23T14:00:00Z")); /* Monday 11:00: the plan is over, the report is late, the morning too */
	ERR(product_start(p));
	ERR(talk_await(p, CHAT, "sendMessage", "Hoje é segunda-feira, 23 de novembro", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "Sua semana em números", 1));
	ERR(talk_await_int(
		p,
		"SELECT count(*) FROM job_runs WHERE kind IN ('evening', 'week_plan') AND state = 'skipped'",
		2));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	ERR(sent(p, CHAT, "Fechando o dia", 0));
	ERR(sent(p, CHAT, "Sua próxima semana", 0));
	ERR(product_stop(p, &code));
	ERR(talk_clock(p, "2026-11-24T15:30:00Z")); /* Tuesday 12:30: too late for a morning */
	ERR(product_start(p));
	ERR(talk_await_int(p, "SELECT count(*) FROM job_runs WHERE kind = 'morning' AND state = 'skipped'",
			   1));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	return stopped(p);
}

/* The morning's transaction waits for a lock of ours: it is in the middle of its effect. */
TEST(a_scheduler_killed_in_the_middle_tells_it_once_and_two_of_them_too)
{
	struct product *p;

	ERR(started(t, "2026-11-23T09:00:00Z", &p));
	ERR(talk_expect(p, OTHER, "en", "/status", "awake"));
	ERR(fixture_sql(&p->db, "BEGIN; SELECT FROM job_runs; LOCK TABLE interactions IN SHARE MODE"));
	ERR(talk_clock(p, "2026-11-23T10:00:01Z"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'interactions'::regclass",
		2));
	ERR(product_kill(p, "scheduler", SIGKILL));
	ERR(product_await(p, "child_started", 4, TALK_MS));
	ERR(fixture_sql(&p->db, "COMMIT"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM job_runs WHERE kind = 'morning' AND state = 'done' AND attempts = 2",
		2));
	ERR(talk_await(p, CHAT, "sendMessage", "<b>Bom dia", 1));
	ERR(talk_await(p, OTHER, "sendMessage", "<b>Good morning", 1));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	ERR(sent(p, OTHER, "<b>Good morning", 1));
	return stopped(p);
}

TEST(a_task_with_an_hour_is_told_at_that_hour)
{
	struct product *p;
	int code;

	ERR(started(t, "2026-11-23T15:00:00Z", &p)); /* noon */
	ERR(talk_expect(p, CHAT, NULL, "/tarefa ligar pro banco hoje às 14h", "ligar pro banco"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa assinar o contrato hoje às 14h", "assinar o contrato"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa nunca mais hoje às 14h", "nunca mais"));
	ERR(talk_expect(p, CHAT, NULL, "/feito 3", "Feito"));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar tomar o remédio hoje às 14h", "tomar o remédio"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa tomar o remédio hoje às 14h", "tomar o remédio"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2026-11-23 17:00Z'", 3));
	ERR(talk_clock(p, "2026-11-23T16:59:58Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "Está na hora: <b>ligar pro banco", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "Está na hora: <b>assinar o contrato", 1));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>tomar o remédio", 1));
	ERR(talk_await_int(p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour'", 0));
	ERR(sent(p, CHAT, "Está na hora", 2)); /* what was done is not told, nor what a reminder told */
	ERR(talk_forge(p, CHAT, "t:postpone_task:id=1&minutes=60"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2026-11-23 18:00Z'", 1));
	ERR(talk_forge(p, CHAT, "t:postpone_task:2"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2026-11-24 17:00Z'", 1));
	ERR(talk_settle(p));
	/* An hour that is over when it is said is nothing to tell. */
	ERR(talk_expect(p, CHAT, NULL, "/tarefa acordar hoje às 8h", "acordar"));
	/* Late within twelve hours, and then not. */
	ERR(product_stop(p, &code));
	ERR(talk_clock(p, "2026-11-24T06:30:00Z"));
	ERR(product_start(p));
	ERR(talk_await_int(p, "SELECT count(*) FROM task_hours WHERE wall = '2026-11-23 15:00'", 1));
	ERR(sent(p, CHAT, "Está na hora", 2));
	ERR(product_stop(p, &code));
	ERR(talk_clock(p, "2026-11-25T02:00:00Z"));
	ERR(product_start(p));
	ERR(talk_await(p, CHAT, "sendMessage", "atrasado: era hoje (ter, 24/11) às 14:00", 1));
	ERR(sent(p, CHAT, "Está na hora", 3));
	ERR(sent(p, CHAT, "Está na hora: <b>acordar", 0));
	return stopped(p);
}

TEST(a_recurring_task_and_a_person_who_travels)
{
	struct product *p;

	ERR(started(t, "2027-03-12T15:00:00Z", &p));
	ERR(talk_expect(p, CHAT, NULL, "/config Nova York", "Nova York"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa regar todo dia às 18h", "regar"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2027-03-12 23:00Z'", 1));
	ERR(talk_clock(p, "2027-03-12T23:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "Está na hora: <b>regar", 1));
	ERR(standin_press(p->s, CHAT, "✅ Feito", NULL));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2027-03-13 23:00Z'", 1));
	ERR(talk_expect(p, CHAT, NULL, "/feito regar", "Feito"));
	/* The clocks there go forward on the 14th: six is six. */
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2027-03-14 22:00Z'", 1));
	ERR(talk_expect(p, CHAT, NULL, "/config Lisboa", "Lisboa"));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour' AND run_at = '2027-03-14 18:00Z'", 1));
	ERR(talk_clock(p, "2027-03-14T18:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "Está na hora: <b>regar", 2));
	/* West again, where it is not six yet: told once is told. */
	ERR(talk_expect(p, CHAT, NULL, "/config Nova York", "Nova York"));
	ERR(talk_clock(p, "2027-03-14T22:00:01Z"));
	ERR(talk_await_int(p, "SELECT count(*) FROM jobs WHERE kind = 'task_hour'", 0));
	ERR(sent(p, CHAT, "Está na hora: <b>regar", 2));
	return stopped(p);
}

TEST(what_rang_and_was_not_answered_stays_in_sight)
{
	struct product *p;

	ERR(started(t, "2026-11-24T11:00:00Z", &p));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar tirar o lixo às 9h", "tirar o lixo"));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar ligar pra Ana às 20h", "ligar pra Ana"));
	ERR(talk_clock(p, "2026-11-24T12:00:00Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>tirar o lixo", 1));
	ERR(talk_clock(p, "2026-11-24T15:00:00Z"));
	ERR(talk_expect(p, CHAT, NULL, "/lembretes", "tocou hoje (ter, 24/11) às 09:00, sem resposta"));
	ERR(talk_expect(p, CHAT, NULL, "/resumo", "09:00 · tirar o lixo · 🔕 tocou"));
	ERR(talk_expect(p, CHAT, NULL, "/feito o lixo", "Feito"));
	ERR(talk_await_int(p, "SELECT count(*) FROM reminders WHERE state = 'done'", 1));
	ERR(talk_expect(p, CHAT, NULL, "/lembretes", "1 lembrete"));
	/* Of the only one that rang, the word is enough. */
	ERR(talk_clock(p, "2026-11-24T23:00:01Z"));
	ERR(talk_await(p, CHAT, "sendMessage", "⏰ <b>ligar pra Ana", 1));
	ERR(talk_expect(p, CHAT, NULL, "feito", "ligar pra Ana"));
	ERR(talk_await_int(p, "SELECT count(*) FROM reminders WHERE state = 'done'", 2));
	ERR(talk_expect(p, CHAT, NULL, "feito", "Qual delas ficou pronta?"));
	return stopped(p);
}

TEST(what_rang_behind_a_block_is_told_on_return_and_once)
{
	struct product *p;
	struct json *body = json_object(t->pool), *reply;
	int n;

	ERR(started(t, "2026-11-23T11:00:00Z", &p));
	ERR(talk_expect(p, CHAT, NULL, "/lembrar tirar o lixo às 9h", "tirar o lixo"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa ligar pro banco hoje às 10h", "ligar pro banco"));
	json_set_int(body, "chat_id", CHAT);
	ERR(standin_control(p->s, "block", body, &reply));
	ERR(talk_await_int(p, "SELECT count(*) FROM directory WHERE blocked", 1));
	ERR(talk_clock(p, "2026-11-23T12:00:00Z"));
	ERR(talk_await_int(p, "SELECT count(*) FROM missed_messages WHERE text LIKE '%lixo%'", 1));
	ERR(talk_clock(p, "2026-11-23T13:00:00Z"));
	ERR(talk_await_int(p, "SELECT count(*) FROM missed_messages WHERE text LIKE '%banco%'", 1));
	ERR(talk_clock(p, "2026-11-24T10:00:01Z")); /* a morning for nobody */
	ERR(talk_await_int(p, "SELECT count(*) FROM job_runs WHERE kind = 'morning' AND state = 'done'", 1));
	ERR(standin_control(p->s, "unblock", body, &reply));
	ERR(talk_await(
		p, CHAT, "sendMessage",
		"ontem (seg, 23/11) às 09:00 · ⏰ tirar o lixo\nontem (seg, 23/11) às 10:00 · 📌 Está na hora: ligar pro banco",
		1));
	ERR(talk_expect(p, CHAT, NULL, "/start", "Oi"));
	ERR(talk_settle(p));
	ERR(talk_sent(p, CHAT, "sendMessage", "Enquanto eu não conseguia", &n));
	CHECK_INT(n, 1);
	ERR(talk_await_int(p, "SELECT count(*) FROM missed_messages WHERE told_at IS NULL", 0));
	return stopped(p);
}

enum { PEOPLE = 30 };

TEST(two_schedulers_tell_each_morning_once_and_task_hours_too)
{
	struct product *p, *q;
	int code;

	ERR(started(t, "2026-11-23T09:00:00Z", &p));
	ERR(talk_expect(p, OTHER, "en", "/task call the bank today 7am", "call the bank"));
	ERR(fixture_sql(
		&p->db,
		mem_fmt(t->pool,
			"SELECT person_add('user', 5000 + g, 1234, 'Ana', NULL, 'pt-BR', '2026-11-23 09:00Z') "
			"FROM generate_series(1, %d) g",
			PEOPLE - 2)));
	ERR(product_new(t, true, p->pairs, &q));
	q->db = p->db;
	q->s = p->s;
	ERR(product_start(q));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM jobs WHERE kind = 'morning' AND due_at = '2026-11-23 10:00Z'",
		PEOPLE));
	ERR(talk_clock(p, "2026-11-23T09:59:59Z"));
	ERR(talk_await_int(p,
			   "SELECT count(*) FROM outbox WHERE dedupe LIKE 'morning:%' AND state <> 'pending'",
			   PEOPLE));
	ERR(talk_await_int(
		p, "SELECT count(*) FROM job_runs WHERE kind = 'morning' AND state = 'done' AND attempts = 1",
		PEOPLE));
	ERR(talk_await(p, OTHER, "sendMessage", "It's time: <b>call the bank", 1));
	ERR(talk_settle(p));
	ERR(sent(p, CHAT, "<b>Bom dia", 1));
	ERR(sent(p, OTHER, "<b>Good morning", 1));
	ERR(sent(p, OTHER, "It's time", 1));
	ERR(product_stop(q, &code));
	CHECK_INT(code, 0);
	return stopped(p);
}
