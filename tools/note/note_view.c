#include "tools/note/note_view.h"

#include "core/text.h"
#include "tools/which.h"
#include "tools/words.h"
#include <string.h>

enum { TITLE_CHARS = 80, CHOICES = 8, CHOICE_CHARS = 40, BEGINNING_CHARS = 300 };

const struct json_field note_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct note_row, id) },
	{ "title", JSON_TEXT, JSON_WORDS, offsetof(struct note_row, title) },
	{ "text", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct note_row, text) },
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct note_row, day), .doc = "when it was kept" },
	{ "tags", JSON_TEXTS, 0, offsetof(struct note_row, tag_list) },
	{ "pinned", JSON_BOOL, 0, offsetof(struct note_row, pinned) },
	{ "outside", JSON_BOOL, 0, offsetof(struct note_row, outside) },
	{ 0 },
};

const struct json_field note_result[] = {
	{ "note", JSON_OBJECT, JSON_REQUIRED, offsetof(struct note_result, note), .of = note_fields },
	WHICH_CANDIDATES(offsetof(struct note_result, candidates), note_fields, note_row),
	{ 0 },
};

struct note_row note_row(struct req *req, const struct rows *rows, int row, int col)
{
	const char *tags = rows_text(rows, row, col + COL_NOTE_TAGS);

	return (struct note_row){ .id = rows_int(rows, row, col + COL_NOTE_ID),
				  .title = rows_text(rows, row, col + COL_NOTE_TITLE),
				  .text = rows_text(rows, row, col + COL_NOTE_TEXT),
				  .tags = tags,
				  .date = rows_text(rows, row, col + COL_NOTE_DATE),
				  .day = rows_text(rows, row, col + COL_NOTE_DAY),
				  .tag_list = words_tag_list(req->pool, tags),
				  .pinned = rows_bool(rows, row, col + COL_NOTE_PINNED),
				  .outside = rows_bool(rows, row, col + COL_NOTE_OUTSIDE) };
}

struct json_list note_rows(struct req *req, const struct rows *rows, int col, int max)
{
	int n = rows_count(rows) < max ? rows_count(rows) : max;
	struct note_row *v = mem_alloc(req->pool, sizeof *v * (size_t)(n + 1));

	for (int i = 0; i < n; i++) {
		v[i] = note_row(req, rows, i, col);
		v[i].text = text_cut(req->pool, v[i].text, BEGINNING_CHARS);
	}
	return (struct json_list){ .n = (size_t)n, .v = v };
}

const char *note_title(apr_pool_t *pool, const char *given, const char *text)
{
	if (given && *words_line(pool, given))
		return words_line(pool, given);
	if (!strchr(text, '\n'))
		return "";
	return text_cut(pool, words_line(pool, mem_textn(pool, text, strcspn(text, "\n"))), TITLE_CHARS);
}

const char *note_shown(apr_pool_t *pool, const char *title, const char *text)
{
	return text_cut(pool, *title ? title : words_line(pool, text), TITLE_CHARS);
}

void note_pin_button(struct req *req, int64_t id, bool pinned, struct outcome *ret)
{
	outcome_button(req, ret, 0, tr(req->pool, req->lang, pinned ? "button.unpin" : "button.pin"),
		       button_act(req->pool, "update_note", SLOT_I("id", id),
				  SLOT_S("pinned", pinned ? "no" : "yes")));
}

void note_delete_button(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.delete"),
		       button_act(req->pool, "delete_note", SLOT_I("id", id)));
}

void note_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "note.no_id", SLOT_I("id", id)));
}

err_t *note_find(struct req *req, struct tx *tx, const char *words, const char *tool, const char *pinned,
		 struct outcome *ret, int64_t *ret_id)
{
	const char *asked = text_cut(req->pool, words, 80);
	const struct note_row *v;
	struct json_list notes;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_LIST,
		    PG_ARGS(PG_TEXT(words), PG_INT(1), PG_TEXT(req->zone), PG_TIME_NULL, PG_TIME_NULL),
		    &rows));
	*ret_id = rows_count(rows) == 1 ? rows_int(rows, 0, COL_NOTE_LIST_ID) : 0;
	if (!rows_count(rows))
		outcome_refuse(req, ret, "not_found",
			       tr(req->pool, req->lang, "note.none_such", SLOT_S("query", asked)));
	if (rows_count(rows) < 2)
		return NULL;
	notes = note_rows(req, rows, COL_NOTE_LIST_NOTE, CHOICES);
	v = notes.v;
	which_refuse(req, ret, tr(req->pool, req->lang, "note.which", SLOT_S("words", asked)), note_fields,
		     sizeof *v, &notes);
	for (size_t i = 0; i < notes.n; i++) {
		ret->outside = ret->outside || v[i].outside;
		outcome_button(req, ret, (int)i,
			       text_cut(req->pool, note_shown(req->pool, v[i].title, v[i].text),
					CHOICE_CHARS),
			       button_act(req->pool, tool, SLOT_I("id", v[i].id), SLOT_S("pinned", pinned)));
	}
	return NULL;
}
