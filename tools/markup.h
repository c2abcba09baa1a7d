/* markup: buttons as Telegram's inline keyboard.
 * Needs: tool, json. Used by: tools, job_reminder, job_mail_out, replies, missed, job_task_hour, routine. */
#ifndef TOOLS_MARKUP_H
#define TOOLS_MARKUP_H

#include "tools/tool.h"

/* Keyboard JSON of the buttons; NULL when there are none. */
const char *markup_json(apr_pool_t *pool, const struct button *buttons, size_t n);

#endif
