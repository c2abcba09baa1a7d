/* Tokens: exchange, refresh, revoke, and who a token is.
 * The signature of an id_token is 256 bytes that say nothing: its head names RS256, and no key of ours could prove it. */
#include "tests/standins/google_oauth.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <stdlib.h>
#include <string.h>

#define LIVE_MAX 100 /* refresh tokens of one account */
#define UNUSED_US (183 * DAY_US)
#define FORM "application/x-www-form-urlencoded"

struct token {
	const char *text;
	struct account *account;
	const char *scopes;
	struct token *refresh; /* of an access token; NULL: came without one */
	int64_t expires, used; /* expires 0: never */
	const char *subtype;   /* of the error, when dead */
	bool dead;
};

static struct list grants, access_tokens, refresh_tokens, redirects;
static struct {
	int64_t expires_in, refresh_expires_in;
	bool deleted;
} client = { .expires_in = 3599 };

/* --- what others ask --- */

struct grant *oauth_grant_new(void)
{
	struct grant *g = MEM_NEW(world.pool, struct grant);

	g->code = mem_fmt(world.pool, "4/0A%s", crypt_random_hex(world.pool, 32));
	list_add(&grants, g);
	return g;
}

bool oauth_redirect_known(const char *uri)
{
	for (size_t i = 0; i < redirects.n; i++)
		if (text_same(redirects.v[i], uri))
			return true;
	return false;
}

bool oauth_client_deleted(void)
{
	return client.deleted;
}

const char *oauth_full_scope(apr_pool_t *pool, const char *scope)
{
	if (!scope || strstr(scope, "://") || text_same(scope, "openid"))
		return scope;
	if (text_same(scope, "mail.google.com"))
		return "https://mail.google.com/";
	if (text_has_word("email profile", scope))
		return mem_fmt(pool, SCOPE_PREFIX "userinfo.%s", scope);
	return mem_fmt(pool, SCOPE_PREFIX "%s", scope);
}

static struct token *find(const struct list *l, const char *text)
{
	for (size_t i = 0; text && i < l->n; i++)
		if (text_same(((struct token *)l->v[i])->text, text))
			return l->v[i];
	return NULL;
}

static bool live(const struct token *t)
{
	int64_t now = clock_now();

	return !t->dead && !(t->expires && t->expires <= now);
}

bool oauth_check(struct ask *ask)
{
	const char *header = json_text(ask->headers, "authorization");
	struct token *t = header && text_starts(header, "Bearer ")
				  ? find(&access_tokens, header + strlen("Bearer "))
				  : NULL;

	if (!t || !live(t))
		return deny(ask, 401, "authError",
			    "Request had invalid authentication credentials. Expected OAuth 2 access token, "
			    "login cookie or other valid authentication credential.");
	ask->account = t->account;
	ask->scopes = t->scopes;
	return true;
}

bool oauth_has(const struct ask *ask, const char *shorts)
{
	size_t n;

	for (; *shorts; shorts += n + (shorts[n] == ' ')) {
		n = strcspn(shorts, " ");
		if (n &&
		    text_has_word(ask->scopes, oauth_full_scope(ask->pool, mem_textn(ask->pool, shorts, n))))
			return true;
	}
	return false;
}

/* --- answers --- */

static bool refuse(struct ask *ask, unsigned status, const char *error, const char *text, const char *subtype)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "error", error);
	json_set_text(o, "error_description", text);
	if (subtype)
		json_set_text(o, "error_subtype", subtype);
	say_json(ask, o);
	ask->answer.status = status;
	return false;
}

static const char *id_token(struct ask *ask, const struct account *a, const char *nonce)
{
	struct json *head = json_object(ask->pool), *o = json_object(ask->pool);
	unsigned char signature[256];
	const char *first, *second;

	memset(signature, 0x5A, sizeof signature);
	json_set_text(head, "alg", "RS256");
	json_set_text(head, "kid", "standin-1");
	json_set_text(head, "typ", "JWT");
	json_set_text(o, "iss", "https://accounts.google.com");
	json_set_text(o, "azp", OAUTH_CLIENT_ID);
	json_set_text(o, "aud", OAUTH_CLIENT_ID);
	json_set_text(o, "sub", a->sub);
	json_set_text(o, "email", a->email);
	json_set_bool(o, "email_verified", true);
	json_set_text(o, "name", a->name);
	if (nonce)
		json_set_text(o, "nonce", nonce);
	json_set_int(o, "iat", clock_now() / SECOND_US);
	json_set_int(o, "exp", clock_now() / SECOND_US + 3600);
	first = json_write(ask->pool, head);
	second = json_write(ask->pool, o);
	return mem_fmt(ask->pool, "%s.%s.%s", base64_url(ask->pool, first, strlen(first), false),
		       base64_url(ask->pool, second, strlen(second), false),
		       base64_url(ask->pool, signature, sizeof signature, false));
}

static struct token *token_new(struct list *to, const char *prefix, struct account *a, const char *scopes,
			       int64_t seconds)
{
	struct token *t = MEM_NEW(world.pool, struct token);

	t->text = mem_fmt(world.pool, "%s%s", prefix, crypt_random_hex(world.pool, 40));
	t->account = a;
	t->scopes = mem_text(world.pool, scopes);
	t->used = clock_now();
	t->expires = seconds ? clock_now() + seconds * SECOND_US : 0;
	list_add(to, t);
	return t;
}

/* The oldest goes when there are too many. */
static struct token *refresh_token_new(struct account *a, const char *scopes)
{
	struct token *oldest = NULL;
	size_t n = 0;

	for (size_t i = refresh_tokens.n; i-- > 0;) {
		struct token *t = refresh_tokens.v[i];

		if (t->account == a && live(t)) {
			oldest = t;
			n++;
		}
	}
	if (n >= LIVE_MAX)
		oldest->dead = true;
	return token_new(&refresh_tokens, "1//0", a, scopes, client.refresh_expires_in);
}

/* The order of scopes is not fixed: here it is turned round. */
static const char *turned(apr_pool_t *pool, const char *scopes)
{
	const char *to = "";
	size_t n;

	for (; *scopes; scopes += n + (scopes[n] == ' ')) {
		n = strcspn(scopes, " ");
		to = mem_fmt(pool, "%s%s%s", mem_textn(pool, scopes, n), *to ? " " : "", to);
	}
	return to;
}

static void say_tokens(struct ask *ask, const struct token *access, const struct token *refresh,
		       const char *nonce)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "access_token", access->text);
	json_set_int(o, "expires_in", client.expires_in);
	if (refresh)
		json_set_text(o, "refresh_token", refresh->text);
	if (refresh && client.refresh_expires_in)
		json_set_int(o, "refresh_token_expires_in", client.refresh_expires_in);
	json_set_text(o, "scope", turned(ask->pool, access->scopes));
	json_set_text(o, "token_type", "Bearer");
	if (text_has_word(access->scopes, "openid"))
		json_set_text(o, "id_token", id_token(ask, access->account, nonce));
	say_header(ask, "Cache-Control", "no-cache, no-store, max-age=0, must-revalidate");
	say_json(ask, o);
}

/* --- POST /token --- */

static bool form_read(struct ask *ask, struct query *ret)
{
	const char *type = json_text(ask->headers, "content-type");

	if (!type || !text_starts(type, FORM))
		return refuse(ask, 400, "invalid_request", "The body is no form.", NULL);
	if (ask->query.n)
		return refuse(ask, 400, "invalid_request", "Parameters belong into the body.", NULL);
	err_t *err = query_parse(ask->pool, ask->raw, ask->raw_n, ret);
	if (err) {
		err_clear(err);
		return refuse(ask, 400, "invalid_request", "Malformed form.", NULL);
	}
	for (size_t i = 0; i < ret->n; i++)
		if (query_value(ret, ret->pairs[i].name, 1))
			return refuse(ask, 400, "invalid_request", "A parameter came twice.", NULL);
	return true;
}

/* By the form, or by HTTP Basic. */
static bool client_good(struct ask *ask, const struct query *form)
{
	const char *id = query_value(form, "client_id", 0), *secret = query_value(form, "client_secret", 0);
	const char *header = json_text(ask->headers, "authorization");
	size_t n;

	if (header && text_starts(header, "Basic ")) {
		char *pair = base64_read(ask->pool, header + strlen("Basic "),
					 strlen(header) - strlen("Basic "), &n);
		char *colon = pair ? strchr(pair, ':') : NULL;

		if (colon) {
			*colon = '\0';
			id = pair;
			secret = colon + 1;
		}
	}
	if (client.deleted)
		return refuse(ask, 401, "deleted_client", "The OAuth client was deleted.", NULL);
	if (!text_same(id, OAUTH_CLIENT_ID))
		return refuse(ask, 401, "invalid_client", "The OAuth client was not found.", NULL);
	if (!secret)
		return refuse(ask, 400, "invalid_request", "client_secret is missing.", NULL);
	if (!text_same(secret, OAUTH_CLIENT_SECRET))
		return refuse(ask, 401, "invalid_client", "The provided client secret is invalid.", NULL);
	return true;
}

static struct grant *grant_find(const char *code)
{
	for (size_t i = 0; i < grants.n; i++)
		if (text_same(((struct grant *)grants.v[i])->code, code))
			return grants.v[i];
	return NULL;
}

static bool verifier_good(struct ask *ask, const struct grant *g, const char *verifier)
{
	size_t n = verifier ? strlen(verifier) : 0;

	return n >= 43 && n <= 128 &&
	       strspn(verifier, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == n &&
	       text_same(sha256_url(ask->pool, verifier), g->challenge);
}

static void exchange(struct ask *ask, const struct query *form)
{
	const char *code = query_value(form, "code", 0), *uri = query_value(form, "redirect_uri", 0);
	struct grant *g = grant_find(code);
	struct token *refresh, *access;
	bool fresh;

	if (!code || !uri) {
		refuse(ask, 400, "invalid_request",
		       code ? "Missing required parameter: redirect_uri" : "Missing required parameter: code",
		       NULL);
		return;
	}
	if (!oauth_redirect_known(uri)) {
		refuse(ask, 400, "redirect_uri_mismatch", "Bad Request", NULL);
		return;
	}
	fresh = g && !g->used && g->expires > clock_now();
	if (g)
		g->used = true;
	if (!fresh || !text_same(uri, g->redirect_uri) ||
	    !verifier_good(ask, g, query_value(form, "code_verifier", 0))) {
		refuse(ask, 400, "invalid_grant",
		       !g                                           ? "Malformed auth code."
		       : !fresh || !text_same(uri, g->redirect_uri) ? "Bad Request"
								    : "Invalid code verifier.",
		       NULL);
		return;
	}
	ask->account = g->account;
	g->account->exchanges++;
	refresh = g->refresh ? refresh_token_new(g->account, g->scopes) : NULL;
	access = token_new(&access_tokens, "ya29.a0", g->account, g->scopes, client.expires_in);
	access->refresh = refresh;
	say_tokens(ask, access, refresh, g->nonce);
}

/* Whether each of the scopes is one of the token's. */
static bool narrower(struct ask *ask, const char *scopes, const struct token *t)
{
	size_t n;

	for (; *scopes; scopes += n + (scopes[n] == ' ')) {
		n = strcspn(scopes, " ");
		if (n &&
		    !text_has_word(t->scopes, oauth_full_scope(ask->pool, mem_textn(ask->pool, scopes, n))))
			return false;
	}
	return true;
}

static void refresh(struct ask *ask, const struct query *form)
{
	const char *text = query_value(form, "refresh_token", 0), *scope = query_value(form, "scope", 0);
	struct token *t = find(&refresh_tokens, text), *access;

	if (!text) {
		refuse(ask, 400, "invalid_request", "Missing required parameter: refresh_token", NULL);
		return;
	}
	if (t)
		ask->account = t->account;
	if (t && t->used + UNUSED_US <= clock_now())
		t->dead = true;
	if (!t || !live(t)) {
		refuse(ask, 400, "invalid_grant", t ? "Token has been expired or revoked." : "Bad Request",
		       t ? t->subtype : NULL);
		return;
	}
	if (scope && !narrower(ask, scope, t)) {
		refuse(ask, 400, "invalid_scope", "Some requested scopes were invalid.", NULL);
		return;
	}
	t->used = clock_now();
	t->account->refreshes++;
	access = token_new(&access_tokens, "ya29.a0", t->account, t->scopes, client.expires_in);
	access->refresh = t;
	say_tokens(ask, access, NULL, NULL);
}

static void serve_token(struct ask *ask)
{
	struct query form = { 0 };
	const char *type;

	if (!form_read(ask, &form) || !client_good(ask, &form))
		return;
	type = query_value(&form, "grant_type", 0);
	if (text_same(type, "authorization_code"))
		exchange(ask, &form);
	else if (text_same(type, "refresh_token"))
		refresh(ask, &form);
	else
		refuse(ask, 400, type ? "unsupported_grant_type" : "invalid_request",
		       type ? "Invalid grant_type" : "Missing required parameter: grant_type", NULL);
}

/* --- POST /revoke --- */

static void kill_tokens(struct list *l, const struct account *a, const char *subtype)
{
	for (size_t i = 0; i < l->n; i++) {
		struct token *t = l->v[i];

		if (t->account == a && !t->dead) {
			t->dead = true;
			t->subtype = mem_text(world.pool, subtype);
		}
	}
}

/* Everything that the person gave to the project. */
static void withdraw(struct account *a)
{
	kill_tokens(&access_tokens, a, NULL);
	kill_tokens(&refresh_tokens, a, NULL);
	a->granted = "";
}

static void serve_revoke(struct ask *ask)
{
	struct query form = { 0 };
	struct token *t;

	if (!form_read(ask, &form))
		return;
	t = find(&refresh_tokens, query_value(&form, "token", 0));
	if (!t)
		t = find(&access_tokens, query_value(&form, "token", 0));
	if (!t || !live(t)) {
		refuse(ask, 400, "invalid_token", "Token expired or revoked", NULL);
		return;
	}
	ask->account = t->account;
	withdraw(t->account);
	say_json(ask, json_object(ask->pool));
}

static void serve_userinfo(struct ask *ask)
{
	struct json *o = json_object(ask->pool);

	json_set_text(o, "sub", ask->account->sub);
	if (oauth_has(ask, "userinfo.profile"))
		json_set_text(o, "name", ask->account->name);
	if (oauth_has(ask, "userinfo.email")) {
		json_set_text(o, "email", ask->account->email);
		json_set_bool(o, "email_verified", true);
	}
	say_json(ask, o);
}

const struct route oauth_routes[] = {
	{ "oauth.auth", "GET", "/o/oauth2/v2/auth", NULL, "", QUOTA_NONE, 0, consent_page },
	{ "oauth.consent", "POST", "/o/oauth2/consent", NULL, "", QUOTA_NONE, 0, consent_answer },
	{ "oauth.token", "POST", "/token", NULL, "", QUOTA_NONE, 0, serve_token },
	{ "oauth.revoke", "POST", "/revoke", NULL, "", QUOTA_NONE, 0, serve_revoke },
	{ "oauth.userinfo", "GET", "/v1/userinfo", "openid userinfo.email userinfo.profile", "", QUOTA_NONE,
	  0, serve_userinfo },
	{ NULL },
};

/* --- control --- */

static void add_account(struct ask *ask)
{
	const char *email = json_text(ask->body, "email"), *aliases = json_text(ask->body, "aliases");
	struct account *a = world_account(email);

	if (!email || !strchr(email, '@') || !zone_known(json_text(ask->body, "zone"))) {
		deny(ask, 400, "invalid", "no address, or no zone");
		return;
	}
	if (!a)
		a = world_account_new(email, json_text(ask->body, "name"), json_text(ask->body, "sub"),
				      json_text(ask->body, "zone"));
	if (aliases)
		a->aliases = mem_text(a->pool, aliases);
}

/* Google's rules of what may be registered. */
static bool registrable(const char *uri)
{
	bool secure = uri && text_starts(uri, "https://");
	const char *host = uri && strstr(uri, "://") ? strstr(uri, "://") + 3 : "",
		   *end = host + strcspn(host, "/?#");
	size_t name = strcspn(host, ":/?#");
	bool loopback = (name == 9 && strncmp(host, "127.0.0.1", 9) == 0) ||
			(name == 9 && strncmp(host, "localhost", 9) == 0);

	if (!uri || strpbrk(uri, "#*") || !name || memchr(host, '@', (size_t)(end - host)))
		return false;
	if (!loopback && strspn(host, "0123456789.") == name)
		return false;
	return secure || (loopback && text_starts(uri, "http://"));
}

static void add_redirect(struct ask *ask)
{
	const char *uri = json_text(ask->body, "uri");

	if (!registrable(uri))
		deny(ask, 400, "invalid", "Invalid Redirect: %s", uri ? uri : "none");
	else if (!oauth_redirect_known(uri))
		list_add(&redirects, mem_text(world.pool, uri));
}

/* {"account"?,"what":"access"|"refresh"|"all","subtype"?} */
static void expire(struct ask *ask)
{
	const char *what = json_text(ask->body, "what");
	struct account *a = control_account(ask);

	if (!a || !what || !text_has_word("access refresh all", what)) {
		deny(ask, 400, "invalid", "what: access, refresh or all");
		return;
	}
	if (!text_same(what, "refresh"))
		kill_tokens(&access_tokens, a, NULL);
	if (!text_same(what, "access"))
		kill_tokens(&refresh_tokens, a, json_text(ask->body, "subtype"));
	if (text_same(what, "all"))
		a->granted = "";
}

static int64_t live_of(const struct list *l, const struct account *a)
{
	int64_t n = 0;

	for (size_t i = 0; i < l->n; i++)
		n += ((struct token *)l->v[i])->account == a && live(l->v[i]);
	return n;
}

static void list_accounts(struct ask *ask)
{
	struct json *list = json_array(ask->pool);

	for (size_t i = 0; i < world.accounts.n; i++) {
		const struct account *a = world.accounts.v[i];
		struct json *o = json_object(ask->pool);

		json_set_text(o, "email", a->email);
		json_set_text(o, "sub", a->sub);
		json_set_text(o, "scopes", a->granted);
		json_set_int(o, "exchanges", a->exchanges);
		json_set_int(o, "refreshes", a->refreshes);
		json_set_int(o, "refresh_tokens", live_of(&refresh_tokens, a));
		json_set_int(o, "access_tokens", live_of(&access_tokens, a));
		json_push(list, o);
	}
	say_json(ask, list);
}

bool oauth_control(struct ask *ask, const char *name)
{
	if (consent_control(ask, name))
		return true;
	if (text_same(name, "account")) {
		add_account(ask);
	} else if (text_same(name, "redirect")) {
		add_redirect(ask);
	} else if (text_same(name, "expire")) {
		expire(ask);
	} else if (text_same(name, "accounts")) {
		list_accounts(ask);
	} else if (text_same(name, "oauth")) {
		json_int(ask->body, "expires_in", &client.expires_in);
		json_int(ask->body, "refresh_expires_in", &client.refresh_expires_in);
		client.deleted = json_true(ask->body, "deleted");
	} else {
		return false;
	}
	return true;
}
