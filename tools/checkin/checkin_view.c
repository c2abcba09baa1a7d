#include "tools/checkin/checkin_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/habit/habit_view.h"
#include "tools/when.h"

static const char *const faces[] = { "😭", "😢", "😟", "😕", "😐", "🙂", "😊", "😄", "😁", "🤩" };

/* Rows of the card: the values of the kind that is asked, then a button for each other one. */
enum { ROW_VALUES = 0, ROW_KINDS = 2, ROW_WORKOUT = 3, ROW_HABITS = 4 };

struct measure {
	const char *label;
	double value;
};

struct note {
	const char *about, *text;
};

static const struct json_field measure_fields[] = {
	{ "label", JSON_TEXT, JSON_REQUIRED, offsetof(struct measure, label) },
	{ "value", JSON_DOUBLE, JSON_REQUIRED, offsetof(struct measure, value) },
	{ 0 },
};

static const struct json_field note_fields[] = {
	{ "about", JSON_TEXT, JSON_REQUIRED, offsetof(struct note, about),
	  .values = "energy mood sleep workout nutrition custom" },
	{ "text", JSON_TEXT, JSON_REQUIRED, offsetof(struct note, text) },
	{ 0 },
};

const struct json_field checkin_fields[] = {
	{ "day", JSON_TEXT, JSON_REQUIRED, offsetof(struct checkin_day, day) },
	{ "energy", JSON_DOUBLE, 0, offsetof(struct checkin_day, energy), .doc = "1 to 10" },
	{ "mood", JSON_DOUBLE, 0, offsetof(struct checkin_day, mood), .doc = "1 to 10" },
	{ "sleep", JSON_DOUBLE, 0, offsetof(struct checkin_day, sleep), .doc = "hours" },
	{ "nutrition", JSON_DOUBLE, 0, offsetof(struct checkin_day, nutrition), .doc = "1 to 10" },
	{ "workout", JSON_TEXT, 0, offsetof(struct checkin_day, workout), .values = "yes no" },
	{ "measures", JSON_OBJECTS, 0, offsetof(struct checkin_day, measures), .of = measure_fields,
	  .size = sizeof(struct measure) },
	{ "notes", JSON_OBJECTS, 0, offsetof(struct checkin_day, notes), .of = note_fields,
	  .size = sizeof(struct note) },
	{ "habits", JSON_OBJECTS, 0, offsetof(struct checkin_day, habits), .of = habit_fields,
	  .size = sizeof(struct habit_row) },
	{ 0 },
};

/* "6h30" of 6.5, "45min" of 0.75. */
static const char *hours_text(apr_pool_t *pool, double hours)
{
	long minutes = (long)(hours * 60 + 0.5);

	if (minutes < 60)
		return mem_fmt(pool, "%ldmin", minutes);
	return minutes % 60 ? mem_fmt(pool, "%ldh%02ld", minutes / 60, minutes % 60)
			    : mem_fmt(pool, "%ldh", minutes / 60);
}

static void note_value(struct checkin_day *d, const char *kind, double value)
{
	if (text_same(kind, "energy"))
		d->energy = value;
	if (text_same(kind, "mood"))
		d->mood = value;
	if (text_same(kind, "sleep"))
		d->sleep = value;
	if (text_same(kind, "nutrition"))
		d->nutrition = value;
	if (text_same(kind, "workout"))
		d->workout = value > 0 ? "yes" : "no";
}

/* The day as it is stored. */
static void day_read(struct req *req, const struct rows *rows, struct checkin_day *d)
{
	struct measure *measures = mem_alloc(req->pool, sizeof *measures * (size_t)(rows_count(rows) + 1));
	struct note *notes = mem_alloc(req->pool, sizeof *notes * (size_t)(rows_count(rows) + 1));

	d->measures.v = measures;
	d->notes.v = notes;
	for (int i = 0; i < rows_count(rows); i++) {
		const char *kind = rows_text(rows, i, COL_CHECKIN_DAY_KIND),
			   *label = rows_text(rows, i, COL_CHECKIN_DAY_LABEL),
			   *note = rows_text(rows, i, COL_CHECKIN_DAY_NOTE);
		double value = rows_double(rows, i, COL_CHECKIN_DAY_VALUE);
		bool valued = rows_bool(rows, i, COL_CHECKIN_DAY_VALUED);

		if (valued && text_same(kind, "custom"))
			measures[d->measures.n++] = (struct measure){ label, value };
		else if (valued)
			note_value(d, kind, value);
		if (*note)
			notes[d->notes.n++] = (struct note){ kind, note };
	}
}

static const char *value_text(struct req *req, const char *kind, double value)
{
	if (text_same(kind, "sleep"))
		return hours_text(req->pool, value);
	if (text_same(kind, "workout"))
		return tr(req->pool, req->lang, value > 0 ? "checkin.yes" : "checkin.no");
	if (text_same(kind, "mood") && value >= 1 && value <= 10)
		return mem_fmt(req->pool, "%g %s", value, faces[(int)value - 1]);
	return mem_fmt(req->pool, "%g", value);
}

/* What is known of the day, line by line. */
static void put_rows(struct req *req, const struct rows *rows, struct buf *html)
{
	apr_pool_t *pool = req->pool;

	for (int i = 0; i < rows_count(rows); i++) {
		const char *kind = rows_text(rows, i, COL_CHECKIN_DAY_KIND),
			   *label = rows_text(rows, i, COL_CHECKIN_DAY_LABEL),
			   *note = rows_text(rows, i, COL_CHECKIN_DAY_NOTE);
		bool valued = rows_bool(rows, i, COL_CHECKIN_DAY_VALUED);
		double value = rows_double(rows, i, COL_CHECKIN_DAY_VALUE);
		const char *name = tr(pool, req->lang, mem_fmt(pool, "checkin.kind.%s", kind)), *line = "";

		if (text_same(kind, "custom") && *label)
			name = mem_fmt(pool, "📝 %s", text_html(pool, label));
		if (valued)
			line = mem_fmt(pool, ": <b>%s</b> ✓", value_text(req, kind, value));
		if (*note)
			line = mem_fmt(pool, "%s%s<i>%s</i>", line, valued ? " · " : ": ",
				       text_html(pool, text_cut(pool, note, 200)));
		buf_fmt(html, "\n%s%s", name, line);
	}
}

static void put_habits(struct req *req, const struct habits *habits, struct buf *html)
{
	for (int i = 0; i < habits->n; i++)
		if (habits->v[i].period || habits->v[i].today)
			buf_fmt(html, "\n🌱 %s: <b>%s</b>", text_html(req->pool, habits->v[i].name),
				habit_progress(req, &habits->v[i]));
}

static void put_button(struct req *req, const struct checkin_day *d, int row, bool on, const char *label,
		       const char *name, const char *value, struct outcome *ret)
{
	outcome_button(req, ret, row, on ? mem_fmt(req->pool, "✓ %s", label) : label,
		       button_act(req->pool, "log_checkin", SLOT_S(name, value), SLOT_S("show", CHECKIN_NEXT),
				  SLOT_S("day", d->day)));
}

static bool near(double a, double b)
{
	return a - b < 0.01 && b - a < 0.01;
}

/* The values of one kind. */
static void put_values(struct req *req, const struct checkin_day *d, const char *kind, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	for (int n = 1; n <= 10 && text_same(kind, "energy"); n++)
		put_button(req, d, ROW_VALUES + (n - 1) / 5, near(d->energy, n), mem_fmt(pool, "⚡%d", n),
			   kind, mem_fmt(pool, "%d", n), ret);
	for (int n = 1; n <= 10 && text_same(kind, "mood"); n++)
		put_button(req, d, ROW_VALUES + (n - 1) / 5, near(d->mood, n), faces[n - 1], kind,
			   mem_fmt(pool, "%d", n), ret);
	for (int half = 9; half <= 18 && text_same(kind, "sleep"); half++)
		put_button(req, d, ROW_VALUES + (half - 9) / 5, near(d->sleep, half / 2.0),
			   mem_fmt(pool, "😴%s", hours_text(pool, half / 2.0)), kind,
			   mem_fmt(pool, "%d.%d", half / 2, half % 2 * 5), ret);
}

/* Opens the values of another kind. */
static void put_kind(struct req *req, const struct checkin_day *d, const char *kind, const char *ask, int row,
		     struct outcome *ret)
{
	if (!text_same(kind, ask))
		outcome_button(req, ret, row,
			       tr(req->pool, req->lang, mem_fmt(req->pool, "checkin.kind.%s", kind)),
			       button_act(req->pool, "log_checkin", SLOT_S("show", kind),
					  SLOT_S("day", d->day)));
}

static void put_buttons(struct req *req, const struct checkin_day *d, const char *ask, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	put_values(req, d, ask, ret);
	put_kind(req, d, "energy", ask, ROW_KINDS, ret);
	put_kind(req, d, "mood", ask, ROW_KINDS, ret);
	put_kind(req, d, "sleep", ask, ROW_KINDS, ret);
	if (!d->workout || !text_same(d->workout, "yes"))
		put_button(req, d, ROW_WORKOUT, false, tr(pool, req->lang, "button.workout"), "workout",
			   "yes", ret);
	if (!d->workout || !text_same(d->workout, "no"))
		put_button(req, d, ROW_WORKOUT, false, tr(pool, req->lang, "button.no_workout"), "rest_day",
			   "yes", ret);
}

/* The first kind with values that is not known; "" when all are. */
static const char *next_kind(const struct checkin_day *d)
{
	if (near(d->energy, 0))
		return "energy";
	if (near(d->mood, 0))
		return "mood";
	return near(d->sleep, 0) ? "sleep" : "";
}

err_t *checkin_card(struct req *req, struct tx *tx, const char *day, const char *lead, const char *ask,
		    struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct checkin_day d = { .day = day };
	struct habits habits;
	struct rows *rows;
	struct when when;
	size_t begun;

	ERR(tx_exec(tx, STMT_CHECKIN_DAY, PG_ARGS(PG_TEXT(day)), &rows));
	ERR(habits_of(req, tx, day, &habits));
	if (!when_read(req, day, &when))
		return err_new(ERR_INVALID, "\"day\": not a day like 2026-11-30");
	if (lead)
		buf_fmt(&html, "%s\n\n", lead);
	buf_text(&html, tr(req->pool, req->lang, "checkin.head", SLOT_S("day", when_text(req, &when))));
	begun = html.n;
	day_read(req, rows, &d);
	d.habits = habits_list(&habits);
	outcome_data(req, ret, checkin_fields, &d);
	put_rows(req, rows, &html);
	put_habits(req, &habits, &html);
	if (html.n == begun)
		buf_text(&html, tr(req->pool, req->lang, "checkin.empty"));
	if (text_same(ask, CHECKIN_NEXT))
		ask = next_kind(&d);
	if (*ask)
		buf_fmt(&html, "\n\n%s",
			tr(req->pool, req->lang, mem_fmt(req->pool, "checkin.asks.%s", ask)));
	put_buttons(req, &d, ask, ret);
	if (text_same(ask, "habits"))
		habit_buttons(req, &habits, day, ask, ROW_HABITS, ret);
	else if (habits.n)
		put_kind(req, &d, "habits", ask, ROW_WORKOUT, ret);
	ret->html = html.p;
	return buf_check(&html);
}

err_t *checkin_open(struct tx *tx, const char *day, bool *ret_open)
{
	struct rows *rows;
	int known = 0;

	ERR(tx_exec(tx, STMT_CHECKIN_DAY, PG_ARGS(PG_TEXT(day)), &rows));
	for (int i = 0; i < rows_count(rows); i++)
		known += rows_bool(rows, i, COL_CHECKIN_DAY_VALUED) &&
			 text_has_word("energy mood sleep workout", rows_text(rows, i, COL_CHECKIN_DAY_KIND));
	*ret_open = known < 4;
	return NULL;
}
