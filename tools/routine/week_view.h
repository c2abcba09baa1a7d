/* week_view: the week ahead on Sunday evening, and the week that was on Monday morning.
 * Needs: routine_view, habit_view, chart_told, phrase. Used by: week_plan, week_report, job_week_plan, job_week_report. */
#ifndef TOOLS_ROUTINE_WEEK_VIEW_H
#define TOOLS_ROUTINE_WEEK_VIEW_H

#include "ml/phrase/phrase.h"
#include "tools/tool.h"

/* day: that Sunday. The seven days after it, what is stuck or has no day, and the question what matters most. */
NODISCARD err_t *week_plan_view(struct req *req, struct tx *tx, const char *day, const char *name,
				struct outcome *ret_outcome);
/* day: that Monday. The seven days before it in numbers, and the week before them beside. Its html is "" for who
 * came after that week. */
NODISCARD err_t *week_report_view(struct req *req, struct tx *tx, const char *day, const char *name,
				  struct outcome *ret_outcome);

/* The same numbers for who puts them into words (ml/phrase): those that are known. */
struct week_facts {
	struct phrase_fact v[PHRASE_FACTS];
	size_t n;
};
NODISCARD err_t *week_report_facts(struct req *req, struct tx *tx, const char *day, struct week_facts *ret);

#endif
