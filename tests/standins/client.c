#include "tests/standins/client.h"

#include "core/limits.h"
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>

#define START_MS 10000
#define REQUEST_MS 120000L
#define TOKEN "1234:abc"

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	buf_put(ctx, p, size * n);
	return size * n;
}

static err_t *exchange(struct standin *s, const char *url, struct json *body, struct json **ret_reply,
		       long *ret_status)
{
	struct buf reply = buf_new(s->pool, LIMIT_JSON_BYTES);
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	CURL *easy = curl_easy_init();
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
	if (body)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, json_write(s->pool, body));
	CURLcode code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, ret_status);
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return err_new(ERR_HTTP, "stand-in: %s", curl_easy_strerror(code));
	ERR(buf_check(&reply));
	return err_wrap(json_read(s->pool, reply.p ? reply.p : "", reply.n, ret_reply), "stand-in");
}

static void stop(void *p)
{
	struct standin *s = p;
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
	const char *program = getenv("STANDIN_TELEGRAM"), *build = getenv("TEST_BUILD_DIR");

	if (!program)
		program = mem_fmt(pool, "%s/tests/standin-telegram", build ? build : "build");
	char *argv[] = { mem_text(pool, program),   mem_text(pool, "--port-file"), mem_text(pool, port_file),
			 mem_text(pool, "--token"), mem_text(pool, TOKEN),         NULL };
	int error = posix_spawn(ret_pid, program, NULL, NULL, argv, environ);
	if (error)
		return err_new(ERR_INTERNAL, "cannot run \"%s\": %s", program, strerror(error));
	return NULL;
}

err_t *standin_start(struct test *t, struct standin **ret_standin)
{
	struct standin *s = MEM_NEW(t->pool, struct standin);
	char *folder = mem_text(t->pool, "/tmp/lembra-standin-XXXXXX");
	int *watch = MEM_NEW(t->pool, int);
	unsigned port = 0;
	s->pool = t->pool;
	s->token = TOKEN;
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

err_t *standin_control(struct standin *s, const char *path, struct json *body, struct json **ret_reply)
{
	struct json *reply;
	long status = 0;
	ERR(exchange(s, mem_fmt(s->pool, "%s/control/%s", s->base, path), body, &reply, &status));
	if (status != 200) {
		const char *why = json_text(reply, "description");
		return err_new(ERR_HTTP, "stand-in \"%s\": %ld %s", path, status, why ? why : "");
	}
	if (ret_reply)
		*ret_reply = reply;
	return NULL;
}

err_t *standin_api(struct standin *s, const char *method, struct json *params, struct json **ret_reply)
{
	long status = 0;
	return exchange(s, mem_fmt(s->pool, "%s/bot%s/%s", s->base, s->token, method), params, ret_reply,
			&status);
}

err_t *standin_say(struct standin *s, int64_t chat_id, const char *text, int64_t *ret_update_id)
{
	struct json *body = json_object(s->pool), *reply;
	int64_t id;
	json_set_int(body, "chat_id", chat_id);
	json_set_text(body, "text", text);
	ERR(standin_control(s, "message", body, &reply));
	if (!json_int(reply, "update_id", &id))
		return err_new(ERR_INTERNAL, "the stand-in gave no update_id");
	if (ret_update_id)
		*ret_update_id = id;
	return NULL;
}

err_t *standin_press(struct standin *s, int64_t chat_id, const char *label, const char **ret_callback_id)
{
	struct json *body = json_object(s->pool), *reply;
	json_set_int(body, "chat_id", chat_id);
	json_set_text(body, "label", label);
	ERR(standin_control(s, "press", body, &reply));
	if (ret_callback_id)
		*ret_callback_id = json_text(reply, "callback_id");
	return NULL;
}

err_t *standin_wait(struct standin *s, int64_t chat_id, int64_t count, int64_t timeout_ms,
		    struct json **ret_messages)
{
	struct json *reply;
	ERR(standin_control(s,
			    mem_fmt(s->pool, "wait?chat_id=%lld&count=%lld&timeout_ms=%lld",
				    (long long)chat_id, (long long)count, (long long)timeout_ms),
			    NULL, &reply));
	if (ret_messages)
		*ret_messages = json_at(reply, "messages");
	return NULL;
}

err_t *standin_ledger(struct standin *s, int64_t since, struct json **ret_entries)
{
	return standin_control(s, mem_fmt(s->pool, "ledger?since=%lld", (long long)since), NULL, ret_entries);
}

err_t *standin_chat(struct standin *s, int64_t chat_id, struct json **ret_messages)
{
	return standin_control(s, mem_fmt(s->pool, "chat?chat_id=%lld", (long long)chat_id), NULL,
			       ret_messages);
}

err_t *standin_fault(struct standin *s, const char *method, const char *kind, int64_t count)
{
	struct json *body = json_object(s->pool);
	json_set_text(body, "method", method);
	json_set_text(body, "kind", kind);
	json_set_int(body, "count", count);
	return standin_control(s, "fault", body, NULL);
}

err_t *standin_retry_ms(struct standin *s, int64_t retry_ms)
{
	struct json *body = json_object(s->pool);
	json_set_int(body, "retry_ms", retry_ms);
	return standin_control(s, "settings", body, NULL);
}
