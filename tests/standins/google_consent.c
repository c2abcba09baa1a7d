/* The authorization request, and the page on which a person agrees to it. */
#include "tests/standins/google_oauth.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <string.h>

#define IDENTITY "openid " SCOPE_PREFIX "userinfo.email " SCOPE_PREFIX "userinfo.profile"
#define CODE_US (10 * MINUTE_US)

struct request {
	const char *id;
	const char *redirect_uri, *scopes, *state, *challenge, *nonce, *login_hint;
	bool offline, include, consent, none;
	bool done;
};

static struct list requests;

static const char known[] =
	"calendar calendar.readonly calendar.events calendar.events.readonly calendar.events.owned "
	"calendar.events.freebusy calendar.freebusy calendar.app.created calendar.calendarlist "
	"calendar.calendarlist.readonly calendar.settings.readonly gmail.readonly gmail.modify gmail.send "
	"gmail.compose gmail.metadata gmail.labels gmail.insert gmail.settings.basic drive drive.file "
	"drive.readonly drive.metadata drive.metadata.readonly drive.appdata userinfo.email userinfo.profile";

/* --- the request --- */

/* What is wrong with a request; the person sees it, and nothing goes back to the one who asked. */
struct trouble {
	const char *code, *text;
};

static bool wrong(struct trouble *t, const char *code, const char *text)
{
	*t = (struct trouble){ code, text };
	return false;
}

static bool scope_known(const char *full)
{
	if (text_has_word("openid https://mail.google.com/", full))
		return true;
	return text_starts(full, SCOPE_PREFIX) && text_has_word(known, full + strlen(SCOPE_PREFIX));
}

/* The list in full names; NULL when one is unknown. */
static const char *full_scopes(apr_pool_t *pool, const char *scopes)
{
	struct buf b = buf_new(pool, 65536);
	size_t n;

	buf_text(&b, "");
	for (; *scopes; scopes += n + (scopes[n] == ' ')) {
		const char *full;

		n = strcspn(scopes, " ");
		if (!n)
			continue;
		full = oauth_full_scope(pool, mem_textn(pool, scopes, n));
		if (!scope_known(full))
			return NULL;
		if (!text_has_word(b.p, full))
			buf_fmt(&b, "%s%s", b.n ? " " : "", full);
	}
	return b.p;
}

static bool in_words(const char *value, const char *allowed)
{
	size_t n;

	for (; value && *value; value += n + (value[n] == ' ')) {
		char word[32] = "";

		n = strcspn(value, " ");
		if (!n || n >= sizeof word)
			return false;
		memcpy(word, value, n);
		if (!text_has_word(allowed, word))
			return false;
	}
	return true;
}

static bool challenge_good(const char *s)
{
	return s && strlen(s) == 43 &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == 43;
}

static bool check(const struct query *q, struct trouble *t)
{
	const char *id = query_value(q, "client_id", 0), *uri = query_value(q, "redirect_uri", 0);

	for (size_t i = 0; i < q->n; i++)
		if (query_value(q, q->pairs[i].name, 1))
			return wrong(t, "invalid_request", "a parameter came twice");
	if (query_value(q, "client_secret", 0))
		return wrong(t, "invalid_request", "a secret in a URL");
	if (!text_same(id, OAUTH_CLIENT_ID))
		return wrong(t, "invalid_client", "The OAuth client was not found.");
	if (oauth_client_deleted())
		return wrong(t, "deleted_client", "The OAuth client was deleted.");
	if (!uri || !oauth_redirect_known(uri))
		return wrong(t, "redirect_uri_mismatch", uri ? uri : "none");
	if (!text_same(query_value(q, "response_type", 0), "code"))
		return wrong(t, "invalid_request", "Required parameter is missing: response_type");
	if (!in_words(query_value(q, "access_type", 0), "online offline") ||
	    !in_words(query_value(q, "prompt", 0), "none consent select_account") ||
	    !in_words(query_value(q, "include_granted_scopes", 0), "true false"))
		return wrong(t, "invalid_request",
			     "Invalid parameter value for access_type, prompt or "
			     "include_granted_scopes");
	if (!text_same(query_value(q, "code_challenge_method", 0), "S256") ||
	    !challenge_good(query_value(q, "code_challenge", 0)))
		return wrong(t, "invalid_request", "no code_challenge of method S256");
	if (!query_value(q, "state", 0) || !*query_value(q, "state", 0))
		return wrong(t, "invalid_request", "no state");
	return true;
}

static bool request_read(const struct query *q, struct request **ret, struct trouble *t)
{
	struct request *r = MEM_NEW(world.pool, struct request);
	const char *scope = query_value(q, "scope", 0), *prompt = query_value(q, "prompt", 0);

	if (!check(q, t))
		return false;
	if (!scope || !*scope)
		return wrong(t, "invalid_request", "Missing required parameter: scope");
	r->scopes = full_scopes(world.pool, scope);
	if (!r->scopes)
		return wrong(t, "invalid_scope", "Some requested scopes were invalid.");
	r->id = crypt_random_hex(world.pool, 16);
	r->redirect_uri = mem_text(world.pool, query_value(q, "redirect_uri", 0));
	r->state = mem_text(world.pool, query_value(q, "state", 0));
	r->challenge = mem_text(world.pool, query_value(q, "code_challenge", 0));
	r->nonce = mem_text(world.pool, query_value(q, "nonce", 0));
	r->login_hint = mem_text(world.pool, query_value(q, "login_hint", 0));
	r->offline = text_same(query_value(q, "access_type", 0), "offline");
	r->include = text_same(query_value(q, "include_granted_scopes", 0), "true");
	r->consent = prompt && text_has_word(prompt, "consent");
	r->none = prompt && text_has_word(prompt, "none");
	*ret = r;
	return true;
}

/* --- the answer --- */

struct words {
	struct buf b;
};

/* Words of a that are words of b (of NULL: all) or, with `not`, are none of them; joined to to. */
static void join(struct buf *to, const char *a, const char *b, bool none_of)
{
	size_t n;

	for (; *a; a += n + (a[n] == ' ')) {
		n = strcspn(a, " ");
		const char *word = mem_textn(to->pool, a, n);

		if (n && (!b || text_has_word(b, word) != none_of) && !text_has_word(to->p, word))
			buf_fmt(to, "%s%s", to->n ? " " : "", word);
	}
}

static const char *both(apr_pool_t *pool, const char *a, const char *b)
{
	struct buf to = buf_new(pool, 65536);

	buf_text(&to, "");
	join(&to, a, NULL, false);
	join(&to, b, NULL, false);
	return to.p;
}

static bool covers(apr_pool_t *pool, const char *have, const char *wanted)
{
	struct buf missing = buf_new(pool, 65536);

	buf_text(&missing, "");
	join(&missing, wanted, have, true);
	return !missing.n;
}

static const char *refused(apr_pool_t *pool, const struct request *r, const char *error)
{
	return mem_fmt(pool, "%s%serror=%s&state=%s", r->redirect_uri,
		       strchr(r->redirect_uri, '?') ? "&" : "?", error, url_encode(pool, r->state));
}

/* ticked: scopes left on; those of identity have no box. */
static const char *agreed(apr_pool_t *pool, struct request *r, struct account *a, const char *ticked)
{
	bool screen = r->consent || !covers(pool, a->granted, r->scopes);
	struct buf b = buf_new(pool, 65536);
	struct grant *g = oauth_grant_new();

	buf_text(&b, "");
	join(&b, r->scopes, both(pool, ticked, IDENTITY), false);
	if (!b.n)
		return refused(pool, r, "access_denied");
	a->granted = both(a->pool, a->granted, b.p);
	g->account = a;
	g->scopes = r->include ? a->granted : mem_text(world.pool, b.p);
	g->redirect_uri = r->redirect_uri;
	g->challenge = r->challenge;
	g->nonce = r->nonce;
	g->refresh = r->offline && screen;
	g->expires = clock_now() + CODE_US;
	return mem_fmt(
		pool,
		"%s%sstate=%s&iss=https%%3A%%2F%%2Faccounts.google.com&code=%s&scope=%s&authuser=0&prompt="
		"%s",
		r->redirect_uri, strchr(r->redirect_uri, '?') ? "&" : "?", url_encode(pool, r->state),
		url_encode(pool, g->code), url_encode(pool, g->scopes), screen ? "consent" : "none");
}

static void redirect(struct ask *ask, const char *url)
{
	say_nothing(ask, 302);
	say_header(ask, "Location", url);
}

/* --- the page --- */

static void say_page(struct ask *ask, unsigned status, const char *title, const char *body)
{
	const char *page = mem_fmt(
		ask->pool,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
		"content=\"width=device-width\"><title>%s</title></head>\n<body style=\"font-family:sans-serif;"
		"max-width:28rem;margin:2rem auto\">\n<h1 style=\"font-size:1.4rem\">%s</h1>\n%s</body></html>\n",
		title, title, body);

	say_bytes(ask, "text/html; charset=UTF-8", page, strlen(page));
	ask->answer.status = status;
}

static void say_trouble(struct ask *ask, const struct trouble *t)
{
	unsigned status = text_has_word("invalid_client deleted_client", t->code) ? 401 : 400;

	say_page(ask, status, "Access blocked: Authorization Error",
		 mem_fmt(ask->pool, "<p id=\"error\">Error %u: %s</p>\n<p>%s</p>\n", status, t->code,
			 text_html(ask->pool, t->text)));
}

static void put_accounts(struct buf *b, const struct request *r)
{
	bool first = true;

	buf_text(b, "<fieldset><legend>Choose an account</legend>\n");
	for (size_t i = 0; i < world.accounts.n; i++) {
		const struct account *a = world.accounts.v[i];
		const char *email = text_html(b->pool, a->email);
		bool hinted = r->login_hint && world_account(r->login_hint) == a;

		if (r->login_hint && world_account(r->login_hint) && !hinted)
			continue;
		buf_fmt(b,
			"<p><input type=\"radio\" name=\"account\" id=\"account-%s\" value=\"%s\"%s> "
			"<label for=\"account-%s\">%s (%s)</label></p>\n",
			email, email, first ? " checked" : "", email, text_html(b->pool, a->name), email);
		first = false;
	}
	buf_text(b, "</fieldset>\n");
}

static void put_scopes(struct buf *b, const struct request *r)
{
	const char *at = r->scopes;
	size_t n;

	buf_text(b, "<fieldset><legend>Select what Lembra can access</legend>\n");
	for (; *at; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		const char *scope = mem_textn(b->pool, at, n), *id = strrchr(scope, '/');

		if (text_has_word(IDENTITY, scope))
			continue;
		id = id && id[1] ? id + 1 : "mail.google.com";
		buf_fmt(b,
			"<p><input type=\"checkbox\" name=\"scope\" id=\"scope-%s\" value=\"%s\" checked> "
			"<label for=\"scope-%s\">%s</label></p>\n",
			id, scope, id, scope);
	}
	buf_text(b, "</fieldset>\n");
}

void consent_page(struct ask *ask)
{
	struct trouble t = { 0 };
	struct request *r = NULL;
	struct buf b = buf_new(ask->pool, 1 << 20);
	const char *agent = json_text(ask->headers, "user-agent");

	if (agent && strstr(agent, "; wv)")) {
		t = (struct trouble){ "disallowed_useragent", "This browser may not be secure." };
		say_trouble(ask, &t);
		ask->answer.status = 403;
		return;
	}
	if (!request_read(&ask->query, &r, &t)) {
		say_trouble(ask, &t);
		return;
	}
	if (r->none) {
		struct account *a = r->login_hint ? world_account(r->login_hint) : NULL;

		redirect(ask, !a ? refused(ask->pool, r, "login_required")
			      : covers(ask->pool, a->granted, r->scopes)
				      ? agreed(ask->pool, r, a, r->scopes)
				      : refused(ask->pool, r, "interaction_required"));
		return;
	}
	list_add(&requests, r);
	buf_fmt(&b,
		"<form method=\"post\" action=\"/o/oauth2/consent\">\n<input type=\"hidden\" name=\"request\" "
		"value=\"%s\">\n",
		r->id);
	put_accounts(&b, r);
	put_scopes(&b, r);
	buf_text(&b,
		 "<p><button type=\"submit\" name=\"action\" value=\"deny\" id=\"deny\">Deny</button> "
		 "<button type=\"submit\" name=\"action\" value=\"allow\" id=\"allow\">Allow</button></p>\n"
		 "</form>\n");
	say_page(ask, 200, "Sign in with Google", b.p);
}

static struct request *request_find(const char *id)
{
	for (size_t i = 0; i < requests.n; i++)
		if (text_same(((struct request *)requests.v[i])->id, id))
			return requests.v[i];
	return NULL;
}

void consent_answer(struct ask *ask)
{
	struct query form = { 0 };
	struct buf ticked = buf_new(ask->pool, 65536);
	struct trouble t = { "invalid_request", "the page is too old" };
	struct request *r;
	struct account *a;

	buf_text(&ticked, "");
	err_clear(query_parse(ask->pool, ask->raw, ask->raw_n, &form));
	r = request_find(query_value(&form, "request", 0));
	a = world_account(query_value(&form, "account", 0));
	if (!r || r->done || !a) {
		say_trouble(ask, &t);
		return;
	}
	r->done = true;
	for (size_t i = 0; query_value(&form, "scope", i); i++)
		buf_fmt(&ticked, "%s ", query_value(&form, "scope", i));
	redirect(ask, text_same(query_value(&form, "action", 0), "allow")
			      ? agreed(ask->pool, r, a, ticked.p)
			      : refused(ask->pool, r, "access_denied"));
}

/* --- control --- */

/* {"url","account"?,"deny"?,"drop"?: ["calendar.events"],"error"?} -> {"redirect"} */
static void play(struct ask *ask)
{
	const char *url = json_text(ask->body, "url"), *question = url ? strchr(url, '?') : NULL;
	struct account *a = control_account(ask);
	struct buf left = buf_new(ask->pool, 65536), off = buf_new(ask->pool, 65536);
	struct json *reply = json_object(ask->pool), *drop = json_at(ask->body, "drop");
	struct query query = { 0 };
	struct trouble t = { 0 };
	struct request *r = NULL;
	const char *to;

	if (!a || !question || !strstr(url, "/o/oauth2/v2/auth?")) {
		deny(ask, 400, "invalid", "no account, or no authorization URL");
		return;
	}
	err_clear(query_parse(ask->pool, question + 1, strlen(question + 1), &query));
	if (!request_read(&query, &r, &t)) {
		deny(ask, 400, t.code, "%s: %s", t.code, t.text);
		return;
	}
	buf_text(&left, "");
	buf_text(&off, "");
	for (size_t i = 0; i < json_len(drop); i++)
		buf_fmt(&off, "%s ", oauth_full_scope(ask->pool, json_text(json_item(drop, i), NULL)));
	join(&left, r->scopes, off.p, true);
	if (json_text(ask->body, "error") || json_true(ask->body, "deny"))
		to = refused(ask->pool, r,
			     json_text(ask->body, "error") ? json_text(ask->body, "error") : "access_denied");
	else
		to = agreed(ask->pool, r, a, left.p);
	json_set_text(reply, "redirect", to);
	say_json(ask, reply);
}

bool consent_control(struct ask *ask, const char *name)
{
	if (!text_same(name, "consent"))
		return false;
	play(ask);
	return true;
}
