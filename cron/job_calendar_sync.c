#include "cron/job.h"

#include "core/log.h"
#include "core/text.h"
#include "integrations/google/google_account.h"
#include "integrations/google/google_channel.h"
#include "integrations/google/google_sync.h"
#include "tools/event/event_offer.h"

static NODISCARD err_t *is_ready(struct req *req, int64_t account, bool *ret_ready)
{
	enum google_standing standing;
	struct google_account found;
	struct tx *tx;

	ERR(tx_begin_user(req, &tx));
	ERR(tx_end(tx, google_account_for(tx, GOOGLE_CALENDAR, account, &found, &standing)));
	*ret_ready = standing == GOOGLE_READY;
	return NULL;
}

/* What changed in the calendars of one account; Google knocks for most of it, and not for all. */
static err_t *calendar_sync_run(struct req *req, const struct job_run *run)
{
	int64_t account;
	bool ready, busy;

	if (!text_int(run->ref, &account))
		return err_new(ERR_INTERNAL, "no account");
	ERR(is_ready(req, account, &ready));
	if (!ready)
		return NULL;
	ERR(google_sync(req, account, &busy));
	if (busy)
		return NULL;
	ERR(event_offer(req, account));
	return google_channel_keep(req, account, req->config->public_url);
}

const struct job job_calendar_sync = {
	.kind = "calendar_sync",
	.when = JOB_EVERY,
	.every_us = 5 * MINUTE_US,
	.limit_us = 3 * MINUTE_US,
	.run = calendar_sync_run,
};
