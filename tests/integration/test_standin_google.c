/* The stand-in for Google against the contract: what all of its parts share, and OAuth. */
#include "tests/standins/google_client.h"

#include "core/clock.h"
#include "core/text.h"
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CALLBACK "http://127.0.0.1:9999/oauth/google/callback"
#define CALLBACK_FMT "http%%3A%%2F%%2F127.0.0.1%%3A9999%%2Foauth%%2Fgoogle%%2Fcallback"
/* RFC 7636, appendix B. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define EVENTS "https://www.googleapis.com/auth/calendar.events"
#define FORM "application/x-www-form-urlencoded"

static const char *auth_url(struct google_standin *g, const char *scope, const char *more)
{
	return mem_fmt(g->pool,
		       "%s/o/oauth2/v2/auth?client_id=%s&redirect_uri=" CALLBACK_FMT
		       "&response_type=code&scope=%s&state=S%%26t&code_challenge=" CHALLENGE
		       "&code_challenge_method=S256%s",
		       g->base, g->client_id, scope, more);
}

static err_t *post_form(struct google_standin *g, const char *path, const char *form,
			struct google_answer *ret)
{
	struct google_ask ask = { "POST", path, .type = FORM, .body = form };

	return google_standin_call(g, &ask, ret);
}

static const char *value_in(apr_pool_t *pool, const char *url, const char *name)
{
	const char *at = strstr(url, mem_fmt(pool, "%s=", name));

	if (!at)
		return NULL;
	at += strlen(name) + 1;
	return mem_textn(pool, at, strcspn(at, "&"));
}

/* Agrees to the URL and exchanges the code. */
static err_t *connect_with(struct google_standin *g, const char *url, const char *drop,
			   struct google_answer *ret)
{
	const char *redirect;

	ERR(google_standin_consent(g, url, NULL, drop, &redirect));
	CHECK(text_starts(redirect, CALLBACK "?"));
	CHECK_TEXT(value_in(g->pool, redirect, "state"), "S%26t");
	ERR(post_form(
		g, "/token",
		mem_fmt(g->pool,
			"grant_type=authorization_code&code=%s&client_id=%s&client_secret=%s&redirect_uri=" CALLBACK_FMT
			"&code_verifier=" VERIFIER,
			value_in(g->pool, redirect, "code"), g->client_id, g->client_secret),
		ret));
	return NULL;
}

static err_t *refresh_with(struct google_standin *g, const char *token, struct google_answer *ret)
{
	return post_form(g, "/token",
			 mem_fmt(g->pool,
				 "grant_type=refresh_token&refresh_token=%s&client_id=%s&client_secret=%s",
				 token, g->client_id, g->client_secret),
			 ret);
}

static err_t *userinfo(struct google_standin *g, const char *token, struct google_answer *ret)
{
	struct google_ask ask = { "GET", "/v1/userinfo", token };

	return google_standin_call(g, &ask, ret);
}

static err_t *page_of(struct google_standin *g, const char *url, struct google_answer *ret)
{
	struct google_ask ask = { "GET", url + strlen(g->base) };

	return google_standin_call(g, &ask, ret);
}

/* --- the authorization request --- */

TEST(an_authorization_request_is_checked_to_the_letter)
{
	static const struct {
		const char *from, *to, *error;
	} cases[] = {
		{ "client_id=standin", "client_id=other", "invalid_client" },
		{ "callback", "callback%2F", "redirect_uri_mismatch" },
		{ "response_type=code", "response_type=token", "invalid_request" },
		{ "scope=openid", "scope=openid%20nonsense", "invalid_scope" },
		{ "scope=openid%20email", "scope=", "invalid_request" },
		{ "state=S%26t", "state=", "invalid_request" },
		{ "method=S256", "method=plain", "invalid_request" },
		{ "challenge=E9", "challenge=E", "invalid_request" },
		{ "&state=", "&access_type=sometimes&state=", "invalid_request" },
		{ "&state=", "&prompt=always&state=", "invalid_request" },
		{ "&state=", "&client_secret=x&state=", "invalid_request" },
		{ "&state=", "&scope=openid&state=", "invalid_request" },
	};
	struct google_standin *g;
	struct google_answer a;

	ERR(google_standin_start(t, &g));
	const char *good = auth_url(g, "openid%20email", "");
	ERR(page_of(g, good, &a));
	CHECK(strstr(a.body, "redirect_uri_mismatch"));
	ERR(google_standin_redirect(g, CALLBACK));
	ERR(page_of(g, good, &a));
	CHECK_INT(a.status, 200);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *at = strstr(good, cases[i].from);

		CHECK(at);
		ERR(page_of(g,
			    mem_fmt(t->pool, "%.*s%s%s", (int)(at - good), good, cases[i].to,
				    at + strlen(cases[i].from)),
			    &a));
		CHECK(a.status >= 400 && !a.location);
		if (!strstr(a.body, cases[i].error))
			return err_new(ERR_INTERNAL, "\"%s\": %s", cases[i].to, a.body);
	}
	return NULL;
}

TEST(only_what_google_lets_register_is_registered)
{
	static const char *const bad[] = { "http://example.org/cb",  "https://10.0.0.1/cb",
					   "https://a.example/cb#x", "https://me@a.example/cb",
					   "https://*.example/cb",   "ftp://a.example/" };
	struct google_standin *g;

	ERR(google_standin_start(t, &g));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_ERR(google_standin_redirect(g, bad[i]), ERR_HTTP);
	ERR(google_standin_redirect(g, "https://a.example/cb"));
	return NULL;
}

static err_t *press(struct google_standin *g, const char *page, const char *rest, struct google_answer *ret)
{
	const char *id = strstr(page, "name=\"request\" value=\"");

	CHECK(id);
	id += strlen("name=\"request\" value=\"");
	return post_form(g, "/o/oauth2/consent",
			 mem_fmt(g->pool, "request=%.*s&%s", (int)strcspn(id, "\""), id, rest), ret);
}

TEST(the_page_of_consent_works_without_scripts)
{
	struct google_standin *g;
	struct google_answer page, a;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_account(g, "bia@example.org"));
	ERR(google_standin_redirect(g, CALLBACK));
	const char *url =
		auth_url(g,
			 "openid%20email%20" EVENTS "%20https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.send",
			 "&access_type=offline");
	ERR(page_of(g, url, &page));
	CHECK(!strstr(page.body, "<script") && strstr(page.body, "id=\"account-bia@example.org\""));
	CHECK(strstr(page.body, "id=\"scope-calendar.events\"") &&
	      strstr(page.body, "id=\"scope-gmail.send\""));
	CHECK(!strstr(page.body, "scope-openid") && strstr(page.body, "id=\"allow\"") &&
	      strstr(page.body, "id=\"deny\""));
	ERR(press(g, page.body, "account=bia@example.org&scope=" EVENTS "&action=allow", &a));
	CHECK_INT(a.status, 302);
	CHECK(text_starts(a.location, CALLBACK "?") && strstr(a.location, "&code=4%2F0A"));
	CHECK(strstr(a.location, "calendar.events") && !strstr(a.location, "gmail.send"));
	ERR(press(g, page.body, "account=bia@example.org&action=allow", &a)); /* once */
	CHECK_INT(a.status, 400);

	ERR(page_of(g, url, &page));
	ERR(press(g, page.body, "account=ana@example.org&action=deny", &a));
	CHECK_TEXT(a.location, CALLBACK "?error=access_denied&state=S%26t");
	ERR(page_of(g, auth_url(g, "openid", "&prompt=none"), &a));
	CHECK(strstr(a.location, "error=login_required"));
	ERR(page_of(g, auth_url(g, "openid", "&prompt=none&login_hint=ana@example.org"), &a));
	CHECK(strstr(a.location, "error=interaction_required"));
	return NULL;
}

/* --- tokens --- */

static err_t *claims_of(struct google_standin *g, const char *jwt, struct json **ret)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *s = strchr(jwt, '.');
	struct buf b = buf_new(g->pool, 65536);
	unsigned bits = 0, have = 0;

	CHECK(s && strchr(s + 1, '.'));
	for (s++; *s != '.'; s++) {
		bits = bits << 6 | (unsigned)(strchr(letters, *s) - letters);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_char(&b, (char)(bits >> have & 255));
		}
	}
	return json_read(g->pool, b.p, b.n, ret);
}

TEST(a_code_becomes_tokens_once)
{
	struct google_standin *g;
	struct google_answer a;
	struct json *claims, *accounts;
	int64_t n;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_redirect(g, CALLBACK));
	const char *url =
		auth_url(g, "openid%20email%20" EVENTS, "&access_type=offline&prompt=consent&nonce=N1");
	ERR(connect_with(g, url, NULL, &a));
	CHECK_INT(a.status, 200);
	CHECK(text_starts(json_text(a.json, "access_token"), "ya29."));
	CHECK(text_starts(json_text(a.json, "refresh_token"), "1//0"));
	CHECK(json_int(a.json, "expires_in", &n) && n == 3599);
	CHECK(strstr(json_text(a.json, "scope"), "https://www.googleapis.com/auth/userinfo.email"));
	ERR(claims_of(g, json_text(a.json, "id_token"), &claims));
	CHECK_TEXT(json_text(claims, "iss"), "https://accounts.google.com");
	CHECK_TEXT(json_text(claims, "aud"), g->client_id);
	CHECK_TEXT(json_text(claims, "email"), "ana@example.org");
	CHECK_TEXT(json_text(claims, "nonce"), "N1");
	CHECK(json_int(claims, "exp", &n) && n > clock_now() / SECOND_US);
	CHECK(json_text(claims, "sub"));
	ERR(userinfo(g, json_text(a.json, "access_token"), &a));
	CHECK_TEXT(json_text(a.json, "sub"), json_text(claims, "sub"));
	ERR(google_standin_control(g, "accounts", NULL, &accounts));
	CHECK(json_int(accounts, "0.exchanges", &n) && n == 1);
	return NULL;
}

TEST(an_exchange_that_is_wrong_is_refused_and_spends_the_code)
{
	static const struct {
		const char *from, *to;
		int status;
		const char *error;
		bool spent;
	} cases[] = {
		{ "client_secret=GOCSPX", "client_secret=x", 401, "invalid_client", false },
		{ "client_secret=", "secret=", 400, "invalid_request", false },
		{ "client_id=standin", "client_id=x", 401, "invalid_client", false },
		{ "grant_type=authorization_code", "grant_type=password", 400, "unsupported_grant_type",
		  false },
		{ "%2Fcallback", "%2Fother", 400, "redirect_uri_mismatch", false },
		{ "%2Fcallback", "%2Fsecond", 400, "invalid_grant", true },
		{ "verifier=dB", "verifier=dC", 400, "invalid_grant", true },
		{ "code_verifier=", "verifier=", 400, "invalid_grant", true },
		{ "code=4", "code=5", 400, "invalid_grant", false },
		{ "&redirect_uri", "&code=x&redirect_uri", 400, "invalid_request", false },
	};
	struct google_standin *g;
	struct google_answer a;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_redirect(g, CALLBACK));
	ERR(google_standin_redirect(g, "http://127.0.0.1:9999/oauth/google/second"));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *redirect, *form, *at;

		ERR(google_standin_consent(g, auth_url(g, "openid", ""), NULL, NULL, &redirect));
		form = mem_fmt(
			t->pool,
			"grant_type=authorization_code&code=%s&client_id=%s&client_secret=%s&redirect_uri=" CALLBACK_FMT
			"&code_verifier=" VERIFIER,
			value_in(t->pool, redirect, "code"), g->client_id, g->client_secret);
		at = strstr(form, cases[i].from);
		CHECK(at);
		ERR(post_form(g, "/token",
			      mem_fmt(t->pool, "%.*s%s%s", (int)(at - form), form, cases[i].to,
				      at + strlen(cases[i].from)),
			      &a));
		CHECK_INT(a.status, cases[i].status);
		CHECK_TEXT(json_text(a.json, "error"), cases[i].error);
		ERR(post_form(g, "/token", form, &a));
		CHECK_INT(a.status, cases[i].spent ? 400 : 200);
		ERR(post_form(g, "/token", form, &a)); /* a code is good once */
		CHECK_TEXT(json_text(a.json, "error"), "invalid_grant");
	}
	ERR(post_form(g, mem_fmt(t->pool, "/token?client_secret=%s", g->client_secret),
		      "grant_type=refresh_token", &a));
	CHECK_TEXT(json_text(a.json, "error"), "invalid_request");
	return NULL;
}

TEST(a_refresh_token_needs_offline_access_and_a_screen)
{
	struct google_standin *g;
	struct google_answer a;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_redirect(g, CALLBACK));
	ERR(connect_with(g, auth_url(g, "openid", "&prompt=consent"), NULL, &a));
	CHECK_INT(a.status, 200);
	CHECK(!json_at(a.json, "refresh_token")); /* online */
	ERR(connect_with(g, auth_url(g, "openid", "&access_type=offline"), NULL, &a));
	CHECK(!json_at(a.json, "refresh_token")); /* granted before: no screen */
	ERR(connect_with(g, auth_url(g, "openid%20" EVENTS, "&access_type=offline"), NULL, &a));
	CHECK(json_at(a.json, "refresh_token"));
	ERR(connect_with(g, auth_url(g, "openid", "&access_type=offline&prompt=consent"), NULL, &a));
	CHECK(json_at(a.json, "refresh_token"));
	return NULL;
}

TEST(scopes_are_granted_in_part_and_add_up)
{
	struct google_standin *g;
	struct google_answer a;
	const char *more = "&access_type=offline&prompt=consent&include_granted_scopes=true";

	ERR(google_standin_start(t, &g));
	ERR(google_standin_redirect(g, CALLBACK));
	ERR(connect_with(g,
			 auth_url(g,
				  "openid%20" EVENTS
				  "%20https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.send",
				  more),
			 "gmail.send", &a));
	CHECK(strstr(json_text(a.json, "scope"), "calendar.events") &&
	      !strstr(json_text(a.json, "scope"), "gmail"));
	ERR(connect_with(g, auth_url(g, "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdrive.file", more), NULL,
			 &a));
	CHECK(strstr(json_text(a.json, "scope"), "calendar.events") &&
	      strstr(json_text(a.json, "scope"), "drive.file"));
	ERR(connect_with(g,
			 auth_url(g, "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fdrive.file",
				  "&access_type=offline"),
			 NULL, &a));
	CHECK_TEXT(json_text(a.json, "scope"), "https://www.googleapis.com/auth/drive.file");
	CHECK(!json_at(a.json, "id_token"));
	return NULL;
}

TEST(a_refresh_keeps_the_refresh_token_and_is_counted)
{
	struct google_standin *g;
	struct google_answer a;
	struct json *accounts;
	const char *access, *refresh;
	int64_t n;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_token(g, NULL, "openid email", &access, &refresh));
	ERR(refresh_with(g, refresh, &a));
	CHECK_INT(a.status, 200);
	CHECK(json_text(a.json, "access_token") && !json_at(a.json, "refresh_token") &&
	      json_text(a.json, "id_token"));
	ERR(userinfo(g, access, &a)); /* the old one lives on */
	CHECK_INT(a.status, 200);

	ERR(google_standin_control(g, "expire", "{\"what\":\"access\"}", NULL));
	ERR(userinfo(g, access, &a));
	CHECK_INT(a.status, 401);
	CHECK_TEXT(json_text(a.json, "error.errors.0.reason"), "authError");
	CHECK_TEXT(json_text(a.json, "error.status"), "UNAUTHENTICATED");
	CHECK(strstr(a.authenticate, "Bearer") && strstr(a.authenticate, "error=\"invalid_token\""));
	ERR(refresh_with(g, refresh, &a));
	CHECK_INT(a.status, 200);
	ERR(google_standin_control(g, "accounts", NULL, &accounts));
	CHECK(json_int(accounts, "0.refreshes", &n) && n == 2);

	ERR(google_standin_control(g, "expire", "{\"what\":\"refresh\",\"subtype\":\"invalid_rapt\"}", NULL));
	ERR(refresh_with(g, refresh, &a));
	CHECK_INT(a.status, 400);
	CHECK_TEXT(json_text(a.json, "error"), "invalid_grant");
	CHECK_TEXT(json_text(a.json, "error_subtype"), "invalid_rapt");
	return NULL;
}

TEST(tokens_end_by_their_time_by_number_and_by_revocation)
{
	struct google_standin *g;
	struct google_answer a;
	const char *access, *first, *refresh, *other;
	int64_t end = clock_mono_ms() + 10000;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_control(g, "oauth", "{\"expires_in\":1}", NULL));
	ERR(google_standin_token(g, NULL, "openid", &access, &first));
	do
		ERR(userinfo(g, access, &a));
	while (a.status != 401 && clock_mono_ms() < end);
	CHECK_INT(a.status, 401);
	ERR(google_standin_control(g, "oauth", "{\"expires_in\":3600}", NULL));

	for (int i = 0; i < 100; i++)
		ERR(google_standin_token(g, NULL, "openid", &access, &refresh));
	ERR(refresh_with(g, first, &a)); /* the hundred and first */
	CHECK_TEXT(json_text(a.json, "error"), "invalid_grant");
	ERR(refresh_with(g, refresh, &a));
	CHECK_INT(a.status, 200);

	ERR(google_standin_token(g, NULL, "openid", &other, NULL));
	ERR(post_form(g, "/revoke", mem_fmt(t->pool, "token=%s", access), &a));
	CHECK_INT(a.status, 200);
	ERR(post_form(g, "/revoke", mem_fmt(t->pool, "token=%s", access), &a));
	CHECK_INT(a.status, 400);
	CHECK_TEXT(json_text(a.json, "error"), "invalid_token");
	ERR(userinfo(g, other, &a)); /* all of the project's go */
	CHECK_INT(a.status, 401);
	ERR(refresh_with(g, refresh, &a));
	CHECK_TEXT(json_text(a.json, "error"), "invalid_grant");
	return NULL;
}

/* --- faults --- */

TEST(faults_of_tokens_are_told_in_their_own_form)
{
	struct google_standin *g;
	struct google_answer a;
	struct json *accounts, *calls;
	const char *access, *refresh;
	int64_t n;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_token(g, NULL, "openid", &access, &refresh));
	ERR(google_standin_fault(g, "oauth.token", "500", 1));
	ERR(refresh_with(g, refresh, &a));
	CHECK_INT(a.status, 500);
	ERR(google_standin_fault(g, "POST /token", "400:invalid_grant", 1));
	ERR(refresh_with(g, refresh, &a));
	CHECK_TEXT(json_text(a.json, "error"), "invalid_grant");
	ERR(google_standin_fault(g, "oauth.", "drop", 1));
	CHECK_ERR(refresh_with(g, refresh, &a), ERR_HTTP);
	ERR(google_standin_fault(g, "*", "after", 1));
	CHECK_ERR(refresh_with(g, refresh, &a), ERR_HTTP);
	ERR(google_standin_control(g, "accounts", NULL, &accounts));
	CHECK(json_int(accounts, "0.refreshes", &n) && n == 1); /* the last one alone had an effect */
	ERR(google_standin_control(g, "calls", "{\"name\":\"oauth.token\"}", &calls));
	CHECK_INT(json_len(calls), 5);
	CHECK_TEXT(json_text(calls, "4.fault"), "after");
	CHECK(json_int(calls, "4.status", &n) && n == 0);
	CHECK(!strstr(json_write(t->pool, calls), "1//0"));
	return NULL;
}

TEST(an_effect_may_come_late_and_an_answer_spoilt)
{
	struct google_standin *g;
	struct google_answer a;
	struct json *accounts;
	const char *access, *refresh;
	int64_t n;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_token(g, NULL, "openid", &access, &refresh));
	ERR(google_standin_fault(g, "oauth.token", "late:300", 1));
	CHECK_ERR(refresh_with(g, refresh, &a), ERR_HTTP);
	ERR(google_standin_control(g, "accounts", NULL, &accounts));
	CHECK(json_int(accounts, "0.refreshes", &n) && n == 0);
	ERR(google_standin_wait(g, "oauth.token", 3)); /* the exchange, the lost call, and its effect */
	ERR(google_standin_control(g, "accounts", NULL, &accounts));
	CHECK(json_int(accounts, "0.refreshes", &n) && n == 1);
	CHECK_ERR(google_standin_control(g, "wait", "{\"name\":\"held\",\"timeout_ms\":10}", NULL), ERR_HTTP);
	ERR(google_standin_control(
		g, "fault", "{\"call\":\"oauth.userinfo\",\"schedule\":[\"\",\"503\",\"garbage\",\"cut\"]}",
		NULL));
	ERR(userinfo(g, access, &a));
	CHECK_INT(a.status, 200);
	ERR(userinfo(g, access, &a));
	CHECK_INT(a.status, 503);
	ERR(userinfo(g, access, &a));
	CHECK(a.status == 200 && !a.json);
	CHECK_ERR(userinfo(g, access, &a), ERR_HTTP);
	ERR(userinfo(g, access, &a));
	CHECK_INT(a.status, 200);
	return NULL;
}

/* A refresh whose sender does not wait: it hangs up when asked to. */
static err_t *begin_refresh(struct google_standin *g, const char *token, int *ret_fd)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	const char *body =
		mem_fmt(g->pool, "grant_type=refresh_token&refresh_token=%s&client_id=%s&client_secret=%s",
			token, g->client_id, g->client_secret);
	const char *text = mem_fmt(g->pool,
				   "POST /token HTTP/1.1\r\nHost: x\r\nContent-Type: " FORM
				   "\r\nContent-Length: %zu\r\n\r\n%s",
				   strlen(body), body);
	int64_t port;

	CHECK(text_int(strrchr(g->base, ':') + 1, &port));
	to.sin_port = htons((uint16_t)port);
	*ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(connect(*ret_fd, (struct sockaddr *)&to, sizeof to) == 0);
	CHECK(write(*ret_fd, text, strlen(text)) == (ssize_t)strlen(text));
	return NULL;
}

static err_t *refreshes(struct google_standin *g, int64_t expected)
{
	struct json *accounts;
	int64_t n;

	ERR(google_standin_control(g, "accounts", NULL, &accounts));
	CHECK(json_int(accounts, "0.refreshes", &n));
	CHECK_INT(n, expected);
	return NULL;
}

TEST(a_call_is_held_until_it_is_released)
{
	static const struct {
		const char *fault;
		bool effect;
		int64_t before, after;
	} cases[] = {
		{ "hold:before", true, 0, 1 },
		{ "hold:before", false, 1, 1 },
		{ "hold:after", true, 2, 2 },
	};
	struct google_standin *g;
	const char *access, *refresh;
	int fd;

	ERR(google_standin_start(t, &g));
	ERR(google_standin_token(g, NULL, "openid", &access, &refresh));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ERR(google_standin_fault(g, "oauth.token", cases[i].fault, 1));
		ERR(begin_refresh(g, refresh, &fd));
		ERR(google_standin_wait(g, "held", 1));
		ERR(refreshes(g, cases[i].before));
		close(fd); /* as a process that is killed would */
		ERR(google_standin_release(g, cases[i].effect));
		ERR(refreshes(g, cases[i].after));
	}
	ERR(google_standin_fault(g, "oauth.token", "hold:before", 1));
	ERR(begin_refresh(g, refresh, &fd));
	ERR(google_standin_wait(g, "held", 1));
	ERR(google_standin_release(g, true));
	char head[13] = "";
	CHECK(read(fd, head, sizeof head - 1) == (ssize_t)sizeof head - 1);
	CHECK_TEXT(head, "HTTP/1.1 200");
	close(fd);
	return NULL;
}
