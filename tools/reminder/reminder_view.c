#include "tools/reminder/reminder_view.h"

#include "core/ical.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "tools/rule_text.h"

struct reminder_row reminder_row(struct req *req, const struct rows *rows, int row, int col)
{
	struct reminder_row r = { .id = rows_int(rows, row, col + COL_REMINDER_ID),
				  .text = rows_text(rows, row, col + COL_REMINDER_TEXT),
				  .rrule = rows_text(rows, row, col + COL_REMINDER_RRULE),
				  .nag = rows_bool(rows, row, col + COL_REMINDER_NAG) };

	(void)req;
	r.when.has_time = true;
	(void)date_parse_iso(rows_text(rows, row, col + COL_REMINDER_WALL), &r.when.wall);
	return r;
}

const char *reminder_when(struct req *req, const struct reminder_row *r)
{
	const char *when = when_text(req, &r->when);

	if (*r->rrule)
		when = mem_fmt(req->pool, "%s · %s", when, rule_text(req, r->rrule));
	return r->nag ? mem_fmt(req->pool, "%s · %s", when, tr(req->pool, req->lang, "reminder.nag")) : when;
}

static void button(struct req *req, struct outcome *ret, int row, const char *key, const char *data)
{
	outcome_button(req, ret, row, tr(req->pool, req->lang, key), data);
}

void reminder_card(struct req *req, const struct reminder_row *r, bool late, int64_t missed,
		   struct outcome *ret)
{
	apr_pool_t *pool = req->pool;
	const char *snooze = mem_fmt(pool, "t:snooze_reminder:id=%lld", (long long)r->id);

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ret->html = tr(pool, req->lang, "reminder.fire", SLOT_S("text", r->text));
	if (late)
		ret->html = mem_fmt(pool, "%s\n%s", ret->html,
				    tr(pool, req->lang, "reminder.late",
				       SLOT_S("when", when_text(req, &r->when))));
	if (missed)
		ret->html = mem_fmt(pool, "%s\n%s", ret->html,
				    tr(pool, req->lang, "reminder.missed", SLOT_I("n", missed)));
	button(req, ret, 0, "button.done",
	       mem_fmt(pool, "t:delete_reminder:id=%lld&as=done", (long long)r->id));
	button(req, ret, 1, "button.snooze_10", mem_fmt(pool, "%s&minutes=10", snooze));
	button(req, ret, 1, "button.snooze_60", mem_fmt(pool, "%s&minutes=60", snooze));
	button(req, ret, 1, "button.snooze_day", mem_fmt(pool, "%s&minutes=1440", snooze));
	button(req, ret, 1, "button.snooze_other", mem_fmt(pool, "%s&ask=other", snooze));
}

bool reminder_next(const char *rrule, int64_t start, int64_t wall, int64_t *ret_next)
{
	bool found = false;
	err_t *err = ical_rule_next(rrule, start, wall, ret_next, &found);

	found = found && !err;
	err_clear(err);
	return found;
}
