/* The kinds whose axis is days. */
#include "ml/chart/chart_scale.h"
#include "ml/chart/draw/draw_part.h"
#include <math.h>

enum { WEEK_PLOT = 130, NAMES = 42, LEGEND = 26, PANEL = 88, PANEL_HEAD = 24, AXIS = 30, TICKS = 3 };
enum { WEEK_HEAD = 20, NUMBERED_DAYS = 14, NAMED_DAYS = 10 };

/* An axis of days, from x on. */
struct days_axis {
	const struct chart *chart;
	double x, wide, slot; /* slot: of one day */
};

static struct days_axis days_axis(const struct chart *chart, double x, double wide)
{
	return (struct days_axis){ chart, x, wide, wide / (double)(chart->days ? chart->days : 1) };
}

static double days_middle(const struct days_axis *axis, size_t i)
{
	return axis->x + axis->slot * ((double)i + .5);
}

static bool day_at(const struct days_axis *axis, size_t i, struct tm *ret)
{
	return chart_scale_day(axis->chart->first, (int)i, ret);
}

static void days_weekends(struct pen *pen, const struct days_axis *axis, double top, double foot)
{
	struct tm day;

	pen_ink(pen, INK_SHADE);
	for (size_t i = 0; i < axis->chart->days; i++)
		if (day_at(axis, i, &day) && chart_scale_weekday(&day) >= 5)
			pen_box(pen, axis->x + axis->slot * (double)i, top,
				axis->slot + (chart_scale_weekday(&day) == 5 && i + 1 < axis->chart->days
						      ? .5
						      : 0),
				foot - top, 0);
}

static const char *weekday_name(struct pen *pen, const struct tm *day)
{
	return tr(pen->pool, pen->lang, mem_fmt(pen->pool, "chart.weekday.%d", chart_scale_weekday(day)));
}

/* A few: each day with its number; many: the dates of Mondays, as many as have room. */
static void days_names(struct pen *pen, const struct days_axis *axis, double foot)
{
	size_t days = axis->chart->days;
	double free_x = axis->x - 10;
	struct tm day;

	for (size_t i = 0; i < days; i++) {
		double x = days_middle(axis, i);
		const char *date;

		if (!day_at(axis, i, &day))
			return;
		if (days <= NAMED_DAYS) {
			pen_text(pen, SMALL, INK_MUTED, CENTRE, x, foot + 17, weekday_name(pen, &day));
			pen_text(pen, SMALL, INK_MUTED, CENTRE, x, foot + 34,
				 mem_fmt(pen->pool, "%d", day.tm_mday));
			continue;
		}
		date = chart_scale_date(pen->pool, pen->lang, &day);
		if (chart_scale_weekday(&day) != 0 || x - pen_width(pen, SMALL, date) / 2 < free_x ||
		    x + pen_width(pen, SMALL, date) / 2 > WIDE - 4)
			continue;
		pen_ink(pen, INK_RULE);
		pen_line(pen, x, foot, x, foot + 4, 1);
		pen_text(pen, SMALL, INK_MUTED, CENTRE, x, foot + 18, date);
		pen_text(pen, SMALL, INK_MUTED, CENTRE, x, foot + 34, weekday_name(pen, &day));
		free_x = x + pen_width(pen, SMALL, date) / 2 + 12;
	}
}

static double largest(const double *v, size_t n)
{
	double max = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]) && v[i] > max)
			max = v[i];
	return max;
}

/* --- tasks --- */

double draw_week_height(struct pen *pen, const struct chart *chart)
{
	(void)pen;
	(void)chart;
	return WEEK_HEAD + WEEK_PLOT + NAMES + LEGEND;
}

/* One of a day's two bars: what was due is an outline, what was done is filled, so that no colour is needed to tell. */
static void week_bar(struct pen *pen, const struct days_axis *axis, size_t i, int which, double foot,
		     double unit)
{
	double value = axis->chart->count[which][i], w = fmin(18, axis->slot * .38), h = value * unit;
	double x = days_middle(axis, i) + (which ? 1 : -1 - w);

	if (isnan(value))
		return;
	pen_ink(pen, which ? INK_GOOD : INK_MUTED);
	if (which && value > 0)
		pen_box(pen, x, foot - h, w, h, 2);
	else if (value > 0)
		pen_frame(pen, x, foot - h, w, h, 2, 1.5);
	if (axis->chart->days <= NUMBERED_DAYS)
		pen_text(pen, SMALL, which ? INK_TEXT : INK_MUTED, CENTRE, x + w / 2, foot - h - 5,
			 chart_scale_number(pen->pool, pen->lang, value, 1));
}

static double legend(struct pen *pen, double x, double y, bool filled, const char *key)
{
	const char *text = tr(pen->pool, pen->lang, key);

	pen_ink(pen, filled ? INK_GOOD : INK_MUTED);
	if (filled)
		pen_box(pen, x, y - 11, 12, 12, 2);
	else
		pen_frame(pen, x, y - 11, 12, 12, 2, 1.5);
	pen_text(pen, BODY, INK_TEXT, LEFT, x + 19, y, text);
	return x + 19 + pen_width(pen, BODY, text) + 24;
}

void draw_week(struct pen *pen, const struct chart *chart, double top)
{
	struct days_axis axis = days_axis(chart, MARGIN, WIDE - 2 * MARGIN);
	double foot = top + WEEK_HEAD + WEEK_PLOT, x;
	double max = fmax(largest(chart->count[0], chart->days), largest(chart->count[1], chart->days));

	days_weekends(pen, &axis, top, foot);
	pen_ink(pen, INK_RULE);
	pen_line(pen, MARGIN, foot, WIDE - MARGIN, foot, 1.5);
	for (size_t i = 0; i < chart->days; i++)
		for (int s = 0; s < CHART_SERIES; s++)
			week_bar(pen, &axis, i, s, foot, WEEK_PLOT / fmax(max, 1));
	days_names(pen, &axis, foot);
	x = legend(pen, MARGIN, foot + NAMES + 18, false, "chart.due");
	legend(pen, x, foot + NAMES + 18, true, "chart.done");
}

/* --- sleep and energy --- */

double draw_energy_height(struct pen *pen, const struct chart *chart)
{
	(void)pen;
	(void)chart;
	return 2 * (PANEL_HEAD + PANEL) + 16 + NAMES;
}

/* One series over the days, with a scale of its own. */
struct panel {
	struct pen *pen;
	struct days_axis axis;
	const double *v;
	double foot, low, high; /* values at foot and at the top */
};

static double y_of(const struct panel *p, double value)
{
	double part = (value - p->low) / (p->high - p->low);

	return p->foot - PANEL * fmin(1, fmax(0, part));
}

static void panel_head(const struct panel *p, const char *key, enum ink ink)
{
	struct pen *pen = p->pen;
	double sum = 0, y = p->foot - PANEL - 9;
	int n = 0;
	const char *mean;

	for (size_t i = 0; i < p->axis.chart->days; i++)
		if (!isnan(p->v[i])) {
			sum += p->v[i];
			n++;
		}
	pen_text(pen, BODY, ink, LEFT, MARGIN, y, tr(pen->pool, pen->lang, key));
	if (!n)
		return;
	mean = tr(pen->pool, pen->lang, "chart.mean",
		  SLOT_S("value", chart_scale_number(pen->pool, pen->lang, sum / n, 1)));
	pen_text(pen, BODY, INK_TEXT, RIGHT, WIDE - MARGIN, y, mean);
}

static void panel_tick(const struct panel *p, double value)
{
	double y = y_of(p, value);

	pen_ink(p->pen, INK_RULE);
	pen_line(p->pen, p->axis.x, y, p->axis.x + p->axis.wide, y, 1);
	pen_text(p->pen, SMALL, INK_MUTED, RIGHT, p->axis.x - 7, y + 4.5,
		 chart_scale_number(p->pen->pool, p->pen->lang, value, 1));
}

static void sleep_bars(const struct panel *p)
{
	double w = fmax(1.5, fmin(20, p->axis.slot * .66));

	pen_ink(p->pen, INK_ONE);
	for (size_t i = 0; i < p->axis.chart->days; i++)
		if (!isnan(p->v[i]))
			pen_box(p->pen, days_middle(&p->axis, i) - w / 2, y_of(p, p->v[i]), w,
				p->foot - y_of(p, p->v[i]), 2);
}

/* Days that follow each other are joined; over a day without a note there is no line. */
static void energy_line(const struct panel *p)
{
	double r = fmax(2, fmin(4.5, p->axis.slot * .3));

	pen_ink(p->pen, INK_TWO);
	for (size_t i = 0; i < p->axis.chart->days; i++) {
		double x = days_middle(&p->axis, i);

		if (isnan(p->v[i]))
			continue;
		if (i && !isnan(p->v[i - 1]))
			pen_line(p->pen, days_middle(&p->axis, i - 1), y_of(p, p->v[i - 1]), x,
				 y_of(p, p->v[i]), 2);
		pen_dot(p->pen, x, y_of(p, p->v[i]), r);
	}
}

void draw_energy(struct pen *pen, const struct chart *chart, double top)
{
	struct days_axis axis = days_axis(chart, MARGIN + AXIS - 6, WIDE - 2 * MARGIN - AXIS + 6);
	double most = fmax(8, largest(chart->count[0], chart->days));
	double step = most <= 12 ? 4 : chart_scale_step(most, TICKS, 4);
	struct panel slept = { pen, axis, chart->count[0], top + PANEL_HEAD + PANEL, 0, most * 1.04 };
	struct panel energy = { pen, axis, chart->count[1], slept.foot + 16 + PANEL_HEAD + PANEL, 1, 10 };

	days_weekends(pen, &axis, slept.foot - PANEL, slept.foot);
	days_weekends(pen, &axis, energy.foot - PANEL, energy.foot);
	for (double t = 0; t <= most; t += step)
		panel_tick(&slept, t);
	panel_tick(&energy, 1);
	panel_tick(&energy, 5);
	panel_tick(&energy, 10);
	panel_head(&slept, "chart.sleep", INK_ONE);
	panel_head(&energy, "chart.energy", INK_TWO);
	sleep_bars(&slept);
	energy_line(&energy);
	days_names(pen, &axis, energy.foot);
}
