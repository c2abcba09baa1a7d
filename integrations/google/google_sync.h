/* google_sync: keeps a person's Google calendars here: what is in them from 35 days ago to 400 days ahead.
 * Needs: google, google_calendar, google_account, tx. Used by: job_calendar_sync, tools/event.
 * One process at a time reads an account, page by page, each page committed with the token of the next: whatever dies goes
 * on where it was. A calendar that was never read to its end is not shown. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_SYNC_H
#define INTEGRATIONS_GOOGLE_GOOGLE_SYNC_H

#include "db/tx.h"
#include "integrations/google/google_event.h"

/* Reads what has changed in an account's calendars. *ret_busy: somebody else is reading it, and nothing was done. Errors as of
 * google_call; ERR_LEASE_LOST: another process took it over. Not inside a transaction. */
NODISCARD err_t *google_sync(struct req *req, int64_t account, bool *ret_busy);

/* For an answer: where what is kept of an account is older than max_age_s, reads it for at most wait_ms, then ends what
 * is not done. *ret_age_s: how old it is now; -1: it was never whole. An error of Google's is no error here, only age. */
NODISCARD err_t *google_sync_fresh(struct req *req, int64_t account, int64_t max_age_s, int64_t wait_ms,
				   int64_t *ret_age_s);
/* What is known of it is no longer all: the next google_sync_fresh reads. In the transaction of a change. */
NODISCARD err_t *google_sync_stale(struct tx *tx, int64_t account);

/* Keeps events that Google has just answered with, as a read would; cancelled and declined ones go. calendar: its row. */
NODISCARD err_t *google_sync_keep(struct tx *tx, int64_t calendar, const struct json *events);

#endif
