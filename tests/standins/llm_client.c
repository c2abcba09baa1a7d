#include "tests/standins/llm_client.h"

#include "core/limits.h"
#include "tests/standins/program.h"
#include <curl/curl.h>
#include <string.h>

#define REQUEST_MS 120000L
#define BODY_MAX ((size_t)256 * 1024 * 1024)

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	buf_put(ctx, p, size * n);
	return size * n;
}

err_t *llm_standin_start(struct test *t, struct llm_standin **ret_standin)
{
	struct llm_standin *s = MEM_NEW(t->pool, struct llm_standin);

	s->pool = t->pool;
	ERR(program_start(t, "llm", "STANDIN_LLM", NULL, NULL, &s->pid, &s->base));
	*ret_standin = s;
	return NULL;
}

err_t *llm_standin_call(struct llm_standin *s, const char *path, const char *const *headers, const char *body,
			long *ret_status, const char **ret_body)
{
	struct buf reply = buf_new(s->pool, BODY_MAX);
	struct curl_slist *list = curl_slist_append(NULL, "Content-Type: application/json");
	CURL *easy = curl_easy_init();

	for (; headers && *headers; headers++)
		list = curl_slist_append(list, *headers);
	curl_easy_setopt(easy, CURLOPT_URL, mem_fmt(s->pool, "%s%s", s->base, path));
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
	if (body)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	CURLcode code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, ret_status);
	curl_easy_cleanup(easy);
	curl_slist_free_all(list);
	if (code != CURLE_OK)
		return err_new(ERR_HTTP, "stand-in: %s", curl_easy_strerror(code));
	*ret_body = reply.p ? reply.p : "";
	return NULL;
}

static err_t *control(struct llm_standin *s, const char *path, const char *body, const char **ret_body)
{
	long status = 0;

	ERR(llm_standin_call(s, mem_fmt(s->pool, "/control/%s", path), NULL, body, &status, ret_body));
	if (status != 200)
		return err_new(ERR_HTTP, "stand-in \"%s\": %ld %s", path, status, *ret_body);
	return NULL;
}

err_t *llm_standin_script(struct llm_standin *s, const char *script)
{
	const char *answer;

	return control(s, "script", script, &answer);
}

err_t *llm_standin_key(struct llm_standin *s, const char *key)
{
	struct json *body = json_object(s->pool);
	const char *answer;

	json_set_text(body, "key", key);
	return control(s, "key", json_write(s->pool, body), &answer);
}

err_t *llm_standin_reset(struct llm_standin *s)
{
	const char *answer;

	return control(s, "reset", "{}", &answer);
}

err_t *llm_standin_requests(struct llm_standin *s, struct json **ret_requests)
{
	const char *answer;

	ERR(control(s, "requests", NULL, &answer));
	return json_read(s->pool, answer, strlen(answer), ret_requests);
}
