#include "tests/standins/google_client.h"

#include "core/query.h"
#include "core/text.h"
#include "tests/standins/program.h"
#include <curl/curl.h>
#include <string.h>

#define REQUEST_MS 120000L
#define BODY_MAX ((size_t)320 * 1024 * 1024)
#define REDIRECT "http://127.0.0.1:1/standin"
#define VERIFIER "standin-verifier-standin-verifier-standin-verifier"
#define CHALLENGE "ucO1xpVmP6ODk9E_JqsMnhjPOgJ8WTWCc4iB5CYnH04"

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	buf_put(ctx, p, size * n);
	return size * n;
}

err_t *google_standin_start(struct test *t, struct google_standin **ret_standin)
{
	struct google_standin *g = MEM_NEW(t->pool, struct google_standin);

	g->pool = t->pool;
	g->client_id = "standin-client.apps.googleusercontent.com";
	g->client_secret = "GOCSPX-standin-secret";
	ERR(program_start(t, "google", "STANDIN_GOOGLE", NULL, NULL, &g->pid, &g->base));
	*ret_standin = g;
	return NULL;
}

/* --- one call --- */

/* The last value of a header of the answer, or NULL. */
static const char *header_of(apr_pool_t *pool, const struct buf *head, const char *name)
{
	const char *line = head->p ? head->p : "", *value = NULL;
	size_t n = strlen(name);

	for (; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n'))
		if (strncasecmp(line, name, n) == 0 && line[n] == ':')
			value = text_trim(pool, mem_textn(pool, line + n + 1, strcspn(line + n + 1, "\r\n")));
	return value;
}

static struct curl_slist *headers_of(struct google_standin *g, const struct google_ask *ask)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	const char *const *h = ask->headers;

	list = curl_slist_append(list, ask->body ? mem_fmt(g->pool, "Content-Type: %s",
							   ask->type ? ask->type : "application/json")
						 : "Content-Type:");
	if (ask->token)
		list = curl_slist_append(list, mem_fmt(g->pool, "Authorization: Bearer %s", ask->token));
	for (; h && *h; h++)
		list = curl_slist_append(list, *h);
	return list;
}

static void body_set(CURL *easy, const struct google_ask *ask)
{
	size_t n = ask->body && !ask->body_n ? strlen(ask->body) : ask->body_n;

	if (!ask->body && strcmp(ask->method, "POST") != 0)
		return;
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, ask->body ? ask->body : "");
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
}

err_t *google_standin_call(struct google_standin *g, const struct google_ask *ask,
			   struct google_answer *ret_answer)
{
	struct buf body = buf_new(g->pool, BODY_MAX), head = buf_new(g->pool, 1 << 20);
	struct curl_slist *headers = headers_of(g, ask);
	struct google_answer a = { 0 };
	CURL *easy = curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_URL, mem_fmt(g->pool, "%s%s", g->base, ask->path));
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, &head);
	body_set(easy, ask);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, ask->method);
	CURLcode code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &a.status);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return err_new(ERR_HTTP, "stand-in: %s", curl_easy_strerror(code));
	a.body = body.p ? body.p : "";
	a.n = body.n;
	a.location = header_of(g->pool, &head, "Location");
	a.etag = header_of(g->pool, &head, "ETag");
	a.cookie = header_of(g->pool, &head, "Set-Cookie");
	a.authenticate = header_of(g->pool, &head, "WWW-Authenticate");
	if (a.n)
		err_clear(json_read(g->pool, a.body, a.n, &a.json));
	*ret_answer = a;
	return NULL;
}

/* --- control --- */

err_t *google_standin_control(struct google_standin *g, const char *path, const char *body,
			      struct json **ret_reply)
{
	struct google_ask ask = { "POST", mem_fmt(g->pool, "/control/%s", path), .body = body ? body : "{}" };
	struct google_answer answer;

	ERR(google_standin_call(g, &ask, &answer));
	if (answer.status != 200)
		return err_new(ERR_HTTP, "stand-in \"%s\": %ld %s", path, answer.status, answer.body);
	if (ret_reply)
		*ret_reply = answer.json;
	return NULL;
}

static err_t *control1(struct google_standin *g, const char *path, const char *key, const char *value)
{
	struct json *body = json_object(g->pool);

	json_set_text(body, key, value);
	return google_standin_control(g, path, json_write(g->pool, body), NULL);
}

err_t *google_standin_account(struct google_standin *g, const char *email)
{
	return control1(g, "account", "email", email);
}

err_t *google_standin_redirect(struct google_standin *g, const char *uri)
{
	return control1(g, "redirect", "uri", uri);
}

err_t *google_standin_consent(struct google_standin *g, const char *url, const char *account,
			      const char *drop, const char **ret_redirect)
{
	struct json *body = json_object(g->pool), *dropped = json_array(g->pool), *reply;

	json_set_text(body, "url", url);
	if (account)
		json_set_text(body, "account", account);
	for (; drop && *drop; drop += strcspn(drop, " ") + strspn(drop + strcspn(drop, " "), " "))
		json_push_text(dropped, mem_textn(g->pool, drop, strcspn(drop, " ")));
	json_set(body, "drop", dropped);
	ERR(google_standin_control(g, "consent", json_write(g->pool, body), &reply));
	*ret_redirect = json_text(reply, "redirect");
	if (!*ret_redirect)
		return err_new(ERR_INVALID, "stand-in: no redirect");
	return NULL;
}

static err_t *encoded(struct google_standin *g, const char *s, const char **ret)
{
	CURL *easy = curl_easy_init();
	char *text = curl_easy_escape(easy, s, 0);

	*ret = mem_text(g->pool, text);
	curl_free(text);
	curl_easy_cleanup(easy);
	return *ret ? NULL : err_new(ERR_INTERNAL, "no memory");
}

err_t *google_standin_token(struct google_standin *g, const char *account, const char *scopes,
			    const char **ret_access, const char **ret_refresh)
{
	struct google_ask ask = { "POST", "/token", .type = "application/x-www-form-urlencoded" };
	struct google_answer answer;
	const char *scope, *uri, *redirect, *code;

	ERR(google_standin_redirect(g, REDIRECT));
	ERR(encoded(g, scopes, &scope));
	ERR(encoded(g, REDIRECT, &uri));
	ERR(google_standin_consent(
		g,
		mem_fmt(g->pool,
			"%s/o/oauth2/v2/auth?client_id=%s&redirect_uri=%s&response_type=code&scope=%s&"
			"access_type=offline&prompt=consent&state=s&code_challenge=" CHALLENGE
			"&code_challenge_method=S256",
			g->base, g->client_id, uri, scope),
		account, NULL, &redirect));
	code = strstr(redirect, "code=");
	if (!code)
		return err_new(ERR_DENIED, "stand-in: \"%s\"", redirect);
	code += strlen("code=");
	ask.body = mem_fmt(g->pool,
			   "grant_type=authorization_code&code=%.*s&client_id=%s&client_secret=%s&"
			   "redirect_uri=%s&code_verifier=" VERIFIER,
			   (int)strcspn(code, "&"), code, g->client_id, g->client_secret, uri);
	ERR(google_standin_call(g, &ask, &answer));
	*ret_access = json_text(answer.json, "access_token");
	if (ret_refresh)
		*ret_refresh = json_text(answer.json, "refresh_token");
	if (!*ret_access)
		return err_new(ERR_DENIED, "stand-in: %ld %s", answer.status, answer.body);
	return NULL;
}

/* control with an account beside the members of an object. */
static err_t *put(struct google_standin *g, const char *name, const char *account, const char *thing,
		  const char **ret_id)
{
	struct json *body, *reply;

	ERR(json_read(g->pool, thing, strlen(thing), &body));
	if (account)
		json_set_text(body, "account", account);
	ERR(google_standin_control(g, name, json_write(g->pool, body), &reply));
	if (ret_id)
		*ret_id = json_text(reply, "id");
	return NULL;
}

err_t *google_standin_mail(struct google_standin *g, const char *account, const char *mail,
			   const char **ret_id)
{
	return put(g, "mail", account, mail, ret_id);
}

err_t *google_standin_file(struct google_standin *g, const char *account, const char *file,
			   const char **ret_id)
{
	return put(g, "file", account, file, ret_id);
}

err_t *google_standin_event(struct google_standin *g, const char *account, const char *event,
			    const char **ret_id)
{
	return put(g, "event", account, mem_fmt(g->pool, "{\"event\":%s}", event), ret_id);
}

err_t *google_standin_list(struct google_standin *g, const char *account, const char *name,
			   struct json **ret_reply)
{
	struct json *body = json_object(g->pool);

	if (account)
		json_set_text(body, "account", account);
	return google_standin_control(g, name, json_write(g->pool, body), ret_reply);
}

err_t *google_standin_fault(struct google_standin *g, const char *call, const char *fault, int64_t times)
{
	struct json *body = json_object(g->pool);

	json_set_text(body, "call", call);
	json_set_text(body, "fault", fault);
	json_set_int(body, "times", times);
	return google_standin_control(g, "fault", json_write(g->pool, body), NULL);
}

err_t *google_standin_wait(struct google_standin *g, const char *name, int64_t count)
{
	struct json *body = json_object(g->pool);

	json_set_text(body, "name", name);
	json_set_int(body, "count", count);
	return google_standin_control(g, "wait", json_write(g->pool, body), NULL);
}

err_t *google_standin_release(struct google_standin *g, bool effect)
{
	return google_standin_control(g, "release", effect ? "{\"effect\":true}" : "{\"effect\":false}",
				      NULL);
}
