#include "tests/e2e/google.h"

#include "core/query.h"
#include "integrations/google/google_scope.h"

#include "core/text.h"
#include <string.h>

err_t *google_beside(struct product *p, struct google_standin **ret_google)
{
	apr_pool_t *pool = p->t->pool;
	struct google_standin *g;

	ERR(google_standin_start(p->t, &g));
	talk_setting(p, mem_fmt(pool, "GOOGLE_CLIENT_ID=%s", g->client_id));
	talk_setting(p, mem_fmt(pool, "GOOGLE_CLIENT_SECRET=%s", g->client_secret));
	talk_setting(p, mem_fmt(pool, "GOOGLE_AUTH_BASE=%s", g->base));
	talk_setting(p, mem_fmt(pool, "GOOGLE_TOKEN_BASE=%s", g->base));
	talk_setting(p, mem_fmt(pool, "GOOGLE_API_BASE=%s", g->base));
	talk_setting(p, mem_fmt(pool, "GMAIL_API_BASE=%s", g->base));
	talk_setting(p, "DATA_ENCRYPTION_KEY=k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
	*ret_google = g;
	return google_standin_redirect(g,
				       mem_fmt(pool, "http://127.0.0.1:%d/oauth/google/callback", p->port));
}

err_t *google_link(struct product *p, int64_t chat, const char **ret_link)
{
	struct json *messages;
	const char *text, *at;

	ERR(standin_chat(p->s, chat, &messages));
	text = json_text(json_item(messages, json_len(messages) - 1), "text");
	at = text ? strstr(text, "http://") : NULL;
	if (!at)
		return err_new(ERR_NOT_FOUND, "no address in: %s", text ? text : "");
	*ret_link = mem_textn(p->t->pool, at, strcspn(at, "< \n"));
	return NULL;
}

/* --- a browser of a few lines --- */

err_t *google_fetch(struct google_standin *g, const char *method, const char *url, const char *header,
		    const char *form, struct google_answer *ret)
{
	const char *headers[] = { header, NULL }, *path = strchr(url + strlen("http://"), '/');
	struct google_standin at = { .pool = g->pool, .base = mem_textn(g->pool, url, (size_t)(path - url)) };
	struct google_ask ask = { .method = method,
				  .path = path,
				  .headers = headers,
				  .type = form ? "application/x-www-form-urlencoded" : NULL,
				  .body = form };

	return google_standin_call(&at, &ask, ret);
}

static const char *number_in(apr_pool_t *pool, const char *page)
{
	const char *at = strstr(page, "class=\"number\">");

	return at ? mem_textn(pool, at + strlen("class=\"number\">"), 2) : "";
}

/* The same address, but asking for everything. */
static const char *for_all(apr_pool_t *pool, const char *url)
{
	const char *scope = strstr(url, "scope="), *end = scope ? strchr(scope, '&') : NULL;

	if (!end)
		return url;
	return mem_fmt(pool, "%.*sscope=%s%s", (int)(scope - url), url,
		       query_encode(pool, google_scopes(pool, (1U << GOOGLE_FEATURES) - 1)), end);
}

static NODISCARD err_t *connect_to(struct product *p, struct google_standin *g, int64_t chat,
				   const char *words, bool all)
{
	const char *link, *cookie, *redirect, *reply;
	struct google_answer answer = { 0 };

	ERR(talk_ask(p, chat, NULL, mem_fmt(p->t->pool, "/conectar %s", words), &reply));
	ERR(google_link(p, chat, &link));
	ERR(google_fetch(g, "POST", mem_textn(p->t->pool, link, strcspn(link, "?")), NULL,
			 strchr(link, '?') + 1, &answer));
	CHECK_INT(answer.status, 303);
	if (all)
		answer.location = for_all(p->t->pool, answer.location);
	ERR(google_standin_consent(g, answer.location, NULL, NULL, &redirect));
	cookie = mem_textn(p->t->pool, answer.cookie, strcspn(answer.cookie, ";"));
	ERR(google_fetch(g, "GET", redirect, mem_fmt(p->t->pool, "Cookie: %s", cookie), NULL, &answer));
	CHECK_INT(answer.status, 200);
	ERR(talk_await(p, chat, "sendMessage", "Alguém acabou", 1));
	ERR(standin_press(p->s, chat, number_in(p->t->pool, answer.body), NULL));
	return talk_await(p, chat, "editMessageText", "Conectado", 1);
}

err_t *google_connect(struct product *p, struct google_standin *g, int64_t chat, const char *words)
{
	return connect_to(p, g, chat, words, false);
}

err_t *google_connect_all(struct product *p, struct google_standin *g, int64_t chat)
{
	return connect_to(p, g, chat, "", true);
}
