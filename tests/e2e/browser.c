#include "tests/e2e/browser.h"

#include "core/clock.h"
#include "core/json.h"
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_MS = 30000, LOOK_MS = 20000, TICK_MS = 20, CALL_MS = 60000, REPLY_MAX = 32 * 1024 * 1024 };

/* WebDriver: the member that holds an element's name. */
#define ELEMENT "element-6066-11e4-a52e-4f735466cecf"

struct browser {
	apr_pool_t *pool;
	int pid;
	int out;
	const char *base; /* of the session, once there is one */
};

bool browser_wanted(void)
{
	return !getenv("TEST_NO_BROWSER");
}

/* --- WebDriver --- */

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	buf_put(ctx, p, size * n);
	return size * n;
}

static NODISCARD err_t *call(struct browser *b, const char *method, const char *path, const char *body,
			     struct json **ret)
{
	struct buf out = buf_new(b->pool, REPLY_MAX);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	CURL *easy = curl_easy_init();
	struct json *reply;
	CURLcode code;

	curl_easy_setopt(easy, CURLOPT_URL, mem_fmt(b->pool, "%s%s", b->base, path));
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)CALL_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &out);
	if (body)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	code = curl_easy_perform(easy);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	if (code)
		return err_new(ERR_HTTP, "chromedriver %s: %s", path, curl_easy_strerror(code));
	ERR(json_read(b->pool, out.p ? out.p : "", out.n, &reply));
	if (json_text(reply, "value.error"))
		return err_new(ERR_NOT_FOUND, "%s: %s", path, json_text(reply, "value.error"));
	if (ret)
		*ret = reply;
	return NULL;
}

static const char *quoted(struct browser *b, const char *name, const char *value)
{
	struct json *o = json_object(b->pool);

	json_set_text(o, name, value);
	return json_write(b->pool, o);
}

/* Waits for an element. */
static NODISCARD err_t *find(struct browser *b, const char *css, const char **ret_path)
{
	struct json *o = json_object(b->pool), *reply;
	int64_t end = clock_mono_ms() + LOOK_MS;
	err_t *err;

	json_set_text(o, "using", "css selector");
	json_set_text(o, "value", css);
	while ((err = call(b, "POST", "/element", json_write(b->pool, o), &reply))) {
		if (err->code != ERR_NOT_FOUND || clock_mono_ms() > end)
			return err_wrap(err, "no element \"%s\"", css);
		err_clear(err);
		poll(NULL, 0, TICK_MS);
	}
	*ret_path = mem_fmt(b->pool, "/element/%s", json_text(reply, "value." ELEMENT));
	return NULL;
}

/* --- start and end --- */

static void stop(void *p)
{
	struct browser *b = p;

	err_clear(call(b, "DELETE", "", NULL, NULL));
	close(b->out);
	kill(b->pid, SIGTERM);
	while (waitpid(b->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static NODISCARD err_t *driver_start(struct browser *b)
{
	int out[2];

	if (pipe(out))
		return err_new(ERR_INTERNAL, "no pipe");
	b->pid = fork();
	if (b->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		execlp("chromedriver", "chromedriver", "--port=0", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	b->out = out[0];
	return b->pid > 0 ? NULL : err_new(ERR_INTERNAL, "chromedriver does not start");
}

/* It says its port in words, among other lines: "... started successfully on port 41235." */
static NODISCARD err_t *driver_port(struct browser *b)
{
	static const char mark[] = "successfully on port ";
	struct pollfd event = { .fd = b->out, .events = POLLIN };
	char said[4096] = "", *at = NULL;
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n < sizeof said - 1 && !(at && strchr(at, '.')) && poll(&event, 1, START_MS) > 0) {
		got = read(b->out, said + n, sizeof said - 1 - n);
		n += got > 0 ? (size_t)got : 0;
		said[n] = '\0';
		at = strstr(said, mark);
	}
	if (!at)
		return err_new(ERR_TIMEOUT, "chromedriver told no port: \"%.400s\"", said);
	b->base = mem_fmt(b->pool, "http://127.0.0.1:%ld", strtol(at + strlen(mark), NULL, 10));
	return NULL;
}

err_t *browser_start(struct test *t, const char *lang, bool dark, struct browser **ret)
{
	struct browser *b = MEM_NEW(t->pool, struct browser);
	struct json *reply;
	const char *body = mem_fmt(
		t->pool,
		"{\"capabilities\":{\"alwaysMatch\":{\"browserName\":\"chrome\",\"goog:loggingPrefs\":"
		"{\"browser\":\"ALL\"},\"goog:chromeOptions\":{\"prefs\":{\"intl.accept_languages\":\"%s\"},"
		"\"args\":[\"--headless=new\",\"--no-sandbox\",\"--disable-gpu\",\"--disable-dev-shm-usage\","
		"\"--window-size=480,900\",\"--hide-scrollbars\",\"--blink-settings=preferredColorScheme=%d\"]}}}}",
		lang, dark ? 0 : 1);

	b->pool = t->pool;
	ERR(driver_start(b));
	mem_cleanup(t->pool, b, stop);
	ERR(driver_port(b));
	ERR(call(b, "POST", "/session", body, &reply));
	b->base = mem_fmt(t->pool, "%s/session/%s", b->base, json_text(reply, "value.sessionId"));
	*ret = b;
	return NULL;
}

/* --- what a person does --- */

err_t *browser_go(struct browser *b, const char *url)
{
	return call(b, "POST", "/url", quoted(b, "url", url), NULL);
}

err_t *browser_click(struct browser *b, const char *css)
{
	const char *path;

	ERR(find(b, css, &path));
	return call(b, "POST", mem_fmt(b->pool, "%s/click", path), "{}", NULL);
}

err_t *browser_text(struct browser *b, const char *css, const char **ret_text)
{
	struct json *reply;
	const char *path;

	ERR(find(b, css, &path));
	ERR(call(b, "GET", mem_fmt(b->pool, "%s/text", path), NULL, &reply));
	*ret_text = json_text(reply, "value");
	return NULL;
}

err_t *browser_await(struct browser *b, const char *css, const char *part)
{
	int64_t end = clock_mono_ms() + LOOK_MS;
	const char *text = "";

	while (clock_mono_ms() < end) {
		err_t *err = browser_text(b, css, &text); /* of a page that goes away: stale */

		if (!err && strstr(text, part))
			return NULL;
		err_clear(err);
		poll(NULL, 0, TICK_MS);
	}
	return err_new(ERR_TIMEOUT, "\"%s\" is not in: %s", part, text);
}

err_t *browser_url(struct browser *b, const char **ret_url)
{
	struct json *reply;

	ERR(call(b, "GET", "/url", NULL, &reply));
	*ret_url = json_text(reply, "value");
	return NULL;
}

err_t *browser_picture(struct browser *b, const char *name)
{
	const char *dir = getenv("SCREENSHOTS"), *base64;
	struct json *reply;
	FILE *f;

	if (!dir)
		return NULL;
	ERR(call(b, "GET", "/screenshot", NULL, &reply));
	base64 = json_text(reply, "value");
	f = popen(mem_fmt(b->pool, "base64 -d > '%s/%s.png'", dir, name), "w");
	if (!f || fputs(base64, f) < 0 || pclose(f))
		return err_new(ERR_INTERNAL, "no picture \"%s\"", name);
	return NULL;
}

err_t *browser_console(struct browser *b, int *ret_lines)
{
	struct json *reply, *lines;

	ERR(call(b, "POST", "/se/log", "{\"type\":\"browser\"}", &reply));
	lines = json_at(reply, "value");
	*ret_lines = 0;
	for (size_t i = 0; i < json_len(lines); i++) /* browsers ask for an icon by themselves */
		*ret_lines += !strstr(json_text(json_item(lines, i), "message"), "favicon");
	return NULL;
}
