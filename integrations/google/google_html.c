#include "integrations/google/google_html.h"

#include "core/text.h"
#include "integrations/google/google_css.h"
#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* Elements by what they do to text. */
static const char never_shown[] =
	"head title script style template object applet embed svg math iframe frameset "
	"noframes audio video canvas map datalist select";
static const char own_paragraph[] = "p h1 h2 h3 h4 h5 h6 blockquote ul ol dl table pre figure hr form";
static const char own_line[] = "div li tr dt dd section article header footer address center main nav aside "
			       "figcaption fieldset legend caption body html thead tbody tfoot";

struct element {
	bool hidden, pre, is_style;
	bool ordered; /* a list whose items are numbered */
	int items;
	int color, background;
};

struct rendering {
	apr_pool_t *pool, *scratch; /* scratch: cleared at every element */
	xmlParserCtxtPtr parser;
	struct buf out, style;
	struct css_sheet sheet;
	struct element *stack;
	int depth, lists;
	int lines;        /* ends of lines that are due before the next word */
	bool space, cell; /* a blank, a border of a cell that is due */
	bool marked;      /* the mark of an item was put, and nothing after it */
	bool cut;
};

/* --- what is put --- */

static void put_due(struct rendering *r)
{
	bool begins = !r->out.n;

	for (int i = 0; i < r->lines && !begins; i++)
		buf_char(&r->out, '\n');
	if (!begins && !r->lines && !r->marked && (r->cell || r->space))
		buf_text(&r->out, r->cell ? " | " : " ");
	r->lines = 0;
	r->space = r->cell = r->marked = false;
}

static void break_line(struct rendering *r, int lines)
{
	if (r->lines < lines && !r->marked)
		r->lines = lines;
	r->space = r->cell = false;
}

static bool is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static void put_text(struct rendering *r, const char *s, size_t n, bool pre)
{
	for (size_t i = 0; i < n; i++) {
		bool nbsp = i + 1 < n && (unsigned char)s[i] == 0xC2 && (unsigned char)s[i + 1] == 0xA0;

		if (pre && s[i] == '\n') {
			r->lines += r->lines < 2;
		} else if (is_space((unsigned char)s[i]) || nbsp) {
			if (pre && r->lines)
				continue;
			r->space = true;
			i += nbsp;
		} else {
			put_due(r);
			buf_char(&r->out, s[i]);
		}
	}
	r->cut |= r->out.over;
}

/* --- elements --- */

static const char *attribute(const xmlChar **atts, const char *name)
{
	for (; atts && atts[0]; atts += 2)
		if (text_same((const char *)atts[0], name))
			return atts[1] ? (const char *)atts[1] : "";
	return NULL;
}

static struct element *top(struct rendering *r)
{
	return &r->stack[r->depth];
}

static void look(struct rendering *r, struct element *e, const char *tag, const xmlChar **atts)
{
	const char *style = attribute(atts, "style"), *classes = attribute(atts, "class"),
		   *id = attribute(atts, "id"), *color = attribute(atts, "color"),
		   *background = attribute(atts, "bgcolor");
	struct css_style css = { 0 };

	if (style)
		css = google_css_style(r->scratch, style);
	if (r->sheet.backgrounds && (classes || id)) /* the sheet may give it one that we do not know */
		e->background = CSS_UNKNOWN;
	if (background && *background)
		e->background = google_css_color(text_fold(r->scratch, background));
	if (color && *color && text_same(tag, "font"))
		e->color = google_css_color(text_fold(r->scratch, color));
	if (css.has_color)
		e->color = css.color;
	if (css.has_background && css.background != CSS_NONE)
		e->background = css.background;
	if (attribute(atts, "background"))
		e->background = CSS_UNKNOWN;
	e->hidden |= css.hides || attribute(atts, "hidden") ||
		     text_same(attribute(atts, "aria-hidden"), "true") || text_has_word(never_shown, tag) ||
		     google_css_hides(r->scratch, &r->sheet, tag, classes, id);
}

/* The mark of an item of a list. */
static void put_item(struct rendering *r, struct element *list)
{
	put_due(r);
	for (int i = 1; i < r->lists; i++)
		buf_text(&r->out, "  ");
	if (list->ordered)
		buf_fmt(&r->out, "%d. ", ++list->items);
	else
		buf_text(&r->out, "• ");
	r->marked = true;
}

static bool is_list(const char *tag)
{
	return text_same(tag, "ul") || text_same(tag, "ol");
}

static void begin_shown(struct rendering *r, const char *tag)
{
	if (text_same(tag, "br"))
		r->lines += r->lines < 2;
	else if (text_has_word(own_paragraph, tag))
		break_line(r, r->lists && is_list(tag) ? 1 : 2);
	else if (text_has_word(own_line, tag))
		break_line(r, 1);
	else if (text_same(tag, "td") || text_same(tag, "th"))
		r->cell = r->out.n && !r->lines;
	if (text_same(tag, "li"))
		put_item(r, &r->stack[r->depth - 1]);
	if (text_same(tag, "hr")) {
		put_text(r, "———", strlen("———"), false);
		break_line(r, 2);
	}
	r->lists += is_list(tag);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar **atts)
{
	struct rendering *r = ctx;
	const char *tag = (const char *)name;
	struct element e = *top(r);

	if (r->depth + 1 >= HTML_DEPTH || r->out.over) {
		r->cut = true;
		xmlStopParser(r->parser);
		return;
	}
	pool_clear(r->scratch);
	e.is_style = text_same(tag, "style");
	e.pre = e.pre || text_same(tag, "pre");
	e.ordered = text_same(tag, "ol");
	e.items = 0;
	look(r, &e, tag, atts);
	r->stack[++r->depth] = e;
	if (!e.hidden)
		begin_shown(r, tag);
}

static void on_end(void *ctx, const xmlChar *name)
{
	struct rendering *r = ctx;
	const char *tag = (const char *)name;
	const struct element *e = top(r);

	if (!r->depth)
		return;
	if (e->is_style) {
		google_css_read(r->pool, r->style.p ? r->style.p : "", &r->sheet);
		r->style = buf_new(r->pool, HTML_TEXT);
	}
	if (!e->hidden) {
		r->lists -= is_list(tag);
		if (text_has_word(own_paragraph, tag))
			break_line(r, r->lists && is_list(tag) ? 1 : 2);
		else if (text_has_word(own_line, tag))
			break_line(r, 1);
	}
	r->depth--;
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
	struct rendering *r = ctx;
	const struct element *e = top(r);

	if (e->is_style)
		buf_put(&r->style, text, (size_t)n);
	if (!e->hidden && !google_css_same_color(e->color, e->background))
		put_text(r, (const char *)text, (size_t)n, e->pre);
}

/* --- public --- */

static void parse(struct rendering *r, const char *html, size_t n)
{
	static const xmlSAXHandler handlers = { .startElement = on_start,
						.endElement = on_end,
						.characters = on_text,
						.cdataBlock = on_text,
						.ignorableWhitespace = on_text };

	r->parser = htmlCreateMemoryParserCtxt(html, (int)n);
	if (!r->parser)
		return;
	htmlCtxtUseOptions(r->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
					      HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	*r->parser->sax = handlers;
	r->parser->userData = r;
	/* Whatever it says of itself, it was made UTF-8 before. */
	xmlSwitchEncoding(r->parser, XML_CHAR_ENCODING_UTF8);
	htmlParseDocument(r->parser);
	htmlFreeParserCtxt(r->parser);
}

/* Without blanks at the ends of lines and more than one empty line, which what cannot be seen may leave. */
static const char *tidy(apr_pool_t *pool, const char *s)
{
	struct buf out = buf_new(pool, strlen(s) + 1);

	for (; *s; s++) {
		if (*s == '\n')
			while (out.n && out.p[out.n - 1] == ' ')
				out.p[--out.n] = '\0';
		if (*s == '\n' && out.n > 1 && out.p[out.n - 1] == '\n' && out.p[out.n - 2] == '\n')
			continue;
		buf_char(&out, *s);
	}
	return text_trim(pool, out.p ? out.p : "");
}

const char *google_html_text(apr_pool_t *pool, const char *html, size_t n, bool *ret_cut)
{
	apr_pool_t *own = pool_child(pool);
	struct rendering r = { .pool = own, .scratch = pool_child(own), .cut = n > HTML_BYTES };
	const char *text;

	r.stack = mem_alloc(own, sizeof *r.stack * HTML_DEPTH);
	r.stack[0] = (struct element){ .background = CSS_WHITE };
	r.out = buf_new(own, HTML_TEXT);
	r.style = buf_new(own, HTML_TEXT);
	html = text_utf8_clean(own, html, n > HTML_BYTES ? HTML_BYTES : n);
	if (*html)
		parse(&r, html, strlen(html));
	/* A ceiling may have cut a character. */
	text = text_utf8_clean(own, r.out.p ? r.out.p : "", r.out.n);
	text = tidy(pool, text_visible(own, text));
	*ret_cut = r.cut;
	pool_free(own);
	return text;
}
