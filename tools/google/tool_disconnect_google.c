#include "core/text.h"
#include "tools/google/google_say.h"
#include "tools/tool.h"

struct args {
	int64_t id;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL,
	  "number of the account" },
	{ 0 },
};

struct gone {
	int64_t id;
	const char *email;
};

static const struct json_field result[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct gone, id) },
	{ "email", JSON_TEXT, JSON_REQUIRED, offsetof(struct gone, email) },
	{ 0 },
};

static void unknown(struct req *req, struct outcome *ret)
{
	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "google.no_account"));
}

static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct google_account *list;
	size_t n, i = 0;

	ERR(google_account_list(tx, &n, &list));
	while (i < n && list[i].id != args->id)
		i++;
	if (i == n) {
		unknown(req, ret);
		return NULL;
	}
	*ret = (struct outcome){ .kind = OUTCOME_SAY, .card = true };
	ret->html = tr(req->pool, req->lang, "google.disconnect_ask", SLOT_S("email", list[i].email));
	return NULL;
}

/* It is erased here in the same moment; what is left to do is to tell Google. */
static NODISCARD err_t *plan(struct req *req, struct tx *tx, const void *p, struct json **ret_request,
			     struct outcome *ret)
{
	const struct args *args = p;
	const char *refresh, *email, *sub;
	err_t *err = google_account_forget(tx, args->id, &refresh, &email, &sub);

	if (err && err->code == ERR_NOT_FOUND) {
		err_clear(err);
		unknown(req, ret);
		return NULL;
	}
	ERR(err);
	*ret_request = json_object(req->pool);
	json_set_int(*ret_request, "id", args->id);
	json_set_text(*ret_request, "email", email);
	json_set_text(*ret_request, "sub", sub);
	json_set_text(*ret_request, "refresh", refresh); /* sealed */
	return NULL;
}

static NODISCARD err_t *is_back(struct req *req, const struct operation *op, bool *ret_back)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, google_account_has(tx, json_text(op->request, "sub"), ret_back));
}

/* Google revokes all that an account allows us, whichever token is shown: a late try would end a connection made since. */
static NODISCARD err_t *send_it(struct req *req, const struct operation *op, enum remote_sent *ret_sent,
				struct json **ret_result)
{
	const char *refresh;
	bool back;
	err_t *err;

	ERR(is_back(req, op, &back));
	if (back) {
		*ret_result = json_object(req->pool);
		json_set_bool(*ret_result, "back", true);
		*ret_sent = REMOTE_DONE;
		return NULL;
	}
	ERR(google_unseal(req, "refresh", json_text(op->request, "refresh"), &refresh));
	err = google_oauth_revoke(req->pool, req->config, refresh);
	/* A client that Google does not know any more has nothing left to revoke. */
	if (!err || err->code == ERR_CONFIG)
		*ret_sent = REMOTE_DONE;
	return err;
}

static NODISCARD err_t *settle(struct req *req, struct tx *tx, const struct operation *op,
			       struct outcome *ret)
{
	struct gone gone = { .email = json_text(op->request, "email") };

	(void)tx;
	err_clear(json_int(op->request, "id", &gone.id) ? NULL : err_new(ERR_INTERNAL, "no id"));
	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "google_account", .object_id = gone.id, .lasting = true
	};
	ret->html = tr(req->pool, req->lang,
		       json_true(op->result, "back") ? "google.disconnected_back" : "google.disconnected",
		       SLOT_S("email", gone.email));
	outcome_data(req, ret, result, &gone);
	return NULL;
}

/* A second revocation finds nothing to revoke, which Google says, and is the same. */
static const struct remote remote = { .ids = true, .plan = plan, .send = send_it, .settle = settle };

const struct tool tool_disconnect_google = {
	.name = "disconnect_google",
	.description =
		"Disconnects a Google account: its permissions are given back and all that was kept of it is erased.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_DESTRUCTIVE,
	.card = CARD_ALWAYS,
	.claim = CLAIM_REMOVE,
	.words = { .what = "id" },
	.min_role = ROLE_USER,
	.preview = preview,
	.remote = &remote,
};
