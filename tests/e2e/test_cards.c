/* Acts that wait for a yes: cards, bound to what they show, to the person and to the chat. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include "tests/standins/llm_client.h"
#include <signal.h>
#include <string.h>

enum { ANA = 911, BIA = 912 };

struct stage {
	struct product *p;
	struct llm_standin *llm;
};

/* A model that wants a task made, and a person who wants to be asked about everything. */
static NODISCARD err_t *stage_new(struct test *t, struct stage *s)
{
	ERR(product_new(t, true, NULL, &s->p));
	ERR(llm_standin_start(t, &s->llm));
	talk_setting(s->p, "LLM_PROVIDER=gemini");
	talk_setting(s->p, "GEMINI_API_KEY=test-key");
	talk_setting(s->p, mem_fmt(t->pool, "GEMINI_API_BASE=%s", s->llm->base));
	ERR(talk_clock(s->p, "2026-11-23T12:00:00Z"));
	ERR(product_start(s->p));
	ERR(llm_standin_script(
		s->llm,
		"{\"by_round\":true,\"steps\":[{\"calls\":[{\"name\":\"create_task\",\"args\":{\"title\":\"pintar a casa\"}}]},"
		"{\"text\":\"OK\"}]}"));
	ERR(talk_expect(s->p, ANA, NULL, "/status", "acordada"));
	ERR(talk_expect(s->p, BIA, NULL, "/status", "acordada"));
	return fixture_sql(&s->p->db, "UPDATE profiles SET autonomy = 'suggest'");
}

static NODISCARD err_t *tasks(struct stage *s, int64_t expected)
{
	int64_t n;

	ERR(fixture_int(&s->p->db, "SELECT count(*) FROM tasks WHERE title = 'pintar a casa'", &n));
	CHECK_INT(n, expected);
	return NULL;
}

static NODISCARD err_t *card_id(struct stage *s, const char **ret)
{
	return fixture_text(&s->p->db, "SELECT id FROM pending_actions ORDER BY created_at DESC LIMIT 1",
			    ret);
}

TEST(a_card_runs_once_on_confirm_and_becomes_its_result)
{
	struct stage s;
	const char *id;
	int code;

	ERR(stage_new(t, &s));
	ERR(talk_expect(s.p, ANA, NULL, "pinta", "Posso criar a tarefa “pintar a casa”?"));
	ERR(tasks(&s, 0));
	ERR(product_kill(s.p, "worker", SIGKILL)); /* a card survives a restart */
	ERR(standin_press(s.p->s, ANA, "✅ Confirmar", NULL));
	ERR(talk_await(s.p, ANA, "editMessageText", "pintar a casa", 1));
	ERR(tasks(&s, 1));
	ERR(card_id(&s, &id));
	ERR(talk_forge(s.p, ANA, mem_fmt(t->pool, "y:%s", id)));
	ERR(talk_await(s.p, ANA, "sendMessage", "já foi usado", 1));
	ERR(tasks(&s, 1));
	ERR(talk_expect(s.p, ANA, NULL, "/desfazer", "saiu da lista"));
	ERR(tasks(&s, 0));
	ERR(product_stop(s.p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

TEST(a_card_cancelled_changed_foreign_or_old_does_nothing)
{
	struct stage s;
	const char *id;
	int code;

	ERR(stage_new(t, &s));
	ERR(talk_expect(s.p, ANA, NULL, "pinta", "Posso criar"));
	ERR(standin_press(s.p->s, ANA, "Cancelar", NULL));
	ERR(talk_await(s.p, ANA, "editMessageText", "não fiz nada", 1));
	ERR(talk_expect(s.p, ANA, NULL, "pinta de novo", "Posso criar"));
	ERR(standin_press(s.p->s, ANA, "✏️ Mudar", NULL));
	ERR(talk_await(s.p, ANA, "editMessageText", "o que você quer mudar", 1));
	ERR(talk_expect(s.p, ANA, NULL, "pinta outra vez", "Posso criar"));
	ERR(card_id(&s, &id));
	ERR(talk_forge(s.p, BIA, mem_fmt(t->pool, "y:%s", id))); /* somebody else's */
	ERR(talk_await(s.p, BIA, "sendMessage", "já foi usado", 1));
	ERR(talk_forge(s.p, BIA, "y:00000000000000000000000000000000"));
	ERR(talk_await(s.p, BIA, "sendMessage", "já foi usado", 2));
	ERR(talk_clock(s.p, "2026-11-23T12:31:00Z")); /* half an hour is over */
	ERR(standin_press(s.p->s, ANA, "✅ Confirmar", NULL));
	ERR(talk_await(s.p, ANA, "sendMessage", "já foi usado ou venceu", 1));
	ERR(tasks(&s, 0));
	ERR(talk_calm(s.p));
	ERR(product_stop(s.p, &code));
	CHECK_INT(code, 0);
	return NULL;
}
