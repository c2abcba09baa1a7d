/* Tasks and projects in plain words, without a model; a tick edits the list in its place. */
#include "core/text.h"
#include "tests/e2e/talk.h"

enum { CHAT = 931, OTHER = 932 };

static NODISCARD err_t *started(struct test *t, struct product **ret)
{
	ERR(product_new(t, true, NULL, ret));
	ERR(talk_clock(*ret, "2026-11-18T11:00:00Z")); /* a Wednesday, 08:00 in São Paulo */
	return product_start(*ret);
}

static NODISCARD err_t *ended(struct product *p)
{
	int code;

	ERR(talk_calm(p));
	ERR(product_stop(p, &code));
	CHECK_INT(code, 0);
	return NULL;
}

static NODISCARD err_t *said(struct product *p, int64_t chat, const char *lang, const char *const (*lines)[2],
			     size_t n)
{
	for (size_t i = 0; i < n; i++)
		ERR(err_wrap(talk_expect(p, chat, lang, lines[i][0], lines[i][1]), "%s", lines[i][0]));
	return NULL;
}

TEST(projects_and_tasks_in_plain_words)
{
	static const char *const pt[][2] = {
		{ "cria um projeto Reforma", "Projeto criado: Reforma" },
		{ "adiciona a tarefa comprar tinta ao projeto Reforma", "Tarefa 1 em Reforma" },
		{ "registra a decisão usar piso frio no projeto Reforma", "Decisão em Reforma" },
		{ "quais são meus projetos", "👉 comprar tinta" },
		{ "como está o projeto Reforma", "• usar piso frio" },
		{ "marca a tarefa 1 como urgente", "urgente" },
		{ "adia a tarefa 1 pra sexta", "📅 sex, 20/11" },
		{ "/tarefa regar plantas toda segunda", "🔁 toda semana (seg)" },
		{ "renomeia a tarefa 2 para molhar as plantas", "molhar as plantas" },
		{ "o que vence essa semana", "1 tarefa aberta (até dom, 22/11)" },
		{ "apaga a tarefa 2", "Apaguei a tarefa" },
		{ "/desfazer", "a tarefa está de volta" },
		{ "terminei a tarefa 2", "A próxima é" },
		{ "pausa o projeto Reforma", "Pausado: Reforma" },
		{ "conclui o projeto 1", "Ainda resta 1 tarefa aberta" },
	};
	static const char *const en[][2] = {
		{ "create a project called Garden", "Project created: Garden" },
		{ "add the task buy soil to the Garden project", "Task 1 in Garden" },
		{ "what are my projects", "👉 buy soil" },
		{ "show the Garden project", "Next step: buy soil" },
		{ "mark task 1 as urgent", "urgent" },
		{ "move task 1 to Friday", "📅 Fri, Nov 20" },
		{ "what's due this week", "1 open task (until Sun, Nov 22)" },
		{ "tasks of project Garden", "1 open task (📁 Garden)" },
		{ "delete task 1", "I deleted the task" },
		{ "mark project 1 as completed", "Completed: Garden" },
	};
	struct product *p;

	ERR(started(t, &p));
	ERR(said(p, CHAT, NULL, pt, sizeof pt / sizeof *pt));
	ERR(said(p, OTHER, "en", en, sizeof en / sizeof *en));
	return ended(p);
}

TEST(a_tick_edits_the_list_in_its_place)
{
	struct product *p;
	int n;

	ERR(started(t, &p));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa comprar leite amanhã !alta #casa",
			"prioridade alta · #casa"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefa ligar pra Ana", "Tarefa 2"));
	ERR(talk_expect(p, CHAT, NULL, "/tarefas", "🌅 Amanhã"));
	ERR(standin_press(p->s, CHAT, "✅ 1", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Feito: <b>comprar leite</b>\n\n<b>1 tarefa aberta</b>",
		       1));
	ERR(standin_press(p->s, CHAT, "✅ 2", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Feito: <b>ligar pra Ana</b>\n\nNenhuma tarefa aberta",
		       1));
	ERR(standin_press(p->s, CHAT, "↩️ Desfazer", NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "a tarefa está aberta de novo", 1));
	ERR(talk_sent(p, CHAT, "sendMessage", NULL, &n));
	CHECK_INT(n, 3);
	return ended(p);
}
