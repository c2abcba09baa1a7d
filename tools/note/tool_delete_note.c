#include "core/limits.h"
#include "core/text.h"
#include "tools/note/note_view.h"
#include "tools/which.h"
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

struct deleted {
	int64_t id;
	const char *title;
	bool outside;
	struct json_list candidates;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct deleted, id) },
	{ "title", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct deleted, title),
	  .doc = "its title, or its beginning" },
	{ "outside", JSON_BOOL, 0, offsetof(struct deleted, outside) },
	WHICH_CANDIDATES(offsetof(struct deleted, candidates), note_fields, note_row),
	{ 0 },
};

static NODISCARD err_t *by_id(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct deleted deleted = { .id = id };
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_DELETE, PG_ARGS(PG_INT(id)), &rows));
	if (!rows_count(rows)) {
		note_absent(req, id, ret);
		return NULL;
	}
	deleted.title = note_shown(req->pool, rows_text(rows, 0, COL_NOTE_DELETE_TITLE),
				   rows_text(rows, 0, COL_NOTE_DELETE_TEXT));
	deleted.outside = rows_bool(rows, 0, COL_NOTE_DELETE_OUTSIDE);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "note", .object_id = id, .outside = deleted.outside
	};
	ret->html = tr(req->pool, req->lang, "note.deleted", SLOT_I("id", id), SLOT_S("text", deleted.title));
	outcome_data(req, ret, result, &deleted);
	return NULL;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	const char *words = args->title ? words_line(req->pool, args->title) : "";
	int64_t id = args->id;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (!id && !*words)
		outcome_refuse(req, ret, "empty", tr(req->pool, req->lang, "usage.delete_note"));
	else if (!id)
		ERR(note_find(req, tx, words, "delete_note", NULL, ret, &id));
	return id ? by_id(req, tx, id, ret) : NULL;
}

const struct tool tool_delete_note = {
	.name = "delete_note",
	.description = "Deletes one note by its number or words of it. When several match it asks which.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_REMOVE,
	.words = { .what = "title id" },
	.min_role = ROLE_USER,
	.run = run,
};
