#include "integrations/telegram/telegram_update.h"

#include "core/crypt.h"
#include "core/json.h"
#include "core/json_scan.h"
#include "core/limits.h"
#include "core/text.h"
#include <string.h>

#define ID_MAX (INT64_C(1) << 52) /* Telegram: ids have at most 52 significant bits */
#define COMMAND_MAX 32
#define CODE_MAX 200 /* bytes of a message that may be a pairing code, with all that is typed around it */
#define WHITE " \t\r\n"

static const struct {
	const char *name;
	enum tg_chat_type type;
} chat_types[] = {
	{ "private", TG_CHAT_PRIVATE },
	{ "group", TG_CHAT_GROUP },
	{ "supergroup", TG_CHAT_SUPERGROUP },
	{ "channel", TG_CHAT_CHANNEL },
};

static const char *const other_media[] = { "audio",   "video", "video_note", "animation", "sticker",
					   "contact", "venue", "poll",       "dice",      "story" };

/* Where the head of an update is, by what the update is about; in the order in which that is decided. */
enum { AT_FROM = 1, AT_CHAT = 4, AT_OWN = 6, SPOTS = 8 };
#define PERSON_AND_CHAT(of, chat) \
	of, of ".from.id", of ".from.is_bot", of ".from.language_code", chat ".id", chat ".type"
static const struct {
	enum tg_kind kind;
	const char *paths[SPOTS];
} head_spots[] = {
	{ TG_MESSAGE, { PERSON_AND_CHAT("message", "message.chat"), "message.text", "message.caption" } },
	{ TG_EDITED,
	  { PERSON_AND_CHAT("edited_message", "edited_message.chat"), "edited_message.text",
	    "edited_message.caption" } },
	{ TG_CALLBACK,
	  { PERSON_AND_CHAT("callback_query", "callback_query.message.chat"), "callback_query.id",
	    "callback_query.data" } },
	{ TG_MEMBER,
	  { PERSON_AND_CHAT("my_chat_member", "my_chat_member.chat"), "my_chat_member.new_chat_member.status",
	    "my_chat_member.date" } },
};
#define KINDS (sizeof(head_spots) / sizeof(*head_spots))

/* json_text has nothing to give for a string that holds NUL, so an escaped NUL becomes U+FFFD first. */
static const char *without_nul(apr_pool_t *pool, const char *body, size_t n)
{
	char *copy = mem_textn(pool, body, n);
	for (size_t i = 0; i + 1 < n; i++) {
		if (copy[i] != '\\')
			continue;
		if (n - i >= 6 && memcmp(copy + i, "\\u0000", 6) == 0)
			memcpy(copy + i, "\\ufffd", 6);
		i++; /* what is escaped is no escape itself */
	}
	return copy;
}

/* The body as JSON may stand for it: *body and *n are changed when it needs mending. */
static err_t *mend_body(apr_pool_t *pool, const char **body, size_t *n)
{
	if (*n > LIMIT_WEBHOOK_BODY)
		return err_new(ERR_INVALID, "update is too large: %zu bytes", *n);
	if (!text_utf8_valid(*body, *n)) {
		*body = text_utf8_clean(pool, *body, *n);
		*n = strlen(*body);
	}
	if (memmem(*body, *n, "\\u0000", 6))
		*body = without_nul(pool, *body, *n);
	return NULL;
}

static err_t *read_body(apr_pool_t *pool, const char *body, size_t n, struct json **ret_json)
{
	ERR(mend_body(pool, &body, &n));
	return err_wrap(json_read(pool, body, n, ret_json), "update");
}

static int64_t id_at(const struct json *j, const char *path)
{
	int64_t id;
	if (!json_int(j, path, &id) || id <= -ID_MAX || id >= ID_MAX)
		return 0;
	return id;
}

static int64_t size_at(const struct json *j, const char *path)
{
	int64_t size;
	return json_int(j, path, &size) && size > 0 ? size : 0;
}

static void decode_from(const struct json *from, struct tg_update *u)
{
	u->from_id = id_at(from, "id");
	u->from_is_bot = json_true(from, "is_bot");
	u->language_code = json_text(from, "language_code");
	u->first_name = json_text(from, "first_name");
	u->last_name = json_text(from, "last_name");
	u->username = json_text(from, "username");
}

static void decode_chat(const struct json *chat, struct tg_update *u)
{
	u->chat_id = id_at(chat, "id");
	const char *type = json_text(chat, "type");
	for (size_t i = 0; i < sizeof(chat_types) / sizeof(*chat_types); i++)
		if (text_same(type, chat_types[i].name))
			u->chat_type = chat_types[i].type;
}

static void decode_file(const struct json *file, enum tg_media media, struct tg_update *u)
{
	u->media = media;
	u->file_id = json_text(file, "file_id");
	u->file_unique_id = json_text(file, "file_unique_id");
	u->file_name = json_text(file, "file_name");
	u->mime = json_text(file, "mime_type");
	u->file_size = size_at(file, "file_size");
}

static bool decode_location(const struct json *location, struct tg_update *u)
{
	double latitude, longitude;
	if (!json_double(location, "latitude", &latitude) || !json_double(location, "longitude", &longitude))
		return false;
	if (!(latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180))
		return false;
	u->media = TG_MEDIA_LOCATION;
	u->latitude = latitude;
	u->longitude = longitude;
	return true;
}

static void decode_media(const struct json *m, struct tg_update *u)
{
	struct json *part;
	if (json_is_object(part = json_at(m, "voice")) && json_text(part, "file_id")) {
		decode_file(part, TG_MEDIA_VOICE, u);
	} else if (json_len(part = json_at(m, "photo")) > 0 &&
		   json_text(json_item(part, json_len(part) - 1), "file_id")) {
		decode_file(json_item(part, json_len(part) - 1), TG_MEDIA_PHOTO, u); /* sizes ascend */
	} else if (json_is_object(part = json_at(m, "document")) && json_text(part, "file_id")) {
		decode_file(part, TG_MEDIA_DOCUMENT, u);
	} else if (!decode_location(json_at(m, "location"), u)) {
		for (size_t i = 0; i < sizeof(other_media) / sizeof(*other_media); i++)
			if (json_is_object(json_at(m, other_media[i])))
				u->media = TG_MEDIA_OTHER;
	}
}

static void decode_message(const struct json *m, enum tg_kind kind, struct tg_update *u)
{
	decode_chat(json_at(m, "chat"), u);
	if (u->chat_id == 0)
		return;
	u->kind = kind;
	decode_from(json_at(m, "from"), u);
	u->message_id = id_at(m, "message_id");
	u->date = size_at(m, "date");
	u->text = json_text(m, "text");
	if (!u->text)
		u->text = json_text(m, "caption");
	/* "via @somebot": the words are the other bot's */
	u->forwarded = json_is_object(json_at(m, "forward_origin")) || json_is_object(json_at(m, "via_bot"));
	u->media_group_id = json_text(m, "media_group_id");
	decode_media(m, u);
}

/* The message may be inaccessible (only chat, id and a date of 0) or absent (inline mode). */
static void decode_callback(const struct json *q, struct tg_update *u)
{
	if (!json_text(q, "id") || id_at(q, "from.id") == 0)
		return;
	u->kind = TG_CALLBACK;
	u->callback_id = json_text(q, "id");
	u->callback_data = json_text(q, "data");
	decode_from(json_at(q, "from"), u);
	decode_chat(json_at(q, "message.chat"), u);
	u->callback_message_id = id_at(q, "message.message_id");
	u->callback_picture = json_is_array(json_at(q, "message.photo"));
	u->date = size_at(q, "message.date");
}

static void decode_member(const struct json *m, struct tg_update *u)
{
	if (id_at(m, "chat.id") == 0 || !json_text(m, "new_chat_member.status"))
		return;
	u->kind = TG_MEMBER;
	decode_chat(json_at(m, "chat"), u);
	decode_from(json_at(m, "from"), u);
	u->date = size_at(m, "date");
	u->member_status = json_text(m, "new_chat_member.status");
}

static bool command_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static const char *pairing_code(apr_pool_t *pool, const struct tg_head *head, const char *text,
				const char *rest)
{
	if (!text || strlen(text) > CODE_MAX)
		return NULL;
	if (!head->command)
		return crypt_code_canon(pool, text_trim(pool, text));
	return text_same(head->command, "/start") ? crypt_code_canon(pool, text_trim(pool, rest)) : NULL;
}

err_t *tg_update_decode(apr_pool_t *pool, const char *body, size_t n, struct tg_update *ret_update)
{
	struct json *j;
	struct tg_update u = { 0 };
	ERR(read_body(pool, body, n, &j));
	if (!json_is_object(j) || !json_int(j, "update_id", &u.update_id))
		return err_new(ERR_INVALID, "update has no integer \"update_id\"");
	if (u.update_id < 0 || u.update_id >= ID_MAX)
		return err_new(ERR_INVALID, "\"update_id\" is out of range");
	if (json_is_object(json_at(j, "message")))
		decode_message(json_at(j, "message"), TG_MESSAGE, &u);
	else if (json_is_object(json_at(j, "edited_message")))
		decode_message(json_at(j, "edited_message"), TG_EDITED, &u);
	else if (json_is_object(json_at(j, "callback_query")))
		decode_callback(json_at(j, "callback_query"), &u);
	else if (json_is_object(json_at(j, "my_chat_member")))
		decode_member(json_at(j, "my_chat_member"), &u);
	*ret_update = u;
	return NULL;
}

static int64_t spot_id(const struct json_spot *spot)
{
	int64_t id;

	return json_spot_int(spot, &id) && id > -ID_MAX && id < ID_MAX ? id : 0;
}

static void head_text(apr_pool_t *pool, const struct json_spot *part, struct tg_head *head)
{
	const char *text = json_spot_text(pool, &part[AT_OWN]), *rest = "";

	if (!text)
		text = json_spot_text(pool, &part[AT_OWN + 1]);
	head->command = tg_command(pool, text, &rest);
	head->code = pairing_code(pool, head, text, rest);
}

/* part: the spots of the kind. What lacks its ids stays TG_OTHER. */
static void head_part(apr_pool_t *pool, enum tg_kind kind, const struct json_spot *part, struct tg_head *head)
{
	const char *own = json_spot_text(pool, &part[AT_OWN]);

	if (!spot_id(&part[kind == TG_CALLBACK ? AT_FROM : AT_CHAT]))
		return;
	if ((kind == TG_CALLBACK || kind == TG_MEMBER) && !own)
		return;
	head->kind = kind;
	head->from_id = spot_id(&part[AT_FROM]);
	head->from_is_bot = json_spot_true(&part[AT_FROM + 1]);
	head->language_code = json_spot_text(pool, &part[AT_FROM + 2]);
	head->chat_id = spot_id(&part[AT_CHAT]);
	head->chat_private = text_same(json_spot_text(pool, &part[AT_CHAT + 1]), "private");
	if (kind == TG_CALLBACK) {
		head->callback_id = own;
		head->callback_data = json_spot_text(pool, &part[AT_OWN + 1]);
	} else if (kind != TG_MEMBER) {
		head_text(pool, part, head);
	}
}

/* Without building the document: the worker does that, once, when it handles the update. */
err_t *tg_head_decode(apr_pool_t *pool, const char *body, size_t n, struct tg_head *ret_head)
{
	struct json_spot spots[1 + KINDS * SPOTS] = { { .path = "update_id" } }, *part = spots + 1;
	struct tg_head head = { .kind = TG_OTHER };
	size_t k = 0;

	for (size_t i = 0; i < KINDS * SPOTS; i++)
		part[i].path = head_spots[i / SPOTS].paths[i % SPOTS];
	ERR(mend_body(pool, &body, &n));
	ERR(err_wrap(json_scan(body, n, spots, sizeof(spots) / sizeof(*spots)), "update"));
	if (!json_spot_int(spots, &head.update_id))
		return err_new(ERR_INVALID, "update has no integer \"update_id\"");
	if (head.update_id < 0 || head.update_id >= ID_MAX)
		return err_new(ERR_INVALID, "\"update_id\" is out of range");
	while (k < KINDS && !json_spot_is_object(&part[k * SPOTS]))
		k++;
	if (k < KINDS)
		head_part(pool, head_spots[k].kind, &part[k * SPOTS], &head);
	*ret_head = head;
	return NULL;
}

const char *tg_command(apr_pool_t *pool, const char *text, const char **ret_rest)
{
	if (!text || text[0] != '/')
		return NULL;
	size_t n = 1;
	while (command_char(text[n]))
		n++;
	const char *end = text + n;
	if (*end == '@')
		for (end++; command_char(*end);)
			end++;
	if (n < 2 || n > 1 + COMMAND_MAX || (*end && !strchr(WHITE, *end)))
		return NULL;
	char *command = mem_textn(pool, text, n);
	for (char *p = command; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (ret_rest)
		*ret_rest = end + strspn(end, WHITE);
	return command;
}
