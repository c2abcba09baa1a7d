#include "integrations/llm/llm_wire.h"

#include "core/crypt.h"
#include "core/text.h"
#include "integrations/llm/llm_sse.h"
#include <string.h>

#define ID_PREFIX "lembra_"
#define ANSWER_TOKENS 2048
#define THINKING_TOKENS 8192
#define CODE_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
#define CODE_MAX 64
#define WAIT_MAX_S 86400

static enum err_code code_of(long status)
{
	if (status == 401 || status == 402 || status == 403)
		return ERR_AUTH_ERROR;
	if (status == 408 || status == 504)
		return ERR_TIMEOUT;
	return status == 429 ? ERR_RATE_LIMIT : ERR_PROVIDER_ERROR;
}

/* text when it looks like a name or code, which may be logged; else "": it may hold what someone wrote. */
static const char *code_said(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	return n && n <= CODE_MAX && strspn(text, CODE_CHARS) == n ? text : "";
}

err_t *llm_status_error(enum config_provider provider, long status, const char *code, int64_t retry_after_s,
			struct llm_decoded *ret)
{
	/* 501: what was asked does not exist there, and will not in a second. */
	ret->again = status == 408 || status == 429 || (status >= 500 && status != 501);
	ret->spent = false;
	ret->wait_ms =
		retry_after_s < 0 ? -1 : (retry_after_s < WAIT_MAX_S ? retry_after_s : WAIT_MAX_S) * 1000;
	return err_new(code_of(status), "%s answered %ld %s", config_provider_name(provider), status,
		       code_said(code));
}

err_t *llm_blocked(enum config_provider provider, const char *code)
{
	return err_new(ERR_BLOCKED, "%s refuses to answer: %s", config_provider_name(provider),
		       code_said(code));
}

err_t *llm_bad_answer(enum config_provider provider, const char *why)
{
	return err_new(ERR_PROVIDER_ERROR, "%s: %s", config_provider_name(provider), why);
}

static err_t *join(apr_pool_t *pool, enum config_provider provider, const struct llm_incoming *in,
		   struct json **ret_body)
{
	switch (provider) {
	case PROVIDER_GEMINI: return llm_sse_gemini(pool, in->body, in->n, ret_body);
	case PROVIDER_ANTHROPIC: return llm_sse_anthropic(pool, in->body, in->n, ret_body);
	default: return llm_sse_openai(pool, in->body, in->n, ret_body);
	}
}

err_t *llm_body(apr_pool_t *pool, enum config_provider provider, const struct llm_incoming *in,
		struct json **ret_body)
{
	struct json *body = NULL;
	err_t *err = llm_sse_looks(in->body, in->n) ? join(pool, provider, in, &body)
						    : json_read(pool, in->body, in->n, &body);

	if (err) {
		err_clear(err); /* it may quote what was said */
		return llm_bad_answer(provider, "answer cut or unreadable");
	}
	/* A stream without events is a list of pieces; errors come in a list too. */
	if (json_is_array(body) && provider == PROVIDER_GEMINI)
		ERR(llm_sse_gemini_pieces(pool, body, &body));
	else if (json_is_array(body))
		body = json_item(body, 0);
	if (!json_is_object(body))
		return llm_bad_answer(provider, "answer is no object");
	*ret_body = body;
	return NULL;
}

const struct llm_result *llm_result_of(const struct llm_message *results, const struct llm_call *call)
{
	for (size_t i = 0; results && i < results->results_n; i++)
		if (text_same(results->results[i].id, call->id))
			return &results->results[i];
	return NULL;
}

bool llm_own(const struct llm_message *message, enum config_provider provider)
{
	return message->reply && message->reply->provider == provider && message->reply->native;
}

const char *llm_make_id(apr_pool_t *pool, size_t n)
{
	/* Unique over the steps of a turn: by chance, since a decoder knows of no other step. */
	return mem_fmt(pool, ID_PREFIX "%s_%zu", crypt_random_hex(pool, 6), n);
}

bool llm_made_up(const char *id)
{
	return text_starts(id, ID_PREFIX);
}

int64_t llm_room(const struct llm_request *request)
{
	return (request->max_tokens > 0 ? request->max_tokens : ANSWER_TOKENS) + THINKING_TOKENS;
}
