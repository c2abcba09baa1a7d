#include "core/log.h"
#include "tools/google/consent.h"
#include "tools/google/google_say.h"
#include "tools/tool.h"

enum { DAY_S = 86400 };

struct args {
	int64_t id, number;
};

static const struct json_field params[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct args, id), 1, INT64_MAX, NULL, "the consent" },
	{ "number", JSON_INT, JSON_REQUIRED, offsetof(struct args, number), 0, 99, NULL,
	  "as the browser shows it; 0: none of them" },
	{ 0 },
};

struct confirmed {
	int64_t account;
	const char *email;
	struct json_texts may, missing;
};

static const struct json_field result[] = {
	{ "account", JSON_INT, JSON_REQUIRED, offsetof(struct confirmed, account) },
	{ "email", JSON_TEXT, JSON_REQUIRED, offsetof(struct confirmed, email) },
	{ "may", JSON_TEXTS, 0, offsetof(struct confirmed, may) },
	{ "missing", JSON_TEXTS, 0, offsetof(struct confirmed, missing),
	  .doc = "asked for, and not allowed" },
	{ 0 },
};

/* The words of some features: "sua agenda, seus e-mails". */
static const char *list(struct req *req, const char *what, unsigned features, struct json_texts *names)
{
	struct buf text = buf_new(req->pool, 4096);

	names->v = mem_alloc(req->pool, sizeof *names->v * GOOGLE_FEATURES);
	for (unsigned f = 0; f < GOOGLE_FEATURES; f++) {
		if (!(features & 1U << f))
			continue;
		names->v[names->n++] = google_feature_name(f);
		buf_fmt(&text, "%s%s", text.n ? ", " : "",
			tr(req->pool, req->lang,
			   mem_fmt(req->pool, "google.%s.%s", what, google_feature_name(f))));
	}
	return text.n ? text.p : "";
}

static void connected(struct req *req, const struct consent *c, const struct google_tokens *t,
		      int64_t account, struct outcome *ret)
{
	unsigned allowed = google_scopes_allow(t->scopes ? t->scopes : "");
	struct confirmed data = { .account = account, .email = t->email };
	const char *may = list(req, "may", allowed, &data.may),
		   *missing = list(req, "for", c->features & ~allowed, &data.missing);

	*ret = (struct outcome){
		.kind = OUTCOME_DONE, .object = "google_account", .object_id = account, .lasting = true
	};
	ret->html = tr(req->pool, req->lang, *may ? "google.connected" : "google.connected_bare",
		       SLOT_S("email", t->email), SLOT_S("may", may));
	if (*missing) {
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html,
				    tr(req->pool, req->lang, "google.missing", SLOT_S("what", missing)));
		google_button(req, ret, google_feature_of(data.missing.v[0]), account);
	}
	if (t->refresh_expires_s)
		ret->html = mem_fmt(req->pool, "%s\n\n%s", ret->html,
				    tr(req->pool, req->lang, "google.ends",
				       SLOT_I("days", (t->refresh_expires_s + DAY_S - 1) / DAY_S)));
	outcome_data(req, ret, result, &data);
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct google_tokens tokens = { 0 };
	struct consent c = { 0 };
	int64_t account;
	bool right;
	err_t *err = consent_confirm(tx, args->id, args->number, &c, &tokens, &right, &account);

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	if (err && err->code == ERR_NOT_FOUND) {
		err_clear(err);
		outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "google.tap_late"));
		return NULL;
	}
	ERR(err);
	if (account) {
		log_event(LOG_INFO, "google_connected", KV_I("account", account));
		connected(req, &c, &tokens, account, ret);
		return NULL;
	}
	log_event(LOG_WARN, right ? "google_account_other" : "google_number_wrong",
		  KV_I("consent", args->id));
	outcome_refuse(req, ret, right ? "other_account" : "wrong_number",
		       tr(req->pool, req->lang, right ? "google.tap_other" : "google.tap_wrong",
			  SLOT_S("email", tokens.email)));
	outcome_button(req, ret, 0, tr(req->pool, req->lang, "google.button.again"),
		       button_act(req->pool, "connect_google", SLOT_S("for", "calendar"),
				  SLOT_S("account", "new")));
	return NULL;
}

/* The tap on the number that the browser shows. Only a tap of the person's own: neither words nor a model can guess. */
const struct tool tool_confirm_google = {
	.name = "confirm_google",
	.description = "Activates the account that a browser has brought.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = result,
	.effect = TOOL_READ,
	.min_role = ROLE_USER,
	.internal = true,
	.pressable = true,
	.run = run,
};
