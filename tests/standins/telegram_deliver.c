#include "tests/standins/telegram_api.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>
#include <stdlib.h>
#include <time.h>

#define ATTEMPT_TIMEOUT_MS 60000L
#define REPLY_MAX (64 * 1024)
#define BACKOFF_MAX 60 /* "seconds" */
#define RETRY_AFTER_MAX 3600
#define GONE_AFTER 82800     /* 23 h of 410 remove the webhook */
#define PRESS_LIFE_MS 150000 /* a press that is not delivered by then never is */

/* One POST to the webhook. */
struct attempt {
	apr_pool_t *pool;
	const char *url, *secret, *body;
	struct buf reply;
	int64_t retry_after; /* -1 = no header */
	long status;         /* 0 = no answer */
	const char *trouble;
};

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
	struct attempt *a = ctx;
	buf_put(&a->reply, p, size * n);
	return size * n;
}

static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
	static const char name[] = "Retry-After:";
	struct attempt *a = ctx;
	n *= size;
	if (n > sizeof(name) && strncasecmp(p, name, sizeof(name) - 1) == 0)
		a->retry_after =
			strtol(mem_textn(a->pool, p + sizeof(name) - 1, n - sizeof(name) + 1), NULL, 10);
	return n;
}

static void send_attempt(CURL *easy, struct attempt *a)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Expect:");
	if (*a->secret)
		headers = curl_slist_append(headers, mem_fmt(a->pool, "X-Telegram-Bot-Api-Secret-Token: %s",
							     a->secret));
	curl_easy_reset(easy); /* keeps the connection */
	curl_easy_setopt(easy, CURLOPT_URL, a->url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, ATTEMPT_TIMEOUT_MS);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, a->body);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, a);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, a);
	a->retry_after = -1;
	a->reply = buf_new(a->pool, REPLY_MAX);
	CURLcode code = curl_easy_perform(easy);
	if (code == CURLE_OK)
		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &a->status);
	else
		a->trouble = curl_easy_strerror(code);
	curl_slist_free_all(headers);
}

/* A 2xx may carry one method call, whose result nobody learns. */
static void run_reply(struct attempt *a)
{
	struct answer ignored;
	struct json *call = world_read(a->pool, a->reply.p ? a->reply.p : "");
	const char *method = json_text(call, "method");
	if (!method || !strncasecmp(method, "get", 3) || !strcasecmp(method, "setWebhook") ||
	    !strcasecmp(method, "deleteWebhook"))
		return;
	api_call(a->pool, method, call, &ignored);
}

static void put_in_line(struct key *key)
{
	key->next = NULL;
	key->queued = true;
	if (world.line_tail)
		world.line_tail->next = key;
	else
		world.line_head = key;
	world.line_tail = key;
	pthread_cond_signal(&world.work);
}

/* The first key whose time has come, taken out of the line; else NULL and when to look again. */
static struct key *take_from_line(int64_t *ret_again)
{
	int64_t now = world_now_ms();
	struct key *before = NULL;
	*ret_again = now + 3600000;
	for (struct key *key = world.line_head; key; before = key, key = key->next) {
		if (key->not_before_ms > now) {
			if (key->not_before_ms < *ret_again)
				*ret_again = key->not_before_ms;
			continue;
		}
		if (before)
			before->next = key->next;
		else
			world.line_head = key->next;
		if (world.line_tail == key)
			world.line_tail = before;
		key->queued = false;
		return key;
	}
	return NULL;
}

/* The oldest update of the key that still wants delivery. */
static struct update *key_head(struct key *key)
{
	for (; key->head; key->head = key->head->behind) {
		struct update *u = key->head;
		if (!u->gone && strcmp(u->kind, "callback_query") == 0 &&
		    world_now_ms() - u->created_ms > PRESS_LIFE_MS) {
			world.expired++;
			updates_drop(u);
		}
		if (!u->gone)
			return u;
		key->attempts = 0;
	}
	key->tail = NULL;
	return NULL;
}

static void delivered(struct key *key, struct update *u)
{
	world.acked++;
	world.gone_since_ms = 0;
	key->attempts = 0;
	key->not_before_ms = 0;
	updates_drop(u);
}

/* At once, then 2, 4, 8 ... "seconds". */
static void failed(struct key *key, const struct attempt *a)
{
	int64_t now = world_now_ms(), wait = 0;
	world.retried++;
	key->attempts++;
	if (key->attempts > 1)
		wait = key->attempts > 6 ? BACKOFF_MAX : INT64_C(1) << (key->attempts - 1);
	if (a->retry_after >= 0)
		wait = a->retry_after > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : a->retry_after;
	key->not_before_ms = now + wait * world.retry_ms;
	world.last_error_date = (int64_t)time(NULL);
	world.last_error =
		world_keep(a->trouble ? a->trouble
				      : mem_fmt(a->pool, "Wrong response from the webhook: %ld", a->status));
	if (a->status != 410) {
		world.gone_since_ms = 0;
	} else if (!world.gone_since_ms) {
		world.gone_since_ms = now;
	} else if (now - world.gone_since_ms >= GONE_AFTER * world.retry_ms) {
		world.url = world.secret = "";
	}
}

/* Lock held, released while the request is under way. */
static void deliver_one(CURL *easy, struct key *key, struct update *u)
{
	struct attempt a = { .pool = pool_root() };
	a.url = world.url; /* strings of the world never go away */
	a.secret = world.secret;
	a.body = u->body;
	key->in_flight = true;
	world.in_flight++;
	world_unlock();
	send_attempt(easy, &a);
	bool good = a.status >= 200 && a.status < 300;
	if (good)
		run_reply(&a);
	world_lock();
	world.in_flight--;
	key->in_flight = false;
	world.last_status = a.status;
	if (good)
		delivered(key, u);
	else
		failed(key, &a);
	pool_free(a.pool);
	pthread_cond_broadcast(&world.changed);
	if (key_head(key))
		put_in_line(key);
}

static void *work(void *unused)
{
	CURL *easy = curl_easy_init();
	(void)unused;
	world_lock();
	for (;;) {
		int64_t again = world_now_ms() + 3600000;
		struct key *key = NULL;
		if (*world.url && world.in_flight < world.max_connections)
			key = take_from_line(&again);
		struct update *u = key ? key_head(key) : NULL;
		if (u)
			deliver_one(easy, key, u);
		else if (!key)
			world_wait(&world.work, again);
	}
	return NULL;
}

void deliver_start(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, 512 * 1024);
	while (world.workers < world.max_connections && pthread_create(&thread, &attributes, work, NULL) == 0)
		world.workers++;
	pthread_attr_destroy(&attributes);
	pthread_cond_broadcast(&world.work);
}

void deliver_put(struct update *u, const char *name)
{
	struct key *key = apr_hash_get(world.keys, name, APR_HASH_KEY_STRING);
	if (!key) {
		key = MEM_NEW(world.pool, struct key);
		apr_hash_set(world.keys, world_keep(name), APR_HASH_KEY_STRING, key);
	}
	if (key->tail)
		key->tail->behind = u;
	else
		key->head = u;
	key->tail = u;
	if (!key->queued && !key->in_flight)
		put_in_line(key);
}

struct json *deliver_stats(apr_pool_t *pool)
{
	struct json *o = json_object(pool);
	json_set_text(o, "url", world.url);
	json_set_int(o, "acked", world.acked);
	json_set_int(o, "retried", world.retried);
	json_set_int(o, "expired", world.expired);
	json_set_int(o, "last_status", world.last_status);
	json_set_text(o, "last_error", world.last_error);
	json_set_int(o, "pending", world.pending);
	json_set_int(o, "in_flight", world.in_flight);
	return o;
}
