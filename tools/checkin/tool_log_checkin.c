#include "core/limits.h"
#include "core/text.h"
#include "tools/checkin/checkin_view.h"
#include "tools/checkin/checkin_words.h"
#include "tools/habit/habit_view.h"
#include "tools/when.h"
#include "tools/words.h"
#include <stddef.h>

enum { DAY_S = 86400, SCALE = 10, HOURS = 24, TIMES = 1000 };

struct args {
	int64_t energy, mood, nutrition, habit_id, count;
	double sleep, value;
	bool workout, rest_day, clear;
	const char *habit, *label, *text, *day, *show;
};

#define AT(member) offsetof(struct args, member)

static const struct json_field params[] = {
	{ "energy", JSON_INT, 0, AT(energy), 0, TIMES, NULL, "1 to 10" },
	{ "mood", JSON_INT, 0, AT(mood), 0, TIMES, NULL, "1 (awful) to 10 (wonderful)" },
	{ "sleep", JSON_DOUBLE, 0, AT(sleep), 0, 0, NULL, "hours slept, 6.5 for six and a half" },
	{ "workout", JSON_BOOL, 0, AT(workout), 0, 0, NULL, "true: the person worked out" },
	{ "rest_day", JSON_BOOL, 0, AT(rest_day), 0, 0, NULL,
	  "true: the person said that they did not work out" },
	{ "nutrition", JSON_INT, 0, AT(nutrition), 0, TIMES, NULL, "1 to 10: how well the person ate" },
	{ "habit", JSON_TEXT, 0, AT(habit), 0, 500, NULL, "the name of a habit that was done" },
	{ "habit_id", JSON_INT, 0, AT(habit_id), 1, INT64_MAX, NULL, "or its number" },
	{ "count", JSON_INT, 0, AT(count), 1, TIMES, NULL,
	  "how often the habit was done that day, in all; once more when left out" },
	{ "clear", JSON_BOOL, 0, AT(clear), 0, 0, NULL, "true: the habit was not done that day after all" },
	{ "label", JSON_TEXT, 0, AT(label), 0, 400, NULL, "what else is measured, with value: weight" },
	{ "value", JSON_DOUBLE, 0, AT(value), 0, 0, NULL, "of label" },
	{ "text", JSON_TEXT, 0, AT(text), 0, LIMIT_TEXT_IN, NULL,
	  "the person's own words about the day: values in them count, the rest is kept as a note" },
	{ "day", JSON_TEXT, 0, AT(day), 0, 19, NULL, "the local day, 2026-11-30; today when left out" },
	{ "show", JSON_TEXT, 0, AT(show), 0, 0, "card list next energy mood sleep habits",
	  "list: answer with the habits; else what the card asks next" },
	{ 0 },
};

static NODISCARD err_t *from_text(struct req *req, const char *text, struct json **ret_args)
{
	const char *line = words_line(req->pool, text);

	*ret_args = json_object(req->pool);
	if (*line)
		json_set_text(*ret_args, "text", line);
	return NULL;
}

/* What is to be written; below 0: nothing of that kind. */
struct entry {
	const char *day;
	double energy, mood, nutrition, sleep;
	int workout;
	const struct habit_row *habit;
	int64_t habit_id, count; /* count below 0: once more */
	const char *note, *note_kind;
	const char *complaint, *why; /* why nothing can be written: HTML, and one word */
	bool any;
};

static bool begins_with_any(const char *folded, const char *const *words)
{
	for (; *words; words++)
		if (text_starts(folded, *words))
			return true;
	return false;
}

/* Words without a value: of food and drink, or of anything else. */
static void note_words(struct req *req, const char *text, struct entry *e)
{
	static const char *const food[] = { "comi ",  "bebi ",  "almocei ", "jantei ", "lanchei ",
					    "tomei ", "ate ",   "i ate ",   "drank ",  "i drank ",
					    "had ",   "i had ", NULL };

	e->note = text_cut(req->pool, text, 900);
	e->note_kind = begins_with_any(text_fold(req->pool, text), food) ? "nutrition" : "custom";
	e->any = true;
}

static void read_words(struct req *req, const char *text, const struct habits *habits, struct entry *e)
{
	struct checkin_words w = checkin_words_read(req->pool, text);
	const struct habit_row *habit = habit_like(req->pool, habits, text);
	bool given = e->any;

	e->energy = e->energy < 0 ? w.energy : e->energy;
	e->mood = e->mood < 0 ? w.mood : e->mood;
	e->sleep = e->sleep < 0 ? w.sleep : e->sleep;
	e->workout = e->workout < 0 ? w.workout : e->workout;
	if (habit && !e->habit_id && e->count < 0 && w.workout != 0) {
		e->habit = habit;
		e->habit_id = habit->id;
	}
	e->any = e->any || e->energy >= 0 || e->mood >= 0 || e->sleep >= 0 || e->workout >= 0 || e->habit_id;
	if (w.workout > 0 && words_chars(text) > 12 && w.energy < 0 && w.mood < 0 && w.sleep < 0) {
		e->note = text_cut(req->pool, text, 900);
		e->note_kind = "workout"; /* "corri 5 km": the row of the workout keeps it */
	} else if (!e->any ||
		   (given && w.energy < 0 && w.mood < 0 && w.sleep < 0 && w.workout < 0 && !habit)) {
		note_words(req, text, e);
	}
}

static const char *range_text(struct req *req, const struct entry *e)
{
	if (e->energy >= 0 && (e->energy < 1 || e->energy > SCALE))
		return tr(req->pool, req->lang, "checkin.range.energy",
			  SLOT_S("value", mem_fmt(req->pool, "%g", e->energy)));
	if (e->mood >= 0 && (e->mood < 1 || e->mood > SCALE))
		return tr(req->pool, req->lang, "checkin.range.mood",
			  SLOT_S("value", mem_fmt(req->pool, "%g", e->mood)));
	if (e->nutrition >= 0 && (e->nutrition < 1 || e->nutrition > SCALE))
		return tr(req->pool, req->lang, "checkin.range.nutrition",
			  SLOT_S("value", mem_fmt(req->pool, "%g", e->nutrition)));
	if (e->sleep > HOURS)
		return tr(req->pool, req->lang, "checkin.range.sleep",
			  SLOT_S("value", mem_fmt(req->pool, "%g", e->sleep)));
	return NULL;
}

static NODISCARD err_t *read_day(struct req *req, const struct args *args, struct entry *e)
{
	struct when when = { 0 };
	bool past = true;

	if (args->day && !when_read(req, args->day, &when))
		return err_new(ERR_INVALID, "\"day\": not a day like 2026-11-30");
	if (args->day)
		past = when.wall - when.wall % DAY_S <= when_now(req);
	else
		past = checkin_day(req, args->text ? args->text : "", &when.wall);
	when.has_time = false;
	e->day = when_date(req, &when);
	if (!past) {
		e->complaint = tr(req->pool, req->lang, "checkin.future");
		e->why = "future";
	}
	return NULL;
}

/* The habit that was named or numbered, as it stands. */
static void read_habit(struct req *req, const struct args *args, const struct habits *habits, struct entry *e)
{
	const char *name = args->habit ? words_line(req->pool, args->habit) : "";

	if (*name)
		e->habit = habit_like(req->pool, habits, name);
	for (int i = 0; i < habits->n; i++)
		if (args->habit_id && habits->v[i].id == args->habit_id)
			e->habit = &habits->v[i];
	if (e->habit) {
		e->habit_id = e->habit->id;
	} else if (args->habit_id || *name) {
		e->why = "not_found";
		e->complaint = args->habit_id
				       ? tr(req->pool, req->lang, "habit.no_id", SLOT_I("id", args->habit_id))
				       : tr(req->pool, req->lang, "habit.no_name",
					    SLOT_S("name", text_cut(req->pool, name, 80)));
	}
	e->any = e->any || *name || args->habit_id;
}

static NODISCARD err_t *entry_read(struct req *req, struct tx *tx, const struct args *args, struct entry *ret)
{
	const char *text = args->text ? words_line(req->pool, args->text) : "";
	struct habits habits;

	*ret = (struct entry){ .energy = args->energy ? (double)args->energy : -1,
			       .mood = args->mood ? (double)args->mood : -1,
			       .nutrition = args->nutrition ? (double)args->nutrition : -1,
			       .sleep = args->sleep > 0 ? args->sleep : -1,
			       .workout = args->rest_day  ? 0
					  : args->workout ? 1
							  : -1,
			       .count = args->clear   ? 0
					: args->count ? args->count
						      : -1 };
	ret->any = args->energy || args->mood || args->nutrition || args->sleep > 0 || args->rest_day ||
		   args->workout || args->label;
	ERR(read_day(req, args, ret));
	ERR(habits_of(req, tx, ret->day, &habits));
	read_habit(req, args, &habits, ret);
	if (*text)
		read_words(req, text, &habits, ret);
	if (!ret->complaint) {
		ret->complaint = range_text(req, ret);
		ret->why = "out_of_range";
	}
	return NULL;
}

static NODISCARD err_t *put_one(struct tx *tx, const struct entry *e, const char *kind, const char *habit,
				const char *label, double value, int64_t *ret_id)
{
	const char *note = e->note && text_same(e->note_kind, kind) ? e->note : "";
	struct rows *rows;

	ERR(tx_exec(tx, STMT_CHECKIN_PUT,
		    PG_ARGS(PG_TEXT(e->day), PG_TEXT(kind), PG_TEXT(habit), PG_TEXT(label), PG_DOUBLE(value),
			    PG_TEXT(note)),
		    &rows));
	*ret_id = rows_int(rows, 0, COL_CHECKIN_PUT_ID);
	return NULL;
}

static NODISCARD err_t *put_habit(struct req *req, struct tx *tx, const struct entry *e, int64_t *ret_id)
{
	int64_t count = e->count < 0 ? e->habit->today + 1 : e->count;
	struct rows *rows;

	if (count)
		return put_one(tx, e, "habit", mem_fmt(req->pool, "%lld", (long long)e->habit_id), "",
			       (double)count, ret_id);
	return tx_exec(tx, STMT_CHECKIN_CLEAR, PG_ARGS(PG_TEXT(e->day), PG_INT(e->habit_id)), &rows);
}

static NODISCARD err_t *put_all(struct req *req, struct tx *tx, const struct args *args,
				const struct entry *e, int64_t *ret_id)
{
	const struct {
		const char *kind;
		double value;
	} scales[] = { { "energy", e->energy },
		       { "mood", e->mood },
		       { "nutrition", e->nutrition },
		       { "sleep", e->sleep },
		       { "workout", e->workout } };

	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
		if (scales[i].value >= 0)
			ERR(put_one(tx, e, scales[i].kind, NULL, "", scales[i].value, ret_id));
	if (e->habit_id)
		ERR(put_habit(req, tx, e, ret_id));
	if (args->label && *words_line(req->pool, args->label))
		ERR(put_one(tx, e, "custom", NULL,
			    text_cut(req->pool, words_line(req->pool, args->label), 99), args->value,
			    ret_id));
	if (e->note &&
	    (text_same(e->note_kind, "custom") || (text_same(e->note_kind, "nutrition") && e->nutrition < 0)))
		ERR(put_one(tx, e, e->note_kind, NULL, "", -1, ret_id));
	return NULL;
}

static const char *lead_of(struct req *req, const struct entry *e)
{
	if (e->note && text_same(e->note_kind, "custom"))
		return tr(req->pool, req->lang, "checkin.noted",
			  SLOT_S("text", text_cut(req->pool, e->note, 200)));
	return NULL;
}

/* An empty card asks; one below something that was said does not. */
static const char *ask_of(const struct args *args, const struct entry *e)
{
	if (args->show && !text_same(args->show, "card"))
		return args->show;
	return e->any ? CHECKIN_NOTHING : CHECKIN_NEXT;
}

static NODISCARD err_t *run(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct entry e;
	int64_t id = 0;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(entry_read(req, tx, args, &e));
	if (e.complaint) {
		outcome_refuse(req, ret, e.why, e.complaint);
		return NULL;
	}
	if (e.any)
		ERR(put_all(req, tx, args, &e, &id));
	if (e.any)
		*ret = (struct outcome){ .kind = OUTCOME_DONE, .object = "checkin", .object_id = id };
	if (args->show && text_same(args->show, "list"))
		return habits_show(req, tx, e.day, ret);
	return checkin_card(req, tx, e.day, lead_of(req, &e), ask_of(args, &e), ret);
}

/* The empty card asks nothing. */
static NODISCARD err_t *preview(struct req *req, struct tx *tx, const void *p, struct outcome *ret)
{
	const struct args *args = p;
	struct entry e;

	*ret = (struct outcome){ .kind = OUTCOME_SAY };
	ERR(entry_read(req, tx, args, &e));
	if (e.complaint) {
		outcome_refuse(req, ret, e.why, e.complaint);
		return NULL;
	}
	if (!e.any)
		return checkin_card(req, tx, e.day, NULL, ask_of(args, &e), ret);
	ret->card = true;
	ret->html = tr(req->pool, req->lang, "checkin.ask", SLOT_S("day", e.day),
		       SLOT_S("text", args->text ? text_cut(req->pool, args->text, 200) : ""));
	return NULL;
}

const struct tool tool_log_checkin = {
	.name = "log_checkin",
	.description =
		"Logs how a day went: energy, mood, sleep, workout, food, a habit that was done. Without values it shows the day's card.",
	.params = params,
	.args_size = sizeof(struct args),
	.result = checkin_fields,
	.effect = TOOL_REVERSIBLE,
	.claim = CLAIM_MAKE,
	.words = { .what = "text value", .when = "day" },
	.min_role = ROLE_USER,
	.commands = "checkin",
	.from_text = from_text,
	.preview = preview,
	.run = run,
};
