/* google_channel: by what Google tells that something has changed in a calendar.
 * Needs: google, google_calendar, tx. Used by: job_calendar_sync.
 * A channel names itself and says a word that only it knows; the database keeps the word's hash (google_knock). */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_CHANNEL_H
#define INTEGRATIONS_GOOGLE_GOOGLE_CHANNEL_H

#include "core/req.h"

/* Opens channels for an account's calendars, where they are missing or end soon; one that Google refuses is asked for again
 * days later. base: PUBLIC_URL. Not inside a transaction. */
NODISCARD err_t *google_channel_keep(struct req *req, int64_t account, const char *base);

#endif
