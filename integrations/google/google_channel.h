/* google_channel: how Google tells that a calendar has changed: it knocks at /google/push.
 * Needs: google, google_calendar, tx, crypt. Used by: job_calendar_sync. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_CHANNEL_H
#define INTEGRATIONS_GOOGLE_GOOGLE_CHANNEL_H

#include "core/req.h"

/* Opens one for each calendar of the account that is shown and has none, or one that ends within a day. base: PUBLIC_URL; nothing
 * happens where it is no https. A channel that Google does not open is no error: the job reads all the same. */
NODISCARD err_t *google_channel_open(struct req *req, int64_t account, const char *base);

#endif
