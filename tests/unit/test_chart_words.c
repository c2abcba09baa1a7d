#include "ml/intent/chart_words.h"
#include "tests/test.h"

static const char *const asks[] = { "gráfico",
				    "me mostra o gráfico da semana",
				    "Mostra meu sono",
				    "quero ver um gráfico dos meus hábitos, por favor",
				    "gráfico de horários",
				    "ver sono e energia do último mês",
				    "show me a chart of my habits",
				    "draw my sleep",
				    "Charts!" };
static const char *const asks_not[] = { "",
					"mostra minhas tarefas",
					"meu sono",
					"dormi 7 horas",
					"fazer o gráfico de vendas amanhã",
					"gráfico do faturamento da empresa",
					"como anda meu sono?",
					"show me the way",
					"send the chart to Ana" };

TEST(a_picture_of_ones_own_days_is_asked_for_in_words)
{
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
		if (!chart_words(t->pool, asks[i]))
			return err_new(ERR_INTERNAL, "not heard: %s", asks[i]);
	for (size_t i = 0; i < sizeof asks_not / sizeof *asks_not; i++)
		if (chart_words(t->pool, asks_not[i]))
			return err_new(ERR_INTERNAL, "heard: %s", asks_not[i]);
	return NULL;
}
