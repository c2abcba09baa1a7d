/* Consent at Google, over the real processes: with a real browser, and with requests that no browser would make. */
#include "core/text.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/google.h"
#include <signal.h>
#include <string.h>

enum { CHAT = 910, OTHER = 911 };

static NODISCARD err_t *begin(struct test *t, struct product **p, struct google_standin **g)
{
	ERR(product_new(t, true, NULL, p));
	ERR(google_beside(*p, g));
	ERR(product_start(*p));
	return talk_expect(*p, CHAT, NULL, "/status", "acordada");
}

static NODISCARD err_t *accounts(struct product *p, int64_t expected)
{
	return talk_await_int(p, "SELECT count(*) FROM google_accounts WHERE state = 'active'", expected);
}

/* From the chat to Google and back to the chat. */
static NODISCARD err_t *in_browser(struct test *t, const char *lang, bool dark, const char *head,
				   const char *button, const char *name)
{
	struct google_standin *g;
	struct product *p;
	struct browser *b;
	const char *link, *number, *reply, *url;
	int lines;

	ERR(begin(t, &p, &g));
	ERR(talk_ask(p, CHAT, NULL, "/conectar", &reply));
	ERR(google_link(p, CHAT, &link));
	ERR(browser_start(t, lang, dark, &b));
	ERR(browser_go(b, link));
	ERR(browser_await(b, "h1", head));
	ERR(browser_await(b, "ul", "compromissos"));
	ERR(browser_picture(b, mem_fmt(t->pool, "consent-start-%s", name)));
	ERR(browser_go(b, link)); /* looking burns nothing */
	ERR(browser_await(b, "button", button));
	ERR(browser_click(b, "button"));
	ERR(browser_click(b, "#allow"));
	ERR(browser_text(b, ".number", &number));
	CHECK_INT(strlen(number), 2);
	ERR(browser_picture(b, mem_fmt(t->pool, "consent-number-%s", name)));
	ERR(browser_url(b, &url));
	CHECK(strstr(url, "/oauth/google/callback"));
	ERR(accounts(p, 0)); /* not before the tap */
	ERR(talk_await(p, CHAT, "sendMessage", "Alguém acabou", 1));
	ERR(standin_press(p->s, CHAT, number, NULL));
	ERR(talk_await(p, CHAT, "editMessageText", "Conectado", 1));
	ERR(accounts(p, 1));
	ERR(browser_go(b, link));
	ERR(browser_await(b, "h1", "link"));
	ERR(browser_picture(b, mem_fmt(t->pool, "consent-used-%s", name)));
	ERR(browser_console(b, &lines));
	CHECK(lines <= 1); /* the last page is a 410, which browsers remark */
	return talk_calm(p);
}

TEST(in_a_real_browser)
{
	if (!browser_wanted())
		return test_skip("consent in a browser: no Chromium");
	return in_browser(t, "pt-BR", false, "Conectar o Google", "Continuar", "pt");
}

TEST(in_a_dark_browser_of_another_language)
{
	if (!browser_wanted())
		return test_skip("consent in a browser: no Chromium");
	/* The person's language is the page's, whatever the browser's. */
	return in_browser(t, "en-US", true, "Conectar o Google", "Continuar", "dark");
}

static NODISCARD err_t *denied_in_browser(struct test *t)
{
	struct google_standin *g;
	struct product *p;
	struct browser *b;
	const char *link, *reply;

	ERR(begin(t, &p, &g));
	ERR(talk_ask(p, CHAT, NULL, "/conectar", &reply));
	ERR(google_link(p, CHAT, &link));
	ERR(browser_start(t, "pt-BR", false, &b));
	ERR(browser_go(b, link));
	ERR(browser_click(b, "button"));
	ERR(browser_click(b, "#deny"));
	ERR(browser_await(b, "h1", "Nada foi conectado"));
	ERR(browser_picture(b, "consent-denied-pt"));
	ERR(talk_await(p, CHAT, "sendMessage", "sem a sua permissão", 1));
	/* A fresh link goes on; unticked boxes are said. */
	ERR(talk_ask(p, CHAT, NULL, "/conectar", &reply));
	ERR(google_link(p, CHAT, &link));
	ERR(browser_go(b, link));
	ERR(browser_click(b, "button"));
	ERR(browser_click(b, "#scope-calendar\\.events"));
	ERR(browser_click(b, "#scope-calendar\\.calendarlist\\.readonly"));
	ERR(browser_click(b, "#allow"));
	ERR(browser_await(b, "h1", "Faltou marcar"));
	ERR(browser_picture(b, "consent-nothing-pt"));
	ERR(accounts(p, 0));
	return talk_calm(p);
}

TEST(a_no_in_a_real_browser_is_a_no)
{
	if (!browser_wanted())
		return test_skip("consent in a browser: no Chromium");
	return denied_in_browser(t);
}

/* --- without a browser --- */

struct raw {
	struct product *p;
	struct google_standin *g;
	const char *link, *cookie, *redirect, *page;
};

static NODISCARD err_t *http_with(struct raw *r, const char *method, const char *path, const char *header,
				  const char *form, struct google_answer *ret)
{
	return google_fetch(r->g, method, mem_fmt(r->g->pool, "http://127.0.0.1:%d%s", r->p->port, path),
			    header, form, ret);
}

static NODISCARD err_t *http(struct raw *r, const char *method, const char *path, const char *cookie,
			     const char *form, struct google_answer *ret)
{
	return http_with(r, method, path, cookie ? mem_fmt(r->g->pool, "Cookie: %s", cookie) : NULL, form,
			 ret);
}

static const char *path_of(const char *url)
{
	return strchr(url + strlen("http://"), '/');
}

/* Up to Google and back: cookie and redirect are set, the callback is not made yet. */
static NODISCARD err_t *halfway(struct test *t, struct raw *r)
{
	struct google_answer answer = { 0 };
	const char *reply;

	ERR(begin(t, &r->p, &r->g));
	ERR(talk_ask(r->p, CHAT, NULL, "/conectar", &reply));
	ERR(google_link(r->p, CHAT, &r->link));
	ERR(http(r, "POST", "/oauth/google/start", NULL, strchr(r->link, '?') + 1, &answer));
	CHECK_INT(answer.status, 303);
	r->cookie = mem_textn(t->pool, answer.cookie, strcspn(answer.cookie, ";"));
	return google_standin_consent(r->g, answer.location, NULL, NULL, &r->redirect);
}

static NODISCARD err_t *status(struct raw *r, const char *method, const char *path, const char *cookie,
			       const char *form, int expected)
{
	struct google_answer answer = { 0 };

	ERR(http(r, method, path, cookie, form, &answer));
	if (answer.status != expected)
		return err_new(ERR_INTERNAL, "%s %s: %ld, expected %d: %s", method, path, answer.status,
			       expected, form ? form : "");
	return NULL;
}

TEST(a_link_or_a_code_in_other_hands_opens_nothing)
{
	struct google_answer answer = { 0 };
	const char *form,
		*stranger = "lembra_consent=0000000000000000000000000000000000000000000000000000000000000000";
	struct raw r = { 0 };

	ERR(halfway(t, &r));
	form = strchr(r.link, '?') + 1;
	/* The link once more, in another browser. */
	ERR(status(&r, "POST", "/oauth/google/start", NULL, form, 410));
	ERR(status(&r, "POST", "/oauth/google/start", stranger, form, 410));
	/* The code in another browser, with another state, without either. */
	ERR(status(&r, "GET", path_of(r.redirect), NULL, NULL, 410));
	ERR(status(&r, "GET", path_of(r.redirect), stranger, NULL, 410));
	ERR(status(&r, "GET", "/oauth/google/callback?code=x&state=wrong", r.cookie, NULL, 410));
	ERR(status(&r, "GET", "/oauth/google/callback", r.cookie, NULL, 410));
	/* A consent's token is no session of a person. */
	ERR(status(&r, "GET", "/me", mem_fmt(t->pool, "lembra_session=%s", strchr(r.cookie, '=') + 1), NULL,
		   401));
	/* The right browser is served all the same, and once. */
	ERR(http(&r, "GET", path_of(r.redirect), r.cookie, NULL, &answer));
	CHECK_INT(answer.status, 200);
	CHECK(strstr(answer.body, "class=\"number\""));
	ERR(status(&r, "GET", path_of(r.redirect), r.cookie, NULL, 410));
	/* Another person's tap is no tap, and a number that nobody showed ends it. */
	ERR(talk_expect(r.p, OTHER, NULL, "/status", "acordada"));
	ERR(talk_forge(r.p, OTHER, "t:confirm_google:id=1&number=10"));
	ERR(talk_await(r.p, OTHER, "sendMessage", "já terminou", 1));
	ERR(talk_await(r.p, CHAT, "sendMessage", "Alguém acabou", 1));
	ERR(standin_press(r.p->s, CHAT, "🚫 Não fui eu", NULL));
	ERR(talk_await(r.p, CHAT, "editMessageText", "Não era esse o número", 1));
	ERR(accounts(r.p, 0));
	return talk_calm(r.p);
}

/* A page of another site that presses the button in the name of whoever opens it. */
TEST(the_button_is_pressed_on_our_own_page)
{
	static const char *const elsewhere[] = { "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
						 "Origin: https://evil.example" };
	struct google_answer answer = { 0 };
	const char *form, *reply;
	struct raw r = { 0 };

	ERR(begin(t, &r.p, &r.g));
	ERR(talk_ask(r.p, CHAT, NULL, "/conectar", &reply));
	ERR(google_link(r.p, CHAT, &r.link));
	form = strchr(r.link, '?') + 1;
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
		ERR(http_with(&r, "POST", "/oauth/google/start", elsewhere[i], form, &answer));
		CHECK_INT(answer.status, 303);
		CHECK(text_starts(answer.location, "/oauth/google/start?k="));
		CHECK(!answer.cookie || !*answer.cookie);
	}
	ERR(http_with(&r, "POST", "/oauth/google/start", "Sec-Fetch-Site: same-origin", form, &answer));
	CHECK_INT(answer.status, 303);
	CHECK(text_starts(answer.location, r.g->base));
	return talk_calm(r.p);
}

/* Of two taps the browser hears the second answer only, without what the first one set. */
TEST(a_button_tapped_twice_goes_on)
{
	struct google_answer answer = { 0 };
	const char *reply, *redirect, *form;
	struct raw r = { 0 };

	ERR(begin(t, &r.p, &r.g));
	ERR(talk_ask(r.p, CHAT, NULL, "/conectar", &reply));
	ERR(google_link(r.p, CHAT, &r.link));
	form = strchr(r.link, '?') + 1;
	ERR(http(&r, "GET", path_of(r.link), NULL, NULL, &answer));
	CHECK_INT(answer.status, 200);
	CHECK(answer.cookie != NULL);
	r.cookie = mem_textn(t->pool, answer.cookie, strcspn(answer.cookie, ";"));
	ERR(status(&r, "POST", "/oauth/google/start", r.cookie, form, 303));
	/* A look in between leaves the browser what it has. */
	ERR(http(&r, "GET", path_of(r.link), r.cookie, NULL, &answer));
	CHECK(!answer.cookie || !*answer.cookie);
	ERR(http(&r, "POST", "/oauth/google/start", r.cookie, form, &answer));
	CHECK_INT(answer.status, 303);
	ERR(status(&r, "POST", "/oauth/google/start", NULL, form, 410));
	ERR(google_standin_consent(r.g, answer.location, NULL, NULL, &redirect));
	ERR(http(&r, "GET", path_of(redirect), r.cookie, NULL, &answer));
	CHECK(strstr(answer.body, "class=\"number\""));
	ERR(talk_await(r.p, CHAT, "sendMessage", "Alguém acabou", 1));
	/* That cookie has had its consent: for the next one it is another. */
	ERR(talk_ask(r.p, CHAT, NULL, "/conectar email", &reply));
	ERR(google_link(r.p, CHAT, &r.link));
	ERR(http(&r, "POST", "/oauth/google/start", r.cookie, strchr(r.link, '?') + 1, &answer));
	CHECK_INT(answer.status, 303);
	CHECK(!text_starts(answer.cookie, r.cookie));
	return talk_calm(r.p);
}

/* Requests that no page of ours makes: refused, and nothing breaks. */
TEST(odd_requests_are_refused)
{
	static const struct {
		const char *method, *path, *form;
		int status;
	} odd[] = {
		{ "GET", "/oauth/google/start", NULL, 410 },
		{ "GET", "/oauth/google/start?k=", NULL, 410 },
		{ "GET", "/oauth/google/start?k=%00", NULL, 400 },
		{ "GET", "/oauth/google/start?k=../../etc", NULL, 410 },
		{ "POST", "/oauth/google/start", NULL, 400 },
		{ "POST", "/oauth/google/start", "", 410 },
		{ "POST", "/oauth/google/start", "k=%zz", 400 },
		{ "PUT", "/oauth/google/start", "k=1", 405 },
		{ "DELETE", "/oauth/google/callback", NULL, 405 },
		{ "POST", "/oauth/google/callback", "code=1&state=2", 405 },
		{ "GET", "/google/push", NULL, 405 },
		{ "POST", "/google/push", "x", 404 },
	};
	struct raw r = { 0 };
	char *huge;

	ERR(begin(t, &r.p, &r.g));
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		ERR(status(&r, odd[i].method, odd[i].path, NULL, odd[i].form, odd[i].status));
	huge = mem_alloc(t->pool, 100001);
	memset(huge, 'k', 100000);
	ERR(status(&r, "POST", "/oauth/google/start", NULL, huge, 413));
	ERR(talk_forge(r.p, CHAT, "t:trash_file:account=1&file=x"));
	ERR(talk_forge(r.p, CHAT, "t:revert_event:id=1"));
	ERR(talk_forge(r.p, CHAT, "t:confirm_google:id=1&number=99"));
	ERR(talk_forge(r.p, CHAT, "t:confirm_google:"));
	ERR(talk_await(r.p, CHAT, "sendMessage", "já terminou", 1));
	ERR(accounts(r.p, 0));
	return talk_calm(r.p);
}

/* A page of a consent that ends as this account (NULL: the first) with these scopes unticked. */
static NODISCARD err_t *ends(struct raw *r, const char *words, const char *account, const char *drop,
			     const char *page)
{
	struct google_answer answer = { 0 };
	const char *reply;

	ERR(talk_ask(r->p, CHAT, NULL, words, &reply));
	ERR(google_link(r->p, CHAT, &r->link));
	ERR(http(r, "POST", "/oauth/google/start", NULL, strchr(r->link, '?') + 1, &answer));
	CHECK_INT(answer.status, 303);
	r->cookie = mem_textn(r->g->pool, answer.cookie, strcspn(answer.cookie, ";"));
	ERR(google_standin_consent(r->g, answer.location, account, drop, &r->redirect));
	ERR(http(r, "GET", path_of(r->redirect), r->cookie, NULL, &answer));
	CHECK_INT(answer.status, 200);
	r->page = answer.body;
	if (!strstr(answer.body, page))
		return err_new(ERR_INTERNAL, "%s: not \"%s\": %s", words, page, answer.body);
	return talk_settle(r->p); /* what the chat hears of it comes before what is said next */
}

TEST(more_is_asked_of_the_account_that_it_is_for)
{
	struct raw r = { 0 };
	const char *reply;

	ERR(begin(t, &r.p, &r.g));
	ERR(google_connect(r.p, r.g, CHAT, ""));
	ERR(google_standin_account(r.g, "bia@example.org"));
	ERR(ends(&r, "/conectar email", "bia@example.org", NULL, "outra conta"));
	ERR(ends(&r, "/conectar email", NULL, "gmail.readonly", "Faltou marcar"));
	ERR(ends(&r, "/conectar email", NULL, NULL, "class=\"number\""));
	ERR(accounts(r.p, 1));
	ERR(talk_ask(r.p, CHAT, NULL, "/conectar", &reply));
	CHECK(strstr(reply, "Liberado: agenda.") || strstr(reply, "Liberado: agenda"));
	CHECK(!strstr(reply, "ler e-mails")); /* the number was not tapped */
	return talk_calm(r.p);
}

TEST(what_is_allowed_later_lasts_longer_than_an_hour)
{
	struct raw r = { 0 };
	const char *number;

	ERR(begin(t, &r.p, &r.g));
	ERR(google_connect(r.p, r.g, CHAT, ""));
	ERR(ends(&r, "/conectar email", NULL, NULL, "class=\"number\""));
	ERR(talk_await(r.p, CHAT, "sendMessage", "Alguém acabou", 2));
	number = mem_textn(t->pool, strstr(r.page, "class=\"number\">") + strlen("class=\"number\">"), 2);
	ERR(standin_press(r.p->s, CHAT, number, NULL));
	ERR(talk_await(r.p, CHAT, "editMessageText", "Conectado", 2));
	/* The first token is over: what is stored must bring one that allows as much. */
	ERR(fixture_sql(&r.p->db, "UPDATE google_accounts SET access = NULL, access_ends_at = NULL"));
	ERR(talk_expect(r.p, CHAT, NULL, "/email", "está vazia"));
	ERR(talk_expect(r.p, CHAT, NULL, "/conectar", "ler e-mails"));
	return talk_calm(r.p);
}

TEST(a_worker_that_is_killed_in_a_consent_leaves_no_half_of_one)
{
	struct raw r = { 0 };

	ERR(halfway(t, &r));
	ERR(google_standin_fault(r.g, "oauth.token", "hold:after", 1));
	ERR(product_kill(r.p, "worker", SIGKILL));
	ERR(accounts(r.p, 0));
	ERR(google_standin_control(r.g, "faults_clear", NULL, &(struct json *){ 0 }));
	ERR(google_connect(r.p, r.g, CHAT, ""));
	return accounts(r.p, 1);
}

TEST(no_token_and_no_address_is_in_any_log)
{
	struct google_standin *g;
	struct json *list;
	struct product *p;
	const char *log;

	ERR(begin(t, &p, &g));
	ERR(google_connect(p, g, CHAT, ""));
	ERR(accounts(p, 1));
	ERR(google_standin_control(g, "accounts", NULL, &list));
	ERR(product_log(p, &log));
	CHECK(!strstr(log, "example.org") && !strstr(log, "ya29") && !strstr(log, "1//") &&
	      !strstr(log, "k=") && !strstr(log, "code="));
	return NULL;
}
