#include "core/query.h"
#include "tools/file/file_view.h"

struct args {
	int64_t account;
	const char *file;
};

static const struct json_field params[] = {
	{ "account", JSON_INT, JSON_REQUIRED, offsetof(struct args, account), 1, INT64_MAX },
	{ "file", JSON_TEXT, JSON_REQUIRED, offsetof(struct args, file), 1, 200 },
	{ 0 },
};

struct trashed {
	bool trashed;
};

static const struct json_field result[] = {
	{ "trashed", JSON_BOOL, JSON_REQUIRED, offsetof(struct trashed, trashed) },
	{ 0 },
};

static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;

	(void)tx;
	(void)ret;
	*ret_request = json_object(req->pool);
	json_set_int(*ret_request, "account", args->account);
	json_set_text(*ret_request, "file", args->file);
	return NULL;
}

static NODISCARD err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				struct json **ret_result)
{
	struct google_request request = { .api = GOOGLE_DRIVE_API,
					  .method = "PATCH",
					  .units = DRIVE_WRITE_UNITS };
	struct json *body = json_object(req->pool);
	struct google_reply reply;
	int64_t account = 0;
	err_t *err;

	(void)ret_result;
	json_int(op->request, "account", &account);
	json_set_bool(body, "trashed", true);
	request.body = body;
	request.path = mem_fmt(req->pool, "/files/%s?fields=id",
			       query_encode(req->pool, json_text(op->request, "file")));
	err = google_call(req, account, &request, &reply);
	/* What is gone already is as good as in the bin. */
	if (!err && reply.status == 404)
		*ret_sent = REMOTE_DONE;
	else
		*ret_sent = google_sent(err, &reply);
	return NULL;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	(void)tx;
	if (op->sent != REMOTE_DONE)
		return NULL;
	*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "file", .lasting = true };
	ret->html = tr(req->pool, req->lang, "undone.save_file");
	outcome_data(req, ret, result, &(struct trashed){ true });
	return NULL;
}

/* Twice into the bin is once. */
static const struct remote remote = { .ids = true, .plan = plan, .send = send_it, .settle = settle };

const struct tool tool_trash_file = {
	.name = "trash_file",
	.description = "Puts a file that was saved here into Drive's bin.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.min_role = ROLE_USER,
	.internal = true,
	.remote = &remote,
};
