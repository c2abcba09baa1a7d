/* Answers as providers send them, and cut, wrong and misplaced ones. */
#include "core/text.h"
#include "integrations/llm/llm_sse.h"
#include "tests/unit/llm_data.h"

#include <string.h>

static err_t *check_answer(apr_pool_t *pool, const struct json *answer)
{
	struct json *expect = json_at(answer, "expect");
	const char *raw = json_text(answer, "body");
	struct llm_incoming in = { .status = 200, .retry_after_s = -1 };
	struct llm_decoded decoded;
	struct json *shown;
	int64_t status;
	err_t *err;

	in.body = raw ? raw : json_write(pool, json_at(answer, "body"));
	in.n = strlen(in.body);
	if (json_int(answer, "status", &status))
		in.status = (long)status;
	json_int(answer, "retry_after", &in.retry_after_s);
	err = llm_data_decode(pool, config_provider_of(json_text(answer, "provider")), &in, &decoded);
	shown = llm_data_show(pool, &decoded, err);
	if (strstr(json_write(pool, expect), "made-up") && !json_text(expect, "native")) {
		/* It holds the ids of our making; see made_up_ids_go_back. */
		json_set_text(shown, "native", NULL);
		json_set_text(expect, "native", NULL);
	}
	CHECK_TEXT(json_write(pool, shown), json_write(pool, expect));
	return NULL;
}

TEST(answers)
{
	struct json *answers;

	ERR(llm_data_json(t->pool, "answers.json", &answers));
	CHECK(json_len(answers) > 50);
	for (size_t i = 0; i < json_len(answers); i++)
		ERR(err_wrap(check_answer(t->pool, json_item(answers, i)), "%s: %s",
			     json_text(json_item(answers, i), "provider"),
			     json_text(json_item(answers, i), "name")));
	return NULL;
}

/* What made-up ids are worth: they are unique, and in the message that goes back. */
TEST(made_up_ids_go_back)
{
	static const char body[] =
		"{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"x\",\"function\":{\"name\":\"f\"}},"
		"{\"id\":\"x\",\"function\":{\"name\":\"f\"}},{\"function\":{\"name\":\"f\"}}]}}]}";
	const struct llm_incoming in = { 200, body, sizeof body - 1, -1 };
	struct llm_decoded d;

	ERR(llm_data_decode(t->pool, PROVIDER_OLLAMA, &in, &d));
	CHECK_INT(d.reply.calls_n, 3);
	CHECK_TEXT(d.reply.calls[0].id, "x");
	for (size_t i = 0; i < 3; i++) {
		const struct json *call = json_item(json_at(d.reply.native, "tool_calls"), i);

		CHECK_TEXT(json_text(call, "id"), d.reply.calls[i].id);
		CHECK(i == 0 || !text_same(d.reply.calls[i].id, d.reply.calls[i - 1].id));
	}
	return NULL;
}

/* Codes are logged; what might be someone's words is not. */
TEST(errors_hold_no_content)
{
	static const char body[] =
		"{\"error\":{\"code\":400,\"message\":\"secret words\",\"status\":\"secret words\"}}";
	const struct llm_incoming in = { 400, body, sizeof body - 1, -1 };
	struct llm_decoded d;
	err_t *err = llm_data_decode(t->pool, PROVIDER_GEMINI, &in, &d);

	CHECK(err != NULL);
	CHECK_TEXT(err_message(err), "gemini answered 400 ");
	err_clear(err);
	return NULL;
}

/* Lines may end in LF, CR LF or CR. */
static struct buf with_ends(apr_pool_t *pool, const struct buf *body, const char *end)
{
	struct buf b = buf_new(pool, 1 << 20);

	for (size_t i = 0; i < body->n; i++)
		if (body->p[i] == '\n')
			buf_text(&b, end);
		else
			buf_char(&b, body->p[i]);
	return b;
}

/* Cut anywhere, a stream is refused, or (nothing but ends of lines being lost) gives what the whole gave. */
static err_t *check_cuts(apr_pool_t *pool, enum config_provider provider, const struct buf *body,
			 const char *whole)
{
	size_t content = body->n;

	while (content && strchr("\r\n", body->p[content - 1]))
		content--;
	for (size_t n = 0; n < body->n; n++) {
		apr_pool_t *scratch = pool_child(pool);
		const struct llm_incoming in = { 200, mem_textn(scratch, body->p, n), n, -1 };
		struct llm_decoded d;
		err_t *err = llm_data_decode(scratch, provider, &in, &d);

		if (!err && (n <= content ||
			     strcmp(json_write(scratch, llm_data_show(scratch, &d, NULL)), whole) != 0))
			return err_new(ERR_INTERNAL, "taken for whole after %zu of %zu bytes", n, body->n);
		if (err && err->code != ERR_PROVIDER_ERROR)
			return err;
		err_clear(err);
		pool_free(scratch);
	}
	return NULL;
}

static err_t *check_stream(apr_pool_t *pool, enum config_provider provider, const char *file,
			   const char *expected)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };
	struct buf file_body;

	ERR(llm_data_read(pool, file, &file_body));
	for (size_t i = 0; i < 3; i++) {
		struct buf body = with_ends(pool, &file_body, ends[i]);
		const struct llm_incoming in = { 200, body.p, body.n, -1 };
		struct llm_decoded d;

		ERR(llm_data_decode(pool, provider, &in, &d));
		CHECK_TEXT(json_write(pool, llm_data_show(pool, &d, NULL)), expected);
		ERR(err_wrap(check_cuts(pool, provider, &body, expected), "%s, ends of lines %zu", file, i));
	}
	return NULL;
}

TEST(gemini_stream)
{
	return check_stream(
		t->pool, PROVIDER_GEMINI, "gemini.sse",
		"{\"model\":\"gemini-3.8-flash\",\"text\":\"Olá,\\n\",\"calls\":[\"c1 create_task {\\\"title\\\":\\\"pão\\\"}\","
		"\"c2 list_tasks {}\"],\"finish\":\"stop\",\"usage\":\"12 0 27 7\",\"native\":\"{\\\"role\\\":\\\"model\\\","
		"\\\"parts\\\":[{\\\"text\\\":\\\"hm\\\",\\\"thought\\\":true},{\\\"text\\\":\\\"Olá,\\\\n\\\"},{\\\"functionCall\\\":"
		"{\\\"id\\\":\\\"c1\\\",\\\"name\\\":\\\"create_task\\\",\\\"args\\\":{\\\"title\\\":\\\"pão\\\"}},"
		"\\\"thoughtSignature\\\":\\\"QUJD\\\"},{\\\"functionCall\\\":{\\\"id\\\":\\\"c2\\\",\\\"name\\\":\\\"list_tasks\\\"}},"
		"{\\\"text\\\":\\\"\\\",\\\"thoughtSignature\\\":\\\"REVG\\\"}]}\"}");
}

TEST(openai_stream)
{
	return check_stream(
		t->pool, PROVIDER_OPENAI, "openai.sse",
		"{\"model\":\"gpt-5.6\",\"text\":\"Olá,\\n\",\"calls\":[\"c1 create_task {\\\"title\\\":\\\"pão\\\"}\","
		"\"c2 list_tasks {}\"],\"finish\":\"stop\",\"usage\":\"12 0 27 7\",\"native\":\"{\\\"role\\\":\\\"assistant\\\","
		"\\\"content\\\":\\\"Olá,\\\\n\\\",\\\"tool_calls\\\":[{\\\"id\\\":\\\"c1\\\",\\\"type\\\":\\\"function\\\","
		"\\\"function\\\":{\\\"name\\\":\\\"create_task\\\",\\\"arguments\\\":\\\"{\\\\\\\"title\\\\\\\":\\\\\\\"pão\\\\\\\"}\\\"}},"
		"{\\\"id\\\":\\\"c2\\\",\\\"type\\\":\\\"function\\\",\\\"function\\\":{\\\"name\\\":\\\"list_tasks\\\","
		"\\\"arguments\\\":\\\"{}\\\"}}]}\"}");
}

TEST(anthropic_stream)
{
	return check_stream(
		t->pool, PROVIDER_ANTHROPIC, "anthropic.sse",
		"{\"model\":\"claude-sonnet-5\",\"text\":\"Olá,\\n\",\"calls\":[\"c1 create_task {\\\"title\\\":\\\"pão\\\"}\","
		"\"c2 list_tasks {}\"],\"finish\":\"stop\",\"usage\":\"12 7 27 0\",\"native\":\"[{\\\"type\\\":\\\"thinking\\\","
		"\\\"thinking\\\":\\\"hm\\\",\\\"signature\\\":\\\"c2ln\\\"},{\\\"type\\\":\\\"text\\\",\\\"text\\\":\\\"Olá,\\\\n\\\"},"
		"{\\\"type\\\":\\\"tool_use\\\",\\\"id\\\":\\\"c1\\\",\\\"name\\\":\\\"create_task\\\",\\\"input\\\":"
		"{\\\"title\\\":\\\"pão\\\"}},{\\\"type\\\":\\\"tool_use\\\",\\\"id\\\":\\\"c2\\\",\\\"name\\\":\\\"list_tasks\\\","
		"\\\"input\\\":{}}]\"}");
}

TEST(streams_that_end_in_an_error)
{
	static const struct {
		enum config_provider provider;
		const char *body, *shown;
	} cases[] = {
		{ PROVIDER_GEMINI,
		  "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"O\"}]}}]}\n\n{\"error\":{\"code\":429}}",
		  "{\"error\":\"RATE_LIMIT\",\"again\":true,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_GEMINI,
		  "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"O\"}]}}]}\n\n[{\"error\":{\n\"code\":503}}\n]\n",
		  "{\"error\":\"PROVIDER_ERROR\",\"again\":true,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_GEMINI, "data: {\"error\":{\"code\":400}}\n\n",
		  "{\"error\":\"PROVIDER_ERROR\",\"again\":false,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_OPENAI, "data: {\"error\":{\"message\":\"x\",\"code\":null}}\n\ndata: [DONE]\n\n",
		  "{\"error\":\"PROVIDER_ERROR\",\"again\":true,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_OPENAI, "data: [DONE]\n\n",
		  "{\"error\":\"PROVIDER_ERROR\",\"again\":false,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_OPENAI,
		  "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":99999999,\"function\":{}}]}}]}\n\ndata: [DONE]\n\n",
		  "{\"error\":\"PROVIDER_ERROR\",\"again\":false,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_ANTHROPIC,
		  "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}}\n\n",
		  "{\"error\":\"RATE_LIMIT\",\"again\":true,\"spent\":false,\"wait_ms\":-1}" },
		{ PROVIDER_ANTHROPIC, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
		  "{\"error\":\"PROVIDER_ERROR\",\"again\":false,\"spent\":false,\"wait_ms\":-1}" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct llm_incoming in = { 200, cases[i].body, strlen(cases[i].body), -1 };
		struct llm_decoded d;
		err_t *err = llm_data_decode(t->pool, cases[i].provider, &in, &d);

		CHECK(err != NULL);
		CHECK_TEXT(json_write(t->pool, llm_data_show(t->pool, &d, err)), cases[i].shown);
	}
	return NULL;
}

TEST(streams_are_told_from_json)
{
	static const char *const streams[] = { "data: {}",
					       ": x",
					       ("\xef\xbb\xbf"
						"data:"),
					       "\n\nevent: x",
					       "id: 1",
					       "retry: 5" };
	static const char *const others[] = { "{}", "[]", "", "\n {", "<html>", "\xef\xbb\xbf", "null" };

	for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
		CHECK(llm_sse_looks(streams[i], strlen(streams[i])));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		CHECK(!llm_sse_looks(others[i], strlen(others[i])));
	return NULL;
}
