#include "ml/chart/draw/pen.h"

#include "core/text.h"
#include <math.h>
#include <string.h>

#define FAMILY "DejaVu Sans" /* Debian: fonts-dejavu-core */

/* Okabe and Ito's blue, orange and green, which colour-blind people tell apart; lighter on the dark paper. */
static const unsigned inks[CHART_THEMES][INKS] = {
	[CHART_DARK] = { [INK_PAPER] = 0x1b2733,
			 [INK_SHADE] = 0x263543,
			 [INK_RULE] = 0x3a4b5a,
			 [INK_MUTED] = 0xaebcc9,
			 [INK_TEXT] = 0xf1f5f8,
			 [INK_ONE] = 0x56b4e9,
			 [INK_TWO] = 0xf0a830,
			 [INK_GOOD] = 0x2cc29a },
	[CHART_LIGHT] = { [INK_PAPER] = 0xffffff,
			  [INK_SHADE] = 0xedf1f4,
			  [INK_RULE] = 0xcdd6dd,
			  [INK_MUTED] = 0x51616f,
			  [INK_TEXT] = 0x17222c,
			  [INK_ONE] = 0x0072b2,
			  [INK_TWO] = 0xc25400,
			  [INK_GOOD] = 0x008a66 },
};

static const struct {
	double size;
	cairo_font_weight_t weight;
} fonts[FONTS] = { [SMALL] = { 12.5, CAIRO_FONT_WEIGHT_NORMAL },
		   [BODY] = { 14, CAIRO_FONT_WEIGHT_NORMAL },
		   [HEAD] = { 19, CAIRO_FONT_WEIGHT_BOLD } };

static double part_of(unsigned colour, int shift)
{
	return (double)(colour >> shift & 255) / 255;
}

void pen_blend(struct pen *pen, enum ink ink, double part)
{
	unsigned from = inks[pen->theme][INK_SHADE], to = inks[pen->theme][ink];
	double rgb[3];

	for (int i = 0; i < 3; i++) {
		int shift = 16 - 8 * i;

		rgb[i] = part_of(from, shift) * (1 - part) + part_of(to, shift) * part;
	}
	cairo_set_source_rgb(pen->cr, rgb[0], rgb[1], rgb[2]);
}

void pen_ink(struct pen *pen, enum ink ink)
{
	pen_blend(pen, ink, 1);
}

static void box_path(struct pen *pen, double x, double y, double w, double h, double round)
{
	cairo_t *cr = pen->cr;
	double r = fmin(round, fmin(w, h) / 2);

	cairo_new_path(cr);
	cairo_arc(cr, x + w - r, y + r, r, -M_PI / 2, 0);
	cairo_arc(cr, x + w - r, y + h - r, r, 0, M_PI / 2);
	cairo_arc(cr, x + r, y + h - r, r, M_PI / 2, M_PI);
	cairo_arc(cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
	cairo_close_path(cr);
}

void pen_box(struct pen *pen, double x, double y, double w, double h, double round)
{
	box_path(pen, x, y, w, h, round);
	cairo_fill(pen->cr);
}

void pen_frame(struct pen *pen, double x, double y, double w, double h, double round, double thick)
{
	if (w <= thick || h <= thick) {
		pen_box(pen, x, y, w, h, 0);
		return;
	}
	box_path(pen, x + thick / 2, y + thick / 2, w - thick, h - thick, round);
	cairo_set_line_width(pen->cr, thick);
	cairo_stroke(pen->cr);
}

void pen_line(struct pen *pen, double x1, double y1, double x2, double y2, double thick)
{
	cairo_new_path(pen->cr);
	cairo_move_to(pen->cr, x1, y1);
	cairo_line_to(pen->cr, x2, y2);
	cairo_set_line_width(pen->cr, thick);
	cairo_set_line_cap(pen->cr, CAIRO_LINE_CAP_ROUND);
	cairo_stroke(pen->cr);
}

void pen_dot(struct pen *pen, double x, double y, double radius)
{
	cairo_new_path(pen->cr);
	cairo_arc(pen->cr, x, y, radius, 0, 2 * M_PI);
	cairo_fill(pen->cr);
}

static void set_font(struct pen *pen, enum letters letters)
{
	cairo_select_font_face(pen->cr, FAMILY, CAIRO_FONT_SLANT_NORMAL, fonts[letters].weight);
	cairo_set_font_size(pen->cr, fonts[letters].size);
}

static bool has_glyph(struct pen *pen, const char *s, size_t n)
{
	cairo_glyph_t one, *glyphs = &one;
	int count = 1;
	bool has;

	if (cairo_scaled_font_text_to_glyphs(cairo_get_scaled_font(pen->cr), 0, 0, s, (int)n, &glyphs, &count,
					     NULL, NULL, NULL) != CAIRO_STATUS_SUCCESS)
		return false;
	has = count > 0 && glyphs[0].index != 0;
	if (glyphs != &one)
		cairo_glyph_free(glyphs);
	return has;
}

bool pen_ready(struct pen *pen)
{
	set_font(pen, BODY);
	return has_glyph(pen, "a", 1);
}

const char *pen_clean(struct pen *pen, const char *text)
{
	size_t n = strlen(text), step;
	struct buf out = buf_new(pen->pool, n + 1);
	uint32_t c;

	set_font(pen, BODY);
	for (; (step = text_utf8_next(text, &c)); text += step) {
		if (c <= ' ' || c == 0xa0)
			buf_char(&out, ' ');
		else if (has_glyph(pen, text, step))
			buf_put(&out, text, step);
	}
	return text_trim(pen->pool, out.p ? out.p : "");
}

double pen_width(struct pen *pen, enum letters letters, const char *text)
{
	cairo_text_extents_t e;

	set_font(pen, letters);
	cairo_text_extents(pen->cr, text, &e);
	return e.x_advance;
}

const char *pen_fit(struct pen *pen, enum letters letters, double wide, const char *text)
{
	size_t n = strlen(text);

	if (pen_width(pen, letters, text) <= wide)
		return text;
	while (n > 0) {
		const char *cut;

		do
			n--;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80);
		cut = mem_fmt(pen->pool, "%s\u2026", text_trim(pen->pool, mem_textn(pen->pool, text, n)));
		if (pen_width(pen, letters, cut) <= wide)
			return cut;
	}
	return "";
}

void pen_text(struct pen *pen, enum letters letters, enum ink ink, enum align align, double x, double y,
	      const char *text)
{
	double w = align == LEFT ? 0 : pen_width(pen, letters, text);

	set_font(pen, letters);
	pen_ink(pen, ink);
	cairo_move_to(pen->cr, align == RIGHT ? x - w : align == CENTRE ? x - w / 2 : x, y);
	cairo_show_text(pen->cr, text);
	cairo_new_path(pen->cr);
}

/* Bytes of text that fit into one line: up to a space where there is one. */
static size_t line_bytes(struct pen *pen, enum letters letters, double wide, const char *text)
{
	size_t n = strlen(text), good = 0;

	if (pen_width(pen, letters, text) <= wide)
		return n;
	for (const char *space = strchr(text, ' '); space; space = strchr(space + 1, ' ')) {
		if (pen_width(pen, letters, mem_textn(pen->pool, text, (size_t)(space - text))) > wide)
			break;
		good = (size_t)(space - text);
	}
	return good ? good : strcspn(text, " ");
}

int pen_wrap(struct pen *pen, enum letters letters, double wide, int most, const char *text,
	     const char **ret_lines)
{
	int lines = 0;

	while (*text && lines < most && lines < PEN_LINES) {
		bool last = lines + 1 == most || lines + 1 == PEN_LINES;
		size_t n = last ? strlen(text) : line_bytes(pen, letters, wide, text);

		ret_lines[lines++] = pen_fit(pen, letters, wide, mem_textn(pen->pool, text, n));
		text += n;
		text += strspn(text, " ");
	}
	return lines;
}

double pen_leading(enum letters letters)
{
	return ceil(fonts[letters].size * 1.4);
}
