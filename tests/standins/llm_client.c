#include "tests/standins/llm_client.h"

#include "core/limits.h"
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_MS 10000
#define REQUEST_MS 120000L
#define BODY_MAX ((size_t)256 * 1024 * 1024)

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	buf_put(ctx, p, size * n);
	return size * n;
}

static void stop(void *p)
{
	struct llm_standin *s = p;

	kill(s->pid, SIGTERM);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void close_fd(void *p)
{
	close(*(int *)p);
}

/* Until the port file is there: it is moved into the watched folder whole. */
static err_t *await_port(apr_pool_t *pool, int watch, const char *path, unsigned *ret_port)
{
	struct pollfd event = { .fd = watch, .events = POLLIN };
	char *line = mem_alloc(pool, 16);
	FILE *f = fopen(path, "re");

	while (!f && poll(&event, 1, START_MS) > 0) {
		char events[1024];

		if (read(watch, events, sizeof(events)) < 0)
			break;
		f = fopen(path, "re");
	}
	if (!f)
		return err_new(ERR_TIMEOUT, "the stand-in did not start");
	if (fgets(line, 16, f))
		*ret_port = (unsigned)strtoul(line, NULL, 10);
	fclose(f);
	return NULL;
}

static err_t *spawn(apr_pool_t *pool, const char *port_file, int *ret_pid)
{
	const char *program = getenv("STANDIN_LLM"), *build = getenv("TEST_BUILD_DIR");

	if (!program)
		program = mem_fmt(pool, "%s/tests/standin-llm", build ? build : "build");
	char *argv[] = { mem_text(pool, program), mem_text(pool, "--port-file"), mem_text(pool, port_file),
			 NULL };
	int error = posix_spawn(ret_pid, program, NULL, NULL, argv, environ);
	if (error)
		return err_new(ERR_INTERNAL, "cannot run \"%s\": %s", program, strerror(error));
	return NULL;
}

err_t *llm_standin_start(struct test *t, struct llm_standin **ret_standin)
{
	struct llm_standin *s = MEM_NEW(t->pool, struct llm_standin);
	char *folder = mem_text(t->pool, "/tmp/lembra-standin-XXXXXX");
	int *watch = MEM_NEW(t->pool, int);
	unsigned port = 0;

	s->pool = t->pool;
	if (!mkdtemp(folder))
		return err_new(ERR_INTERNAL, "cannot make a folder in /tmp");
	const char *port_file = mem_fmt(t->pool, "%s/port", folder);
	*watch = inotify_init1(IN_CLOEXEC);
	mem_cleanup(t->pool, watch, close_fd);
	inotify_add_watch(*watch, folder, IN_MOVED_TO);
	ERR(spawn(t->pool, port_file, &s->pid));
	mem_cleanup(t->pool, s, stop);
	err_t *err = await_port(t->pool, *watch, port_file, &port);
	unlink(port_file);
	rmdir(folder);
	ERR(err);
	s->base = mem_fmt(t->pool, "http://127.0.0.1:%u", port);
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
