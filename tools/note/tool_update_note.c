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
static bool follows(struct req *req, const struct note_row *old)
{
	return text_same(old->title, note_title(req->pool, NULL, old->text));
}

static const char *title_of(struct req *req, const struct args *args, const struct note_row *old,
			    const char *text)
{
	if (args->title)
		return words_line(req->pool, args->title);
	return follows(req, old) ? note_title(req->pool, NULL, text) : old->title;
}

/* Whether nothing of the old words is left. */
static bool rewritten(struct req *req, const struct args *args, const struct note_row *old)
{
	return args->text && *text_trim(req->pool, args->text) && (args->title || follows(req, old));
}

static void render(struct req *req, const struct note_row *note, struct outcome *ret)
{
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "note", .object_id = note->id, .outside = note->outside
	};
	ret->html = tr(req->pool, req->lang, "note.updated", SLOT_I("id", note->id),
		       SLOT_S("pin", note->pinned ? " 📌" : ""),
		       SLOT_S("text", note_shown(req->pool, note->title, note->text)),
		       SLOT_S("tags", *note->tags ? mem_fmt(req->pool, " · #%s", note->tags) : ""));
	outcome_data(req, ret, note_result, &(struct note_result){ .note = note });
	note_pin_button(req, note->id, note->pinned, ret);
}

static NODISCARD err_t *put(struct req *req, struct tx *tx, const struct args *args,
			    const struct note_row *old, struct outcome *ret)
{
	struct json_texts tags = words_tags(req->pool, &args->tags);
	const char *text = text_of(req, args, old->text);
	struct note_row note;
	struct rows *rows;

	if (words_chars(text) > NOTE_CHARS) {
		outcome_refuse(req, ret, "too_long",
			       tr(req->pool, req->lang, "note.long", SLOT_I("n", words_chars(text)),
				  SLOT_I("max", NOTE_CHARS)));
		return NULL;
	}
	ERR(tx_exec(tx, STMT_NOTE_UPDATE,
		    PG_ARGS(PG_INT(old->id), PG_TEXT(title_of(req, args, old, text)), PG_TEXT(text),
			    PG_TEXT(args->pinned), PG_BOOL(args->tags.n > 0), PG_TEXTS(tags.v, tags.n),
			    PG_BOOL(rewritten(req, args, old)), PG_TEXT(req->zone)),
		    &rows));
	note = note_row(req, rows, 0, COL_NOTE_UPDATE_NOTE);
	render(req, &note, ret);
	return NULL;
}

static void ask_what(struct req *req, const struct note_row *old, struct outcome *ret)
{
	outcome_refuse(req, ret, "nothing_to_change",
		       tr(req->pool, req->lang, "note.what", SLOT_I("id", old->id),
			  SLOT_S("text", note_shown(req->pool, old->title, old->text))));
	ret->outside = old->outside;
	note_pin_button(req, old->id, old->pinned, ret);
	note_delete_button(req, old->id, ret);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->query ? words_line(req->pool, args->query) : "";
	int64_t id = args->id;
	struct note_row old;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && !*words)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.update_note"));
	else if (!id)
		ERR(note_find(req, tx, words, "update_note", args->pinned, ret, &id));
	if (!id)
		return NULL;
	ERR(tx_exec(tx, STMT_NOTE_GET, PG_ARGS(PG_INT(id), PG_TEXT(req->zone)), &rows));
	if (!rows_count(rows)) {
		note_absent(req, id, ret);
		return NULL;
	}
	old = note_row(req, rows, 0, COL_NOTE_GET_NOTE);
	if (changes(args))
		return put(req, tx, args, &old, ret);
	ask_what(req, &old, ret);
	return NULL;
}

const struct tool tool_update_note = {
	.name = "update_note",
	.description =
		"Changes one note by its number or words of it: text, a line more, title, tags, pinned on top or not.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = note_result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_CHANGE,
	.words = { .what = "title text query id" },
	.min_role = ROLE_USER,
	.run = run,
};
