#include "tests/standins/client.h"
#include "tests/test.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <string.h>

#define CHAT 42
#define SEEN_MAX 64

/* A webhook that keeps what it got and answers as told. */
struct hook {
	struct MHD_Daemon *daemon;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	apr_pool_t *pool;
	const char *bodies[SEEN_MAX];
	const char *secret; /* of the last delivery */
	int count;
	int refuse;         /* so many deliveries get a 503 */
	const char *reply;  /* body of a 200 */
	bool hold_messages; /* messages wait until this is off again */
};

struct upload {
	struct buf body;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *body)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static unsigned take(struct hook *h, struct MHD_Connection *connection, const struct upload *u)
{
	unsigned status = 200;
	const char *secret =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Telegram-Bot-Api-Secret-Token");
	pthread_mutex_lock(&h->lock);
	h->secret = mem_text(h->pool, secret);
	while (h->hold_messages && strstr(u->body.p, "\"message\":{\"message_id\"") &&
	       !strstr(u->body.p, "callback_query"))
		pthread_cond_wait(&h->changed, &h->lock);
	if (h->refuse > 0) {
		h->refuse--;
		status = 503;
	} else if (h->count < SEEN_MAX) {
		h->bodies[h->count++] = mem_text(h->pool, u->body.p);
	}
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
	return status;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data, size_t *n,
				  void **state)
{
	struct hook *h = ctx;
	struct upload *u = *state;
	(void)url;
	(void)method;
	(void)version;
	if (!u) {
		apr_pool_t *pool = pool_root();
		*state = u = MEM_NEW(pool, struct upload);
		u->body = buf_new(pool, 1 << 20);
		buf_text(&u->body, "");
		return MHD_YES;
	}
	if (*n) {
		buf_put(&u->body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	unsigned status = take(h, connection, u);
	return answer(connection, status, status == 200 && h->reply ? h->reply : "");
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct upload *u = *state;
	(void)ctx;
	(void)connection;
	(void)code;
	if (u)
		pool_free(u->body.pool);
	*state = NULL;
}

static void stop_hook(void *p)
{
	struct hook *h = p;
	MHD_stop_daemon(h->daemon);
	pool_free(h->pool);
}

/* A webhook on a port of its own, and a stand-in that delivers to it. */
static err_t *start(struct test *t, struct hook **ret_hook, struct standin **ret_standin)
{
	struct hook *h = MEM_NEW(t->pool, struct hook);
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };
	struct json *params = json_object(t->pool), *reply;
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->changed, NULL);
	h->pool = pool_root();
	h->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL,
				     NULL, on_request, h, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
				     MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	CHECK(h->daemon);
	mem_cleanup(t->pool, h, stop_hook);
	ERR(standin_start(t, ret_standin));
	ERR(standin_retry_ms(*ret_standin, 5));
	json_set_text(params, "url",
		      mem_fmt(t->pool, "http://127.0.0.1:%u/hook",
			      MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT)->port));
	json_set_text(params, "secret_token", "s3cret");
	ERR(standin_api(*ret_standin, "setWebhook", params, &reply));
	CHECK(json_true(reply, "ok"));
	*ret_hook = h;
	return NULL;
}

/* Waits for the nth delivery (from 0) and reads it. */
static err_t *delivery(struct test *t, struct hook *h, int index, struct json **ret)
{
	pthread_mutex_lock(&h->lock);
	while (h->count <= index) /* the suite's time limit ends a wait in vain */
		pthread_cond_wait(&h->changed, &h->lock);
	const char *body = mem_text(t->pool, h->bodies[index]);
	pthread_mutex_unlock(&h->lock);
	return json_read(t->pool, body, strlen(body), ret);
}

static err_t *call(struct test *t, struct standin *s, const char *method, const char *params,
		   struct json **ret)
{
	struct json *j;
	ERR(json_read(t->pool, params, strlen(params), &j));
	return standin_api(s, method, j, ret);
}

static err_t *refusal(struct test *t, struct standin *s, const char *method, const char *params,
		      const char *expected)
{
	struct json *reply;
	ERR(call(t, s, method, params, &reply));
	CHECK_TEXT(json_text(reply, "description"), expected);
	return NULL;
}

TEST(delivers_in_order_with_the_secret)
{
	struct hook *h;
	struct standin *s;
	struct json *update;
	ERR(start(t, &h, &s));
	for (int i = 0; i < 10; i++)
		ERR(standin_say(s, CHAT, mem_fmt(t->pool, "%d", i), NULL));
	for (int i = 0; i < 10; i++) {
		ERR(delivery(t, h, i, &update));
		CHECK_TEXT(json_text(update, "message.text"), mem_fmt(t->pool, "%d", i));
	}
	CHECK_TEXT(h->secret, "s3cret");
	return NULL;
}

TEST(repeats_what_was_refused)
{
	struct hook *h;
	struct standin *s;
	struct json *update, *stats;
	int64_t id, retried;
	ERR(start(t, &h, &s));
	h->refuse = 4;
	ERR(standin_say(s, CHAT, "a", &id));
	ERR(standin_say(s, CHAT, "b", NULL));
	ERR(delivery(t, h, 0, &update));
	CHECK_TEXT(json_text(update, "message.text"), "a");
	ERR(delivery(t, h, 1, &update));
	CHECK_TEXT(json_text(update, "message.text"), "b");
	ERR(standin_control(s, "deliveries", NULL, &stats));
	CHECK(json_int(stats, "retried", &retried));
	CHECK_INT(retried, 4);
	return NULL;
}

TEST(a_press_overtakes_a_slow_message)
{
	struct hook *h;
	struct standin *s;
	struct json *update, *reply;
	ERR(start(t, &h, &s));
	ERR(standin_say(s, CHAT, "first", NULL));
	ERR(delivery(t, h, 0, &update));
	ERR(call(
		t, s, "sendMessage",
		"{\"chat_id\":42,\"text\":\"?\",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"Go\",\"callback_data\":\"g\"}]]}}",
		&reply));
	pthread_mutex_lock(&h->lock);
	h->hold_messages = true;
	pthread_mutex_unlock(&h->lock);
	ERR(standin_say(s, CHAT, "slow", NULL));
	ERR(standin_press(s, CHAT, "Go", NULL));
	ERR(delivery(t, h, 1, &update));
	CHECK_TEXT(json_text(update, "callback_query.data"), "g");
	pthread_mutex_lock(&h->lock);
	h->hold_messages = false;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->lock);
	ERR(delivery(t, h, 2, &update));
	CHECK_TEXT(json_text(update, "message.text"), "slow");
	return NULL;
}

TEST(obeys_a_method_in_the_reply)
{
	struct hook *h;
	struct standin *s;
	struct json *seen;
	ERR(start(t, &h, &s));
	h->reply = "{\"method\":\"sendMessage\",\"chat_id\":42,\"text\":\"from the reply\"}";
	ERR(standin_say(s, CHAT, "oi", NULL));
	ERR(standin_wait(s, CHAT, 1, 5000, &seen));
	CHECK_TEXT(json_text(seen, "1.text"), "from the reply");
	return NULL;
}

TEST(validates_as_telegram_does)
{
	struct standin *s;
	struct buf long_text = buf_new(t->pool, 1 << 20);
	ERR(standin_start(t, &s));
	ERR(refusal(t, s, "sendMessage", "{\"chat_id\":42,\"text\":\"x\"}", "Bad Request: chat not found"));
	ERR(standin_say(s, CHAT, "oi", NULL));
	ERR(refusal(t, s, "sendMessage", "{\"chat_id\":42,\"text\":\" \\n\"}",
		    "Bad Request: message text is empty"));
	for (int i = 0; i < 2048; i++)
		buf_text(&long_text, "\xF0\x9F\x98\x80");
	ERR(refusal(t, s, "sendMessage", mem_fmt(t->pool, "{\"chat_id\":42,\"text\":\"%s\"}", long_text.p),
		    NULL));
	ERR(refusal(t, s, "sendMessage", mem_fmt(t->pool, "{\"chat_id\":42,\"text\":\"%sx\"}", long_text.p),
		    "Bad Request: message is too long"));
	ERR(refusal(
		t, s, "sendMessage", "{\"chat_id\":42,\"parse_mode\":\"HTML\",\"text\":\"<b><i>x</b></i>\"}",
		"Bad Request: can't parse entities: Unmatched end tag at byte offset 7, expected \"</i>\", found \"</b>\""));
	ERR(refusal(t, s, "sendMessage", "{\"chat_id\":42,\"parse_mode\":\"HTML\",\"text\":\"a<br>\"}",
		    "Bad Request: can't parse entities: Unsupported start tag \"br\" at byte offset 1"));
	ERR(refusal(
		t, s, "sendMessage",
		"{\"chat_id\":42,\"text\":\"x\",\"reply_markup\":{\"inline_keyboard\":[[{\"text\":\"a\",\"callback_data\":\"\"}]]}}",
		"Bad Request: BUTTON_DATA_INVALID"));
	ERR(refusal(t, s, "editMessageText", "{\"chat_id\":42,\"message_id\":9999,\"text\":\"x\"}",
		    "Bad Request: message to edit not found"));
	ERR(refusal(t, s, "noSuchMethod", "{}", "Not Found: method not found"));
	CHECK_ERR(standin_press(s, CHAT, "no such button", NULL), ERR_HTTP);
	return NULL;
}

TEST(blocks_and_floods)
{
	struct standin *s;
	struct json *body = json_object(t->pool), *reply;
	int64_t wait;
	ERR(standin_start(t, &s));
	json_set_int(body, "chat_id", CHAT);
	ERR(standin_control(s, "block", body, NULL));
	ERR(refusal(t, s, "sendMessage", "{\"chat_id\":42,\"text\":\"x\"}",
		    "Forbidden: bot was blocked by the user"));
	ERR(standin_control(s, "unblock", body, NULL));
	ERR(call(t, s, "getUpdates", "{}", &reply));
	CHECK_TEXT(json_text(reply, "result.0.my_chat_member.new_chat_member.status"), "kicked");
	CHECK_TEXT(json_text(reply, "result.1.my_chat_member.new_chat_member.status"), "member");
	body = json_object(t->pool);
	json_set_double(body, "per_chat_burst", 1);
	json_set_double(body, "per_chat_per_s", 0.1);
	ERR(standin_control(s, "rate", body, NULL));
	ERR(refusal(t, s, "sendMessage", "{\"chat_id\":42,\"text\":\"x\"}", NULL));
	ERR(call(t, s, "sendMessage", "{\"chat_id\":42,\"text\":\"x\"}", &reply));
	CHECK(json_int(reply, "parameters.retry_after", &wait));
	CHECK(wait >= 9 && wait <= 10);
	return NULL;
}
