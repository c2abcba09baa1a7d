/* What goes together: a point, its interval, and zero. */
#include "core/text.h"
#include "ml/chart/chart_scale.h"
#include "ml/chart/draw/draw_part.h"
#include <math.h>

enum { LABEL_LINES = 2, BAR = 30, WORDS = 22, GAP = 14, KEY = 40, KEY_LINES = 2 };

/* One scale for all where they are of one unit; else each has its own. */
static bool one_unit(const struct chart *chart)
{
	for (size_t i = 1; i < chart->effects_n; i++)
		if (!text_same(chart->effects[i].unit, chart->effects[0].unit))
			return false;
	return true;
}

static double reach(const struct chart_effect *e)
{
	return fmax(fabs(e->low), fabs(e->high));
}

/* The value at either end of the scale; zero is in the middle. */
static double scale_of(const struct chart *chart, const struct chart_effect *e)
{
	double max = reach(e);

	if (!e->unit)
		return fmax(1, max);
	for (size_t i = 0; one_unit(chart) && i < chart->effects_n; i++)
		max = fmax(max, reach(&chart->effects[i]));
	return max > 0 ? max * 1.1 : 1;
}

static int label_of(struct pen *pen, const struct chart_effect *e, const char **ret_lines)
{
	return pen_wrap(pen, BODY, WIDE - 2 * MARGIN, LABEL_LINES, pen_clean(pen, e->label), ret_lines);
}

static double height_of(struct pen *pen, const struct chart_effect *e)
{
	const char *lines[PEN_LINES];

	return label_of(pen, e, lines) * pen_leading(BODY) + WORDS + BAR + GAP;
}

double draw_effects_height(struct pen *pen, const struct chart *chart)
{
	double height = KEY;

	for (size_t i = 0; i < chart->effects_n; i++)
		height += height_of(pen, &chart->effects[i]);
	return height;
}

static const char *number(struct pen *pen, double value)
{
	const char *text = chart_scale_fixed(pen->pool, pen->lang, value, fabs(value) < 10 ? 2 : 0);

	return value > 0 ? mem_fmt(pen->pool, "+%s", text) : text;
}

static const char *words_of(struct pen *pen, const struct chart_effect *e)
{
	const char *unit = e->unit ? pen_clean(pen, e->unit) : tr(pen->pool, pen->lang, "chart.correlation");
	const char *interval =
		tr(pen->pool, pen->lang, "chart.interval", SLOT_S("effect", number(pen, e->effect)),
		   SLOT_S("low", number(pen, e->low)), SLOT_S("high", number(pen, e->high)));

	return mem_fmt(pen->pool, "%s %s", interval, unit);
}

static void interval(struct pen *pen, const struct chart_effect *e, double scale, double y)
{
	double half = (WIDE - 2 * MARGIN) / 2.0, middle = WIDE / 2.0;
	enum ink ink = e->low > 0 || e->high < 0 ? INK_GOOD : INK_MUTED;

	pen_ink(pen, INK_SHADE);
	pen_box(pen, MARGIN, y - BAR / 2.0 + 2, 2 * half, BAR - 4, 4);
	pen_ink(pen, INK_TEXT);
	pen_line(pen, middle, y - BAR / 2.0, middle, y + BAR / 2.0, 1.5);
	pen_ink(pen, ink);
	pen_line(pen, middle + half * e->low / scale, y, middle + half * e->high / scale, y, 4);
	pen_dot(pen, middle + half * e->effect / scale, y, 7);
}

void draw_effects(struct pen *pen, const struct chart *chart, double top)
{
	const char *lines[PEN_LINES];
	double y = top;
	int n;

	for (size_t i = 0; i < chart->effects_n; i++) {
		const struct chart_effect *e = &chart->effects[i];
		const char *days = tr(pen->pool, pen->lang, "chart.days_n",
				      SLOT_S("n", mem_fmt(pen->pool, "%lld", (long long)e->n)));

		n = label_of(pen, e, lines);
		for (int k = 0; k < n; k++)
			pen_text(pen, BODY, INK_TEXT, LEFT, MARGIN, y + (k + 1) * pen_leading(BODY) - 5,
				 lines[k]);
		y += n * pen_leading(BODY);
		pen_text(pen, SMALL, INK_MUTED, RIGHT, WIDE - MARGIN, y + 14, days);
		pen_text(pen, SMALL, INK_MUTED, LEFT, MARGIN, y + 14,
			 pen_fit(pen, SMALL, WIDE - 2 * MARGIN - pen_width(pen, SMALL, days) - 10,
				 words_of(pen, e)));
		y += WORDS + BAR / 2.0;
		interval(pen, e, scale_of(chart, e), y);
		y += BAR / 2.0 + GAP;
	}
	n = pen_wrap(pen, SMALL, WIDE - 2 * MARGIN, KEY_LINES, tr(pen->pool, pen->lang, "chart.effects_key"),
		     lines);
	for (int k = 0; k < n; k++)
		pen_text(pen, SMALL, INK_MUTED, LEFT, MARGIN, y + 10 + k * pen_leading(SMALL), lines[k]);
}
