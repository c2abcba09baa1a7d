#include "tools/insight/advice.h"

#include "core/text.h"
#include <string.h>

enum {
	TITLE_CHARS = 60,
	BED_HOUR = 22,
	BED_MINUTE = 15,
	MOVE_HOUR = 18,
	BREAK_HOUR = 15,
	EARLY = 9,
	LATE = 20
};

/* The task that an advice would move; *ret_title NULL: there is none. */
static NODISCARD err_t *pick(struct advices *l, struct advice *a, enum stmt_id stmt,
			     const struct pg_val *args, const char **ret_title)
{
	struct rows *rows;

	*ret_title = NULL;
	ERR(tx_exec(l->tx, stmt, args, &rows));
	if (!rows_count(rows))
		return NULL;
	a->object = "task"; /* the columns of both statements are alike */
	a->object_id = rows_int(rows, 0, COL_ADVICE_DEEP_ID);
	a->outside = rows_bool(rows, 0, COL_ADVICE_DEEP_OUTSIDE);
	*ret_title = text_cut(l->req->pool, rows_text(rows, 0, COL_ADVICE_DEEP_TITLE), TITLE_CHARS);
	return NULL;
}

static void move_to(struct advices *l, struct advice *a, const char *label, const struct when *when)
{
	struct json *args = advice_act(l, a, "update_task", label);

	json_set_int(args, "id", a->object_id);
	json_set_text(args, "due", when_iso(l->req, when));
}

static void remind(struct advices *l, struct advice *a, const char *text, int hour, int minute)
{
	struct when at = advice_at(l, hour, minute);
	struct json *args = advice_act(l, a, "create_reminder",
				       advice_say(l, "recommendation.act.remind",
						  SLOT_S("time", when_time(l->req, &at))));

	json_set_text(args, "text", text);
	json_set_text(args, "at", when_iso(l->req, &at));
}

/* The deep task goes to the best hour; without one, the hour is kept free. */
static NODISCARD err_t *peak_hour(struct advices *l, struct advice *a, const struct finding_row *f,
				  const char *sentence)
{
	int64_t hour = 0;
	const char *task, *time;
	struct json *args;
	struct when at;

	(void)text_int(f->detail, &hour); /* finding_sentence has read it */
	at = advice_at(l, (int)hour, 0);
	time = when_time(l->req, &at);
	ERR(pick(l, a, STMT_ADVICE_DEEP, PG_ARGS(PG_TEXT(l->day)), &task));
	if (task) {
		a->title = advice_say(l, "recommendation.peak_hour", SLOT_S("sentence", sentence),
				      SLOT_S("task", task), SLOT_S("time", time));
		move_to(l, a, advice_say(l, "recommendation.act.at", SLOT_S("time", time)), &at);
		return NULL;
	}
	a->title = advice_say(l, "recommendation.peak_hour.block", SLOT_S("sentence", sentence));
	args = advice_act(l, a, "create_event",
			  advice_say(l, "recommendation.act.block", SLOT_S("time", time)));
	json_set_text(args, "title", advice_say(l, "recommendation.block.title"));
	json_set_text(args, "start", when_iso(l->req, &at));
	return NULL;
}

/* The next such weekday; today counts. */
static struct when next_weekday(struct advices *l, const char *name)
{
	static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
					     "friday", "saturday", "sunday" };
	struct when day = { .wall = l->wall };
	int64_t today = ((l->wall / 86400 + 3) % 7 + 7) % 7;

	for (int64_t i = 0; i < 7; i++)
		if (text_same(names[i], name))
			day.wall += (i - today + 7) % 7 * 86400;
	return day;
}

static NODISCARD err_t *best_weekday(struct advices *l, struct advice *a, const struct finding_row *f,
				     const char *sentence)
{
	struct when day = next_weekday(l, f->detail);
	const char *task;

	ERR(pick(l, a, STMT_ADVICE_UNDATED, PG_ARGS(), &task));
	if (!task)
		return NULL;
	a->title = advice_say(l, "recommendation.best_weekday", SLOT_S("sentence", sentence),
			      SLOT_S("task", task), SLOT_S("day", when_text(l->req, &day)));
	move_to(l, a, advice_say(l, "recommendation.act.day", SLOT_S("day", when_text(l->req, &day))), &day);
	return NULL;
}

/* While the day is young: within the hour, from nine on. */
static NODISCARD err_t *energy_tasks(struct advices *l, struct advice *a, const char *sentence)
{
	int64_t next = (when_now(l->req) - l->wall) / 3600 + 1;
	struct when at = advice_at(l, next > EARLY && next < LATE ? (int)next : EARLY, 0);
	const char *task;

	ERR(pick(l, a, STMT_ADVICE_DEEP, PG_ARGS(PG_TEXT(l->day)), &task));
	if (!task)
		return NULL;
	a->title = advice_say(l, "recommendation.energy", SLOT_S("sentence", sentence), SLOT_S("task", task));
	move_to(l, a, advice_say(l, "recommendation.act.at", SLOT_S("time", when_time(l->req, &at))), &at);
	return NULL;
}

static void content(struct advices *l, struct advice *a, const struct finding_row *f, const char *sentence)
{
	bool theme = text_same(f->kind, "content_theme");
	const char *detail = text_cut(l->req->pool, f->detail, TITLE_CHARS);
	struct json *args;
	int64_t hour;

	a->object = "idea";
	if (text_same(f->kind, "content_hour")) {
		a->title = advice_say(l, "recommendation.content_hour", SLOT_S("sentence", sentence));
		if (text_int(f->detail, &hour))
			remind(l, a, advice_say(l, "recommendation.publish.text"), (int)hour, 0);
		return;
	}
	a->title = advice_say(l, "recommendation.content_theme", SLOT_S("sentence", sentence));
	args = advice_act(l, a, "save_content_idea", advice_say(l, "recommendation.act.idea"));
	json_set_text(args, "title",
		      advice_say(l, theme ? "recommendation.idea.title" : "recommendation.idea.format",
				 SLOT_S("theme", detail)));
	json_set_text(args, theme ? "theme" : "format",
		      f->detail); /* uncut: its posts are to count among these */
}

/* Those that lead to an act: what is to be done about less energy after more sleep is not for us to say. */
static NODISCARD err_t *fill(struct advices *l, struct advice *a, const struct finding_row *f)
{
	const char *sentence = finding_sentence(l->req, f);

	if (text_same(f->kind, "peak_hour"))
		return peak_hour(l, a, f, sentence);
	if (text_same(f->kind, "best_weekday"))
		return best_weekday(l, a, f, sentence);
	if (text_same(f->kind, "energy_tasks") && f->effect > 0)
		return energy_tasks(l, a, sentence);
	if (text_starts(f->kind, "content_"))
		content(l, a, f, sentence);
	if (text_starts(f->kind, "sleep_") && f->effect > 0) {
		a->title = advice_say(l, "recommendation.earlier_night", SLOT_S("sentence", sentence));
		remind(l, a, advice_say(l, "recommendation.sleep.text"), BED_HOUR, BED_MINUTE);
	}
	if ((text_same(f->kind, "workout_mood") || text_same(f->kind, "workout_energy")) && f->effect > 0) {
		a->title = advice_say(l, "recommendation.move", SLOT_S("sentence", sentence));
		remind(l, a, advice_say(l, "recommendation.move.text"), MOVE_HOUR, 0);
	}
	if (text_same(f->kind, "meetings_energy") && f->effect < 0) {
		a->title = advice_say(l, "recommendation.breather", SLOT_S("sentence", sentence));
		remind(l, a, advice_say(l, "recommendation.breather.text"), BREAK_HOUR, 0);
	}
	return NULL;
}

err_t *advice_patterns(struct advices *list)
{
	struct finding_row *f;
	size_t n;

	ERR(findings_of(list->req, list->tx, &n, &f));
	for (size_t i = 0; i < n; i++) {
		struct advice *a;

		if (!finding_holds(list->req, &f[i]))
			continue;
		a = advice_add(list, f[i].kind, "pattern", text_same(f[i].tier, "confirmed") ? 1.0 : 0.9);
		if (!a)
			return NULL;
		a->finding_id = f[i].id;
		a->tier = f[i].tier;
		a->n = f[i].n;
		a->effect = f[i].effect;
		a->low = f[i].low;
		a->high = f[i].high;
		a->reasoning = advice_say(list, "recommendation.pattern",
					  SLOT_S("numbers", finding_numbers(list->req, &f[i])),
					  SLOT_S("sure", finding_sure(list->req, &f[i])));
		ERR(fill(list, a, &f[i]));
		if (!*a->title)
			list->n--; /* nothing to do about it */
	}
	return NULL;
}
