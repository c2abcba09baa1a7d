/* standin-google: a Google of our own for tests, strict about requests, which misbehaves on demand.
 *
 *   standin-google --port-file PATH
 *
 * Binds 127.0.0.1 on a free port and writes the port to PATH when it answers. One port for all: the consent page, tokens,
 * Calendar v3, Gmail v1, Drive v3; the tests' side under /control/ (see google_client.h). One thread serves; answers that
 * shall come late wait in a list, their connections suspended. Ends on SIGTERM and with its parent. */
#include "tests/standins/google_world.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/limits.h"
#include "core/text.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <getopt.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX ((size_t)64 * 1024 * 1024)
#define HELD_MS 600000
#define WAIT_MS 20000
#define CONTROL "/control/"

struct request {
	apr_pool_t *pool;
	struct MHD_Connection *connection;
	const char *method;
	char *target;
	struct json *headers;
	struct buf body;
	struct answer answer;
	bool begun, answered;
	bool held;        /* until control releases it */
	const char *name; /* of the calls that it waits for, or NULL */
	int64_t count;
	int64_t due_ms;
	struct request *earlier, *later; /* in the list of what waits, by due_ms */
};

/* Everything else is behind this one. */
static pthread_mutex_t world_lock = PTHREAD_MUTEX_INITIALIZER;

/* What waits: taken after world_lock, where both are. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct request *first, *last;
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* --- the list of what waits --- */

static void put(struct request *r)
{
	struct request *before = waiting.last;

	while (before && before->due_ms > r->due_ms)
		before = before->earlier;
	r->earlier = before;
	r->later = before ? before->later : waiting.first;
	*(before ? &before->later : &waiting.first) = r;
	*(r->later ? &r->later->earlier : &waiting.last) = r;
	pthread_cond_signal(&waiting.changed);
}

static void take(struct request *r)
{
	*(r->earlier ? &r->earlier->later : &waiting.first) = r->later;
	*(r->later ? &r->later->earlier : &waiting.last) = r->earlier;
}

static void wait_for(struct request *r, int64_t ms)
{
	r->due_ms = clock_mono_ms() + ms;
	MHD_suspend_connection(r->connection);
	pthread_mutex_lock(&waiting.lock);
	put(r);
	pthread_mutex_unlock(&waiting.lock);
}

static void hurry(struct request *r)
{
	take(r);
	r->due_ms = 0;
	put(r);
}

/* "held" counts what is held, all other names count calls. Both locks are taken. */
static bool reached(const struct request *of)
{
	int64_t n = 0;

	if (!text_same(of->name, "held"))
		return world_calls(of->name) >= of->count;
	for (const struct request *r = waiting.first; r; r = r->later)
		n += r->held;
	return n >= of->count;
}

static bool reached_now(const struct request *r)
{
	bool is;

	pthread_mutex_lock(&waiting.lock);
	is = reached(r);
	pthread_mutex_unlock(&waiting.lock);
	return is;
}

/* After each call: whoever waited for it goes on. world_lock is taken. */
static void review(void)
{
	struct request *next;

	pthread_mutex_lock(&waiting.lock);
	for (struct request *r = waiting.first; r; r = next) {
		next = r->later;
		if (r->name && r->due_ms && reached(r))
			hurry(r);
	}
	pthread_mutex_unlock(&waiting.lock);
}

static _Noreturn void *waker(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&waiting.lock);
	for (;;) {
		struct request *r = waiting.first;
		struct timespec until;

		if (r && r->due_ms <= clock_mono_ms()) {
			take(r);
			MHD_resume_connection(r->connection);
		} else if (r) {
			until.tv_sec = r->due_ms / 1000;
			until.tv_nsec = r->due_ms % 1000 * 1000000;
			pthread_cond_timedwait(&waiting.changed, &waiting.lock, &until);
		} else {
			pthread_cond_wait(&waiting.changed, &waiting.lock);
		}
	}
}

/* --- one request --- */

/* A long mail in base64 is taken out before its JSON is read. */
static void lift_raw(struct ask *ask)
{
	static const char key[] = "\"raw\":\"";
	const char *at = ask->raw_n > LIMIT_JSON_BYTES ? strstr(ask->raw, key) : NULL, *end;

	if (!at)
		return;
	at += sizeof key - 1;
	end = strchr(at, '"');
	if (!end)
		return;
	ask->lifted = mem_textn(ask->pool, at, (size_t)(end - at));
	ask->raw = mem_fmt(ask->pool, "%.*s%s", (int)(at - ask->raw), ask->raw, end);
	ask->raw_n = strlen(ask->raw);
}

static void ask_fill(struct ask *ask, struct request *r, apr_pool_t *pool)
{
	const char *question = strchr(r->target, '?');

	*ask = (struct ask){ .pool = pool,
			     .method = r->method,
			     .headers = r->headers,
			     .raw = r->body.p ? r->body.p : "",
			     .raw_n = r->body.n };
	ask->path = question ? mem_textn(pool, r->target, (size_t)(question - r->target)) : r->target;
	ask->query_text = question ? question + 1 : "";
	err_t *err = query_parse(pool, ask->query_text, strlen(ask->query_text), &ask->query);
	if (err)
		deny(ask, 400, "badRequest", "malformed query");
	err_clear(err);
	lift_raw(ask);
	err_clear(ask->raw_n ? json_read(pool, ask->raw, ask->raw_n, &ask->body) : NULL);
}

static void answer_keep(struct request *r, const struct answer *a)
{
	char *body = mem_alloc(r->pool, a->n + 1);

	memcpy(body, a->body ? a->body : "", a->body ? a->n : 0);
	r->answer = *a;
	r->answer.body = body;
	r->answer.type = mem_text(r->pool, a->type);
	r->answer.headers = json_copy(r->pool, a->headers);
}

/* Asks the world; plain: without a fault. */
static void run(struct request *r, bool plain)
{
	apr_pool_t *pool = pool_root();
	struct ask ask;

	ask_fill(&ask, r, pool);
	ask.plain = plain;
	if (!ask.answer.status)
		serve(&ask);
	answer_keep(r, &ask.answer);
	pool_free(pool);
}

/* --- what is done aside --- */

static void aside(void *(*what)(void *), void *p)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, what, p) != 0)
		abort();
	pthread_detach(thread);
}

/* A copy of a request whose sender was sent away. */
static void *run_late(void *p)
{
	struct request *r = p;
	struct timespec pause = { r->due_ms / 1000, r->due_ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
	pthread_mutex_lock(&world_lock);
	run(r, true);
	review();
	pthread_mutex_unlock(&world_lock);
	pool_free(r->pool);
	return NULL;
}

static void start_late(const struct request *of, int64_t ms)
{
	apr_pool_t *pool = pool_root();
	struct request *r = MEM_NEW(pool, struct request);

	r->pool = pool;
	r->method = mem_text(pool, of->method);
	r->target = mem_text(pool, of->target);
	r->headers = json_copy(pool, of->headers);
	r->body = buf_new(pool, BODY_MAX);
	buf_put(&r->body, of->body.p ? of->body.p : "", of->body.n);
	r->due_ms = ms;
	aside(run_late, r);
}

/* The control call's own connection waits for its notifications. */
static void *post_and_tell(void *p)
{
	struct request *r = p;
	struct json *list = json_array(r->pool);

	post_send(r->answer.post);
	for (size_t i = 0; i < r->answer.post->n; i++) {
		const struct post *post = r->answer.post->v[i];
		struct json *o = json_object(r->pool);

		json_set_text(o, "url", post->url);
		json_set_int(o, "status", post->status);
		json_push(list, o);
	}
	r->answer.body = json_write(r->pool, list);
	r->answer.n = strlen(r->answer.body);
	MHD_resume_connection(r->connection);
	return NULL;
}

/* --- control of what waits --- */

/* {"effect"?: true}: what is held goes on; what was held before its effect has it now, or never. */
static void release(const struct json *body)
{
	bool effect = !json_is_bool(json_at(body, "effect")) || json_true(body, "effect");
	struct request *ready[256];
	size_t n = 0;

	pthread_mutex_lock(&waiting.lock);
	for (struct request *r = waiting.first; r && n < 256; r = r->later)
		if (r->held)
			ready[n++] = r;
	pthread_mutex_unlock(&waiting.lock);
	for (size_t i = 0; i < n; i++) {
		if (ready[i]->answer.hold == HOLD_BEFORE && effect)
			run(ready[i], true);
		else if (ready[i]->answer.hold == HOLD_BEFORE)
			ready[i]->answer.drop = true;
		pthread_mutex_lock(&waiting.lock);
		ready[i]->held = false;
		hurry(ready[i]);
		pthread_mutex_unlock(&waiting.lock);
	}
}

/* {"name","count","timeout_ms"?} */
static void wait_begin(struct request *r, const struct json *body)
{
	int64_t ms = WAIT_MS;

	r->name = mem_text(r->pool, json_text(body, "name") ? json_text(body, "name") : "");
	r->count = 1;
	json_int(body, "count", &r->count);
	json_int(body, "timeout_ms", &ms);
	r->answer.delay_ms = reached_now(r) ? 0 : ms;
}

static void control_run(struct request *r)
{
	apr_pool_t *pool = pool_root();
	struct ask ask;
	const char *name;

	ask_fill(&ask, r, pool);
	name = ask.path + strlen(CONTROL);
	if (text_same(name, "release"))
		release(ask.body);
	else if (!text_same(name, "wait") && !ask.answer.status)
		control(&ask, name);
	if (!ask.answer.status)
		say_json(&ask, json_of(pool, "{\"ok\":true}"));
	answer_keep(r, &ask.answer);
	if (text_same(name, "wait"))
		wait_begin(r, ask.body);
	pool_free(pool);
}

/* --- libmicrohttpd --- */

static enum MHD_Result take_header(void *ctx, enum MHD_ValueKind kind, const char *key, const char *value)
{
	char name[128];
	size_t i = 0;

	(void)kind;
	for (; key[i] && i + 1 < sizeof name; i++)
		name[i] = key[i] >= 'A' && key[i] <= 'Z' ? (char)(key[i] + 32) : key[i];
	name[i] = '\0';
	json_set_text(ctx, name, value ? value : "");
	return MHD_YES;
}

/* Half of the body, then the end of the connection. */
static ssize_t cut_body(void *ctx, uint64_t at, char *p, size_t max)
{
	struct request *r = ctx;
	size_t half = r->answer.n / 2, n = half > at ? half - (size_t)at : 0;

	if (!n)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	n = n < max ? n : max;
	memcpy(p, r->answer.body + at, n);
	return (ssize_t)n;
}

/* White space, which JSON may begin with. */
static ssize_t huge_body(void *ctx, uint64_t at, char *p, size_t max)
{
	(void)ctx;
	(void)at;
	memset(p, ' ', max);
	return (ssize_t)max;
}

static err_t *add_header(void *ctx, const char *key, struct json *value)
{
	MHD_add_response_header(ctx, key, json_text(value, NULL));
	return NULL;
}

static enum MHD_Result respond(struct request *r)
{
	const struct answer *a = &r->answer;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (a->drop)
		return MHD_NO;
	if (a->huge)
		response = MHD_create_response_from_callback((uint64_t)a->huge, 65536, huge_body, r, NULL);
	else if (a->cut)
		response = MHD_create_response_from_callback(a->n, 65536, cut_body, r, NULL);
	else
		response = MHD_create_response_from_buffer(a->n, (void *)(uintptr_t)a->body,
							   MHD_RESPMEM_MUST_COPY);
	if (a->type)
		MHD_add_response_header(response, "Content-Type", a->type);
	err_clear(json_each(a->headers, add_header, response));
	result = MHD_queue_response(r->connection, a->status, response);
	MHD_destroy_response(response);
	return result;
}

static void answer(struct request *r)
{
	r->headers = json_object(r->pool);
	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, take_header, r->headers);
	if (text_starts(r->target, CONTROL))
		control_run(r);
	else
		run(r, false);
	if (r->answer.late_ms)
		start_late(r, r->answer.late_ms);
}

/* The connection's next step, once the answer is known. */
static enum MHD_Result proceed(struct request *r)
{
	if (r->answer.post && r->answer.post->n && r->answer.post_quiet) {
		aside(post_send, r->answer.post);
	} else if (r->answer.post && r->answer.post->n) {
		MHD_suspend_connection(r->connection);
		aside(post_and_tell, r);
		return MHD_YES;
	}
	if (!r->answer.hold && r->answer.delay_ms <= 0)
		return respond(r);
	r->held = r->answer.hold != HOLD_NONE;
	wait_for(r, r->held ? HELD_MS : r->answer.delay_ms);
	return MHD_YES;
}

static void *on_target(void *unused, const char *target, struct MHD_Connection *connection)
{
	apr_pool_t *pool = pool_root();
	struct request *r = MEM_NEW(pool, struct request);

	(void)unused;
	r->pool = pool;
	r->connection = connection;
	r->target = mem_text(pool, target);
	r->body = buf_new(pool, BODY_MAX);
	return r;
}

static enum MHD_Result on_request(void *unused, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data, size_t *n,
				  void **state)
{
	struct request *r = *state;
	enum MHD_Result result;

	(void)unused;
	(void)connection;
	(void)url;
	(void)version;
	if (!r->begun) {
		r->begun = true;
		r->method = mem_text(r->pool, method);
		return MHD_YES;
	}
	if (*n) {
		buf_put(&r->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (r->answered) {
		pthread_mutex_lock(&world_lock);
		if (r->name && !reached_now(r))
			r->answer.status = 408;
		pthread_mutex_unlock(&world_lock);
		return respond(r);
	}
	r->answered = true;
	pthread_mutex_lock(&world_lock);
	answer(r);
	result = proceed(r);
	review();
	pthread_mutex_unlock(&world_lock);
	return result;
}

static void on_completed(void *unused, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct request *r = *state;

	(void)unused;
	(void)connection;
	(void)code;
	if (r)
		pool_free(r->pool);
	*state = NULL;
}

static size_t keep_encoded(void *unused, struct MHD_Connection *connection, char *text)
{
	(void)unused;
	(void)connection;
	return strlen(text);
}

/* --- the program --- */

static bool write_port(const char *path, unsigned port)
{
	apr_pool_t *pool = pool_root();
	const char *aside_path = mem_fmt(pool, "%s.%d", path, (int)getpid());
	FILE *f = fopen(aside_path, "we");
	bool good = f && fprintf(f, "%u\n", port) > 0;

	if (f)
		good = fclose(f) == 0 && good;
	good = good && rename(aside_path, path) == 0;
	pool_free(pool);
	return good;
}

static struct MHD_Daemon *listen_somewhere(unsigned *ret_port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	struct MHD_Daemon *daemon =
		MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME,
				 0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR,
				 (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, 16384U,
				 MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)131072,
				 MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL, MHD_OPTION_UNESCAPE_CALLBACK,
				 keep_encoded, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
				 MHD_OPTION_END);

	if (daemon)
		*ret_port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	return daemon;
}

static bool start_waker(void)
{
	pthread_condattr_t monotonic;
	pthread_t thread;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&waiting.changed, &monotonic);
	return pthread_create(&thread, NULL, waker, NULL) == 0;
}

static const char *read_options(int argc, char **argv)
{
	static const struct option longs[] = { { "port-file", required_argument, NULL, 'p' },
					       { NULL, 0, NULL, 0 } };
	const char *port_file = NULL;

	while (getopt_long(argc, argv, "", longs, NULL) == 'p')
		port_file = optarg;
	return optind == argc ? port_file : NULL;
}

int main(int argc, char **argv)
{
	const char *port_file = read_options(argc, argv);
	pid_t parent = getppid();
	int signal_number;
	unsigned port;
	sigset_t stop;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!port_file) {
		fprintf(stderr, "usage: %s --port-file PATH\n", argv[0]);
		return 2;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL); /* before the first thread, so that only sigwait sees them */
	signal(SIGPIPE, SIG_IGN);
	mem_init();
	crypt_init();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	world_init();
	if (getppid() != parent || !start_waker() || !listen_somewhere(&port) || !write_port(port_file, port))
		return 1;
	sigwait(&stop, &signal_number);
	_exit(0); /* connections may be suspended on purpose */
}
