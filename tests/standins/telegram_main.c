/* standin-telegram: a Bot API server of our own for tests, which misbehaves on demand.
 *
 *   standin-telegram --port-file PATH [--token 1234:abc] [--retry-ms 1000]
 *
 * Binds 127.0.0.1 on a free port and writes the port to PATH when it answers. Bot API under /bot<TOKEN>/,
 * the tests' side under /control/. Ends on SIGTERM and with its parent. */
#include "tests/standins/telegram_api.h"

#include "core/crypt.h"
#include "core/text.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <getopt.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <unistd.h>

#define BODY_MAX (64 * 1024 * 1024)

/* A field of a form, perhaps a file, as it comes in. */
struct field {
	const char *name, *file_name, *type;
	struct buf data;
	struct field *next;
};

struct request {
	apr_pool_t *pool;
	struct buf body;                /* JSON */
	struct MHD_PostProcessor *form; /* or a form */
	struct field *fields;
};

struct options {
	const char *port_file, *token;
	int64_t retry_ms;
};

static enum MHD_Result take_query(void *ctx, enum MHD_ValueKind kind, const char *key, const char *value)
{
	(void)kind;
	json_set_text(ctx, key, value ? value : "");
	return MHD_YES;
}

static enum MHD_Result take_field(void *ctx, enum MHD_ValueKind kind, const char *key, const char *file_name,
				  const char *type, const char *encoding, const char *data, uint64_t offset,
				  size_t n)
{
	struct request *r = ctx;
	struct field *f = r->fields;
	(void)kind;
	(void)encoding;
	if (offset == 0 || !f) {
		f = MEM_NEW(r->pool, struct field);
		f->name = mem_text(r->pool, key);
		f->file_name = mem_text(r->pool, file_name);
		f->type = mem_text(r->pool, type);
		f->data = buf_new(r->pool, BODY_MAX);
		f->next = r->fields;
		r->fields = f;
	}
	buf_put(&f->data, data, n);
	return MHD_YES;
}

static uint32_t big_endian(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Width and height of a PNG whose chunks are whole, IHDR the first and IEND the last; false for anything else. */
static bool png_size(const struct buf *data, int64_t *ret_width, int64_t *ret_height)
{
	const unsigned char *p = (const unsigned char *)data->p;
	size_t at = 8, n = 0;

	if (data->n < 45 || memcmp(p, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) != 0)
		return false;
	for (; at + 12 <= data->n; at += n + 12) {
		n = big_endian(p + at);
		if (n > data->n - at - 12)
			return false;
		if (memcmp(p + at + 4, "IEND", 4) == 0)
			break;
	}
	*ret_width = big_endian(p + 16);
	*ret_height = big_endian(p + 20);
	return at + 12 == data->n && n == 0;
}

/* The bytes stay, under their hash. */
static const char *keep_bytes(apr_pool_t *pool, const struct buf *data)
{
	const char *hash = crypt_hash_hex(pool, data->p, data->n);
	struct kept *kept;

	world_lock();
	kept = MEM_NEW(world.pool, struct kept);
	*kept = (struct kept){ mem_dup(world.pool, data->p, data->n), data->n };
	apr_hash_set(world.uploads, world_keep(hash), APR_HASH_KEY_STRING, kept);
	world_unlock();
	return hash;
}

/* Of a file only name, type, size and what a picture measures are in the ledger. */
static void set_field(apr_pool_t *pool, struct json *params, const struct field *f)
{
	if (!f->file_name) {
		json_set_text(params, f->name, f->data.p ? f->data.p : "");
		return;
	}
	struct json *file = json_object(pool);
	int64_t width, height;
	json_set_text(file, "file_name", f->file_name);
	json_set_text(file, "type", f->type);
	json_set_int(file, "size", (int64_t)f->data.n);
	if (png_size(&f->data, &width, &height)) {
		json_set_int(file, "width", width);
		json_set_int(file, "height", height);
	}
	if (f->data.n)
		json_set_text(file, "hash", keep_bytes(pool, &f->data));
	json_set(params, f->name, file);
}

/* All parameters as one object; NULL when the body cannot be read. */
static struct json *read_params(struct MHD_Connection *connection, struct request *r)
{
	struct json *params = json_object(r->pool);
	if (r->body.n) {
		err_t *err = json_read(r->pool, r->body.p, r->body.n, &params);
		bool good = !err && json_is_object(params);
		err_clear(err);
		if (!good)
			return NULL;
	}
	for (const struct field *f = r->fields; f; f = f->next)
		set_field(r->pool, params, f);
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_query, params);
	return params;
}

/* /file/bot<TOKEN>/files/ID */
static void serve_file(struct request *r, const char *url, struct answer *ret)
{
	const char *own = mem_fmt(r->pool, "/file/bot%s/files/", world.token), *text = NULL;

	world_lock();
	if (text_starts(url, own))
		text = apr_hash_get(world.contents, url + strlen(own), APR_HASH_KEY_STRING);
	world_unlock();
	if (text)
		*ret = (struct answer){ .code = 200, .body = text };
	else
		api_refuse(r->pool, 404, "Not Found", ret);
}

static void dispatch(struct request *r, const char *url, const struct json *params, struct answer *ret)
{
	if (!params) {
		api_refuse(r->pool, 400, "Bad Request: can't parse JSON object", ret);
	} else if (text_starts(url, "/control/")) {
		control_call(r->pool, url + strlen("/control/"), params, ret);
	} else if (text_starts(url, "/file/")) {
		serve_file(r, url, ret);
	} else if (text_starts(url, "/bot")) {
		const char *token = url + strlen("/bot"), *slash = strchr(token, '/');
		size_t n = slash ? (size_t)(slash - token) : 0;
		if (!slash || !memchr(token, ':', n))
			api_refuse(r->pool, 404, "Not Found", ret);
		else if (n != strlen(world.token) || memcmp(token, world.token, n) != 0)
			api_refuse(r->pool, 401, "Unauthorized", ret);
		else
			api_call(r->pool, slash + 1, params, ret);
	} else {
		api_refuse(r->pool, 404, "Not Found", ret);
	}
}

static enum MHD_Result respond(struct MHD_Connection *connection, const struct answer *a)
{
	char seconds[24];
	if (a->hang_up)
		return MHD_NO;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(a->body), (void *)(uintptr_t)a->body,
						MHD_RESPMEM_MUST_COPY);
	MHD_add_response_header(response, "Content-Type", "application/json");
	if (a->retry_after) {
		snprintf(seconds, sizeof(seconds), "%lld", (long long)a->retry_after);
		MHD_add_response_header(response, "Retry-After", seconds);
	}
	enum MHD_Result result = MHD_queue_response(connection, (unsigned)a->code, response);
	MHD_destroy_response(response);
	return result;
}

static struct request *begin(struct MHD_Connection *connection)
{
	apr_pool_t *pool = pool_root();
	struct request *r = MEM_NEW(pool, struct request);
	const char *type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
	r->pool = pool;
	r->body = buf_new(pool, BODY_MAX);
	if (type && (!strncasecmp(type, "multipart/form-data", 19) ||
		     !strncasecmp(type, "application/x-www-form-urlencoded", 33)))
		r->form = MHD_create_post_processor(connection, 64 * 1024, take_field, r);
	return r;
}

static enum MHD_Result on_request(void *unused, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data, size_t *n,
				  void **state)
{
	struct request *r = *state;
	struct answer answer = { 0 };
	(void)unused;
	(void)method;
	(void)version;
	if (!r) {
		*state = begin(connection);
		return MHD_YES;
	}
	if (*n) {
		if (r->form)
			MHD_post_process(r->form, data, *n);
		else
			buf_put(&r->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (r->form)
		MHD_destroy_post_processor(r->form); /* hands over the last field */
	r->form = NULL;
	dispatch(r, url, read_params(connection, r), &answer);
	return respond(connection, &answer);
}

static void on_completed(void *unused, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct request *r = *state;
	(void)unused;
	(void)connection;
	(void)code;
	if (!r)
		return;
	if (r->form)
		MHD_destroy_post_processor(r->form);
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
	/* A thread per connection, so that a long poll or a hang may simply wait. */
	struct MHD_Daemon *daemon =
		MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
					 MHD_USE_POLL,
				 0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR,
				 (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, 8192U,
				 MHD_OPTION_THREAD_STACK_SIZE, (size_t)512 * 1024,
				 MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	if (daemon)
		*ret_port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	return daemon;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "port-file", required_argument, NULL, 'p' },
		{ "token", required_argument, NULL, 't' },
		{ "retry-ms", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int c;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		if (c == 'p')
			o->port_file = optarg;
		else if (c == 't')
			o->token = optarg;
		else if (c != 'r' || !text_int(optarg, &o->retry_ms))
			return false;
	}
	return optind == argc && o->port_file && strchr(o->token, ':');
}

int main(int argc, char **argv)
{
	struct options o = { .token = "1234:abc", .retry_ms = 1000 };
	sigset_t stop;
	unsigned port;
	int signal_number;
	pid_t parent = getppid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (!read_options(argc, argv, &o)) {
		fprintf(stderr, "usage: %s --port-file PATH [--token DIGITS:SECRET] [--retry-ms N]\n",
			argv[0]);
		return 2;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL); /* before the first thread, so that only sigwait sees them */
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	mem_init();
	world_init(o.token);
	world.retry_ms = o.retry_ms;
	if (getppid() != parent || !listen_somewhere(&port) || !write_port(o.port_file, port)) {
		fprintf(stderr, "%s: cannot start\n", argv[0]);
		return 1;
	}
	sigwait(&stop, &signal_number);
	_exit(0); /* threads may hang in a fault on purpose */
}
