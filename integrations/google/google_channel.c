#include "integrations/google/google_channel.h"

#include "core/clock.h"
#include "core/crypt.h"
#include "core/log.h"
#include "core/text.h"
#include "db/tx.h"
#include "integrations/google/google_calendar.h"

#define CHANNEL_MAX_MS (7 * DAY_US / 1000)

struct channel {
	struct req *req;
	int64_t account, calendar_id;
	const char *calendar, *old, *old_resource, *id, *word;
};

static NODISCARD err_t *channel_tx(struct channel *c, enum stmt_id stmt, const struct pg_val *args)
{
	struct tx *tx;

	ERR(tx_begin_user(c->req, &tx));
	return tx_end(tx, tx_defer(tx, stmt, args));
}

/* The old one is closed when the new one is open; where that fails, it ends by itself. */
static NODISCARD err_t *channel_close(struct channel *c)
{
	struct google_request request = google_calendar_unwatch(c->req->pool, c->old, c->old_resource);
	struct google_reply reply;

	if (!*c->old)
		return NULL;
	if (*c->old_resource)
		log_error("google_channel_unclosed", google_call(c->req, c->account, &request, &reply));
	return channel_tx(c, STMT_CHANNEL_DROP, PG_ARGS(PG_TEXT(c->old)));
}

/* Of some calendars (holidays) Google tells nobody: asked again when a channel would have ended, not each time. */
static NODISCARD err_t *channel_unopened(struct channel *c, err_t *err)
{
	bool never = !err || err->code == ERR_INVALID || err->code == ERR_DENIED;

	log_error("google_channel_unopened", err);
	if (!never)
		return channel_tx(c, STMT_CHANNEL_DROP, PG_ARGS(PG_TEXT(c->id)));
	return *c->old ? channel_tx(c, STMT_CHANNEL_DROP, PG_ARGS(PG_TEXT(c->old))) : NULL;
}

static NODISCARD err_t *channel_open(struct channel *c, const char *address)
{
	struct req *req = c->req;
	struct google_request request;
	struct google_reply reply;
	const char *resource, *ends;
	int64_t ends_ms = 0, now_ms;
	err_t *err;

	c->id = crypt_random_hex(req->pool, 16);
	c->word = crypt_random_hex(req->pool, 16);
	/* It knocks before it is answered. */
	ERR(channel_tx(c, STMT_CHANNEL_PUT,
		       PG_ARGS(PG_TEXT(c->id), PG_INT(c->calendar_id), PG_TEXT(c->word), PG_TEXT(""))));
	request = google_calendar_watch(req->pool, c->calendar, c->id, c->word, address);
	err = google_call(req, c->account, &request, &reply);
	if (err || reply.status != 200)
		return channel_unopened(c, err);
	resource = json_text(reply.body, "resourceId");
	ends = json_text(reply.body, "expiration");
	now_ms = clock_real() / 1000;
	if (!ends || !text_int(ends, &ends_ms) || ends_ms < now_ms || ends_ms > now_ms + CHANNEL_MAX_MS)
		ends_ms = now_ms + CHANNEL_MAX_MS;
	ERR(channel_tx(c, STMT_CHANNEL_SET,
		       PG_ARGS(PG_TEXT(c->id), PG_TEXT(resource ? resource : ""),
			       PG_DOUBLE((double)(ends_ms - now_ms) / 1e3))));
	return channel_close(c);
}

static NODISCARD err_t *channels_due(struct req *req, int64_t account, struct rows **ret_rows)
{
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	return tx_end(tx, tx_exec(tx, STMT_CHANNELS_DUE, PG_ARGS(PG_INT(account)), ret_rows));
}

err_t *google_channel_keep(struct req *req, int64_t account, const char *base)
{
	struct rows *rows;

	if (!text_starts(base, "https://"))
		return NULL; /* Google knocks nowhere else */
	ERR(channels_due(req, account, &rows));
	for (int i = 0; i < rows_count(rows); i++) {
		struct channel c = { .req = req,
				     .account = account,
				     .calendar_id = rows_int(rows, i, COL_CHANNELS_DUE_CALENDAR_ID),
				     .calendar = rows_text(rows, i, COL_CHANNELS_DUE_CALENDAR),
				     .old = rows_text(rows, i, COL_CHANNELS_DUE_CHANNEL),
				     .old_resource = rows_text(rows, i, COL_CHANNELS_DUE_RESOURCE) };

		ERR(channel_open(&c, mem_fmt(req->pool, "%s/google/push", base)));
	}
	return NULL;
}
