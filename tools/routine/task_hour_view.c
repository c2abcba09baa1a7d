#include "tools/routine/task_hour_view.h"

void task_hour_card(struct req *req, const struct task_row *task, const struct when *due, bool late,
		    struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	*ret = (struct outcome){ .kind = OUTCOME_SAY, .outside = task->outside };
	ret->html = tr(pool, req->lang, "task_hour.now", SLOT_S("title", task->title));
	if (late)
		ret->html =
			mem_fmt(pool, "%s\n%s", ret->html,
				tr(pool, req->lang, "task_hour.late", SLOT_S("when", when_text(req, due))));
	outcome_button(req, ret, 0, tr(pool, req->lang, "button.done"), task_done_data(req, task->id));
	outcome_button(req, ret, 1, tr(pool, req->lang, "button.snooze_60"),
		       button_act(pool, "postpone_task", SLOT_I("id", task->id), SLOT_I("minutes", 60)));
	outcome_button(req, ret, 1, tr(pool, req->lang, "button.snooze_day"),
		       button_act(pool, "postpone_task", SLOT_I("id", task->id)));
}
