#include "core/text.h"
#include "tools/event/event_settle.h"
#include "tools/event/event_write.h"

/* Takes back what was written at Google: the writes that event_write kept for it, as they are. */
struct args {
	int64_t account, row, number; /* number: that it had here, 0: none */
	const char *calendar;
	bool tell;
	struct json *writes;
};

static const struct json_field params[] = {
	{ "account", JSON_INT, JSON_REQUIRED, offsetof(struct args, account), 1, INT64_MAX },
	{ "row", JSON_INT, JSON_REQUIRED, offsetof(struct args, row), 0, INT64_MAX },
	{ "calendar", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, calendar), 1, 1100 },
	{ "number", JSON_INT, 0, offsetof(struct args, number), 0, INT64_MAX },
	{ "tell", JSON_BOOL, 0, offsetof(struct args, tell) },
	{ "writes", JSON_ANY, JSON_REQUIRED, offsetof(struct args, writes) },
	{ 0 },
};

struct reverted {
	bool done;
};

static const struct json_field result[] = {
	{ "done", JSON_BOOL, JSON_REQUIRED, offsetof(struct reverted, done) },
	{ 0 },
};

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	struct event_writes w =
		event_writes_new(req->pool, args->account, args->row, args->calendar, args->tell);

	(void)tx;
	(void)ret;
	w.list = event_copy(req->pool, args->writes);
	*ret_request = event_writes_request(req->pool, &w);
	json_set_int(*ret_request, "number", args->number);
	return NULL;
}

/* A series that was cut or moved: at Google its days that had been changed one by one may not come back with it. */
static bool is_of_series(const struct json *writes)
{
	bool cut = json_len(writes) > 1;

	for (size_t i = 0; i < json_len(writes) && !cut; i++)
		cut = json_at(json_item(writes, i), "body.recurrence") != NULL;
	return cut;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct google_event event;
	int64_t number, row = 0, before = 0;
	bool done;

	ERR(event_settle(req, tx, op, &done, &event, &number, ret));
	if (!done)
		return NULL;
	json_int(op->request, "row", &row);
	json_int(op->request, "number", &before);
	if (before && number && before != number)
		ERR(tx_defer(tx, STMT_EVENT_NUMBER_SET,
			     PG_ARGS(PG_INT(row), PG_TEXT(event.id), PG_INT(before))));
	ret->html = tr(req->pool, req->lang,
		       json_true(op->request, "tell") ? "event.reverted_told" : "event.reverted");
	if (is_of_series(json_at(op->request, "writes")))
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html,
				    tr(req->pool, req->lang, "event.reverted_series"));
	outcome_data(req, ret, result, &(struct reverted){ true });
	return NULL;
}

static const struct remote remote = {
	.ids = true, .plan = plan, .send = event_write_send, .look = event_write_look, .settle = settle
};

const struct tool tool_revert_event = {
	.name = "revert_event",
	.description = "Takes back what was written to a calendar at Google.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.remote = &remote,
	.internal = true,
};
