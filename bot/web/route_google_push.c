/* POST /google/push: a calendar has changed at Google. It carries no data: the account's job reads what. */
#include "bot/web/web_answer.h"
#include "bot/web/web_server.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"
#include "db/db.h"
#include <string.h>

enum { KNOCK_MS = 5000, WORD_MAX = 256 };

static const char *word(const struct web_request *r, const char *name)
{
	const char *value = web_server_header(r, name);

	return value && *value && strlen(value) <= WORD_MAX && text_utf8_valid(value, strlen(value)) ? value
												     : NULL;
}

/* Whoever does not know the channel's word hears what Google hears of a channel that is gone: then it does not come again. */
static NODISCARD err_t *push_run(struct web_request *r)
{
	const char *channel = word(r, "X-Goog-Channel-ID"), *secret = word(r, "X-Goog-Channel-Token"),
		   *state = word(r, "X-Goog-Resource-State");
	struct rows *rows;
	bool known;

	if (!channel || !secret) {
		web_answer(r, 404);
		return NULL;
	}
	ERR(db_exec(r->pool, STMT_GOOGLE_KNOCK,
		    PG_ARGS(PG_TEXT(channel), PG_TEXT(secret), PG_TIME(clock_now())), &rows));
	known = rows_bool(rows, 0, COL_GOOGLE_KNOCK_KNOWN);
	log_event(LOG_DEBUG, "google_push",
		  KV_S("state", state && text_same(state, "sync") ? "sync" : "change"),
		  KV_S("result", known ? "ok" : "unknown"));
	web_answer(r, known ? 204 : 404);
	return NULL;
}

const struct web_route route_google_push = {
	.method = "POST",
	.path = "/google/push",
	.label = "google_push",
	.guard = WEB_OPEN,
	.level = LOG_DEBUG,
	.run = push_run,
	.deadline_ms = KNOCK_MS,
	.body_max = 4096,
};
