/* event_settle: what came of writes at Google, kept here, and how it is taken back.
 * Needs: event_write, google_sync, google_say. Used by: tools/event. */
#ifndef TOOLS_EVENT_EVENT_SETTLE_H
#define TOOLS_EVENT_EVENT_SETTLE_H

#include "integrations/google/google_event.h"
#include "tools/remote.h"

/* In settle: keeps here what Google answered, and says how it is taken back (revert_event). *ret_event: the first event as it is
 * now (id NULL: none), *ret_number: its number here, or 0. *ret_done false: refused, and ret_outcome says why. */
NODISCARD err_t *event_settle(struct req *req, struct tx *tx, const struct operation *op, bool *ret_done,
			      struct google_event *ret_event, int64_t *ret_number,
			      struct outcome *ret_outcome);

#endif
