#include "tests/standins/telegram_api.h"

#include "core/text.h"
#include <string.h>
#include <time.h>

#define WAIT_MS 10000

/* One request of a test; lock held while it runs. */
struct control {
	apr_pool_t *pool;
	const struct json *params;
	int code;
	struct json *reply;
};

static void refuse(struct control *c, int code, const char *why)
{
	c->code = code;
	json_set_bool(c->reply, "ok", false);
	json_set_text(c->reply, "description", why);
}

static struct json *copy(apr_pool_t *pool, const struct json *j)
{
	return world_read(pool, json_write(pool, j));
}

static int64_t number(const struct control *c, const char *name, int64_t otherwise)
{
	int64_t value;
	return param_int(c->params, name, &value) ? value : otherwise;
}

/* The chat meant, met for the first time if need be; NULL after refuse(). */
static struct chat *meet(struct control *c)
{
	int64_t id = number(c, "chat_id", 0), from_id;
	struct json *from = json_at(c->params, "from");
	if (id == 0) {
		refuse(c, 400, "no chat_id");
		return NULL;
	}
	if (!json_is_object(from))
		return world_meet(id, NULL);
	from = copy(c->pool, from);
	if (!json_int(from, "id", &from_id))
		json_set_int(from, "id", id);
	if (!json_at(from, "is_bot"))
		json_set_bool(from, "is_bot", false);
	if (!json_at(from, "first_name"))
		json_set_text(from, "first_name", "Ana");
	return world_meet(id, from);
}

static struct json *new_update(struct control *c)
{
	struct json *update = json_object(c->pool);
	int64_t id;
	if (!param_int(c->params, "update_id", &id))
		id = updates_next_id();
	json_set_int(update, "update_id", id);
	json_set_int(c->reply, "update_id", id);
	return update;
}

/* So that getFile knows them later. */
static void remember_file(const struct json *file)
{
	int64_t size = 0;
	const char *id = json_text(file, "file_id");
	if (!id)
		return;
	json_int(file, "file_size", &size);
	apr_hash_set(world.files, world_keep(id), APR_HASH_KEY_STRING,
		     mem_dup(world.pool, &size, sizeof(size)));
}

static void remember_files(const struct json *message)
{
	static const char *const fields[] = { "voice", "document", "audio", "video" };
	struct json *photo = json_at(message, "photo");
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		remember_file(json_at(message, fields[i]));
	for (size_t i = 0; i < json_len(photo); i++)
		remember_file(json_item(photo, i));
}

static void mark_command(struct control *c, struct json *message, const char *text)
{
	if (text[0] != '/')
		return;
	struct json *entities = json_array(c->pool), *entity = json_object(c->pool);
	json_set_text(entity, "type", "bot_command");
	json_set_int(entity, "offset", 0);
	json_set_int(entity, "length", (int64_t)strcspn(text, " \t\r\n"));
	json_push(entities, entity);
	json_set(message, "entities", entities);
}

struct merge {
	apr_pool_t *pool;
	struct json *to;
};

static err_t *merge_member(void *ctx, const char *key, struct json *value)
{
	struct merge *m = ctx;
	const char *text = json_text(value, NULL);
	int64_t number;
	if (text)
		json_set_text(m->to, key, text);
	else if (json_int(value, NULL, &number))
		json_set_int(m->to, key, number);
	else
		json_set(m->to, key, copy(m->pool, value));
	return NULL;
}

static void put_raw(struct control *c, const struct json *raw)
{
	struct json *update = copy(c->pool, raw);
	int64_t id, chat_id;
	if (!json_is_object(update)) {
		refuse(c, 400, "raw is no object");
		return;
	}
	if (json_int(update, "message.chat.id", &chat_id))
		world_meet(chat_id, json_is_object(json_at(update, "message.from"))
					    ? json_at(update, "message.from")
					    : NULL);
	if (!json_int(update, "update_id", &id)) {
		id = updates_next_id();
		json_set_int(update, "update_id", id);
	}
	json_set_int(c->reply, "update_id", id);
	remember_files(json_at(update, "message"));
	updates_put(c->pool, update);
}

/* What a file holds, by its file_id: served where getFile says. */
static void control_file(struct control *c)
{
	const char *id = param_text(c->params, "file_id"), *text = param_text(c->params, "text");

	if (!id || !text)
		refuse(c, 400, "file_id and text are needed");
	else
		apr_hash_set(world.contents, world_keep(id), APR_HASH_KEY_STRING, world_keep(text));
}

static void control_message(struct control *c)
{
	const char *text = param_text(c->params, "text");
	struct json *extra = json_at(c->params, "extra");
	if (json_at(c->params, "raw")) {
		put_raw(c, json_at(c->params, "raw"));
		return;
	}
	struct chat *chat = meet(c);
	if (!chat)
		return;
	struct message *m = world_add_message(chat);
	m->plain = m->source = world_keep(text ? text : "");
	struct json *message = world_message_json(c->pool, chat, m), *update = new_update(c);
	mark_command(c, message, m->plain);
	if (json_is_object(extra)) {
		struct merge merge = { c->pool, message };
		err_clear(json_each(extra, merge_member, &merge));
	}
	remember_files(message);
	json_set_int(c->reply, "message_id", m->id);
	json_set(update, "message", message);
	updates_put(c->pool, update);
}

/* The button of this label or data in m's keyboard, or NULL. */
static struct json *find_button(apr_pool_t *pool, const struct message *m, const char *label,
				const char *data)
{
	struct json *rows = *m->markup ? json_at(world_read(pool, m->markup), "inline_keyboard") : NULL;
	for (size_t i = 0; i < json_len(rows); i++) {
		for (size_t k = 0; k < json_len(json_item(rows, i)); k++) {
			struct json *button = json_item(json_item(rows, i), k);
			if (data ? text_same(json_text(button, "callback_data"), data)
				 : text_same(json_text(button, "text"), label))
				return button;
		}
	}
	return NULL;
}

static struct message *find_pressed(struct control *c, const struct chat *chat, struct json **ret_button)
{
	int64_t id = number(c, "message_id", 0);
	const char *label = param_text(c->params, "label"), *data = param_text(c->params, "data");
	for (int i = chat->messages->nelts - 1; i >= 0; i--) {
		struct message *m = APR_ARRAY_IDX(chat->messages, i, struct message *);
		if (m->deleted || !m->from_bot || (id && m->id != id))
			continue;
		if ((label || data) && (*ret_button = find_button(c->pool, m, label, data)))
			return m;
	}
	return NULL;
}

static void put_press(struct control *c, const struct chat *chat, const struct message *m, const char *data)
{
	struct json *update = new_update(c), *press = json_object(c->pool);
	struct query *q = MEM_NEW(world.pool, struct query);
	char *id = world_keep(mem_fmt(c->pool, "%lld", (long long)world.next_query_id++));
	q->created_ms = world_now_ms();
	apr_hash_set(world.queries, id, APR_HASH_KEY_STRING, q);
	json_set_text(press, "id", id);
	json_set(press, "from", world_read(c->pool, chat->from));
	json_set_text(press, "chat_instance", mem_fmt(c->pool, "-%lld", (long long)chat->id));
	json_set_text(press, "data", data);
	if (m) {
		json_set(press, "message", world_message_json(c->pool, chat, m));
	} else { /* a forged press names a message nobody can see */
		struct json *gone = json_object(c->pool);
		json_set_int(gone, "message_id", number(c, "message_id", 1));
		json_set_int(gone, "date", 0);
		json_set(gone, "chat", world_chat_json(c->pool, chat));
		json_set(press, "message", gone);
	}
	json_set(update, "callback_query", press);
	json_set_text(c->reply, "callback_id", id);
	updates_put(c->pool, update);
}

static void control_press(struct control *c)
{
	struct chat *chat = param_true(c->params, "forge") ? meet(c) : world_chat(number(c, "chat_id", 0));
	struct json *button = NULL;
	if (!chat) {
		refuse(c, 404, "no such chat");
		return;
	}
	struct message *m = find_pressed(c, chat, &button);
	if (param_true(c->params, "forge")) {
		const char *data = param_text(c->params, "data");
		m = world_message(chat, number(c, "message_id", 0));
		put_press(c, chat, m, data ? data : "");
	} else if (!m) {
		refuse(c, 404, "no such button");
	} else if (!json_text(button, "callback_data")) {
		json_set_text(c->reply, "url", json_text(button, "url"));
		refuse(c, 409, "the button is a link");
	} else {
		json_set_int(c->reply, "message_id", m->id);
		put_press(c, chat, m, json_text(button, "callback_data"));
	}
}

static struct json *member(struct control *c, const char *status)
{
	struct json *o = json_object(c->pool);
	json_set(o, "user", world_bot_json(c->pool));
	json_set_text(o, "status", status);
	return o;
}

static void set_blocked(struct control *c, bool blocked)
{
	struct chat *chat = meet(c);
	if (!chat)
		return;
	struct json *update = new_update(c), *change = json_object(c->pool);
	chat->blocked = blocked;
	json_set(change, "chat", world_chat_json(c->pool, chat));
	json_set(change, "from", world_read(c->pool, chat->from));
	json_set_int(change, "date", (int64_t)time(NULL));
	json_set(change, "old_chat_member", member(c, blocked ? "member" : "kicked"));
	json_set(change, "new_chat_member", member(c, blocked ? "kicked" : "member"));
	json_set(update, "my_chat_member", change);
	updates_put(c->pool, update);
}

static void control_block(struct control *c)
{
	set_blocked(c, true);
}

static void control_unblock(struct control *c)
{
	set_blocked(c, false);
}

static bool good_kind(const char *kind)
{
	static const char *const kinds[] = {
		"429", "403", "400entities", "400photo", "lost", "hang", "slow"
	};
	for (size_t i = 0; kind && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kind, kinds[i]) == 0)
			return true;
	return kind && strlen(kind) == 3 && kind[0] == '5';
}

static void control_fault(struct control *c)
{
	const char *method = param_text(c->params, "method"), *kind = param_text(c->params, "kind");
	struct fault f = {
		.method = world_keep(method ? method : "*"),
		.kind = world_keep(kind),
		.count = number(c, "count", 1),
		.retry_after = number(c, "retry_after", 1),
		.delay_ms = number(c, "delay_ms", 0),
		.chat_id = number(c, "chat_id", 0),
	};
	if (f.count == 0) /* nothing goes wrong any more */
		apr_array_clear(world.faults);
	else if (!good_kind(kind))
		refuse(c, 400, "unknown kind of fault");
	else
		APR_ARRAY_PUSH(world.faults, struct fault) = f;
}

static struct json *entry_json(apr_pool_t *pool, const struct entry *e)
{
	struct json *o = json_object(pool), *params = world_read(pool, e->params), *markup = NULL;
	const char *text = param_text(params, "text");
	if (!text)
		text = param_text(params, "caption");
	param_json(pool, params, "reply_markup", &markup);
	json_set_int(o, "seq", e->seq);
	json_set_int(o, "t_ms", e->t_ms);
	json_set_text(o, "method", e->method);
	json_set_int(o, "chat_id", e->chat_id);
	json_set_int(o, "message_id", e->message_id);
	json_set_text(o, "text", text);
	json_set_text(o, "parse_mode", param_text(params, "parse_mode"));
	if (markup)
		json_set(o, "reply_markup", copy(pool, markup));
	json_set_int(o, "code", e->code);
	json_set_text(o, "description", e->description);
	json_set_bool(o, "lost", e->lost);
	json_set(o, "params", params);
	return o;
}

static void control_ledger(struct control *c)
{
	int64_t since = number(c, "since", 0);
	c->reply = json_array(c->pool);
	for (int64_t i = since < 0 ? 0 : since; i < world.ledger->nelts; i++)
		json_push(c->reply, entry_json(c->pool, APR_ARRAY_IDX(world.ledger, i, struct entry *)));
}

static struct json *seen_json(apr_pool_t *pool, const struct message *m)
{
	struct json *o = json_object(pool);
	json_set_int(o, "message_id", m->id);
	json_set_bool(o, "from_bot", m->from_bot);
	json_set_text(o, "kind", m->kind);
	json_set_text(o, "text", m->plain);
	json_set_text(o, "source", m->source);
	json_set_text(o, "parse_mode", m->parse_mode);
	json_set(o, "entities", world_read(pool, m->entities));
	if (*m->markup)
		json_set(o, "reply_markup", world_read(pool, m->markup));
	if (*m->file_name) {
		json_set_text(o, "file_name", m->file_name);
		json_set_int(o, "file_size", m->file_size);
		json_set_text(o, "file_hash", m->file_hash);
		json_set_int(o, "width", m->width);
		json_set_int(o, "height", m->height);
	}
	return o;
}

static struct json *seen(apr_pool_t *pool, const struct chat *chat)
{
	struct json *list = json_array(pool);
	for (int i = 0; chat && i < chat->messages->nelts; i++) {
		struct message *m = APR_ARRAY_IDX(chat->messages, i, struct message *);
		if (!m->deleted)
			json_push(list, seen_json(pool, m));
	}
	return list;
}

static void control_chat(struct control *c)
{
	c->reply = seen(c->pool, world_chat(number(c, "chat_id", 0)));
}

static void control_wait(struct control *c)
{
	int64_t id = number(c, "chat_id", 0), count = number(c, "count", 1);
	int64_t until = world_now_ms() + number(c, "timeout_ms", WAIT_MS);
	struct chat *chat = world_chat(id);
	while ((!chat || chat->bot_sends < count) && world_now_ms() < until) {
		world_wait(&world.changed, until);
		chat = world_chat(id);
	}
	if (!chat || chat->bot_sends < count)
		refuse(c, 408, "not so many messages in time");
	json_set_int(c->reply, "count", chat ? chat->bot_sends : 0);
	json_set(c->reply, "messages", seen(c->pool, chat));
}

/* The bytes of what the bot sent, in hexadecimal digits. */
static void control_upload(struct control *c)
{
	const char *hash = param_text(c->params, "hash");
	const struct kept *kept = hash ? apr_hash_get(world.uploads, hash, APR_HASH_KEY_STRING) : NULL;
	struct buf hex;

	if (!kept) {
		refuse(c, 404, "no such upload");
		return;
	}
	hex = buf_new(c->pool, 2 * kept->n + 1);
	for (size_t i = 0; i < kept->n; i++)
		buf_fmt(&hex, "%02x", kept->data[i]);
	json_set_text(c->reply, "hex", hex.p);
}

static void control_deliveries(struct control *c)
{
	c->reply = deliver_stats(c->pool);
}

static void control_rate(struct control *c)
{
	if (!json_double(c->params, "per_chat_burst", &world.burst))
		world.burst = 0;
	if (!json_double(c->params, "per_chat_per_s", &world.per_s))
		world.per_s = 0;
	for (apr_hash_index_t *i = apr_hash_first(c->pool, world.chats); i; i = apr_hash_next(i)) {
		struct chat *chat = apr_hash_this_val(i);
		chat->tokens = world.burst;
		chat->tokens_ms = world_now_ms();
	}
}

static void control_settings(struct control *c)
{
	world.retry_ms = number(c, "retry_ms", world.retry_ms);
	world.callback_ttl_ms = number(c, "callback_ttl_ms", world.callback_ttl_ms);
}

static const struct {
	const char *path;
	void (*run)(struct control *c);
} paths[] = {
	{ "message", control_message },
	{ "press", control_press },
	{ "block", control_block },
	{ "unblock", control_unblock },
	{ "fault", control_fault },
	{ "ledger", control_ledger },
	{ "chat", control_chat },
	{ "wait", control_wait },
	{ "deliveries", control_deliveries },
	{ "rate", control_rate },
	{ "settings", control_settings },
	{ "file", control_file },
	{ "upload", control_upload },
};

void control_call(apr_pool_t *pool, const char *path, const struct json *params, struct answer *ret)
{
	struct control c = { pool, params, 200, json_object(pool) };
	size_t i = 0;
	while (i < sizeof(paths) / sizeof(*paths) && strcmp(paths[i].path, path) != 0)
		i++;
	world_lock();
	if (i == sizeof(paths) / sizeof(*paths))
		refuse(&c, 404, "no such control");
	else
		paths[i].run(&c);
	world_unlock();
	if (c.code == 200 && json_is_object(c.reply) && !json_at(c.reply, "ok"))
		json_set_bool(c.reply, "ok", true);
	*ret = (struct answer){ .code = c.code, .body = json_write(pool, c.reply) };
}
