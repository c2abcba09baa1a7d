/* Whole conversations with the stand-in, which refuses whatever a provider would. */
#include "core/cache.h"
#include "core/text.h"
#include "tests/integration/llm_scene.h"

#include <string.h>

static err_t *result_of(struct llm_scene *s, const struct llm_call *call, struct llm_result *ret)
{
	struct json *output = json_object(s->pool);

	json_set_text(output, "done", call->name);
	*ret = (struct llm_result){ call->id, call->name, output, false };
	return NULL;
}

/* Two parallel calls, then one, then a text; an earlier turn stands before. */
static err_t *talk(struct llm_scene *s)
{
	struct llm_message m[8] = { { .role = LLM_PERSON, .text = "oi" },
				    { .role = LLM_MODEL, .text = "Olá!" },
				    { .role = LLM_PERSON, .text = "comprar leite e pão" } };
	struct llm_result results[3];
	struct llm_request request = llm_scene_request(s, m, 3);
	struct llm_reply *reply;
	struct json *stored;
	const char *text;

	ERR(llm_scene_script(
		s, "{\"steps\":[{\"calls\":[{\"name\":\"create_task\",\"args\":{\"title\":\"leite\"}},"
		   "{\"name\":\"create_task\",\"args\":{\"title\":\"pão\",\"n\":[1,{\"a\":2.50}]}}]},"
		   "{\"text\":\"Vejamos.\",\"calls\":[{\"name\":\"list_tasks\"}]},{\"text\":\"Pronto, Ana!\","
		   "\"usage\":{\"in\":100,\"cached\":40,\"out\":7,\"thoughts\":5}}]}"));
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_INT(reply->calls_n, 2);
	CHECK_TEXT(reply->text, "");
	CHECK_TEXT(reply->calls[1].name, "create_task");
	CHECK_TEXT(json_text(reply->calls[1].args, "title"), "pão");
	/* What a restart finds in the store of steps does as well as what was in memory. */
	text = json_write(s->pool, llm_reply_json(s->pool, reply));
	ERR(json_read(s->pool, text, strlen(text), &stored));
	ERR(llm_reply_read(s->pool, stored, &reply));
	m[3] = (struct llm_message){ .role = LLM_MODEL, .reply = reply };
	/* Results in another order still go to their calls. */
	ERR(result_of(s, &reply->calls[1], &results[0]));
	ERR(result_of(s, &reply->calls[0], &results[1]));
	m[4] = (struct llm_message){ .role = LLM_RESULTS, .results = results, .results_n = 2 };
	request.messages_n = 5;
	request.only = reply->provider;
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_INT(reply->calls_n, 1);
	CHECK_TEXT(reply->text, "Vejamos.");
	CHECK(json_is_object(reply->calls[0].args));
	m[5] = (struct llm_message){ .role = LLM_MODEL, .reply = reply };
	ERR(result_of(s, &reply->calls[0], &results[2]));
	results[2].is_error = true;
	m[6] = (struct llm_message){ .role = LLM_RESULTS, .results = &results[2], .results_n = 1 };
	request.messages_n = 7;
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_TEXT(reply->text, "Pronto, Ana!");
	CHECK_INT(reply->calls_n, 0);
	CHECK_INT(reply->finish, LLM_STOP);
	CHECK_INT(reply->usage.in, 100);
	CHECK_INT(reply->usage.cached, 40);
	CHECK_INT(reply->usage.out, 12);
	return NULL;
}

TEST(gemini_holds_a_conversation_with_tools)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, talk);
}

TEST(openai_holds_a_conversation_with_tools)
{
	static const char *const pairs[] = { "LLM_PROVIDER=openai", NULL };

	return llm_scene_run(t, pairs, talk);
}

TEST(anthropic_holds_a_conversation_with_tools)
{
	static const char *const pairs[] = { "LLM_PROVIDER=anthropic", NULL };

	return llm_scene_run(t, pairs, talk);
}

TEST(xai_holds_a_conversation_with_tools)
{
	static const char *const pairs[] = { "LLM_PROVIDER=xai", NULL };

	return llm_scene_run(t, pairs, talk);
}

TEST(deepseek_holds_a_conversation_with_tools)
{
	static const char *const pairs[] = { "LLM_PROVIDER=deepseek", NULL };

	return llm_scene_run(t, pairs, talk);
}

TEST(ollama_holds_a_conversation_with_tools)
{
	static const char *const pairs[] = { "LLM_PROVIDER=ollama", NULL };

	return llm_scene_run(t, pairs, talk);
}

TEST(older_gemini_gives_calls_no_ids)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", "GEMINI_MODEL=gemini-2.5-flash-lite",
					     NULL };

	return llm_scene_run(t, pairs, talk);
}

/* Nobody's question is asked once; another, or somebody's, each time. */
static err_t *ask_again(struct llm_scene *s)
{
	const struct llm_message message = { .role = LLM_PERSON, .text = "o que é um hábito?" };
	struct llm_request request = { .system = "Be brief.",
				       .messages = &message,
				       .messages_n = 1,
				       .only = PROVIDER_COUNT,
				       .context_free = true };
	struct llm_reply *reply;
	int64_t n;

	ERR(cache_init(""));
	ERR(llm_scene_script(
		s,
		"{\"steps\":[{\"text\":\"\",\"fault\":\"max_tokens\"},{\"text\":\"um\"},{\"text\":\"dois\"},"
		"{\"text\":\"três\"}]}"));
	ERR(llm_chat(s->req, &request, &reply)); /* cut: not kept */
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_TEXT(reply->text, "um");
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_TEXT(reply->text, "um");
	request.system = "Be long.";
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_TEXT(reply->text, "dois");
	request.system = "Be brief.";
	request.context_free = false;
	ERR(llm_chat(s->req, &request, &reply));
	CHECK_TEXT(reply->text, "três");
	ERR(llm_scene_count(s, "/", &n));
	CHECK_INT(n, 4);
	cache_shutdown();
	return NULL;
}

TEST(questions_of_nobody_are_asked_once)
{
	static const char *const pairs[] = { "LLM_PROVIDER=gemini", NULL };

	return llm_scene_run(t, pairs, ask_again);
}
