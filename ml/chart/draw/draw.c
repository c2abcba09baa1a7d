#include "ml/chart/draw/draw.h"

#include "ml/chart/chart_scale.h"
#include "ml/chart/draw/draw_part.h"

enum { SCALE = 2, TITLE_Y = 36, SPAN_Y = 57, NOTE_LINES = 3, FOOT = 18, EMPTY_LINES = 6 };

struct body {
	double (*height)(struct pen *pen, const struct chart *chart);
	void (*run)(struct pen *pen, const struct chart *chart, double top);
};

static const struct body bodies[CHART_KINDS] = {
	[CHART_WEEK] = { draw_week_height, draw_week },
	[CHART_ENERGY] = { draw_energy_height, draw_energy },
	[CHART_HOURS] = { draw_hours_height, draw_hours },
	[CHART_HABITS] = { draw_habits_height, draw_habits },
	[CHART_EFFECTS] = { draw_effects_height, draw_effects },
};

/* A picture under way. */
struct page {
	struct pen pen;
	const struct chart *chart;
	const char *span; /* which days; NULL: none */
	const char *title, *lines[PEN_LINES];
	int lines_n;
	bool empty;
	double top, height; /* of the body */
};

static const char *span_of(struct pen *pen, const struct chart *chart)
{
	struct tm from, to;

	if (!chart->first || !chart->days || !chart_scale_day(chart->first, 0, &from) ||
	    !chart_scale_day(chart->first, (int)chart->days - 1, &to))
		return NULL;
	return tr(pen->pool, chart->lang, "chart.span",
		  SLOT_S("from", chart_scale_date(pen->pool, chart->lang, &from)),
		  SLOT_S("to", chart_scale_date(pen->pool, chart->lang, &to)));
}

/* What goes where, before there is a paper of that size. */
static void plan(struct page *page)
{
	struct pen *pen = &page->pen;
	const struct chart *chart = page->chart;
	const char *note = chart->note;

	page->empty = chart_empty(chart);
	page->title = chart->title ? chart->title
				   : tr(pen->pool, chart->lang,
					mem_fmt(pen->pool, "chart.title.%s", chart_kind_name(chart->kind)));
	page->span = page->empty ? NULL : span_of(pen, chart);
	page->top = page->span ? SPAN_Y + 12 : TITLE_Y + 14;
	if (page->empty && !note)
		note = tr(pen->pool, chart->lang, "chart.nothing");
	if (note)
		page->lines_n = pen_wrap(pen, BODY, WIDE - 2 * MARGIN, page->empty ? EMPTY_LINES : NOTE_LINES,
					 pen_clean(pen, note), page->lines);
	page->height = page->empty ? 8 : bodies[chart->kind].height(pen, chart);
}

static double height_of(const struct page *page)
{
	double note = page->lines_n ? 8 + page->lines_n * pen_leading(BODY) : 0;

	return page->top + page->height + note + FOOT;
}

static void write_page(struct page *page)
{
	struct pen *pen = &page->pen;
	double y = page->top + page->height + 8;

	pen_ink(pen, INK_PAPER);
	cairo_paint(pen->cr);
	pen_text(pen, HEAD, INK_TEXT, LEFT, MARGIN, TITLE_Y,
		 pen_fit(pen, HEAD, WIDE - 2 * MARGIN, pen_clean(pen, page->title)));
	if (page->span)
		pen_text(pen, BODY, INK_MUTED, LEFT, MARGIN, SPAN_Y, page->span);
	if (!page->empty)
		bodies[page->chart->kind].run(pen, page->chart, page->top);
	for (int i = 0; i < page->lines_n; i++) {
		y += pen_leading(BODY);
		pen_text(pen, BODY, page->empty ? INK_TEXT : INK_MUTED, LEFT, MARGIN, y - 4, page->lines[i]);
	}
}

static void paper(struct page *page, double height, cairo_surface_t **ret)
{
	cairo_font_options_t *options = cairo_font_options_create();

	*ret = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDE * SCALE, (int)height * SCALE);
	page->pen.cr = cairo_create(*ret);
	/* The phone shows it at a size of its own: neither its subpixels nor ours. */
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_set_font_options(page->pen.cr, options);
	cairo_font_options_destroy(options);
	cairo_scale(page->pen.cr, SCALE, SCALE);
}

err_t *draw(apr_pool_t *pool, const struct chart *chart, cairo_surface_t **ret)
{
	struct page page = { .pen = { NULL, pool, chart->lang, chart->theme }, .chart = chart };
	cairo_surface_t *surface;
	cairo_status_t status;
	bool letters;

	paper(&page, 1, &surface); /* to measure letters on */
	letters = pen_ready(&page.pen);
	if (letters)
		plan(&page);
	cairo_destroy(page.pen.cr);
	cairo_surface_destroy(surface);
	if (!letters)
		return err_new(ERR_NOT_FOUND, "no letters to draw with: is fonts-dejavu-core installed?");
	paper(&page, height_of(&page), &surface);
	write_page(&page);
	status = cairo_status(page.pen.cr);
	cairo_destroy(page.pen.cr);
	if (status != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		return err_new(ERR_INTERNAL, "cairo: %s", cairo_status_to_string(status));
	}
	*ret = surface;
	return NULL;
}
