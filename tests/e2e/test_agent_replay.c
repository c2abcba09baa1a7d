/* Turns that are run again, or answered in a word, with a model in the loop: nothing is done twice, or for a guess. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include "tests/standins/llm_client.h"
#include <string.h>

enum { CHAT = 931 };

struct stage {
	struct product *p;
	struct llm_standin *llm;
};

static NODISCARD err_t *stage_new(struct test *t, struct stage *s)
{
	ERR(product_new(t, true, NULL, &s->p));
	ERR(llm_standin_start(t, &s->llm));
	talk_setting(s->p, "LLM_PROVIDER=openai");
	talk_setting(s->p, "OPENAI_API_KEY=test-key");
	talk_setting(s->p, mem_fmt(t->pool, "OPENAI_API_BASE=%s", s->llm->base));
	ERR(product_start(s->p));
	return talk_expect(s->p, CHAT, "pt-BR", "/status", "acordada");
}

/* The model was refused, the rules did the first sentence and failed in the second; then the model is there again: it does
 * not do the first once more. */
TEST(what_the_rules_have_half_done_no_model_does_again)
{
	struct stage s;
	int64_t n;

	ERR(stage_new(t, &s));
	ERR(llm_standin_script(s.llm, "{\"when\":\"luz\",\"steps\":[{\"fault\":\"blocked\",\"times\":0}]}"));
	ERR(fixture_sql(
		&s.p->db,
		"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$;"
		"GRANT EXECUTE ON FUNCTION refuse() TO public;"
		"CREATE TRIGGER refuse BEFORE INSERT ON reminders FOR EACH ROW EXECUTE FUNCTION refuse()"));
	ERR(talk_say(s.p, CHAT, "pt-BR",
		     "criar tarefa pagar a luz. me lembra amanhã às 9h de ligar para a mãe"));
	ERR(talk_await_int(s.p, "SELECT count(*) FROM tasks", 1));
	ERR(llm_standin_script(
		s.llm,
		"{\"when\":\"luz\",\"steps\":[{\"calls\":[{\"name\":\"create_task\",\"args\":{\"title\":\"pagar a luz\"}}]},"
		"{\"text\":\"OK\"}]}"));
	ERR(fixture_sql(&s.p->db, "DROP TRIGGER refuse ON reminders"));
	ERR(talk_await_int(s.p, "SELECT count(*) FROM reminders", 1));
	ERR(talk_settle(s.p));
	ERR(fixture_int(&s.p->db, "SELECT count(*) FROM tasks", &n));
	CHECK_INT(n, 1);
	return talk_calm(s.p);
}

TEST(a_yes_to_two_cards_at_once_settles_neither)
{
	struct stage s;
	int64_t n;

	ERR(stage_new(t, &s));
	ERR(llm_standin_script(
		s.llm,
		"{\"when\":\"guarda\",\"steps\":[{\"calls\":[{\"name\":\"remember\",\"args\":{\"fact\":\"gosto de azul\"}},"
		"{\"name\":\"remember\",\"args\":{\"fact\":\"moro em casa\"}}]},{\"text\":\"OK\"}]}"));
	ERR(talk_say(s.p, CHAT, "pt-BR", "guarda as duas coisas"));
	ERR(talk_await_int(s.p, "SELECT count(*) FROM pending_actions WHERE state = 'open'", 2));
	ERR(talk_settle(s.p));
	ERR(talk_expect(s.p, CHAT, "pt-BR", "sim", "Certo."));
	ERR(talk_settle(s.p));
	ERR(fixture_int(&s.p->db, "SELECT count(*) FROM pending_actions WHERE state = 'open'", &n));
	CHECK_INT(n, 2);
	return talk_calm(s.p);
}
