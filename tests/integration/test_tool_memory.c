#include "tests/integration/sample.h"
#include "tests/integration/tool_scene.h"

#include <string.h>

SAMPLE(memories, "INSERT INTO memories (fact) VALUES ('%s')")
SAMPLE(user_preferences, "INSERT INTO user_preferences (key, value) VALUES ('tone', '%s')")

static err_t *play(struct scene *s)
{
	/* Nothing is kept without a yes: the call alone only asks. */
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"prefiro reuniões de manhã\"}"));
	CHECK_INT(s->last.kind, OUTCOME_SAY);
	CHECK(s->last.card);
	CHECK_SAID(s, "Posso guardar isto na memória?");
	CHECK_COUNT(s, "SELECT count(*) FROM memories", 0);
	CHECK_COUNT(s, "SELECT count(*) FROM pending_actions WHERE tool = 'remember' AND state = 'open'", 1);
	ERR(tool_scene_answer(s, true));
	CHECK_SAID(s, "Guardado na memória");
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM memories WHERE fact = 'prefiro reuniões de manhã' AND source = 'said'",
		1);
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"gosto de café\"}"));
	ERR(tool_scene_answer(s, false));
	CHECK_SAID(s, "não fiz nada");
	CHECK_COUNT(s, "SELECT count(*) FROM memories", 1);
	/* What is sensitive is declined, kindly, and not even asked about. */
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"tenho diabetes\"}"));
	CHECK(!s->last.card);
	CHECK_SAID(s, "íntimo demais");
	s->req->autonomy = AUTONOMY_AUTO; /* even then */
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"moro em Recife\"}"));
	CHECK(s->last.card);
	ERR(tool_scene_answer(s, true));
	s->req->autonomy = AUTONOMY_CONFIRM;
	ERR(tool_scene_say(s, "/memoria"));
	CHECK_SAID(s, "moro em Recife");
	CHECK_SAID(s, "você me disse");
	ERR(tool_scene_press(s, "t:forget:1"));
	CHECK_SAID(s, "Esqueci");
	ERR(tool_scene_press(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM memories", 2);
	ERR(tool_scene_call(s, "forget", "{\"query\":\"RECIFE\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM memories", 1);
	s->req->user_id = s->bia;
	ERR(tool_scene_call(s, "forget", "{\"id\":1}"));
	CHECK_SAID(s, "Não achei a lembrança 1");
	ERR(tool_scene_say(s, "/memory"));
	CHECK_SAID(s, "não guardo nada");
	s->req->user_id = s->ana;
	ERR(tool_scene_call(s, "forget", "{\"all\":\"yes\"}"));
	CHECK(s->last.card);
	CHECK_COUNT(s, "SELECT count(*) FROM memories", 1);
	ERR(tool_scene_answer(s, true));
	CHECK_COUNT(s, "SELECT count(*) FROM memories", 0);
	return NULL;
}

TEST(memory_is_asked_for_shown_and_forgotten)
{
	return tool_scene_run(t, play);
}

static err_t *play_preference(struct scene *s)
{
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"zone\",\"value\":\"Lisboa\"}"));
	CHECK_SAID(s, "sigo o horário de <b>Lisboa</b>");
	CHECK(!tool_scene_has(s, "u:"));
	CHECK_COUNT(s, "SELECT count(*) FROM profiles WHERE zone = 'Europe/Lisbon'", 1);
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"zone\",\"value\":\"lá em casa\"}"));
	CHECK_SAID(s, "Não conheço a cidade");
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"name\",\"value\":\"Zé\"}"));
	CHECK_COUNT(s, "SELECT count(*) FROM profiles WHERE name = 'Zé'", 1);
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"style\",\"value\":\"responde curto\"}"));
	CHECK(s->last.card);
	ERR(tool_scene_answer(s, true));
	ERR(tool_scene_call(s, "set_preference",
			    "{\"key\":\"tone\",\"value\":\"fala como quem fala com deprimido\"}"));
	CHECK_SAID(s, "íntimo demais");
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"format\",\"value\":\"curto\"}"));
	ERR(tool_scene_press(s, "u:"));
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"format\",\"value\":\"curto\"}"));
	CHECK_COUNT(
		s,
		"SELECT count(*) FROM user_preferences WHERE key = 'style' AND value = 'responde curto' AND consented_at IS NOT NULL",
		1);
	CHECK_COUNT(s, "SELECT count(*) FROM user_preferences", 2);
	CHECK_ERR(tool_scene_call(s, "set_preference", "{\"key\":\"language\",\"value\":\"klingon\"}"),
		  ERR_INVALID);
	CHECK_ERR(tool_scene_call(s, "set_preference", "{\"key\":\"role\",\"value\":\"owner\"}"),
		  ERR_INVALID);
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"language\",\"value\":\"en\"}"));
	CHECK_SAID(s, "we speak");
	return NULL;
}

TEST(preferences_are_kept_when_said)
{
	return tool_scene_run(t, play_preference);
}

static err_t *play_data(struct scene *s)
{
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"gosto de café\"}"));
	ERR(tool_scene_answer(s, true));
	CHECK_TEXT(
		json_write(s->pool, s->last.data),
		"{\"memory\":{\"id\":1,\"fact\":\"gosto de café\",\"source\":\"said\",\"day\":\"2026-11-18\"}}");
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"Gosto de cafe\"}"));
	ERR(tool_scene_answer(s, true));
	CHECK_DATA(s, "refused", "already_there");
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"gosto de chá\"}"));
	ERR(tool_scene_answer(s, true));
	ERR(tool_scene_call(s, "remember", "{\"fact\":\"tenho diabetes\"}"));
	CHECK_DATA(s, "refused", "sensitive");
	ERR(tool_scene_call(s, "remember", "{\"fact\":\" \"}"));
	CHECK_DATA(s, "refused", "empty");
	ERR(tool_scene_call(s, "recall", "{}"));
	CHECK_DATA_INT(s, "total", 2);
	CHECK_DATA_INT(s, "memories.1.id", 1);
	CHECK_DATA(s, "memories.1.fact", "gosto de café");
	ERR(tool_scene_call(s, "recall", "{\"query\":\"zebra\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"total\":0,\"page\":1,\"memories\":[]}");
	ERR(tool_scene_call(s, "forget", "{\"query\":\"gosto\"}"));
	CHECK_DATA(s, "refused", "ambiguous");
	CHECK_DATA_INT(s, "candidates.1.id", 1);
	ERR(tool_scene_call(s, "forget", "{\"query\":\"chá\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"forgotten\":1,\"id\":2,\"fact\":\"gosto de chá\"}");
	ERR(tool_scene_call(s, "forget", "{\"query\":\"chá\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "forget", "{\"all\":\"yes\"}"));
	ERR(tool_scene_answer(s, true));
	CHECK_DATA_INT(s, "forgotten", 1);
	ERR(tool_scene_call(s, "forget", "{\"all\":\"yes\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"zone\",\"value\":\"Lisboa\"}"));
	CHECK_TEXT(json_write(s->pool, s->last.data), "{\"key\":\"zone\",\"value\":\"Europe/Lisbon\"}");
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"zone\",\"value\":\"lá em casa\"}"));
	CHECK_DATA(s, "refused", "not_found");
	ERR(tool_scene_call(s, "set_preference", "{\"key\":\"tone\",\"value\":\"leve\"}"));
	CHECK_DATA(s, "value", "leve");
	return NULL;
}

TEST(memory_is_told_as_data)
{
	return tool_scene_run(t, play_data);
}
