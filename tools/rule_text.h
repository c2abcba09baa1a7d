/* rule_text: a recurrence rule in words.
 * Needs: req, i18n, when. Used by: event_view, reminder_view, task_view. */
#ifndef TOOLS_RULE_TEXT_H
#define TOOLS_RULE_TEXT_H

#include "core/req.h"

/* "toda semana (ter, qui)", "a cada 15 dias", "todo mês, dia 5": as HTML in req->pool. What it cannot say in words it
 * gives as "repete". */
const char *rule_text(struct req *req, const char *rrule);

#endif
