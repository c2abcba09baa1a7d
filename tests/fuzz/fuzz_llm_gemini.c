/* Answers of gemini of any bytes: an error that is known, or a reply that can be handed back, stored and read again. The first
 * byte chooses the status. */
#include "integrations/llm/llm_gemini.h"
#include "tests/fuzz/fuzz.h"

static void check(apr_pool_t *pool, const struct llm_decoded *d)
{
	const struct llm_reply *r = &d->reply;
	const struct llm_endpoint at = { r->provider, "http://h/v1", "", "m", LLM_THINK_NOTHING, false };
	struct llm_message step = { .role = LLM_MODEL, .reply = r };
	struct llm_request request = { .messages = &step, .messages_n = 1 };
	struct llm_outgoing out;
	struct llm_reply *again;
	struct json *body;
	struct llm_reply named = *r;

	must_be_text(r->text);
	MUST(r->text && r->usage.cached <= r->usage.in && r->usage.thoughts <= r->usage.out &&
	     r->usage.in >= 0);
	for (size_t i = 0; i < r->calls_n; i++)
		MUST(r->calls[i].id && *r->calls[i].id && r->calls[i].name &&
		     (!r->calls[i].args || json_is_object(r->calls[i].args)));
	named.model = "m";
	/* What nests almost as deep as is allowed is too deep with more around it. */
	must_be(llm_reply_read(pool, llm_reply_json(pool, &named), &again), ERR_INVALID, ERR_INVALID);
	llm_gemini_encode(pool, &at, &request, &out);
	must_be(json_read(pool, out.body, strlen(out.body), &body), ERR_INVALID, ERR_INVALID);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const long statuses[] = { 200, 200, 200, 200, 400, 429, 500, 401 };
	apr_pool_t *pool = pool_root();
	const char *body = n ? mem_textn(pool, (const char *)data + 1, n - 1) : "";
	const struct llm_incoming in = { n ? statuses[data[0] / 2 % 8] : 200, body, n ? n - 1 : 0, -1 };
	struct llm_decoded d;
	err_t *err = llm_gemini_decode(pool, &in, &d);

	if (!err)
		check(pool, &d);
	else
		MUST(err->code == ERR_PROVIDER_ERROR || err->code == ERR_BLOCKED ||
		     err->code == ERR_RATE_LIMIT || err->code == ERR_TIMEOUT || err->code == ERR_AUTH_ERROR);
	err_clear(err);
	pool_free(pool);
	return 0;
}
