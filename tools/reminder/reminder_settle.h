/* reminder_settle: what rang is settled by words: "feito", "feito o lixo".
 * Needs: reminder_view. Used by: tool_complete_task. */
#ifndef TOOLS_REMINDER_REMINDER_SETTLE_H
#define TOOLS_REMINDER_REMINDER_SETTLE_H

#include "tools/reminder/reminder_view.h"

/* The one that rang, is not answered and whose text holds these words ("": the only one that rang of late) is done:
 * *ret_reminder, and ret_outcome says so, without data. *ret_found false: there is none such, or there are several. */
NODISCARD err_t *reminder_settle(struct req *req, struct tx *tx, const char *words,
				 struct reminder_row *ret_reminder, bool *ret_found,
				 struct outcome *ret_outcome);

#endif
