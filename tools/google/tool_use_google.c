#include "integrations/google/google_account.h"
#include "tools/tool.h"

struct args {
	int64_t id;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the account" },
	{ 0 },
};

struct used {
	int64_t id;
	const char *email;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct used, id) },
	{ "email", JSON_TEXT, JSON_REQUIRED, offsetof(struct used, email) },
	{ 0 },
};

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct used used = { .id = args->id };
	err_t *err = google_account_usual(tx, args->id, &used.email);

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (err && err->code == ERR_NOT_FOUND) {
		err_clear(err);
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "google.no_account"));
		return NULL;
	}
	ERR(err);
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "google_account", .object_id = args->id, .lasting = true
	};
	ret->html = tr(req->pool, req->lang, "google.used", SLOT_S("email", used.email));
	outcome_data(req, ret, result, &used);
	return NULL;
}

const struct tool tool_use_google = {
	.name = "use_google",
	.description =
		"Makes one of several connected Google accounts the usual one: new events, mail and files go there.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_REVERSIBLE,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.run = run,
};
