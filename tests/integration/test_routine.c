/* What is told at the person's own hours, as words: in the morning, in the evening, of the week. */
#include "core/text.h"
#include "core/clock.h"
#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"
#include "tools/checkin/checkin_view.h"
#include "tools/routine/evening_view.h"
#include "tools/routine/morning_view.h"
#include "tools/routine/week_view.h"

#include <string.h>

SAMPLE(task_hours, "INSERT INTO task_hours (task_id, wall) VALUES (1, '2026-11-21 10:00')")
SAMPLE(missed_messages, "INSERT INTO missed_messages (id, at, text) VALUES (app_user_id(), app_now(), '%s')")

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */
static const char today[] = "2026-11-18";

typedef err_t *view_fn(struct req *req, struct tx *tx, const char *day, const char *name,
		       struct outcome *ret);

static NODISCARD err_t *view(struct scene *s, view_fn *fn, const char *day, const char *name)
{
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, fn(s->req, tx, day, name, &s->last));
}

static err_t *evening(struct req *req, struct tx *tx, const char *day, const char *name, struct outcome *ret)
{
	return evening_view(req, tx, day, name, NULL, ret);
}

static NODISCARD err_t *task(struct scene *s, const char *title, const char *more)
{
	return tool_scene_call(s, "create_task", mem_fmt(s->pool, "{\"title\":\"%s\"%s}", title, more));
}

static err_t *play_morning(struct scene *s)
{
	ERR(view(s, morning_view, today, "Ana Souza"));
	CHECK_TEXT(s->last.html,
		   "☀️ <b>Bom dia, Ana!</b> Hoje é quarta-feira, 18 de novembro.\n\n"
		   "Nada marcado e nada vencendo. O dia é todo seu. 🌿\n\n"
		   "💡 Faltam 30 dias de anotações (sono e energia) para eu procurar padrões de verdade.\n"
		   "<i>Com menos que isso, o acaso engana.</i>");
	CHECK_INT(s->last.buttons_n, 1);
	ERR(task(s, "pagar a luz", ",\"due\":\"2026-11-18T18:00:00\""));
	ERR(task(s, "fechar a proposta", ",\"due\":\"2026-11-18\",\"priority\":\"high\""));
	ERR(task(s, "meta da semana", ",\"priority\":\"urgent\""));
	ERR(task(s, "um dia", ""));
	ERR(task(s, "só amanhã", ",\"due\":\"2026-11-19\""));
	ERR(task(s, "velha <1>", ",\"due\":\"2026-11-10\""));
	ERR(tool_scene_call(s, "create_event", "{\"title\":\"dentista\",\"start\":\"2026-11-18T18:00:00\"}"));
	ERR(tool_scene_call(s, "create_reminder",
			    "{\"text\":\"tirar o lixo\",\"at\":\"2026-11-18T21:00:00\"}"));
	ERR(view(s, morning_view, today, ""));
	CHECK_SAID(s, "☀️ <b>Bom dia!</b> Hoje é quarta-feira, 18 de novembro.\n\n"
		      "<b>🗓 Agenda</b>\n18:00–19:00 · dentista\n\n"
		      "<b>📌 Para hoje</b>\n🔴 meta da semana\n🟠 fechar a proposta\n"
		      "• pagar a luz · 18:00\n\n"
		      "⏰ <b>1 tarefa atrasada</b>\n• velha &lt;1&gt; · ter, 10/11\n\n"
		      "<b>🔔 Lembretes</b>\n21:00 · tirar o lixo");
	CHECK(tool_scene_has(s, "T:list_tasks:page=1"));
	CHECK(tool_scene_has(s, "T:list_events:start=2026-11-18&end=2026-11-19"));
	s->req->lang = LANG_EN;
	ERR(view(s, morning_view, today, "Ana"));
	CHECK_SAID(s, "Good morning, Ana!</b> It's Wednesday, November 18.");
	CHECK_SAID(s, "<b>1 overdue task</b>");
	CHECK(!s->last.outside);
	ERR(fixture_sql(&s->f, "UPDATE tasks SET outside = true WHERE title = 'meta da semana'"));
	ERR(view(s, morning_view, today, ""));
	CHECK(s->last.outside);
	s->req->user_id = s->bia;
	ERR(view(s, morning_view, today, "Bia"));
	CHECK_SAID(s, "The day is all yours.");
	return NULL;
}

TEST(the_morning_tells_the_day)
{
	return tool_scene_run(t, play_morning);
}

static err_t *play_much(struct scene *s)
{
	for (int i = 0; i < 15; i++) {
		ERR(task(s, mem_fmt(s->pool, "de hoje %d", i), ",\"due\":\"2026-11-18\""));
		ERR(task(s, mem_fmt(s->pool, "velha %d", i), ",\"due\":\"2026-11-17\""));
		ERR(tool_scene_call(s, "create_event",
				    mem_fmt(s->pool,
					    "{\"title\":\"evento %d\",\"start\":\"2026-11-18T18:00:00\"}",
					    i)));
		ERR(tool_scene_call(s, "create_reminder",
				    mem_fmt(s->pool,
					    "{\"text\":\"toca %d\",\"at\":\"2026-11-18T21:%02d:00\"}", i,
					    i)));
	}
	ERR(view(s, morning_view, today, ""));
	CHECK_SAID(s, "evento 9\n<i>e mais 5</i>");
	CHECK_SAID(s, "de hoje 6\n<i>e mais 8</i>");
	CHECK_SAID(s, "<b>15 tarefas atrasadas</b>");
	CHECK_SAID(s, "<i>e mais 12</i>");
	CHECK_SAID(s, "toca 6\n<i>e mais 8</i>");
	ERR(view(s, evening, today, ""));
	CHECK_SAID(s, "<i>e mais 10</i>");
	CHECK_INT(s->last.buttons_n, 6);
	return NULL;
}

TEST(a_full_day_stays_short)
{
	return tool_scene_run(t, play_much);
}

static err_t *play_evening(struct scene *s)
{
	ERR(view(s, evening, today, "Ana"));
	CHECK_TEXT(s->last.html, "🌙 <b>Fechando o dia, Ana</b> · quarta-feira, 18 de novembro\n\n"
				 "Hoje não tinha nada com data marcada. Bom descanso! ✨");
	ERR(task(s, "pagar a luz", ",\"due\":\"2026-11-18T18:00:00\""));
	ERR(task(s, "comprar pão", ",\"due\":\"2026-11-18\""));
	ERR(task(s, "lavar a louça", ""));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":3}"));
	ERR(view(s, evening, today, ""));
	CHECK_TEXT(s->last.html, "🌙 <b>Fechando o dia</b> · quarta-feira, 18 de novembro\n\n"
				 "✅ <b>1 tarefa feita hoje</b>\n• lavar a louça\n\n"
				 "<b>📌 Ficou em aberto</b>\n• pagar a luz\n• comprar pão\n"
				 "<i>Toque no que fica para amanhã.</i>");
	ERR(tool_scene_press(s, "t:postpone_task:id=1&day=2026-11-18"));
	CHECK_SAID(s, "➡️ Fica para amanhã: <b>pagar a luz</b>\n\n🌙 <b>Fechando o dia</b>");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-19' AND due_time = '18:00'", 1);
	CHECK_UNSAID(s, "• pagar a luz");
	CHECK(!tool_scene_has(s, "t:postpone_task:day=2026-11-18"));
	ERR(tool_scene_press(s, "t:postpone_task:id=2&day=2026-11-18"));
	CHECK_SAID(s, "Nada mais ficou pendente para hoje.");
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: voltou a ser como estava.");
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-18'", 1);
	return NULL;
}

TEST(the_evening_looks_back_and_moves_what_is_left)
{
	return tool_scene_run(t, play_evening);
}

/* Last night's review, tapped in the morning: its tomorrow is today. */
static err_t *play_next_day(struct scene *s)
{
	ERR(task(s, "um", ",\"due\":\"2026-11-18\""));
	ERR(task(s, "dois", ",\"due\":\"2026-11-18\""));
	ERR(view(s, evening, today, ""));
	s->req->now += DAY_US;
	ERR(tool_scene_press(s, "t:postpone_task:id=1&day=2026-11-18"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-19'", 1);
	ERR(view(s, evening, today, ""));
	s->req->now += 3 * DAY_US;
	ERR(tool_scene_press(s, "t:postpone_task:id=2&day=2026-11-18"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-22'", 1);
	return NULL;
}

TEST(the_evenings_tomorrow_is_its_own)
{
	return tool_scene_run(t, play_next_day);
}

static err_t *play_move_all(struct scene *s)
{
	ERR(task(s, "um", ",\"due\":\"2026-11-18\""));
	ERR(task(s, "dois", ",\"due\":\"2026-11-18\""));
	ERR(task(s, "de antes", ",\"due\":\"2026-11-17\""));
	s->req->lang = LANG_EN;
	ERR(view(s, evening, today, ""));
	ERR(tool_scene_press(s, "t:postpone_task:day=2026-11-18"));
	CHECK_SAID(s, "➡️ 2 tasks moved to tomorrow.");
	CHECK_SAID(s, "Nothing else is left for today."); /* there was something */
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-19'", 2);
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM tasks WHERE due_date = '2026-11-18'", 2);
	CHECK_ERR(tool_scene_call(s, "postpone_task", "{\"id\":1}"), ERR_NOT_FOUND); /* no model's */
	return NULL;
}

TEST(all_that_is_left_is_moved_and_taken_back)
{
	return tool_scene_run(t, play_move_all);
}

static NODISCARD err_t *is_open(struct scene *s, bool *ret_open)
{
	struct tx *tx;

	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, checkin_open(tx, today, ret_open));
}

static err_t *play_checkin(struct scene *s)
{
	bool open;

	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":5,\"mood\":6,\"sleep\":7}"));
	ERR(is_open(s, &open));
	CHECK(open);
	ERR(tool_scene_call(s, "log_checkin", "{\"rest_day\":true}"));
	ERR(is_open(s, &open));
	CHECK(!open);
	s->req->user_id = s->bia;
	ERR(is_open(s, &open));
	CHECK(open);
	return NULL;
}

TEST(what_was_said_of_a_day_is_not_asked_again)
{
	return tool_scene_run(t, play_checkin);
}

static err_t *play_plan(struct scene *s)
{
	ERR(view(s, week_plan_view, "2026-11-22", ""));
	CHECK_SAID(s, "Por enquanto, nada marcado.");
	CHECK_SAID(s, "Qual é a prioridade da semana?");
	ERR(task(s, "fechar a proposta", ",\"due\":\"2026-11-25T10:00:00\",\"priority\":\"high\""));
	ERR(task(s, "de hoje", ",\"due\":\"2026-11-22\""));
	ERR(task(s, "mais longe", ",\"due\":\"2026-11-30\""));
	ERR(task(s, "sem dia", ""));
	ERR(tool_scene_call(s, "create_event", "{\"title\":\"dentista\",\"start\":\"2026-11-24T18:00:00\"}"));
	ERR(tool_scene_call(s, "create_project", "{\"title\":\"Site novo\"}"));
	ERR(view(s, week_plan_view, "2026-11-22", ""));
	CHECK_SAID(s, "<b>terça-feira, 24 de novembro</b>\n18:00–19:00 · dentista\n\n"
		      "<b>quarta-feira, 25 de novembro</b>\n🟠 fechar a proposta · 10:00");
	CHECK_SAID(s, "<b>📁 Projetos sem próximo passo</b>\n• Site novo");
	CHECK_SAID(s, "<b>🗂 Tarefas sem data</b>\n• sem dia");
	CHECK_UNSAID(s, "de hoje");
	CHECK_UNSAID(s, "mais longe");
	CHECK(tool_scene_has(s, "T:ask_priority:"));
	s->req->lang = LANG_EN;
	ERR(view(s, week_plan_view, "2026-11-22", ""));
	CHECK_SAID(s, "<b>Tuesday, November 24</b>");
	s->req->user_id = s->bia;
	ERR(view(s, week_plan_view, "2026-11-22", ""));
	CHECK_SAID(s, "Nothing is planned yet.");
	return NULL;
}

TEST(sunday_tells_the_week_ahead)
{
	return tool_scene_run(t, play_plan);
}

/* A full Monday hides no other day, and is counted whole. */
static err_t *play_full(struct scene *s)
{
	ERR(fixture_sql(
		&s->f,
		"INSERT INTO tasks (user_id, id, title, due_date, created_at, updated_at) "
		"SELECT 1, 1000 + i, 'tarefa ' || i, '2026-11-23', '2026-11-18', now() FROM generate_series(1, 70) i"));
	ERR(task(s, "fechar a proposta", ",\"due\":\"2026-11-25\""));
	ERR(tool_scene_call(s, "create_event", "{\"title\":\"dentista\",\"start\":\"2026-11-23T18:00:00\"}"));
	ERR(view(s, week_plan_view, "2026-11-22", ""));
	CHECK_SAID(
		s,
		"<b>segunda-feira, 23 de novembro</b>\n18:00–19:00 · dentista\n• tarefa 1\n• tarefa 2\n"
		"• tarefa 3\n<i>e mais 67</i>\n\n<b>quarta-feira, 25 de novembro</b>\n• fechar a proposta\n\n");
	return NULL;
}

TEST(a_full_monday_hides_no_other_day)
{
	return tool_scene_run(t, play_full);
}

/* Done that day at noon on the wall. */
static NODISCARD err_t *did(struct scene *s, const char *day, int n)
{
	for (int i = 0; i < n; i++)
		ERR(fixture_sql(
			&s->f,
			mem_fmt(s->pool,
				"INSERT INTO tasks (user_id, id, title, status, completed_at, created_at, updated_at) "
				"SELECT %lld, coalesce(max(id), 0) + 1, 'x', 'done', '%s 15:00Z', now(), now() FROM tasks",
				(long long)s->ana, day)));
	return NULL;
}

static err_t *play_report(struct scene *s)
{
	ERR(view(s, week_report_view, "2026-11-16", ""));
	CHECK_TEXT(s->last.html, ""); /* she came on the 18th */
	ERR(fixture_sql(&s->f, "UPDATE users SET created_at = '2026-11-01'"));
	ERR(view(s, week_report_view, "2026-11-16", ""));
	CHECK_SAID(s, "de segunda-feira, 9 de novembro a domingo, 15 de novembro");
	CHECK_SAID(s, "uma semana sem anotações");
	ERR(did(s, "2026-11-08", 2));
	ERR(did(s, "2026-11-09", 1));
	ERR(did(s, "2026-11-12", 3));
	ERR(did(s, "2026-11-16", 4));
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"ler\"}"));
	for (int d = 12; d <= 15; d++)
		ERR(tool_scene_call(s, "log_checkin",
				    mem_fmt(s->pool,
					    "{\"habit\":\"ler\",\"sleep\":%d,\"day\":\"2026-11-%d\"}", d - 6,
					    d)));
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":9,\"workout\":true,\"day\":\"2026-11-12\"}"));
	ERR(tool_scene_call(s, "record_post",
			    "{\"title\":\"olá\",\"published_at\":\"2026-11-10T10:00:00\",\"views\":120}"));
	ERR(view(s, week_report_view, "2026-11-16", ""));
	CHECK_SAID(s, "✅ <b>4</b> tarefas feitas (na semana anterior, 2)");
	CHECK_SAID(s, "🏆 O melhor dia foi quinta-feira, 12 de novembro, com 3");
	CHECK_SAID(s, "😴 Sono: <b>7h30</b> em média (4 dias)");
	CHECK_UNSAID(s, "Energia"); /* of one day there is no average */
	CHECK_SAID(s, "🏃 <b>1</b> treino");
	CHECK_SAID(s, "🌱 ler: <b>4</b> dias seguidos");
	CHECK_SAID(s, "📣 <b>1</b> publicação, com 120 visualizações");
	s->req->lang = LANG_EN;
	ERR(view(s, week_report_view, "2026-11-16", ""));
	CHECK_SAID(s, "<b>4</b> tasks done (the week before, 2)");
	s->req->user_id = s->bia;
	ERR(view(s, week_report_view, "2026-11-16", ""));
	CHECK_SAID(s, "A week without notes.");
	return NULL;
}

TEST(monday_tells_the_week_that_was)
{
	return tool_scene_run(t, play_report);
}
