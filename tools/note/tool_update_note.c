#include "core/limits.h"
#include "core/text.h"
#include "tools/note/note_view.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	int64_t id;
	const char *query, *text, *append, *title, *pinned;
	struct json_texts tags;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the note's number; give it or words of it" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, LIMIT_TEXT_IN, NULL,
	  "words that the note holds, when the number is not known" },
	{ "text", JSON_TEXT, 0, offsetof(struct args, text), 0, 20000, NULL, "the whole text from now on" },
	{ "append", JSON_TEXT, 0, offsetof(struct args, append), 0, 20000, NULL,
	  "a line to add at its end instead" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, NOTE_TITLE_CHARS, NULL, "a new title" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct args, tags), 0, WORDS_TAGS, NULL,
	  "all its tags from now on, one word each, without #" },
	{ "pinned", JSON_TEXT, 0, offsetof(struct args, pinned), 0, 0, "yes no",
	  "yes: it stays on top of the list" },
	{ 0 },
};

static bool changes(const struct args *args)
{
	return args->text || args->append || args->title || args->pinned || args->tags.n;
}

static const char *text_of(struct req *req, const struct args *args, const char *old)
{
	const char *more = args->append ? text_trim(req->pool, args->append) : "";
	const char *text =
		args->text && *text_trim(req->pool, args->text) ? text_trim(req->pool, args->text) : old;

	return *more ? mem_fmt(req->pool, "%s\n%s", text, more) : text;
}

/* Its own first line is a title that follows the text; one that somebody gave stays. */
static const char *title_of(struct req *req, const struct args *args, const char *old_title, const char *old,
			    const char *text)
{
	if (args->title)
		return words_line(req->pool, args->title);
	return text_same(old_title, note_title(req->pool, NULL, old)) ? note_title(req->pool, NULL, text)
								      : old_title;
}

static void render(struct req *req, const struct rows *rows, struct outcome *ret)
{
	const char *tags = rows_text(rows, 0, COL_NOTE_UPDATE_TAGS);
	bool pinned = rows_bool(rows, 0, COL_NOTE_UPDATE_PINNED);

	*ret = (struct outcome){ .kind = OUTCOME_DONE,
				 .object = "note",
				 .object_id = rows_int(rows, 0, COL_NOTE_UPDATE_ID) };
	ret->html = tr(req->pool, req->lang, "note.updated", SLOT_I("id", ret->object_id),
		       SLOT_S("pin", pinned ? " 📌" : ""),
		       SLOT_S("text", note_shown(req->pool, rows_text(rows, 0, COL_NOTE_UPDATE_TITLE),
						 rows_text(rows, 0, COL_NOTE_UPDATE_TEXT))),
		       SLOT_S("tags", *tags ? mem_fmt(req->pool, " · #%s", tags) : ""));
	note_pin_button(req, ret->object_id, pinned, ret);
}

/* old: of STMT_NOTE_GET. */
static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args, const struct rows *old,
			    struct outcome *ret)
{
	struct json_texts tags = words_tags(req->pool, &args->tags);
	const char *text = text_of(req, args, rows_text(old, 0, COL_NOTE_GET_TEXT));
	const char *title = title_of(req, args, rows_text(old, 0, COL_NOTE_GET_TITLE),
				     rows_text(old, 0, COL_NOTE_GET_TEXT), text);
	struct rows *rows;

	if (words_chars(text) > NOTE_CHARS) {
		ret->html = tr(req->pool, req->lang, "note.long", SLOT_I("n", words_chars(text)),
			       SLOT_I("max", NOTE_CHARS));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_NOTE_UPDATE,
		    PG_ARGS(PG_INT(rows_int(old, 0, COL_NOTE_GET_ID)), PG_TEXT(title), PG_TEXT(text),
			    PG_TEXT(args->pinned), PG_BOOL(args->tags.n > 0), PG_TEXTS(tags.v, tags.n)),
		    &rows));
	render(req, rows, ret);
	return NULL;
}

static void ask_what(struct req *req, const struct rows *old, struct outcome *ret)
{
	int64_t id = rows_int(old, 0, COL_NOTE_GET_ID);

	ret->html = tr(req->pool, req->lang, "note.what", SLOT_I("id", id),
		       SLOT_S("text", note_shown(req->pool, rows_text(old, 0, COL_NOTE_GET_TITLE),
						 rows_text(old, 0, COL_NOTE_GET_TEXT))));
	note_pin_button(req, id, rows_bool(old, 0, COL_NOTE_GET_PINNED), ret);
	note_delete_button(req, id, ret);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	const char *data = args->pinned ? mem_fmt(req->pool, "t:update_note:pinned=%s&id=", args->pinned)
					: "t:update_note:id=";
	int64_t id = args->id;
	struct rows *old;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && !*words)
		ret->html = tr(req->pool, req->lang, "usage.update_note");
	else if (!id)
		ERR(note_find(req, tx, words, data, ret, &id));
	if (!id)
		return NULL;
	ERR(tx_exec(tx, STMT_NOTE_GET, PG_ARGS(PG_INT(id), PG_TEXT(req->zone)), &old));
	if (!rows_count(old))
		ret->html = tr(req->pool, req->lang, "note.no_id", SLOT_I("id", id));
	else if (!changes(args))
		ask_what(req, old, ret);
	else
		return put(req, tx, args, old, ret);
	return NULL;
}

const struct tool tool_update_note = {
	.name = "update_note",
	.description =
		"Changes one note by its number or words of it: text, a line more, title, tags, pinned on top or not.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title text query id" },
	.min_role = ROLE_USER,
	.run = run,
};
