#include "core/limits.h"
#include "core/text.h"
#include "tools/note/note_view.h"
#include "tools/words.h"
#include <stddef.h>

struct args {
	int64_t id;
	const char *title;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the note's number; give it or words of it" },
	{ "title", JSON_TEXT, 0, offsetof(struct args, title), 0, LIMIT_TEXT_IN, NULL,
	  "words that the note holds, when the number is not known" },
	{ 0 },
};

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->title ? words_line(req->pool, args->title) : "";
	int64_t id = args->id;
	struct rows *rows;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && !*words)
		ret->html = tr(req->pool, req->lang, "usage.delete_note");
	else if (!id)
		ERR(note_find(req, tx, words, "t:delete_note:", ret, &id));
	if (!id)
		return NULL;
	ERR(tx_exec(tx, STMT_NOTE_DELETE, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		ret->html = tr(req->pool, req->lang, "note.no_id", SLOT_I("id", id));
		return NULL;
	}
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "note", .object_id = id };
	ret->html = tr(req->pool, req->lang, "note.deleted", SLOT_I("id", id),
		       SLOT_S("text", note_shown(req->pool, rows_text(rows, 0, COL_NOTE_DELETE_TITLE),
						 rows_text(rows, 0, COL_NOTE_DELETE_TEXT))));
	return NULL;
}

const struct tool tool_delete_note = {
	.name = "delete_note",
	.description = "Deletes one note by its number or words of it. When several match it asks which.",
	.params = params,
	.args_size = sizeof(struct args),
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "title id" },
	.min_role = ROLE_USER,
	.run = run,
};
