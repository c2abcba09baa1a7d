#include "tools/google/google_say.h"

#include "core/log.h"
#include "core/text.h"

static void button(struct req *req, struct outcome *outcome, enum google_feature feature, int64_t account_id,
		   const char *key)
{
	outcome_button(req, outcome, 0, tr(req->pool, req->lang, key),
		       button_act(req->pool, "connect_google", SLOT_S("for", google_feature_name(feature)),
				  SLOT_S("account",
					 account_id ? mem_fmt(req->pool, "%lld", (long long)account_id)
						    : "")));
}

void google_button(struct req *req, struct outcome *outcome, enum google_feature feature, int64_t account_id)
{
	button(req, outcome, feature, account_id,
	       account_id ? "google.button.allow" : "google.button.connect");
}

void google_button_again(struct req *req, struct outcome *outcome, enum google_feature feature,
			 int64_t account_id)
{
	button(req, outcome, feature, account_id, "google.button.reconnect");
}

static const char *what_for(struct req *req, enum google_feature feature)
{
	return tr(req->pool, req->lang, mem_fmt(req->pool, "google.for.%s", google_feature_name(feature)));
}

err_t *google_ready(struct req *req, struct tx *tx, enum google_feature feature, int64_t id,
		    struct google_account *ret_account, bool *ret_ready, struct outcome *ret_outcome)
{
	static const struct {
		const char *why, *key;
	} says[] = {
		[GOOGLE_ABSENT] = { "no_google", "google.absent" },
		[GOOGLE_NONE] = { "not_connected", "google.none" },
		[GOOGLE_UNASKED] = { "not_allowed", "google.unasked" },
		[GOOGLE_BROKEN] = { "reconnect", "google.is_broken" },
	};
	enum google_standing standing;

	ERR(google_account_for(tx, feature, id, ret_account, &standing));
	*ret_ready = standing == GOOGLE_READY;
	if (*ret_ready)
		return NULL;
	*ret_outcome = (struct outcome){ .kind = OUTCOME_SAY };
	outcome_refuse(req, ret_outcome, says[standing].why,
		       tr(req->pool, req->lang, says[standing].key, SLOT_S("email", ret_account->email),
			  SLOT_S("what", what_for(req, feature))));
	if (standing == GOOGLE_BROKEN)
		google_button_again(req, ret_outcome, feature, ret_account->id);
	else if (standing != GOOGLE_ABSENT)
		google_button(req, ret_outcome, feature, ret_account->id);
	return NULL;
}

err_t *google_ready_alone(struct req *req, enum google_feature feature, int64_t id,
			  struct google_account *ret_account, bool *ret_ready, struct outcome *ret_outcome)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, google_ready(req, tx, feature, id, ret_account, ret_ready, ret_outcome));
}

err_t *google_trouble(struct req *req, err_t *err, const struct google_reply *reply,
		      struct outcome *ret_outcome)
{
	const char *why, *key;

	switch (err->code) {
	case ERR_AUTH_ERROR: why = "reconnect", key = "google.trouble.reconnect"; break;
	case ERR_DENIED:
		why = "not_allowed";
		key = text_has_word("accessNotConfigured SERVICE_DISABLED", reply->reason)
			      ? "google.trouble.not_enabled"
			      : "google.trouble.denied";
		break;
	case ERR_RATE_LIMIT: why = "too_fast", key = "google.trouble.speed"; break;
	case ERR_INVALID: why = "google_refused", key = "google.trouble.refused"; break;
	case ERR_UNAVAILABLE:
	case ERR_TIMEOUT:
	case ERR_HTTP:
	case ERR_TOO_LARGE: why = "google_down", key = "google.trouble.down"; break;
	default: return err;
	}
	*ret_outcome = (struct outcome){ .kind = OUTCOME_SAY };
	outcome_refuse(req, ret_outcome, why, tr(req->pool, req->lang, key, SLOT_S("trace", req_short(req))));
	log_error("google_trouble", err);
	return NULL;
}

enum remote_sent google_sent(err_t *err, const struct google_reply *reply)
{
	enum err_code code = err ? err->code : ERR_INTERNAL;

	if (!err)
		return reply->status >= 200 && reply->status < 300 ? REMOTE_DONE : REMOTE_REFUSED;
	log_error("google_act_failed", err);
	switch (code) {
	case ERR_INVALID:
	case ERR_DENIED:
	case ERR_AUTH_ERROR:
	case ERR_NOT_FOUND: return REMOTE_REFUSED; /* the account was disconnected: nothing left */
	default: return REMOTE_UNSURE;
	}
}
