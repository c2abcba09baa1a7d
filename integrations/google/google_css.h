/* google_css: as much of CSS as tells whether something is hidden.
 * Needs: text. Used by: google_html. */
#ifndef INTEGRATIONS_GOOGLE_GOOGLE_CSS_H
#define INTEGRATIONS_GOOGLE_GOOGLE_CSS_H

#include "core/mem.h"

enum { CSS_UNKNOWN = -1, CSS_NONE = -2 /* transparent */, CSS_WHITE = 0xFFFFFF, CSS_SELECTORS = 64 };

/* What declarations say ("color: red; display: none"). */
struct css_style {
	bool hides;
	bool has_color, has_background;
	int color, background; /* 0xRRGGBB, CSS_UNKNOWN or CSS_NONE */
};
struct css_style google_css_style(apr_pool_t *pool, const char *declarations);

/* "#fff", "#FFFFFF", "rgb(255, 255, 255)", a name of the commonest; CSS_UNKNOWN for any other. */
int google_css_color(const char *value);
/* Whether words of one colour on the other cannot be read. */
bool google_css_same_color(int a, int b);

/* Selectors of rules that hide what they choose: ".name", "#name" or "tag.name" alone. */
struct css_sheet {
	size_t n;
	const char *hiding[CSS_SELECTORS];
	bool backgrounds; /* some rule sets one */
};
void google_css_read(apr_pool_t *pool, const char *text, struct css_sheet *sheet);
/* Whether an element is hidden by them; classes and id as its attributes say, NULL: none. */
bool google_css_hides(apr_pool_t *pool, const struct css_sheet *sheet, const char *tag, const char *classes,
		      const char *id);

#endif
