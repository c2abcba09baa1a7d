#include "tests/standins/client.h"

#include "core/limits.h"
#include "tests/standins/program.h"
#include <curl/curl.h>
#include <string.h>

#define REQUEST_MS 120000L
#define TOKEN "1234:abc"

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	buf_put(ctx, p, size * n);
	return size * n;
}

static err_t *exchange(struct standin *s, const char *url, struct json *body, struct json **ret_reply,
		       long *ret_status)
{
	struct buf reply = buf_new(s->pool, LIMIT_JSON_BYTES);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	CURL *easy = curl_easy_init();
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
	if (body)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, json_write(s->pool, body));
	CURLcode code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, ret_status);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return err_new(ERR_HTTP, "stand-in: %s", curl_easy_strerror(code));
	ERR(buf_check(&reply));
	return err_wrap(json_read(s->pool, reply.p ? reply.p : "", reply.n, ret_reply), "stand-in");
}

err_t *standin_start(struct test *t, struct standin **ret_standin)
{
	struct standin *s = MEM_NEW(t->pool, struct standin);

	s->pool = t->pool;
	s->token = TOKEN;
	ERR(program_start(t, "telegram", "STANDIN_TELEGRAM", "--token", TOKEN, &s->pid, &s->base));
	*ret_standin = s;
	return NULL;
}

err_t *standin_control(struct standin *s, const char *path, struct json *body, struct json **ret_reply)
{
	struct json *reply;
	long status = 0;
	ERR(exchange(s, mem_fmt(s->pool, "%s/control/%s", s->base, path), body, &reply, &status));
	if (status != 200) {
		const char *why = json_text(reply, "description");
		return err_new(ERR_HTTP, "stand-in \"%s\": %ld %s", path, status, why ? why : "");
	}
	if (ret_reply)
		*ret_reply = reply;
	return NULL;
}

err_t *standin_api(struct standin *s, const char *method, struct json *params, struct json **ret_reply)
{
	long status = 0;
	return exchange(s, mem_fmt(s->pool, "%s/bot%s/%s", s->base, s->token, method), params, ret_reply,
			&status);
}

err_t *standin_say(struct standin *s, int64_t chat_id, const char *text, int64_t *ret_update_id)
{
	struct json *body = json_object(s->pool), *reply;
	int64_t id;
	json_set_int(body, "chat_id", chat_id);
	json_set_text(body, "text", text);
	ERR(standin_control(s, "message", body, &reply));
	if (!json_int(reply, "update_id", &id))
		return err_new(ERR_INTERNAL, "the stand-in gave no update_id");
	if (ret_update_id)
		*ret_update_id = id;
	return NULL;
}

err_t *standin_press(struct standin *s, int64_t chat_id, const char *label, const char **ret_callback_id)
{
	struct json *body = json_object(s->pool), *reply;
	json_set_int(body, "chat_id", chat_id);
	json_set_text(body, "label", label);
	ERR(standin_control(s, "press", body, &reply));
	if (ret_callback_id)
		*ret_callback_id = json_text(reply, "callback_id");
	return NULL;
}

err_t *standin_wait(struct standin *s, int64_t chat_id, int64_t count, int64_t timeout_ms,
		    struct json **ret_messages)
{
	struct json *reply;
	ERR(standin_control(s,
			    mem_fmt(s->pool, "wait?chat_id=%lld&count=%lld&timeout_ms=%lld",
				    (long long)chat_id, (long long)count, (long long)timeout_ms),
			    NULL, &reply));
	if (ret_messages)
		*ret_messages = json_at(reply, "messages");
	return NULL;
}

err_t *standin_ledger(struct standin *s, int64_t since, struct json **ret_entries)
{
	return standin_control(s, mem_fmt(s->pool, "ledger?since=%lld", (long long)since), NULL, ret_entries);
}

err_t *standin_chat(struct standin *s, int64_t chat_id, struct json **ret_messages)
{
	return standin_control(s, mem_fmt(s->pool, "chat?chat_id=%lld", (long long)chat_id), NULL,
			       ret_messages);
}

err_t *standin_fault(struct standin *s, const char *method, const char *kind, int64_t count)
{
	struct json *body = json_object(s->pool);
	json_set_text(body, "method", method);
	json_set_text(body, "kind", kind);
	json_set_int(body, "count", count);
	return standin_control(s, "fault", body, NULL);
}

err_t *standin_retry_ms(struct standin *s, int64_t retry_ms)
{
	struct json *body = json_object(s->pool);
	json_set_int(body, "retry_ms", retry_ms);
	return standin_control(s, "settings", body, NULL);
}
