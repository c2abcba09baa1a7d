#include "tests/standins/telegram_api.h"

#include "core/text.h"
#include <string.h>
#include <time.h>

#define POLL_MAX_S 50 /* as the real server caps it */

/* Kinds that must be named in allowed_updates. */
static const char *const unlisted[] = { "chat_member", "message_reaction", "message_reaction_count" };

static err_t *first_other_key(void *ctx, const char *key, struct json *value)
{
	const char **kind = ctx;
	(void)value;
	if (!*kind && strcmp(key, "update_id") != 0)
		*kind = key;
	return NULL;
}

static const char *kind_of(const struct json *update)
{
	const char *kind = NULL;
	err_clear(json_each(update, first_other_key, &kind));
	return kind ? kind : "";
}

static bool is_allowed(apr_pool_t *pool, const char *kind)
{
	struct json *list = world_read(pool, world.allowed);
	for (size_t i = 0; i < json_len(list); i++)
		if (text_same(json_text(json_item(list, i), NULL), kind))
			return true;
	if (json_len(list) > 0)
		return false;
	for (size_t i = 0; i < sizeof(unlisted) / sizeof(*unlisted); i++)
		if (strcmp(kind, unlisted[i]) == 0)
			return false;
	return true;
}

/* Messages and edits of one chat keep their order; a person's presses have a queue of their own. */
static const char *key_of(apr_pool_t *pool, const char *kind, const struct json *update)
{
	int64_t id = 0;
	struct json *content = json_at(update, kind);
	if (strcmp(kind, "message") == 0 || strcmp(kind, "edited_message") == 0) {
		json_int(content, "chat.id", &id);
		return mem_fmt(pool, "chat %lld", (long long)id);
	}
	if (!json_int(content, "from.id", &id))
		json_int(content, "chat.id", &id);
	return mem_fmt(pool, "%s %lld", kind, (long long)id);
}

static void set_allowed(struct call *c)
{
	struct json *list;
	if (!json_at(c->params, "allowed_updates"))
		return; /* the previous setting stays */
	if (!param_json(c->pool, c->params, "allowed_updates", &list) || (list && !json_is_array(list)))
		api_fail(c, 400, "Bad Request: can't parse allowed updates list");
	else
		world.allowed = world_keep(list ? json_write(c->pool, list) : "");
}

static void drop_pending(struct call *c)
{
	while (param_true(c->params, "drop_pending_updates") && world.oldest)
		updates_drop(world.oldest);
}

static const char *bad_webhook(struct call *c, const char *url, const char *secret)
{
	int64_t connections;
	if (!text_starts(url, "https://") && !text_starts(url, "http://127.0.0.1") &&
	    !text_starts(url, "http://localhost"))
		return "Bad Request: bad webhook: An HTTPS URL must be provided for webhook";
	if (strlen(secret) > 256)
		return "Bad Request: secret token is too long";
	if (strspn(secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") !=
	    strlen(secret))
		return "Bad Request: secret token contains unallowed characters";
	if (param_int(c->params, "max_connections", &connections) && (connections < 1 || connections > 100))
		return "Bad Request: wrong number of max_connections";
	return NULL;
}

static struct json *collect(apr_pool_t *pool, int64_t limit)
{
	struct json *list = json_array(pool);
	for (struct update *u = world.oldest; u && limit > 0; u = u->next, limit--)
		json_push(list, world_read(pool, u->body));
	return list;
}

/* offset confirms everything below it; a negative one forgets all but that many. */
static void confirm(int64_t offset)
{
	if (offset < 0)
		while (world.oldest && world.pending > -offset)
			updates_drop(world.oldest);
	for (struct update *u = world.oldest, *next; offset > 0 && u; u = next) {
		next = u->next;
		if (u->id < offset)
			updates_drop(u);
	}
}

int64_t updates_next_id(void)
{
	return world.next_update_id++;
}

void updates_put(apr_pool_t *pool, const struct json *update)
{
	const char *kind = kind_of(update);
	if (!is_allowed(pool, kind))
		return;
	struct update *u = MEM_NEW(world.pool, struct update);
	json_int(update, "update_id", &u->id);
	u->created_ms = world_now_ms();
	u->kind = world_keep(kind);
	u->body = world_keep(json_write(pool, update));
	u->prev = world.newest;
	if (world.newest)
		world.newest->next = u;
	else
		world.oldest = u;
	world.newest = u;
	world.pending++;
	deliver_put(u, key_of(pool, kind, update));
	pthread_cond_broadcast(&world.changed);
}

void updates_drop(struct update *u)
{
	if (u->gone)
		return;
	u->gone = true;
	if (u->prev)
		u->prev->next = u->next;
	else
		world.oldest = u->next;
	if (u->next)
		u->next->prev = u->prev;
	else
		world.newest = u->prev;
	world.pending--;
}

void api_get_updates(struct call *c)
{
	int64_t offset = 0, limit = 100, timeout = 0, mine;
	param_int(c->params, "offset", &offset);
	param_int(c->params, "limit", &limit);
	param_int(c->params, "timeout", &timeout);
	if (*world.url) {
		api_fail(
			c, 409,
			"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
		return;
	}
	set_allowed(c);
	if (c->code != 200)
		return;
	mine = ++world.poller;
	pthread_cond_broadcast(&world.changed); /* an older poll ends with 409 */
	confirm(offset);
	int64_t until = world_now_ms() + (timeout > POLL_MAX_S ? POLL_MAX_S : timeout) * 1000;
	while (!world.oldest && mine == world.poller && !*world.url && world_now_ms() < until)
		world_wait(&world.changed, until);
	if (mine != world.poller)
		api_fail(
			c, 409,
			"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
	else if (*world.url)
		api_fail(c, 409, "Conflict: terminated by setWebhook request");
	else
		c->result = collect(c->pool, limit < 1 || limit > 100 ? 100 : limit);
}

void api_set_webhook(struct call *c)
{
	const char *url = param_text(c->params, "url"), *secret = param_text(c->params, "secret_token");
	int64_t now = world_now_ms();
	if (!url || !*url) {
		api_delete_webhook(c);
		return;
	}
	const char *trouble = bad_webhook(c, url, secret ? secret : "");
	if (trouble) {
		api_fail(c, 400, trouble);
		return;
	}
	if (world.webhook_set_ms && now - world.webhook_set_ms < world.retry_ms) {
		c->retry_after = 1;
		api_fail(c, 429, "Too Many Requests: retry after 1");
		return;
	}
	set_allowed(c);
	if (c->code != 200)
		return;
	drop_pending(c);
	world.webhook_set_ms = now;
	world.url = world_keep(url);
	world.secret = world_keep(secret ? secret : "");
	world.max_connections = 40;
	param_int(c->params, "max_connections", &world.max_connections);
	world.gone_since_ms = 0;
	deliver_start();
	pthread_cond_broadcast(&world.changed);
}

void api_delete_webhook(struct call *c)
{
	drop_pending(c);
	world.url = world.secret = "";
}

void api_webhook_info(struct call *c)
{
	struct json *o = c->result = json_object(c->pool);
	json_set_text(o, "url", world.url);
	json_set_bool(o, "has_custom_certificate", false);
	json_set_int(o, "pending_update_count", world.pending);
	if (*world.last_error) {
		json_set_int(o, "last_error_date", world.last_error_date);
		json_set_text(o, "last_error_message", world.last_error);
	}
	if (*world.url)
		json_set_int(o, "max_connections", world.max_connections);
	if (*world.allowed)
		json_set(o, "allowed_updates", world_read(c->pool, world.allowed));
}
