/* /admin: what an operator does over HTTP: webhook, people, queue. */
#include "bot/web/web_answer.h"
#include "bot/web/web_stream.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include "db/people_admin.h"
#include "db/queue.h"
#include "integrations/telegram/telegram.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	WEBHOOK_CONNECTIONS = 40, /* Telegram's own default */
	DEAD_SHOWN = 100,
	ADMIN_MS = 20000,
	STREAM_MS = 1000,
};

struct webhook_args {
	const char *url;
};
static const struct json_field webhook_fields[] = {
	{ "url", JSON_TEXT, 0, offsetof(struct webhook_args, url), 8, 1024, NULL,
	  "where Telegram posts updates" },
	{ 0 },
};

struct invite_args {
	const char *role;
};
static const struct json_field invite_fields[] = {
	{ "role", JSON_TEXT, JSON_REQUIRED, offsetof(struct invite_args, role), 1, 16, "guest user admin",
	  "what the bearer of the code becomes" },
	{ 0 },
};

struct replay_args {
	const char *id;
};
static const struct json_field replay_fields[] = {
	{ "id", JSON_TEXT, JSON_REQUIRED, offsetof(struct replay_args, id), 3, 48, NULL,
	  "bot:update, as listed" },
	{ 0 },
};

/* No body reads as {}. */
static NODISCARD err_t *args_read(struct web_request *r, const struct json_field *fields, void *args)
{
	struct json *body;
	uint64_t seen;

	if (r->body_n)
		ERR(json_read(r->pool, r->body, r->body_n, &body));
	else
		body = json_object(r->pool);
	if (!json_is_object(body))
		return err_new(ERR_INVALID, "not an object");
	return json_decode(r->pool, body, fields, args, &seen);
}

/* What Telegram says becomes our own status: 4xx when it refused what was asked for, 503 when it may be asked again. */
static NODISCARD err_t *telegram_error(const struct tg_result *result)
{
	enum err_code code = ERR_UNAVAILABLE;

	if (tg_ok(result))
		return NULL;
	if (result->outcome == TG_UNAUTHORIZED || result->outcome == TG_CONFLICT)
		code = ERR_CONFLICT;
	else if (result->outcome == TG_RATE)
		code = ERR_RATE_LIMIT;
	else if (result->outcome == TG_REFUSED || result->outcome == TG_GONE)
		code = ERR_INVALID;
	return err_new(code, "telegram: %s",
		       *result->description ? result->description : tg_outcome_name(result->outcome));
}

static NODISCARD err_t *need_bot(const struct web_request *r)
{
	return r->telegram ? NULL : err_new(ERR_NOT_FOUND, "TELEGRAM_BOT_TOKEN is not set");
}

static NODISCARD err_t *webhook_url(struct web_request *r, const char *asked, const char **ret_url)
{
	if (asked && !text_starts(asked, "https://") && !text_starts(asked, "http://"))
		return err_new(ERR_INVALID, "\"url\": must begin with https://");
	if (!asked && !*r->config->public_url)
		return err_new(ERR_INVALID, "\"url\": required, because PUBLIC_URL is not set");
	*ret_url = asked ? asked : mem_fmt(r->pool, "%s/webhook/telegram", r->config->public_url);
	return NULL;
}

static struct json *logins_json(apr_pool_t *pool, const char *logins)
{
	struct json *list = json_array(pool);

	while (*logins) {
		char *end;

		json_push_int(list, strtoll(logins, &end, 10));
		logins = *end == ',' ? end + 1 : end;
	}
	return list;
}

static struct json *person_json(apr_pool_t *pool, const struct person *p)
{
	struct json *o = json_object(pool);

	json_set_int(o, "id", p->user_id);
	json_set_text(o, "role", role_name(p->role));
	json_set_text(o, "language", p->lang);
	json_set_text(o, "zone", p->zone);
	json_set_text(o, "since", clock_iso(pool, p->created_at));
	json_set_bool(o, "blocked", p->blocked);
	json_set(o, "logins", logins_json(pool, p->logins));
	return o;
}

static struct json *dead_json(apr_pool_t *pool, const struct rows *rows, int i)
{
	struct json *o = json_object(pool);

	json_set_text(o, "id",
		      mem_fmt(pool, "%s:%s", rows_text(rows, i, COL_DEAD_LIST_BOT_ID),
			      rows_text(rows, i, COL_DEAD_LIST_UPDATE_ID)));
	json_set_text(o, "kind", rows_text(rows, i, COL_DEAD_LIST_KIND));
	json_set_text(o, "error", rows_text(rows, i, COL_DEAD_LIST_ERROR));
	json_set_text(o, "trace", rows_text(rows, i, COL_DEAD_LIST_TRACE));
	json_set_text(o, "received", clock_iso(pool, rows_int(rows, i, COL_DEAD_LIST_RECEIVED_AT)));
	return o;
}

static NODISCARD err_t *webhook_info_run(struct web_request *r)
{
	struct tg_result result;

	ERR(need_bot(r));
	ERR(tg_webhook_info(r->telegram, r->pool, &result));
	ERR(telegram_error(&result));
	web_answer_json(r, 200, result.result);
	return NULL;
}

static NODISCARD err_t *webhook_set_run(struct web_request *r)
{
	struct webhook_args args = { 0 };
	struct json *reply = json_object(r->pool);
	struct tg_result result;
	const char *url = NULL;

	ERR(need_bot(r));
	ERR(args_read(r, webhook_fields, &args));
	ERR(webhook_url(r, args.url, &url));
	if (!*r->config->telegram_webhook_secret)
		return err_new(ERR_CONFLICT, "TELEGRAM_WEBHOOK_SECRET is not set");
	ERR(tg_set_webhook(r->telegram, r->pool, url, r->config->telegram_webhook_secret, WEBHOOK_CONNECTIONS,
			   &result));
	ERR(telegram_error(&result));
	json_set_text(reply, "url", url);
	web_answer_json(r, 200, reply);
	return NULL;
}

static NODISCARD err_t *webhook_delete_run(struct web_request *r)
{
	struct tg_result result;

	ERR(need_bot(r));
	ERR(tg_delete_webhook(r->telegram, r->pool, &result));
	ERR(telegram_error(&result));
	web_answer(r, 200);
	return NULL;
}

static NODISCARD err_t *users_list_run(struct web_request *r)
{
	struct json *reply = json_object(r->pool), *list = json_array(r->pool);
	struct person *people;
	size_t n;

	ERR(people_list(r->pool, &n, &people));
	for (size_t i = 0; i < n; i++)
		json_push(list, person_json(r->pool, &people[i]));
	json_set(reply, "users", list);
	web_answer_json(r, 200, reply);
	return NULL;
}

static NODISCARD err_t *users_invite_run(struct web_request *r)
{
	struct invite_args args = { 0 };
	struct json *reply = json_object(r->pool);
	int64_t now = clock_now();
	const char *code;

	ERR(args_read(r, invite_fields, &args));
	ERR(people_invite(r->pool, role_of(args.role), now, INVITE_LIFE_US, &code));
	log_event(LOG_INFO, "person_invited", KV_S("role", args.role));
	json_set_text(reply, "code", code);
	json_set_text(reply, "expires", clock_iso(r->pool, now + INVITE_LIFE_US));
	web_answer_json(r, 200, reply);
	return NULL;
}

static NODISCARD err_t *users_remove_run(struct web_request *r)
{
	struct json *reply = json_object(r->pool);
	const char *receipt;
	int64_t rows;

	ERR(people_remove(r->pool, r->params[0].number, clock_now(), &receipt, &rows));
	log_event(LOG_INFO, "person_erased", KV_I("user_id", r->params[0].number), KV_S("receipt", receipt));
	json_set_text(reply, "receipt", receipt);
	json_set_int(reply, "rows", rows);
	web_answer_json(r, 200, reply);
	return NULL;
}

static void depths_put(struct json *o, const struct queue_depths *depths)
{
	json_set_int(o, "updates", depths->updates);
	json_set_int(o, "outbox", depths->outbox);
	json_set_int(o, "leased", depths->leased);
	json_set_int(o, "dead", depths->dead);
	json_set_double(o, "oldest_seconds", depths->oldest_s);
}

static NODISCARD err_t *queue_show_run(struct web_request *r)
{
	struct json *reply = json_object(r->pool), *dead = json_array(r->pool);
	struct queue_depths depths;
	struct rows *rows;

	ERR(queue_depths(r->pool, &depths));
	ERR(db_exec(r->pool, STMT_DEAD_LIST, PG_ARGS(PG_INT(DEAD_SHOWN)), &rows));
	for (int i = 0; i < rows_count(rows); i++)
		json_push(dead, dead_json(r->pool, rows, i));
	depths_put(reply, &depths);
	json_set(reply, "dead_letters", dead);
	web_answer_json(r, 200, reply);
	return NULL;
}

static NODISCARD err_t *queue_replay_run(struct web_request *r)
{
	struct replay_args args = { 0 };
	int64_t bot_id, update_id;
	struct rows *rows;
	size_t n;

	ERR(args_read(r, replay_fields, &args));
	n = strcspn(args.id, ":");
	if (!args.id[n] || !text_int(mem_textn(r->pool, args.id, n), &bot_id) ||
	    !text_int(args.id + n + 1, &update_id))
		return err_new(ERR_INVALID, "\"id\": must be bot:update, as listed");
	ERR(db_exec(r->pool, STMT_DEAD_REPLAY, PG_ARGS(PG_INT(bot_id), PG_INT(update_id)), &rows));
	if (rows_int(rows, 0, COL_DEAD_REPLAY_N) == 0)
		return err_new(ERR_NOT_FOUND, "no such dead letter");
	log_event(LOG_INFO, "dead_letter_replayed", KV_I("update_id", update_id));
	web_answer(r, 200);
	return NULL;
}

/* The depths every second, for as long as somebody looks. */
static NODISCARD err_t *queue_stream_run(struct web_request *r)
{
	apr_pool_t *each = pool_child(r->pool);

	ERR(web_stream_open(r));
	for (;;) {
		struct json *body = json_object(each);
		struct queue_depths depths;

		ERR(queue_depths(each, &depths));
		depths_put(body, &depths);
		ERR(web_stream_event(r, "depths", json_write(each, body)));
		pool_clear(each);
		ERR(fiber_sleep(STREAM_MS));
	}
}

const struct web_route routes_admin[] = {
	{ "GET", "/admin/webhook", "admin_webhook", WEB_ADMIN, LOG_INFO, webhook_info_run, ADMIN_MS },
	{ "POST", "/admin/webhook", "admin_webhook", WEB_ADMIN, LOG_INFO, webhook_set_run, ADMIN_MS },
	{ "DELETE", "/admin/webhook", "admin_webhook", WEB_ADMIN, LOG_INFO, webhook_delete_run, ADMIN_MS },
	{ "GET", "/admin/users", "admin_users", WEB_ADMIN, LOG_INFO, users_list_run, ADMIN_MS },
	{ "POST", "/admin/users", "admin_users", WEB_ADMIN, LOG_INFO, users_invite_run, ADMIN_MS },
	{ "DELETE", "/admin/users/#", "admin_user", WEB_ADMIN, LOG_INFO, users_remove_run, ADMIN_MS },
	{ "GET", "/admin/queue", "admin_queue", WEB_ADMIN, LOG_INFO, queue_show_run, ADMIN_MS },
	{ "GET", "/admin/queue/stream", "admin_stream", WEB_ADMIN, LOG_INFO, queue_stream_run, ADMIN_MS,
	  .stream = true },
	{ "POST", "/admin/queue/replay", "admin_replay", WEB_ADMIN, LOG_INFO, queue_replay_run, ADMIN_MS },
	{ 0 },
};
