/* What the days say, and the day's one recommendation: made, told, done, rated. */
#include "core/clock.h"
#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"
#include "tools/insight/recommendation.h"
#include <string.h>

SAMPLE(insight_looks, "INSERT INTO insight_looks (kind, looks, looked_on) VALUES ('%s', 1, '2026-11-21')")
SAMPLE(findings,
       "INSERT INTO findings (kind, detail, tier, n, effect, unit, p, q, found_on, looked_on) "
       "VALUES ('content_theme', '%s', 'likely', 30, 1, 'sd', 0.01, 0.02, '2026-11-21', '2026-11-21')")
SAMPLE(recommendations, "INSERT INTO recommendations (day, type, source, title, reasoning) "
			"VALUES ('2026-11-21', 'overdue', 'fact', '%s', '%s')")

#define TODAY "2026-11-18" /* a Wednesday, 8 in the morning in São Paulo */

/* As the morning tells it. */
static NODISCARD err_t *tell(struct scene *s, const char *day)
{
	struct tx *tx;

	s->last = (struct outcome){ .kind = OUTCOME_SAY, .html = "Bom dia!" };
	ERR(tx_begin_user(s->req, &tx));
	return tx_end(tx, recommendation_add(s->req, tx, day, &s->last));
}

static NODISCARD err_t *as_owner(struct scene *s, const char *sql)
{
	return fixture_sql(&s->f, sql);
}

static NODISCARD err_t *finding(struct scene *s, const char *kind, const char *detail, const char *tier,
				const char *told)
{
	return as_owner(
		s,
		mem_fmt(s->pool,
			"INSERT INTO findings (user_id, id, kind, detail, tier, n, effect, unit, low, high, "
			"p, q, found_on, looked_on, told_tier) VALUES (%lld, 1, '%s', '%s', '%s', 43, 0.52, 'r', "
			"0.21, 0.73, 0.001, 0.01, '2026-11-17', '2026-11-17', '%s')",
			(long long)s->ana, kind, detail, tier, told));
}

static err_t *play_missing(struct scene *s)
{
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Bom dia!\n\n💡 Faltam 30 dias de anotações (sono e energia)");
	CHECK(tool_scene_has(s, "r:1"));
	CHECK(!tool_scene_has(s, "T:rate_recommendation:id=1&answer=never"));
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE status = 'read' AND told_at IS NOT NULL",
		    1);
	s->req->lang = LANG_EN;
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Faltam 30 dias"); /* told is told */
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations", 1);
	return NULL;
}

TEST(without_notes_it_says_what_is_missing)
{
	return tool_scene_run(t, play_missing);
}

static err_t *play_fact(struct scene *s)
{
	ERR(tool_scene_call(s, "create_task",
			    "{\"title\":\"renovar <o> passaporte\",\"due\":\"2026-11-16\"}"));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "💡 Que tal começar o dia por <b>renovar &lt;o&gt; passaporte</b>?");
	CHECK_SAID(s, "<i>Venceu há 2 dias.</i>");
	CHECK(tool_scene_has(s, "T:rate_recommendation:id=1&answer=useful"));
	CHECK_COUNT(
		s, "SELECT count(*) FROM recommendations WHERE action_tool = 'update_task' AND object_id = 1",
		1);
	ERR(tool_scene_press(s, "T:rate_recommendation:id=1&answer=useful"));
	CHECK_SAID(s, "Que bom!");
	CHECK(!tool_scene_has(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE feedback = 'useful'", 1);
	return NULL;
}

TEST(a_fact_is_told_with_an_act)
{
	return tool_scene_run(t, play_fact);
}

/* Made at six, done by seven: what is told is true then. */
static err_t *play_stale(struct scene *s)
{
	struct tx *tx;

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"pagar\",\"due\":\"2026-11-16\"}"));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, recommendation_make(s->req, tx, TODAY)));
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE type = 'overdue' AND status = 'pending'",
		    1);
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	ERR(tell(s, TODAY));
	CHECK_UNSAID(s, "começar o dia por");
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE type = 'missing'", 1);
	return NULL;
}

TEST(what_is_told_is_true_when_it_is_told)
{
	return tool_scene_run(t, play_stale);
}

static err_t *play_pattern(struct scene *s)
{
	ERR(finding(s, "sleep_energy", "", "confirmed", ""));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Dormir mais anda junto com mais energia. Que tal uma noite mais longa hoje?");
	CHECK_SAID(s, "Correlação de 0,52 (provavelmente entre 0,21 e 0,73), em 43 dias · confirmado");
	CHECK_UNSAID(s, "causa");
	CHECK_COUNT(s, "SELECT count(*) FROM findings WHERE told_tier = 'confirmed'", 1);
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM recommendations WHERE n = 43 AND effect = 0.52 AND low = 0.21 AND high = 0.73 "
		"AND finding_id = 1 AND action_args::json->>'at' = '2026-11-18T22:15:00'",
		1);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "Sleeping more goes together with more energy.");
	CHECK_SAID(s, "Correlation of 0.52 (probably between 0.21 and 0.73), over 43 days");
	CHECK_DATA(s, "findings.0.kind", "sleep_energy");
	return NULL;
}

TEST(a_pattern_is_told_with_its_numbers)
{
	return tool_scene_run(t, play_pattern);
}

static err_t *play_taken_back(struct scene *s)
{
	ERR(finding(s, "sleep_energy", "", "withdrawn", "likely"));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Retiro o que eu disse antes: <i>Dormir mais anda junto com mais energia.</i>");
	CHECK_UNSAID(s, "noite mais longa");
	ERR(tell(s, "2026-11-19"));
	CHECK_UNSAID(s, "Retiro");
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "Nenhum padrão que se sustente");
	return NULL;
}

TEST(what_does_not_hold_is_taken_back_once)
{
	return tool_scene_run(t, play_taken_back);
}

/* Who has no morning message hears it in /insights. */
static err_t *play_taken_back_there(struct scene *s)
{
	ERR(finding(s, "sleep_energy", "", "withdrawn", "confirmed"));
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "Retiro o que eu disse antes: <i>Dormir mais anda junto com mais energia.</i>");
	ERR(tool_scene_say(s, "/insights"));
	CHECK_UNSAID(s, "Retiro");
	ERR(tell(s, TODAY));
	CHECK_UNSAID(s, "Retiro");
	return NULL;
}

TEST(insights_take_back_what_no_morning_did)
{
	return tool_scene_run(t, play_taken_back_there);
}

static err_t *play_peak(struct scene *s)
{
	ERR(finding(s, "peak_hour", "10", "likely", ""));
	ERR(as_owner(s, "UPDATE findings SET unit = 'x', effect = 2.1, low = NULL, high = NULL"));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Você costuma concluir mais tarefas por volta das 10h. Que tal reservar essa hora");
	CHECK_SAID(s, "2,1 vezes o habitual, em 43 dias · provável");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM recommendations WHERE action_args::json->>'start' = '2026-11-18T10:00:00'",
		1);
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"escrever o relatório\",\"priority\":\"high\"}"));
	ERR(tell(s, "2026-11-19")); /* told yesterday: it rests */
	CHECK_UNSAID(s, "por volta das 10h");
	ERR(tell(s, "2026-11-24"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM recommendations WHERE day = '2026-11-24' AND action_tool = 'update_task' "
		"AND action_args::json->>'due' = '2026-11-24T10:00:00'",
		1);
	return NULL;
}

TEST(a_best_hour_moves_the_deep_task_or_keeps_itself_free)
{
	return tool_scene_run(t, play_peak);
}

static err_t *play_energy(struct scene *s)
{
	ERR(finding(s, "energy_tasks", "", "likely", ""));
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"escrever\",\"due\":\"2026-11-18\"}"));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Comece por <b>escrever</b>");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM recommendations WHERE action_args::json->>'due' = '2026-11-18T09:00:00'",
		1);
	return NULL;
}

TEST(energy_is_for_the_deep_task_at_an_hour)
{
	return tool_scene_run(t, play_energy);
}

static err_t *play_never(struct scene *s)
{
	for (int i = 1; i <= 3; i++) {
		ERR(tool_scene_call(s, "create_task", "{\"title\":\"pagar\",\"due\":\"2026-11-16\"}"));
		ERR(tell(s, mem_fmt(s->pool, "2026-11-%d", 17 + i)));
		CHECK_SAID(s, "começar o dia por");
		ERR(tool_scene_press(s, mem_fmt(s->pool, "T:rate_recommendation:id=%d&answer=never", i)));
		ERR(tool_scene_call(s, "complete_task", mem_fmt(s->pool, "{\"id\":%d}", i)));
	}
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE status = 'dismissed'", 3);
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"pagar\",\"due\":\"2026-11-16\"}"));
	ERR(tell(s, "2026-11-21"));
	CHECK_UNSAID(s, "começar o dia por");
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "🔕 Não sugiro mais: tarefas atrasadas");
	ERR(tool_scene_press(s, "t:hear_recommendations:type=overdue"));
	ERR(tell(s, "2026-11-22"));
	CHECK_SAID(s, "começar o dia por");
	return NULL;
}

TEST(three_nevers_silence_a_kind_until_it_is_wanted_again)
{
	return tool_scene_run(t, play_never);
}

static err_t *play_others(struct scene *s)
{
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"segredo\",\"due\":\"2026-11-16\"}"));
	ERR(tell(s, TODAY));
	s->req->user_id = s->bia;
	ERR(tell(s, TODAY));
	CHECK_UNSAID(s, "segredo");
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE user_id = 1 AND feedback IS NULL", 1);
	ERR(tool_scene_call(s, "get_insights", "{}"));
	CHECK_UNSAID(s, "segredo");
	return NULL;
}

/* What was said to yesterday's morning is not said to today's; what is refused is not shown again. */
static err_t *play_repeated(struct scene *s)
{
	ERR(tell(s, "2026-11-10"));
	CHECK_SAID(s, "Faltam 30 dias");
	CHECK_SAID(s, "o acaso engana");
	ERR(tell(s, "2026-11-11")); /* there is one each day, but no news: a line */
	CHECK_SAID(s, "Faltam 30 dias");
	CHECK_UNSAID(s, "o acaso engana");
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations", 2);
	ERR(tell(s, "2026-11-17"));
	CHECK_SAID(s, "Faltam 30 dias");
	ERR(tool_scene_call(s, "create_task", "{\"title\":\"pagar\",\"due\":\"2026-11-09\"}"));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "Que tal começar o dia por <b>pagar</b>?");
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "Sugestão de hoje");
	ERR(tool_scene_press(s, "T:rate_recommendation:id=4&answer=not_now"));
	ERR(tool_scene_say(s, "/insights"));
	CHECK_UNSAID(s, "Sugestão de hoje");
	ERR(tell(s, "2026-11-19"));
	CHECK_UNSAID(s, "pagar");
	ERR(tell(s, "2026-11-21"));
	CHECK_SAID(s, "Que tal começar o dia por <b>pagar</b>?");
	return NULL;
}

TEST(no_morning_repeats_the_last)
{
	return tool_scene_run(t, play_repeated);
}

TEST(nobody_hears_of_another)
{
	return tool_scene_run(t, play_others);
}

/* Eight weeks in which energy rises, and of whose tasks two of three are done on their day. */
static err_t *play_portrait(struct scene *s)
{
	ERR(as_owner(
		s,
		mem_fmt(s->pool,
			"INSERT INTO metrics (user_id, day, sleep, energy, tasks_due, due_done, updated_at) "
			"SELECT %lld, '2026-11-17'::date - i, 7, 8 - i / 14.0 + (hashint4(i) & 255) / 256.0, 3, 2, now() "
			"FROM generate_series(0, 55) i",
			(long long)s->ana)));
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "📋 <b>Suas últimas 8 semanas</b>");
	CHECK_SAID(s, "67% do que estava para o dia ficou pronto no próprio dia (1");
	CHECK_SAID(s, "Energia: subindo cerca de 0,5 por semana (entre 0,");
	CHECK_UNSAID(s, "o melhor resultado"); /* every weekday does as well */
	CHECK_UNSAID(s, "Sono");
	CHECK_SAID(s, "Só um retrato");
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/insights"));
	CHECK_UNSAID(s, "retrato");
	return NULL;
}

TEST(the_last_weeks_are_described)
{
	return tool_scene_run(t, play_portrait);
}

/* Made at six and not told by a morning's message: what was done since is not called overdue. */
static err_t *play_insights_fresh(struct scene *s)
{
	struct tx *tx;

	ERR(tool_scene_call(s, "create_task", "{\"title\":\"pagar\",\"due\":\"2026-11-16\"}"));
	ERR(tx_begin_user(s->req, &tx));
	ERR(tx_end(tx, recommendation_make(s->req, tx, TODAY)));
	ERR(tool_scene_call(s, "complete_task", "{\"id\":1}"));
	ERR(tool_scene_say(s, "/insights"));
	CHECK_SAID(s, "Sugestão de hoje");
	CHECK_UNSAID(s, "atrasada");
	CHECK_DATA(s, "recommendation", "missing");
	CHECK_COUNT(s, "SELECT count(*) FROM recommendations WHERE told_at IS NOT NULL", 1);
	return NULL;
}

TEST(insights_tell_what_is_true_then_and_note_it_as_told)
{
	return tool_scene_run(t, play_insights_fresh);
}

static err_t *play_theme(struct scene *s)
{
	const char *theme =
		"bastidores & <receitas> de família com a avó, o avô, os primos e mais quem passar pela cozinha";

	ERR(finding(s, "content_theme", theme, "confirmed", ""));
	ERR(as_owner(s, "UPDATE findings SET unit = 'sd'"));
	ERR(tell(s, TODAY));
	CHECK_SAID(s, "<b>bastidores &amp; &lt;receitas&gt; de família");
	CHECK_COUNT(
		s,
		mem_fmt(s->pool,
			"SELECT count(*) FROM recommendations WHERE action_args::json->>'theme' = '%s' "
			"AND action_args::json->>'title' LIKE 'Novo post sobre bastidores & <receitas>%%'",
			theme),
		1);
	return NULL;
}

TEST(an_idea_has_the_very_theme_that_goes_well)
{
	return tool_scene_run(t, play_theme);
}
