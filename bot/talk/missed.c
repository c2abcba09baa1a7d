#include "bot/talk/missed.h"

#include "core/limits.h"
#include "core/text.h"
#include "db/outbox.h"
#include "integrations/telegram/telegram_html.h"
#include "tools/markup.h"
#include "tools/when.h"

static const size_t line_chars = 100;

static void put_line(struct req *req, const struct rows *rows, int row, struct buf *html)
{
	apr_pool_t *pool = req->pool;
	struct when at = { .wall = when_wall(req, rows_int(rows, row, COL_MISSED_TELL_AT)),
			   .has_time = true };
	int64_t n = rows_int(rows, row, COL_MISSED_TELL_N);
	/* It is HTML cut at its first line: tags may be open. */
	const char *line = tg_html_plain(pool, rows_text(rows, row, COL_MISSED_TELL_LINE));

	buf_fmt(html, "\n%s · %s", when_text(req, &at), text_html(pool, text_cut(pool, line, line_chars)));
	if (n > 1)
		buf_fmt(html, " %s", tr(pool, req->lang, "missed.times", SLOT_I("n", n)));
}

static NODISCARD err_t *body(struct req *req, struct tx *tx)
{
	const char *key = mem_fmt(req->pool, "missed:%s", req->trace);
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct outcome ret = { .kind = OUTCOME_SAY };
	struct rows *rows;
	const char **parts;
	size_t n;

	ERR(tx_exec(tx, STMT_MISSED_TELL, PG_ARGS(PG_TEXT(key)), &rows));
	if (!rows_count(rows))
		return NULL;
	buf_text(&html, tr(req->pool, req->lang, "missed.head"));
	for (int i = 0; i < rows_count(rows); i++)
		put_line(req, rows, i, &html);
	if (rows_int(rows, 0, COL_MISSED_TELL_TOTAL) > rows_count(rows))
		buf_fmt(&html, "\n%s",
			tr(req->pool, req->lang, "routine.more",
			   SLOT_I("n", rows_int(rows, 0, COL_MISSED_TELL_TOTAL) - rows_count(rows))));
	ERR(buf_check(&html));
	ERR(tg_html_split(req->pool, html.p, LIMIT_TG_TEXT, &n, &parts));
	outcome_button(req, &ret, 0, tr(req->pool, req->lang, "button.reminders"),
		       button_beside(req->pool, button_act(req->pool, "list_reminders", SLOT_I("page", 1))));
	for (size_t i = 0; i < n; i++)
		ERR(outbox_put(tx,
			       &(struct outgoing){ .dedupe = key,
						   .part = (int)i,
						   .method = "send",
						   .text = parts[i],
						   .markup = i + 1 < n ? NULL
								       : markup_json(req->pool, ret.buttons,
										     ret.buttons_n),
						   .class = "reply" }));
	/* Some of it may be somebody else's words. */
	return tx_defer(tx, STMT_SAID_PUT,
			PG_ARGS(PG_TEXT(""), PG_TEXT(tg_html_plain(req->pool, html.p)), PG_BOOL(false),
				PG_BOOL(true)));
}

err_t *missed_tell(struct req *req)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, body(req, tx));
}
