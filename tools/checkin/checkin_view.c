#include "tools/checkin/checkin_view.h"

#include "core/limits.h"
#include "core/text.h"
#include "tools/habit/habit_view.h"
#include "tools/when.h"

static const char *const faces[] = { "😭", "😢", "😟", "😕", "😐", "🙂", "😊", "😄", "😁", "🤩" };

/* Rows of the card. */
enum { ROW_ENERGY = 0, ROW_MOOD = 2, ROW_SLEEP = 4, ROW_WORKOUT = 6, ROW_HABITS = 7 };

struct day {
	const char *day;
	double energy, mood, sleep, workout; /* below 0: not filled in */
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

static void note_value(struct day *d, const char *kind, double value)
{
	if (text_same(kind, "energy"))
		d->energy = value;
	if (text_same(kind, "mood"))
		d->mood = value;
	if (text_same(kind, "sleep"))
		d->sleep = value;
	if (text_same(kind, "workout"))
		d->workout = value;
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

/* What is known of the day, line by line, and the values in d and data. */
static void put_rows(struct req *req, const struct rows *rows, struct day *d, struct buf *html,
		     struct json *data)
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
		if (valued) {
			line = mem_fmt(pool, ": <b>%s</b> ✓", value_text(req, kind, value));
			note_value(d, kind, value);
			json_set_double(data, *label ? label : kind, value);
		}
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

static void put_button(struct req *req, const struct day *d, int row, bool on, const char *label,
		       const char *arg, struct outcome *ret)
{
	outcome_button(req, ret, row, on ? mem_fmt(req->pool, "✓ %s", label) : label,
		       mem_fmt(req->pool, "t:log_checkin:%s&day=%s", arg, d->day));
}

static bool near(double a, double b)
{
	return a - b < 0.01 && b - a < 0.01;
}

static void put_buttons(struct req *req, const struct day *d, struct outcome *ret)
{
	apr_pool_t *pool = req->pool;

	for (int n = 1; n <= 10; n++)
		put_button(req, d, ROW_ENERGY + (n - 1) / 5, near(d->energy, n), mem_fmt(pool, "⚡%d", n),
			   mem_fmt(pool, "energy=%d", n), ret);
	for (int n = 1; n <= 10; n++)
		put_button(req, d, ROW_MOOD + (n - 1) / 5, near(d->mood, n), faces[n - 1],
			   mem_fmt(pool, "mood=%d", n), ret);
	for (int half = 10; half <= 18; half++)
		put_button(req, d, ROW_SLEEP + (half - 10) / 5, near(d->sleep, half / 2.0),
			   mem_fmt(pool, "😴%s", hours_text(pool, half / 2.0)),
			   mem_fmt(pool, "sleep=%d.%d", half / 2, half % 2 * 5), ret);
	put_button(req, d, ROW_WORKOUT, near(d->workout, 1), tr(pool, req->lang, "button.workout"),
		   "workout=yes", ret);
	put_button(req, d, ROW_WORKOUT, near(d->workout, 0), tr(pool, req->lang, "button.no_workout"),
		   "rest_day=yes", ret);
}

err_t *checkin_card(struct req *req, struct tx *tx, const char *day, const char *lead, struct outcome *ret)
{
	struct buf html = buf_new(req->pool, LIMIT_MESSAGE_BYTES);
	struct day d = { day, -1, -1, -1, -1 };
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
	ret->data = json_object(req->pool);
	json_set_text(ret->data, "day", day);
	put_rows(req, rows, &d, &html, ret->data);
	put_habits(req, &habits, &html);
	if (html.n == begun)
		buf_text(&html, tr(req->pool, req->lang, "checkin.empty"));
	put_buttons(req, &d, ret);
	habit_buttons(req, &habits, day, false, ROW_HABITS, ret);
	ret->html = html.p;
	return buf_check(&html);
}
