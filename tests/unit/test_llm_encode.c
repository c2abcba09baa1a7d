/* Requests as providers want them: one conversation, whole, against recorded bodies. */
#include "core/text.h"
#include "integrations/llm/llm_anthropic.h"
#include "integrations/llm/llm_gemini.h"
#include "integrations/llm/llm_openai.h"
#include "tests/unit/llm_data.h"

#include <stdlib.h>
#include <string.h>

struct talk {
	struct llm_message messages[8];
	struct llm_tool tools[2];
	struct llm_reply foreign;
	struct llm_call foreign_calls[2];
	struct llm_result results[3];
	struct llm_decoded own;
	struct llm_request request;
};

static struct json *object(apr_pool_t *pool, const char *text)
{
	struct json *j = NULL;

	err_clear(json_read(pool, text, strlen(text), &j));
	return j;
}

/* An earlier turn; a step that another provider made, with parallel calls whose results come in another order; one of the
 * provider's own; its result, an error. */
static err_t *talk_make(apr_pool_t *pool, enum config_provider provider, const struct json *own,
			struct talk *c)
{
	const char *body = json_write(pool, own);
	const struct llm_incoming in = { 200, body, strlen(body), -1 };

	ERR(llm_data_decode(pool, provider, &in, &c->own));
	c->foreign_calls[0] =
		(struct llm_call){ "f1", "create_task", object(pool, "{\"title\":\"pão \\\"doce\\\"\"}") };
	c->foreign_calls[1] = (struct llm_call){ "f2", "list_tasks", NULL };
	c->foreign = (struct llm_reply){ .provider = PROVIDER_COUNT,
					 .model = "x",
					 .text = "Um momento.",
					 .calls = c->foreign_calls,
					 .calls_n = 2 };
	c->results[0] = (struct llm_result){ "f2", "list_tasks", object(pool, "{\"tasks\":[]}"), false };
	c->results[1] = (struct llm_result){ "f1", "create_task", object(pool, "{\"id\":7}"), false };
	c->results[2] = (struct llm_result){ c->own.reply.calls[0].id, "list_tasks",
					     object(pool, "{\"why\":\"não há\"}"), true };
	c->tools[0] = (struct llm_tool){
		"create_task", "Keeps a task",
		object(pool, "{\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\"}},"
			     "\"required\":[\"title\"]}")
	};
	c->tools[1] = (struct llm_tool){ "list_tasks", "Lists tasks", NULL };
	c->messages[0] = (struct llm_message){ .role = LLM_PERSON, .text = "oi" };
	c->messages[1] = (struct llm_message){ .role = LLM_MODEL, .text = "Olá!" };
	c->messages[2] = (struct llm_message){ .role = LLM_MODEL, .text = "" }; /* said nothing: not shown */
	c->messages[3] = (struct llm_message){ .role = LLM_PERSON, .text = "guarde pão" };
	c->messages[4] = (struct llm_message){ .role = LLM_MODEL, .reply = &c->foreign };
	c->messages[5] = (struct llm_message){ .role = LLM_RESULTS, .results = c->results, .results_n = 2 };
	c->messages[6] = (struct llm_message){ .role = LLM_MODEL, .reply = &c->own.reply };
	c->messages[7] =
		(struct llm_message){ .role = LLM_RESULTS, .results = &c->results[2], .results_n = 1 };
	c->request = (struct llm_request){ .system = "Be brief.",
					   .messages = c->messages,
					   .messages_n = 8,
					   .tools = c->tools,
					   .tools_n = 2,
					   .only = provider };
	return NULL;
}

static void encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
		   struct llm_outgoing *ret)
{
	switch (at->provider) {
	case PROVIDER_GEMINI: llm_gemini_encode(pool, at, request, ret); break;
	case PROVIDER_ANTHROPIC: llm_anthropic_encode(pool, at, request, ret); break;
	default: llm_openai_encode(pool, at, request, ret);
	}
}

static err_t *check_request(apr_pool_t *pool, const struct json *entry)
{
	const char *name = json_text(entry, "provider"), *thinking = json_text(entry, "thinking");
	struct llm_endpoint at = { .provider = config_provider_of(name),
				   .base = "http://h/v1",
				   .key = "k3y",
				   .model = json_text(entry, "model") };
	struct talk *c = MEM_NEW(pool, struct talk);
	struct llm_outgoing out;

	at.thinking = text_same(thinking, "level")    ? LLM_THINK_LEVEL
		      : text_same(thinking, "budget") ? LLM_THINK_BUDGET
						      : LLM_THINK_NOTHING;
	ERR(talk_make(pool, at.provider, json_at(entry, "answer"), c));
	encode(pool, &at, &c->request, &out);
	CHECK_TEXT(out.body, json_write(pool, json_at(entry, "request")));
	CHECK_TEXT(out.url, json_text(entry, "url"));
	CHECK_TEXT(out.headers[0], json_text(entry, "headers.0"));
	CHECK_TEXT(out.headers[1], json_text(entry, "headers.1"));
	CHECK(!strstr(out.body, "k3y") && !strstr(out.url, "k3y"));
	/* Without a key, no header for one; without tools and system, no members for them. */
	at.key = "";
	c->request = (struct llm_request){ .messages = c->messages, .messages_n = 1, .max_tokens = 100 };
	encode(pool, &at, &c->request, &out);
	CHECK_TEXT(out.body, json_write(pool, json_at(entry, "small")));
	for (size_t i = 0; i < LLM_HEADERS && out.headers[i]; i++)
		CHECK(text_starts(out.headers[i], "anthropic-version"));
	return NULL;
}

TEST(requests)
{
	struct json *entries;

	ERR(llm_data_json(t->pool, "requests.json", &entries));
	CHECK(json_len(entries) >= 7);
	for (size_t i = 0; i < json_len(entries); i++)
		ERR(err_wrap(check_request(t->pool, json_item(entries, i)), "%s",
			     json_text(json_item(entries, i), "model")));
	return NULL;
}
