#include "core/text.h"
#include "tools/inbox/inbox_view.h"
#include "tools/tool.h"
#include "tools/words.h"
#include <string.h>
#include <strings.h>

struct args {
	const char *content, *kind, *source;
	const char *file_id, *file_name, *file_type, *place;
	int64_t file_size;
};

static const struct json_field params[] = {
	{ "content", JSON_TEXT, 0, offsetof(struct args, content), 0, 19900, NULL,
	  "what is to be kept, as it came; may be empty with a file" },
	{ "kind", JSON_TEXT, 0, offsetof(struct args, kind), 0, 0, INBOX_KINDS, "text when left out" },
	{ "source", JSON_TEXT, 0, offsetof(struct args, source), 0, 0, "message forward command model",
	  "how it came; command when left out" },
	{ "file_id", JSON_TEXT, 0, offsetof(struct args, file_id), 0, 500, NULL,
	  "Telegram's id of the file" },
	{ "file_name", JSON_TEXT, 0, offsetof(struct args, file_name), 0, 1000, NULL, NULL },
	{ "file_type", JSON_TEXT, 0, offsetof(struct args, file_type), 0, 500, NULL, "MIME type" },
	{ "file_size", JSON_INT, 0, offsetof(struct args, file_size), 0, INT64_MAX, NULL, "bytes" },
	{ "place", JSON_TEXT, 0, offsetof(struct args, place), 0, 100, NULL, "latitude,longitude" },
	{ 0 },
};

struct captured {
	const struct inbox_row *item;
};

static const struct json_field result[] = {
	{ "item", JSON_OBJECT, JSON_REQUIRED, offsetof(struct captured, item), .of = inbox_fields },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *content = text_trim(req->pool, text);

	if (!*content)
		return NULL;
	*ret_args = json_object(req->pool);
	json_set_text(*ret_args, "content", content);
	return NULL;
}

/* Whether the whole text is one address. */
static bool is_link(const char *s)
{
	size_t head = strncasecmp(s, "https://", 8) == 0  ? 8
		      : strncasecmp(s, "http://", 7) == 0 ? 7
		      : strncasecmp(s, "www.", 4) == 0    ? 4
							  : 0;

	return head && s[head] && !strpbrk(s, " \t\r\n");
}

/* The file as it is stored, or NULL. */
static const char *file_of(struct req *req, const struct args *args)
{
	struct json *file;

	if (!args->file_id)
		return NULL;
	file = json_object(req->pool);
	json_set_text(file, "id", args->file_id);
	if (args->file_name)
		json_set_text(file, "name", args->file_name);
	if (args->file_type)
		json_set_text(file, "type", args->file_type);
	if (args->file_size)
		json_set_int(file, "size", args->file_size);
	return json_write(req->pool, file);
}

/* What came, and with a place where that is. */
static const char *content_of(struct req *req, const struct args *args)
{
	const char *content = text_trim(req->pool, args->content ? args->content : "");

	if (!args->place)
		return content;
	return mem_fmt(req->pool, "%s%s%s", content, *content ? "\n" : "", args->place);
}

/* What it seems to be about, as it is stored, or NULL. */
static const char *suggestion(struct req *req, const char *content)
{
	const char *category = inbox_category(req->pool, content);
	struct json *o = json_object(req->pool);

	if (!category)
		return NULL;
	json_set_text(o, "category", category);
	return json_write(req->pool, o);
}

/* What cannot be used yet is said so, however it came; a plain message was meant for us and not understood. */
static const char *text_key(apr_pool_t *pool, const char *kind, const char *source)
{
	if (!text_same(kind, "text") && !text_same(kind, "link"))
		return mem_fmt(pool, "inbox.kept.%s", kind);
	if (text_same(source, "message") && text_same(kind, "text"))
		return "inbox.kept.puzzled";
	if (text_same(source, "forward"))
		return "inbox.kept.forward";
	return mem_fmt(pool, "inbox.kept.%s", kind);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *kind = args->kind ? args->kind : "text", *content = content_of(req, args);
	struct inbox_row item;
	struct rows *rows;

	if (text_same(kind, "text") && is_link(content))
		kind = "link";
	if (!*content && !args->file_id && (text_same(kind, "text") || text_same(kind, "link"))) {
		*ret = (struct outcome){ .kind = OUTCOME_SAY };
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.capture_inbox"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_INBOX_PUT,
		    PG_ARGS(PG_TEXT(content), PG_TEXT(kind), PG_TEXT(args->source ? args->source : "command"),
			    PG_TEXT(file_of(req, args)), PG_TEXT(suggestion(req, content)),
			    PG_TEXT(req->zone)),
		    &rows));
	item = inbox_row(req, rows, 0, COL_INBOX_PUT_INBOX);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "inbox_item", .object_id = item.id };
	ret->html = tr(req->pool, req->lang,
		       text_key(req->pool, item.kind, rows_text(rows, 0, COL_INBOX_PUT_SOURCE)),
		       SLOT_I("id", item.id));
	outcome_data(req, ret, result, &(struct captured){ &item });
	inbox_buttons(req, ret->object_id, 0, false, ret);
	return NULL;
}

const struct tool tool_capture_inbox = {
	.name = "capture_inbox",
	.description =
		"Keeps something in the inbox to be sorted later: a link, a thought, a file, or what fits no other tool.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.always_offered = true,
	.words = { .what = "content" },
	.min_role = ROLE_USER,
	.from_text = from_text, /* /inbox TEXT, by list_inbox */
	.run = run,
};
