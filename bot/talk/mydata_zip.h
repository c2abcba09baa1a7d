/* mydata_zip: everything of one person as one ZIP: a JSON document, a CSV of each table, a calendar of events and reminders.
 * Needs: mydata_export, zip, ical, people. Used by: channel_telegram (when its message leaves), chat.
 * Made at the moment it is sent, so that nothing of it is stored anywhere. */
#ifndef BOT_TALK_MYDATA_ZIP_H
#define BOT_TALK_MYDATA_ZIP_H

#include "core/config.h"
#include "core/mem.h"
#include <stdint.h>

struct export_zip {
	const char *name; /* "lembra-2026-11-21.zip" */
	const void *data;
	size_t n;
};

/* Of the person whose chat it is, as that person. ERR_NOT_FOUND: nobody's chat. ERR_TOO_LARGE: over what Telegram takes. */
NODISCARD err_t *mydata_zip(apr_pool_t *pool, int64_t chat_id, struct export_zip *ret_zip);

#endif
