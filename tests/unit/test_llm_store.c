#include "tests/unit/llm_data.h"

#include <string.h>

/* Stored and read back, as jsonb gives it: members in another order, numbers as numbers, no NUL anywhere. */
TEST(a_reply_comes_back_to_the_byte)
{
	static const char body[] =
		"{\"modelVersion\":\"gemini-3.8-flash\",\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"zz\":1.500,\"aa\":"
		"{\"b\":1e5,\"a\":\"\\u0000\\u2028\\\"\"},\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":{\"z\":\"\\u0000\",\"a\":2.50}},"
		"\"thoughtSignature\":\"QUJD\"},{\"text\":\"Olá 😀\"}]},\"finishReason\":\"MAX_TOKENS\"}],"
		"\"usageMetadata\":{\"promptTokenCount\":5,\"cachedContentTokenCount\":2,\"candidatesTokenCount\":3,\"thoughtsTokenCount\":4}}";
	const struct llm_incoming in = { 200, body, sizeof body - 1, -1 };
	struct llm_decoded d, back = { .wait_ms = -1 };
	struct llm_reply *reply;
	struct json *stored;
	const char *text;

	ERR(llm_data_decode(t->pool, PROVIDER_GEMINI, &in, &d));
	d.reply.latency_ms = 1234;
	text = json_write(t->pool, llm_reply_json(t->pool, &d.reply));
	CHECK(!strstr(text, "\\u0000") || strstr(text, "\\\\u0000")); /* only as text within a text */
	ERR(json_read(t->pool, text, strlen(text), &stored));
	ERR(llm_reply_read(t->pool, stored, &reply));
	back.reply = *reply;
	CHECK_TEXT(json_write(t->pool, llm_data_show(t->pool, &back, NULL)),
		   json_write(t->pool, llm_data_show(t->pool, &d, NULL)));
	CHECK_INT(reply->provider, PROVIDER_GEMINI);
	CHECK_INT(reply->latency_ms, 1234);
	CHECK_INT(reply->finish, LLM_LENGTH);
	return NULL;
}

TEST(what_is_missing_stays_missing)
{
	struct llm_call call = { "i", "n", NULL };
	const struct llm_reply bare = { .provider = PROVIDER_OLLAMA,
					.model = "m",
					.text = "",
					.calls = &call,
					.calls_n = 1,
					.finish = LLM_MALFORMED };
	struct llm_reply *reply;

	ERR(llm_reply_read(t->pool, llm_reply_json(t->pool, &bare), &reply));
	CHECK(!reply->native && !reply->calls[0].args);
	CHECK_INT(reply->finish, LLM_MALFORMED);
	return NULL;
}

TEST(what_is_no_reply_is_refused)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"7",
		"{\"provider\":\"nobody\",\"model\":\"m\",\"text\":\"\",\"finish\":\"stop\"}",
		"{\"provider\":\"gemini\",\"text\":\"\",\"finish\":\"stop\"}",
		"{\"provider\":\"gemini\",\"model\":\"m\",\"text\":\"\",\"finish\":\"later\"}",
		"{\"provider\":\"gemini\",\"model\":\"m\",\"text\":\"\",\"finish\":\"stop\",\"calls\":[{\"id\":\"x\"}]}",
		"{\"provider\":\"gemini\",\"model\":\"m\",\"text\":\"\",\"finish\":\"stop\",\"calls\":[{\"id\":\"x\",\"name\":\"f\",\"args\":\"[]\"}]}",
		"{\"provider\":\"gemini\",\"model\":\"m\",\"text\":\"\",\"finish\":\"stop\",\"native\":\"{\"}",
		"{\"provider\":\"gemini\",\"model\":\"m\",\"text\":\"\",\"finish\":\"stop\",\"native\":{}}",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct json *stored;
		struct llm_reply *reply;

		ERR(json_read(t->pool, bad[i], strlen(bad[i]), &stored));
		CHECK_ERR(llm_reply_read(t->pool, stored, &reply), ERR_INVALID);
	}
	return NULL;
}
