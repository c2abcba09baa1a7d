#include "core/text.h"
#include "tools/note/note_view.h"
#include "tools/tool.h"
#include "tools/words.h"

struct args {
	const char *text, *title;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "text", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, text), 0, 20000, NULL,
	  "what is to be kept, in the person's words" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, 500, NULL,
	  "only when the person named it" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "one word each, without #" },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	struct words words = words_take(req->pool, text, false);
	struct json *args;

	if (!*words.text)
		return NULL;
	args = json_object(req->pool);
	json_set_text(args, "text", words.text);
	json_set(args, "tags", words_json(req->pool, &words.tags));
	*ret_args = args;
	return NULL;
}

static void render(struct req *req, const struct rows *rows, struct outcome *ret)
{
	struct note_row note = note_row(req, rows, 0, COL_NOTE_PUT_NOTE);
	apr_pool_t *pool = req->pool;

	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "note", .object_id = note.id };
	ret->html = tr(pool, req->lang, "note.saved", SLOT_I("id", note.id),
		       SLOT_S("text", note_shown(pool, note.title, note.text)),
		       SLOT_S("tags", *note.tags ? mem_fmt(pool, " · #%s", note.tags) : ""));
	outcome_data(req, ret, note_result, &(struct note_result){ .note = &note });
	note_pin_button(req, note.id, false, ret);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *text = text_trim(req->pool, args->text);
	struct json_texts tags = words_tags(req->pool, &args->tags);
	struct rows *rows;

	if (!*text) {
		*ret = (struct outcome){ .kind = OUTCOME_SAY };
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.save_note"));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_NOTE_PUT,
		    PG_ARGS(PG_TEXT(note_title(req->pool, args->title, text)), PG_TEXT(text),
			    PG_TEXTS(tags.v, tags.n), PG_BOOL(false), PG_TEXT(req->zone)),
		    &rows));
	render(req, rows, ret);
	return NULL;
}

const struct tool tool_save_note = {
	.name = "save_note",
	.description = "Keeps a note: something to look up later, not something to do.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = note_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.always_offered = true,
	.words = { .what = "title text" },
	.min_role = ROLE_USER,
	.commands = "nota note",
	.from_text = from_text,
	.run = run,
};
