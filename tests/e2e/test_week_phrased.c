/* Monday's numbers in a model's words: every number is ours, and what is not a fact is dropped. */
#include "core/text.h"
#include "tests/e2e/talk.h"
#include "tests/standins/llm_client.h"

enum { ANA = 971 };

static NODISCARD err_t *monday(struct test *t, const char *answer, struct product **ret_p)
{
	struct llm_standin *llm;
	struct product *p;

	ERR(product_new(t, true, NULL, &p));
	ERR(llm_standin_start(t, &llm));
	talk_setting(p, "LLM_PROVIDER=gemini");
	talk_setting(p, mem_fmt(t->pool, "GEMINI_API_BASE=%s", llm->base));
	talk_setting(p, "GEMINI_API_KEY=test-key");
	ERR(llm_standin_script(llm, mem_fmt(t->pool, "{\"steps\":[{\"text\":\"%s\"}]}", answer)));
	ERR(talk_clock(p, "2026-11-19T15:00:00Z"));
	ERR(product_start(p));
	ERR(talk_expect(p, ANA, NULL, "/tarefa regar as plantas hoje", "regar"));
	ERR(talk_expect(p, ANA, NULL, "/feito regar as plantas", "Feito"));
	ERR(talk_clock(p, "2026-11-23T12:00:01Z"));
	ERR(talk_await(p, ANA, "sendPhoto", "Sua semana em números", 1));
	*ret_p = p;
	return NULL;
}

TEST(facts_are_filled_in_and_inventions_dropped)
{
	struct product *p;
	int n, code;

	ERR(monday(t, "Você concluiu [done] tarefa na semana. Dormiu 9 horas. Rendeu mais que antes: [done].",
		   &p));
	ERR(talk_sent(p, ANA, "sendPhoto", "💬 Você concluiu 1 tarefa na semana.", &n));
	CHECK_INT(n, 1);
	ERR(talk_sent(p, ANA, "sendPhoto", "9 horas", &n));
	CHECK_INT(n, 0);
	ERR(talk_sent(p, ANA, "sendPhoto", "mais que antes", &n));
	CHECK_INT(n, 0);
	return product_stop(p, &code);
}

TEST(a_model_that_only_invents_says_nothing)
{
	struct product *p;
	int n, code;

	ERR(monday(t, "Você concluiu 12 tarefas, o dobro da meta!", &p));
	ERR(talk_sent(p, ANA, "sendPhoto", "💬", &n));
	CHECK_INT(n, 0);
	ERR(talk_sent(p, ANA, "sendPhoto", "1</b> tarefa feita", &n));
	CHECK_INT(n, 1);
	return product_stop(p, &code);
}
