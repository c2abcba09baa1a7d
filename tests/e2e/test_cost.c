/* /custo: what models have cost, in both languages. */
#include "tests/e2e/talk.h"

enum { ANA = 77 };

TEST(cost_is_told)
{
	static const char *const pairs[] = { "LLM_DAILY_BUDGET_USD=0.50", NULL };
	struct product *p;
	const char *reply;
	int code;

	ERR(product_new(t, true, pairs, &p));
	ERR(talk_start_owned(p, ANA));
	ERR(talk_expect(p, ANA, NULL, "/custo", "Estou no modo básico"));
	ERR(talk_expect(p, ANA, NULL, "/custo", "Hoje: US$ 0,00 de US$ 0,50 (0%) · 0 perguntas · 0 tokens"));
	ERR(fixture_sql(
		&p->db,
		"INSERT INTO llm_usage (user_id, provider, model, tokens_in, tokens_cached, tokens_out, cost, counted, latency_ms, "
		"success, created_at) SELECT user_id, 'gemini', m, 1000, 0, 234, c, 125000, 9, true, now() FROM users, "
		"(VALUES ('gemini-3.8-flash', 125000), ('gemini-<9>', NULL)) v(m, c)"));
	ERR(talk_ask(p, ANA, NULL, "/custo", &reply));
	CHECK_TEXT(
		reply,
		"Custo da inteligência\n\n"
		"Estou no modo básico: nenhum modelo está configurado, então nada é gasto.\n\n"
		"Hoje: US$ 0,25 de US$ 0,50 (50%) · 2 perguntas · 2468 tokens\n"
		"Este mês: US$ 0,25 · 2 perguntas · 2468 tokens\n\n"
		"Por modelo, neste mês:\n"
		"• gemini-3.8-flash: US$ 0,12 · 1 pergunta\n"
		"• gemini-<9>: US$ 0,12 · 1 pergunta\n\n"
		"De 1 pergunta não sei o preço exato; conto pelo modelo mais caro que conheço, para não passar do limite.");
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}
