#include "tools/reminder/reminder_view.h"

#include "core/ical.h"
#include "core/text.h"
#include "ml/date/date.h"
#include "tools/rule_text.h"

const struct json_field reminder_fields[] = {
	{ "id", JSON_INT, JSON_REQUIRED, offsetof(struct reminder_row, id) },
	{ "text", JSON_TEXT, JSON_REQUIRED | JSON_WORDS, offsetof(struct reminder_row, text) },
	{ "at", JSON_TEXT, JSON_REQUIRED, offsetof(struct reminder_row, at), .doc = "local, the next time" },
	{ "rrule", JSON_TEXT, 0, offsetof(struct reminder_row, rrule) },
	{ "insist", JSON_BOOL, 0, offsetof(struct reminder_row, nag) },
	{ "rang_at", JSON_TEXT, 0, offsetof(struct reminder_row, rang_at),
	  .doc = "local: it rang then, and the person has not answered" },
	{ "outside", JSON_BOOL, 0, offsetof(struct reminder_row, outside) },
	{ 0 },
};

struct reminder_row reminder_row(struct req *req, const struct rows *rows, int row, int col)
{
	struct reminder_row r = { .id = rows_int(rows, row, col + COL_REMINDER_ID),
				  .text = rows_text(rows, row, col + COL_REMINDER_TEXT),
				  .rrule = rows_text(rows, row, col + COL_REMINDER_RRULE),
				  .nag = rows_bool(rows, row, col + COL_REMINDER_NAG),
				  .outside = rows_bool(rows, row, col + COL_REMINDER_OUTSIDE),
				  .rang = rows_int(rows, row, col + COL_REMINDER_RANG),
				  .rang_at = "" };

	r.when.has_time = true;
	(void)date_parse_iso(rows_text(rows, row, col + COL_REMINDER_WALL), &r.when.wall);
	r.at = when_iso(req, &r.when);
	if (r.rang)
		r.rang_at = when_iso(req, &(struct when){ .wall = when_wall(req, r.rang), .has_time = true });
	return r;
}

struct json_list reminder_rows(struct req *req, const struct rows *rows, int col, int max)
{
	int n = rows_count(rows) < max ? rows_count(rows) : max;
	struct reminder_row *v = mem_alloc(req->pool, sizeof *v * (size_t)(n + 1));

	for (int i = 0; i < n; i++)
		v[i] = reminder_row(req, rows, i, col);
	return (struct json_list){ .n = (size_t)n, .v = v };
}

void reminder_absent(struct req *req, int64_t id, struct outcome *ret)
{
	outcome_refuse(req, ret, "not_found", tr(req->pool, req->lang, "reminder.no_id", SLOT_I("id", id)));
}

const char *reminder_rang(struct req *req, const struct reminder_row *r)
{
	struct when when = { .wall = when_wall(req, r->rang), .has_time = true };

	return tr(req->pool, req->lang, "reminder.rang", SLOT_S("when", when_text(req, &when)));
}

const char *reminder_when(struct req *req, const struct reminder_row *r)
{
	const char *when = when_text(req, &r->when);

	if (r->rang)
		return reminder_rang(req, r);
	if (*r->rrule)
		when = mem_fmt(req->pool, "%s · %s", when, rule_text(req, r->rrule));
	return r->nag ? mem_fmt(req->pool, "%s · %s", when, tr(req->pool, req->lang, "reminder.nag")) : when;
}

static void button(struct req *req, struct outcome *ret, int row, const char *key, const char *data)
{
	outcome_button(req, ret, row, tr(req->pool, req->lang, key), data);
}

static void snooze(struct req *req, struct outcome *ret, const char *key, int64_t id, struct slot how)
{
	button(req, ret, 1, key, button_act(req->pool, "snooze_reminder", SLOT_I("id", id), how));
}

void reminder_card(struct req *req, const struct reminder_row *r, bool late, int64_t missed,
		   struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	*ret = (struct outcome){ .kind = OUTCOME_SAY, .outside = r->outside };
	ret->html = tr(pool, req->lang, "reminder.fire", SLOT_S("text", r->text));
	if (late)
		ret->html = mem_fmt(pool, "%s\n%s", ret->html,
				    tr(pool, req->lang, "reminder.late",
				       SLOT_S("when", when_text(req, &r->when))));
	if (missed)
		ret->html = mem_fmt(pool, "%s\n%s", ret->html,
				    tr(pool, req->lang, "reminder.missed", SLOT_I("n", missed)));
	button(req, ret, 0, "button.done",
	       button_act(pool, "delete_reminder", SLOT_I("id", r->id), SLOT_S("as", "done")));
	snooze(req, ret, "button.snooze_10", r->id, SLOT_I("minutes", 10));
	snooze(req, ret, "button.snooze_60", r->id, SLOT_I("minutes", 60));
	snooze(req, ret, "button.snooze_day", r->id, SLOT_I("minutes", 1440));
	snooze(req, ret, "button.snooze_other", r->id, SLOT_S("ask", "other"));
}

bool reminder_next(const char *rrule, int64_t start, int64_t wall, int64_t *ret_next)
{
	bool found = false;
	err_t *err = ical_rule_next(rrule, start, wall, ret_next, &found);

	found = found && !err;
	err_clear(err);
	return found;
}
