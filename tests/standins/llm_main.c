/* standin-llm: model providers of our own for tests, strict about requests, which play a script and misbehave on demand.
 *
 *   standin-llm --port-file PATH [--keep REQUESTS]
 *
 * Binds 127.0.0.1 on a free port and writes the port to PATH when it answers. The wire formats of Gemini
 * (/v1beta/models/M:generateContent), OpenAI (/v1/chat/completions) and Anthropic (/v1/messages); the tests' side under
 * /control/ (see llm_client.h). --keep: how many requests are kept for /control/requests (4096; 0: none, for a bench).
 * One thread serves; answers that shall come late wait in a list, their connections suspended. Ends on SIGTERM and
 * with its parent. */
#include "tests/standins/llm_formats.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include <arpa/inet.h>
#include <getopt.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX ((size_t)64 * 1024 * 1024)
#define HUGE_BODY (INT64_C(300) * 1024 * 1024)
#define HANG_MS 600000
#define CONTROL "/control/"

struct request {
	apr_pool_t *pool;
	apr_pool_t *asked; /* what came in and all that was made of it; freed before a long wait */
	struct MHD_Connection *connection;
	struct buf body;
	struct answer answer;
	bool answered;
	int64_t due_ms;
	struct request *earlier, *later; /* in the list of what waits, by due_ms */
	size_t sent;
};

/* What waits: the only thing that two threads touch. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct request *first, *last;
} waiting = { .lock = PTHREAD_MUTEX_INITIALIZER };

bool refuse(struct ask *ask, unsigned status, const char *kind, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	if (ask->why)
		return false;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		abort();
	va_end(args);
	ask->status = status;
	ask->kind = kind;
	ask->why = mem_text(ask->pool, text);
	free(text);
	return false;
}

struct allowed {
	struct ask *ask;
	const char *words, *where;
};

static err_t *check_field(void *ctx, const char *key, struct json *value)
{
	struct allowed *a = ctx;

	(void)value;
	if (!strstr(mem_fmt(a->ask->pool, " %s ", a->words), mem_fmt(a->ask->pool, " %s ", key)))
		refuse(a->ask, 400,
		       a->ask->wire == WIRE_GEMINI ? "INVALID_ARGUMENT" : "invalid_request_error",
		       "Unknown name \"%s\" at '%s': Cannot find field.", key, a->where);
	return NULL;
}

bool only_fields(struct ask *ask, const struct json *o, const char *words, const char *where)
{
	struct allowed a = { ask, words, where };

	if (!json_is_object(o))
		return refuse(ask, 400,
			      ask->wire == WIRE_GEMINI ? "INVALID_ARGUMENT" : "invalid_request_error",
			      "'%s' is no object", where);
	err_clear(json_each(o, check_field, &a));
	return !ask->why;
}

void sse_put(struct buf *b, apr_pool_t *pool, const char *event, const struct json *data)
{
	if (event)
		buf_fmt(b, "event: %s\n", event);
	buf_text(b, "data: ");
	buf_text(b, json_write(pool, data));
	buf_text(b, "\n\n");
}

struct json *object1(apr_pool_t *pool, const char *key, const char *text)
{
	struct json *o = json_object(pool);

	json_set_text(o, key, text);
	return o;
}

static enum wire wire_of(const char *path)
{
	if (strstr(path, "/v1beta/models/") && strstr(path, "mbedContent"))
		return WIRE_GEMINI;
	if (strstr(path, "/v1/embeddings"))
		return WIRE_OPENAI;
	if (text_same(path, "/api/embed"))
		return WIRE_OLLAMA;
	if (strstr(path, "/v1beta/models/") && strstr(path, "enerateContent"))
		return WIRE_GEMINI;
	if (strstr(path, "/v1/chat/completions"))
		return WIRE_OPENAI;
	return strstr(path, "/v1/messages") ? WIRE_ANTHROPIC : WIRE_NONE;
}

static bool check(struct ask *ask)
{
	if (ask->embed)
		return embed_check(ask);
	switch (ask->wire) {
	case WIRE_GEMINI: return gemini_check(ask);
	case WIRE_OPENAI: return openai_check(ask);
	case WIRE_ANTHROPIC: return anthropic_check(ask);
	case WIRE_OLLAMA:
	case WIRE_NONE: break;
	}
	return false;
}

static void say_error(struct ask *ask, unsigned status, const char *kind, const char *message,
		      const struct play *play, struct answer *ret)
{
	ret->status = status;
	switch (ask->wire) {
	case WIRE_GEMINI: ret->body = gemini_error(ask, status, kind, message, play); break;
	case WIRE_OPENAI: ret->body = openai_error(ask, kind, message); break;
	case WIRE_ANTHROPIC: ret->body = anthropic_error(ask, kind, message); break;
	case WIRE_OLLAMA: ret->body = json_write(ask->pool, object1(ask->pool, "error", message)); break;
	case WIRE_NONE: ret->body = "{\"error\":\"no such path\"}"; break;
	}
}

static void say(struct ask *ask, const struct play *play, struct answer *ret)
{
	if (ask->embed) {
		ret->body = embed_say(ask, play);
		return;
	}
	if (play->stream || ask->stream)
		ret->type = "text/event-stream";
	switch (ask->wire) {
	case WIRE_GEMINI: ret->body = gemini_say(ask, play); break;
	case WIRE_OPENAI: ret->body = openai_say(ask, play); break;
	case WIRE_ANTHROPIC: ret->body = anthropic_say(ask, play); break;
	case WIRE_OLLAMA:
	case WIRE_NONE: break;
	}
}

/* The name that a provider gives to a status. */
static const char *kind_of(enum wire wire, unsigned status)
{
	static const struct {
		unsigned status;
		const char *gemini, *openai, *anthropic;
	} kinds[] = {
		{ 400, "INVALID_ARGUMENT", "invalid_request_error", "invalid_request_error" },
		{ 401, "UNAUTHENTICATED", "invalid_api_key", "authentication_error" },
		{ 402, "FAILED_PRECONDITION", "insufficient_balance", "billing_error" },
		{ 403, "PERMISSION_DENIED", "permission_error", "permission_error" },
		{ 404, "NOT_FOUND", "model_not_found", "not_found_error" },
		{ 429, "RESOURCE_EXHAUSTED", "rate_limit_exceeded", "rate_limit_error" },
		{ 500, "INTERNAL", "server_error", "api_error" },
		{ 503, "UNAVAILABLE", "server_is_overloaded", "api_error" },
		{ 504, "DEADLINE_EXCEEDED", "timeout", "timeout_error" },
		{ 529, "UNAVAILABLE", "overloaded", "overloaded_error" },
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].status == status)
			return wire == WIRE_GEMINI   ? kinds[i].gemini
			       : wire == WIRE_OPENAI ? kinds[i].openai
						     : kinds[i].anthropic;
	return "UNKNOWN";
}

/* Faults that are an error answer or none at all; false: the answer itself is what is wrong. */
static bool fail(struct ask *ask, const struct play *play, struct answer *ret)
{
	const char *fault = play->fault;
	int64_t status;

	if (text_same(fault, "429_perday") || text_same(fault, "array_error"))
		fault = "429";
	ret->retry_after_s = play->retry_after_s;
	if (text_int(fault, &status))
		say_error(ask, (unsigned)status, kind_of(ask->wire, (unsigned)status), "scripted", play, ret);
	else if (text_same(fault, "bad_key") && ask->wire == WIRE_GEMINI)
		say_error(ask, 400, "API_KEY_INVALID", "API key not valid.", play, ret);
	else if (text_same(fault, "bad_key"))
		say_error(ask, 401, kind_of(ask->wire, 401), "bad key", play, ret);
	else if (text_same(fault, "insufficient_quota"))
		say_error(ask, 429, "insufficient_quota", "no money left", play, ret);
	else if (text_same(fault, "error_200")) {
		say_error(ask, 500, kind_of(ask->wire, 500), "scripted", play, ret);
		ret->status = 200;
	} else if (text_same(fault, "timeout"))
		ret->delay_ms = HANG_MS;
	else if (text_same(fault, "drop"))
		ret->drop = true;
	else if (text_same(fault, "garbage"))
		ret->body = "<html><body>Bad gateway</body></html>";
	else if (text_same(fault, "empty"))
		ret->body = "";
	else if (text_same(fault, "huge"))
		ret->huge = HUGE_BODY;
	else
		return false;
	return true;
}

static void play_step(struct ask *ask, struct answer *ret)
{
	struct play play;

	world_play(ask, &play);
	ret->delay_ms = play.delay_ms;
	if (play.fault && fail(ask, &play, ret))
		return;
	if (text_same(play.fault, "reroute"))
		play.model = ask->wire == WIRE_GEMINI ? "gemini-4-argon" : "another-model";
	say(ask, &play, ret);
	ret->cut = text_same(play.fault, "cut");
	if (text_same(play.fault, "blank_lines"))
		ret->body = mem_fmt(ask->pool, "\n\n\n%s", ret->body);
}

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

static enum MHD_Result take_query(void *ctx, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct buf *b = ctx;

	(void)kind;
	buf_fmt(b, "%c%s=%s", b->n && strchr(b->p, '?') ? '&' : '?', key, value ? value : "");
	return MHD_YES;
}

static void answer(struct request *r, const char *url)
{
	struct ask ask = { .pool = r->asked, .raw = r->body.p ? r->body.p : "", .raw_n = r->body.n };
	struct buf path = buf_new(r->asked, 65536);
	err_t *err;

	r->answer = (struct answer){ .status = 200, .type = "application/json", .body = "" };
	buf_text(&path, url);
	MHD_get_connection_values(r->connection, MHD_GET_ARGUMENT_KIND, take_query, &path);
	ask.path = path.p;
	ask.headers = json_object(r->asked);
	MHD_get_connection_values(r->connection, MHD_HEADER_KIND, take_header, ask.headers);
	media_lift(&ask);
	err = ask.raw_n ? json_read(r->asked, ask.raw, ask.raw_n, &ask.body) : NULL;
	if (!err && text_starts(url, CONTROL)) {
		world_control(r->asked, ask.path + strlen(CONTROL), ask.body, &r->answer);
		return;
	}
	world_record(&ask);
	ask.wire = wire_of(url);
	ask.embed = strstr(url, "mbed") != NULL;
	if (err)
		say_error(&ask, 400, kind_of(ask.wire, 400), "Invalid JSON payload received.", NULL,
			  &r->answer);
	else if (ask.wire == WIRE_NONE)
		say_error(&ask, 404, "", "", NULL, &r->answer);
	else if (!check(&ask))
		say_error(&ask, ask.status, ask.kind, ask.why, NULL, &r->answer);
	else
		play_step(&ask, &r->answer);
	world_answered(r->answer.body);
	err_clear(err);
}

/* Half of the body, then the end of the connection. */
static ssize_t cut_body(void *ctx, uint64_t at, char *p, size_t max)
{
	struct request *r = ctx;
	size_t half = strlen(r->answer.body) / 2, n = half > at ? half - (size_t)at : 0;

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

static enum MHD_Result respond(struct request *r)
{
	const struct answer *a = &r->answer;
	struct MHD_Response *response;
	enum MHD_Result result;
	char seconds[24];

	if (a->drop)
		return MHD_NO;
	if (a->huge)
		response = MHD_create_response_from_callback((uint64_t)a->huge, 65536, huge_body, r, NULL);
	else if (a->cut)
		response = MHD_create_response_from_callback(strlen(a->body), 65536, cut_body, r, NULL);
	else
		response = MHD_create_response_from_buffer(strlen(a->body), (void *)(uintptr_t)a->body,
							   MHD_RESPMEM_MUST_COPY);
	MHD_add_response_header(response, "Content-Type", a->type);
	if (a->retry_after_s) {
		snprintf(seconds, sizeof(seconds), "%lld", (long long)a->retry_after_s);
		MHD_add_response_header(response, "Retry-After", seconds);
	}
	result = MHD_queue_response(r->connection, a->status, response);
	MHD_destroy_response(response);
	return result;
}

/* Into the list, which is searched from its end: most wait equally long. */
static void wait_for(struct request *r)
{
	struct request *before;

	MHD_suspend_connection(r->connection);
	pthread_mutex_lock(&waiting.lock);
	before = waiting.last;
	while (before && before->due_ms > r->due_ms)
		before = before->earlier;
	r->earlier = before;
	r->later = before ? before->later : waiting.first;
	*(before ? &before->later : &waiting.first) = r;
	*(r->later ? &r->later->earlier : &waiting.last) = r;
	pthread_cond_signal(&waiting.changed);
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
			waiting.first = r->later;
			*(r->later ? &r->later->earlier : &waiting.last) = NULL;
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

static enum MHD_Result on_request(void *unused, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data, size_t *n,
				  void **state)
{
	struct request *r = *state;

	(void)unused;
	(void)method;
	(void)version;
	if (!r) {
		apr_pool_t *pool = pool_root();

		r = MEM_NEW(pool, struct request);
		r->pool = pool;
		r->connection = connection;
		r->asked = pool_root();
		r->body = buf_new(r->asked, BODY_MAX);
		*state = r;
		return MHD_YES;
	}
	if (*n) {
		buf_put(&r->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (r->answered)
		return respond(r);
	r->answered = true;
	answer(r, url);
	r->answer.body = mem_text(r->pool, r->answer.body);
	pool_free(r->asked);
	r->asked = NULL;
	if (r->answer.delay_ms <= 0)
		return respond(r);
	r->due_ms = clock_mono_ms() + r->answer.delay_ms;
	wait_for(r);
	return MHD_YES;
}

static void on_completed(void *unused, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct request *r = *state;

	(void)unused;
	(void)connection;
	(void)code;
	if (r && r->asked)
		pool_free(r->asked);
	if (r)
		pool_free(r->pool);
	*state = NULL;
}

static bool write_port(const char *path, unsigned port)
{
	apr_pool_t *pool = pool_root();
	const char *aside = mem_fmt(pool, "%s.%d", path, (int)getpid());
	FILE *f = fopen(aside, "we");
	bool good = f && fprintf(f, "%u\n", port) > 0;

	if (f)
		good = fclose(f) == 0 && good;
	good = good && rename(aside, path) == 0;
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
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);

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

static bool read_options(int argc, char **argv, const char **ret_port_file, int64_t *ret_keep)
{
	static const struct option longs[] = {
		{ "port-file", required_argument, NULL, 'p' },
		{ "keep", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'p')
			*ret_port_file = optarg;
		else if (c != 'k' || !text_int(optarg, ret_keep) || *ret_keep < 0)
			return false;
	}
	return optind == argc && *ret_port_file;
}

int main(int argc, char **argv)
{
	const char *port_file = NULL;
	int64_t keep = 4096;
	pid_t parent = getppid();
	int signal_number;
	unsigned port;
	sigset_t stop;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!read_options(argc, argv, &port_file, &keep)) {
		fprintf(stderr, "usage: %s --port-file PATH [--keep REQUESTS]\n", argv[0]);
		return 2;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL); /* before the first thread, so that only sigwait sees them */
	signal(SIGPIPE, SIG_IGN);
	mem_init();
	crypt_init();
	world_init(keep);
	if (getppid() != parent || !start_waker() || !listen_somewhere(&port) || !write_port(port_file, port))
		return 1;
	sigwait(&stop, &signal_number);
	_exit(0); /* connections may be suspended on purpose */
}
