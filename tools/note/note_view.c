#include "tools/note/note_view.h"

#include "core/text.h"
#include "tools/words.h"
#include <string.h>

enum { TITLE_CHARS = 80, CHOICES = 8, CHOICE_CHARS = 40 };

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
		       mem_fmt(req->pool, "t:update_note:id=%lld&pinned=%s", (long long)id,
			       pinned ? "no" : "yes"));
}

void note_delete_button(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.delete"),
		       mem_fmt(req->pool, "t:delete_note:id=%lld", (long long)id));
}

err_t *note_find(struct req *req, struct tx *tx, const char *words, const char *data, struct outcome *ret,
		 int64_t *ret_id)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_LIST,
		    PG_ARGS(PG_TEXT(words), PG_INT(1), PG_TEXT(req->zone), PG_TIME_NULL, PG_TIME_NULL),
		    &rows));
	*ret_id = rows_count(rows) == 1 ? rows_int(rows, 0, COL_NOTE_LIST_ID) : 0;
	if (*ret_id)
		return NULL;
	ret->html = tr(req->pool, req->lang, rows_count(rows) ? "note.which" : "note.none_such",
		       SLOT_S(rows_count(rows) ? "words" : "query", text_cut(req->pool, words, 80)));
	for (int i = 0; i < rows_count(rows) && i < CHOICES; i++)
		outcome_button(req, ret, i,
			       text_cut(req->pool,
					note_shown(req->pool, rows_text(rows, i, COL_NOTE_LIST_TITLE),
						   rows_text(rows, i, COL_NOTE_LIST_TEXT)),
					CHOICE_CHARS),
			       mem_fmt(req->pool, "%s%lld", data,
				       (long long)rows_int(rows, i, COL_NOTE_LIST_ID)));
	return NULL;
}
