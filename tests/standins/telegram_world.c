#include "tests/standins/telegram_world.h"

#include "core/text.h"
#include <math.h>
#include <string.h>
#include <time.h>

struct world world;

static const char *person(apr_pool_t *pool, int64_t id)
{
	struct json *from = json_object(pool);
	json_set_int(from, "id", id);
	json_set_bool(from, "is_bot", false);
	json_set_text(from, "first_name", "Ana");
	json_set_text(from, "language_code", "pt-br");
	return json_write(pool, from);
}

static void set_file(apr_pool_t *pool, struct json *o, const struct message *m)
{
	struct json *file = json_object(pool);
	json_set_text(file, "file_id", mem_fmt(pool, "sent-%lld", (long long)m->id));
	json_set_text(file, "file_unique_id", mem_fmt(pool, "u%lld", (long long)m->id));
	json_set_int(file, "file_size", m->file_size);
	if (strcmp(m->kind, "photo") == 0) {
		struct json *sizes = json_array(pool);
		json_set_int(file, "width", m->width);
		json_set_int(file, "height", m->height);
		json_push(sizes, file);
		json_set(o, "photo", sizes);
	} else {
		json_set_text(file, "file_name", m->file_name);
		json_set(o, "document", file);
	}
}

void world_init(const char *token)
{
	pthread_condattr_t monotonic;
	apr_pool_t *pool = pool_root();
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&world.lock, NULL);
	pthread_cond_init(&world.changed, &monotonic);
	pthread_cond_init(&world.work, &monotonic);
	world.pool = pool;
	world.token = mem_text(pool, token);
	text_int(mem_textn(pool, token, strcspn(token, ":")), &world.bot_id);
	world.started_ms = world_now_ms();
	world.next_update_id = 10001;
	world.next_message_id = 101;
	world.next_query_id = 771;
	world.retry_ms = 1000;
	world.callback_ttl_ms = 150000;
	world.chats = apr_hash_make(pool);
	world.keys = apr_hash_make(pool);
	world.queries = apr_hash_make(pool);
	world.files = apr_hash_make(pool);
	world.contents = apr_hash_make(pool);
	world.uploads = apr_hash_make(pool);
	world.ledger = apr_array_make(pool, 64, sizeof(struct entry *));
	world.faults = apr_array_make(pool, 4, sizeof(struct fault));
	world.url = world.secret = world.allowed = world.last_error = "";
	world.max_connections = 40;
}

int64_t world_now_ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void world_wait(pthread_cond_t *cond, int64_t until_ms)
{
	struct timespec ts = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };
	pthread_cond_timedwait(cond, &world.lock, &ts);
}

void world_lock(void)
{
	pthread_mutex_lock(&world.lock);
}

void world_unlock(void)
{
	pthread_mutex_unlock(&world.lock);
}

char *world_keep(const char *s)
{
	return mem_text(world.pool, s);
}

struct chat *world_chat(int64_t id)
{
	return apr_hash_get(world.chats, &id, sizeof(id));
}

struct chat *world_meet(int64_t id, const struct json *from)
{
	struct chat *chat = world_chat(id);
	if (!chat) {
		chat = MEM_NEW(world.pool, struct chat);
		chat->id = id;
		chat->messages = apr_array_make(world.pool, 8, sizeof(struct message *));
		chat->tokens = world.burst;
		chat->tokens_ms = world_now_ms();
		apr_hash_set(world.chats, &chat->id, sizeof(chat->id), chat);
	}
	if (from) {
		apr_pool_t *pool = pool_root();
		chat->from = world_keep(json_write(pool, from));
		pool_free(pool);
	} else if (!chat->from) {
		apr_pool_t *pool = pool_root();
		chat->from = world_keep(person(pool, id));
		pool_free(pool);
	}
	return chat;
}

struct message *world_message(const struct chat *chat, int64_t id)
{
	int low = 0, high = chat->messages->nelts;
	while (low < high) {
		int middle = (low + high) / 2;
		struct message *m = APR_ARRAY_IDX(chat->messages, middle, struct message *);
		if (m->id == id)
			return m->deleted ? NULL : m;
		if (m->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct message *world_add_message(struct chat *chat)
{
	struct message *m = MEM_NEW(world.pool, struct message);
	m->id = world.next_message_id++;
	m->date = (int64_t)time(NULL);
	m->kind = "text";
	m->source = m->parse_mode = m->plain = m->markup = m->file_name = m->file_hash = "";
	m->entities = "[]";
	APR_ARRAY_PUSH(chat->messages, struct message *) = m;
	return m;
}

struct json *world_read(apr_pool_t *pool, const char *text)
{
	struct json *j;
	err_t *err = json_read(pool, text, strlen(text), &j);
	if (!err)
		return j;
	err_clear(err);
	return json_object(pool);
}

struct json *world_chat_json(apr_pool_t *pool, const struct chat *chat)
{
	struct json *o = json_object(pool), *from = world_read(pool, chat->from);
	json_set_int(o, "id", chat->id);
	json_set_text(o, "type", "private");
	if (json_text(from, "first_name"))
		json_set_text(o, "first_name", json_text(from, "first_name"));
	if (json_text(from, "username"))
		json_set_text(o, "username", json_text(from, "username"));
	return o;
}

struct json *world_bot_json(apr_pool_t *pool)
{
	struct json *o = json_object(pool);
	json_set_int(o, "id", world.bot_id);
	json_set_bool(o, "is_bot", true);
	json_set_text(o, "first_name", "Lembra");
	json_set_text(o, "username", "lembra_standin_bot");
	return o;
}

struct json *world_message_json(apr_pool_t *pool, const struct chat *chat, const struct message *m)
{
	struct json *o = json_object(pool);
	bool file = strcmp(m->kind, "text") != 0;
	json_set_int(o, "message_id", m->id);
	json_set(o, "from", m->from_bot ? world_bot_json(pool) : world_read(pool, chat->from));
	json_set(o, "chat", world_chat_json(pool, chat));
	json_set_int(o, "date", m->date);
	if (file)
		set_file(pool, o, m);
	if (*m->plain)
		json_set_text(o, file ? "caption" : "text", m->plain);
	if (strcmp(m->entities, "[]") != 0)
		json_set(o, file ? "caption_entities" : "entities", world_read(pool, m->entities));
	if (*m->markup)
		json_set(o, "reply_markup", world_read(pool, m->markup));
	return o;
}

struct entry *world_log(const char *method, const char *params)
{
	struct entry *e = MEM_NEW(world.pool, struct entry);
	APR_ARRAY_PUSH(world.ledger, struct entry *) = e;
	e->seq = world.ledger->nelts;
	e->t_ms = world_now_ms() - world.started_ms;
	e->method = world_keep(method);
	e->params = world_keep(params);
	e->description = "";
	return e;
}

struct fault *world_take_fault(apr_pool_t *pool, const char *method, int64_t chat_id)
{
	for (int i = 0; i < world.faults->nelts; i++) {
		struct fault *f = &APR_ARRAY_IDX(world.faults, i, struct fault);
		if (f->count <= 0 || (f->chat_id && f->chat_id != chat_id))
			continue;
		if (strcmp(f->method, "*") != 0 && strcasecmp(f->method, method) != 0)
			continue;
		f->count--;
		return mem_dup(pool, f, sizeof(*f));
	}
	return NULL;
}

int64_t world_flood(struct chat *chat)
{
	int64_t now = world_now_ms();
	if (world.burst <= 0 || world.per_s <= 0)
		return 0;
	chat->tokens += (double)(now - chat->tokens_ms) / 1000 * world.per_s;
	chat->tokens_ms = now;
	if (chat->tokens > world.burst)
		chat->tokens = world.burst;
	if (chat->tokens >= 1) {
		chat->tokens -= 1;
		return 0;
	}
	return (int64_t)ceil((1 - chat->tokens) / world.per_s);
}

bool param_int(const struct json *params, const char *name, int64_t *ret_value)
{
	const char *text = json_text(params, name);
	return text ? text_int(text, ret_value) : json_int(params, name, ret_value);
}

const char *param_text(const struct json *params, const char *name)
{
	return json_text(params, name);
}

bool param_true(const struct json *params, const char *name)
{
	const char *text = json_text(params, name);
	if (text)
		return strcasecmp(text, "true") == 0 || strcasecmp(text, "yes") == 0 ||
		       strcmp(text, "1") == 0;
	return json_true(params, name);
}

bool param_json(apr_pool_t *pool, const struct json *params, const char *name, struct json **ret_json)
{
	const char *text = json_text(params, name);
	*ret_json = json_at(params, name);
	if (!text)
		return true;
	*ret_json = NULL;
	if (!*text)
		return true;
	err_t *err = json_read(pool, text, strlen(text), ret_json);
	if (!err)
		return true;
	err_clear(err);
	return false;
}
