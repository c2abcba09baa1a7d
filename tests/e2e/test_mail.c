/* Mail in a conversation: answered in the person's words, shown, confirmed, taken back, sent. */
#include "core/text.h"
#include "tests/e2e/google.h"
#include <signal.h>
#include <string.h>

enum { CHAT = 921 };

struct stage {
	struct product *p;
	struct google_standin *g;
};

static NODISCARD err_t *begin(struct test *t, struct stage *s)
{
	struct json *reply;

	ERR(product_new(t, true, NULL, &s->p));
	ERR(google_beside(s->p, &s->g));
	talk_setting(s->p, "LLM_PROVIDER=rules");
	talk_setting(s->p, "TELEGRAM_RATE_PER_S=0");
	ERR(talk_clock(s->p, "2026-11-20T12:00:00Z"));
	ERR(product_start(s->p));
	ERR(google_standin_control(s->g, "clock", mem_fmt(t->pool, "{\"file\":\"%s/clock\"}", s->p->dir),
				   &reply));
	return google_connect_all(s->p, s->g, CHAT);
}

static NODISCARD err_t *plant(struct stage *s)
{
	struct json *reply;

	return google_standin_control(
		s->g, "mail",
		"{\"from\":\"Bia Lima <bia@example.org>\",\"subject\":\"Contrato\",\"text\":\"Assina?\","
		"\"message_id\":\"<m1@example.org>\",\"at\":\"2026-11-20T11:00:00Z\"}",
		&reply);
}

static NODISCARD err_t *sent(struct stage *s, size_t n, struct json **ret)
{
	ERR(google_standin_control(s->g, "sent", NULL, ret));
	CHECK_INT(json_len(*ret), n);
	return NULL;
}

TEST(an_answer_in_the_persons_words)
{
	struct stage s;
	struct json *list;

	ERR(begin(t, &s));
	ERR(plant(&s));
	ERR(talk_expect(s.p, CHAT, NULL, "tem e-mail não lido da Bia?", "Contrato"));
	ERR(standin_press(s.p->s, CHAT, "↩️", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "O que você quer responder", 1));
	ERR(talk_expect(s.p, CHAT, NULL, "Sim, assino amanhã às 9h.", "Re: Contrato"));
	ERR(talk_await(s.p, CHAT, "sendMessage", "Sim, assino amanhã às 9h.", 1));
	ERR(sent(&s, 0, &list));
	ERR(standin_press(s.p->s, CHAT, "✅ Confirmar", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "Sai em 30 s", 1));
	ERR(talk_settle(s.p));
	ERR(sent(&s, 0, &list));
	ERR(talk_clock(s.p, "2026-11-20T12:01:00Z"));
	ERR(talk_await(s.p, CHAT, "editMessageText", "Enviado às", 1));
	ERR(sent(&s, 1, &list));
	CHECK_TEXT(json_text(list, "0.inReplyTo"), "<m1@example.org>");
	CHECK_TEXT(text_trim(t->pool, json_text(list, "0.text")), "Sim, assino amanhã às 9h.");
	return talk_calm(s.p);
}

TEST(what_a_mail_says_is_kept_nowhere_in_the_conversation)
{
	struct stage s;

	ERR(begin(t, &s));
	ERR(plant(&s));
	ERR(talk_expect(s.p, CHAT, NULL, "lê o e-mail da Bia", "Assina?"));
	ERR(talk_await_int(
		s.p, "SELECT count(*) FROM interactions WHERE text LIKE '%E-mail de Bia Lima%' AND outside",
		1));
	ERR(talk_await_int(s.p, "SELECT count(*) FROM interactions WHERE text LIKE '%Assina?%'", 0));
	return talk_calm(s.p);
}

TEST(a_no_takes_the_question_back)
{
	struct stage s;

	ERR(begin(t, &s));
	ERR(plant(&s));
	ERR(talk_expect(s.p, CHAT, NULL, "/email", "Contrato"));
	ERR(standin_press(s.p->s, CHAT, "↩️", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "O que você quer responder", 1));
	ERR(talk_expect(s.p, CHAT, NULL, "deixa pra lá", "não fiz nada"));
	ERR(talk_expect(s.p, CHAT, NULL, "/tarefa comprar leite", "comprar leite"));
	/* Something else was said in between: it is no answer. */
	ERR(talk_expect(s.p, CHAT, NULL, "/email", "Contrato"));
	ERR(standin_press(s.p->s, CHAT, "⏰", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "Quando eu lembro", 1));
	ERR(talk_expect(s.p, CHAT, NULL, "amanhã às 9h", "Vou lembrar"));
	return talk_calm(s.p);
}

/* The button works while the turn's lane is busy: it does not wait behind it. */
TEST(a_mail_is_taken_back_beside_a_busy_turn)
{
	struct stage s;
	struct json *list;

	ERR(begin(t, &s));
	ERR(talk_expect(s.p, CHAT, NULL, "manda um e-mail pra bia@example.org dizendo que chego às 10h",
			"Envio este e-mail?"));
	ERR(standin_press(s.p->s, CHAT, "✅ Confirmar", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "Sai em 30 s", 1));
	ERR(google_standin_fault(s.g, "gmail.list", "hold:before", 1));
	ERR(talk_say(s.p, CHAT, NULL, "/email"));
	ERR(google_standin_wait(s.g, "held", 1));
	ERR(standin_press(s.p->s, CHAT, "✋ Cancelar", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "não saiu nada", 1));
	ERR(google_standin_control(s.g, "release", NULL, &list));
	ERR(talk_clock(s.p, "2026-11-20T12:01:00Z"));
	ERR(talk_settle(s.p));
	ERR(sent(&s, 0, &list));
	return talk_calm(s.p);
}

/* Killed with the mail half out: the next scheduler looks before it sends. */
static NODISCARD err_t *killed(struct test *t, const char *call, const char *hold)
{
	struct stage s;
	struct json *list;

	ERR(begin(t, &s));
	ERR(talk_expect(s.p, CHAT, NULL, "manda um e-mail pra bia@example.org dizendo que chego às 10h",
			"Envio este e-mail?"));
	ERR(standin_press(s.p->s, CHAT, "✅ Confirmar", NULL));
	ERR(talk_await(s.p, CHAT, "editMessageText", "Sai em 30 s", 1));
	ERR(google_standin_fault(s.g, call, hold, 1));
	ERR(talk_clock(s.p, "2026-11-20T12:01:00Z"));
	ERR(google_standin_wait(s.g, "held", 1));
	ERR(product_kill(s.p, "scheduler", SIGKILL));
	ERR(google_standin_control(s.g, "release", NULL, &list));
	ERR(fixture_sql(&s.p->db, "UPDATE operations SET lease_until = NULL"));
	ERR(fixture_sql(&s.p->db,
			"UPDATE jobs SET run_at = '2026-11-20T12:00:00Z', lease_until = NULL, lease_owner = "
			"NULL WHERE kind = 'operation'"));
	ERR(talk_await(s.p, CHAT, "editMessageText", "Enviado às", 1));
	ERR(sent(&s, 1, &list));
	CHECK_TEXT(json_text(list, "0.subject"), "chego às 10h");
	return NULL;
}

TEST(killed_before_its_draft_is_made)
{
	return killed(t, "gmail.draftCreate", "hold:before");
}

TEST(killed_after_its_draft_is_made)
{
	return killed(t, "gmail.draftCreate", "hold:after");
}

TEST(killed_before_it_is_sent)
{
	return killed(t, "gmail.draftSend", "hold:before");
}

TEST(killed_after_it_is_sent)
{
	return killed(t, "gmail.draftSend", "hold:after");
}

TEST(a_question_to_whom_takes_no_other_wish_for_an_answer)
{
	struct stage s;

	ERR(begin(t, &s));
	ERR(talk_expect(s.p, CHAT, NULL, "manda um e-mail pro Zeca dizendo oi", "Qual é o endereço"));
	ERR(talk_expect(s.p, CHAT, NULL, "quais são minhas tarefas?", "tarefa"));
	ERR(talk_expect(s.p, CHAT, NULL, "manda um e-mail pro Zeca dizendo oi", "Qual é o endereço"));
	ERR(talk_expect(s.p, CHAT, NULL, "zeca@example.org", "zeca@example.org"));
	return talk_calm(s.p);
}
