/* event_import: the events of a calendar file as arguments of import_events, which asks before it keeps them.
 * Needs: ical_read, when. Used by: bot/talk. */
#ifndef TOOLS_EVENT_EVENT_IMPORT_H
#define TOOLS_EVENT_EVENT_IMPORT_H

#include "core/json.h"
#include "core/req.h"

/* {"events": [...], "more": n}: what is cancelled, and each occurrence that is told apart from its series, is left out. *ret_args
 * NULL: nothing is left. ERR_INVALID, ERR_TOO_LARGE as ical_read. */
NODISCARD err_t *event_import_args(struct req *req, const char *bytes, size_t n, struct json **ret_args);

#endif
