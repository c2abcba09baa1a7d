#include "tests/standins/telegram_api.h"

#include "tests/standins/telegram_parse.h"
#include "core/text.h"
#include <string.h>
#include <time.h>

#define TEXT_MAX 4096
#define CAPTION_MAX 1024
#define CALLBACK_TEXT_MAX 200
#define FILE_MAX INT64_C(20971520)
#define PHOTO_MAX INT64_C(10485760)
#define UPLOAD_MAX INT64_C(52428800)
#define SIDES_MAX 10000 /* of a photo: width and height together */
#define RATIO_MAX 20
#define HANG_MS 60000

enum need { NEED_NOTHING, NEED_CHAT, NEED_FLOOD /* a chat, under flood control */ };

static void pause_ms(int64_t ms)
{
	struct timespec ts = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	nanosleep(&ts, NULL);
}

/* Reads text or caption, and the keyboard, into m; false after api_fail. */
static bool read_content(struct call *c, const char *field, bool edit, struct message *m)
{
	struct json *markup;
	const char *text = param_text(c->params, field), *mode = param_text(c->params, "parse_mode");
	const char *trouble = parse_text(c->pool, text ? text : "", mode, &m->plain, &m->entities);
	size_t max = strcmp(field, "text") == 0 ? TEXT_MAX : CAPTION_MAX;
	if (!trouble && !*m->plain && max == TEXT_MAX)
		trouble = "Bad Request: message text is empty";
	if (!trouble && text_utf16_len(m->plain) > max)
		trouble = max == TEXT_MAX ? "Bad Request: message is too long"
					  : "Bad Request: message caption is too long";
	if (!trouble && !param_json(c->pool, c->params, "reply_markup", &markup))
		trouble = "Bad Request: can't parse reply keyboard markup JSON object";
	if (!trouble)
		trouble = parse_markup(c->pool, markup, edit, &m->markup);
	m->source = text ? text : "";
	m->parse_mode = mode ? mode : "";
	if (trouble)
		api_fail(c, 400, trouble);
	return !trouble;
}

static void store(struct message *m, const struct message *content)
{
	m->source = world_keep(content->source);
	m->parse_mode = world_keep(content->parse_mode);
	m->plain = world_keep(content->plain);
	m->entities = world_keep(content->entities);
	m->markup = world_keep(content->markup);
}

static void finish_send(struct call *c, const char *kind, const struct message *content)
{
	struct message *m = world_add_message(c->chat);
	store(m, content);
	m->kind = kind;
	m->from_bot = true;
	m->file_name = world_keep(content->file_name);
	m->file_hash = world_keep(content->file_hash);
	m->file_size = content->file_size;
	m->width = content->width;
	m->height = content->height;
	c->chat->bot_sends++;
	c->message_id = m->id;
	c->result = world_message_json(c->pool, c->chat, m);
}

static void send_message(struct call *c)
{
	struct message content = { .file_name = "", .file_hash = "" };
	if (read_content(c, "text", false, &content))
		finish_send(c, "text", &content);
}

/* What Telegram takes as a photo; false after api_fail. */
static bool read_photo(struct call *c, const struct json *file, struct message *m)
{
	if (!json_int(file, "width", &m->width) || !json_int(file, "height", &m->height))
		api_fail(c, 400, "Bad Request: IMAGE_PROCESS_FAILED");
	else if (m->width < 1 || m->height < 1 || m->width + m->height > SIDES_MAX ||
		 m->width > RATIO_MAX * m->height || m->height > RATIO_MAX * m->width)
		api_fail(c, 400, "Bad Request: PHOTO_INVALID_DIMENSIONS");
	return c->code == 200;
}

static void send_file(struct call *c, const char *field)
{
	struct message content = { .file_name = "", .file_hash = "" };
	bool photo = strcmp(field, "photo") == 0;
	struct json *file = json_at(c->params, field);
	if (!file || (!json_is_object(file) && !json_text(file, NULL))) {
		api_fail(c, 400, mem_fmt(c->pool, "Bad Request: there is no %s in the request", field));
		return;
	}
	if (json_is_object(file)) { /* an upload: the server's own note of it */
		if (!json_int(file, "size", &content.file_size) || content.file_size == 0) {
			api_fail(c, 400, "Bad Request: file must be non-empty");
			return;
		}
		content.file_name = json_text(file, "file_name");
		content.file_hash = json_text(file, "hash");
		if (content.file_size > (photo ? PHOTO_MAX : UPLOAD_MAX)) {
			api_fail(c, 413, "Request Entity Too Large");
			return;
		}
		if (photo && !read_photo(c, file, &content))
			return;
	}
	if (read_content(c, "caption", false, &content))
		finish_send(c, field, &content);
}

static void send_photo(struct call *c)
{
	send_file(c, "photo");
}

static void send_document(struct call *c)
{
	send_file(c, "document");
}

/* The bot's own message to be edited, or NULL after api_fail. */
static struct message *find_own(struct call *c)
{
	struct message *m = param_int(c->params, "message_id", &c->message_id)
				    ? world_message(c->chat, c->message_id)
				    : NULL;
	if (!m)
		api_fail(c, 400, "Bad Request: message to edit not found");
	else if (!m->from_bot)
		api_fail(c, 400, "Bad Request: message can't be edited");
	return m && m->from_bot ? m : NULL;
}

static void apply_edit(struct call *c, struct message *m, const struct message *content)
{
	if (!strcmp(m->plain, content->plain) && !strcmp(m->entities, content->entities) &&
	    !strcmp(m->markup, content->markup)) {
		api_fail(
			c, 400,
			"Bad Request: message is not modified: specified new message content and reply markup are "
			"exactly the same as a current content and reply markup of the message");
		return;
	}
	store(m, content);
	c->result = world_message_json(c->pool, c->chat, m);
}

static void edit_text(struct call *c)
{
	struct message content = { .file_name = "", .file_hash = "" }, *m = find_own(c);
	if (!m || !read_content(c, "text", true, &content))
		return;
	if (strcmp(m->kind, "text") != 0)
		api_fail(c, 400, "Bad Request: there is no text in the message to edit");
	else
		apply_edit(c, m, &content);
}

static void edit_markup(struct call *c)
{
	struct json *markup;
	struct message *m = find_own(c);
	if (!m)
		return;
	struct message content = *m;
	const char *trouble = "Bad Request: can't parse reply keyboard markup JSON object";
	if (param_json(c->pool, c->params, "reply_markup", &markup))
		trouble = parse_markup(c->pool, markup, true, &content.markup);
	if (trouble)
		api_fail(c, 400, trouble);
	else
		apply_edit(c, m, &content);
}

static void delete_message(struct call *c)
{
	struct message *m = param_int(c->params, "message_id", &c->message_id)
				    ? world_message(c->chat, c->message_id)
				    : NULL;
	if (m)
		m->deleted = true;
	else
		api_fail(c, 400, "Bad Request: message to delete not found");
}

static void chat_action(struct call *c)
{
	static const char *const actions[] = {
		"typing",        "upload_photo",      "record_video",     "upload_video",
		"record_voice",  "upload_voice",      "upload_document",  "choose_sticker",
		"find_location", "record_video_note", "upload_video_note"
	};
	const char *action = param_text(c->params, "action");
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (action && strcmp(action, actions[i]) == 0)
			return;
	api_fail(c, 400, "Bad Request: wrong parameter action in request");
}

static void answer_callback(struct call *c)
{
	const char *id = param_text(c->params, "callback_query_id"), *text = param_text(c->params, "text");
	struct query *q = id ? apr_hash_get(world.queries, id, APR_HASH_KEY_STRING) : NULL;
	if (!q || q->answered || world_now_ms() - q->created_ms > world.callback_ttl_ms)
		api_fail(c, 400,
			 "Bad Request: query is too old and response timeout expired or query ID is invalid");
	else if (text && text_utf16_len(text) > CALLBACK_TEXT_MAX)
		api_fail(c, 400, "Bad Request: MESSAGE_TOO_LONG");
	else
		q->answered = true;
}

static bool good_command(const struct json *command)
{
	const char *name = json_text(command, "command"), *description = json_text(command, "description");
	if (!name || !description || text_utf16_len(description) < 1 || text_utf16_len(description) > 256)
		return false;
	name += *name == '/';
	size_t n = strlen(name);
	return n >= 1 && n <= 32 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static void set_commands(struct call *c)
{
	struct json *commands;
	const char *language = param_text(c->params, "language_code");
	if (!param_json(c->pool, c->params, "commands", &commands) || !json_is_array(commands) ||
	    json_len(commands) > 100) {
		api_fail(c, 400, "Bad Request: can't parse commands list");
		return;
	}
	if (language && *language &&
	    (strlen(language) != 2 || strspn(language, "abcdefghijklmnopqrstuvwxyz") != 2))
		api_fail(c, 400, "Bad Request: invalid language code specified");
	for (size_t i = 0; i < json_len(commands); i++)
		if (!good_command(json_item(commands, i)))
			api_fail(c, 400, "Bad Request: BOT_COMMAND_INVALID");
}

static void set_menu_button(struct call *c)
{
	struct json *button;
	const char *type;
	if (!param_json(c->pool, c->params, "menu_button", &button)) {
		api_fail(c, 400, "Bad Request: can't parse menu button");
		return;
	}
	type = json_text(button, "type");
	if (button &&
	    (!type || (strcmp(type, "commands") && strcmp(type, "web_app") && strcmp(type, "default"))))
		api_fail(c, 400, "Bad Request: MenuButton has unsupported type");
}

static void get_me(struct call *c)
{
	c->result = world_bot_json(c->pool);
}

static void get_file(struct call *c)
{
	const char *id = param_text(c->params, "file_id");
	const int64_t *size = id ? apr_hash_get(world.files, id, APR_HASH_KEY_STRING) : NULL;
	if (!size) {
		api_fail(c, 400, "Bad Request: wrong file_id or the file is temporarily unavailable");
	} else if (*size > FILE_MAX) {
		api_fail(c, 400, "Bad Request: file is too big");
	} else {
		c->result = json_object(c->pool);
		json_set_text(c->result, "file_id", id);
		json_set_text(c->result, "file_unique_id", mem_fmt(c->pool, "u-%s", id));
		json_set_int(c->result, "file_size", *size);
		json_set_text(c->result, "file_path", mem_fmt(c->pool, "files/%s", id));
	}
}

static const struct method {
	const char *name;
	enum need need;
	void (*run)(struct call *c);
} methods[] = {
	{ "getMe", NEED_NOTHING, get_me },
	{ "sendMessage", NEED_FLOOD, send_message },
	{ "editMessageText", NEED_FLOOD, edit_text },
	{ "editMessageReplyMarkup", NEED_FLOOD, edit_markup },
	{ "deleteMessage", NEED_CHAT, delete_message },
	{ "sendPhoto", NEED_FLOOD, send_photo },
	{ "sendDocument", NEED_FLOOD, send_document },
	{ "sendChatAction", NEED_CHAT, chat_action },
	{ "answerCallbackQuery", NEED_NOTHING, answer_callback },
	{ "setMyCommands", NEED_NOTHING, set_commands },
	{ "setChatMenuButton", NEED_NOTHING, set_menu_button },
	{ "setWebhook", NEED_NOTHING, api_set_webhook },
	{ "deleteWebhook", NEED_NOTHING, api_delete_webhook },
	{ "getWebhookInfo", NEED_NOTHING, api_webhook_info },
	{ "getUpdates", NEED_NOTHING, api_get_updates },
	{ "getFile", NEED_NOTHING, get_file },
};

static const struct method *find_method(const char *name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (strcasecmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

static void rate_limited(struct call *c, int64_t seconds)
{
	c->retry_after = seconds;
	api_fail(c, 429, mem_fmt(c->pool, "Too Many Requests: retry after %lld", (long long)seconds));
}

/* The chat exists, wants to hear from us and is not flooded. */
static void check_chat(struct call *c, enum need need)
{
	int64_t wait;
	c->chat = world_chat(c->chat_id);
	if (!c->chat)
		api_fail(c, 400,
			 c->chat_id ? "Bad Request: chat not found" : "Bad Request: chat_id is empty");
	else if (c->chat->blocked)
		api_fail(c, 403, "Forbidden: bot was blocked by the user");
	else if (need == NEED_FLOOD && (wait = world_flood(c->chat)) > 0)
		rate_limited(c, wait);
}

/* True when the fault settles the call without doing anything. */
static bool fail_by_fault(struct call *c, const struct fault *f)
{
	int64_t code;
	if (strcmp(f->kind, "429") == 0)
		rate_limited(c, f->retry_after > 0 ? f->retry_after : 1);
	else if (strcmp(f->kind, "403") == 0)
		api_fail(c, 403, "Forbidden: bot was blocked by the user");
	else if (strcmp(f->kind, "400entities") == 0)
		api_fail(c, 400,
			 "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0");
	else if (strcmp(f->kind, "400photo") == 0)
		api_fail(c, 400, "Bad Request: IMAGE_PROCESS_FAILED");
	else if (text_int(f->kind, &code) && code >= 500 && code <= 599)
		api_fail(c, (int)code, code == 500 ? "Internal Server Error" : "Bad Gateway");
	return c->code != 200;
}

static const char *envelope(const struct call *c)
{
	struct json *o = json_object(c->pool);
	json_set_bool(o, "ok", c->code == 200);
	if (c->code == 200 && c->result) {
		json_set(o, "result", c->result);
	} else if (c->code == 200) {
		json_set_bool(o, "result", true);
	} else {
		json_set_int(o, "error_code", c->code);
		json_set_text(o, "description", c->description);
	}
	if (c->retry_after) {
		struct json *parameters = json_object(c->pool);
		json_set_int(parameters, "retry_after", c->retry_after);
		json_set(o, "parameters", parameters);
	}
	return json_write(c->pool, o);
}

/* Polls would drown everything else in the ledger. */
static void note(const struct method *method, const struct call *c, bool lost)
{
	if (method->run == api_get_updates)
		return;
	struct entry *e = world_log(method->name, json_write(c->pool, c->params));
	e->chat_id = c->chat_id;
	e->message_id = c->message_id;
	e->code = c->code;
	e->description = world_keep(c->description);
	e->lost = lost;
	pthread_cond_broadcast(&world.changed);
}

void api_fail(struct call *c, int code, const char *description)
{
	c->code = code;
	c->description = description;
}

void api_refuse(apr_pool_t *pool, int code, const char *description, struct answer *ret)
{
	struct call c = { .pool = pool, .code = code, .description = description };
	*ret = (struct answer){ .code = code, .body = envelope(&c) };
}

void api_call(apr_pool_t *pool, const char *method_name, const struct json *params, struct answer *ret)
{
	const struct method *method = find_method(method_name);
	struct call c = { .pool = pool, .params = params, .code = 200, .description = "" };
	if (!method) {
		api_refuse(pool, 404, "Not Found: method not found", ret);
		return;
	}
	if (!param_int(params, "chat_id", &c.chat_id))
		c.chat_id = 0;
	world_lock();
	struct fault *f = world_take_fault(pool, method->name, c.chat_id);
	world_unlock();
	bool hang = f && strcmp(f->kind, "hang") == 0, lost = f && strcmp(f->kind, "lost") == 0;
	if (f && f->delay_ms > 0)
		pause_ms(f->delay_ms);
	else if (hang)
		pause_ms(HANG_MS);
	if (hang) {
		*ret = (struct answer){ .hang_up = true };
		return;
	}
	world_lock();
	if (!f || !fail_by_fault(&c, f)) {
		if (method->need != NEED_NOTHING)
			check_chat(&c, method->need);
		if (c.code == 200)
			method->run(&c);
	}
	note(method, &c, lost);
	*ret = (struct answer){
		.code = c.code, .body = envelope(&c), .retry_after = c.retry_after, .hang_up = lost
	};
	world_unlock();
}
