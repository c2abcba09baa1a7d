/* GET and POST /oauth/google/start, GET /oauth/google/callback: the pages around a consent at Google. A worker answers what they
 * ask (call_consent.c): this process knows neither the client's secret nor a token. */
#include "bot/web/web_answer.h"
#include "bot/web/web_input.h"
#include "bot/web/web_page.h"
#include "bot/web/web_person.h"
#include "bot/web/web_session.h"
#include "core/crypt.h"
#include "core/log.h"
#include "core/text.h"
#include "db/session.h"
#include <string.h>

enum { PAGE_MS = 10000, END_MS = 40000, END_WAIT_MS = 30000, COOKIE_S = 600, FORM_MAX = 4096 };

static const char *say(struct web_request *r, enum lang lang, const char *key)
{
	return tr(r->pool, lang, mem_fmt(r->pool, "web.google.%s", key));
}

/* A heading and a line: where a consent ends, well or not. */
static NODISCARD err_t *ending(struct web_request *r, int status, enum lang lang, const char *state,
			       const struct slot *slots)
{
	const char *head = say(r, lang, mem_fmt(r->pool, "%s.head", state));
	const char *line = i18n_render(r->pool, lang, mem_fmt(r->pool, "web.google.%s.line", state), slots);

	return web_page_answer(r, status, lang, say(r, lang, "title"),
			       mem_fmt(r->pool, "<h1>%s</h1>\n<p>%s</p>\n<p class=\"quiet\">%s</p>\n", head,
				       line, say(r, lang, "back")));
}

static const struct slot no_slots[] = { { NULL, NULL, 0 } };

static NODISCARD err_t *expired(struct web_request *r)
{
	return ending(r, 410, web_page_lang(r), "expired", no_slots);
}

/* Asks the worker in the name of a consent's session. *ret_body NULL: there is none of that token any more, and the request is
 * answered. */
static NODISCARD err_t *ask(struct web_request *r, const char *token, const char *given,
			    struct json **ret_body, enum lang *ret_lang)
{
	struct handover_answer answer = { 0 };
	err_t *err = NULL;

	*ret_body = NULL;
	r->token = token;
	if (token)
		err = web_person_ask(r, given, &answer);
	if (!token || (!err && answer.status == 401) ||
	    (err && (err->code == ERR_NOT_FOUND || err->code == ERR_DENIED || err->code == ERR_INVALID))) {
		err_clear(err);
		return expired(r);
	}
	if (err) {
		log_error("consent_unanswered", err);
		return ending(r, 503, web_page_lang(r), "busy", no_slots);
	}
	ERR(json_read(r->pool, answer.body.p, answer.body.n, ret_body));
	*ret_lang = lang_of(json_text(*ret_body, "lang"));
	return NULL;
}

/* The link's token out of a query or a form: it goes into no log and into no other address. */
static NODISCARD err_t *link_token(struct web_request *r, bool form, const char **ret)
{
	struct query query;

	ERR(form ? web_input_form(r, &query) : web_input_query(r, &query));
	*ret = web_session_token_read(query_value(&query, "k", 0));
	r->query = NULL;
	return NULL;
}

static const char *features(struct web_request *r, enum lang lang, const struct json *list)
{
	struct buf items = buf_new(r->pool, 8192);

	for (size_t i = 0; i < json_len(list); i++)
		buf_fmt(&items, "<li>%s</li>\n",
			tr(r->pool, lang,
			   mem_fmt(r->pool, "web.google.scope.%s", json_text(json_item(list, i), ""))));
	return items.p ? items.p : "";
}

static const char *form(struct web_request *r, enum lang lang, const struct json *body, const char *token)
{
	const char *name = json_text(body, "name"), *email = json_text(body, "email");
	int64_t user = 0;

	json_int(body, "user", &user);
	return mem_fmt(
		r->pool,
		"<h1>%s</h1>\n<p>%s</p>\n<p>%s</p>\n<ul>\n%s</ul>\n"
		"<form method=\"post\" action=\"/oauth/google/start\">\n"
		"<input type=\"hidden\" name=\"k\" value=\"%s\">\n<button type=\"submit\">%s</button>\n</form>\n"
		"<p class=\"quiet\">%s</p>\n<p class=\"quiet\">%s</p>\n",
		say(r, lang, "start.head"),
		tr(r->pool, lang, *name ? "web.google.start.whose" : "web.google.start.whose_number",
		   SLOT_S("name", name), SLOT_I("user", user)),
		tr(r->pool, lang, *email ? "web.google.start.what_account" : "web.google.start.what",
		   SLOT_S("email", email)),
		features(r, lang, json_at(body, "features")), token, say(r, lang, "start.button"),
		say(r, lang, "start.browser"), say(r, lang, "start.promise"));
}

static NODISCARD err_t *start_run(struct web_request *r)
{
	const char *token;
	struct json *body;
	enum lang lang;

	ERR(link_token(r, false, &token));
	ERR(ask(r, token, NULL, &body, &lang));
	if (!body)
		return NULL;
	if (!text_same(json_text(body, "state"), "open"))
		return ending(r, 410, lang, "used", no_slots);
	/* What the browser will be known by: who taps twice comes twice as the same. */
	if (json_true(body, "fresh"))
		ERR(web_session_consent_cookie(r, crypt_random_hex(r->pool, SESSION_TOKEN / 2), COOKIE_S));
	return web_page_answer_to(r, 200, lang, say(r, lang, "title"), form(r, lang, body, token),
				  r->config->google_auth_base);
}

static NODISCARD err_t *begin_run(struct web_request *r)
{
	struct json *given = json_object(r->pool), *body;
	const char *token, *browser = web_session_consent(r);
	enum lang lang;

	ERR(link_token(r, true, &token));
	/* Nobody is sent to Google who has not read here for whom it is. */
	if (token && web_session_elsewhere(r))
		return web_answer_redirect(r, 303, mem_fmt(r->pool, "/oauth/google/start?k=%s", token));
	if (browser)
		json_set_text(given, "browser", browser);
	ERR(ask(r, token, json_write(r->pool, given), &body, &lang));
	if (!body)
		return NULL;
	if (!text_same(json_text(body, "state"), "begun"))
		return ending(r, 410, lang, "used", no_slots);
	ERR(web_session_consent_cookie(r, json_text(body, "cookie"), COOKIE_S));
	return web_answer_redirect(r, 303, json_text(body, "url"));
}

static NODISCARD err_t *callback_run(struct web_request *r)
{
	const char *state, *email, *wanted;
	int64_t number = 0;
	struct json *body;
	enum lang lang;

	ERR(ask(r, web_session_consent(r), NULL, &body, &lang));
	if (!body)
		return NULL;
	state = json_text(body, "state");
	email = json_text(body, "email");
	wanted = json_text(body, "wanted");
	ERR(web_session_consent_cookie(r, NULL, 0));
	if (!text_same(state, "number"))
		return ending(r, 200, lang, state,
			      (const struct slot[]){ SLOT_S("email", wanted), { NULL, NULL, 0 } });
	json_int(body, "number", &number);
	return web_page_answer(r, 200, lang, say(r, lang, "title"),
			       mem_fmt(r->pool,
				       "<h1>%s</h1>\n<p>%s</p>\n<p class=\"number\">%d</p>\n<p>%s</p>\n",
				       say(r, lang, "number.head"),
				       tr(r->pool, lang, "web.google.number.which", SLOT_S("email", email)),
				       (int)number, say(r, lang, "number.tap")));
}

const struct web_route routes_oauth[] = {
	{ "GET", "/oauth/google/start", "oauth", WEB_OPEN, LOG_INFO, start_run, PAGE_MS, FORM_MAX,
	  .call = "consent_page" },
	{ "POST", "/oauth/google/start", "oauth", WEB_OPEN, LOG_INFO, begin_run, PAGE_MS, FORM_MAX,
	  .call = "consent_begin" },
	{ "GET", "/oauth/google/callback", "oauth", WEB_OPEN, LOG_INFO, callback_run, END_MS, FORM_MAX,
	  .call = "consent_end", .wait_ms = END_WAIT_MS },
	{ 0 },
};
