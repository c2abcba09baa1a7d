#include "bot/talk/mydata_export.h"

#include "core/clock.h"
#include "core/text.h"
#include "core/version.h"
#include "db/db.h"

static const size_t document_max = (size_t)1024 * 1024 * 1024;

static bool person_there(const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++)
		if (!rows_null(rows, i, COL_EXPORT_BODY) &&
		    text_same(rows_text(rows, i, COL_EXPORT_PART), "users"))
			return true;
	return false;
}

/* A row without a body opens the part of its name. Names of tables need no quoting in JSON. */
static void parts_put(struct buf *out, const struct rows *rows)
{
	bool empty = true;

	for (int i = 0; i < rows_count(rows); i++) {
		if (rows_null(rows, i, COL_EXPORT_BODY)) {
			buf_fmt(out, "%s\n  \"%s\": [", i ? "],\n" : "", rows_text(rows, i, COL_EXPORT_PART));
			empty = true;
			continue;
		}
		buf_text(out, empty ? "\n    " : ",\n    ");
		buf_text(out, rows_text(rows, i, COL_EXPORT_BODY));
		empty = false;
	}
	buf_text(out, "]");
}

err_t *mydata_document(struct tx *tx, const char **ret_text, size_t *ret_n)
{
	const struct req *req = tx_req(tx);
	struct buf out = buf_new(req->pool, document_max);
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EXPORT, PG_ARGS(), &rows));
	if (!person_there(rows))
		return err_new(ERR_NOT_FOUND, "nobody there");
	buf_fmt(&out,
		"{\n\"program\": \"lembra %s\",\n\"exported_at\": \"%s\",\n\"user_id\": %lld,\n\"parts\": {",
		LEMBRA_VERSION, clock_iso(req->pool, req->now), (long long)req->user_id);
	parts_put(&out, rows);
	buf_text(&out, "\n}\n}\n");
	ERR(buf_check(&out));
	*ret_text = out.p;
	*ret_n = out.n;
	return NULL;
}
