/* pen: drawing in the picture's own units, colours and letters.
 * Needs: cairo, chart. Used by: draw_part.
 * A unit is a point of a phone; a picture is WIDE of them wide and has two pixels for each. */
#ifndef ML_CHART_DRAW_PEN_H
#define ML_CHART_DRAW_PEN_H

#include "ml/chart/chart.h"
#include <cairo.h>

enum { WIDE = 400, MARGIN = 18, PEN_LINES = 8 };

enum ink {
	INK_PAPER, /* the ground of the picture */
	INK_SHADE, /* of weekends, and of what is empty */
	INK_RULE,  /* lines of reference */
	INK_MUTED, /* letters that explain */
	INK_TEXT,
	INK_ONE, /* first series, blue; told from the second by its shape too */
	INK_TWO, /* second series, orange */
	INK_GOOD,
	INKS
};

enum letters { SMALL, BODY, HEAD, FONTS }; /* SMALL is the least that a phone shows well */
enum align { LEFT, CENTRE, RIGHT };

struct pen {
	cairo_t *cr;
	apr_pool_t *pool;
	enum lang lang;
	enum chart_theme theme;
};

void pen_ink(struct pen *pen, enum ink ink);
/* Between INK_SHADE (0) and ink (1). */
void pen_blend(struct pen *pen, enum ink ink, double part);
/* Fills a box, its corners rounded. */
void pen_box(struct pen *pen, double x, double y, double w, double h, double round);
/* The outline of one, within it. */
void pen_frame(struct pen *pen, double x, double y, double w, double h, double round, double thick);
void pen_line(struct pen *pen, double x1, double y1, double x2, double y2, double thick);
void pen_dot(struct pen *pen, double x, double y, double radius);

/* Whether there are letters at all to draw with: a machine may have none installed. */
bool pen_ready(struct pen *pen);
/* What can be drawn of the text: without characters that the letters do not have, as emoji. In pool. */
const char *pen_clean(struct pen *pen, const char *text);
double pen_width(struct pen *pen, enum letters letters, const char *text);
/* At most `wide` wide: cut with an ellipsis where it is longer. */
const char *pen_fit(struct pen *pen, enum letters letters, double wide, const char *text);
/* y: the foot of the letters; x: their left, middle or right. */
void pen_text(struct pen *pen, enum letters letters, enum ink ink, enum align align, double x, double y,
	      const char *text);
/* Breaks text into at most `most` (up to PEN_LINES) lines of that width; how many. The last is cut where there is more. */
int pen_wrap(struct pen *pen, enum letters letters, double wide, int most, const char *text,
	     const char **ret_lines);
/* From one line to the next. */
double pen_leading(enum letters letters);

#endif
