#include "integrations/google/google_css.h"

#include "core/text.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { STYLE_MAX = 4096, SHEET_MAX = 64 * 1024, NEAR = 16 /* of 255: no eye sees it */ };

/* Sizes under which nothing can be read. */
static const double least_px = 2.5, least_em = 0.2, least_percent = 20, least_opacity = 0.1, far_px = 99;

/* Lower case, without comments and blanks, escapes resolved. */
static const char *plain(apr_pool_t *pool, const char *s, size_t max)
{
	struct buf out = buf_new(pool, max);
	size_t n = strnlen(s, max);

	buf_text(&out, "");
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '/' && i + 1 < n && s[i + 1] == '*') {
			const char *end = strstr(s + i + 2, "*/");

			i = end ? (size_t)(end + 1 - s) : n;
		} else if (s[i] == '\\' && i + 1 < n && isxdigit((unsigned char)s[i + 1])) {
			size_t digits = strspn(s + i + 1, "0123456789abcdefABCDEF");
			long c = strtol(mem_textn(pool, s + i + 1, digits > 6 ? 6 : digits), NULL, 16);

			buf_char(&out, c > 0 && c < 128 ? (char)tolower((int)c) : '?');
			i += digits > 6 ? 6 : digits;
			i += i + 1 < n && s[i + 1] == ' ';
		} else if (s[i] != '\\') {
			buf_char(&out,
				 isspace((unsigned char)s[i]) ? ' ' : (char)tolower((unsigned char)s[i]));
		}
	}
	return out.p;
}

static bool begins(const char *s, size_t n, const char *word)
{
	return n >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

/* --- colours --- */

static int hex_color(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefABCDEF");
	long v = strtol(s, NULL, 16);

	if (n == 6 || n == 8)
		return (int)(n == 8 ? v >> 8 : v) & 0xFFFFFF;
	if (n == 4)
		v >>= 4;
	if (n == 3 || n == 4)
		return (int)((v >> 8 & 15) * 0x110000 + (v >> 4 & 15) * 0x1100 + (v & 15) * 0x11);
	return CSS_UNKNOWN;
}

static int rgb_color(const char *s)
{
	double part[4] = { 0, 0, 0, 1 };
	int n = 0;

	for (; *s && *s != ')' && n < 4; n++) {
		char *end;

		s += strspn(s, " ,/");
		part[n] = strtod(s, &end);
		if (end == s)
			break;
		s = end;
		if (*s == '%') {
			part[n] *= n == 3 ? 0.01 : 2.55;
			s++;
		}
	}
	if (n < 3)
		return CSS_UNKNOWN;
	if (n == 4 && part[3] < least_opacity)
		return CSS_NONE;
	for (int i = 0; i < 3; i++)
		part[i] = part[i] < 0 ? 0 : part[i] > 255 ? 255 : part[i];
	return (int)(part[0] + 0.5) * 65536 + (int)(part[1] + 0.5) * 256 + (int)(part[2] + 0.5);
}

int google_css_color(const char *value)
{
	static const struct {
		const char *name;
		int color;
	} names[] = { { "white", CSS_WHITE }, { "black", 0 },         { "transparent", CSS_NONE },
		      { "snow", 0xFFFAFA },   { "ivory", 0xFFFFF0 },  { "ghostwhite", 0xF8F8FF },
		      { "red", 0xFF0000 },    { "blue", 0x0000FF },   { "green", 0x008000 },
		      { "gray", 0x808080 },   { "grey", 0x808080 },   { "whitesmoke", 0xF5F5F5 },
		      { "yellow", 0xFFFF00 }, { "orange", 0xFFA500 }, { "navy", 0x000080 } };
	size_t n;

	value += strspn(value, " ");
	n = strcspn(value, " !;(");
	if (*value == '#')
		return hex_color(value + 1);
	if (begins(value, n + 1, "rgb(") || begins(value, n + 1, "rgba("))
		return rgb_color(value + n + 1);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == n && memcmp(value, names[i].name, n) == 0)
			return names[i].color;
	return CSS_UNKNOWN;
}

bool google_css_same_color(int a, int b)
{
	if (a == CSS_NONE)
		return true;
	if (a < 0 || b < 0)
		return false;
	for (int shift = 0; shift <= 16; shift += 8)
		if (abs((a >> shift & 255) - (b >> shift & 255)) > NEAR)
			return false;
	return true;
}

/* --- declarations --- */

static bool is_small(const char *value)
{
	char *end;
	double v = strtod(value, &end);

	if (end == value)
		return false;
	if (v <= 0)
		return true;
	if (text_starts(end, "px") || text_starts(end, "pt"))
		return v < least_px;
	if (text_starts(end, "em") || text_starts(end, "rem"))
		return v < least_em;
	return *end == '%' && v < least_percent;
}

static bool is_zero(const char *value)
{
	char *end;
	double v = strtod(value, &end);

	return end != value && v <= 0;
}

/* Moved out of sight. */
static bool is_far(const char *value)
{
	char *end;
	double v = strtod(value, &end);

	return end != value && v < -far_px;
}

/* What several declarations say only together. */
struct box {
	bool nothing, clipped, placed, away;
};

static void declare(struct css_style *s, struct box *box, const char *name, const char *value)
{
	if (text_same(name, "display"))
		s->hides |= text_starts(value, "none");
	else if (text_same(name, "visibility"))
		s->hides |= text_starts(value, "hidden") || text_starts(value, "collapse");
	else if (text_same(name, "opacity"))
		s->hides |=
			*value && strcspn(value, "0123456789.") == 0 && strtod(value, NULL) < least_opacity;
	else if (text_same(name, "font-size"))
		s->hides |= is_small(value);
	else if (text_same(name, "mso-hide"))
		s->hides |= text_starts(value, "all");
	else if (text_same(name, "text-indent"))
		s->hides |= is_far(value);
	else if (text_same(name, "clip") || text_same(name, "clip-path"))
		box->nothing |=
			strstr(value, "rect(0") || strstr(value, "inset(50%") || strstr(value, "inset(100%");
	else if (text_same(name, "max-height") || text_same(name, "max-width") || text_same(name, "height") ||
		 text_same(name, "width"))
		box->nothing |= is_zero(value);
	else if (text_same(name, "overflow"))
		box->clipped |= text_starts(value, "hidden") || text_starts(value, "clip");
	else if (text_same(name, "position"))
		box->placed |= text_starts(value, "absolute") || text_starts(value, "fixed");
	else if (text_same(name, "left") || text_same(name, "top"))
		box->away |= is_far(value);
	else if (text_same(name, "color")) {
		s->has_color = true;
		s->color = google_css_color(value);
	} else if (text_same(name, "background") || text_same(name, "background-color") ||
		   text_same(name, "background-image")) {
		s->has_background = true;
		s->background = strstr(value, "url(") || strstr(value, "gradient") ? CSS_UNKNOWN
										   : google_css_color(value);
	}
}

struct css_style google_css_style(apr_pool_t *pool, const char *declarations)
{
	struct css_style style = { 0 };
	struct box box = { 0 };

	for (const char *s = plain(pool, declarations, STYLE_MAX); *s;) {
		size_t n = strcspn(s, ";"), name = strcspn(s, ":;");

		if (name < n)
			declare(&style, &box, text_trim(pool, mem_textn(pool, s, name)),
				text_trim(pool, mem_textn(pool, s + name + 1, n - name - 1)));
		s += n + (s[n] == ';');
	}
	style.hides |= (box.nothing && (box.clipped || box.placed)) || (box.placed && box.away);
	return style;
}

/* --- style sheets --- */

/* Of "a, .b" those that choose by a class or an id alone. */
static void selectors_add(apr_pool_t *pool, struct css_sheet *sheet, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, ",");
		const char *one = text_trim(pool, mem_textn(pool, s, n));

		if (sheet->n < CSS_SELECTORS && strpbrk(one, ".#") && !strpbrk(one, " >+~:[*") &&
		    strcspn(strpbrk(one, ".#") + 1, ".#") == strlen(strpbrk(one, ".#") + 1))
			sheet->hiding[sheet->n++] = one;
		s += n + (s[n] == ',');
	}
}

/* Past a block, at its "{". */
static const char *skip_block(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		depth += *s == '{';
		depth -= *s == '}';
		if (!depth)
			return s + 1;
	}
	return s;
}

void google_css_read(apr_pool_t *pool, const char *text, struct css_sheet *sheet)
{
	const char *s = plain(pool, text, SHEET_MAX);

	sheet->backgrounds |= strstr(s, "background") != NULL;
	while (*(s += strspn(s, " <!->"))) {
		size_t n = strcspn(s, "{;");
		const char *end;

		if (s[n] != '{') {
			s += n + (s[n] == ';');
			continue;
		}
		end = skip_block(s + n);
		/* What holds for some screens only is left alone. */
		if (*s != '@' &&
		    google_css_style(pool, mem_textn(pool, s + n + 1, (size_t)(end - s) - n - 1)).hides)
			selectors_add(pool, sheet, mem_textn(pool, s, n));
		s = end;
	}
}

static bool is_chosen(apr_pool_t *pool, const char *selector, const char *tag, const char *classes,
		      const char *id)
{
	const char *mark = strpbrk(selector, ".#");

	if (mark != selector && !text_same(mem_textn(pool, selector, (size_t)(mark - selector)), tag))
		return false;
	return *mark == '#' ? text_same(mark + 1, id) : text_has_word(classes, mark + 1);
}

bool google_css_hides(apr_pool_t *pool, const struct css_sheet *sheet, const char *tag, const char *classes,
		      const char *id)
{
	if (!classes && !id)
		return false;
	classes = classes ? plain(pool, classes, STYLE_MAX) : NULL;
	id = id ? plain(pool, id, STYLE_MAX) : NULL;
	for (size_t i = 0; i < sheet->n; i++)
		if (is_chosen(pool, sheet->hiding[i], tag, classes, id))
			return true;
	return false;
}
