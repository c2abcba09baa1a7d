/* missed: what a person could not hear because they had blocked the bot, told when they are back.
 * Needs: tx, outbox. Used by: talk. */
#ifndef BOT_TALK_MISSED_H
#define BOT_TALK_MISSED_H

#include "core/req.h"

/* One message that lists it, once, whatever brings the person back; nothing where there is nothing. The person's own
 * request, in their chat. */
NODISCARD err_t *missed_tell(struct req *req);

#endif
