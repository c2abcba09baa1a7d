#include "bot/web/web_guard.h"

#include "bot/web/web_answer.h"
#include "bot/web/web_session.h"
#include "core/crypt.h"
#include "core/metrics.h"
#include "db/session.h"
#include <string.h>

static bool bearer_is(const struct web_request *r, const char *token)
{
	const char *given = web_server_header(r, "Authorization");

	if (!*token || !given || strncasecmp(given, "Bearer ", 7) != 0)
		return false;
	return crypt_equal(given + 7 + strspn(given + 7, " "), token);
}

static int refuse(const char *reason, int status)
{
	metric_add(METRIC_WEBHOOK_REJECTED, reason, NULL, NULL, 1);
	return status;
}

/* The secret and the length. */
static int telegram_status(const struct web_request *r)
{
	const char *secret = web_server_header(r, "X-Telegram-Bot-Api-Secret-Token");

	/* Without a secret of our own anybody could know it. */
	if (!*r->config->telegram_bot_token || !*r->config->telegram_webhook_secret)
		return 404;
	if (!secret)
		return refuse("secret_missing", 401);
	if (!crypt_equal(secret, r->config->telegram_webhook_secret))
		return refuse("secret_wrong", 401);
	return web_server_length(r) > (int64_t)r->body_max ? refuse("too_large", 413) : 0;
}

/* A cookie goes along with what another site makes the browser send: so what changes something must come from our
 * own pages. A bearer token does not. */
static int person_status(struct web_request *r)
{
	bool cookie;

	r->token = web_session_token(r, &cookie);
	if (!r->token)
		return 401;
	return cookie && strcmp(r->method, "GET") != 0 && !web_session_same_origin(r) ? 403 : 0;
}

bool web_guard_admit(struct web_request *r, bool here)
{
	int status = 0;

	switch (r->route->guard) {
	case WEB_METRICS:
		if (!web_server_local(r) && !bearer_is(r, r->config->metrics_token))
			status = 401;
		break;
	case WEB_ADMIN:
		if (!*r->config->admin_token)
			status = 404;
		else if (!bearer_is(r, r->config->admin_token))
			status = 401;
		break;
	case WEB_TELEGRAM: status = here ? telegram_status(r) : 0; break;
	case WEB_PERSON: status = here ? person_status(r) : 0; break;
	case WEB_OPEN: break;
	}
	if (status)
		web_answer(r, status);
	return !status;
}

err_t *web_guard_begin(struct web_request *r, bool *ret_in)
{
	struct session_person person;

	*ret_in = true;
	if (r->route->guard != WEB_PERSON)
		return NULL;
	ERR(session_find(r->pool, r->token, &person));
	if (!person.user_id) {
		*ret_in = false;
		web_answer(r, 401);
		return NULL;
	}
	r->person = (struct web_person){ .user_id = person.user_id,
					 .role = role_of(person.role),
					 .lang = lang_of(person.lang),
					 .zone = person.zone };
	return NULL;
}
