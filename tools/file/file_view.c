#include "tools/file/file_view.h"

#include "core/clock.h"
#include "core/text.h"
#include "tools/when.h"

const struct json_field file_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct file_row, id) },
	{ "name", JSON_TEXT, JSON_WORDS, offsetof(struct file_row, name) },
	{ "kind", JSON_TEXT, JSON_REQUIRED, offsetof(struct file_row, kind),
	  .values = "document spreadsheet presentation folder pdf picture text file" },
	{ "modified", JSON_TEXT, 0, offsetof(struct file_row, modified), .doc = "local" },
	{ "size", JSON_INT, 0, offsetof(struct file_row, size), .doc = "bytes" },
	{ "outside", JSON_BOOL, 0, offsetof(struct file_row, outside), .doc = "made by somebody else" },
	{ 0 },
};

static const char *local(struct req *req, const char *instant)
{
	int64_t at;
	err_t *err = *instant ? clock_parse(instant, &at) : err_new(ERR_NOT_FOUND, "none");
	struct when when = { .has_time = true };

	if (err) {
		err_clear(err);
		return "";
	}
	when.wall = when_wall(req, at);
	return when_iso(req, &when);
}

static NODISCARD err_t *file_row(struct req *req, struct tx *tx, int64_t account_id,
				 const struct drive_file *file, struct file_row *ret)
{
	struct rows *rows;

	*ret = (struct file_row){ .name = text_cut(req->pool, file->name, 300), .outside = !file->mine };
	ERR(tx_exec(tx, STMT_FILE_SEEN,
		    PG_ARGS(PG_INT(account_id), PG_TEXT(file->id), PG_TEXT(ret->name), PG_TEXT(file->type),
			    PG_BOOL(ret->outside)),
		    &rows));
	ret->id = rows_int(rows, 0, COL_FILE_SEEN_ID);
	ret->kind = google_drive_kind(file);
	ret->modified = local(req, file->modified);
	ret->size = file->size;
	ret->link = file->link;
	return NULL;
}

err_t *file_rows(struct req *req, struct tx *tx, int64_t account_id, const struct drive_file *files, size_t n,
		 struct file_row **ret_rows)
{
	struct file_row *list = mem_alloc(req->pool, sizeof *list * (n + 1));

	for (size_t i = 0; i < n; i++)
		ERR(file_row(req, tx, account_id, &files[i], &list[i]));
	*ret_rows = list;
	return NULL;
}

const char *file_line(struct req *req, const struct file_row *row)
{
	const char *name = text_html(req->pool, *row->name ? text_cut(req->pool, row->name, 80) : "—"),
		   *kind = tr(req->pool, req->lang, mem_fmt(req->pool, "file.kind.%s", row->kind));
	struct when when;
	const char *day = "";

	if (*row->modified && when_read(req, row->modified, &when)) {
		when.has_time = false;
		day = mem_fmt(req->pool, " · %s", when_text(req, &when));
	}
	if (*row->link)
		name = mem_fmt(req->pool, "<a href=\"%s\">%s</a>", text_html(req->pool, row->link), name);
	return mem_fmt(req->pool, "%s · %s%s", name, kind, day);
}

static bool is_too_large(const err_t *err, const struct google_reply *reply)
{
	return err->code == ERR_TOO_LARGE || text_same(reply->reason, "exportSizeLimitExceeded");
}

err_t *file_get(struct req *req, int64_t account_id, const char *path, int64_t units, size_t max,
		struct google_reply *ret_reply, bool *ret_ok, struct outcome *ret_outcome)
{
	struct google_request request = { .api = GOOGLE_DRIVE_API,
					  .method = "GET",
					  .path = path,
					  .units = units,
					  .reply_max = max,
					  .raw = max > 0 };
	err_t *err = google_call(req, account_id, &request, ret_reply);

	*ret_ok = !err && ret_reply->status >= 200 && ret_reply->status < 300;
	if (err && max && is_too_large(err, ret_reply)) {
		err_clear(err);
		*ret_outcome = (struct outcome){ .kind = OUTCOME_SAY };
		return NULL;
	}
	if (err)
		return google_trouble(req, err, ret_reply, ret_outcome);
	if (*ret_ok)
		return NULL;
	*ret_outcome = (struct outcome){ .kind = OUTCOME_SAY };
	outcome_refuse(req, ret_outcome, "not_found", tr(req->pool, req->lang, "file.gone"));
	return NULL;
}
