#include "tools/event/event_settle.h"

#include "core/text.h"
#include "integrations/google/google_sync.h"
#include "tools/event/event_write.h"
#include "tools/google/google_say.h"

/* The arguments of revert_event, from a request. */
static struct json *back_of(apr_pool_t *pool, const struct json *request)
{
	static const char *const members[] = { "account", "row", "calendar", "tell", "number", NULL };
	const struct json *back = json_at(request, "back");
	struct json *args = json_object(pool), *writes = json_array(pool);

	for (const char *const *m = members; *m; m++)
		if (json_at(request, *m))
			json_set(args, *m, event_copy(pool, json_at(request, *m)));
	for (size_t i = json_len(back); i > 0; i--)
		json_push(writes, event_copy(pool, json_item(back, i - 1)));
	json_set(args, "writes", writes);
	return args;
}

/* What an insert without an id was given is known to its operation. */
static void ids_set(const struct json *args, const char *id)
{
	const struct json *writes = json_at(args, "writes");

	for (size_t i = 0; i < json_len(writes); i++)
		if (!json_text(json_item(writes, i), "id"))
			json_set_text(json_item(writes, i), "id", id);
}

static void refuse(struct req *req, const struct operation *op, struct outcome *ret)
{
	const char *reason = json_text(op->result, "reason");
	int64_t account = 0;

	json_int(op->request, "account", &account);

	if (!reason)
		return; /* the frame has words for it */
	outcome_refuse(req, ret, reason,
		       text_same(reason, "not_enabled")
			       ? tr(req->pool, req->lang, "google.trouble.not_enabled")
			       : tr(req->pool, req->lang, mem_fmt(req->pool, "event.refused.%s", reason)));
	if (text_same(reason, "reconnect"))
		google_button_again(req, ret, GOOGLE_CALENDAR, account);
}

static NODISCARD err_t *drop_deleted(struct tx *tx, const struct json *request, int64_t row)
{
	const struct json *writes = json_at(request, "writes");

	for (size_t i = 0; i < json_len(writes); i++) {
		const char *id = json_text(json_item(writes, i), "id");

		if (text_same(json_text(json_item(writes, i), "verb"), "delete") && id)
			ERR(tx_defer(tx, STMT_CACHE_DROP, PG_ARGS(PG_INT(row), PG_TEXTS(&id, 1))));
	}
	return NULL;
}

/* Series are kept by their occurrences, which only a read tells. */
static struct json *kept_of(apr_pool_t *pool, const struct json *events, bool *ret_series)
{
	struct json *list = json_array(pool);

	for (size_t i = 0; i < json_len(events); i++) {
		if (json_at(json_item(events, i), "recurrence"))
			*ret_series = true;
		else
			json_push(list, event_copy(pool, json_item(events, i)));
	}
	return list;
}

static NODISCARD err_t *keep(struct tx *tx, const struct operation *op, int64_t row, int64_t account)
{
	apr_pool_t *pool = tx_req(tx)->pool;
	bool series = row == 0;
	struct json *events = kept_of(pool, json_at(op->result, "events"), &series);

	if (row) {
		ERR(drop_deleted(tx, op->request, row));
		ERR(google_sync_keep(tx, row, events));
	}
	return series ? google_sync_stale(tx, account) : NULL;
}

static NODISCARD err_t *number_of(struct tx *tx, int64_t row, const char *id, int64_t *ret)
{
	struct rows *rows;

	ERR(tx_exec(tx, STMT_EVENT_NUMBER, PG_ARGS(PG_INT(row), PG_TEXT(id)), &rows));
	*ret = rows_count(rows) ? rows_int(rows, 0, COL_EVENT_NUMBER_ID) : 0;
	return NULL;
}

err_t *event_settle(struct req *req, struct tx *tx, const struct operation *op, bool *ret_done,
		    struct google_event *ret_event, int64_t *ret_number, struct outcome *ret)
{
	const struct json *events = json_at(op->result, "events");
	struct json *back;
	int64_t row = 0, account = 0;

	*ret_done = op->sent == REMOTE_DONE;
	*ret_number = 0;
	*ret_event = (struct google_event){ 0 };
	if (!*ret_done) {
		refuse(req, op, ret);
		return NULL;
	}
	json_int(op->request, "row", &row);
	json_int(op->request, "account", &account);
	ERR(keep(tx, op, row, account));
	back = back_of(req->pool, op->request);
	ids_set(back, op->id);
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "event" };
	outcome_reverse(ret, "revert_event", back);
	if (!json_len(events))
		return NULL;
	ERR(google_event_read(req->pool, json_item(events, 0), ret_event));
	ERR(number_of(tx, row, ret_event->id, ret_number));
	ret->object_id = *ret_number;
	ret->outside = !ret_event->own;
	return NULL;
}
