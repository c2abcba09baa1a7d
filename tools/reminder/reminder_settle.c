#include "tools/reminder/reminder_settle.h"

err_t *reminder_settle(struct req *req, struct tx *tx, const char *words, struct reminder_row *ret_reminder,
		       bool *ret_found, struct outcome *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_REMINDER_RANG, PG_ARGS(PG_TEXT(words)), &rows));
	*ret_found = rows_count(rows) == 1;
	if (!*ret_found)
		return NULL;
	*ret_reminder = reminder_row(req, rows, 0, COL_REMINDER_RANG_REMINDER);
	*ret = (struct outcome){ .kind = OUTCOME_DONE,
				 .object = "reminder",
				 .object_id = ret_reminder->id,
				 .outside = ret_reminder->outside };
	ret->html = tr(req->pool, req->lang, "reminder.done", SLOT_S("text", ret_reminder->text));
	return tx_defer(tx, STMT_REMINDER_STATE, PG_ARGS(PG_INT(ret_reminder->id), PG_TEXT("done")));
}
