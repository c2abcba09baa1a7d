#include "bot/talk/mydata_zip.h"

#include "bot/talk/mydata_export.h"
#include "core/clock.h"
#include "core/fiber.h"
#include "core/ical.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/text.h"
#include "core/zip.h"
#include "db/people.h"
#include "ml/date/date.h"
#include <string.h>

enum { FILES_MAX = 64 };

/* The tables, one CSV under way. */
struct tables {
	apr_pool_t *pool;
	struct zip_file *files;
	size_t n;
	struct buf csv;
	const char *part;
	bool head;
};

/* RFC 4180: quotes doubled, and quotes around what needs them. A spreadsheet would run what begins like a formula. */
static void cell(struct buf *out, const char *text, bool first)
{
	if (!first)
		buf_char(out, ',');
	if (!*text)
		return;
	buf_char(out, '"');
	if (strchr("=+-@\t", *text))
		buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buf_char(out, '"');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

struct row {
	struct tables *t;
	bool first, names;
};

static err_t *put_cell(void *ctx, const char *key, struct json *value)
{
	struct row *row = ctx;
	const char *text = row->names ? key : json_text(value, NULL);

	if (!text)
		text = value ? json_write(row->t->pool, value) : "";
	cell(&row->t->csv, text, row->first);
	row->first = false;
	return NULL;
}

static NODISCARD err_t *row_put(struct tables *t, const char *body)
{
	struct row row = { .t = t, .first = true, .names = true };
	struct json *j;

	ERR(json_read(t->pool, body, strlen(body), &j));
	if (!t->head) {
		ERR(json_each(j, put_cell, &row));
		buf_text(&t->csv, "\r\n");
		t->head = true;
	}
	row.first = true;
	row.names = false;
	ERR(json_each(j, put_cell, &row));
	buf_text(&t->csv, "\r\n");
	return NULL;
}

static NODISCARD err_t *table_end(struct tables *t)
{
	if (!t->part || !t->head)
		return NULL;
	ERR(buf_check(&t->csv));
	if (t->n == FILES_MAX)
		return err_new(ERR_TOO_LARGE, "export: too many tables");
	t->files[t->n++] = (struct zip_file){ mem_fmt(t->pool, "csv/%s.csv", t->part), t->csv.p, t->csv.n };
	return NULL;
}

static NODISCARD err_t *tables_put(struct tables *t, const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++) {
		if (!rows_null(rows, i, COL_EXPORT_BODY)) {
			ERR(row_put(t, rows_text(rows, i, COL_EXPORT_BODY)));
			continue;
		}
		ERR(table_end(t));
		t->part = rows_text(rows, i, COL_EXPORT_PART);
		t->csv = buf_new(t->pool, LIMIT_EXPORT);
		t->head = false;
	}
	return table_end(t);
}

static NODISCARD err_t *calendar_put(struct tables *t, const struct rows *rows)
{
	struct ical_item *items = mem_alloc(t->pool, sizeof *items * (size_t)(rows_count(rows) + 1));
	const char *text;

	for (int i = 0; i < rows_count(rows); i++) {
		struct ical_item *item = &items[i];

		item->uid = mem_fmt(t->pool, "%s-%lld@lembra", rows_text(rows, i, COL_EXPORT_EVENTS_KIND),
				    (long long)rows_int(rows, i, COL_EXPORT_EVENTS_ID));
		item->title = rows_text(rows, i, COL_EXPORT_EVENTS_TITLE);
		item->text = rows_text(rows, i, COL_EXPORT_EVENTS_TEXT);
		item->place = rows_text(rows, i, COL_EXPORT_EVENTS_PLACE);
		item->zone = rows_text(rows, i, COL_EXPORT_EVENTS_ZONE);
		if (!date_parse_iso(rows_text(rows, i, COL_EXPORT_EVENTS_START), &item->start))
			return err_new(ERR_INTERNAL, "a calendar item without a start");
		if (*rows_text(rows, i, COL_EXPORT_EVENTS_END) &&
		    !date_parse_iso(rows_text(rows, i, COL_EXPORT_EVENTS_END), &item->end))
			item->end = 0;
		item->all_day = rows_bool(rows, i, COL_EXPORT_EVENTS_ALL_DAY);
		item->rrule = rows_text(rows, i, COL_EXPORT_EVENTS_RRULE);
		item->stamp = rows_int(rows, i, COL_EXPORT_EVENTS_CHANGED_AT);
	}
	text = ical_calendar(t->pool, items, (size_t)rows_count(rows));
	t->files[t->n++] = (struct zip_file){ "calendar.ics", text, strlen(text) };
	return NULL;
}

static NODISCARD err_t *files_put(struct tables *t, struct tx *tx)
{
	struct rows *all, *calendar;
	const char *document;
	size_t n;

	ERR(mydata_document(tx, &document, &n));
	t->files[t->n++] = (struct zip_file){ "lembra.json", document, n };
	ERR(tx_exec(tx, STMT_EXPORT_EVENTS, PG_ARGS(), &calendar));
	ERR(calendar_put(t, calendar));
	ERR(tx_exec(tx, STMT_EXPORT, PG_ARGS(), &all));
	return tables_put(t, all);
}

struct squeeze {
	const struct tables *t;
	int64_t at;
	struct export_zip *ret;
	err_t *err;
};

static void squeeze_work(void *arg)
{
	struct squeeze *s = arg;

	s->err = zip_make(s->t->pool, s->t->files, s->t->n, s->at, LIMIT_EXPORT, &s->ret->data, &s->ret->n);
}

err_t *mydata_zip(apr_pool_t *pool, int64_t chat_id, struct export_zip *ret)
{
	struct tables t = { .pool = pool,
			    .files = mem_alloc(pool, sizeof(struct zip_file) * (FILES_MAX + 4)) };
	struct directory_entry who;
	struct squeeze squeeze;
	struct req *req;
	struct tx *tx;

	ERR(people_find(pool, chat_id, &who));
	if (!who.user_id)
		return err_new(ERR_NOT_FOUND, "nobody's chat");
	req = MEM_NEW(pool, struct req);
	*req = (struct req){ .pool = pool, .now = clock_now(), .user_id = who.user_id, .zone = "UTC" };
	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, files_put(&t, tx)));
	ret->name = mem_fmt(pool, "lembra-%.10s.zip", clock_iso(pool, req->now));
	squeeze = (struct squeeze){ .t = &t, .at = req->now, .ret = ret };
	fiber_work(squeeze_work, &squeeze); /* others talk on meanwhile */
	return squeeze.err;
}
