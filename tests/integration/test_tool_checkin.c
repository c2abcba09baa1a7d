#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(checkins, "INSERT INTO checkins (day, kind, note) VALUES ('2026-11-21', 'energy', '%s')")

/* The scene's clock shows 2026-11-18 16:20 in São Paulo, a Wednesday. */

static err_t *play_card(struct scene *s)
{
	ERR(tool_scene_say(s, "/checkin"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "<b>Check-in</b> · hoje (qua, 18/11)");
	CHECK_SAID(s, "Como você está?");
	ERR(tool_scene_press(s, "t:log_checkin:energy=7&show=next&day=2026-11-18"));
	CHECK_INT(s->last.kind, OUTCOME_DONE);
	CHECK_SAID(s, "⚡ Energia: <b>7</b> ✓");
	ERR(tool_scene_press(s, "t:log_checkin:mood=8&show=next&day=2026-11-18"));
	CHECK_SAID(s, "🙂 Humor: <b>8 😄</b> ✓");
	CHECK_SAID(s, "⚡ Energia: <b>7</b> ✓");
	ERR(tool_scene_press(s, "t:log_checkin:sleep=6.5&show=next&day=2026-11-18"));
	CHECK_SAID(s, "😴 Sono: <b>6h30</b> ✓");
	ERR(tool_scene_press(s, "t:log_checkin:workout=yes&show=next&day=2026-11-18"));
	CHECK_SAID(s, "🏃 Treino: <b>sim</b> ✓");
	ERR(tool_scene_press(s, "t:log_checkin:rest_day=yes&show=next&day=2026-11-18"));
	CHECK_SAID(s, "🏃 Treino: <b>não</b> ✓");
	CHECK_COUNT(s, "SELECT count(*) FROM checkins", 4);
	CHECK_COUNT(s, "SELECT (value * 10)::int FROM checkins WHERE kind = 'sleep' AND day = '2026-11-18'",
		    65);
	/* All is known, so nothing is asked; what was said can be said again. */
	CHECK(!tool_scene_has(s, "t:log_checkin:energy=3&show=next&day=2026-11-18"));
	CHECK_INT(s->last.buttons_n, 5); /* one of them undoes */
	ERR(tool_scene_press(s, "t:log_checkin:show=energy&day=2026-11-18"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	ERR(tool_scene_press(s, "t:log_checkin:energy=3&show=next&day=2026-11-18"));
	CHECK_COUNT(s, "SELECT value::int FROM checkins WHERE kind = 'energy'", 3);
	ERR(tool_scene_press(s, "u:"));
	CHECK_TEXT(s->last.html, "Desfeito: o check-in voltou a ser como era.");
	CHECK_COUNT(s, "SELECT value::int FROM checkins WHERE kind = 'energy'", 7);
	s->req->lang = LANG_EN;
	ERR(tool_scene_say(s, "/checkin"));
	CHECK_SAID(s, "😴 Sleep: <b>6h30</b> ✓");
	for (size_t i = 0; i < s->last.buttons_n; i++)
		CHECK(strlen(s->last.buttons[i].data) <= 64);
	return NULL;
}

TEST(a_card_fills_a_day_tap_by_tap)
{
	return tool_scene_run(t, play_card);
}

/* What is said, and what it leaves of a day. */
static const struct {
	const char *args;
	enum lang lang;
	const char *sql;
	int64_t expected;
} sayings[] = {
	{ "{\"energy\":7,\"text\":\"energia 7\"}", LANG_PT,
	  "SELECT value::int FROM checkins WHERE kind = 'energy' AND day = '2026-11-18'", 7 },
	{ "{\"text\":\"meu humor hoje é 6 e energia 5\"}", LANG_PT,
	  "SELECT sum(value)::int FROM checkins WHERE kind IN ('energy', 'mood') AND day = '2026-11-18'",
	  11 },
	{ "{\"sleep\":7,\"text\":\"ontem dormi 7h\"}", LANG_PT,
	  "SELECT value::int FROM checkins WHERE kind = 'sleep' AND day = '2026-11-17'", 7 },
	{ "{\"text\":\"dormi 6 horas e 30 minutos na segunda\"}", LANG_PT,
	  "SELECT (value * 60)::int FROM checkins WHERE kind = 'sleep' AND day = '2026-11-16'", 390 },
	{ "{\"text\":\"slept 7 and a half hours last night\"}", LANG_EN,
	  "SELECT (value * 60)::int FROM checkins WHERE kind = 'sleep' AND day = '2026-11-18'", 450 },
	{ "{\"workout\":true,\"text\":\"corri 5 km hoje\"}", LANG_PT,
	  "SELECT value::int FROM checkins WHERE kind = 'workout' AND note = 'corri 5 km hoje'", 1 },
	{ "{\"rest_day\":true,\"text\":\"não treinei anteontem\"}", LANG_PT,
	  "SELECT count(*) FROM checkins WHERE kind = 'workout' AND value = 0 AND day = '2026-11-16'", 1 },
	{ "{\"text\":\"mood nine\"}", LANG_EN, "SELECT value::int FROM checkins WHERE kind = 'mood'", 9 },
	{ "{\"text\":\"hoje estou 😁\"}", LANG_PT, "SELECT value::int FROM checkins WHERE kind = 'mood'", 9 },
	{ "{\"text\":\"comi uma salada\"}", LANG_PT,
	  "SELECT count(*) FROM checkins WHERE kind = 'nutrition' AND value IS NULL AND note = 'comi uma salada'",
	  1 },
	{ "{\"text\":\"comi um bolo\"}", LANG_PT,
	  "SELECT count(*) FROM checkins WHERE kind = 'nutrition' AND note = 'comi uma salada; comi um bolo'",
	  1 },
	{ "{\"text\":\"dor de cabeça o dia todo\"}", LANG_PT,
	  "SELECT count(*) FROM checkins WHERE kind = 'custom' AND note <> ''", 1 },
	{ "{\"label\":\"peso\",\"value\":70.5}", LANG_PT,
	  "SELECT (value * 10)::int FROM checkins WHERE kind = 'custom' AND label = 'peso'", 705 },
	{ "{\"nutrition\":4,\"day\":\"2026-11-01\"}", LANG_PT,
	  "SELECT value::int FROM checkins WHERE kind = 'nutrition' AND day = '2026-11-01'", 4 },
};

static err_t *play_words(struct scene *s)
{
	for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
		s->req->lang = sayings[i].lang;
		ERR(tool_scene_call(s, "log_checkin", sayings[i].args));
		CHECK_INT(s->last.kind, OUTCOME_DONE);
		ERR(err_wrap(tool_scene_count(s, sayings[i].sql, sayings[i].expected), "%s",
			     sayings[i].args));
	}
	s->req->lang = LANG_PT;
	ERR(tool_scene_say(s, "/checkin energia 9, dormi 5h15"));
	CHECK_SAID(s, "Energia: <b>9</b> ✓");
	CHECK_SAID(s, "Sono: <b>5h15</b> ✓");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM (SELECT FROM checkins GROUP BY day, kind, label HAVING count(*) > 1) x",
		0);
	return NULL;
}

TEST(a_day_is_told_in_words)
{
	return tool_scene_run(t, play_words);
}

/* Below what was said stand a few buttons, and the many values behind them. */
static err_t *play_few(struct scene *s)
{
	ERR(tool_scene_call(s, "log_checkin", "{\"sleep\":5,\"text\":\"dormi mal, 5 horas\"}"));
	CHECK_SAID(s, "Sono: <b>5h</b> ✓");
	CHECK_INT(s->last.buttons_n, 6); /* three kinds, two of a workout, undo */
	ERR(tool_scene_press(s, "t:log_checkin:show=mood&day=2026-11-18"));
	CHECK(tool_scene_has(s, "t:log_checkin:mood=10&show=next&day=2026-11-18"));
	ERR(tool_scene_press(s, "t:log_checkin:mood=2&show=next&day=2026-11-18"));
	CHECK(tool_scene_has(s, "t:log_checkin:energy=4&show=next&day=2026-11-18")); /* asked next */
	return NULL;
}

TEST(few_buttons_and_more_behind_them)
{
	return tool_scene_run(t, play_few);
}

static err_t *play_bad(struct scene *s)
{
	ERR(tool_scene_say(s, "/checkin energia 11"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_SAID(s, "A energia vai de 1 a 10");
	ERR(tool_scene_say(s, "/checkin humor 0"));
	CHECK_SAID(s, "O humor vai de 1 a 10");
	ERR(tool_scene_call(s, "log_checkin", "{\"sleep\":25}"));
	CHECK_SAID(s, "só tem 24 horas");
	ERR(tool_scene_say(s, "/checkin amanhã energia 5"));
	CHECK_SAID(s, "ainda não chegou");
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":5,\"day\":\"2026-11-19\"}"));
	CHECK_SAID(s, "ainda não chegou");
	ERR(tool_scene_call(s, "log_checkin", "{\"habit_id\":9}"));
	CHECK_SAID(s, "Não achei o hábito 9");
	ERR(tool_scene_call(s, "log_checkin", "{\"habit\":\"voar\"}"));
	CHECK_SAID(s, "Não achei nenhum hábito como “voar”");
	CHECK_ERR(tool_scene_call(s, "log_checkin", "{\"energy\":5,\"day\":\"logo\"}"), ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "log_checkin", "{\"energy\":5,\"user_id\":2}"), ERR_INVALID);
	CHECK_COUNT(s, "SELECT count(*) FROM checkins", 0);
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":5}"));
	s->req->user_id = s->bia;
	ERR(tool_scene_say(s, "/checkin"));
	CHECK_UNSAID(s, "Energia: <b>");
	s->req->role = ROLE_GUEST;
	CHECK_ERR(tool_scene_say(s, "/checkin"), ERR_DENIED);
	return NULL;
}

TEST(values_out_of_range_are_asked_again)
{
	return tool_scene_run(t, play_bad);
}

static err_t *play_suggest(struct scene *s)
{
	s->req->autonomy = AUTONOMY_SUGGEST;
	ERR(tool_scene_say(s, "/checkin"));
	CHECK_SAID(s, "Como você está?");
	ERR(tool_scene_say(s, "/checkin energia 4"));
	CHECK(s->last.card);
	CHECK_COUNT(s, "SELECT count(*) FROM checkins", 0);
	ERR(tool_scene_answer(s, true));
	CHECK_COUNT(s, "SELECT value::int FROM checkins", 4);
	return NULL;
}

TEST(who_wants_to_be_asked_is_asked)
{
	return tool_scene_run(t, play_suggest);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(s, "create_habit", "{\"name\":\"ler\"}"));
	ERR(tool_scene_call(
		s, "log_checkin",
		"{\"energy\":7,\"sleep\":6.5,\"rest_day\":true,\"label\":\"peso\",\"value\":0,\"habit\":\"ler\"}"));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"day\":\"2026-11-18\",\"energy\":7,\"sleep\":6.5,\"workout\":\"no\",\"measures\":[{\"label\":\"peso\",\"value\":0}],"
		"\"habits\":[{\"id\":1,\"name\":\"ler\",\"per\":\"day\",\"target\":1,\"today\":1,\"so_far\":1,\"streak\":1,\"best\":1}]}");
	ERR(tool_scene_call(s, "log_checkin",
			    "{\"text\":\"almocei salada\",\"day\":\"2026-11-17\",\"workout\":true}"));
	CHECK_DATA(s, "day", "2026-11-17");
	CHECK_DATA(s, "workout", "yes");
	CHECK_DATA(s, "notes.0.about", "nutrition");
	CHECK_DATA(s, "notes.0.text", "almocei salada");
	ERR(tool_scene_call(s, "log_checkin", "{}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK_DATA_INT(s, "habits.0.id", 1);
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":11}"));
	CHECK_DATA(s, "refused", "out_of_range");
	ERR(tool_scene_call(s, "log_checkin", "{\"energy\":5,\"day\":\"2026-11-30\"}"));
	CHECK_DATA(s, "refused", "future");
	ERR(tool_scene_call(s, "log_checkin", "{\"habit_id\":9}"));
	CHECK_DATA(s, "refused", "not_found");
	return NULL;
}

TEST(a_day_is_told_as_data)
{
	return tool_scene_run(t, play_data);
}
