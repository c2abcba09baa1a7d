#include "bot/web/web_guard.h"

#include "bot/web/web_answer.h"
#include "core/crypt.h"
#include "core/metrics.h"
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
	case WEB_PERSON:
	case WEB_OPEN: break;
	}
	if (status)
		web_answer(r, status);
	return !status;
}

err_t *web_guard_begin(struct web_request *r, bool *ret_in)
{
	(void)r;
	*ret_in = true;
	return NULL;
}
