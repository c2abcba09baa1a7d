#include "tests/remote/far.h"

#include "core/json.h"
#include "core/text.h"
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { THINGS_MAX = 8192, BODY_MAX = 4096, LATE_MS = 60, LATER_MS = 900, SLOW_MS = 1500 };

struct thing {
	char words[80], id[40];
	int effects, requests;
};

struct far { /* shared by both processes */
	pthread_mutex_t lock;
	int n, port;
	char base[64];
	struct thing things[THINGS_MAX];
};

struct request {
	char body[BODY_MAX];
	size_t n;
};

struct late {
	struct far *far;
	struct thing *thing;
	char id[40];
	unsigned ms;
};

static struct thing *thing_of(struct far *far, const char *words)
{
	for (int i = 0; i < far->n; i++)
		if (strcmp(far->things[i].words, words) == 0)
			return &far->things[i];
	if (far->n == THINGS_MAX)
		abort();
	snprintf(far->things[far->n].words, sizeof far->things->words, "%s", words);
	return &far->things[far->n++];
}

static void effect(struct far *far, struct thing *thing, const char *id)
{
	pthread_mutex_lock(&far->lock);
	thing->effects++;
	snprintf(thing->id, sizeof thing->id, "%s", id);
	pthread_mutex_unlock(&far->lock);
}

static void *late_main(void *arg)
{
	struct late *late = arg;

	usleep(late->ms * 1000);
	/* The id is what makes it one act, also when it comes twice. */
	if (!*late->id || strcmp(late->thing->id, late->id) != 0)
		effect(late->far, late->thing, late->id);
	free(late);
	return NULL;
}

static void happen_late(struct far *far, struct thing *thing, const char *id, unsigned ms)
{
	struct late *late = calloc(1, sizeof *late);
	pthread_t thread;

	if (!late)
		abort();
	late->far = far;
	late->thing = thing;
	late->ms = ms;
	snprintf(late->id, sizeof late->id, "%s", id);
	if (pthread_create(&thread, NULL, late_main, late) != 0)
		abort();
	pthread_detach(thread);
}

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *body)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result ok = MHD_queue_response(c, status, r);

	MHD_destroy_response(r);
	return ok;
}

/* The fault of this request, by how many there were. */
static const char *fault_of(apr_pool_t *pool, struct thing *thing, const char *faults)
{
	int nth = thing->requests++;

	while (faults && nth-- > 0) {
		faults = strchr(faults, ',');
		faults += faults != NULL;
	}
	return faults ? mem_textn(pool, faults, strcspn(faults, ",")) : "none";
}

static enum MHD_Result take(struct far *far, struct MHD_Connection *c, struct thing *thing, const char *id,
			    const char *fault)
{
	bool there = *id && strcmp(thing->id, id) == 0;

	if (text_same(fault, "drop"))
		return MHD_NO;
	if (text_same(fault, "busy"))
		return answer(c, 503, "{}");
	if (text_same(fault, "refuse"))
		return answer(c, 422, "{}");
	if (there)
		return answer(c, 409, "{}");
	if (text_same(fault, "late") || text_same(fault, "later")) {
		happen_late(far, thing, id, text_same(fault, "late") ? LATE_MS : LATER_MS);
		return MHD_NO;
	}
	effect(far, thing, id);
	if (text_same(fault, "slow"))
		usleep(SLOW_MS * 1000);
	if (text_same(fault, "during"))
		return MHD_NO;
	return answer(c, text_same(fault, "after") ? 500 : 200, "{\"taken\":true}");
}

static enum MHD_Result post(struct far *far, struct MHD_Connection *c, const struct request *r)
{
	apr_pool_t *pool = pool_root();
	struct json *body;
	enum MHD_Result ok = MHD_NO;
	err_t *err = json_read(pool, r->body, r->n, &body);

	if (!err && json_text(body, "words")) {
		const char *id = json_text(body, "id") ? json_text(body, "id") : "", *fault;
		struct thing *thing;

		pthread_mutex_lock(&far->lock);
		thing = thing_of(far, json_text(body, "words"));
		fault = fault_of(pool, thing, json_text(body, "faults"));
		pthread_mutex_unlock(&far->lock);
		ok = take(far, c, thing, id, fault);
	}
	err_clear(err);
	pool_free(pool);
	return ok;
}

static enum MHD_Result get(struct far *far, struct MHD_Connection *c, const char *path)
{
	const char *words = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "words");
	bool found = false;

	pthread_mutex_lock(&far->lock);
	for (int i = 0; i < far->n; i++) {
		const struct thing *thing = &far->things[i];

		found = found ||
			(thing->effects && (words ? strcmp(thing->words, words) == 0
						  : strcmp(thing->id, path + strlen("/things/")) == 0));
	}
	pthread_mutex_unlock(&far->lock);
	return answer(c, found ? 200 : 404, "{}");
}

static enum MHD_Result handle(void *ctx, struct MHD_Connection *c, const char *path, const char *method,
			      const char *version, const char *data, size_t *n, void **state)
{
	struct request *r = *state;

	(void)version;
	if (strcmp(method, "POST") != 0)
		return get(ctx, c, path);
	if (!r) {
		*state = calloc(1, sizeof *r);
		return *state ? MHD_YES : MHD_NO;
	}
	if (*n) {
		if (r->n + *n > sizeof r->body)
			return MHD_NO;
		memcpy(r->body + r->n, data, *n);
		r->n += *n;
		*n = 0;
		return MHD_YES;
	}
	return post(ctx, c, r);
}

static void done(void *ctx, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
	(void)ctx;
	(void)c;
	(void)code;
	free(*state);
}

static void serve(struct far *far, int ready)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct MHD_Daemon *d;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	d = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
			     handle, far, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
			     MHD_OPTION_NOTIFY_COMPLETED, done, NULL, MHD_OPTION_END);
	if (d)
		far->port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

err_t *far_start(struct test *t, struct far **ret_far)
{
	struct far *far = mmap(NULL, sizeof *far, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attr;
	int ready[2];
	char byte;

	(void)t;
	CHECK(far != MAP_FAILED);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&far->lock, &attr);
	CHECK(pipe(ready) == 0);
	switch (fork()) {
	case -1: return err_new(ERR_INTERNAL, "no fork");
	case 0: serve(far, ready[1]); break;
	default: break;
	}
	CHECK(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	close(ready[1]);
	CHECK(far->port > 0);
	snprintf(far->base, sizeof far->base, "http://127.0.0.1:%d", far->port);
	*ret_far = far;
	return NULL;
}

const char *far_base(const struct far *far)
{
	return far->base;
}

int far_effects(const struct far *far, const char *words)
{
	for (int i = 0; i < far->n; i++)
		if (strcmp(far->things[i].words, words) == 0)
			return far->things[i].effects;
	return 0;
}
