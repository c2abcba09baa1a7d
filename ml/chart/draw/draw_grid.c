/* The kinds that are squares: hours of the week, and habits. */
#include "ml/chart/chart_scale.h"
#include "ml/chart/draw/draw_part.h"
#include <math.h>
#include <string.h>

enum { DAY_NAMES = 38, ROW = 22, HOUR_NAMES = 24, KEY = 28, KEY_STEPS = 4 };
enum { HABIT_HEAD = 24, HABIT_COUNT = 17, HABIT_GAP = 16, FEW = 2, COLUMN_GAP = 20, KEY_LINE = 21 };

static const char *weekday(struct pen *pen, int day)
{
	return tr(pen->pool, pen->lang, mem_fmt(pen->pool, "chart.weekday.%d", day));
}

/* --- hours --- */

double draw_hours_height(struct pen *pen, const struct chart *chart)
{
	(void)pen;
	(void)chart;
	return CHART_WEEKDAYS * ROW + HOUR_NAMES + KEY;
}

static int64_t busiest(const struct chart *chart)
{
	int64_t max = 0;

	for (int d = 0; d < CHART_WEEKDAYS; d++)
		for (int h = 0; h < CHART_HOURS_DAY; h++)
			if (chart->hours[d][h] > max)
				max = chart->hours[d][h];
	return max;
}

/* How much of the ink a count is worth: one is seen already. */
static double strength(int64_t count, int64_t max)
{
	return count ? .22 + .78 * (double)(count - 1) / (double)(max > 1 ? max - 1 : 1) : 0;
}

static void hours_key(struct pen *pen, int64_t max, double y)
{
	double x = WIDE - MARGIN;
	int64_t steps = max < KEY_STEPS ? max : KEY_STEPS;
	const char *most = mem_fmt(pen->pool, "%lld", (long long)max);

	pen_text(pen, SMALL, INK_MUTED, RIGHT, x, y, most);
	x -= pen_width(pen, SMALL, most) + 6;
	for (int64_t i = steps; i >= 0; i--) {
		x -= 17;
		pen_blend(pen, INK_TWO, strength((i * max + steps - 1) / (steps ? steps : 1), max));
		pen_box(pen, x, y - 11, 14, 13, 2);
	}
	pen_text(pen, SMALL, INK_MUTED, RIGHT, x - 6, y, "0");
	pen_text(pen, SMALL, INK_MUTED, LEFT, MARGIN, y, tr(pen->pool, pen->lang, "chart.per_hour"));
}

void draw_hours(struct pen *pen, const struct chart *chart, double top)
{
	double x0 = MARGIN + DAY_NAMES, w = (WIDE - MARGIN - x0) / CHART_HOURS_DAY;
	double foot = top + CHART_WEEKDAYS * ROW;
	int64_t max = busiest(chart);

	for (int d = 0; d < CHART_WEEKDAYS; d++) {
		pen_text(pen, SMALL, INK_MUTED, LEFT, MARGIN, top + d * ROW + 15, weekday(pen, d));
		for (int h = 0; h < CHART_HOURS_DAY; h++) {
			pen_blend(pen, INK_TWO, strength(chart->hours[d][h], max));
			pen_box(pen, x0 + h * w + .75, top + d * ROW + .75, w - 1.5, ROW - 1.5, 2);
		}
	}
	for (int h = 0; h < CHART_HOURS_DAY; h += 6)
		pen_text(pen, SMALL, INK_MUTED, LEFT, x0 + h * w + 1, foot + 17,
			 tr(pen->pool, pen->lang, "chart.hour", SLOT_S("hour", mem_fmt(pen->pool, "%d", h))));
	hours_key(pen, max, foot + HOUR_NAMES + 20);
}

/* --- habits --- */

/* Where the squares of one habit go. */
struct calendar {
	double x, y, side; /* of the first, and from one to the next */
	double wide;       /* that the name has */
	double head;       /* height of the name and the count, which is beside it or below */
	int shift;         /* weekday of the first day */
	int weeks;
};

static int first_weekday(const struct chart *chart)
{
	struct tm day;

	return chart_scale_day(chart->first, 0, &day) ? chart_scale_weekday(&day) : 0;
}

static bool few(const struct chart *chart)
{
	return chart->habits_n <= FEW;
}

static struct calendar calendar_of(const struct chart *chart)
{
	struct calendar c = { .shift = first_weekday(chart) };
	double room;

	c.weeks = (c.shift + (int)chart->days + 6) / 7;
	c.wide = few(chart) ? WIDE - 2 * MARGIN : (WIDE - 2 * MARGIN - COLUMN_GAP) / 2.0;
	room = c.wide - (few(chart) ? DAY_NAMES : 0);
	c.head = few(chart) ? HABIT_HEAD : HABIT_HEAD + HABIT_COUNT;
	c.side = fmin(few(chart) ? 22 : 15, room / c.weeks);
	return c;
}

static double calendar_height(const struct calendar *c)
{
	return c->head + 7 * c->side + HABIT_GAP;
}

double draw_habits_height(struct pen *pen, const struct chart *chart)
{
	struct calendar c = calendar_of(chart);
	size_t rows = few(chart) ? chart->habits_n : (chart->habits_n + 1) / 2;

	(void)pen;
	return (double)rows * calendar_height(&c) + 2 * KEY_LINE;
}

/* Told apart by shape: full, hollow, a dot. */
static void mark(struct pen *pen, char what, double x, double y, double side)
{
	double gap = side > 10 ? 1.5 : .75;

	switch (what) {
	case 'k':
		pen_ink(pen, INK_GOOD);
		pen_box(pen, x + gap, y + gap, side - 2 * gap, side - 2 * gap, 3);
		return;
	case 'm':
		pen_ink(pen, INK_TWO);
		pen_frame(pen, x + gap, y + gap, side - 2 * gap, side - 2 * gap, 3, 1.5);
		return;
	case 'n':
		pen_ink(pen, INK_RULE);
		pen_dot(pen, x + side / 2, y + side / 2, fmin(2.5, side / 5));
		return;
	default: return;
	}
}

static void habit_head(struct pen *pen, const struct calendar *c, const struct chart_habit *habit)
{
	int64_t kept = habit->kept, due = habit->due;
	const char *count;
	double wide;
	bool below;

	for (const char *m = habit->marks; !habit->due && *m; m++) {
		kept += *m == 'k';
		due += *m == 'k' || *m == 'm';
	}
	count = tr(pen->pool, pen->lang, "chart.kept_of",
		   SLOT_S("kept", mem_fmt(pen->pool, "%lld", (long long)kept)),
		   SLOT_S("due", mem_fmt(pen->pool, "%lld", (long long)due)));
	below = c->head > HABIT_HEAD;
	wide = below ? c->wide : c->wide - pen_width(pen, SMALL, count) - 8;
	pen_text(pen, SMALL, INK_MUTED, below ? LEFT : RIGHT, below ? c->x : c->x + c->wide,
		 c->y + (below ? 15 + HABIT_COUNT : 15), count);
	pen_text(pen, BODY, INK_TEXT, LEFT, c->x, c->y + 15,
		 pen_fit(pen, BODY, wide, pen_clean(pen, habit->name)));
}

static void habit(struct pen *pen, const struct chart *chart, const struct calendar *c,
		  const struct chart_habit *h)
{
	double x = c->x + (few(chart) ? DAY_NAMES : 0), y = c->y + c->head;

	habit_head(pen, c, h);
	for (int d = 0; few(chart) && d < 7; d += 2)
		pen_text(pen, SMALL, INK_MUTED, LEFT, c->x, y + (d + .5) * c->side + 4.5, weekday(pen, d));
	for (size_t i = 0; h->marks[i]; i++) {
		int at = c->shift + (int)i;

		mark(pen, h->marks[i], x + at / 7 * c->side, y + at % 7 * c->side, c->side);
	}
}

static double key_of(struct pen *pen, char what, const char *key, double x, double y)
{
	const char *text = tr(pen->pool, pen->lang, key);

	mark(pen, what, x, y - 12, 15);
	pen_text(pen, SMALL, INK_TEXT, LEFT, x + 20, y, text);
	return x + 20 + pen_width(pen, SMALL, text) + 18;
}

void draw_habits(struct pen *pen, const struct chart *chart, double top)
{
	struct calendar c = calendar_of(chart);
	int columns = few(chart) ? 1 : 2;
	double x = MARGIN, y = top + draw_habits_height(pen, chart) - KEY_LINE - 4;

	for (size_t i = 0; i < chart->habits_n; i++) {
		c.x = MARGIN + (double)(i % (size_t)columns) * (c.wide + COLUMN_GAP);
		c.y = top + (double)(i / (size_t)columns) * calendar_height(&c);
		habit(pen, chart, &c, &chart->habits[i]);
	}
	x = key_of(pen, 'k', "chart.kept", x, y);
	x = key_of(pen, 'm', "chart.missed", x, y);
	key_of(pen, 'n', "chart.not_due", x, y);
	pen_text(pen, SMALL, INK_MUTED, LEFT, MARGIN, y + KEY_LINE,
		 tr(pen->pool, pen->lang, "chart.habits_key"));
}
