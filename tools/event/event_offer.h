/* event_offer: events that were kept here before Google was connected, offered to be taken there.
 * Needs: tx, outbox, markup. Used by: job_calendar_sync. */
#ifndef TOOLS_EVENT_EVENT_OFFER_H
#define TOOLS_EVENT_EVENT_OFFER_H

#include "core/req.h"

/* Once an account, after its calendars were read: a message with a button, where there is something to take. */
NODISCARD err_t *event_offer(struct req *req, int64_t account);

#endif
