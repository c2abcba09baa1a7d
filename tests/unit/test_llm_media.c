/* Requests with pictures, sounds and documents against recorded bodies; what they weigh. */
#include "integrations/llm/llm_media.h"

#include "core/clock.h"
#include "core/text.h"
#include "integrations/llm/llm_anthropic.h"
#include "integrations/llm/llm_base64.h"
#include "integrations/llm/llm_gemini.h"
#include "integrations/llm/llm_openai.h"
#include "tests/unit/llm_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void encode(apr_pool_t *pool, const struct llm_endpoint *at, const struct llm_request *request,
		   struct llm_outgoing *ret)
{
	switch (at->provider) {
	case PROVIDER_GEMINI: llm_gemini_encode(pool, at, request, ret); break;
	case PROVIDER_ANTHROPIC: llm_anthropic_encode(pool, at, request, ret); break;
	default: llm_openai_encode(pool, at, request, ret);
	}
}

static struct llm_part part_of(const char *name)
{
	if (text_same(name, "picture"))
		return (struct llm_part){
			.kind = LLM_PICTURE, .type = "image/jpg", .data = "\xFF\xD8\xFF\xE0j", .n = 5
		};
	if (text_same(name, "document"))
		return (struct llm_part){
			.kind = LLM_DOCUMENT, .type = "application/pdf", .data = "%PDF-1.7\n", .n = 9
		};
	if (text_same(name, "sound"))
		return (struct llm_part){ .kind = LLM_SOUND, .type = "audio/mp3", .data = "ID3\x04", .n = 4 };
	return (struct llm_part){ .kind = LLM_TEXT, .text = "da cozinha" };
}

static err_t *check_request(apr_pool_t *pool, const struct json *entry)
{
	const struct llm_endpoint at = { .provider = config_provider_of(json_text(entry, "provider")),
					 .base = "http://h/v1",
					 .key = "",
					 .model = json_text(entry, "model") };
	const struct json *names = json_at(entry, "parts");
	struct llm_part parts[4];
	struct llm_message m[3] = {
		{ .role = LLM_PERSON, .text = "oi" },
		{ .role = LLM_MODEL, .text = "Olá!" },
		{ .role = LLM_PERSON, .text = "o que é?", .parts = parts, .parts_n = json_len(names) }
	};
	const struct llm_request request = { .messages = m, .messages_n = 3, .max_tokens = 100 };
	struct llm_outgoing out;

	for (size_t i = 0; i < json_len(names); i++)
		parts[i] = part_of(json_text(json_item(names, i), NULL));
	encode(pool, &at, &request, &out);
	CHECK_TEXT(out.body, json_write(pool, json_at(entry, "request")));
	CHECK_INT(out.body_n, strlen(out.body));
	return NULL;
}

TEST(requests_with_media)
{
	struct json *entries;

	ERR(llm_data_json(t->pool, "media.json", &entries));
	CHECK_INT(json_len(entries), 4);
	for (size_t i = 0; i < json_len(entries); i++)
		ERR(err_wrap(check_request(t->pool, json_item(entries, i)), "%zu", i));
	return NULL;
}

/* Bytes of this process in memory. */
static size_t resident(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	char line[128] = "", *at = line;

	if (f && fgets(line, sizeof line, f))
		strtoul(line, &at, 10); /* the size of all that is mapped */
	if (f)
		fclose(f);
	return strtoul(at, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* A pool gives nothing back before its end, so what is there after is the most there was. */
static err_t *weigh(apr_pool_t *parent, enum config_provider provider)
{
	enum { N = 5 * 1024 * 1024 };
	struct llm_part part = { .kind = LLM_PICTURE, .type = "image/jpeg", .n = N };
	const struct llm_message message = { .role = LLM_PERSON, .text = "?", .parts = &part, .parts_n = 1 };
	const struct llm_request request = { .messages = &message, .messages_n = 1 };
	const struct llm_endpoint at = { .provider = provider, .base = "http://h", .key = "", .model = "m" };
	apr_pool_t *pool = pool_root();
	size_t before, after, size = llm_base64_size(N);
	struct llm_outgoing out;

	part.data = memset(mem_alloc(parent, N), 'x', N);
	before = resident();
	encode(pool, &at, &request, &out);
	after = resident();
	CHECK(out.body_n > size);
	CHECK_INT(strlen(out.body), out.body_n);
	pool_free(pool);
	/* ASan's heap tells nothing. */
	if (after < before + size / 2 || after > before + size * 5 / 4)
		return err_new(ERR_INTERNAL, "%zu bytes for %zu of base64", after - before, size);
	return NULL;
}

TEST(a_picture_is_held_once_as_base64)
{
	ERR(weigh(t->pool, PROVIDER_GEMINI));
	ERR(weigh(t->pool, PROVIDER_OPENAI));
	return weigh(t->pool, PROVIDER_ANTHROPIC);
}

TEST(models_take_what_the_table_says)
{
	static const struct {
		enum config_provider provider;
		const char *model;
		enum llm_kind kind;
		const char *type;
		const char *error;
	} cases[] = {
		{ PROVIDER_GEMINI, "gemini-flash-latest", LLM_PICTURE, "image/heic", NULL },
		{ PROVIDER_GEMINI, "gemini-3.8-flash", LLM_SOUND, "audio/oga", NULL },
		{ PROVIDER_GEMINI, "gemini-3.8-flash", LLM_PICTURE, "image/gif", "INVALID" },
		{ PROVIDER_GEMINI, "gemini-3.8-flash", LLM_SOUND, "audio/mp4", "INVALID" },
		{ PROVIDER_OPENAI, "gpt-5.6", LLM_PICTURE, "image/gif", NULL },
		{ PROVIDER_OPENAI, "gpt-5.6", LLM_SOUND, "audio/wav", "INVALID" },
		{ PROVIDER_OPENAI, "gpt-audio", LLM_SOUND, "audio/wav", NULL },
		{ PROVIDER_OPENAI, "gpt-audio", LLM_SOUND, "audio/ogg", "INVALID" },
		{ PROVIDER_OPENAI, "gpt-oss-20b", LLM_PICTURE, "image/png", "INVALID" },
		{ PROVIDER_OPENAI, "some-local-model", LLM_PICTURE, "image/png", "INVALID" },
		{ PROVIDER_ANTHROPIC, "claude-sonnet-5", LLM_DOCUMENT, "application/pdf", NULL },
		{ PROVIDER_ANTHROPIC, "claude-sonnet-5", LLM_PICTURE, "image/heic", "INVALID" },
		{ PROVIDER_ANTHROPIC, "claude-sonnet-5", LLM_SOUND, "audio/mpeg", "INVALID" },
		{ PROVIDER_OLLAMA, "gemma3:4b", LLM_PICTURE, "image/png", NULL },
		{ PROVIDER_OLLAMA, "gemma3:1b", LLM_PICTURE, "image/png", "INVALID" },
		{ PROVIDER_OLLAMA, "qwen3", LLM_PICTURE, "image/png", "INVALID" },
		{ PROVIDER_DEEPSEEK, "deepseek-flash", LLM_PICTURE, "image/png", "INVALID" },
		{ PROVIDER_XAI, "grok-4.3", LLM_PICTURE, "image/png", "INVALID" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct llm_part part = { .kind = cases[i].kind, .type = cases[i].type, .n = 10 };
		const struct llm_message m = { .role = LLM_PERSON, .parts = &part, .parts_n = 1 };
		const struct llm_request request = { .messages = &m, .messages_n = 1 };
		const struct llm_endpoint at = { .provider = cases[i].provider, .model = cases[i].model };
		err_t *err = llm_media_fits(&at, &request, INT64_C(1795000000) * SECOND_US);

		ERR(err_wrap(test_text(__FILE__, __LINE__, cases[i].model, err ? err_name(err->code) : NULL,
				       cases[i].error),
			     "case %zu", i));
		err_clear(err);
	}
	return NULL;
}

TEST(media_are_counted_in_tokens)
{
	const struct llm_part parts[] = {
		{ .kind = LLM_PICTURE, .n = 9 },
		{ .kind = LLM_TEXT, .text = "x" },
		{ .kind = LLM_SOUND, .n = 9, .seconds = 60 },
		{ .kind = LLM_SOUND, .n = 20000 },
		{ .kind = LLM_DOCUMENT, .n = 9, .pages = 3 },
		{ .kind = LLM_DOCUMENT, .n = 150000 },
	};
	const struct llm_message m = { .role = LLM_PERSON, .parts = parts, .parts_n = 6 };
	const struct llm_request request = { .messages = &m, .messages_n = 1 };

	CHECK_INT(llm_media_tokens(PROVIDER_GEMINI, &request), 1120 + 1920 + 11 * 32 + 3 * 600 + 4 * 600);
	CHECK_INT(llm_media_tokens(PROVIDER_DEEPSEEK, &request), 0);
	return NULL;
}
