#include "core/limits.h"
#include "core/text.h"
#include "tools/note/note_view.h"
#include "tools/page.h"
#include "tools/look_back.h"
#include "tools/words.h"
#include <string.h>

struct args {
	int64_t page, id;
	const char *query, *start, *end;
};

static const struct json_field params[] = {
	PAGE_PARAM(offsetof(struct args, page)),
	{ "id", JSON_INT, 0, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "the number of one note, to read all of it" },
	{ "query", JSON_TEXT, 0, offsetof(struct args, query), 0, LIMIT_TEXT_IN, NULL,
	  "words that the note holds, or #tag; the latest notes when left out" },
	{ "start", JSON_TEXT, 0, offsetof(struct args, start), 0, 40, NULL, "only from this local day on" },
	{ "end", JSON_TEXT, 0, offsetof(struct args, end), 0, 40, NULL, "only before this local day" },
	{ 0 },
};

struct found {
	int64_t total, page;
	struct json_list notes;
};

static const struct json_field result[] = {
	{ "total", JSON_INT, JSON_REQUIRED, offsetof(struct found, total) },
	{ "page", JSON_INT, JSON_REQUIRED, offsetof(struct found, page), .doc = "from 1, ten a page" },
	{ "notes", JSON_OBJECTS, JSON_REQUIRED, offsetof(struct found, notes), .of = note_fields,
	  .size = sizeof(struct note_row),
	  .doc = "of several the beginning of each text, of one alone the whole" },
	{ 0 },
};

static const size_t line_chars = 80, tags_chars = 60, query_chars = 80;

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *query = words_line(req->pool, text);

	*ret_args = json_object(req->pool);
	if (*query)
		json_set_text(*ret_args, "query", query);
	return NULL;
}

static const char *tags_of(struct req *req, const struct note_row *note, size_t chars)
{
	return *note->tags ? mem_fmt(req->pool, " · #%s", text_cut(req->pool, note->tags, chars)) : "";
}

/* One line a note, and a button to read it when the line does not show all of it. */
static void put_line(struct req *req, const struct note_row *note, int row, struct buf *html,
		     struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	const char *line = *note->title ? note->title : words_line(pool, note->text);

	buf_char(html, '\n');
	buf_text(html,
		 tr(pool, req->lang, *note->title ? "note.line_titled" : "note.line", SLOT_I("id", note->id),
		    SLOT_S("date", note->date), SLOT_S("pin", note->pinned ? "📌 " : ""),
		    SLOT_S("text", text_cut(pool, line, line_chars)),
		    SLOT_S("tags", tags_of(req, note, tags_chars))));
	ret->outside = ret->outside || note->outside;
	if (*note->title || words_chars(line) > line_chars)
		outcome_button(req, ret, row, tr(pool, req->lang, "button.note_id", SLOT_I("id", note->id)),
			       button_act(pool, "search_notes", SLOT_I("id", note->id)));
}

/* Not by one tr(): a note of 20,000 characters is escaped to more than a template may become. */
static NODISCARD err_t *render_one(struct req *req, const struct note_row *note, struct outcome *ret)
{
	const char *first =
		words_line(req->pool, mem_textn(req->pool, note->text, strcspn(note->text, "\n")));
	struct buf html = buf_new(req->pool, 4 * LIMIT_MESSAGE_BYTES);

	buf_text(&html,
		 tr(req->pool, req->lang, "note.one", SLOT_I("id", note->id), SLOT_S("date", note->date),
		    SLOT_S("pin", note->pinned ? " 📌" : ""), SLOT_S("tags", tags_of(req, note, SIZE_MAX))));
	if (*note->title && !text_same(note->title, text_cut(req->pool, first, line_chars)))
		buf_fmt(&html, "\n<b>%s</b>", text_html(req->pool, note->title));
	buf_fmt(&html, "\n\n%s", text_html(req->pool, note->text));
	note_pin_button(req, note->id, note->pinned, ret);
	note_delete_button(req, note->id, ret);
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "button.notes"),
		       button_act(req->pool, "search_notes", SLOT_I("page", 1)));
	ret->outside = note->outside;
	outcome_data(req, ret, result, &(struct found){ 1, 1, { 1, note } });
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *render(struct req *req, const struct args *args, const struct rows *rows,
			       struct outcome *ret)
{
	struct page page = page_of(args->page, rows_int(rows, 0, COL_NOTE_LIST_TOTAL));
	struct json_list notes = note_rows(req, rows, COL_NOTE_LIST_NOTE, PAGE_SIZE);
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	const char *filter = *args->query ? mem_fmt(req->pool, "query=%s", args->query) : NULL;

	buf_text(&html, tr(req->pool, req->lang, filter ? "note.head_such" : "note.head",
			   SLOT_I("total", page.total),
			   SLOT_S("query", text_cut(req->pool, args->query, query_chars))));
	for (int i = 0; i < (int)notes.n; i++)
		put_line(req, (const struct note_row *)notes.v + i, i / 5, &html, ret);
	if (!args->start && !args->end) /* a span does not fit on a button */
		page_end(req, ret, &html, &page, "search_notes", filter);
	outcome_data(req, ret, result, &(struct found){ page.total, page.number, notes });
	ret->html = html.p;
	return buf_check(&html);
}

static NODISCARD err_t *read_one(struct req *req, struct tx *tx, int64_t id, struct outcome *ret)
{
	struct note_row note;
	struct rows *rows;

	ERR(tx_exec(tx, STMT_NOTE_GET, PG_ARGS(PG_INT(id), PG_TEXT(req->zone)), &rows));
	if (!rows_count(rows)) {
		note_absent(req, id, ret);
		return NULL;
	}
	note = note_row(req, rows, 0, COL_NOTE_GET_NOTE);
	return render_one(req, &note, ret);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	struct args args = *(const struct args *)p;
	struct pg_val from, to;
	struct note_row note;
	struct rows *rows;

	ret->kind = OUTCOME_SAY;
	if (args.id)
		return read_one(req, tx, args.id, ret);
	ERR(look_back(req, args.start, args.end, &from, &to));
	args.query = words_line(req->pool, args.query ? args.query : "");
	ERR(tx_exec(tx, STMT_NOTE_LIST,
		    PG_ARGS(PG_TEXT(args.query), PG_INT(args.page > 1 ? args.page : 1), PG_TEXT(req->zone),
			    from, to),
		    &rows));
	if (rows_count(rows) == 1 && *args.query) {
		note = note_row(req, rows, 0, COL_NOTE_LIST_NOTE);
		return render_one(req, &note, ret);
	}
	if (rows_count(rows))
		return render(req, &args, rows, ret);
	ret->html = *args.query ? tr(req->pool, req->lang, "note.none_such",
				     SLOT_S("query", text_cut(req->pool, args.query, query_chars)))
				: tr(req->pool, req->lang, "note.none");
	outcome_data(req, ret, result, &(struct found){ .page = 1 });
	return NULL;
}

const struct tool tool_search_notes = {
	.name = "search_notes",
	.description =
		"Finds notes by words, or shows the latest, ten a page; with an id shows one note whole.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.always_offered = true,
	.words = { .what = "query id", .when = "start" },
	.min_role = ROLE_GUEST,
	.commands = "notas notes",
	.from_text = from_text,
	.run = run,
};
