#include "core/clock.h"
#include "core/crypt.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "tools/event/event_draft.h"
#include "tools/event/event_google.h"
#include "tools/event/event_settle.h"
#include "tools/event/event_write.h"
#include "tools/google/google_say.h"
#include <string.h>

/* What was kept here before Google was connected goes there. Each bears an id made of its own row, so that it never comes
 * twice; here it goes once it is there. */
struct args {
	int64_t account;
};

static const struct json_field params[] = {
	{ "account", JSON_INT, 0, offsetof(struct args, account), 0, INT64_MAX },
	{ 0 },
};

struct uploaded {
	int64_t count;
};

static const struct json_field result[] = {
	{ "count", JSON_INT, JSON_REQUIRED, offsetof(struct uploaded, count) },
	{ 0 },
};

static const char *id_of(struct req *req, int64_t number)
{
	const char *name =
		mem_fmt(req->pool, "lembra event %lld of %lld", (long long)number, (long long)req->user_id);

	return mem_textn(req->pool, crypt_hash_hex(req->pool, name, strlen(name)), 32);
}

static struct json *body_of(struct req *req, const struct rows *rows, int i)
{
	struct event_draft d = { .title = rows_text(rows, i, COL_EVENT_LOCAL_TITLE),
				 .description = rows_text(rows, i, COL_EVENT_LOCAL_DESCRIPTION),
				 .place = rows_text(rows, i, COL_EVENT_LOCAL_PLACE),
				 .rrule = rows_text(rows, i, COL_EVENT_LOCAL_RRULE),
				 .zone = rows_text(rows, i, COL_EVENT_LOCAL_ZONE),
				 .all_day = rows_bool(rows, i, COL_EVENT_LOCAL_ALL_DAY),
				 .reminder = -1 };

	if (!date_parse_iso(rows_text(rows, i, COL_EVENT_LOCAL_START), &d.start) ||
	    !date_parse_iso(rows_text(rows, i, COL_EVENT_LOCAL_END), &d.end))
		d.end = d.start;
	return event_draft_json(req, &d);
}

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	struct json *numbers = json_array(req->pool);
	struct google_account account;
	struct event_home home;
	struct event_writes w;
	struct rows *rows;
	bool ready;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(google_ready(req, tx, GOOGLE_CALENDAR, args->account, &account, &ready, ret));
	if (!ready)
		return NULL;
	ERR(event_home_find(req, tx, account.id, &home));
	ERR(tx_exec(tx, STMT_EVENT_LOCAL, PG_ARGS(PG_TIME(req->now)), &rows));
	if (!rows_count(rows)) {
		outcome_refuse(req, ret, "nothing", tr(req->pool, req->lang, "event.upload.none"));
		return NULL;
	}
	w = event_writes_new(req->pool, home.account, home.calendar_id, home.calendar, false);
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t number = rows_int(rows, i, COL_EVENT_LOCAL_ID);

		event_write_insert(req->pool, &w, id_of(req, number), body_of(req, rows, i));
		json_push_int(numbers, number);
	}
	*ret_request = event_writes_request(req->pool, &w);
	json_set(*ret_request, "numbers", numbers);
	json_set_int(*ret_request, "at", req->now);
	return NULL;
}

static NODISCARD err_t *moved(struct req *req, struct tx *tx, const struct operation *op, int64_t *ret_count)
{
	const struct json *numbers = json_at(op->request, "numbers");
	int64_t row = 0, at = 0;

	json_int(op->request, "row", &row);
	json_int(op->request, "at", &at);
	*ret_count = (int64_t)json_len(numbers);
	for (size_t i = 0; i < json_len(numbers); i++) {
		int64_t number = 0;

		json_int(json_item(numbers, i), "", &number);
		ERR(tx_defer(tx, STMT_EVENT_MOVED, PG_ARGS(PG_INT(number), PG_TIME(at))));
		ERR(tx_defer(tx, STMT_EVENT_NUMBER_SET,
			     PG_ARGS(PG_INT(row), PG_TEXT(id_of(req, number)), PG_INT(number))));
	}
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct google_event first;
	struct uploaded up = { 0 };
	int64_t number;
	bool done;

	ERR(event_settle(req, tx, op, &done, &first, &number, ret));
	if (!done)
		return NULL;
	ERR(moved(req, tx, op, &up.count));
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "event", .lasting = true };
	ret->html = tr(req->pool, req->lang, "event.uploaded", SLOT_I("n", up.count));
	outcome_data(req, ret, result, &up);
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = event_write_send, .look = event_write_look, .settle = settle
};

const struct tool tool_upload_events = {
	.name = "upload_events",
	.description = "Takes events that are kept here only to Google.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.remote = &remote,
	.internal = true,
	.pressable = true,
};
